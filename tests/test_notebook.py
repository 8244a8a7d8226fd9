"""`check` in a real kernel: what the notebook defines is judged, and nothing of it spoils the score."""

import html.parser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.errors import KataError
from keras_kata.notebook import check
from keras_kata.notebooks import make_notebook, write_notebooks
from keras_kata.outline import outline

from .conftest import copy_mini_course
from .kernels import Kernel, running_kernel
from .support import table

ROOT = Path(__file__).parents[1]
PROBE = "check('module1/moving_average::averages')"
RIGHT = """
import numpy as np

def moving_average(series, width):
    if not 1 <= width <= len(series):
        raise ValueError("width")
    return [np.mean(series[end - width : end]) for end in range(width, len(series) + 1)]
"""


@pytest.fixture(scope="module")
def notebook_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside a released notebook: a course without solutions."""
    course = Course(copy_mini_course(tmp_path_factory.mktemp("made") / "course"))
    target = tmp_path_factory.mktemp("released")
    list(write_notebooks(course, [course["module1/moving_average"], course["module1/running_mean"]], target))
    return target / "source" / "module1"


@pytest.fixture(scope="module")
def shared_kernel(notebook_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with running_kernel(tmp_path_factory.mktemp("kernel"), notebook_folder) as kernel:
        yield kernel


@pytest.fixture
def kernel(shared_kernel: Kernel) -> Kernel:
    """A kernel in which nothing is defined but `check`."""
    shared_kernel.run("%reset -f\nimport linecache; linecache.clearcache()")
    shared_kernel.run("from keras_kata.notebook import check, start\nstart()")
    return shared_kernel


def test_a_right_answer_gets_its_points_as_the_cells_value(kernel: Kernel) -> None:
    assert kernel.run(RIGHT).error == ""
    ran = kernel.run(PROBE)
    assert (ran.value, ran.error, ran.streams) == ("1.5", "", {"stdout": "", "stderr": ""})
    assert "passed" in ran.html
    assert "1.5 of 1.5 points" in ran.html


def test_each_call_judges_what_is_defined_then(kernel: Kernel) -> None:
    kernel.run("def moving_average(series, width):\n    raise NotImplementedError()")
    assert kernel.run(PROBE).value == "0.0"
    kernel.run(RIGHT)
    assert kernel.run(PROBE).value == "1.5"
    kernel.run("def moving_average(series, width):\n    return series")
    assert kernel.run(PROBE).value == "0.0"


def test_a_mistake_is_named_with_case_received_and_expected(kernel: Kernel) -> None:
    kernel.run(RIGHT.replace("np.mean", "np.sum"))
    ran = kernel.run(PROBE)
    assert ran.value == "0.0"
    for said in ("With", "Received", "Expected", "windows_summed", "You return the sum of each window"):
        assert said in ran.html
        assert said in ran.text or said.startswith("You")
    assert "Next hint: <code>kata hint module1/moving_average::averages</code>" in ran.html
    assert "Run again:  this cell" in ran.text


def test_a_whole_exercise_shows_every_probe_and_the_sum(kernel: Kernel) -> None:
    kernel.run(RIGHT.replace("np.mean", "np.sum"))
    ran = kernel.run("check('module1/moving_average')")
    assert (ran.value, ran.error) == (None, "")
    assert ran.html.count('class="keras-kata"') == 2
    assert "<strong>0.5 of 2 points</strong>" in ran.html
    assert ran.text.endswith("0.5 of 2 points")


@pytest.mark.parametrize(
    ("source", "said"),
    table(
        [
            (
                "nothing defined",
                "pass",
                "the notebook has no `moving_average` yet. Run the cell that defines it",
            ),
            ("misspelt", "def moving_averages(series, width): pass", "There is `moving_averages`"),
            ("no function", "moving_average = 3", "must be a function, and is of type int"),
            (
                "signature",
                "def moving_average(series): pass",
                "must take (series, width), and takes (series)",
            ),
            ("stub", "def moving_average(series, width):\n    raise NotImplementedError()", "Not attempted"),
            ("nothing returned", "def moving_average(series, width): pass", "is a `return` missing?"),
        ]
    ),
)
def test_what_a_learner_reads(kernel: Kernel, source: str, said: str) -> None:
    kernel.run(source)
    ran = kernel.run(PROBE)
    assert ran.value == "0.0"
    assert said in " ".join(ran.text.split())


def test_an_exception_shows_the_lines_of_the_cells_alone(kernel: Kernel) -> None:
    kernel.run("def inner(series):\n    return series['nothing']")
    kernel.run("import numpy as np\n\ndef moving_average(series, width):\n    return inner(series)")
    text = kernel.run(PROBE).text
    assert "    line 4, in moving_average:  return inner(series)" in text
    assert "    line 2, in inner:  return series['nothing']" in text
    assert "worker.py" not in text
    assert text.count("    line ") == 2


@pytest.mark.parametrize(
    "source",
    table(
        [
            (
                "called",
                "import numpy as np\ndef moving_average(s, w):\n    return np.convolve(s, np.ones(w))",
            ),
            (
                "aliased",
                "from numpy import convolve as fold\ndef moving_average(s, w):\n    return fold(s, s)",
            ),
            (
                "found at run time",
                "def moving_average(s, w):\n    return vars(numpy)['con' + 'volve'](s, s)\nimport numpy",
            ),
        ]
    ),
)
def test_what_is_forbidden_is_found_in_cells(kernel: Kernel, source: str) -> None:
    kernel.run(source)
    ran = kernel.run(PROBE)
    assert ran.value == "0.0"
    assert "numpy.convolve" in ran.text
    assert "Take the windows yourself" in " ".join(ran.text.split())


def test_an_import_in_one_cell_is_followed_into_another(kernel: Kernel) -> None:
    kernel.run("from numpy import convolve as fold")
    kernel.run("def moving_average(s, w):\n    return fold(s, s)")
    text = " ".join(kernel.run(PROBE).text.split())
    assert "It is in line 2 of its cell" in text


def test_what_a_cell_did_before_it_was_changed_does_not_count(kernel: Kernel) -> None:
    kernel.run("import numpy as np\ndef moving_average(s, w):\n    return np.convolve(s, np.ones(w))")
    kernel.run(RIGHT)
    assert kernel.run(PROBE).value == "1.5"


@pytest.mark.parametrize(
    "noise",
    table(
        [
            ("print", "print('x', file=sys.stderr)"),
            ("stream", "sys.stderr.write('x')"),
            ("descriptor", "os.write(2, b'x')"),
            ("warning", "warnings.warn('x')"),
            ("log", "logging.getLogger('a').warning('x')"),
            ("log through a stream kept from before", "LOG.warning('x')"),
            ("a child", "os.system('echo x >&2')"),
            ("prints", "print('x' * 100)"),
        ]
    ),
)
def test_what_is_written_costs_nothing_and_stays_out_of_the_cell(kernel: Kernel, noise: str) -> None:
    kernel.run("import logging, os, sys, warnings")
    kernel.run("LOG = logging.getLogger('b'); LOG.addHandler(logging.StreamHandler(sys.stderr))")
    kernel.run(RIGHT.replace("    if not", f"    {noise}\n    if not"))
    ran = kernel.run(PROBE)
    assert (ran.value, ran.streams) == ("1.5", {"stdout": "", "stderr": ""})
    assert kernel.run("print('back', file=sys.stderr)").streams["stderr"] == "back\n"


def test_what_is_printed_in_the_case_shown_is_in_the_message(kernel: Kernel) -> None:
    kernel.run("def moving_average(series, width):\n    print('<b>width', width)\n    return series * 0")
    ran = kernel.run(PROBE)
    assert "<b>width" in ran.text
    assert "&lt;b&gt;width" in ran.html
    assert "<b>width" not in ran.html


def test_the_namespace_is_as_it_was(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    kernel.run("import sys\nbefore = sorted(globals()), sys.modules['__main__'], sys.stdout, sys.stderr")
    kernel.run(PROBE)
    after = "sorted(set(globals()) - {'before'}), sys.modules['__main__'], sys.stdout, sys.stderr"
    ran = kernel.run(
        f"now = {after}\n[one == other for one, other in zip(before[1:], now[1:])], '__file__' in globals()"
    )
    assert ran.value == "([True, True, True], False)"


def test_an_endless_loop_ends(kernel: Kernel) -> None:
    kernel.run("def moving_average(series, width):\n    while True:\n        pass")
    ran = kernel.run(PROBE)
    assert ran.value == "0.0"
    assert "was stopped after" in ran.text


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("check('module1/moving_averag::averages')", "Did you mean module1/moving_average"),
        (
            "check('module1/moving_average::average')",
            "has no probe 'average'. It has: averages, impossible_widths",
        ),
        ("check('module2/softmax::probabilities')", "is missing"),
    ],
)
def test_what_is_not_there_is_an_error_that_says_so(kernel: Kernel, call: str, said: str) -> None:
    ran = kernel.run(call)
    assert said in ran.error
    assert ran.value is None


def test_another_seed_without_solutions_takes_the_recorded_cases(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    assert kernel.run("check('module1/moving_average::averages', seed=7)").value == "1.5"
    kernel.run(RIGHT.replace("np.mean", "np.sum"))
    assert kernel.run("check('module1/moving_average::averages', seed=7)").value == "0.0"


def test_outside_of_a_notebook_it_says_what_to_do(
    notebook_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(notebook_folder)
    with pytest.raises(KataError, match="To judge a file, run pytest"):
        check("module1/moving_average::averages")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel as nbgrader's autograder has it, with the solutions in a folder above."""
    course = Course(copy_mini_course(tmp_path_factory.mktemp("graded") / "course"))
    list(write_notebooks(course, [course["module1/moving_average"]], course.root / "nbgrader"))
    folder = course.root / "nbgrader" / "source" / "module1"
    with running_kernel(tmp_path_factory.mktemp("kernel"), folder, NBGRADER_EXECUTION="autograde") as kernel:
        kernel.run("from keras_kata.notebook import check")
        yield kernel


def test_the_diagnosis_is_told_and_neither_case_nor_expected_value(graded: Kernel) -> None:
    graded.run(RIGHT.replace("np.mean", "np.sum").replace("    if", "    print('seen', series)\n    if"))
    ran = graded.run("check('module1/moving_average::averages', seed=99)")
    assert ran.value == "0.0"
    for page in (ran.html, ran.text):
        assert "windows_summed" in page
        assert "in graded cases neither is shown" in " ".join(page.split())
        for secret in ("With", "series = ", "Received", "Expected", "seen", "<img"):
            assert secret not in page


def test_cases_of_a_secret_seed_are_judged_live(graded: Kernel) -> None:
    graded.run("import keras_kata.notebook as n, numpy as np")
    graded.run(
        "def moving_average(series, width):\n    SEEN.append(series.tolist())\n    return series\nSEEN = []"
    )
    graded.run("check('module1/moving_average::averages', seed=1); one, SEEN = SEEN[3:9], []")
    graded.run("check('module1/moving_average::averages', seed=2); other, SEEN = SEEN[3:9], []")
    assert graded.run("one != other").value == "True"


def test_the_cell_for_trying_out_judges_nothing(graded: Kernel) -> None:
    graded.run("def moving_average(series, width):\n    raise SystemExit")
    ran = graded.run("check('module1/moving_average')")
    assert (ran.value, ran.html, ran.error) == (None, "", "")


class Elements(html.parser.HTMLParser):
    """Every element of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_what_a_submission_says_is_text_and_never_markup(kernel: Kernel) -> None:
    kernel.run(
        "def moving_average(series, width):\n"
        "    raise ValueError('<script>alert(1)</script><img src=x onerror=alert(2)>\\u202eevil' + 'x' * 100_000)"
    )
    ran = kernel.run(PROBE)
    page = Elements()
    page.feed(ran.html)
    assert {tag for tag, _ in page.found} <= {"div", "p", "strong", "br", "pre", "code"}
    assert not [name for _, attributes in page.found for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;" in ran.html
    assert "\u202e" not in ran.html
    assert len(ran.html) < 20_000


@pytest.mark.slow
@pytest.mark.tensorflow
def test_a_keras_exercise_is_judged_in_its_notebook(tmp_path: Path) -> None:
    """Every cell of the notebook with solutions is run, then one layer that its writer forgot to register."""
    exercise = Course(ROOT)["module1/serializable_swish_layer"]
    cells = {
        cell["id"]: cell["source"] for cell in make_notebook(exercise)["cells"] if cell["cell_type"] == "code"
    }
    graded = {name.split("-probe-")[1]: source for name, source in cells.items() if "-probe-" in name}
    points = {probe.name: probe.points for probe in outline(exercise)}
    with running_kernel(tmp_path, ROOT) as kernel:
        for name, source in cells.items():
            if "-try" not in name and "-probe-" not in name:
                assert kernel.run(source).error == "", name
        found = {name: kernel.run(source) for name, source in graded.items()}
        assert {name: float(ran.value or -1) for name, ran in found.items()} == points, found
        assert {ran.streams["stderr"] for ran in found.values()} == {""}

        layer = cells["serializable_swish_layer-solution-LearnableSwish"]
        kernel.run("keras.saving.get_custom_objects().clear()")
        kernel.run(re.sub(r"(?m)^@keras.saving.register.*\n", "", layer))
        unregistered = [kernel.run(source).value for source in graded.values()]
        assert "0.0" in unregistered, "Keras must not find the class in the notebook"
        assert any(value != "0.0" for value in unregistered)
