"""Grading a class with the real command: what is judged, what is kept, and whom it is safe to kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.intake import find_submitted
from keras_kata.judge import Judge
from keras_kata.results import Result, Store, open_store

from .conftest import MINI_COURSE, copy_mini_course

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

SLUG = "module1/moving_average"
OTHER = "module2/softmax"
STORE = "grades.sqlite"
PATIENCE = 180.0  # seconds; on a busy machine a process may take long to start
SEED = 11
MISTAKE = "windows_summed"
WRONG = """
right = moving_average


def moving_average(series, width):
    return right(series, width) * width
"""
SLOW = """
import time

right = moving_average


def moving_average(series, width):
    time.sleep(0.02)
    return right(series, width)
"""


def source(slug: str) -> str:
    """A right answer."""
    return (MINI_COURSE / "solutions" / slug / "reference.py").read_text(encoding="utf-8")


class Class:
    """A copy of the miniature course, and a folder of submissions."""

    def __init__(self, folder: Path) -> None:
        self.root = copy_mini_course(folder / "course")
        self.submitted = folder / "submitted"
        self.submitted.mkdir()

    def hand_in(self, student: str, slug: str, text: str) -> Path:
        file = self.submitted / student / f"{slug}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def command(self, *arguments: str, name: str = "autograde") -> list[str]:
        code = "from keras_kata.cli import app; app(prog_name='kata')"
        return [sys.executable, "-c", code, name, str(self.submitted), *arguments]

    def run(self, *arguments: str, name: str = "autograde", status: int = 0) -> str:
        """Run `kata`; what it prints, errors too."""
        done = subprocess.run(
            self.command(*arguments, name=name), cwd=self.root, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """`kata autograde` under way."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def store(self) -> Store:
        return open_store(self.root / STORE, create=False)

    def results(self) -> dict[tuple[str, str], Result]:
        with self.store() as store:
            return {(result.student, result.exercise): result for result in store.results()}

    def count(self) -> int:
        """How many verdicts are kept so far."""
        if not (self.root / STORE).exists():
            return 0
        with self.store() as store:
            return store.count()


@pytest.fixture
def pupils(tmp_path: Path) -> Class:
    return Class(tmp_path)


def verdicts(result: Result) -> list[tuple[str, str, float, str | None]]:
    return [(one.probe, one.outcome, one.points, one.mistake) for one in result.verdicts]


def wait_for(what: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def descendants(process: int) -> set[int]:
    """All processes below one."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *descendants(child)}
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def rows(results: dict[tuple[str, str], Result]) -> int:
    return sum(len(result.verdicts) for result in results.values())


def test_a_class_gets_the_verdicts_that_practice_gives(pupils: Class) -> None:
    stub = (MINI_COURSE / "exercises" / f"{SLUG}.py").read_text(encoding="utf-8")
    answers = {"ada": source(SLUG), "bo b": source(SLUG) + WRONG, "çelik": stub, "dan": "def oops(:\n"}
    for student, text in answers.items():
        pupils.hand_in(student, SLUG, text)
    said = pupils.run("--seed", str(SEED), "--jobs", "2")
    assert "4  graded" in said
    course = Course(pupils.root)
    judge = Judge(course, course[SLUG], SEED)
    results = pupils.results()
    for student, text in answers.items():
        expected = judge.judge_all(judge.loader.load_source(text, "answer.py"))
        assert verdicts(results[student, SLUG]) == [
            (
                one.probe,
                results[student, SLUG].verdicts[place].outcome,
                one.earned,
                getattr(getattr(one.outcome, "mistake", None), "name", None),
            )
            for place, one in enumerate(expected)
        ]
    assert results["ada", SLUG].points == results["ada", SLUG].max_points
    assert {one.mistake for one in results["bo b", SLUG].verdicts} >= {MISTAKE}
    assert results["çelik", SLUG].state == "not attempted"
    assert {one.outcome for one in results["dan", SLUG].verdicts} == {"unusable"}
    with pupils.store() as store:
        run = store.run()
    assert run.seed == SEED
    assert {"python", "numpy", "engine"} <= run.versions.keys()
    assert "landlock" in run.sandbox["enforced"] or "landlock" in run.sandbox["missing"]


def test_only_what_has_changed_is_graded_again(pupils: Class) -> None:
    for student in ("ada", "bob"):
        for slug in (SLUG, OTHER):
            pupils.hand_in(student, slug, source(slug))
    assert "4  graded" in pupils.run()
    with pupils.store() as store:
        seed = store.run().seed
    assert "0  graded" in (again := pupils.run())
    assert "4  not changed" in again
    pupils.hand_in("bob", SLUG, source(SLUG) + "\n# a second thought\n")
    assert "1  graded" in pupils.run()
    grader = pupils.root / "graders" / f"{OTHER}.py"
    grader.write_text(grader.read_text(encoding="utf-8") + "\n# a new edition\n", encoding="utf-8")
    assert "2  graded" in pupils.run()
    with pupils.store() as store:
        assert {run.seed for run in store.runs()} == {seed}, "everyone gets the same cases, always"
    assert "1  graded" in pupils.run("module1/moving_average", "--student", "ada", "--seed", "5")


def test_a_run_can_be_repeated(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    pupils.hand_in("bob", SLUG, source(SLUG) + WRONG)
    pupils.run()
    before = pupils.results()
    assert "2  graded" in pupils.run("--run", "1", name="regrade")
    after = pupils.results()
    assert {key: verdicts(one) for key, one in after.items()} == {
        key: verdicts(one) for key, one in before.items()
    }
    assert {one.judged_in for one in after.values()} == {2}
    assert "no run 9" in pupils.run("--run", "9", name="regrade", status=1)


def test_what_can_not_be_graded_is_told_and_the_rest_is_graded(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    file = pupils.hand_in("eve", SLUG, "")
    file.unlink()
    file.symlink_to("/etc/passwd")
    pupils.hand_in("<script>alert(1)", SLUG, source(SLUG))
    said = pupils.run(status=1)
    assert "symbolic link" in said
    assert {student for student, _ in pupils.results()} >= {"ada"}
    assert "root:" not in said


def test_a_grader_error_costs_no_point_and_is_loud(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    reference = pupils.root / "solutions" / SLUG / "reference.py"
    text = reference.read_text(encoding="utf-8")
    reference.write_text(text + "\n\ndef moving_average(*_):\n    raise OSError\n", encoding="utf-8")
    said = pupils.run(status=1)
    assert f"ada/{SLUG}: grader error" in said
    result = pupils.results()["ada", SLUG]
    assert result.has_grader_error
    assert result.points == result.max_points
    reference.write_text(text, encoding="utf-8")
    assert "1  graded" in pupils.run()


def test_an_exercise_that_can_not_be_judged_stops_no_other(pupils: Class) -> None:
    for slug in (SLUG, OTHER):
        pupils.hand_in("ada", slug, source(slug))
    (pupils.root / "graders" / f"{SLUG}.py").write_text("raise RuntimeError('a broken grader')\n")
    said = pupils.run(status=1)
    assert f"ada/{SLUG}: " in said
    assert "a broken grader" in said
    assert set(pupils.results()) == {("ada", OTHER)}


def test_a_sandbox_that_is_not_there_is_refused(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    assert "no protection is called" in pupils.run("--allow", "everything", status=1)
    assert pupils.count() == 0


def assert_full_marks(results: dict[tuple[str, str], Result]) -> None:
    lost = [verdict for one in results.values() for verdict in one.verdicts if verdict.outcome != "passed"]
    assert lost == []


def many_slow(pupils: Class, count: int = 10) -> None:
    for number in range(count):
        text = f"{source(SLUG)}\n{SLOW}\nNUMBER = {number}\n"
        pupils.hand_in(f"student{number:02}", SLUG, text)


def goes_on(pupils: Class, count: int = 10) -> None:
    """The same command grades the rest; no verdict is missing or there twice."""
    before = len(pupils.results())
    assert 0 < before < count
    said = pupils.run("--jobs", "2")
    assert f"{count - before}  graded" in said
    results = pupils.results()
    assert len(results) == count
    assert_full_marks(results)
    assert pupils.count() == rows(results)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_whoever_ends_the_command_loses_no_verdict(pupils: Class, number: signal.Signals) -> None:
    many_slow(pupils)
    with pupils.running("--jobs", "2") as process:
        wait_for(pupils.count)
        below = descendants(process.pid)
        assert below
        process.send_signal(number)
        output, _ = process.communicate(timeout=PATIENCE)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "goes on" in output
        assert "Traceback" not in output
    wait_for(lambda: not any(map(is_alive, below)))
    goes_on(pupils)


@pytest.mark.parametrize("whom", ["multiprocessing.spawn", "keras_kata.server"])
def test_a_killed_process_is_replaced(pupils: Class, whom: str) -> None:
    many_slow(pupils)
    with pupils.running("--jobs", "2") as process:
        wait_for(pupils.count)
        victims = [one for one in descendants(process.pid) if whom in command_of(one)]
        os.kill(victims[0], signal.SIGKILL)
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    results = pupils.results()
    assert len(results) == 10
    assert_full_marks(results)
    assert pupils.count() == rows(results)


def test_a_submission_is_found_once_by_the_command_and_by_the_intake(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    pupils.hand_in("ada", OTHER, source(OTHER))
    pupils.run("module2")
    found = find_submitted(pupils.submitted, Course(pupils.root), exercises=["module2"])
    assert [(one.student, one.exercise) for one in found.submitted] == list(pupils.results())
