"""A submission that runs in a sandboxed worker, for a judge that asks it as it asks one in its own process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from keras_kata.authoring import Case, Probe
from keras_kata.cell import LOADED
from keras_kata.confinement import Enforced
from keras_kata.connection import Connection, Lost, greeted
from keras_kata.contract_data import contract_to_data
from keras_kata.course import Exercise
from keras_kata.errors import ServerError, WireError
from keras_kata.replies import Given, reply_of
from keras_kata.submission import Loader, Submission, too_slow
from keras_kata.verdicts import Crashed, Outcome, TimedOut, Unusable
from keras_kata.worker import Reply, visible
from keras_kata.workers import Workers

__all__ = ["RemoteImplementation", "enforced_by", "submitted"]

_T = TypeVar("_T")


class RemoteImplementation:
    """One submission in a worker of its own; after a crash or a time limit, in a fresh one.

    Args:
        workers: where workers come from.
        exercise: what it is an answer to.
        loader: what the exercise asks for; the one that would load it in this process.
        source: the submission's text.
        filename: what tracebacks call it.

    Attributes:
        printed: what the last observed call printed.
    """

    def __init__(
        self, workers: Workers, exercise: Exercise, loader: Loader, source: str, filename: str
    ) -> None:
        self.printed = ""
        self._workers = workers
        self._exercise = exercise
        self._connection: Connection | None = None
        self._loading = {
            "do": "load",
            "name": loader.name,
            "contract": contract_to_data(loader.contract),
            "source": source,
            "filename": filename,
            "limit": loader.limit,
        }
        self._limit = loader.limit

    def load(self) -> Outcome | None:
        """Load the submission; what is wrong with it, or None.

        Raises:
            SandboxError: the system does not give what is demanded; the submission was sent nowhere.
            ServerError: no worker can be had.
        """
        return _twice(self._load)

    def observe(self, probe: Probe, case: Case, limit: float) -> Reply:
        """Run a probe on a case, for at most `limit` seconds of wall-clock time and a little more.

        Raises:
            SandboxError: as in `load`.
            ServerError: no worker can be had.
        """
        return _twice(lambda: self._observe(probe, visible(case), limit))

    def close(self) -> None:
        """End the worker with everything that it has started."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _load(self) -> Outcome | None:
        self.close()
        self._connection = greeted(self._workers, self._exercise)
        answer, given = self._connection.ask(self._loading, {}, self._limit)
        if answer == [LOADED]:
            return None
        problem = self._believed(answer, given)
        self.close()
        if isinstance(problem, TimedOut):
            return Unusable(too_slow(self._limit))
        return (
            problem if isinstance(problem, Outcome) else Crashed({}, "it does not say whether it can be run")
        )

    def _observe(self, probe: Probe, case: Case, limit: float) -> Reply:
        self.printed = ""
        if self._connection is None or not self._connection.is_open:
            problem = self._load()
            if isinstance(problem, Crashed | Unusable):  # the same file could be loaded before
                return problem
        request = {"do": "observe", "probe": probe.name, "case": case, "limit": limit}
        assert self._connection is not None
        answer, given = self._connection.ask(request, case, limit)
        self.printed = self._connection.printed
        return self._believed(answer, given)

    def _believed(self, answer: Any, given: Given) -> Reply:
        """The reply, if it is one; a worker that timed out, or sent anything else, is not asked again."""
        if isinstance(answer, TimedOut | Crashed):
            return answer
        try:
            reply = reply_of(answer, given)
        except WireError as error:
            reply = Crashed(given.case, f"what it sends can't be used: {error}")
        if isinstance(reply, TimedOut | Crashed):
            self.close()
        return reply


@contextmanager
def submitted(
    workers: Workers, exercise: Exercise, loader: Loader, source: str, filename: str
) -> Iterator[Submission]:
    """A submission for the judge, in a sandboxed worker that ends with the block.

    Args:
        workers: where workers come from.
        exercise: what it is an answer to.
        loader: the judge's.
        source: the submission's text, as `read_source` gives it.
        filename: what tracebacks call it: a name without folders, as the worker learns it.

    Raises:
        SandboxError: the system does not give what is demanded.
        ServerError: no worker can be had.
    """
    implementation = RemoteImplementation(workers, exercise, loader, source, filename)
    try:
        problem = implementation.load()
        yield Submission(implementation if problem is None else None, problem)
    finally:
        implementation.close()


def enforced_by(workers: Workers, exercise: Exercise) -> Enforced:
    """What holds back the workers of this system, found by starting one.

    Raises:
        SandboxError: it is less than demanded; the message says what is missing and how to allow that.
        ServerError: no worker can be had.
    """
    connection = greeted(workers, exercise)
    connection.close()
    return connection.enforced


def _twice(attempt: Callable[[], _T]) -> _T | Crashed:
    """Try again, with a fresh worker, where one was lost; the second time it counts, unless the server went too.

    A submission can't kill what keeps its worker; but it may bring the system to do so, for want of memory, and
    must not get a grader's error for it, which costs no point.
    """
    try:
        return attempt()
    except Lost:
        try:
            return attempt()
        except Lost as error:
            if error.with_server:
                raise ServerError("the process that starts workers was killed, twice") from None
            return Crashed({}, f"{error}, twice")
