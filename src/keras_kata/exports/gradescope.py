"""Gradescope's `results.json`, one for each student (Gradescope Autograder Documentation, "Output format")."""

import json
from typing import Any

from keras_kata.exports.choices import Visibility
from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.exports.per_student import by_student
from keras_kata.results import Result, SavedVerdict

__all__ = ["export"]


def export(grades: Grades, visibility: Visibility = Visibility.VISIBLE) -> Export:
    """One file for one student, or `<student>/results.json` for several."""
    return by_student(grades, "results.json", lambda student: _as_text(_results(grades, student, visibility)))


def _as_text(results: dict[str, Any]) -> str:
    return json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _results(grades: Grades, student: str, visibility: Visibility) -> dict[str, Any]:
    mine = grades.of(student)
    tests = [
        _test(grades, result, verdict, f"{place}.{number}", visibility)
        for place, result in enumerate(mine, 1)
        for number, verdict in enumerate(result.verdicts, 1)
    ]
    missing = [slug for slug in grades.exercises if slug not in {result.exercise for result in mine}]
    output = [f"No answer to {slug} was found." for slug in missing]
    if any(result.has_grader_error for result in mine):
        output.insert(0, GRADER_ERROR)
    return {
        # A score of its own would outweigh those of the tests; without one, Gradescope adds the tests up.
        "execution_time": round(sum(result.seconds for result in mine)),
        "output": "\n".join(output),
        "output_format": "text",
        "visibility": visibility.value,
        "stdout_visibility": Visibility.HIDDEN.value,
        "extra_data": {"student": student, "run": max(result.run for result in mine)},
        "tests": tests + [_missing(grades, slug, visibility) for slug in missing],
    }


def _test(
    grades: Grades, result: Result, verdict: SavedVerdict, number: str, visibility: Visibility
) -> dict[str, Any]:
    loud = "GRADER ERROR: " if verdict.is_grader_error else ""
    return {
        "score": verdict.points,
        "max_score": verdict.max_points,
        # A grader error has its points and no green tick.
        "status": "passed" if verdict.outcome == "passed" else "failed",
        "name": f"{loud}{result.exercise}::{verdict.probe}",
        "name_format": "text",
        "number": number,
        "output": grades.feedback(result, verdict),
        "output_format": "text",
        "visibility": visibility.value,
        "extra_data": {"outcome": verdict.outcome, "mistake": verdict.mistake},
    }


def _missing(grades: Grades, slug: str, visibility: Visibility) -> dict[str, Any]:
    return {
        "score": 0.0,
        "max_score": grades.worth(slug),
        "status": "failed",
        "name": f"{slug}: no answer",
        "name_format": "text",
        "visibility": visibility.value,
    }
