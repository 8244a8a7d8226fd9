"""The cases of a probe, and what the known implementations answer: the reference, and the mistakes."""

import copy
import hashlib
import pickle
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_kata.authoring import Case, Probe
from keras_kata.cases import draw
from keras_kata.comparison import compare
from keras_kata.failures import error_text
from keras_kata.implementation import Implementation, Solution, StandIn
from keras_kata.runtime import Runtime
from keras_kata.verdicts import GraderError
from keras_kata.worker import Answer, Reply, Worker, visible

__all__ = ["Known", "Limits", "Trial", "digest"]

_MISTAKE_FACTOR = 10.0


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


def digest(case: Case) -> bytes:
    """The same for two cases only where they are equal, of whatever seed and whenever they were drawn."""
    return hashlib.blake2b(pickle.dumps(case)).digest()
