"""nbgrader's own command line and kernels, unmodified, on the notebooks that `kata notebooks` writes."""

import json
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image

from keras_kata.autograded import autograded_notebook
from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.gradebook import Graded, write_gradebook
from keras_kata.judge import Judge
from keras_kata.notebook_source import NotebookSource, cell_id, read_notebook
from keras_kata.outline import outline
from keras_kata.verdicts import Verdict

from .chromium import dump, found_chromium, screenshot
from .conftest import copy_mini_course
from .kernels import kernel_environment

pytestmark = pytest.mark.slow

MODULE = "module2"
OVERFLOWING = """
def softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)
"""
NOISY = """
import logging, os, sys, warnings

handler = logging.StreamHandler(sys.stderr)
logging.getLogger("noise").addHandler(handler)
print("loading", file=sys.stderr)

def softmax(scores):
    print("working")
    print("working", file=sys.stderr)
    os.write(2, b"native library: could not find a device")
    logging.getLogger("noise").warning("a log line")
    warnings.warn("a warning")
    powers = helper(scores)
    return powers / powers.sum(axis=-1, keepdims=True)
"""
LATE = "2026-02-03 12:00:00 UTC"
HELPER = "def helper(scores):\n    return np.exp(scores - scores.max(axis=-1, keepdims=True))"


@dataclass
class Classroom:
    """nbgrader's course folder, in a course.

    Attributes:
        scores: student, notebook and probe, to the points in nbgrader's gradebook.
    """

    root: Path
    course: Course
    environment: dict[str, str]
    scores: dict[tuple[str, str, str], float]

    def nbgrader(self, *arguments: str, status: int = 0) -> str:
        """Run nbgrader."""
        command = [sys.executable, "-m", "nbgrader", *arguments]
        run = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert run.returncode == status, run.stdout + run.stderr
        return run.stdout + run.stderr

    def submit(
        self, student: str, exercise: str, changes: Mapping[str, str], added: Sequence[str] = ()
    ) -> None:
        """Hand in the released notebook with other sources in some cells, and cells added after the first."""
        notebook = json.loads(
            (self.root / "release" / MODULE / f"{exercise}.ipynb").read_text(encoding="utf-8")
        )
        for cell in notebook["cells"]:
            cell["source"] = changes.get(cell["id"], cell["source"])
        notebook["cells"][1:1] = [
            {
                "cell_type": "code",
                "id": f"own-{number}",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            | {"source": source}
            for number, source in enumerate(added)
        ]
        path = self.root / "submitted" / student / MODULE / f"{exercise}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def of(self, student: str) -> dict[str, float]:
        """A student's points, by probe."""
        return {probe: points for (who, _, probe), points in self.scores.items() if who == student}

    def page(self, student: str, exercise: str) -> str:
        """A student's feedback."""
        return (self.root / "feedback" / student / MODULE / f"{exercise}.html").read_text(encoding="utf-8")


def mistake_of(course: Course, exercise: str, name: str) -> str:
    """The text of a known mistake."""
    judge = Judge(course, course[exercise])
    return " ".join(judge.known.mistakes[name].text.split())


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Students' work, autograded by nbgrader."""
    base = tmp_path_factory.mktemp("class")
    course = Course(copy_mini_course(base / "course"))
    environment = kernel_environment(base)
    command = [sys.executable, "-c", "from keras_kata.cli import app; app()", "notebooks", MODULE]
    subprocess.run(command, cwd=course.root, env=environment, timeout=300, check=True, capture_output=True)
    room = Classroom(course.root / "nbgrader", course, environment, {})
    (room.root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "kata"\n'
        'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    room.nbgrader("db", "assignment", "add", MODULE, "--duedate", "2026-01-31 12:00 UTC")
    room.nbgrader("generate_assignment", MODULE)
    shutil.copy(room.root / "gradebook.db", room.root / "released.db")
    shutil.copytree(room.root / "source" / MODULE, room.root / "submitted" / "reference" / MODULE)
    shutil.copytree(room.root / "release" / MODULE, room.root / "submitted" / "untouched" / MODULE)
    room.submit("mistaken", "softmax", {"softmax-solution-softmax": OVERFLOWING})
    room.submit("noisy", "softmax", {"softmax-solution-softmax": NOISY}, [HELPER])
    forged = {cell_id("softmax", "probe", probe): "1.0" for probe in ("probabilities", "large_scores")}
    room.submit("forger", "softmax", forged)
    reference = json.loads((room.root / "source" / MODULE / "softmax.ipynb").read_text(encoding="utf-8"))
    right = {cell["id"]: cell["source"] for cell in reference["cells"]}
    room.submit("late", "softmax", {"softmax-solution-softmax": right["softmax-solution-softmax"]})
    (room.root / "submitted" / "late" / MODULE / "timestamp.txt").write_text(LATE)
    room.nbgrader("autograde", MODULE)
    room.nbgrader("generate_feedback", MODULE)
    room.nbgrader("export", "--to", "grades.csv")
    room.scores = gradebook(room.root / "gradebook.db")
    return room


def gradebook(path: Path) -> dict[tuple[str, str, str], float]:
    """What nbgrader's own API reads, in a process of its own: importing it warns."""
    code = (
        "import json, sys\nfrom nbgrader.api import Gradebook\n"
        f"with Gradebook('sqlite:///{path}') as book:\n"
        f"    rows = [[s.student.id, n.name, g.name, g.score] for s in book.assignment_submissions({MODULE!r})"
        " for n in s.notebooks for g in n.grades]\nprint(json.dumps(rows))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    rows = json.loads(run.stdout)
    return {(student, notebook, cell.split("-probe-")[1]): score for student, notebook, cell, score in rows}


def test_the_reference_gets_full_marks(classroom: Classroom) -> None:
    assert classroom.of("reference") == {"probabilities": 1, "large_scores": 1, "fitted": 2, "new_points": 1}


def test_the_untouched_version_gets_nothing(classroom: Classroom) -> None:
    assert set(classroom.of("untouched").values()) == {0}


def test_a_known_mistake_gets_the_points_of_the_probes_that_it_passes(classroom: Classroom) -> None:
    judge = Judge(classroom.course, classroom.course["module2/softmax"])
    verdicts = judge.judge_all(judge.stand_in(judge.known.mistakes["overflowing"]))
    expected = {verdict.probe: verdict.earned for verdict in verdicts}
    assert expected == {"probabilities": 1, "large_scores": 0}
    assert classroom.of("mistaken") == expected | {"fitted": 0, "new_points": 0}


def test_lines_on_stderr_cost_nothing(classroom: Classroom) -> None:
    assert classroom.of("noisy") == {"probabilities": 1, "large_scores": 1, "fitted": 0, "new_points": 0}


def test_graded_cells_that_were_rewritten_are_restored(classroom: Classroom) -> None:
    assert set(classroom.of("forger").values()) == {0}


def test_the_export_has_the_same_points(classroom: Classroom) -> None:
    header, *rows = (classroom.root / "grades.csv").read_text(encoding="utf-8").splitlines()
    names = header.split(",")
    found = {
        row.split(",")[names.index("student_id")]: float(row.split(",")[names.index("score")]) for row in rows
    }
    assert found == {"reference": 5, "untouched": 0, "mistaken": 1, "noisy": 2, "forger": 0, "late": 0}


class Text(HTMLParser):
    """What a page says, without its scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        if tag in ("script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.words += data.split()


def said(page: str) -> str:
    text = Text()
    text.feed(page)
    return " ".join(text.words)


def squeezed(text: str) -> str:
    """A text without spaces: a page has each sign of a program in an element of its own."""
    return "".join(text.split())


def test_the_feedback_page_names_the_mistake(classroom: Classroom) -> None:
    page = said(classroom.page("mistaken", "softmax"))
    assert mistake_of(classroom.course, "module2/softmax", "overflowing") in page
    assert "in graded cases neither is shown" in page
    assert re.search(r"\(Score: 1\.0 / 2\.0\)", page)


@pytest.mark.parametrize("student", ["mistaken", "untouched", "forger"])
def test_the_feedback_page_shows_no_expected_value_and_no_solution(
    classroom: Classroom, student: str
) -> None:
    page = said(classroom.page(student, "softmax"))
    assert "Expected" not in page
    assert "Received" not in page
    assert "scores =" not in page
    solution = (classroom.course.root / "solutions/module2/softmax/reference.py").read_text(encoding="utf-8")
    own = squeezed(OVERFLOWING if student == "mistaken" else "")
    lines = {squeezed(line) for line in solution.split('"""')[-1].splitlines() if line.strip()}
    assert "powers=np.exp(scores-scores.max(axis=-1,keepdims=True))" in lines
    assert [line for line in lines if line in squeezed(page) and line not in own] == []


def test_what_is_released_holds_no_line_of_a_solution(classroom: Classroom) -> None:
    secret = {
        line.strip()
        for path in (classroom.course.root / "solutions" / MODULE).rglob("*.py")
        for line in path.read_text(encoding="utf-8").split('"""')[-1].splitlines()
        if len(line.strip()) > 24
    }
    assert secret
    for path in (classroom.root / "release").rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode("utf-8", errors="replace")
            text = json.dumps(json.loads(content), ensure_ascii=False) if path.suffix == ".ipynb" else content
            assert not [line for line in secret if json.dumps(line)[1:-1] in text], path
            assert "HIDDEN TESTS" not in text
            assert "seed=" not in text


def test_validate_tells_a_learner_what_is_not_done_and_passes_what_is(
    classroom: Classroom, tmp_path: Path
) -> None:
    """As a learner has it: a folder with the released files alone, so with recordings and no solutions."""
    folder = shutil.copytree(classroom.root / "release" / MODULE, tmp_path / MODULE)
    command = [sys.executable, "-m", "nbgrader", "validate", "softmax.ipynb"]
    run = subprocess.run(
        command, cwd=folder, env=classroom.environment, capture_output=True, text=True, timeout=300
    )
    assert "VALIDATION FAILED ON 2 CELL(S)!" in run.stdout
    shutil.copy(classroom.root / "source" / MODULE / "softmax.ipynb", folder)
    run = subprocess.run(
        command, cwd=folder, env=classroom.environment, capture_output=True, text=True, timeout=300
    )
    assert "Success! Your notebook passes all the tests." in run.stdout


@pytest.mark.parametrize("student", ["reference", "untouched", "mistaken", "noisy", "forger"])
def test_reading_the_notebook_as_source_gives_the_same_points(classroom: Classroom, student: str) -> None:
    """What `kata autograde` does with a submitted notebook comes to what nbgrader's own autograder gave."""
    judge = Judge(classroom.course, classroom.course["module2/softmax"])
    data = (classroom.root / "submitted" / student / MODULE / "softmax.ipynb").read_bytes()
    source = read_notebook(data, "softmax", judge.loader.contract.signatures)
    submission = judge.loader.load_source(source.text, "softmax.ipynb")
    earned = {verdict.probe: verdict.earned for verdict in judge.judge_all(submission)}
    assert earned == {probe: points for probe, points in classroom.of(student).items() if probe in earned}


@pytest.fixture(scope="module")
def formgrader(classroom: Classroom) -> Iterator[Callable[[str], str]]:
    """A Jupyter server with nbgrader's extension, on this machine alone, and a browser that is logged in.

    What is given is the address of each page.
    """
    found_chromium()
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    options += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    log = (classroom.root.parent / "server.log").open("w")
    command = [sys.executable, "-m", "jupyter_server", *options]
    server = subprocess.Popen(command, cwd=classroom.root, env=classroom.environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server)
        # The first page of all gets the cookie; what its scripts ask for meanwhile may be refused.
        dump(
            f"http://127.0.0.1:{port}/formgrader/manage_students?token={token}",
            profile(classroom),
            wait=20_000,
        )
        yield lambda page: f"http://127.0.0.1:{port}/formgrader/{page}?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


def profile(classroom: Classroom) -> Path:
    """The folder of the browser that is logged in."""
    folder = classroom.root.parent / "browser"
    folder.mkdir(exist_ok=True)
    return folder


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.2)


def rows(url: str, folder: Path) -> list[str]:
    """What the rows of a page's table say, once its scripts have asked the server for them."""
    deadline = time.monotonic() + 120
    while True:
        body = dump(url, folder, wait=20_000).partition("<tbody")[2].partition("</tbody>")[0]
        found = [said(row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
        if found and "Loading" not in found[0]:
            return found
        assert time.monotonic() < deadline, found


def test_the_formgrader_opens_the_assignment(classroom: Classroom, formgrader: Callable[[str], str]) -> None:
    [row] = rows(formgrader("manage_assignments"), profile(classroom))
    assert row.startswith("module2")
    assert re.search(r"\b6$", row), "six submissions"
    picture = screenshot(formgrader("manage_assignments"), profile(classroom), wait=20_000)
    shown = np.asarray(Image.open(picture).convert("L"))
    assert shown.shape == (1400, 1200)
    assert (shown < 128).sum() > 2000, "there is text on it"


def test_the_formgrader_shows_the_points_of_every_student(
    classroom: Classroom, formgrader: Callable[[str], str]
) -> None:
    found = rows(formgrader("manage_submissions/module2"), profile(classroom))
    scores = dict(re.findall(r"None, None (\w+) .* graded ([\d.]+) / 5", "\n".join(found)))
    assert scores == {
        "reference": "5",
        "untouched": "0",
        "mistaken": "1",
        "noisy": "2",
        "forger": "0",
        "late": "2",  # the list is of what was earned; the penalty is taken off in the gradebook
    }


EVERYTHING = """
import json, sys
from nbgrader.api import Gradebook

with Gradebook(f"sqlite:///{sys.argv[1]}") as book:
    students = {}
    for submission in book.assignment_submissions("module2"):
        notebooks = {}
        for notebook in submission.notebooks:
            grades = [[g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, g.score]
                      for g in notebook.grades]
            comments = [[c.name, c.auto_comment, c.manual_comment] for c in notebook.comments]
            notebooks[notebook.name] = [sorted(grades), sorted(comments), notebook.late_submission_penalty]
        students[submission.student.id] = [submission.total_seconds_late, submission.score, notebooks]
print(json.dumps(students, sort_keys=True))
"""


def everything(path: Path) -> dict[str, Any]:
    """All that a gradebook holds of the submissions."""
    command = [sys.executable, "-c", EVERYTHING, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(run.stdout)


def test_points_written_through_the_api_are_those_of_nbgraders_own_autograder(
    classroom: Classroom, tmp_path: Path
) -> None:
    """Every submission is judged here as `kata autograde` judges it, and written into a gradebook of its own."""
    path = tmp_path / "gradebook.db"
    shutil.copy(classroom.root / "released.db", path)
    judges = {
        entry.name: Judge(classroom.course, entry) for entry in classroom.course if entry.module == MODULE
    }
    for folder in sorted((classroom.root / "submitted").iterdir()):
        graded = {}
        for file in sorted((folder / MODULE).glob("*.ipynb")):
            source, verdicts = judged(judges[file.stem], file)
            graded[file.stem] = Graded({one.probe: one.earned for one in verdicts}, source.solutions)
        when = LATE if folder.name == "late" else None
        write_gradebook(
            f"sqlite:///{path}", folder.name, MODULE, graded, timestamp=when, nbgrader_course=classroom.root
        )
    found = everything(path)
    assert found == everything(classroom.root / "gradebook.db")
    assert found["late"][2]["softmax"][2] == 2.0, "the penalty is all that was earned"
    assert found["untouched"][2]["softmax"][1] == [["softmax-solution-softmax", "No response.", None]]


def test_kata_autograde_fills_the_gradebook_as_nbgraders_own_autograder_does(
    classroom: Classroom, tmp_path: Path
) -> None:
    path = tmp_path / "gradebook.db"
    shutil.copy(classroom.root / "released.db", path)
    grade = ["submitted", "--results", str(tmp_path / "grades.sqlite"), "--gradebook", f"sqlite:///{path}"]
    command = [sys.executable, "-c", "from keras_kata.cli import app; app()", "autograde", *grade]
    run = subprocess.run(
        command, cwd=classroom.root, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert everything(path) == everything(classroom.root / "gradebook.db")


def judged(judge: Judge, file: Path) -> tuple[NotebookSource, list[Verdict]]:
    source = read_notebook(file.read_bytes(), file.stem, judge.loader.contract.signatures)
    return source, judge.judge_all(judge.loader.load_source(source.text, file.name))


def test_feedback_of_a_notebook_that_was_judged_elsewhere(classroom: Classroom, tmp_path: Path) -> None:
    """nbgrader makes the page of the autograded notebook that is written for it, as of its own."""
    root = tmp_path / "nbgrader"
    exercise = classroom.course["module2/softmax"]
    judge = Judge(classroom.course, exercise)
    source, verdicts = judged(judge, classroom.root / "submitted" / "mistaken" / MODULE / "softmax.ipynb")
    released = (classroom.root / "release" / MODULE / "softmax.ipynb").read_bytes()
    text = autograded_notebook(released, source.solutions, verdicts, outline(exercise))
    nbformat.validate(json.loads(text))
    path = root / "autograded" / "mistaken" / MODULE / "softmax.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    for name in ("gradebook.db", "nbgrader_config.py"):
        shutil.copy(classroom.root / name, root)
    room = Classroom(root, classroom.course, classroom.environment, {})
    room.nbgrader("generate_feedback", MODULE)
    found, own = (said(one.page("mistaken", "softmax")) for one in (room, classroom))
    assert mistake_of(classroom.course, "module2/softmax", "overflowing") in found
    for part in ("(Score: 1.0 / 2.0)", "in graded cases neither is shown", "powers = np.exp(scores)"):
        assert squeezed(part) in squeezed(found)
        assert squeezed(part) in squeezed(own)
    for secret in ("Expected", "Received", "seed"):
        assert secret not in found


def test_points_given_by_hand_stay_and_are_marked_for_review(classroom: Classroom, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    shutil.copy(classroom.root / "gradebook.db", path)
    by_hand = (
        "import sys\nfrom nbgrader.api import Gradebook\nwith Gradebook(f'sqlite:///{sys.argv[1]}') as book:\n"
        "    grade = book.find_grade('softmax-probe-large_scores', 'softmax', 'module2', 'mistaken')\n"
        "    grade.manual_score = 0.5\n    book.db.commit()\n"
    )
    subprocess.run([sys.executable, "-c", by_hand, str(path)], timeout=120, check=True)
    points = {"probabilities": 1.0, "large_scores": 1.0}
    write_gradebook(f"sqlite:///{path}", "mistaken", MODULE, {"softmax": Graded(points)})
    [grades, *_] = everything(path)["mistaken"][2]["softmax"]
    assert grades == [
        ["softmax-probe-large_scores", 1.0, 0.5, None, True, 0.5],
        ["softmax-probe-probabilities", 1.0, None, None, False, 1.0],
    ]


@pytest.mark.parametrize(
    ("url", "module", "graded", "said"),
    [
        ("sqlite:///{path}", "module9", {}, "nbgrader generate_assignment module9"),
        ("sqlite:///{path}", MODULE, {"other": Graded({})}, "no notebook other"),
        (
            "sqlite:///{path}",
            MODULE,
            {"softmax": Graded({"other": 1.0})},
            "no graded cell softmax-probe-other",
        ),
        ("sqlite:////nowhere/at/all.db", MODULE, {}, "can't be written"),
    ],
)
def test_what_can_not_be_written_is_told(
    classroom: Classroom, tmp_path: Path, url: str, module: str, graded: dict[str, Graded], said: str
) -> None:
    path = tmp_path / "gradebook.db"
    shutil.copy(classroom.root / "released.db", path)
    with pytest.raises(CourseError, match=said):
        write_gradebook(url.format(path=path), "ada", module, graded)


def test_regenerating_keeps_ids_and_grades(classroom: Classroom) -> None:
    command = [sys.executable, "-c", "from keras_kata.cli import app; app()", "notebooks", MODULE]
    run = subprocess.run(
        command,
        cwd=classroom.course.root,
        env=classroom.environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.stdout.count("unchanged") == 2
    classroom.nbgrader("generate_assignment", MODULE, "--force")
    assert gradebook(classroom.root / "gradebook.db") == classroom.scores
