"""The judge's connection to one sandboxed worker: requests go out, and what comes back is measured and doubted."""

import os
import signal
from collections.abc import Mapping
from time import monotonic
from typing import Any

from keras_kata.authoring import Case
from keras_kata.confinement import Confinement, Enforced, readable_size
from keras_kata.course import Exercise
from keras_kata.errors import ServerError, WireError
from keras_kata.frames import Frames
from keras_kata.observation import MOST_ITEMS
from keras_kata.replies import Given
from keras_kata.verdicts import Crashed, TimedOut
from keras_kata.wire import pack, unpack
from keras_kata.workers import Ended, Workers

__all__ = ["Connection", "Lost", "greeted"]

_GRACE = 2.0  # the worker's own clock goes first
_LONGEST_GREETING = 60.0
_PATIENCE = 2.0  # for the news of a worker's end, once the connection to it has ended
_MOST_BESIDE = 1 << 16
_LONGEST_PRINTED = 4000
_MEANINGS: Mapping[int, str] = {
    signal.SIGABRT: "aborted: a library gave up, as they do when memory runs out",
    signal.SIGSEGV: "segmentation fault",
}


class Lost(Exception):
    """A worker has gone in a way that its submission hardly can bring about.

    Attributes:
        with_server: the server has gone too, and has taken the worker with it.
    """

    def __init__(self, reason: str, *, with_server: bool = False) -> None:
        super().__init__(reason)
        self.with_server = with_server


class Connection:
    """One worker, from its start to its end.

    Args:
        workers: where it comes from.
        exercise: whose probes it knows.

    Attributes:
        enforced: what holds it back; known from the start, before anything is sent to it.
        printed: what the submission printed in answering.
        is_open: whether it can be asked.

    Raises:
        SandboxError: less is enforced than demanded.
        ServerError: no worker can be had.
        Lost: it ended before it was ready.
    """

    def __init__(self, workers: Workers, exercise: Exercise) -> None:
        self.printed = ""
        self._confinement = workers.confinement
        self._workers = workers
        self._number, connection = workers.worker(exercise)
        self._start = workers.starts
        self._frames = Frames(connection, self._confinement.output + _MOST_BESIDE)
        self.is_open = True
        try:
            answer, _ = self.ask({"do": "greet"}, {}, _LONGEST_GREETING)
            if isinstance(answer, Crashed):
                raise Lost(answer.reason)
            if isinstance(answer, TimedOut):
                raise Lost(f"it was not ready after {_LONGEST_GREETING:.0f} s")
            self.enforced = Enforced.of(answer)
            self.enforced.demand(self._confinement)
            workers.record(self.enforced)
        except BaseException:
            self.close()
            raise

    def ask(self, request: Mapping[str, Any], case: Case, limit: float) -> tuple[Any, Given]:
        """The worker's answer; a TimedOut or Crashed, and the end of the worker, if it gives none.

        Args:
            request: plain data.
            case: what such an outcome shows.
            limit: wall-clock seconds; a little more is granted.

        Raises:
            Lost: the worker was killed from outside.
            WireError: the request can't be sent, which is no fault of the worker.
        """
        nonce = os.urandom(16)
        message = pack({**request, "nonce": nonce})
        started = monotonic()
        due = started + limit + _GRACE
        answer: Any
        try:
            self._frames.send(message, due)
            answer, self.printed = _opened(self._frames.receive(due), nonce)
        except TimeoutError:
            answer = TimedOut(case, limit)
            self.close()
        except WireError as error:
            answer = Crashed(case, f"what it sends can't be used: {error}")
            self.close()
        except (EOFError, OSError):
            answer = Crashed(case, self._why_it_ended())
        return answer, Given(case, limit, monotonic() - started)

    def close(self) -> None:
        """End the worker with everything that it has started."""
        self._end(0.0)

    def _why_it_ended(self) -> str:
        ended = self._end(_PATIENCE)
        if ended.is_lost:
            raise Lost("it was killed from outside", with_server=ended.with_server)
        return _reason(ended, self._confinement)

    def _end(self, patience: float) -> Ended:
        if not self.is_open:
            return Ended()
        self.is_open = False
        self._frames.close()
        return self._workers.end(self._number, self._start, patience)


def greeted(workers: Workers, exercise: Exercise) -> Connection:
    """A new worker; a second one if the first was lost, which can happen when somebody kills the server.

    Raises:
        SandboxError: less is enforced than demanded.
        ServerError: no worker can be had.
    """
    try:
        return Connection(workers, exercise)
    except Lost:
        try:
            return Connection(workers, exercise)
        except Lost as error:
            raise ServerError(f"workers end before they are ready: {error}") from None


def _opened(data: bytes, nonce: bytes) -> tuple[Any, str]:
    """The answer in a message, and what the submission printed.

    Raises:
        WireError: the message is not the answer to what was asked.
    """
    message = unpack(data, MOST_ITEMS + _MOST_BESIDE)
    if type(message) is not list or len(message) != 3 or type(message[2]) is not str:
        raise WireError("no answer")
    if message[0] != nonce:
        raise WireError("an answer that nobody has asked for")
    return message[1], message[2][:_LONGEST_PRINTED]


def _reason(ended: Ended, confinement: Confinement) -> str:
    """How a worker ended, for a sentence that a teacher reads."""
    if ended.is_short:
        return f"it used more than {readable_size(confinement.memory)} of memory, all its processes together"
    if ended.status is None:
        return "it closed its connection to the grader and went on"
    if os.WIFEXITED(ended.status):
        return f"it ended itself, with status {os.WEXITSTATUS(ended.status)}"
    number = os.WTERMSIG(ended.status)
    if number in (signal.SIGKILL, signal.SIGXCPU) and ended.seconds >= 0.98 * confinement.cpu:
        return f"it used more than {confinement.cpu} s of processor time"
    meaning = _MEANINGS.get(number) or signal.strsignal(number) or "unknown"
    return f"it was killed by signal {number} ({meaning.lower()})"
