"""The `kata` command, in a copy of the miniature course."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keras_kata import progress
from keras_kata.cli import app
from keras_kata.progress import Progress

FILE = Path("exercises/module1/moving_average.py")


@pytest.fixture
def root(course, monkeypatch):
    """The course, as the current folder."""
    monkeypatch.chdir(course)
    monkeypatch.setenv("COLUMNS", "80")
    return course


def kata(*arguments, status=0):
    """Run the command in this process; its lines, or that of the error."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == status, result.output
    if status == 0:
        return result.stdout.splitlines()
    assert "Traceback" not in result.output
    return result.stderr.splitlines()


def run(*arguments, cwd):
    """Run a command as a process of its own."""
    env = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}
    return subprocess.run(
        arguments, cwd=cwd, env=env | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )


def judged(root, slug, **outcomes):
    """Remember outcomes, as a run of pytest does; each probe is worth 1 point."""
    memory = Progress(root)
    results = {name: (outcome, float(outcome == "passed"), 1.0) for name, outcome in outcomes.items()}
    memory.record(slug, root / "exercises" / f"{slug}.py", results)
    memory.save()


# reset


def test_reset_brings_the_file_back_and_keeps_every_byte_of_the_work(root, monkeypatch):
    class Noon(datetime):
        @classmethod
        def now(cls):
            return cls(2026, 11, 21, 12)

    monkeypatch.setattr(progress, "datetime", Noon)
    stub = FILE.read_bytes()
    works = [b"one\r\n", b"t\xffwo\x00", b"three"]
    for work in works:
        FILE.write_bytes(work)
        lines = kata("reset", "moving_average")
        assert lines[0].startswith(
            "Your file is kept as .kata/backups/module1/moving_average_2026-11-21_12-00-00"
        )
        assert FILE.read_bytes() == stub
    names = ["", "_1", "_2"]
    backups = [Path(f".kata/backups/module1/moving_average_2026-11-21_12-00-00{name}.py") for name in names]
    assert [backup.read_bytes() for backup in backups] == works


def test_reset_does_nothing_to_a_file_that_is_as_it_was(root):
    assert kata("reset", "moving_average") == ["module1/moving_average is as it was; nothing to do."]
    assert not Path(".kata").exists()


def test_reset_brings_a_deleted_file_back_and_replaces_a_broken_link(root):
    stub = FILE.read_bytes()
    FILE.unlink()
    assert kata("reset", "moving_average") == [
        "exercises/module1/moving_average.py is as it was at the start."
    ]
    assert FILE.read_bytes() == stub
    FILE.unlink()
    FILE.symlink_to("nowhere")
    kata("reset", "moving_average")
    assert FILE.read_bytes() == stub
    assert not FILE.is_symlink()


def test_reset_changes_nothing_where_no_backup_can_be_made(root):
    FILE.write_text("work")
    Path(".kata").write_text("a file in the folder's place")
    assert kata("reset", "moving_average", status=1)[0].startswith("kata: no backup of ")
    assert FILE.read_text() == "work"


def test_reset_of_a_folder_is_an_error_in_a_line(root):
    FILE.unlink()
    FILE.mkdir()
    (line,) = kata("reset", "moving_average", status=1)
    assert line.startswith("kata: ")
    assert line.endswith("Is a directory")


# stubs


def test_stubs_in_step_are_left_alone(root):
    assert kata("stubs") == ["all 4 stubs are in step"]
    assert kata("stubs", "--check") == ["all 4 stubs are in step"]


def test_stubs_are_written_and_work_in_them_is_kept(root):
    reference = Path("solutions/module2/softmax/reference.py")
    reference.write_text(reference.read_text().replace("Softmax.", "Softmax!"))
    FILE.write_text("work")
    stub = Path("exercises/module2/softmax.py")
    assert kata("stubs", "--check", status=1) == [
        "exercises/module1/moving_average.py is not in step with its reference: run `kata stubs`",
        "exercises/module2/softmax.py is not in step with its reference: run `kata stubs`",
    ]
    assert FILE.read_text() == "work"
    lines = kata("stubs")
    assert lines[0].startswith("kept what was in exercises/module1/moving_average.py as ")
    assert lines[-2:] == ["wrote exercises/module1/moving_average.py", "wrote exercises/module2/softmax.py"]
    assert "Softmax!" in stub.read_text()
    (backup,) = Path(".kata").rglob("*.py")
    assert backup.read_text() == "work"
    kata("stubs", "--check")


# errors


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["hint", "mving_average"],
            "no exercise is called 'mving_average'. Did you mean module1/moving_average?",
        ),
        (["reset", "qqq"], "no exercise is called 'qqq'. `kata status` lists the exercises."),
        (["hint", ""], "no exercise is called ''. `kata status` lists the exercises."),
        (["audit", "module9"], "no exercise is called 'module9'."),
        (
            ["hint", "softmax::nothing"],
            "module2/softmax has no probe 'nothing'. It has: probabilities, large_scores.",
        ),
        (["new", "module8/Bad"], "'module8/Bad' is no slug; write it as module2/my_exercise, in lower case"),
        (
            ["new", "../module8/bad"],
            "'../module8/bad' is no slug; write it as module2/my_exercise, in lower case",
        ),
        (["new", "module2/softmax"], "module2/softmax is in course.toml already"),
        (["hint", "[red]x[/]"], "no exercise is called '[red]x["),
    ],
)
def test_an_error_is_one_line_on_stderr(root, arguments, line):
    (said,) = kata(*arguments, status=1)
    assert said.startswith(f"kata: {line}")


@pytest.mark.parametrize(
    "command", [["status"], ["hint", "x"], ["reset", "x"], ["stubs"], ["audit"], ["new", "x"]]
)
def test_outside_a_course_every_command_says_so(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (line,) = kata(*command, status=1)
    assert line.startswith("kata: no course here: neither ")


def test_a_course_file_that_is_no_toml_is_told_in_a_line(root):
    Path("course.toml").write_text("title = ")
    (line,) = kata("status", status=1)
    assert "course.toml is not valid TOML: " in line


# processes of their own


def test_help_and_status_are_quick_to_start_and_plain(root):
    code = (
        "import sys, keras_kata.cli as cli\n"
        "try:\n    cli.app(sys.argv[1:])\n"
        "finally:\n    print('LOADED', {'tensorflow', 'keras', 'numpy', 'hypothesis'} & set(sys.modules))"
    )
    for argument in ("--help", "status"):
        result = run(sys.executable, "-c", code, argument, cwd=root)
        assert result.returncode == 0, result.stderr
        *lines, loaded = result.stdout.splitlines()
        assert loaded == "LOADED set()"
        assert "\x1b" not in result.stdout
        assert max(map(len, lines)) <= 80
        assert len(lines) > 5


def test_a_new_exercise_passes_the_audit_as_it_is(root):
    def kata_process(*arguments):
        result = run(sys.executable, "-c", "from keras_kata.cli import app; app()", *arguments, cwd=root)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    said = kata_process("new", "module8/my_exercise")
    assert said.count("wrote ") == 7
    assert "Next: kata audit module8/my_exercise, then docs/authoring.md" in said
    assert "1 exercise passes the audit" in kata_process("audit", "module8/my_exercise", "--jobs", "1")
    assert "all 5 stubs are in step" in kata_process("stubs", "--check")
    result = run(sys.executable, "-m", "pytest", "exercises/module8", "tests", "-q", cwd=root)
    assert "7 passed, 2 not attempted" in result.stdout
