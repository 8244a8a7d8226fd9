"""CSV of one's own, read by another reader of CSV."""

import csv
import io

import pytest

from keras_kata.exports import csv_table
from keras_kata.exports.cells import inert
from keras_kata.exports.choices import Level, Per
from tests.classroom import CLASS, MEAN, MOVING
from tests.exports.conftest import HOSTILE


def rows(made):
    return list(csv.DictReader(io.StringIO(made.files[""], newline=""), strict=True))


def test_a_row_per_exercise(grades, store):
    found = rows(csv_table.export(grades(), Per.EXERCISE))
    expected = {
        (inert(r.student), r.exercise): (r.state, r.points, r.max_points, str(len(r.verdicts)))
        for r in store.results()
    }
    assert len(found) == len(expected)
    for row in found:
        told = (row["status"], float(row["points"]), float(row["max_points"]), row["probes"])
        assert told == expected[row["student"], row["exercise"]]
    assert {row["mistakes"] for row in found if row["student"] == "ben" and row["exercise"] == MOVING} == {
        "windows_summed"
    }


def test_a_row_per_probe_has_the_feedback(grades):
    made = grades(MOVING, students=["ben"])
    found = rows(csv_table.export(made, Per.PROBE))
    (result,) = made.of("ben")
    assert [row["feedback"] for row in found] == [
        made.feedback(result, verdict) for verdict in result.verdicts
    ]
    assert [(row["probe"], row["status"], row["points"]) for row in found] == [
        ("averages", "failed", "0"),
        ("impossible_widths", "passed", "0.5"),
    ]


def test_a_row_per_student_counts_what_was_not_handed_in(grades):
    found = {row["student"]: row for row in rows(csv_table.export(grades(MOVING, "softmax"), Per.STUDENT))}
    assert (found["ada"]["points"], found["ada"]["max_points"], found["ada"]["exercises"]) == ("4", "4", "2")
    assert (found["dan"]["points"], found["dan"]["max_points"], found["dan"]["exercises"]) == ("0", "4", "1")
    assert set(CLASS) < set(found)


@pytest.mark.parametrize("per", list(Per))
def test_a_grader_error_is_loud(grades, per):
    made = csv_table.export(grades(MEAN, MOVING), per)
    about = [row for row in rows(made) if row["student"] == "ida" and row.get("exercise", MEAN) == MEAN]
    assert about
    assert all(row["note"].startswith("GRADER ERROR") for row in about)
    assert all(row.get("status", "grader error") == "grader error" for row in about)
    assert all(row["note"] == "" for row in rows(made) if row["student"] == "ada")
    assert any(problem.startswith(f"ida: {MEAN}::") for problem in made.problems)


@pytest.mark.parametrize("per", list(Per))
def test_hostile_names_survive_and_are_inert(grades, per):
    text = csv_table.export(grades(MOVING, level=Level.FULL), per).files[""]
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {row[0] for row in found[1:]} >= {inert(name) for name in HOSTILE}
    assert {row[0].removeprefix("'") for row in found[1:]} >= set(HOSTILE)
    assert len({len(row) for row in found}) == 1
    for row in found:
        for cell in row:
            dangerous = cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r")
            assert not dangerous or cell.lstrip("+-").replace(".", "").isdigit(), cell


def test_the_file_is_as_the_standard_says(grades):
    text = csv_table.export(grades(MOVING, students=["ada", "dan"]), Per.STUDENT).files[""]
    assert text == ("student,points,max_points,exercises,of,note\r\nada,2,2,1,1,\r\ndan,0,2,1,1,\r\n")
