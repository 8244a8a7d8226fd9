"""The map of the course: that it says everything in words, in any width."""

import pytest
from rich.text import Text

from keras_kata.course import Course
from keras_kata.progress import Progress
from keras_kata.roadmap import roadmap, whereto
from keras_kata.standing import next_up, standings


@pytest.fixture
def found(course):
    known = Course(course)
    progress = Progress(course)
    file = known["module1/moving_average"].stub
    progress.record("module1/moving_average", file, {"a": ("passed", 1.5, 1.5), "b": ("passed", 0.5, 0.5)})
    progress.record(
        "module2/softmax", known["module2/softmax"].stub, {"a": ("passed", 1, 1), "b": ("failed", 0, 1)}
    )
    return known, list(standings(known, progress).values())


def plain(lines: list[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_it_tells_modules_points_and_where_one_stands(found):
    assert plain(roadmap(*found, 80)) == [
        "Averages and neighbours: 3 of 9 points, 1 of 4 done",
        "",
        "module1: Averages (2 of 4 points, 1 of 2 done)",
        "  moving_average    2 / 2  done",
        "  running_mean      - / 2  unlocked",
        "",
        "module2: Classes (1 of 5 points, 0 of 2 done)",
        "  softmax           1 / 2  next: 1 of 2 probes pass",
        "  nearest_centroid  - / 3  locked: after module1/running_mean, softmax",
    ]


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_no_line_is_longer_than_the_screen_and_no_word_is_lost(found, width):
    lines = plain(roadmap(*found, width))
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == " ".join(plain(roadmap(*found, 200))).split()


def test_the_only_colour_is_on_a_word_that_says_the_same(found):
    for line in roadmap(*found, 80):
        coloured = {line.plain[span.start : span.end].strip() for span in line.spans if span.style != "bold"}
        assert coloured <= {"done", ""}


def test_what_to_do_next_has_its_commands_on_lines_of_their_own(found):
    _, known = found
    assert plain(whereto(next_up(known), 80)) == [
        "Next: module2/softmax, Softmax",
        "  edit          exercises/module2/softmax.py",
        "  run           pytest exercises/module2/softmax.py",
        "  run on saves  kata watch module2/softmax",
        "  get a hint    kata hint module2/softmax",
    ]
    assert plain(whereto(None, 80)) == ["All done."]
    locked = [line.plain for line in whereto(known[3], 60)]
    assert locked[:2] == [
        "Next: module2/nearest_centroid, The nearest centroid",
        "(locked: after module1/running_mean, module2/softmax)",
    ]
