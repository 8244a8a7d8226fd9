"""CSV of one's own: a row per probe, per exercise or per student."""

from collections.abc import Iterator

from keras_kata.exports.cells import inert, number, rows_as_text
from keras_kata.exports.choices import Per
from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.results import Result

__all__ = ["export"]


def export(grades: Grades, per: Per = Per.EXERCISE) -> Export:
    """A table with a header, in UTF-8, with CRLF between rows."""
    make = {Per.PROBE: _by_probe, Per.EXERCISE: _by_exercise, Per.STUDENT: _by_student}[per]
    rows = ([inert(cell) for cell in row] for row in make(grades))
    return Export({"": rows_as_text(rows)}, tuple(grades.problems()))


def _by_probe(grades: Grades) -> Iterator[list[str]]:
    head = ["student", "exercise", "probe", "status", "points", "max_points", "note", "mistake", "feedback"]
    yield [*head, "seconds", *_ORIGIN]
    for result in grades.results:
        for verdict in result.verdicts:
            yield [
                result.student,
                result.exercise,
                verdict.probe,
                verdict.outcome,
                number(verdict.points),
                number(verdict.max_points),
                GRADER_ERROR if verdict.is_grader_error else "",
                verdict.mistake or "",
                grades.feedback(result, verdict),
                number(verdict.seconds, 3),
                *_origin(result),
            ]


def _by_exercise(grades: Grades) -> Iterator[list[str]]:
    head = ["student", "exercise", "status", "points", "max_points", "note", "passed", "probes", "mistakes"]
    yield [*head, "seconds", *_ORIGIN]
    for result in grades.results:
        yield [
            result.student,
            result.exercise,
            result.state,
            number(result.points),
            number(result.max_points),
            GRADER_ERROR if result.has_grader_error else "",
            str(sum(verdict.outcome == "passed" for verdict in result.verdicts)),
            str(len(result.verdicts)),
            " ".join(sorted({verdict.mistake for verdict in result.verdicts if verdict.mistake})),
            number(result.seconds, 3),
            *_origin(result),
        ]


def _by_student(grades: Grades) -> Iterator[list[str]]:
    yield ["student", "points", "max_points", "exercises", "of", "note"]
    for total in grades.totals():
        yield [
            total.student,
            number(total.points),
            number(total.max_points),
            str(total.exercises),
            str(len(grades.exercises)),
            GRADER_ERROR if total.has_grader_error else "",
        ]


_ORIGIN = ["file", "digest", "submitted", "graded", "run"]


def _origin(result: Result) -> list[str]:
    submitted = result.written.isoformat(timespec="seconds") if result.written else ""
    graded = result.graded.isoformat(timespec="seconds")
    return [result.file, result.digest, submitted, graded, str(result.run)]
