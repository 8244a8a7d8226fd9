"""Which files are watched, and what tells when one is saved."""

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_kata.course import Course, Exercise
from keras_kata.errors import CourseError

__all__ = ["FileWatch", "Target", "signature", "targets"]

_MILLISECONDS_TO_SETTLE = 30  # a save is often several events
_MOST_MILLISECONDS_TO_SETTLE = 300
_MILLISECONDS_BETWEEN_LOOKS = 300  # at whether to end


@dataclass(frozen=True)
class Target:
    """A file that is an implementation of an exercise; it need not exist at the moment."""

    exercise: Exercise
    file: Path

    @property
    def shown(self) -> str:
        """The path as a learner would type it here."""
        try:
            return os.path.relpath(self.file)
        except ValueError:  # another drive, on Windows
            return str(self.file)

    @property
    def command(self) -> str:
        """What judges it once."""
        return f'pytest "{self.shown}"' if " " in self.shown else f"pytest {self.shown}"

    @property
    def is_own(self) -> bool:
        """Whether it is the learner's own file, whose results are remembered."""
        return self.file == self.exercise.stub


def targets(course: Course, place: str, named: Callable[[str], Sequence[Exercise]]) -> list[Target]:
    """What a place stands for, in the course's order.

    Args:
        place: a file, a module's folder, a tree of modules, an exercise or a module; empty for the whole course.
        named: gives the exercises that a name stands for, and raises CourseError where it stands for none.

    Raises:
        CourseError: there is no exercise in the place.
    """
    path = Path(place).absolute()
    path = path.parent.resolve() / path.name
    if not place or path == course.root:
        return [Target(entry, entry.stub) for entry in course]
    if path.is_dir():
        found = [Target(entry, file) for entry in course for file in _places(path, entry)]
        found = found if any(target.is_own or target.file.is_file() for target in found) else []
    elif path.is_file() and (slug := course.slug_of(path) or "") in course.exercises:
        found = [Target(course.exercises[slug], path)]
    elif path.is_file():
        raise CourseError(f"{place} is no exercise's file; `kata status` lists the exercises")
    else:
        found = [Target(entry, entry.stub) for entry in named(place)]
    if not found:
        raise CourseError(f"{place} has no exercise's file in it; try exercises/module1")
    return found


def _places(folder: Path, entry: Exercise) -> list[Path]:
    """Where in a tree of modules, or in a module's folder, an exercise's file is."""
    if folder.name == entry.module:
        return [folder / f"{entry.name}.py"]
    return [folder / f"{entry.slug}.py"] if (folder / entry.module).is_dir() else []


def _is_in_exercises(target: Target) -> bool:
    """Whether it is below a folder that holds modules alone, and no environment with thousands of files."""
    return target.is_own and target.file.parents[1] != target.exercise.root


def signature(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is saved; None where there is no file."""
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_size, known.st_ino


class FileWatch:
    """Tells which of some files were saved, deleted or made.

    Args:
        watched: what is watched.
        changed: is called, in a thread of its own, with those that changed.
        failed: is called with the reason where the system does not tell changes.
    """

    def __init__(
        self,
        watched: Iterable[Target],
        changed: Callable[[set[Path]], object],
        failed: Callable[[str], object],
    ) -> None:
        self._files = {str(target.file): target.file for target in watched}
        self._ended = threading.Event()
        # Not the files themselves: an editor that saves by renaming puts another file into the place. And of the
        # course all modules: a folder that is deleted and comes back, as by `git stash`, is another one.
        places = {target.file.parents[_is_in_exercises(target)] for target in watched}
        folders = sorted(folder for folder in places if folder.is_dir())
        self._thread = threading.Thread(target=self._run, args=(folders, changed, failed), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more."""
        self._ended.set()
        self._thread.join()

    def _run(
        self, folders: list[Path], changed: Callable[[set[Path]], object], failed: Callable[[str], object]
    ) -> None:
        if not folders:
            failed("the folder is not there")
            return
        try:
            import watchfiles

            for batch in watchfiles.watch(
                *folders,
                watch_filter=lambda _, path: path in self._files,
                debounce=_MOST_MILLISECONDS_TO_SETTLE,
                step=_MILLISECONDS_TO_SETTLE,
                stop_event=self._ended,
                rust_timeout=_MILLISECONDS_BETWEEN_LOOKS,
                recursive=True,
            ):
                changed({self._files[path] for _, path in batch})
        except (
            Exception
        ) as error:  # too many watches, a file system that tells nothing, a package that is missing
            failed(f"{type(error).__name__}: {error}")
