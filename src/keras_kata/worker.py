"""Observing an implementation in this process: one probe, one case, one reply."""

import contextlib
import copy
import io
import random
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from keras_kata.authoring import Case, Probe
from keras_kata.errors import ContractError, TimeLimit, UnusableValue
from keras_kata.failures import error_text, read_failure
from keras_kata.forbidden import Use
from keras_kata.implementation import Implementation
from keras_kata.limits import time_limit
from keras_kata.observation import plain
from keras_kata.runtime import Runtime
from keras_kata.tripwires import tripwires
from keras_kata.verdicts import Crashed, Forbidden, NotAttempted, Raised, TimedOut, Unusable

__all__ = ["Answer", "Elsewhere", "Reply", "Shortened", "Worker", "forbidden", "surroundings", "visible"]

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


class Elsewhere(Protocol):
    """An implementation that runs in another process, which observes it there.

    Attributes:
        printed: what the last observed call printed.
    """

    printed: str

    def observe(self, probe: Probe, case: Case, limit: float) -> Reply:
        """Run a probe on a copy of a case, for at most `limit` seconds of wall-clock time."""


def visible(case: Case) -> Case:
    """The part of a case that an implementation may see, copied."""
    return {key: copy.deepcopy(value) for key, value in case.items() if not key.startswith("_")}


class Worker:
    """Runs probes on implementations: in this process, unless one is in a process of its own.

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

    def observe(
        self, implementation: Implementation | Elsewhere, probe: Probe, case: Case, limit: float
    ) -> Reply:
        """Run a probe on a copy of a case, for at most `limit` seconds of wall-clock time."""
        if not isinstance(implementation, Implementation):
            reply = implementation.observe(probe, case, limit)
            self.printed = implementation.printed
            return reply
        with self._output_kept():
            return self._observe(implementation, probe, case, limit)

    def _observe(self, implementation: Implementation, probe: Probe, case: Case, limit: float) -> Reply:
        given = visible(case)
        filename = implementation.filename
        started = perf_counter()
        uses: list[Use] = []
        try:
            with (
                implementation.running(),
                surroundings(self.runtime, implementation.registered, self.forbidden, filename) as uses,
                time_limit(limit),
            ):
                value = plain(probe.observe(implementation, given), self.runtime.as_array)
        except TimeLimit:
            return TimedOut(visible(case), limit)
        except ContractError as error:
            return Unusable(error_text(error, named=False))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever a submission raises is its reply, SystemExit included
            if not uses:
                return _raised(error, filename, visible(case))
        if uses:  # also where the code swallowed the exception
            return forbidden(uses)
        return Answer(value, _changed(visible(case), given), perf_counter() - started)

    @contextmanager
    def _output_kept(self) -> Iterator[None]:
        self.printed = ""
        if self.echo:
            yield
            return
        output = Shortened()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            yield
        self.printed = output.getvalue()


class Shortened(io.StringIO):
    """Text that is written: the first 4,000 characters are kept; a flood of output costs no memory."""

    def write(self, text: str) -> int:
        """Keep what still fits; say that all was written."""
        super().write(text[: max(0, _LONGEST_OUTPUT - self.tell())])
        return len(text)

    def close(self) -> None:
        """Stay open: code may close what it prints to, or keep it and print later."""


@contextmanager
def surroundings(
    runtime: Runtime, registered: Any, forbidden: Mapping[str, str], filename: str
) -> Iterator[list[Use]]:
    """The same random numbers, warnings and framework state whenever a file's code runs; none left behind.

    Args:
        registered: what is registered process-wide inside, as the runtime's `registrations` gave it.
        forbidden: dotted names of APIs that raise ForbiddenUse when the file's code calls them.
        filename: what the file was compiled as.

    Yields:
        The forbidden calls so far, also those whose exception the code swallowed.
    """
    python_state, numpy_state = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        runtime.isolated(registered),
        tripwires(forbidden, filename, runtime.synonyms) as trips,
    ):
        warnings.simplefilter("ignore")
        try:
            yield trips.uses
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)


def forbidden(uses: Sequence[Use]) -> Forbidden:
    """The outcome of code that uses what the exercise asks to build."""
    return Forbidden(tuple((use.name, use.line, use.advice) for use in uses))


def _raised(error: BaseException, filename: str, case: Case) -> Reply:
    failure = read_failure(error, filename)
    if failure.in_debugger:
        raise KeyboardInterrupt from error
    if failure.is_stub:
        return NotAttempted()
    note = ""
    if issubclass(type(error), UnusableValue):
        return Raised(case, f"What your code returns can't be compared: {error_text(error, named=False)}")
    if issubclass(type(error), SystemExit):
        note = "Your code ends the program (sys.exit, exit or quit). Return a result instead."
    elif not failure.frames:
        note = "Your code ran through, but what it returned can't be used in the way the exercise says."
    return Raised(case, failure.text, failure.frames, note)


def _changed(before: Case, after: Case) -> tuple[str, ...]:
    kept = [key for key in before if key in after and _identical(before[key], after[key])]
    return tuple(dict.fromkeys(key for key in (*before, *after) if key not in kept))


def _identical(one: Any, other: Any) -> bool:
    """Whether plain data is still as it was; nothing is asked of objects that were put into it."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if len(one) != len(other) or not {type(key) for key in other} <= {type(key) for key in one}:
            return False
        return all(key in other and _identical(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_identical, one, other))
    if isinstance(one, np.ndarray):
        is_shaped = one.dtype == other.dtype and one.shape == other.shape
        return bool(is_shaped and one.tobytes() == other.tobytes())
    return bool(one == other or (one != one and other != other))
