"""Moodle's grading worksheet of an assignment: its columns for the grade and the feedback are filled in.

Moodle names the columns in the site's language, so each can be named by an option; the defaults are English.
With `--column "Assignment: NAME (Real)"` the sheet that Moodle's gradebook exports is filled in the same way.
"""

import html

from keras_kata.display import harmless
from keras_kata.errors import ExportError
from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.exports.roster import Key, address, as_it_is, find_rows, full_name, participant
from keras_kata.exports.sheet import Sheet, score

__all__ = ["export"]

GRADE, FEEDBACK = "Grade", "Feedback comments"


def export(
    grades: Grades,
    sheet: Sheet,
    *,
    column: str | None = None,
    feedback_column: str | None = None,
    max_column: str | None = None,
    match: str | None = None,
    scale: bool = False,
) -> Export:
    """The worksheet with every matched student's points and feedback.

    Args:
        column: the column of grades; `Grade` by default.
        feedback_column: that of comments; by default `Feedback comments`, where it is there.
        max_column: that of the greatest possible grade; by default `Maximum Grade`, where it is there.
        match: the column that holds the names of the students' folders; by default the ID number, the e-mail
            address, Moodle's own number and the name are tried one after the other.
        scale: convert points where the assignment's greatest grade is another number.

    Raises:
        ExportError: a column is not there, or the assignment has another number of points.
    """
    grade = sheet.the_column(column or GRADE, "--column")
    possible = _optional(sheet, max_column, "--max-column", "Maximum Grade", "Maximum grade")
    comments = _optional(sheet, feedback_column, "--feedback-column", FEEDBACK)
    students = [n for n, row in enumerate(sheet.rows) if n and any(cell.strip() for cell in row)]
    rows, problems = find_rows(sheet, grades.students, students, _keys(sheet, match))
    for total in grades.totals():
        if total.student not in rows:
            continue
        row = rows[total.student]
        if total.has_grader_error:
            problems.append(harmless(f"{total.student}: no grade is written. {GRADER_ERROR}"))
            continue
        most = sheet.cell(row, possible)
        sheet.fill(
            row, grade, score(total.points, total.max_points, most, scale=scale, column=sheet.header[grade])
        )
        if comments is not None and (text := _comment(grades, total.student)):
            sheet.fill(row, comments, text)
    names = [sheet.column(name) for name in ("Full name", "First name", "Last name", "Surname")]
    sheet.disarm(students, names)
    return Export({"": sheet.as_bytes()}, tuple(problems))


def _comment(grades: Grades, student: str) -> str:
    """What a student reads about everything that did not pass, as the HTML that Moodle takes comments for."""
    texts = [
        grades.feedback(result, verdict)
        for result in grades.of(student)
        for verdict in result.verdicts
        if verdict.outcome != "passed"
    ]
    told = "\n\n".join(filter(None, texts))
    return html.escape(told, quote=False).replace("\n", "<br>")


def _optional(sheet: Sheet, wanted: str | None, option: str, *usual: str) -> int | None:
    return sheet.the_column(wanted, option) if wanted else sheet.column(*usual)


def _keys(sheet: Sheet, match: str | None) -> list[Key]:
    if match:
        return [Key(sheet.the_column(match, "--match"), as_it_is)]
    ways = [
        ("Username", as_it_is),
        ("ID number", as_it_is),
        ("Email address", as_it_is),
        ("Identifier", as_it_is),
        ("Identifier", participant),
        ("Email address", address),
        ("Full name", full_name),
    ]
    keys = [Key(place, forms) for name, forms in ways if (place := sheet.column(name)) is not None]
    if not keys:
        raise ExportError(
            harmless(
                f"the sheet {sheet.name} has no column that students can be found by. Name one with --match: "
                f"{', '.join(map(repr, sheet.header))}"
            )
        )
    return keys
