"""Judging an implementation of one exercise: the same probes, on the submission and on the reference.

Where their observations disagree, a smaller failing case is looked for, and the mistake is named.
"""

import copy
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from keras_kata.authoring import Accepts, AtLeastAccuracy, Case, Probe
from keras_kata.cases import size
from keras_kata.comparison import compare
from keras_kata.course import Course, Exercise
from keras_kata.diagnosis import Sighting, alike, diagnose
from keras_kata.errors import AuthoringError, CourseError
from keras_kata.failures import error_text
from keras_kata.grader import load_grader
from keras_kata.implementation import Solution, StandIn
from keras_kata.recorded import Recorded
from keras_kata.runtime import Runtime, load_runtime
from keras_kata.submission import Loader, Submission
from keras_kata.trial import Knowledge, Known, Limits, Trial, digest
from keras_kata.tripwires import tripwires
from keras_kata.verdicts import (
    Difference,
    Failed,
    Forbidden,
    GraderError,
    Mistake,
    NotAttempted,
    Outcome,
    Passed,
    Raised,
    TimedOut,
    Verdict,
)
from keras_kata.worker import Answer, Reply, Worker, visible

__all__ = ["PUBLIC_SEED", "Judge", "Limits", "Seen"]

PUBLIC_SEED = 20261120
"""The seed of practice: everyone gets the same cases, every time."""

_MOST_FREED_BLOCKS_KEPT = 8  # of one size, by numpy and by the C library
_CHANGES_INPUT = "your code changes its argument"
_INPUT_CHANGED = (
    "Your result is right, but your code writes into an array or list that it was given. The caller still "
    "needs that as it was: work on a copy, or make a new one."
)


@dataclass
class Seen:
    """What a submission did at one probe, case by case."""

    passing: list[Sighting]
    failing: list[Sighting]
    end: Outcome | None = None
    """An outcome that ended the run early, such as a time limit; it outweighs the cases."""
    shown: Case | None = None
    """The failing case that the message is about."""


@dataclass(frozen=True)
class _SeenOf:
    """What a submission did at several probes.

    Attributes:
        ahead: the probes at which it was run to explain another one, and whose own turn has not come yet.
    """

    submission: Submission | None
    probes: dict[str, Seen] = field(default_factory=dict)
    ahead: set[str] = field(default_factory=set)


class Judge:
    """Judges implementations of one exercise.

    Args:
        course: where the exercise belongs.
        exercise: which one.
        seed: what cases are drawn from.
        limits: how long a submission may take.
        echo: let submissions print, instead of keeping what they print for the message.
        shrinking: look for a smaller failing case; without it the smallest one drawn is shown.

    Raises:
        AuthoringError: the grader or the solution is missing or declared wrongly.
        CourseError: in a kit, the recording can't be used, or the seed is not the one that it was made with.
    """

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        seed: int = PUBLIC_SEED,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        *,
        echo: bool = False,
        shrinking: bool = True,
    ) -> None:
        course.set_environment()
        self.exercise = exercise
        self.seed = seed
        self.limits = limits
        self.shrinking = shrinking
        self.runtime: Runtime = load_runtime(course.runtime)
        grader = load_grader(course, exercise)
        self._solution: Solution | None = None
        self.probes: Mapping[str, Probe] = grader.probes
        self.known: Knowledge
        if exercise.has_solution:
            self._solution = Solution(exercise.solution, exercise.slug, self.runtime.registrations)
            with self.runtime.isolated(None):
                contract = self._solution.contract()
            self.known = Known(self._solution, self.runtime, seed, limits.case_floor)
        else:
            self.known = Recorded.of(exercise, seed)
            contract = self.known.recording.contract
        with (
            self.runtime.isolated(None),
            tripwires(grader.forbidden, "", self.runtime.synonyms),
        ):
            pass  # what can't be guarded is told here, as the author's fault
        self.loader = Loader(exercise.name, contract, grader.forbidden, self.runtime)
        self._worker = Worker(self.runtime, grader.forbidden, echo=echo)
        self._current = _SeenOf(None)

    @property
    def solution(self) -> Solution:
        """The secret part of the exercise.

        Raises:
            CourseError: a learner's kit has none.
        """
        if self._solution is None:
            raise CourseError(f"{self.exercise.slug}: a kit has a recording in place of the solution")
        return self._solution

    def load(self, path: Path) -> Submission:
        """Load a learner's file; whatever is wrong with it is in the result."""
        return self.loader.load(path)

    def stand_in(self, stand_in: StandIn) -> Submission:
        """The reference with one member replaced, as a submission that runs each case once, whatever the seed."""
        mistake = stand_in if self.known.mistakes.get(stand_in.name) is stand_in else None
        with self.runtime.isolated(None):
            return Submission(self.solution.with_stand_in(stand_in), mistake=mistake, replies={})

    def reseeded(self, seed: int) -> "Judge":
        """A judge with the cases of another seed; what is known of equal cases is kept."""
        other = self.knowing(self.known.reseeded(seed))
        other.seed = seed
        return other

    def knowing(self, known: Knowledge) -> "Judge":
        """A judge that asks another knowledge of the same exercise."""
        other = copy.copy(self)
        other.known = known
        other._current = _SeenOf(None)
        return other

    def mutant(self, source: str) -> Submission:
        """A changed reference, as a submission.

        Raises:
            AuthoringError: the changed module can't be loaded.
        """
        with self.runtime.isolated(None):
            return Submission(self.solution.mutant(source))

    def judge(self, submission: Submission, name: str) -> Verdict:
        """One probe's verdict."""
        started = perf_counter()
        outcome, _ = self.examine(submission, name)
        seconds = perf_counter() - started
        return Verdict(self.exercise.slug, name, self.probes[name].points, outcome, seconds)

    def judge_all(self, submission: Submission) -> list[Verdict]:
        """Every probe's verdict, in the grader's order."""
        return [self.judge(submission, name) for name in self.probes]

    def notices(self, submission: Submission) -> bool:
        """Whether any probe fails; stops at the first case that does, and explains nothing."""
        for probe in self.probes.values():
            trial = self.known.trial(probe)
            if isinstance(trial, GraderError):
                raise AuthoringError(f"{self.exercise.slug}::{probe.name}: {trial.reason}")
            if submission.implementation is None:
                return True
            seen = self._run(submission, probe, trial, Seen([], []), stop_early=True)
            if seen.failing or seen.end is not None:
                return True
        return False

    def examine(self, submission: Submission, name: str) -> tuple[Outcome, Seen]:
        """One probe's outcome, and all that was seen on the way to it."""
        probe, seen = self.probes[name], Seen([], [])
        try:
            return self._outcome(submission, probe, seen), seen
        except Exception as error:  # a fault of the engine or of a comparator: never the learner's
            return GraderError(f"judging failed: {error_text(error)}", traceback.format_exc()), seen

    def _outcome(self, submission: Submission, probe: Probe, seen: Seen) -> Outcome:
        trial = self.known.trial(probe)
        if isinstance(trial, GraderError):
            return trial
        if submission.implementation is None:
            return submission.problem or GraderError("a submission has neither code nor problem")
        seen_of = self._seen_of(submission)
        if probe.name in seen_of.ahead:
            seen_of.ahead.remove(probe.name)
            kept = seen_of.probes[probe.name]
            seen.passing, seen.failing, seen.end = kept.passing, [*kept.failing], kept.end
        else:
            self._run(submission, probe, trial, seen)
            seen_of.probes[probe.name] = replace(seen, failing=[*seen.failing])
        if seen.end is not None:
            return seen.end
        if not seen.failing:
            return Passed()
        if self.shrinking:
            self._look_for_smaller(submission, probe, trial, seen)
        return self._explain(submission, probe, trial, seen)

    def _run(
        self, submission: Submission, probe: Probe, trial: Trial, seen: Seen, *, stop_early: bool = False
    ) -> Seen:
        left = self.limits.probe(trial)
        for case, expected in zip(trial.cases, trial.expected, strict=True):
            limit = min(self.limits.case(trial), left)
            started = perf_counter()
            reply = self._observe(submission, probe, case, expected, limit)
            left -= perf_counter() - started
            if isinstance(reply, Answer | Raised):
                agrees = _disagreement(probe, expected, reply, case) is None
                (seen.passing if agrees else seen.failing).append(Sighting(case, reply, self._worker.printed))
            else:
                seen.end = reply
            if left <= 0 and seen.end is None:
                seen.end = TimedOut(visible(case), self.limits.probe(trial))
            if seen.end is not None or (stop_early and seen.failing):
                break
        if seen.failing and not isinstance(seen.end, NotAttempted | Forbidden):
            seen.end = None  # a wrong answer tells more than a time limit at a later case
        return seen

    def _observe(
        self, submission: Submission, probe: Probe, case: Case, expected: Answer, limit: float
    ) -> Reply:
        if submission.implementation is None:
            raise AuthoringError("a submission has neither code nor problem")
        if submission.mistake is not None:
            return self.known.reply(probe, submission.mistake, case)
        if submission.replies is None:
            _litter(expected.value)
            return self._worker.observe(submission.implementation, probe, case, limit)
        key = (probe.name, digest(case))
        if key not in submission.replies:
            submission.replies[key] = self._worker.observe(submission.implementation, probe, case, limit)
        return submission.replies[key]

    def _look_for_smaller(self, submission: Submission, probe: Probe, trial: Trial, seen: Seen) -> None:
        """Add smaller cases that fail too to what was seen."""
        limit, left = self.limits.case(trial), self.limits.probe(trial)

        def attempt(case: Case) -> Sighting | None:
            nonlocal left
            expected = self.known.answer(probe, case)
            if left <= 0 or isinstance(expected, GraderError):
                return None
            started = perf_counter()
            reply = self._observe(submission, probe, case, expected, min(limit, left))
            left -= perf_counter() - started
            is_wrong = isinstance(reply, Answer | Raised) and _disagreement(probe, expected, reply, case)
            return Sighting(case, reply, self._worker.printed) if is_wrong else None

        seen.failing += self.known.smaller(probe, seen.failing, attempt)

    def _explain(self, submission: Submission, probe: Probe, trial: Trial, seen: Seen) -> Outcome:
        failing = sorted(seen.failing, key=lambda sighting: size(visible(sighting.case)))
        # The mistakes' replies to the trial's own cases are kept from one submission to the next, so these
        # go first: most mistakes are ruled out by one of them.
        own = {id(case) for case in trial.cases}
        mistake = diagnose(
            [sighting for sighting in failing if id(sighting.case) in own],
            [*seen.passing, *(sighting for sighting in failing if id(sighting.case) not in own)],
            self.known.suspects(trial),
            lambda mistake, case: self.known.reply(probe, mistake, case),
            probe.agree,
            lambda mistake: self._is_contradicted(submission, mistake, probe, trial, failing),
        )
        shown, mistake = self.known.told(probe, failing, seen.passing, mistake)
        seen.shown = shown.case
        if isinstance(shown.reply, Raised):
            return replace(shown.reply, mistake=mistake, printed=shown.printed)
        return self._failed(probe, shown, mistake)

    def _is_contradicted(
        self,
        submission: Submission,
        mistake: StandIn,
        probe: Probe,
        trial: Trial,
        failing: Sequence[Sighting],
    ) -> bool:
        """Whether the submission passes, at another probe of the same member, where the mistake would not.

        A mistake may be in a part that only the reference has. Then a probe that takes the same members as this
        one speaks of the same code; one of another member does not, since there the submission may go other ways.
        Where the submission fails at another probe it may do so for a second mistake. But if it only raises errors
        here, which many mistakes may have in common, then it must fail there in the same way.
        """
        only_raises = all(isinstance(sighting.reply, Raised) for sighting in failing)
        seen_of = self._seen_of(submission)
        for other in self.probes.values():
            others = self.known.trial(other)
            if other is probe or other.by_chance or isinstance(others, GraderError):
                continue
            if mistake.member not in others.members and others.members != trial.members:
                continue
            if other.name not in seen_of.probes:
                seen_of.probes[other.name] = self._run(submission, other, others, Seen([], []))
                seen_of.ahead.add(other.name)
            seen = seen_of.probes[other.name]
            told = seen.passing + (seen.failing if only_raises else [])
            for sighting in told:
                if not alike(self.known.reply(other, mistake, sighting.case), sighting.reply, other.agree):
                    return True
        return False

    def _seen_of(self, submission: Submission) -> "_SeenOf":
        """What the submission was seen to do at each probe; kept for the last submission only."""
        if self._current.submission is not submission:
            self._current = _SeenOf(submission)
        return self._current

    def _failed(self, probe: Probe, shown: Sighting, mistake: Mistake | None) -> Outcome:
        expected = self.known.answer(probe, shown.case)
        if isinstance(expected, GraderError):
            return expected
        difference = _disagreement(probe, expected, shown.reply, shown.case)
        if difference is None or not isinstance(shown.reply, Answer):
            return GraderError("the reference answered the same case in two ways")
        if mistake is None and difference.reason.startswith(_CHANGES_INPUT):
            mistake = Mistake("input_changed", _INPUT_CHANGED)
        compared = not isinstance(probe.agree, Accepts | AtLeastAccuracy)
        value = expected.value if compared else None
        case, printed = visible(shown.case), shown.printed
        return Failed(case, value, shown.reply.value, difference, mistake, printed, has_expected=compared)


def _disagreement(probe: Probe, expected: Answer, reply: Reply, case: Case) -> Difference | None:
    if not isinstance(reply, Answer):
        return Difference("an error instead of a result")
    difference = compare(expected.value, reply.value, probe.agree, case)
    if difference is None and reply.changed != expected.changed:
        names = ", ".join(f"`{name}`" for name in reply.changed)
        return Difference(f"{_CHANGES_INPUT} {names} in place")
    return difference


def _litter(value: Any) -> None:
    """Fill freed memory of the expected arrays' sizes, so that `np.empty` does not hand out the answer.

    Comparing has left copies in other precisions too. What is filled in is wrong at every place.
    """
    if isinstance(value, np.ndarray):
        wrong = ~value if value.dtype.kind in "biu" else np.where(np.isnan(value), 0, np.nan)
        for kind in {value.dtype, np.dtype("float32"), np.dtype("float64")}:
            junk = [wrong.astype(kind) for _ in range(_MOST_FREED_BLOCKS_KEPT)]
            del junk
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            _litter(item)
