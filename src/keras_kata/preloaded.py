"""A process that has imported what a course needs, and forks a child for every judging.

It runs as `python -P -m keras_kata.preloaded ROOT FD SLUG ...`. It imports packages and forks, nothing else: once a
process has run a TensorFlow operation, its forked children hang. So graders, solutions and the learner's file
are loaded in the children. What a child finds out (the reference's answers, the known mistakes' replies) comes
back as bytes, and the next child of the same exercise starts with them.
"""

import contextlib
import hashlib
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

from keras_kata.course import Course, Exercise
from keras_kata.forked_judging import Learned, describe_death, judge_in_child, study_in_child
from keras_kata.live_reports import JudgingEnd, ProbeReport, Request
from keras_kata.needs import load, needed_packages

__all__ = ["Server"]

ENGINE = ("keras_kata.judge", "keras_kata.messages", "hypothesis")
_SECONDS_BETWEEN_LOOKS = 0.25  # at whether a child is still alive, which a grandchild's pipe may hide
_SECONDS_TO_DIE = 1.0
_MOST_SAID = 8000


@dataclass
class _Child:
    """A forked process.

    Attributes:
        request: what it judges, or None where it studies the known mistakes.
        errors: what it writes to stderr, also when it crashes; `said` is the start of it.
        closed: whether nothing more is to be read from `errors`.
        mark: the fingerprint of the exercise's files when it was forked.
        missed: whether a probe did not pass.
    """

    pid: int
    slug: str
    mark: str
    request: Request | None
    results: Connection
    errors: int
    said: bytearray = field(default_factory=bytearray)
    closed: bool = False
    missed: bool = False


class Server:
    """Takes requests from a connection, and answers with reports.

    Args:
        course: whose exercises are judged.
        connection: to the process that watches; its end is the end of this one.
        slugs: the exercises whose packages are imported when there is time.
    """

    def __init__(self, course: Course, connection: Connection, slugs: Iterable[str] = ()) -> None:
        self.course = course
        self._connection = connection
        self._child: _Child | None = None
        self._learned: dict[str, tuple[str, bytes]] = {}
        self._to_load = deque(slugs)
        self._to_study = ""
        self._studied: set[str] = set()

    def run(self) -> None:
        """Serve until the other side is gone."""
        try:
            with contextlib.suppress(EOFError, OSError):
                while self._turn():
                    pass
        finally:
            self._end_child()

    def _turn(self) -> bool:
        child = self._child
        pipes: list[Connection | int] = []
        if child is not None:
            pipes = [child.results] if child.closed else [child.results, child.errors]
        patience = _SECONDS_BETWEEN_LOOKS if child else 0 if self._to_study or self._to_load else None
        ready = wait([self._connection, *pipes], patience)
        if self._connection in ready:
            request = self._connection.recv()
            if request is None:
                return False
            self._begin(request)
        elif child is not None:
            self._listen(child, ready)
        elif self._to_load:
            load(needed_packages(self.course[self._to_load.popleft()]))
        elif self._to_study:
            self._study(self.course[self._to_study])
        return True

    def _begin(self, request: Request) -> None:
        self._end_child()
        self._to_study = ""
        exercise = self.course[request.slug]
        load([*ENGINE, *needed_packages(exercise)])
        mark = _fingerprint(exercise)
        known = self._known(exercise, mark)
        self._fork(exercise, mark, request, lambda pipe: judge_in_child(self.course, request, known, pipe))

    def _study(self, exercise: Exercise) -> None:
        """Use the time: diagnosing is quick where the mistakes' replies are known before they are needed."""
        self._to_study = ""
        mark = _fingerprint(exercise)
        if mark not in self._studied:
            known = self._known(exercise, mark)
            self._fork(exercise, mark, None, lambda pipe: study_in_child(self.course, exercise, known, pipe))

    def _known(self, exercise: Exercise, mark: str) -> bytes:
        """What earlier children found out, unless the exercise's files have changed since."""
        known_for, learned = self._learned.get(exercise.slug, ("", b""))
        return learned if known_for == mark else b""

    def _fork(
        self, exercise: Exercise, mark: str, request: Request | None, run: Callable[[Connection], None]
    ) -> None:
        results, into_results = Pipe(duplex=False)
        errors, into_errors = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # Python 3.12 warns of threads. TensorFlow's import has started some, which its children do without.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            status = 1
            try:
                self._become_child(into_errors)
                _die_with(parent)
                run(into_results)
                status = 0
            except BaseException:
                traceback.print_exc(file=sys.__stderr__)
            finally:
                os._exit(status)
        into_results.close()
        os.close(into_errors)
        self._child = _Child(pid, exercise.slug, mark, request, results, errors)

    def _become_child(self, errors: int) -> None:
        os.setsid()  # its descendants end with it
        os.close(self._connection.fileno())
        nothing = os.open(os.devnull, os.O_RDWR)
        for target, source in ((0, nothing), (1, nothing), (2, errors)):
            os.dup2(source, target)

    def _listen(self, child: _Child, ready: Iterable[object]) -> None:
        if child.errors in ready:
            data = os.read(child.errors, 65536)
            child.closed = not data
            child.said += data[: _MOST_SAID - len(child.said)]
        if child.results in ready:
            try:
                message = child.results.recv()
            except Exception:  # closed, or a learner's code has written into it
                self._bury(child)
                return
            self._take(child, message)
        elif not ready and os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            self._bury(child)

    def _take(self, child: _Child, message: Learned | ProbeReport | JudgingEnd) -> None:
        if isinstance(message, Learned):
            self._learned[child.slug] = (child.mark, message.data)
            return
        self._connection.send(message)
        if isinstance(message, ProbeReport):
            child.missed |= message.outcome != "passed"
        else:
            self._end_child()
            if child.missed:
                self._to_study = child.slug

    def _bury(self, child: _Child) -> None:
        """Tell that a child died before it had told everything."""
        status = self._end_child(_SECONDS_TO_DIE)
        if child.request is None:
            self._studied.add(child.mark)
            return
        said = child.said.decode(errors="replace")
        self._connection.send(
            JudgingEnd(child.request.number, describe_death(status, said, child.request.file))
        )

    def _end_child(self, patience: float = 0.0) -> int:
        """End the child, if there is one, and all its descendants; its status as `waitpid` gives it.

        Args:
            patience: for how many seconds it may end by itself, so that the status is its own.
        """
        child, self._child = self._child, None
        if child is None:
            return 0
        deadline = time.monotonic() + patience
        while not os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if time.monotonic() >= deadline:
                break
            time.sleep(0.01)
        for kill in (os.killpg, os.kill):  # a child that was only just forked leads no group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        if not child.closed:
            _drain(child)
        child.results.close()
        os.close(child.errors)
        return status


def _die_with(parent: int) -> None:
    """End when the parent ends, which can't end its child where it is killed itself."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it has ended already
        os._exit(1)


def _drain(child: _Child) -> None:
    os.set_blocking(child.errors, False)
    with contextlib.suppress(BlockingIOError):
        while data := os.read(child.errors, 65536):
            child.said += data[: _MOST_SAID - len(child.said)]


def _fingerprint(exercise: Exercise) -> str:
    """The same while nothing that answers depend on has changed."""
    files = [exercise.root / "course.toml", exercise.grader, *sorted(exercise.solution.glob("*"))]
    files += sorted((exercise.root / "graders" / "support").rglob("*.py"))
    digest = hashlib.blake2b()
    for file in files:
        with contextlib.suppress(OSError):
            digest.update(pickle.dumps((str(file), file.read_bytes())))
    return digest.hexdigest()


def main(root: str, descriptor: str, *slugs: str) -> None:
    """Serve the process that holds the other end of a connection."""
    course = Course(Path(root))
    course.set_environment()
    Server(course, Connection(int(descriptor)), slugs).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
