"""Plain data survives as bytes, exactly; other bytes and other values are refused."""

import contextlib
import math
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keras_kata.authoring import REJECTED
from keras_kata.cases import draw
from keras_kata.course import Course
from keras_kata.errors import WireError
from keras_kata.grader import load_grader
from keras_kata.wire import pack, unpack
from keras_kata.worker import visible

from .support import table

numbers = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), st.binary()
)
dtypes = st.one_of(
    arrays.boolean_dtypes(), arrays.integer_dtypes(), arrays.floating_dtypes(), arrays.complex_number_dtypes()
)
filled = arrays.arrays(dtypes, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
data = st.recursive(
    st.one_of(numbers, filled),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    max_leaves=8,
)


def identical(one: Any, other: Any) -> bool:
    """Equal in value and type, down to the bits of arrays and the sign of zero."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, np.ndarray | np.generic):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, complex):
        return identical([one.real, one.imag], [other.real, other.imag])
    if isinstance(one, float):
        return math.copysign(1, one) == math.copysign(1, other) and (one == other or one != one)
    return one is other if one is REJECTED else one == other


@given(data)
def test_what_is_packed_comes_back_the_same(value: Any) -> None:
    assert identical(unpack(pack(value)), value)


@pytest.mark.parametrize(
    "value",
    [np.float32(1.5), np.int64(-2), np.bool_(True), np.array(["a", "ü"]), 2**70, REJECTED, [(1, (2,))], ()],
    ids=repr,
)
def test_single_values_come_back_the_same(value: Any) -> None:
    assert identical(unpack(pack(value)), value)


def test_arrays_come_back_as_copies_that_can_be_changed() -> None:
    value = np.asfortranarray(np.arange(6.0).reshape(2, 3))[:, ::-1]
    back = unpack(pack(value))
    back[0, 0] = 9
    assert value[0, 0] == 2
    assert back.tolist() == [[9, 1, 0], [5, 4, 3]]


class Evil(list[int]):
    pass


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=name)
        for name, value in {
            "object": object(),
            "set": {1},
            "subclass": Evil([1]),
            "array of objects": np.array([None]),
            "record": np.zeros(1, [("a", "i4")]),
            "masked": np.ma.array([1], mask=[True]),
            "endless integer": 1 << 100_000,
            "nested in a tuple": ({"a": [object()]},),
        }.items()
    ],
)
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(WireError, match="encoded"):
        pack(value)


def test_a_cycle_is_refused() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(WireError, match="encoded"):
        pack(cycle)


def array_of(kind: str, shape: Any, content: bytes) -> bytes:
    return bytes(msgpack.packb(msgpack.ExtType(1, msgpack.packb([kind, shape, content]))))


@pytest.mark.parametrize(
    "damaged",
    table(
        [
            ("nothing", b""),
            ("cut", pack(["text", 1.5])[:-1]),
            ("more than one value", pack(1) + pack(2)),
            ("not UTF-8", b"\xa1\xff"),
            ("unknown type", msgpack.packb(msgpack.ExtType(99, b""))),
            ("objects", array_of("|O", [1], b"\x00" * 8)),
            ("dates", array_of("<M8[s]", [1], b"\x00" * 8)),
            ("no type", array_of("nonsense", [1], b"\x00" * 8)),
            ("too few values", array_of("<f4", [3], b"\x00" * 8)),
            ("too many values", array_of("<f4", [1], b"\x00" * 8)),
            ("negative lengths", array_of("<f4", [-1, -2], b"\x00" * 8)),
            ("lengths of floats", array_of("<f4", [2.0], b"\x00" * 8)),
            ("no lengths", array_of("<f4", 2, b"\x00" * 8)),
            ("tuple of no list", msgpack.packb(msgpack.ExtType(3, msgpack.packb(1)))),
            ("complex of text", msgpack.packb(msgpack.ExtType(5, msgpack.packb(["a", "b"])))),
            ("endless integer", msgpack.packb(msgpack.ExtType(4, b"\x01" * 5000))),
            ("too deep", b"\x91" * 100_000),
            ("a size that is a lie", b"\xdd\xff\xff\xff\xff"),
            ("keys that are no text", b"\x81\x01\x02"),
        ]
    ),
)
def test_other_bytes_are_refused(damaged: bytes) -> None:
    with pytest.raises(WireError, match="decoded"):
        unpack(damaged)


@given(st.binary(max_size=60))
def test_any_bytes_are_data_or_refused(noise: bytes) -> None:
    with contextlib.suppress(WireError):
        unpack(noise)


@pytest.mark.tensorflow
def test_every_case_of_the_course_can_be_sent() -> None:
    course = Course(Path(__file__).parents[1])
    course.set_environment()
    for exercise in course:
        for probe in load_grader(course, exercise).probes.values():
            drawn = draw(probe.cases, 2, seed=1) if probe.cases is not None else []
            for case in (*probe.examples, *drawn):
                assert identical(unpack(pack(visible(case))), visible(case)), f"{exercise.slug}::{probe.name}"


@pytest.mark.parametrize(
    "greedy",
    table(
        [
            ("many lists", b"\xdd" + (1_000_000).to_bytes(4, "big") + b"\x90" * 1_000_000),
            ("many dicts", b"\xdd" + (1_000_000).to_bytes(4, "big") + b"\x80" * 1_000_000),
            ("many nothings", b"\xdd" + (1_000_000).to_bytes(4, "big") + b"\xc0" * 1_000_000),
            ("lists of lists", pack([[None] * 100] * 10_000)),
        ]
    ),
)
def test_values_that_take_up_far_more_than_their_bytes_are_refused(greedy: bytes) -> None:
    with pytest.raises(WireError, match="decoded"):
        unpack(greedy, most_items=500_000)


def test_tuples_in_tuples_are_not_copied_for_ever() -> None:
    packed = msgpack.packb([b"x" * 100_000])
    for _ in range(20):
        packed = msgpack.packb([msgpack.ExtType(3, packed)])
    with pytest.raises(WireError, match="too deep"):
        unpack(packed)
