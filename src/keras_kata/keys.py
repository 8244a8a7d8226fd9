"""Single keys from a terminal, without Enter: POSIX terminals, Windows consoles, and none where stdin is neither.

What belongs to one system alone (termios, tty, msvcrt) is imported when a keyboard is opened.
"""

import contextlib
import importlib.util
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

__all__ = ["keyboard", "letters"]

Press = Callable[[str], object]
Resume = Callable[[], object]

# A key that sends several characters: an arrow, a function key, a letter with Alt, a bracketed paste.
_SEQUENCES = re.compile(r"\x1b(?:\[200~.*?(?:\x1b\[201~|$)|[\[O][0-?]*[ -/]*[@-~]?|.)?", re.DOTALL)
_SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_BETWEEN_TRIES = 0.5  # to get the terminal while the process is in the background
_INTERRUPT = "\x03"


@contextlib.contextmanager
def keyboard(press: Press, resumed: Resume = lambda: None) -> Iterator[bool]:
    """Call `press` with each key's letter, in lower case, while the block runs.

    The terminal is as it was after the block, however it ends, and while the process is stopped (Ctrl-Z).
    Ctrl-C stays what it is. To call this in the main thread is the caller's part: it handles signals.

    Args:
        press: is called in a thread of its own. The end of input, and Ctrl-C on Windows, are the key `q`.
        resumed: is called when a process that was stopped goes on.

    Yields:
        Whether there is a keyboard: stdin is a terminal.
    """
    if sys.stdin is None or not sys.stdin.isatty() or not _is_readable():
        yield False
        return
    source = _windows(press) if os.name == "nt" else _posix(press, resumed)
    with source:
        yield True


def letters(typed: str) -> list[str]:
    """The keys in what a terminal sent, in lower case, without the ones that send several characters."""
    return [char.lower() for char in _SEQUENCES.sub("", typed)]


def _is_readable() -> bool:
    """Whether this Python can read single keys."""
    return importlib.util.find_spec("msvcrt" if os.name == "nt" else "termios") is not None


class _Terminal:
    """A POSIX terminal that gives every key at once and does not echo it, while it is `taken`."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.suspended = False
        self._before: list[Any] | None = None

    def take(self) -> None:
        """Do so; not in the background, where the terminal is somebody else's."""
        import termios
        import tty

        if self._before is None and not self.suspended and os.tcgetpgrp(self.descriptor) == os.getpgrp():
            self._before = termios.tcgetattr(self.descriptor)
            tty.setcbreak(self.descriptor, termios.TCSADRAIN)

    def give_back(self) -> None:
        """Bring the terminal's settings back as they were."""
        import termios

        before, self._before = self._before, None
        if before is not None:
            with contextlib.suppress(termios.error):  # a terminal that is gone
                termios.tcsetattr(self.descriptor, termios.TCSADRAIN, before)

    @property
    def taken(self) -> bool:
        """Whether keys may be read."""
        return self._before is not None


@contextlib.contextmanager
def _posix(press: Press, resumed: Resume) -> Iterator[None]:
    terminal = _Terminal(sys.stdin.fileno())
    stop, stopped = os.pipe()

    def on_stop(_number: int, _frame: FrameType | None) -> None:
        terminal.suspended = True  # the thread that reads must not take it again meanwhile
        terminal.give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(
            os.getpid(), signal.SIGTSTP
        )  # stops here until it is continued; not where no shell could do that
        signal.signal(signal.SIGTSTP, on_stop)
        terminal.suspended = False
        terminal.take()
        resumed()

    with contextlib.ExitStack() as undo:
        undo.callback(os.close, stop)
        undo.callback(os.close, stopped)
        undo.callback(signal.signal, signal.SIGTSTP, signal.signal(signal.SIGTSTP, on_stop))
        undo.callback(terminal.give_back)
        terminal.take()
        reader = threading.Thread(target=_read, args=(terminal, stop, press), daemon=True)
        reader.start()
        undo.callback(reader.join)
        undo.callback(os.write, stopped, b"x")
        yield


def _read(terminal: _Terminal, stop: int, press: Press) -> None:
    import select

    while True:
        sources = [stop, terminal.descriptor] if terminal.taken else [stop]
        ready, _, _ = select.select(sources, [], [], _SECONDS_BETWEEN_TRIES)
        if stop in ready:
            return
        if not terminal.taken:
            terminal.take()  # brought to the foreground, which not every shell tells by a signal
        if terminal.descriptor not in ready:
            continue
        try:
            typed = os.read(terminal.descriptor, 4096)
        except OSError:  # the terminal is gone
            typed = b""
        for letter in letters(typed.decode(errors="ignore")) if typed else ["q"]:
            press(letter)
        if not typed:
            return


@contextlib.contextmanager
def _windows(press: Press) -> Iterator[None]:
    import msvcrt

    console: Any = msvcrt  # typed for Windows alone
    ended = threading.Event()

    def read() -> None:
        while not ended.wait(_SECONDS_BETWEEN_LOOKS):
            while console.kbhit():
                key = console.getwch()
                if key in ("\x00", "\xe0"):  # an arrow or a function key, which sends a second code
                    console.getwch()
                else:
                    press("q" if key == _INTERRUPT else key.lower())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        ended.set()
        reader.join()
