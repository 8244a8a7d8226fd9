"""`kata audit` on a copy of the miniature course, whole and broken in every way that it must notice."""

import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keras_kata import audit, judge
from keras_kata.audit import ExerciseReport, audit_exercise
from keras_kata.cli import app
from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.inventory import stray_files
from keras_kata.verdicts import Mistake

MOVING, MEAN = "module1/moving_average", "module1/running_mean"


@pytest.fixture
def root(course, monkeypatch):
    """The course, as the current folder; nothing of it stays imported."""
    monkeypatch.chdir(course)
    yield course
    for name in [name for name in sys.modules if name.split(".")[0] == "graders"]:
        del sys.modules[name]


def change(file: str, old: str, new: str) -> None:
    """Replace a text in a file of the course."""
    path = Path(file)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def append(file: str, text: str) -> None:
    with Path(file).open("a") as stream:
        stream.write(text)


def problems(slug: str = MOVING) -> list[str]:
    """What the audit of one exercise finds, with one seed."""
    return audit_exercise(Path.cwd(), slug, seeds=1).problems


SOLUTION = f"solutions/{MOVING}"
REFERENCE, GRADER = f"{SOLUTION}/reference.py", f"graders/{MOVING}.py"


# the command


def test_the_course_passes_in_processes_of_its_own(root):
    result = CliRunner().invoke(app, ["audit", "--seeds", "2", "--jobs", "2"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    table = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "exercise points right mistakes mutants s" in table
    assert re.search(r"^module2/nearest_centroid 3 2 5/5 16\+4/20 \d+ ok$", "\n".join(table), re.MULTILINE)
    assert table[-1] == "4 exercises pass the audit"
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_findings_are_listed_with_exit_status_1(root, monkeypatch):
    def reports(root, slugs, seeds, jobs):
        yield from (ExerciseReport(slug, [f"[red]{seeds} seeds"] if slug == MEAN else []) for slug in slugs)

    monkeypatch.setattr(audit, "audit", reports)
    Path("exercises/notes.txt").write_text("")
    result = CliRunner().invoke(app, ["audit"], catch_exceptions=False)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2:] == [
        "course: exercises/notes.txt belongs to no exercise of course.toml",
        "module1/running_mean: [red]3 seeds",
    ]
    assert result.stderr == "2 problems\n"
    chosen = CliRunner().invoke(app, ["audit", "module1", "softmax"], catch_exceptions=False)
    assert re.findall(r"audited (\S+)", chosen.stdout) == [MOVING, MEAN, "module2/softmax"]
    assert chosen.stderr == "1 problem\n"


def test_a_process_that_dies_fails_the_audit(root):
    append(GRADER, "\nimport os\nos._exit(3)\n")
    (report,) = audit.audit(root, [MOVING], seeds=1, jobs=1)
    assert report.problems == ["a process died that audited this exercise, or one beside it"]


# right and wrong answers


def test_a_whole_exercise_has_no_problems(root):
    report = audit_exercise(root, MOVING, seeds=1)
    assert report.problems == []
    numbers = (report.points, report.probes, report.alternatives, report.misconceptions, report.named)
    assert numbers == (2, 2, 2, 5, 5)
    assert (report.mutants, report.killed, report.equivalent) == (19, 18, 1)


def test_a_reference_that_breaks_its_own_probe(root):
    change(REFERENCE, "    if not 1", "    series[:1] = 0\n    if not 1")
    found = " ".join(problems())
    assert (
        "the reference does not pass averages (seed 20261120): grader error, the reference or the probe"
        in found
    )
    assert "changes its input 'series'" in found


def test_a_reference_that_raises(root):
    change(REFERENCE, "    if not 1", "    1 / 0\n    if not 1")
    found = " ".join(problems())
    assert (
        "the reference does not pass averages (seed 20261120): grader error, the reference gives no answer"
        in found
    )


def test_a_reference_that_answers_the_same_case_in_two_ways(root):
    change(
        REFERENCE,
        "import numpy as np\n",
        "import itertools\n\nimport numpy as np\n\n_calls = itertools.count()\n",
    )
    change(REFERENCE, "    return np.array(", "    return next(_calls) + np.array(")
    Path("exercises/module1/moving_average.py").unlink()
    CliRunner().invoke(app, ["stubs"])
    assert any(
        text.startswith("the reference does not pass averages (seed 20261120): failed,")
        for text in problems()
    )


def test_an_alternative_that_fails(root):
    change(f"{SOLUTION}/alternatives.py", "/ width for start", "/ 2 for start")
    (found,) = problems()
    assert found.startswith("the alternative as_a_list does not pass averages (seed 20261120): failed, ")


def test_a_misconception_that_gets_full_marks(root):
    append(
        f"{SOLUTION}/misconceptions.py",
        '\n\n@instead_of("moving_average")\ndef harmless(series, width):\n    """You do it right."""\n'
        "    return moving_average(series, width)\n",
    )
    assert problems() == ["the misconception harmless gets full marks (seed 20261120)"]


def test_misconceptions_that_behave_alike_are_not_named(root):
    append(
        f"{SOLUTION}/misconceptions.py",
        '\n\n@instead_of("moving_average")\ndef twin_of_summed(series, width):\n    """You only add."""\n'
        "    return moving_average(series, width) * width\n",
    )
    assert problems() == [
        "the misconception windows_summed is not named by any probe (seed 20261120)",
        "the misconception twin_of_summed is not named by any probe (seed 20261120)",
    ]


def test_a_misconception_taken_for_another(root, monkeypatch):
    monkeypatch.setattr(judge, "diagnose", lambda *_: Mistake("windows_summed", ""))
    found = problems()
    assert "the misconception divided_by_length is taken for windows_summed (seed 20261120)" in found
    assert not any("windows_summed is" in text for text in found)


def test_a_misconception_that_does_not_answer(root):
    change(
        f"{SOLUTION}/misconceptions.py",
        "    averages = moving",
        "    raise NotImplementedError\n    averages = moving",
    )
    assert "the misconception last_window_left_out ends averages: not attempted" in problems()


def test_a_misconception_that_crashes_by_an_authors_slip(root):
    append(
        f"{SOLUTION}/misconceptions.py",
        '\n\n@instead_of("moving_average")\ndef slipped(series, width):\n    """You are lost."""\n'
        "    return moving_averages(series, width)\n",
    )
    (found,) = problems()
    assert found.startswith("the misconception slipped itself is broken: NameError: ")


def test_too_few_of_each(root):
    Path(f"{SOLUTION}/misconceptions.py").write_text("")
    Path(f"{SOLUTION}/alternatives.py").write_text("")
    assert problems() == ["there are fewer than 2 alternatives", "there are fewer than 4 misconceptions"]


# declarations


def test_points_that_do_not_add_up(root):
    change(GRADER, "points=0.5", "points=1")
    assert problems() == ["the probes' points add up to 2.5; difficulty 1 asks for 2"]


def test_a_difficulty_without_points(root):
    change("course.toml", "difficulty = 1", "difficulty = 7")
    assert problems() == ["course.toml has no points for difficulty 7"]


@pytest.mark.parametrize(
    "file", [GRADER, REFERENCE, f"{SOLUTION}/misconceptions.py", f"{SOLUTION}/alternatives.py"]
)
def test_a_file_that_can_t_be_loaded_is_named(root, file):
    append(file, "\n\n1 / 0\n")
    (found,) = problems()
    assert found.endswith("ZeroDivisionError: division by zero")
    assert str(root / file) in found


def test_hints_are_missing(root):
    text = Path(GRADER).read_text()
    Path(GRADER).write_text(
        re.sub(r"hints=\(.*?\n    ?\),?\n\)|hints=\(.*?\),\n", 'hints=("Why?",),\n', text, flags=re.DOTALL)
    )
    (found,) = problems()
    assert "hints" in found


def test_prerequisites_that_are_unknown_or_come_later(root):
    change("course.toml", "prerequisites = []", f'prerequisites = ["module1/nothing", "{MEAN}", "{MOVING}"]')
    assert problems() == [
        "the prerequisite module1/nothing is no exercise",
        f"the prerequisite {MEAN} does not come before it in course.toml",
        f"the prerequisite {MOVING} does not come before it in course.toml",
    ]


def test_a_module_without_a_title(root):
    change("course.toml", 'name = "module1"', 'name = "module7"')
    assert problems() == ["course.toml has no module module1"]


# files


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (GRADER, f"{GRADER} is missing"),
        (f"{SOLUTION}/alternatives.py", f"{SOLUTION}/alternatives.py is missing"),
        (f"exercises/{MOVING}.py", "the stub is missing: run `kata stubs`"),
        (
            "tests/references/test_module1_moving_average.py",
            "tests/references/test_module1_moving_average.py is missing: a test independent of the reference",
        ),
    ],
)
def test_a_file_is_missing(root, file, problem):
    Path(file).unlink()
    assert problems() == [problem]


@pytest.mark.parametrize("work", [b"work", b"\xff\xfe"])
def test_a_stub_out_of_step(root, work):
    Path(f"exercises/{MOVING}.py").write_bytes(work)
    assert problems() == ["the stub is not in step with the reference: run `kata stubs`"]


def test_stray_files(root):
    assert stray_files(Course(root)) == []
    strays = [
        "exercises/module1/moving_avrage.py",
        "exercises/notes.txt",
        "graders/module9/gone.py",
        "solutions/module1/moving_average/old.py",
        "solutions/module1/old/reference.py",
        "tests/references/test_module9_gone.py",
    ]
    for stray in [*strays, "graders/support/more.py", "exercises/.DS_Store", "solutions/__pycache__/a.pyc"]:
        Path(stray).parent.mkdir(parents=True, exist_ok=True)
        Path(stray).write_text("")
    assert stray_files(Course(root)) == [f"{stray} belongs to no exercise of course.toml" for stray in strays]


def test_a_line_of_a_solution_in_what_learners_get(root):
    line = "sums = np.cumsum(np.concatenate([[0.0], series]))"
    append(GRADER, f"\n\ndef helper(series):\n    {line}\n")
    assert stray_files(Course(root)) == [f"{GRADER} holds a line of {MOVING}'s solution: {line}"]
    change(GRADER, line, "pass")
    append(f"exercises/{MEAN}.py", f"    {line}\n    return (sums[width:] - sums[:-width]) / width\n")
    Path("exercises/module2/softmax.py").write_bytes(b"\xff")
    Path("solutions/module2/softmax/reference.py").write_text("def (")
    assert len(stray_files(Course(root))) == 1


# mutants


def test_a_mutant_that_no_probe_notices(root):
    change(GRADER, '        {"series": np.array([1, 2], "float32"), "width": 0},\n', "")
    (found,) = problems()
    mutant = "moving_average: 1 <= width <= len(series) -> 0 <= width <= len(series)"
    assert found == f"no probe notices the mutant (line 25) {mutant}"


def test_an_equivalent_mutant_that_is_noticed_or_not_made(root):
    gone = "moving_average: width -> width + 1"
    noticed = "moving_average: 1 <= width <= len(series) -> 2 <= width <= len(series)"
    for mutant in (gone, noticed):
        append(f"{SOLUTION}/equivalent_mutants.toml", f'"{mutant}" = "a reason of enough words"\n')
    assert problems() == [
        f"equivalent_mutants.toml lists a mutant that a probe notices: {noticed}",
        f"equivalent_mutants.toml lists a mutant that is not made any more: {gone}",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('"a" = ""', "a needs a reason, in a sentence"),
        ('"a" = 3', "a needs a reason"),
        ("a", "is not valid TOML: "),
    ],
)
def test_equivalent_mutants_without_a_reason(root, text, problem):
    Path(f"{SOLUTION}/equivalent_mutants.toml").write_text(text)
    (found,) = problems()
    assert problem in found


# course.toml


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (f'"{MEAN}"', f'"{MOVING}"', f"{MOVING} is there twice"),
        (f'"{MEAN}"', '"running"', "'running' is no slug; write it as module2/my_exercise"),
        ('title = "Softmax"\n', "", "module2/softmax lacks `title`"),
        ('["windows"]', '"windows"', f"{MOVING}: `concepts` must be of type list"),
        ("difficulty = 1", 'difficulty = "1"', f"{MOVING}: `difficulty` must be of type int"),
        ('name = "module2"\n', "", "is not as it must be: KeyError: 'name'"),
        ("1 = 2\n", "easy = 2\n", "is not as it must be: ValueError: invalid literal"),
    ],
)
def test_a_course_file_that_is_declared_wrongly_is_told(root, old, new, problem):
    change("course.toml", old, new)
    with pytest.raises(CourseError, match=re.escape(problem)):
        Course(root)
