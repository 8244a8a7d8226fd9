"""Intake, digests and store together, as a grading command uses them: what is judged, and what is not judged again."""

import os

import pytest

from keras_kata.course import Course
from keras_kata.intake import find_submitted
from keras_kata.judge import Judge
from keras_kata.provenance import grader_digest, versions
from keras_kata.results import NewRun, Work, open_store
from tests.classroom import CLASS, MOVING, RIGHT, SOFTMAX, SUMMED, Classroom

EVERYTHING = {(student, slug) for student, files in CLASS.items() for slug in files}


def grade(root, seed=1, stop_after=None):
    """Grade what is submitted in this course; gives what was judged, as (student, exercise)."""
    course = Course(root)
    with open_store(root / "grades.sqlite") as store:
        run = store.begin_run(NewRun(seed, versions()))
        digests = {entry.slug: grader_digest(course, entry) for entry in course}
        contents = {}
        for item in find_submitted(root / "submitted", course).submitted:
            content = item.read()
            work = Work(item.student, item.exercise, content.digest, digests[item.exercise])
            contents[work] = (item, content)
        done = store.reuse(run, contents)
        judged, judges = [], {}
        for work, (item, content) in contents.items():
            if work in done:
                continue
            if work.exercise not in judges:
                judges[work.exercise] = Judge(course, course[work.exercise], seed)
            judge = judges[work.exercise]
            submission = judge.loader.load_source(content.data.decode(), str(item.path))
            store.save(run, work, judge.judge_all(submission), file=item.path, written=content.written)
            judged.append((work.student, work.exercise))
            if len(judged) == stop_after:
                break
    return set(judged)


@pytest.fixture
def root(course):
    """A course with a class's submissions, judged once."""
    Classroom(course).hand_in()
    assert grade(course) == EVERYTHING
    return course


def points(root):
    with open_store(root / "grades.sqlite", create=False) as store:
        return {(result.student, result.exercise): result.points for result in store.results()}


def test_nothing_is_judged_twice(root):
    before = points(root)
    assert grade(root) == set()
    assert points(root) == before


def test_only_a_changed_submission_is_judged_again(root):
    assert points(root)["ben", MOVING] == 0.5
    Classroom(root).hand_in({"ben": {MOVING: RIGHT}})
    assert grade(root) == {("ben", MOVING)}
    assert points(root)["ben", MOVING] == 2
    Classroom(root).hand_in({"ben": {MOVING: SUMMED}})
    assert grade(root) == set()  # this content was judged before
    assert points(root)["ben", MOVING] == 0.5


def test_a_file_that_was_only_touched_is_not_judged_again(root):
    os.utime(root / "submitted" / "ben" / f"{MOVING}.py", (1, 1))
    assert grade(root) == set()


def test_only_a_changed_exercise_is_judged_again(root):
    with (root / "graders" / f"{SOFTMAX}.py").open("a") as grader:
        grader.write("# another version\n")
    assert grade(root) == {(student, slug) for student, slug in EVERYTHING if slug == SOFTMAX}
    assert grade(root) == set()


def test_another_seed_judges_all_again_and_the_old_one_nothing(root):
    before = points(root)
    assert grade(root, seed=2) == EVERYTHING
    assert grade(root, seed=1) == set()
    assert points(root) == before


def test_a_command_that_was_stopped_goes_on(course):
    Classroom(course).hand_in()
    first = grade(course, stop_after=4)
    assert len(first) == 4
    assert grade(course) == EVERYTHING - first
    assert set(points(course)) == EVERYTHING


def seen(root):
    with open_store(root / "grades.sqlite", create=False) as store:
        return {
            (result.student, result.exercise, verdict.probe): (
                verdict.outcome,
                verdict.case,
                verdict.received,
            )
            for result in store.results()
            for verdict in result.verdicts
        }


def test_the_same_seed_gives_the_same_verdicts(root):
    before = seen(root)
    (root / "grades.sqlite").unlink()
    assert grade(root) == EVERYTHING
    assert seen(root) == before
