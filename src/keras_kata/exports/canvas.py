"""Canvas's gradebook: one column of the sheet that was exported there is filled in.

The sheet has a header with `Student`, `ID`, perhaps SIS columns, `Section`, then assignments as `Name (id)`; a row
`Points Possible`, perhaps after one that says which columns are posted by hand; then the students.
"""

import re

from keras_kata.display import harmless
from keras_kata.errors import ExportError
from keras_kata.exports.grades import GRADER_ERROR, Export, Grades
from keras_kata.exports.roster import Key, address, as_it_is, find_rows, full_name
from keras_kata.exports.sheet import Sheet, score

__all__ = ["export"]

# What Canvas computes by itself: it ignores columns with these words in an upload.
_COMPUTED = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")
_NAME_AND_ID = re.compile(r"(?P<name>.*) \((?P<id>\d+)\)", re.DOTALL)
_KEPT = ("EX", "N/A")  # excused, not assigned: the instructor's decision


def export(
    grades: Grades, sheet: Sheet, *, column: str | None = None, match: str | None = None, scale: bool = False
) -> Export:
    """The sheet with every matched student's points in one assignment's column.

    Args:
        column: the assignment, as its header, name or number; by default the one named like the module or exercise.
        match: the column that holds the names of the students' folders; by default the SIS columns, the ID, and
            the name are tried one after the other.
        scale: convert points where the assignment is worth another number of points.

    Raises:
        ExportError: the sheet is not Canvas's, has no such column, or has another number of points.
    """
    section = _last_of_student(sheet)
    place = _assignment(grades, sheet, section, column)
    possible, students = _rows(sheet)
    name = sheet.header[place]
    if "read only" in sheet.cell(possible, place).casefold():
        raise ExportError(harmless(f"the column {name!r} is read-only: Canvas computes it"))
    rows, problems = find_rows(sheet, grades.students, students, _keys(sheet, match))
    for total in grades.totals():
        points = score(total.points, total.max_points, sheet.cell(possible, place), scale=scale, column=name)
        if total.student not in rows:
            continue
        row = rows[total.student]
        if total.has_grader_error:
            problems.append(harmless(f"{total.student}: no grade is written. {GRADER_ERROR}"))
        elif (kept := sheet.cell(row, place).strip().upper()) in _KEPT:
            problems.append(
                harmless(f"{total.student}: the sheet says {kept}, which is kept; no grade is written")
            )
        else:
            sheet.fill(row, place, points)
    sheet.disarm(students, [0, sheet.column("FirstName")])
    return Export({"": sheet.as_bytes()}, tuple(problems))


def _last_of_student(sheet: Sheet) -> int:
    """The last of the columns that say who a student is."""
    header = sheet.header
    is_canvas = "Student" in header[0] or header[:2] == ["LastName", "FirstName"]
    section = sheet.column("Section")
    if not is_canvas or sheet.column("ID") is None or section is None:
        raise ExportError(
            f"the sheet {sheet.name} is not Canvas's: its header must have Student, ID and Section. "
            "Export it from Canvas's gradebook, and do not change its columns."
        )
    return section


def _rows(sheet: Sheet) -> tuple[int, list[int]]:
    """The row of possible points, and those of the students."""
    possible = [n for n, row in enumerate(sheet.rows) if row and "Points Possible" in row[0]]
    if not possible:
        raise ExportError(f"the sheet {sheet.name} lacks the row `Points Possible`, which Canvas exports")
    students = [
        n for n, row in enumerate(sheet.rows) if n > possible[0] and any(cell.strip() for cell in row)
    ]
    return possible[0], students


def _assignment(grades: Grades, sheet: Sheet, section: int, wanted: str | None) -> int:
    assignments = {
        place: header
        for place, header in enumerate(sheet.header)
        if place > section and header.strip() and not _COMPUTED.search(header)
    }
    names = {wanted.strip().casefold()} if wanted else {name.casefold() for name in _own_names(grades)}
    found = [place for place, header in assignments.items() if names & _forms(header)]
    if len(found) == 1:
        return found[0]
    asked = repr(wanted) if wanted else " or ".join(map(repr, _own_names(grades)))
    how_many = "no assignment" if not found else "more than one assignment"
    known = ", ".join(map(repr, assignments.values())) or "none"
    raise ExportError(
        harmless(
            f"the sheet {sheet.name} has {how_many} called {asked}. Name one with --column; there are: {known}"
        )
    )


def _own_names(grades: Grades) -> list[str]:
    """What the chosen exercises may be called together."""
    exercises = list(grades.exercises.values())
    if len(exercises) == 1:
        return [exercises[0].title, exercises[0].name, exercises[0].slug]
    modules = {exercise.module for exercise in exercises}
    if len(modules) == 1:
        module = modules.pop()
        return [module, grades.course.modules.get(module, module)]
    return [grades.course.title]


def _forms(header: str) -> set[str]:
    """A column's header, the assignment's name, and its number."""
    forms = {header.strip().casefold()}
    if parts := _NAME_AND_ID.fullmatch(header.strip()):
        forms |= {parts["name"].strip().casefold(), parts["id"]}
    return forms


def _keys(sheet: Sheet, match: str | None) -> list[Key]:
    if match:
        return [Key(sheet.the_column(match, "--match"), as_it_is)]
    ways = [
        ("SIS Login ID", as_it_is),
        ("SIS User ID", as_it_is),
        ("Integration ID", as_it_is),
        ("ID", as_it_is),
        ("SIS Login ID", address),
        ("Student", full_name),
    ]
    return [Key(place, forms) for name, forms in ways if (place := sheet.column(name)) is not None]
