"""The README's map of the course."""

import ast
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.course_map import course_map, with_map
from keras_kata.errors import CourseError

ROOT = Path(__file__).parents[1]


def test_the_readme_has_the_map_of_the_course_as_it_is():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == with_map(text, Course(ROOT)), "run `kata map`"


def test_the_map_has_a_row_for_every_exercise():
    course = Course(ROOT)
    rows = [line for line in course_map(course).splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [exercise.name for exercise in course]


def test_a_readme_without_the_marks_is_refused():
    with pytest.raises(CourseError, match="lacks the lines"):
        with_map("# A course\n", Course(ROOT))


@pytest.mark.parametrize("exercise", Course(ROOT).exercises.values(), ids=lambda exercise: exercise.slug)
def test_instructions_name_what_an_exercise_builds_on(exercise):
    instructions = ast.get_docstring(
        ast.parse((exercise.solution / "reference.py").read_text(encoding="utf-8"))
    )
    assert [slug for slug in exercise.prerequisites if slug.split("/")[1] not in instructions] == []
