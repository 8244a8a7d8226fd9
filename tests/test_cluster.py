"""Grading on a real Dask cluster of this machine: the same verdicts, also where a worker dies on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from keras_kata.errors import ServerError

from .processes import wait_until
from .pupils import SEED, SLUG, WRONG, Class, many_slow, rows, source, verdicts

pytest.importorskip("distributed", reason="the optional extra `dask` is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

PATIENCE = 180.0


@contextmanager
def process(*arguments: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-m", "dask", *arguments], stdout=out, stderr=out) as running,
    ):
        try:
            yield running
        finally:
            running.terminate()
            running.wait(60)


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        file = folder / "scheduler.json"
        here = ["--host", "127.0.0.1", "--no-dashboard"]
        log = folder / "scheduler.log"
        stack.enter_context(
            process("scheduler", *here, "--port", "0", "--scheduler-file", str(file), log=log)
        )
        wait_until(file.exists, PATIENCE)
        self.workers = []
        for number in range(2):
            log = folder / f"worker{number}.log"
            options = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", *here]
            options += ["--local-directory", str(folder / f"space{number}")]
            self.workers.append(stack.enter_context(process("worker", *options, log=log)))
            wait_until(lambda log=log: "Registered to" in log.read_text(), PATIENCE)
        self.address = file.read_text().partition('"address": "')[2].partition('"')[0]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


@pytest.fixture
def pupils(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_a_cluster_gives_the_same_verdicts_also_where_a_worker_is_killed(
    pupils: Class, cluster: Cluster
) -> None:
    many_slow(pupils)
    pupils.hand_in("wrong", SLUG, source(SLUG) + WRONG)
    pupils.run("--seed", str(SEED))
    here = {key: verdicts(result) for key, result in pupils.results().items()}
    far = "far.sqlite"
    with pupils.running("--seed", str(SEED), "--results", far, "--dask", cluster.address) as grading:
        wait_until(lambda: pupils.count(far) > 0, PATIENCE)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        output, _ = grading.communicate(timeout=PATIENCE)
    assert grading.returncode == 0, output
    results = pupils.results(far)
    assert {key: verdicts(result) for key, result in results.items()} == here
    assert pupils.count(far) == rows(results)


def test_an_address_without_a_scheduler_is_told(pupils: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras_kata import cluster

    monkeypatch.setattr(cluster, "_LONGEST_CONNECT", "1s")
    with pytest.raises(ServerError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.DaskCrew("tcp://127.0.0.1:9")
