"""Sheets of gradebooks: read and given back as they were."""

import codecs

import pytest

from keras_kata.errors import ExportError
from keras_kata.exports.roster import Key, address, as_it_is, find_rows, full_name, participant
from keras_kata.exports.sheet import Sheet, points_of, score

ROWS = 'Name,Points\r\n"Lovelace, Ada",\r\n"say ""x""",1\r\n'


def sheet_of(tmp_path, data, encoding=None):
    path = tmp_path / "sheet.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return Sheet.read(path, encoding)


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ROWS.replace("\r\n", "\n").encode(),
        ROWS.replace("\r\n", "\r").encode(),
        ROWS.removesuffix("\r\n").encode(),
        codecs.BOM_UTF8 + ROWS.encode(),
        codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + ROWS.encode("utf-16-be"),
        b'Name;Points\r\n"Love;lace";1,5\r\n',
        b"Name\tPoints\nAda, L.\t1\n",
        'A,B\n"two\nlines",עדה\n"cr\ronly",🦊\n'.encode(),
    ],
    ids=[
        "crlf",
        "lf",
        "cr",
        "no last newline",
        "utf-8 mark",
        "utf-16-le",
        "utf-16-be",
        ";",
        "tab",
        "newlines in cells",
    ],
)
def test_a_sheet_that_is_not_filled_in_comes_back_byte_for_byte(tmp_path, data):
    assert sheet_of(tmp_path, data).as_bytes() == data


def test_an_encoding_can_be_named(tmp_path):
    data = "Name,Points\nZoë,\n".encode("cp1252")
    with pytest.raises(
        ExportError, match=r"is not in utf-8: say which encoding it has, such as --encoding cp1252"
    ):
        sheet_of(tmp_path, data)
    sheet = sheet_of(tmp_path, data, "cp1252")
    sheet.fill(1, 1, "2")
    assert sheet.as_bytes() == "Name,Points\nZoë,2\n".encode("cp1252")
    sheet.fill(1, 1, "🦊")
    with pytest.raises(ExportError, match=r"the encoding cp1252 of sheet\.csv has no"):
        sheet.as_bytes()
    with pytest.raises(ExportError, match="no encoding is called 'klingon'"):
        sheet_of(tmp_path, data, "klingon")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "has no header"),
        (b",,\n1,2,3\n", "has no header"),
        (b'a,b\n"open,1\n', "is no CSV"),
        (b"\xff\xfea", "not in utf-16"),
    ],
)
def test_what_is_no_sheet_is_said(tmp_path, data, said):
    with pytest.raises(ExportError, match=said):
        sheet_of(tmp_path, data)


def test_a_missing_sheet_is_said(tmp_path):
    with pytest.raises(ExportError, match=r"none\.csv can't be read: No such file"):
        Sheet.read(tmp_path / "none.csv")


def test_columns_are_found_whatever_their_case(tmp_path):
    sheet = sheet_of(tmp_path, "Name, Points ,NAME\n")
    assert sheet.column("none", "points") == 1
    assert sheet.column("none") is None
    assert sheet.the_column("POINTS", "--column") == 1
    with pytest.raises(ExportError, match="has more than one column 'name'"):
        sheet.the_column("name", "--match")
    with pytest.raises(ExportError, match=r"has no column 'Note'\. .* with --column: 'Name', ' Points '"):
        sheet.the_column("Note", "--column")


def test_a_short_row_is_made_as_long_as_it_must_be(tmp_path):
    sheet = sheet_of(tmp_path, "a,b,c\n1\n")
    assert sheet.cell(1, 2) == sheet.cell(1, None) == ""
    sheet.fill(1, 2, "=x")
    assert sheet.as_bytes() == b"a,b,c\n1,,'=x\n"


@pytest.mark.parametrize(
    ("text", "points"),
    [("10", 10), (" 7.50 ", 7.5), ("7,5", 7.5), ("(read only)", None), ("", None), ("-1", None)],
)
def test_points_of_a_cell(text, points):
    assert points_of(text) == points


def test_scores():
    assert score(1.5, 4, "4", scale=False, column="c") == "1.5"
    assert score(1.5, 4, "4,00", scale=False, column="c") == "1,5"
    assert score(1.5, 4, "", scale=False, column="c") == "1.5"
    assert score(1.5, 4, "100", scale=True, column="c") == "37.5"
    assert score(1, 3, "10", scale=True, column="c") == "3.33"
    with pytest.raises(ExportError, match="the column 'c' is worth 10 points, the exercises 4: choose other"):
        score(1.5, 4, "10", scale=False, column="c")


# Who is who


ROSTER = """Login,Mail,Name,Identifier
ada,ada@uni.example,"Lovelace, Ada",Participant 11
B.Byron,byron@uni.example,"Byron, Ben",Participant 12
,jose@uni.example,José,Participant 13
x1,twin@a.example,Twin,Participant 14
x2,twin@b.example,Twin,Participant 15
12,zz@uni.example,Number,Participant 16
"""
KEYS = [
    Key(0, as_it_is),
    Key(1, as_it_is),
    Key(3, as_it_is),
    Key(3, participant),
    Key(1, address),
    Key(2, full_name),
]


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("ada", 1),
        ("ADA", 1),
        ("Ada Lovelace", 1),
        ("Lovelace, Ada", 1),
        ("ada_lovelace", 1),
        ("b.byron", 2),
        ("byron@uni.example", 2),
        ("byron", 2),
        ("Jose\u0301", 3),
        ("12", 6),
        ("Whoever Is It_12_assignsubmission_file_", 2),
        ("Participant 15", 5),
    ],
)
def test_students_are_found(tmp_path, student, row):
    assert find_rows(sheet_of(tmp_path, ROSTER), [student], range(1, 7), KEYS) == ({student: row}, [])


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("eve", "eve is in no row of the sheet: no grade is written"),
        ("twin", "twin fits 2 rows of the sheet: no grade is written"),
        ("", " is in no row of the sheet: no grade is written"),
        ("=\x1b[31m", "= is in no row of the sheet: no grade is written"),
    ],
)
def test_students_that_are_not_found_are_told(tmp_path, student, said):
    assert find_rows(sheet_of(tmp_path, ROSTER), [student], range(1, 7), KEYS) == ({}, [said])


def test_two_students_in_one_row_are_both_told(tmp_path):
    students = ["ada", "Ada Lovelace", "byron"]
    found, problems = find_rows(sheet_of(tmp_path, ROSTER), students, range(1, 7), KEYS)
    assert found == {"byron": 2}
    assert problems == [
        f"{name} fits row 2, and so does another student: no grade is written" for name in students[:2]
    ]
