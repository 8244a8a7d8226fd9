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

_KINDS = {"b": "True/False", "i": "integer", "u": "integer", "f": "float", "c": "complex"}


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
        case SameSet(items):
            return _same_set(one, other, items) is None
        case _:
            return _values(one, other, Close(), "") is None


def describe_kind(value: Any) -> str:
    """A value's kind and shape in a few words, such as `float32 array (2, 3)` or `integer`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {'number' if value.ndim == 0 else f'array {value.shape}'}"
    if value is None or value is REJECTED:
        return ""
    if isinstance(value, bool):
        return "True/False"
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
    if given is None:
        reason = "kind: nothing (None); is a return missing?" if received is None else "kind"
        return Difference(reason, path, expected, received)
    return _arrays(wanted, given, rule, path)


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
        return _number(value)
    if not isinstance(value, list):
        return None
    rows = [row for row in (_as_array(item, mixed=mixed) for item in value) if row is not None]
    kinds = {_KINDS[row.dtype.kind] for row in rows}
    if len(rows) < len(value) or len({row.shape for row in rows}) > 1:
        return None
    if len(kinds) > 1 and ("True/False" in kinds or not mixed):
        return None
    return np.stack(rows) if rows else np.zeros(0)


def _number(value: bool | int | float) -> np.ndarray:
    array = np.asarray(value)
    return array if array.dtype.kind in "biuf" else np.asarray(float(value))  # an int of over 64 bits


def _lists(expected: list[Any], received: Any, rule: Close | Exact, path: str) -> Difference | None:
    if isinstance(received, np.ndarray) and received.ndim:
        received = list(received)
    if not isinstance(received, list):
        return Difference("kind", path, expected, received)
    if len(expected) != len(received):
        return Difference(f"{len(received)} entries instead of {len(expected)}", path, expected, received)
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
        return Difference(f"the key {extra[0]!r:.60} is not asked for", path, sorted(expected), sorted(received))
    return None


def _arrays(expected: np.ndarray, received: np.ndarray, rule: Close | Exact, path: str) -> Difference | None:
    if expected.shape != received.shape:
        reason = f"shape {received.shape} instead of {expected.shape}"
        return Difference(reason, path, expected, received)
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
    return Difference(count, where, expected[place].item(), received[place].item())


def _kind_reason(expected: np.ndarray, received: np.ndarray) -> str:
    return f"kind {_KINDS[received.dtype.kind]} instead of {_KINDS[expected.dtype.kind]}"


def _agreeing(expected: np.ndarray, received: np.ndarray, rule: Close | Exact) -> np.ndarray:
    """Elementwise agreement, of equal shapes: () or (n, ...) bool."""
    if isinstance(rule, Exact) or expected.dtype.kind in "biu":
        # An integer is exact: a float stands for it only if it is that very number.
        return np.asarray(expected == received)
    wanted, given = expected.astype("complex128" if expected.dtype.kind == "c" else "float64"), received
    given = given.astype(wanted.dtype)
    rtol = max(rule.rtol, 2e-3) if np.float16 in (expected.dtype, received.dtype) else rule.rtol
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(wanted - given) <= rule.atol + rtol * np.abs(wanted)
    finite = np.isfinite(wanted) & np.isfinite(given)
    both_nan = np.isnan(wanted) & np.isnan(given)
    return np.asarray(np.where(finite, near, (wanted == given) | both_nan))


def _same_set(expected: Any, received: Any, items: Close | Exact) -> Difference | None:
    wanted, given = (list(v) if isinstance(v, np.ndarray) and v.ndim else v for v in (expected, received))
    if not isinstance(given, list):
        return Difference("kind", "", expected, received)
    left = list(given)
    for item in wanted:
        match = next((i for i, other in enumerate(left) if _values(item, other, items, "") is None), None)
        if match is None:
            return Difference(f"{_short(item)} is missing, or there too seldom", "", expected, received)
        del left[match]
    if left:
        return Difference(f"{_short(left[0])} is there and should not be, or too often", "", expected, received)
    return None


def _short(item: Any) -> str:
    return f"{item!r:.60}"


def _accuracy(expected: Any, received: Any, rule: AtLeastAccuracy, case: Case) -> Difference | None:
    labels = np.asarray(case[rule.labels])
    predicted = _as_array(received)
    if predicted is None or predicted.shape[:1] != labels.shape or predicted.ndim > 2:
        return Difference(f"shape: one prediction for each of the {len(labels)} examples is asked", "", expected, received)
    if predicted.ndim == 2:
        predicted = predicted.argmax(axis=1)
    accuracy = float(np.mean(predicted == labels))
    if accuracy >= rule.goal:
        return None
    usual = Counter(np.asarray(predicted).tolist()).most_common(1)[0]
    often = f"; {usual[1]} of them are {usual[0]}" if len(labels) else ""
    return Difference(f"accuracy {accuracy:.3f}, at least {rule.goal:.3f} is asked{often}", "", rule.goal, accuracy)


def _by_key(expected: Any, received: Any, rules: Any, default: Comparator, case: Case) -> Difference | None:
    if problem := _keys(expected, received, ""):
        return problem
    for key, wanted in expected.items():
        difference = compare(wanted, received[key], rules.get(key, default), case)
        if difference is not None:
            path = f"[{key!r}]{difference.path}"
            return Difference(difference.reason, path, difference.expected, difference.received)
    return None
