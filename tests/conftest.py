"""What the tests share: the miniature course, copied, and golden files."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from keras_kata.course import Course

pytest_plugins = ["pytester"]

collect_ignore = ["mini_course", "golden"]

MINI_COURSE = Path(__file__).parent / "mini_course"
GOLDEN = Path(__file__).parent / "golden"

Course(Path(__file__).parents[1]).set_environment()  # before any test imports TensorFlow


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden", action="store_true", help="rewrite tests/golden/ from what is now said"
    )
    parser.addoption(
        "--whole-course", action="store_true", help="replay every exercise's recording, not one: half an hour"
    )


def copy_mini_course(target: Path) -> Path:
    """A copy that a test may change."""
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".kata", ".hypothesis")
    return shutil.copytree(MINI_COURSE, target, ignore=ignored, dirs_exist_ok=True)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The root of a copy of the miniature course, which is also the current folder."""
    return copy_mini_course(tmp_path / "course")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of a name, or rewrite the file where that is asked for."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if request.config.getoption("regenerate_golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        assert path.is_file(), f"{path} is missing: run pytest --regenerate-golden and read it"
        assert text + "\n" == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def is_root() -> bool:
    """Whether file permissions hold nothing back."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
