"""A database of results: opening it, keeping its tables up to date, and transactions that are tried again.

SQLite writes ahead (WAL), so that readers and one writer do not wait for each other, and syncs at every commit
(FULL): what was reported as saved survives a power cut, for some milliseconds a submission.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from keras_kata.errors import StoreError
from keras_kata.results.tables import SCHEMA_VERSION, Base, Schema
from keras_kata.results.trouble import trouble_of

__all__ = ["UPGRADES", "Database", "url_of"]

Found = TypeVar("Found")

UPGRADES: Mapping[int, Callable[[Connection], None]] = {}
"""For each version of the tables that is no longer written, what makes the next one of it."""

_FIRST_WAIT, _LONGEST_WAIT = 0.02, 1.0
_SCHEMA_LOCK = 5_071_263  # any number: PostgreSQL's name for the lock under which tables are made


def url_of(location: str | Path) -> URL:
    """A database's URL from what people type: a path, or `sqlite:///...`, or `postgresql://...`.

    Raises:
        StoreError: it is neither.
    """
    written = str(location)
    if isinstance(location, Path) or "://" not in written:
        return URL.create("sqlite", database=written)
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the database's URL can't be read: write sqlite:///FILE or postgresql://..."
        ) from None
    name = url.get_backend_name()
    if name not in ("sqlite", "postgresql", "postgres"):
        raise StoreError(f"results go to SQLite or PostgreSQL, not to {name}")
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError("results need a file to be kept in: sqlite:///grades.sqlite")
    return url if name == "sqlite" else url.set(drivername="postgresql+psycopg")


class Database:
    """An open database whose tables are those of this engine.

    Args:
        patience: for how many seconds a transaction is tried again while the database is locked.
        create: make a new database where there is none.

    Raises:
        StoreError: it can't be opened, is damaged, belongs to something else or to a newer engine.
    """

    def __init__(self, location: str | Path, *, patience: float = 30.0, create: bool = True) -> None:
        self.url = url_of(location)
        self.patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.name = (
            self.url.database or "" if self.is_sqlite else self.url.render_as_string(hide_password=True)
        )
        if self.is_sqlite:
            self._check_file(Path(self.name), create)
        try:
            self._engine = self._connectable()
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"{self.name} {trouble_of(error).problem}") from None
        try:
            if not self.read(self._is_current):
                self.write(self._make_tables)
        except BaseException:
            self.close()
            raise

    def read(self, action: Callable[[Session], Found]) -> Found:
        """Run a transaction that only reads.

        Raises:
            StoreError: the database fails.
        """
        return self._transact(action, writing=False)

    def write(self, action: Callable[[Session], Found]) -> Found:
        """Run a transaction, all of it or nothing. It is run again where another one was in its way.

        Raises:
            StoreError: the database fails, or is still locked when patience ends; nothing was written.
        """
        return self._transact(action, writing=True)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _transact(self, action: Callable[[Session], Found], *, writing: bool) -> Found:
        engine = self._engine.execution_options(kata_writing=writing)
        deadline, wait = time.monotonic() + self.patience, _FIRST_WAIT
        while True:
            try:
                with Session(engine, expire_on_commit=False) as session, session.begin():
                    return action(session)
            except SQLAlchemyError as error:
                trouble = trouble_of(error)
                if not trouble.passing or time.monotonic() >= deadline:
                    raise StoreError(f"{self.name} {trouble.problem}") from error
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _connectable(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self.url, pool_pre_ping=True, connect_args={"connect_timeout": 15})
        engine = create_engine(self.url, connect_args={"timeout": min(self.patience, 5.0)})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _check_file(self, file: Path, create: bool) -> None:
        if file.is_dir():
            raise StoreError(f"{file} is a folder: name a file in it, such as {file / 'grades.sqlite'}")
        if not file.parent.is_dir():
            raise StoreError(f"{file} can't be opened: there is no folder {file.parent}")
        if not create and not file.exists():
            raise StoreError(f"there are no results in {file}; `kata autograde` writes them")
        if create:
            with contextlib.suppress(OSError):  # it is there already, or SQLite will say what is wrong
                # Grades, and the seed that all cases are drawn from, are for nobody else's eyes.
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def _is_current(self, session: Session) -> bool:
        tables = inspect(session.connection()).get_table_names()
        if Schema.__tablename__ not in tables:
            if self.is_sqlite and tables:
                raise StoreError(
                    f"{self.name} is a database of another program; results need one of their own"
                )
            return False
        version = session.scalar(select(Schema.version))
        if version is None:
            raise StoreError(f"{self.name} lacks the version of its tables: {_BACKUP}")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.name} was written by a newer keras-kata (tables {version}, here {SCHEMA_VERSION}): "
                "pip install --upgrade keras-kata"
            )
        return bool(version == SCHEMA_VERSION)

    def _make_tables(self, session: Session) -> None:
        """Make the tables, or bring them up to date."""
        connection = session.connection()
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        if self._is_current(session):  # another process was first
            return
        if not inspect(connection).has_table(Schema.__tablename__):
            Base.metadata.create_all(connection)
            session.add(Schema(version=SCHEMA_VERSION))
            return
        for version in range(session.scalars(select(Schema.version)).one(), SCHEMA_VERSION):
            UPGRADES[version](connection)
            session.execute(update(Schema).values(version=version + 1))


_BACKUP = "bring back a backup, or start a new database"


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for setting in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that has read first could be refused it, and would have to start over.
    writing = connection.get_execution_options().get("kata_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
