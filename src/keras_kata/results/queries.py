"""The queries of the store; each runs in a transaction that its caller has begun."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, select, update
from sqlalchemy.orm import Session

from keras_kata.results.records import Result, RunRecord, SavedVerdict, Work
from keras_kata.results.tables import Entry, Grading, Run, Submission, Verdict

__all__ = [
    "MistakeCount",
    "enter",
    "grading",
    "gradings",
    "history",
    "mistakes",
    "results",
    "runs",
    "submission",
]

_NO_MISTAKE = ("passed", "not attempted", "grader error")


@dataclass(frozen=True)
class MistakeCount:
    """How many students go wrong in one way.

    Attributes:
        mistake: the known mistake's name; None for wrong answers that no known mistake explains.
        outcome: how those went wrong, such as `raised`.
        text: what a learner reads about the mistake.
        students: how many show it.
        judged: how many have an answer to the exercise.
        example: one of the students.
    """

    exercise: str
    probe: str
    mistake: str | None
    outcome: str
    text: str
    students: int
    judged: int
    example: str


def runs(session: Session) -> list[RunRecord]:
    """All runs in order."""
    return [_run_record(row) for row in session.scalars(select(Run).order_by(Run.id))]


def _run_record(row: Run) -> RunRecord:
    return RunRecord(int(row.seed), row.versions, row.sandbox, row.options, row.started, row.id)


def submission(session: Session, work: Work, file: str, written: datetime | None) -> int:
    """The number of a work's submission, which is added where it is new."""
    known = session.scalar(
        select(Submission).where(
            Submission.student == work.student,
            Submission.exercise == work.exercise,
            Submission.digest == work.digest,
        )
    )
    if known is None:
        known = Submission(student=work.student, exercise=work.exercise, digest=work.digest)
        session.add(known)
    known.file, known.written = file, written
    session.flush()
    return known.id


def grading(session: Session, submission_id: int, grader: str, seed: str) -> Grading | None:
    """The grading of a submission by one grader with one seed, locked until the transaction ends."""
    query = select(Grading).where(
        Grading.submission_id == submission_id, Grading.grader == grader, Grading.seed == seed
    )
    return session.scalar(query.with_for_update())


def gradings(session: Session, seed: str, works: Sequence[Work]) -> dict[Work, int]:
    """The sound gradings of works, by number; works that have none are left out."""
    query = (
        select(Submission.student, Submission.exercise, Submission.digest, Grading.grader, Grading.id)
        .join(Grading, Grading.submission_id == Submission.id)
        .where(
            Grading.seed == seed,
            Grading.sound,
            Submission.digest.in_({work.digest for work in works}),
            Submission.student.in_({work.student for work in works}),
        )
    )
    found = {Work(*key): number for *key, number in session.execute(query)}
    return {work: found[work] for work in works if work in found}


def enter(session: Session, run: int, held: Mapping[Work, int]) -> None:
    """Let gradings, by number, hold for works in a run."""
    students = {work.student for work in held}
    query = select(Entry.student, Entry.exercise, Entry.grading_id).where(
        Entry.run_id == run, Entry.student.in_(students)
    )
    known = {(student, exercise): number for student, exercise, number in session.execute(query)}
    fresh = {}
    for work, number in held.items():
        key = {"run_id": run, "student": work.student, "exercise": work.exercise}
        if (work.student, work.exercise) not in known:
            fresh[work.student, work.exercise] = {**key, "grading_id": number}
        elif known[work.student, work.exercise] != number:
            session.execute(update(Entry).filter_by(**key).values(grading_id=number))
    if fresh:
        session.execute(insert(Entry), list(fresh.values()))


def results(session: Session, student: str, run: int | None) -> list[Result]:
    """What holds for a student's files, in the order of exercises."""
    return _results(session, _holding(run), Entry.student == student)


def history(session: Session, student: str, exercise: str) -> list[Result]:
    """What held for one file in every run."""
    return _results(session, [], Entry.student == student, Entry.exercise == exercise)


def mistakes(session: Session, run: int | None, exercises: Iterable[str]) -> list[MistakeCount]:
    """How many students go wrong in each way."""
    wanted = [Entry.exercise.in_(set(exercises))] if exercises else []
    judged_query = select(Entry.exercise, func.count(Entry.student.distinct())).where(*_holding(run), *wanted)
    judged = {row[0]: row[1] for row in session.execute(judged_query.group_by(Entry.exercise))}
    students: ColumnElement[int] = func.count(Entry.student.distinct())
    query = (
        select(
            Entry.exercise,
            Verdict.probe,
            Verdict.mistake,
            func.min(Verdict.outcome),
            func.max(Verdict.mistake_text),
            students,
            func.min(Entry.student),
        )
        .join(Verdict, Verdict.grading_id == Entry.grading_id)
        .where(Verdict.outcome.not_in(_NO_MISTAKE), *_holding(run), *wanted)
        # Wrong answers that no known mistake explains are told apart by how they went wrong.
        .group_by(Entry.exercise, Verdict.probe, Verdict.mistake, _unless_named(Verdict.outcome))
        .order_by(Entry.exercise, students.desc(), Verdict.probe, func.min(Verdict.outcome))
    )
    return [
        MistakeCount(exercise, probe, mistake, outcome, text or "", count, judged[exercise], example)
        for exercise, probe, mistake, outcome, text, count, example in session.execute(query)
    ]


def _unless_named(outcome: Any) -> ColumnElement[str]:
    return case((Verdict.mistake.is_(None), outcome), else_="")


def _holding(run: int | None) -> list[ColumnElement[bool]]:
    """Which entries count: those of a run, or of each file the last one."""
    if run is not None:
        return [Entry.run_id == run]
    other = Entry.__table__.alias("other")
    same = (other.c.student == Entry.student) & (other.c.exercise == Entry.exercise)
    return [Entry.run_id == select(func.max(other.c.run_id)).where(same).scalar_subquery()]


def _results(
    session: Session, holding: list[ColumnElement[bool]], *which: ColumnElement[bool]
) -> list[Result]:
    query = (
        select(Entry, Grading, Submission)
        .join(Grading, Grading.id == Entry.grading_id)
        .join(Submission, Submission.id == Grading.submission_id)
        .where(*holding, *which)
        .order_by(Entry.exercise, Entry.run_id)
    )
    rows = session.execute(query).all()
    verdicts = _verdicts(session, {grading.id for _, grading, _ in rows})
    return [
        Result(
            run=entry.run_id,
            judged_in=grading.run_id,
            student=entry.student,
            exercise=entry.exercise,
            digest=submission.digest,
            grader=grading.grader,
            seed=int(grading.seed),
            file=submission.file,
            written=submission.written,
            graded=grading.graded,
            verdicts=verdicts[grading.id],
        )
        for entry, grading, submission in rows
    ]


def _verdicts(session: Session, numbers: set[int]) -> dict[int, tuple[SavedVerdict, ...]]:
    """The verdicts of gradings, in the graders' order."""
    query = select(Verdict).where(Verdict.grading_id.in_(numbers)).order_by(Verdict.position)
    found: dict[int, list[SavedVerdict]] = {number: [] for number in numbers}
    for row in session.scalars(query):
        found[row.grading_id].append(
            SavedVerdict(
                row.probe,
                row.outcome,
                row.points,
                row.max_points,
                row.seconds,
                row.case,
                row.received,
                row.expected,
                row.difference,
                row.mistake,
                row.mistake_text,
                row.error,
                row.outcome_data,
            )
        )
    return {number: tuple(verdicts) for number, verdicts in found.items()}
