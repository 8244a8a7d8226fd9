"""One probe, one case, one reply, whatever the code under observation does."""

import bdb
import copy
import pdb
import random
import sys
import textwrap
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from keras_kata.authoring import REJECTED, Case
from keras_kata.errors import TimeLimit
from keras_kata.runtime import NoFramework
from keras_kata.verdicts import Forbidden, NotAttempted, Raised, TimedOut, Unusable
from keras_kata.worker import Answer, Reply, Worker, visible
from tests.support import a_probe, implementation, loader, table

LIMIT = 30.0


def observed(
    source: str, case: Case | None = None, limit: float = LIMIT, worker: Worker | None = None, **options: Any
) -> Reply:
    """The reply of `answer(**case)`."""
    probe = a_probe(lambda impl, case: impl.answer(**case))
    worker = worker or Worker(NoFramework(), {}, **options)
    return worker.observe(implementation(source), probe, case or {}, limit)


def value(reply: Reply) -> Any:
    assert isinstance(reply, Answer), reply
    return reply.value


def raised(reply: Reply) -> Raised:
    assert isinstance(reply, Raised), reply
    return reply


def test_an_answer_is_plain_data() -> None:
    reply = observed("def answer(): return (1, [2.5, None])")
    assert value(reply) == [1, [2.5, None]]
    assert reply.changed == ()  # type: ignore[union-attr]
    assert 0 < reply.seconds < LIMIT  # type: ignore[union-attr]


def test_an_answer_is_a_snapshot() -> None:
    source = "import numpy as np\nkept = np.zeros(2)\ndef answer():\n    kept[:] += 1\n    return kept"
    code = implementation(source)
    probe = a_probe(lambda impl, _: impl.answer())
    worker = Worker(NoFramework(), {})
    first = worker.observe(code, probe, {}, LIMIT)
    second = worker.observe(code, probe, {}, LIMIT)
    assert value(first).tolist() == [1, 1]
    assert value(second).tolist() == [2, 2]


def test_a_rejection_is_observed() -> None:
    assert value(observed("from keras_kata import REJECTED\ndef answer(): return REJECTED")) is REJECTED


CASES: list[tuple[str, str, Any, bool]] = [
    ("an array's value", "x[0] = 9", np.zeros(2), True),
    ("an array, multiplied", "x *= 2", np.ones(2), True),
    ("an array by 1", "x *= 1", np.ones(2), False),
    ("a sign of zero", "x *= -1", np.zeros(2), True),
    ("an array's shape", "x.shape = (1, 2)", np.zeros(2), True),
    ("an array's dtype", "x.dtype = 'int64'", np.zeros(2), True),
    ("an array, sorted as it was", "x.sort()", np.array([1, 2]), False),
    ("NaN, left alone", "x[0] = x[0]", np.array([np.nan]), False),
    ("a list's item", "x[0] = 9", [1, 2], True),
    ("a list's length", "x.append(9)", [1, 2], True),
    ("a list's item of equal value", "x[0] = 1.0", [1, 2], True),
    ("a list, and back", "x.append(9); x.pop()", [1, 2], False),
    ("a float NaN", "x[0] = x[0]", [float("nan")], False),
    ("a float NaN, replaced", "x[0] = 1.0", [float("nan")], True),
    ("a float, replaced by NaN", "x[0] = float('nan')", [1.0], True),
    ("a dict's value", "x['a'] = 9", {"a": 1}, True),
    ("a dict's key", "x['b'] = 9", {"a": 1}, True),
    ("a dict's key, removed", "x.pop('a')", {"a": 1}, True),
    ("a dict's order", "x['a'] = x.pop('a')", {"a": 1, "b": 2}, False),
    ("a value deep inside", "x['a'][0]['b'] += 1", {"a": [{"b": 1}]}, True),
    ("an array deep inside", "x['a'][0][:] = 7", {"a": [np.zeros(2)]}, True),
    ("the name alone", "x = 9", [1, 2], False),
    ("a copy", "y = x.copy(); y[0] = 9", np.zeros(2), False),
]


@pytest.mark.parametrize(("line", "given", "changed"), [row[1:] for row in CASES], ids=[r[0] for r in CASES])
def test_changes_in_place_are_noticed(line: str, given: Any, changed: bool) -> None:
    case = {"x": given, "other": [1]}
    before = copy.deepcopy(case)
    reply = observed(f"def answer(x, other):\n    {line}\n    return 1", case)
    assert isinstance(reply, Answer), reply
    assert reply.changed == (("x",) if changed else ())
    assert repr(case) == repr(before)


def test_changes_of_the_case_itself_are_noticed() -> None:
    def meddle(impl: Any, case: Case) -> int:
        case["new"] = 1
        del case["y"]
        return 1

    reply = Worker(NoFramework(), {}).observe(
        implementation(""), a_probe(meddle), {"x": 1, "y": 2, "_z": 3}, LIMIT
    )
    assert isinstance(reply, Answer)
    assert reply.changed == ("y", "new")


EVIL = """
    class Evil:
        def __eq__(self, other): raise RuntimeError("compared")
        def __hash__(self): return hash("a")
        def __len__(self): raise RuntimeError("measured")
        __bool__ = __float__ = __array__ = __len__

    class EvilText(str):
        __hash__ = str.__hash__
        def __eq__(self, other): raise RuntimeError("compared")

    def answer(x):
        {line}
        return 1
"""


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("x[0] = Evil()", [1]),
        ("x[0] = EvilText('a')", ["a"]),
        ("x['a'] = Evil()", {"a": 1}),
        ("del x['a']; x[Evil()] = 1", {"a": 1}),
        ("del x['a']; x[EvilText('b')] = 1", {"a": 1}),
    ],
)
def test_what_is_put_into_the_case_is_asked_nothing(line: str, given: Any) -> None:
    reply = observed(textwrap.dedent(EVIL).format(line=line), {"x": given})
    assert isinstance(reply, Answer), reply
    assert reply.changed == ("x",)


def test_withheld_keys_are_not_handed_out() -> None:
    full = np.arange(6.0)
    case = {"x": full[:3], "_labels": full[3:], "_more": 1}

    def look(impl: Any, case: Case) -> Any:
        assert case["x"].base is None  # nothing to reach the labels through
        return sorted(case)

    assert value(Worker(NoFramework(), {}).observe(implementation(""), a_probe(look), case, LIMIT)) == ["x"]


def test_the_visible_case_is_a_copy_of_its_own() -> None:
    shared = [np.zeros(2)]
    case = {"x": shared, "y": shared, "_z": 1}
    seen = visible(case)
    seen["x"][0][:] = 9
    assert seen["y"][0].tolist() == [0, 0]
    assert shared[0].tolist() == [0, 0]
    assert "_z" not in seen


def test_an_exception_is_told_by_the_codes_own_lines() -> None:
    source = """\
    import json

    def helper(text):
        return json.loads(text)

    def answer():
        return helper("{")
    """
    reply = raised(observed(textwrap.dedent(source)))
    assert reply.error.startswith("JSONDecodeError: Expecting property name")
    assert reply.frames == ((7, "answer", 'return helper("{")'), (4, "helper", "return json.loads(text)"))
    assert reply.note == ""


def test_endless_recursion_is_told_by_its_last_lines() -> None:
    reply = raised(observed("def answer():\n    return answer()"))
    assert reply.error.startswith("RecursionError")
    assert reply.frames == ((2, "answer", "return answer()"),) * 8


def test_a_result_that_the_probe_cannot_use_is_the_codes_fault() -> None:
    probe = a_probe(lambda impl, _: impl.answer().shape)
    reply = raised(
        Worker(NoFramework(), {}).observe(implementation("def answer(): return 1"), probe, {}, LIMIT)
    )
    assert reply.error == "AttributeError: 'int' object has no attribute 'shape'"
    assert reply.frames == ()
    assert "what it returned can't be used" in reply.note


def test_a_result_that_is_no_plain_data_is_the_codes_fault() -> None:
    reply = raised(observed("def answer(): return {1, 2}"))
    assert reply.error.startswith("What your code returns can't be compared: the result is a set")


@pytest.mark.parametrize(
    "line",
    [
        "import sys; sys.exit(0)",
        "exit()",
        "quit(1)",
        "raise SystemExit",
        "raise type('E', (SystemExit,), {})",
    ],
)
def test_ending_the_program_is_an_error(line: str) -> None:
    reply = raised(observed(f"def answer():\n    {line}"))
    assert "ends the program" in reply.note
    assert reply.error.startswith(("SystemExit", "E"))
    assert "ends the program" not in raised(observed("def answer(): raise BaseException")).note


def test_an_interrupt_from_the_keyboard_comes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        observed("def answer(): raise KeyboardInterrupt")


def test_whoever_ends_the_debugger_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(self: pdb.Pdb, *_: object) -> None:
        raise bdb.BdbQuit

    monkeypatch.setattr(pdb.Pdb, "interaction", end)
    with pytest.raises(KeyboardInterrupt):
        observed("import pdb\ndef answer():\n    pdb.Pdb(readrc=False).set_trace()\n    return 1")


def test_the_case_is_shown_as_it_was_given() -> None:
    def fail(impl: Any, case: Case) -> None:
        case["x"][:] = 0
        raise ValueError

    case = {"x": np.ones(2), "_y": 1}
    reply = raised(Worker(NoFramework(), {}).observe(implementation(""), a_probe(fail), case, LIMIT))
    assert list(reply.case) == ["x"]
    assert reply.case["x"].tolist() == [1, 1]


HOSTILE: list[tuple[str, str, str]] = [
    ("str that raises", "def __str__(self): raise ValueError", "Error: (its message can't be shown)"),
    ("str that exits", "def __str__(self): raise SystemExit", "Error: (its message can't be shown)"),
    ("str that is no text", "def __str__(self): return 3", "Error: (its message can't be shown)"),
    (
        "str that is a liar",
        "def __str__(self): return Liar('ab')",
        "Error: ab",
    ),
    ("repr that raises", "def __repr__(self): raise ValueError", "Error: 1"),
    ("equality that raises", "def __eq__(self, other): raise ValueError", "Error: 1"),
    (
        "a traceback of its own",
        "__traceback__ = property(lambda self: 1 / 0, lambda self, trace: None)",
        "Error: 1",
    ),
    ("a class of its own", "__class__ = property(lambda self: 1 / 0)", "Error: 1"),
    ("a class that lies", "__class__ = SystemExit", "Error: 1"),
    ("arguments of its own", "args = property(lambda self: 1 / 0)", "Error: 1"),
    ("attributes that raise", "def __getattribute__(self, name): raise ValueError", "Error: 1"),
    ("notes that raise", "__notes__ = property(lambda self: 1 / 0)", "Error: 1"),
    ("a cause that raises", "__cause__ = __context__ = property(lambda self: 1 / 0)", "Error: 1"),
    ("a very long message", "def __str__(self): return 'x' * 10**6", f"Error: {'x' * 600} ..."),
]


@pytest.mark.parametrize("base", ["Exception", "BaseException", "SystemExit", "NotImplementedError"])
@pytest.mark.parametrize(("line", "text"), table(HOSTILE))
def test_hostile_exceptions_are_told_all_the_same(base: str, line: str, text: str) -> None:
    source = f"""\
    class Liar(str):
        strip = __getitem__ = __len__ = __add__ = __format__ = lambda *_: 1 / 0

    class Error({base}):
        {line}

    def answer():
        raise Error(1)
    """
    reply = raised(observed(textwrap.dedent(source)))
    assert reply.error == text
    assert [frame[0] for frame in reply.frames] == [8]
    assert type(reply.error) is str


def test_an_exception_that_cannot_be_passed_on_is_an_error_too() -> None:
    source = (
        "class Error(Exception):\n    __traceback__ = property(lambda self: 1 / 0)\ndef answer(): raise Error"
    )
    assert "__traceback__" in raised(observed(source)).error


@pytest.mark.parametrize(
    "error", ["ContractError", "UnusableValue", "TimeLimit", "ForbiddenUse", "KataError"]
)
def test_the_engines_own_errors_can_be_raised_by_anybody(error: str) -> None:
    source = f"""\
    from keras_kata.errors import {error}

    class Error({error}):
        def __str__(self): raise ValueError

    def answer():
        raise Error
    """
    reply = observed(textwrap.dedent(source), worker=Worker(NoFramework(), {"json.loads": "Parse it."}))
    assert isinstance(reply, Raised | Unusable | TimedOut)


def test_an_exception_whose_message_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras_kata.failures._LONGEST_READING", 0.05)
    source = """\
    class Error(Exception):
        def __str__(self):
            while True: pass

    def answer():
        raise Error
    """
    assert raised(observed(textwrap.dedent(source))).error == "Error: (its message can't be shown)"


def test_source_lines_from_a_hostile_loader_are_not_waited_for() -> None:
    source = """\
    class Loader:
        def get_source(self, name): raise ValueError("no source")

    def answer():
        space = {"__loader__": Loader(), "__name__": "elsewhere"}
        exec(compile("def fail(): raise KeyError(1)", "elsewhere.py", "exec"), space)
        space["fail"]()
    """
    assert raised(observed(textwrap.dedent(source))).error.startswith("KeyError")


STUBS: list[tuple[str, str, bool]] = [
    ("the stub's line", "raise NotImplementedError", True),
    ("with a message", "raise NotImplementedError('TODO')", True),
    ("with a comment", "raise NotImplementedError  # later", True),
    ("in a helper", "helper()", True),
    ("in a library", "import numbers; import typing; library()", False),
    ("another error on such a line", "raise NotImplementedErrors", False),
    ("a name that hides it", "raise NotImplementedErrorToo()", False),
    ("kept and raised", "error = NotImplementedError(); raise error", False),
]


@pytest.mark.parametrize(("line", "is_stub"), table(STUBS))
def test_only_the_stubs_own_line_is_not_attempted(line: str, is_stub: bool) -> None:
    source = f"""\
    class NotImplementedErrorToo(ValueError):
        pass

    def helper():
        raise NotImplementedError

    space = {{}}
    exec(compile("def library():\\n    raise NotImplementedError", "library.py", "exec"), space)
    library = space["library"]

    def answer():
        {line}
    """
    assert isinstance(observed(textwrap.dedent(source)), NotAttempted) is is_stub


def test_a_stub_that_is_caught_was_attempted() -> None:
    source = """\
    def stub():
        raise NotImplementedError

    def answer():
        try:
            return stub()
        except NotImplementedError:
            return 1
    """
    assert value(observed(textwrap.dedent(source))) == 1


def test_a_missing_member_is_said_to_be_missing() -> None:
    reply = observed("def answers(): return 1")
    assert isinstance(reply, Unusable)
    assert reply.problem.startswith("your file has no `answer`. It has `answers`: is the name misspelt?")


def test_a_missing_member_that_the_probe_calls_later_is_too() -> None:
    submission = loader("def answer(): pass").load_source("answer = 3", "answer.py")
    assert submission.implementation is not None
    reply = Worker(NoFramework(), {}).observe(
        submission.implementation, a_probe(lambda impl, _: impl.answer()), {}, LIMIT
    )
    assert reply == Unusable("`answer` must be a function, and is of type int")


def test_an_endless_loop_is_timed_out() -> None:
    reply = observed("def answer(x):\n    x[:] = 0\n    while True: pass", {"x": np.ones(2), "_y": 1}, 0.05)
    assert isinstance(reply, TimedOut)
    assert reply.limit == 0.05
    assert reply.case["x"].tolist() == [1, 1]
    assert "_y" not in reply.case


def test_a_loop_in_what_is_returned_is_timed_out() -> None:
    source = """\
    class Rows(dict):
        pass

    def answer():
        rows = []
        for _ in range(24):
            rows = [rows, rows]
        return rows
    """
    assert isinstance(observed(textwrap.dedent(source), limit=0.05), TimedOut)


def test_the_limit_ends_with_the_call() -> None:
    observed("def answer(): return 1", limit=0.05)
    time.sleep(0.08)


FORBIDDEN = {"json.loads": "Parse it yourself."}


@pytest.mark.parametrize(
    "body",
    [
        "return json.loads('1')",
        "return getattr(json, 'lo' + 'ads')('1')",
        "try:\n        return json.loads('1')\n    except BaseException:\n        return 1",
        "try:\n        return json.loads('1')\n    finally:\n        raise ValueError('hidden')",
    ],
    ids=["plain", "by name", "swallowed", "replaced"],
)
def test_forbidden_calls_are_caught(body: str) -> None:
    worker = Worker(NoFramework(), FORBIDDEN)
    reply = observed(f"import json\ndef answer():\n    {body}", worker=worker)
    assert isinstance(reply, Forbidden)
    assert [use[0] for use in reply.uses] == ["json.loads"]
    assert reply.uses[0][2] == "Parse it yourself."


def test_what_is_forbidden_is_so_only_in_the_code_itself() -> None:
    probe = a_probe(lambda impl, _: __import__("json").loads(impl.answer()))
    reply = Worker(NoFramework(), FORBIDDEN).observe(
        implementation("def answer(): return '1'"), probe, {}, LIMIT
    )
    assert value(reply) == 1


PRINTING = "def answer(n):\n    print('case', n)\n    return n"


def test_what_is_printed_is_kept_for_the_last_call(capsys: pytest.CaptureFixture[str]) -> None:
    worker = Worker(NoFramework(), {})
    for n in (1, 2):
        observed(PRINTING, {"n": n}, worker=worker)
    assert worker.printed == "case 2\n"
    assert capsys.readouterr() == ("", "")


def test_what_is_printed_is_kept_where_the_code_fails() -> None:
    worker = Worker(NoFramework(), {})
    observed("import sys\ndef answer():\n    print('a', file=sys.stderr)\n    1 / 0", worker=worker)
    assert worker.printed == "a\n"
    observed("def answer():\n    print('b')\n    while True: pass", limit=0.05, worker=worker)
    assert worker.printed == "b\n"
    observed("def answer(): return 1", worker=worker)
    assert worker.printed == ""


def test_a_flood_of_output_is_cut() -> None:
    worker = Worker(NoFramework(), {})
    observed("def answer():\n    for n in range(10000): print('flood')", worker=worker)
    assert worker.printed == ("flood\n" * 1000)[:4000]


def test_writing_tells_how_much_was_written() -> None:
    assert value(observed("import sys\ndef answer(): return sys.stdout.write('x' * 5000)")) == 5000


def test_output_can_be_let_through(capsys: pytest.CaptureFixture[str]) -> None:
    worker = Worker(NoFramework(), {}, echo=True)
    observed(PRINTING, {"n": 1}, worker=worker)
    assert worker.printed == ""
    assert capsys.readouterr().out == "case 1\n"


@pytest.mark.parametrize(
    "line",
    [
        "sys.stdout.close()",
        "sys.stdout = None",
        "sys.stdout = open(os.devnull, 'w'); sys.stdout.close()",
        "sys.stdout.seek(0); sys.stdout.truncate()",
    ],
)
def test_meddling_with_output_harms_nobody(line: str) -> None:
    before = sys.stdout
    worker = Worker(NoFramework(), {})
    assert value(observed(f"import os, sys\ndef answer():\n    {line}\n    return 1", worker=worker)) == 1
    assert sys.stdout is before
    observed(PRINTING, {"n": 1}, worker=worker)
    assert worker.printed == "case 1\n"


def test_output_that_was_kept_by_the_code_stays_open() -> None:
    source = """\
    import sys
    kept = []

    def answer():
        kept.append(sys.stdout)
        print("again", file=kept[0])
        return len(kept)
    """
    code = implementation(textwrap.dedent(source))
    worker, probe = Worker(NoFramework(), {}), a_probe(lambda impl, _: impl.answer())
    assert [value(worker.observe(code, probe, {}, LIMIT)) for _ in range(2)] == [1, 2]


RANDOM = """
    import random
    import numpy as np

    def answer():
        return [random.random(), np.random.rand(), float(np.random.normal())]
"""


def test_random_numbers_are_the_same_in_every_call() -> None:
    random.seed(1)
    first = value(observed(RANDOM))
    random.seed(2)
    np.random.seed(3)
    assert value(observed(RANDOM)) == first


def test_nothing_global_is_left_behind() -> None:
    source = """\
    import random, warnings
    import numpy as np

    def answer():
        random.seed(7)
        np.random.seed(7)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        return 1
    """
    states = random.getstate(), repr(np.random.get_state()), np.geterr(), list(warnings.filters)
    assert value(observed(textwrap.dedent(source))) == 1
    assert (random.getstate(), repr(np.random.get_state()), np.geterr(), list(warnings.filters)) == states


def test_warnings_are_no_errors() -> None:
    source = (
        "import warnings\nimport numpy as np\ndef answer():\n    warnings.warn('x')\n    return np.log(-1.0)"
    )
    with np.errstate(all="raise"):
        assert np.isnan(value(observed(source)))


def test_the_frameworks_state_is_the_implementations_own() -> None:
    entered: list[Any] = []

    class Framework(NoFramework):
        @contextmanager
        def isolated(self, registered: Any) -> Iterator[None]:
            entered.append(registered)
            yield
            entered.append("left")

        def as_array(self, value: Any) -> np.ndarray | None:
            return np.ones(2) if value == {1} else None

    code = implementation("def answer(): return {1}")
    code.registered = "its own"
    reply = Worker(Framework(), {}).observe(code, a_probe(lambda impl, _: impl.answer()), {}, LIMIT)
    assert value(reply).tolist() == [1, 1]
    assert entered == ["its own", "left"]


def test_the_time_limit_is_no_exception() -> None:
    source = """\
    def answer():
        while True:
            try:
                while True: pass
            except Exception:
                pass
    """
    assert isinstance(observed(textwrap.dedent(source), limit=0.05), TimedOut)
    assert not issubclass(TimeLimit, Exception)
