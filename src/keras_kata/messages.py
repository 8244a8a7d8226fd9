"""What a learner reads. One shape for every message: the claim, the case, received and expected, where they
first differ, the likely mistake, the next hint.

Messages are plain text of at most 80 columns; nothing in them depends on colour.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_kata.authoring import REJECTED
from keras_kata.comparison import describe_kind
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

__all__ = ["explain", "show", "table_points"]

WIDTH = 80
SMALL = 40
"""Arrays up to this many values are shown whole."""

Frames = Sequence[tuple[int, str, str]]


def explain(outcome: Outcome, probe: ProbeOutline, command: str, slug: str) -> str:
    """The message for one outcome.

    Args:
        command: runs this probe again, such as `pytest exercises/module6/bellman_update.py::target`.
        slug: the exercise, for the hint command.
    """
    lines = [*_wrap(f"{probe.name}: {probe.claim}"), "", *_body(outcome)]
    if isinstance(outcome, Failed | Raised | TimedOut | NotAttempted):
        lines += ["", f"Next hint:  kata hint {slug}::{probe.name}"]
    if not isinstance(outcome, Passed | NotAttempted):
        lines += [f"Run again:  {command}"]
    return "\n".join(lines)


def _body(outcome: Outcome) -> list[str]:
    match outcome:
        case Passed():
            return ["Passed."]
        case Failed():
            return [
                *_case(outcome.case),
                *_compared(outcome),
                *_printed(outcome.printed),
                *_mistake(outcome.mistake),
            ]
        case Raised():
            return [
                *_case(outcome.case),
                *_labelled("Your code raised" if outcome.frames else "What went wrong", outcome.error),
                *_frames(outcome.frames),
                *(_wrap(outcome.note) if outcome.note else []),
                *_printed(outcome.printed),
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
                *_wrap(
                    "GRADER ERROR. This is a defect of the exercise, not of your code, and costs you no point. "
                    "Please report it:"
                ),
                *_wrap(f"{outcome.reason}"),
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
    lines = ["With"]
    width = max((len(key) for key in case), default=0)
    for key, value in case.items():
        lines += _indented(f"    {key:<{width}} = ", show(value))
    return [*lines, ""]


def _compared(outcome: Failed) -> list[str]:
    difference = outcome.difference
    if outcome.expected is None and outcome.received is None:
        return _labelled("Differs in", difference.reason)
    lines = [
        *_indented(f"Received  {_kind(outcome.received)}", show(outcome.received)),
        *_indented(f"Expected  {_kind(outcome.expected)}", show(outcome.expected)),
    ]
    return [*lines, *_difference(difference)]


def _difference(difference: Difference) -> list[str]:
    reason, path = difference.reason, difference.path
    single = not isinstance(difference.expected, np.ndarray | list | dict) and difference.expected is not None
    if not path and not single:
        return _labelled("Differs in", reason)
    if not path and reason == "value":
        return []
    where = f"first at {path}" if path else ""
    if single or difference.received is None:
        values = f"received {show(difference.received)}, expected {show(difference.expected)}"
        return _labelled("Differs in", ", ".join(part for part in (reason, where) if part) + f": {values}")
    return _labelled("Differs in", ", ".join(part for part in (reason, where) if part))


def _mistake(mistake: Mistake | None) -> list[str]:
    if mistake is None:
        return []
    return ["", *_wrap(f"Likely mistake ({mistake.name}): {mistake.text}")]


def _printed(text: str) -> list[str]:
    if not text.strip():
        return []
    lines = text.rstrip().splitlines()
    more = [f"    ... ({len(lines) - 20} more lines)"] if len(lines) > 20 else []
    return ["Your code printed, in this case:", *(f"    {line}" for line in lines[:20]), *more]


def _frames(frames: Frames) -> list[str]:
    return [
        f"    line {number}{f', in {function}' if function and function != '<module>' else ''}:  {line}"
        for number, function, line in frames
    ]


def _kind(value: Any) -> str:
    kind = describe_kind(value)
    return f"({kind})  " if kind else ""


def show(value: Any) -> str:
    """A value as a learner reads it: small ones whole, large ones by what differs or by their ends."""
    if value is REJECTED:
        return repr(value)
    if isinstance(value, np.ndarray):
        return _show_array(value)
    if isinstance(value, np.generic | float):
        return _number(value)
    if isinstance(value, str):
        return repr(value) if len(value) <= 300 else f"{value[:300]!r}... ({len(value)} characters)"
    if isinstance(value, dict):
        entries = ["\n".join(_indented(f"{key!r}: ", show(item))) for key, item in value.items()]
        return _joined("{", entries, "}")
    if isinstance(value, list | tuple):
        shown = [show(item) for item in value[:SMALL]]
        rest = [f"... ({len(value)} entries)"] if len(value) > SMALL else []
        return _joined("[", [*shown, *rest], "]")
    return f"{value!r:.300}"


def _show_array(array: np.ndarray) -> str:
    if array.ndim == 0:
        return _number(array.item())
    if array.size == 0:
        return f"an empty array of shape {array.shape}"
    summary = f"array of shape {array.shape}: " if array.size > SMALL else ""
    text = np.array2string(
        array,
        separator=", ",
        threshold=SMALL,
        edgeitems=2,
        max_line_width=WIDTH - 16,
        formatter={"float_kind": _number},
    )
    return summary + text


def _number(value: Any) -> str:
    """Six digits; a float always shows that it is one."""
    value = value.item() if isinstance(value, np.generic) else value
    if not isinstance(value, float):
        return repr(value)
    text = f"{value:.6g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def _joined(start: str, entries: Sequence[str], end: str) -> str:
    """On one line where they fit; else one entry a line, aligned behind the bracket."""
    if sum(map(len, entries)) + 2 * len(entries) < WIDTH - 24 and not any("\n" in entry for entry in entries):
        return start + ", ".join(entries) + end
    return start + ",\n ".join(entry.replace("\n", "\n ") for entry in entries) + end


def _labelled(label: str, text: str) -> list[str]:
    return _wrap(f"{label}: {text}")


def _indented(label: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [label + first, *(" " * len(label) + line for line in rest)]


def _wrap(text: str) -> list[str]:
    return [
        line
        for paragraph in text.splitlines()
        for line in (textwrap.wrap(paragraph, WIDTH, break_long_words=False) or [""])
    ]


def table_points(points: float) -> str:
    """Points without a needless fraction: `3`, `0.5`."""
    return f"{points:g}"

