"""What is exported: the results of a choice of exercises, and what they come to for each student."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from keras_kata.course import Course, Exercise
from keras_kata.display import harmless
from keras_kata.errors import AuthoringError, ExportError
from keras_kata.exports.choices import Level
from keras_kata.exports.feedback import feedback
from keras_kata.outline import ProbeOutline, outline
from keras_kata.results import Result, SavedVerdict

__all__ = ["GRADER_ERROR", "Export", "Grades", "Total"]

GRADER_ERROR = (
    "GRADER ERROR: the exercise failed, not the answer; the points are given, and somebody must look at it"
)
"""The note beside every grade that a grader error is part of."""


@dataclass(frozen=True)
class Export:
    """What an export comes to.

    Attributes:
        files: contents by name; a single file of the name "" is what was asked for itself.
        problems: what could not be exported, or must be looked at.
    """

    files: Mapping[str, str | bytes]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Total:
    """What a student has in all chosen exercises together, those without an answer included."""

    student: str
    points: float
    max_points: float
    has_grader_error: bool
    exercises: int


class Grades:
    """The results of the chosen exercises.

    Args:
        results: in the order of students.
        exercises: those that count; one without an answer counts 0 points.
        level: how much a learner is told.

    Raises:
        ExportError: there is nothing to export.
    """

    def __init__(
        self, course: Course, results: Iterable[Result], exercises: Iterable[Exercise], level: Level
    ) -> None:
        self.course = course
        self.exercises = {exercise.slug: exercise for exercise in exercises}
        self.level = level
        order = {slug: number for number, slug in enumerate(self.exercises)}
        chosen = [result for result in results if result.exercise in order]
        self.results = sorted(chosen, key=lambda result: (result.student, order[result.exercise]))
        if not self.results:
            raise ExportError("nothing of this is graded yet: run `kata autograde` first")
        self._outlines: dict[str, dict[str, ProbeOutline]] = {}

    @property
    def students(self) -> list[str]:
        """The students with any result, sorted."""
        return list(self._by_student)

    def of(self, student: str) -> list[Result]:
        """One student's results, in the course's order."""
        return self._by_student[student]

    @cached_property
    def _by_student(self) -> dict[str, list[Result]]:
        return {name: list(mine) for name, mine in groupby(self.results, key=lambda result: result.student)}

    @cached_property
    def max_points(self) -> float:
        """What the chosen exercises are worth, by their graders as they are now."""
        return sum(map(self.worth, self.exercises))

    def worth(self, slug: str) -> float:
        """What one exercise is worth."""
        if probes := self._outline(slug):
            return sum(probe.points for probe in probes.values())
        return self.course.points.get(self.exercises[slug].difficulty, 0)

    def totals(self) -> Iterator[Total]:
        """Every student's total."""
        for student in self.students:
            mine = self.of(student)
            error = any(result.has_grader_error for result in mine)
            yield Total(student, sum(r.points for r in mine), self.max_points, error, len(mine))

    def problems(self) -> list[str]:
        """The grader errors; each must be looked at before grades are released."""
        return [
            harmless(f"{result.student}: {result.exercise}::{verdict.probe}: {GRADER_ERROR}")
            for result in self.results
            for verdict in result.verdicts
            if verdict.is_grader_error
        ]

    def feedback(self, result: Result, verdict: SavedVerdict) -> str:
        """What a learner is told about one probe."""
        probe = self._outline(result.exercise).get(verdict.probe)
        known = probe or ProbeOutline(verdict.probe, verdict.probe, verdict.max_points, ())
        return feedback(verdict, known, result.exercise, self.level)

    def _outline(self, slug: str) -> dict[str, ProbeOutline]:
        if slug not in self._outlines:
            try:
                found = {probe.name: probe for probe in outline(self.exercises[slug])}
            except AuthoringError:  # results can be exported after their grader is gone
                found = {}
            self._outlines[slug] = found
        return self._outlines[slug]
