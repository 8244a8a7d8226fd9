"""Which names statements give and take."""

import ast

import pytest

from keras_kata.bindings import ALWAYS, first_line, names_given, names_read

from .support import table


def only(source: str) -> ast.stmt:
    [statement] = ast.parse(source).body
    return statement


@pytest.mark.parametrize(
    ("source", "names"),
    table(
        [
            ("function", "def f(x=a):\n    global g\n    h = 1", {"f"}),
            ("class", "class A(B):\n    c = 1", {"A"}),
            ("import", "import a.b, c as d", {"a", "d"}),
            ("from", "from a import b, c as d", {"b", "d"}),
            ("star", "from a import *", {ALWAYS}),
            ("future", "from __future__ import annotations", {ALWAYS}),
            ("assignment", "a, (b, *c) = d", {"a", "b", "c"}),
            ("walrus", "print(a := 1)", {"a"}),
            ("item", "a.b[0].c = 1", {"a"}),
            ("deleted item", "del a[0]", {"a"}),
            ("call of a method", "a.b.append(c)", {"a"}),
            ("call", "a(b)", set()),
            ("loop", "for a in b:\n    c = 1", {"a", "c"}),
            ("with", "with a as b:\n    pass", {"b"}),
        ]
    ),
)
def test_names_that_a_statement_gives(source: str, names: set[str]) -> None:
    assert names_given(only(source)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    table(
        [
            (
                "parameters and locals are none",
                "def f(x, y=a):\n    z = x + b\n    return z",
                {"a", "b", "f"},
            ),
            (
                "nested functions",
                "def f():\n    def g():\n        return h + k\n    k = 1\n    return g",
                {"h", "f"},
            ),
            ("decorators", "@a.b\ndef f(): pass", {"a", "f"}),
            ("annotations", "def f(x: A) -> B: pass", {"A", "B", "f"}),
            ("comprehension", "x = [i + a for i in b]", {"a", "b", "x"}),
            ("no valid place", "return a", {"a"}),
        ]
    ),
)
def test_names_that_a_statement_takes(source: str, names: set[str]) -> None:
    found = names_read(only(source), source.split("\n"))
    assert {name for name in found if not name.startswith(".")} == names


def test_a_statement_begins_with_its_first_decorator() -> None:
    assert first_line(only("\n@a\n@b\ndef f(): pass")) == 2
    assert first_line(only("\n\nx = 1")) == 3
