"""What a grader's source says of its probes, read without importing it, and so without its framework."""

import ast
import contextlib
from dataclasses import dataclass
from typing import Any

from keras_kata.course import Exercise
from keras_kata.errors import AuthoringError

__all__ = ["ProbeOutline", "outline"]


@dataclass(frozen=True)
class ProbeOutline:
    """What a grader's source says of a probe."""

    name: str
    claim: str
    points: float
    hints: tuple[str, ...]


def outline(exercise: Exercise) -> list[ProbeOutline]:
    """The probes of an exercise's grader, in order.

    Raises:
        AuthoringError: the grader is missing or is no Python, or its hints are not written out as text.
    """
    try:
        tree = ast.parse(exercise.grader.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        raise AuthoringError(f"the grader {exercise.grader} can't be read: {error}") from None
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (declaration := _declaration(node)):
            claim = " ".join((ast.get_docstring(node) or "").split())
            points = _literal(declaration, "points", exercise, node.name, (int, float))
            hints = _literal(declaration, "hints", exercise, node.name, (tuple, list))
            found.append(ProbeOutline(node.name, claim, float(points), tuple(map(str, hints))))
    if not found:
        raise AuthoringError(f"{exercise.grader} declares no probe")
    return found


def _declaration(function: ast.FunctionDef) -> ast.Call | None:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and _name(decorator.func) == "probe":
            return decorator
    return None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _literal(
    declaration: ast.Call, name: str, exercise: Exercise, probe: str, kinds: tuple[type, ...]
) -> Any:
    for keyword in declaration.keywords:
        if keyword.arg == name:
            with contextlib.suppress(ValueError, TypeError):
                value = ast.literal_eval(keyword.value)
                if isinstance(value, kinds):
                    return value
    raise AuthoringError(f"{exercise.grader}: the {name} of {probe} must be written out, not computed")
