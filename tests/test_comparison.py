"""Whether two observations agree: what is accepted, what is refused, and where they first differ."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keras_kata.authoring import (
    REJECTED,
    ByKey,
    Case,
    Comparator,
    SameSet,
    accepts,
    at_least_accuracy,
    by_key,
    close,
    exact,
    same_set,
)
from keras_kata.comparison import compare, describe_kind, same
from keras_kata.observation import plain
from keras_kata.verdicts import Difference

NAN, INF = float("nan"), float("inf")
CLOSE = close()
RAISES_NO_WARNING = pytest.mark.filterwarnings("error")


def differ(
    expected: Any, received: Any, rule: Comparator = CLOSE, case: Case | None = None
) -> Difference | None:
    return compare(plain(expected), plain(received), rule, case or {})


def table(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Parameters whose first column says what a row shows."""
    return [pytest.param(*values, id=name) for name, *values in rows]


def f32(*values: float) -> np.ndarray:
    return np.array(values, "float32")


SHAPES = [
    ("one number for a vector of one", f32(1), 1.0),
    ("a vector of one for one number", 1.0, f32(1)),
    ("a row for a vector", f32(1, 2), f32(1, 2)[None]),
    ("a column for a vector", f32(1, 2), f32(1, 2)[:, None]),
    ("one value that would broadcast", f32(3, 3), 3.0),
    ("one row that would broadcast", np.ones((2, 3)), np.ones((1, 3))),
    ("the transpose", np.ones((2, 3)), np.ones((3, 2))),
    ("the same values in another shape", np.ones((2, 3)), np.ones(6)),
    ("nothing for something", f32(1, 2), f32()),
    ("nothing for one number", 1.0, []),
    ("an empty array for one number", 3.0, f32()),
    ("something for nothing", f32(), f32(0)),
    ("an empty array of another shape", np.zeros((0, 3)), np.zeros((0, 2))),
    ("an empty array of fewer axes", np.zeros((0, 3)), np.zeros(0)),
    ("an empty array for an empty list", [], np.zeros((0, 3))),
    ("an empty list where rows are asked", np.zeros((2, 0)), []),
    ("one zero for no values", np.zeros((0,)), 0.0),
    ("a list in a list", [1.0, 2.0], [[1.0, 2.0]]),
    ("a shorter list", [1.0, "a"], [1.0]),
    ("a longer list", [1.0, "a"], [1.0, "a", "a"]),
    ("even rows for ragged ones", [[1, 2], [3]], [[1, 2], [3, 0]]),
    ("ragged rows for even ones", [[1, 2], [3, 0]], [[1, 2], [3]]),
    ("an array for ragged rows", [[1, 2], [3]], np.array([1, 2, 3])),
]


@pytest.mark.parametrize(("expected", "received"), table(SHAPES))
@pytest.mark.parametrize("rule", [close(), exact()], ids=["close", "exact"])
def test_shapes_must_be_equal(expected: Any, received: Any, rule: Comparator) -> None:
    assert differ(expected, received, rule) is not None
    assert differ(expected, expected, rule) is None


SAME = [
    ("list for array", f32(1, 2), [1.0, 2.0]),
    ("tuple for list", [1.0, 2.0], (1.0, 2.0)),
    ("tuple of arrays for list of lists", [[1.0], [2.0]], (f32(1), f32(2))),
    ("nested list for matrix", np.eye(2), [[1, 0], [0, 1]]),
    ("array for list", [1.0, 2.0], f32(1, 2)),
    ("zero-dimensional array for number", 1.0, np.array(1.0)),
    ("number for zero-dimensional array", np.array(1.0), 1.0),
    ("numpy scalar for number", 1.0, np.float32(1)),
    ("list of numpy scalars for array", f32(1, 2), [np.float32(1), np.float64(2)]),
    ("list of zero-dimensional arrays for array", f32(1, 2), [np.array(1.0), np.array(2)]),
    ("integers for floats", f32(1, 2), [1, 2]),
    ("whole floats for integers", [1, 2], f32(1, 2)),
    ("int8 for int64", np.array([1, 2], "int64"), np.array([1, 2], "int8")),
    ("uint64 for int64", np.array([1, 2], "int64"), np.array([1, 2], "uint64")),
    ("integers beside floats for floats", f32(1, 0.5), [1, 0.5]),
    ("float32 array for a list that mixes kinds", [1, 0.5], f32(1, 0.5)),
    ("float64 array for a list that mixes kinds", [1, 0.5], np.array([1, 0.5])),
    ("matrix for rows that mix kinds", [[1, 0.5], [2, 0.25]], np.array([[1, 0.5], [2, 0.25]], "float32")),
    ("float32 scalars for a list that mixes kinds", [1, 0.5], [np.float32(1), np.float32(0.5)]),
    ("list of booleans for array of them", np.array([True, False]), [True, False]),
    ("numpy's boolean for Python's", True, np.True_),
    ("empty list for an empty table", np.zeros((0, 3)), []),
    ("empty list for an empty array", np.zeros(0), []),
    ("empty integers for an empty list", [], np.zeros(0, "int64")),
    ("empty booleans for an empty list", [], np.zeros(0, bool)),
    ("empty floats for empty integers", np.zeros(0, "int64"), np.zeros(0)),
    ("rows without entries", np.zeros((2, 0)), [[], []]),
    ("ragged rows in arrays", [[1, 2], [3]], [np.array([1, 2]), np.array([3])]),
    ("ragged rows in a tuple", [[1, 2], [3]], ((1, 2), (3,))),
    ("minus zero", 0.0, -0.0),
    ("fraction", 0.5, Fraction(1, 2)),
    ("numpy's text", "same", np.str_("same")),
    ("array of texts", ["a", "b"], np.array(["a", "b"])),
    ("None", None, None),
    ("dict in another order", {"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ("other byte order", f32(1, 2), np.array([1, 2], ">f4")),
    ("real numbers for complex ones", np.array([1 + 0j, 2]), f32(1, 2)),
    ("Python's complex number", np.array(1 + 2j), 1 + 2j),
    ("complex64 for complex128", np.array([0.1 + 0.1j]), np.array([0.1 + 0.1j], "complex64")),
]


@pytest.mark.parametrize(("expected", "received"), table(SAME))
def test_right_answers_may_come_in_other_types(expected: Any, received: Any) -> None:
    assert differ(expected, received) is None


KINDS = [
    ("True for 1", 1, True),
    ("1 for True", True, 1),
    ("1.0 for True", True, 1.0),
    ("booleans for integers", np.array([0, 1]), np.array([False, True])),
    ("booleans for floats", f32(0, 1), [False, True]),
    ("floats for booleans", np.array([False, True]), f32(0, 1)),
    ("one boolean among numbers", [1.0, 0.5], [True, 0.5]),
    ("one number among booleans", [True, False], [True, 0]),
    ("None for a number", 1.0, None),
    ("a number for None", None, 0),
    ("False for None", None, False),
    ("an empty list for None", None, []),
    ("None in a list", [1.0, 2.0], [1.0, None]),
    ("text for a number", 1.0, "1.0"),
    ("a number for text", "1.0", 1.0),
    ("None for text", "None", None),
    ("text for None", None, "None"),
    ("a list for text", "ab", ["a", "b"]),
    ("text for a list", ["a", "b"], "ab"),
    ("a list of one text for text", "a", ["a"]),
    ("a number for a list of texts", ["a"], 1),
    ("a list for a dict", {"a": 1}, [1]),
    ("a dict for a list", [1], {"0": 1}),
    ("a dict for a number", 1, {"a": 1}),
    ("a number for a dict", {"a": 1}, 1),
    ("a number for an empty dict", {}, 0),
    ("an empty list for an empty dict", {}, []),
    ("an empty dict for an empty list", [], {}),
    ("complex for float", f32(1, 2), np.array([1 + 0j, 2])),
    ("complex for integer", 1, 1 + 0j),
]


@pytest.mark.parametrize(("expected", "received"), table(KINDS))
@pytest.mark.parametrize("rule", [close(1.0, 1.0), exact()], ids=["close", "exact"])
def test_kinds_are_not_mixed_up(expected: Any, received: Any, rule: Comparator) -> None:
    assert differ(expected, received, rule) is not None


VALUES = [
    ("another text", "same", "sane"),
    ("text in another case", "same", "Same"),
    ("text with a space", "same", "same "),
    ("a value", 1.0, 1.001),
    ("a sign", 1.0, -1.0),
    ("one of many", np.zeros(100), np.eye(1, 100, 57)[0]),
    ("off by one", 7, 8),
    ("a large integer off by one", 10_000, 10_001),
    ("an integer that is almost whole", 3, 3.0000001),
    ("a large integer beside a float", [0.5, 10_000], [0.5, 10_001]),
    ("a large integer beside a float, in an array", [0.5, 10_000], np.array([0.5, 10_001])),
    ("an integer in a row that mixes kinds", [[0.5, 10_000], [1, 2]], [[0.5, 10_001], [1, 2]]),
    ("integers in rows that all mix kinds", [[0.5, 10_000], [1.5, 2]], [[0.5, 10_001], [1.5, 2]]),
    ("the largest floats of both signs", 1.7e308, -1.7e308),
    ("beyond the integers that floats hold", 2**53 + 1, float(2**53)),
    ("in an array beyond the integers that floats hold", np.array([2**53 + 1]), np.array([2.0**53])),
    ("an integer of 64 bits", 2**63 - 1, 2**63 - 2),
    ("an integer of 64 bits for a float of that size", 2**63 - 1, float(2**63)),
    ("integers of 64 bits of both signs", [2**63, -1], [2**63 + 1, -1]),
    ("rows of 64-bit integers of both signs", [[2**63], [-1]], [[2**63 + 1], [-1]]),
    ("integers of over 64 bits", 10**30, 10**30 + 1),
    ("integers of over 64 bits in a list", [10**30, 1], [10**30 + 1, 1]),
    ("a float for an integer of over 64 bits", 10**30, 1e30),
    ("integers beyond every float", 10**400, 10**400 + 1),
    ("an integer beyond every float for a float", 1.0, 10**400),
    ("an integer beyond every float in a list", [1.0, 2.0], [1.0, 10**400]),
    ("an integer beyond every float for infinity", INF, 10**400),
    ("an integer that wraps around", np.array([255], "uint8"), np.array([-1], "int8")),
    ("minus one as a large unsigned integer", np.array([-1]), np.array([2**64 - 1], "uint64")),
    ("one part of a complex number", np.array([1 + 1j]), np.array([1 - 1j])),
    ("NaN for a number", 1.0, NAN),
    ("a number for NaN", NAN, 1.0),
    ("NaN for an integer", 0, NAN),
    ("NaN in one place only", f32(NAN, 1), f32(NAN, NAN)),
    ("NaN in another place", f32(NAN, 1), f32(1, NAN)),
    ("infinity for a number", 1e300, INF),
    ("a number for infinity", INF, 1e300),
    ("the other infinity", INF, -INF),
    ("NaN for infinity", INF, NAN),
    ("infinity for NaN", NAN, INF),
    ("infinity for an integer", 5, INF),
    ("infinity in a complex number", np.array([complex(INF, 0)]), np.array([complex(-INF, 0)])),
    ("a key is missing", {"a": 1, "b": 2}, {"a": 1}),
    ("a key too many", {"a": 1}, {"a": 1, "b": 2}),
    ("another key", {"a": 1}, {"b": 1}),
    ("a value in a dict", {"a": 1}, {"a": 2}),
    ("a value in a dict in a list", [{"a": "x"}], [{"a": "y"}]),
    ("the order of a list", ["a", "b"], ["b", "a"]),
]


@RAISES_NO_WARNING
@pytest.mark.parametrize(("expected", "received"), table(VALUES))
@pytest.mark.parametrize("rule", [close(), exact()], ids=["close", "exact"])
def test_other_values_differ(expected: Any, received: Any, rule: Comparator) -> None:
    assert differ(expected, received, rule) is not None
    assert differ(received, expected, exact()) is not None
    assert differ(expected, expected, rule) is None
    assert differ(received, received, rule) is None


@pytest.mark.parametrize("rule", [close(), exact()], ids=["close", "exact"])
def test_nan_and_infinities_equal_themselves(rule: Comparator) -> None:
    values = f32(NAN, INF, -INF, 1)
    assert differ(values, values.tolist(), rule) is None
    assert differ(NAN, np.float32(NAN), rule) is None
    assert differ({"loss": [NAN]}, {"loss": [NAN]}, rule) is None
    assert differ(np.array([complex(NAN, 0)]), np.array([complex(NAN, 0)]), rule) is None


TOLERANCES = [
    ("rounding to float32", np.array([0.1, 1 / 3]), f32(0.1, 1 / 3), close(), True),
    ("exactly half, whatever its width", 0.5, np.float32(0.5), exact(), True),
    ("rounding to float32, told exactly", 0.1, np.float32(0.1), exact(), False),
    ("within rtol", 100.0, 100.009, close(), True),
    ("beyond rtol", 100.0, 100.011, close(), False),
    ("rtol is of what is expected", 100.0, 200.0, close(rtol=0.6, atol=0), False),
    ("within atol", 0.0, 9e-6, close(), True),
    ("beyond atol", 0.0, 1.1e-5, close(), False),
    ("no tolerance", 1.0, 1.0 + 1e-12, close(0, 0), False),
    ("float16 received", 100.0, np.float16(100.06), close(), True),
    ("float16 expected", np.float16(100.06), 100.0, close(), True),
    ("float16 is not that inexact", 100.0, np.float16(100.5), close(), False),
    ("float16 is nearer than that", 100.0, np.float16(100.25), close(), False),
    ("a wider tolerance than float16's", 100.0, np.float16(100.5), close(rtol=0.01), True),
    ("float16 in a list", [100.0, 1.0], [np.float16(100.06), np.float16(1)], close(), True),
    ("tolerance is not for integers", 10_000, 10_000.5, close(), False),
    ("nor in a float that stands for one", [10_000], np.array([10_000.001]), close(rtol=0.1), False),
    ("complex, by its distance", np.array([3 + 4j]), np.array([3 + 4.0004j]), close(), True),
    ("complex, too far", np.array([3 + 4j]), np.array([3 + 4.001j]), close(), False),
]


@pytest.mark.parametrize(("expected", "received", "rule", "agrees"), table(TOLERANCES))
def test_tolerance(expected: Any, received: Any, rule: Comparator, agrees: bool) -> None:
    assert (differ(expected, received, rule) is None) is agrees


def test_bfloat16_is_compared_as_the_float32_that_it_is() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    assert differ(f32(0.5, 256), np.array([0.5, 256], ml_dtypes.bfloat16)) is None
    assert differ(f32(0.1), np.array([0.1], ml_dtypes.bfloat16)) is not None
    assert differ(f32(0.1), np.array([0.1], ml_dtypes.bfloat16), close(rtol=4e-3)) is None


@pytest.mark.parametrize(
    ("expected", "received", "agrees"),
    [
        (3, 3, True),
        (3, np.int8(3), True),
        (3, 3.0, False),
        (3.0, 3, False),
        (f32(3), [3], False),
        (np.array([3]), f32(3), False),
        ([3, 0.5], [3, 0.5], True),
        ([3, 0.5], [3.0, 0.5], False),
        (10**30, 10**30, True),
        (2.5, np.float32(2.5), True),
    ],
)
@pytest.mark.parametrize(
    "rule", [close(whole_numbers=True), exact(whole_numbers=True)], ids=["close", "exact"]
)
def test_whole_numbers_must_be_integers_where_it_is_said(
    expected: Any, received: Any, agrees: bool, rule: Comparator
) -> None:
    assert (differ(expected, received, rule) is None) is agrees


@pytest.mark.parametrize(
    ("expected", "received", "agrees"),
    [
        (1, True, True),
        (True, 1, True),
        (True, 1.0, True),
        (0.0, False, True),
        (True, 2, False),
        (True, 0.5, False),
        (False, True, False),
        (2, True, False),
        (np.array([True, False]), f32(1, 0), True),
        (f32(1, 0.5), [True, 0.5], True),
        (f32(1, 0.5), [False, 0.5], False),
    ],
)
@pytest.mark.parametrize(
    "rule", [close(booleans_are_numbers=True), exact(booleans_are_numbers=True)], ids=["close", "exact"]
)
def test_booleans_are_numbers_where_it_is_said(
    expected: Any, received: Any, agrees: bool, rule: Comparator
) -> None:
    assert (differ(expected, received, rule) is None) is agrees


PLACES = [
    (1.0, 2.0, Difference("value", "", 1.0, 2.0)),
    (f32(0, 0), f32(0, 1), Difference("1 of 2 values", "[1]", 0.0, 1.0)),
    (np.zeros((2, 2)), np.eye(2), Difference("2 of 4 values", "[0, 0]", 0.0, 1.0)),
    (np.zeros((1, 1)), np.ones((1, 1)), Difference("value", "[0, 0]", 0.0, 1.0)),
    ([1, 0.5, 3], [1, 0.5, 4], Difference("value", "[2]", 3, 4)),
    ([[1, 2], [3, 4]], [[1, 2], [3, 5]], Difference("1 of 4 values", "[1, 1]", 4, 5)),
    ([["a"]], [1.0], Difference("kind", "[0]", ["a"], 1.0)),
    ([True], [1], Difference("kind integer instead of True/False", "", np.array([True]), np.array([1]))),
    ([1], [1j], Difference("kind complex instead of integer", "", np.array([1]), np.array([1j]))),
    ({"a": [1, "x"]}, {"a": [1, "y"]}, Difference("value", "['a'][1]", "x", "y")),
    ({"a": {"b": "x"}}, {"a": {"b": None}}, Difference("value", "['a']['b']", "x", None)),
    ([[1, 2], [3]], [[1, 2], [4]], Difference("value", "[1][0]", 3, 4)),
    ([1.0, 2.0], [1.0, "two"], Difference("kind", "[1]", np.array(2.0), "two")),
    ([10**30], [1], Difference("value", "[0]", 10**30, 1)),
    (["a", "b"], ["a"], Difference("length 1 instead of 2", "", ["a", "b"], ["a"])),
    ({"a": 1, "b": 2}, {"a": 5}, Difference("the key 'b' is missing", "", ["a", "b"], ["a"])),
    ({"a": 1}, {"a": 5, "c": 2}, Difference("the key 'c' is not asked for", "", ["a"], ["a", "c"])),
    ([{"a": 1}], [{}], Difference("the key 'a' is missing", "[0]", ["a"], [])),
]


@pytest.mark.parametrize(("expected", "received", "difference"), PLACES)
def test_the_first_place_where_they_differ_is_told(
    expected: Any, received: Any, difference: Difference
) -> None:
    found = differ(expected, received)
    assert repr(found) == repr(difference)


def test_reasons_name_shapes_and_kinds() -> None:
    def reason(expected: Any, received: Any, rule: Comparator = CLOSE) -> str:
        difference = differ(expected, received, rule)
        assert difference is not None
        return difference.reason

    assert reason(np.ones((2, 3)), np.ones((3, 2))) == "shape (3, 2) instead of (2, 3)"
    assert reason(np.ones((2, 2)), [[1.0, 1.0], [1.0]]) == "shape (1,) instead of (2,)"
    assert reason(1, True) == "kind True/False instead of integer"
    assert reason(1, 1.0, exact(whole_numbers=True)) == "kind float instead of integer"
    assert reason(1, 1 + 0j) == "kind complex instead of integer"
    assert "None" in reason(1.0, None)


ALL_RULES = [
    close(),
    exact(),
    same_set(),
    by_key({"a": exact()}),
    at_least_accuracy(0.5),
]


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: type(rule).__name__)
def test_a_rejection_equals_only_a_rejection(rule: Comparator) -> None:
    case = {"_labels": np.array([0, 1])}
    assert differ(REJECTED, REJECTED, rule, case) is None
    for value in (None, [], 0, {"a": 1}, "rejected", f32(0, 1)):
        allowed, refused = differ(REJECTED, value, rule, case), differ(value, REJECTED, rule, case)
        assert allowed is not None
        assert allowed.reason == "these arguments must be rejected"
        assert refused is not None
        assert refused.reason == "these arguments are allowed"


def test_a_rejection_inside_an_observation_is_compared_there() -> None:
    assert differ([REJECTED, 1.0], [REJECTED, 1.0]) is None
    assert differ([REJECTED, 1.0], [1.0, REJECTED]) == Difference(
        "these arguments must be rejected", "[0]", REJECTED, 1.0
    )
    assert differ({"a": 1.0}, {"a": REJECTED}) == Difference(
        "these arguments are allowed", "['a']", 1.0, REJECTED
    )


SETS = [
    ("in another order", [1, 2, 3], [3, 1, 2], True),
    ("as an array", [1, 2, 3], np.array([3, 2, 1]), True),
    ("of floats in an array", f32(0.5, 1), f32(1, 0.5), True),
    ("floats for integers", np.array([3, 1]), f32(1, 3), True),
    ("with a duplicate", [1, 1, 2], [1, 2, 1], True),
    ("with another duplicate", [1, 1, 2], [1, 2, 2], False),
    ("with one too few", [1, 1, 2], [1, 2], False),
    ("with one too many", [1, 2], [1, 2, 2], False),
    ("with far too many", [1, 2], [1, 2] * 20, False),
    ("of nothing", [], [], True),
    ("of nothing, in an array", [], np.zeros(0), True),
    ("something for nothing", [], [1], False),
    ("nothing for something", [1], [], False),
    ("of texts", ["a", "b"], ["b", "a"], True),
    ("of other texts", ["a", "b"], ["b", "c"], False),
    ("of pairs", [[1, 2], [3, 4]], [(3, 4), (1, 2)], True),
    ("of pairs the other way round", [[1, 2], [3, 4]], [[2, 1], [4, 3]], False),
    ("of rows", np.array([[1, 2], [3, 4]]), np.array([[3, 4], [1, 2]]), True),
    ("of dicts", [{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}], True),
    ("of booleans for numbers", [0, 1], [True, False], False),
    ("no list", [1], 1, False),
    ("a dict", [1], {"a": 1}, False),
    ("None", [1], None, False),
    ("one number in no dimension", [1], np.array(1), False),
]


@pytest.mark.parametrize(("expected", "received", "agrees"), table(SETS))
def test_same_set(expected: Any, received: Any, agrees: bool) -> None:
    assert (differ(expected, received, same_set()) is None) is agrees
    assert same(plain(expected), plain(received), same_set()) is agrees


def test_the_items_of_a_set_have_their_own_rule() -> None:
    assert differ([0.1, 0.2], f32(0.2, 0.1), same_set()) is not None
    assert differ([0.1, 0.2], f32(0.2, 0.1), same_set(close())) is None
    assert differ([1, 2], [2.0, 1.0], same_set(exact(whole_numbers=True))) is not None


def test_a_set_names_the_item_that_is_missing_or_too_many() -> None:
    def reason(expected: Any, received: Any) -> str:
        difference = differ(expected, received, same_set())
        assert difference is not None
        return difference.reason

    assert reason(["a", "b"], ["a", "a"]) == "'b' is missing, or there too seldom"
    assert reason(["a"], ["a", "b"]) == "'b' is there and should not be, or too often"
    assert reason(f32(1, 2), f32(1, 3)) == "2.0 is missing, or there too seldom"
    assert reason([1], [1] * 100) == "100 items instead of 1"
    assert differ([1], 1, same_set()) == Difference("kind", "", [1], 1)
    whole = differ([1], [2], same_set())
    assert whole is not None
    assert (whole.path, whole.expected, whole.received) == ("", [1], [2])


KEYS = by_key({"names": same_set(), "loss": close(0, 0.1), "predictions": at_least_accuracy(0.5)}, exact())
KEYS_CASE = {"_labels": np.array([0, 1])}


def observed(**changes: Any) -> dict[str, Any]:
    return {"names": ["a", "b"], "loss": 1.0, "predictions": [0, 1], "count": 3} | changes


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"names": ["b", "a"]}, None),
        ({"names": ["b", "b"]}, "['names']"),
        ({"loss": 1.09}, None),
        ({"loss": 1.11}, "['loss']"),
        ({"predictions": [0, 0]}, None),
        ({"predictions": [1, 0]}, "['predictions']"),
        ({"count": 3.0000001}, "['count']"),
        ({"count": REJECTED}, "['count']"),
        ({"other": 1}, ""),
    ],
)
def test_each_key_is_compared_in_its_own_way(changes: dict[str, Any], path: str | None) -> None:
    difference = differ(observed(), observed(**changes), KEYS, KEYS_CASE)
    assert (None if difference is None else difference.path) == path


def test_keys_are_asked_for_where_they_are_compared_apart() -> None:
    rule = by_key({"a": exact()})
    assert differ({"a": 1}, {}, rule) == Difference("the key 'a' is missing", "", ["a"], [])
    assert differ({"a": 1}, [1], rule) == Difference("kind", "", {"a": 1}, [1])
    assert differ({"a": [1, 2]}, {"a": [1, 3]}, rule) == Difference("1 of 2 values", "['a'][1]", 2, 3)


LABELS = np.array([0, 0, 1, 2])
GOOD_SCORES = np.eye(3, dtype="float32")[LABELS]
NO_NUMBERS = np.full((4, 3), NAN, "float32")


def scores(**rows: Any) -> np.ndarray:
    changed = GOOD_SCORES.copy()
    for row, values in rows.items():
        changed[int(row[1:])] = values
    return changed


PREDICTIONS = [
    ("right labels", LABELS, 1.0),
    ("right labels in a list", [0, 0, 1, 2], 1.0),
    ("right labels as floats", f32(0, 0, 1, 2), 1.0),
    ("one wrong", [0, 0, 1, 1], 0.75),
    ("none right", [1, 1, 2, 0], 0.0),
    ("labels that are almost right", f32(0.4, 0.4, 1.4, 2.4), 0.0),
    ("NaN for a label", [NAN, 0, 1, 2], 0.75),
    ("a huge label", [10**400, 0, 1, 2], 0.75),
    ("right scores", GOOD_SCORES, 1.0),
    ("right scores in lists", GOOD_SCORES.tolist(), 1.0),
    ("logits", GOOD_SCORES * 20 - 10, 1.0),
    ("scores with one wrong row", scores(r3=[0, 1, 0]), 0.75),
    ("scores of NaN are no prediction of class 0", NO_NUMBERS, 0.0),
    ("a row of NaN", scores(r0=NAN), 0.75),
    ("one NaN in a row, at the right place", scores(r0=[NAN, 0, 0]), 0.75),
    ("one NaN in a row, elsewhere", scores(r0=[1, 0, NAN]), 0.75),
    ("the same scores for all", np.ones((4, 3)), 0.5),
]


@RAISES_NO_WARNING
@pytest.mark.parametrize(("received", "share"), table(PREDICTIONS))
def test_accuracy(received: Any, share: float) -> None:
    case = {"_labels": LABELS}
    assert differ(None, received, at_least_accuracy(share), case) is None
    if share < 1:
        difference = differ(None, received, at_least_accuracy(share + 0.01), case)
        assert difference is not None
        assert (difference.expected, difference.received) == (share + 0.01, share)


@RAISES_NO_WARNING
@pytest.mark.parametrize(
    "received",
    [
        None,
        [],
        1,
        "labels",
        {"labels": LABELS},
        [0, 0, 1],
        [0, 0, 1, 2, 0],
        np.zeros((4, 1)),
        np.zeros((4, 0)),
        np.zeros((3, 3)),
        np.zeros((1, 4)),
        np.zeros((4, 3, 1)),
        np.zeros((4, 3, 0)),
        np.array(0),
        [[1.0, 0.0], [1.0]],
        [None] * 4,
    ],
    ids=repr,
)
def test_accuracy_asks_for_one_prediction_each(received: Any) -> None:
    difference = differ(None, received, at_least_accuracy(0), {"_labels": LABELS})
    assert difference is not None
    assert difference.reason == "shape: labels (4,) or scores (4, classes) are asked"


def test_accuracy_says_what_most_predictions_are() -> None:
    def reason(received: Any) -> str:
        difference = differ(None, received, at_least_accuracy(0.9, "_truth"), {"_truth": LABELS})
        assert difference is not None
        return difference.reason

    assert reason([1, 1, 1, 0]) == "accuracy 0.250, at least 0.900 is asked; 3 of 4 predictions are 1"
    assert reason(NO_NUMBERS) == "accuracy 0.000, at least 0.900 is asked; 4 of 4 predictions are NaN"


@RAISES_NO_WARNING
def test_without_labels_nothing_is_right() -> None:
    difference = differ(None, np.zeros(0), at_least_accuracy(0.5), {"_labels": np.zeros(0, int)})
    assert difference is not None
    assert difference.reason == "accuracy 0.000, at least 0.500 is asked"


def test_a_check_of_the_authors_needs_no_reference() -> None:
    def shorter(received: Any, case: Case) -> str | None:
        return None if len(received) < case["_most"] else "too long"

    assert differ("anything", [1, 2], accepts(shorter), {"_most": 3}) is None
    assert differ("anything", [1, 2], accepts(shorter), {"_most": 2}) == Difference(
        "too long", received=[1, 2]
    )
    assert differ(None, REJECTED, accepts(lambda *_: None)) is None


@pytest.mark.parametrize(
    ("one", "other", "rule", "alike"),
    [
        (1.0, 1.00001, close(), True),
        (1.0, 1.1, close(), False),
        (1.0, 1.00001, exact(), False),
        (NAN, NAN, exact(), True),
        (REJECTED, REJECTED, same_set(), True),
        (REJECTED, None, same_set(), False),
        (None, None, same_set(), True),
        (None, [1], same_set(), False),
        (1, [1], same_set(), False),
        ({"a": 1}, [1], same_set(), False),
        ([1, 2], [2, 1], same_set(), True),
        ([1, 2], [2, 1], accepts(lambda *_: None), False),
        ([1, 2], [1, 2], accepts(lambda *_: "no"), True),
        ([0, 1], [0, 1], at_least_accuracy(0.5), True),
        ([0, 1], [1, 1], at_least_accuracy(0.5), False),
        ({"a": [1, 2]}, {"a": [2, 1]}, by_key({"a": same_set()}), True),
        ({"a": [1, 2], "b": 1}, {"a": [2, 1], "b": 2}, by_key({"a": same_set()}), False),
        ({"a": [1]}, {"a": [1], "b": 2}, by_key({"a": same_set()}), False),
        ({"b": 1}, {"a": 1}, by_key({"a": same_set()}), False),
        (None, {"a": 1}, by_key({"a": exact()}), False),
        ({"a": 1}, None, by_key({"a": exact()}), False),
        ({"a": 1}, ["a"], by_key({"a": exact()}), False),
        ({"a": 1}, "a", by_key({"a": exact()}), False),
        (None, None, by_key({"a": exact()}), True),
    ],
)
def test_two_wrong_observations_may_be_the_same(one: Any, other: Any, rule: Comparator, alike: bool) -> None:
    assert same(plain(one), plain(other), rule) is alike


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.zeros((2, 3), "float32"), "float32 array (2, 3)"),
        (np.array(1, "int8"), "int8 number"),
        (1, "integer"),
        (10**30, "integer"),
        (True, "bool"),
        (1.5, "float"),
        ("a", "text"),
        ({}, "dict"),
        ([1, 2], "list of shape (2,)"),
        ([1, 10**30], "list of shape (2,)"),
        ([[1], [1, 2]], "list of 2"),
        (["a"], "list of 1"),
        (None, ""),
        (REJECTED, ""),
    ],
    ids=repr,
)
def test_a_kind_in_few_words(value: Any, text: str) -> None:
    assert describe_kind(value) == text


NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=3),
    st.just(REJECTED),
    arrays.arrays(
        st.sampled_from(["float16", "float32", "float64", "int8", "uint64", "bool", "complex64"]),
        arrays.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3),
    ),
)
OBSERVATIONS = st.recursive(
    NUMBERS, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=2), part, max_size=2)
)


@given(OBSERVATIONS, st.sampled_from([close(), exact(), same_set(), by_key({}), exact(whole_numbers=True)]))
def test_every_observation_equals_itself(value: Any, rule: Comparator) -> None:
    value = plain(value)
    if isinstance(rule, SameSet):
        value = [value]
    if isinstance(rule, ByKey):
        value = {"a": value}
    assert compare(value, value, rule, {}) is None
    assert same(value, value, rule)


@given(OBSERVATIONS, OBSERVATIONS, st.sampled_from([*ALL_RULES, KEYS]))
def test_whatever_a_submission_returns_can_be_compared(
    expected: Any, received: Any, rule: Comparator
) -> None:
    expected, received = plain(expected), plain(received)
    if isinstance(rule, SameSet):  # else the reference does not satisfy its own probe
        expected = [expected]
    if isinstance(rule, ByKey):
        expected = {"a": expected}
    difference = compare(expected, received, rule, {"_labels": np.array([0, 1])})
    assert difference is None or difference.reason
    assert same(expected, received, rule) in (True, False)
