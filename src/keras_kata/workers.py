"""The judge's side of the forking server: starting it, asking it for workers, starting it again when it is gone."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import keras_kata
from keras_kata.confinement import Confinement, Enforced
from keras_kata.course import Course, Exercise
from keras_kata.errors import SandboxError, ServerError
from keras_kata.needs import package_folders, packages_of
from keras_kata.wire import pack, unpack

__all__ = ["Ended", "Workers"]

_MOST_CONTROL = 1 << 17
_LONGEST_START = 300.0  # on a cold and busy machine, TensorFlow's import takes long
_LONGEST_ANSWER = 60.0  # of the server, which only forks and waits
_LONGEST_END = 20.0
_LONGEST_LOG = 1500
_PASSED_ON = ("LD_LIBRARY_PATH", "TZ")  # what a Python outside the usual places needs to start


@dataclass(frozen=True)
class Ended:
    """How a worker ended by itself.

    Attributes:
        status: its wait status; None where it was not over when it was ended.
        seconds: of CPU time.
        is_short: the kernel killed it, or something that it had started, for want of memory.
        is_lost: it was killed from outside, with all that belonged to it.
        with_server: because the server was.
    """

    status: int | None = None
    seconds: float = 0.0
    is_short: bool = False
    is_lost: bool = False
    with_server: bool = False


class Workers:
    """Sandboxed workers of one course. A context manager: all of them end with it.

    Args:
        course: whose packages and graders are imported, once.
        confinement: the limits of each worker, and what may be missing of the sandbox.
        exercises: those that will be judged; all of the course by default.
        connection: a descriptor from another process's `attach`, to use that process's server as long as it runs.

    Attributes:
        enforced: what held every worker back so far; None before the first.
        starts: how often a server was started.
    """

    def __init__(
        self,
        course: Course,
        confinement: Confinement = Confinement(),  # noqa: B008 - a frozen value
        exercises: Iterable[Exercise] | None = None,
        connection: int | None = None,
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxError(
                "the sandbox needs Linux. Elsewhere, run the grading in a container or in WSL."
            )
        self.course = course
        self.confinement = confinement
        self.enforced: Enforced | None = None
        self.starts = 0
        self._exercises = list(course if exercises is None else exercises)
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._log: IO[bytes] | None = None
        self._control = None if connection is None else _control(connection)
        self._unread = 0  # answers of the server that were not waited for
        self._has_answered = False

    def __enter__(self) -> "Workers":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def process(self) -> int:
        """The number of the server's process; 0 where another process has started it, or none runs."""
        return 0 if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the server, if it does not run. Takes as long as the course's packages take to import.

        Raises:
            ServerError: it can't import them; the message has its last words.
            SandboxError: Python is installed where submissions would find the solutions.
        """
        with self._lock:
            if self._control is None:
                self._begin()
            if self._has_answered:
                return
            try:
                self._catch_up()
            except (OSError, ServerError) as error:
                last_words = self._last_words()
                self.close()
                if isinstance(error, ServerError) and not isinstance(error, _Gone):
                    raise
                reason = "the course's packages and graders can't be imported"
                raise ServerError(f"{reason}. {last_words}") from None

    def close(self) -> None:
        """End the server and every worker. May be called twice."""
        with self._lock:
            if self._control is not None:
                self._control.close()
                self._control, self._unread = None, 0
            if self._process is not None:
                try:
                    self._process.wait(_LONGEST_END)
                except subprocess.TimeoutExpired:
                    self._process.kill()  # its workers die with it
                    self._process.wait()
                self._process = None
            if self._log is not None:
                self._log.close()
                self._log = None
            if self._scratch:
                shutil.rmtree(self._scratch, ignore_errors=True)
                self._scratch = ""

    def attach(self) -> int:
        """A descriptor by which another process can use this server: `Workers(course, connection=...)` there.

        It can be inherited, by `subprocess`'s `pass_fds`; close it here afterwards. The server is started if it
        does not run, and not waited for: it will answer there when it is ready, or hang up when it can't start.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._lock:
            if self._control is None or (self._process is not None and self._process.poll() is not None):
                self.close()
                self._begin()
            self._send({"do": "attach"}, theirs)
            self._unread += 1
        return ours.detach()

    def worker(self, exercise: Exercise) -> tuple[int, socket.socket]:
        """Start a worker that knows an exercise's probes.

        Returns:
            Its number, and the socket that leads to it.

        Raises:
            ServerError: the server can't be started, or can't import the grader.
        """
        ours, theirs = socket.socketpair()
        request = {"do": "start", "slug": exercise.slug, "limits": self.confinement.plain()}
        try:
            with theirs:
                return cast(int, self._ask(request, theirs)["number"]), ours
        except BaseException:
            ours.close()
            raise

    def record(self, enforced: Enforced) -> None:
        """Take in what holds one more worker back."""
        with self._lock:
            self.enforced = enforced if self.enforced is None else self.enforced.common(enforced)

    def end(self, number: int, start: int, patience: float) -> Ended:
        """End a worker with all its descendants, and reap it.

        Args:
            number: as `worker` gave it.
            start: what `starts` was then; workers of a server that is gone are gone too.
            patience: for how many seconds to wait for its own end first.
        """
        with self._lock:
            if self._control is None or start != self.starts:
                return Ended(is_lost=True, with_server=True)
            try:
                told = self._asked({"do": "end", "number": number, "patience": patience}, None)
            except ServerError:
                self.close()
                return Ended(is_lost=True, with_server=True)
        if "status" not in told:
            return Ended(is_short=told.get("short", False), is_lost=told.get("lost", True))
        return Ended(told["status"], told["milliseconds"] / 1000, told["short"])

    def _ask(self, request: Mapping[str, Any], attachment: socket.socket) -> Mapping[str, Any]:
        """Ask the server, a new one if it is gone."""
        with self._lock:
            self.start()
            try:
                return self._asked(request, attachment)
            except _Gone:  # another process's server is replaced too, by one of our own
                self.close()
                self.start()
                return self._asked(request, attachment)

    def _asked(self, request: Mapping[str, Any], attachment: socket.socket | None) -> Mapping[str, Any]:
        try:
            self._catch_up()
            self._send(request, attachment)
            return self._received()
        except OSError as error:
            raise _Gone(f"the server does not answer: {error}") from None

    def _send(self, request: Mapping[str, Any], attachment: socket.socket | None = None) -> None:
        if self._control is None:
            raise _Gone("the server is not started")
        self._control.settimeout(_LONGEST_ANSWER)
        attached = [] if attachment is None else [attachment.fileno()]
        socket.send_fds(self._control, [pack(dict(request))], attached)

    def _received(self) -> Mapping[str, Any]:
        if self._control is None:
            raise _Gone("the server is not started")
        self._control.settimeout(_LONGEST_ANSWER if self._has_answered else _LONGEST_START)
        answer = self._control.recv(_MOST_CONTROL)
        self._has_answered = True
        return _read(answer)

    def _catch_up(self) -> None:
        """Take in the answers that were not waited for; the first one says that the server is ready."""
        while self._unread:
            self._received()
            self._unread -= 1

    def _begin(self) -> None:
        """Start the server's process, and tell it what to import."""
        self.starts += 1
        self._scratch = tempfile.mkdtemp(prefix="kata-")
        os.chmod(self._scratch, 0o711)  # a worker that gets no root folder of its own finds its part by name
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "keras_kata.server", str(theirs.fileno())],
                env=self._environment(),
                cwd=self._scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control, self._has_answered = ours, False
        with suppress(BrokenPipeError):  # it has died already: its last words will be read
            self._send(self._beginning())
        self._unread = 1

    def _beginning(self) -> dict[str, Any]:
        return {
            "root": str(self.course.root),
            "packages": packages_of(self._exercises),
            "slugs": [exercise.slug for exercise in self._exercises],
            "scratch": self._scratch,
        }

    def _environment(self) -> dict[str, str]:
        """All that the server, and so a submission, knows of this process's environment."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        defaults = self.course.environment_defaults
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "USER": "learner",
            "HOME": self._scratch,
            "TMPDIR": self._scratch,
            "MALLOC_ARENA_MAX": "2",  # each arena reserves address space, which is limited
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([str(Path(keras_kata.__file__).parents[1]), *package_folders()]),
            **kept,
            **{name: os.environ.get(name, value) for name, value in defaults.items()},
            **self.course.environment,
        }

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        with suppress(subprocess.TimeoutExpired):
            if self._process is not None:
                self._process.wait(1)
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-_LONGEST_LOG:]


class _Gone(ServerError):
    """The server does not answer any more."""


def _control(descriptor: int) -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=descriptor)


def _read(data: bytes) -> Mapping[str, Any]:
    if not data:
        raise _Gone("the server has ended")
    answer = unpack(data)
    if "error" in answer:
        raise ServerError(answer["error"])
    return cast(Mapping[str, Any], answer)
