"""The pytest plugin as learners meet it: real runs in a copy of the miniature course."""

import json
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

# In-process runs forget what they imported; what can't be imported twice is here before them.
import keras_kata.judge
import keras_kata.messages
import keras_kata.progress
import keras_kata.summary  # noqa: F401
from tests.conftest import copy_mini_course

WRONG_MEAN = """
class RunningMean:
    def __init__(self):
        self.values = []

    def add(self, value):
        print("adding", value)
        self.values.append(value)

    def mean(self):
        return _divide(sum(self.values), len(self.values))


def _divide(total, count):
    return total / count
"""


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    """A copy of the course; running pytest starts in it."""
    return copy_mini_course(pytester.path)


@pytest.fixture
def begun(root: Path) -> Path:
    """A course where the first exercise is done, and the second one half right."""
    solve(root, "module1/moving_average")
    write(root, "module1/running_mean", WRONG_MEAN)
    return root


def solve(root: Path, slug: str) -> None:
    shutil.copy(root / "solutions" / slug / "reference.py", root / "exercises" / f"{slug}.py")


def write(root: Path, slug: str, source: str | bytes, tree: str = "exercises") -> Path:
    path = root / tree / f"{slug}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def words(result: pytest.RunResult) -> dict[str, str]:
    """What `-v` says of each probe, under the last part of its file's name and its own."""
    lines = re.findall(r"^\S*?(\w+)\.py::(\w+) ([A-Z][A-Z ]*[A-Z])", result.stdout.str(), re.MULTILINE)
    return {f"{file}::{probe}": word for file, probe, word in lines}


ALL = {
    "moving_average::averages": "PASSED",
    "moving_average::impossible_widths": "PASSED",
    "running_mean::means": "PASSED",
    "running_mean::no_values": "FAILED",
    "softmax::probabilities": "NOT ATTEMPTED",
    "softmax::large_scores": "NOT ATTEMPTED",
    "nearest_centroid::fitted": "NOT ATTEMPTED",
    "nearest_centroid::new_points": "NOT ATTEMPTED",
}


def test_untouched_stubs_are_not_attempted_without_a_wall_of_tracebacks(pytester, root):
    result = pytester.runpytest_inprocess("exercises")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "exercises/module1/moving_average.py nn *",
            "* points *",
            "module1/moving_average        0 / 2  not attempted",
            "module2/nearest_centroid      0 / 3  not attempted",
            "all                           0 / 9",
            "Start with exercises/module1/moving_average.py",
            "* 8 not attempted in *",
        ]
    )
    result.stdout.no_fnmatch_line("*FAILURES*")
    result.stdout.no_fnmatch_line("*NotImplementedError*")


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["exercises"], list(ALL)),
        (["exercises/module1"], list(ALL)[:4]),
        (["exercises/module1/running_mean.py"], list(ALL)[2:4]),
        (["exercises/module1/running_mean.py::no_values"], ["running_mean::no_values"]),
        (["exercises", "-k", "means or averages"], ["moving_average::averages", "running_mean::means"]),
        (["exercises", "-x"], list(ALL)[:4]),
        (["exercises/module1", "-p", "no:cacheprovider"], list(ALL)[:4]),
        (["exercises/module2", "exercises/module1"], [*list(ALL)[:4], *list(ALL)[4:]]),
    ],
)
def test_probes_are_chosen_as_tests_are_and_run_in_the_order_of_the_course(
    pytester, begun, arguments, chosen
):
    result = pytester.runpytest_inprocess("-v", *arguments)
    assert list(words(result).items()) == [(name, ALL[name]) for name in chosen]
    assert result.ret == 1 or {ALL[name] for name in chosen} == {"PASSED"}


def test_last_failed_runs_what_did_not_pass(pytester, begun):
    pytester.runpytest_inprocess("exercises/module1")
    result = pytester.runpytest_inprocess("-v", "--lf", "exercises/module1")
    assert words(result) == {"running_mean::no_values": "FAILED"}


def test_quiet_runs_still_end_with_the_points(pytester, begun):
    result = pytester.runpytest_inprocess("-q", "exercises")
    assert result.stdout.str().startswith("...Fnnnn ")
    result.stdout.fnmatch_lines(
        [
            "* points *",
            "module1/moving_average        2 / 2  done",
            "module1/running_mean        1.5 / 2  1 of 2 probes pass: divided_by_no_values",
            "module2/softmax               0 / 2  not attempted",
            "module2/nearest_centroid      0 / 3  not attempted",
            "all                         3.5 / 9",
            "",
            "Look first at exercises/module1/running_mean.py::no_values (raised)",
            "1 failed, 3 passed, 4 not attempted in *",
        ],
        consecutive=True,
    )


def test_a_course_that_is_done_exits_with_0(pytester, root):
    for slug in ("module1/moving_average", "module1/running_mean"):
        solve(root, slug)
    result = pytester.runpytest_inprocess("exercises/module1")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["all                         4 / 4", "", "All done."])


def test_collect_only_lists_node_ids_and_runs_nothing(pytester, root):
    write(root, "module1/running_mean", "open('imported', 'w')\n")
    result = pytester.runpytest_inprocess("--collect-only", "-q", "exercises/module1")
    result.stdout.fnmatch_lines(
        [
            "exercises/module1/moving_average.py::averages",
            "exercises/module1/moving_average.py::impossible_widths",
            "exercises/module1/running_mean.py::means",
            "exercises/module1/running_mean.py::no_values",
        ],
        consecutive=True,
    )
    assert result.ret == 0
    assert not (root / "imported").exists()


def test_junitxml_has_points_as_properties_and_the_message_as_text(pytester, begun):
    pytester.runpytest_inprocess("exercises", "--junitxml=report.xml")
    suite = ElementTree.parse(begun / "report.xml").getroot().find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("8", "5", "0")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    properties = {
        name: {entry.get("name"): entry.get("value") for entry in case.iter("property")}
        for name, case in cases.items()
    }
    assert properties["means"] == {
        "exercise": "module1/running_mean",
        "probe": "means",
        "outcome": "passed",
        "points": "1.5",
        "max_points": "1.5",
    }
    assert properties["no_values"]["outcome"] == "raised"
    assert properties["no_values"]["points"] == "0.0"
    assert properties["no_values"]["mistake"] == "divided_by_no_values"
    assert properties["fitted"]["outcome"] == "not attempted"
    assert "Your code raised: ZeroDivisionError" in cases["no_values"].find("failure").text


def test_several_processes_give_the_same_verdicts_and_one_summary(pytester, begun):
    alone = pytester.runpytest_inprocess("-q", "exercises")
    spread = pytester.runpytest_subprocess("-q", "-n", "2", "exercises")
    points = [_section(result.stdout.str(), "points") for result in (alone, spread)]
    assert points[0] == points[1]
    assert (begun / ".kata" / "progress.json").is_file()


def _section(text: str, name: str) -> str:
    return re.search(rf"^=+ {name} =+\n(.*?)\n(?:=|\d+ failed)", text, re.MULTILINE | re.DOTALL)[1]


def test_the_same_code_gets_the_same_verdict_and_case_every_time(pytester, root):
    source = (root / "solutions/module1/moving_average/reference.py").read_text()
    write(root, "module1/moving_average", source.replace("len(series) + 1)])", "len(series) + 1)])[::-1]"))
    texts = [
        _section(pytester.runpytest_inprocess("-q", "exercises/module1", *seed).stdout.str(), "FAILURES")
        for seed in ([], [], ["--kata-seed", "7"])
    ]
    assert texts[0] == texts[1]
    assert "Run again:  pytest exercises/module1/moving_average.py::averages --kata-seed 7" in texts[2]


def test_a_failure_tells_what_a_learner_needs_and_nothing_of_the_engine(pytester, root):
    source = (root / "solutions/module2/softmax/reference.py").read_text().replace("axis=-1", "axis=0")
    write(root, "module2/softmax", source)
    result = pytester.runpytest_inprocess("exercises/module2/softmax.py::probabilities")
    message = """\
________________________ module2/softmax::probabilities ________________________
probabilities: The probability of each class, for each example.

With
    scores = [[0.0],
              [0.0]]

Received  float32 array (2, 1)
    [[0.5],
     [0.5]]
Expected  float32 array (2, 1)
    [[1.0],
     [1.0]]
Difference: 2 of 2 values, first at [0, 0]: received 0.5, expected 1.0

Likely mistake (over_the_batch): You normalise over the examples; the
probabilities of one example's classes must add up to 1.

Next hint:  kata hint module2/softmax::probabilities
Run again:  pytest exercises/module2/softmax.py::probabilities
"""
    assert message in result.stdout.str()
    _assert_nothing_of_the_engine(result)


def _assert_nothing_of_the_engine(result: pytest.RunResult) -> None:
    text = result.stdout.str() + result.stderr.str()
    for trace in (
        "Traceback",
        "keras_kata/",
        "graders/",
        "site-packages",
        "hypothesis/",
        "NotPassed",
        "INTERNAL",
    ):
        assert trace not in text, trace


def test_an_exception_shows_the_learners_lines_only(pytester, begun):
    result = pytester.runpytest_inprocess("exercises/module1/running_mean.py")
    result.stdout.fnmatch_lines(
        [
            "Your code raised: ZeroDivisionError: division by zero",
            "    line 11, in mean:  return _divide(sum(self.values), len(self.values))",
            "    line 15, in _divide:  return total / count",
        ],
        consecutive=True,
    )
    _assert_nothing_of_the_engine(result)


MOVING = "import numpy as np\n\ndef moving_average(series, width):\n    "

WRONG_FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "syntax_error": (
        "import numpy as np\ndef moving_average(series, width)\n    return 1\n",
        ["syntax error: expected ':'", "line 2:  def moving_average(series, width)"],
    ),
    "indentation": (MOVING + "x = 1\n  return x\n", ["wrong indentation: unindent does not match"]),
    "missing_function": (
        "import numpy as np\n",
        ["your file has no `moving_average`. Was it renamed or deleted?"],
    ),
    "renamed": (
        "def movin_average(series, width):\n    return series\n",
        ["your file has no `moving_average`. It has `movin_average`: is the name misspelt?"],
    ),
    "signature": (
        "def moving_average(series):\n    return series\n",
        ["`moving_average` must take (series, width), and takes (series)"],
    ),
    "not_a_function": ("moving_average = 3\n", ["`moving_average` must be a function, and is of type int"]),
    "returns_none": (MOVING + "np.mean(series)\n", ["None instead of a result; is a `return` missing?"]),
    "returns_generator": (
        MOVING + "return (x for x in series)\n",
        ["What your code returns can't be compared: the result is a generator, which has not computed"],
    ),
    "returns_object": (MOVING + "return object()\n", ["the result is an object of type object."]),
    "returns_function": (
        MOVING + "return np.mean\n",
        ["the result is a function or class (mean), not what it"],
    ),
    "imports_missing": (
        "import nunpy as np\n",
        [
            "the file imports `nunpy`, which is not installed. Is the name misspelt?",
            "line 1:  import nunpy as np",
        ],
    ),
    "raises_at_import": (
        "x = {}['a']\n",
        ["the file raises an error when it is run: KeyError: 'a'", "line 1:  x"],
    ),
    "exits_at_import": ("import sys\nsys.exit()\n", ["the file ends the program when it is run (sys.exit,"]),
    "latin_1": ("# sch\xf6n\n".encode("latin-1"), ["moving_average.py is not UTF-8 text. Save it with the"]),
    "utf_16": ("import numpy\n".encode("utf-16"), ["moving_average.py is not UTF-8 text. Save it with the"]),
    "null_bytes": (b"x = 1\0\n", ["Your file can't be judged: "]),
    "empty": ("", ["your file has no `moving_average`."]),
    "huge": ("#" * 2_000_001, ["moving_average.py is larger than 2 MB"]),
    "forbidden": (
        MOVING + "return np.convolve(series, np.ones(width) / width, 'valid')\n",
        ["Not allowed in this exercise: line 4 uses `numpy.convolve`. Take the windows"],
    ),
    "hostile_text": (
        MOVING + "raise KeyError('\\x1b[31mred\\rback\\x07\\u202eturned\\ud800')\n",
        [r"KeyError: '\x1b[31mred\rback\x07\u202eturned\ud800'"],
    ),
    "hostile_message": (
        MOVING + "raise ValueError('\\x1b[31mred\\x07 \\u202eturned \\ud800')\n",
        [r"ValueError: red\x07 \u202eturned \ud800"],
    ),
    "huge_number": (MOVING + "return 10 ** 5000\n", ["Received  integer", "a number of about 5001 digits"]),
    "exits": (MOVING + "exit()\n", ["Your code ends the program (sys.exit, exit or quit). Return a result"]),
    "skips": (MOVING + "import pytest\n    pytest.skip('no')\n", ["Your code raised: Skipped: no"]),
    "recursion": (MOVING + "return moving_average(series, width)\n", ["Your code raised: RecursionError"]),
    "changes_input": (
        MOVING
        + "if not 1 <= width <= len(series): raise ValueError\n"
        + "    averages = [np.mean(series[i : i + width]) for i in range(len(series) - width + 1)]\n"
        + "    series[:] = 9\n    return averages\n",
        [
            "Your code changes its argument `series` in place.",
            "Likely mistake (input_changed): Your result is",
        ],
    ),
}


def test_a_wrong_file_gets_a_clear_message(pytester, root):
    for name, (source, _) in WRONG_FILES.items():
        write(root, "module1/moving_average", source, f"submitted/{name}")
    result = pytester.runpytest_inprocess("submitted", "--junitxml=report.xml", "-q")
    assert result.ret == 1
    _assert_nothing_of_the_engine(result)
    assert "GRADER ERROR" not in result.stdout.str()
    said: dict[str, str] = {}
    for case in ElementTree.parse(root / "report.xml").iter("testcase"):
        name = case.get("classname").split(".")[1]
        assert case.find("failure") is not None or case.get("name") == "impossible_widths", name
        for failure in case.iter("failure"):
            said[name] = said.get(name, "") + failure.text
    for name, (_, parts) in WRONG_FILES.items():
        text = " ".join(said[name].split())
        for part in parts:
            assert " ".join(part.split()) in text, f"{name}: {said[name]}"


def test_what_is_no_exercise_is_told_and_the_others_still_run(pytester, root):
    solve(root, "module1/moving_average")
    shutil.copy(root / "exercises/module1/running_mean.py", root / "exercises/module1/runing_mean.py")
    (root / "exercises/module2/softmax.py").unlink()
    (root / "exercises/module2/softmax.py").mkdir()
    (root / "exercises/module2/nearest_centroid.py").unlink()
    (root / "exercises/module2/nearest_centroid.py").symlink_to("nowhere.py")
    result = pytester.runpytest_inprocess("-v", "exercises")
    assert words(result) == {
        "moving_average::averages": "PASSED",
        "moving_average::impossible_widths": "PASSED",
        "runing_mean::not_an_exercise": "FAILED",
        "running_mean::means": "NOT ATTEMPTED",
        "running_mean::no_values": "NOT ATTEMPTED",
        "softmax::not_an_exercise": "FAILED",
    }
    text = result.stdout.str()
    assert "No exercise is called module1/runing_mean. Did you mean module1/running_mean or" in text
    assert "softmax.py is a folder, and must be a file." in text
    _assert_nothing_of_the_engine(result)


def test_a_file_that_may_not_be_read_is_told(pytester, root, is_root):
    if is_root:
        pytest.skip("root may read everything")
    (root / "exercises/module1/moving_average.py").chmod(0)
    result = pytester.runpytest_inprocess("exercises/module1/moving_average.py")
    result.stdout.fnmatch_lines(
        ["Your file can't be judged: moving_average.py can't be read: Permission denied"]
    )


@pytest.mark.slow
def test_an_endless_loop_ends_with_a_message(pytester, root):
    source = MOVING + "while True:\n        pass\n"
    write(root, "module1/moving_average", source)
    result = pytester.runpytest_inprocess("exercises/module1/moving_average.py::averages")
    text = " ".join(result.stdout.str().split())
    assert re.search(
        r"Your code was stopped after 8\.\d s of wall-clock time, many times what the reference", text
    )
    assert "module1/moving_average 0 / 1.5 takes too long" in text
    _assert_nothing_of_the_engine(result)


def test_prints_are_shown_for_the_case_that_is_shown(pytester, begun):
    result = pytester.runpytest_inprocess("exercises/module1/running_mean.py")
    result.stdout.fnmatch_lines(
        ["Your code printed, in this case:", "    adding 2.0", "    adding 4.0", "", "Likely mistake *"],
        consecutive=True,
    )
    assert result.stdout.str().count("adding") == 2


@pytest.mark.parametrize("more", [(), ("-n", "1")])
def test_a_message_is_shown_once_also_in_ci_where_pytest_shortens_nothing(pytester, begun, monkeypatch, more):
    monkeypatch.setenv("CI", "true")
    result = pytester.runpytest_subprocess("exercises/module1/running_mean.py", *more)
    claim = "no_values: The mean of an object that was given no values, beside one that was."
    result.stdout.fnmatch_lines([claim, "", "With", f"FAILED exercises/*::no_values - {claim}"])
    assert result.stdout.str().count("ZeroDivisionError") == 1


def test_prints_go_through_without_capturing(pytester, begun):
    result = pytester.runpytest_inprocess("-s", "exercises/module1/running_mean.py")
    assert result.stdout.str().count("adding") > 50
    result.stdout.no_fnmatch_line("Your code printed*")


def test_warnings_and_numpys_error_state_are_the_learners_own_affair(pytester, root):
    source = (root / "solutions/module2/softmax/reference.py").read_text()
    noisy = """
import warnings
warnings.warn("old", DeprecationWarning)
warnings.simplefilter("error")
np.seterr(all="raise")
"\\d"

def softmax(scores):
    warnings.warn("again")
    np.seterr(over="raise")
    return _softmax(scores)
"""
    write(root, "module2/softmax", source.replace("def softmax", "def _softmax") + noisy)
    solve(root, "module1/moving_average")
    result = pytester.runpytest_inprocess("-W", "error", "-v", "exercises/module2", "exercises/module1")
    assert [word for name, word in words(result).items() if name[:3] in ("mov", "sof")] == ["PASSED"] * 4
    result.stdout.no_fnmatch_line("*warnings summary*")


def test_a_learners_own_settings_and_tests_beside_the_exercises_work(pytester, begun):
    (begun / "exercises/pytest.ini").write_text(
        "[pytest]\npython_files = *.py\naddopts = --doctest-modules\n"
    )
    (begun / "exercises/module1/conftest.py").write_text("import pytest\n")
    (begun / "exercises/module1/test_mine.py").write_text("def test_mine():\n    pass\n")
    result = pytester.runpytest_inprocess("-v", "exercises")
    assert words(result) == ALL | {"test_mine::test_mine": "PASSED"}


def test_it_runs_from_another_folder_with_an_absolute_path(pytester, begun, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    result = pytester.runpytest_inprocess("-v", begun / "exercises/module1")
    assert list(words(result).values()) == list(ALL.values())[:4]
    assert (begun / ".kata/progress.json").is_file()
    text = result.stdout.str()
    command = re.search(r"Run again:  pytest (\S+)::no_values", text)[1]
    assert (tmp_path / command).resolve() == begun / "exercises/module1/running_mean.py"


def test_links_to_a_course_and_to_a_file_lead_to_the_same(pytester, begun):
    (begun / "link").symlink_to(begun)
    shutil.copy(begun / "exercises/module1/running_mean.py", begun / "exercises/module1/runing_mean.py")
    (begun / "exercises/module1/moving_average.py").rename(begun / "mine.py")
    (begun / "exercises/module1/moving_average.py").symlink_to(begun / "mine.py")
    result = pytester.runpytest_inprocess("-v", "link/exercises/module1", "link/graders")
    assert list(words(result)) == [*list(ALL)[:2], "runing_mean::not_an_exercise", *list(ALL)[2:4]]
    assert "module1/moving_average" in (begun / ".kata/progress.json").read_text()


def test_two_courses_in_one_session_do_not_meet(pytester):
    first, second = (copy_mini_course(pytester.path / name) for name in ("first", "second"))
    solve(first, "module1/moving_average")
    grader = second / "graders/module1/moving_average.py"
    grader.write_text(grader.read_text().replace("def averages", "def window_averages"))
    support = second / "graders/support/arrays.py"
    support.write_text(support.read_text().replace("float32", "float64"))
    solve(second, "module1/moving_average")
    files = [f"{root.name}/exercises/module1/moving_average.py" for root in (first, second)]
    result = pytester.runpytest_inprocess("-v", *files, *files[:1])
    assert words(result) == {
        "moving_average::averages": "PASSED",
        "moving_average::window_averages": "PASSED",
        "moving_average::impossible_widths": "PASSED",
    }
    result.stdout.fnmatch_lines([f"{files[0]}  * 2 / 2  done", f"{files[1]}  * 2 / 2  done"])
    assert (first / ".kata").is_dir()
    assert (second / ".kata").is_dir()


@pytest.mark.parametrize(
    ("file", "text", "probes"),
    [
        ("graders/module1/running_mean.py", "def (", ["grader"]),
        ("graders/module1/running_mean.py", "raise OSError('gone')", ["means", "no_values"]),
        ("solutions/module1/running_mean/reference.py", "1 / 0", ["means", "no_values"]),
        ("solutions/module1/running_mean/reference.py", "class RunningMean: pass", ["means", "no_values"]),
        ("solutions/module1/running_mean/misconceptions.py", "def (", ["means", "no_values"]),
    ],
)
def test_a_defect_of_the_course_costs_no_point_and_is_loud(pytester, begun, file, text, probes):
    path = begun / file
    path.write_text(f"{text}\n{path.read_text()}" if "graders" in file else f"{path.read_text()}\n\n{text}\n")
    result = pytester.runpytest_inprocess("-v", "exercises/module1")
    assert words(result) == {
        "moving_average::averages": "PASSED",
        "moving_average::impossible_widths": "PASSED",
        **{f"running_mean::{probe}": "GRADER ERROR" for probe in probes},
    }
    assert result.ret == 1
    text = " ".join(result.stdout.str().split())
    assert "This is a defect of the exercise, not of your code, and costs you no point." in text
    assert "module1/running_mean 2 / 2 grader error (not your code's; please report it)" in text


def test_a_course_file_that_is_no_toml_is_told_in_a_line(pytester, root):
    (root / "course.toml").write_text("title = ")
    result = pytester.runpytest_inprocess("exercises")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["/*/course.toml is not valid TOML: *"])
    result.stdout.no_fnmatch_line("*CollectError*")


def test_references_are_judged_and_graders_are_no_implementations(pytester, root):
    result = pytester.runpytest_inprocess("-v", "solutions/module1", "graders")
    assert list(words(result)) == [
        "reference::averages",
        "reference::impossible_widths",
        "reference::means",
        "reference::no_values",
    ]
    assert result.ret == 0
    assert not (root / ".kata").exists()


WATCH = """
def pytest_unconfigure():
    import sys
    packages = ("tensorflow", "keras", "numpy", "keras_kata.judge", "moving_average")
    print("LOADED", [name for name in packages if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("options", "loaded"),
    [(["--collect-only"], []), ([], ["numpy", "keras_kata.judge"])],
)
def test_nothing_is_imported_before_it_is_needed(pytester, root, options, loaded):
    solve(root, "module1/moving_average")
    (root / "watch.py").write_text(WATCH)
    target = "exercises/module1/moving_average.py"
    result = pytester.run(sys.executable, "-m", "pytest", "-p", "watch", target, *options)
    assert result.ret == 0
    assert f"LOADED {loaded}" in result.stdout.str()


def test_a_numpy_exercise_of_the_real_course_does_not_import_tensorflow(pytester):
    (pytester.path / "watch.py").write_text(WATCH)
    root = Path(__file__).parents[1]
    options = ["-p", "watch", "-p", "no:cacheprovider", f"--rootdir={root}", "-c", root / "pyproject.toml"]
    pytester.makeconftest("")
    result = pytester.run(
        sys.executable, "-m", "pytest", *options, root / "solutions/module6/bellman_update/reference.py"
    )
    assert result.ret == 0
    assert "LOADED ['numpy', 'keras_kata.judge']" in result.stdout.str()


def test_the_debugger_works_and_can_be_quit(pytester, root):
    source = (root / "solutions/module1/moving_average/reference.py").read_text()
    # Where garbage happens to be collected right then, the debugger would stop in Hypothesis's callback.
    stop = "import gc; gc.disable(); breakpoint()"
    write(root, "module1/moving_average", source.replace("    if not 1", f"    {stop}\n    if not 1"))
    (root / "stdin").write_text("p width + 40\nc\nq\n")
    with (root / "stdin").open() as stdin:
        result = pytester.run(
            sys.executable, "-m", "pytest", "exercises/module1/moving_average.py", stdin=stdin
        )
    text = result.stdout.str()
    assert "(Pdb) 42" in text
    assert text.count("(Pdb)") == 3
    assert "!!! KeyboardInterrupt !!!" in text
    assert result.ret == pytest.ExitCode.INTERRUPTED


def notebook(*cells):
    """A notebook of these code cells, of which the last is the exercise's solution cell."""
    metadata = [{}] * (len(cells) - 1) + [
        {"nbgrader": {"grade_id": "moving_average-solution-moving_average"}}
    ]
    made = [
        {"cell_type": "code", "source": source, "metadata": known, "outputs": []}
        for source, known in zip(cells, metadata, strict=True)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def hand_in(root, text, student="ada"):
    file = root / "submitted" / student / "module1" / "moving_average.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_notebook_in_an_exercises_place_is_judged_like_a_file(pytester, root):
    reference = (root / "solutions/module1/moving_average/reference.py").read_text()
    hand_in(root, notebook("1 / 0", reference))
    hand_in(root, notebook("1 / 0", reference.replace(".mean()", ".sum()")), "ben")
    result = pytester.runpytest_subprocess("submitted")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        ["*moving_average::averages*", "*windows_summed*", "*moving_average.ipynb::averages"]
    )


def test_a_notebooks_message_says_the_cell_and_what_was_left_out(pytester, root):
    hand_in(
        root,
        notebook("def broken(:", "import os", "def moving_average(series, width):\n    return series[width]"),
    )
    result = pytester.runpytest_subprocess("submitted")
    result.stdout.fnmatch_lines(
        [
            "*line 3002, in moving_average:  return series?width?*",
            "*Cell 1 is no valid Python and was left out.*",
            "*In a notebook, line 3007 is line 7 of the third cell*",
        ]
    )


@pytest.mark.parametrize(
    ("text", "said"), [("{", "is no notebook"), (notebook("!pip install x"), "cell 1, line 1")]
)
def test_a_notebook_that_can_not_be_read_says_why(pytester, root, text, said):
    hand_in(root, text)
    result = pytester.runpytest_subprocess("submitted")
    assert result.ret == 1
    assert said in result.stdout.str()


def test_a_folder_named_like_a_notebook_is_refused(pytester, root):
    (root / "submitted" / "ada" / "module1" / "moving_average.ipynb").mkdir(parents=True)
    result = pytester.runpytest_subprocess("submitted")
    result.stdout.fnmatch_lines(["*moving_average.ipynb is a folder, and must be a file.*"])
