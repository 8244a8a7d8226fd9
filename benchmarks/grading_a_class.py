"""Grading a class: `kata autograde` beside nbgrader's autograder, beside a pytest process for each submission, and
beside what the submissions themselves need.

    python benchmarks/grading_a_class.py                     24 students, every exercise: an hour and more
    python benchmarks/grading_a_class.py --students 6 module6/bellman_update module2/inverted_dropout
    python benchmarks/grading_a_class.py --sizes 10 100 1000 --of module6/bellman_update

Two of three students hand in the reference, the third a mutant of it: a wrong answer whose failing case has to be
made small. Everyone's file differs by a comment, so that no answer is known from another student's. All rates are
submissions per minute on `--jobs` processes, with starting up and, for us, drawing the cases and asking the
reference. nbgrader and pytest are slow, so they get `--sample` students of the same class, one of whom is wrong.

`warm` calls the probes of the right answers in one process per core that has imported everything: nothing is drawn,
compared, kept or held back. `overhead` is what `kata autograde` takes for the same answers, over that.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import psutil

from keras_kata.course import Course
from keras_kata.mutants import make_mutants

ROOT = Path(__file__).parents[1]
SEED = 20261121
CODE = "from keras_kata.cli import app; app(prog_name='kata')"
KATA = [sys.executable, "-c", CODE]


@dataclass
class Class:
    """Students' files in a temporary folder, beside a course.

    Attributes:
        root: a copy of the course.
        slugs: what everyone hands in.
        students: their names; every third is wrong.
    """

    root: Path
    slugs: Sequence[str]
    students: Sequence[str]
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def submitted(self) -> Path:
        """The folder of everybody's folders."""
        return self.root / "submitted"

    def is_right(self, student: str) -> bool:
        """Whether a student hands in the reference."""
        return self.students.index(student) % 3 != 1

    def answer(self, student: str, slug: str) -> str:
        """What a student hands in for an exercise."""
        text = (self.root / "solutions" / slug / "reference.py").read_text(encoding="utf-8")
        if not self.is_right(student):
            if slug not in self.wrong:
                self.wrong[slug] = list(wrong_answers(text))
            text = next(islice(cycle(self.wrong[slug]), self.students.index(student) // 3, None))
        return f"{text}\n# handed in by {student}\n"

    def hand_in(self) -> None:
        """Write everybody's files."""
        for student in self.students:
            for slug in self.slugs:
                file = self.submitted / student / f"{slug}.py"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(self.answer(student, slug), encoding="utf-8")


def wrong_answers(text: str) -> Iterator[str]:
    """Mutants of a reference in which a number or an operator is another one: these end."""
    for mutant in make_mutants(text):
        before, _, after = mutant.id.partition(" -> ")
        if len(before) < 120 and "while" not in before and "call" not in after:
            yield ast.unparse(mutant.tree)


def kata(root: Path, *arguments: str) -> float:
    """Run a kata command; its seconds."""
    started = perf_counter()
    done = subprocess.run([*KATA, *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"kata {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return perf_counter() - started


def autograde(group: Class, jobs: int, results: str, students: Sequence[str] = ()) -> float:
    """Grade a class, or some of it; the seconds."""
    named = [f"--student={student}" for student in students]
    options = [f"--jobs={jobs}", f"--seed={SEED}", f"--results={group.root / results}", *named]
    return kata(group.root, "autograde", "submitted", *options)


def with_pytest(group: Class, jobs: int, students: Sequence[str]) -> float:
    """A pytest process for each file, `jobs` at a time; the seconds."""

    def judged(file: Path) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
        done = subprocess.run(command, cwd=group.root, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stdout + done.stderr)

    files = [group.submitted / student / f"{slug}.py" for student in students for slug in group.slugs]
    started = perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(judged, files))
    return perf_counter() - started


def with_nbgrader(group: Class, students: Sequence[str]) -> float:
    """nbgrader's own autograder on the notebooks of the same answers; the seconds of that alone."""
    kata(group.root, "notebooks", *group.slugs)
    room = group.root / "nbgrader"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "HOME": str(group.root)}

    def nbgrader(*arguments: str) -> None:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=room, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])

    modules = sorted({slug.partition("/")[0] for slug in group.slugs})
    for module in modules:
        nbgrader("generate_assignment", module)
    for student in students:
        for slug in group.slugs:
            notebook = json.loads((room / "release" / f"{slug}.ipynb").read_text(encoding="utf-8"))
            solutions = [
                cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")
            ]
            solutions[0]["source"] = group.answer(student, slug)
            for cell in solutions[1:]:
                cell["source"] = ""
            file = room / "submitted" / student / f"{slug}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(notebook), encoding="utf-8")
    started = perf_counter()
    for module in modules:
        nbgrader("autograde", module)
    return perf_counter() - started


def called_warm(root: Path, slug: str, times: int) -> float:
    """Call the probes of a right answer with all cases of a run; the seconds."""
    from keras_kata.judge import Judge
    from keras_kata.worker import Worker

    course = Course(root)
    judge = Judge(course, course[slug], SEED)
    cases = {name: judge.known.trial(probe).cases for name, probe in judge.probes.items()}
    implementation = judge.load(course[slug].solution / "reference.py").implementation
    assert implementation is not None
    worker = Worker(judge.runtime, {})
    seconds = 0.0
    for number in range(times + 1):  # the first time, TensorFlow sets itself up
        started = perf_counter()
        for name, several in cases.items():
            for case in several:
                worker.observe(implementation, judge.probes[name], case, 3600.0)
        seconds += perf_counter() - started if number else 0
    return seconds


def warm(group: Class, jobs: int, times: int) -> float:
    """What the right answers of a class need, if every core is at work from beginning to end; seconds of a clock."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        asked = [pool.submit(called_warm, group.root, slug, times) for slug in group.slugs]
        return sum(one.result() for one in asked) / jobs


class Memory:
    """The largest memory that a command's processes had: its own, and that of the largest of its descendants.

    A context manager around the command; looks four times a second.

    Attributes:
        own: MiB of the command's own process, the coordinator.
        largest: MiB of the largest process below it: a judge, or the server that it forks workers from.
    """

    def __init__(self) -> None:
        self.own = self.largest = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.25):
            for command in psutil.Process().children():
                try:
                    self.own = max(self.own, command.memory_info().rss / 2**20)
                    sizes = [one.memory_info().rss / 2**20 for one in command.children(recursive=True)]
                except psutil.NoSuchProcess:
                    continue
                self.largest = max(self.largest, *sizes, 0.0)


def copy_of_the_course(folder: Path) -> Path:
    """A copy of the course, in which a run may write."""
    for name in ("exercises", "graders", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def compare(
    folder: Path, slugs: Sequence[str], students: int, sample: int, jobs: int
) -> list[dict[str, object]]:
    """The same class by everyone."""
    names = [f"student{number:03}" for number in range(students)]
    group = Class(copy_of_the_course(folder), slugs, names)
    group.hand_in()
    few, right = names[:sample], [name for name in names if group.is_right(name)]
    rows: list[dict[str, object]] = []

    def add(name: str, submissions: int, seconds: float) -> None:
        rows.append(
            {
                "what": name,
                "submissions": submissions,
                "seconds": round(seconds, 1),
                "per minute": round(60 * submissions / seconds, 1),
            }
        )
        print(table(rows[-1:]) if len(rows) > 1 else table(rows), flush=True)

    add("kata autograde", len(names) * len(slugs), autograde(group, jobs, "class.sqlite"))
    add(
        "kata autograde, right answers",
        len(right) * len(slugs),
        autograde(group, jobs, "right.sqlite", right),
    )
    add("warm, right answers", len(right) * len(slugs), warm(group, jobs, 1) * len(right))
    add("pytest for each submission", len(few) * len(slugs), with_pytest(group, jobs, few))
    add("nbgrader autograde", len(few) * len(slugs), with_nbgrader(group, few))
    rate = {str(row["what"]): float(str(row["per minute"])) for row in rows}
    ours = rate["kata autograde"]
    for row in rows[3:]:
        row["times as many"] = round(ours / float(str(row["per minute"])), 1)
    rows[1]["overhead"] = round(rate["warm, right answers"] / rate["kata autograde, right answers"], 2)
    return rows


def grow(folder: Path, slug: str, sizes: Sequence[int], jobs: int) -> list[dict[str, object]]:
    """Classes of several sizes, one exercise."""
    rows: list[dict[str, object]] = []
    for size in sizes:
        place = folder / str(size)
        group = Class(copy_of_the_course(place), [slug], [f"student{number:04}" for number in range(size)])
        group.hand_in()
        with Memory() as memory:
            seconds = autograde(group, jobs, "class.sqlite")
        row: dict[str, object] = {
            "submissions": size,
            "seconds": round(seconds, 1),
            "coordinator MiB": round(memory.own),
            "largest MiB": round(memory.largest),
        }
        if rows:
            more = size - int(str(rows[-1]["submissions"]))
            row["ms for each more"] = round(1000 * (seconds - float(str(rows[-1]["seconds"]))) / more, 1)
        rows.append(row)
        print(table([row]), flush=True)
    return rows


def table(rows: Sequence[dict[str, object]]) -> str:
    """Rows as text."""
    return "\n".join("  ".join(f"{name}: {value}" for name, value in row.items()) for row in rows)


def main() -> None:
    """Measure, print a table, and write it with the numbers into benchmarks/results."""
    parser = argparse.ArgumentParser(description="Measure the grading of a class.")
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--sample", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--of", default="module6/bellman_update")
    options = parser.parse_args()
    course = Course(ROOT)
    slugs = [course[name].slug for name in options.exercises] or list(course.exercises)
    with tempfile.TemporaryDirectory() as folder:
        if options.sizes:
            name, rows = "class_sizes", grow(Path(folder), options.of, options.sizes, options.jobs)
        else:
            name = "grading_a_class"
            rows = compare(Path(folder), slugs, options.students, options.sample, options.jobs)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "day": time.strftime("%Y-%m-%d")}
    (results / f"{name}.json").write_text(json.dumps({"rows": rows, **machine}, indent=1))
    (results / f"{name}.txt").write_text(table(rows) + "\n")
    print("\n" + table(rows))


if __name__ == "__main__":
    main()
