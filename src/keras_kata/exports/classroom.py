"""What GitHub Classroom's autograding reporter reads: for every runner an environment variable with results.

A runner is an exercise. The file has lines for `$GITHUB_ENV`, and a last one with the names of the runners for
the reporter's input `runners`. The reporter adds up the tests' scores to the points that Classroom shows; the
table in its log instead counts each passed test alike, which it does for every grader.
"""

import base64
import json
import re

from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.exports.per_student import by_student
from keras_kata.results import Result

__all__ = ["export", "runner_of"]

_STATUS = {"passed": "pass", "grader error": "error"}


def export(grades: Grades) -> Export:
    """One file for one student, or `<student>/classroom.env` for several."""
    return by_student(grades, "classroom.env", lambda student: _variables(grades, student))


def runner_of(slug: str) -> str:
    """The name that an exercise has as a runner: part of a variable's name, in capitals as the reporter has it."""
    return re.sub(r"\W", "_", slug).upper()


def _variables(grades: Grades, student: str) -> str:
    mine = {result.exercise: result for result in grades.of(student)}
    lines = []
    for slug in grades.exercises:
        results = _runner(grades, mine[slug]) if slug in mine else _unanswered(grades, slug)
        encoded = base64.b64encode(json.dumps(results).encode()).decode()
        lines.append(f"{runner_of(slug)}_RESULTS={encoded}")
    runners = ",".join(runner_of(slug).lower() for slug in grades.exercises)
    return "\n".join([*lines, f"KATA_RUNNERS={runners}"]) + "\n"


def _runner(grades: Grades, result: Result) -> dict[str, object]:
    tests = []
    for verdict in result.verdicts:
        note = f"{GRADER_ERROR}\n" if verdict.is_grader_error else ""
        test: dict[str, object] = {
            "name": f"{result.exercise}::{verdict.probe}",
            "status": _STATUS.get(verdict.outcome, "fail"),
            "score": verdict.points,
        }
        if message := note + grades.feedback(result, verdict):
            test["message"] = message
        tests.append(test)
    return {
        "version": 1,
        "status": _STATUS.get(result.state, "fail"),
        "max_score": result.max_points,
        "tests": tests,
    }


def _unanswered(grades: Grades, slug: str) -> dict[str, object]:
    test = {"name": slug, "status": "fail", "score": 0, "message": "No answer was found."}
    return {"version": 1, "status": "fail", "max_score": grades.worth(slug), "tests": [test]}
