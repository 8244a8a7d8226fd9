"""The packages that exercises need, found without running their files; where they are installed; importing them."""

import ast
import contextlib
import gc
import importlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from keras_kata.course import Exercise

__all__ = ["load", "needed_packages", "package_folders", "packages_of"]


def package_folders() -> list[str]:
    """The folders of installed packages on this process's path, in its order."""
    return [path for path in sys.path if path.rstrip("/").endswith(("site-packages", "dist-packages"))]


def packages_of(exercises: Iterable[Exercise]) -> list[str]:
    """The installed modules that several exercises import, sorted; only their names leave the solutions."""
    return sorted({name for exercise in exercises for name in needed_packages(exercise)})


def needed_packages(exercise: Exercise) -> list[str]:
    """The installed modules that an exercise's files import, in the order in which they are met."""
    found: dict[str, None] = {}
    waiting = [exercise.grader, *sorted(exercise.solution.glob("*.py")), exercise.stub]
    seen: set[Path] = set()
    while waiting:
        file = waiting.pop(0)
        if file in seen:
            continue
        seen.add(file)
        for name in _imports(file):
            root, *rest = name.split(".")
            if root == "graders" and rest:
                waiting.append(exercise.root.joinpath("graders", *rest).with_suffix(".py"))
            elif root not in sys.stdlib_module_names and root not in ("graders", "solutions", "keras_kata"):
                found[name] = None
    return list(found)


def _imports(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return  # the child will say what is wrong with it
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "graders.support":
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def load(names: Iterable[str]) -> None:
    """Import modules, as far as they can be imported, so that forked children have them."""
    is_new = False
    for name in names:
        if name not in sys.modules:
            is_new = True
            with contextlib.suppress(Exception):  # the learner's own import of it will say what is wrong
                importlib.import_module(name)
    if is_new:
        gc.collect()
        gc.freeze()  # so that the children's collections do not copy the memory that they share
