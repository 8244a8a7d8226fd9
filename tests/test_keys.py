"""Single keys: what counts as one, and that the terminal is given back in every case."""

import os
import pty
import select
import signal
import subprocess
import sys
import textwrap
import threading
import time
import types
from collections.abc import Iterator

import pytest

from keras_kata import keys
from keras_kata.keys import keyboard, letters

termios = pytest.importorskip("termios", reason="there are no POSIX terminals here")

PATIENCE = 60.0

PROGRAM = """
    import os, queue, signal, sys
    from keras_kata.keys import keyboard

    pressed = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    with keyboard(pressed.put, lambda: pressed.put("resumed")) as has_keys:
        print("ready", has_keys, flush=True)
        while (key := pressed.get()) != "q":
            print("got", key, flush=True)
            if key == "x":
                raise ValueError("on purpose")
    print("left", flush=True)
"""


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("h", ["h"]),
        ("nP?", ["n", "p", "?"]),
        ("\x1b[A", []),  # up
        ("\x1bOP\x1b[15~", []),  # F1, F5
        ("a\x1b[1;5Cb", ["a", "b"]),  # Ctrl-Right
        ("\x1bh", []),  # Alt-h
        ("\x1b", []),
        ("\x1b[200~quit\x1b[201~h", ["h"]),  # a paste
        ("\x1b[200~quit", []),
        ("ä", ["ä"]),
    ],
)
def test_keys_that_send_several_characters_are_no_letters(typed, keys):
    assert letters(typed) == keys


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, program: str) -> None:
        self.descriptor, theirs = pty.openpty()
        self.before = termios.tcgetattr(theirs)
        ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        code = f"import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n{textwrap.dedent(program)}"
        self.process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **ends)
        os.close(theirs)
        self.said = ""

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.said:
            assert time.monotonic() < deadline, self.said
            if select.select([self.descriptor], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.descriptor, 4096).decode()
                except OSError:
                    assert text in self.said, self.said

    def press(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def wait(self) -> int:
        """The status with which the program ended."""
        return self.process.wait(PATIENCE)

    @property
    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.descriptor) == self.before

    @property
    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.descriptor)[3] & termios.ECHO)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    found = Terminal(PROGRAM)
    yield found
    found.process.kill()
    found.process.wait()
    os.close(found.descriptor)


def test_keys_come_at_once_and_are_not_echoed(terminal):
    terminal.wait_for("ready True")
    assert not terminal.echoes
    terminal.press("h")
    terminal.wait_for("got h")
    terminal.press("\x1b[AN")
    terminal.wait_for("got n\r\n")
    assert terminal.said.replace("\r", "") == "ready True\ngot h\ngot n\n"


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda terminal: terminal.press("q"), 0),
        (lambda terminal: terminal.press("x"), 1),  # an exception
        (lambda terminal: terminal.press("\x03"), -signal.SIGINT),  # Ctrl-C
        (lambda terminal: terminal.process.terminate(), 7),
    ],
    ids=["quit", "exception", "interrupt", "terminated"],
)
def test_the_terminal_is_given_back_however_it_ends(terminal, end, status):
    terminal.wait_for("ready True")
    assert not terminal.is_as_before
    end(terminal)
    assert terminal.wait() == status
    assert terminal.is_as_before


def test_where_no_shell_could_continue_it_ctrl_z_does_nothing(terminal):
    """The system does not stop such a process; in a shell, the test of `kata watch` in tmux shows it."""
    terminal.wait_for("ready True")
    terminal.press("\x1a")
    terminal.wait_for("got resumed")
    assert not terminal.echoes
    terminal.press("hq")
    terminal.wait_for("left")
    assert terminal.wait() == 0
    assert terminal.is_as_before


def test_a_terminal_that_goes_away_is_the_key_to_quit(terminal):
    terminal.wait_for("ready True")
    os.close(terminal.descriptor)
    terminal.descriptor = os.open(os.devnull, os.O_RDONLY)
    assert terminal.wait() in (0, 1, -signal.SIGHUP)  # nothing can be printed any more


def test_without_a_terminal_there_are_no_keys():
    program = "from keras_kata.keys import keyboard\nwith keyboard(print) as has_keys: print(has_keys)"
    run = subprocess.run(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert run.stdout == "False\n", run.stderr


def test_a_console_of_windows_is_read_key_by_key(monkeypatch):
    """As far as that can be tried elsewhere: the module that reads the console is a stand-in."""
    typed = list("H\xe0Hn\x00;\x03")  # h, up, n, F1, Ctrl-C
    console = types.SimpleNamespace(kbhit=lambda: bool(typed), getwch=lambda: typed.pop(0))
    monkeypatch.setitem(sys.modules, "msvcrt", console)
    pressed: list[str] = []
    done = threading.Event()

    def press(key: str) -> None:
        pressed.append(key)
        if key == "q":
            done.set()

    with keys._windows(press):
        assert done.wait(PATIENCE)
    assert pressed == ["h", "n", "q"]
    assert not [thread for thread in threading.enumerate() if thread.name.endswith("(read)")]


def test_where_single_keys_can_t_be_read_there_are_none(monkeypatch):
    monkeypatch.setattr(keys, "_is_readable", lambda: False)
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    with keyboard(print) as has_keys:
        assert not has_keys
