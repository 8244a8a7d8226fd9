"""Windows and macOS: the learner's part with fork, timer signals and POSIX's own modules taken away."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import keras_kata

ROOT = Path(__file__).parents[1]
SHIM = Path(__file__).parent / "without_fork"
SOURCE = Path(keras_kata.__file__).parents[1]
PATIENCE = 240.0
KATA = ("-c", "from keras_kata.cli import app; app()")
MEAN = "module1/running_mean"


def environment() -> Mapping[str, str]:
    path = os.pathsep.join(map(str, (SHIM, SOURCE, ROOT)))
    return {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {"PYTHONPATH": path}


def run(*arguments: str, cwd: Path, status: int = 0) -> str:
    """What a Python that lacks those things says."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout


def pytest_says(*arguments: str, cwd: Path, status: int = 0) -> str:
    return run("-m", "pytest", "-p", "no:cacheprovider", *arguments, cwd=cwd, status=status)


def test_they_are_taken_away(tmp_path):
    code = """
import os, signal, importlib
assert not hasattr(os, "fork") and not hasattr(signal, "SIGALRM") and not hasattr(signal, "setitimer")
for name in ("resource", "fcntl", "termios", "pty", "pwd", "grp", "tty"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"{name} is there")
"""
    run("-c", code, cwd=tmp_path)


@pytest.mark.parametrize(
    "module",
    sorted(path.stem for path in (SOURCE / "keras_kata").glob("*.py") if path.stem.startswith("cli")),
)
def test_commands_are_there_at_once(tmp_path, module):
    run("-c", f"import keras_kata.{module}, keras_kata.plugin", cwd=tmp_path)


def test_exercises_are_judged_with_the_same_messages(course):
    said = pytest_says("exercises", "-q", cwd=course, status=1)
    assert "8 not attempted" in said
    (course / f"exercises/{MEAN}.py").write_text("""
class RunningMean:
    def __init__(self): self.values = []
    def add(self, value): self.values.append(value)
    def mean(self): return sum(self.values) / len(self.values)
""")
    said = pytest_says("exercises/module1", "-q", cwd=course, status=1)
    assert "Likely mistake (divided_by_no_values)" in said
    assert "Next hint:  kata hint module1/running_mean::no_values" in said
    assert "solutions" not in said
    said = pytest_says("solutions", "-q", cwd=course)
    assert re.search(r"^all +9 / 9$", said, re.MULTILINE)


def test_an_endless_loop_ends_at_the_limit(course):
    (course / f"exercises/{MEAN}.py").write_text("""
class RunningMean:
    def add(self, value):
        while True: pass
    def mean(self): return 0
""")
    said = pytest_says("exercises/module1/running_mean.py::means", "-q", cwd=course, status=1)
    assert "Your code was stopped after " in said


def test_the_commands_of_the_day_work(course):
    stub = course / f"exercises/{MEAN}.py"
    assert "  running_mean      - / 2  locked: after moving_average" in run(*KATA, "status", cwd=course)
    assert "(hint 1 of 2)" in run(*KATA, "hint", "running_mean", cwd=course)
    assert "(hint 2 of 2)" in run(*KATA, "hint", "running_mean", cwd=course)
    assert run(*KATA, "next", cwd=course).startswith("Next: module1/moving_average, The moving average")
    before = stub.read_text()
    stub.write_text("work")
    assert "Your file is kept as" in run(*KATA, "reset", "running_mean", cwd=course)
    assert stub.read_text() == before


def test_watch_judges_each_save_in_a_new_process(course, tmp_path):
    said = tmp_path / "said"
    command = [sys.executable, *KATA, "watch", "running_mean"]
    with (
        said.open("wb") as log,
        subprocess.Popen(
            command, cwd=course, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_for("Not attempted yet", said, process)
            solution = (course / f"solutions/{MEAN}/reference.py").read_text()
            (course / f"exercises/{MEAN}.py").write_text(solution)
            _wait_for("Points: 2 / 2", said, process)
        finally:
            process.terminate()
    assert "Traceback" not in said.read_text()


def _wait_for(text: str, file: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while text not in file.read_text():
        assert process.poll() is None, file.read_text()
        assert time.monotonic() < deadline, file.read_text()
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    "tests",
    [
        ["tests/test_limits.py", "-k", "thread or without_the_signal or system"],
        ["tests/test_plugin.py", "-k", "points or wrong_file or not_attempted or exception_shows or endless"],
        ["tests/test_progress.py", "tests/test_standing.py", "tests/test_hints.py", "tests/test_roadmap.py"],
    ],
    ids=["limits", "plugin", "progress"],
)
def test_the_learners_part_of_the_suite_passes(tests):
    said = pytest_says(*tests, "-q", "-p", "no:xdist", cwd=ROOT)
    assert " passed" in said
    assert " failed" not in said
