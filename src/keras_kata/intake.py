"""Finding what was submitted: `SUBMITTED/<student>/moduleN/<exercise>.py`, or `.ipynb` as nbgrader collects it.

Names and files are hostile. No symbolic link is followed, not even one that takes the place of a folder while
the file is being opened; a file is read once, and its digest is that of what was read.
"""

import difflib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keras_kata.course import Course
from keras_kata.display import harmless
from keras_kata.errors import IntakeError
from keras_kata.student_names import look_of, name_problem
from keras_kata.untrusted_file import Content, read_below

__all__ = ["MOST_BYTES", "Content", "Intake", "Kind", "Problem", "Submitted", "find_submitted"]

Kind = Literal["python", "notebook"]

MOST_BYTES: dict[Kind, int] = {"python": 2_000_000, "notebook": 20_000_000}
"""How large a submitted file may be. A notebook has its outputs in it."""

_KINDS: dict[str, Kind] = {".py": "python", ".ipynb": "notebook"}
_MOST_PROBLEMS = 20  # of one student
_LINK = "is a symbolic link, and links are not followed: put a copy of the file or folder in its place."
_LEFT_ALONE = ("__pycache__", ".ipynb_checkpoints", ".git")  # put beside the students' folders by programs


@dataclass(frozen=True)
class Submitted:
    """A file that stands in the place of an answer.

    Attributes:
        root: the folder with all students' folders.
        exercise: the slug.
        file: the file's name in `<student>/<module>`.
    """

    root: Path
    student: str
    exercise: str
    file: str
    kind: Kind

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / self.student / self.exercise.split("/")[0] / self.file

    def read(self) -> Content:
        """Read the file, once.

        Raises:
            IntakeError: it is no plain file any more, is too large, or can't be read.
        """
        folders = (self.student, self.exercise.split("/")[0])
        return read_below(self.root, folders, self.file, MOST_BYTES[self.kind])


@dataclass(frozen=True)
class Problem:
    """Something that stands among the submissions and is not graded.

    Attributes:
        place: the path below the submissions' folder, harmless to print.
        sentence: what is wrong with it, and what to do.
        student: whose it is, where that can be said.
        exercise: the slug of the exercise that it would have been an answer to.
    """

    place: str
    sentence: str
    student: str | None = None
    exercise: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


@dataclass(frozen=True)
class Intake:
    """What was found, in the order of students, then of the course."""

    submitted: tuple[Submitted, ...]
    problems: tuple[Problem, ...]


def find_submitted(
    root: Path,
    course: Course,
    *,
    students: Collection[str] = (),
    exercises: Collection[str] = (),
) -> Intake:
    """Look through a folder of submissions, without reading a file.

    Args:
        root: the folder that has one folder for each student.
        students: only these folders; all by default.
        exercises: only these modules and slugs; all by default.

    Raises:
        IntakeError: the folder can't be read, or a student that was asked for has none.
        CourseError: an exercise that was asked for does not exist.
    """
    wanted = _wanted(course, exercises)
    try:
        folders = sorted(os.scandir(root), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise IntakeError(f"{root} can't be read: {error.strerror}") from None
    if absent := sorted(set(students) - {entry.name for entry in folders}):
        near = difflib.get_close_matches(absent[0], [entry.name for entry in folders], n=1)
        advice = f" Did you mean {near[0]}?" if near else ""
        raise IntakeError(harmless(f"there is no folder {absent[0]!r} in {root}.{advice}"))
    search = _Search(root, course, wanted)
    for entry in folders:
        if not students or entry.name in students:
            search.student(entry)
    search.look_alikes()
    order = {slug: number for number, slug in enumerate(course.exercises)}
    found = sorted(search.found, key=lambda item: (item.student, order[item.exercise]))
    return Intake(tuple(found), tuple(search.problems))


def _wanted(course: Course, names: Iterable[str]) -> set[str]:
    chosen: set[str] = set()
    for name in names:
        module = {entry.slug for entry in course if entry.module == name.strip("/")}
        chosen |= module or {course[name].slug}
    return chosen if names else set(course.exercises)


class _Search:
    """A walk through the students' folders that gathers submissions and problems."""

    def __init__(self, root: Path, course: Course, wanted: set[str]) -> None:
        self.root, self.course, self.wanted = root, course, wanted
        self.modules = {entry.module for entry in course}
        self.found: list[Submitted] = []
        self.problems: list[Problem] = []
        self.students: list[str] = []
        self.counts: Counter[str] = Counter()

    def student(self, entry: "os.DirEntry[str]") -> None:
        """One student's folder."""
        if entry.name in _LEFT_ALONE or (not entry.is_dir() and not entry.is_symlink()):
            return  # a list of names or the like beside the students' folders
        if problem := name_problem(entry.name):
            self._problem((entry.name,), f"{problem}. Rename the folder; nothing in it is graded.")
        elif self._is_plain(entry, (entry.name,), "folder"):
            self.students.append(entry.name)
            for inner in self._entries((entry.name,)):
                self._in_student(entry.name, inner)

    def look_alikes(self) -> None:
        """Take out students whose names differ in nothing that can be seen."""
        seen: dict[str, list[str]] = {}
        for name in self.students:
            seen.setdefault(look_of(name), []).append(name)
        for names in seen.values():
            if len(names) > 1:
                others = " and ".join(ascii(name) for name in names)
                for name in names:
                    text = f"can't be told apart by name: {others}. Rename them; nothing in them is graded."
                    self._problem((name,), text, name)
                self.found = [item for item in self.found if item.student not in names]

    def _in_student(self, student: str, entry: "os.DirEntry[str]") -> None:
        place = (student, entry.name)
        if entry.name in self.modules:
            if any(slug.startswith(f"{entry.name}/") for slug in self.wanted) and self._is_plain(
                entry, place, "folder"
            ):
                self._module(student, entry.name)
        elif self._is_answer(entry.name):
            self._problem(place, "must stand in its module's folder, such as module1/.", student)
        elif not entry.name.startswith((".", "__")) and (entry.is_symlink() or entry.is_dir()):
            self._problem(
                place, f"is no module of this course; it has {', '.join(sorted(self.modules))}.", student
            )

    def _module(self, student: str, module: str) -> None:
        answers: dict[str, list[str]] = {}
        for entry in self._entries((student, module)):
            stem, ending = os.path.splitext(entry.name)
            if ending not in _KINDS or entry.name.startswith("."):
                continue  # what a learner keeps beside the answers: data, notes, nbgrader's timestamp
            slug = f"{module}/{stem}"
            if slug not in self.course.exercises:
                advice = self.course.suggestion(slug)
                self._problem(
                    (student, module, entry.name), f"is no exercise of this course.{advice}", student
                )
            elif slug in self.wanted and self._is_plain(entry, (student, module, entry.name), "file", slug):
                answers.setdefault(slug, []).append(entry.name)
        for slug, files in answers.items():
            if len(files) == 1:
                kind = _KINDS[os.path.splitext(files[0])[1]]
                self.found.append(Submitted(self.root, student, slug, files[0], kind))
            else:
                text = f"there is {' and '.join(sorted(files))}. Only one of them can be the answer: take one away."
                self._problem((student, module), text, student, slug)

    def _is_answer(self, name: str) -> bool:
        stem, ending = os.path.splitext(name)
        return ending in _KINDS and any(entry.name == stem for entry in self.course)

    def _is_plain(
        self,
        entry: "os.DirEntry[str]",
        place: Sequence[str],
        kind: Literal["folder", "file"],
        slug: str | None = None,
    ) -> bool:
        is_right = entry.is_dir if kind == "folder" else entry.is_file
        if entry.is_symlink():
            self._problem(place, _LINK, place[0], slug)
        elif not is_right(follow_symlinks=False):
            self._problem(place, f"is no {kind}, though it is named like one.", place[0], slug)
        else:
            return True
        return False

    def _entries(self, folders: Sequence[str]) -> Iterator["os.DirEntry[str]"]:
        try:
            with os.scandir(self.root.joinpath(*folders)) as entries:
                yield from sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            self._problem(folders, f"can't be read: {error.strerror}.", folders[0])

    def _problem(
        self, place: Sequence[str], sentence: str, student: str | None = None, exercise: str | None = None
    ) -> None:
        self.counts[place[0]] += 1
        if self.counts[place[0]] == _MOST_PROBLEMS:
            place, sentence, exercise = (
                place[:1],
                "there is more that is not graded: clear this folder up.",
                None,
            )
        if self.counts[place[0]] <= _MOST_PROBLEMS:
            self.problems.append(
                Problem(harmless("/".join(place))[:300], harmless(sentence), student, exercise)
            )
