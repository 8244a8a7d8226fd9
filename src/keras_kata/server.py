"""The forking server: it imports the course's packages and graders once, and forks a worker for each submission.

It runs no operation of a framework, ever: a child forked after one hangs. It holds nothing secret: no solution,
no seed, no submission, and its environment is what `remote` hands it. Started by `remote`, as
`python -m keras_kata.server DESCRIPTOR`; it ends when the last connection to it does.
"""

import contextlib
import gc
import os
import select
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_kata import cell
from keras_kata.confinement import Confinement
from keras_kata.course import Course
from keras_kata.errors import KataError
from keras_kata.filetree import python_paths, refuse_secrets
from keras_kata.frames import Frames
from keras_kata.grader import Grader, load_grader
from keras_kata.groups import ControlGroups, Group
from keras_kata.keeper import END, keep
from keras_kata.kernel import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, prctl
from keras_kata.needs import load
from keras_kata.runtime import Runtime, load_runtime
from keras_kata.sandbox import Sandbox
from keras_kata.wire import pack, unpack

__all__ = ["MOST_CONTROL", "Server"]

MOST_CONTROL = 1 << 17
"""Bytes of one message on the control socket."""

_NOBODY = 65534
_SECONDS_BETWEEN_REAPINGS = 1.0


@dataclass
class _Kept:
    """One worker, as the server knows it."""

    keeper: int
    report: int
    scratch: str
    group: Group | None
    owner: socket.socket
    is_over: bool = False


class Server:
    """Imports a course and starts workers for it.

    Args:
        root: the course's folder.
        packages: names of modules to import ahead.
        slugs: the exercises whose graders to import; `problems` says why one could not be.
        scratch: a folder for this server's workers, which the server takes away in the end.
    """

    def __init__(self, root: Path, packages: list[str], slugs: list[str], scratch: str) -> None:
        course = Course(root)
        course.set_environment()
        load(packages)
        self.runtime: Runtime = load_runtime(course.runtime)
        self.graders: dict[str, Grader] = {}
        self.problems: dict[str, str] = {}
        self._readable: dict[str, list[str]] = {}
        shared = [*python_paths(), str(course.root / "graders" / "support")]
        if course.runtime is not None:
            shared.append(str(course.runtime))
        refuse_secrets(shared, str(course.root))
        for slug in slugs:
            try:
                self.graders[slug] = load_grader(course, course[slug])
            except KataError as error:
                self.problems[slug] = str(error)[:500]
            self._readable[slug] = [*shared, str(course[slug].grader)]
        self._scratch = scratch
        self._groups = ControlGroups()
        self._kept: dict[int, _Kept] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self, control: socket.socket) -> None:
        """Follow requests until nobody is connected any more."""
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        prctl(PR_SET_DUMPABLE, 0)
        gc.collect()
        gc.freeze()  # so that collecting garbage in a worker does not copy every page
        self._selector.register(control, selectors.EVENT_READ)
        try:
            while self._selector.get_map():
                for key, _ in self._selector.select(_SECONDS_BETWEEN_REAPINGS):
                    if isinstance(key.fileobj, socket.socket):
                        self._follow(key.fileobj)
                self._reap()
        finally:
            for number in list(self._kept):
                self._end(number)
            self._groups.close()
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _follow(self, control: socket.socket) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(control, MOST_CONTROL, 1)
        except ConnectionError:
            data, descriptors = b"", []
        if not data:
            self._hang_up(control)
            return
        answer: dict[str, Any]
        try:
            answer = self._answer(unpack(data), descriptors, control)
        except (KataError, OSError) as error:
            answer = {"error": str(error)[:2000]}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        with contextlib.suppress(ConnectionError):
            control.send(pack(answer))

    def _answer(
        self, request: Mapping[str, Any], descriptors: list[int], control: socket.socket
    ) -> dict[str, Any]:
        match request["do"]:
            case "start":
                return {"number": self._start(request, descriptors[0], control)}
            case "end":
                return self._end(request["number"], request["patience"])
            case "attach":
                another = socket.socket(fileno=os.dup(descriptors[0]))
                self._selector.register(another, selectors.EVENT_READ)
                return {}
        raise KataError(f"the server knows no request {request['do']!r}")

    def _hang_up(self, control: socket.socket) -> None:
        """Whoever was there has gone: its workers go too."""
        for number in [number for number, kept in self._kept.items() if kept.owner is control]:
            self._end(number)
        self._selector.unregister(control)
        control.close()

    def _start(self, request: Mapping[str, Any], connection: int, control: socket.socket) -> int:
        slug = request["slug"]
        if slug not in self.graders:
            raise KataError(self.problems.get(slug, f"the server was not told of {slug}"))
        scratch = tempfile.mkdtemp(dir=self._scratch)
        if os.geteuid() == 0:
            os.chown(scratch, _NOBODY, _NOBODY)
        limits = Confinement(**request["limits"])
        group = self._groups.make(limits.memory, limits.processes)
        sandbox = Sandbox(limits, self._readable[slug], scratch, group or self._groups.problem)
        report, told = os.pipe()
        keeper = os.fork()
        if keeper == 0:
            try:
                keep(sandbox, connection, told, lambda: self._work(sandbox, slug, connection))
            finally:
                os._exit(1)
        os.close(told)
        self._kept[keeper] = _Kept(keeper, report, scratch, group, control)
        return keeper

    def _work(self, sandbox: Sandbox, slug: str, connection: int) -> None:
        """In the worker: forget whatever a server has, then answer the judge."""
        frames = Frames(socket.socket(fileno=connection), cell.MOST_REQUEST)
        grader, runtime, enforced = self.graders[slug], self.runtime, sandbox.enforced
        vars(self).clear()
        cell.run(frames, grader, runtime, enforced)

    def _end(self, number: int, patience: float = 0.0) -> dict[str, Any]:
        """End a worker with all its descendants, and tell how it had ended by itself, if it had.

        Args:
            number: which one.
            patience: for how many seconds to wait for its own end.
        """
        kept = self._kept.pop(number, None)
        if kept is None:
            return {}
        is_told = bool(select.select([kept.report], [], [], patience)[0])
        told = os.read(kept.report, END.size) if is_told else b""
        os.close(kept.report)
        if not kept.is_over:
            with contextlib.suppress(ProcessLookupError):
                os.kill(kept.keeper, signal.SIGTERM)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(kept.keeper, 0)
        self._reap()
        shutil.rmtree(kept.scratch, ignore_errors=True)
        is_short = kept.group is not None and kept.group.was_short_of_memory
        if kept.group is not None:
            kept.group.remove()
        if len(told) < END.size:
            return {"lost": is_told and not is_short, "short": is_short}
        status, milliseconds = END.unpack(told)
        return {"status": status, "milliseconds": milliseconds, "short": is_short}

    def _reap(self) -> None:
        """Take in what has ended: keepers, and what a killed keeper has left behind."""
        with contextlib.suppress(ChildProcessError):
            while (process := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                for kept in self._kept.values():
                    kept.is_over = kept.is_over or kept.keeper == process


def main() -> None:
    """Read from the given descriptor what to import; then serve on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, which hangs up
    os.environ.pop("PYTHONPATH", None)
    control = socket.socket(fileno=int(sys.argv[1]))
    request = unpack(control.recv(MOST_CONTROL))
    try:
        server = Server(Path(request["root"]), request["packages"], request["slugs"], request["scratch"])
    except (KataError, OSError) as error:
        control.send(pack({"error": str(error)[:2000]}))
        return
    control.send(pack({"problems": server.problems}))
    server.serve(control)


if __name__ == "__main__":
    main()
