"""Where a learner stands: what is done, begun, unlocked, and where to go on."""

from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.progress import Progress
from keras_kata.standing import next_up, standings

AVERAGE, MEAN, SOFTMAX, CENTROID = (
    "module1/moving_average",
    "module1/running_mean",
    "module2/softmax",
    "module2/nearest_centroid",
)


class Desk:
    """A learner's course, with what was judged there."""

    def __init__(self, root: Path) -> None:
        self.course = Course(root)

    def judged(self, slug: str, *outcomes: str) -> None:
        progress = Progress(self.course.root)
        results = {f"probe{n}": (o, float(o == "passed"), 1.0) for n, o in enumerate(outcomes)}
        progress.record(slug, self.course[slug].stub, results)
        progress.save()

    def done(self, *slugs: str) -> None:
        for slug in slugs:
            self.judged(slug, "passed", "passed", "passed")

    def write(self, slug: str, text: str = "work") -> None:
        self.course[slug].stub.write_text(text)

    @property
    def found(self):
        return standings(self.course, Progress(self.course.root))

    @property
    def onward(self) -> str | None:
        known = next_up(self.found.values())
        return known.exercise.slug if known else None


@pytest.fixture
def desk(course: Path) -> Desk:
    return Desk(course)


def test_at_the_start_nothing_is_begun_and_prerequisites_lock(desk):
    assert {
        slug: (known.state, known.points, known.begun, known.missing) for slug, known in desk.found.items()
    } == {
        AVERAGE: ("not begun", "- / 2", False, ()),
        MEAN: ("not begun", "- / 2", False, (AVERAGE,)),
        SOFTMAX: ("not begun", "- / 2", False, ()),
        CENTROID: ("not begun", "- / 3", False, (MEAN, SOFTMAX)),
    }
    assert desk.onward == AVERAGE


def test_an_exercise_is_unlocked_when_all_its_prerequisites_are_done(desk):
    desk.done(AVERAGE, MEAN)
    assert desk.found[MEAN].missing == ()
    assert desk.found[CENTROID].missing == (SOFTMAX,)
    desk.done(SOFTMAX)
    assert desk.found[CENTROID].missing == ()


def test_what_is_begun_comes_first_then_what_is_unlocked(desk):
    desk.done(AVERAGE)
    assert desk.onward == MEAN
    desk.judged(SOFTMAX, "passed", "failed")
    assert desk.onward == SOFTMAX
    desk.done(SOFTMAX)
    assert desk.onward == MEAN


def test_a_locked_exercise_that_was_begun_comes_before_an_unlocked_one(desk):
    desk.write(CENTROID)
    assert desk.found[CENTROID].state == "not run yet"
    assert desk.onward == CENTROID


def test_a_stub_that_was_run_is_not_begun(desk):
    desk.judged(AVERAGE, "not attempted", "not attempted")
    assert (desk.found[AVERAGE].state, desk.found[AVERAGE].points) == ("not begun", "0 / 2")
    assert not desk.found[AVERAGE].begun


def test_what_changed_since_it_was_run_is_begun_and_not_done(desk):
    desk.done(AVERAGE)
    desk.write(AVERAGE)
    known = desk.found[AVERAGE]
    assert (known.state, known.points, known.begun, known.done) == (
        "changed since it was run",
        "- / 2",
        True,
        False,
    )
    assert desk.found[MEAN].missing == (AVERAGE,)


def test_a_grader_error_and_a_missing_file_are_told(desk):
    desk.judged(AVERAGE, "grader error", "passed")
    desk.course[SOFTMAX].stub.unlink()
    assert desk.found[AVERAGE].state == "grader error (not your code's)"
    assert desk.found[SOFTMAX].state == "no file: `kata reset softmax` brings it back"


def test_a_part_of_the_probes_is_not_done_although_all_that_ran_pass(desk):
    desk.judged(AVERAGE, "passed")
    known = desk.found[AVERAGE]
    assert (known.done, known.state) == (False, "1 of 2 probes pass")


def test_in_the_end_nothing_is_next(desk):
    desk.done(AVERAGE, MEAN, SOFTMAX, CENTROID)
    assert desk.onward is None
    assert all(known.done for known in desk.found.values())


def test_where_all_that_is_left_is_locked_it_is_still_next(desk):
    file = desk.course.file
    file.write_text(file.read_text().replace('["module1/moving_average"]', '["module2/nearest_centroid"]'))
    desk = Desk(desk.course.root)
    desk.done(AVERAGE, SOFTMAX)
    assert {slug for slug, known in desk.found.items() if known.missing} == {MEAN, CENTROID}
    assert desk.onward == MEAN
