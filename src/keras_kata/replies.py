"""Replies of a worker as plain data, and back. Whoever sent them is not believed: every field is checked.

What a reply says of the case and of the time comes from the judge's side, never from the worker's.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from keras_kata.authoring import Case
from keras_kata.errors import UnusableValue, WireError
from keras_kata.observation import plain
from keras_kata.verdicts import Crashed, Forbidden, NotAttempted, Raised, TimedOut, Unusable
from keras_kata.worker import Answer, Reply

__all__ = ["Given", "reply_of", "reply_to_plain"]

_LONGEST_TEXT = 1200
_LONGEST_LINE = 400
_LONGEST_NAME = 200
_MOST_FRAMES = 8
_MOST_USES = 50
_HIGHEST_LINE = 10_000_000
_OUT_OF_MEMORY = "Your code asks for more memory than it may use. Is something far larger than it must be?"


class Given:
    """What the judge itself knows of a request.

    Args:
        case: the visible part of the case.
        limit: wall-clock seconds that the worker had.
        seconds: wall-clock seconds that it took.
    """

    def __init__(self, case: Case, limit: float, seconds: float) -> None:
        self.case = case
        self.limit = limit
        self.seconds = seconds


def reply_to_plain(reply: Reply) -> list[Any]:
    """A reply as a list: its kind, then what only the worker knows."""
    match reply:
        case Answer():
            return ["answer", reply.value, list(reply.changed)]
        case Raised():
            return ["raised", reply.error, [list(frame) for frame in reply.frames], reply.note]
        case Unusable():
            return ["unusable", reply.problem, [list(frame) for frame in reply.frames]]
        case TimedOut():
            return ["timed out"]
        case Forbidden():
            return ["forbidden", [list(use) for use in reply.uses[:_MOST_USES]]]
        case NotAttempted():
            return ["not attempted"]
        case Crashed():
            return ["crashed", reply.reason]


def reply_of(data: Any, given: Given) -> Reply:
    """The reply that a worker sent.

    Raises:
        WireError: it is none; the message says what is wrong.
    """
    if type(data) is not list or not data or type(data[0]) is not str:
        raise WireError("a reply that is no list with a kind")
    reader = _READERS.get(data[0])
    if reader is None:
        raise WireError(f"a reply of the unknown kind {data[0]!r:.40}")
    count, read = reader
    if len(data) != count + 1:
        raise WireError(f"a reply {data[0]!r} of {len(data)} parts")
    return read(data[1:], given)


def _answer(parts: list[Any], given: Given) -> Reply:
    try:
        value = plain(parts[0])
    except UnusableValue as error:
        raise WireError(f"no observation: {error}") from None
    changed = tuple(_text(name, _LONGEST_NAME) for name in _items(parts[1], len(given.case) + _MOST_USES))
    return Answer(value, changed, given.seconds)


def _raised(parts: list[Any], given: Given) -> Reply:
    error, note = _text(parts[0]), _text(parts[2])
    raised = Raised(given.case, error, _frames(parts[1]), note)
    if error.partition(":")[0].endswith("MemoryError") and not note:  # numpy has one of its own
        return replace(raised, note=_OUT_OF_MEMORY)
    return raised


def _unusable(parts: list[Any], _given: Given) -> Reply:
    return Unusable(_text(parts[0]), _frames(parts[1]))


def _forbidden(parts: list[Any], _given: Given) -> Reply:
    uses = []
    for use in _items(parts[0], _MOST_USES):
        name, line, advice = _items(use, 3, exactly=True)
        number = None if line is None else _line(line)
        uses.append((_text(name, _LONGEST_NAME), number, _text(advice)))
    if not uses:
        raise WireError("a forbidden use of nothing")
    return Forbidden(tuple(uses))


def _frames(value: Any) -> tuple[tuple[int, str, str], ...]:
    frames = []
    for frame in _items(value, _MOST_FRAMES):
        number, function, line = _items(frame, 3, exactly=True)
        frames.append((_line(number), _text(function, _LONGEST_NAME), _text(line, _LONGEST_LINE)))
    return tuple(frames)


def _items(value: Any, most: int, *, exactly: bool = False) -> list[Any]:
    if type(value) is not list or len(value) > most or (exactly and len(value) != most):
        raise WireError(f"no list of {'' if exactly else 'at most '}{most} items")
    return value


def _text(value: Any, most: int = _LONGEST_TEXT) -> str:
    if type(value) is not str:
        raise WireError(f"no text, but {type(value).__name__}")
    return value if len(value) <= most else value[:most] + " ..."


def _line(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _HIGHEST_LINE:
        raise WireError("no line number")
    return value


_READERS: dict[str, tuple[int, Callable[[list[Any], Given], Reply]]] = {
    "answer": (2, _answer),
    "raised": (3, _raised),
    "unusable": (2, _unusable),
    "timed out": (0, lambda _, given: TimedOut(given.case, given.limit)),
    "forbidden": (1, _forbidden),
    "not attempted": (0, lambda *_: NotAttempted()),
    "crashed": (1, lambda parts, given: Crashed(given.case, _text(parts[0]))),
}
