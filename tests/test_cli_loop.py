"""The commands of a learner's day, in a copy of the miniature course: status, next, hint."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keras_kata.cli import app
from keras_kata.course import Course
from keras_kata.stubs import stub_of
from tests.test_cli import FILE, judged, kata, run

KATA = (sys.executable, "-c", "from keras_kata.cli import app; app()")
SLUGS = ("module1/moving_average", "module1/running_mean", "module2/softmax", "module2/nearest_centroid")
COMMANDS = [["status"], ["next", "--no-open"], ["hint", "softmax"], ["--help"]]
COLOURS = re.compile(r"\x1b\[([0-9;]*)m")
HARMLESS_COLOURS = {"", "0", "1", "31", "32", "1;31", "1;32"}
"""Bold, and red and green in the terminal's own shades: seen on a light and on a dark background."""


@pytest.fixture
def root(course, monkeypatch):
    """The course, as the current folder."""
    monkeypatch.chdir(course)
    monkeypatch.setenv("COLUMNS", "80")
    return course


def in_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a command writes into a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    env |= {"TERM": "xterm-256color", "COLUMNS": "80"} | environment
    with subprocess.Popen(arguments, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not part:
                break
            said += part
    os.close(ours)
    assert process.returncode == 0, said
    return said.decode().replace("\r\n", "\n")


# status


def test_status_is_a_map_with_points_states_and_where_to_go_on(root):
    judged(root, SLUGS[0], averages="passed", impossible_widths="passed")
    judged(root, SLUGS[1], means="passed")
    judged(root, SLUGS[2], probabilities="not attempted", large_scores="not attempted")
    assert kata("status") == [
        "Averages and neighbours: 3 of 9 points, 1 of 4 done",
        "",
        "module1: Averages (3 of 4 points, 1 of 2 done)",
        "  moving_average    2 / 2  done",
        "  running_mean      1 / 2  next: 1 of 2 probes pass",
        "",
        "module2: Classes (0 of 5 points, 0 of 2 done)",
        "  softmax           0 / 2  unlocked",
        "  nearest_centroid  - / 3  locked: after module1/running_mean, softmax",
        "",
        "Next: module1/running_mean, A mean that is kept up to date",
        "  edit          exercises/module1/running_mean.py",
        "  run           pytest exercises/module1/running_mean.py",
        "  run on saves  kata watch module1/running_mean",
        "  get a hint    kata hint module1/running_mean",
        "",
        "`locked` is advice: such an exercise builds on others that are not done yet. You",
        "may work on it all the same.",
    ]


def test_status_of_a_module_tells_of_that_module(root):
    lines = kata("status", "module2")
    assert lines[0] == "Averages and neighbours: 0 of 5 points, 0 of 2 done"
    assert not any("moving_average" in line for line in lines)
    assert "Next: module2/softmax, Softmax" in lines


def test_status_of_a_course_that_is_done(root):
    for slug in SLUGS:
        judged(root, slug, one="passed", two="passed", three="passed")
    lines = kata("status")
    assert lines[-1] == "All done."
    assert not any("locked" in line for line in lines)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        '{"results": [], "hints": 3}',
        '{"results": {"module1/moving_average": 3}, "hints": {"module1/moving_average::averages": "a"}}',
        '{"results": {"module1/moving_average": {"digest": "", "probes": {"averages": [1]}}}}',
        '{"hints": {"module1/moving_average::averages": -7}}',
        "\udcff",
    ],
)
def test_a_damaged_memory_is_forgotten(root, damaged):
    Path(".kata").mkdir()
    Path(".kata/progress.json").write_bytes(damaged.encode(errors="surrogateescape"))
    assert "  moving_average    - / 2  next: unlocked" in kata("status")
    assert kata("hint", "moving_average")[0] == "module1/moving_average::averages  (hint 1 of 2)"
    assert json.loads(Path(".kata/progress.json").read_text())["hints"]


# next


def test_next_tells_the_path_and_the_commands_of_what_is_begun_else_of_what_is_unlocked(root):
    assert kata("next")[:3] == [
        "Next: module1/moving_average, The moving average",
        "  edit          exercises/module1/moving_average.py",
        "  run           pytest exercises/module1/moving_average.py",
    ]
    judged(root, SLUGS[2], one="failed")
    assert kata("next")[0] == "Next: module2/softmax, Softmax"
    for slug in SLUGS:
        judged(root, slug, one="passed", two="passed", three="passed")
    assert kata("next") == ["All done."]


@pytest.fixture
def editor(tmp_path):
    """An editor whose command has an argument; it notes down what it is given."""
    script = tmp_path / "my editor.py"
    script.write_text(
        "import sys; from pathlib import Path\nPath(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"
    )
    noted = tmp_path / "noted"
    return shlex.join([sys.executable, str(script), str(noted), "--wait"]), noted


def test_next_opens_the_file_in_the_editor_where_that_is_asked_for(root, editor, monkeypatch):
    command, noted = editor
    monkeypatch.setenv("EDITOR", "not this one")
    monkeypatch.setenv("VISUAL", command)
    kata("next")  # in no terminal it only tells
    assert not noted.exists()
    kata("next", "--open")
    assert noted.read_text() == f"--wait {root / FILE}"


@pytest.mark.parametrize(("arguments", "is_opened"), [([], True), (["--no-open"], False)])
def test_in_a_terminal_the_editor_is_opened_unless_that_is_not_wanted(root, editor, arguments, is_opened):
    command, noted = editor
    said = in_terminal(*KATA, "next", *arguments, cwd=root, EDITOR=command, VISUAL="")
    assert "Next: module1/moving_average" in said
    assert noted.exists() == is_opened


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("/no/such/editor", "the editor `/no/such/editor` can't be started: "),
        ("'", "the editor `'` can't be started: No closing quotation. Set EDITOR to its command"),
        (f"{sys.executable} -c 'raise SystemExit(3)'", " ended with status 3"),
    ],
)
def test_an_editor_that_does_not_start_is_told(root, monkeypatch, command, problem):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    (line,) = kata("next", "--open", status=1)
    assert problem in line


def test_next_does_not_open_a_file_that_is_not_there(root, editor, monkeypatch):
    monkeypatch.setenv("VISUAL", editor[0])
    FILE.unlink()
    (line,) = kata("next", "--open", status=1)
    assert line.endswith("`kata reset moving_average` brings it back")


# hint


def test_each_call_gives_the_next_hint_and_the_last_one_says_so(root):
    first, second, again = (kata("hint", "module1/moving_average::averages") for _ in range(3))
    assert (
        first
        == again
        == [
            "module1/moving_average::averages  (hint 1 of 2)",
            "The average of every window that lies inside the series.",
            "",
            "How many windows of two values does a series of four values have?",
        ]
    )
    assert second[0] == "module1/moving_average::averages  (hint 2 of 2)"
    assert second[-1] == "That was the last hint for this probe; the next call starts again."


@pytest.mark.parametrize(
    "name", ["moving_average", "module1/moving_average", str(FILE), f"/somewhere/{FILE}"]
)
def test_without_a_probe_the_hint_is_for_the_first_that_does_not_pass(root, name):
    assert "::averages " in kata("hint", name)[0]
    judged(root, "module1/moving_average", averages="passed", impossible_widths="failed")
    assert "::impossible_widths " in kata("hint", name)[0]
    judged(root, "module1/moving_average", averages="passed", impossible_widths="passed")
    assert "::averages " in kata("hint", name)[0]


def test_a_hint_is_shown_as_it_is_written(root):
    grader = Path("graders/module1/moving_average.py")
    grader.write_text(
        grader.read_text().replace("How many windows", "[bold]x[:o:] is " + "long " * 20 + "many")
    )
    lines = kata("hint", "moving_average")
    assert lines[3].startswith("[bold]x[:o:] is long")
    assert max(map(len, lines)) <= 80


def test_a_hint_that_can_t_be_counted_is_shown_all_the_same(root):
    Path(".kata").write_text("a file in the folder's place")
    result = CliRunner().invoke(app, ["hint", "moving_average"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "How many windows" in result.stdout
    assert result.stderr.startswith("kata: the next call shows this hint again: ")


def test_hints_never_show_code(root):
    """Neither a line of a reference's body nor anything that looks like Python is in a hint."""
    for slug in SLUGS:
        reference = (root / "solutions" / slug / "reference.py").read_text()
        stub = stub_of(Course(root)[slug])
        own = {line.strip() for line in reference.splitlines()} - {line.strip() for line in stub.splitlines()}
        said = "\n".join(line for _ in range(6) for line in kata("hint", slug))
        assert own
        assert not [line for line in own if len(line) > 8 and line in said]


# how it reads


@pytest.mark.parametrize("command", [*COMMANDS, ["watch", "--help"]])
def test_without_a_terminal_there_are_no_escape_codes_and_80_columns_are_enough(root, command):
    result = run(*KATA, *command, cwd=root)
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert result.stdout.isprintable() or set(result.stdout) - set(map(chr, range(32, 127))) <= {"\n"}
    assert max(map(len, result.stdout.splitlines())) <= 81  # a space may stand behind the last word
    assert result.stdout.count("\n") > 3


@pytest.mark.parametrize("command", COMMANDS)
def test_colours_are_seen_on_light_and_dark_and_say_nothing_that_words_do_not(root, command):
    for slug in SLUGS[:2]:
        judged(root, slug, one="passed", two="passed")
    plain = run(*KATA, *command, cwd=root).stdout
    run(*KATA, "hint", "softmax", cwd=root)  # so that the next hint is the first one again
    coloured = in_terminal(*KATA, *command, cwd=root)
    assert set(COLOURS.findall(coloured)) <= HARMLESS_COLOURS
    assert COLOURS.sub("", coloured).split() == plain.split()
    if command == ["status"]:
        assert "\x1b[32mdone\x1b[0m" in coloured


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_turned_off(root, setting):
    judged(root, SLUGS[0], averages="passed", impossible_widths="passed")
    said = in_terminal(*KATA, "status", cwd=root, **setting)
    assert set(COLOURS.findall(said)) <= {"0", "1"}
    assert "moving_average    2 / 2  done" in COLOURS.sub("", said)
