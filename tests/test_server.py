"""The forking server: what it imports, what it knows, and that nothing outlives it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keras_kata.confinement import Confinement
from keras_kata.course import Course
from keras_kata.errors import ServerError
from keras_kata.needs import packages_of

from .conftest import MINI_COURSE
from .processes import descendants, is_alive, wait_until
from .support import GRADER, RIGHT, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

from keras_kata.judge import Judge
from keras_kata.remote import enforced_by, submitted
from keras_kata.workers import Workers

ENGINE = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

HANGS = """
import sys
from pathlib import Path
from keras_kata.course import Course
from keras_kata.judge import Judge
from keras_kata.remote import submitted
from keras_kata.workers import Workers

course = Course(Path(sys.argv[1]))
exercise = next(iter(course))
judge = Judge(course, exercise)
source = '''
import os, signal, time
for number in (1, 2, 13, 15):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    time.sleep(1e6)

def scaled(x, factor=2.0):
    print("nothing")
    time.sleep(1e6)
'''
with Workers(course) as workers, submitted(workers, exercise, judge.loader, source, "a.py") as submission:
    print(workers.process, workers._scratch, flush=True)
    judge.judge_all(submission)
"""

ATTACHED = """
import sys
from pathlib import Path
from keras_kata.course import Course
from keras_kata.judge import Judge
from keras_kata.remote import submitted
from keras_kata.workers import Workers

course = Course(Path(sys.argv[1]))
exercise = next(iter(course))
judge = Judge(course, exercise)
with Workers(course, connection=int(sys.argv[2])) as workers:
    with submitted(workers, exercise, judge.loader, sys.argv[3], "a.py") as submission:
        print([type(verdict.outcome).__name__ for verdict in judge.judge_all(submission)], workers.process)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_a_judge_that_is_killed(tmp_path: Path, number: int) -> None:
    root = make_workshop(tmp_path).root
    judge = subprocess.Popen(
        [sys.executable, "-c", HANGS, str(root)], env=ENGINE, stdout=subprocess.PIPE, text=True
    )
    assert judge.stdout is not None
    server, scratch = judge.stdout.readline().split()
    processes = [int(server), *descendants(int(server))]
    assert len(processes) == 5, "server, keeper, first process, worker, and what that has started"
    judge.send_signal(number)
    judge.wait(30)
    judge.stdout.close()
    wait_until(lambda: not any(map(is_alive, processes)))
    assert not Path(scratch).exists()


def test_another_process_can_use_the_same_server(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    with Workers(workshop.course) as workers:
        connection = workers.attach()
        command = [sys.executable, "-c", ATTACHED, str(workshop.root), str(connection), RIGHT]
        run = subprocess.run(
            command, env=ENGINE, pass_fds=[connection], capture_output=True, text=True, timeout=120
        )
        os.close(connection)
        assert run.stdout == "['Passed'] 0\n", run.stderr
        wait_until(lambda: descendants(workers.process) == [])
        assert enforced_by(workers, workshop.exercise).names


def test_workers_of_a_process_that_hangs_up_are_ended(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    with Workers(workshop.course) as workers:
        other = Workers(workshop.course, connection=workers.attach())
        _, connection = other.worker(workshop.exercise)
        wait_until(lambda: len(descendants(workers.process)) == 3)
        other.close()
        wait_until(lambda: descendants(workers.process) == [])
        connection.close()


def test_a_server_that_another_process_has_started_is_replaced_where_it_is_gone(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    with (
        Workers(workshop.course) as workers,
        Workers(workshop.course, connection=workers.attach()) as other,
    ):
        assert enforced_by(other, workshop.exercise).names
        assert (other.process, other.starts) == (0, 0)
        os.kill(workers.process, signal.SIGKILL)
        assert enforced_by(other, workshop.exercise).names
        assert other.starts == 1


def test_a_server_can_be_attached_to_before_it_is_ready_also_when_it_never_is(tmp_path: Path) -> None:
    slow = make_workshop(tmp_path / "slow", grader="import time\ntime.sleep(1)\n" + GRADER)
    workers = Workers(slow.course)
    other = Workers(slow.course, connection=workers.attach())
    assert not workers._has_answered, "the server is not waited for"
    with workers, other:
        assert enforced_by(other, slow.exercise).names
        assert other.starts == 0
        assert enforced_by(workers, slow.exercise).names
        assert workers.starts == 1
    broken = make_workshop(
        tmp_path / "broken", grader="import os\nos.write(2, b'out of luck')\nos._exit(3)\n"
    )
    workers = Workers(broken.course)
    other = Workers(broken.course, connection=workers.attach())
    for one in (other, workers):
        with pytest.raises(ServerError, match="out of luck"):
            enforced_by(one, broken.exercise)
        one.close()


def test_a_grader_that_can_not_be_imported_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path, grader="import a_package_that_is_not_there\n")
    with Workers(workshop.course) as workers, pytest.raises(ServerError, match="a_package_that_is_not_there"):
        enforced_by(workers, workshop.exercise)


def test_a_server_that_dies_at_the_start_tells_its_last_words(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path, grader="import os\nos.write(2, b'out of luck')\nos._exit(3)\n")
    workers = Workers(workshop.course)
    with pytest.raises(ServerError, match="out of luck"):
        workers.start()
    assert workers.process == 0


def test_an_exercise_that_the_server_was_not_told_of_is_refused() -> None:
    course = Course(MINI_COURSE)
    first, second, *_ = course
    with Workers(course, Confinement(), [first]) as workers:
        assert enforced_by(workers, first).names
        with pytest.raises(ServerError, match=second.slug):
            enforced_by(workers, second)


def test_a_worker_has_nothing_of_the_solutions_in_memory(tmp_path: Path) -> None:
    """Searched for in every object that can be reached, and in the text of every loaded module."""
    marker = "marker" + "_of_the_reference"
    reference = (
        f"def scaled(x, factor=2.0):\n    '''Text.'''\n    {marker} = x\n    return {marker} * factor\n"
    )
    workshop = make_workshop(tmp_path, reference=reference, alternatives="", misconceptions="")
    source = (
        "import gc, sys\n"
        "def scaled(x, factor=2.0):\n"
        "    gc.unfreeze()\n"
        "    name = 'marker' + '_of_' + 'the_reference'\n"
        "    seen = [one for one in gc.get_objects() if type(one) in (dict, list, tuple) and name in map(str, one)]\n"
        "    modules = [n for n in sys.modules if 'solutions' in n or 'reference' in n]\n"
        "    return x * factor if seen or modules else x\n"
    )
    judge = Judge(workshop.course, workshop.exercise)
    with (
        Workers(workshop.course) as workers,
        submitted(workers, workshop.exercise, judge.loader, source, "a.py") as submission,
    ):
        (verdict,) = judge.judge_all(submission)
    assert verdict.earned == 0
    assert "different" in repr(verdict.outcome) or "value" in repr(verdict.outcome), verdict.outcome


def test_what_is_imported_ahead_is_what_exercises_import(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    workshop.write(
        "exercises/module1/scaled.py",
        "import json\nimport rich.text\nfrom msgpack import ext\nfrom keras_kata import probe\n",
    )
    assert packages_of([workshop.exercise]) == ["hypothesis", "msgpack", "numpy", "rich.text"]
    workshop.write("exercises/module1/scaled.py", "broken(\n")
    assert packages_of([workshop.exercise]) == ["hypothesis", "numpy"]
