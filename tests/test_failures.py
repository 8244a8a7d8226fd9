"""Reading an exception: its own lines, and whose it is. What hostile ones do is tested with the worker."""

import bdb
import pdb

import pytest

from keras_kata.failures import Failure, error_text, read_failure
from tests.support import implementation


def failure(source: str, name: str = "answer.py") -> Failure:
    code = implementation(source, name)
    try:
        code.answer()
    except BaseException as error:
        return read_failure(error, "answer.py")
    raise AssertionError("nothing was raised")


def test_type_message_and_own_lines_are_told() -> None:
    assert failure("def answer():\n    return 1 / 0") == Failure(
        "ZeroDivisionError: division by zero", ((2, "answer", "return 1 / 0"),)
    )


def test_lines_of_other_files_are_left_out() -> None:
    assert failure("def answer():\n    return 1 / 0", "other.py").frames == ()


def test_the_last_eight_lines_are_enough() -> None:
    source = "def answer(n=20):\n    return answer(n - 1) if n else 1 / 0"
    assert len(failure(source).frames) == 8


def test_the_stubs_own_line_is_known() -> None:
    assert failure("def answer():\n    raise NotImplementedError").is_stub
    assert not failure("def answer():\n    raise NotImplementedError", "other.py").is_stub


def test_who_ends_a_debugger_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(self: pdb.Pdb, *_: object) -> None:
        raise bdb.BdbQuit

    monkeypatch.setattr(pdb.Pdb, "interaction", end)
    assert failure(
        "import pdb\ndef answer():\n    pdb.Pdb(readrc=False).set_trace()\n    return 1"
    ).in_debugger
    assert not failure("def answer(): 1 / 0").in_debugger


def test_an_empty_message_leaves_the_type() -> None:
    assert error_text(ValueError()) == "ValueError"
    assert error_text(ValueError("  text ")) == "ValueError: text"
    assert error_text(ValueError("text"), named=False) == "text"
    assert error_text(ValueError("x" * 1000)) == f"ValueError: {'x' * 600} ..."
