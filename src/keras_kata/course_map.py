"""The map of the course, as a Markdown table for the README."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from keras_kata.course import Course
from keras_kata.errors import CourseError

__all__ = ["BEGIN", "END", "course_map", "with_map"]

BEGIN = "<!-- course map: written by `kata map`, checked by a test -->\n"
END = "<!-- end of the course map -->"


def course_map(course: Course) -> str:
    """One table for each module: the exercises in order, what they teach, and what comes before them."""
    return "\n".join(_lines(course)) + "\n"


def with_map(text: str, course: Course) -> str:
    """A README's text with the map between its two marks.

    Raises:
        CourseError: the marks are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise CourseError(f"the README lacks the lines {BEGIN.strip()} and {END}")
    return before + begin + course_map(course) + end + after


def write_map(course: Course) -> Path:
    """Bring the README's map up to date."""
    readme = course.root / "README.md"
    readme.write_text(with_map(readme.read_text(encoding="utf-8"), course), encoding="utf-8")
    return readme


def _lines(course: Course) -> Iterator[str]:
    for module, exercises in groupby(course, key=lambda exercise: exercise.module):
        yield f"\n**{module}: {course.modules.get(module, module)}**\n"
        yield "| exercise | what it is about | points | after |"
        yield "|---|---|---|---|"
        for exercise in exercises:
            after = ", ".join(slug.removeprefix(f"{module}/") for slug in exercise.prerequisites)
            points = course.points.get(exercise.difficulty, 0)
            yield f"| `{exercise.name}` | {exercise.title} | {points:g} | {after} |"
    yield ""
