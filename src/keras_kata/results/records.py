"""Results as they are handed in and read back: plain values, independent of the database and of judging."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

__all__ = ["NewRun", "Result", "RunRecord", "SavedVerdict", "Work", "is_grader_error"]


@dataclass(frozen=True)
class Work:
    """One thing to be judged: what a student's file holds, by which grader. The run gives the seed.

    Attributes:
        student: the name of the student's folder.
        exercise: the slug, `moduleN/name`.
        digest: of the file's content.
        grader: of all else that the verdicts depend on; see `provenance.grader_digest`.
    """

    student: str
    exercise: str
    digest: str
    grader: str


@dataclass(frozen=True)
class NewRun:
    """What is told of a run when it begins.

    Attributes:
        seed: what all cases are drawn from.
        versions: of Python and packages; see `provenance.versions`.
        sandbox: what was enforced, by the name of the limit or barrier.
        options: what was asked for.
    """

    seed: int
    versions: Mapping[str, str] = field(default_factory=dict)
    sandbox: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class RunRecord(NewRun):
    """A run that has begun; its number is higher than those of the runs before it."""

    id: int = 0


@dataclass(frozen=True)
class SavedVerdict:
    """What one probe said, read back.

    Attributes:
        outcome: the outcome's name, as `verdicts.outcome_name` gives it.
        points: what the submission gets.
        max_points: what the probe is worth.
        case: as text, like all that follows; None where the outcome has no such thing.
        mistake: the known mistake's name.
        error: what was raised, or why the file or the grader failed.
        data: the outcome itself; see `outcomes.decode`.
    """

    probe: str
    outcome: str
    points: float
    max_points: float
    seconds: float
    case: str | None
    received: str | None
    expected: str | None
    difference: str | None
    mistake: str | None
    mistake_text: str | None
    error: str | None
    data: bytes = field(repr=False)

    @property
    def is_grader_error(self) -> bool:
        """Whether the engine or the exercise failed: the points are given, and somebody must look at it."""
        return is_grader_error(self.outcome)


def is_grader_error(outcome: str) -> bool:
    """Whether an outcome's name is that of a grader error."""
    return outcome == "grader error"


@dataclass(frozen=True)
class Result:
    """What holds for one student's file of one exercise, with its verdicts in the grader's order.

    Attributes:
        run: the number of the run that this result belongs to.
        judged_in: the number of the run that judged it; an earlier one where nothing had changed.
        file: where the submission was, as text.
        written: when the file was last changed, where that is known.
        graded: when it was judged.
    """

    run: int
    judged_in: int
    student: str
    exercise: str
    digest: str
    grader: str
    seed: int
    file: str
    written: datetime | None
    graded: datetime
    verdicts: tuple[SavedVerdict, ...]

    @property
    def points(self) -> float:
        """The points that the submission gets."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def max_points(self) -> float:
        """What the exercise is worth."""
        return sum(verdict.max_points for verdict in self.verdicts)

    @property
    def seconds(self) -> float:
        """Wall-clock time that judging took."""
        return sum(verdict.seconds for verdict in self.verdicts)

    @property
    def has_grader_error(self) -> bool:
        """Whether any probe ended in a grader error."""
        return any(verdict.is_grader_error for verdict in self.verdicts)

    @property
    def state(self) -> Literal["passed", "failed", "not attempted", "grader error"]:
        """The exercise's outcome as a whole; a grader error outweighs all else."""
        if self.has_grader_error:
            return "grader error"
        outcomes = {verdict.outcome for verdict in self.verdicts}
        if outcomes == {"passed"}:
            return "passed"
        return "not attempted" if outcomes == {"not attempted"} else "failed"
