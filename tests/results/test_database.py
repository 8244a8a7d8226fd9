"""Opening databases, and what can go wrong with them."""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from keras_kata.errors import KataError, StoreError
from keras_kata.results import NewRun, Work, database, open_store
from keras_kata.results.database import url_of
from keras_kata.verdicts import Difference, Failed, Passed, Verdict

WORK = Work("ada", "module1/x", "d", "g")
VERDICTS = [Verdict("module1/x", "p", 1, Passed())]


@pytest.fixture
def file(tmp_path):
    """A database with one result."""
    path = tmp_path / "grades.sqlite"
    with open_store(path) as store:
        store.save(store.begin_run(NewRun(1)), WORK, VERDICTS, file="f")
    return path


def sql(file, *statements):
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# URLs


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("grades.sqlite", "sqlite:///grades.sqlite"),
        (Path("/a/b c.sqlite"), "sqlite:////a/b c.sqlite"),
        ("sqlite:////a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("postgresql://u:p@h:5/d", "postgresql+psycopg://u:p@h:5/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_locations(location, url):
    assert url_of(location).render_as_string(hide_password=False) == url


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("mysql://u@h/d", "SQLite or PostgreSQL, not to mysql"),
        ("sqlite://", "need a file"),
        ("sqlite:///:memory:", "need a file"),
        ("postgresql://u:secret@h:port/d", "can't be read: write sqlite:///FILE"),
    ],
)
def test_other_locations_are_refused(location, said):
    with pytest.raises(StoreError, match=said) as caught:
        open_store(location)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_said_without_the_password():
    with pytest.raises(
        StoreError, match=r"postgresql\+psycopg://u:\*\*\*@127\.0\.0\.1:1/d can't be used"
    ) as caught:
        open_store("postgresql://u:secret@127.0.0.1:1/d", patience=0)
    assert "secret" not in str(caught.value)


# Opening


def test_a_database_is_made_where_there_is_none(tmp_path):
    with open_store(tmp_path / "new.sqlite") as store:
        assert store.runs() == []
        assert store.name == str(tmp_path / "new.sqlite")


def test_nobody_else_can_read_a_new_database(file):
    assert file.stat().st_mode & 0o777 == 0o600
    with open_store(file) as store:
        store.begin_run(NewRun(1))
        assert {path.stat().st_mode & 0o077 for path in file.parent.iterdir()} == {0}


def test_none_is_made_where_only_reading_is_asked_for(tmp_path):
    with pytest.raises(
        StoreError, match=r"there are no results in .*none\.sqlite; `kata autograde` writes them"
    ):
        open_store(tmp_path / "none.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [(".", "is a folder: name a file in it"), ("no/such/x.sqlite", "there is no folder .*no/such")],
)
def test_places_without_a_file(tmp_path, place, said):
    with pytest.raises(StoreError, match=said):
        open_store(tmp_path / place)


def test_an_empty_file_becomes_a_database(tmp_path):
    (tmp_path / "empty").touch()
    with open_store(tmp_path / "empty") as store:
        assert store.begin_run(NewRun(1)) == 1


def test_sqlite_is_set_up_to_lose_nothing(file):
    with open_store(file) as store:
        settings = store._database.read(
            lambda session: [
                session.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        )
    assert settings == ["wal", 2, 1]


def test_nothing_is_left_beside_the_file_when_it_is_closed(file):
    assert [path.name for path in file.parent.iterdir()] == ["grades.sqlite"]


def test_the_database_refuses_what_does_not_belong_together(location):
    orphan = text("INSERT INTO kata_entries (run_id, student, exercise, grading_id) VALUES (9, 'a', 'b', 9)")
    with open_store(location, patience=0) as store:
        with pytest.raises(StoreError, match="keeps changing"):
            store._database.write(lambda session: session.execute(orphan))
        assert store.students() == []


# Damage


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "grades.sqlite"
    path.write_bytes(b"student,points\n" * 1000)
    with pytest.raises(StoreError, match=r"is damaged, or no database\. Move the file away"):
        open_store(path)
    assert path.read_bytes() == b"student,points\n" * 1000


def test_a_damaged_database_is_said(file):
    with open_store(file) as store:
        run = store.begin_run(NewRun(1))
        for number in range(200):
            store.save(run, Work(f"s{number}", "module1/x", "d", "g"), VERDICTS, file="f")
    content = bytearray(file.read_bytes())
    content[4096:-4096] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"), open_store(file) as store:
        list(store.results())


def test_a_truncated_database_is_said(file):
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreError, match="is damaged"), open_store(file) as store:
        list(store.results())


def test_another_programs_database_is_not_touched(tmp_path):
    path = tmp_path / "gradebook.db"
    sql(path, "CREATE TABLE grade (id INTEGER)")
    with pytest.raises(StoreError, match="database of another program"):
        open_store(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("grade",)]


def test_a_shared_postgresql_database_is_used(postgresql_url):
    engine = create_engine(database.url_of(postgresql_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))
    engine.dispose()
    with open_store(postgresql_url) as store:
        assert store.begin_run(NewRun(1)) == 1


# Versions


def test_a_newer_database_is_refused(file):
    sql(file, "UPDATE kata_schema SET version = 99")
    with pytest.raises(StoreError, match=r"newer keras-kata \(tables 99, here 1\): pip install --upgrade"):
        open_store(file)


def test_a_database_without_a_version_is_refused(file):
    sql(file, "DELETE FROM kata_schema")
    with pytest.raises(StoreError, match="lacks the version of its tables"):
        open_store(file)


def test_an_older_database_is_brought_up_to_date(location, monkeypatch):
    with open_store(location) as store:
        store.save(store.begin_run(NewRun(1)), WORK, VERDICTS, file="f")
        before = list(store.results())
    steps = {
        1: lambda connection: connection.execute(text("ALTER TABLE kata_runs ADD COLUMN note VARCHAR")),
        2: lambda connection: connection.execute(text("UPDATE kata_runs SET note = 'from ' || seed")),
    }
    monkeypatch.setattr(database, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(database, "UPGRADES", steps)
    for _ in range(2):  # the second time there is nothing to do
        with open_store(location) as store:
            assert list(store.results()) == before
            rows = store._database.read(
                lambda session: session.execute(
                    text("SELECT note, version FROM kata_runs, kata_schema")
                ).all()
            )
            assert [tuple(row) for row in rows] == [("from 1", 3)]


def test_an_upgrade_that_fails_leaves_the_old_database(location, monkeypatch):
    with open_store(location) as store:
        store.begin_run(NewRun(1))
    steps = {
        1: lambda connection: connection.execute(text("ALTER TABLE kata_runs ADD COLUMN note VARCHAR")),
        2: lambda connection: connection.execute(text("UPDATE no_such_table SET a = 1")),
    }
    with monkeypatch.context() as changed:
        changed.setattr(database, "SCHEMA_VERSION", 3)
        changed.setattr(database, "UPGRADES", steps)
        with pytest.raises(StoreError, match="no_such_table"):
            open_store(location)
    with open_store(location) as store:
        assert [run.id for run in store.runs()] == [1]


# Locks


@contextlib.contextmanager
def locked(file):
    with contextlib.closing(
        sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_database_that_stays_locked_is_said(file):
    with open_store(file, patience=0.3) as store, locked(file):
        with pytest.raises(StoreError, match=r"is locked by another program\. Close what has it open"):
            store.begin_run(NewRun(1))
        assert len(list(store.results())) == 1  # reading needs no lock


def test_a_locked_database_is_waited_for(file):
    with open_store(file, patience=60) as store, locked(file) as connection:
        timer = threading.Timer(0.5, lambda: connection.execute("COMMIT"))
        timer.start()
        run = store.begin_run(NewRun(1))
        timer.join()
        assert store.save(run, Work("bob", "module1/x", "d", "g"), VERDICTS, file="f")


def test_a_lock_in_postgresql_is_waited_for(postgresql_url):
    with open_store(postgresql_url) as store, open_store(postgresql_url) as other:
        taken, done = threading.Event(), threading.Event()

        def hold(session):
            session.execute(text("LOCK TABLE kata_runs IN ACCESS EXCLUSIVE MODE"))
            taken.set()
            assert not done.wait(0.3)

        holder = threading.Thread(target=lambda: other._database.write(hold))
        holder.start()
        assert taken.wait(60)
        assert store.begin_run(NewRun(1)) == 1
        done.set()
        holder.join()


def test_a_server_that_closes_its_connections_is_connected_to_again(postgresql_url):
    with open_store(postgresql_url) as store, open_store(postgresql_url) as other:
        run = store.begin_run(NewRun(1))
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        other._database.read(lambda session: session.execute(text(f"{end} AND datname = current_database()")))
        assert store.save(run, WORK, VERDICTS, file="f")


# Read-only, full


@pytest.fixture
def as_ordinary_user():
    """A folder that this process, no longer root, can read but not write."""
    folder = Path(tempfile.mkdtemp(prefix="kata_store_", dir="/tmp"))
    with open_store(folder / "grades.sqlite") as store:
        store.begin_run(NewRun(1))
    for path in (folder / "grades.sqlite", folder):
        path.chmod(0o555)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(before)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_said(as_ordinary_user):
    with (
        pytest.raises(StoreError, match=r"grades\.sqlite can't be (written|opened)"),
        open_store(as_ordinary_user / "grades.sqlite") as store,
    ):
        store.begin_run(NewRun(1))
    with pytest.raises(StoreError, match=r"new\.sqlite can't be (written|opened)"):
        open_store(as_ordinary_user / "new.sqlite")


def fill(path, most=20_000):
    """Save until that fails; gives the students that were saved, and the error."""
    saved = []
    outcome = Failed({"x": [0.5] * 2000}, 1.0, 2.0, Difference("value"))
    with open_store(path) as store:
        run = store.begin_run(NewRun(1))
        for number in range(most):
            verdicts = [Verdict("module1/x", name, 1, outcome) for name in ("p", "q")]
            try:
                store.save(run, Work(f"s{number}", "module1/x", "d", "g"), verdicts, file="f")
            except KataError as error:
                return saved, str(error)
            saved.append(f"s{number}")
    raise AssertionError("it never became full")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_what_was_saved_is_kept(small_disk):
    path = small_disk / "grades.sqlite"
    (ballast := small_disk / "ballast").write_bytes(bytes(500_000))
    saved, said = fill(path)
    assert saved
    assert "the disk is full" in said
    assert "Everything that was reported as saved is kept" in said
    ballast.unlink()
    with open_store(path, create=False) as store:
        assert set(store.students()) == set(saved)
        assert store.count() == 2 * len(saved)
        assert store.save(1, Work("later", "module1/x", "d", "g"), VERDICTS, file="f")


def limit_then_fill(path):
    """What the process of the test below does."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    saved, said = fill(path)
    print(len(saved), said)


def test_a_limit_on_file_size_is_said_and_what_was_saved_is_kept(tmp_path):
    path = tmp_path / "grades.sqlite"
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
    code += f"from tests.results.test_database import limit_then_fill\nlimit_then_fill({str(path)!r})"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    count, _, said = run.stdout.partition(" ")
    assert int(count) > 0
    assert "can't be" in said
    assert "disk" in said
    with open_store(path, create=False) as store:
        assert len(store.students()) == int(count)
        assert store.count() == 2 * int(count)
