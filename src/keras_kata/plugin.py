"""The pytest plugin: an exercise's file is collected as its probes, one test item each.

Collecting imports neither a submission nor a framework: the probes' names are read from the grader's source. Judging starts when the first item of a file runs.
"""

import contextlib
import os
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from keras_kata.course import Course, Exercise
from keras_kata.errors import CourseError, KataError
from keras_kata.outline import ProbeOutline, outline

__all__: list[str] = []

_COURSES = pytest.StashKey[dict[Path, Course | None]]()
_RESULTS = pytest.StashKey["list[pytest.TestReport]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--kata-seed`."""
    group = parser.getgroup("keras-kata")
    group.addoption(
        "--kata-seed",
        type=int,
        default=None,
        metavar="N",
        help="draw the cases from seed N instead of the fixed public one",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the hooks share."""
    config.stash[_COURSES] = {}
    config.stash[_RESULTS] = []


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect an exercise's file as a KataFile, in place of what other plugins make of it."""
    collectors = yield
    course = _course_of(file_path, parent.config)
    slug = course.slug_of(file_path) if course is not None else None
    if course is None or slug is None:
        return collectors
    if slug in course.exercises:
        if (course.root / "solutions") in file_path.parents and file_path.name != "reference.py":
            return []
        return [KataFile.from_parent(parent, path=file_path, course=course, exercise=course[slug])]
    if file_path.parent.parent in course.own_folders:
        return [UnknownExercise.from_parent(parent, path=file_path, problem=_unknown(course, slug))]
    return collectors


class UnknownExercise(pytest.File):
    """A file in an exercise's place whose name no exercise has."""

    def __init__(self, problem: str, **options: Any) -> None:
        super().__init__(**options)
        self.problem = problem

    def collect(self) -> Iterable[pytest.Item]:
        """Say so."""
        raise self.CollectError(self.problem)


class KataFile(pytest.File):
    """An implementation of one exercise."""

    def __init__(self, course: Course, exercise: Exercise, **options: Any) -> None:
        super().__init__(**options)
        self.course = course
        self.exercise = exercise
        self.told = False  # whether the file's problem was shown in full already
        self._judging: tuple[Any, Any] | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """One item for each probe."""
        try:
            probes = outline(self.exercise)
        except KataError as error:
            raise self.CollectError(str(error)) from None
        return [ProbeItem.from_parent(self, name=probe.name, outline=probe) for probe in probes]

    def judging(self) -> tuple[Any, Any]:
        """The judge, and the loaded submission; made once for the file."""
        if self._judging is None:
            from keras_kata.judge import PUBLIC_SEED, Judge

            seed = self.config.getoption("kata_seed")
            echo = self.config.getoption("capture") == "no"
            judge = Judge(self.course, self.exercise, PUBLIC_SEED if seed is None else seed, echo=echo)
            self._judging = judge, judge.load(self.path)
        return self._judging


class ProbeItem(pytest.Item):
    """One probe of one exercise's file."""

    parent: KataFile

    def __init__(self, outline: ProbeOutline, **options: Any) -> None:
        super().__init__(**options)
        self.outline = outline

    def runtest(self) -> None:
        """Judge; raise with the message where the probe did not pass."""
        from keras_kata.messages import explain
        from keras_kata.verdicts import GraderError, Passed, Verdict, outcome_name

        try:
            judge, submission = self.parent.judging()
            verdict = judge.judge(submission, self.name)
        except KataError as error:
            broken, submission = GraderError(str(error)), None
            verdict = Verdict(self.parent.exercise.slug, self.name, self.outline.points, broken)
        outcome = verdict.outcome
        mistake = getattr(outcome, "mistake", None)
        self.user_properties += [
            ("exercise", verdict.exercise),
            ("probe", verdict.probe),
            ("outcome", outcome_name(outcome)),
            ("points", verdict.earned),
            ("max_points", verdict.points),
            *([("mistake", mistake.name)] if mistake else []),
        ]
        if isinstance(outcome, Passed):
            return
        if submission is not None and submission.problem is outcome and self.parent.told:
            raise ProbeNotPassed(f"{self.outline.name}: as above, the file as a whole can't be judged.")
        self.parent.told = True
        raise ProbeNotPassed(explain(outcome, self.outline, self._command(), verdict.exercise))

    def _command(self) -> str:
        """What runs this probe again, from where pytest was called."""
        try:
            path = os.path.relpath(self.path, self.config.invocation_params.dir)
        except ValueError:  # another drive, on Windows
            path = str(self.path)
        return f"pytest {path}::{self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message alone: no frame of the engine."""
        if isinstance(excinfo.value, ProbeNotPassed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where an editor's test explorer points to."""
        return self.path, 0, f"{self.parent.exercise.slug}::{self.name}"


class ProbeNotPassed(Exception):
    """Carries a message to `repr_failure`."""


def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport,
) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    """Give exercises not attempted, and grader errors, their own letter, word and colour."""
    if report.when != "call" or not report.failed:
        return None
    outcome = _properties(report).get("outcome")
    if outcome == "not attempted":
        return "not attempted", "n", ("NOT ATTEMPTED", {"yellow": True})
    if outcome == "grader error":
        return "error", "G", ("GRADER ERROR", {"red": True, "bold": True})
    return None



class Results:
    """Collects the reports of probes, of this process or of xdist's workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a probe's report."""
        if report.when == "call" and "exercise" in _properties(report):
            self.config.stash[_RESULTS].append(report)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep results where the summary is written: not in xdist's workers."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Results(session.config), "keras-kata-results")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember what was judged in the learner's own folder, for `kata status`."""
    from keras_kata.progress import Progress

    remembered: dict[Path, Progress] = {}
    for report in session.config.stash[_RESULTS]:
        file = session.config.rootpath / report.nodeid.split("::")[0]
        course = _course_of(file, session.config)
        properties = _properties(report)
        if course is None or file.resolve() != course[properties["exercise"]].stub:
            continue
        progress = remembered.setdefault(course.root, Progress(course.root))
        result = (properties["outcome"], properties["points"], properties["max_points"])
        progress.record(properties["exercise"], file, {properties["probe"]: result})
    for progress in remembered.values():
        with contextlib.suppress(CourseError):  # a folder that can't be written to costs a memory, no verdict
            progress.save()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Points and state of each exercise, and the first thing to look at next."""
    from keras_kata.summary import write_summary

    reports = [(_properties(report), report.nodeid) for report in config.stash[_RESULTS]]
    if reports:
        write_summary(terminalreporter, reports)


def _properties(report: Any) -> dict[str, Any]:
    return dict(cast("list[tuple[str, Any]]", getattr(report, "user_properties", [])))


def _course_of(path: Path, config: pytest.Config) -> Course | None:
    """The course of the folder that pytest runs in or, failing that, of the file's own."""
    courses = config.stash[_COURSES]
    for start in (config.rootpath, config.invocation_params.dir, path.parent):
        if start not in courses:
            try:
                courses[start] = Course.find(start)
            except CourseError as error:
                courses[start] = None
                if "no course here" not in str(error):
                    raise pytest.UsageError(str(error)) from None
        if courses[start] is not None:
            return courses[start]
    return None


def _unknown(course: Course, slug: str) -> str:
    return f"no exercise is called {slug}.{course.suggestion(slug)}"
