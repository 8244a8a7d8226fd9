"""The process that forks: what it loads, what it keeps between judgings, and that nothing outlives it."""

import os
import queue
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keras_kata.course import Course
from keras_kata.forked_judging import describe_death
from keras_kata.judging_processes import PreloadedProcess, can_fork
from keras_kata.live_reports import JudgeGone, JudgingEnd, ProbeReport, Request
from tests.support import GRADER, MISCONCEPTIONS, REFERENCE, RIGHT, SLUG, STUB, Workshop, make_workshop

pytestmark = pytest.mark.skipif(not can_fork(), reason="judgings are forked on Linux alone")

PATIENCE = 120.0


class Desk:
    """A course of one exercise, with the process that judges it."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.file = workshop.write(f"exercises/{SLUG}.py", STUB)
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.process = PreloadedProcess(workshop.course, [SLUG], self.events.put)
        self.number = 0

    def save(self, source: str) -> None:
        self.workshop.write(f"exercises/{SLUG}.py", source)
        self.number += 1
        command = f"pytest exercises/{SLUG}.py"
        self.process.start(Request(self.number, SLUG, str(self.file), command))

    def reports(self) -> list[Any]:
        """Everything told of the last save."""
        found = []
        while not found or not isinstance(found[-1], JudgingEnd | JudgeGone):
            event = self.events.get(timeout=PATIENCE)
            if isinstance(event, JudgeGone) or event.number == self.number:
                found.append(event)
        return found

    def judge(self, source: str) -> list[Any]:
        self.save(source)
        return self.reports()

    def outcome(self, source: str) -> str:
        first = self.judge(source)[0]
        assert isinstance(first, ProbeReport), first
        return first.outcome


def noting(source: str, path: Path) -> str:
    """The same code, whose function leaves a mark at every call."""
    return source.replace("    return ", f"    open({str(path)!r}, 'a').write('x')\n    return ")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A course whose reference and mistakes note down that they are called."""
    desk = Desk(
        make_workshop(
            tmp_path / "course",
            reference=noting(REFERENCE, tmp_path / "calls"),
            misconceptions=noting(MISCONCEPTIONS, tmp_path / "mistaken"),
        )
    )
    yield desk
    desk.process.close()


def processes_of(root: Path) -> dict[int, str]:
    """The Python processes that work for a course: their command lines by their ids."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if line.startswith(sys.executable) and str(root) in line:
            found[int(folder.name)] = line
    return found


def until(happens: Callable[[], bool]) -> None:
    """Wait for something that no event tells."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_verdict_and_its_message_are_those_of_pytest(desk):
    report, end = desk.judge("def scaled(x, factor=2.0):\n    return 3 * x\n")
    assert (report.outcome, report.points, report.worth, report.mistake) == ("failed", 0.0, 1.0, "tripled")
    assert report.message.startswith("doubled: The numbers, doubled.\n\nWith\n    x = [")
    assert "Likely mistake (tripled): You multiply by one more than the factor." in report.message
    assert report.message.endswith("Run again:  pytest exercises/module1/scaled.py::doubled")
    assert end == JudgingEnd(1)
    assert desk.outcome(RIGHT) == "passed"
    assert desk.outcome(STUB) == "not attempted"


def test_the_references_answers_are_not_computed_anew(desk, tmp_path):
    calls = tmp_path / "calls"
    assert desk.outcome(RIGHT) == "passed"
    assert calls.stat().st_size > 0
    calls.unlink()
    assert desk.outcome(RIGHT + "# changed\n") == "passed"
    assert desk.outcome(RIGHT + "# again\n") == "passed"
    assert not calls.exists()


def test_a_changed_grader_is_judged_by_anew(desk, tmp_path):
    assert desk.outcome(RIGHT) == "passed"
    (tmp_path / "calls").unlink()
    desk.workshop.write(f"graders/{SLUG}.py", GRADER.replace('case["x"])', 'case["x"], 5.0)'))
    assert desk.outcome("def scaled(x, factor=2.0):\n    return 2.0 * x\n") == "failed"
    assert (tmp_path / "calls").exists()


def test_the_known_mistakes_are_studied_while_there_is_time(desk, tmp_path):
    mistaken = tmp_path / "mistaken"
    assert desk.outcome(RIGHT) == "passed"
    cases = (tmp_path / "calls").stat().st_size
    assert desk.outcome("def scaled(x, factor=2.0):\n    return 2.5 * x\n") == "failed"
    until(lambda: mistaken.stat().st_size >= 2 * cases)
    until(lambda: len(processes_of(tmp_path)) == 1)  # the child that studied has told what it knows
    mistaken.unlink()
    assert desk.outcome("def scaled(x, factor=2.0):\n    return 2.25 * x\n") == "failed"
    assert not mistaken.exists()


def test_what_was_learned_gives_the_same_verdicts_for_every_exercise(course):
    known = Course(course)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    process = PreloadedProcess(known, known.exercises, events.put)
    try:
        for number, entry in enumerate([*known, *known, *known]):
            file = entry.solution / "reference.py"
            process.start(Request(number, entry.slug, str(file), "pytest"))
            reports = []
            while not isinstance(event := events.get(timeout=PATIENCE), JudgingEnd):
                reports.append((event.probe, event.outcome))
            assert event == JudgingEnd(number)
            assert reports
            assert {outcome for _, outcome in reports} == {"passed"}, entry.slug
    finally:
        process.close()


def test_what_other_exercises_need_is_imported_while_there_is_time(course):
    grader = course / "graders/module2/softmax.py"
    grader.write_text("import PIL.Image\n" + grader.read_text())
    known = Course(course)
    file = known["module1/moving_average"].stub
    file.write_text("import sys\nprint('PIL.Image' in sys.modules)\n")
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    process = PreloadedProcess(known, known.exercises, events.put)

    def is_imported() -> bool:
        process.start(Request(1, "module1/moving_average", str(file), "pytest"))
        while not isinstance(event := events.get(timeout=PATIENCE), JudgingEnd):
            pass
        assert event.printed[1].strip() in ("True", "False")
        return event.printed[1].strip() == "True"

    try:
        until(is_imported)
    finally:
        process.close()


def test_the_newest_save_wins(desk, tmp_path):
    mark = tmp_path / "running"
    endless = f"def scaled(x, factor=2.0):\n    open({str(mark)!r}, 'w')\n    while True: pass\n"
    desk.save(endless)
    until(mark.exists)
    started = time.monotonic()
    assert desk.outcome(RIGHT) == "passed"
    assert time.monotonic() - started < 20, "the older save was judged to its end"


def test_an_endless_loop_ends_at_the_limit_of_pytest(desk):
    report, _ = desk.judge("def scaled(x, factor=2.0):\n    while True: pass\n")
    assert report.outcome == "timed out"
    assert "Your code was stopped after " in report.message


def test_an_endless_loop_that_catches_everything_is_told_as_in_pytest(desk):
    source = """
        import time
        def scaled(x, factor=2.0):
            while True:
                try:
                    time.sleep(0.02)
                except:
                    pass
        """
    (end,) = desk.judge(source)
    assert "catches every exception, also the one that stops it." in end.died
    assert desk.outcome(RIGHT) == "passed"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("import ctypes; ctypes.string_at(0)", "segmentation fault (SIGSEGV), in line 2 (scaled)"),
        ("import os; os.abort()", "abort (SIGABRT), in line 2 (scaled)"),
        ("import os; os._exit(0)", "it ended with status 0, as os._exit does"),
        ("import os; os._exit(7)", "it ended with status 7, as os._exit does"),
        ("import os; os.kill(os.getpid(), 9)", "killed, perhaps because memory ran out (SIGKILL)"),
        ("import os; os.closerange(3, 100)", ""),
    ],
)
def test_a_child_that_dies_is_told_and_the_next_save_is_judged(desk, body, reason):
    assert desk.outcome(RIGHT) == "passed"
    end = desk.judge(f"def scaled(x, factor=2.0):\n    {body}\n")[-1]
    assert isinstance(end, JudgingEnd)
    assert end.died == reason or (not reason and end.died)
    assert desk.outcome(RIGHT) == "passed"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("def scaled(x:\n", "Your file can't be judged: syntax error: "),
        ("", "Your file can't be judged: your file has no `scaled`."),
        ("import nonesuch\n", "the file imports `nonesuch`, which is not installed."),
        ("raise SystemExit\n", "the file ends the program when it is run"),
        (
            "def scaled(x, factor=2.0):\n    breakpoint()\n    return 2 * x\n",
            "Your code stops at a breakpoint",
        ),
        ("breakpoint()\n" + RIGHT, "Your code stops at a breakpoint"),
    ],
)
def test_a_file_that_can_t_be_judged_is_told(desk, content, told):
    report, _ = desk.judge(content)
    assert report.outcome == "unusable"
    assert told in " ".join(report.message.split())


def test_a_file_that_is_not_utf_8_and_one_that_is_gone_are_told(desk):
    desk.file.write_bytes(b"x = '\xff\xfe'\n")
    desk.number += 1
    desk.process.start(Request(desk.number, SLUG, str(desk.file), "pytest"))
    assert "is not UTF-8 text" in desk.reports()[0].message
    desk.file.unlink()
    desk.number += 1
    desk.process.start(Request(desk.number, SLUG, str(desk.file), "pytest"))
    assert "there is no file scaled.py" in desk.reports()[0].message


def test_prints_are_shown_cut_and_harmless(desk):
    flood = "print('\\x1b[2Jhello')\nfor n in range(10**5): print('flood', n)\n"
    end = desk.judge(flood + RIGHT)[-1]
    assert end.printed[:3] == ("Your file printed, while it was loaded:", "    hello", "    flood 0")
    assert len(end.printed) < 30
    assert end.printed[-1].strip().endswith("more lines)")


def test_what_goes_straight_to_the_descriptors_disturbs_nothing(desk):
    shouting = "import os\nfor n in (1, 2):\n    os.write(n, b'x' * 1_000_000)\n"
    assert desk.outcome(shouting + RIGHT) == "passed"


def test_processes_that_the_code_started_end_with_it(desk, tmp_path):
    started = tmp_path / "started"
    source = f"""
        import os, subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", "import time; open({str(started)!r}, 'w'); time.sleep(999)"])
        while not os.path.exists({str(started)!r}): time.sleep(0.01)
        def scaled(x, factor=2.0): return 2 * x
        """
    assert desk.outcome(source) == "passed"
    until(lambda: not any("time.sleep(999)" in line for line in processes_of(tmp_path).values()))


def test_a_defect_of_the_grader_costs_no_point(desk):
    desk.workshop.write(f"graders/{SLUG}.py", "import nonesuch\n" + GRADER)
    report, _ = desk.judge(RIGHT)
    assert (report.outcome, report.points) == ("grader error", report.worth)
    assert "GRADER ERROR" in report.message
    desk.workshop.write(f"graders/{SLUG}.py", "no Python")
    assert desk.judge(RIGHT)[0].outcome == "grader error"
    desk.workshop.write(f"graders/{SLUG}.py", GRADER)
    assert desk.outcome(RIGHT) == "passed"


def test_at_the_end_no_process_is_left_whatever_is_under_way(desk, tmp_path):
    desk.save("import time\nwhile True: time.sleep(1)\n")
    until(lambda: len(processes_of(tmp_path)) == 2)  # the one that waits, and its child
    desk.process.close()
    until(lambda: not processes_of(tmp_path))


def test_when_the_process_that_forks_dies_this_is_told_and_its_child_dies_too(desk, tmp_path):
    desk.save("import time\nwhile True: time.sleep(1)\n")
    until(lambda: len(processes_of(tmp_path)) == 2)
    os.kill(desk.process._process.pid, 9)
    assert desk.reports() == [JudgeGone("the process that judges ended with status -9")]
    until(lambda: not processes_of(tmp_path))


@pytest.mark.tensorflow
@pytest.mark.slow
def test_a_framework_runs_in_every_child_and_never_in_the_process_that_forks(tmp_path):
    """After one operation of the parent's, a forked child would hang for good."""
    reference = textwrap.dedent('''
        """Multiply."""
        import keras
        import numpy as np

        def scaled(x, factor=2.0):
            """Text."""
            return np.array(keras.ops.multiply(x, factor))
        ''')
    options = '[environment]\nKERAS_BACKEND = "tensorflow"\nTF_CPP_MIN_LOG_LEVEL = "3"\nCUDA_VISIBLE_DEVICES = "-1"\n'
    desk = Desk(make_workshop(tmp_path, reference=reference, course=options))
    try:
        for number in range(3):
            assert desk.outcome(f"{reference}# {number}\n") == "passed"
    finally:
        desk.process.close()


def test_deaths_are_described_by_signal_status_and_the_learners_line() -> None:
    said = 'Fatal Python error: x\n\n  File "/a/other.py", line 3 in g\n  File "/a/my.py", line 9 in f\n'
    assert describe_death(11, said, "/a/my.py") == "segmentation fault (SIGSEGV), in line 9 (f)"
    assert describe_death(11, said, "/a/none.py") == "segmentation fault (SIGSEGV)"
    assert describe_death(31, "", "") == "SIGSYS"
    assert describe_death(256, "Traceback\nMemoryError: x\n", "") == (
        "it ended with status 1, as os._exit does: MemoryError: x"
    )
    assert sys.platform == "linux"
