"""Naming the mistake: the known one that behaves as the submission does, on every case seen."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from keras_kata.authoring import Case, Comparator
from keras_kata.comparison import same
from keras_kata.implementation import StandIn
from keras_kata.verdicts import Mistake, Raised, Unusable
from keras_kata.worker import Answer, Reply

__all__ = ["Sighting", "alike", "diagnose", "essence"]


@dataclass(frozen=True)
class Sighting:
    """What the submission replied to one case."""

    case: Case
    reply: Reply
    printed: str = ""


def diagnose(
    first: Sequence[Sighting],
    rest: Sequence[Sighting],
    known: Iterable[StandIn],
    observe: Callable[[StandIn, Case], Reply],
    rule: Comparator,
    contradicted: Callable[[StandIn], bool] = lambda _: False,
) -> Mistake | None:
    """The one known mistake whose replies are the submission's, or None.

    Every failing case counts, and every passing one: a mistake that would fail where the submission passes
    is not the one made. Where two mistakes fit equally, nothing is said rather than guessed, unless both have
    the same text: a mistake that can be made in several members is one declaration for each of them.

    Args:
        first: failing cases, which rule most mistakes out.
        rest: all else that was seen, passing cases too.
        known: the exercise's mistakes.
        observe: a mistake's reply to a case.
        rule: how the probe compares.
        contradicted: whether something else that was seen speaks against a mistake that fits here.
    """
    found: Mistake | None = None
    for stand_in in known:
        fits = all(alike(observe(stand_in, s.case), s.reply, rule) for s in (*first, *rest))
        if fits and not contradicted(stand_in):
            if found is None:
                found = Mistake(stand_in.name, stand_in.text)
            elif found.text != stand_in.text:
                return None
    return found


def alike(one: Reply, other: Reply, rule: Comparator) -> bool:
    """Whether two implementations replied the same: the same observation, or the same error."""
    match one, other:
        case Answer(), Answer():
            return one.changed == other.changed and same(one.value, other.value, rule)
        case Raised(), Raised():
            return essence(one.error) == essence(other.error)
        case Unusable(), Unusable():
            return one.problem == other.problem
        case _:
            return False


def essence(error: str) -> str:
    """The start of an error's text without what differs between two pieces of code, or between two runs.

    That is numbers, quoted and own names; whether integers or floats were divided by zero, and whether the end
    of a list or of an array was missed. The end is left out, as a long message was cut somewhere there. The
    essence of an essence is itself.
    """
    if error.startswith("ZeroDivisionError"):
        return "ZeroDivisionError"
    if re.match(r"IndexError: .* out of (range|bounds)", error):
        return "IndexError: out of range"
    shorter = re.sub(r"[\"'`][^\"'`]*[\"'`]|0x[0-9a-fA-F]+|[0-9.]+|\b\w*_\w+\b", "", error)
    return essence(shorter) if shorter != error else error[:250]
