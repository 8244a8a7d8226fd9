"""A reply survives the way from worker to judge; whatever else comes that way is refused."""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_kata.authoring import REJECTED
from keras_kata.errors import WireError
from keras_kata.replies import Given, reply_of, reply_to_plain
from keras_kata.verdicts import Crashed, Forbidden, NotAttempted, Raised, TimedOut, Unusable
from keras_kata.wire import pack, unpack
from keras_kata.worker import Answer

from .support import table

CASE = {"x": 1}
GIVEN = Given(CASE, limit=2.5, seconds=0.25)
FRAMES = ((3, "scaled", "return x / 0"),)


@pytest.mark.parametrize(
    "reply",
    [
        Answer([1.5, "text", {"a": None}], ("x",), 0.25),
        Raised(CASE, "ValueError: no", FRAMES, "a note"),
        Unusable("syntax error", FRAMES),
        TimedOut(CASE, 2.5),
        Forbidden((("json.loads", 3, "Parse it yourself."), ("json", None, "Do."))),
        NotAttempted(),
        Crashed(CASE, "of itself"),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_a_reply_survives(reply: Any) -> None:
    assert reply_of(unpack(pack(reply_to_plain(reply))), GIVEN) == reply


def test_an_observation_survives_to_the_bit() -> None:
    value = [np.array([[1.5, -0.0, np.nan]], "float32"), REJECTED, {"a": [True, 2**70]}]
    reply = reply_of(unpack(pack(reply_to_plain(Answer(value, (), 0)))), GIVEN)
    assert isinstance(reply, Answer)
    assert reply.value[0].tobytes() == value[0].tobytes()
    assert reply.value[0].dtype == np.float32
    assert reply.value[1] is REJECTED
    assert reply.value[2] == value[2]


def test_case_and_time_are_the_judges_own() -> None:
    reply = reply_of(["raised", "E", [], ""], GIVEN)
    assert isinstance(reply, Raised)
    assert reply.case is CASE
    assert reply_of(["timed out"], GIVEN) == TimedOut(CASE, 2.5)
    answer = reply_of(["answer", 1, []], GIVEN)
    assert isinstance(answer, Answer)
    assert answer.seconds == 0.25


@pytest.mark.parametrize("error", ["MemoryError", "_ArrayMemoryError: Unable to allocate 2 GiB"])
def test_a_lack_of_memory_is_explained(error: str) -> None:
    reply = reply_of(["raised", error, [], ""], GIVEN)
    assert isinstance(reply, Raised)
    assert "more memory than it may use" in reply.note


def test_texts_are_cut() -> None:
    reply = reply_of(["raised", "E" * 10_000, [[1, "f" * 10_000, "l" * 10_000]], "n" * 10_000], GIVEN)
    assert isinstance(reply, Raised)
    assert [len(text) for text in (reply.error, reply.note, *reply.frames[0][1:])] == [1204, 1204, 204, 404]


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "data",
    table(
        [
            ("nothing", None),
            ("no list", {"answer": 1}),
            ("empty", []),
            ("no kind", [1, 2]),
            ("unknown kind", ["passed"]),
            ("grader error", ["grader error", "x", "y"]),
            ("too short", ["answer", 1]),
            ("too long", ["answer", 1, [], 0.0]),
            ("tuple", ("answer", 1, [])),
            ("kind of a type of its own", [Text("timed out")]),
            ("bytes as a value", ["answer", b"abc", []]),
            ("too deep", ["answer", eval("[" * 30 + "]" * 30), []]),
            ("keys that are no text", ["answer", {1: 2}, []]),
            ("changed is no list", ["answer", 1, "x"]),
            ("changed are no texts", ["answer", 1, [1]]),
            ("changed are too many", ["answer", 1, ["x"] * 100]),
            ("error is no text", ["raised", 1, [], ""]),
            ("frames are too many", ["raised", "E", [[1, "f", "l"]] * 9, ""]),
            ("a frame is too short", ["raised", "E", [[1, "f"]], ""]),
            ("a line is negative", ["raised", "E", [[-1, "f", "l"]], ""]),
            ("a line is true", ["raised", "E", [[True, "f", "l"]], ""]),
            ("a line is endless", ["raised", "E", [[10**30, "f", "l"]], ""]),
            ("nothing is forbidden", ["forbidden", []]),
            ("too much is forbidden", ["forbidden", [["a", 1, "b"]] * 51]),
            ("a use is no list", ["forbidden", ["abc"]]),
        ]
    ),
)
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(WireError):
        reply_of(data, GIVEN)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
KINDS = ["answer", "raised", "unusable", "timed out", "forbidden", "not attempted", "crashed"]


@given(st.sampled_from(KINDS), st.lists(anything, max_size=4))
def test_whatever_is_sent_is_a_reply_or_refused(kind: str, parts: list[Any]) -> None:
    try:
        reply = reply_of([kind, *parts], GIVEN)
    except WireError:
        return
    pack(reply_to_plain(reply))


@given(st.binary(max_size=40))
def test_whatever_bytes_are_sent_are_a_reply_or_refused(data: bytes) -> None:
    with contextlib.suppress(WireError):
        assert isinstance(reply_of(unpack(b"\x93\xa6answer" + data), GIVEN), Answer)
