"""Reading the notebook that a learner hands in: its code as one plain source text. Nothing of it is run.

What counts is what the asked functions and classes are made of: the statements, of whichever cells, that they
depend on, in the order of the notebook. So a cell for trying things out can neither help nor harm. Graded cells
are left out, changed or not: the grader has probes of its own. Outputs are ignored, and of the metadata only
`grade_id` is looked at.
"""

import ast
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keras_kata.bindings import ALWAYS, first_line, names_given, names_read
from keras_kata.errors import ImplementationError

__all__ = ["LINES_EXPLAINED", "MOST_BYTES", "NotebookSource", "cell_id", "read_notebook"]

MOST_BYTES = 20_000_000
LINES_EXPLAINED = "In a notebook, line 3007 is line 7 of the third cell; cells of text are counted too."
_LINES_OF_A_CELL = 1000
_MOST_CODE = 2_000_000
_LONGEST_ID = 64
_MAGIC = re.compile(r"^\s*(?:%{1,2}|!)\s*[\w.]|^\s*[\w, ]+=\s*(?:%|!)\s*[\w.]")
# What only changes how a notebook looks, or asks for help: left out without a word.
_HARMLESS = re.compile(r"^\s*%matplotlib\b.*$|^\s*\?{1,2}[\w.]+\s*$|^\s*[\w.]+\?{1,2}\s*$")
_SUBMIT = "save it in Jupyter (File > Save Notebook) and hand it in again"


@dataclass(frozen=True)
class NotebookSource:
    """The code of a notebook that is judged.

    Attributes:
        text: Python source. What is from the notebook's third cell begins with the comment `# cell 3`, which is
            line 3000, so that a line's number in a message says where it is (see `LINES_EXPLAINED`).
        remarks: what the learner should know, a sentence each: a cell that is missing or was left out.
        solutions: the whole text of each solution cell, by its grade_id; of several the last.
    """

    text: str
    remarks: tuple[str, ...] = ()
    solutions: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Cell:
    """A code cell, counted from 1 among all cells."""

    number: int
    source: str
    grade_id: str
    statements: Sequence[ast.stmt] = field(default_factory=list)
    is_broken: bool = False


def cell_id(exercise: str, kind: str, name: str = "") -> str:
    """The id of a cell, for nbformat and for nbgrader: the same from run to run.

    Args:
        exercise: its name, without the module.
        kind: `solution`, `probe`, `instructions` and so on.
        name: of the member or probe.
    """
    whole = "-".join(part for part in (exercise, kind, name) if part)
    if len(whole) <= _LONGEST_ID:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: _LONGEST_ID - 9]}-{digest}"


def read_notebook(data: bytes, exercise: str, members: Collection[str]) -> NotebookSource:
    """The source text of a notebook's answer.

    Args:
        data: the file's bytes, from anybody.
        exercise: its name, without the module.
        members: the functions and classes that the exercise asks for.

    Raises:
        ImplementationError: it is too large, not UTF-8, no JSON, no notebook, of a version that can't be read, or
            holds commands of the notebook system where Python is asked.
    """
    name = f"{exercise}.ipynb"
    cells = list(_code_cells(_notebook(data, name), name))
    if sum(len(cell.source) for cell in cells) > _MOST_CODE:
        raise ImplementationError(f"{name} holds over {_MOST_CODE // 1_000_000} MB of code")
    solutions = {cell_id(exercise, "solution", member): member for member in members}
    given = {cell.grade_id: cell.source for cell in cells if cell.grade_id in solutions}
    cells = [_parsed(cell) for cell in cells]
    graded = cell_id(exercise, "probe") + "-"
    judged = [cell for cell in cells if not cell.grade_id.startswith(graded)]
    remarks = [*_about_solutions(judged, solutions), *_about_broken(judged, solutions)]
    kept = _needed(judged, members)
    parts = [
        (cell.number, cell.source if _is_kept_whole(cell, solutions) else _lines_of(cell, kept))
        for cell in judged
    ]
    return NotebookSource(_joined(parts), tuple(remarks), given)


def _is_kept_whole(cell: _Cell, solutions: Mapping[str, str]) -> bool:
    """Whether it is a solution that is no Python: who runs it will say what is wrong."""
    return cell.is_broken and cell.grade_id in solutions


def _joined(parts: Sequence[tuple[int, str]]) -> str:
    lines: list[str] = []
    for number, text in parts:
        if text:
            begin = _LINES_OF_A_CELL * number - 1
            lines += [""] * (min(begin, _LINES_OF_A_CELL**2) - len(lines))
            lines += [f"# cell {number}", *text.split("\n")]
    return "\n".join(lines) + "\n"


# The file.


def _notebook(data: bytes, name: str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise ImplementationError(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB, most of it output. Clear it in Jupyter "
            f"(Edit > Clear Outputs of All Cells), {_SUBMIT}."
        )
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ImplementationError(f"{name} is not UTF-8 text, so it is no notebook: {_SUBMIT}.") from None
    except ValueError as error:
        raise ImplementationError(
            f"{name} is no notebook, or is damaged: its JSON can't be read ({error!s:.100}). Open it in Jupyter; "
            f"if that works, {_SUBMIT}."
        ) from None
    except (RecursionError, MemoryError):
        raise ImplementationError(f"{name} is nested too deeply to be a notebook") from None
    if not isinstance(notebook, dict):
        raise ImplementationError(f"{name} is no notebook: it holds a {type(notebook).__name__}")
    match notebook.get("nbformat"):
        case 4:
            return notebook
        case 3:
            return _upgraded(notebook, name)
    raise ImplementationError(
        f"{name} is a notebook of version {notebook.get('nbformat')!r:.20}, and can be read in version 3 or 4: "
        f"open it in a current Jupyter, {_SUBMIT}."
    )


def _upgraded(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        import nbformat

        read: Any = nbformat  # whose functions have no types
        upgraded = read.convert(read.from_dict(notebook), 4)
    except ModuleNotFoundError:
        raise ImplementationError(
            f"{name} is of version 3: open it in a current Jupyter, {_SUBMIT}."
        ) from None
    except Exception as error:  # nbformat trusts the file to be as it says
        raise ImplementationError(
            f"{name} is a damaged notebook of version 3 ({type(error).__name__}): open it in a current Jupyter, "
            f"{_SUBMIT}."
        ) from None
    return dict(upgraded)


def _code_cells(notebook: dict[str, Any], name: str) -> Iterator[_Cell]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise ImplementationError(f"{name} is no notebook: it has no list of cells")
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            raise ImplementationError(f"{name} is damaged: cell {number} is no cell")
        if cell["cell_type"] == "code":
            yield _Cell(
                number, _source(cell.get("source"), f"{name} is damaged: cell {number}"), _id_of(cell)
            )


def _source(source: Any, where: str) -> str:
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise ImplementationError(f"{where} has no text")
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode()  # half a character can't be written anywhere


def _id_of(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


# The cells.


def _parsed(cell: _Cell) -> _Cell:
    """The cell with its statements; where it is no Python, it says so.

    Raises:
        ImplementationError: a command of the notebook system is in it.
    """
    statements = _statements(cell.source)
    if statements is None:
        lines = cell.source.split("\n")
        cell.source = "\n".join("" if _HARMLESS.match(line) else line for line in lines)
        statements = _statements(cell.source)
    if statements is None:
        for number, line in enumerate(cell.source.split("\n"), 1):
            if _MAGIC.match(line):
                raise ImplementationError(
                    f"cell {cell.number}, line {number} is no Python but a command of the notebook: "
                    f"{line.strip()[:60]!r}. Commands that begin with ! or % are not run in grading: delete it, "
                    f"{_SUBMIT}."
                )
    cell.statements, cell.is_broken = statements or [], statements is None
    return cell


def _statements(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _about_solutions(cells: Sequence[_Cell], solutions: Mapping[str, str]) -> Iterator[str]:
    for grade_id, member in solutions.items():
        numbers = [cell.number for cell in cells if cell.grade_id == grade_id]
        if not numbers:
            yield f"The cell for `{member}` is missing; `{member}` is looked for in the other cells."
        elif len(numbers) > 1:
            places = " and ".join(map(str, numbers))
            yield f"The cells {places} are both marked as the cell for `{member}`; the last definition counts."


def _about_broken(cells: Sequence[_Cell], solutions: Mapping[str, str]) -> Iterator[str]:
    for cell in cells:
        if cell.is_broken and cell.grade_id not in solutions:
            yield f"Cell {cell.number} is no valid Python and was left out."


def _needed(cells: Sequence[_Cell], members: Collection[str]) -> set[int]:
    """The ids of the statements that the members depend on, wherever in the notebook they stand."""
    giving: dict[str, list[tuple[ast.stmt, list[str]]]] = {}
    for cell in cells:
        lines = cell.source.split("\n")
        for node in cell.statements:
            for name in names_given(node):
                giving.setdefault(name, []).append((node, lines))
    kept: set[int] = set()
    wanted, seen = [ALWAYS, *members], {ALWAYS, *members}
    while wanted:
        for node, lines in giving.get(wanted.pop(), []):
            if id(node) not in kept:
                kept.add(id(node))
                more = names_read(node, lines) - seen
                seen |= more
                wanted += sorted(more)
    return kept


def _lines_of(cell: _Cell, kept: Collection[int]) -> str:
    """The cell's lines with those statements alone, others left empty so that lines keep their places."""
    lines = cell.source.split("\n")
    wanted = {
        number
        for node in cell.statements
        if id(node) in kept
        for number in range(first_line(node), (node.end_lineno or node.lineno) + 1)
    }
    if not wanted:
        return ""
    return "\n".join(line if number in wanted else "" for number, line in enumerate(lines, 1)).rstrip()
