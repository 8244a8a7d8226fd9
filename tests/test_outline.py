"""What a grader's source says of its probes, read without running it."""

from pathlib import Path

import pytest

from keras_kata.errors import AuthoringError
from keras_kata.grader import load_grader
from keras_kata.outline import ProbeOutline, outline
from tests.support import GRADER, make_workshop, table

PROBES = '''
import keras_kata
from keras_kata import probe

assert False, "an outline runs nothing"


def helper():
    """No probe."""


@probe(points=0.5, examples=[{}], hints=("A question "
    "in two parts?", 'Another.'))
def first(impl, case):
    """What is
    observed."""


@keras_kata.probe(hints=["A question?"], points=2, cases=unknown())
def second(impl, case):
    """Something else."""


@other(points=1, hints=["h"])
@probe
def third(impl, case):
    """No probe either."""
'''


def outlined(root: Path, text: str) -> list[ProbeOutline]:
    return outline(make_workshop(root, grader=text).exercise)


def test_probes_are_read_without_running_them(tmp_path: Path) -> None:
    assert outlined(tmp_path, PROBES) == [
        ProbeOutline("first", "What is observed.", 0.5, ("A question in two parts?", "Another.")),
        ProbeOutline("second", "Something else.", 2.0, ("A question?",)),
    ]


def test_the_outline_is_what_running_the_grader_gives(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    [read] = outline(workshop.exercise)
    [made] = load_grader(workshop.course, workshop.exercise).probes.values()
    assert (read.name, read.claim, read.points, read.hints) == (
        made.name,
        made.claim,
        made.points,
        made.hints,
    )


WRONG: list[tuple[str, str, str]] = [
    ("no Python", "def f(:", "can't be read"),
    ("a null byte", "a = '\0'", "can't be read"),
    ("no probe", "value = 3", "declares no probe"),
    (
        "hints that are computed",
        GRADER.replace('("How many times?",)', "HINTS"),
        "hints of doubled must be written out",
    ),
    (
        "hints that are formatted",
        GRADER.replace('("How', '(f"How {1}'),
        "hints of doubled must be written out",
    ),
    (
        "one text for hints",
        GRADER.replace('("How many times?",)', '"How?"'),
        "hints of doubled must be written out",
    ),
    (
        "hints that can't be",
        GRADER.replace('("How many times?",)', "{[]: 1}"),
        "hints of doubled must be written out",
    ),
    ("no hints", GRADER.replace('hints=("How many times?",)', ""), "hints of doubled must be written out"),
    (
        "points that are computed",
        GRADER.replace("points=1", "points=ONE"),
        "points of doubled must be written out",
    ),
    ("points in words", GRADER.replace("points=1", "points='1'"), "points of doubled must be written out"),
    ("no points", GRADER.replace("points=1,", ""), "points of doubled must be written out"),
]


@pytest.mark.parametrize(("text", "problem"), table(WRONG))
def test_what_is_not_written_out_is_the_authors_error(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(AuthoringError, match=problem):
        outlined(tmp_path, text)


def test_a_missing_grader_is_the_authors_error(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    workshop.exercise.grader.unlink()
    with pytest.raises(AuthoringError, match="can't be read"):
        outline(workshop.exercise)
