"""A class's results, from our store into nbgrader's gradebook."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from keras_kata.errors import IntakeError
from keras_kata.gradebook import Graded, write_gradebook
from keras_kata.intake import Submitted
from keras_kata.results import Store
from keras_kata.untrusted_file import read_below

__all__ = ["fill_gradebook"]

_TIMESTAMP = "timestamp.txt"  # where nbgrader notes when something was handed in
_LONGEST_TIMESTAMP = 100


def fill_gradebook(
    db_url: str,
    store: Store,
    submitted: Sequence[Submitted],
    solutions: Mapping[Submitted, Mapping[str, str]],
    nbgrader_course: Path,
) -> None:
    """Write the points of notebooks as nbgrader's autograder would; what is no notebook is left out.

    Args:
        db_url: of nbgrader's gradebook.
        submitted: whose points to write. Of each student and module that is met, all notebooks count: one that
            was not handed in gets 0.
        solutions: the solution cells, by grade_id, of those that were judged just now.
        nbgrader_course: the folder of nbgrader_config.py.

    Raises:
        CourseError: the gradebook can't be written, or does not know what is to be written.
        StoreError: the results can't be read.
    """
    notebooks = sorted(
        (one for one in submitted if one.kind == "notebook"),
        key=lambda one: (one.student, one.exercise),
    )
    for student, own in groupby(notebooks, key=lambda one: one.student):
        files = list(own)
        known = {result.exercise: result for result in store.results(students=[student])}
        for module, of_module in groupby(files, key=lambda one: one.exercise.split("/")[0]):
            graded = {
                one.exercise.split("/")[1]: Graded(
                    {verdict.probe: verdict.points for verdict in known[one.exercise].verdicts},
                    solutions.get(one, {}),
                )
                for one in of_module
                if one.exercise in known
            }
            when = _handed_in(files[0].root, student, module)
            write_gradebook(db_url, student, module, graded, timestamp=when, nbgrader_course=nbgrader_course)


def _handed_in(root: Path, student: str, module: str) -> str | None:
    """What nbgrader has noted; None where there is no such note, or none that can be read."""
    with suppress(IntakeError, UnicodeDecodeError):
        note = read_below(root, (student, module), _TIMESTAMP, _LONGEST_TIMESTAMP)
        return note.data.decode("utf-8").strip() or None
    return None
