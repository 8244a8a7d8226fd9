"""What the course tells the engine about the framework it teaches; the engine itself knows none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, cast

import numpy as np

from keras_kata.implementation import load_by_path

__all__ = ["NoFramework", "Runtime", "load_runtime"]


class Runtime(Protocol):
    """The names that a course's runtime file defines."""

    synonyms: Mapping[str, str]
    """Dotted prefixes under which the same API is found, such as `tensorflow.keras` for `keras`."""

    def as_array(self, _value: Any) -> np.ndarray | None:
        """The values of a framework's tensor, or None; raises ValueError for one without values."""

    def registrations(self) -> Any:
        """What code has registered process-wide so far; kept with the implementation that did it."""

    def isolated(self, _registered: Any) -> Any:
        """A context in which only what is handed in is registered, and after which global state is as before."""


class NoFramework:
    """The runtime of a course of plain numpy exercises."""

    synonyms: Mapping[str, str] = MappingProxyType({})

    def as_array(self, _value: Any) -> np.ndarray | None:
        """No value is a tensor."""
        return None

    def registrations(self) -> Any:
        """Nothing can be registered."""
        return None

    @contextmanager
    def isolated(self, _registered: Any) -> Iterator[None]:
        """Nothing to restore."""
        yield


def load_runtime(path: Path | None) -> Runtime:
    """The runtime that a course names in `course.toml`, or one without a framework."""
    if path is None:
        return NoFramework()
    return cast(Runtime, load_by_path(path, "keras_kata_course_runtime"))
