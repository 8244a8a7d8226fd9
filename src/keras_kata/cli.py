"""The `kata` command. Each subcommand imports what it needs, so that `kata --help` is instant."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from keras_kata.course import Course, Exercise
from keras_kata.errors import KataError

if TYPE_CHECKING:
    from keras_kata.audit import ExerciseReport

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help without boxes, which screen readers read aloud
    help="Keras katas: short exercises, and the grader that says which mistake was made.",
)
out = Console(highlight=False, emoji=False)  # `x[:o:]` in a hint is no emoji
err = Console(stderr=True, highlight=False, emoji=False)

ExerciseArgument = Annotated[str, typer.Argument(help="Such as module6/bellman_update, or bellman_update.")]
ExercisesArgument = Annotated[list[str] | None, typer.Argument(help="Exercises or modules; all by default.")]


@contextlib.contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except KataError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.filename or 'the file'}: {error.strerror}"
    else:
        return
    err.print(f"kata: {problem}", markup=False, soft_wrap=True)
    raise typer.Exit(1)


def _course() -> Course:
    return Course.find(Path.cwd())


@app.command()
def reset(
    exercise: ExerciseArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Bring an exercise's file back as it was; your own is kept as a backup."""
    from keras_kata.progress import back_up, write_atomically
    from keras_kata.stubs import stub_of

    with _errors_told():
        course = _course()
        entry = course[_as_slug(exercise)]
        stub = stub_of(entry)
        if entry.stub.exists():
            if entry.stub.read_bytes() == stub.encode():
                out.print(f"{entry.slug} is as it was; nothing to do.")
                return
            if not yes and sys.stdin.isatty():
                typer.confirm(f"Replace {entry.stub.name} (a backup is kept)?", abort=True)
            backup = back_up(course.root, entry.stub)
            out.print(f"Your file is kept as {backup.relative_to(course.root)}", markup=False, soft_wrap=True)
        write_atomically(entry.stub, stub)
        place = entry.stub.relative_to(course.root)
        out.print(f"{place} is as it was at the start.", markup=False, soft_wrap=True)


@app.command()
def new(slug: Annotated[str, typer.Argument(help="Such as module8/my_exercise.")]) -> None:
    """Write an annotated skeleton of a new exercise, which passes the audit as it is."""
    from keras_kata.scaffold import scaffold

    with _errors_told():
        for path in scaffold(_course(), slug):
            out.print(f"wrote {path}", markup=False, soft_wrap=True)
        out.print(f"\nNext: kata audit {slug}, then docs/authoring.md", markup=False)


@app.command()
def stubs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a stub is out of step.")
    ] = False,
) -> None:
    """Write what learners get from the references. A file with somebody's work in it is kept as a backup."""
    from keras_kata.progress import back_up, write_atomically
    from keras_kata.stubs import is_untouched, stub_of

    with _errors_told():
        course = _course()
        behind = [entry for entry in course if not _is_in_step(entry, stub_of(entry))]
        for entry in behind:
            name = entry.stub.relative_to(course.root).as_posix()
            if check:
                problem = f"{name} is not in step with its reference: run `kata stubs`"
                err.print(problem, markup=False, soft_wrap=True)
                continue
            if entry.stub.exists() and not is_untouched(entry.stub):
                kept = back_up(course.root, entry.stub)
                out.print(f"kept what was in {name} as {kept}", markup=False, soft_wrap=True)
            write_atomically(entry.stub, stub_of(entry))
            out.print(f"wrote {name}", markup=False, soft_wrap=True)
        if check and behind:
            raise typer.Exit(1)
        if not behind:
            out.print(f"all {len(course.exercises)} stubs are in step")


def _is_in_step(entry: Exercise, stub: str) -> bool:
    return entry.stub.is_file() and entry.stub.read_bytes() == stub.encode()


@app.command("map")
def write_course_map() -> None:
    """Write the map of the course into the README."""
    from keras_kata.course_map import write_map

    with _errors_told():
        out.print(f"wrote {write_map(_course())}", markup=False, soft_wrap=True)


@app.command()
def audit(
    exercises: ExercisesArgument = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to judge with.")] = 3,
    jobs: Annotated[int, typer.Option(min=0, help="Parallel processes; 0 is one per core.")] = 0,
) -> None:
    """Prove the graders: right answers pass, known mistakes are named, mutants are noticed."""
    from keras_kata.audit import audit as run
    from keras_kata.audit import default_jobs
    from keras_kata.inventory import stray_files

    with _errors_told():
        course = _course()
        chosen = _chosen(course, exercises or [])
        problems = [] if exercises else [("course", problem) for problem in stray_files(course)]
        slugs = [entry.slug for entry in chosen]
        reports = []
        for report in run(course.root, slugs, seeds, jobs or default_jobs()):
            reports.append(report)
            out.print(f"audited {report.slug} in {report.seconds:.0f} s", markup=False)
        reports.sort(key=lambda report: slugs.index(report.slug))
        problems += [(report.slug, problem) for report in reports for problem in report.problems]
        # A line that is too long is better than one that is cut.
        Console(width=max(out.width, 110), highlight=False).print(_audit_table(reports))
        for slug, problem in problems:
            out.print(f"{slug}: {problem}", markup=False, soft_wrap=True)
        if problems:
            err.print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}")
            raise typer.Exit(1)
        out.print(f"{len(reports)} exercise{'s pass' if len(reports) > 1 else ' passes'} the audit")


@app.command()
def steady(
    exercises: ExercisesArgument = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds each exercise is judged with.")] = 50,
    jobs: Annotated[int, typer.Option(min=0, help="Parallel processes; 0 is one per core.")] = 0,
) -> None:
    """Show that verdicts do not depend on seed, process, order or threads; minutes to hours."""
    from keras_kata.audit import default_jobs
    from keras_kata.steadiness import check_steadiness

    with _errors_told():
        course = _course()
        table = Table(box=None, pad_edge=False)
        table.add_column("exercise", no_wrap=True)
        for column in ("answers", "judged", "unsteady"):
            table.add_column(column, justify="right")
        problems = []
        slugs = [entry.slug for entry in _chosen(course, exercises or [])]
        for seen in check_steadiness(course.root, slugs, seeds, jobs or default_jobs()):
            table.add_row(seen.slug, str(len(seen.verdicts)), str(seen.judged), str(len(seen.unsteady)))
            problems += [f"{seen.slug}: {problem}" for problem in seen.unsteady]
        out.print(table)
        for problem in problems:
            out.print(problem, markup=False, soft_wrap=True)
        if problems:
            raise typer.Exit(1)


def _audit_table(reports: list["ExerciseReport"]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("exercise")
    for column in ("points", "right", "mistakes", "mutants", "s"):
        table.add_column(column, justify="right")
    table.add_column("")
    for report in reports:
        table.add_row(
            report.slug,
            f"{report.points:g}",
            str(report.alternatives),
            f"{report.named}/{report.misconceptions}",
            f"{report.killed}{f'+{report.equivalent}' if report.equivalent else ''}/{report.mutants}",
            f"{report.seconds:.0f}",
            "[red]fails[/]" if report.problems else "[green]ok[/]",
        )
    return table


def _chosen(course: Course, names: list[str]) -> list[Exercise]:
    if not names:
        return list(course)
    chosen: dict[str, Exercise] = {}
    for name in names:
        module = [entry for entry in course if entry.module == name.strip("/")]
        for entry in module or [course[_as_slug(name)]]:
            chosen[entry.slug] = entry
    return list(chosen.values())


def _as_slug(name: str) -> str:
    """A slug from what people type: a slug, a name, or a path to the file."""
    return "/".join(Path(name.removesuffix(".py")).parts[-2:])


import keras_kata.cli_autograde  # noqa: E402 - autograde, regrade
import keras_kata.cli_class  # noqa: E402 - doctor
import keras_kata.cli_kit  # noqa: E402 - kit
import keras_kata.cli_loop  # noqa: E402 - status, hint, next, watch
import keras_kata.cli_notebooks  # noqa: E402 - notebooks
import keras_kata.cli_results  # noqa: E402, F401 - show, mistakes, export
