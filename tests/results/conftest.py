"""Databases for the tests: a file, and a real PostgreSQL server where its programs are installed."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from keras_kata.results import Store, open_store

_NUMBERS = itertools.count()


def _program(name: str) -> str | None:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1]) if debian else shutil.which(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server of the tests' own, on a socket in a temporary folder."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if not initdb or not control:
        pytest.skip("PostgreSQL's server programs are not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="kata_pg_", dir="/tmp"))  # short: it is part of a socket's path
    user: dict[str, str] = {}
    if os.geteuid() == 0:  # the server refuses to be run by root
        user = {"user": "nobody"}
        shutil.chown(folder, "nobody")

    def run(*arguments: str) -> None:
        done = subprocess.run(
            arguments, cwd=folder, capture_output=True, text=True, timeout=120, check=False, **user
        )
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run(initdb, "-D", f"{folder}/data", "-U", "kata", "-A", "trust", "-E", "UTF8", "--locale", "C", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(control, "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-t", "60", "-o", options, "start")
        yield f"postgresql://kata@/postgres?host={folder}"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run(control, "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"kata_{next(_NUMBERS)}"
    engine = create_engine(
        postgresql.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgresql.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database can be made, of either kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return str(tmp_path / "grades.sqlite")


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """An open, empty store."""
    with open_store(location) as opened:
        yield opened
