"""A class of students, for the tests of grading: a copy of the miniature course, and what was handed in."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_kata.results import Result, Store, open_store

from .conftest import MINI_COURSE, copy_mini_course

SLUG = "module1/moving_average"
OTHER = "module2/softmax"
STORE = "grades.sqlite"
SEED = 11
MISTAKE = "windows_summed"
WRONG = """
right = moving_average


def moving_average(series, width):
    return right(series, width) * width
"""
SLOW = """
import time

right = moving_average


def moving_average(series, width):
    time.sleep(0.02)
    return right(series, width)
"""


def source(slug: str) -> str:
    """A right answer."""
    return (MINI_COURSE / "solutions" / slug / "reference.py").read_text(encoding="utf-8")


class Class:
    """A copy of the miniature course, and a folder of submissions."""

    def __init__(self, folder: Path) -> None:
        self.root = copy_mini_course(folder / "course")
        self.submitted = folder / "submitted"
        self.submitted.mkdir()

    def hand_in(self, student: str, slug: str, text: str) -> Path:
        file = self.submitted / student / f"{slug}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def command(self, *arguments: str, name: str = "autograde") -> list[str]:
        code = "from keras_kata.cli import app; app(prog_name='kata')"
        files = [str(self.submitted)] if name in ("autograde", "regrade") else []
        return [sys.executable, "-c", code, name, *files, *arguments]

    def run(self, *arguments: str, name: str = "autograde", status: int = 0) -> str:
        """Run `kata`; what it prints, errors too."""
        done = subprocess.run(
            self.command(*arguments, name=name), cwd=self.root, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """`kata autograde` under way."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def store(self, name: str = STORE) -> Store:
        return open_store(self.root / name, create=False)

    def results(self, name: str = STORE) -> dict[tuple[str, str], Result]:
        with self.store(name) as store:
            return {(result.student, result.exercise): result for result in store.results()}

    def count(self, name: str = STORE) -> int:
        """How many verdicts are kept so far."""
        if not (self.root / name).exists():
            return 0
        with self.store(name) as store:
            return store.count()


def verdicts(result: Result) -> list[tuple[str, str, float, str | None]]:
    return [(one.probe, one.outcome, one.points, one.mistake) for one in result.verdicts]


def rows(results: dict[tuple[str, str], Result]) -> int:
    return sum(len(result.verdicts) for result in results.values())


def assert_full_marks(results: dict[tuple[str, str], Result]) -> None:
    lost = [verdict for one in results.values() for verdict in one.verdicts if verdict.outcome != "passed"]
    assert lost == []


def many_slow(pupils: Class, count: int = 10) -> None:
    for number in range(count):
        text = f"{source(SLUG)}\n{SLOW}\nNUMBER = {number}\n"
        pupils.hand_in(f"student{number:02}", SLUG, text)
