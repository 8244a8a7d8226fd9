"""Control groups: what all processes of a worker may use together, where this system lets us limit it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_kata.verdicts import Crashed, Raised

from .processes import descendants
from .support import RIGHT, Workshop, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("control groups are Linux's", allow_module_level=True)

from keras_kata.confinement import Confinement
from keras_kata.groups import ControlGroups
from keras_kata.remote import enforced_by, submitted
from keras_kata.workers import Workers

PROCESSES_OF_100_MIB = """
import os, time

def scaled(x, factor=2.0):
    for _ in range(6):
        if os.fork() == 0:
            kept = bytearray(b"x" * (100 << 20))
            time.sleep(1e6)
    while True:
        os.wait()  # until one is killed
        os._exit(0)
"""


@pytest.fixture
def groups() -> Iterator[ControlGroups]:
    groups = ControlGroups()
    if groups.problem:
        pytest.skip(f"no control groups may be made here: {groups.problem}")
    yield groups
    groups.close()


def workshop(root: Path) -> Workshop:
    return make_workshop(root)


@pytest.mark.usefixtures("groups")
def test_memory_counts_for_all_processes_together(tmp_path: Path) -> None:
    shop = workshop(tmp_path)
    judge = shop.judge
    with Workers(shop.course, Confinement(memory=256 << 20)) as workers:
        assert "control group" in enforced_by(workers, shop.exercise).names
        with submitted(workers, shop.exercise, judge.loader, PROCESSES_OF_100_MIB, "a.py") as submission:
            (verdict,) = judge.judge_all(submission)
        assert isinstance(verdict.outcome, Crashed)
        assert "more than 256 MiB of memory, all its processes together" in verdict.outcome.reason
        assert descendants(workers.process) == []
        with submitted(workers, shop.exercise, judge.loader, RIGHT, "a.py") as submission:
            assert judge.judge_all(submission)[0].earned == 1


@pytest.mark.usefixtures("groups")
def test_processes_are_counted_together(tmp_path: Path) -> None:
    shop = workshop(tmp_path)
    source = (
        "import threading, time\n"
        "def scaled(x, factor=2.0):\n"
        "    while True: threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
    )
    with (
        Workers(shop.course, Confinement(processes=20)) as workers,
        submitted(workers, shop.exercise, shop.judge.loader, source, "a.py") as submission,
    ):
        (verdict,) = shop.judge.judge_all(submission)
    assert isinstance(verdict.outcome, Raised)


def test_a_group_is_taken_away_with_its_server(groups: ControlGroups) -> None:
    group = groups.make(1 << 30, 10)
    assert group is not None
    folders = set(group.folders.values())
    assert all(folder.is_dir() for folder in folders)
    assert not group.was_short_of_memory
    group.remove()
    groups.close()
    assert not any(folder.exists() or folder.parent.exists() for folder in folders)


def test_what_a_killed_server_has_left_is_swept(groups: ControlGroups) -> None:
    group = groups.make(1 << 30, 10)
    assert group is not None
    left = {folder.parent.with_name("kata-999999999") / "1" for folder in group.folders.values()}
    for folder in left:
        folder.mkdir(parents=True)
    ControlGroups().close()
    assert not any(folder.parent.exists() for folder in left)
    assert all(folder.is_dir() for folder in group.folders.values()), os.getpid()
    group.remove()
