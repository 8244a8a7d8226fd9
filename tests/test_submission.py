"""Loading a file that is not trusted: whatever is wrong with it becomes an outcome."""

import random
import sys
import textwrap
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keras_kata.runtime import NoFramework
from keras_kata.submission import Loader, Submission
from keras_kata.verdicts import Forbidden, NotAttempted, Outcome, Unusable
from tests.support import loader, table

REFERENCE = "def answer(x): pass\n"


def load(source: str, forbidden: dict[str, str] | None = None) -> Submission:
    return loader(REFERENCE, forbidden).load_source(textwrap.dedent(source), "answer.py")


def problem(source: str, **options: Any) -> Outcome:
    submission = load(source, **options)
    assert submission.implementation is None
    assert submission.problem is not None
    return submission.problem


def unusable(source: str) -> Unusable:
    outcome = problem(source)
    assert isinstance(outcome, Unusable), outcome
    return outcome


def test_a_file_becomes_an_implementation(tmp_path: Path) -> None:
    file = tmp_path / "answer.py"
    file.write_text("def answer(x): return x + 1")
    submission = loader(REFERENCE).load(file)
    assert submission.problem is None
    assert submission.implementation is not None
    assert submission.implementation.answer(1) == 2
    assert submission.implementation.filename == str(file)


def test_the_file_runs_under_the_exercises_name() -> None:
    submission = load("name = __name__\ndef answer(x): return name\nif __name__ == '__main__': 1 / 0")
    assert submission.implementation is not None
    assert submission.implementation.answer(1) == "answer"


def test_an_implementation_is_held_to_the_contract() -> None:
    submission = load("def answer(): pass")
    assert submission.implementation is not None
    with pytest.raises(Exception, match=r"`answer` must take \(x\), and takes \(\)"):
        submission.implementation.answer  # noqa: B018 - asking is the test


SYNTAX: list[tuple[str, str, str, tuple[int, str, str]]] = [
    (
        "syntax",
        "a = 1\ndef answer(x:\n    pass",
        "syntax error: '(' was never closed",
        (2, "", "def answer(x:"),
    ),
    ("indentation", "def answer(x):\nreturn 1", "wrong indentation: expected", (2, "", "return 1")),
    (
        "tabs",
        "if True:\n        a = 1\n\tb = 2",
        "tabs and spaces are mixed",
        (3, "", "b = 2"),
    ),
    ("outside a function", "return 1", "syntax error: 'return' outside function", (1, "", "return 1")),
    (
        "a notebook's magic",
        "%matplotlib inline",
        "syntax error: invalid syntax",
        (1, "", "%matplotlib inline"),
    ),
]


@pytest.mark.parametrize(("source", "text", "frame"), table(SYNTAX))
def test_a_syntax_error_is_told_with_its_line(source: str, text: str, frame: tuple[int, str, str]) -> None:
    outcome = problem(source)
    assert isinstance(outcome, Unusable)
    assert outcome.problem.startswith(text)
    assert outcome.frames == (frame,)


@pytest.mark.parametrize(
    "source",
    ["a = '\0'", "(" * 10_000, "-" * 100_000 + "1", "x = " + "[" * 300 + "]" * 300, "a = " + "1" * 5000],
    ids=["null byte", "brackets", "signs", "nested lists", "a long number"],
)
def test_what_python_cannot_read_is_unusable(source: str) -> None:
    assert isinstance(problem(source), Unusable)


@pytest.mark.parametrize("data", [b"a = '\xfc'", b"\xff\xfe"], ids=["latin-1", "utf-16"])
def test_what_is_no_text_is_unusable(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "answer.py"
    file.write_bytes(data)
    outcome = loader(REFERENCE).load(file).problem
    assert isinstance(outcome, Unusable)
    assert "is not UTF-8 text" in outcome.problem


def test_what_is_no_file_is_unusable(tmp_path: Path) -> None:
    assert loader(REFERENCE).load(tmp_path / "gone.py").problem == Unusable("there is no file gone.py")
    assert isinstance(loader(REFERENCE).load(tmp_path).problem, Unusable)


RUNNING: list[tuple[str, str, str, int]] = [
    (
        "an error",
        "import math\nmath.sqrt(-1)",
        "raises an error when it is run: ValueError: math domain error",
        2,
    ),
    ("a name", "def answer(x): pass\nanswr(1)", "NameError: name 'answr' is not defined", 2),
    ("a missing package", "import tensorflo", "imports `tensorflo`, which is not installed", 1),
    ("a missing part", "import json.nothing", "imports `json.nothing`, which is not installed", 1),
    ("a missing name", "from json import nothing", "ImportError: cannot import name 'nothing'", 1),
    ("a relative import", "from . import helper", "ImportError: attempted relative import", 1),
    ("sys.exit", "import sys\nsys.exit()", "ends the program when it is run", 2),
    ("quit", "quit()", "ends the program when it is run", 1),
    ("a hostile error", "class E(Exception):\n    __str__ = lambda s: 1 / 0\nraise E", "E: (its message", 3),
    ("a hostile base error", "class E(BaseException):\n    __str__ = exit\nraise E", "E: (its message", 3),
    ("a package that lies", "raise ModuleNotFoundError('keras')", "ModuleNotFoundError: keras", 1),
    (
        "a hostile missing package",
        "class E(ModuleNotFoundError):\n    name = property(lambda s: 1 / 0)\nraise E('x')",
        "E: x",
        3,
    ),
    (
        "the engine's own error",
        "from keras_kata.errors import ContractError\nraise ContractError(1)",
        "Contract",
        2,
    ),
    (
        "the engine's base error",
        "from keras_kata.errors import ForbiddenUse\nraise ForbiddenUse(1)",
        "Forbidden",
        2,
    ),
    ("a stop", "raise StopIteration", "StopIteration", 1),
    (
        "a framework's missing part",
        "def f(): pass\nx = NotImplementedError()\nraise x",
        "NotImplementedError",
        3,
    ),
]


@pytest.mark.parametrize(("source", "text", "line"), table(RUNNING))
def test_an_error_while_the_file_runs_is_told_with_its_line(source: str, text: str, line: int) -> None:
    outcome = problem(source)
    assert isinstance(outcome, Unusable)
    assert text in outcome.problem
    assert [frame[0] for frame in outcome.frames] == [line]


def test_an_interrupt_from_the_keyboard_comes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        load("raise KeyboardInterrupt")


def test_a_stub_that_is_called_on_loading_is_not_attempted() -> None:
    source = "def answer(x):\n    raise NotImplementedError\nprint(answer(1))"
    assert problem(source) == NotAttempted()


def test_a_library_that_lacks_something_is_no_stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library_of_a_test.py").write_text("def f():\n    raise NotImplementedError('no GPU')\n")
    monkeypatch.syspath_prepend(tmp_path)
    outcome = unusable("import library_of_a_test\nlibrary_of_a_test.f()")
    assert "NotImplementedError: no GPU" in outcome.problem
    assert [frame[0] for frame in outcome.frames] == [2]


def test_an_endless_loop_ends() -> None:
    hasty = replace(loader(REFERENCE), limit=0.05)
    outcome = hasty.load_source("a = 1\nwhile True:\n    a += 1", "answer.py").problem
    assert isinstance(outcome, Unusable)
    assert "Is there a loop outside the functions?" in outcome.problem
    assert outcome.frames[0][0] in (2, 3)


FORBIDDEN = {"json.loads": "Parse it yourself."}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import json\ndef answer(x): return json.loads(x)", 2),
        ("from json import loads as read\ndef answer(x):\n    return read(x)", 3),
        ("from json import loads as answer", 1),
        ("import json\ngetattr(json, 'lo' + 'ads')('1')", 2),
        ("import json\ntry:\n    getattr(json, 'lo' + 'ads')('1')\nexcept BaseException:\n    pass", 3),
        ("import json\ntry:\n    getattr(json, 'lo' + 'ads')('1')\nfinally:\n    raise SystemExit", 3),
    ],
    ids=["in the text", "under another name", "as the answer", "on loading", "swallowed", "replaced"],
)
def test_what_is_forbidden_is_told_with_its_line(source: str, line: int) -> None:
    outcome = problem(source, forbidden=FORBIDDEN)
    assert outcome == Forbidden((("json.loads", line, "Parse it yourself."),))


def test_nothing_global_is_left_behind() -> None:
    source = """\
    import random, warnings
    import numpy as np
    random.seed(7)
    np.random.seed(7)
    np.seterr(all="raise")
    warnings.simplefilter("error")
    """
    states = random.getstate(), repr(np.random.get_state()), np.geterr(), list(warnings.filters)
    assert load(source).problem is None
    assert (random.getstate(), repr(np.random.get_state()), np.geterr(), list(warnings.filters)) == states
    assert "answer" not in sys.modules


def test_random_numbers_are_the_same_on_every_load() -> None:
    source = "import random\nimport numpy as np\nweights = [random.random(), *np.random.rand(2)]"
    drawn = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)
        submission = load(source)
        assert submission.implementation is not None
        drawn.append(submission.implementation.weights)
    assert drawn[0] == drawn[1]


def test_warnings_are_no_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load("import warnings\nwarnings.warn('old')\na = '\\d'").problem is None


def test_what_functions_import_is_there_before_they_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_library_of_a_test.py").write_text("value = 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    load("def answer(x):\n    import slow_library_of_a_test\n    import not_there_at_all")
    assert sys.modules["slow_library_of_a_test"].value == 3
    monkeypatch.delitem(sys.modules, "slow_library_of_a_test")


def test_what_loading_registers_stays_with_the_implementation() -> None:
    class Framework(NoFramework):
        def registrations(self) -> Any:
            return "registered"

    plain = loader(REFERENCE)
    submission = Loader("answer", plain.contract, {}, Framework()).load_source("a = 1", "answer.py")
    assert submission.implementation is not None
    assert submission.implementation.registered == "registered"
