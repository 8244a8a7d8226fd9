"""What a learner has reached so far, and which hints were read: `.kata/` in the course's folder.

Everything here is derived from judging, so the folder can be deleted without loss; only the backups that
`kata reset` makes in it are somebody's work.
"""

import contextlib
import hashlib
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from keras_kata.errors import CourseError

__all__ = ["Progress", "back_up", "write_atomically"]


class Progress:
    """The results of the last run of each exercise, and how many hints of each probe were shown."""

    def __init__(self, root: Path) -> None:
        self.path = root / ".kata" / "progress.json"
        data = self._read()
        self.results: dict[str, dict[str, Any]] = _entries(data, "results", _is_result)
        self.hints: dict[str, int] = _entries(data, "hints", lambda shown: type(shown) is int and shown >= 0)

    def record(self, slug: str, file: Path, probes: Mapping[str, tuple[str, float, float]]) -> None:
        """Keep what judging `file` gave: for each probe its outcome, points and possible points."""
        known = self.of(slug, file) or {}
        merged = {name: list(result) for name, result in (known | dict(probes)).items()}
        self.results[slug] = {"digest": digest(file), "probes": merged}

    def of(self, slug: str, file: Path) -> dict[str, tuple[str, float, float]] | None:
        """What is known of the file as it is now; None where it was not judged since it changed."""
        entry = self.results.get(slug)
        if entry is None or entry.get("digest") != digest(file):
            return None
        return {name: (outcome, got, worth) for name, (outcome, got, worth) in entry["probes"].items()}

    def save(self) -> None:
        """Write the file whole, or leave the old one."""
        write_atomically(self.path, json.dumps({"results": self.results, "hints": self.hints}, indent=1))

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # missing or damaged: it is only a memory of what judging said
        return data if isinstance(data, dict) else {}


def _entries(data: dict[str, Any], name: str, is_sound: Callable[[Any], bool]) -> dict[str, Any]:
    """The entries of a part of the file that are as they were written; the others are forgotten."""
    part = data.get(name)
    return {key: value for key, value in part.items() if is_sound(value)} if isinstance(part, dict) else {}


def _is_result(entry: Any) -> bool:
    probes = entry.get("probes") if isinstance(entry, dict) else None
    return isinstance(probes, dict) and all(map(_is_probe_result, probes.values()))


def _is_probe_result(result: Any) -> bool:
    match result:
        case [str(), float() | int(), float() | int()]:
            return True
    return False


def digest(file: Path) -> str:
    """The SHA-256 of a file's content, or nothing where it can't be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is never half there; text in UTF-8, with its ends of lines as they are.

    Raises:
        CourseError: it can't be written; the old content is kept.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise CourseError(f"{path} can't be written: {error.strerror}") from None


def back_up(root: Path, file: Path) -> Path:
    """Copy a learner's file into `.kata/backups/` under its own name and the time; never over another.

    Raises:
        CourseError: the copy can't be made.
    """
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    folder = root / ".kata" / "backups" / file.parent.name
    try:
        work = file.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count():
            target = folder / f"{file.stem}_{stamp}{f'_{number}' if number else ''}{file.suffix}"
            with contextlib.suppress(FileExistsError), target.open("xb") as copy:
                copy.write(work)
                return target
    except OSError as error:
        raise CourseError(f"no backup of {file} can be made: {error.strerror}; nothing was changed") from None
    raise AssertionError("itertools.count ends")
