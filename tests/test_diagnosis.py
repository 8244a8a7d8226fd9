"""Naming the one known mistake that behaves as the submission does, and keeping silent otherwise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from keras_kata.authoring import REJECTED, Case, Comparator, at_least_accuracy, by_key, close, exact, same_set
from keras_kata.diagnosis import Sighting, alike, diagnose, essence
from keras_kata.implementation import StandIn
from keras_kata.verdicts import Crashed, Forbidden, Mistake, NotAttempted, Raised, TimedOut, Unusable
from keras_kata.worker import Answer, Reply
from tests.support import table

CLOSE = close()


def answer(value: Any, *changed: str, seconds: float = 0.0) -> Answer:
    return Answer(value, changed, seconds)


def error(text: str, **options: Any) -> Raised:
    return Raised({}, text, **options)


def diagnosed(
    submission: Callable[[int], Reply],
    failing: list[int],
    passing: list[int],
    rule: Comparator = CLOSE,
    text: str = "",
    **mistakes: Callable[[int], Reply],
) -> Mistake | None:
    """The diagnosis of a submission; it and the mistakes are functions of the case's number.

    The mistakes have texts of their own, unless there is one for all.
    """

    def sightings(numbers: list[int]) -> list[Sighting]:
        return [Sighting({"n": n}, submission(n)) for n in numbers]

    def observe(stand_in: StandIn, case: Case) -> Reply:
        return mistakes[stand_in.name](case["n"])

    known = [StandIn(name, text or f"You {name}.", "f", None, "") for name in mistakes]
    return diagnose(sightings(failing), sightings(passing), known, observe, rule)


def test_the_mistake_that_behaves_the_same_is_named() -> None:
    found = diagnosed(
        lambda n: answer(n * 3),
        [1, 2],
        [0],
        squared=lambda n: answer(n * n),
        tripled=lambda n: answer(n * 3),
        negated=lambda n: answer(-n),
    )
    assert found == Mistake("tripled", "You tripled.")


def test_a_mistake_that_fits_the_smallest_case_only_is_not_named() -> None:
    found = diagnosed(lambda n: answer(n * 3), [1, 2], [], negated=lambda n: answer(3 if n == 1 else -n))
    assert found is None


def test_a_mistake_that_would_fail_where_the_submission_passes_is_not_named() -> None:
    found = diagnosed(
        lambda n: answer(n * 3 if n > 1 else n * 2), [2, 3], [0, 1], tripled=lambda n: answer(n * 3)
    )
    assert found is None


def test_two_mistakes_that_fit_equally_are_not_guessed_between() -> None:
    tripled = lambda n: answer(n * 3)  # noqa: E731 - a row of the table
    assert diagnosed(tripled, [1], [0], one=tripled, other=tripled) is None


def test_the_same_mistake_declared_for_two_members_is_named() -> None:
    found = diagnosed(
        lambda n: answer(n * 3),
        [1],
        [],
        text="You triple.",
        tripled=lambda n: answer(n * 3),
        tripled_in_the_caller=lambda n: answer(n * 3),
    )
    assert found == Mistake("tripled", "You triple.")


def test_two_mistakes_are_told_apart_by_a_passing_case() -> None:
    found = diagnosed(
        lambda n: answer(n * 3 if n else 0),
        [2],
        [0],
        tripled=lambda n: answer(n * 3),
        added=lambda n: answer(n + 4),
    )
    assert found == Mistake("tripled", "You tripled.")


def test_without_known_mistakes_nothing_is_named() -> None:
    assert diagnosed(lambda n: answer(n), [1], []) is None


def test_a_mistake_is_asked_no_further_than_it_fits() -> None:
    asked: list[int] = []

    def wrong(n: int) -> Reply:
        asked.append(n)
        return answer(-1)

    assert diagnosed(lambda n: answer(n), [1, 2, 3], [4], wrong=wrong) is None
    assert asked == [1]


def test_rounding_does_not_hide_a_mistake() -> None:
    found = diagnosed(
        lambda n: answer(np.array([n / 3], "float32")), [1], [], third=lambda n: answer(np.array([n / 3]))
    )
    assert found is not None


ALIKE: list[tuple[str, Reply, Reply, Comparator, bool]] = [
    ("equal answers", answer(1.0), answer(1.000001), close(), True),
    ("different answers", answer(1.0), answer(1.1), close(), False),
    ("answers by their rule", answer([1, 2]), answer([2, 1]), same_set(), True),
    ("exact answers", answer(0.1), answer(np.float32(0.1).item()), exact(), False),
    ("NaN", answer(float("nan")), answer(float("nan")), close(), True),
    ("rejections", answer(REJECTED), answer(REJECTED), close(), True),
    ("a rejection and a value", answer(REJECTED), answer(1), close(), False),
    ("keys by their rules", answer({"a": [1, 2]}), answer({"a": [2, 1]}), by_key({"a": same_set()}), True),
    ("predictions", answer([0, 1]), answer([0, 1]), at_least_accuracy(0.5), True),
    ("other predictions", answer([0, 1]), answer([1, 1]), at_least_accuracy(0.5), False),
    ("inputs changed in both", answer(1, "x"), answer(1, "x"), close(), True),
    ("inputs changed in one", answer(1, "x"), answer(1), close(), False),
    ("other inputs changed", answer(1, "x"), answer(1, "y"), close(), False),
    ("time does not count", answer(1, seconds=1), answer(1, seconds=9), close(), True),
    ("equal errors", error("ValueError: bad"), error("ValueError: bad"), close(), True),
    ("errors of two types", error("ValueError: bad"), error("TypeError: bad"), close(), False),
    ("errors of two messages", error("ValueError: bad"), error("ValueError: worse"), close(), False),
    (
        "errors that differ in numbers",
        error("IndexError: index 3 is out of bounds for axis 0 with size 2"),
        error("IndexError: index 5 is out of bounds for axis 0 with size 4"),
        close(),
        True,
    ),
    (
        "divisions by zero",
        error("ZeroDivisionError: division by zero"),
        error("ZeroDivisionError: float division by zero"),
        close(),
        True,
    ),
    (
        "the end of a list and of an array",
        error("IndexError: list index out of range"),
        error("IndexError: index 1 is out of bounds for axis 0 with size 1"),
        close(),
        True,
    ),
    (
        "other errors with an index",
        error("IndexError: list index out of range"),
        error("IndexError: too many indices for array: array is 1-dimensional, but 2 were indexed"),
        close(),
        False,
    ),
    (
        "errors that differ in names",
        error("UnboundLocalError: cannot access local variable 'total'"),
        error("UnboundLocalError: cannot access local variable 'running_sum'"),
        close(),
        True,
    ),
    (
        "errors that name their function",
        error("TypeError: my_function() missing 1 required argument: 'x'"),
        error("TypeError: other_function() missing 2 required argument: 'y'"),
        close(),
        True,
    ),
    (
        "errors in other lines",
        error("ValueError: bad", frames=((1, "f", "a"),)),
        error("ValueError: bad", frames=((2, "g", "b"),), note="note", printed="text"),
        close(),
        True,
    ),
    ("an error and an answer", error("ValueError: 1"), answer(1), close(), False),
    ("an answer and an error", answer(1), error("ValueError: 1"), close(), False),
    ("the same lack", Unusable("no f"), Unusable("no f"), close(), True),
    ("another lack", Unusable("no f"), Unusable("no g"), close(), False),
    ("time limits", TimedOut({}, 1), TimedOut({}, 1), close(), False),
    ("crashes", Crashed({}, "a"), Crashed({}, "a"), close(), False),
    ("stubs", NotAttempted(), NotAttempted(), close(), False),
    ("forbidden", Forbidden(()), Forbidden(()), close(), False),
]


@pytest.mark.parametrize(("one", "other", "rule", "wanted"), table(ALIKE))
def test_replies_are_alike(one: Reply, other: Reply, rule: Comparator, wanted: bool) -> None:
    assert alike(one, other, rule) is wanted


def test_a_mistake_that_raises_is_named_by_its_error() -> None:
    found = diagnosed(
        lambda n: error(f"IndexError: index {n}") if n else answer(0),
        [1, 2],
        [0],
        off_by_one=lambda n: error(f"IndexError: index {n + 1}") if n else answer(0),
        wrong_key=lambda _: error("KeyError: 'x'"),
    )
    assert found == Mistake("off_by_one", "You off_by_one.")


@pytest.mark.parametrize(
    ("text", "kept"),
    table(
        [
            ("numbers", "IndexError: no place for 12 in 3.5", "IndexError: no place for  in "),
            ("quoted and own names", "KeyError: 'x' in my_list", "KeyError:  in "),
            ("an address", "TypeError: <A object at 0x7fb2a> is none", "TypeError: <A object at > is none"),
            ("what only removing brings together", "a_'b'c", ""),
            ("a long text", "word " * 100, ("word " * 100)[:250]),
        ]
    ),
)
def test_the_essence_of_an_error_is_the_same_in_every_run(text: str, kept: str) -> None:
    assert essence(text) == kept
    assert essence(kept) == kept
