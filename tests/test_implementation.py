"""Loading code: a learner's file, the reference, its known mistakes; and what a contract asks for."""

import inspect
import linecache
import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from keras_kata.errors import AuthoringError, ContractError, ImplementationError
from keras_kata.implementation import (
    MOST_BYTES,
    Contract,
    Implementation,
    Solution,
    load_by_path,
    load_module,
    public_members,
    read_source,
)
from tests.support import implementation, table

SOURCES: list[tuple[str, bytes, str]] = [
    ("plain", b"a = 1\n", "a = 1\n"),
    ("empty", b"", ""),
    ("Windows line ends", b"a = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
    ("a byte order mark", b"\xef\xbb\xbfa = 1\n", "a = 1\n"),
    ("UTF-8", "a = 'ü'\n".encode(), "a = 'ü'\n"),
    ("another encoding that is said", b"# coding: latin-1\na = '\xfc'\n", "# coding: latin-1\na = 'ü'\n"),
]


@pytest.mark.parametrize(("data", "text"), table(SOURCES))
def test_a_files_text_is_read(tmp_path: Path, data: bytes, text: str) -> None:
    file = tmp_path / "answer.py"
    file.write_bytes(data)
    assert read_source(file) == text


def refusal(path: Path) -> str:
    with pytest.raises(ImplementationError) as caught:
        read_source(path)
    return str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    for number, data in enumerate((b"a = '\xfc'\n", "a = 1".encode("utf-16"), b"# coding: nonsense\n")):
        file = tmp_path / f"answer{number}.py"
        file.write_bytes(data)
        assert refusal(file).startswith(f"answer{number}.py is not UTF-8 text")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing.py") == "there is no file missing.py"
    (tmp_path / "folder.py").mkdir()
    assert refusal(tmp_path / "folder.py") == "folder.py is no file"
    (tmp_path / "circle.py").symlink_to(tmp_path / "circle.py")
    assert "circle.py" in refusal(tmp_path / "circle.py")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert refusal(tmp_path / "pipe.py") == "pipe.py is no file"


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "answer.py"
    file.write_bytes(b"#" * MOST_BYTES)
    assert len(read_source(file)) == MOST_BYTES
    file.write_bytes(b"#" * (MOST_BYTES + 1))
    assert refusal(file) == "answer.py is larger than 2 MB"


LOADING = """
import sys
assert __name__ == "answer" and sys.modules["answer"].__dict__ is globals()
from dataclasses import dataclass

@dataclass
class Point:
    x: "int"
"""


def test_a_module_is_known_only_while_it_loads() -> None:
    module = load_module(compile(LOADING, "answer.py", "exec"), "answer")
    assert module.Point(1).x == 1
    assert "answer" not in sys.modules


def test_a_module_of_the_same_name_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "answer", sys)
    load_module(compile(LOADING, "answer.py", "exec"), "answer")
    assert sys.modules["answer"] is sys
    with pytest.raises(ZeroDivisionError):
        load_module(compile("1 / 0", "answer.py", "exec"), "answer")
    assert sys.modules["answer"] is sys


def test_tracebacks_find_the_source_that_was_run(tmp_path: Path) -> None:
    file = tmp_path / "answer.py"
    file.write_text("changed = 'since'\n")
    load_module(compile("a = 1\n", str(file), "exec"), "answer", "a = 1\n")
    assert linecache.getline(str(file), 1) == "a = 1\n"


def test_public_members_are_what_a_module_defines_itself() -> None:
    source = """\
    from dataclasses import dataclass
    from math import sqrt
    LIMIT = 3
    def function(): pass
    def _private(): pass
    class Class: pass
    alias = function
    sqrt_too = sqrt
    """
    module = load_module(compile(textwrap.dedent(source), "answer.py", "exec"), "answer")
    assert list(public_members(module)) == ["function", "Class", "alias"]


def test_members_are_attributes() -> None:
    code = implementation("LIMIT = 3\ndef answer(): return 1\n_hidden = 2")
    assert code.answer() == 1
    assert code.LIMIT == 3
    assert code._hidden == 2


def missing(source: str, name: str) -> str:
    with pytest.raises(ContractError) as caught:
        getattr(implementation(source), name)
    return str(caught.value)


def test_a_missing_member_is_told_with_the_nearest_name() -> None:
    assert "has no `answer`. It has `anwser`: is the name misspelt?" in missing(
        "def anwser(): pass", "answer"
    )
    assert "has no `answer`. Was it renamed or deleted?" in missing("def solve(): pass", "answer")
    assert "Was it renamed" in missing("", "answer")


def test_special_attributes_are_not_members() -> None:
    with pytest.raises(AttributeError, match="__array__"):
        implementation("").__array__  # noqa: B018 - asking is the test


def contract(source: str) -> Contract:
    code = compile(textwrap.dedent(source), "reference.py", "exec")
    return Contract.of(public_members(load_module(code, "reference")))


FUNCTIONS: list[tuple[str, str, str, str | None]] = [
    ("the same", "(x, y=1)", "(x, y=1)", None),
    ("other positional names", "(x, y)", "(a, b)", None),
    ("another default", "(x, y=1)", "(x, y=2)", None),
    ("a further option", "(x)", "(x, verbose=False)", None),
    ("whatever is given", "(x, y=1)", "(*args, **kwargs)", None),
    ("options as keywords", "(x, y=1)", "(x, **options)", "(x, **options)"),
    ("annotations", "(x: int) -> int", "(x)", None),
    ("one too few", "(x, y)", "(x)", "(x)"),
    ("one too many", "(x)", "(x, y)", "(x, y)"),
    ("no option", "(x, y=1)", "(x)", "(x)"),
    ("an option by another name", "(x, y=1)", "(x, z=1)", "(x, z=1)"),
    ("no default", "(x, y=1)", "(x, y)", "(x, y)"),
    ("an option by keyword only", "(x, y=1)", "(x, *, y=1)", "(x, y=1)"),
    ("keyword only, with a default", "(x, *, y=1)", "(x, *, y=2)", None),
    ("keyword only, made positional too", "(x, *, y=1)", "(x, y=2)", None),
    ("keyword only, missing", "(x, *, y=1)", "(x)", "(x)"),
    ("keyword only, without a default", "(x, *, y)", "(x, *, y)", None),
    ("keyword only, by another name", "(x, *, y)", "(x, *, z)", "(x, z)"),
    ("positional only", "(x, /)", "(x)", None),
    ("positional only with a default", "(x, y=1, /)", "(x, y=1, /)", None),
    ("any number", "(*xs)", "(*xs)", None),
    ("nothing", "()", "()", None),
    ("something for nothing", "()", "(x)", "(x)"),
]


@pytest.mark.parametrize(("wanted", "given", "told"), table(FUNCTIONS))
def test_a_function_must_take_what_the_probes_pass(wanted: str, given: str, told: str | None) -> None:
    asked = contract(f"def answer{wanted}: pass")
    member = implementation(f"def answer{given}: pass").answer
    if told is None:
        asked.check("answer", member)
        return
    with pytest.raises(ContractError) as caught:
        asked.check("answer", member)
    assert str(caught.value).startswith("`answer` must take (")
    assert str(caught.value).endswith(f", and takes {told}")


@pytest.mark.parametrize(
    "source",
    [
        "from functools import partial\nanswer = partial(lambda a, b: a, 1)",
        "answer = lambda x: x",
        "class Answer:\n    def __call__(self, x): return x\nanswer = Answer()",
        "from functools import lru_cache\n@lru_cache\ndef answer(x): return x",
        "from operator import neg as answer",
        "answer = int",
        "answer = max",
        "class answer:\n    def __init__(self, x): pass",
        "class Odd:\n    __signature__ = 3\n    def __call__(self, x): pass\nanswer = Odd()",
    ],
)
def test_anything_that_can_be_called_so_is_a_function(source: str) -> None:
    contract("def answer(x): pass").check("answer", implementation(source).answer)


@pytest.mark.parametrize("source", ["answer = 3", "answer = None", "answer = [1]", "import math as answer"])
def test_what_cannot_be_called_is_no_function(source: str) -> None:
    with pytest.raises(ContractError, match="`answer` must be a function, and is of type"):
        contract("def answer(x): pass").check("answer", implementation(source).answer)


CLASSES: list[tuple[str, str, str | None]] = [
    ("the same", "class Answer:\n    def __init__(self, units, rate=0.5): pass", None),
    ("other names", "class Answer:\n    def __init__(this, n, rate=1): pass", None),
    ("inherited", "class Base:\n    def __init__(self, units, rate=1): pass\nclass Answer(Base): pass", None),
    (
        "a dataclass",
        "import dataclasses\n@dataclasses.dataclass\nclass Answer:\n    u: int\n    rate: int = 1",
        None,
    ),
    ("nothing", "class Answer:\n    def __init__(self): pass", "and takes ()"),
    ("one only", "class Answer:\n    def __init__(self, units): pass", "and takes (units)"),
    ("a function", "def Answer(units, rate=0.5): pass", "must be a class, and is a function"),
    ("an instance", "Answer = 3", "must be a class, and is of type int"),
]


@pytest.mark.parametrize(("source", "problem"), table(CLASSES))
def test_a_class_must_take_what_the_probes_pass(source: str, problem: str | None) -> None:
    asked = contract("class Answer:\n    def __init__(self, units, rate=0.5): pass")
    member = implementation(source).Answer
    if problem is None:
        asked.check("Answer", member)
        return
    with pytest.raises(ContractError) as caught:
        asked.check("Answer", member)
    assert problem in str(caught.value)


def test_long_defaults_are_cut() -> None:
    with pytest.raises(ContractError) as caught:
        contract(f"def answer(x={'a' * 100!r}): pass").check(
            "answer", implementation("def answer(): pass").answer
        )
    assert len(str(caught.value)) < 120


def test_members_are_checked_when_a_probe_takes_them() -> None:
    source = "def answer(): pass\ndef other(a, b): pass\nextra = 3"
    module = load_module(compile(source, "answer.py", "exec"), "answer")
    code = Implementation(module, "answer.py", contract("def answer(): pass\ndef other(): pass"))
    assert callable(code.answer)
    assert code.extra == 3
    with pytest.raises(ContractError):
        code.other  # noqa: B018 - asking is the test


REFERENCE = '''
"""Text."""
import numpy as np

FACTOR = 2


def _factor():
    return FACTOR


def scaled(x):
    """Scaled."""
    return _factor() * x


def shifted(x):
    """Scaled and shifted."""
    return scaled(x) + 1
'''
MISTAKES = '''
from keras_kata import instead_of
from .reference import scaled as right

def helper(x):
    return -right(x)

@instead_of("scaled")
def negative(x):
    """You   return
    the negative."""
    return helper(x)

@instead_of("_factor")
def factor_of_three():
    """You multiply by three."""
    return 3
'''


def solution(root: Path, **files: str) -> Solution:
    """A solution's folder; every file can be replaced."""
    texts = {"reference": REFERENCE, "misconceptions": MISTAKES, "alternatives": MISTAKES} | files
    for name, text in texts.items():
        root.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.py").write_text(text, encoding="utf-8")
    return Solution(root, "module1/answer")


def test_every_reference_is_loaded_anew(tmp_path: Path) -> None:
    source = solution(
        tmp_path, reference="seen = []\ndef answer(x):\n    seen.append(x)\n    return len(seen)"
    )
    one, other = source.reference(), source.reference()
    assert (one.answer(0), one.answer(0), other.answer(0)) == (1, 2, 1)


def test_the_contract_is_what_the_reference_defines(tmp_path: Path) -> None:
    asked = solution(tmp_path).contract()
    assert list(asked.signatures) == ["scaled", "shifted"]
    assert asked.is_class == {"scaled": False, "shifted": False}


def test_a_stand_in_replaces_its_member_for_the_others_too(tmp_path: Path) -> None:
    source = solution(tmp_path)
    mistakes = source.misconceptions()
    assert list(mistakes) == ["negative", "factor_of_three"]
    assert mistakes["negative"].text == "You return the negative."
    assert mistakes["negative"].member == "scaled"
    assert source.with_stand_in(mistakes["negative"]).shifted(1) == -1
    assert source.with_stand_in(mistakes["factor_of_three"]).shifted(1) == 4
    assert source.reference().shifted(1) == 3
    assert mistakes["negative"].definition.__name__ == "scaled"


def test_members_reach_what_they_mention(tmp_path: Path) -> None:
    source = solution(tmp_path)
    assert {"_factor", "FACTOR", "scaled"} <= source.reached(["scaled"])
    assert "shifted" not in source.reached(["scaled"])
    assert {"_factor", "scaled", "shifted"} <= source.reached(["shifted"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "from keras_kata import instead_of\n@instead_of('gone')\ndef f(x):\n    'Text.'",
            "which the reference lacks",
        ),
        ("from keras_kata import instead_of\n@instead_of('scaled')\ndef f(x): pass", "f lacks a docstring"),
        (
            "from keras_kata import instead_of\n@instead_of('scaled')\ndef f(x):\n    ' '",
            "f lacks a docstring",
        ),
        (
            "from keras_kata import instead_of as i\nclass B:\n    'Text.'\n@i('scaled')\nclass f(B): pass",
            "f lacks a docstring",
        ),
        ("def f(:", "misconceptions.py"),
        ("1 / 0", "misconceptions.py"),
        ("import a_module_that_is_not_there", "misconceptions.py"),
    ],
    ids=["no such member", "no docstring", "blank", "inherited", "syntax", "error", "import"],
)
def test_a_wrong_declaration_is_the_authors_error(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(AuthoringError, match=problem):
        solution(tmp_path, misconceptions=text).misconceptions()


@pytest.mark.parametrize("text", ["def f(:", "1 / 0", "\0"], ids=["syntax", "error", "null byte"])
def test_a_broken_reference_is_the_authors_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuthoringError, match=r"reference\.py"):
        solution(tmp_path, reference=text).reference()


def test_a_missing_file_is_the_authors_error(tmp_path: Path) -> None:
    source = solution(tmp_path)
    (tmp_path / "alternatives.py").unlink()
    with pytest.raises(AuthoringError, match=r"there is no file alternatives\.py"):
        source.alternatives()
    with pytest.raises(AuthoringError, match="module1/answer"):
        Solution(tmp_path / "nowhere", "module1/answer")


def test_solutions_leave_no_module_behind(tmp_path: Path) -> None:
    source = solution(tmp_path)
    source.with_stand_in(next(iter(source.misconceptions().values())))
    assert [name for name in sys.modules if name.startswith("solutions")] == []


def test_what_is_registered_stays_with_its_implementation(tmp_path: Path) -> None:
    solution(tmp_path)
    count = iter(range(10))
    source = Solution(tmp_path, "module1/answer", lambda: next(count))
    assert [source.reference().registered for _ in range(3)] == [0, 1, 2]


def test_a_file_of_the_course_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "grader.py"
    file.write_text("value = 3")
    monkeypatch.setitem(sys.modules, "course_file_of_a_test", sys)
    assert load_by_path(file, "course_file_of_a_test").value == 3
    assert sys.modules["course_file_of_a_test"].value == 3
    file.write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        load_by_path(file, "course_file_of_a_test")
    assert "course_file_of_a_test" not in sys.modules
    with pytest.raises(AuthoringError, match="is missing"):
        load_by_path(tmp_path / "gone.py", "course_file_of_a_test")
    monkeypatch.setitem(sys.modules, "course_file_of_a_test", sys)


def test_a_signature_is_that_of_the_call() -> None:
    class Layer:
        def __new__(cls, *_: Any, **__: Any) -> Any:
            return super().__new__(cls)

        def __init__(self, units: int) -> None:
            pass

    assert list(Contract.of({"Layer": Layer}).signatures["Layer"].parameters) == ["units"]
    assert isinstance(Contract.of({"f": len}).signatures["f"], inspect.Signature)
