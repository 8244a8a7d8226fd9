"""Loading a reference for a test that compares it with something independent of it."""

from pathlib import Path
from typing import Any

from keras_kata.course import Course
from keras_kata.implementation import Solution

COURSE = Course(Path(__file__).parents[2])


def reference(slug: str) -> Any:
    """The members of an exercise's reference, as attributes."""
    COURSE.set_environment()
    exercise = COURSE[slug]
    return Solution(exercise.solution, exercise.slug).reference()
