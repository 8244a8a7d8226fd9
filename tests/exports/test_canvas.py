"""Canvas's gradebook, filled in as its importer reads it."""

import codecs
import csv
import io

import pytest

from keras_kata.errors import ExportError
from keras_kata.exports import canvas
from keras_kata.exports.sheet import Sheet
from tests.classroom import MEAN, MOVING, SOFTMAX

HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (31),The moving average (32),Softmax (33),"
    "Averages Current Score,Final Score"
)
SHEET = f"""{HEADER}
,,,,,Manual Posting,Manual Posting,,,
    Points Possible,,,,,10,2,4,(read only),(read only)
"Lovelace, Ada",901,u901,ada,Sec 1,8,,,80,
"Byron, Ben",902,u902,BEN@uni.example,Sec 1,,1,3,10,
"Cleo ""C"" O'Neil",903,cleo,c.oneil,Sec 2,,,,,
"=cmd()|x, Dan",904,u904,dan,Sec 2,,EX,,,
"עדה, Eve",905,u905,eve,Sec 2,,N/A,,,
"Quiet, Zoe",906,u906,zoe,Sec 2,5,,,,
"Student, Test",907,,,Sec 1,,,,,
"""


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "2026-11-21_Grades.csv"
    path.write_bytes(codecs.BOM_UTF8 + SHEET.replace("\n", "\r\n").encode())
    return lambda: Sheet.read(path)


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def imported(data):
    """What Canvas takes out of an upload: by number of the student and of the assignment."""
    rows = cells(data)
    header = rows[0]
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert "Section" in header[4]
    grades = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or all(
            cell.strip() in ("", "Muted") or "Manual" in cell for cell in row
        ):
            continue
        for place in range(5, len(header)):
            if "Score" not in header[place]:
                grades[int(row[1]), header[place].rpartition("(")[2].rstrip(")")] = row[place]
    return grades


def test_points_go_into_the_one_column_and_nothing_else_changes(grades, sheet):
    made = canvas.export(grades(MOVING, students=["ada", "ben", "cleo"]), sheet())
    data = made.files[""]
    before, after = cells(codecs.BOM_UTF8 + SHEET.encode()), cells(data)
    changed = {
        (n, header): new
        for n, (old_row, new_row) in enumerate(zip(before, after, strict=True))
        for header, old, new in zip(before[0], old_row, new_row, strict=True)
        if old != new
    }
    dan = "'=cmd()|x, Dan"
    column = "The moving average (32)"
    assert changed == {(3, column): "2", (4, column): "0.5", (5, column): "0", (6, "Student"): dan}
    assert made.problems == ()
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(b"\r\n") == data.count(b"\n") == SHEET.count("\n")
    assert imported(data)[902, "32"] == "0.5"
    assert imported(data)[901, "31"] == "8"


@pytest.mark.parametrize("column", ["Softmax", "softmax (33)", "33"])
def test_the_column_can_be_named(grades, sheet, column):
    data = canvas.export(grades(MOVING, SOFTMAX, students=["ada"]), sheet(), column=column).files[""]
    assert imported(data)[901, "33"] == "4"


def test_a_whole_module_goes_by_its_name_or_title(grades, sheet):
    titled = sheet()
    titled.rows[0][5] = "Averages (31)"
    titled.rows[2][5] = "4"
    data = canvas.export(grades(MOVING, MEAN, students=["ada"]), titled).files[""]
    assert imported(data)[901, "31"] == "2"


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (None, r"has no assignment called 'A mean that is kept up to date' or .* there are: 'Essay \(31\)'"),
        ("Final Score", "has no assignment called 'Final Score'"),
        ("Section", "has no assignment called 'Section'"),
        ("Averages Current Score", "has no assignment called"),
        ("Essay", r"'Essay \(31\)' is worth 10 points, the exercises 2: choose other exercises"),
    ],
)
def test_a_wrong_column_is_said(grades, sheet, column, said):
    with pytest.raises(ExportError, match=said):
        canvas.export(grades(MEAN, students=["ida"]), sheet(), column=column)


def test_a_read_only_column_is_refused(grades, sheet):
    locked = sheet()
    locked.rows[2][6] = "(read only)"
    with pytest.raises(ExportError, match=r"'The moving average \(32\)' is read-only"):
        canvas.export(grades(MOVING), locked)


def test_points_are_converted_where_that_is_asked_for(grades, sheet):
    data = canvas.export(grades(MOVING, students=["ben"]), sheet(), column="Essay", scale=True).files[""]
    assert imported(data)[902, "31"] == "2.5"


def test_what_can_not_be_written_is_told_and_the_rest_is_written(grades, sheet):
    made = canvas.export(grades(MOVING), sheet())
    assert imported(made.files[""])[901, "32"] == "2"
    told = "\n".join(made.problems)
    assert "dan: the sheet says EX, which is kept; no grade is written" in told
    assert "eve: the sheet says N/A, which is kept; no grade is written" in told
    assert "fay is in no row of the sheet: no grade is written" in told
    assert all(problem.replace("\t", " ").isprintable() for problem in made.problems)
    assert imported(made.files[""])[904, "32"] == "EX"
    assert imported(made.files[""])[906, "32"] == ""


def test_a_grader_error_is_no_grade(grades, sheet):
    titled = sheet()
    titled.rows[3][3] = "ida"
    before = imported(titled.as_bytes())
    made = canvas.export(grades(MEAN), titled, column="The moving average")
    assert imported(made.files[""]) == before
    assert [problem.split(". GRADER")[0] for problem in made.problems] == ["ida: no grade is written"]


def test_students_can_be_matched_by_a_named_column(grades, sheet):
    named = sheet()
    named.rows[3][2] = "ben"
    data = canvas.export(grades(MOVING, students=["ben"]), named, match="SIS User ID").files[""]
    assert (imported(data)[901, "32"], imported(data)[902, "32"]) == ("0.5", "1")
    with pytest.raises(ExportError, match="has no column 'Login'"):
        canvas.export(grades(MOVING), sheet(), match="Login")


def test_a_semicolon_sheet_keeps_its_delimiter(grades, tmp_path):
    path = tmp_path / "de.csv"
    path.write_text("Student;ID;Section;The moving average (32)\n    Points Possible;;;2,00\nada;1;S;\n")
    data = canvas.export(grades(MOVING, students=["ben", "ada"]), Sheet.read(path)).files[""]
    assert data.decode().splitlines()[2] == "ada;1;S;2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name,Email\nx,y\n", "is not Canvas's: its header must have Student, ID and Section"),
        ("Student,ID,Section,The moving average (3)\nada,1,S,\n", "lacks the row `Points Possible`"),
        ("Student,ID,Section,A (1),A (2)\n Points Possible,,,,\n", "has more than one assignment called 'A'"),
    ],
)
def test_another_sheet_is_refused(grades, tmp_path, text, said):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ExportError, match=said):
        canvas.export(grades(MOVING), Sheet.read(tmp_path / "x.csv"), column="A" if "A (1)" in text else None)
