"""What a learner reads. One shape for every message: the claim, the case, received and expected, where they
first differ, the likely mistake, the next hint.

Messages are plain text of at most 80 columns; nothing in them depends on colour.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_kata.comparison import describe_kind
from keras_kata.display import differing_part, harmless, show, show_array
from keras_kata.outline import ProbeOutline
from keras_kata.verdicts import (
    Crashed,
    Difference,
    Failed,
    Forbidden,
    GraderError,
    Mistake,
    NotAttempted,
    Outcome,
    Passed,
    Raised,
    TimedOut,
    Unusable,
)

__all__ = ["HINT", "explain", "shown_output"]

WIDTH = 80
HINT = "Next hint:  "
_MOST_LINES = 20  # of what was printed
_LONGEST_LINE = 160
_IN_CASE = "Your code printed, in this case:"
_PLAIN = ("value", "kind")  # reasons that need no words where both values are shown
_GRADER_ERROR = (
    "GRADER ERROR. This is a defect of the exercise, not of your code, and costs you no point. "
    "Please report it:"
)

Frames = Sequence[tuple[int, str, str]]


def explain(outcome: Outcome, probe: ProbeOutline, command: str, slug: str) -> str:
    """The message for one outcome.

    Args:
        command: runs this probe again, such as `pytest exercises/module6/bellman_update.py::target`.
        slug: the exercise, for the hint command.
    """
    lines = [*_wrap(f"{probe.name}: {probe.claim}"), "", *_body(outcome), ""]
    if isinstance(outcome, Failed | Raised | TimedOut | NotAttempted):
        lines.append(f"{HINT}kata hint {slug}::{probe.name}")
    if not isinstance(outcome, Passed | NotAttempted):
        lines.append(f"Run again:  {command}")
    return "\n".join(harmless(line) for line in lines).rstrip()


def _body(outcome: Outcome) -> list[str]:
    match outcome:
        case Passed():
            return ["Passed."]
        case Failed():
            return [
                *_case(outcome.case),
                *_compared(outcome),
                *shown_output(outcome.printed, _IN_CASE),
                *_mistake(outcome.mistake),
            ]
        case Raised():
            return [
                *_case(outcome.case),
                *_wrap(f"Your code raised: {outcome.error}" if outcome.frames else outcome.error),
                *_frames(outcome.frames),
                *(_wrap(outcome.note) if outcome.note else []),
                *shown_output(outcome.printed, _IN_CASE),
                *_mistake(outcome.mistake),
            ]
        case Unusable():
            return [*_wrap(f"Your file can't be judged: {outcome.problem}"), *_frames(outcome.frames)]
        case TimedOut():
            return [*_case(outcome.case), *_wrap(_time_limit(outcome.limit))]
        case Crashed():
            return [*_case(outcome.case), *_wrap(f"The process that ran your code died: {outcome.reason}.")]
        case Forbidden():
            return [line for use in outcome.uses for line in _forbidden(*use)]
        case NotAttempted():
            return ["Not attempted: the stub's NotImplementedError is still there."]
        case GraderError():
            return [
                *_wrap(_GRADER_ERROR),
                *_wrap(outcome.reason),
                *outcome.detail.splitlines(),
            ]


def _time_limit(limit: float) -> str:
    return (
        f"Your code was stopped after {limit:.1f} s of wall-clock time, many times what the reference takes. "
        "Look for a loop that never ends, or for work that grows with every step."
    )


def _forbidden(name: str, line: int | None, advice: str) -> list[str]:
    where = f"line {line} uses" if line else "your code uses"
    return _wrap(f"Not allowed in this exercise: {where} `{name}`. {advice}")


def _case(case: dict[str, Any]) -> list[str]:
    if not case:
        return []
    lines = ["With"]
    width = max(map(len, case))
    for key, value in case.items():
        label = f"    {key:<{width}} = "
        lines += _indented(label, show(value, WIDTH - len(label)))
    return [*lines, ""]


def _compared(outcome: Failed) -> list[str]:
    difference = outcome.difference
    if difference.expected is None and difference.received is None:  # not a difference between values
        return _wrap(_sentence(difference.reason))
    if not outcome.has_expected:
        return [*_aligned([("Received", outcome.received)]), *_wrap(_sentence(difference.reason))]
    where, received, expected = differing_part(outcome.received, outcome.expected, difference.path)
    if not where:
        return [*_aligned([("Received", received), ("Expected", expected)]), *_difference(difference)]
    return [
        f"Received  {describe_kind(outcome.received)}, of which {where} is",
        *_indented("    ", _text(received, WIDTH - 4)),
        f"Expected  {describe_kind(outcome.expected)}, of which {where} is",
        *_indented("    ", _text(expected, WIDTH - 4)),
        *_difference(difference),
    ]


def _aligned(pairs: Sequence[tuple[str, Any]]) -> list[str]:
    """`Received  float32 array (2,)  [0.5, 1.0]`, one below the other; wide values on lines of their own."""
    width = max(len(describe_kind(value)) for _, value in pairs)
    rows = []
    for label, value in pairs:
        kind = describe_kind(value)
        head = f"{label}  {kind:<{width}}  " if kind else f"{label}  "
        rows.append((head, _text(value, WIDTH - 4)))
    if all("\n" not in text and len(head + text) <= WIDTH for head, text in rows):
        return [head + text for head, text in rows]
    return [line for head, text in rows for line in (head.rstrip(), *_indented("    ", text))]


def _text(value: Any, width: int) -> str:
    """A value whose kind and shape are said already."""
    return show_array(value, width) if isinstance(value, np.ndarray) else show(value, width)


def _difference(difference: Difference) -> list[str]:
    """What differs and where; nothing where that is plain to see."""
    reason, path = difference.reason, difference.path
    received, expected = show(difference.received), show(difference.expected)
    if received == expected:  # to six digits
        received, expected = f"{difference.received!r:.60}", f"{difference.expected!r:.60}"
    elif not path:
        return [] if reason in _PLAIN else _wrap(f"Difference: {reason}")
    said = f"{reason} at {path}" if reason in _PLAIN else f"{reason}, first at {path}"
    values = (difference.received, difference.expected)
    if any(isinstance(value, np.ndarray | list | dict) for value in values):
        return _wrap(f"Difference: {said}")
    return _wrap(f"Difference: {said if path else 'value'}: received {received}, expected {expected}")


def _mistake(mistake: Mistake | None) -> list[str]:
    if mistake is None:
        return []
    return ["", *_wrap(f"Likely mistake ({mistake.name}): {mistake.text}")]


def shown_output(text: str, about: str) -> list[str]:
    """What was printed, cut, as a terminal would have shown it: a progress bar's last state.

    Args:
        about: a line to be put before it.
    """
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.rstrip().split("\n")]
    if lines == [""]:
        return []
    shown = [f"    {line[:_LONGEST_LINE]}" for line in lines[:_MOST_LINES]]
    more = [f"    ... ({len(lines) - _MOST_LINES} more lines)"] if len(lines) > _MOST_LINES else []
    return ["", about, *(harmless(line) for line in shown), *more]


def _frames(frames: Frames) -> list[str]:
    return [
        f"    line {number}{f', in {function}' if function and function != '<module>' else ''}"
        f":  {line[:_LONGEST_LINE]}"
        for number, function, line in frames
    ]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def _indented(label: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [label + first, *(" " * len(label) + line for line in rest)]


def _wrap(text: str) -> list[str]:
    return [
        line
        for paragraph in text.splitlines()
        for line in (textwrap.wrap(paragraph, WIDTH, break_long_words=False) or [""])
    ]
