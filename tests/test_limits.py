"""The wall-clock limit: what it stops, how it ends, and that nothing of it is left behind."""

import contextlib
import importlib
import io
import pdb
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keras_kata import limits
from keras_kata.errors import TimeLimit
from keras_kata.limits import time_limit
from tests.support import make_workshop

has_alarm = hasattr(signal, "SIGALRM")
needs_alarm = pytest.mark.skipif(not has_alarm, reason="the system has no timer signal")
SHORT = 0.05
LONG = 30.0


def busy(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def endless_loop() -> None:
    while True:
        pass


def swallows_every_exception() -> None:
    while True:
        try:
            busy(0.001)
        except Exception:
            continue


def sleeps_a_little_again_and_again() -> None:
    while True:
        time.sleep(0.001)


def loops_in_a_generator() -> None:
    for _ in iter(int, 1):
        with contextlib.suppress(Exception):
            pass


def swallows_it_once() -> None:
    with contextlib.suppress(BaseException):
        endless_loop()
    endless_loop()


def cleans_up_slowly() -> None:
    try:
        endless_loop()
    finally:
        busy(0.02)


ENDLESS = [
    endless_loop,
    swallows_every_exception,
    sleeps_a_little_again_and_again,
    loops_in_a_generator,
    swallows_it_once,
    cleans_up_slowly,
]


def in_this_thread(run: Callable[[], Any]) -> Any:
    return run()


def in_another_thread(run: Callable[[], Any]) -> Any:
    outcome: list[Any] = []

    def call() -> None:
        try:
            outcome.append((run(), None))
        except BaseException as error:  # handed to the test's own thread
            outcome.append((None, error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(LONG)
    [(value, error)] = outcome
    if error is not None:
        raise error
    return value


@pytest.fixture(
    params=[
        pytest.param(in_this_thread, id="signal", marks=needs_alarm),
        pytest.param(in_another_thread, id="thread"),
    ]
)
def place(request: pytest.FixtureRequest) -> Callable[[Callable[[], Any]], Any]:
    """Runs code where the limit is kept in one way or the other."""
    return request.param  # type: ignore[no-any-return]


Place = Callable[[Callable[[], Any]], Any]


def seconds_until_stopped(run: Callable[[], Any], seconds: float = SHORT) -> float:
    started = time.monotonic()
    with pytest.raises(TimeLimit), time_limit(seconds):
        run()
    return time.monotonic() - started


@pytest.mark.parametrize("run", ENDLESS, ids=lambda run: run.__name__)
def test_endless_code_is_stopped(place: Place, run: Callable[[], None]) -> None:
    seconds = place(lambda: seconds_until_stopped(run))
    assert SHORT <= seconds < 10


@needs_alarm
def test_sleeping_code_is_stopped() -> None:
    assert SHORT <= seconds_until_stopped(lambda: time.sleep(LONG)) < 10


def test_a_system_without_the_signal_has_limits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGALRM", raising=False)
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert SHORT <= seconds_until_stopped(endless_loop) < 10


def test_the_limit_is_no_exception_that_code_would_catch() -> None:
    assert not issubclass(TimeLimit, Exception)


def test_code_in_time_is_left_alone(place: Place) -> None:
    def run() -> str:
        with time_limit(LONG):
            busy(0.01)
            return "result"

    assert place(run) == "result"


def test_an_error_of_the_code_comes_through(place: Place) -> None:
    def run() -> None:
        with time_limit(LONG):
            raise ValueError("the code's own")

    with pytest.raises(ValueError, match="the code's own"):
        place(run)


@pytest.mark.parametrize("seconds", [0.0, 1e-9, -1.0])
def test_no_time_at_all_is_a_limit_too(place: Place, seconds: float) -> None:
    assert place(lambda: seconds_until_stopped(endless_loop, seconds)) < 10


def test_nothing_arrives_after_the_block(place: Place) -> None:
    """The block ends just when the limit is due, again and again."""

    def run() -> int:
        stopped = 0
        for turn in range(150):
            try:
                with time_limit(0.002):
                    busy(0.0015 + turn * 0.000_007)
            except TimeLimit:
                stopped += 1
            busy(0.0005)
        busy(0.15)
        return stopped

    assert 0 <= place(run) <= 150


def test_the_limit_can_be_used_again(place: Place) -> None:
    def run() -> list[float]:
        return [seconds_until_stopped(endless_loop) for _ in range(3)]

    assert all(SHORT <= seconds < 10 for seconds in place(run))


def test_no_thread_stays_behind(place: Place) -> None:
    before = set(threading.enumerate())

    def run() -> None:
        with time_limit(LONG):
            pass

    place(run)
    end = time.monotonic() + 10
    while set(threading.enumerate()) - before and time.monotonic() < end:
        time.sleep(0.005)
    assert set(threading.enumerate()) - before == set()


@pytest.fixture
def alarms() -> Iterator[list[int]]:
    """A handler of somebody else's, and the alarms that reached it."""
    arrived: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: arrived.append(number))
    yield arrived
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@needs_alarm
def test_the_handler_from_before_is_back(alarms: list[int]) -> None:
    handler = signal.getsignal(signal.SIGALRM)
    seconds_until_stopped(endless_loop)
    assert signal.getsignal(signal.SIGALRM) is handler
    with time_limit(LONG):
        assert signal.getsignal(signal.SIGALRM) is not handler
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert alarms == []


@needs_alarm
def test_somebody_elses_timer_goes_on(alarms: list[int]) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with time_limit(LONG):
        busy(0.01)
    assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.05
    busy(0.1)
    assert len(alarms) == 1


@needs_alarm
def test_somebody_elses_timer_rings_inside(alarms: list[int]) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    with time_limit(LONG):
        busy(0.25)
        assert len(alarms) == 1
    assert len(alarms) == 1


@needs_alarm
def test_somebody_elses_repeated_timer_goes_on(alarms: list[int]) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    assert seconds_until_stopped(endless_loop, 0.15) < 10
    inside = len(alarms)
    busy(0.1)
    assert 1 <= inside < len(alarms)


def test_an_outer_limit_stops_what_an_inner_one_would_not(place: Place) -> None:
    def run() -> tuple[list[str], float]:
        caught = []
        started = time.monotonic()
        try:
            with time_limit(SHORT):
                try:
                    with time_limit(LONG):
                        endless_loop()
                except TimeLimit:
                    caught.append("inner")
                endless_loop()
        except TimeLimit:
            caught.append("outer")
        return caught, time.monotonic() - started

    caught, seconds = place(run)
    assert caught == ["inner", "outer"]
    assert seconds < 10


def test_an_outer_limit_goes_on_after_an_inner_one(place: Place) -> None:
    def run() -> list[str]:
        caught = []
        try:
            with time_limit(4 * SHORT):
                for _ in range(2):
                    try:
                        with time_limit(SHORT):
                            endless_loop()
                    except TimeLimit:
                        caught.append("inner")
                endless_loop()
        except TimeLimit:
            caught.append("outer")
        return caught

    assert place(run)[-1] == "outer"
    assert "inner" in place(run)


def test_an_inner_limit_leaves_the_time_of_the_outer_one(place: Place) -> None:
    def run() -> None:
        with time_limit(LONG):
            seconds_until_stopped(endless_loop)
            busy(0.15)

    place(run)


BARE_EXCEPT = """
    import threading, time
    from keras_kata import limits

    limits._SECONDS_BETWEEN_TRIES = 0.01

    def stubborn():
        with limits.time_limit(0.05):
            while True:
                try:
                    time.sleep(0.02)
                except:
                    pass

    {start}
    print("went on")
"""


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("stubborn()", marks=needs_alarm),
        "thread = threading.Thread(target=stubborn); thread.start(); thread.join()",
    ],
    ids=["signal", "thread"],
)
def test_what_catches_everything_ends_the_process(tmp_path: Path, start: str) -> None:
    script = tmp_path / "stubborn.py"
    script.write_text(textwrap.dedent(BARE_EXCEPT).format(start=start))
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert run.stdout == ""
    assert "catches every exception, also the one that stops it" in run.stderr
    assert re.search(r"It is at line (9|1\d) of stubborn\.py\.", run.stderr)
    assert "Traceback" not in run.stderr


def test_what_ends_the_process_is_told_although_pytest_captures(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path)
    stubborn = """\
    import time

    def scaled(x, factor=2.0):
        while True:
            try:
                time.sleep(0.02)
            except:
                pass
    """
    answer = workshop.write("exercises/module1/scaled.py", stubborn)
    hasty = """\
    from keras_kata import limits, worker

    limits._SECONDS_BETWEEN_TRIES = 0.01
    worker.time_limit = lambda seconds: limits.time_limit(0.3)
    """
    workshop.write("conftest.py", hasty)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", answer]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert "catches every exception, also the one that stops it" in run.stderr
    assert "of scaled.py" in run.stderr


def test_whoever_stops_at_a_breakpoint_has_all_the_time(place: Place) -> None:
    class SlowHands(io.StringIO):
        def readline(self, *_: Any) -> str:
            time.sleep(4 * SHORT)
            return "continue\n"

    def run() -> str:
        with time_limit(SHORT):
            pdb.Pdb(stdin=SlowHands(), stdout=io.StringIO(), nosigint=True, readrc=False).set_trace()
            time.sleep(4 * SHORT)
            return "result"

    assert place(run) == "result"


def test_an_import_is_not_cut_in_two(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_package_of_a_test.py").write_text("import time\ntime.sleep(0.15)\nready = True\n")
    monkeypatch.delitem(sys.modules, "slow_package_of_a_test", raising=False)

    imported = []

    def run() -> None:
        imported.append(importlib.import_module("slow_package_of_a_test"))
        endless_loop()

    place(lambda: seconds_until_stopped(run))
    assert imported[0].ready


def test_an_endless_import_is_stopped_in_the_end(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(limits, "_LONGEST_IMPORT", 0.15)
    (tmp_path / "endless_package_of_a_test.py").write_text("while True: pass\n")

    def run() -> float:
        return seconds_until_stopped(lambda: importlib.import_module("endless_package_of_a_test"))

    assert 0.15 < place(run) < 10
