"""The learner's stub, made from a reference: its contract without its bodies.

Text is taken from the source as it stands, so that docstrings and signatures stay as their author wrote them.
"""

import ast
import io
import tokenize
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from keras_kata.course import Exercise
from keras_kata.errors import AuthoringError, ImplementationError
from keras_kata.implementation import read_source

__all__ = ["is_untouched", "make_stub", "stub_of"]

LINE_LENGTH = 110

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Assignment = ast.Assign | ast.AnnAssign
Import = ast.Import | ast.ImportFrom
Position = tuple[int, int]
"""A line, counted from 1, and a character of it, counted from 0."""


def stub_of(exercise: Exercise) -> str:
    """The stub of an exercise, made from its reference; in a kit, the recorded one.

    Raises:
        AuthoringError: there is no reference, or no stub can be made of it.
        CourseError: a kit's recording can't be used.
    """
    if not exercise.has_solution:
        from keras_kata.recording import read_recording  # needs numpy, which a clone's `kata status` does not

        return read_recording(exercise).stub
    path = exercise.solution / "reference.py"
    try:
        return make_stub(read_source(path), str(path))
    except ImplementationError as error:
        raise AuthoringError(f"no stub of {exercise.slug} can be made: {error}") from None


def is_untouched(path: Path) -> bool:
    """Whether a file holds nobody's work: it is a stub, though perhaps of an older reference."""
    try:
        source = read_source(path)
        return make_stub(source, str(path)) == source
    except (ImplementationError, AuthoringError):
        return False


def make_stub(source: str, origin: str) -> str:
    """The stub of a reference's source.

    Kept are the module docstring, `import x`, public functions and classes, public upper-case constants with
    a literal value, and those other imports and assignments that the signatures, decorators and bases need.
    Of a class are kept public attributes that are annotated or have a literal value, and the methods with a
    docstring that are public or named like `__len__`; also an `__init__` without one, if it takes arguments.
    Every body becomes `raise NotImplementedError`.

    Args:
        source: the reference's.
        origin: where it is from, for messages.

    Raises:
        AuthoringError: it can't be read, a docstring is missing, there is no public function or class, or a
            signature needs something that is dropped.
    """
    source = source.replace("\r\n", "\n")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise AuthoringError(f"{origin}, line {error.lineno}: {error.msg}") from None
    kept = _kept(tree.body, _belongs_to_module)
    _check(tree, kept, origin)
    return _Text(source).stub(tree.body[0], kept)


# What is kept.


def _kept(body: Sequence[ast.stmt], belongs: Callable[[ast.stmt], bool]) -> list[ast.stmt]:
    """The statements that belong to the stub, and the imports and assignments that these need."""
    kept = {node for node in body if belongs(node)}
    while True:
        needed = _union(_names_needed, kept)
        rest = {node for node in body if isinstance(node, Import | Assignment)} - kept
        more = {node for node in rest if _names_bound(node) & needed}
        if not more:
            return [node for node in body if node in kept]
        kept |= more


def _belongs_to_module(node: ast.stmt) -> bool:
    if isinstance(node, Definition):
        return not node.name.startswith("_")
    if isinstance(node, Assignment):
        return _has_literal_value(node) and all(name.isupper() for name in _names_bound(node))
    return isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _belongs_to_class(node: ast.stmt) -> bool:
    if isinstance(node, Function):
        is_special = node.name.startswith("__") and node.name.endswith("__")
        is_contract = _is_documented(node) or (node.name == "__init__" and _takes_arguments(node))
        return is_contract and (is_special or not node.name.startswith("_"))
    if isinstance(node, ast.AnnAssign):
        return _is_public(node)
    return isinstance(node, ast.Assign) and _has_literal_value(node)


def _kept_members(node: ast.ClassDef) -> list[ast.stmt]:
    return _kept(node.body, _belongs_to_class)


def _is_documented(node: Definition | ast.Module) -> bool:
    return bool((ast.get_docstring(node) or "").strip())


def _takes_arguments(method: Function) -> bool:
    return sum(isinstance(node, ast.arg) for node in ast.iter_child_nodes(method.args)) > 1


def _is_public(node: Assignment) -> bool:
    names = _names_bound(node)
    return bool(names) and not any(name.startswith("_") for name in names)


def _has_literal_value(node: Assignment) -> bool:
    """Whether public names get a value of numbers and texts alone, such as `28 * 28` or `["same", 1]`."""
    literals = ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict | ast.UnaryOp | ast.BinOp
    if node.value is None or not _is_public(node):
        return False
    return all(isinstance(part, literals) for part in ast.walk(node.value) if isinstance(part, ast.expr))


def _check(tree: ast.Module, kept: Sequence[ast.stmt], origin: str) -> None:
    """Raise AuthoringError where a stub would lack something."""
    definitions = [node for node in kept if isinstance(node, Definition)]
    if not _is_documented(tree):
        raise AuthoringError(f"{origin} lacks a module docstring: the instructions")
    if not definitions:
        raise AuthoringError(f"{origin} defines no public function or class")
    for node in definitions:
        where = f"{origin}, line {node.lineno}: {node.name}"
        if not _is_documented(node):
            raise AuthoringError(f"{where} is public and lacks a docstring")
        if isinstance(node, ast.ClassDef):
            members = _kept_members(node)
            _check_names(node.body, members, where)
            if _has_function(node.body) and not _has_function(members):
                raise AuthoringError(f"{where} has methods, and none has a docstring that says what to write")
    _check_names(tree.body, kept, origin)


def _check_names(body: Sequence[ast.stmt], kept: Sequence[ast.stmt], where: str) -> None:
    dropped = _union(_names_bound, body) - _union(_names_bound, kept)
    if missing := dropped & _union(_names_needed, kept):
        raise AuthoringError(
            f"{where}: a signature, decorator or base needs `{min(missing)}`, which is not kept"
        )


def _has_function(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, Function) for node in body)


def _union(names: Callable[[ast.stmt], set[str]], nodes: Iterable[ast.stmt]) -> set[str]:
    return {name for node in nodes for name in names(node)}


def _names_bound(node: ast.stmt) -> set[str]:
    if isinstance(node, Definition):
        return {node.name}
    if isinstance(node, Import):
        return set(map(_name_of, node.names))
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _name_of(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _names_needed(node: ast.stmt) -> set[str]:
    """The names that a statement of the stub reads as soon as it runs."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            annotations = [part.annotation for part in ast.walk(node.args) if isinstance(part, ast.arg)]
            return _names_read(*node.decorator_list, node.args) | _names_annotated(node.returns, *annotations)
        case ast.ClassDef():
            members = _kept_members(node)
            inner = _union(_names_needed, members) - _union(_names_bound, members)
            return inner | _names_read(*node.decorator_list, *node.bases, *node.keywords)
        case ast.AnnAssign():
            return _names_read(node) | _names_annotated(node.annotation)
        case ast.Assign():
            return _names_read(node)
        case _:
            return set()


def _names_read(*nodes: ast.AST) -> set[str]:
    inner = (part for node in nodes for part in ast.walk(node))
    return {part.id for part in inner if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def _names_annotated(*annotations: ast.expr | None) -> set[str]:
    """The names in annotations, also in those written as strings."""
    names = set()
    for part in (part for node in annotations if node for part in ast.walk(node)):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            try:
                names |= _names_read(ast.parse(part.value, mode="eval"))
            except SyntaxError:  # a literal text
                continue
        elif isinstance(part, ast.Name):
            names.add(part.id)
    return names


# How it is written.


class _Text:
    """The text of a source, of which the parts of its stub are cut."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        self._marks = [(token.string, token.start) for token in tokens if token.string in (":", "@")]

    def stub(self, docstring: ast.stmt, kept: Sequence[ast.stmt]) -> str:
        needed = _union(_names_needed, kept)
        parts = [(docstring, self._cut(docstring))]
        for node in kept:
            if isinstance(node, Definition):
                parts.append((node, self._definition(node)))
            elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
                parts.append((node, self._import(node, needed)))
            else:
                parts.append((node, self._statement(node)))
        return self._joined(parts, around_definitions="\n\n\n") + "\n"

    def _definition(self, node: Definition) -> str:
        head, indent = self._head(node)
        if _is_documented(node):
            head += f"\n{indent}{self._cut(node.body[0])}"
        if isinstance(node, Function):
            return f"{head}\n{indent}raise NotImplementedError"
        parts = [(node.body[0], head)]
        for member in _kept_members(node):
            if isinstance(member, Function):
                parts.append((member, self._definition(member)))
            else:
                parts.append((member, indent + self._statement(member)))
        return self._joined(parts, around_definitions="\n\n")

    def _head(self, node: Definition) -> tuple[str, str]:
        """The text up to the colon, with its comment, and what the body is indented by."""
        start, body = self._start(node), self._start(node.body[0])
        line, column = self._last_mark(":", before=body)
        outer = self._lines[start[0] - 1][: start[1]]
        inner = self._lines[body[0] - 1][: body[1]] if body[0] > line else f"{outer}    "
        end = (line, column + 1)
        return outer + self._between(start, end) + self._comment(end), inner

    def _statement(self, node: ast.stmt) -> str:
        return self._cut(node) + self._comment(self._end(node))

    def _import(self, node: ast.ImportFrom, needed: set[str]) -> str:
        """A from-import of those names only that the stub needs."""
        aliases = [alias for alias in node.names if _name_of(alias) in needed]
        if len(aliases) == len(node.names):
            return self._statement(node)
        names = [f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in aliases]
        start = f"from {'.' * node.level}{node.module or ''} import "
        line = start + ", ".join(names)
        return line if len(line) <= LINE_LENGTH else start + "(\n    " + ",\n    ".join(names) + ",\n)"

    def _joined(self, parts: Sequence[tuple[ast.stmt, str]], around_definitions: str) -> str:
        text = parts[0][1]
        for (above, _), (node, part) in pairwise(parts):
            if isinstance(above, Definition) or isinstance(node, Definition):
                text += around_definitions + part
            elif isinstance(above, ast.Expr) or isinstance(above, Import) != isinstance(node, Import):
                text += "\n\n" + part
            else:
                text += ("\n\n" if self._is_blank_between(above, node) else "\n") + part
        return text

    def _is_blank_between(self, above: ast.stmt, node: ast.stmt) -> bool:
        return not all(line.strip() for line in self._lines[self._end(above)[0] : node.lineno - 1])

    def _cut(self, node: ast.stmt) -> str:
        return self._between(self._start(node), self._end(node))

    def _between(self, start: Position, end: Position) -> str:
        lines = self._lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return "\n".join(lines)

    def _comment(self, position: Position) -> str:
        rest = self._lines[position[0] - 1][position[1] :].rstrip()
        return rest if rest.lstrip().startswith("#") else ""

    def _start(self, node: ast.stmt) -> Position:
        if isinstance(node, Definition) and node.decorator_list:
            decorator = node.decorator_list[0]
            return self._last_mark("@", before=self._position(decorator.lineno, decorator.col_offset))
        return self._position(node.lineno, node.col_offset)

    def _end(self, node: ast.stmt) -> Position:
        return self._position(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def _last_mark(self, mark: str, before: Position) -> Position:
        return max(position for string, position in self._marks if string == mark and position < before)

    def _position(self, line: int, offset: int) -> Position:
        # The syntax tree counts bytes.
        return line, len(self._lines[line - 1].encode()[:offset].decode())
