"""Which names a statement takes from the module that it stands in, and which it gives to it."""

import ast
import symtable
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["ALWAYS", "first_line", "names_given", "names_read"]

ALWAYS: Final = "*"
"""Stands among the names for what can't be told by a name: `from numpy import *`."""


def first_line(node: ast.stmt) -> int:
    """The line of a statement, or of its first decorator."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.lineno


def names_read(statement: ast.stmt, lines: Sequence[str]) -> set[str]:
    """The names that a statement takes from the notebook: none that are a function's own."""
    text = "\n".join(lines[first_line(statement) - 1 : statement.end_lineno])
    try:
        return set(_from_outside(symtable.symtable(text, "cell", "exec")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # such as `return` outside of a function
        return {part.id for part in ast.walk(statement) if isinstance(part, ast.Name)}


def _from_outside(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if table.get_type() == "module" or symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _from_outside(inner)


def names_given(statement: ast.stmt) -> set[str]:
    """The names that a statement binds, or whose value it changes."""
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return {ALWAYS}
    return {name for part in _outside(statement) for name in _names_of(part)}


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but nothing of the bodies of functions and classes."""
    waiting = [node]
    while waiting:  # no recursion: a hostile expression may be nested as deeply as the parser allows
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(part)


def _names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.alias():
            yield ALWAYS if node.name == "*" else node.asname or node.name.split(".")[0]
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            yield _root(node)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):  # such as `TABLE.append(1)`
            yield _root(method)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
