"""Loading a grader: its probes and what it forbids; its package, and no more of the course than that."""

import sys
from pathlib import Path
from typing import Any

import pytest

from keras_kata.errors import AuthoringError
from keras_kata.grader import Grader, load_grader
from tests.support import GRADER, SLUG, make_workshop, table


def grader(root: Path, text: str = GRADER, **files: str) -> Grader:
    workshop = make_workshop(root, grader=text)
    for path, content in files.items():
        workshop.write(path.replace("__", "/") + ".py", content)
    return load_grader(workshop.course, workshop.exercise)


TWO = (
    GRADER
    + "\n\n"
    + GRADER[GRADER.index("@probe") :].replace("doubled", "again").replace("points=1", "points=0.5")
)


def test_probes_are_kept_in_order_with_their_points(tmp_path: Path) -> None:
    loaded = grader(tmp_path, TWO)
    assert list(loaded.probes) == ["doubled", "again"]
    assert loaded.points == 1.5
    assert loaded.forbidden == {}


def test_what_is_forbidden_is_read(tmp_path: Path) -> None:
    text = GRADER + "\nFORBIDDEN = {'numpy.sum': 'Add them up.'}\n"
    assert grader(tmp_path, text).forbidden == {"numpy.sum": "Add them up."}


def test_a_grader_may_import_what_graders_share(tmp_path: Path) -> None:
    text = "from graders.support.shared import value\n" + GRADER + "\nassert value == 3\n"
    assert list(grader(tmp_path, text, graders__support__shared="value = 3").probes) == ["doubled"]


def test_another_courses_graders_are_forgotten(tmp_path: Path) -> None:
    text = "from graders.support.shared import value\n" + GRADER.replace("count=25", "count=value")
    for value in (3, 4):
        loaded = grader(tmp_path / str(value), text, graders__support__shared=f"value = {value}")
        assert loaded.probes["doubled"].count == value


def test_a_grader_is_imported_once(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    first, second = (load_grader(workshop.course, workshop.exercise) for _ in range(2))
    assert first.probes["doubled"] is second.probes["doubled"]


def test_solutions_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match="No module named 'solutions'"):
        grader(tmp_path, "import solutions.module1.scaled.reference\n" + GRADER)
    assert str(tmp_path) not in sys.path


WRONG: list[tuple[str, str, str]] = [
    ("no Python", "def f(:", "can't be imported: SyntaxError"),
    ("an error", "1 / 0", "can't be imported: ZeroDivisionError"),
    ("an end", "raise SystemExit", "can't be imported: SystemExit"),
    ("a wrong probe", GRADER.replace("points=1", "points=0"), "probe doubled: points"),
    ("no probe", "value = 3", "declares no probe"),
    ("what is forbidden is a list", GRADER + "\nFORBIDDEN = ['numpy.sum']\n", "FORBIDDEN must be a dict"),
    ("no advice", GRADER + "\nFORBIDDEN = {'numpy.sum': None}\n", "FORBIDDEN must be a dict"),
]


@pytest.mark.parametrize(("text", "problem"), table(WRONG))
def test_a_wrong_grader_is_the_authors_error(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(AuthoringError, match=problem):
        grader(tmp_path, text)


def test_a_missing_grader_is_the_authors_error(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    workshop.exercise.grader.unlink()
    with pytest.raises(AuthoringError, match="is missing"):
        load_grader(workshop.course, workshop.exercise)


def test_a_grader_that_failed_is_tried_again(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path, grader="1 / 0")
    with pytest.raises(AuthoringError):
        load_grader(workshop.course, workshop.exercise)
    workshop.write(f"graders/{SLUG}.py", GRADER)
    loaded: Any = load_grader(workshop.course, workshop.exercise)
    assert list(loaded.probes) == ["doubled"]
