"""Reading notebooks that learners hand in: what counts, what is left out, what is refused."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from keras_kata.errors import ImplementationError
from keras_kata.notebook_source import cell_id, read_notebook

from .support import table


def code(source: str | list[str], grade_id: str = "", **metadata: Any) -> dict[str, Any]:
    nbgrader = {"nbgrader": {"grade_id": grade_id, **metadata}} if grade_id else {}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": nbgrader,
        "outputs": [],
        "execution_count": None,
    }


def solution(source: str | list[str], member: str = "f") -> dict[str, Any]:
    return code(source, f"task-solution-{member}", solution=True, grade=False)


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | changes
    ).encode()


def read(*cells: dict[str, Any], members: tuple[str, ...] = ("f",)) -> Any:
    return read_notebook(notebook(*cells), "task", members)


def squeezed(text: str) -> str:
    """A source without the empty lines that put each cell at its place."""
    return re.sub(r"\n*# cell", "\n# cell", text).lstrip("\n")


def run(*cells: dict[str, Any], members: tuple[str, ...] = ("f",)) -> dict[str, Any]:
    """What the source that was read defines."""
    namespace: dict[str, Any] = {}
    exec(read(*cells, members=members).text, namespace)
    return namespace


def test_solution_cells_are_the_source_and_each_says_where_it_is_from() -> None:
    found = read(
        text("Instructions"), code("import math"), solution(["def f(x):\n", "    return math.sqrt(x)"])
    )
    assert squeezed(found.text) == "# cell 2\nimport math\n# cell 3\ndef f(x):\n    return math.sqrt(x)\n"
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("helper", "answer"),
    table(
        [
            ("function", "def helper(x):\n    return x + 1", 2),
            ("imported", "from operator import neg as helper", -1),
            ("constant", "helper = lambda x: x * A\nA = 5", 5),
            (
                "conditional",
                "try:\n    import nothing_like_it as helper\nexcept ImportError:\n    helper = str",
                "1",
            ),
            ("star", "from statistics import *\nhelper = lambda x: mean([x, 2])", 1.5),
            ("changed by a call", "T = []\nT.append(7)\nhelper = lambda x: T[0]", 7),
            ("changed in place", "T = {}\nT['a'] = 8\nhelper = lambda x: T['a']", 8),
            ("decorated", "import functools\n@functools.cache\ndef helper(x):\n    return 9", 9),
        ]
    ),
)
def test_helpers_that_a_learner_added_are_kept(helper: str, answer: Any) -> None:
    assert run(code(helper), solution("def f(x):\n    return helper(x)"))["f"](1) == answer


def test_helpers_may_stand_below_and_the_last_definition_counts_as_when_run_from_top_to_bottom() -> None:
    cells = (
        solution("def f(x):\n    return g(x)"),
        code("def g(x):\n    return 1"),
        code("def g(x):\n    return 2"),
    )
    assert run(*cells)["f"](0) == 2


@pytest.mark.parametrize(
    "scratch",
    table(
        [
            ("raises", "1 / 0"),
            ("assignment that raises", "x = f(1) / 0"),
            ("import of what is not there", "import a_package_that_nobody_has"),
            ("local names of the solution", "total = undefined\ntotal.fit(1)"),
            ("prints", "print(f(1))"),
            ("a loop", "while True:\n    pass"),
            ("ends the program", "exit()"),
            ("a check", "from keras_kata.notebook import check\ncheck('task')"),
        ]
    ),
)
def test_trying_out_neither_helps_nor_harms(scratch: str) -> None:
    right = solution("def f(x):\n    total = x + 1\n    return total")
    assert read(right, code(scratch)).text == read(right).text


def test_graded_cells_are_left_out_whatever_was_written_into_them() -> None:
    graded = code("def f(x):\n    return 'changed'", "task-probe-values", grade=True, points=2)
    assert run(solution("def f(x):\n    return 1"), graded)["f"](0) == 1
    assert "changed" not in read(graded).text


def test_metadata_that_calls_a_helper_graded_is_not_believed() -> None:
    helper = code("def g(x):\n    return 3", "other", grade=True, locked=True, points=99)
    assert run(helper, solution("def f(x):\n    return g(x)"))["f"](0) == 3


def test_lines_keep_their_places_in_a_cell() -> None:
    found = read(solution("# a comment\n\nprint('x')\ndef f(x):\n    # inner\n    return 1"))
    assert squeezed(found.text) == "# cell 1\n\n\n\ndef f(x):\n    # inner\n    return 1\n"


def test_a_line_number_says_cell_and_line() -> None:
    found = read(
        text("Instructions"), solution("def f(x):\n    return g(x)"), code("\ndef g(x):\n    return 1")
    )
    lines = found.text.split("\n")
    assert (lines[2000], lines[2001]) == ("def f(x):", "    return g(x)")
    assert lines[3001] == "def g(x):"


def test_many_cells_and_long_ones_are_read_all_the_same() -> None:
    long = "\n".join(f"A{n} = {n}" for n in range(3000))
    total = f"def f(x):\n    return sum([{', '.join(f'A{n}' for n in range(3000))}, B])"
    assert run(code(long), code("B = 1"), *[text("")] * 3000, solution(total))["f"](0) == 4498501
    assert len(read(code(long), code("B = 1"), *[text("")] * 3000, solution(total)).text) < 2_000_000


def test_a_missing_cell_is_said_and_its_member_found_elsewhere() -> None:
    found = read(code("def f(x):\n    return 1"))
    assert found.remarks == ("The cell for `f` is missing; `f` is looked for in the other cells.",)
    assert "def f(x)" in found.text


def test_a_doubled_cell_is_said_and_the_last_definition_counts() -> None:
    cells = (solution("def f(x):\n    return 1"), text(""), solution("def f(x):\n    return 2"))
    [remark] = read(*cells).remarks
    assert "cells 1 and 3" in remark
    assert run(*cells)["f"](0) == 2


def test_a_broken_helper_cell_is_left_out_and_said() -> None:
    found = read(code("def g(:"), solution("def f(x):\n    return 1"))
    assert found.remarks == ("Cell 1 is no valid Python and was left out.",)
    assert "def g" not in found.text


def test_a_broken_solution_cell_stays_so_that_its_syntax_error_is_told() -> None:
    assert "def f(:" in read(solution("def f(:")).text


@pytest.mark.parametrize(
    ("source", "line"),
    table(
        [
            ("shell", "import os\n!pip install torch", 2),
            ("cell magic", "%%bash\nrm -rf /", 1),
            ("line magic", "x = 1\n  %run other.py", 2),
            ("assigned from the shell", "files = !ls", 1),
            ("assigned from a magic", "t = %timeit -o f(1)", 1),
            ("time", "%%time\ndef f(x):\n    return 1", 1),
        ]
    ),
)
@pytest.mark.parametrize("place", ["solution", "helper"])
def test_commands_of_the_notebook_system_are_refused_by_cell_and_line(
    source: str, line: int, place: str, tmp_path: Path
) -> None:
    cell = solution(source) if place == "solution" else code(source)
    with pytest.raises(ImplementationError, match=rf"^cell 2, line {line} is no Python") as problem:
        read(text("Instructions"), cell)
    assert "delete it" in str(problem.value)


@pytest.mark.parametrize("harmless", ["%matplotlib inline", "f?", "??numpy.mean", "  %matplotlib widget"])
def test_what_only_changes_the_looks_is_left_out_without_a_word(harmless: str) -> None:
    found = read(solution(f"{harmless}\ndef f(x):\n    return 1"))
    assert (squeezed(found.text), found.remarks) == ("# cell 1\n\ndef f(x):\n    return 1\n", ())


@pytest.mark.parametrize(
    "source", ["x = 7 \\\n  % 2\ndef f(x):\n    return x", '"""\n!pip\n%run\n"""\ndef f(x): pass']
)
def test_python_that_looks_like_a_command_is_python(source: str) -> None:
    assert "def f(x)" in read(solution(source)).text


@pytest.mark.parametrize(
    ("data", "said"),
    table(
        [
            ("empty", b"", "no notebook, or is damaged"),
            ("no JSON", b"def f(x): return 1", "no notebook, or is damaged"),
            ("cut", notebook(solution("x"))[:-9], "no notebook, or is damaged"),
            ("not UTF-8", "é".encode("latin-1"), "not UTF-8"),
            ("a list", b"[]", "no notebook: it holds a list"),
            ("deep", b"[" * 200_000, "nested too deeply"),
            ("version 2", notebook(nbformat=2), "version 2"),
            ("version 5", notebook(nbformat=5), "version 5"),
            ("no version", b"{}", "version None"),
            ("version of text", notebook(nbformat="4"), "version '4'"),
            ("no cells", b'{"nbformat": 4}', "no list of cells"),
            ("cells of text", notebook(cells="abc"), "no list of cells"),
            ("a cell of text", notebook(cells=["abc"]), "cell 1 is no cell"),
            ("a cell of an unknown kind", notebook({"cell_type": "evil"}), "cell 1 is no cell"),
            ("a cell without text", notebook(text(""), {"cell_type": "code"}), "cell 2 has no text"),
            ("text of numbers", notebook(code([1, 2])), "cell 1 has no text"),  # type: ignore[list-item]
            ("damaged version 3", b'{"nbformat": 3, "worksheets": 7}', "damaged notebook of version 3"),
            ("too much code", notebook(code("#" * 2_000_001)), "2 MB of code"),
        ]
    ),
)
def test_what_is_no_notebook_is_refused_with_advice(data: bytes, said: str) -> None:
    with pytest.raises(ImplementationError, match=said):
        read_notebook(data, "task", ("f",))


def test_a_flood_of_outputs_is_refused_with_what_to_do() -> None:
    data = b'{"nbformat": 4, "cells": [], "outputs": "' + b"x" * 100_000_000 + b'"}'
    with pytest.raises(ImplementationError, match="Clear Outputs of All Cells"):
        read_notebook(data, "task", ("f",))


@pytest.mark.parametrize("metadata", [None, 3, [], {"nbgrader": "x"}, {"nbgrader": {"grade_id": ["a"]}}])
def test_strange_metadata_is_none(metadata: Any) -> None:
    assert "def f" in read(code("def f(x):\n    return 1") | {"metadata": metadata}).text


def test_notebooks_of_version_three_are_read() -> None:
    cell = {
        "cell_type": "code",
        "language": "python",
        "input": ["def f(x):\n", "    return 1"],
        "outputs": [],
        "metadata": {"nbgrader": {"grade_id": "task-solution-f"}},
    }
    data = json.dumps(
        {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    ).encode()
    found = read_notebook(data, "task", ("f",))
    assert "def f(x):\n    return 1" in found.text
    assert found.remarks == ()


def test_without_nbformat_version_three_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(ImplementationError, match="open it in a current Jupyter"):
        read_notebook(b'{"nbformat": 3, "worksheets": []}', "task", ("f",))


def test_a_long_chain_of_helpers_is_followed_in_time_that_grows_with_it() -> None:
    chain = "\n".join(f"v{n} = v{n + 1}" for n in range(20_000, 0, -1))
    assert "v20000" in read(code(chain), solution("def f(x):\n    return v1")).text


def test_ids_are_short_enough_for_nbformat_and_still_differ() -> None:
    assert cell_id("task", "solution", "f") == "task-solution-f"
    one, other = (cell_id("transpose_conv_by_zero_insertion", "probe", "a" * 60 + end) for end in "xy")
    assert one != other
    assert len(one) == len(other) == 64


@pytest.mark.parametrize(
    "deep",
    table(
        [
            ("sum", "x = " + "1 + " * 20_000 + "1"),
            ("attributes", "x = a" + ".b" * 20_000),
            ("assigned attribute", "a" + ".b" * 5_000 + " = 1"),
            ("signs", "x = " + "-" * 20_000 + "1"),
            ("brackets", "x = " + "(" * 5_000 + ")" * 5_000),
            ("functions", "".join(" " * depth + "def x():\n" for depth in range(90)) + " " * 90 + "pass"),
            ("a NUL byte", "x = 1\0"),
            ("a lone surrogate", "x = '\ud800'"),
        ]
    ),
)
def test_hostile_code_is_read_or_left_out(deep: str) -> None:
    """Whatever it is, the solution beside it counts."""
    found = read(code(deep), solution("def f(x):\n    return 1"), code("def f(x):\n    return a.b + x()"))
    assert "return 1" in found.text
