"""Reading an exception that untrusted code has raised. Its own methods may lie, fail or never end."""

import os
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from keras_kata.limits import DEBUGGERS, time_limit

__all__ = ["Failure", "error_text", "is_of", "read_failure"]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_MESSAGE = 600
_LONGEST_READING = 2.0
_MOST_FRAMES = 1000
_MOST_OWN_FRAMES = 8


@dataclass(frozen=True)
class Failure:
    """What there is to say of an exception.

    Attributes:
        text: its type and message.
        frames: the traceback's last entries in the file itself: (line number, function, source line).
        is_stub: it is the NotImplementedError of the stub's own line.
        in_debugger: somebody at a breakpoint ended the run.
    """

    text: str
    frames: tuple[tuple[int, str, str], ...] = ()
    is_stub: bool = False
    in_debugger: bool = False


def read_failure(error: BaseException, filename: str) -> Failure:
    """Read the exception that is being handled: in the `except` that has caught it, nowhere else.

    Args:
        filename: what the file was compiled as that the frames are wanted of, or the folder that a notebook's
            cells were compiled in.
    """
    trace = sys.exc_info()[2]  # not the error's attribute, which its class may override
    try:
        with time_limit(_LONGEST_READING):
            entries = traceback.extract_tb(trace, -_MOST_FRAMES)
            frames = tuple(
                (e.lineno or 0, e.name, e.line or "") for e in entries if is_of(e.filename, filename)
            )
            # The stub's own line: TensorFlow raises NotImplementedError too, in code that was attempted.
            last = (entries[-1].line or "") if is_of(entries[-1].filename, filename) else ""
            is_raised_here = last.startswith("raise NotImplementedError")
            is_stub = is_raised_here and issubclass(type(error), NotImplementedError)
            in_debugger = any(Path(entry.filename).stem in DEBUGGERS for entry in entries)
            return Failure(error_text(error), frames[-_MOST_OWN_FRAMES:], is_stub, in_debugger)
    except KeyboardInterrupt:
        raise
    except BaseException:  # source lines may come from a loader of the code's own
        return Failure(_type_name(error))


def is_of(name: str, filename: str) -> bool:
    """Whether what was compiled as `name` is of the file `filename`, or a cell in the folder `filename`.

    A notebook's kernel compiles each cell under a name of its own, all in one folder.
    """
    return name == filename or (filename != "" and name.startswith(filename + os.sep))


def error_text(error: BaseException, *, named: bool = True) -> str:
    """An exception's type (where `named`) and its message, cut to 600 characters."""
    try:
        with time_limit(_LONGEST_READING):
            message = _COLOUR.sub("", str.__str__(str(error))).strip()
    except KeyboardInterrupt:
        raise
    except BaseException:  # hostile or broken __str__: the type alone is told
        message = "(its message can't be shown)"
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " ..."
    if not named:
        return message
    name = _type_name(error)
    return f"{name}: {message}" if message else name


def _type_name(error: BaseException) -> str:
    return str(type.__dict__["__name__"].__get__(type(error)))
