"""Whether two observations agree, and where they first differ.

Strict where learners slip: shapes must be equal (nothing broadcasts, and an empty array equals only an empty
array), NaN equals NaN only where the reference has NaN, a bool is no number. Lenient where right answers
differ: list, tuple or array, float32 or float64, any integer type.
"""

from collections import Counter
from typing import Any

import numpy as np

from keras_kata.authoring import (
    REJECTED,
    Accepts,
    AtLeastAccuracy,
    ByKey,
    Case,
    Close,
    Comparator,
    Exact,
    SameSet,
)
from keras_kata.verdicts import Difference

__all__ = ["compare", "describe_kind", "same"]

_KINDS = {"b": "True/False", "i": "integer", "u": "integer", "O": "integer", "f": "float", "c": "complex"}
"""By numpy's letter; the objects are Python's integers, where some have over 64 bits."""

_EXACT_IN_FLOAT64 = 2**53
_NEAR_LARGEST_FLOAT64 = 2**1023


def compare(expected: Any, received: Any, rule: Comparator, case: Case) -> Difference | None:
    """The first place where a submission's observation is not as the reference's, or None.

    Args:
        expected: plain data observed from the reference.
        received: plain data observed from the submission.
        rule: how the probe compares.
        case: the whole case, withheld keys included.
    """
    match rule:
        case Accepts(check):
            problem = check(received, case)
            return None if problem is None else Difference(problem, received=received)
        case _ if expected is REJECTED or received is REJECTED:
            return _values(expected, received, Exact(), "")
        case AtLeastAccuracy():
            return _accuracy(expected, received, rule, case)
        case SameSet(items):
            return _same_set(expected, received, items)
        case ByKey(rules, default):
            return _by_key(expected, received, rules, default, case)
        case Close() | Exact():
            return _values(expected, received, rule, "")


def same(one: Any, other: Any, rule: Comparator) -> bool:
    """Whether two implementations gave the same observation, right or wrong."""
    match rule:
        case Close() | Exact():
            return _values(one, other, rule, "") is None
        case SameSet(items) if isinstance(one, list | np.ndarray):
            return _same_set(one, other, items) is None
        case ByKey(rules, default) if isinstance(one, dict) and isinstance(other, dict):
            alike = (same(one[key], other[key], rules.get(key, default)) for key in one if key in other)
            return one.keys() == other.keys() and all(alike)
        case _:
            return _values(one, other, Close(), "") is None


def describe_kind(value: Any) -> str:
    """A value's kind and shape in a few words, such as `float32 array (2, 3)` or `integer`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {'number' if value.ndim == 0 else f'array {value.shape}'}"
    if value is None or value is REJECTED:
        return ""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, list):
        array = _as_array(value)
        return f"list of shape {array.shape}" if array is not None else f"list of {len(value)}"
    return {float: "float", str: "text", dict: "dict"}[type(value)]


def _values(expected: Any, received: Any, rule: Close | Exact, path: str) -> Difference | None:
    if expected is REJECTED or received is REJECTED:
        return None if expected is received else Difference(_rejection(expected), path, expected, received)
    if expected is None or isinstance(expected, str):
        if type(expected) is type(received) and expected == received:
            return None
        return Difference("value", path, expected, received)
    if isinstance(expected, dict):
        return _dicts(expected, received, rule, path)
    wanted = _as_array(expected, mixed=False)
    if wanted is None:
        return _lists(expected, received, rule, path)
    if isinstance(received, list) and not received and wanted.ndim and len(wanted) == 0:
        return None  # an empty list can't say which shape it is empty in
    given = _as_array(received)
    if given is not None:
        return _arrays(wanted, given, rule, path)
    if isinstance(received, list) and wanted.ndim:
        return _lists(_entries(wanted), received, rule, path)
    reason = "None instead of a result; is a `return` missing?" if received is None else "kind"
    return Difference(reason, path, expected, received)


def _rejection(expected: Any) -> str:
    return "these arguments must be rejected" if expected is REJECTED else "these arguments are allowed"


def _as_array(value: Any, *, mixed: bool = True) -> np.ndarray | None:
    """Numbers and even nested lists of numbers as one array; None for anything else.

    A list that holds integers beside floats is one array only where `mixed`: what is expected stays a
    list, so that its integers are compared exactly.
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bool | int | float):
        return np.asarray(value)
    if not isinstance(value, list):
        return None
    if len(types := set(map(type, value))) == 1 and types <= {bool, int, float}:
        array = np.array(value)
        return np.array(value, object) if types == {int} and array.dtype.kind == "f" else array
    rows = [row for row in (_as_array(item, mixed=mixed) for item in value) if row is not None]
    kinds = {_KINDS[row.dtype.kind] for row in rows}
    if len(rows) < len(value) or len({row.shape for row in rows}) > 1:
        return None
    if len(kinds) > 1 and ("True/False" in kinds or not mixed):
        return None
    if kinds == {"integer"} and np.result_type(*rows).kind == "f":  # int64 beside uint64
        rows = [row.astype(object) for row in rows]
    return np.stack(rows) if rows else np.zeros(0)


def _entries(array: np.ndarray) -> list[np.ndarray]:
    """The entries along the first axis, as arrays also where they are single numbers."""
    return [array[index, ...] for index in range(len(array))]


def _lists(expected: list[Any], received: Any, rule: Close | Exact, path: str) -> Difference | None:
    if isinstance(received, np.ndarray) and received.ndim:
        received = _entries(received)
    if not isinstance(received, list):
        return Difference("kind", path, expected, received)
    if len(expected) != len(received):
        return Difference(f"length {len(received)} instead of {len(expected)}", path, expected, received)
    for index, (wanted, given) in enumerate(zip(expected, received, strict=True)):
        if difference := _values(wanted, given, rule, f"{path}[{index}]"):
            return difference
    return None


def _dicts(expected: dict[str, Any], received: Any, rule: Close | Exact, path: str) -> Difference | None:
    if problem := _keys(expected, received, path):
        return problem
    for key, wanted in expected.items():
        if difference := _values(wanted, received[key], rule, f"{path}[{key!r}]"):
            return difference
    return None


def _keys(expected: Any, received: Any, path: str) -> Difference | None:
    if not isinstance(received, dict):
        return Difference("kind", path, expected, received)
    if missing := [key for key in expected if key not in received]:
        return Difference(f"the key {missing[0]!r} is missing", path, sorted(expected), sorted(received))
    if extra := [key for key in received if key not in expected]:
        reason = f"the key {extra[0]!r:.60} is not asked for"
        return Difference(reason, path, sorted(expected), sorted(received))
    return None


def _arrays(expected: np.ndarray, received: np.ndarray, rule: Close | Exact, path: str) -> Difference | None:
    if expected.shape != received.shape:
        reason = f"shape {received.shape} instead of {expected.shape}"
        return Difference(reason, path, expected, received)
    if expected.size == 0:
        return None  # without values, the kind is an accident: an empty list has none
    if not rule.booleans_are_numbers and (expected.dtype.kind == "b") != (received.dtype.kind == "b"):
        return Difference(_kind_reason(expected, received), path, expected, received)
    wanted_kind, given_kind = (_KINDS[array.dtype.kind] for array in (expected, received))
    if given_kind == "complex" != wanted_kind or (rule.whole_numbers and wanted_kind != given_kind):
        return Difference(_kind_reason(expected, received), path, expected, received)
    wrong = ~_agreeing(expected, received, rule)
    if not wrong.any():
        return None
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    count = f"{int(wrong.sum())} of {wrong.size} values" if wrong.size > 1 else "value"
    where = path + (f"[{', '.join(map(str, place))}]" if place else "")
    return Difference(count, where, expected.item(*place), received.item(*place))


def _kind_reason(expected: np.ndarray, received: np.ndarray) -> str:
    return f"kind {_KINDS[received.dtype.kind]} instead of {_KINDS[expected.dtype.kind]}"


def _agreeing(expected: np.ndarray, received: np.ndarray, rule: Close | Exact) -> np.ndarray:
    """Elementwise agreement, of equal shapes: () or (n, ...) bool."""
    if expected.dtype.kind in "biuO":
        return _equal(expected, received)
    wanted = _as_floats(expected)
    given = _as_floats(received).astype(wanted.dtype)
    both_nan = np.isnan(wanted) & np.isnan(given)
    if isinstance(rule, Exact):
        return np.asarray(_equal(expected, received) | both_nan, bool)
    rtol = max(rule.rtol, 2e-3) if np.float16 in (expected.dtype, received.dtype) else rule.rtol
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(wanted - given) <= rule.atol + rtol * np.abs(wanted)
    finite = np.isfinite(wanted) & np.isfinite(given)
    return np.asarray(np.where(finite, near, (wanted == given) | both_nan), bool)


def _equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Elementwise equality of the very numbers; numpy alone rounds an integer to compare it with a float."""
    kinds = {_KINDS[one.dtype.kind], _KINDS[other.dtype.kind]}
    if kinds == {"integer", "float"} and (np.abs(_as_floats(one)) >= _EXACT_IN_FLOAT64).any():
        one, other = one.astype(object), other.astype(object)
    return np.asarray(one == other, bool)


def _as_floats(array: np.ndarray) -> np.ndarray:
    """In float64 or complex128; integers too large for them as the largest there is."""
    if array.dtype.kind == "c":
        return array.astype("complex128")
    if array.dtype.kind == "O":
        most = _NEAR_LARGEST_FLOAT64
        numbers = [n if isinstance(n, float) else max(-most, min(most, n)) for n in array.flat]
        return np.array(numbers, "float64").reshape(array.shape)
    return array.astype("float64")


def _same_set(expected: Any, received: Any, items: Close | Exact) -> Difference | None:
    wanted, given = (_entries(v) if isinstance(v, np.ndarray) and v.ndim else v for v in (expected, received))
    if not isinstance(given, list):
        return Difference("kind", "", expected, received)
    if len(given) > 2 * len(wanted) + 10:  # far too many to be matched one by one
        return Difference(f"{len(given)} items instead of {len(wanted)}", "", expected, received)
    left = list(given)
    for item in wanted:
        match = next((i for i, other in enumerate(left) if _values(item, other, items, "") is None), None)
        if match is None:
            return Difference(f"{_short(item)} is missing, or there too seldom", "", expected, received)
        del left[match]
    if left:
        reason = f"{_short(left[0])} is there and should not be, or too often"
        return Difference(reason, "", expected, received)
    return None


def _short(item: Any) -> str:
    return f"{item.tolist() if isinstance(item, np.ndarray) else item!r:.60}"


def _accuracy(expected: Any, received: Any, rule: AtLeastAccuracy, case: Case) -> Difference | None:
    labels = np.asarray(case[rule.labels])
    predicted = _as_array(received)
    if predicted is None or predicted.shape[:1] != labels.shape or not _is_labels_or_scores(predicted):
        reason = f"shape: labels ({len(labels)},) or scores ({len(labels)}, classes) are asked"
        return Difference(reason, "", expected, received)
    unknown = np.isnan(_as_floats(predicted)).any(axis=tuple(range(1, predicted.ndim)))  # (n,)
    chosen = predicted.argmax(axis=1) if predicted.ndim == 2 else predicted  # (n,)
    right = (chosen == labels) & ~unknown
    accuracy = float(right.mean()) if right.size else 0.0
    if accuracy >= rule.goal:
        return None
    often = ""
    if unknown.any():
        often = f"; {int(unknown.sum())} of {len(labels)} predictions are NaN"
    elif right.size:
        usual, times = Counter(chosen.tolist()).most_common(1)[0]
        often = f"; {times} of {len(labels)} predictions are {usual}"
    reason = f"accuracy {accuracy:.3f}, at least {rule.goal:.3f} is asked{often}"
    return Difference(reason, "", rule.goal, accuracy)


def _is_labels_or_scores(predicted: np.ndarray) -> bool:
    return predicted.ndim == 1 or (predicted.ndim == 2 and predicted.shape[1] > 1)


def _by_key(expected: Any, received: Any, rules: Any, default: Comparator, case: Case) -> Difference | None:
    if problem := _keys(expected, received, ""):
        return problem
    for key, wanted in expected.items():
        difference = compare(wanted, received[key], rules.get(key, default), case)
        if difference is not None:
            path = f"[{key!r}]{difference.path}"
            return Difference(difference.reason, path, difference.expected, difference.received)
    return None
