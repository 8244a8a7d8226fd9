"""The small errors that mutants are made of.

A rule is given one node of a syntax tree and yields what may stand in its place: an expression for an
expression, a statement for a statement, a keyword for a keyword. It changes nothing. To add an operator,
write such a generator and name it in `RULES`; where rules apply, and what of their yield is a duplicate
or does not compile, is decided in `mutants`.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, TypeVar

__all__ = ["RULES", "SKIPPED_FIELDS", "Rule", "is_off_limits", "is_whole", "whole_number"]

Rule = Callable[[ast.AST], Iterator[ast.AST]]

Node = TypeVar("Node", bound=ast.AST)
Item = TypeVar("Item")

SWAPS: Final[dict[type[ast.AST], tuple[type[ast.AST], ...]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
"""What each operator is mistaken for."""

SKIPPED_FIELDS: Final = frozenset({"decorator_list", "returns", "annotation", "type_params", "msg"})
"""Parts of a node that hold no behaviour to grade: decorators, types, the message of an assertion."""

# Functions of which the order of arguments does not matter.
_SYMMETRIC: Final = frozenset({"max", "min", "maximum", "minimum", "add", "multiply"})

# A float beyond these stands for infinity or for zero, so that no grader could notice its double.
_LARGE, _SMALL = 1e6, 1e-5


def is_off_limits(node: ast.AST) -> bool:
    """Whether nothing in the node may change: it only checks, makes text, or names a type."""
    match node:
        case ast.Raise() | ast.JoinedStr() | ast.Attribute(attr="__name__") | ast.keyword(arg="strict"):
            return True
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str())):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return True
    return type(node).__name__ == "TypeAlias"  # Python 3.12's `type X = ...`; 3.11 has no such class


def is_whole(node: ast.AST) -> bool:
    """Whether rules see the node but not what is inside it: `-1` is one number, `axis=(1, 2)` one choice."""
    match node:
        case ast.keyword(arg="axis", value=value):
            return whole_number(value) is not None or isinstance(value, ast.Tuple | ast.List)
    return whole_number(node) is not None


def whole_number(node: ast.AST) -> int | None:
    """The integer that a literal such as `3` or `-1` stands for, or None for any other node."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand):
            positive = whole_number(operand)
            return None if positive is None else -positive
    return None


def operators(node: ast.AST) -> Iterator[ast.AST]:
    """One operator for another: `a + b -> a - b`, `a -= b -> a += b`, `a < b -> a <= b`, `and -> or`."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            # `a * b` would nearly always fail on the shapes; the factors in the wrong order may not.
            yield _but(node, left=right, right=left)
        case ast.BinOp() if _is_sequence(node):
            return
        case ast.AugAssign(value=value) if _is_sequence(value):
            return
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            for other in SWAPS.get(type(op), ()):
                yield _but(node, op=other())
        case ast.Compare(ops=ops):
            for i, comparison in enumerate(ops):
                for other in SWAPS[type(comparison)]:
                    yield _but(node, ops=[*ops[:i], other(), *ops[i + 1 :]])


def unary(node: ast.AST) -> Iterator[ast.AST]:
    """A negation forgotten: `-x -> x`, `not x -> x`, `~x -> x`. For `-1` there is `numbers`."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()) if whole_number(node) is None:
            yield node.operand


def negated_result(node: ast.AST) -> Iterator[ast.AST]:
    """A sign flipped: `return a * b -> return -(a * b)`, and the same where it is assigned."""
    match node:
        case ast.Return(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=value):
            if isinstance(value, ast.BinOp) and not _is_bitwise(value) and not _is_sequence(value):
                yield _but(node, value=_at(value, ast.UnaryOp(ast.USub(), value)))


def numbers(node: ast.AST) -> Iterator[ast.AST]:
    """Another constant: `3 -> 4` and `2`, `0 -> 1`, `-1 -> 0` and `-2`, `0.5 -> 1.0`, `True -> False`."""
    if (number := whole_number(node)) is not None:
        yield _at(node, _integer(number + 1))
        if number != 0:
            yield _at(node, _integer(number - 1))
        return
    match node:
        case ast.Constant(value=bool() as flag):
            yield _but(node, value=not flag)
        case ast.Constant(value=float() as x):
            extreme = not _SMALL <= abs(x) <= _LARGE
            yield _but(node, value=1.0 if x == 0 else 0.0 if extreme else 2 * x)


def axes(node: ast.AST) -> Iterator[ast.AST]:
    """Another axis: `axis=0 -> axis=1`, any other one nearer to 0; of several axes, one is left out.

    Not every neighbour is tried: on a matrix `axis=-1` and `axis=1` are the same.
    """
    match node:
        case ast.keyword(arg="axis", value=(ast.Tuple(elts=entries) | ast.List(elts=entries)) as several):
            for i in range(len(entries) if len(entries) > 1 else 0):
                yield _but(node, value=_but(several, elts=_without(entries, i)))
        case ast.keyword(arg="axis", value=value) if (axis := whole_number(value)) is not None:
            yield _but(node, value=_at(value, _integer(axis - 1 if axis > 0 else axis + 1)))


def slice_bounds(node: ast.AST) -> Iterator[ast.AST]:
    """A bound or step left out: `x[1:] -> x[:]`. `x[0:]` and `x[::1]` mean the same without it."""
    match node:
        case ast.Slice(lower=lower, upper=upper, step=step):
            if lower is not None and whole_number(lower) != 0:
                yield _but(node, lower=None)
            if upper is not None:
                yield _but(node, upper=None)
            if step is not None and whole_number(step) != 1:
                yield _but(node, step=None)


def dropped_calls(node: ast.AST) -> Iterator[ast.AST]:
    """A step forgotten: `f(x, ...) -> x`, and `x.f()`, `x.f("text")`, `x.f((2, 3)) -> x`."""
    match node:
        case ast.Call(func=function, args=arguments):
            first = arguments[0] if arguments else None
            if first is not None and not isinstance(first, ast.Starred) and not _is_scalar(first):
                yield first
            # A call on a value, as in `self.dense(x)`, is not about what is before the dot.
            works_on_receiver = first is None or isinstance(first, ast.Starred | ast.Tuple | ast.List)
            if isinstance(function, ast.Attribute) and (works_on_receiver or _is_scalar(first)):
                yield function.value


def dropped_keywords(node: ast.AST) -> Iterator[ast.AST]:
    """A keyword argument forgotten: `f(x, axis=-1) -> f(x)`, `f(**kwargs) -> f()`."""
    match node:
        case ast.Call(keywords=keywords):
            for i, keyword in enumerate(keywords):
                if not is_off_limits(keyword):
                    yield _but(node, keywords=_without(keywords, i))


def swapped_neighbours(node: ast.AST) -> Iterator[ast.AST]:
    """The wrong order: `f(a, b) -> f(b, a)`, `return a, b -> return b, a`."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SYMMETRIC:
            return
        case ast.Call(args=arguments):
            for swapped in _swaps(arguments):
                yield _but(node, args=swapped)
        case ast.Return(value=ast.Tuple(elts=entries) as results):
            for swapped in _swaps(entries):
                yield _but(node, value=_but(results, elts=swapped))


def branches(node: ast.AST) -> Iterator[ast.AST]:
    """A condition ignored: `a if c else b -> a` and `-> b`, `if c: -> if True:` and `-> if False:`."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.If(test=test):
            for outcome in (True, False):
                yield _but(node, test=_at(test, ast.Constant(outcome)))


def removed_statements(node: ast.AST) -> Iterator[ast.AST]:
    """A statement forgotten: a call for its effect, `break`, `continue`, `a.b = x`, `a[b] += x`."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.Break() | ast.Continue():
            yield _at(node, ast.Pass())
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield _at(node, ast.Pass())
        case ast.AugAssign(target=ast.Attribute() | ast.Subscript()):
            yield _at(node, ast.Pass())
        case ast.AnnAssign(target=ast.Attribute() | ast.Subscript(), value=ast.expr()):
            yield _at(node, ast.Pass())


RULES: Final[tuple[Rule, ...]] = (
    operators,
    unary,
    negated_result,
    numbers,
    axes,
    slice_bounds,
    dropped_calls,
    dropped_keywords,
    swapped_neighbours,
    branches,
    removed_statements,
)


def _but(node: Node, **fields: object) -> Node:
    """A shallow copy of the node, at its place in the source, with other values for some fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _at(node: ast.AST, replacement: Node) -> Node:
    """The replacement, placed where the node is in the source."""
    return ast.copy_location(replacement, node)


def _integer(number: int) -> ast.expr:
    """The literal as the parser would read it: `-2` is a minus and a 2."""
    literal = ast.Constant(abs(number))
    return literal if number >= 0 else ast.UnaryOp(ast.USub(), literal)


def _without(items: list[Item], i: int) -> list[Item]:
    return [*items[:i], *items[i + 1 :]]


def _swaps(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The list with two neighbours in each other's place, for all neighbours that are not unpacked."""
    for i, (left, right) in enumerate(pairwise(items)):
        if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
            yield [*items[:i], right, left, *items[i + 2 :]]


def _is_scalar(node: ast.AST | None) -> bool:
    """Whether the node is a literal number or text."""
    return isinstance(node, ast.Constant) or (node is not None and whole_number(node) is not None)


def _is_bitwise(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor)


def _is_sequence(node: ast.AST) -> bool:
    """Whether the node is a text, a list or a tuple, or is joined, repeated or filled in: no arithmetic."""
    match node:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            return True
        case ast.List() | ast.Tuple() | ast.ListComp():
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.Mod(), right=right):
            return _is_sequence(left) or _is_sequence(right)
    return False
