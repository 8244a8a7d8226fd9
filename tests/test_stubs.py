"""A stub is its reference's contract, to the letter, and nothing of its bodies."""

import ast
import importlib
import inspect
import textwrap
from pathlib import Path

import pytest

from keras_kata.errors import AuthoringError
from keras_kata.stubs import is_untouched, make_stub

COURSE = Path(__file__).parents[1]


def stub(source):
    """The stub of a source that a test writes with indentation."""
    return make_stub(textwrap.dedent(source).lstrip("\n"), "reference.py")


def in_module(definition):
    """A module with a docstring around a definition."""
    return '"""Instructions."""\n\n\n' + textwrap.dedent(definition).strip("\n") + "\n"


EVERYTHING = r'''
# A comment before all.
r"""What is asked: "quotes", \backslashes\ and all.

    Formulas: à = \frac{1}{2}
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.linalg as la

from functools import (
    cache,  # why
    partial,
)
from typing import Any, TypeVar

__all__ = ["Scaler", "gain"]

CLASSES = 10  # digits
IMAGE: tuple[int, int] = (28, -28)
SIZE = 28 * 28

KINDS = [
    "train",  # first
    "test",
]
_SECRET = 42
_DEFAULT = math.pi
learning_rate = 0.1
STARTED = os.path.abspath(".")
T = TypeVar("T")
UNUSED = TypeVar("UNUSED")
Batch = Sequence["np.ndarray"]

if CLASSES > 3:
    LARGE = True


@dataclass
class Settings:
    """What a scaler needs."""

    rate: float = _DEFAULT  # per step
    decay: float = 0.5

    steps: int = 3
    _hidden: int = 7
    units = "pixels"
    __slots__ = ()
    derived = math.sqrt(2.0) + _SECRET


class Scaler(Settings):
    """Multiplies.

    With a second paragraph.
    """

    LIMIT = 9
    _START = 1

    def __init__(self, factor, *rest, start=_START, **options: int) -> None:
        # A comment before the docstring.
        """Keep the factor."""  # and one behind
        self.factor_in_secret = factor

    def apply(
        self,
        x: np.ndarray,  # (n,)
        *,
        function: Callable[[float], float] = math.sqrt,
    ) -> np.ndarray:  # (n,)
        """Apply it."""

        def nested(value):
            """A nested docstring."""
            return value * self.factor_in_secret

        return nested(x)

    @property
    def factor(self) -> float:
        """The factor: 'one', "two"."""
        return self.factor_in_secret

    @factor.setter
    def factor(self, value: float) -> None:
        """Set it."""
        self.factor_in_secret = value

    @staticmethod
    @cache
    def of(n=SIZE): "Make one."; return Scaler(n)

    def undocumented(self):
        return self.factor_in_secret + 1

    def _private(self):
        """A private docstring."""
        return self.factor_in_secret + 2

    def __len__(self):
        'The length.'
        return self.factor_in_secret + 3

    def __repr__(self):
        return "secret repr"

    async def wait(self): """Wait."""

    class Inner:
        """An inner class."""

        value_of_inner = 5


async def stream(items: Batch, key: T = lambda item: item[0]) -> Iterator[T]:
    """Give one after the other."""
    async for secret_item in items:
        yield secret_item


@partial(
    partial
)
def gain(x, loss="mse", reduce: "Any" = None) -> "la.LinAlgError | None":
    r"""Raw \alpha, a 'quote', a "quote", ünïcödé.

        >>> gain(1)
    """
    return _helper(x) ** 2


def _helper(x):
    """A helper's docstring."""
    return x + _SECRET
'''

EVERYTHING_STUB = r'''
r"""What is asked: "quotes", \backslashes\ and all.

    Formulas: à = \frac{1}{2}
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.linalg as la

from functools import (
    cache,  # why
    partial,
)
from typing import Any, TypeVar

CLASSES = 10  # digits
IMAGE: tuple[int, int] = (28, -28)
SIZE = 28 * 28

KINDS = [
    "train",  # first
    "test",
]
_DEFAULT = math.pi
T = TypeVar("T")
Batch = Sequence["np.ndarray"]


@dataclass
class Settings:
    """What a scaler needs."""

    rate: float = _DEFAULT  # per step
    decay: float = 0.5

    steps: int = 3
    units = "pixels"


class Scaler(Settings):
    """Multiplies.

    With a second paragraph.
    """

    LIMIT = 9
    _START = 1

    def __init__(self, factor, *rest, start=_START, **options: int) -> None:
        """Keep the factor."""
        raise NotImplementedError

    def apply(
        self,
        x: np.ndarray,  # (n,)
        *,
        function: Callable[[float], float] = math.sqrt,
    ) -> np.ndarray:  # (n,)
        """Apply it."""
        raise NotImplementedError

    @property
    def factor(self) -> float:
        """The factor: 'one', "two"."""
        raise NotImplementedError

    @factor.setter
    def factor(self, value: float) -> None:
        """Set it."""
        raise NotImplementedError

    @staticmethod
    @cache
    def of(n=SIZE):
        "Make one."
        raise NotImplementedError

    def __len__(self):
        'The length.'
        raise NotImplementedError

    async def wait(self):
        """Wait."""
        raise NotImplementedError


async def stream(items: Batch, key: T = lambda item: item[0]) -> Iterator[T]:
    """Give one after the other."""
    raise NotImplementedError


@partial(
    partial
)
def gain(x, loss="mse", reduce: "Any" = None) -> "la.LinAlgError | None":
    r"""Raw \alpha, a 'quote', a "quote", ünïcödé.

        >>> gain(1)
    """
    raise NotImplementedError
'''

SOURCES = {
    "everything": EVERYTHING.lstrip("\n"),
    "one function": in_module('def f(x):\n    """Doc."""\n    return x + 1'),
    "docstring on the line of the header": in_module('def f(x): """Doc."""; secret = x; return secret'),
    "lambda before the docstring's line": in_module('def f(key=lambda x: x):\n    "Doc."\n    return key'),
    "colon in a slice": in_module(
        'def f(x: "a[1:2]", y=[1, 2][0:1]) -> {1: 2}[1]:\n    "Doc."\n    return y'
    ),
    "parenthesised docstring": in_module('def f():\n    ("One "\n     "two.")\n    return 12'),
    "continued header": in_module('def f(x): \\\n    "Doc."; return x'),
    "nested function with decorator": in_module(
        'class A:\n    """Doc."""\n    def __init__(self, units):\n        @cache[1:2]\n'
        "        def secret_inside(): return units"
    ),
    "empty class": in_module('class Refused(ValueError): "Doc."'),
    "class on one line": in_module('class Refused(ValueError): "Doc."; CODE = 3; _OTHER = 4'),
    "nested control flow": in_module(
        'def f(x):\n    """Doc."""\n\n    while x:\n        if x > 10:\n            return [y for y in x]\n'
        "    else:\n        x = '''\n\n  text'''"
    ),
    "tabs": in_module('def f(x):\n\t"""Doc."""\n\treturn x'),
    "wide characters": in_module('def größe(ä="äöü", b="日本"):  # ß\n    """Döc."""; return "日"'),
    "carriage returns": '"""Doc."""\r\n\r\n\r\ndef f(x):\r\n    """Two\r\n    lines."""\r\n    return x\r\n',
    "semicolons": '"""Doc."""; import math; A = 1; B = 2  # both\ndef f(): "Doc."; return math.pi',
}
SOURCES |= {
    str(path.relative_to(COURSE)): path.read_text(encoding="utf-8")
    for path in sorted(COURSE.glob("solutions/*/*/reference.py"))
}


def functions(tree):
    """All functions in a tree, by their dotted name."""
    found = []

    def visit(node, prefix):
        for child in ast.iter_child_nodes(node):
            name = f"{prefix}{getattr(child, 'name', '')}"
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((name, child))
            visit(child, f"{name}.")

    visit(tree, "")
    return found


@pytest.fixture(params=SOURCES)
def source(request):
    """Each of the sources in turn."""
    return SOURCES[request.param]


def test_everything_is_cut_as_said():
    assert make_stub(EVERYTHING.lstrip("\n"), "reference.py") == EVERYTHING_STUB.lstrip("\n")


def test_a_stub_of_a_stub_is_the_same(source):
    once = make_stub(source, "reference.py")
    assert make_stub(once, "stub.py") == once


def test_every_body_is_a_docstring_and_not_implemented(source):
    for _, function in functions(ast.parse(make_stub(source, "reference.py"))):
        *docstring, last = function.body
        assert ast.unparse(last) == "raise NotImplementedError"
        assert len(docstring) == (ast.get_docstring(function) is not None)


def test_no_statement_of_a_body_survives(source):
    lines = {line.strip() for line in make_stub(source, "reference.py").splitlines()}
    for _, function in functions(ast.parse(source)):
        for statement in function.body[ast.get_docstring(function) is not None :]:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.stmt):
                    assert ast.unparse(inner).splitlines()[0] not in lines
                if isinstance(inner, ast.Name):
                    assert "secret" not in inner.id or inner.id not in "".join(lines)


def test_signatures_decorators_and_docstrings_are_the_references(source):
    def contract(function):
        head = [*function.decorator_list, function.args, function.returns]
        return [ast.dump(node) if node else None for node in head], ast.get_docstring(function, clean=False)

    originals = [(name, contract(function)) for name, function in functions(ast.parse(source))]
    for name, function in functions(ast.parse(make_stub(source, "reference.py"))):
        assert (name, contract(function)) in originals


def test_top_level_definitions_have_two_blank_lines_before_them(source):
    lines = make_stub(source, "reference.py").split("\n")
    assert lines[-1] == "" != lines[-2]
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            before = lines[: first - 1]
            while before[-1].startswith("@"):  # a decorator that starts on an earlier line than its text
                before.pop()
            assert before[-2:] == ["", ""] != before[-3:-1]


def test_the_stub_of_a_reference_can_be_imported(tmp_path, monkeypatch):
    source = EVERYTHING.replace("@partial(\n    partial\n)\n", "")
    (tmp_path / "cut_stub.py").write_text(make_stub(source, "reference.py"), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("cut_stub")
    assert module.Settings(decay=2.0).rate == pytest.approx(3.14159, abs=1e-5)
    assert list(inspect.signature(module.Scaler).parameters) == ["factor", "rest", "start", "options"]
    with pytest.raises(NotImplementedError):
        module.gain(1)


def test_a_from_import_keeps_only_the_names_that_the_stub_needs():
    text = stub('''
        """Doc."""
        from math import pi as PI, tau, sqrt  # constants
        from itertools import chain
        from .near import near
        from typing import (  # all needed
            Any, Literal,
        )

        def f(x: Any = PI, y: "near" = tau) -> Literal["chain"]:
            """Doc."""
            return sqrt(x)
        ''')
    assert text.splitlines()[2:8] == [
        "from math import pi as PI, tau",
        "from itertools import chain",
        "from .near import near",
        "from typing import (  # all needed",
        "    Any, Literal,",
        ")",
    ]


def test_a_long_from_import_is_written_over_several_lines():
    names = [f"a_rather_long_name_{i}" for i in range(6)]
    signature = ", ".join(f"x{i}={name}" for i, name in enumerate(names))
    text = stub(
        f'"""Doc."""\nfrom package import other, {", ".join(names)}\ndef f({signature}):\n    "Doc."\n'
    )
    assert text.splitlines()[2:5] == ["from package import (", f"    {names[0]},", f"    {names[1]},"]


def test_a_constant_that_a_kept_constant_needs_is_kept():
    text = stub('''
        """Doc."""
        import numpy as np
        Array = np.ndarray
        Pair = tuple[Array, Array]
        Other = tuple[Array]
        def f(x: Pair):
            """Doc."""
        ''')
    assert "\nArray = np.ndarray\nPair = tuple[Array, Array]\n\n\ndef" in text
    assert "Other" not in text


def test_an_undocumented_init_is_kept_for_its_arguments():
    text = stub(in_module('class A:\n    """Doc."""\n    def __init__(self, units): self.secret = units'))
    assert text.endswith("    def __init__(self, units):\n        raise NotImplementedError\n")


def test_an_undocumented_init_without_arguments_is_dropped():
    definition = 'class A:\n    """Doc."""\n    def __init__(self): self.n = 0\n    def add(self): "Add."'
    assert "__init__" not in stub(in_module(definition))


REFUSED = {
    "no module docstring": ('def f():\n    "Doc."', "lacks a module docstring"),
    "empty module docstring": ('"""  """\ndef f():\n    "Doc."', "lacks a module docstring"),
    "nothing public": ('"""Doc."""\nA = 1\ndef _f():\n    "Doc."', "no public function or class"),
    "nothing at all": ("", "no public function or class|lacks a module docstring"),
    "function without docstring": ('"""Doc."""\ndef f(): return 1', "line 2: f is public and lacks"),
    "class without docstring": ('"""Doc."""\nclass A: x = 1', "line 2: A is public and lacks"),
    "class of undocumented methods": (in_module('class A:\n "Doc."\n def f(self): pass'), "A has methods"),
    "private base": ('"""Doc."""\nclass _B: pass\nclass A(_B): "Doc."', "needs `_B`"),
    "private decorator": ('"""Doc."""\ndef _d(f): return f\n@_d\ndef g(): "Doc."', "needs `_d`"),
    "undocumented base of a method": (
        in_module('class A:\n "Doc."\n def mark(f): return f\n @mark\n def g(self): "Doc."'),
        "A: a signature, decorator or base needs `mark`",
    ),
    "imported under a condition": ('"""Doc."""\nif 1:\n X = 1\ndef f(x: X): "Doc."', "needs `X`"),
    "not Python": ('"""Doc."""\ndef f(:', "reference.py, line 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_reference_that_makes_no_stub_is_refused(name):
    source, reason = REFUSED[name]
    with pytest.raises(AuthoringError, match=reason):
        make_stub(source, "reference.py")


def test_a_stub_is_untouched_and_an_answer_is_not(tmp_path):
    path = tmp_path / "exercise.py"
    for text, expected in (
        (SOURCES["one function"], False),
        (stub(SOURCES["one function"]), True),
        ("", False),
    ):
        path.write_text(text, encoding="utf-8")
        assert is_untouched(path) is expected
    assert not is_untouched(tmp_path / "missing.py")
