"""Declaring probes, rules of agreement, and stand-ins; and that what is missing is said."""

import copy
import pickle
from typing import Any

import pytest

import keras_kata
from keras_kata import authoring
from keras_kata.authoring import (
    REJECTED,
    Accepts,
    AtLeastAccuracy,
    ByKey,
    Close,
    Exact,
    Probe,
    SameSet,
    accepts,
    at_least_accuracy,
    by_key,
    close,
    exact,
    instead_of,
    probe,
    same_set,
)
from keras_kata.errors import AuthoringError
from tests.support import table

PUBLIC = [
    "REJECTED",
    "Case",
    "accepts",
    "at_least_accuracy",
    "by_key",
    "close",
    "exact",
    "instead_of",
    "probe",
    "same_set",
]


def test_the_authoring_api_is_what_is_promised() -> None:
    assert sorted(keras_kata.__all__) == sorted(PUBLIC)
    assert all(getattr(keras_kata, name) is getattr(authoring, name) for name in PUBLIC)


def test_everything_public_is_documented() -> None:
    undocumented = [name for name in authoring.__all__ if not getattr(authoring, name).__doc__]
    assert undocumented == []


def declared(**changes: Any) -> Probe:
    """A declaration with some things changed."""

    def sums(impl: Any, case: Any) -> int:
        """The sums,
        row by row."""
        return 1

    options = {"points": 1.5, "examples": [{"x": 1}], "hints": ["A question?"]} | changes
    return probe(**options)(sums)


def test_a_probe_is_named_after_its_function_and_claims_its_docstring() -> None:
    made = declared()
    assert (made.name, made.claim) == ("sums", "The sums, row by row.")
    assert made.observe(None, {}) == 1
    assert (made.points, made.examples, made.hints) == (1.5, ({"x": 1},), ("A question?",))
    assert (made.cases, made.count, made.agree) == (None, 50, Close())


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no points", {"points": 0}, "a positive multiple of 0.25"),
    ("negative points", {"points": -1}, "a positive multiple of 0.25"),
    ("a third of a point", {"points": 1 / 3}, "a positive multiple of 0.25"),
    ("points without end", {"points": float("inf")}, "a positive multiple of 0.25"),
    ("points that are no number", {"points": float("nan")}, "a positive multiple of 0.25"),
    ("points in words", {"points": "1"}, "a positive multiple of 0.25"),
    ("no cases", {"examples": []}, "needs `cases`, `examples` or both"),
    ("no count", {"count": 0}, "count must be at least 1"),
    ("no hints", {"hints": []}, "hints must be a sequence of sentences"),
    ("an empty hint", {"hints": ["A question?", " "]}, "hints must be a sequence of sentences"),
    ("one text for hints", {"hints": "A question?"}, "hints must be a sequence of sentences"),
    ("a hint that is no text", {"hints": [3]}, "hints must be a sequence of sentences"),
    ("no rule", {"agree": "close"}, "agree must be a rule"),
    ("a rule that is not called", {"agree": close}, "agree must be a rule"),
]


@pytest.mark.parametrize(("changes", "problem"), table(WRONG))
def test_an_incomplete_declaration_says_what_is_missing(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(AuthoringError, match=problem) as caught:
        declared(**changes)
    assert str(caught.value).startswith("probe sums: ")


def test_a_claim_is_asked_for() -> None:
    def silent(impl: Any, case: Any) -> None:
        return None

    with pytest.raises(AuthoringError, match="probe silent: a docstring"):
        probe(points=1, examples=[{}], hints=["h"])(silent)


@pytest.mark.parametrize("points", [0.25, 0.5, 1, 2.75, 12])
def test_quarters_of_points_are_accepted(points: float) -> None:
    assert declared(points=points).points == points


def test_rules_are_values() -> None:
    assert close() == Close(1e-4, 1e-5, False, False)
    assert close(0.1, 0.2, whole_numbers=True) == Close(0.1, 0.2, True)
    assert exact(booleans_are_numbers=True) == Exact(False, True)
    assert same_set() == SameSet(Exact())
    assert same_set(close()) == SameSet(Close())
    assert by_key({"a": exact()}) == ByKey({"a": Exact()}, Close())
    assert at_least_accuracy(0.9) == AtLeastAccuracy(0.9, "_labels")
    check = lambda received, case: None  # noqa: ARG005, E731 - two names for one object
    assert accepts(check) == Accepts(check)


def test_rules_by_key_are_copied() -> None:
    rules: dict[str, Any] = {"a": exact()}
    rule = by_key(rules)
    rules["a"] = close()
    assert rule.rules == {"a": Exact()}


@pytest.mark.parametrize("goal", [-0.1, 1.1, 90, float("nan")])
def test_an_accuracy_is_a_share(goal: float) -> None:
    with pytest.raises(AuthoringError, match=r"a share in \[0, 1\]"):
        at_least_accuracy(goal)


def test_true_labels_are_withheld() -> None:
    with pytest.raises(AuthoringError, match="must start with '_'"):
        at_least_accuracy(0.9, "labels")
    assert at_least_accuracy(1, "_truth").labels == "_truth"


@pytest.mark.parametrize(("rtol", "atol"), [(-1e-4, 0), (0, -1), (float("nan"), 0), (0, float("inf"))])
def test_a_tolerance_is_a_number_of_at_least_0(rtol: float, atol: float) -> None:
    with pytest.raises(AuthoringError, match="tolerance"):
        close(rtol, atol)


def test_a_stand_in_knows_what_it_replaces() -> None:
    @instead_of("right")
    def wrong(x: int) -> int:
        return x

    @instead_of("Layer")
    class Other:
        pass

    assert (wrong.__instead_of__, Other.__instead_of__) == ("right", "Layer")  # type: ignore[attr-defined]
    assert wrong(3) == 3
    assert isinstance(Other(), Other)


def test_the_mark_of_a_rejection_can_be_read() -> None:
    assert "rejected" in repr(REJECTED)


def test_there_is_one_marker_of_a_rejection_in_every_process() -> None:
    assert pickle.loads(pickle.dumps([REJECTED]))[0] is REJECTED
    assert copy.deepcopy(REJECTED) is REJECTED
