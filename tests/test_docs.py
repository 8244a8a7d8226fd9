"""Every command that the documentation shows is run, and says what the page shows of it."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .kernels import kernel_environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = ("index", "learner", "instructor", "authoring", "fairness")

# What needs another machine, a terminal or a network: where a test does the same.
ELSEWHERE = {
    "python3 noxfile.py -s grade": ".ci/run, which sets all up by the same script",
    ". .nox/kata/bin/activate": ".ci/run",
    "python3 -m venv .venv": "tests/test_kit.py",
    ". .venv/bin/activate": "tests/test_kit.py",
    "python -m pip install -c constraints.txt .": "tests/test_kit.py",
    "kata watch module6/bellman_update": "tests/test_watch.py",
    "kata autograde submitted --results postgresql://kata@db.example.edu/grades": "tests/results/test_class.py",
    "kata show ada --results postgresql://kata@db.example.edu/grades": "tests/results/test_class.py",
    "dask scheduler": "tests/test_cluster.py",
    "dask worker tcp://scheduler.example.edu:8786 --nthreads 1": "tests/test_cluster.py",
    "kata autograde submitted --dask tcp://scheduler.example.edu:8786": "tests/test_cluster.py",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `title` is the file whose text it is."""

    language: str
    title: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    source = page.read_text(encoding="utf-8")
    for found in re.finditer(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', source, re.MULTILINE | re.DOTALL):
        language, title, text = found.groups()
        yield Block(language, title or "", text, source[: found.start()].count("\n") + 2)


def words(text: str) -> str:
    """A text on one line, however wide the terminal was."""
    return " ".join(text.split())


def replace_function(path: Path, source: str) -> None:
    """Put a function in the place of the one with its name."""
    text = path.read_text(encoding="utf-8")
    [new] = ast.parse(source).body
    [old] = [node for node in ast.parse(text).body if getattr(node, "name", "") == new.name]
    lines = text.splitlines(keepends=True)
    lines[old.lineno - 1 : old.end_lineno] = [source]
    path.write_text("".join(lines), encoding="utf-8")


class Reader:
    """Does what a page says, in a clone."""

    def __init__(self, clone: Path, environment: dict[str, str]) -> None:
        self.clone = self.folder = clone
        self.environment = environment

    def write(self, block: Block) -> None:
        """Write the file that a block shows, or put its function into it."""
        path = self.clone / block.title
        if block.language == "python":
            replace_function(path, block.text)
        else:
            path.write_text(block.text, encoding="utf-8")

    def run(self, line: str) -> str:
        """Run a line as a shell does, see that it ends with the status its comment tells, and return its output."""
        command, _, comment = (part.strip() for part in line.partition(" #"))
        if command in ELSEWHERE:
            return ""
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return ""
        told = re.match(r"status (\d)", comment)
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert done.returncode == (int(told[1]) if told else 0), f"{line}\n{done.stdout}"
        return done.stdout


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A copy of the project, as a clone has it, and an environment in which its programs are found."""
    clone = tmp_path / "clone"
    ignored = shutil.ignore_patterns(
        *("__pycache__", ".*_cache", ".git", ".kata", ".hypothesis", ".nox", "site", "references", "hostile")
    )
    shutil.copytree(ROOT, clone, ignore=ignored)
    (tmp_path / "home").mkdir()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))
    }
    return Reader(
        clone,
        {
            **environment,
            **kernel_environment(tmp_path / "home"),
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "COLUMNS": "80",
        },
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_do_what_it_says(name: str, reader: Reader) -> None:
    output = ""
    for block in blocks(DOCS / f"{name}.md"):
        if block.title:
            reader.write(block)
        elif block.language == "sh":
            output = "\n".join(reader.run(line) for line in block.text.splitlines())
        elif block.language == "text" and output:
            for line in block.text.splitlines():
                assert words(line) in words(output), f"{name}.md, line {block.line}: not said\n{output}"
            output = ""  # a text that follows is no output


def test_no_page_is_left_out_and_nothing_is_excused_that_no_page_shows() -> None:
    shown = {
        line.partition(" #")[0].strip()
        for page in DOCS.rglob("*.md")
        for block in blocks(page)
        if block.language == "sh" and not (page.parent == DOCS and page.stem not in PAGES)
        for line in block.text.splitlines()
    }
    assert set(ELSEWHERE) <= shown
    assert {page.stem for page in DOCS.glob("*.md")} == set(PAGES)
    assert not [page for page in DOCS.glob("*/*.md") if any(one.language == "sh" for one in blocks(page))]


def test_what_a_page_can_not_show_is_tested_where_it_is_said() -> None:
    assert [where for where in ELSEWHERE.values() if not (ROOT / where.partition(",")[0]).is_file()] == []
