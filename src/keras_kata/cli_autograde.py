"""The commands that grade a class: `kata autograde` and `kata regrade`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keras_kata.cli import ExercisesArgument, _chosen, _course, _errors_told, app, err, out

if TYPE_CHECKING:
    from rich.progress import Progress

    from keras_kata.autograde import Crew, Report
    from keras_kata.course import Course
    from keras_kata.grading import Plan
    from keras_kata.intake import Intake
    from keras_kata.results import Store

__all__: list[str] = []

_INTERRUPTED = 130  # as shells say of a command that Ctrl-C ended

SubmittedArgument = Annotated[Path, typer.Argument(help="The folder that has one folder for each student.")]
JobsOption = Annotated[int, typer.Option(min=0, help="Parallel processes; 0 is one per core.")]
ResultsOption = Annotated[
    str, typer.Option("--results", help="A file, or the URL of a database: postgresql://USER@HOST/NAME.")
]
TimeoutOption = Annotated[
    float,
    typer.Option(min=0, help="Seconds that one probe may take at most; 0: many times the reference's time."),
]
MemoryOption = Annotated[float, typer.Option(min=0.125, help="GiB of memory for each submission.")]
AllowOption = Annotated[
    list[str] | None,
    typer.Option(help="Grade although this part of the sandbox is missing; see kata doctor."),
]
DaskOption = Annotated[
    str, typer.Option(help="Grade on the Dask cluster at this address, such as tcp://scheduler:8786.")
]
GradebookOption = Annotated[
    str,
    typer.Option(help="Write the points of notebooks into nbgrader's gradebook: sqlite:///gradebook.db."),
]


@app.command()
def autograde(
    submitted: SubmittedArgument,
    exercises: ExercisesArgument = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    jobs: JobsOption = 0,
    seed: Annotated[
        int | None,
        typer.Option(help="Draws everyone's cases. By default that of the last run, or a secret one."),
    ] = None,
    timeout: TimeoutOption = 0,
    memory: MemoryOption = 2,
    results: ResultsOption = "",
    allow: AllowOption = None,
    dask: DaskOption = "",
    gradebook: GradebookOption = "",
) -> None:
    """Grade a class's submissions in a sandbox; whatever has not changed keeps its verdicts."""
    options = _Options(jobs, timeout, memory, results, tuple(allow or ()), dask, gradebook)
    _grade_class(submitted, exercises or [], student or [], options, lambda results: _seed(results, seed))


@app.command()
def regrade(
    submitted: SubmittedArgument,
    exercises: ExercisesArgument = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    run: Annotated[int | None, typer.Option(help="Whose seed to take; the last run by default.")] = None,
    jobs: JobsOption = 0,
    timeout: TimeoutOption = 0,
    memory: MemoryOption = 2,
    results: ResultsOption = "",
    allow: AllowOption = None,
    dask: DaskOption = "",
    gradebook: GradebookOption = "",
) -> None:
    """Judge again, changed or not, with the cases of an earlier run: the same code gets the same verdicts."""
    options = _Options(jobs, timeout, memory, results, tuple(allow or ()), dask, gradebook, again=True)
    _grade_class(submitted, exercises or [], student or [], options, lambda results: results.run(run).seed)


@dataclass(frozen=True)
class _Options:
    """How to grade, whatever is graded."""

    jobs: int
    timeout: float
    memory: float
    results: str
    allow: tuple[str, ...]
    dask: str
    gradebook: str
    again: bool = False


def _seed(results: "Store", asked: int | None) -> int:
    """The seed that was asked for, else that of the last run: unchanged work is then not judged again."""
    from keras_kata.autograde import new_seed

    if asked is not None:
        return asked
    runs = results.runs()
    return runs[-1].seed if runs else new_seed()


def _grade_class(
    submitted: Path,
    exercises: list[str],
    students: list[str],
    options: _Options,
    seed_of: "Callable[[Store], int]",
) -> None:
    from keras_kata.class_gradebook import fill_gradebook
    from keras_kata.intake import find_submitted
    from keras_kata.results import DEFAULT_NAME, open_store

    with _errors_told():
        course = _course()
        slugs = [entry.slug for entry in _chosen(course, exercises)]
        intake = find_submitted(submitted, course, students=students, exercises=slugs)
        place = options.results or course.root / DEFAULT_NAME
        with open_store(place, create=not options.again) as results:
            seed = seed_of(results)
            plan = _plan(course, intake, seed, options)
            report = _graded(course, intake, plan, results, options) if intake.submitted else None
            if options.gradebook and report is not None:
                fill_gradebook(options.gradebook, results, intake.submitted, report.solutions, Path.cwd())
    _tell(intake, report, seed)


def _plan(course: "Course", intake: "Intake", seed: int, options: _Options) -> "Plan":
    from keras_kata.confinement import Confinement
    from keras_kata.grading import Plan
    from keras_kata.trial import Limits

    met = {one.exercise for one in intake.submitted}
    return Plan(
        course.root,
        tuple(slug for slug in course.exercises if slug in met),
        seed,
        Limits(most=options.timeout) if options.timeout else Limits(),
        Confinement(memory=int(options.memory * (1 << 30)), allow=frozenset(options.allow)),
    )


def _graded(
    course: "Course", intake: "Intake", plan: "Plan", results: "Store", options: _Options
) -> "Report":
    from keras_kata.autograde import autograde as grade

    try:
        with _crew(options, plan) as crew, _bar() as bar:
            task = bar.add_task("grading", total=len(intake.submitted))
            again = options.again
            advance = partial(bar.advance, task)
            return grade(course, intake.submitted, plan, results, crew, again=again, progress=advance)
    except KeyboardInterrupt:
        text = "Stopped. Every verdict so far is kept; the same command goes on from there."
        err.print(text, markup=False, soft_wrap=True)
        raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _crew(options: _Options, plan: "Plan") -> Iterator["Crew"]:
    from keras_kata.audit import default_jobs
    from keras_kata.autograde import LocalCrew

    if options.dask:
        from keras_kata.cluster import DaskCrew

        with DaskCrew(options.dask) as far:
            yield far
    else:
        with LocalCrew(plan, options.jobs or default_jobs()) as crew:
            yield crew


def _bar() -> "Progress":
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed * 60:.0f} a minute," if speed else "")

    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=err,
        disable=not sys.stderr.isatty(),
    )


def _tell(intake: "Intake", report: "Report | None", seed: int) -> None:
    """The summary; ends with status 1 where something was not graded."""
    if not intake.submitted:
        err.print("kata: nothing was submitted for these exercises", markup=False)
    if report is not None:
        out.print(f"run {report.run}, seed {seed}", markup=False)
        out.print(f"{report.graded:6}  graded", markup=False)
        out.print(f"{report.kept:6}  not changed since they were graded", markup=False)
    left = [str(problem) for problem in intake.problems]
    if report is not None:
        left += [f"{one.student}/{one.exercise}: {reason}" for one, reason in report.not_graded]
        left += [f"{student}/{slug}: grader error; see kata show" for student, slug in report.grader_errors]
        for one, remark in report.remarks:
            out.print(f"note  {one.student}/{one.exercise}: {remark}", markup=False, soft_wrap=True)
    out.print(f"{len(left):6}  not graded, or not for sure", markup=False)
    for line in left:
        err.print(line, markup=False, soft_wrap=True)
    if left or not intake.submitted:
        raise typer.Exit(1)
