"""What belongs to a course: its exercises, in order, and where each one's files are.

A path is never declared where it can be derived from the slug `moduleN/exercise`.
"""

import difflib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from keras_kata.errors import CourseError

__all__ = ["Course", "Exercise"]

_KEYS = {"title": str, "concepts": list, "prerequisites": list, "difficulty": int}
_SLUG = re.compile(r"module\d+/[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Exercise:
    """One exercise's entry in course.toml, and the places that its slug stands for."""

    root: Path
    slug: str
    title: str
    concepts: tuple[str, ...]
    prerequisites: tuple[str, ...]
    difficulty: int
    stubs: str = "exercises"
    """The folder of what learners edit; a kit has it at the top: `.`"""

    @property
    def module(self) -> str:
        """`moduleN`."""
        return self.slug.split("/")[0]

    @property
    def name(self) -> str:
        """The slug without its module."""
        return self.slug.split("/")[1]

    @property
    def stub(self) -> Path:
        """What the learner edits."""
        return self.root / self.stubs / f"{self.slug}.py"

    @property
    def grader(self) -> Path:
        """The probes."""
        return self.root / "graders" / f"{self.slug}.py"

    @property
    def solution(self) -> Path:
        """The secret folder: reference, misconceptions, alternatives."""
        return self.root / "solutions" / self.slug

    @property
    def has_solution(self) -> bool:
        """Whether the exercise is judged by its secret folder; a learner's kit has recordings instead."""
        return self.solution.is_dir() or not (self.root / "recordings").is_dir()

    @property
    def recording(self) -> Path:
        """What stands for the secret folder in a learner's kit."""
        return self.root / "recordings" / f"{self.slug}.kata"


class Course:
    """A course.toml and the folder it stands in.

    Raises:
        CourseError: there is no course.toml, or it is not as the message says it must be.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.file = self.root / "course.toml"
        try:
            data = tomllib.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CourseError(f"there is no course.toml in {root}") from None
        except OSError as error:
            raise CourseError(f"{self.file} can't be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CourseError(f"{self.file} is not valid TOML: {error}") from None
        try:
            self._read(data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CourseError(f"{self.file} is not as it must be: {type(error).__name__}: {error}") from None

    def _read(self, data: dict[str, Any]) -> None:
        self.title: str = data.get("title", self.root.name)
        self.points: dict[int, float] = {int(key): value for key, value in data.get("points", {}).items()}
        self.environment: dict[str, str] = data.get("environment", {})
        self.environment_defaults: dict[str, str] = data.get("environment_defaults", {})
        self.modules: dict[str, str] = {entry["name"]: entry["title"] for entry in data.get("modules", [])}
        self.runtime: Path | None = self.root / data["runtime"] if "runtime" in data else None
        self.stubs: str = data.get("stubs", "exercises")
        if (
            not isinstance(self.stubs, str)
            or ".." in Path(self.stubs).parts
            or Path(self.stubs).is_absolute()
        ):
            raise CourseError(f'{self.file}: `stubs` must be a folder of the course, such as "exercises"')
        entries = [self._entry(entry) for entry in data.get("exercises", [])]
        self.exercises: Mapping[str, Exercise] = {entry.slug: entry for entry in entries}
        for name, value in (*self.environment.items(), *self.environment_defaults.items()):
            if not isinstance(value, str):
                raise CourseError(f"{self.file}: the variable {name} must be text, in quotes")
        if twice := [slug for slug, count in Counter(entry.slug for entry in entries).items() if count > 1]:
            raise CourseError(f"{self.file}: {twice[0]} is there twice")

    @classmethod
    def find(cls, start: Path) -> "Course":
        """The course whose folder holds `start`, or is above it.

        Raises:
            CourseError: no folder from `start` upwards has a course.toml.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / "course.toml").is_file():
                return cls(folder)
        raise CourseError(f"no course here: neither {start} nor a folder above it has a course.toml")

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self.exercises.values())

    def __getitem__(self, slug: str) -> Exercise:
        """The exercise with this slug; a bare name is enough where it is unique.

        Raises:
            CourseError: there is none; the message offers the nearest names.
        """
        slug = slug.removesuffix(".py").removesuffix(".ipynb").strip("/")
        if slug in self.exercises:
            return self.exercises[slug]
        named = [entry for entry in self if entry.name == slug.split("/")[-1]]
        if len(named) == 1 and (slug == named[0].name or slug.endswith("/" + named[0].slug)):
            return named[0]
        raise CourseError(f"no exercise is called {slug!r}.{self.suggestion(slug)}")

    def suggestion(self, slug: str) -> str:
        """` Did you mean ...?` with the nearest slugs, or where to find the list."""
        names = {entry.name: entry.slug for entry in self} | {entry.slug: entry.slug for entry in self}
        near = difflib.get_close_matches(slug, names, n=3, cutoff=0.5)
        found = list(dict.fromkeys(names[name] for name in near))
        return f" Did you mean {' or '.join(found)}?" if found else " `kata status` lists the exercises."

    def slug_of(self, path: Path) -> str | None:
        """The slug that a file's place stands for, known to the course or not; None for other places.

        The places are `<root>/moduleN/<exercise>.py`, or `.ipynb` for a notebook, and, for a reference,
        `<root>/moduleN/<exercise>/reference.py`. The course's graders are none.
        """
        if path.suffix not in (".py", ".ipynb"):
            return None
        parts = path.with_suffix("").parts
        if parts[-1] == "reference":
            parts = parts[:-1]
        slug = "/".join(parts[-2:])
        if not _SLUG.fullmatch(slug):
            return None
        return None if (self.root / "graders") in path.parents else slug

    @cached_property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders in which every file of an exercise's place must be an exercise of the course."""
        return (self.root / self.stubs, self.root / "solutions")

    def set_environment(self) -> None:
        """Set the course's environment variables, before anything imports what reads them."""
        os.environ.update(self.environment)
        for name, value in self.environment_defaults.items():
            os.environ.setdefault(name, value)

    def _entry(self, entry: dict[str, Any]) -> Exercise:
        slug = entry.get("slug", "")
        if not _SLUG.fullmatch(slug):
            raise CourseError(f"{self.file}: {slug!r} is no slug; write it as module2/my_exercise")
        for key, kind in _KEYS.items():
            if key not in entry:
                raise CourseError(f"{self.file}: {slug} lacks `{key}`")
            if not isinstance(entry[key], kind):
                raise CourseError(f"{self.file}: {slug}: `{key}` must be of type {kind.__name__}")
        return Exercise(
            self.root,
            slug,
            entry["title"],
            tuple(entry["concepts"]),
            tuple(entry["prerequisites"]),
            entry["difficulty"],
            self.stubs,
        )
