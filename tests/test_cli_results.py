"""`kata show`, `kata mistakes` and `kata export`, on a class that was really judged."""

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET

import pytest
from typer.testing import CliRunner

from keras_kata.cli import app
from keras_kata.results import DEFAULT_NAME, NewRun, Work, open_store
from keras_kata.verdicts import GraderError, Verdict
from tests.classroom import CLASS, MOVING, RIGHT, SEED, SUMMED, Classroom
from tests.conftest import copy_mini_course

HOSTILE = "[red]x[/red]\x1b[2J\u202e"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class was judged, with a student of a hostile name."""
    root = copy_mini_course(tmp_path_factory.mktemp("cli") / "course")
    with open_store(root / DEFAULT_NAME) as store:
        room = Classroom(root)
        run = room.grade(store)
        store.save(run, Work(HOSTILE, MOVING, "d", "g"), room.judged(MOVING, SUMMED), file=HOSTILE)
    return root


@pytest.fixture
def root(graded, tmp_path, monkeypatch):
    """A copy of it, as the current folder."""
    root = shutil.copytree(graded, tmp_path / "course")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "80")
    return root


def kata(*arguments, status=0):
    """Run the command in this process; what it prints."""
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result.output


def test_show_lists_a_students_exercises(root):
    lines = kata("show", "ben").splitlines()
    assert lines[1].split() == [MOVING, "0.5", "/", "2", "1", "of", "2", "probes", "pass", "windows_summed"]
    assert lines[-1].split() == ["all", "1.5", "/", "4"]


def test_show_of_an_exercise_tells_all_that_is_known(root):
    text = kata("show", "ben", "moving_average")
    for part in (
        f"ben: {MOVING}  0.5 / 2 points, failed",
        f"with seed {SEED}",
        "sandbox: landlock 7",
        "numpy 2",
        "FAILED  0 / 1.5",
        "averages: The average of every window that lies inside the series.",
        "Received",
        "Expected",
        "Likely mistake (windows_summed): You return the sum of each window",
        "PASSED  0.5 / 0.5",
    ):
        assert part in text
    assert re.search(r"^    width  = \d$", text, re.MULTILINE)


def test_show_gives_the_result_of_an_earlier_run(root):
    room = Classroom(root)
    room.hand_in({"ben": {MOVING: RIGHT}})
    with open_store(root / DEFAULT_NAME) as store:
        run = store.begin_run(NewRun(SEED))
        store.save(run, room.work("ben", MOVING), room.judged(MOVING, RIGHT), file="f")
    assert "PASSED  1.5 / 1.5" in kata("show", "ben", MOVING)
    assert "FAILED  0 / 1.5" in kata("show", "ben", MOVING, "--run", 1)


def test_show_of_somebody_unknown_says_so(root):
    assert "no results of a student 'bne' are known. Did you mean ben?" in kata("show", "bne", status=1)
    assert "dan has no result for this" in kata("show", "dan", "softmax", status=1)
    assert "no exercise is called 'softmx'" in kata("show", "dan", "softmx", status=1)


def test_show_of_a_hostile_name_prints_it_harmlessly(root):
    text = kata("show", HOSTILE, MOVING)
    assert "[red]x[/red]\\u202e: " in text
    assert "\x1b" not in text
    assert "\x1b" not in kata("show", HOSTILE)
    assert "\x1b" not in kata("mistakes")


def test_a_grader_error_is_shown_whole(root):
    with open_store(root / DEFAULT_NAME) as store:
        run = store.begin_run(NewRun(1))
        verdicts = [Verdict(MOVING, "averages", 1.5, GraderError("the reference raised", "detail: [bold]x"))]
        store.save(run, Work("ben", MOVING, "new", "g"), verdicts, file="f")
    assert "grader error" in kata("show", "ben")
    text = kata("show", "ben", MOVING).replace("\n", " ")
    assert "GRADER ERROR" in text
    assert "[bold]x" in text


def test_mistakes_of_the_class(root):
    lines = kata("mistakes").splitlines()
    assert lines[1].split() == [MOVING, "of", "9"]
    assert lines[2].split()[:3] == ["averages", "3", "windows_summed:"]
    assert lines[2].split()[-1] == "[red]x[/red]\\u202e" or "ben" in lines[2]
    assert "(raised, no known mistake)" in "\n".join(lines)
    assert "softmax" not in kata("mistakes", "module1")


def test_without_results_it_says_what_makes_them(course, monkeypatch):
    monkeypatch.chdir(course)
    for arguments in (["show", "ada"], ["mistakes"], ["export", "csv", "--to", "x.csv"]):
        assert re.search(
            r"there are no results in .*; `kata autograde`\s+writes them", kata(*arguments, status=1)
        )
    assert not (course / DEFAULT_NAME).exists()


def test_another_database_can_be_named(root, tmp_path):
    (root / DEFAULT_NAME).rename(tmp_path / "other.db")
    assert "1.5 / 4" in kata("show", "ben", "--results", tmp_path / "other.db")
    assert "1.5 / 4" in kata("show", "ben", "--results", f"sqlite:///{tmp_path / 'other.db'}")
    assert "SQLite or PostgreSQL, not to mysql" in kata("show", "ben", "--results", "mysql://x", status=1)


# export


def test_export_csv(root):
    said = kata(
        "export", "csv", "--to", "out/grades.csv", "--per", "student", "--only", "module1", "--run", 1
    )
    assert said == "wrote out/grades.csv: 1 file, 9 students\n"
    rows = list(csv.DictReader(io.StringIO((root / "out/grades.csv").read_text(), newline="")))
    assert {row["student"]: row["points"] for row in rows}["ben"] == "0.5"
    assert {row["max_points"] for row in rows} == {"4"}
    assert [row["student"] for row in rows if row["student"] in CLASS] == sorted(CLASS)


def test_export_of_one_student_is_one_file(root):
    kata(
        "export", "gradescope", "--to", "results.json", "--student", "ben", "--visibility", "after_published"
    )
    data = json.loads((root / "results.json").read_text())
    assert {test["visibility"] for test in data["tests"]} == {"after_published"}


def test_export_of_a_class_is_a_folder(root):
    said = kata("export", "classroom", "--to", "env", "--only", "moving_average", status=1)
    assert "wrote env: 8 files, 9 students" in said
    assert "no file is written" in said
    assert "\x1b" not in said
    assert (
        (root / "env/ada/classroom.env").read_text().startswith("MODULE1_MOVING_AVERAGE__AVERAGES_RESULTS=")
    )


def test_export_junit(root):
    kata("export", "junit", "--to", "junit.xml", "--feedback", "none")
    assert len(ET.parse(root / "junit.xml").getroot()) == 12


def test_export_fills_in_a_sheet(root):
    sheet = "Student,ID,Section,The moving average (7)\n    Points Possible,,,2\nben,1,S,\nada,2,S,\n"
    (root / "canvas.csv").write_text(sheet)
    arguments = ["--sheet", "canvas.csv", "--to", "filled.csv", "--only", MOVING]
    said = kata("export", "canvas", *arguments, status=1)
    assert "eve is in no row of the sheet" in said
    assert (root / "filled.csv").read_text() == sheet.replace("ben,1,S,", "ben,1,S,0.5").replace(
        "2,S,", "2,S,2"
    )
    moodle = "Identifier,Full name,Grade\nParticipant 1,ben,\n"
    (root / "moodle.csv").write_text(moodle)
    options = ["--student", "ben", "--match", "Full name"]
    kata("export", "moodle", "--sheet", "moodle.csv", "--to", "m.csv", "--only", MOVING, *options)
    assert (root / "m.csv").read_text() == moodle.replace("ben,", "ben,0.5")


def test_export_says_what_is_missing(root):
    said = kata("export", "canvas", "--to", "x.csv", status=1)
    assert "Canvas's gradebook is filled in: download it, and name the file with --sheet" in said.replace(
        "\n", " "
    )
    assert "nothing of this is graded yet" in kata(
        "export", "csv", "--to", "x", "--only", "running_mean", status=1
    )
    assert "can't be written" in kata("export", "csv", "--to", "grades.sqlite/x.csv", status=1)
    assert "Invalid value for" in kata("export", "excel", "--to", "x", status=2)
    assert not (root / "x.csv").exists()
