"""Which modules a course's exercises import, and where they are installed: what a server imports ahead."""

import ast
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from keras_kata.course import Exercise

__all__ = ["package_folders", "packages_of"]

_OWN = {"keras_kata", "graders", "solutions"}


def package_folders() -> list[str]:
    """The folders of installed packages on this process's path, in its order."""
    return [path for path in sys.path if path.rstrip("/").endswith(("site-packages", "dist-packages"))]


def packages_of(exercises: Iterable[Exercise]) -> list[str]:
    """The modules that stubs and references import, sorted; only their names leave the solutions."""
    names: set[str] = set()
    for exercise in exercises:
        for path in (exercise.stub, exercise.solution / "reference.py"):
            names |= _imported(path)
    return sorted(name for name in names if name.split(".")[0] not in _OWN)


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    with suppress(OSError, SyntaxError, ValueError):  # what is wrong with a file is told where it is used
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return names
