"""Which modules a course's exercises import: what a server imports ahead."""

import ast
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from keras_kata.course import Exercise

__all__ = ["packages_of"]

_OWN = {"keras_kata", "graders", "solutions"}


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
