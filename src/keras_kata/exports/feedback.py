"""What a learner is told in an export. In hidden grading neither case nor expected value is in it."""

import builtins

from keras_kata.display import harmless
from keras_kata.errors import WireError
from keras_kata.exports.choices import Level
from keras_kata.messages import explain
from keras_kata.outline import ProbeOutline
from keras_kata.results import SavedVerdict, decode

__all__ = ["feedback"]

_LONGEST = 1000
_GRADER_ERROR = "The exercise could not judge this. It is not your code's fault, and costs you no point."
_WRONG = {
    "passed": "Passed.",
    "failed": "Not right in every case that was tried.",
    "crashed": "The process that ran your code died: it used up its memory, or crashed.",
    "not attempted": "Not attempted: the stub's NotImplementedError is still there.",
}


def feedback(verdict: SavedVerdict, probe: ProbeOutline, slug: str, level: Level) -> str:
    """The text for one verdict; empty where nothing is to be told.

    With `Level.MISTAKE` it is made of the claim, the kind of failure and the known mistake's own text: nothing
    that the submission printed, raised or returned, as that may hold the case.
    """
    if level is Level.NONE:
        return ""
    if verdict.is_grader_error:  # its detail may quote the reference
        return f"{probe.name}: {probe.claim}\n{_GRADER_ERROR}"
    if level is Level.FULL:
        return _full(verdict, probe, slug)
    lines = [f"{probe.name}: {probe.claim}", _failure(verdict)]
    if verdict.mistake:
        lines.append(f"Likely mistake ({verdict.mistake}): {verdict.mistake_text or ''}")
    return "\n".join(map(harmless, "\n".join(lines).split("\n")))


def _failure(verdict: SavedVerdict) -> str:
    error = (verdict.error or "")[:_LONGEST]
    match verdict.outcome:
        case "raised":
            kind = error.partition(":")[0]
            known = getattr(builtins, kind, None)
            is_known = isinstance(known, type) and issubclass(known, BaseException)
            return f"Your code raised {kind if is_known else 'an error'}."
        case "unusable":
            return f"Your file can't be judged: {error}"
        case "forbidden":
            return f"Not allowed in this exercise: {error}"
        case "timed out":
            return f"Your code was {error or 'stopped'}: is there a loop that never ends?"
        case outcome:
            return _WRONG.get(outcome, outcome)


def _full(verdict: SavedVerdict, probe: ProbeOutline, slug: str) -> str:
    try:
        return explain(decode(verdict.data), probe, f"pytest exercises/{slug}.py::{probe.name}", slug)
    except WireError:  # another version of the engine has written it; the texts are still there
        parts = {
            "With": verdict.case,
            "Received": verdict.received,
            "Expected": verdict.expected,
            "Likely mistake": verdict.mistake_text,
            "Error": verdict.error,
        }
        shown = [f"{name}: {text}" for name, text in parts.items() if text]
        return "\n".join([f"{probe.name}: {probe.claim}", *shown])
