"""The two processes between server and worker: one that keeps it, and the first process of its namespace.

The keeper enters the namespaces, forks, and waits. The first process forks the worker, takes in orphans, and
tells how the worker ended; when it ends itself, the kernel kills everything in its namespace. So whoever kills
the keeper, or the server above it, kills the worker with all its descendants.
"""

import os
import select
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from keras_kata.kernel import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl
from keras_kata.sandbox import Sandbox, die_with_parent

__all__ = ["END", "keep"]

END = struct.Struct("<iQ")
"""How a worker ended: its wait status, and the milliseconds of CPU time that it used."""

_HIGHEST_DESCRIPTOR = 1 << 16


def keep(sandbox: Sandbox, connection: int, report: int, work: Callable[[], None]) -> None:
    """Run `work` in a sandboxed process and wait for its end. Called in a newly forked process; never returns.

    Args:
        sandbox: what is entered.
        connection: the descriptor of the worker's socket.
        report: the descriptor of the pipe that `END` is written to.
        work: what the worker does in the end; never returns.
    """
    server = os.getppid()
    os.setsid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until there is somebody to kill
    _keep_only(connection, report)
    sandbox.separate()
    die_with_parent()
    if os.getppid() != server:
        os._exit(1)
    alive, held = os.pipe()
    first = os.fork()
    if first == 0:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            os.close(held)
            _first_process(sandbox, connection, report, alive, work)
        finally:
            os._exit(1)
    stop = signal.SIGKILL if "process namespace" in sandbox.names else signal.SIGTERM
    signal.signal(signal.SIGTERM, lambda *_: os.kill(first, stop))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    os.close(connection)
    os.close(report)
    os.waitpid(first, 0)
    os._exit(0)


def _first_process(
    sandbox: Sandbox, connection: int, report: int, alive: int, work: Callable[[], None]
) -> None:
    """Process 1 of the namespace, or its stand-in where there is none."""
    has_namespace = "process namespace" in sandbox.names
    if has_namespace:
        die_with_parent()
    else:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        signal.signal(signal.SIGTERM, _end_all)
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if select.select([alive], [], [], 0)[0]:  # the keeper's end is closed: it died before the lines above
        os._exit(1)
    worker = os.fork()
    if worker == 0:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored until here, so that
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # no worker can interrupt its first process
            _keep_only(connection)
            sandbox.confine()
            work()
        finally:
            os._exit(1)
    os.close(connection)
    while True:
        ended, status, used = os.wait3(0)
        if ended == worker:
            milliseconds = int((used.ru_utime + used.ru_stime) * 1000)
            with suppress(BrokenPipeError):  # nobody asks any more
                os.write(report, END.pack(status, milliseconds))
            if not has_namespace:
                _kill_descendants()
            os._exit(0)


def _end_all(*_: object) -> None:
    _kill_descendants()
    os._exit(0)


def _kill_descendants() -> None:
    """Kill children until none is left: orphans become children of the process that takes them in."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while True:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        listed = children.read_text().split()
        if not listed:
            return
        for process in listed:
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)


def _keep_only(*descriptors: int) -> None:
    """Close every file descriptor but these; standard input and outputs lead nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    low = 3
    for kept in sorted(descriptors):
        os.closerange(low, kept)
        low = kept + 1
    os.closerange(low, _HIGHEST_DESCRIPTOR)
