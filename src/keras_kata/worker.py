"""Observing an implementation in this process: one probe, one case, one reply."""

import contextlib
import copy
import io
import random
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

import numpy as np

from keras_kata.authoring import Case, Probe
from keras_kata.errors import ContractError, ForbiddenUse, TimeLimit, UnusableValue
from keras_kata.forbidden import tripwires
from keras_kata.implementation import Implementation
from keras_kata.limits import DEBUGGERS, time_limit
from keras_kata.observation import plain
from keras_kata.runtime import Runtime
from keras_kata.verdicts import Crashed, Forbidden, NotAttempted, Raised, TimedOut, Unusable

__all__ = ["Answer", "Reply", "Worker", "own_frames", "visible"]

_LONGEST_MESSAGE = 600
_LONGEST_OUTPUT = 4000


@dataclass(frozen=True)
class Answer:
    """An observation, as plain data.

    Attributes:
        changed: the case keys whose values the implementation changed in place.
    """

    value: Any
    changed: tuple[str, ...]
    seconds: float


Reply = Answer | Raised | Unusable | TimedOut | Crashed | Forbidden | NotAttempted


def visible(case: Case) -> Case:
    """The part of a case that an implementation may see, copied."""
    return {key: copy.deepcopy(value) for key, value in case.items() if not key.startswith("_")}


class Worker:
    """Runs probes on implementations in this process.

    Args:
        runtime: what the course says about its framework.
        forbidden: dotted names of APIs that the exercise asks to build, with what to do instead.
        echo: let the implementation print; else what it prints is kept in `printed`, so that a learner
            sees the lines that belong to the case shown, and not those of a hundred others.

    Attributes:
        printed: what the last observed call printed, at most 4,000 characters.
    """

    def __init__(self, runtime: Runtime, forbidden: Mapping[str, str], *, echo: bool = False) -> None:
        self.runtime = runtime
        self.forbidden = forbidden
        self.echo = echo
        self.printed = ""

    def observe(self, implementation: Implementation, probe: Probe, case: Case, limit: float) -> Reply:
        """Run a probe on a copy of a case, for at most `limit` seconds of wall-clock time."""
        with self._output_kept():
            return self._observe(implementation, probe, case, limit)

    def _observe(self, implementation: Implementation, probe: Probe, case: Case, limit: float) -> Reply:
        given = visible(case)
        started = perf_counter()
        try:
            with self._surroundings(implementation) as trips, time_limit(limit):
                value = plain(probe.observe(implementation, given), self.runtime.as_array)
        except TimeLimit:
            return TimedOut(visible(case), limit)
        except ForbiddenUse:
            return Forbidden(tuple((use.name, use.line, use.advice) for use in trips.uses))
        except ContractError as error:
            return Unusable(str(error))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever a submission raises is its reply, SystemExit included
            if _quits_debugger(error):
                raise KeyboardInterrupt from error
            return _raised(error, implementation.filename, visible(case))
        if trips.uses:  # the exception was swallowed on the way
            return Forbidden(tuple((use.name, use.line, use.advice) for use in trips.uses))
        return Answer(value, _changed(visible(case), given), perf_counter() - started)

    @contextmanager
    def _output_kept(self) -> Iterator[None]:
        self.printed = ""
        if self.echo:
            yield
            return
        with _Shortened() as output, contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            yield
            self.printed = output.getvalue()

    @contextmanager
    def _surroundings(self, implementation: Implementation) -> Iterator[Any]:
        """The same random numbers, warnings and framework state for every call, and none left behind."""
        python_state, numpy_state = random.getstate(), np.random.get_state()
        random.seed(0)
        np.random.seed(0)
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            self.runtime.isolated(implementation.registered),
            tripwires(self.forbidden, implementation.filename, self.runtime.synonyms) as trips,
        ):
            warnings.simplefilter("ignore")
            try:
                yield trips
            finally:
                random.setstate(python_state)
                np.random.set_state(numpy_state)


class _Shortened(io.StringIO):
    """Keeps the first 4,000 characters; a flood of output costs no memory."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, _LONGEST_OUTPUT - self.tell())])
        return len(text)


def own_frames(trace: TracebackType | None, filename: str) -> tuple[tuple[int, str, str], ...]:
    """The entries of a traceback that are in one file: (line number, function, source line)."""
    return tuple(
        (frame.lineno or 0, frame.name, frame.line or "")
        for frame in traceback.extract_tb(trace)
        if frame.filename == filename
    )


def _quits_debugger(error: BaseException) -> bool:
    """Whether somebody at a breakpoint wants to end the run."""
    return any(Path(frame.filename).stem in DEBUGGERS for frame in traceback.extract_tb(error.__traceback__))


def _raised(error: BaseException, filename: str, case: Case) -> Reply:
    frames = own_frames(error.__traceback__, filename)
    last = traceback.extract_tb(error.__traceback__)[-1]
    # The stub's own line: TensorFlow raises NotImplementedError too, in code that was attempted.
    if last.filename == filename and (last.line or "").startswith("raise NotImplementedError"):
        return NotAttempted()
    note = ""
    if isinstance(error, UnusableValue):
        return Raised(case, f"What your code returns can't be compared: {error}")
    if isinstance(error, SystemExit):
        note = "Your code ends the program (sys.exit, exit or quit). Return a result instead."
    elif not frames:
        note = "Your code ran through, but what it returned can't be used in the way the exercise says."
    return Raised(case, error_text(error), frames[-8:], note)


def error_text(error: BaseException) -> str:
    """An exception's type and message, cut to 600 characters; its `__str__` may itself raise."""
    try:
        message = str.__str__(str(error)).strip()
    except Exception:  # hostile or broken __str__: the type alone is told
        message = "(its message can't be shown)"
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " ..."
    name = type(error).__name__
    return f"{name}: {message}" if message else name


def _changed(before: Case, after: Case) -> tuple[str, ...]:
    return tuple(key for key in before if key not in after or not _identical(before[key], after[key]))


def _identical(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(_identical(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_identical, one, other))
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    return bool(one == other or (one != one and other != other))
