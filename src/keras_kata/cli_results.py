"""The commands that read results back: `kata show`, `kata mistakes`, `kata export`."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from keras_kata.cli import ExercisesArgument, _as_slug, _chosen, _course, _errors_told, app, err, out
from keras_kata.course import Course
from keras_kata.errors import StoreError
from keras_kata.exports.choices import Format, Level, Options, Per, Visibility
from keras_kata.progress import write_atomically

if TYPE_CHECKING:
    from keras_kata.results import Result, Store

ResultsOption = Annotated[
    str, typer.Option("--results", help="The database: a file, or postgresql://USER@HOST/DATABASE.")
]
RunOption = Annotated[
    int | None, typer.Option("--run", help="As of this run; the latest of each file by default.")
]


def _store(location: str, course: Course) -> "Store":
    from keras_kata.results import DEFAULT_NAME, open_store

    return open_store(location or course.root / DEFAULT_NAME, create=False)


@app.command()
def show(
    student: Annotated[str, typer.Argument(help="The name of the student's folder.")],
    exercise: Annotated[str | None, typer.Argument(help="One exercise, in detail.")] = None,
    results: ResultsOption = "",
    run: RunOption = None,
) -> None:
    """Show a student's results; of one exercise, everything that is known, for the instructor's eyes."""
    from keras_kata.results.views import details, overview

    with _errors_told():
        course = _course()
        chosen = [course[_as_slug(exercise)].slug] if exercise else list(course.exercises)
        with _store(results, course) as store:
            found = list(store.results(run=run, students=[student], exercises=chosen))
            _check_found(found, student, store.students(run=run))
            judged_in = store.run(found[0].judged_in)
        if exercise:
            for line in details(course, found[0], judged_in):
                out.print(line, markup=False, soft_wrap=True)
        else:
            order = list(course.exercises)
            _print_table(*overview(sorted(found, key=lambda result: order.index(result.exercise))))


def _check_found(found: "list[Result]", student: str, known: list[str]) -> None:
    from keras_kata.display import harmless

    if found:
        return
    if student in known:
        raise StoreError(harmless(f"{student} has no result for this"))
    near = difflib.get_close_matches(student, known, n=3)
    advice = f" Did you mean {' or '.join(near)}?" if near else ""
    raise StoreError(harmless(f"no results of a student {student!r} are known.{advice}"))


@app.command()
def mistakes(exercises: ExercisesArgument = None, results: ResultsOption = "", run: RunOption = None) -> None:
    """Show what the class misunderstands: how many students make each known mistake, with one of them."""
    from keras_kata.results.views import mistakes_table

    with _errors_told():
        course = _course()
        chosen = [entry.slug for entry in _chosen(course, exercises or [])]
        with _store(results, course) as store:
            counts = store.mistakes(run=run, exercises=chosen)
        if not counts:
            out.print("No wrong answers are known.")
            return
        _print_table(*mistakes_table(counts))


def _print_table(head: list[str], rows: list[list[str]]) -> None:
    """Cells are plain text: names of students and exercises are no markup."""
    table = Table(box=None, pad_edge=False)
    for name in head:
        is_number = name in ("points", "students")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)


@app.command()
def export(
    format: Annotated[Format, typer.Argument(help="Whose format.")],
    to: Annotated[Path, typer.Option("--to", help="The file; a folder where there is a file per student.")],
    only: Annotated[
        list[str] | None, typer.Option(help="An exercise or module; several times for more.")
    ] = None,
    student: Annotated[list[str] | None, typer.Option(help="One student; several times for more.")] = None,
    feedback: Annotated[
        Level,
        typer.Option(help="What learners are told; `mistake` is neither the case nor the expected value."),
    ] = Level.MISTAKE,
    per: Annotated[Per, typer.Option(help="csv: what a row stands for.")] = Per.EXERCISE,
    visibility: Annotated[Visibility, typer.Option(help="gradescope: when it is seen.")] = Visibility.VISIBLE,
    sheet: Annotated[Path | None, typer.Option(help="canvas, moodle: the sheet that you downloaded.")] = None,
    encoding: Annotated[str | None, typer.Option(help="canvas, moodle: the sheet's, if not UTF-8.")] = None,
    column: Annotated[
        str | None, typer.Option(help="canvas: the assignment; moodle: the grade's column.")
    ] = None,
    feedback_column: Annotated[str | None, typer.Option(help="moodle: the column of comments.")] = None,
    max_column: Annotated[str | None, typer.Option(help="moodle: the column of greatest grades.")] = None,
    match: Annotated[
        str | None, typer.Option(help="canvas, moodle: the column of the folders' names.")
    ] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="canvas, moodle: convert to the sheet's points.")
    ] = False,
    results: ResultsOption = "",
    run: RunOption = None,
) -> None:
    """Write results in another program's format, or fill in the gradebook's sheet that you downloaded.

    What can't be exported is told, and the rest is written; the exit status is then 1.
    """
    from keras_kata.exports.formats import export as made_of
    from keras_kata.exports.grades import Grades

    options = Options(per, visibility, sheet, encoding, column, feedback_column, max_column, match, scale)
    with _errors_told():
        course = _course()
        chosen = _chosen(course, only or [])
        slugs = [entry.slug for entry in chosen]
        with _store(results, course) as store:
            found = store.results(run=run, students=student or (), exercises=slugs)
            grades = Grades(course, found, chosen, feedback)
        made = made_of(format, grades, options)
        for name, content in made.files.items():
            write_atomically(to / name if name else to, content)
        students, files = _counted(len(grades.students), "student"), _counted(len(made.files), "file")
        out.print(f"wrote {to}: {files}, {students}", markup=False, soft_wrap=True)
        for problem in made.problems:
            err.print(f"kata: {problem}", markup=False, soft_wrap=True)
        if made.problems:
            raise typer.Exit(1)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
