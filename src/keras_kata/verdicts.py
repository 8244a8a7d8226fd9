"""What judging comes to. One type per outcome, so that none can be taken for another.

Every value in here is plain data (see `observation`): nothing of a submission's own types gets this far.
"""

from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Case",
    "Crashed",
    "Difference",
    "Failed",
    "Forbidden",
    "GraderError",
    "Mistake",
    "NotAttempted",
    "Outcome",
    "Passed",
    "Raised",
    "TimedOut",
    "Unusable",
    "Verdict",
    "outcome_name",
]

Case = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """Where two observations first differ.

    Attributes:
        reason: what differs, as a sentence part: "value", "shape (2, 3) instead of (3, 2)".
        path: where in the observation, such as `["loss"][2]`; empty for the whole.
        expected: the reference's value there, or None where showing it would say nothing.
        received: the submission's value there.
    """

    reason: str
    path: str = ""
    expected: Any = None
    received: Any = None


@dataclass(frozen=True)
class Mistake:
    """A known mistake that explains every failing case seen."""

    name: str
    text: str


@dataclass(frozen=True)
class Passed:
    """Every case agreed."""


@dataclass(frozen=True)
class Failed:
    """Some case disagreed; the smallest one found.

    Attributes:
        printed: what the submission printed in this case.
        has_expected: whether `expected` is the one right answer; not so where a probe judges by itself.
    """

    case: Case
    expected: Any
    received: Any
    difference: Difference
    mistake: Mistake | None = None
    printed: str = ""
    has_expected: bool = True


@dataclass(frozen=True)
class Raised:
    """The submission raised an exception.

    Attributes:
        error: the exception's type and message, in one line.
        frames: the traceback, cut to the submission's own lines: (line number, function, source line).
        note: what it means, where that can be said.
        printed: what the submission printed in this case.
    """

    case: Case
    error: str
    frames: tuple[tuple[int, str, str], ...] = ()
    note: str = ""
    mistake: Mistake | None = None
    printed: str = ""


@dataclass(frozen=True)
class Unusable:
    """The file can't be judged: it does not load, or lacks what the exercise asks for."""

    problem: str
    frames: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class TimedOut:
    """The wall-clock limit, in seconds, was reached."""

    case: Case
    limit: float


@dataclass(frozen=True)
class Crashed:
    """The process that ran the submission died."""

    case: Case
    reason: str


@dataclass(frozen=True)
class Forbidden:
    """The submission uses what the exercise asks to build: (name, line or None, advice) each."""

    uses: tuple[tuple[str, int | None, str], ...]


@dataclass(frozen=True)
class NotAttempted:
    """The stub's NotImplementedError is still there."""


@dataclass(frozen=True)
class GraderError:
    """The reference, the probe or the engine failed: never the learner's doing."""

    reason: str
    detail: str = ""


Outcome = Passed | Failed | Raised | Unusable | TimedOut | Crashed | Forbidden | NotAttempted | GraderError

_NAMES: dict[type, str] = {
    Passed: "passed",
    Failed: "failed",
    Raised: "raised",
    Unusable: "unusable",
    TimedOut: "timed out",
    Crashed: "crashed",
    Forbidden: "forbidden",
    NotAttempted: "not attempted",
    GraderError: "grader error",
}


def outcome_name(outcome: Outcome) -> str:
    """The outcome's name as reports and exports write it, such as `not attempted`."""
    return _NAMES[type(outcome)]


@dataclass(frozen=True)
class Verdict:
    """What one probe said about one submission.

    Attributes:
        exercise: the slug, `moduleN/name`.
        points: what the probe is worth.
        seconds: wall-clock time that judging took.
    """

    exercise: str
    probe: str
    points: float
    outcome: Outcome
    seconds: float = field(default=0.0, compare=False)

    @property
    def earned(self) -> float:
        """The points that the submission gets. A grader error gives them all: it costs no learner a point."""
        return self.points if isinstance(self.outcome, Passed | GraderError) else 0.0
