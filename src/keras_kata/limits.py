"""A wall-clock limit on code that runs in this process.

Where the system has SIGALRM (Linux, macOS) and we are in the main thread, a timer signal interrupts the
code, also when it sleeps. Elsewhere (Windows, worker threads) another thread raises the exception in this
one at its next bytecode.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from keras_kata.errors import TimeLimit

_TRIES = 20
_SECONDS_BETWEEN_TRIES = 0.1
_LONGEST_IMPORT = 60.0


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in the block once it has run for `seconds` of wall-clock time.

    Code that swallows the exception is interrupted again, 20 times; after that the process ends with
    status 1 and a sentence on stderr, because nothing else stops such a loop.
    """
    tries = 0

    def interrupt() -> None:
        nonlocal tries
        tries += 1
        if tries > _TRIES:
            _give_up(seconds)

    if hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():
        with _by_signal(seconds, interrupt):
            yield
    else:
        with _by_thread(seconds, interrupt):
            yield


@contextmanager
def _by_signal(seconds: float, interrupt: Callable[[], None]) -> Iterator[None]:
    deferred = 0.0

    def on_alarm(number: int, frame: FrameType | None) -> None:
        nonlocal deferred
        if _is_debugging(frame):
            signal.setitimer(signal.ITIMER_REAL, 0)  # whoever stops at a breakpoint has all the time
            return
        if deferred < _LONGEST_IMPORT and _is_importing(frame):
            deferred += _SECONDS_BETWEEN_TRIES  # a package that is half imported can't be used again
            return
        interrupt()
        raise TimeLimit(seconds)

    previous = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds, _SECONDS_BETWEEN_TRIES)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def _by_thread(seconds: float, interrupt: Callable[[], None]) -> Iterator[None]:
    finished = threading.Event()
    lock = threading.Lock()
    target = ctypes.c_ulong(threading.get_ident())

    def watch() -> None:
        wait = seconds
        while not finished.wait(wait):
            wait = _SECONDS_BETWEEN_TRIES
            with lock:  # so that no exception arrives after the block has ended
                if finished.is_set():
                    return
                interrupt()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(TimeLimit))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            finished.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, None)


def _is_debugging(frame: FrameType | None) -> bool:
    """Whether a debugger waits for its user somewhere up the stack."""
    while frame is not None:
        if Path(frame.f_code.co_filename).stem in ("pdb", "bdb", "pydevd"):
            return True
        frame = frame.f_back
    return False


def _is_importing(frame: FrameType | None) -> bool:
    """Whether an import statement is under way somewhere up the stack."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _give_up(seconds: float) -> None:
    print(
        f"\nYour code ran for over {seconds:.0f} s and catches every exception, also the one that stops it.\n"
        "Look for a loop that never ends around a bare `except:`; name the exception there.",
        file=sys.__stderr__,
        flush=True,
    )
    os._exit(1)

