"""`kata notebooks`: nbgrader's source notebooks, made from the references and the graders."""

from pathlib import Path
from typing import Annotated

import typer

from keras_kata.cli import ExercisesArgument, _chosen, _course, _errors_told, app, err, out

__all__: list[str] = []


@app.command()
def notebooks(
    exercises: ExercisesArgument = None,
    to: Annotated[
        Path | None,
        typer.Option(
            help="nbgrader's course folder; by default `nbgrader` in the course's own.", file_okay=False
        ),
    ] = None,
) -> None:
    """Write nbgrader's source notebooks. One that was edited by hand is kept as a backup."""
    with _errors_told():
        try:
            from keras_kata.notebooks import write_notebooks
        except ModuleNotFoundError as error:
            problem = f"{error.name} is not installed: pip install 'keras-kata[class]'"
            err.print(f"kata: {problem}", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None
        course = _course()
        entries = _chosen(course, exercises or [])
        target = (to or course.root / "nbgrader").resolve()
        for written in write_notebooks(course, entries, target):
            if written.backup is not None:
                out.print(f"kept what was edited by hand as {written.backup}", markup=False, soft_wrap=True)
            out.print(f"{written.state} {written.path}", markup=False, soft_wrap=True)
        modules = " and ".join(dict.fromkeys(entry.module for entry in entries))
        out.print(
            f"\nNext, in {target}: nbgrader generate_assignment {modules}", markup=False, soft_wrap=True
        )
