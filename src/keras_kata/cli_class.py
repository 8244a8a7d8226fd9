"""Commands for whoever grades a class."""

from pathlib import Path

import typer
from rich.table import Table

from keras_kata.cli import _errors_told, app, err, out
from keras_kata.course import Course

__all__ = ["doctor"]


@app.command()
def doctor() -> None:
    """Tell what of the sandbox this system gives, by entering one, and how to get what is missing."""
    from keras_kata.confinement import DEMANDED, PROTECTIONS, Confinement, readable_size
    from keras_kata.remote import enforced_by
    from keras_kata.workers import Workers

    with _errors_told():
        course = Course.find(Path.cwd())
        exercises = list(course)[:1]
        limits = Confinement(allow=frozenset(PROTECTIONS))  # to see all that is missing, not only the first
        with Workers(course, limits, exercises) as workers:
            enforced = enforced_by(workers, exercises[0])
        table = Table(box=None, pad_edge=False)
        for column in ("protection", "", "what it does"):
            table.add_column(column)
        for name, text in PROTECTIONS.items():
            held = "yes" if name in enforced.names else "NO" if name in DEMANDED else "no"
            table.add_row(name, held, text)
        out.print(table)
        for name, value in enforced.details.items():
            out.print(f"{name}: {value}", markup=False)
        sizes = {"memory": limits.memory, "scratch folder": limits.scratch, "one observation": limits.output}
        told = [f"{name} {readable_size(size)}" for name, size in sizes.items()]
        out.print(f"limits: {', '.join(told)}, {limits.processes} processes", markup=False)
        for problem in enforced.explain(name for name in PROTECTIONS if name not in enforced.names):
            out.print(f"\n{problem}", markup=False, soft_wrap=True)
        if lacking := DEMANDED - set(enforced.names):
            err.print(f"\nGrading refuses to run without: {', '.join(sorted(lacking))}", markup=False)
            raise typer.Exit(1)
        out.print("\nSubmissions can be graded on this system.")
