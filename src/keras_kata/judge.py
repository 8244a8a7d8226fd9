"""Judging an implementation of one exercise: the same probes, on the submission and on the reference.

Where their observations disagree, a smaller failing case is looked for, and the mistake is named.
"""

import traceback
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from keras_kata.authoring import Accepts, AtLeastAccuracy, Case, Probe
from keras_kata.cases import draw, shrink, size
from keras_kata.comparison import compare
from keras_kata.course import Course, Exercise
from keras_kata.diagnosis import Sighting, diagnose
from keras_kata.errors import AuthoringError
from keras_kata.failures import error_text
from keras_kata.forbidden import tripwires
from keras_kata.grader import load_grader
from keras_kata.implementation import Implementation, Solution, StandIn
from keras_kata.runtime import Runtime, load_runtime
from keras_kata.submission import Loader, Submission
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

__all__ = ["PUBLIC_SEED", "Judge", "Limits"]

PUBLIC_SEED = 20261120
"""The seed of practice: everyone gets the same cases, every time."""

_MOST_FREED_BLOCKS_KEPT = 8  # of one size, by numpy and by the C library
_CHANGES_INPUT = "your code changes its argument"
_INPUT_CHANGED = (
    "Your result is right, but your code writes into an array or list that it was given. The caller still "
    "needs that as it was: work on a copy, or make a new one."
)


@dataclass(frozen=True)
class Trial:
    """The cases of one probe, and what the reference answers to each.

    Attributes:
        drawn: how many of the cases, the last ones, Hypothesis drew.
    """

    cases: Sequence[Case]
    expected: Sequence[Answer]
    drawn: int


@dataclass(frozen=True)
class Limits:
    """Wall-clock limits in seconds: a floor, and so many times what the reference took.

    A right answer may be much slower than the reference: a Python loop beside one numpy call.
    """

    case_floor: float = 4.0
    probe_floor: float = 20.0
    factor: float = 30.0

    def case(self, trial: Trial) -> float:
        """For one call of a probe."""
        return self.case_floor + self.factor * max(answer.seconds for answer in trial.expected)

    def probe(self, trial: Trial) -> float:
        """For all cases of a probe together."""
        return self.probe_floor + self.factor * sum(answer.seconds for answer in trial.expected)


@dataclass
class Seen:
    """What a submission did at one probe, case by case."""

    passing: list[Sighting]
    failing: list[Sighting]
    end: Outcome | None = None
    """An outcome that ended the run early, such as a time limit; it outweighs the cases."""


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
        self.probes: Mapping[str, Probe] = grader.probes
        self.solution = Solution(exercise.solution, exercise.slug, self.runtime.registrations)
        with self.runtime.isolated(None):
            self._reference = self.solution.reference()
            self._mistakes = self.solution.misconceptions()
            self.loader = Loader(exercise.name, self.solution.contract(), grader.forbidden, self.runtime)
            with tripwires(grader.forbidden, "", self.runtime.synonyms):
                pass  # what can't be guarded is told here, as the author's fault
        self._trusted = Worker(self.runtime, {})
        self._untrusted = Worker(self.runtime, grader.forbidden, echo=echo)
        self._trials: dict[str, Trial | GraderError] = {}
        self._mistaken: dict[str, Implementation] = {}
        self._replies: dict[tuple[str, str, int], Reply] = {}

    def load(self, path: Path) -> Submission:
        """Load a learner's file; whatever is wrong with it is in the result."""
        return self.loader.load(path)

    def stand_in(self, stand_in: StandIn) -> Submission:
        """The reference with one member replaced, as a submission."""
        with self.runtime.isolated(None):
            return Submission(self.solution.with_stand_in(stand_in))

    def mutant(self, code: types.CodeType) -> Submission:
        """A changed reference, as a submission.

        Raises:
            Exception: whatever running the changed module raises.
        """
        with self.runtime.isolated(None):
            return Submission(self.solution.reference(code))

    def judge(self, submission: Submission, name: str) -> Verdict:
        """One probe's verdict."""
        started = perf_counter()
        probe = self.probes[name]
        outcome = self._outcome(submission, probe)
        return Verdict(self.exercise.slug, name, probe.points, outcome, perf_counter() - started)

    def judge_all(self, submission: Submission) -> list[Verdict]:
        """Every probe's verdict, in the grader's order."""
        return [self.judge(submission, name) for name in self.probes]

    def notices(self, submission: Submission) -> bool:
        """Whether any probe fails; stops at the first case that does, and explains nothing."""
        for probe in self.probes.values():
            trial = self._trial(probe)
            if isinstance(trial, GraderError):
                raise AuthoringError(f"{self.exercise.slug}::{probe.name}: {trial.reason}")
            if submission.implementation is None:
                return True
            seen = self._run(submission.implementation, probe, trial, stop_early=True)
            if seen.failing or seen.end is not None:
                return True
        return False

    def _outcome(self, submission: Submission, probe: Probe) -> Outcome:
        try:
            trial = self._trial(probe)
            if isinstance(trial, GraderError):
                return trial
            if submission.implementation is None:
                return submission.problem or GraderError("a submission has neither code nor problem")
            seen = self._run(submission.implementation, probe, trial)
            if seen.end is not None:
                return seen.end
            if not seen.failing:
                return Passed()
            if self.shrinking:
                self._look_for_smaller(submission.implementation, probe, trial, seen)
            return self._explain(probe, trial, seen)
        except Exception as error:  # a fault of the engine or of a comparator: never the learner's
            return GraderError(f"judging failed: {error_text(error)}", traceback.format_exc())

    # The reference's side

    def _trial(self, probe: Probe) -> Trial | GraderError:
        if probe.name not in self._trials:
            self._trials[probe.name] = self._make_trial(probe)
        return self._trials[probe.name]

    def _make_trial(self, probe: Probe) -> Trial | GraderError:
        try:
            drawn = draw(probe.cases, probe.count, self.seed) if probe.cases is not None else []
        except Exception as error:  # whatever an author's strategy raises
            return GraderError(f"no cases can be drawn: {error_text(error)}", traceback.format_exc())
        cases = [*probe.examples, *drawn]
        if not all(isinstance(case, dict) and all(isinstance(key, str) for key in case) for case in cases):
            return GraderError("a case is no dict with text for keys")
        expected = []
        for case in cases:
            answer = self._ask_reference(probe, case)
            if isinstance(answer, GraderError):
                return answer
            expected.append(answer)
        return Trial(cases, expected, len(drawn))

    def _ask_reference(self, probe: Probe, case: Case) -> Answer | GraderError:
        answer = self._trusted.observe(self._reference, probe, case, limit=300.0)
        if not isinstance(answer, Answer):
            return GraderError(f"the reference gives no answer to {visible(case)!r:.300}: {answer!r:.600}")
        if answer.changed:
            return GraderError(f"the reference or the probe changes its input {answer.changed[0]!r}")
        try:
            difference = compare(answer.value, answer.value, probe.agree, case)
        except Exception as error:  # a check of the author's, or labels that the case lacks
            return GraderError(f"the comparison fails: {error_text(error)}", traceback.format_exc())
        if difference is not None:
            return GraderError(f"the reference does not satisfy its own probe: {difference.reason}")
        return answer

    def _ask_mistake(self, probe: Probe, stand_in: StandIn, case: Case) -> Reply:
        """A known mistake's reply; those to the trial's own cases are kept."""
        key = (probe.name, stand_in.name, id(case))
        if key in self._replies:
            return self._replies[key]
        if stand_in.name not in self._mistaken:
            implementation = self.stand_in(stand_in).implementation
            assert implementation is not None
            self._mistaken[stand_in.name] = implementation
        reply = self._trusted.observe(self._mistaken[stand_in.name], probe, case, self.limits.case_floor)
        trial = self._trials[probe.name]
        if isinstance(trial, Trial) and any(case is own for own in trial.cases):
            self._replies[key] = reply
        return reply

    # The submission's side

    def _run(
        self, implementation: Implementation, probe: Probe, trial: Trial, *, stop_early: bool = False
    ) -> Seen:
        seen = Seen([], [])
        left = self.limits.probe(trial)
        for case, expected in zip(trial.cases, trial.expected, strict=True):
            limit = min(self.limits.case(trial), left)
            started = perf_counter()
            reply = self._observe(implementation, probe, case, expected, limit)
            left -= perf_counter() - started
            if isinstance(reply, Answer | Raised):
                agrees = _disagreement(probe, expected, reply, case) is None
                (seen.passing if agrees else seen.failing).append(Sighting(case, reply, self._untrusted.printed))
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
        self, implementation: Implementation, probe: Probe, case: Case, expected: Answer, limit: float
    ) -> Reply:
        _litter(expected.value)
        return self._untrusted.observe(implementation, probe, case, limit)

    def _look_for_smaller(
        self, implementation: Implementation, probe: Probe, trial: Trial, seen: Seen
    ) -> None:
        """Add smaller cases that fail in the same way to what was seen."""
        failing = {id(sighting.case) for sighting in seen.failing}
        drawn = trial.cases[len(trial.cases) - trial.drawn :]
        known = [id(case) in failing for case in drawn]
        if probe.cases is None or not any(known):
            return
        first = next(s for s in seen.failing if any(s.case is case for case in drawn))
        limit, left = self.limits.case(trial), self.limits.probe(trial)

        def fails(case: Case) -> bool:
            nonlocal left
            expected = self._ask_reference(probe, case)
            if left <= 0 or isinstance(expected, GraderError):
                return False
            started = perf_counter()
            reply = self._observe(implementation, probe, case, expected, min(limit, left))
            left -= perf_counter() - started
            if not _alike_failures(reply, first.reply) or not _disagreement(probe, expected, reply, case):
                return False
            seen.failing.append(Sighting(case, reply, self._untrusted.printed))
            return True

        # Few cases are drawn where each is dear (a network is built); then few smaller ones are tried.
        calls = probe.count * (8 if probe.count >= 25 else 2)
        shrink(probe.cases, probe.count, self.seed, known, fails, calls)

    def _explain(self, probe: Probe, trial: Trial, seen: Seen) -> Outcome:
        failing = sorted(seen.failing, key=lambda sighting: size(visible(sighting.case)))
        # The mistakes' replies to the trial's own cases are kept from one submission to the next, so these
        # go first: most mistakes are ruled out by one of them.
        own = {id(case) for case in trial.cases}
        mistake = diagnose(
            [sighting for sighting in failing if id(sighting.case) in own],
            [*seen.passing, *(sighting for sighting in failing if id(sighting.case) not in own)],
            self._mistakes.values(),
            lambda stand_in, case: self._ask_mistake(probe, stand_in, case),
            probe.agree,
        )
        shown = failing[0]
        if isinstance(shown.reply, Raised):
            return replace(shown.reply, mistake=mistake, printed=shown.printed)
        return self._failed(probe, shown, mistake)

    def _failed(self, probe: Probe, shown: Sighting, mistake: Mistake | None) -> Outcome:
        expected = self._ask_reference(probe, shown.case)
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


def _alike_failures(one: Reply, other: Reply) -> bool:
    """Whether both are answers, or errors of the same type: shrinking must not slip to another failure."""
    if isinstance(one, Raised) and isinstance(other, Raised):
        return one.error.split(":")[0] == other.error.split(":")[0]
    return type(one) is type(other)


def _litter(value: Any) -> None:
    """Fill freed memory of the expected arrays' sizes, so that `np.empty` does not hand out the answer.

    Comparing has left copies in double precision too. What is filled in is wrong at every place.
    """
    if isinstance(value, np.ndarray):
        wrong = ~value if value.dtype.kind in "biu" else np.where(np.isnan(value), 0, np.nan)
        for kind in {value.dtype, np.dtype("float64")}:
            junk = [wrong.astype(kind) for _ in range(_MOST_FREED_BLOCKS_KEPT)]
            del junk
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            _litter(item)
