"""nbgrader's source notebooks, made from the reference and the grader: one assignment a module, one notebook an
exercise.

`nbgrader generate_assignment` makes the learners' version of them. nbgrader copies what is beside a notebook to
learners and to grading, so the folder is made a small course of its own: course.toml, the graders of its exercises,
and recordings, which hold no line of a solution.
"""

import ast
import hashlib
import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from keras_kata.course import Course, Exercise
from keras_kata.errors import AuthoringError
from keras_kata.implementation import read_source
from keras_kata.instructions import as_markdown
from keras_kata.notebook_source import cell_id
from keras_kata.outline import ProbeOutline, outline
from keras_kata.progress import back_up, write_atomically
from keras_kata.recorder import record_all
from keras_kata.recording import FORMAT, grader_digest, grader_files
from keras_kata.solution_cells import solution_cells
from keras_kata.stubs import stub_of

__all__ = ["Written", "make_notebook", "secret_seed", "write_notebooks"]

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_SETUP = """\
# Run this cell first: it gives the course's settings to what is imported below.
from keras_kata.notebook import check, start

start()"""
_IMPORTS = "# Import here what your code needs."
_TRY = """\
# Try things out here: call your functions, print, plot. Whatever is in this cell, it is not graded.
# This judges all that you have written so far:
check("{slug}")"""
_WIDTH = 100

Notebook = dict[str, Any]
"""A notebook, or a cell of one, as nbformat's JSON has it."""


@dataclass(frozen=True)
class Written:
    """What became of one notebook.

    Attributes:
        state: `wrote`, or `unchanged`.
        backup: where the file is kept that somebody had edited by hand.
    """

    path: Path
    state: str
    backup: Path | None = None


def write_notebooks(
    course: Course, exercises: Sequence[Exercise], target: Path, jobs: int = 1
) -> Iterator[Written]:
    """Write `target/source/moduleN/<exercise>.ipynb` and what the notebooks need beside them.

    A notebook that was edited by hand is kept as a backup. Nothing is written that is there already.

    Args:
        jobs: how many processes record what was not recorded before.

    Raises:
        AuthoringError: an exercise's files are declared wrongly, or it can't be recorded.
        CourseError: a file can't be written.
    """
    _keep_recordings(course, exercises, jobs)
    for exercise in exercises:
        folder = target / "source" / exercise.module
        text = json.dumps(make_notebook(exercise), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        _write_beside(course, exercise, folder)
        yield _write(course.root, folder / f"{exercise.name}.ipynb", text)


def make_notebook(exercise: Exercise) -> Notebook:
    """The source notebook of an exercise, solutions included.

    Raises:
        AuthoringError: the reference or the grader is declared wrongly.
    """
    reference = read_source(exercise.solution / "reference.py")
    instructions = ast.get_docstring(ast.parse(stub_of(exercise))) or ""
    solution = solution_cells(exercise)
    name = exercise.name
    cells = [
        _cell(name, "instructions", "", as_markdown(instructions), locked=True),
        _cell(name, "setup", "", _SETUP, locked=True),
        _plain(name, "imports", solution.imports or _IMPORTS),
        *(_cell(name, "solution", member, text, solution=True) for member, text in solution.members.items()),
        _plain(name, "try", _TRY.format(slug=exercise.slug)),
        *(_graded(exercise, probe, reference) for probe in outline(exercise)),
    ]
    notebook: Notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": cells}
    own = {"exercise": exercise.slug, "digest": _digest(notebook)}
    notebook["metadata"] = {"kernelspec": _KERNEL, "language_info": {"name": "python"}, "keras_kata": own}
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise AuthoringError(f"{exercise.slug}: no valid notebook can be made: {error!s:.300}") from None
    return notebook


def secret_seed(exercise: Exercise, probe: str, reference: str) -> int:
    """What the cases of a hidden test are drawn from: the same from run to run, and known only with the reference."""
    secret = f"{exercise.slug}::{probe}\n{reference}".encode()
    return int.from_bytes(hashlib.sha256(secret).digest()[:4], "big")


# Cells.


def _graded(exercise: Exercise, probe: ProbeOutline, reference: str) -> Notebook:
    """The cell of a probe. Its value is the points earned, which nbgrader takes for the cell's score."""
    points = int(probe.points) if probe.points.is_integer() else probe.points
    claim = f"{points:g} point{'' if points == 1 else 's'}: {probe.claim}"
    source = "\n".join(
        [
            *textwrap.wrap(claim, _WIDTH, initial_indent="# ", subsequent_indent="# "),
            "from keras_kata.notebook import check",
            "",
            "check(",
            f'    "{exercise.slug}::{probe.name}",',
            "    ### BEGIN HIDDEN TESTS",
            f"    seed={secret_seed(exercise, probe.name, reference)},",
            "    ### END HIDDEN TESTS",
            ")",
        ]
    )
    return _cell(exercise.name, "probe", probe.name, source, locked=True, points=points)


def _cell(
    exercise: str,
    kind: str,
    name: str,
    source: str,
    *,
    locked: bool = False,
    solution: bool = False,
    points: float | None = None,
) -> Notebook:
    """A cell that nbgrader knows."""
    place = cell_id(exercise, kind, name)
    nbgrader: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": place,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        nbgrader["points"] = points
    return _plain(exercise, kind, source, name) | {"metadata": {"nbgrader": nbgrader}}


def _plain(exercise: str, kind: str, source: str, name: str = "") -> Notebook:
    """A cell that is the learner's own: nbgrader neither locks nor restores it."""
    cell: Notebook = {"id": cell_id(exercise, kind, name), "metadata": {}, "source": source.rstrip("\n")}
    if kind == "instructions":
        return cell | {"cell_type": "markdown"}
    return cell | {"cell_type": "code", "execution_count": None, "outputs": []}


# Files.


def _write(root: Path, path: Path, text: str) -> Written:
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else None
    except (OSError, UnicodeDecodeError):
        before = ""
    if before == text:
        return Written(path, "unchanged")
    backup = back_up(root, path) if before is not None and not _is_as_generated(before) else None
    write_atomically(path, text)
    return Written(path, "wrote", backup)


def _is_as_generated(text: str) -> bool:
    """Whether nobody has changed a cell; that it was run, and so has outputs, does not count."""
    try:
        notebook = json.loads(text)
        return bool(notebook["metadata"]["keras_kata"]["digest"] == _digest(notebook))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _digest(notebook: Notebook) -> str:
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("nbgrader")]
        for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _write_beside(course: Course, exercise: Exercise, folder: Path) -> None:
    """Make the notebook's folder a course that can judge it, with nothing of `solutions/`."""
    runtime = [] if course.runtime is None else [course.runtime]
    for path in (course.file, *grader_files(exercise), *runtime):
        _put(folder / path.relative_to(course.root), path.read_bytes())
    _put(folder / exercise.recording.relative_to(course.root), _kept_recording(exercise).read_bytes())


def _keep_recordings(course: Course, exercises: Sequence[Exercise], jobs: int) -> None:
    """Record the exercises that were not recorded as they are now; that takes seconds each."""
    missing = [exercise.slug for exercise in exercises if not _kept_recording(exercise).is_file()]
    for slug, content in record_all(course.root, missing, jobs) if missing else ():
        _put(_kept_recording(course[slug]), content)


def _kept_recording(exercise: Exercise) -> Path:
    """Where the recording is kept that is made of the exercise's files as they are; it can be deleted without loss."""
    made_of = hashlib.sha256(f"{FORMAT} {version('keras-kata')} {grader_digest(exercise)}".encode())
    for path in sorted(exercise.solution.glob("*.py")):
        made_of.update(path.name.encode() + path.read_bytes())
    name = f"{exercise.module}-{exercise.name}-{made_of.hexdigest()[:16]}"
    return exercise.root / ".kata" / "recordings" / name


def _put(path: Path, content: bytes) -> None:
    """Write a file, unless it is there as it should be."""
    if not (path.is_file() and path.read_bytes() == content):
        write_atomically(path, content)
