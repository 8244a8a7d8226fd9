"""Outcomes as texts and bytes."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from keras_kata.authoring import REJECTED
from keras_kata.errors import WireError
from keras_kata.results.outcomes import MOST_BYTES, decode, encode, texts
from keras_kata.verdicts import (
    Crashed,
    Difference,
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
from keras_kata.wire import pack
from tests.classroom import BROKEN, FORBIDDEN, MOVING, OWN_WAY, RAISING, RIGHT, STUB, SUMMED, Classroom
from tests.support import table

MISTAKE = Mistake("windows_summed", "You return the sum.")
DIFFERENCE = Difference("value", "[2]", 1.0, 2.5)

OUTCOMES = [
    Passed(),
    Failed({"x": 3, "y": (1, "two")}, 1.0, [2.5, None], DIFFERENCE, MISTAKE, "printed\n", has_expected=False),
    Failed({"x": [REJECTED]}, REJECTED, True, Difference("an error instead of a result")),
    Raised({"x": 1}, "KeyError: 3", ((4, "f", "return x[3]"),), "a note", MISTAKE, "out"),
    Unusable("syntax error: invalid syntax", ((1, "", "def f(:"),)),
    TimedOut({"x": 1}, 2.5),
    Crashed({"x": 1}, "killed by signal 11"),
    Forbidden((("keras.layers.Dense", 3, "Build it."), ("eval", None, "Do without."))),
    NotAttempted(),
    GraderError("the reference raised", "Traceback ..."),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_every_outcome_survives(outcome):
    assert decode(encode(outcome)) == outcome


def test_arrays_survive_with_their_types():
    sent = Failed({"x": np.arange(6, dtype="int16").reshape(2, 3)}, np.float32(1), np.zeros(0), DIFFERENCE)
    back = decode(encode(sent))
    assert_array_equal(back.case["x"], sent.case["x"], strict=True)
    assert type(back.expected) is np.float32
    assert back.received.shape == (0,)


@pytest.mark.parametrize("source", [RIGHT, SUMMED, RAISING, STUB, BROKEN, OWN_WAY, FORBIDDEN])
def test_what_really_judging_gives_survives(course, source):
    for verdict in Classroom(course).judged(MOVING, source):
        back = decode(encode(verdict.outcome))
        assert type(back) is type(verdict.outcome)
        assert repr(back) == repr(verdict.outcome)


def test_a_dict_that_looks_like_an_outcome_stays_a_dict():
    forged = {"name": "free_points", "text": "Full marks."}
    outcome = Failed({"mistake": forged}, ["Passed", {}], {"kind": "Passed", "fields": {}}, DIFFERENCE)
    assert decode(encode(outcome)) == outcome


@pytest.mark.parametrize(
    ("data", "said"),
    table(
        [
            ("no msgpack", b"\xc1", "can't be decoded"),
            ("cut", encode(OUTCOMES[1])[:-4], "can't be decoded"),
            ("another shape", pack([1, 2, 3]), "no outcome of this version"),
            ("an unknown outcome", pack(["Excused", {}]), "no outcome of this version"),
            ("an unknown field", pack(["Passed", {"bonus": 3}]), "no outcome of this version"),
            ("a missing field", pack(["TimedOut", {"case": {}}]), "no outcome of this version"),
            ("a part that is none", pack(["NotAttempted", {"mistake": 3}]), "no outcome of this version"),
            ("not even a list", pack(None), "no outcome of this version"),
        ]
    ),
)
def test_other_bytes_are_refused(data, said):
    with pytest.raises(WireError, match=said):
        decode(data)


def test_large_values_are_kept_as_text_and_the_rest_as_it_is():
    large = np.zeros(MOST_BYTES, "float64")
    data = encode(Failed({"large": large, "width": 3}, 1.0, large, DIFFERENCE))
    assert len(data) < MOST_BYTES
    back = decode(data)
    assert back.case == {"large": f"shape ({MOST_BYTES},): [0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0]", "width": 3}
    assert back.expected == 1.0
    assert back.received.startswith("shape (")


@pytest.mark.parametrize(
    "value",
    ["\ud800", ["\ud800", 1], {"\udfff": ("\ud800",)}, 1 << 40_000, object()],
    ids=lambda v: type(v).__name__,
)
def test_what_can_not_be_encoded_is_kept_as_text(value):
    back = decode(encode(Raised({"x": value}, "E: \ud800", ((1, "\ud800", "line"),))))
    assert back.error == "E: \\ud800"
    assert back.frames == ((1, "\\ud800", "line"),)
    assert "\ud800" not in repr(back)


def test_texts_of_a_failure():
    assert texts(Failed({"x": 3}, 1.0, np.float32(2.5), DIFFERENCE, MISTAKE)) == {
        "case": "{'x': 3}",
        "received": "2.5",
        "expected": "1.0",
        "difference": "value at [2]",
        "mistake": "windows_summed",
        "mistake_text": "You return the sum.",
        "error": None,
    }


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Raised({}, "KeyError: 3", (), "A note."), "KeyError: 3\nA note."),
        (Unusable("syntax error"), "syntax error"),
        (TimedOut({}, 2.5), "stopped after 2.5 s"),
        (Crashed({}, "killed"), "killed"),
        (Forbidden((("eval", None, "Do without."),)), "eval (line ?): Do without."),
        (GraderError("the reference raised", "detail"), "the reference raised\ndetail"),
        (NotAttempted(), None),
        (Passed(), None),
    ],
)
def test_texts_of_other_outcomes(outcome, error):
    found = texts(outcome)
    assert found["error"] == error
    assert found["received"] is found["expected"] is found["mistake"] is None


def test_there_is_no_expected_text_where_a_probe_judges_by_itself():
    assert texts(Failed({}, None, 1.0, DIFFERENCE, has_expected=False))["expected"] is None
    assert texts(Failed({}, None, 1.0, DIFFERENCE))["expected"] == "None"


def test_texts_are_bounded_and_harmless():
    text = texts(Raised({"x": "a" * 10**6}, "\x1b[31m\x00 boo\u202e" + "!" * 10**6))
    assert len(text["case"]) < 1000
    assert len(text["error"]) <= 20_100
    assert text["error"].startswith("\\x00 boo\\u202e!!")
