"""Turning whatever a submission returns into plain data, once and for all."""

import datetime
import enum
import functools
from collections import OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keras_kata.authoring import REJECTED
from keras_kata.errors import UnusableValue
from keras_kata.observation import plain

Point = namedtuple("Point", "x y")


def table(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Parameters whose first column says what a row shows."""
    return [pytest.param(*values, id=name) for name, *values in rows]


def is_plain(value: Any) -> bool:
    """Whether nothing but the built-in types themselves is in there."""
    if type(value) is list:
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(type(key) is str and is_plain(item) for key, item in value.items())
    if type(value) is np.ndarray:
        return value.dtype.kind in "biufc" and value.dtype.isnative and value.dtype.char not in "gG"
    return value is None or value is REJECTED or type(value) in (bool, int, float, str)


def alike(one: Any, other: Any) -> bool:
    """The same plain data to the last bit."""
    if type(one) is not type(other):
        return False
    if type(one) is list:
        return len(one) == len(other) and all(map(alike, one, other))
    if type(one) is dict:
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if type(one) is np.ndarray:
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    return repr(one) == repr(other)


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Word(str, enum.Enum):  # noqa: UP042 - the older spelling is what people write
    A = "a"


class Lying:
    """What a cheat overrides: equal to everything, and another value whenever it is converted."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __float__(self) -> float:
        return 42.0

    def __int__(self) -> int:
        return 42

    def __index__(self) -> int:
        return 42

    def __str__(self) -> str:
        return "lie"

    def __repr__(self) -> str:
        return "lie"

    def __array__(self, *arguments: Any, **options: Any) -> np.ndarray:
        return np.array(42.0)

    def __iter__(self) -> Any:
        return iter([42])

    def __getitem__(self, key: Any) -> Any:
        return 42

    def __len__(self) -> int:
        return 1

    def __sub__(self, other: Any) -> Any:
        return 0

    __rsub__ = __sub__

    def items(self) -> Any:
        return [("lie", 42)]

    def tolist(self) -> Any:
        return [42]


class LyingInt(Lying, int):
    pass


class LyingFloat(Lying, float):
    pass


class LyingStr(Lying, str):
    pass


class LyingList(Lying, list):  # type: ignore[type-arg]
    pass


class LyingTuple(Lying, tuple):  # type: ignore[type-arg]
    pass


class LyingDict(Lying, dict):  # type: ignore[type-arg]
    pass


class LyingComplex(Lying, complex):
    pass


class LyingArray(Lying, np.ndarray):
    size = 1
    shape = ()  # type: ignore[assignment]

    def __array_ufunc__(self, *arguments: Any, **options: Any) -> Any:
        return np.array(True)

    def __array_function__(self, *arguments: Any, **options: Any) -> Any:
        return np.array(True)

    astype = Lying.__array__  # type: ignore[assignment]


class LyingScalar(Lying, np.float64):
    pass


THREE = np.arange(3, dtype="float32")

PLAIN = [
    ("None", None, None),
    ("True", True, True),
    ("integer", 3, 3),
    ("huge integer", 10**30, 10**30),
    ("float", 0.1, 0.1),
    ("text", "text", "text"),
    ("rejected", REJECTED, REJECTED),
    ("numpy boolean", np.True_, np.array(True)),
    ("numpy float", np.float32(0.5), np.array(0.5, "float32")),
    ("numpy integer", np.int8(3), np.array(3, "int8")),
    ("numpy text", np.str_("a"), "a"),
    ("complex", 1 + 2j, np.array(1 + 2j)),
    ("zero-dimensional array", np.array(1), np.array(1)),
    ("array", THREE, THREE),
    ("empty array", np.zeros((0, 3)), np.zeros((0, 3))),
    ("array of texts", np.array([["a"], ["b"]]), [["a"], ["b"]]),
    ("zero-dimensional text", np.array("a"), "a"),
    ("text of another byte order", np.array(["a"], ">U1"), ["a"]),
    ("other byte order", np.array([1, 2], ">f4"), np.array([1, 2], "float32")),
    ("other byte order, complex", np.array([1j], ">c8"), np.array([1j], "complex64")),
    ("other byte order, half", np.array([0.5], ">f2"), np.array([0.5], "float16")),
    ("long double", np.array([0.5], np.longdouble), np.array([0.5])),
    ("long complex", np.array([0.5j], np.clongdouble), np.array([0.5j])),
    ("strided view", np.arange(6)[::-2], np.array([5, 3, 1])),
    ("broadcast view", np.broadcast_to(1.0, (2, 2)), np.ones((2, 2))),
    ("matrix", np.array([[1, 2]]).view(np.matrix), np.array([[1, 2]])),
    ("tuple", (1, (2,)), [1, [2]]),
    ("namedtuple", Point(1, 2), [1, 2]),
    ("range", range(3), [0, 1, 2]),
    ("list of arrays", [THREE], [THREE]),
    ("ordered dict", OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    ("defaultdict", defaultdict(list, a=[1]), {"a": [1]}),
    ("fraction", Fraction(1, 4), 0.25),
    ("decimal", Decimal("0.25"), 0.25),
    ("decimal NaN", Decimal("NaN"), float("nan")),
    ("enum of integers", Level.LOW, 1),
    ("enum of texts", Word.A, "a"),
    ("integer that lies", LyingInt(3), 3),
    ("float that lies", LyingFloat(3.5), 3.5),
    ("minus zero that lies", LyingFloat(-0.0), -0.0),
    ("text that lies", LyingStr("a"), "a"),
    ("list that lies", LyingList([1, 2]), [1, 2]),
    ("tuple that lies", LyingTuple((1, 2)), [1, 2]),
    ("dict that lies", LyingDict(a=1), {"a": 1}),
    ("complex that lies", LyingComplex(1j), np.array(1j)),
    ("array that lies", THREE.view(LyingArray), THREE),
    ("liars in a list", [LyingInt(1), LyingList([LyingFloat(2.5)])], [1, [2.5]]),
    ("liars in a dict", {"a": THREE.view(LyingArray)}, {"a": THREE}),
    ("the same list twice", [[1]] * 2, [[1], [1]]),
]


@pytest.mark.parametrize(("value", "wanted"), table(PLAIN))
def test_plain_data_is_what_a_value_holds(value: Any, wanted: Any) -> None:
    observed = plain(value)
    assert is_plain(observed)
    assert alike(observed, wanted)


def test_a_mapped_file_is_read(tmp_path: Path) -> None:
    mapped = np.memmap(tmp_path / "numbers", "float32", "w+", shape=(3,))
    mapped[:] = THREE
    observed = plain(mapped)
    mapped[:] = 0
    assert type(observed) is np.ndarray
    assert alike(observed, THREE)


class PretendsToBeArray:
    """Has an array's interface, and nothing else of one."""

    def __array__(self, *arguments: Any, **options: Any) -> np.ndarray:
        return THREE

    shape, dtype, ndim = (3,), np.dtype("float32"), 1


def interface() -> Any:
    class Borrowed:
        __array_interface__ = THREE.__array_interface__

    return Borrowed()


def claiming(kind: type) -> Any:
    """An object that tells isinstance it is of another class."""

    class Claims(Lying):
        __class__ = kind  # type: ignore[assignment]

    return Claims()


@dataclass
class Record:
    x: int = 1


def cycle() -> list[Any]:
    inner: list[Any] = []
    inner.append({"again": inner})
    return inner


def nested(levels: int, wrap: Callable[[Any], Any] = lambda value: [value]) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = wrap(value)
    return value


UNUSABLE = [
    ("generator", (n for n in "ab"), "a generator, which has not computed anything yet"),
    ("map", map(int, "12"), "a map"),
    ("zip", zip("a", "b", strict=True), "a zip"),
    ("filter", filter(None, [1]), "a filter"),
    ("set", {1, 2}, "a set, which has no order"),
    ("frozenset", frozenset({1}), "a set"),
    ("function", len, "a function or class (len), not what it returns"),
    ("lambda", lambda: 1, "a function or class"),
    ("partial", functools.partial(len), "a function or class"),
    ("class", Record, "a function or class (Record)"),
    ("number class", np.float32, "a function or class (float32)"),
    ("module", np, "an object of type module"),
    ("instance", Record(), "an object of type Record"),
    ("bare object", object(), "an object of type object"),
    ("bytes", b"12", "an object of type bytes"),
    ("bytearray", bytearray(b"12"), "an object of type bytearray"),
    ("memoryview", memoryview(b"12"), "an object of type memoryview"),
    ("numpy bytes", np.bytes_(b"12"), "|S2"),
    ("array of bytes", np.array([b"12"]), "|S2"),
    ("enum", Colour.RED, "an object of type Colour"),
    ("date", datetime.date(2026, 1, 1), "an object of type date"),
    ("numpy date", np.datetime64("2026-01-01"), "datetime64"),
    ("array of durations", np.array([1], "timedelta64[s]"), "timedelta64"),
    ("deque", deque([1]), "an object of type deque"),
    ("list in disguise", UserList([1]), "an object of type UserList"),
    ("dict in disguise", UserDict(a=1), "an object of type UserDict"),
    ("view of a dict", {"a": 1}.keys(), "an object of type dict_keys"),
    ("array in disguise", PretendsToBeArray(), "an object of type PretendsToBeArray"),
    ("borrowed memory", interface(), "an object of type Borrowed"),
    ("claims to be an array", claiming(np.ndarray), "an object of type Claims"),
    ("claims to be a list", claiming(list), "an object of type Claims"),
    ("claims to be a dict", claiming(dict), "an object of type Claims"),
    ("claims to be an integer", claiming(int), "an object of type Claims"),
    ("claims to be a number", claiming(np.float64), "an object of type Claims"),
    ("array of objects", np.array([1, "a", None], object), "object"),
    ("scalar that lies", LyingScalar(3.5), "object"),
    ("array of liars", np.array([Lying()], object), "object"),
    ("structured array", np.zeros(2, [("x", "f4"), ("y", "i4")]), "(ragged rows, or objects)"),
    ("masked array", np.ma.array([1, 2], mask=[True, False]), "a masked array"),
    ("masked value", np.ma.masked, "a masked array"),
    ("masked array with nothing masked", np.ma.array([1, 2]), "a masked array"),
    ("dict with numbers for keys", {1: "a"}, "a dict has a key of type int"),
    ("dict with a liar for a key", {LyingStr("a"): 1}, "a dict has a key of type LyingStr"),
    ("dict with numpy text for a key", {np.str_("a"): 1}, "a dict has a key of type str_"),
    ("cycle", cycle(), "nested more than 24 levels deep"),
    ("deep nesting", nested(30), "nested more than 24 levels deep"),
    ("deep dicts", nested(30, lambda value: {"a": value}), "nested more than 24 levels deep"),
    ("deeper than Python recurses", nested(100_000), "nested more than 24 levels deep"),
]


@pytest.mark.parametrize(("value", "reason"), table(UNUSABLE))
def test_what_holds_no_plain_data_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(UnusableValue) as caught:
        plain(value)
    assert reason in str(caught.value)


def test_nothing_of_a_lying_object_runs() -> None:
    class Alarm(list):  # type: ignore[type-arg]
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(f"asked for {name}")

        def __iter__(self) -> Any:
            raise AssertionError("iterated")

        __len__ = __getitem__ = __eq__ = __bool__ = __reversed__ = __contains__ = __iter__  # type: ignore[assignment]
        __hash__ = None  # type: ignore[assignment]

    assert plain(Alarm([1, 2])) == [1, 2]


def test_up_to_24_levels_are_read() -> None:
    assert plain(nested(24)) == nested(24)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([1, {"a": (2, {3})}], "[1]['a'][1]"),
        ({"a": [1, np.array([None])]}, "['a'][1]"),
        ({"a": {"b": {2: 1}}}, "['a']['b']"),
        ([np.ma.array([1])], "[0]"),
    ],
)
def test_the_message_says_which_part(value: Any, path: str) -> None:
    with pytest.raises(UnusableValue) as caught:
        plain(value)
    assert f" at {path}" in str(caught.value)
    with pytest.raises(UnusableValue) as whole:
        plain({1, 2})
    assert " at " not in str(whole.value)


@pytest.mark.parametrize(
    "value",
    [
        range(10**30),
        range(6_000_000),
        np.broadcast_to(np.float32(1), (10**6, 10**6)),  # 4 TB, were it copied
        np.broadcast_to(np.float32(1), (10**6, 10**6)).view(LyingArray),
        [np.broadcast_to("a", (10**9,))],
        np.zeros(5_000_001, bool),
        [np.zeros(2_000_000, bool)] * 3,
    ],
    ids=["endless range", "range", "broadcast", "lying about its size", "texts", "array", "arrays"],
)
def test_too_much_is_refused_before_it_is_copied(value: Any) -> None:
    with pytest.raises(UnusableValue, match="more than 5,000,000 values"):
        plain(value)


@pytest.mark.parametrize("value", [[0] * 10, {str(n): 0 for n in range(10)}, [[]] * 10, [np.zeros(2)] * 5])
def test_everything_counts(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras_kata.observation.MOST_ITEMS", 16)
    plain(value)
    monkeypatch.setattr("keras_kata.observation.MOST_ITEMS", 10)
    with pytest.raises(UnusableValue, match="more than"):
        plain(value)


def test_much_is_accepted() -> None:
    assert plain(np.zeros(4_999_000, bool)).shape == (4_999_000,)


@pytest.mark.parametrize(
    "wrap", [lambda a: a, lambda a: [a], lambda a: {"a": (a,)}], ids=["bare", "list", "dict"]
)
@pytest.mark.parametrize("view", [np.ndarray, np.matrix], ids=lambda kind: kind.__name__)
def test_arrays_are_copied(wrap: Any, view: type) -> None:
    buffer = np.ones((2, 2))
    observed = plain(wrap(buffer.view(view)))
    before = repr(observed)
    buffer[:] = 0
    assert repr(observed) == before


def test_tensors_are_copied() -> None:
    buffer = np.ones(2)
    observed = plain(Record(), lambda _: buffer)
    buffer[:] = 0
    assert alike(observed, np.ones(2))


def test_lists_and_dicts_are_copied() -> None:
    value: dict[str, Any] = {"a": [1, {"b": 2}]}
    observed = plain(value)
    value["a"][1]["b"] = 3
    value["a"].append(4)
    value["c"] = 5
    assert observed == {"a": [1, {"b": 2}]}


class Tensor:
    """A framework's own type."""

    def __init__(self, values: Any) -> None:
        self.values = values


def as_array(value: Any) -> np.ndarray | None:
    if not isinstance(value, Tensor):
        return None
    if value.values is None:
        raise ValueError("a symbolic tensor, which has no values")
    return np.asarray(value.values)


def test_tensors_are_converted_wherever_they_are() -> None:
    observed = plain({"a": [Tensor([1.0, 2.0]), 3]}, as_array)
    assert alike(observed, {"a": [np.array([1.0, 2.0]), 3]})


@pytest.mark.parametrize(
    ("values", "reason"),
    [(None, "a symbolic tensor, which has no values at [0]"), ([object()], "object"), ([b"a"], "|S1")],
)
def test_tensors_without_numbers_are_refused(values: Any, reason: str) -> None:
    with pytest.raises(UnusableValue) as caught:
        plain([Tensor(values)], as_array)
    assert reason in str(caught.value)


def test_bfloat16_becomes_float32() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    assert alike(plain(np.array([0.5, 3], ml_dtypes.bfloat16)), np.array([0.5, 3], "float32"))


class Odd(int):
    """Unequal even to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = int.__hash__


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers().map(Odd),
    st.floats(),
    st.floats(width=32).map(np.float32),
    st.complex_numbers(),
    st.text(max_size=4),
    st.text(max_size=4).map(np.str_),
    st.fractions(),
    st.just(REJECTED),
    st.builds(range, st.integers(0, 4)),
    arrays.arrays(
        st.one_of(
            arrays.boolean_dtypes(),
            arrays.integer_dtypes(endianness="?"),
            arrays.unsigned_integer_dtypes(endianness="?"),
            arrays.floating_dtypes(endianness="?"),
            arrays.complex_number_dtypes(endianness="?"),
            arrays.unicode_string_dtypes(endianness="?"),
        ),
        arrays.array_shapes(min_dims=0, min_side=0, max_dims=3, max_side=3),
    ),
)


@given(
    st.recursive(
        LEAVES,
        lambda part: st.one_of(
            st.lists(part, max_size=3),
            st.lists(part, max_size=3).map(tuple),
            st.dictionaries(st.text(max_size=3), part, max_size=3),
        ),
        max_leaves=8,
    )
)
def test_plain_data_stays_as_it_is(value: Any) -> None:
    once = plain(value)
    assert is_plain(once)
    assert alike(plain(once), once)
