"""Formulas of instruction texts, written as `target = r + gamma * max(q)`, as LaTeX.

Only what is surely a formula becomes one: a line of sums, products, powers, calls and indices, each name known by
its form. Everything else stays the text that its author wrote.
"""

import ast
import re
from collections.abc import Sequence

__all__ = ["as_latex"]

_GREEK = {
    *(
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "eta",
        "theta",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "pi",
        "rho",
    ),
    *("sigma", "tau", "phi", "chi", "psi", "omega"),
}
_FUNCTIONS = {"exp", "log", "cos", "sin", "tan", "tanh", "min", "max"}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: r"\cdot",
    ast.Eq: "=",
    ast.Lt: "<",
    ast.LtE: r"\leq",
    ast.Gt: ">",
    ast.GtE: r"\geq",
}
_PRECEDENCE: dict[type[ast.AST], int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 4, ast.Pow: 3}
_ATOM = 5
_PRIME = "_prime"
_WORDS = "words"
_ACCENTS = {"bar", "hat", "tilde"}


def as_latex(line: str) -> str | None:
    """A formula as LaTeX, or None where the line is not surely one.

    Words in brackets, and a word before the first name, become text in the formula. What is set off by three
    spaces or more is a formula beside the first.

    Args:
        line: such as `G = r[0] + gamma * r[1] + gamma^2 * r[2] + ...`, or `new x = (the largest of x) / 2`.
    """
    parts = [_formula(part) for part in re.split(r"\s{3,}(?![\s=<>*+/-])", line.strip())]
    formulas = [part for part in parts if part]
    return r" \qquad ".join(formulas) if len(formulas) == len(parts) else None


def _formula(text: str) -> str | None:
    if not re.search(r"[=*/^(\[]", text) or "_" * 2 in text:
        return None
    said, text = _words_set_aside(re.sub(r"\s+", " ", text))
    prefix = re.match(r"([a-z]+) (?=[A-Za-z]\w*(\[[^]]*\])? =)", text)
    text = text[prefix.end() :] if prefix else text
    text = re.sub(r"(?<=[A-Za-z])'+", lambda primes: _PRIME * len(primes[0]), text).replace("^", "**")
    try:
        [statement] = ast.parse(text).body
        latex = _statement(statement)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for number, words in enumerate(said):
        latex = latex.replace(rf"\mathrm{{{_WORDS}{number}}}", rf"\left(\text{{{words}}}\right)")
    return rf"\text{{{prefix[1]} }}{latex}" if prefix else latex


def _words_set_aside(text: str) -> tuple[Sequence[str], str]:
    """The bracketed parts that are prose, and the text with names in their places."""
    said: list[str] = []
    start, depth = 0, 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "(" and depth == 1:
            start = place
        elif sign == ")" and depth == 0:
            inner = text[start + 1 : place]
            is_call = re.match(r"\w", text[start - 1 : start])
            if re.search(r"[a-z]+ [a-z]+", inner) and not is_call and not re.search(r"[\\{}$&#%^_~]", inner):
                said.append(inner)
    for number, inner in enumerate(said):
        text = text.replace(f"({inner})", f"{_WORDS}{number}", 1)
    return said, text


def _statement(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=targets, value=value):
            return " = ".join(_expression(part) for part in (*targets, value))
        case ast.Expr(value=ast.BinOp() as value) | ast.Expr(value=ast.Compare() as value):
            return _expression(value)
    raise ValueError("no formula")


def _expression(node: ast.expr) -> str:
    return _written(node)[0]


def _written(node: ast.expr) -> tuple[str, int]:
    """LaTeX, and how strongly its parts hold together."""
    match node:
        case ast.Constant(value=value) if value is ...:
            return r"\ldots", _ATOM
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return f"{value:g}" if abs(value) >= 1e-3 or value == 0 else _scientific(value), _ATOM
        case ast.Name(id=name):
            return _name(name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_within(operand, 2)}", 1
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(left, op, right)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _OPERATORS for op in ops):
            text = _expression(left)
            for sign, other in zip(ops, others, strict=True):
                text += f" {_OPERATORS[type(sign)]} {_expression(other)}"
            return text, 0
        case ast.Subscript(value=ast.Name() as value, slice=index):
            parts = index.elts if isinstance(index, ast.Tuple) else [index]
            inner, name = ", ".join(map(_expression, parts)), _name(value.id)
            return (rf"{name}\left[{inner}\right]" if "_" in name else f"{name}_{{{inner}}}"), _ATOM
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if args:
            return _call(name, args), _ATOM
        case ast.Tuple(elts=elements) if elements:
            return rf"\left({', '.join(map(_expression, elements))}\right)", _ATOM
    raise ValueError("no part of a formula")


def _operation(left: ast.expr, op: ast.operator, right: ast.expr) -> tuple[str, int]:
    if isinstance(op, ast.Div):
        return rf"\frac{{{_expression(left)}}}{{{_expression(right)}}}", _PRECEDENCE[ast.Div]
    if isinstance(op, ast.Pow):
        return f"{_within(left, _ATOM)}^{{{_expression(right)}}}", _PRECEDENCE[ast.Pow]
    if type(op) not in _PRECEDENCE:
        raise ValueError("no operator of a formula")
    strength = _PRECEDENCE[type(op)]
    # a - (b - c) keeps its brackets, (a - b) - c needs none.
    after = strength + 1 if isinstance(op, ast.Sub) or isinstance(right, ast.UnaryOp) else strength
    return f"{_within(left, strength)} {_OPERATORS[type(op)]} {_within(right, after)}", strength


def _within(node: ast.expr, strength: int) -> str:
    text, own = _written(node)
    return text if own >= strength else rf"\left({text}\right)"


def _call(name: str, args: list[ast.expr]) -> str:
    inner = ", ".join(map(_expression, args))
    match name:
        case "sqrt":
            return rf"\sqrt{{{inner}}}"
        case "floor" | "ceil":
            return rf"\left\l{name} {inner} \right\r{name}"
    return rf"{_function(name)}\left({inner}\right)"


def _function(name: str) -> str:
    return rf"\{name}" if name in _FUNCTIONS else _name(name)


def _name(name: str) -> str:
    primes = name.count(_PRIME)
    base, *indices = name.replace(_PRIME, "").split("_")
    if not base or not all(indices):
        raise ValueError("a name of another kind")
    accents = [index for index in indices if index in _ACCENTS]
    indices = [index for index in indices if index not in _ACCENTS]
    if len(base) > 1 and base not in _GREEK and indices:
        whole = r"\_".join([base, *indices])
        return rf"\mathrm{{{whole}}}" + "'" * primes
    symbol = _symbol(base)
    for accent in accents:
        symbol = rf"\{accent}{{{symbol}}}"
    return symbol + "'" * primes + (f"_{{{', '.join(map(_symbol, indices))}}}" if indices else "")


def _symbol(name: str) -> str:
    if name in _GREEK:
        return rf"\{name}"
    if match := re.fullmatch(r"([A-Za-z])(\d+)", name):
        return f"{match[1]}_{{{match[2]}}}"
    return name if len(name) == 1 else rf"\mathrm{{{name}}}"


def _scientific(value: float) -> str:
    digits, _, power = f"{value:e}".partition("e")
    digits = f"{float(digits):g}"
    return (rf"{digits} \cdot " if digits != "1" else "") + f"10^{{{int(power)}}}"
