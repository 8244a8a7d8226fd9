"""A wall-clock limit on code that runs in this process.

Where the system has SIGALRM (Linux, macOS) and we are in the main thread, a timer signal interrupts the
code, also when it sleeps. Elsewhere (Windows, worker threads) another thread raises the exception in this
one at its next bytecode.
"""

import contextlib
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType

from keras_kata.errors import TimeLimit

DEBUGGERS = ("pdb", "bdb", "pydevd")
"""The names of the files whose code runs while somebody debugs."""

_TRIES = 20
_SECONDS_BETWEEN_TRIES = 0.1
_LONGEST_IMPORT = 60.0

Interrupt = Callable[[FrameType | None], None]

before_giving_up: list[Callable[[], object]] = []
"""Called before the process is ended: what keeps stderr from the terminal can let go of it here."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in the block once it has run for `seconds` of wall-clock time.

    Code that swallows the exception is interrupted again, 20 times; after that the process ends with
    status 1 and a sentence on stderr, because nothing else stops such a loop. A limit, or another timer,
    around this one goes on; it ends the block too if it is due first.
    """
    tries = 0

    def interrupt(frame: FrameType | None) -> None:
        nonlocal tries
        tries += 1
        if tries > _TRIES:
            _give_up(seconds, frame)

    if hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():
        with _by_signal(seconds, interrupt):
            yield
    else:
        with _by_thread(seconds, interrupt):
            yield


@contextmanager
def _by_signal(seconds: float, interrupt: Interrupt) -> Iterator[None]:
    outer = signal.getsignal(signal.SIGALRM)
    due, repeat = signal.setitimer(signal.ITIMER_REAL, 0)  # of a limit around this one; 0 if there is none
    started = monotonic()
    deferred = 0.0
    running = True

    def on_alarm(number: int, frame: FrameType | None) -> None:
        nonlocal due, deferred
        if not running or _is_leaving(frame):
            return
        if _is_debugging(frame):
            due = 0
            signal.setitimer(signal.ITIMER_REAL, 0)  # whoever stops at a breakpoint has all the time
            return
        if deferred < _LONGEST_IMPORT and _must_wait(frame):
            deferred += _SECONDS_BETWEEN_TRIES
            return
        if due and monotonic() - started >= due and callable(outer):
            due = due + repeat if repeat else 0
            outer(number, frame)
        if monotonic() - started >= seconds:
            interrupt(frame)
            raise TimeLimit(seconds)

    try:
        signal.signal(signal.SIGALRM, on_alarm)
        first = max(min(seconds, due or seconds), 1e-6)  # 0 would be no limit
        signal.setitimer(signal.ITIMER_REAL, first, _SECONDS_BETWEEN_TRIES)
        yield
    finally:
        try:
            running = False  # an alarm from here on is ignored; one that is raised here still finds the end
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if outer is None else outer)
            if due:
                signal.setitimer(signal.ITIMER_REAL, max(due - (monotonic() - started), 1e-6), repeat)


@contextmanager
def _by_thread(seconds: float, interrupt: Interrupt) -> Iterator[None]:
    finished = threading.Event()
    lock = threading.Lock()
    identity = threading.get_ident()
    running = True

    def watch() -> None:
        wait, deferred = seconds, 0.0
        while not finished.wait(wait):
            wait = _SECONDS_BETWEEN_TRIES
            with lock:  # so that no exception arrives after the block has ended
                frame = sys._current_frames().get(identity)
                if not running or _is_debugging(frame):
                    return
                if deferred < _LONGEST_IMPORT and _must_wait(frame):
                    deferred += _SECONDS_BETWEEN_TRIES
                elif not _is_leaving(frame):
                    interrupt(frame)
                    _raise_in(identity, TimeLimit)
                del frame

    try:
        threading.Thread(target=watch, daemon=True).start()
        yield
    finally:
        try:
            running = False
        finally:
            with lock:
                _raise_in(identity, None)
            finished.set()


def _raise_in(identity: int, error: type[BaseException] | None) -> None:
    """Raise an exception in a thread at its next bytecode; None takes one back that is not raised yet."""
    pending = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(identity), pending)


def _is_leaving(frame: FrameType | None) -> bool:
    """Whether a thread is in the engine's own lines, perhaps on its way out of the block."""
    return frame is not None and frame.f_code.co_filename in (__file__, contextlib.__file__)


def _is_debugging(frame: FrameType | None) -> bool:
    """Whether a debugger waits for its user somewhere up the stack."""
    while frame is not None:
        if Path(frame.f_code.co_filename).stem in DEBUGGERS:
            return True
        frame = frame.f_back
    return False


def _must_wait(frame: FrameType | None) -> bool:
    """Whether an import, or an object's `__del__`, is under way somewhere up the stack.

    A package that is half imported can't be used again, and Python drops what is raised in a `__del__`.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_filename == "<frozen importlib._bootstrap>" or code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


def _give_up(seconds: float, frame: FrameType | None) -> None:
    for let_go in before_giving_up:
        let_go()
    where = f" It is at line {frame.f_lineno} of {Path(frame.f_code.co_filename).name}." if frame else ""
    print(
        f"\nYour code ran for over {seconds:.0f} s and catches every exception, also the one that stops it."
        f"{where}\nLook for a loop that never ends around a bare `except:`; name the exception there.",
        file=sys.__stderr__,
        flush=True,
    )
    os._exit(1)
