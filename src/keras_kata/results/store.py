"""The store of results: runs, and for every submission what its probes said, each saved whole and once."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from keras_kata.display import harmless
from keras_kata.errors import StoreError
from keras_kata.results import queries, tables
from keras_kata.results.database import Database
from keras_kata.results.outcomes import encode, texts
from keras_kata.results.queries import MistakeCount
from keras_kata.results.records import NewRun, Result, RunRecord, Work
from keras_kata.verdicts import GraderError, Verdict, outcome_name

__all__ = ["DEFAULT_NAME", "Store", "open_store"]

DEFAULT_NAME = "grades.sqlite"
"""The database's file in the course's folder, where no other is asked for."""

_CHUNK = 400  # works in one query


def open_store(location: str | Path, *, create: bool = True, patience: float = 30.0) -> "Store":
    """Open a database of results; close it with `with`.

    Args:
        location: a path, `sqlite:///FILE`, or `postgresql://USER@HOST/DATABASE`.
        create: make a new database where there is none. One of an older engine is always brought up to date.
        patience: for how many seconds a locked database is waited for.

    Raises:
        StoreError: it can't be opened; the message says why, and what to do.
    """
    return Store(Database(location, create=create, patience=patience))


class Store:
    """An open database of results. Every method is one transaction, and raises StoreError where it fails.

    It may be used by several threads, and by several processes that each opened it, but must not be carried
    over a fork.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def name(self) -> str:
        """The file, or the URL without its password."""
        return self._database.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def begin_run(self, run: NewRun) -> int:
        """Keep what is known of a new run; gives its number."""
        row = tables.Run(
            seed=str(run.seed),
            started=run.started,
            versions=dict(run.versions),
            sandbox=dict(run.sandbox),
            options=dict(run.options),
        )

        def insert(session: Session) -> int:
            fresh = session.merge(row)  # a copy, as a transaction may be tried again
            session.flush()
            return fresh.id

        return self._database.write(insert)

    def runs(self) -> list[RunRecord]:
        """All runs, the first one first."""
        return self._database.read(queries.runs)

    def run(self, number: int | None = None) -> RunRecord:
        """One run, the last by default.

        Raises:
            StoreError: there is none of this number, or none at all.
        """
        runs = {run.id: run for run in self.runs()}
        if not runs:
            raise StoreError(f"{self.name} has no run yet; `kata autograde` makes one")
        if number is not None and number not in runs:
            raise StoreError(f"{self.name} has no run {number}; the last one is {max(runs)}")
        return runs[max(runs) if number is None else number]

    def graded(self, seed: int, works: Iterable[Work]) -> set[Work]:
        """Those of the works that need not be judged again with this seed. One with a grader error does."""
        found: set[Work] = set()
        for chunk in _chunks(works):
            found |= self._database.read(partial(queries.gradings, seed=str(seed), works=chunk)).keys()
        return found

    def is_graded(self, seed: int, work: Work) -> bool:
        """Whether one work need not be judged again with this seed."""
        return work in self.graded(seed, [work])

    def reuse(self, run: int, works: Iterable[Work]) -> set[Work]:
        """Let what is known of works that have not changed hold for this run too.

        Returns:
            Those of the works of which enough is known; the others are to be judged.
        """
        seed = str(self.run(run).seed)
        found: set[Work] = set()

        def keep(session: Session, chunk: Sequence[Work]) -> set[Work]:
            known = queries.gradings(session, seed, chunk)
            queries.enter(session, run, known)
            return set(known)

        for chunk in _chunks(works):
            found |= self._database.write(partial(keep, chunk=chunk))
        return found

    def save(
        self,
        run: int,
        work: Work,
        verdicts: Sequence[Verdict],
        *,
        file: str | Path,
        written: datetime | None = None,
        again: bool = False,
    ) -> bool:
        """Keep a work's verdicts, all or none. When this returns they are on the disk; a second call adds nothing.

        Args:
            verdicts: of all probes, in the grader's order.
            file: where the submission was.
            written: when the file was last changed.
            again: replace what an earlier judging with the same grader and seed came to. Without it, only
                one with a grader error is replaced; one without is never replaced by one with.

        Returns:
            Whether these verdicts were written; False where there were sound ones already, which now hold
            for this run too.

        Raises:
            ValueError: there is no verdict, or one is of another exercise, or a probe has two.
        """
        probes = [verdict.probe for verdict in verdicts]
        if not probes or len(set(probes)) < len(probes) or {v.exercise for v in verdicts} != {work.exercise}:
            raise ValueError(f"not the verdicts of {work.exercise}, one per probe: {probes}")
        sound = not any(isinstance(verdict.outcome, GraderError) for verdict in verdicts)
        rows = [_row(position, verdict) for position, verdict in enumerate(verdicts)]
        place = harmless(str(file))  # the path to the submissions' folder may have any bytes in it

        def keep(session: Session) -> bool:
            seed = session.scalar(select(tables.Run.seed).where(tables.Run.id == run))
            if seed is None:
                raise StoreError(f"{self.name} has no run {run}")
            submission = queries.submission(session, work, place, written)
            grading = queries.grading(session, submission, work.grader, seed)
            is_new = grading is None
            if grading is None:
                grading = tables.Grading(submission_id=submission, grader=work.grader, seed=seed)
            elif grading.sound and not (again and sound):
                queries.enter(session, run, {work: grading.id})
                return False
            grading.run_id, grading.graded, grading.sound = run, datetime.now(UTC), sound
            session.add(grading)
            session.flush()
            if not is_new:
                session.execute(delete(tables.Verdict).where(tables.Verdict.grading_id == grading.id))
            session.execute(insert(tables.Verdict), [{"grading_id": grading.id, **row} for row in rows])
            queries.enter(session, run, {work: grading.id})
            return True

        return self._database.write(keep)

    def results(
        self,
        *,
        run: int | None = None,
        students: Iterable[str] = (),
        exercises: Iterable[str] = (),
    ) -> Iterator[Result]:
        """What holds for every file, in the order of students and exercises; read student by student.

        Args:
            run: as of this run; by default, for each file, as of the last run that it was part of.
            students: only these; all by default.
            exercises: only these slugs; all by default.
        """
        wanted = set(exercises)
        for student in sorted(set(students) or self.students(run=run)):
            found = self._database.read(partial(queries.results, student=student, run=run))
            yield from (result for result in found if not wanted or result.exercise in wanted)

    def students(self, *, run: int | None = None) -> list[str]:
        """The students with results, sorted."""
        at = [] if run is None else [tables.Entry.run_id == run]
        query = select(tables.Entry.student).where(*at).distinct()
        return sorted(self._database.read(lambda session: session.scalars(query).all()))

    def history(self, student: str, exercise: str) -> list[Result]:
        """What held for one file, run by run, the first one first."""
        return self._database.read(lambda session: queries.history(session, student, exercise))

    def mistakes(self, *, run: int | None = None, exercises: Iterable[str] = ()) -> list[MistakeCount]:
        """How many students show each known mistake; the most frequent of an exercise first."""
        wanted = tuple(exercises)
        return self._database.read(lambda session: queries.mistakes(session, run, wanted))

    def count(self) -> int:
        """How many verdicts are kept."""
        counted: ColumnElement[int] = func.count()
        return self._database.read(
            lambda session: session.scalars(select(counted).select_from(tables.Verdict)).one()
        )


def _chunks(works: Iterable[Work]) -> Iterator[list[Work]]:
    left = iter(works)
    while chunk := list(itertools.islice(left, _CHUNK)):
        yield chunk


def _row(position: int, verdict: Verdict) -> dict[str, object]:
    return {
        "position": position,
        "probe": verdict.probe,
        "outcome": outcome_name(verdict.outcome),
        "points": verdict.earned,
        "max_points": verdict.points,
        "seconds": verdict.seconds,
        "outcome_data": encode(verdict.outcome),
        **texts(verdict.outcome),
    }
