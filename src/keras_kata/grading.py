"""The units of work of a grading run, as functions of plain values: for processes here, or on other machines.

A process that runs them keeps, for one plan, a forking server and a judge of each exercise it has met. The cases
of an exercise are drawn, and the reference observes them, in one unit; the others are handed what was found.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from keras_kata.confinement import Confinement, Enforced
from keras_kata.course import Course, Exercise
from keras_kata.errors import ImplementationError, ServerError
from keras_kata.implementation import decoded
from keras_kata.judge import Judge, Limits
from keras_kata.needs import load, packages_of
from keras_kata.notebook_source import NotebookSource, read_notebook
from keras_kata.provenance import versions
from keras_kata.remote import enforced_by, submitted
from keras_kata.submission import Submission
from keras_kata.verdicts import Unusable, Verdict
from keras_kata.workers import Workers

__all__ = ["Answered", "Plan", "Unit", "enforced", "grade", "prepare", "use_server", "warm_up"]

_server: int | None = None
"""A connection to a server that this process shares with others, for the first plan that it works on."""


@dataclass(frozen=True)
class Plan:
    """What all units of a run have in common.

    Attributes:
        root: the course's folder, on whatever machine a unit runs.
        slugs: the exercises that are graded.
        seed: what all cases are drawn from; secret until the grades are out.
        limits: of wall-clock time.
        confinement: of the sandbox.
        versions: what the coordinator runs; another machine must run the same.
    """

    root: Path
    slugs: tuple[str, ...]
    seed: int
    limits: Limits = field(default_factory=Limits)
    confinement: Confinement = field(default_factory=Confinement)
    versions: tuple[tuple[str, str], ...] = field(default_factory=lambda: tuple(versions().items()))

    def exercises(self, course: Course) -> list[Exercise]:
        """Those that are graded."""
        return [course[slug] for slug in self.slugs]


@dataclass(frozen=True)
class Unit:
    """One submission of one exercise.

    Attributes:
        data: the file's content.
    """

    exercise: str
    filename: str
    kind: Literal["python", "notebook"]
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Answered:
    """What a unit came to.

    Attributes:
        remarks: what the learner should know of a notebook that was read.
        solutions: the text of a notebook's solution cells, by grade_id.
    """

    verdicts: tuple[Verdict, ...]
    remarks: tuple[str, ...] = ()
    solutions: Mapping[str, str] = field(default_factory=dict)


def use_server(connection: int) -> None:
    """Have this process's workers come from another process's server, by a descriptor of `Workers.attach`."""
    global _server
    _server = connection


def warm_up(plan: Plan) -> None:
    """Import what judging will need, so that this need not wait for the server, which imports the same."""
    course = _grading(plan).course
    course.set_environment()
    load(packages_of(plan.exercises(course)))


def enforced(plan: Plan) -> Enforced:
    """What holds back submissions where this runs.

    Raises:
        SandboxError: less than demanded.
        ServerError: the course can't be imported, or the versions differ from the coordinator's.
    """
    grading, problem = _grading(plan), ""
    with grading.lock:
        for slug in plan.slugs:
            try:
                return enforced_by(grading.workers, grading.course[slug])
            except ServerError as error:  # perhaps only this exercise is broken
                problem = str(error)
    raise ServerError(problem or "there is no exercise to be graded")


def prepare(plan: Plan, slug: str) -> bytes:
    """Draw the cases of an exercise and let the reference observe them; what was found, for `grade`.

    Raises:
        KataError: the exercise can't be judged at all.
    """
    grading = _grading(plan)
    with grading.lock:
        judge = grading.judge(slug)
        for probe in judge.probes.values():
            judge.known.trial(probe)  # a grader error is found here, and handed on like an answer
        return judge.known.learned()


def grade(plan: Plan, unit: Unit, learned: bytes) -> Answered:
    """Judge a submission in a sandboxed worker.

    Args:
        learned: what `prepare` found for the unit's exercise.

    Raises:
        KataError: it was not judged, for a reason that is not the submission's.
    """
    grading = _grading(plan)
    with grading.lock:
        return _graded(grading, unit, grading.judge(unit.exercise, learned))


def _graded(grading: "_Grading", unit: Unit, judge: Judge) -> Answered:
    try:
        source = _source(unit, judge)
    except ImplementationError as error:
        return Answered(tuple(judge.judge_all(Submission(None, Unusable(str(error))))))
    exercise = grading.course[unit.exercise]
    with submitted(grading.workers, exercise, judge.loader, source.text, unit.filename) as submission:
        return Answered(tuple(judge.judge_all(submission)), source.remarks, source.solutions)


def _source(unit: Unit, judge: Judge) -> NotebookSource:
    if unit.kind == "python":
        return NotebookSource(decoded(unit.data, unit.filename))
    return read_notebook(unit.data, judge.exercise.name, list(judge.loader.contract.signatures))


class _Grading:
    """What this process keeps for one plan.

    Attributes:
        lock: held by whoever judges. Machines elsewhere may carry out units in several threads, but a judge sets
            what belongs to the whole process: random numbers, standard output, Keras's registry.
    """

    def __init__(self, plan: Plan) -> None:
        if dict(plan.versions) != (own := versions()):
            differing = [name for name, version in plan.versions if own.get(name) != version]
            raise ServerError(
                f"this machine has other versions of {', '.join(differing)} than the coordinator: grades would "
                "not be comparable. Install the course's lock file on both."
            )
        self.plan = plan
        self.course = Course(plan.root)
        self.lock = threading.Lock()
        self._judges: dict[str, Judge] = {}

    @cached_property
    def workers(self) -> Workers:
        """The sandboxed workers; a server of our own starts with the first one, and ends with this process."""
        global _server
        connection, _server = _server, None
        return Workers(self.course, self.plan.confinement, self.plan.exercises(self.course), connection)

    def judge(self, slug: str, learned: bytes = b"") -> Judge:
        """The judge of an exercise, which knows what was learned elsewhere."""
        if slug not in self._judges:
            judge = Judge(self.course, self.course[slug], self.plan.seed, self.plan.limits)
            if learned:
                judge.known.remember(learned)
            self._judges[slug] = judge
        return self._judges[slug]


@lru_cache(maxsize=1)
def _grading(plan: Plan) -> _Grading:
    return _Grading(plan)
