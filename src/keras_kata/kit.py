"""What a learner gets: stubs, graders, recordings and the engine, in a folder that one command installs.

Nothing of `solutions/` is in it, and nobody's work in it is ever written over.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tomlkit

from keras_kata.course import Course, Exercise
from keras_kata.errors import CourseError
from keras_kata.kit_files import ENGINE, WORKFLOWS, Engine, pyproject, readme, workflow
from keras_kata.outline import outline
from keras_kata.progress import write_atomically
from keras_kata.recording import grader_files, read_recording
from keras_kata.stubs import stub_of

__all__ = ["Kit"]

_GITIGNORE = (
    "__pycache__/\n.venv/\n.kata/\n.pytest_cache/\n.hypothesis/\n*.egg-info/\nbuild/\ndist/\nresults.xml\n"
)
_DO_NOT_EDIT = "Written by `kata kit`, which writes it anew when the kit is brought up to date."
_OWN_FOLDERS = (ENGINE, "graders", "recordings")


class Kit:
    """A kit to be written.

    Args:
        course: the whole course.
        exercises: those that the kit has; they keep the course's order.
        target: the kit's folder: a new or empty one, or one that holds a kit.
        service: `github`, `gitlab`, or nothing for no workflow.

    Raises:
        AuthoringError: an exercise has no reference that a stub can be made of.
        CourseError: there is something else in the folder, or somebody's work on an exercise that the kit
            would no longer have.
    """

    def __init__(
        self, course: Course, exercises: Sequence[Exercise], target: Path, service: str = ""
    ) -> None:
        if service and service not in WORKFLOWS:
            raise CourseError(f"no workflow is known for {service!r}, only for {' and '.join(WORKFLOWS)}")
        self.course = course
        self.target = target.resolve()
        self.service = service
        chosen = {exercise.slug for exercise in exercises}
        self._exercises = [exercise for exercise in course if exercise.slug in chosen]
        if not self._exercises:
            raise CourseError("a kit needs an exercise")
        self._stubs = {exercise.slug: stub_of(exercise) for exercise in self._exercises}
        there = self._existing()
        self._gone = [exercise.stub for exercise in there if exercise.slug not in chosen]
        self._worked_on = {exercise.slug for exercise in there if self._is_worked_on(exercise)}
        if lost := sorted(self._worked_on - chosen):
            raise CourseError(
                f"{self.target} has somebody's work on {lost[0]}, which the kit would no longer have. Name that "
                "exercise too, or choose another folder."
            )

    def write(self, recordings: Mapping[str, bytes]) -> list[str]:
        """Write the kit, or bring the one that is there up to date.

        Args:
            recordings: the file of each exercise, as `recorder.record_all` gives it.

        Returns:
            The exercises' files that were left as they are, because somebody has worked on them.

        Raises:
            CourseError: a file can't be written.
        """
        _write(self.target / "course.toml", self._course_toml().encode())
        files = dict(self._files(Course(self.target), recordings))
        for path in (*self._gone, *self._strangers(files)):
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not empty
                path.parent.rmdir()
        for place, content in files.items():
            _write(self.target / place, content)
        for slug, stub in self._stubs.items():
            if slug not in self._worked_on:
                _write(self.target / f"{slug}.py", stub.encode())
        return [f"{slug}.py" for slug in self._stubs if slug in self._worked_on]

    def _existing(self) -> list[Exercise]:
        """The exercises of the kit that is there already."""
        course = self.course.root
        if any(course / name in (self.target, *self.target.parents) for name in ("solutions", "graders")):
            raise CourseError(f"{self.target} is inside the course itself; choose another folder")
        if not self.target.exists():
            return []
        if self.target.is_dir() and {path.name for path in self.target.iterdir()} <= {".git"}:
            return []
        try:
            kit = Course(self.target)
        except CourseError:
            kit = None
        if kit is None or kit.stubs != ".":
            raise CourseError(f"{self.target} is not empty and no kit; choose another folder")
        return list(kit)

    def _is_worked_on(self, exercise: Exercise) -> bool:
        """Whether a file of the kit that is there is neither the stub that it had, nor the one that it gets."""
        if not exercise.stub.exists():
            return False
        known = {self._stubs.get(exercise.slug)}
        with contextlib.suppress(CourseError):  # without a recording, any other text may be work
            known.add(read_recording(exercise).stub)
        text = exercise.stub.read_bytes().replace(b"\r\n", b"\n")
        return text not in {stub.encode() for stub in known if stub is not None}

    def _course_toml(self) -> str:
        """The course's own file, with the kit's exercises only; what comes before them but is not here is dropped."""
        data = tomlkit.parse(self.course.file.read_text(encoding="utf-8")).unwrap()
        entries = [entry for entry in data["exercises"] if entry["slug"] in self._stubs]
        for entry in entries:
            entry["prerequisites"] = [slug for slug in entry["prerequisites"] if slug in self._stubs]
        modules = {exercise.module for exercise in self._exercises}
        kit = {
            "stubs": ".",
            **data,
            "modules": [module for module in data.get("modules", []) if module["name"] in modules],
            "exercises": entries,
        }
        return f"# The exercises of this kit. {_DO_NOT_EDIT}\n" + tomlkit.dumps(kit)

    def _files(self, kit: Course, recordings: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """Every file but course.toml and the stubs, with its place in the kit."""
        engine = Engine.here()
        service = WORKFLOWS.get(self.service, "")
        yield "pyproject.toml", pyproject(engine, kit).encode()
        yield "README.md", readme(engine, kit, outline(self._exercises[0])[0].name, service).encode()
        yield ".gitignore", _GITIGNORE.encode()
        yield ".gitattributes", b"*.kata binary\n"
        if service:
            yield service, workflow(engine, self.service).encode()
        for name, path in engine.extras.items():
            yield name, path.read_bytes()
        for path in _sources(engine.package):
            yield f"{ENGINE}/{path.relative_to(engine.package.parent).as_posix()}", path.read_bytes()
        public = {path for exercise in self._exercises for path in grader_files(exercise)}
        for path in sorted(public | ({self.course.runtime} if self.course.runtime else set())):
            yield path.relative_to(self.course.root).as_posix(), path.read_bytes()
        for exercise in self._exercises:
            yield exercise.recording.relative_to(self.course.root).as_posix(), recordings[exercise.slug]

    def _strangers(self, files: Mapping[str, bytes]) -> Iterator[Path]:
        """What an older kit has left in the folders that are the grader's own."""
        for folder in _OWN_FOLDERS:
            for path in sorted((self.target / folder).rglob("*")):
                if path.is_file() and path.relative_to(self.target).as_posix() not in files:
                    yield path


def _sources(package: Path) -> list[Path]:
    """The files of a package, without what Python compiles of them."""
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return sorted(path for path in files if "__pycache__" not in path.parts)


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
