"""Which files a course must have, and which it must not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from keras_kata.course import Course, Exercise
from keras_kata.stubs import stub_of

__all__ = ["file_problems", "stray_files", "telling_lines"]


def file_problems(exercise: Exercise) -> list[str]:
    """What is missing of an exercise's files, or out of step."""
    solution = exercise.solution
    sources = [solution / f"{name}.py" for name in ("reference", "misconceptions", "alternatives")]
    missing = [path for path in (exercise.grader, *sources) if not path.is_file()]
    if missing:
        return [f"{path.relative_to(exercise.root)} is missing" for path in missing]
    problems = []
    test = _oracle_test(exercise)
    if not test.is_file():
        problems.append(f"{test.relative_to(exercise.root)} is missing: a test independent of the reference")
    if not exercise.stub.is_file():
        problems.append("the stub is missing: run `kata stubs`")
    elif exercise.stub.read_bytes() != stub_of(exercise).encode():
        problems.append("the stub is not in step with the reference: run `kata stubs`")
    return problems


def _oracle_test(exercise: Exercise) -> Path:
    return exercise.root / "tests" / "references" / f"test_{exercise.module}_{exercise.name}.py"


def stray_files(course: Course) -> list[str]:
    """Files that belong to no exercise, and text of solutions in what learners get."""
    return [*_stray(course), *_leaks(course)]


def _stray(course: Course) -> Iterator[str]:
    known = {path for exercise in course for path in (exercise.stub, exercise.grader, _oracle_test(exercise))}
    known |= {
        exercise.solution / name
        for exercise in course
        for name in ("reference.py", "misconceptions.py", "alternatives.py", "equivalent_mutants.toml")
    }
    support = course.root / "graders" / "support"
    folders = [course.root / name for name in ("exercises", "graders", "solutions")]
    tests = (course.root / "tests" / "references").glob("test_module*.py")
    for path in sorted([*tests, *(path for folder in folders for path in folder.rglob("*"))]):
        place = path.relative_to(course.root)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in place.parts)
        if not (path.is_dir() or hidden or support in path.parents or path in known):
            yield f"{place} belongs to no exercise of course.toml"


def _leaks(course: Course) -> Iterator[str]:
    """Lines of a right answer's bodies that stand in a stub or a grader.

    In another exercise's files a single line may be a common one.
    """
    public = {
        path: {line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()}
        for name in ("exercises", "graders")
        for path in sorted((course.root / name).rglob("*.py"))
    }
    for exercise in course:
        for name in ("reference.py", "alternatives.py"):
            secret = telling_lines(exercise.solution / name)
            for path, lines in public.items():
                least = 1 if path in (exercise.stub, exercise.grader) else 2
                if len(found := sorted(secret & lines)) >= least:
                    place = path.relative_to(course.root)
                    yield f"{place} holds a line of {exercise.slug}'s solution: {found[0]}"


def telling_lines(path: Path) -> set[str]:
    """The telling lines of all function bodies: longer than 24 characters, without docstrings."""
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return set()  # the audit of the exercise says so
    text = source.splitlines()
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        for statement in body:
            found |= {line.strip() for line in text[statement.lineno - 1 : statement.end_lineno]}
    return {line for line in found if len(line) > 24 and not line.startswith(("#", "raise "))}
