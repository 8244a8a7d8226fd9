"""Which row of a gradebook's sheet is which student's: by login, number, address or name."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from keras_kata.display import harmless
from keras_kata.exports.sheet import Sheet
from keras_kata.student_names import look_of

__all__ = ["Key", "address", "as_it_is", "find_rows", "full_name", "participant"]

Forms = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Key:
    """A column that can tell students apart.

    Attributes:
        forms: the names of a student's folder that a cell's text stands for.
    """

    column: int
    forms: Forms


def as_it_is(text: str) -> list[str]:
    """The cell itself."""
    return [text]


def address(text: str) -> list[str]:
    """What comes before the @ of an e-mail address; only asked for where no whole address fits."""
    return [text.split("@")[0]]


def full_name(text: str) -> list[str]:
    """`Lovelace, Ada` is also `Ada Lovelace`; spaces may be underscores."""
    last, comma, first = text.partition(",")
    names = [text, f"{first.strip()} {last.strip()}"] if comma else [text]
    return [form for name in names for form in (name, name.replace(" ", "_"))]


def participant(text: str) -> list[str]:
    """`Participant 123`, Moodle's own number; see `_number_in`."""
    found = re.search(r"(\d+)\s*$", text)
    return [f"participant {found[1]}"] if found else []


def find_rows(
    sheet: Sheet, students: Sequence[str], rows: Sequence[int], keys: Sequence[Key]
) -> tuple[dict[str, int], list[str]]:
    """The row of each student, by the first key that fits any row.

    Returns:
        The rows, and a sentence for every student that fits none, or more than one.
    """
    tables = [_table(sheet, rows, key) for key in keys]
    found: dict[str, int] = {}
    problems: list[str] = []
    for student in students:
        places = _places(student, tables)
        if len(places) == 1:
            found[student] = next(iter(places))
        else:
            several = f"fits {len(places)} rows of the sheet" if places else "is in no row of the sheet"
            problems.append(harmless(f"{student} {several}: no grade is written"))
    doubled = {row for row, count in Counter(found.values()).items() if count > 1}
    for student in [student for student, row in found.items() if row in doubled]:
        problems.append(
            harmless(
                f"{student} fits row {found.pop(student) + 1}, and so does another student: no grade is written"
            )
        )
    return found, problems


def _table(sheet: Sheet, rows: Sequence[int], key: Key) -> dict[str, set[int]]:
    table: dict[str, set[int]] = {}
    for row in rows:
        for form in key.forms(sheet.cell(row, key.column).strip()):
            if form:
                table.setdefault(look_of(form), set()).add(row)
    return table


def _places(student: str, tables: Sequence[dict[str, set[int]]]) -> set[int]:
    names = [look_of(student)]
    if moodle := re.fullmatch(r".+_(\d+)_assignsubmission_.+", student):
        names.append(f"participant {moodle[1]}")  # how Moodle names the folders of downloaded submissions
    for table in tables:
        places = set().union(*(table.get(name, set()) for name in names))
        if places:
            return places
    return set()
