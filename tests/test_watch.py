"""`kata watch`, driven as a learner does: in a real terminal (tmux), and as lines where there is none."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keras_kata.progress import Progress
from tests.test_cli import judged
from tests.test_preloaded import processes_of, until

needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None, reason="tmux, which is driven here, is not installed"
)
KATA = f"{sys.executable} -c 'from keras_kata.cli import app; app()'"
PATIENCE = 120.0
MEAN, AVERAGE = "module1/running_mean", "module1/moving_average"
KEYS = "Keys: h hint, n next, p previous, l list, a all, r again, q quit, ? help"
COLOURS = re.compile(r"\x1b\[([0-9;]*)m")
HALF_RIGHT = """
class RunningMean:
    def __init__(self): self.values = []
    def add(self, value): self.values.append(value)
    def mean(self): return sum(self.values) / len(self.values)
"""


class Terminal:
    """A shell in tmux."""

    def __init__(self, folder: Path, cwd: Path) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", os.devnull]
        size = ["-x", "80", "-y", "45"]
        environment = [
            f"-e{name}={os.environ[name]}" for name in ("PYTHONPATH", "PATH") if name in os.environ
        ]
        self.tmux("new-session", "-d", *size, *environment, "-c", str(cwd), "env PS1='$ ' sh -i")
        self.wait_for("$")

    def tmux(self, *arguments: str) -> str:
        run = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, timeout=PATIENCE)
        assert run.returncode == 0, run.stderr
        return run.stdout

    @property
    def screen(self) -> str:
        return self.tmux("capture-pane", "-p").rstrip()

    def wait_for(self, *texts: str) -> str:
        """Wait until all texts are on the screen; what is on it then."""
        deadline = time.monotonic() + PATIENCE
        while not all(text in (screen := self.screen) for text in texts):
            assert time.monotonic() < deadline, f"{texts} did not come; the screen shows:\n{screen}"
            time.sleep(0.05)
        return screen

    def wait_for_the_shell(self) -> None:
        """Wait for its prompt below what was shown."""
        deadline = time.monotonic() + PATIENCE
        while not self.screen.endswith("\n$"):
            assert time.monotonic() < deadline, self.screen
            time.sleep(0.05)

    def type(self, line: str) -> None:
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def press(self, key: str) -> None:
        self.tmux("send-keys", key)

    def resize(self, columns: int) -> None:
        self.tmux("resize-window", "-x", str(columns), "-y", "45")


@pytest.fixture
def terminal(tmp_path: Path, course: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path, course)
    yield found
    found.tmux("kill-server")


def reference(course: Path, slug: str) -> str:
    return (course / "solutions" / slug / "reference.py").read_text()


def by_write(file: Path, text: str) -> None:
    file.write_text(text)


def by_renaming(file: Path, text: str) -> None:
    other = file.with_name(f".{file.name}.swp")
    other.write_text(text)
    other.replace(file)


def by_backup_and_renaming(file: Path, text: str) -> None:
    """As vim does it."""
    file.rename(f"{file}~")
    file.write_text(text)


def by_deleting_and_making(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


@needs_tmux
def test_a_session_from_the_start_to_the_end(terminal: Terminal, course: Path) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    terminal.type("stty -g > before")
    terminal.type(f"{KATA} watch")
    terminal.wait_for(
        "module1/moving_average: The moving average", "Points: 0 / 2", "Not attempted yet", KEYS
    )

    terminal.press("h")
    terminal.wait_for("module1/moving_average::averages  (hint 1 of 2)", KEYS)
    terminal.press("h")
    terminal.wait_for("(hint 2 of 2)", "That was the last hint")

    terminal.press("n")
    terminal.wait_for("module1/running_mean: A mean that is kept up to date", "Points: 0 / 2")
    file.write_text(HALF_RIGHT)
    screen = terminal.wait_for("Points: 1.5 / 2", "Likely mistake (divided_by_no_values)")
    assert "  means      1.5 / 1.5  passed\n" in screen
    assert "  no_values    0 / 0.5  raised: divided_by_no_values\n" in screen
    assert "Run again:  pytest exercises/module1/running_mean.py::no_values" in screen

    assert set(COLOURS.findall(terminal.tmux("capture-pane", "-p", "-e"))) <= {
        "0",
        "1",
        "31",
        "32",
        "39",
        "49",
    }

    file.write_text(reference(course, MEAN))
    terminal.wait_for("Points: 2 / 2", "Done; press n for the next: module2/softmax, Softmax.")
    assert Progress(course).of(MEAN, file) == {
        "means": ("passed", 1.5, 1.5),
        "no_values": ("passed", 0.5, 0.5),
    }

    terminal.press("l")
    terminal.wait_for("  running_mean      2 / 2  done", "  softmax           - / 2  unlocked")
    terminal.press("?")
    terminal.wait_for("The keys:", "  p  previous  go to the previous exercise")
    terminal.resize(50)
    screen = terminal.wait_for("  p  previous  go to the previous exercise, and\n")
    assert max(map(len, screen.splitlines())) <= 50
    terminal.resize(80)
    terminal.press("a")
    terminal.wait_for("Judged 4 of 4 exercises", "  module1/running_mean      2 / 2  done", "All are judged.")
    terminal.press("Up")  # no key of ours, and no letter either
    terminal.press("p")
    terminal.wait_for("module2/softmax: Softmax", "Points: 0 / 2")

    terminal.press("q")
    terminal.wait_for_the_shell()
    terminal.type("echo status $?; stty -g > after")
    terminal.wait_for("status 0")
    until((course / "after").exists)
    assert (course / "before").read_text() == (course / "after").read_text()
    until(lambda: not processes_of(course))


@needs_tmux
@pytest.mark.parametrize("save", [by_write, by_renaming, by_backup_and_renaming, by_deleting_and_making])
def test_saves_are_noticed_however_the_editor_makes_them(
    terminal: Terminal, course: Path, save: Callable[[Path, str], None]
) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    terminal.type(f"{KATA} watch exercises/module1/running_mean.py")
    terminal.wait_for("Not attempted yet")
    save(file, HALF_RIGHT)
    terminal.wait_for("Points: 1.5 / 2")
    save(file, reference(course, MEAN))
    terminal.wait_for("Points: 2 / 2", "Done. No other exercise is watched")
    save(file, "def broken(:\n")
    terminal.wait_for("Points: 0 / 2", "syntax error")
    file.unlink()
    terminal.wait_for(
        "There is no file exercises/module1/running_mean.py.", "kata reset module1/running_mean"
    )
    save_new = by_renaming if save is not by_write else by_write
    save_new(file, reference(course, MEAN))
    terminal.wait_for("Points: 2 / 2")
    terminal.press("C-c")
    terminal.wait_for_the_shell()
    until(lambda: not processes_of(course))
    terminal.type("echo back $?")
    terminal.wait_for("back 0")


@needs_tmux
def test_broken_files_and_dying_processes_end_no_session(terminal: Terminal, course: Path) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    terminal.type(f"{KATA} watch running_mean")
    terminal.wait_for("Not attempted yet")
    file.write_bytes(b"x = '\xff'")
    terminal.wait_for("is not UTF-8 text")
    file.write_text("print('\\x1b[2J' + 'flood ' * 10**6)\nimport os\nos.abort()\n")
    terminal.wait_for("The process that ran your code died: abort (SIGABRT), in line 3")
    file.write_text("print('flood\\n' * 10**6)\n" + reference(course, MEAN))
    terminal.wait_for("Points: 2 / 2", "more lines)")
    file.write_text(HALF_RIGHT.replace("self.values.append(value)", "\n        while True: pass"))
    terminal.wait_for("Judging exercises/module1/running_mean.py ...")
    file.write_text(HALF_RIGHT)
    terminal.wait_for("Points: 1.5 / 2")
    shutil.rmtree(course / "exercises")
    terminal.wait_for("There is no file")
    file.parent.mkdir(parents=True)
    file.write_text(reference(course, MEAN))
    terminal.wait_for("Points: 2 / 2")
    terminal.press("q")
    until(lambda: not processes_of(course))


@needs_tmux
def test_stopped_by_ctrl_z_it_gives_the_terminal_back_until_it_goes_on(
    terminal: Terminal, course: Path
) -> None:
    terminal.type("stty -g > before")
    terminal.type(f"{KATA} watch softmax")
    terminal.wait_for("Not attempted yet")
    terminal.press("C-z")
    terminal.wait_for_the_shell()
    terminal.type("stty -g > stopped; clear; echo back")
    until(lambda: terminal.screen == "back\n$")  # what watch had shown before is gone
    terminal.type("fg")
    terminal.wait_for("Not attempted yet", KEYS)
    assert (course / "before").read_text() == (course / "stopped").read_text()
    terminal.press("h")
    terminal.wait_for("(hint 1 of 2)")
    terminal.press("q")
    until(lambda: not processes_of(course))


@needs_tmux
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_killed_it_leaves_no_process_behind(terminal: Terminal, course: Path, end: signal.Signals) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    terminal.type("stty -g > before")
    terminal.type(f"{KATA} watch running_mean & echo $! > pid; fg")
    terminal.wait_for("Not attempted yet")
    file.write_text("while True: pass\n")
    until(lambda: len(processes_of(course)) == 2)
    os.kill(int((course / "pid").read_text()), end)
    until(lambda: not processes_of(course))
    if end is signal.SIGTERM:
        terminal.wait_for_the_shell()
        terminal.type("stty -g > after; echo all done")
        terminal.wait_for("\nall done")
        assert (course / "before").read_text() == (course / "after").read_text()


class Lines:
    """`kata watch` without a terminal: what it says, as lines."""

    def __init__(self, course: Path, *arguments: str, **environment: str) -> None:
        code = "from keras_kata.cli import app; app()"
        self.log = (course.parent / "said").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "watch", *arguments],
            cwd=course,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env={key: value for key, value in os.environ.items() if key != "COLUMNS"} | environment,
        )

    @property
    def said(self) -> str:
        return Path(self.log.name).read_text()

    def wait_for(self, text: str, times: int = 1) -> str:
        deadline = time.monotonic() + PATIENCE
        while (said := self.said).count(text) < times:
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)
        return said

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(course: Path) -> Iterator[Callable[..., Lines]]:
    started: list[Lines] = []

    def start(*arguments: str, **environment: str) -> Lines:
        started.append(Lines(course, *arguments, **environment))
        return started[-1]

    yield start
    for lines in started:
        lines.process.kill()
        lines.process.wait()
        lines.log.close()


@pytest.mark.parametrize("mode", [[], ["--fresh"]], ids=["forked", "fresh"])
def test_without_a_terminal_verdicts_are_plain_lines(watching, course: Path, mode: list[str]) -> None:
    judged(course, AVERAGE, averages="passed", impossible_widths="passed")
    lines = watching("module1", *mode)
    lines.wait_for("module1/running_mean: A mean that is kept up to date")
    file = course / "exercises" / f"{MEAN}.py"
    lines.wait_for("Not attempted yet: edit exercises/module1/running_mean.py and save it")
    file.write_text(HALF_RIGHT)
    lines.wait_for("Points: 1.5 / 2")
    file.write_text(reference(course, MEAN))
    said = lines.wait_for("Done; the next one is: module1/moving_average, The moving average.")
    assert Progress(course).of(MEAN, file) == {
        "means": ("passed", 1.5, 1.5),
        "no_values": ("passed", 0.5, 0.5),
    }
    other = course / "exercises" / f"{AVERAGE}.py"
    other.write_text("import numpy\ndef moving_average(series, width): return numpy.convolve(series, 1)\n")
    lines.wait_for("Not allowed in this exercise: line 2 uses `numpy.convolve`.")
    assert lines.end() == 128 + signal.SIGTERM
    assert "\x1b" not in said
    assert "Keys:" not in said
    assert max(map(len, said.splitlines())) <= 80
    until(lambda: not processes_of(course))


def test_the_messages_are_those_of_pytest(watching, course: Path) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    file.write_text(HALF_RIGHT)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", f"exercises/{MEAN}.py"],
        *(), cwd=course, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    start = run.stdout.index("no_values: The mean of an object")
    message = run.stdout[start : run.stdout.index("=====", start)].rstrip()
    assert message.count("\n") > 8
    lines = watching("running_mean")
    assert message in lines.wait_for("Points: 1.5 / 2")
    fresh = watching("running_mean", "--fresh")
    assert message in fresh.wait_for("Points: 1.5 / 2")


def test_a_process_that_dies_in_the_new_process_is_told(watching, course: Path) -> None:
    (course / "exercises" / f"{MEAN}.py").write_text("import os\nos._exit(5)\n")
    lines = watching("running_mean", "--fresh")
    said = lines.wait_for("Points: 0 / 2")
    assert "The process that ran your code died: pytest ended with status 5." in said
    assert re.search(r"  means        0 / 1.5  crashed\n  no_values    0 / 0.5  not judged\n", said)


def test_a_newer_save_ends_the_process_of_the_older(watching, course: Path) -> None:
    file = course / "exercises" / f"{MEAN}.py"
    file.write_text(f"open({str(course / 'running')!r}, 'w')\nwhile True: pass\n")
    lines = watching("running_mean", "--fresh")
    until((course / "running").exists)
    file.write_text(reference(course, MEAN))
    lines.wait_for("Points: 2 / 2")
    assert "Points: 0 / 2" not in lines.said
    assert lines.end() == 128 + signal.SIGTERM
    until(lambda: not processes_of(course))


def test_when_the_process_that_forks_is_killed_saves_are_judged_in_new_ones(watching, course: Path) -> None:
    lines = watching("running_mean")
    lines.wait_for("Not attempted yet")
    for process, line in processes_of(course).items():
        if "keras_kata.preloaded" in line:
            os.kill(process, signal.SIGKILL)
    lines.wait_for("each save is judged in a new process now")
    (course / "exercises" / f"{MEAN}.py").write_text(reference(course, MEAN))
    lines.wait_for("Points: 2 / 2")


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("nonesuch", "no exercise is called 'nonesuch'."),
        ("solutions", "solutions has no exercise's file in it"),
        ("course.toml", "course.toml is no exercise's file"),
    ],
)
def test_a_place_without_exercises_is_told(course: Path, place: str, problem: str) -> None:
    command = [sys.executable, "-c", "from keras_kata.cli import app; app()", "watch", place]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 1
    assert run.stderr.startswith(f"kata: {problem}")
