"""results.json, by the rules of Gradescope's documentation."""

import json

import pytest

from keras_kata.exports import gradescope
from keras_kata.exports.choices import Level, Visibility
from tests.classroom import MEAN, MOVING, SOFTMAX
from tests.exports.conftest import HOSTILE

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
TOP = {
    "score": (int, float),
    "execution_time": (int,),
    "output": (str,),
    "output_format": (str,),
    "test_output_format": (str,),
    "test_name_format": (str,),
    "visibility": (str,),
    "stdout_visibility": (str,),
    "extra_data": (dict,),
    "tests": (list,),
    "leaderboard": (list,),
}
TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": (str,),
    "name": (str,),
    "name_format": (str,),
    "number": (str,),
    "output": (str,),
    "output_format": (str,),
    "tags": (list,),
    "visibility": (str,),
    "extra_data": (dict,),
}


def check_fields(entry, fields):
    for name, value in entry.items():
        assert name in fields, f"Gradescope documents no field {name}"
        assert isinstance(value, fields[name]), name
        assert not isinstance(value, bool)
        if name.endswith("visibility"):
            assert value in VISIBILITIES
        if name.endswith("_format"):
            assert value in FORMATS


def checked(text):
    """The file, which is as the documentation says; `total` is the score that Gradescope shows."""
    data = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    check_fields(data, TOP)
    assert "score" in data or all("score" in test for test in data["tests"])
    for test in data["tests"]:
        check_fields(test, TEST)
        assert test.get("status", "passed") in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
    data["total"] = data.get("score", sum(test["score"] for test in data["tests"]))
    return data


def test_a_student_s_file(grades):
    made = gradescope.export(grades(MOVING, SOFTMAX, students=["ben"]))
    assert list(made.files) == [""]
    data = checked(made.files[""])
    assert data["total"] == 1.5
    assert sum(test["max_score"] for test in data["tests"]) == 4
    assert [(test["name"], test["number"], test["status"]) for test in data["tests"]] == [
        (f"{MOVING}::averages", "1.1", "failed"),
        (f"{MOVING}::impossible_widths", "1.2", "passed"),
        (f"{SOFTMAX}::probabilities", "2.1", "passed"),
        (f"{SOFTMAX}::large_scores", "2.2", "failed"),
    ]
    assert data["stdout_visibility"] == "hidden"
    assert "Likely mistake (windows_summed)" in data["tests"][0]["output"]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_tests_are_as_visible_as_is_asked_for(grades, visibility):
    data = checked(gradescope.export(grades(MOVING, students=["ben"]), visibility).files[""])
    assert {test["visibility"] for test in data["tests"]} == {visibility.value}
    assert data["visibility"] == visibility.value


def test_an_exercise_without_an_answer_is_a_failed_test(grades):
    data = checked(gradescope.export(grades(MOVING, SOFTMAX, students=["dan"])).files[""])
    assert data["tests"][-1]["name"] == f"{SOFTMAX}: no answer"
    assert data["tests"][-1]["max_score"] == 2
    assert sum(test["max_score"] for test in data["tests"]) == 4
    assert f"No answer to {SOFTMAX} was found." in data["output"]


def test_a_grader_error_has_its_points_and_is_loud(grades):
    made = gradescope.export(grades(MEAN, students=["ida"]))
    data = checked(made.files[""])
    assert data["output"].startswith("GRADER ERROR")
    assert data["total"] == sum(test["max_score"] for test in data["tests"]) > 0
    assert {test["status"] for test in data["tests"]} == {"failed"}
    assert all(test["name"].startswith("GRADER ERROR: ") for test in data["tests"])
    assert made.problems


def test_several_students_have_a_folder_each(grades):
    made = gradescope.export(grades(MOVING))
    assert {"ada/results.json", "ben/results.json", "🦊🇩🇪/results.json"} <= set(made.files)
    for name, text in made.files.items():
        assert not name.startswith((".", "/"))
        assert ".." not in name
        assert "\n" not in name
        assert checked(text)["extra_data"]["student"] == name.split("/")[0]
    refused = [name for name in HOSTILE if f"{name}/results.json" not in made.files]
    assert {"../../x", "two\nlines", "<script>alert('&amp;')</script>]]>"} <= set(refused)
    assert len([problem for problem in made.problems if "no file is written" in problem]) == len(refused)
    assert all(problem.isprintable() for problem in made.problems)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_survive(grades, name):
    data = checked(gradescope.export(grades(MOVING, students=[name], level=Level.FULL)).files[""])
    assert data["extra_data"]["student"] == name
