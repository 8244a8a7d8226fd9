"""The table at the end of a run."""

import pytest

from keras_kata.summary import write_summary


class Terminal:
    """As much of pytest's terminal reporter as the summary uses."""

    def __init__(self):
        self.text = ""

    def write_sep(self, sep, title):
        self.text += f"{sep}{sep} {title}\n"

    def write(self, text, **colours):
        self.text += f"{text.rstrip()}[{','.join(colours)}]\n" if colours else text

    def write_line(self, line):
        self.text += f"{line}\n"


def summary(*rows):
    """Of rows (file, exercise, outcome and, after a colon, the mistake); each probe is worth 1 point."""
    terminal = Terminal()
    write_summary(terminal, [_row(number, *row) for number, row in enumerate(rows)])
    return terminal.text.splitlines()


def _row(number, file, exercise, outcome):
    outcome, _, mistake = outcome.partition(":")
    earned = float(outcome in ("passed", "grader error"))
    named = {"mistake": mistake} if mistake else {}
    properties = {"exercise": exercise, "outcome": outcome, "points": earned, "max_points": 1.0, **named}
    return properties, f"{file}::p{number}"


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["passed", "passed"], "2 / 2  done[green]"),
        (["not attempted", "not attempted"], "0 / 2  not attempted[yellow]"),
        (["passed", "failed"], "1 / 2  1 of 2 probes pass[yellow]"),
        (["failed", "failed"], "0 / 2  0 of 2 probes pass[red]"),
        (["failed:off_by_one", "raised", "failed:off_by_one"], "0 / 3  0 of 3 probes pass: off_by_one[red]"),
        (["unusable", "unusable"], "0 / 2  can't be judged[red]"),
        (["forbidden"], "0 / 1  uses what the exercise asks to build[red]"),
        (["raised"], "0 / 1  raises an error[red]"),
        (["timed out"], "0 / 1  takes too long[red]"),
        (["crashed"], "0 / 1  crashes[red]"),
        (["passed", "grader error"], "2 / 2  grader error (not your code's; please report it)[red]"),
        (["not attempted", "raised"], "0 / 2  0 of 2 probes pass[red]"),
    ],
)
def test_the_state_of_an_exercise(outcomes, state):
    lines = summary(*(("e/m/a.py", "m/a", outcome) for outcome in outcomes))
    assert lines[1] == f"m/a      {state}"


def test_exercises_are_aligned_and_added_up():
    assert summary(("e/m1/a.py", "m1/a", "passed"), ("e/m1/longer.py", "m1/longer", "failed")) == [
        "== points",
        "m1/a           1 / 1  done[green]",
        "m1/longer      0 / 1  0 of 1 probes pass[red]",
        "all            1 / 2",
        "",
        "Look first at e/m1/longer.py::p1 (failed)",
    ]


def test_mistakes_are_named_as_far_as_the_line_goes():
    names = ["a_mistake_of_twenty", "another_as_long_as_it", "one_too_many"]
    rows = [("e/m/a.py", "m/a", f"failed:{name}") for name in names]
    assert summary(*rows)[1] == f"m/a      0 / 3  0 of 3 probes pass: {names[0]}, {names[1]}[red]"
    assert summary(("e/m/a.py", "m/a", "failed:" + "x" * 50))[1] == "m/a      0 / 1  0 of 1 probes pass[red]"


def test_several_answers_to_one_exercise_are_told_apart():
    rows = [("ada/m/a.py", "m/a", "passed"), ("bob/m/a.py", "m/a", "failed"), ("bob/m/b.py", "m/b", "passed")]
    names = [line.split()[0] for line in summary(*rows)[1:4]]
    assert names == ["ada/m/a.py", "bob/m/a.py", "m/b"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([("a.py", "m/a", "passed")], "All done."),
        ([("a.py", "m/a", "not attempted"), ("b.py", "m/b", "not attempted")], "Start with a.py"),
        ([("a.py", "m/a", "passed"), ("b.py", "m/b", "not attempted")], "Start with b.py"),
        ([("a.py", "m/a", "not attempted"), ("b.py", "m/b", "failed")], "Look first at b.py::p1 (failed)"),
        ([("a.py", "m/a", "failed"), ("a.py", "m/a", "raised")], "Look first at a.py::p1 (raised)"),
        ([("a.py", "m/a", "failed"), ("b.py", "m/b", "unusable")], "Look first at a.py::p0 (failed)"),
        (
            [("a.py", "m/a", "failed"), ("a.py", "m/a", "failed:off_by_one")],
            "Look first at a.py::p1 (failed)",
        ),
        (
            [("a.py", "m/a", "failed:off_by_one"), ("a.py", "m/a", "raised")],
            "Look first at a.py::p1 (raised)",
        ),
    ],
)
def test_the_first_thing_to_look_at(rows, line):
    assert summary(*rows)[-1] == line
