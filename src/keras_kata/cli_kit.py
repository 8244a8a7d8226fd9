"""The `kata kit` command."""

from pathlib import Path
from typing import Annotated

import typer

from keras_kata.cli import ExercisesArgument, _chosen, _course, _errors_told, app, out

__all__: list[str] = []


@app.command()
def kit(
    exercises: ExercisesArgument = None,
    to: Annotated[Path, typer.Option("--to", help="The kit's folder: a new one, or a kit.")] = Path("kit"),
    workflow: Annotated[
        str, typer.Option("--workflow", help="Grade every push as well: github or gitlab.")
    ] = "",
    jobs: Annotated[int, typer.Option(min=0, help="Parallel processes; 0 is one per core.")] = 0,
) -> None:
    """Write what learners get, without a line of the solutions. It takes up to minutes for each exercise."""
    import os

    from keras_kata.kit import Kit
    from keras_kata.recorder import record_all

    with _errors_told():
        course = _course()
        entries = _chosen(course, exercises or [])
        target = Kit(course, entries, to, workflow)  # what speaks against it is told before the long part
        recordings = {}
        for slug, data in record_all(
            course.root, [entry.slug for entry in entries], jobs or os.cpu_count() or 1
        ):
            recordings[slug] = data
            out.print(f"recorded {slug}, {len(data) / 1000:.1f} KB", markup=False)
        for name in target.write(recordings):
            out.print(f"left {name} as it is: somebody has worked on it", markup=False, soft_wrap=True)
        count = f"{len(recordings)} exercise{'s' if len(recordings) > 1 else ''}"
        out.print(f"wrote a kit of {count} to {to}", markup=False, soft_wrap=True)
