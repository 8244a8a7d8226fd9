"""The tables that results are kept in.

A *run* is one call of the grader. A *submission* is one content of one student's file. A *grading* is what
judging a submission with one grader and one seed came to, and has one *verdict* per probe: this is what is
never doubled. An *entry* says which grading holds for a student's file in a run: where nothing has changed,
several runs have entries for the same grading.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = ["SCHEMA_VERSION", "Base", "Entry", "Grading", "Run", "Schema", "Submission", "Verdict"]

SCHEMA_VERSION = 1
"""What this engine writes; a change of the tables raises it, and `database.UPGRADES` says how."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as the base class has it
        """To the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as the base class has it
        """From the database."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Plain(TypeDecorator[dict[str, Any]]):
    """A dict of plain data as JSON text, in the order that it was given in."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:  # noqa: ARG002 - as the base class has it
        """To the database; what JSON has no type for becomes text."""
        return None if value is None else json.loads(json.dumps(value, default=str), parse_constant=str)


class Base(DeclarativeBase):
    """The tables; their names are prefixed, as a PostgreSQL database may hold others."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {str: Text, bytes: LargeBinary, datetime: Moment, dict[str, Any]: Plain}  # noqa: RUF012


class Schema(Base):
    """One row: the version of the tables."""

    __tablename__ = "kata_schema"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Run(Base):
    """One call of the grader."""

    __tablename__ = "kata_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[str]  # as text: a secret seed may have any number of digits
    started: Mapped[datetime]
    versions: Mapped[dict[str, Any]]
    sandbox: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]


class Submission(Base):
    """One content of one student's file for one exercise."""

    __tablename__ = "kata_submissions"
    __table_args__ = (UniqueConstraint("student", "exercise", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student: Mapped[str]
    exercise: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    file: Mapped[str]
    written: Mapped[datetime | None]


class Grading(Base):
    """What judging a submission came to, with one grader and one seed."""

    __tablename__ = "kata_gradings"
    __table_args__ = (UniqueConstraint("submission_id", "grader", "seed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    grader: Mapped[str]
    seed: Mapped[str]
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id))
    graded: Mapped[datetime]
    sound: Mapped[bool]  # without a grader error; one that has some is judged again


class Verdict(Base):
    """What one probe said. Texts are for reading; `outcome_data` is the outcome itself, in `wire`'s bytes."""

    __tablename__ = "kata_verdicts"

    grading_id: Mapped[int] = mapped_column(ForeignKey(Grading.id, ondelete="CASCADE"), primary_key=True)
    probe: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    outcome: Mapped[str]
    points: Mapped[float]
    max_points: Mapped[float]
    seconds: Mapped[float]
    case: Mapped[str | None]
    received: Mapped[str | None]
    expected: Mapped[str | None]
    difference: Mapped[str | None]
    mistake: Mapped[str | None] = mapped_column(index=True)
    mistake_text: Mapped[str | None]
    error: Mapped[str | None]
    outcome_data: Mapped[bytes]


class Entry(Base):
    """The grading that holds for a student's file in a run."""

    __tablename__ = "kata_entries"
    __table_args__ = (Index("ix_kata_entries_file", "student", "exercise", "run_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), primary_key=True)
    student: Mapped[str] = mapped_column(primary_key=True)
    exercise: Mapped[str] = mapped_column(primary_key=True)
    grading_id: Mapped[int] = mapped_column(ForeignKey(Grading.id), index=True)
