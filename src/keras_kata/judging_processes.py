"""The processes that judge while somebody watches: one that is kept and forks, or a new one for each save."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Protocol

from keras_kata.course import Course
from keras_kata.live_reports import JudgeGone, JudgingEnd, LiveReport, ProbeReport, Request

__all__ = ["FreshProcess", "JudgingProcess", "PreloadedProcess", "can_fork"]

Post = Callable[[LiveReport], object]

_SECONDS_TO_END = 2.0
_MOST_OUTPUT = 4000


def can_fork() -> bool:
    """Whether a process that has imported a framework can be forked here.

    Windows has no fork. On macOS the system's own libraries, which numpy and TensorFlow use, may crash in a
    forked child that does not start a program at once.
    """
    return hasattr(os, "fork") and sys.platform == "linux"


class JudgingProcess(Protocol):
    """What judges: reports are posted from another thread."""

    def start(self, request: Request) -> None:
        """Judge; what is under way ends."""

    def close(self) -> None:
        """End, and leave no process behind."""


class PreloadedProcess:
    """A process that has imported the course's packages, and forks for every request.

    Args:
        slugs: the exercises whose packages it imports.
        post: takes the reports; it is called in a thread of its own.
    """

    def __init__(self, course: Course, slugs: Iterable[str], post: Post) -> None:
        self._connection, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "keras_kata.preloaded", str(course.root)]
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno()), *slugs],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the process that watches
        )
        theirs.close()
        self._is_closing = False
        self._thread = threading.Thread(target=self._read, args=(self._connection, post), daemon=True)
        self._thread.start()

    def start(self, request: Request) -> None:
        """Judge; what is under way ends."""
        with contextlib.suppress(OSError):  # gone: the thread that reads tells it
            self._connection.send(request)

    def close(self) -> None:
        """End the process, and its child."""
        self._is_closing = True
        with contextlib.suppress(OSError):
            self._connection.send(None)
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # it imports; while it does it has no child
            self._process.kill()
            self._process.wait()
        self._thread.join(_SECONDS_TO_END)
        self._connection.close()

    def _read(self, connection: Connection, post: Post) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                post(connection.recv())
        status = self._process.wait()
        if not self._is_closing:
            post(JudgeGone(f"the process that judges ended with status {status}"))


class FreshProcess:
    """Runs pytest in a new process for every request, and reads its results from a file in JUnit's format.

    Args:
        post: takes the reports; it is called in a thread of its own.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def start(self, request: Request) -> None:
        """Judge; what is under way ends."""
        self.close()
        with contextlib.ExitStack() as undo:
            folder = undo.enter_context(tempfile.TemporaryDirectory(prefix="kata-watch-"))
            results = Path(folder) / "results.xml"
            arguments = ["-q", "--color=no", "--no-header", "-p", "no:cacheprovider", f"--junitxml={results}"]
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pytest", request.file, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=os.environ | {"COLUMNS": "80", "PYTHONUTF8": "1"},
                start_new_session=True,
            )
            self._process = process
            keep = undo.pop_all()
        self._thread = threading.Thread(
            target=self._wait, args=(process, request, results, keep), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the process that is under way, if there is one."""
        process, self._process = self._process, None
        if process is None or self._thread is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        self._thread.join(_SECONDS_TO_END)

    def _wait(
        self, process: "subprocess.Popen[str]", request: Request, results: Path, folder: contextlib.ExitStack
    ) -> None:
        with folder:
            output = _tail(process)
            status = process.wait()
            if self._process is not process:
                return  # a newer save has taken its place
            reports = list(_read_results(results, request.number))
            for report in reports:
                self._post(report)
            died = "" if reports else f"pytest ended with status {status}. It said:\n{output}"
            self._post(JudgingEnd(request.number, died))


def _tail(process: "subprocess.Popen[str]") -> str:
    """The end of what a process prints until it ends; a flood of output costs no memory."""
    output = ""
    assert process.stdout is not None
    with process.stdout:
        while part := process.stdout.read(_MOST_OUTPUT):
            output = (output + part)[-_MOST_OUTPUT:]
    return output.strip()


def _read_results(results: Path, number: int) -> Iterator[ProbeReport]:
    """The probes' reports, in order; none where pytest wrote no file, or of something else."""
    try:
        cases = ElementTree.parse(results).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return
    for case in cases:
        known: dict[str, Any] = {p.get("name", ""): p.get("value") for p in case.iter("property")}
        if "exercise" in known:
            failure = case.find("failure")
            message = "" if failure is None else (failure.text or "")
            points, worth = float(known["points"]), float(known["max_points"])
            mistake = known.get("mistake", "")
            yield ProbeReport(number, known["probe"], known["outcome"], points, worth, message, mistake)
