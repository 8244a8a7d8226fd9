"""Grading a class: which submissions need judging, who judges them, and what is kept. The coordinator.

It runs no submission and no reference itself. Each verdict is on the disk before the next submission is asked
for, so whatever ends this process, the same command goes on where it stopped.
"""

import os
import secrets
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Protocol

from keras_kata.course import Course
from keras_kata.errors import IntakeError, KataError
from keras_kata.failures import error_text
from keras_kata.grading import Answered, Plan, Unit, enforced, grade, prepare, use_server, warm_up
from keras_kata.intake import Submitted
from keras_kata.provenance import grader_digest
from keras_kata.results import NewRun, Store, Work
from keras_kata.sandbox import die_with_parent
from keras_kata.untrusted_file import Content
from keras_kata.verdicts import GraderError
from keras_kata.workers import Workers

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

__all__ = ["Crew", "LocalCrew", "Report", "autograde", "new_seed"]

_TRIES = 3  # of a unit whose process died
_AHEAD = 2  # units in the queue for each process, so that none waits for the coordinator
_BATCH = 200  # submissions whose content is looked at together


class Crew(Protocol):
    """Processes that carry out units of work: of this machine, or of many."""

    size: int

    def submit(self, function: Callable[..., object], *arguments: object) -> "Future[object]":
        """Have a function of `grading` carried out."""

    def renew(self) -> None:
        """Replace the processes after one of them died."""


class LocalCrew:
    """Processes of this machine, which share one server. A context manager; at the end of the block they are gone.

    Args:
        plan: the only one that they will work on.
        size: how many.
    """

    def __init__(self, plan: Plan, size: int) -> None:
        self.size = size
        self._plan = plan
        course = Course(plan.root)
        self._workers = Workers(course, plan.confinement, plan.exercises(course))
        self._connections: list[socket.socket] = []
        self._pool = self._new_pool()

    def __enter__(self) -> "LocalCrew":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for process in list(
                self._pool._processes.values()
            ):  # after Ctrl-C nobody waits for the last ones
                process.kill()
        self._end()
        self._workers.close()

    def submit(self, function: Callable[..., object], *arguments: object) -> "Future[object]":
        """Have a function carried out by whichever process is free."""
        return self._pool.submit(function, *arguments)

    def renew(self) -> None:
        """Start anew; what was under way is lost."""
        self._end()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        self._connections = [socket.socket(fileno=self._workers.attach()) for _ in range(self.size)]
        context = get_context("spawn")
        taken = context.Value("i", 0)
        arguments = (self._connections, taken)
        pool = ProcessPoolExecutor(self.size, context, initializer=_settle, initargs=arguments)
        for _ in range(self.size):
            pool.submit(warm_up, self._plan)
        return pool

    def _end(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for connection in self._connections:
            connection.close()


def _settle(connections: Sequence[socket.socket], taken: "Synchronized[int]") -> None:
    """In a new process: take one of the connections to the server, and go when the coordinator goes.

    However that ends; Ctrl-C is for the coordinator.
    """
    with taken.get_lock():
        number = taken.value
        taken.value += 1
    for place, connection in enumerate(connections):
        if place == number:
            use_server(connection.detach())
        else:
            connection.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    coordinator = parent_process()
    if coordinator is not None and not coordinator.is_alive():  # it ended before the line above
        os._exit(1)


@dataclass
class Report:
    """What became of every submission.

    Attributes:
        run: the number of the run.
        graded: how many were judged now.
        kept: how many had not changed since they were judged.
        grader_errors: those with a probe that could not be judged for a fault of the grader: student and exercise.
        not_graded: those that were not judged, each with the reason.
        remarks: what learners should know of notebooks that were read.
        solutions: the solution cells of those notebooks, by grade_id.
    """

    run: int
    graded: int = 0
    kept: int = 0
    grader_errors: list[tuple[str, str]] = field(default_factory=list)
    not_graded: list[tuple[Submitted, str]] = field(default_factory=list)
    remarks: list[tuple[Submitted, str]] = field(default_factory=list)
    solutions: dict[Submitted, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every submission has its verdicts, and all of these are about the submission."""
        return not self.not_graded and not self.grader_errors


@dataclass
class _Task:
    """A submission on its way."""

    submitted: Submitted
    content: Content
    work: Work
    tries: int = 0


def new_seed() -> int:
    """A secret seed for a class: nobody can try the cases beforehand."""
    return secrets.randbits(31)


def autograde(
    course: Course,
    submitted: Sequence[Submitted],
    plan: Plan,
    store: Store,
    crew: Crew,
    *,
    again: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Grade submissions and keep their verdicts.

    Args:
        submitted: what `find_submitted` found.
        plan: seed, limits and confinement.
        again: judge also what has not changed, and replace the verdicts.
        progress: told of every submission that is done, with 1.

    Raises:
        SandboxError: the system does not give what is demanded; nothing was graded.
        StoreError: a verdict can't be kept; all that were told of are.
        KataError: an exercise is broken as a whole.
    """
    holds = crew.submit(enforced, plan).result()
    options = {"exercises": len(plan.slugs), "limits": vars(plan.limits), "again": again}
    sandbox = {**holds.plain(), "limits": plan.confinement.plain()}  # type: ignore[attr-defined]
    run = store.begin_run(NewRun(plan.seed, dict(plan.versions), sandbox, options))
    return _Run(course, plan, store, crew, Report(run), again, progress).go(submitted)


class _Run:
    """The state of one call of `autograde`."""

    def __init__(
        self,
        course: Course,
        plan: Plan,
        store: Store,
        crew: Crew,
        report: Report,
        again: bool,
        progress: Callable[[int], None],
    ) -> None:
        self.course, self.plan, self.store, self.crew = course, plan, store, crew
        self.report, self.again, self.progress = report, again, progress
        settings = {"limits": str(plan.limits), "confinement": str(plan.confinement.plain())}
        self.graders = {slug: grader_digest(course, course[slug], settings) for slug in plan.slugs}
        self.running: dict[Future[object], _Task] = {}
        self.lost: deque[_Task] = deque()
        self.prepared: dict[str, Future[object]] = {}

    def go(self, submitted: Sequence[Submitted]) -> Report:
        """Grade exercise by exercise, so that few judges are in memory and cases are drawn once."""
        order = {slug: place for place, slug in enumerate(self.course.exercises)}
        in_order = sorted(submitted, key=lambda one: (order[one.exercise], one.student))
        slugs = [slug for slug, _ in groupby(in_order, key=lambda one: one.exercise)]
        for slug, following in zip(slugs, [*slugs[1:], None], strict=True):
            own = [one for one in in_order if one.exercise == slug]
            for task in self._tasks(own):
                self._start(task, slug, following)
            while self.running or self.lost:
                if self.lost and not self.running:
                    self._start(self.lost.popleft(), slug, following)
                else:
                    self._collect()
            self.prepared.pop(slug, None)
        return self.report

    def _tasks(self, submitted: Sequence[Submitted]) -> Iterator[_Task]:
        """Those that need judging, with their content; the others are counted."""
        for start in range(0, len(submitted), _BATCH):
            tasks = []
            for one in submitted[start : start + _BATCH]:
                try:
                    content = one.read()
                except IntakeError as error:
                    self._give_up(one, str(error))
                    continue
                work = Work(one.student, one.exercise, content.digest, self.graders[one.exercise])
                tasks.append(_Task(one, content, work))
            kept = set() if self.again else self.store.reuse(self.report.run, [task.work for task in tasks])
            self.report.kept += len(kept)
            self.progress(len(kept))
            yield from (task for task in tasks if task.work not in kept)

    def _start(self, task: _Task, slug: str, following: str | None) -> None:
        """Have a submission judged, as soon as there is room in the queue and its cases are known."""
        room = (
            1 if task.tries else self.crew.size * _AHEAD
        )  # alone, if it may have been what killed a process
        while len(self.running) >= room:
            self._collect()
        try:
            learned = self._learned(slug, following)
            content = task.content
            unit = Unit(slug, task.submitted.file, task.submitted.kind, content.data)
            self.running[self.crew.submit(grade, self.plan, unit, learned)] = task
        except BrokenExecutor:
            self._after_a_death([task])
        except KataError as error:
            self._give_up(task.submitted, str(error))

    def _learned(self, slug: str, following: str | None) -> object:
        for wanted in (slug, following):
            if wanted is not None and wanted not in self.prepared:
                self.prepared[wanted] = self.crew.submit(prepare, self.plan, wanted)
        return self.prepared[slug].result()

    def _collect(self) -> None:
        """Keep what is done; wait for one at least."""
        done, _ = wait(self.running, return_when=FIRST_COMPLETED)
        dead = []
        for future in done:
            task = self.running.pop(future)
            try:
                answered = future.result()
            except BrokenExecutor:
                dead.append(task)
            except KataError as error:
                self._give_up(task.submitted, str(error))
            except (
                Exception
            ) as error:  # a defect of ours with one submission must not end the class's grading
                self._give_up(task.submitted, f"judging it failed: {error_text(error)}")
            else:
                self._keep(task, answered)  # type: ignore[arg-type]
        if dead:
            self._after_a_death(dead)

    def _keep(self, task: _Task, answered: Answered) -> None:
        one = task.submitted
        written = task.content.written
        verdicts = answered.verdicts
        self.store.save(
            self.report.run, task.work, verdicts, file=one.path, written=written, again=self.again
        )
        self.report.graded += 1
        if any(isinstance(verdict.outcome, GraderError) for verdict in verdicts):
            self.report.grader_errors.append((one.student, one.exercise))
        self.report.remarks += [(one, remark) for remark in answered.remarks]
        if answered.solutions:
            self.report.solutions[one] = answered.solutions
        self.progress(1)

    def _after_a_death(self, dead: Sequence[_Task]) -> None:
        """One process of ours was killed, and with it went the others' work: do that again."""
        dead = [*dead, *self.running.values()]
        self.running.clear()
        self.prepared.clear()
        self.crew.renew()
        for task in dead:
            task.tries += 1
            if task.tries < _TRIES:
                self.lost.append(task)
            else:
                self._give_up(task.submitted, "the process that judged it was killed, each time it was tried")

    def _give_up(self, submitted: Submitted, reason: str) -> None:
        self.report.not_graded.append((submitted, reason))
        self.progress(1)
