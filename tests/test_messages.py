"""Every kind of message as a learner reads it, in `golden/`. `--regenerate-golden` rewrites those files."""

import re

import numpy as np
import pytest

from keras_kata.authoring import REJECTED, accepts, at_least_accuracy, by_key, close, exact, same_set
from keras_kata.comparison import compare
from keras_kata.course import Course
from keras_kata.display import differing_part, harmless, show
from keras_kata.judge import Judge
from keras_kata.messages import explain
from keras_kata.outline import ProbeOutline, outline
from keras_kata.verdicts import (
    Crashed,
    Failed,
    Forbidden,
    GraderError,
    Mistake,
    NotAttempted,
    Passed,
    Raised,
    TimedOut,
    Unusable,
)
from tests.conftest import MINI_COURSE

COURSE = Course(MINI_COURSE)

PROBE = ProbeOutline("targets", "The target of every transition, batch by batch.", 1, ("Why?",))


def message(outcome, probe=PROBE, slug="module6/bellman_update"):
    return explain(outcome, probe, f"pytest exercises/{slug}.py::{probe.name}", slug)


@pytest.mark.parametrize("slug", list(COURSE.exercises))
def test_every_known_mistake_has_its_message(slug, golden):
    judge = Judge(COURSE, COURSE[slug])
    probes = {probe.name: probe for probe in outline(COURSE[slug])}
    for name, stand_in in judge.solution.misconceptions().items():
        verdicts = judge.judge_all(judge.stand_in(stand_in))
        texts = [
            message(v.outcome, probes[v.probe], slug) for v in verdicts if not isinstance(v.outcome, Passed)
        ]
        golden(f"misconceptions/{slug.replace('/', '_')}/{name}", "\n\n\n".join(texts))


def failed(expected, received, rule=close(), case=None, **options):  # noqa: B008 - a frozen value
    """What the judge makes of two observations that differ."""
    case = {"x": 1.5} if case is None else case
    difference = compare(expected, received, rule, case)
    visible = {key: value for key, value in case.items() if not key.startswith("_")}
    return Failed(visible, expected, received, difference, **options)


def table(rows, columns, **changes):
    array = (np.arange(rows * columns, dtype="float32") / 4).reshape(rows, columns)
    for place, value in changes.items():
        array[tuple(map(int, place.strip("_").split("_")))] = value
    return array


LONG = np.arange(200, dtype="float32")
OTHER_LONG = np.where(LONG < 150, LONG, -1)

WEIGHTS = {"kernel": table(6, 8), "bias": np.zeros(8, "float32"), "steps": 3}
OTHER_WEIGHTS = {"kernel": table(6, 8, _4_2=7), "bias": np.zeros(8, "float32"), "steps": 3}

FRAMES = (
    (12, "bellman_target", "return reward + gamma * best(next_q)"),
    (17, "best", "return q.max(axis=2)"),
)

OUTCOMES = {
    "passed": Passed(),
    "not_attempted": NotAttempted(),
    "number": failed(3, 4),
    "number_in_the_seventh_digit": failed(0.1, 0.10000001, exact()),
    "kind": failed(3, 3.5, exact(whole_numbers=True)),
    "bool_for_a_number": failed(1.0, True),
    "none": failed(np.zeros(2), None),
    "text": failed("valid", "same"),
    "text_for_numbers": failed([1.0, 2.0], "[1, 2]"),
    "shape": failed(np.zeros((2, 3), "float32"), np.zeros((3, 2), "float32")),
    "large_shape": failed(np.zeros((20, 30), "float32"), np.zeros((30, 20), "float32")),
    "large_table": failed(table(12, 10), table(12, 10, _3_7=-1, _9_0=0)),
    "large_cube": failed(LONG.reshape(5, 4, 10), OTHER_LONG.reshape(5, 4, 10)),
    "large_row": failed(LONG, OTHER_LONG),
    "long_rows": failed(LONG.reshape(2, 100), OTHER_LONG.reshape(2, 100).tolist()),
    "dict_of_arrays": failed(WEIGHTS, OTHER_WEIGHTS),
    "missing_key": failed({"mean": 1.0, "std": 0.5}, {"mean": 1.0, "sdt": 0.5}),
    "list_of_arrays": failed([table(2, 3), table(1, 2)], [table(2, 3), table(1, 2, _0_1=9)]),
    "list_too_short": failed([[1.0, 2.0], [3.0]], [[1.0, 2.0]]),
    "many_entries": failed([[float(i), float(-i)] for i in range(60)], [[float(i), 0.0] for i in range(60)]),
    "nan": failed(np.array([1.0, 2.0]), np.array([1.0, np.nan])),
    "rejected": failed(REJECTED, 4),
    "not_to_be_rejected": failed(4, REJECTED),
    "same_set": failed([1, 2, 3], [1, 2, 2], same_set()),
    "accuracy": failed(
        np.tile([0, 1], 50),
        np.zeros(100, "int64"),
        at_least_accuracy(0.9),
        {"points": table(100, 2), "_labels": np.tile([0, 1], 50)},
        has_expected=False,
    ),
    "accepts": failed(
        None,
        [3, 3],
        accepts(lambda received, _: "the two sizes must differ" if len(set(received)) < 2 else None),
        has_expected=False,
    ),
    "by_key": failed({"size": 3, "loss": 0.5}, {"size": 3.5, "loss": 0.5}, by_key({"size": exact()})),
    "large_case": failed(
        3,
        4,
        case={
            "images": table(10, 64).reshape(10, 8, 8, 1),
            "labels": np.arange(60) % 3,
            "options": {"padding": "same", "strides": (2, 2), "rates": [0.5, 0.25]},
            "batches": [table(2, 2), table(1, 2)],
            "empty": np.zeros((0, 4)),
            "name": "a\x1b[31mb",
        },
    ),
    "mistake_and_prints": failed(
        3,
        4,
        mistake=Mistake("terminal_not_masked", "You add the future value also where the episode is over."),
        printed="epoch 1\r  0%\r 50%\r100%\nloss \x1b[1m0.5\x1b[0m\n" + "line\n" * 30,
    ),
    "raised": Raised({"x": 1.5}, "AxisError: axis 2 is out of bounds for array of dimension 2", FRAMES),
    "raised_without_frames": Raised(
        {"x": 1.5},
        "TypeError: 'NoneType' object is not iterable",
        note="Your code ran through, but what it returned can't be used in the way the exercise says.",
    ),
    "raised_with_hostile_text": Raised(
        {"x": 1.5}, "ValueError: \x1b]0;title\x07\x1b[2J\rgone\n\u202elast \ud800 line", FRAMES
    ),
    "unusable": Unusable("syntax error: expected ':'", ((2, "", "def moving_average(series, width)"),)),
    "timed_out": TimedOut({"x": 1.5}, 4.25),
    "crashed": Crashed({"x": 1.5}, "it used more than 2 GB of memory"),
    "forbidden": Forbidden(
        (
            ("numpy.convolve", 4, "Take the windows yourself, with slices of the series."),
            ("numpy.cumsum", None, "Add the values up in a loop."),
        )
    ),
    "grader_error": GraderError(
        "no cases can be drawn: ZeroDivisionError: division by zero", "Traceback:\n  line"
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_kind_of_outcome_has_its_message(name, golden):
    text = message(OUTCOMES[name])
    golden(f"outcomes/{name}", text)
    assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]*", text)
    assert max(map(len, text.splitlines())) <= 80


def test_escape_sequences_are_dropped_and_other_controls_spelt_out():
    line = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07\tand\x07 \x9b\u2066\udc80"
    assert harmless(line) == "red \tand\\x07 \\x9b\\u2066\\udc80"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (1e30, "1e+30"),
        (float("nan"), "nan"),
        (True, "True"),
        pytest.param(10**5000, "a number of about 5001 digits", id="huge"),
        (np.array(3, "int64"), "3"),
        (np.array([True, False]), "[True, False]"),
        (np.zeros(0), "[]"),
        (np.zeros((0, 4)), "shape (0, 4): empty"),
        (np.arange(41), "shape (41,): [ 0,  1,  2, ..., 38, 39, 40]"),
        (list(range(50)), "[0, 1, 2, ... (50 entries)]"),
        ({}, "{}"),
        ([[]], "[[]]"),
        ("a\nb\x1b", r"'a\nb\x1b'"),
        ("a" * 400, f"'{'a' * 300}'... (400 characters)"),
        (1 + 2j, "(1+2j)"),
    ],
)
def test_values_are_shown(value, text):
    assert show(value) == text


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("['kernel'][4, 2]", "['kernel'][4]"),
        ("", ""),
        ("['bias'][0]", "['bias']"),
        ("['kernel'][2, 0, 5]", "['kernel'][2]"),
    ],
)
def test_of_large_values_the_part_that_differs_is_found(path, place):
    assert differing_part(WEIGHTS, OTHER_WEIGHTS, path)[0] == place
