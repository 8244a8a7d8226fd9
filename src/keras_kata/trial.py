"""The cases of a probe, and what the known implementations answer: the reference, and the mistakes."""

import copy
import hashlib
import math
import pickle
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Protocol

from keras_kata.authoring import Case, Probe
from keras_kata.cases import draw, shrink
from keras_kata.comparison import compare
from keras_kata.diagnosis import Sighting
from keras_kata.failures import error_text
from keras_kata.implementation import Implementation, Solution, StandIn
from keras_kata.runtime import Runtime
from keras_kata.verdicts import GraderError, Mistake, Raised
from keras_kata.worker import Answer, Reply, Worker, visible

__all__ = ["Attempt", "Knowledge", "Known", "Limits", "Trial", "digest"]

Attempt = Callable[[Case], Sighting | None]
"""Runs the submission on a case: what it did there if that is wrong, else None."""

_MISTAKE_FACTOR = 10.0
_MANY_CASES = 25


@dataclass(frozen=True)
class Trial:
    """The cases of one probe, and what the reference answers to each.

    Attributes:
        drawn: how many of the cases, the last ones, Hypothesis drew.
        members: what the probe itself takes from an implementation.
    """

    cases: Sequence[Case]
    expected: Sequence[Answer]
    drawn: int
    members: frozenset[str]


@dataclass(frozen=True)
class Limits:
    """Wall-clock limits in seconds: a floor, and so many times what the reference took; never above `most`.

    A right answer may be much slower than the reference: a Python loop beside one numpy call.
    """

    case_floor: float = 8.0
    probe_floor: float = 20.0
    factor: float = 30.0
    most: float = math.inf

    def case(self, trial: Trial) -> float:
        """For one call of a probe."""
        return min(
            self.most, self.case_floor + self.factor * max(answer.seconds for answer in trial.expected)
        )

    def probe(self, trial: Trial) -> float:
        """For all cases of a probe together."""
        return min(
            self.most, self.probe_floor + self.factor * sum(answer.seconds for answer in trial.expected)
        )


class Knowledge(Protocol):
    """What judging asks of the reference and the known mistakes: run here (`Known`), or recorded (`Recorded`)."""

    mistakes: Mapping[str, StandIn]

    def reseeded(self, seed: int) -> "Knowledge":
        """The same with the cases of another seed."""

    def learned(self) -> bytes:
        """What was found out so far, for `remember` in another process; it can be trusted as pickles can."""

    def remember(self, learned: bytes) -> None:
        """Know what another process has found out about the same grader and solution."""

    @property
    def amount(self) -> int:
        """How many answers and replies were found out: whether there is anything new to be handed on."""

    def trial(self, probe: Probe) -> Trial | GraderError:
        """The probe's cases with the reference's answers."""

    def answer(self, probe: Probe, case: Case) -> Answer | GraderError:
        """The reference's answer to a case."""

    def suspects(self, trial: Trial) -> Sequence[StandIn]:
        """The mistakes that may answer a probe otherwise than the reference does."""

    def reply(self, probe: Probe, mistake: StandIn, case: Case) -> Reply:
        """A known mistake's reply to a case."""

    def smaller(self, probe: Probe, failing: Sequence[Sighting], attempt: Attempt) -> list[Sighting]:
        """Smaller cases that fail too, beside the trial's own ones that do."""

    def told(
        self,
        probe: Probe,
        failing: Sequence[Sighting],
        passing: Sequence[Sighting],
        mistake: Mistake | None,
    ) -> tuple[Sighting, Mistake | None]:
        """Which failing case to show, the smallest first, and which mistake to name, where one was found."""


class Known:
    """The implementations that are trusted, and what they answer.

    Args:
        solution: the exercise's secret part.
        runtime: what the course says about its framework.
        seed: what cases are drawn from.
        limit: for how many seconds a mistake may run in one call, beside ten times what the reference took.
    """

    def __init__(self, solution: Solution, runtime: Runtime, seed: int, limit: float) -> None:
        self.seed = seed
        self.limit = limit
        self._runtime = runtime
        self._solution = solution
        with runtime.isolated(None):
            self._reference = solution.reference()
            self.mistakes: Mapping[str, StandIn] = solution.misconceptions()
        self._worker = Worker(runtime, {})
        self._trials: dict[str, Trial | GraderError] = {}
        self._mistaken: dict[str, Implementation] = {}
        self._answers: dict[tuple[str, bytes], Answer] = {}
        self._used: dict[str, set[str]] = {}
        self._replies: dict[tuple[str, str, bytes], Reply] = {}

    def reseeded(self, seed: int) -> "Known":
        """The same implementations with the cases of another seed; replies to equal cases are kept."""
        other = copy.copy(self)
        other.seed = seed
        other._trials = {}
        return other

    def learned(self) -> bytes:
        """What was found out so far, for `remember` in another process; it can be trusted as pickles can."""
        return pickle.dumps((self.seed, self._trials, self._answers, self._used, self._replies))

    def remember(self, learned: bytes) -> None:
        """Know what another process has found out about the same grader and solution with the same seed.

        Args:
            learned: what its `learned` gave; of another seed only what holds for any seed is taken.
        """
        seed, trials, answers, used, replies = pickle.loads(learned)
        if seed == self.seed:
            self._trials |= trials
        self._answers |= answers
        self._replies |= replies
        for probe, members in used.items():
            self._used.setdefault(probe, set()).update(members)

    @property
    def amount(self) -> int:
        """How many answers and replies are kept: whether there is anything new to be handed on."""
        return len(self._trials) + len(self._answers) + len(self._replies)

    def trial(self, probe: Probe) -> Trial | GraderError:
        """The probe's cases with the reference's answers; made once."""
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
        self._reference.used.clear()
        for case in cases:
            answer = self.answer(probe, case)
            if isinstance(answer, GraderError):
                return answer
            self._answers[probe.name, digest(case)] = answer
            expected.append(answer)
        used = self._used.setdefault(probe.name, set())
        used |= self._reference.used
        return Trial(cases, expected, len(drawn), frozenset(used))

    def answer(self, probe: Probe, case: Case) -> Answer | GraderError:
        """The reference's answer to a case; those to trials' own cases are kept."""
        if kept := self._answers.get((probe.name, digest(case))):
            return kept
        answer = self._worker.observe(self._reference, probe, case, limit=300.0)
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

    def processor_seconds(self, probe: Probe, case: Case) -> float:
        """The processor time that the reference takes for a case, when it is run anew."""
        started = process_time()
        self._worker.observe(self._reference, probe, case, limit=300.0)
        return process_time() - started

    def suspects(self, trial: Trial) -> list[StandIn]:
        """The mistakes in what a probe uses, directly or not; all others answer it as the reference does."""
        reached = self._solution.reached(trial.members)
        return [mistake for mistake in self.mistakes.values() if mistake.member in reached]

    def reply(self, probe: Probe, mistake: StandIn, case: Case) -> Reply:
        """A known mistake's reply to a case; those to the trial's own cases are kept."""
        key = (probe.name, mistake.name, digest(case))
        if key in self._replies:
            return self._replies[key]
        if mistake.name not in self._mistaken:
            with self._runtime.isolated(None):
                self._mistaken[mistake.name] = self._solution.with_stand_in(mistake)
        trial = self._trials[probe.name]
        slowest = 0.0 if isinstance(trial, GraderError) else max(answer.seconds for answer in trial.expected)
        limit = self.limit + _MISTAKE_FACTOR * slowest
        reply = self._worker.observe(self._mistaken[mistake.name], probe, case, limit)
        if isinstance(trial, Trial) and any(case is own for own in trial.cases):
            self._replies[key] = reply
        return reply

    def smaller(self, probe: Probe, failing: Sequence[Sighting], attempt: Attempt) -> list[Sighting]:
        """Ever simpler cases that Hypothesis finds, which fail in the same way.

        Few cases are drawn where each is dear (a network is built). Then few smaller ones are tried, and none
        where a case fails that the author has picked.
        """
        trial = self._trials[probe.name]
        if probe.cases is None or isinstance(trial, GraderError):
            return []
        drawn = trial.cases[len(trial.cases) - trial.drawn :]
        failed = {id(sighting.case) for sighting in failing}
        known = [id(case) in failed for case in drawn]
        are_cheap = probe.count >= _MANY_CASES
        picked_fails = sum(known) < len(failed)
        if not any(known) or (picked_fails and not are_cheap):
            return []
        first = next(s for s in failing if any(s.case is case for case in drawn))
        found: list[Sighting] = []

        def fails(case: Case) -> bool:
            sighting = attempt(case)
            if sighting is None or not _alike_failures(sighting.reply, first.reply):
                return False
            found.append(sighting)
            return True

        shrink(probe.cases, probe.count, self.seed, known, fails, probe.count * (8 if are_cheap else 2))
        return found

    def told(
        self,
        _probe: Probe,
        failing: Sequence[Sighting],
        _passing: Sequence[Sighting],
        mistake: Mistake | None,
    ) -> tuple[Sighting, Mistake | None]:
        """The smallest failing case, and the mistake that was found."""
        return failing[0], mistake


def digest(case: Case) -> bytes:
    """The same for two cases only where they are equal, of whatever seed and whenever they were drawn."""
    return hashlib.blake2b(pickle.dumps(case)).digest()


def _alike_failures(one: Reply, other: Reply) -> bool:
    """Whether both are answers, or errors of the same type: shrinking must not slip to another failure."""
    if isinstance(one, Raised) and isinstance(other, Raised):
        return one.error.split(":")[0] == other.error.split(":")[0]
    return type(one) is type(other)
