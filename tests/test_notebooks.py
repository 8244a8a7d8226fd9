"""The source notebooks: their cells, their ids, and what is written where."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from keras_kata.course import Course
from keras_kata.errors import AuthoringError
from keras_kata.judge import Judge
from keras_kata.notebooks import make_notebook, secret_seed, write_notebooks
from keras_kata.outline import outline

from .conftest import copy_mini_course

ROOT = Path(__file__).parents[1]
EXERCISES = [pytest.param(exercise, id=exercise.slug) for exercise in Course(ROOT)]


@pytest.fixture(scope="module")
def shared_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose exercises were recorded."""
    course = Course(copy_mini_course(tmp_path_factory.mktemp("course") / "course"))
    list(write_notebooks(course, list(course), tmp_path_factory.mktemp("first"), jobs=2))
    return course


def sources(notebook: dict[str, Any]) -> dict[str, str]:
    return {cell["id"]: cell["source"] for cell in notebook["cells"]}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_exercise_has_a_valid_notebook_with_all_its_points(exercise) -> None:
    notebook = make_notebook(exercise)
    nbformat.validate(notebook)
    known = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    assert len({cell["grade_id"] for cell in known}) == len(known)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    graded = [cell for cell in known if cell["grade"]]
    assert [cell["points"] for cell in graded] == [probe.points for probe in outline(exercise)]
    assert all(cell["locked"] and not cell["solution"] for cell in graded)
    assert make_notebook(exercise) == notebook


def test_the_cells_of_a_notebook(shared_course: Course) -> None:
    exercise = shared_course["module1/moving_average"]
    cells = sources(make_notebook(exercise))
    assert list(cells) == [
        "moving_average-instructions",
        "moving_average-setup",
        "moving_average-imports",
        "moving_average-solution-moving_average",
        "moving_average-try",
        "moving_average-probe-averages",
        "moving_average-probe-impossible_widths",
    ]
    reference = (exercise.solution / "reference.py").read_text(encoding="utf-8")
    assert cells["moving_average-probe-averages"] == (
        "# 1.5 points: The average of every window that lies inside the series.\n"
        "from keras_kata.notebook import check\n\n"
        'check(\n    "module1/moving_average::averages",\n    ### BEGIN HIDDEN TESTS\n'
        f"    seed={secret_seed(exercise, 'averages', reference)},\n    ### END HIDDEN TESTS\n)"
    )
    assert cells["moving_average-imports"] == "import numpy as np"
    assert cells["moving_average-instructions"].startswith("# The moving average\n\nA noisy series")


def test_seeds_differ_by_probe_and_reference(shared_course: Course) -> None:
    exercise = shared_course["module1/moving_average"]
    seeds = {secret_seed(exercise, probe, text) for probe in ("a", "b") for text in ("one", "other")}
    assert len(seeds) == 4


def test_beside_the_notebooks_is_a_course_that_judges_without_solutions(
    shared_course: Course, tmp_path: Path
) -> None:
    written = list(write_notebooks(shared_course, [shared_course["module2/softmax"]], tmp_path))
    assert [(one.path, one.state, one.backup) for one in written] == [
        (tmp_path / "source" / "module2" / "softmax.ipynb", "wrote", None)
    ]
    folder = Course(tmp_path / "source" / "module2")
    files = {path.relative_to(folder.root).as_posix() for path in folder.root.rglob("*") if path.is_file()}
    assert files == {
        "course.toml",
        "softmax.ipynb",
        "graders/module2/softmax.py",
        "graders/support/arrays.py",
        "recordings/module2/softmax.kata",
    }
    judge = Judge(folder, folder["module2/softmax"])
    submission = judge.load(folder.root / "softmax.ipynb")
    assert [verdict.earned for verdict in judge.judge_all(submission)] == [1, 1]


def test_what_is_there_already_is_left_alone(shared_course: Course, tmp_path: Path) -> None:
    exercises = list(shared_course)
    list(write_notebooks(shared_course, exercises, tmp_path))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {one.state for one in write_notebooks(shared_course, exercises, tmp_path)} == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_notebook_that_was_only_run_is_no_work_to_keep(shared_course: Course, tmp_path: Path) -> None:
    [written] = write_notebooks(shared_course, [shared_course["module2/softmax"]], tmp_path)
    fresh = written.path.read_text(encoding="utf-8")
    notebook = json.loads(fresh)
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x"]}]
    notebook["cells"][1]["execution_count"] = 7
    notebook["cells"][3]["source"] = notebook["cells"][3]["source"].splitlines(keepends=True)
    written.path.write_text(json.dumps(notebook), encoding="utf-8")
    [again] = write_notebooks(shared_course, [shared_course["module2/softmax"]], tmp_path)
    assert (again.state, again.backup) == ("wrote", None)
    assert written.path.read_text(encoding="utf-8") == fresh


@pytest.mark.parametrize("damage", ["edited", "no JSON", "not UTF-8"])
def test_a_notebook_that_was_edited_by_hand_is_kept(
    shared_course: Course, tmp_path: Path, damage: str
) -> None:
    [written] = write_notebooks(shared_course, [shared_course["module2/softmax"]], tmp_path)
    notebook = json.loads(written.path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] += "\nA remark for this year."
    work = {"edited": json.dumps(notebook).encode(), "no JSON": b"mine", "not UTF-8": b"\xff\xfe"}[damage]
    written.path.write_bytes(work)
    [again] = write_notebooks(shared_course, [shared_course["module2/softmax"]], tmp_path)
    assert again.state == "wrote"
    assert again.backup is not None
    assert again.backup.read_bytes() == work


def test_a_changed_mistake_is_recorded_anew(tmp_path: Path) -> None:
    course = Course(copy_mini_course(tmp_path / "course"))
    exercise = course["module2/softmax"]
    list(write_notebooks(course, [exercise], tmp_path))
    recording = tmp_path / "source" / "module2" / "recordings" / "module2" / "softmax.kata"
    before = recording.read_bytes()
    path = exercise.solution / "misconceptions.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("You normalise over the examples", "You mix examples")
    )
    list(write_notebooks(course, [exercise], tmp_path))
    assert recording.read_bytes() != before


def test_a_reference_that_is_missing_is_told(tmp_path: Path) -> None:
    course = Course(copy_mini_course(tmp_path / "course"))
    (course["module2/softmax"].solution / "reference.py").unlink()
    with pytest.raises(AuthoringError, match=r"reference\.py"):
        list(write_notebooks(course, [course["module2/softmax"]], tmp_path))
