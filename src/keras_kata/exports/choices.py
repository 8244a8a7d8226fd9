"""What can be chosen about an export. Importing this imports nothing else: `kata --help` shows it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["Format", "Level", "Options", "Per", "Visibility"]


class Format(StrEnum):
    """Whose format it is."""

    CSV = "csv"
    GRADESCOPE = "gradescope"
    CLASSROOM = "classroom"
    JUNIT = "junit"
    CANVAS = "canvas"
    MOODLE = "moodle"


class Level(StrEnum):
    """How much a learner is told."""

    NONE = "none"
    MISTAKE = "mistake"
    FULL = "full"


class Per(StrEnum):
    """What a row of a CSV file stands for."""

    PROBE = "probe"
    EXERCISE = "exercise"
    STUDENT = "student"


class Visibility(StrEnum):
    """When students see a test in Gradescope."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"


@dataclass(frozen=True)
class Options:
    """What single formats ask for.

    Attributes:
        per: csv.
        visibility: gradescope.
        sheet: canvas and moodle, like all that follows: the file that was downloaded.
        encoding: the sheet's, where it is not UTF-8 and has no byte order mark.
        column: the assignment in Canvas, the grades' column in Moodle.
        feedback_column: Moodle's comments.
        max_column: Moodle's greatest possible grades.
        match: the column that has the names of the students' folders.
        scale: convert where the sheet's points are others than the exercises'.
    """

    per: Per = Per.EXERCISE
    visibility: Visibility = Visibility.VISIBLE
    sheet: Path | None = None
    encoding: str | None = None
    column: str | None = None
    feedback_column: str | None = None
    max_column: str | None = None
    match: str | None = None
    scale: bool = False
