"""Points written into nbgrader's own gradebook, as its autograder writes them.

So the formgrader, exports and late penalties go on working, whoever has graded.
"""

import datetime
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_kata.errors import CourseError
from keras_kata.notebook_source import cell_id

__all__ = ["Graded", "write_gradebook"]


@dataclass(frozen=True)
class Graded:
    """What a student has got for one notebook.

    Attributes:
        points: by probe.
        solutions: the text of the solution cells that were handed in, by grade_id (see `NotebookSource`); of one
            that is still as released, nbgrader notes that there is no response.
    """

    points: Mapping[str, float]
    solutions: Mapping[str, str] = field(default_factory=dict)


def write_gradebook(
    db_url: str,
    student: str,
    module: str,
    graded: Mapping[str, Graded],
    *,
    timestamp: str | datetime.datetime | None = None,
    nbgrader_course: Path | None = None,
) -> None:
    """Write what one student has got for one module.

    As with nbgrader's autograder, a notebook that was not handed in gets 0, points that a person has given by
    hand stay and are marked for review, and lateness is penalised as nbgrader_config.py says.

    Args:
        db_url: such as `sqlite:///gradebook.db`.
        module: nbgrader's assignment, which `nbgrader generate_assignment` has put there.
        graded: by exercise, without the module.
        timestamp: when it was handed in; a text is as in nbgrader's timestamp.txt.
        nbgrader_course: the folder of nbgrader_config.py.

    Raises:
        CourseError: the gradebook can't be written, nbgrader is not installed, or it knows no such assignment,
            notebook or cell.
    """
    with _told(db_url, module):
        from nbgrader.api import Gradebook
        from nbgrader.utils import parse_utc

        with Gradebook(db_url) as book:
            book.update_or_create_student(student)
            book.find_assignment(module)
            when = {} if timestamp is None else {"timestamp": parse_utc(timestamp)}
            submission = book.update_or_create_submission(module, student, **when)
            names = [notebook.name for notebook in submission.notebooks]
            if unknown := sorted(set(graded) - set(names)):
                raise CourseError(
                    f"{module} has no notebook {unknown[0]} in the gradebook; {_GENERATE} {module}"
                )
            for name in names:
                notebook = book.find_submission_notebook(name, module, student)
                _write_points(notebook, name, graded.get(name))
                book.db.commit()
        for name in graded:
            _penalise(db_url, student, module, name, nbgrader_course)


_GENERATE = "run nbgrader generate_assignment"


def _write_points(notebook: Any, name: str, graded: Graded | None) -> None:
    probes = {
        cell_id(name, "probe", probe): points for probe, points in (graded.points if graded else {}).items()
    }
    grades = {grade.name: grade for grade in notebook.grades}
    if unknown := sorted(set(probes) - set(grades)):
        raise CourseError(f"{name} has no graded cell {unknown[0]} in the gradebook; {_GENERATE}")
    for cell, grade in grades.items():
        grade.auto_score = float(probes.get(cell, 0.0))
        grade.needs_manual_grade = graded is not None and grade.manual_score is not None
    if graded is not None:
        for comment in notebook.comments:
            text = graded.solutions.get(comment.name)
            if text is not None:
                comment.auto_comment = "No response." if _is_released(notebook, comment.name, text) else None


def _is_released(notebook: Any, cell: str, text: str) -> bool:
    """Whether a solution cell is still as learners got it."""
    from nbformat import NotebookNode
    from nbgrader.utils import compute_checksum

    make: Any = NotebookNode
    metadata = make(nbgrader=make(grade=False, solution=True, locked=False, grade_id=cell))
    released = [source.checksum for source in notebook.notebook.source_cells if source.name == cell]
    return compute_checksum(make(source=text, cell_type="code", metadata=metadata)) in released


def _penalise(db_url: str, student: str, module: str, name: str, nbgrader_course: Path | None) -> None:
    """Let nbgrader work out what being late costs, by its own configuration."""
    from nbformat import NotebookNode
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    config = Config()
    if nbgrader_course is not None:
        with suppress(ConfigFileNotFound):
            config = PyFileConfigLoader("nbgrader_config.py", path=str(nbgrader_course)).load_config()
    make: Any = NotebookNode
    about = {"notebook": name, "assignment": module, "student": student, "db_url": db_url}
    AssignLatePenalties(config=config).preprocess(make(cells=[], metadata={}), {"nbgrader": about})


@contextmanager
def _told(db_url: str, module: str) -> Iterator[None]:
    """Errors of nbgrader and of the database, in a sentence; nbgrader's own warnings kept away."""
    try:
        from nbgrader.api import MissingEntry
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import SQLAlchemyError
    except ModuleNotFoundError as error:
        raise CourseError(f"{error.name} is not installed: pip install 'keras-kata[class]'") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except MissingEntry as error:
        raise CourseError(f"nbgrader's gradebook does not know it: {error}; {_GENERATE} {module}") from None
    except SQLAlchemyError as error:
        place = make_url(db_url).render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CourseError(f"nbgrader's gradebook {place} can't be written: {reason:.200}") from None
