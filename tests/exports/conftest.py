"""A class that was really judged, with hostile names among it, and an exercise whose reference fails."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.exports.choices import Level
from keras_kata.exports.grades import Grades
from keras_kata.results import Store, Work, open_store
from tests.classroom import CLASS, MEAN, MOVING, SUMMED, Classroom
from tests.conftest import copy_mini_course

HOSTILE = (
    'Zoë, "Z" O\'Brien',
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "עדה \u200fx\u202ey",
    "🦊🇩🇪",
    "two\nlines",
    "<script>alert('&amp;')</script>]]>",
    "\x1b[31mred\x07",
    "../../x",
)
SECRET = "the reference's own secret line"
MEAN_ANSWER = (
    "class RunningMean:\n    def add(self, value):\n        pass\n\n    def mean(self):\n        return 0.0\n"
)


@pytest.fixture(scope="session")
def course_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, with `grades.sqlite` in it."""
    root = copy_mini_course(tmp_path_factory.mktemp("class") / "course")
    reference = root / "solutions" / MEAN / "reference.py"
    broken = reference.read_text().replace("return self._mean", f'raise RuntimeError("{SECRET}")')
    reference.write_text(broken)
    room = Classroom(root)
    with open_store(root / "grades.sqlite") as store:
        run = room.grade(store, CLASS | {"ida": {MEAN: MEAN_ANSWER, MOVING: SUMMED}})
        verdicts = room.judged(MOVING, SUMMED)
        for name in HOSTILE:
            store.save(run, Work(name, MOVING, "d", "g"), verdicts, file=f"{name}/{MOVING}.py")
    return root


@pytest.fixture(scope="session")
def store(course_root: Path) -> Iterator[Store]:
    with open_store(course_root / "grades.sqlite", create=False) as opened:
        yield opened


Make = Callable[..., Grades]


@pytest.fixture
def grades(course_root: Path, store: Store) -> Make:
    """The class's grades, of a choice of exercises and students."""

    def make(
        *exercises: str, students: Sequence[str] = (), level: Level = Level.MISTAKE, run: int | None = None
    ) -> Grades:
        course = Course(course_root)
        chosen = [course[name] for name in exercises] or list(course)
        return Grades(course, store.results(students=students, run=run), chosen, level)

    return make
