"""What the reporter of GitHub Classroom's autograding makes of the variables."""

import base64
import json
import re

import pytest

from keras_kata.exports import classroom
from keras_kata.exports.choices import Level
from tests.classroom import MEAN, MOVING, SOFTMAX
from tests.exports.conftest import HOSTILE


def reported(text):
    """What the reporter reads, shows and sends: results by runner, the points, and whether its step fails."""
    environment = {}
    for line in text.splitlines():
        name, _, value = line.partition("=")
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", name), "no name of a variable"
        assert re.fullmatch(r"[A-Za-z0-9+/=_,]*", value), "needs no quoting in $GITHUB_ENV"
        environment[name] = value
    results = {}
    for runner in environment["KATA_RUNNERS"].split(","):
        encoded = environment[f"{runner.strip().upper()}_RESULTS"]
        results[runner] = json.loads(base64.b64decode(encoded, validate=True).decode("utf-8"))
    for result in results.values():
        assert result["status"] in ("pass", "fail", "error")
        assert type(result["max_score"]) in (int, float)
        assert result["tests"]
        for test in result["tests"]:
            assert test["status"] in ("pass", "fail", "error")
            assert type(test["score"]) in (int, float)
            assert isinstance(test["name"], str)
        assert {test["line_no"] for test in result["tests"]} == {0}  # else `line undefined` is shown
    points = sum(test["score"] for result in results.values() for test in result["tests"])
    most = sum(result["max_score"] for result in results.values())
    if not any(result["status"] == "error" for result in results.values()):
        assert table(results) == points
    failed = any(result["status"] in ("fail", "error") for result in results.values())
    return results, (points, most), failed


def table(results):
    """The total of the reporter's table, which counts each test of a runner alike."""
    shares = {
        name: sum(test["status"] == "pass" for test in result["tests"]) / len(result["tests"])
        for name, result in results.items()
    }
    return sum(share * results[name]["max_score"] for name, share in shares.items())


def test_points_and_status_of_a_student(grades):
    results, points, failed = reported(classroom.export(grades(MOVING, SOFTMAX, students=["ben"])).files[""])
    assert {name: result["status"] for name, result in results.items()} == {
        "module1_moving_average__averages": "fail",
        "module1_moving_average__impossible_widths": "pass",
        "module2_softmax__probabilities": "pass",
        "module2_softmax__large_scores": "fail",
    }
    assert points == (1.5, 4)
    assert failed
    (test,) = results["module1_moving_average__averages"]["tests"]
    assert test["name"] == f"{MOVING}::averages (windows_summed)"
    assert "You return the sum of each window" in test["message"]


def test_all_right_passes(grades):
    results, points, failed = reported(classroom.export(grades(MOVING, SOFTMAX, students=["ada"])).files[""])
    assert (points, failed) == ((4, 4), False)
    assert {result["status"] for result in results.values()} == {"pass"}


def test_an_exercise_without_an_answer_fails_with_its_points(grades):
    results, points, failed = reported(classroom.export(grades(MOVING, SOFTMAX, students=["dan"])).files[""])
    assert (points, failed) == ((0, 4), True)
    assert results["module2_softmax__no_answer"]["tests"][0]["name"] == f"{SOFTMAX}: no answer"


def test_a_grader_error_has_its_points_and_is_loud(grades):
    made = classroom.export(grades(MEAN, students=["ida"], level=Level.NONE))
    results, points, failed = reported(made.files[""])
    assert points == (2, 2)
    assert failed
    for result in results.values():
        assert result["status"] == "error"
        assert all(test["message"].startswith("GRADER ERROR") for test in result["tests"])
    assert made.problems


def test_nothing_is_told_where_that_is_asked_for(grades):
    results, _, _ = reported(classroom.export(grades(MOVING, students=["ben"], level=Level.NONE)).files[""])
    tests = [test for result in results.values() for test in result["tests"]]
    assert all("message" not in test and "windows_summed" not in test["name"] for test in tests)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_break_nothing(grades, name):
    text = classroom.export(grades(MOVING, students=[name], level=Level.FULL)).files[""]
    assert reported(text)[1] == (0.5, 2)


def test_several_students_have_a_folder_each(grades):
    files = classroom.export(grades(MOVING, students=["ada", "ben"])).files
    assert sorted(files) == ["ada/classroom.env", "ben/classroom.env"]
