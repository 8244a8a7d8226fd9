"""What an author of an exercise writes with: probes, known mistakes, and how two observations agree.

A grader imports this module and nothing else of the engine. Everything here is declarative: it says
what to observe and how to compare, and runs nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from keras_kata.errors import AuthoringError

if TYPE_CHECKING:  # Hypothesis takes 0.3 s to import, and only graders that draw need it.
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "REJECTED",
    "Accepts",
    "AtLeastAccuracy",
    "ByKey",
    "Case",
    "Close",
    "Comparator",
    "Exact",
    "Probe",
    "Rejected",
    "SameSet",
    "accepts",
    "at_least_accuracy",
    "by_key",
    "close",
    "exact",
    "instead_of",
    "probe",
    "same_set",
]

Case = dict[str, Any]
"""Plain data handed to a probe. Keys that start with `_` stay with the judge."""

Definition = TypeVar("Definition", bound=Callable[..., Any])


class Rejected:
    """The observation that an implementation refused its arguments, as the exercise asks it to."""

    def __reduce__(self) -> str:
        """There is one such marker, also for whoever copies or pickles it."""
        return "REJECTED"

    def __repr__(self) -> str:
        return "rejected (an error such as ValueError was raised)"


REJECTED: Final = Rejected()


@dataclass(frozen=True)
class Close:
    """Same structure, shape and kind, and numbers within `atol + rtol * |expected|`.

    Attributes:
        rtol: relative tolerance; a float16 result is compared with at least 2e-3.
        atol: absolute tolerance.
        whole_numbers: an integer is not accepted for a float, nor a float for an integer. By default
            an integer may stand for a float, and a float that is exactly a whole number for an integer.
        booleans_are_numbers: True counts as 1 and False as 0.
    """

    rtol: float = 1e-4
    atol: float = 1e-5
    whole_numbers: bool = False
    booleans_are_numbers: bool = False


@dataclass(frozen=True)
class Exact:
    """Same structure, shape and kind, and equal values. Attributes as in `Close`."""

    whole_numbers: bool = False
    booleans_are_numbers: bool = False


@dataclass(frozen=True)
class SameSet:
    """The same items, each as often, in any order, each within `items`."""

    items: Close | Exact = Exact()


@dataclass(frozen=True)
class AtLeastAccuracy:
    """Predicted labels, or scores (n, classes), that agree with withheld labels often enough.

    Attributes:
        goal: least share of right answers, in [0, 1].
        labels: the case key of the true labels, (n,) int. It starts with `_`, so that no submission sees it.
    """

    goal: float
    labels: str = "_labels"


@dataclass(frozen=True)
class Accepts:
    """A judgement that needs no reference: `check(received, case)` gives None, or what is wrong."""

    check: Callable[[Any, Case], str | None]


@dataclass(frozen=True)
class ByKey:
    """A dict observation whose entries are compared each in its own way; keys not named use `default`."""

    rules: Mapping[str, "Comparator"]
    default: "Comparator" = Close()


Comparator = Close | Exact | SameSet | AtLeastAccuracy | Accepts | ByKey


def close(
    rtol: float = 1e-4,
    atol: float = 1e-5,
    *,
    whole_numbers: bool = False,
    booleans_are_numbers: bool = False,
) -> Close:
    """Numbers within `atol + rtol * |expected|`; see `Close`.

    Raises:
        AuthoringError: a tolerance is negative or no number.
    """
    if not (0 <= rtol < float("inf") and 0 <= atol < float("inf")):
        raise AuthoringError(f"close: a tolerance is a number of at least 0, not rtol={rtol}, atol={atol}")
    return Close(rtol, atol, whole_numbers, booleans_are_numbers)


def exact(*, whole_numbers: bool = False, booleans_are_numbers: bool = False) -> Exact:
    """Equal values; see `Exact`."""
    return Exact(whole_numbers, booleans_are_numbers)


def same_set(items: Close | Exact = Exact()) -> SameSet:
    """The same items in any order; see `SameSet`."""
    return SameSet(items)


def at_least_accuracy(goal: float, labels: str = "_labels") -> AtLeastAccuracy:
    """Predictions that are right at least `goal` (in [0, 1]) of the time; see `AtLeastAccuracy`.

    Raises:
        AuthoringError: the goal is outside [0, 1], or the labels are not withheld.
    """
    if not 0 <= goal <= 1:
        raise AuthoringError(f"at_least_accuracy: the goal is a share in [0, 1], not {goal}")
    if not labels.startswith("_"):
        raise AuthoringError(f"at_least_accuracy: {labels!r} must start with '_', or submissions see it")
    return AtLeastAccuracy(goal, labels)


def accepts(check: Callable[[Any, Case], str | None]) -> Accepts:
    """Judge by `check(received, case)`, which returns None or a sentence about what is wrong."""
    return Accepts(check)


def by_key(rules: Mapping[str, Comparator], default: Comparator = Close()) -> ByKey:
    """Compare the entries of a dict observation each in its own way; see `ByKey`."""
    return ByKey(dict(rules), default)


@dataclass(frozen=True)
class Probe:
    """One claim about an exercise and how to observe it. Made by `probe`."""

    name: str
    claim: str
    observe: Callable[[Any, Case], Any]
    points: float
    cases: "SearchStrategy[Case] | None"
    examples: tuple[Case, ...]
    count: int
    agree: Comparator
    hints: tuple[str, ...]
    by_chance: bool = False


def probe(
    *,
    points: float,
    cases: "SearchStrategy[Case] | None" = None,
    examples: Sequence[Case] = (),
    count: int = 50,
    agree: Comparator = Close(),
    hints: Sequence[str],
    by_chance: bool = False,
) -> Callable[[Callable[[Any, Case], Any]], Probe]:
    """Declare a probe: a function `(implementation, case) -> observation` that never judges.

    The docstring of the function is the claim that a learner reads when the probe fails. The
    observation is plain data: numbers, strings, None, lists, dicts with string keys, arrays, tensors.

    Args:
        points: what the probe is worth, a multiple of 0.25.
        cases: a Hypothesis strategy of dicts with string keys and plain values.
        examples: cases that are always tried, before the drawn ones: the edge cases.
        count: how many cases are drawn from `cases`.
        agree: how an observation is compared with the reference's.
        hints: at least one, from a question to a nudge, without code.
        by_chance: whether a wrong answer may pass a case by the luck of its own random numbers. That it does then
            speaks against no known mistake at another probe.

    Raises:
        AuthoringError: the declaration is incomplete; the message says what is missing.
    """

    def declare(observe: Callable[[Any, Case], Any]) -> Probe:
        name = observe.__name__
        claim = " ".join((observe.__doc__ or "").split())
        if not claim:
            raise AuthoringError(f"probe {name}: a docstring that says what is observed is missing")
        if not isinstance(points, int | float) or not points > 0 or points * 4 % 1 != 0:
            raise AuthoringError(f"probe {name}: points must be a positive multiple of 0.25, not {points}")
        if cases is None and not examples:
            raise AuthoringError(f"probe {name}: needs `cases`, `examples` or both")
        if count < 1:
            raise AuthoringError(f"probe {name}: count must be at least 1, not {count}")
        if isinstance(hints, str) or not hints or not all(isinstance(h, str) and h.strip() for h in hints):
            raise AuthoringError(f"probe {name}: hints must be a sequence of sentences, at least one")
        if not isinstance(agree, Comparator):
            raise AuthoringError(f"probe {name}: agree must be a rule such as close(), not {agree!r}")
        return Probe(
            name, claim, observe, points, cases, tuple(examples), count, agree, tuple(hints), by_chance
        )

    return declare


def instead_of(member: str) -> Callable[[Definition], Definition]:
    """Declare a function or class to stand in for `member` of the reference.

    In `misconceptions.py` it is a known mistake: its name is the mistake's id and its docstring what the
    learner reads. In `alternatives.py` it is another right answer. The rest of the reference stays, and
    calls the stand-in wherever it calls `member`; `member` may also be a private helper of the reference.
    """

    def declare(definition: Definition) -> Definition:
        definition.__instead_of__ = member  # type: ignore[attr-defined]
        return definition

    return declare
