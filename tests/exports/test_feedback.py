"""What learners are told in exports."""

import dataclasses

import pytest

from keras_kata.display import show
from keras_kata.exports.choices import Level
from keras_kata.results import decode
from keras_kata.verdicts import Failed
from tests.classroom import MEAN, MOVING
from tests.exports.conftest import SECRET


def texts(grades, student, level, slug=MOVING):
    made = grades(slug, students=[student], level=level)
    (result,) = made.of(student)
    return {verdict.probe: made.feedback(result, verdict) for verdict in result.verdicts}


def test_the_default_is_the_claim_and_the_known_mistake(grades):
    assert texts(grades, "ben", Level.MISTAKE) == {
        "averages": (
            "averages: The average of every window that lies inside the series.\n"
            "Not right in every case that was tried.\n"
            "Likely mistake (windows_summed): You return the sum of each window; its average is that sum divided "
            "by the width."
        ),
        "impossible_widths": "impossible_widths: Widths that do not fit are rejected.\nPassed.",
    }


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("ada", "Passed."),
        ("cleo", "Your code raised KeyError."),
        ("dan", "Not attempted: the stub's NotImplementedError is still there."),
        ("eve", "Your file can't be judged: syntax error: '(' was never closed"),
        ("gus", "Not right in every case that was tried."),
        (
            "hal",
            "Not allowed in this exercise: numpy.convolve (line 6): Take the windows yourself, with slices of",
        ),
    ],
)
def test_every_outcome_is_said(grades, student, said):
    assert said in texts(grades, student, Level.MISTAKE)["averages"]


@pytest.mark.parametrize("student", ["ben", "cleo", "gus"])
def test_hidden_grading_shows_neither_case_nor_values(grades, student):
    """The full text has them, so that this can fail."""
    made = grades(MOVING, students=[student])
    (result,) = made.of(student)
    outcome = decode(result.verdicts[0].data)
    hidden, full = (texts(grades, student, level)["averages"] for level in (Level.MISTAKE, Level.FULL))
    kept_back = [show(value) for value in outcome.case.values()]
    if isinstance(outcome, Failed):
        kept_back += [show(outcome.expected), show(outcome.received)]
    assert all(text in full for text in kept_back)
    assert not any(text in hidden for text in kept_back if len(text) > 1)
    assert "series" not in hidden.removeprefix(
        "averages: The average of every window that lies inside the series."
    )


def test_what_a_submission_raises_or_prints_is_not_shown_to_others(grades):
    hidden, full = (texts(grades, "cleo", level)["averages"] for level in (Level.MISTAKE, Level.FULL))
    assert "<b>" in full
    assert "series: [" in full
    assert "<b>" not in hidden
    assert "series: [" not in hidden


@pytest.mark.parametrize("error", ["[1. 2.]: x", "__import__: x", "print: x", "Exception_1.5: x", ""])
def test_only_the_names_of_pythons_own_exceptions_are_told(grades, error):
    made = grades(MOVING, students=["cleo"])
    (result,) = made.of("cleo")
    verdict = dataclasses.replace(result.verdicts[0], error=error)
    assert made.feedback(result, verdict).endswith("\nYour code raised an error.")


def test_nothing_is_told_where_that_is_asked_for(grades):
    for student in ("ada", "ben", "cleo"):
        assert set(texts(grades, student, Level.NONE).values()) == {""}
    assert set(texts(grades, "ida", Level.NONE, MEAN).values()) == {""}


@pytest.mark.parametrize("level", [Level.MISTAKE, Level.FULL])
def test_a_grader_error_shows_nothing_of_the_reference(grades, level):
    made = grades(MEAN, level=level)
    (result,) = made.of("ida")
    assert result.has_grader_error
    assert any(SECRET in (verdict.error or "") for verdict in result.verdicts)
    for text in texts(grades, "ida", level, MEAN).values():
        assert SECRET not in text
        assert "costs you no point" in text


def test_verdicts_of_another_version_are_still_told(grades):
    made = grades(MOVING, students=["ben"], level=Level.FULL)
    (result,) = made.of("ben")
    verdict = dataclasses.replace(result.verdicts[0], data=b"\xc1")
    text = made.feedback(result, verdict)
    assert f"With: {verdict.case}" in text
    assert f"Expected: {verdict.expected}" in text
    assert "Likely mistake: You return the sum" in text
