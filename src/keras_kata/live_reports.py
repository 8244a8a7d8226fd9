"""What the processes that judge on every save are asked, and what they tell while they judge."""

from dataclasses import dataclass

__all__ = ["JudgeGone", "JudgingEnd", "LiveReport", "ProbeReport", "Request"]


@dataclass(frozen=True)
class Request:
    """Judge a file; whatever is under way is for an older save, and ends.

    Attributes:
        number: of the judging; reports carry it.
        slug: the exercise.
        file: the absolute path.
        command: runs the file again, such as `pytest exercises/module1/moving_average.py`.
    """

    number: int
    slug: str
    file: str
    command: str


@dataclass(frozen=True)
class ProbeReport:
    """What judging by one probe came to.

    Attributes:
        outcome: its name, as `verdicts.outcome_name` gives it.
        points: what the file gets, of `worth`.
        message: as pytest prints it.
        mistake: the name of the mistake that was recognised, or nothing.
    """

    number: int
    probe: str
    outcome: str
    points: float
    worth: float
    message: str
    mistake: str = ""


@dataclass(frozen=True)
class JudgingEnd:
    """A judging is over.

    Attributes:
        died: why the process that ran the learner's code died; empty where it did not.
        printed: what the file printed while it was loaded, cut, in lines to be shown.
    """

    number: int
    died: str = ""
    printed: tuple[str, ...] = ()


@dataclass(frozen=True)
class JudgeGone:
    """The process that waits for requests is no more, and why, as far as it said."""

    reason: str


LiveReport = ProbeReport | JudgingEnd | JudgeGone
