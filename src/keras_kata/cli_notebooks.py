"""`kata notebooks`: nbgrader's source notebooks, made from the references and the graders."""

from pathlib import Path
from typing import Annotated

import typer

from keras_kata.cli import ExercisesArgument, _chosen, _course, _errors_told, app, out
from keras_kata.errors import KataError

__all__: list[str] = []


@app.command()
def notebooks(
    exercises: ExercisesArgument = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="nbgrader's course folder; by default `nbgrader` in the course's own."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Parallel processes; 0 is one per core.")] = 0,
) -> None:
    """Write nbgrader's source notebooks. One that was edited by hand is kept as a backup."""
    import os

    with _errors_told():
        try:
            from keras_kata.notebooks import write_notebooks
        except ModuleNotFoundError as error:
            raise KataError(f"{error.name} is not installed: pip install 'keras-kata[class]'") from None
        course = _course()
        entries = _chosen(course, exercises or [])
        target = (to or course.root / "nbgrader").resolve()
        for written in write_notebooks(course, entries, target, jobs or os.cpu_count() or 1):
            if written.backup is not None:
                out.print(f"kept what was edited by hand as {written.backup}", markup=False, soft_wrap=True)
            out.print(f"{written.state} {written.path}", markup=False, soft_wrap=True)
        out.print(f"\nNext, in {target}:", markup=False, soft_wrap=True)
        for module in dict.fromkeys(entry.module for entry in entries):
            out.print(f"    nbgrader generate_assignment {module}", markup=False)
