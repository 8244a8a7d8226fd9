"""What GitHub Classroom's autograding reporter reads: for every runner an environment variable with results.

A runner is a probe. The reporter's table counts each test of a runner alike, while the points that it sends to
Classroom are the sum of the tests' scores: with one test each, both say the same.

The file has lines for `$GITHUB_ENV`; the last one has the runners' names, for the reporter's input `runners`.
"""

import base64
import json
import re

from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.exports.per_student import by_student
from keras_kata.results import Result, SavedVerdict

__all__ = ["export", "runner_of"]

_STATUS = {"passed": "pass", "grader error": "error"}


def export(grades: Grades) -> Export:
    """One file for one student, or `<student>/classroom.env` for several."""
    return by_student(grades, "classroom.env", lambda student: _variables(grades, student))


def runner_of(slug: str, probe: str) -> str:
    """The name that a probe has as a runner: part of a variable's name, in capitals as the reporter has it."""
    return re.sub(r"\W", "_", f"{slug}__{probe}", flags=re.ASCII).upper()


def _variables(grades: Grades, student: str) -> str:
    mine = {result.exercise: result for result in grades.of(student)}
    runners: dict[str, dict[str, object]] = {}
    for slug in grades.exercises:
        if slug in mine:
            for verdict in mine[slug].verdicts:
                runners[runner_of(slug, verdict.probe)] = _results(grades, mine[slug], verdict)
        else:
            runners[runner_of(slug, "no_answer")] = _runner(
                f"{slug}: no answer", "fail", 0, grades.worth(slug), ""
            )
    lines = [
        f"{name}_RESULTS={base64.b64encode(json.dumps(results).encode()).decode()}"
        for name, results in runners.items()
    ]
    return "\n".join([*lines, f"KATA_RUNNERS={','.join(runners).lower()}"]) + "\n"


def _results(grades: Grades, result: Result, verdict: SavedVerdict) -> dict[str, object]:
    told = grades.feedback(result, verdict)
    note = f"{GRADER_ERROR}\n" if verdict.is_grader_error else ""
    # The message is shown for errors only, by some of the reporter's versions: the name tells the mistake too.
    mistake = f" ({verdict.mistake})" if verdict.mistake and told else ""
    name = f"{result.exercise}::{verdict.probe}{mistake}"
    return _runner(
        name, _STATUS.get(verdict.outcome, "fail"), verdict.points, verdict.max_points, note + told
    )


def _runner(name: str, status: str, points: float, most: float, message: str) -> dict[str, object]:
    test: dict[str, object] = {"name": name, "status": status, "score": points, "line_no": 0}
    if message:
        test["message"] = message
    return {"version": 1, "status": status, "max_score": most, "tests": [test]}
