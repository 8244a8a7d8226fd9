"""The next hint: one step further each time, and never past the last."""

import pytest

from keras_kata.course import Course
from keras_kata.errors import AuthoringError, CourseError
from keras_kata.hints import next_hint
from keras_kata.progress import Progress


@pytest.fixture
def entry(course):
    return Course(course)["module1/moving_average"]


def test_every_call_goes_one_step_further_and_says_how_many_there_are(course, entry):
    progress = Progress(course)
    hints = [next_hint(entry, progress, "averages") for _ in range(3)]
    assert [(hint.number, hint.count, bool(hint.end)) for hint in hints] == [
        (1, 2, False),
        (2, 2, True),
        (1, 2, False),
    ]
    assert hints[0].text != hints[1].text
    assert hints[0].title == "module1/moving_average::averages  (hint 1 of 2)"


def test_where_it_was_is_kept_with_the_progress(course, entry):
    progress = Progress(course)
    next_hint(entry, progress)
    progress.save()
    assert next_hint(entry, Progress(course)).number == 2


def test_without_a_probe_it_is_the_first_that_does_not_pass(course, entry):
    progress = Progress(course)
    progress.record(entry.slug, entry.stub, {"averages": ("passed", 1.5, 1.5)})
    assert next_hint(entry, progress).probe == "impossible_widths"


def test_more_hints_than_there_are_now_were_shown(course, entry):
    progress = Progress(course)
    progress.hints["module1/moving_average::averages"] = 9
    assert next_hint(entry, progress).number == 2


def test_an_unknown_probe_and_a_probe_without_hints_are_told(course, entry):
    with pytest.raises(CourseError, match=r"no probe 'x'\. It has: averages, impossible_widths"):
        next_hint(entry, Progress(course), "x")
    text = entry.grader.read_text()
    start, end = text.index("hints=("), text.index(")\ndef averages")
    entry.grader.write_text(f"{text[:start]}hints=(),\n{text[end:]}")
    with pytest.raises(AuthoringError, match="averages has no hints"):
        next_hint(entry, Progress(course), "averages")
