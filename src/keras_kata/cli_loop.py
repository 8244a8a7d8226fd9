"""The commands of a learner's day: where am I, what is next, a hint, and judging on every save."""

import os
import shlex
import subprocess
import sys
from typing import Annotated

import typer

from keras_kata.cli import (
    ExercisesArgument,
    _as_slug,
    _chosen,
    _course,
    _errors_told,
    app,
    err,
    out,
)
from keras_kata.course import Exercise
from keras_kata.errors import CourseError, KataError

__all__: list[str] = []

WIDEST = 100


@app.command()
def status(exercises: ExercisesArgument = None) -> None:
    """Show the course as a map. It has points, what is done, what is unlocked, and where to go on."""
    from keras_kata.progress import Progress
    from keras_kata.roadmap import ADVICE, roadmap, whereto
    from keras_kata.standing import next_up, standings

    with _errors_told():
        course = _course()
        known = standings(course, Progress(course.root))
        shown = [known[entry.slug] for entry in _chosen(course, exercises or [])]
        width = min(out.width, WIDEST)
        for line in roadmap(course, shown, width):
            out.print(line, soft_wrap=True)
        out.print()
        for line in whereto(next_up(shown), width):
            out.print(line, soft_wrap=True)
        if any(one.missing and not one.begun for one in shown):
            out.print()
            out.print(ADVICE, markup=False, width=width)


@app.command("next")
def go_on(
    open_it: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the file; by default where EDITOR is set."),
    ] = None,
) -> None:
    """Tell where to go on. In a terminal where VISUAL or EDITOR is set, the file opens there."""
    from keras_kata.progress import Progress
    from keras_kata.roadmap import whereto
    from keras_kata.standing import next_up, standings

    with _errors_told():
        course = _course()
        onward = next_up(standings(course, Progress(course.root)).values())
        for line in whereto(onward, min(out.width, WIDEST)):
            out.print(line, soft_wrap=True)
        in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        wanted = in_terminal and bool(_editor()) if open_it is None else open_it
        if onward is not None and wanted:
            _open(onward.exercise)


def _editor() -> str:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def _open(entry: Exercise) -> None:
    """Open an exercise's file in the editor that the learner has set, or in what the system opens it with."""
    if not entry.stub.is_file():
        raise CourseError(f"there is no file {entry.stub}; `kata reset {entry.name}` brings it back")
    if not _editor():
        if typer.launch(str(entry.stub)) != 0:
            raise CourseError("nothing opens the file; set EDITOR to your editor's command")
        return
    try:
        command = shlex.split(_editor(), posix=os.name == "posix")
        status = subprocess.run([*command, str(entry.stub)], check=False).returncode
    except (OSError, ValueError) as error:
        raise CourseError(
            f"the editor `{_editor()}` can't be started: {error}. Set EDITOR to its command"
        ) from None
    if status != 0:
        raise CourseError(f"the editor `{_editor()}` ended with status {status}")


@app.command()
def hint(
    exercise: Annotated[
        str, typer.Argument(help="An exercise, or one of its probes: module6/bellman_update::target.")
    ],
) -> None:
    """Show the next hint; each call goes one step further. Hints never show code."""
    from keras_kata.hints import next_hint
    from keras_kata.progress import Progress

    with _errors_told():
        course = _course()
        slug, _, wanted = exercise.partition("::")
        progress = Progress(course.root)
        found = next_hint(course[_as_slug(slug)], progress, wanted)
        out.print(found.title, style="bold", markup=False, soft_wrap=True)
        out.print(found.claim, markup=False)
        out.print()
        out.print(found.text, markup=False)
        if found.end:
            out.print(f"\n{found.end}", markup=False)
        try:
            progress.save()
        except KataError as error:
            err.print(f"kata: the next call shows this hint again: {error}", markup=False, soft_wrap=True)


@app.command()
def watch(
    place: Annotated[
        str, typer.Argument(metavar="[PATH]", help="A file, folder, exercise or module; all by default.")
    ] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Judge each save in a new process, which takes longer.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Do not clear the screen; say one thing below the other.")
    ] = False,
) -> None:
    """Judge on every save. Keys give hints and lead through the course."""
    from keras_kata.judging_processes import can_fork
    from keras_kata.screen import Screen
    from keras_kata.watch import Watch
    from keras_kata.watched_files import targets

    with _errors_told():
        course = _course()
        watched = targets(course, place, lambda name: _chosen(course, [name]))
        Watch(course, watched, Screen(out, keep=keep), forks=can_fork() and not fresh).run()
