"""Reading a file that somebody else put there: no link is followed, nothing is waited for, and it is read once."""

import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from keras_kata.display import harmless
from keras_kata.errors import IntakeError

__all__ = ["Content", "read_below"]


@dataclass(frozen=True)
class Content:
    """What a submitted file held when it was read.

    Attributes:
        digest: the SHA-256 of `data`, as 64 hexadecimal digits.
        written: when the file was last changed; None where it claims a time that is none.
    """

    data: bytes = field(repr=False)
    digest: str
    written: datetime | None


def read_below(root: Path, folders: Sequence[str], name: str, most: int) -> Content:
    """Read a file below `root`, each step of the way without following a link, on Linux and macOS.

    Args:
        folders: the names of the folders on the way from `root` to the file.
        most: how many bytes the file may have.

    Raises:
        IntakeError: it is no plain file, is too large, or can't be read.
    """
    place = harmless("/".join((*folders, name)))
    opened: list[int] = []
    try:
        opened.append(os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for folder in folders:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            opened.append(os.open(folder, flags, dir_fd=opened[-1]))
        # Not to wait for a writer where a named pipe stands in the file's place.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        opened.append(os.open(name, flags, dir_fd=opened[-1]))
        about = os.fstat(opened[-1])
        if not stat.S_ISREG(about.st_mode):
            raise IntakeError(f"{place} is no plain file")
        with os.fdopen(opened.pop(), "rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        reason = "has a symbolic link in its path" if is_link else f"can't be read: {error.strerror}"
        raise IntakeError(f"{place} {reason}") from None
    finally:
        for descriptor in opened:
            os.close(descriptor)
    if len(data) > most:
        raise IntakeError(
            f"{place} is larger than {most // 1_000_000} MB; a notebook's outputs can be cleared"
        )
    return Content(data, hashlib.sha256(data).hexdigest(), _moment(about.st_mtime))


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):  # a file may claim any time
        return None
