"""JUnit XML, by the rules of the schema of Apache Ant's JUnit task."""

import re
import xml.etree.ElementTree as ET

import pytest

from keras_kata.exports import junit
from keras_kata.exports.choices import Level
from tests.classroom import MEAN, MOVING, SOFTMAX
from tests.exports.conftest import HOSTILE

SUITE = {"name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"}


def checked(made):
    """The document's suites; every rule of the schema holds."""
    text = made.files[""]
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    root = ET.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    assert not root.attrib
    assert [suite.get("id") for suite in root] == [str(place) for place in range(len(root))]
    for suite in root:
        check_suite(suite)
    return list(root)


def check_suite(suite):
    assert suite.tag == "testsuite"
    assert set(suite.attrib) - {"skipped"} == SUITE
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
    assert re.fullmatch(r"\S+", suite.get("hostname"))
    tags = [child.tag for child in suite]
    cases = suite.findall("testcase")
    assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
    for entry in suite.find("properties"):
        assert (entry.tag, set(entry.attrib)) == ("property", {"name", "value"})
        assert entry.get("name").strip()
    counts = dict.fromkeys(("failure", "error", "skipped"), 0)
    for case in cases:
        assert set(case.attrib) == {"name", "classname", "time"}
        float(case.get("time"))
        assert len(case) <= 1
        for problem in case:
            counts[problem.tag] += 1
            assert set(problem.attrib) <= {"message", "type"}
            assert problem.get("type")
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == counts["failure"]
    assert int(suite.get("errors")) == counts["error"]
    assert int(suite.get("skipped")) == counts["skipped"]
    assert float(suite.get("time")) == pytest.approx(sum(float(c.get("time")) for c in cases), abs=0.01)


def by_name(suite):
    return {case.get("name"): case for case in suite.findall("testcase")}


def test_a_suite_for_each_student_and_exercise(grades, store):
    suites = checked(junit.export(grades()))
    assert len(suites) == len(list(store.results()))
    ben = {suite.get("name"): by_name(suite) for suite in suites if suite.get("package") == "ben"}
    assert list(ben) == [f"ben/{MOVING}", f"ben/{SOFTMAX}"]
    wrong = ben[f"ben/{MOVING}"]["averages"].find("failure")
    assert (wrong.get("type"), wrong.get("message")) == ("failed", "windows_summed")
    assert "You return the sum of each window" in wrong.text
    assert len(ben[f"ben/{MOVING}"]["impossible_widths"]) == 0


@pytest.mark.parametrize(
    ("student", "kind"),
    [
        ("cleo", "raised"),
        ("dan", "not attempted"),
        ("eve", "unusable"),
        ("hal", "forbidden"),
        ("gus", "failed"),
    ],
)
def test_every_outcome_is_a_failure_of_its_own_type(grades, student, kind):
    (suite,) = checked(junit.export(grades(MOVING, students=[student])))
    failure = by_name(suite)["averages"].find("failure")
    assert failure.get("type") == kind


def test_points_are_properties(grades):
    (suite,) = checked(junit.export(grades(MOVING, students=["ben"])))
    values = {entry.get("name"): float(entry.get("value")) for entry in suite.find("properties")}
    assert values == {
        "points": 0.5,
        "max_points": 2,
        "averages.points": 0,
        "averages.max_points": 1.5,
        "impossible_widths.points": 0.5,
        "impossible_widths.max_points": 0.5,
    }


def test_a_grader_error_is_an_error_and_nothing_else_is(grades):
    made = junit.export(grades(MOVING, MEAN, students=["ida"]))
    moving, mean = checked(made)
    assert (moving.get("errors"), mean.get("failures")) == ("0", "0")
    assert int(mean.get("errors")) == int(mean.get("tests")) > 0
    for case in mean.findall("testcase"):
        assert case.find("error").get("message").startswith("GRADER ERROR")
    assert made.problems


@pytest.mark.parametrize("level", list(Level))
def test_hostile_names_survive(grades, level):
    suites = checked(junit.export(grades(MOVING, level=level)))
    names = {suite.get("package") for suite in suites}
    shown = {name.replace("\x1b", "\\x1b").replace("\x07", "\\x07") for name in HOSTILE}
    assert shown <= names
