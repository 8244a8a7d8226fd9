"""What verdicts depend on: the files of an exercise's grader, and the versions of what ran."""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from keras_kata.course import Course, Exercise
from keras_kata.errors import AuthoringError

__all__ = ["grader_digest", "versions"]

_PACKAGES = {
    "engine": ("keras-kata",),
    "numpy": ("numpy",),
    "keras": ("keras",),
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
    "hypothesis": ("hypothesis",),
}


def versions() -> dict[str, str]:
    """The versions of Python, the engine and the packages that decide verdicts; none of them is imported."""
    found = {"python": platform.python_version()}
    for name, distributions in _PACKAGES.items():
        found[name] = next(filter(None, map(_version, distributions)), "not installed")
    return found


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def grader_digest(course: Course, exercise: Exercise, settings: Mapping[str, Any] | None = None) -> str:
    """A digest of all that an exercise's verdicts depend on, but for the submission and the seed.

    That is the exercise's grader and solution, `graders/support`, the course's runtime and environment
    variables, the engine's version, and `settings`. A change in another exercise changes nothing.

    Args:
        settings: what else decides verdicts, such as a time limit that was asked for; plain data.

    Returns:
        64 hexadecimal digits.

    Raises:
        AuthoringError: a file of the exercise can't be read.
    """
    content = hashlib.sha256()
    facts = {
        "engine": _version("keras-kata"),
        "environment": course.environment,
        "environment_defaults": course.environment_defaults,
        "settings": dict(settings or {}),
    }
    _add(content, "facts", json.dumps(facts, sort_keys=True).encode())
    for file in sorted(_files(course, exercise)):
        try:
            _add(content, file.relative_to(course.root).as_posix(), file.read_bytes())
        except OSError as error:
            raise AuthoringError(f"{file} can't be read: {error.strerror}") from None
    return content.hexdigest()


def _add(content: "hashlib._Hash", name: str, data: bytes) -> None:
    """Names and contents with their lengths: no two sets of files give the same bytes."""
    for part in (name.encode(), data):
        content.update(len(part).to_bytes(8, "big") + part)


def _files(course: Course, exercise: Exercise) -> Iterator[Path]:
    yield exercise.grader
    if course.runtime is not None:
        yield course.runtime
    for folder in (exercise.solution, course.root / "graders" / "support"):
        for file in folder.rglob("*"):
            parts = file.relative_to(folder).parts
            hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
            if file.is_file() and not hidden:
                yield file
