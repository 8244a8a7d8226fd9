"""The skeleton of a new exercise. That it passes the audit is in `test_cli.py`."""

import pytest

from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.scaffold import scaffold

SLUG = "module8/my_exercise"


def test_the_course_knows_the_new_exercise_and_its_module(course):
    before = Course(course)
    written = scaffold(before, SLUG)
    after = Course(course)
    assert list(after.exercises) == [*before.exercises, SLUG]
    assert list(after.modules) == [*before.modules, "module8"]
    assert all((course / path).is_file() for path in written)
    exercise = after[SLUG]
    assert {exercise.stub, exercise.grader} <= {course / path for path in written}


def test_a_second_exercise_of_a_module_does_not_declare_it_again(course):
    scaffold(Course(course), SLUG)
    scaffold(Course(course), "module8/another")
    assert (course / "course.toml").read_text().count('name = "module8"') == 1


@pytest.mark.parametrize(
    "file", ["graders/module8/my_exercise.py", "solutions/module8/my_exercise/reference.py"]
)
def test_nothing_is_written_where_something_is_there(course, file):
    (course / file).parent.mkdir(parents=True)
    (course / file).write_text("somebody's")
    before = sorted(course.rglob("*"))
    with pytest.raises(CourseError, match="is there already; nothing was written"):
        scaffold(Course(course), SLUG)
    assert sorted(course.rglob("*")) == before
    assert (course / file).read_text() == "somebody's"


@pytest.mark.parametrize(
    "slug", ["", "my_exercise", "module8/", "module/x", "module8/x/y", "module8/reference", "/module8/x"]
)
def test_what_is_no_slug_is_refused(course, slug):
    with pytest.raises(CourseError, match="is no slug; write it as module2/my_exercise"):
        scaffold(Course(course), slug)
