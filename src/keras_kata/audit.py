"""Proving a grader: known-right answers get full marks, known-wrong ones lose points and are named.

An exercise that does not pass is not done. Machine-made mutants of the reference stand in for the wrong
answers that nobody listed.
"""

import ast
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from keras_kata.course import Course, Exercise
from keras_kata.errors import AuthoringError, KataError
from keras_kata.failures import error_text
from keras_kata.grader import Grader, load_grader
from keras_kata.implementation import StandIn
from keras_kata.inventory import file_problems
from keras_kata.judge import PUBLIC_SEED, Judge, Limits
from keras_kata.mutants import Mutant, make_mutants
from keras_kata.submission import Submission
from keras_kata.verdicts import Failed, NotAttempted, Passed, Raised, Verdict, outcome_name

__all__ = ["ExerciseReport", "audit", "audit_exercise", "default_jobs"]

LEAST_MISCONCEPTIONS = 4
LEAST_ALTERNATIVES = 2
LEAST_HINTS = 2
_SLIPS = (
    "NameError",
    "UnboundLocalError",
    "ImportError",
    "ModuleNotFoundError",
)  # an author's, no learner's mistake
_MUTANT_LIMITS = Limits(case_floor=1.0, probe_floor=5.0, factor=10.0)


@dataclass
class ExerciseReport:
    """What auditing one exercise found.

    Attributes:
        problems: each a sentence; none means that the exercise passes.
        named: how many misconceptions are diagnosed as themselves.
        killed: how many mutants fail some probe.
        equivalent: how many mutants are listed as equivalent, with a reason.
    """

    slug: str
    problems: list[str] = field(default_factory=list)
    points: float = 0
    probes: int = 0
    alternatives: int = 0
    misconceptions: int = 0
    named: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    seconds: float = 0


def audit(root: Path, slugs: Sequence[str], seeds: int, jobs: int) -> Iterator[ExerciseReport]:
    """Audit exercises in parallel processes; a report comes as soon as it is there."""
    context = get_context("spawn")  # TensorFlow, once used, does not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as pool:
        # The last ones first: the hardest exercises of a module, of which none should be left over for the end.
        slug_of = {pool.submit(audit_exercise, root, slug, seeds): slug for slug in reversed(slugs)}
        for future in as_completed(slug_of):
            try:
                yield future.result()
            except BrokenProcessPool:
                problem = "a process died that audited this exercise, or one beside it"
                yield ExerciseReport(slug_of[future], [problem])


def audit_exercise(root: Path, slug: str, seeds: int) -> ExerciseReport:
    """Audit one exercise in this process."""
    started = perf_counter()
    report = ExerciseReport(slug)
    course = Course(root)
    course.set_environment()
    exercise = course[slug]
    try:
        report.problems += file_problems(exercise)
        if not report.problems:
            _Audit(course, exercise, report).run(seeds)
    except KataError as error:
        report.problems.append(str(error))
    except Exception as error:  # an author's file may raise anything; the audit of the others goes on
        report.problems.append(f"the audit stopped: {error_text(error)}")
    report.seconds = perf_counter() - started
    return report


class _Audit:
    def __init__(self, course: Course, exercise: Exercise, report: ExerciseReport) -> None:
        self.course = course
        self.exercise = exercise
        self.report = report

    def problem(self, text: str) -> None:
        if text not in self.report.problems:
            self.report.problems.append(text)

    def run(self, seeds: int) -> None:
        self._declarations(load_grader(self.course, self.exercise))
        named: set[str] = set()
        # Without shrinking a mistake must be named from fewer cases: quicker, and the stricter proof.
        judge = Judge(self.course, self.exercise, PUBLIC_SEED, shrinking=False)
        alternatives = {name: judge.stand_in(made) for name, made in judge.solution.alternatives().items()}
        self._answers(judge, alternatives)
        for seed in range(PUBLIC_SEED, PUBLIC_SEED + seeds):
            named |= self._behaviour(judge if seed == PUBLIC_SEED else judge.reseeded(seed), alternatives)
        self.report.named = len(named)
        self._mutants(Judge(self.course, self.exercise, limits=_MUTANT_LIMITS))

    def _declarations(self, grader: Grader) -> None:
        self.report.points, self.report.probes = grader.points, len(grader.probes)
        wanted = self.course.points.get(self.exercise.difficulty)
        if wanted is None:
            self.problem(f"course.toml has no points for difficulty {self.exercise.difficulty}")
        elif grader.points != wanted:
            points = f"{grader.points:g}; difficulty {self.exercise.difficulty} asks for {wanted:g}"
            self.problem(f"the probes' points add up to {points}")
        hints = [hint for probe in grader.probes.values() for hint in probe.hints]
        if len(set(hints)) < LEAST_HINTS:
            self.problem(f"there are fewer than {LEAST_HINTS} different hints")
        order = list(self.course.exercises)
        for slug in self.exercise.prerequisites:
            if slug not in order:
                self.problem(f"the prerequisite {slug} is no exercise")
            elif order.index(slug) >= order.index(self.exercise.slug):
                self.problem(f"the prerequisite {slug} does not come before it in course.toml")
        if self.exercise.module not in self.course.modules:
            self.problem(f"course.toml has no module {self.exercise.module}")

    def _answers(self, judge: Judge, alternatives: Mapping[str, Submission]) -> None:
        """How many there are, and what does not depend on the seed."""
        misconceptions = judge.known.mistakes
        self.report.alternatives, self.report.misconceptions = len(alternatives), len(misconceptions)
        if len(alternatives) < LEAST_ALTERNATIVES:
            self.problem(f"there are fewer than {LEAST_ALTERNATIVES} alternatives")
        if len(misconceptions) < LEAST_MISCONCEPTIONS:
            self.problem(f"there are fewer than {LEAST_MISCONCEPTIONS} misconceptions")
        for verdict in judge.judge_all(judge.load(self.exercise.stub)):
            if not isinstance(verdict.outcome, NotAttempted) or verdict.earned:
                self.problem(f"the stub is not `not attempted` at {verdict.probe}: {_brief(verdict)}")

    def _behaviour(self, judge: Judge, alternatives: Mapping[str, Submission]) -> set[str]:
        """Right answers and wrong answers, with one seed; the mistakes that were named."""
        reference = judge.load(self.exercise.solution / "reference.py")
        for _ in range(2):  # twice, every case anew: judging must not depend on what was judged before
            self._right(judge, "the reference", reference)
        for name, submission in alternatives.items():
            self._right(judge, f"the alternative {name}", submission)
        misconceptions = judge.known.mistakes.items()
        return {name for name, stand_in in misconceptions if self._wrong(judge, stand_in)}

    def _right(self, judge: Judge, what: str, submission: Submission) -> None:
        for verdict in judge.judge_all(submission):
            if not isinstance(verdict.outcome, Passed):
                self.problem(f"{what} does not pass {verdict.probe} (seed {judge.seed}): {_brief(verdict)}")

    def _wrong(self, judge: Judge, stand_in: StandIn) -> bool:
        """Whether the misconception loses points and is named, as itself only."""
        verdicts = judge.judge_all(judge.stand_in(stand_in))
        lost = [verdict for verdict in verdicts if not isinstance(verdict.outcome, Passed)]
        if not lost:
            self.problem(f"the misconception {stand_in.name} gets full marks (seed {judge.seed})")
        for verdict in lost:
            if not isinstance(verdict.outcome, Failed | Raised):
                self.problem(f"the misconception {stand_in.name} ends {verdict.probe}: {_brief(verdict)}")
            elif isinstance(verdict.outcome, Raised) and verdict.outcome.error.startswith(_SLIPS):
                self.problem(f"the misconception {stand_in.name} itself is broken: {verdict.outcome.error}")
        mistakes = [v.outcome.mistake for v in lost if isinstance(v.outcome, Failed | Raised)]
        names = {mistake.name for mistake in mistakes if mistake is not None}
        for other in sorted(names - {stand_in.name}):
            self.problem(f"the misconception {stand_in.name} is taken for {other} (seed {judge.seed})")
        if lost and not names:
            self.problem(f"the misconception {stand_in.name} is not named by any probe (seed {judge.seed})")
        return stand_in.name in names

    def _mutants(self, judge: Judge) -> None:
        equivalent = _equivalent_mutants(self.exercise)
        mutants = make_mutants(judge.solution.source)
        self.report.mutants = len(mutants)
        for mutant in mutants:
            if _is_killed(judge, mutant):
                self.report.killed += 1
                if mutant.id in equivalent:
                    self.problem(f"equivalent_mutants.toml lists a mutant that a probe notices: {mutant.id}")
            elif mutant.id in equivalent:
                self.report.equivalent += 1
            else:
                self.problem(f"no probe notices the mutant (line {mutant.line}) {mutant.id}")
        for name in equivalent.keys() - {mutant.id for mutant in mutants}:
            self.problem(f"equivalent_mutants.toml lists a mutant that is not made any more: {name}")


def _is_killed(judge: Judge, mutant: Mutant) -> bool:
    try:
        submission = judge.mutant(ast.unparse(mutant.tree))
    except AuthoringError:  # a mutant that does not even load is noticed
        return True
    return judge.notices(submission)


def _brief(verdict: Verdict) -> str:
    outcome = verdict.outcome
    parts = [outcome_name(outcome)]
    for name in ("difference", "error", "problem", "reason"):
        if value := getattr(outcome, name, None):
            parts.append(str(getattr(value, "reason", value)))
    if case := getattr(outcome, "case", None):
        parts.append(f"with {case!r:.200}")
    return ", ".join(parts)


def _equivalent_mutants(exercise: Exercise) -> dict[str, str]:
    """The listed equivalent mutants, `"id" = "reason"`, of an exercise.

    Raises:
        KataError: the file is no TOML, or an entry lacks a reason.
    """
    path = exercise.solution / "equivalent_mutants.toml"
    if not path.exists():
        return {}
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KataError(f"{path} is not valid TOML: {error}") from None
    for name, reason in listed.items():
        if not isinstance(reason, str) or len(reason.split()) < 4:
            raise KataError(f"{path}: {name} needs a reason, in a sentence")
    return listed


def default_jobs() -> int:
    """One process per core."""
    return os.cpu_count() or 1
