"""Moodle's grading worksheet, filled in as its importer reads it."""

import csv
import html
import io

import pytest

from keras_kata.errors import ExportError
from keras_kata.exports import moodle
from keras_kata.exports.choices import Level
from keras_kata.exports.sheet import Sheet
from tests.classroom import MEAN, MOVING
from tests.exports.conftest import SECRET

HEADER = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)
REST = '"Submitted for grading",{grade},2.00,Yes,"Monday, 2 March 2026, 1:00 PM",-,'
STUDENTS = [
    "Participant 11,Ada Lovelace,,ada@uni.example," + REST.format(grade=""),
    'Participant 12,"=Ben ""B"" Byron",ben,bb@uni.example,' + REST.format(grade="1.00"),
    "Participant 13,Cleo 🦊,,x@uni.example," + REST.format(grade=""),
    "Participant 14,Zoe Quiet,zoe,z@uni.example," + REST.format(grade=""),
]
SHEET = "\n".join([HEADER, *STUDENTS]) + "\n"


def sheet(tmp_path, text=SHEET):
    path = tmp_path / "Grades.csv"
    path.write_text(text, encoding="utf-8")
    return Sheet.read(path)


def imported(data, grade="Grade", feedback="Feedback comments"):
    """What Moodle takes out of an upload: grade and comment by the number of the participant."""
    text = data.decode("utf-8")
    found = {}
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        assert None not in row
        found[int(row["Identifier"].removeprefix("Participant "))] = (row[grade], row[feedback])
    return found


def test_grades_and_comments_are_filled_in_and_nothing_else_changes(grades, tmp_path):
    made = moodle.export(grades(MOVING, students=["ada", "ben"]), sheet(tmp_path))
    found = imported(made.files[""])
    assert {number: grade for number, (grade, _) in found.items()} == {11: "2", 12: "0.5", 13: "", 14: ""}
    assert found[11][1] == ""
    assert html.unescape(found[12][1].replace("<br>", "\n")).startswith(
        "averages: The average of every window"
    )
    assert "Likely mistake (windows_summed)" in found[12][1]
    after = list(csv.reader(io.StringIO(made.files[""].decode(), newline="")))
    before = list(csv.reader(io.StringIO(SHEET, newline="")))
    changed = {
        (n, place)
        for n, row in enumerate(before)
        for place, cell in enumerate(row)
        if cell != after[n][place]
    }
    assert changed == {(1, 5), (2, 5), (2, 10), (2, 1)}
    assert after[2][1] == '\'=Ben "B" Byron'
    assert [len(row) for row in after] == [len(row) for row in before]
    assert made.problems == ()


def test_students_are_found_by_moodles_own_folders(grades, tmp_path, store):
    text = SHEET.replace("Participant 13,", "cleo,")
    made = moodle.export(grades(MOVING, students=["cleo"]), sheet(tmp_path, text))
    assert b"\ncleo,Cleo" in made.files[""]
    assert made.problems == ()


def test_comments_are_html_that_holds_no_markup_of_a_student(grades, tmp_path):
    text = SHEET.replace("ada@uni.example", "cleo@uni.example")
    made = moodle.export(grades(MOVING, students=["cleo"], level=Level.FULL), sheet(tmp_path, text))
    comment = imported(made.files[""])[11][1]
    assert "&lt;b&gt;" in comment
    assert "<b>" not in comment
    assert "\n" not in comment


def test_no_comment_is_written_where_nothing_is_told(grades, tmp_path):
    made = moodle.export(grades(MOVING, students=["ben"], level=Level.NONE), sheet(tmp_path))
    assert imported(made.files[""])[12] == ("0.5", "")


GERMAN = (
    "Identifier,Vollständiger Name,E-Mail-Adresse,Bewertung,Bestwertung,Feedback als Kommentar\n"
    'Teilnehmer/in11,Ada,ada@x,,"2,00",\nTeilnehmer/in12,Ben,ben,,"2,00",\n'
)


def test_a_sheet_in_another_language_needs_its_columns_named(grades, tmp_path):
    with pytest.raises(
        ExportError, match=r"has no column 'Grade'\. Name the right one with --column: .*'Bewertung'"
    ):
        moodle.export(grades(MOVING), sheet(tmp_path, GERMAN))
    options = {
        "column": "Bewertung",
        "max_column": "Bestwertung",
        "feedback_column": "Feedback als Kommentar",
    }
    made = moodle.export(
        grades(MOVING, students=["ben"]), sheet(tmp_path, GERMAN), match="E-Mail-Adresse", **options
    )
    rows = list(csv.DictReader(io.StringIO(made.files[""].decode(), newline="")))
    assert [row["Bewertung"] for row in rows] == ["", "0,5"]
    assert "windows_summed" in rows[1]["Feedback als Kommentar"]


@pytest.mark.parametrize("option", ["column", "max_column", "feedback_column", "match"])
def test_a_column_that_was_named_must_be_there(grades, tmp_path, option):
    with pytest.raises(ExportError, match=f"has no column 'None such'.* --{option.replace('_', '-')}"):
        moodle.export(grades(MOVING), sheet(tmp_path), **{option: "None such"})


def test_a_sheet_without_any_known_column_is_refused(grades, tmp_path):
    with pytest.raises(
        ExportError, match=r"no column that students can be found by\. .* --match: 'a', 'Grade'"
    ):
        moodle.export(grades(MOVING), sheet(tmp_path, "a,Grade\nada,\n"))


def test_another_greatest_grade_is_refused_or_converted(grades, tmp_path):
    text = SHEET.replace("2.00,Yes", "100.00,Yes")
    with pytest.raises(ExportError, match=r"'Grade' is worth 100 points, the exercises 2: .* --scale"):
        moodle.export(grades(MOVING, students=["ben"]), sheet(tmp_path, text))
    made = moodle.export(grades(MOVING, students=["ben"]), sheet(tmp_path, text), scale=True)
    assert imported(made.files[""])[12][0] == "25"


def test_what_can_not_be_written_is_told_and_the_rest_is_written(grades, tmp_path):
    made = moodle.export(grades(MOVING), sheet(tmp_path))
    assert imported(made.files[""])[11][0] == "2"
    assert "fay is in no row of the sheet: no grade is written" in made.problems
    assert all(problem.replace("\t", " ").isprintable() for problem in made.problems)


def test_a_grader_error_is_no_grade(grades, tmp_path):
    made = moodle.export(grades(MEAN, level=Level.FULL), sheet(tmp_path, SHEET.replace("ada@", "ida@")))
    assert imported(made.files[""])[11] == ("", "")
    assert [problem.split(". GRADER")[0] for problem in made.problems] == ["ida: no grade is written"]
    assert SECRET.encode() not in made.files[""]


def test_the_sheet_of_the_whole_gradebook_is_filled_in_too(grades, tmp_path):
    column = "Assignment: The moving average (Real)"
    text = (
        f"First name,Last name,ID number,Email address,{column},Course total (Real)\n=Ben,B,7,ben@x,-,3.00\n"
    )
    made = moodle.export(grades(MOVING, students=["ben"]), sheet(tmp_path, text), column=column)
    assert made.files[""].decode() == text.replace("=Ben", "'=Ben").replace("ben@x,-", "ben@x,0.5")
