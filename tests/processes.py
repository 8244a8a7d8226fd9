"""Looking at processes from outside, as tests of workers do."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def descendants(process: int) -> list[int]:
    """The children of a process, their children, and so on; zombies are counted."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [one for child in children for one in (int(child), *descendants(int(child)))]


def is_alive(process: int) -> bool:
    """Whether there is such a process, a zombie included."""
    return os.path.exists(f"/proc/{process}")


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a condition, and fail where it does not come true."""
    due = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < due, "it did not happen"
        time.sleep(0.02)


def has_ended(process: int) -> bool:
    """Whether a process is gone, or a zombie that nobody has asked for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def command_of(process: int) -> str:
    """A process's command line; empty where there is none any more."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
