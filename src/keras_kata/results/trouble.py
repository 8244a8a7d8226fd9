"""What goes wrong with a database, as a sentence that says what to do, and whether trying again can help."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

__all__ = ["Trouble", "trouble_of"]

_AGAIN = "Everything that was reported as saved is kept; the same command goes on from there."


@dataclass(frozen=True)
class Trouble:
    """Attributes:
    problem: a sentence that goes on from the name of the database.
    passing: whether the same transaction may succeed a little later.
    """

    problem: str
    passing: bool = False


_LOCKED = Trouble(
    f"is locked by another program. Close what has it open (a database browser, a second run). {_AGAIN}",
    passing=True,
)
_FULL = Trouble(
    f"can't be written: the disk is full, or a limit on file size is reached. Make room. {_AGAIN}"
)
_READ_ONLY = Trouble("can't be written: the file or its folder is read-only, or belongs to somebody else.")
_DAMAGED = Trouble(
    "is damaged, or no database. Move the file away and bring back a backup, or start a new one: "
    "grading again with the same seed gives the same verdicts."
)
_NOT_THERE = Trouble("can't be opened: is its folder there, and may you read and write in it?")
_FAILING = Trouble(f"can't be read or written: the disk reports errors, is full or has gone away. {_AGAIN}")
_RACE = Trouble("keeps changing while it is written to.", passing=True)
_NO_DRIVER = Trouble("needs the package psycopg: pip install 'keras-kata[class]'")

# SQLite's primary result codes.
_SQLITE = {
    5: _LOCKED,  # BUSY
    6: _LOCKED,  # LOCKED
    8: _READ_ONLY,  # READONLY
    10: _FAILING,  # IOERR
    11: _DAMAGED,  # CORRUPT
    13: _FULL,  # FULL
    14: _NOT_THERE,  # CANTOPEN
    17: _RACE,  # SCHEMA
    26: _DAMAGED,  # NOTADB
}
# PostgreSQL's error codes.
_POSTGRESQL = {
    "25006": _READ_ONLY,  # read-only transaction
    "40001": _RACE,  # serialization failure
    "40P01": _RACE,  # deadlock
    "42501": Trouble("refuses this user: ask for the right to create and write tables in it."),
    "53100": _FULL,
    "53300": Trouble("has too many connections open.", passing=True),
    "55P03": _LOCKED,  # lock not available
    "57P01": Trouble("is being shut down.", passing=True),
    "57P03": Trouble("is starting up.", passing=True),
}


def trouble_of(error: SQLAlchemyError | ImportError) -> Trouble:
    """What an error of SQLAlchemy's, or of the driver below it, comes to."""
    if isinstance(error, ImportError | NoSuchModuleError):
        return _NO_DRIVER
    if isinstance(error, IntegrityError):  # another writer was first; the next try sees what it wrote
        return _RACE
    if not isinstance(error, DBAPIError) or error.orig is None:
        return Trouble(f"can't be used: {type(error).__name__}: {error!s:.300}")
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _SQLITE:
        return _SQLITE[code & 0xFF]
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    said = " ".join(str(error.orig).split())
    if state is None and code is None and error.connection_invalidated:
        return Trouble(f"has closed the connection: {said:.300}", passing=True)
    return Trouble(f"can't be used: {said:.300}")
