"""The pytest plugin: an exercise's file is collected as its probes, one test item each.

Collecting imports neither a submission nor a framework: the probes' names are read from the grader's source.
Judging starts when the first item of a file runs.
"""

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import pytest

from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.items import KataFile, ProbeItem, Stranger

__all__: list[str] = []

_NO_SEED = "The cases of a kit are recorded, so there are none of another seed. Leave --kata-seed out."
_COURSES = pytest.StashKey[dict[Path, Course | None]]()
_RESULTS = pytest.StashKey["list[pytest.TestReport]"]()
_ORDER = pytest.StashKey[dict[str, int]]()


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
    config.stash[_ORDER] = {}


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect an exercise's file as a KataFile, in place of what other plugins make of it."""
    collectors = yield
    course = _course_of(file_path, parent.config)
    place = _place(file_path)
    slug = course.slug_of(place) if course is not None else None
    if course is None or slug is None:
        return collectors
    if slug in course.exercises:
        if (course.root / "solutions") in place.parents and place.name != "reference.py":
            return []
        if parent.config.getoption("kata_seed") is not None and not course[slug].has_solution:
            raise pytest.Collector.CollectError(_NO_SEED)
        return [KataFile.from_parent(parent, path=file_path, course=course, exercise=course[slug])]
    if collectors or file_path.name == "conftest.py":  # a learner's own tests
        return collectors
    if place.parent.parent in course.own_folders:
        problem = f"No exercise is called {slug}.{course.suggestion(slug)}\nRename the file, or move it."
        return [Stranger.from_parent(parent, path=file_path, problem=problem)]
    return collectors


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Refuse a folder in the place of an exercise's file."""
    course = _course_of(path, parent.config) if path.suffix in (".py", ".ipynb") else None
    if course is None or course.slug_of(_place(path)) not in course.exercises:
        return None
    return Stranger.from_parent(parent, path=path, problem=f"{path.name} is a folder, and must be a file.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the exercises of each tree of files in the course's order."""
    probes = [item for item in items if isinstance(item, ProbeItem)]
    trees = list(dict.fromkeys(item.parent.tree for item in probes))
    ordered = iter(sorted(probes, key=lambda item: (trees.index(item.parent.tree), item.parent.place)))
    items[:] = [next(ordered) if isinstance(item, ProbeItem) else item for item in items]


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

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Keep the order in which the probes were collected: the workers' reports come in any order."""
        self.config.stash[_ORDER] = {node: place for place, node in enumerate(ids)}


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
        if course is None or _place(file) != course[properties["exercise"]].stub:
            continue
        progress = remembered.setdefault(course.root, Progress(course.root))
        result = (properties["outcome"], properties["points"], properties["max_points"])
        progress.record(properties["exercise"], file, {properties["probe"]: result})
    for progress in remembered.values():
        with contextlib.suppress(CourseError):  # a folder that can't be written to costs a memory, no verdict
            progress.save()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, None, None]:
    """Points and state of each exercise, and the first thing to look at next: the last that is written."""
    yield
    from keras_kata.summary import write_summary

    reports, order = config.stash[_RESULTS], config.stash[_ORDER]
    reports.sort(key=lambda report: order.get(report.nodeid, 0))
    if reports:
        write_summary(terminalreporter, [(_properties(report), report.nodeid) for report in reports])


def _properties(report: Any) -> dict[str, Any]:
    return dict(cast("list[tuple[str, Any]]", getattr(report, "user_properties", [])))


def _place(path: Path) -> Path:
    """The path, whatever links lead to its folder; a file may itself be a link."""
    return path.parent.resolve() / path.name


def _course_of(path: Path, config: pytest.Config) -> Course | None:
    """The course that a file is in or, where it is in none, that of the folder that pytest runs in."""
    courses = config.stash[_COURSES]
    starts = (path.parent, config.rootpath, config.invocation_params.dir)
    return next((course for start in starts if (course := _course_at(start.resolve(), courses))), None)


def _course_at(folder: Path, courses: dict[Path, Course | None]) -> Course | None:
    """The course of a folder or of the nearest one above it; each is read once."""
    if folder not in courses:
        if (folder / "course.toml").is_file():
            try:
                courses[folder] = Course(folder)
            except CourseError as error:
                raise pytest.Collector.CollectError(str(error)) from None
        else:
            courses[folder] = _course_at(folder.parent, courses) if folder.parent != folder else None
    return courses[folder]
