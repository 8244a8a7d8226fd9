"""A reference as the solution cells of a notebook: what learners keep, with its bodies between nbgrader's marks.

The visible text is that of the stub. In place of each `raise NotImplementedError` comes the reference's body;
what the stub leaves out (private helpers, their imports) is put behind a body, between the same marks.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from keras_kata.bindings import first_line
from keras_kata.course import Exercise
from keras_kata.errors import AuthoringError
from keras_kata.implementation import read_source
from keras_kata.stubs import stub_of

__all__ = ["BEGIN_SOLUTION", "END_SOLUTION", "SolutionCells", "solution_cells"]

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = _Function | ast.ClassDef


@dataclass(frozen=True)
class SolutionCells:
    """The code of a notebook.

    Attributes:
        imports: what stands above all members; may be empty.
        members: for each function and class to be written, the source of its cell.
    """

    imports: str
    members: dict[str, str]


@dataclass
class _Region:
    """One body: the stub's line that it replaces, and the reference's lines."""

    line: int
    indent: str
    parts: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The body between the marks; helpers are set off by blank lines."""
        begin, end = self.indent + BEGIN_SOLUTION, self.indent + END_SOLUTION
        first, *others = self.parts
        spaced = [("\n\n" if part.startswith(" ") else "\n\n\n") + part for part in others]
        return "\n".join([begin, first + "".join(spaced), end])


def solution_cells(exercise: Exercise) -> SolutionCells:
    """The solution cells of an exercise, made from its reference.

    Raises:
        AuthoringError: there is no reference, no stub can be made of it, or it can't be put between marks.
    """
    stub = stub_of(exercise)
    reference = read_source(exercise.solution / "reference.py")
    if "BEGIN SOLUTION" in reference or "END SOLUTION" in reference:
        raise AuthoringError(
            f"{exercise.slug}: the reference holds one of nbgrader's marks, such as END SOLUTION"
        )
    kept, whole = ast.parse(stub).body, ast.parse(reference).body
    lines = reference.split("\n")
    regions = _regions(kept, whole, lines)
    if not regions:
        raise AuthoringError(f"{exercise.slug}: nothing of the reference is left to be written")
    _put_dropped(kept, whole, lines, regions)
    return _cells(kept, stub.split("\n"), regions)


def _regions(
    kept: Sequence[ast.stmt], whole: Sequence[ast.stmt], lines: Sequence[str]
) -> dict[str, list[_Region]]:
    """The bodies to be written, by the member that they belong to."""
    found: dict[str, list[_Region]] = {}
    definitions = {node.name: node for node in whole if isinstance(node, _Definition)}
    for node in kept:
        if isinstance(node, _Function):
            found[node.name] = [_region(node, definitions[node.name], lines)]
        elif isinstance(node, ast.ClassDef):
            own = definitions[node.name].body
            methods = {inner.name: inner for inner in own if isinstance(inner, _Function)}
            asked = [inner for inner in node.body if isinstance(inner, _Function)]
            regions = [_region(inner, methods[inner.name], lines) for inner in asked]
            if regions:
                found[node.name] = regions
                _attach(node.body, own, asked, regions, lines)
    return found


def _region(stub: _Function, full: _Definition, lines: Sequence[str]) -> _Region:
    raises = stub.body[-1]
    start = full.body[0].lineno
    if ast.get_docstring(full, clean=False) is not None:
        start = (full.body[0].end_lineno or start) + 1
    indent = " " * raises.col_offset
    body = "\n".join(lines[start - 1 : full.end_lineno]).strip("\n")
    return _Region(raises.lineno, indent, [body or f"{indent}pass"])


def _attach(
    kept: Sequence[ast.stmt],
    whole: Sequence[ast.stmt],
    asked: Sequence[_Definition],
    regions: Sequence[_Region],
    lines: Sequence[str],
) -> None:
    """Put each statement that the stub drops behind the body above it; behind the first one where none is above."""
    names = [node.name for node in asked]
    shown = {ast.dump(node) for node in kept if not isinstance(node, _Definition)}
    known = {node.name for node in kept if isinstance(node, _Definition)}
    place, end = 0, 0
    for number, node in enumerate(whole):
        if isinstance(node, _Definition) and node.name in known:
            place = names.index(node.name) if node.name in names else place
        elif ast.dump(node) not in shown and not (number == 0 and _is_text(node)):
            regions[place].parts.append(_with_comments(node, end, lines))
        end = node.end_lineno or node.lineno


def _put_dropped(
    kept: Sequence[ast.stmt],
    whole: Sequence[ast.stmt],
    lines: Sequence[str],
    regions: dict[str, list[_Region]],
) -> None:
    asked = [node for node in kept if isinstance(node, _Definition) and node.name in regions]
    last = [regions[node.name][-1] for node in asked]
    before = [len(region.parts) for region in last]
    _attach(kept, whole, asked, last, lines)
    for node, region, count in zip(asked, last, before, strict=True):
        if len(region.parts) > count and region.line != node.end_lineno:
            raise AuthoringError(
                f"{node.name} must end with a method, so that helpers can follow in its cell"
            )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _with_comments(node: ast.stmt, above: int, lines: Sequence[str]) -> str:
    """A statement's lines, with the comments right above it."""
    start = first_line(node)
    while start - 1 > above and lines[start - 2].strip().startswith("#"):
        start -= 1
    return "\n".join(lines[start - 1 : node.end_lineno])


def _cells(kept: Sequence[ast.stmt], stub: Sequence[str], regions: dict[str, list[_Region]]) -> SolutionCells:
    members: dict[str, str] = {}
    pending: list[str] = []
    imports, end = "", kept[0].end_lineno or 1  # the docstring is the instructions
    for node in kept[1:]:
        start, above = end + 1, stub[end : first_line(node) - 1]
        end = node.end_lineno or node.lineno
        if isinstance(node, _Definition) and node.name in regions:
            if not members:
                imports, pending = "\n".join([*pending, *above]).strip("\n"), []
            else:
                pending += above
            filled = _filled(stub, first_line(node), end, regions[node.name])
            members[node.name] = "\n".join([*pending, *filled]).strip("\n")
            pending = []
        else:
            pending += stub[start - 1 : end]
    return SolutionCells(
        "\n\n".join(part for part in (imports, "\n".join(pending).strip("\n")) if part), members
    )


def _filled(stub: Sequence[str], start: int, end: int, regions: Sequence[_Region]) -> Iterator[str]:
    bodies = {region.line: region for region in regions}
    for number in range(start, end + 1):
        yield bodies[number].text() if number in bodies else stub[number - 1]
