"""From a save to the verdict in `kata watch`, in a real terminal of its own: the median of 20 saves.

    python benchmarks/watch_latency.py                       the exercises with a wrong answer in tests/answers
    python benchmarks/watch_latency.py module2/inverted_dropout

A copy of the course is watched. The reference, and the wrong answer where there is one, are saved in turn, each
time with another comment at the end, a second after the verdict before. Times are in seconds of wall-clock time;
`load` is how many processes wanted to run in the last minute, which on a busy machine is most of what is measured;
the CPU time of the judging alone is what it comes to on a machine with a free core, but for some 0.05 s of watching.
"""

import argparse
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
TARGETS = {"numpy": 1.0, "keras": 1.5}
PAUSE = 1.0
LONGEST = 300.0
END = re.compile(rb"Points: [\d.]+ / [\d.]+.*?Keys:", re.DOTALL)


class WatchedTerminal:
    """`kata watch` in a pseudo-terminal; its verdicts are counted as they appear."""

    def __init__(self, root: Path, slug: str) -> None:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (40, 80))
        code = "import sys; from keras_kata.cli import app; app(sys.argv[1:])"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, "watch", slug],
            cwd=root,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm-256color"},
            start_new_session=True,
            preexec_fn=lambda: os.close(os.open(os.ttyname(theirs), os.O_RDWR)),  # its controlling terminal
        )
        os.close(theirs)
        self._terminal = ours
        self._said = b""

    def verdict(self) -> bytes:
        """Wait for the next verdict; what was written up to its end."""
        deadline = time.monotonic() + LONGEST
        while not (found := END.search(self._said)):
            if not select.select([self._terminal], [], [], deadline - time.monotonic())[0]:
                raise TimeoutError(self._said.decode(errors="replace"))
            self._said += os.read(self._terminal, 65536)
        verdict, self._said = self._said[: found.end()], self._said[found.end() :]
        return verdict

    def seconds_of_cpu(self) -> float:
        """What the children of the process that forks have used so far: the judgings that are over."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        fields = Path(f"/proc/{children[0]}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def quit(self) -> None:
        """Press q."""
        os.write(self._terminal, b"q")
        while True:
            try:
                if not os.read(self._terminal, 65536):
                    break
            except OSError:  # all ends of the terminal are closed
                break
        self._process.wait(30)
        os.close(self._terminal)


def save(file: Path, text: str) -> None:
    """Save as most editors do: at once, by renaming. Nobody ever reads half of it."""
    other = file.with_name(f".{file.name}.new")
    other.write_text(text, encoding="utf-8")
    other.replace(file)


def wrong_answer(slug: str) -> str | None:
    """The sample wrong answer of an exercise, if there is one."""
    found = sorted((ROOT / "tests" / "answers").glob(f"*/{slug}.py"))
    return found[0].read_text(encoding="utf-8") if found else None


def measure(root: Path, slug: str, saves: int) -> dict[str, object]:
    """Save right and wrong answers in turn.

    Returns:
        The exercise, its kind, how long the first verdicts took, and the medians and the slowest of the others.
    """
    answers = {"right": (ROOT / "solutions" / slug / "reference.py").read_text(encoding="utf-8")}
    if (wrong := wrong_answer(slug)) is not None:
        answers["wrong"] = wrong
    file = root / "exercises" / f"{slug}.py"
    kind = "keras" if any("keras" in text or "tensorflow" in text for text in answers.values()) else "numpy"
    row: dict[str, object] = {"exercise": slug, "kind": kind, "target": TARGETS[kind]}
    seconds: dict[str, list[float]] = {name: [] for name in answers}
    cpu: dict[str, list[float]] = {name: [] for name in answers}
    started = time.monotonic()
    terminal = WatchedTerminal(root, slug)
    terminal.verdict()
    row["start"] = time.monotonic() - started
    for number in range(saves + 1):
        for name, text in answers.items():
            time.sleep(PAUSE)
            used, started = terminal.seconds_of_cpu(), time.monotonic()
            save(file, f"{text}\n# {number}\n")
            verdict = terminal.verdict()
            seconds[name].append(time.monotonic() - started)
            time.sleep(PAUSE / 2)  # the child's time is told when it has ended
            cpu[name].append(terminal.seconds_of_cpu() - used)
            if (b"Done." in verdict) != (name == "right"):
                raise RuntimeError(f"{slug}: not the verdict of a {name} answer:\n{verdict.decode()}")
    terminal.quit()
    for name, (first, *others) in seconds.items():
        row["load"] = os.getloadavg()[0]
        row |= {f"{name}, first": first, f"{name}, median": median(others), f"{name}, slowest": max(others)}
        row |= {f"{name}, median of CPU": median(cpu[name][1:])}
    return row


def main() -> None:
    """Measure, print a table, and write it with the numbers into benchmarks/results/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("slugs", nargs="*", metavar="EXERCISE")
    parser.add_argument("--saves", type=int, default=20)
    options = parser.parse_args()
    places = (ROOT / "tests" / "answers").glob("*/module*/*.py")
    slugs = options.slugs or sorted(f"{path.parent.name}/{path.stem}" for path in places)
    rows = []
    with tempfile.TemporaryDirectory(prefix="kata-bench-") as folder:
        root = Path(folder)
        for name in ("exercises", "graders", "solutions"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "course.toml", root)
        for slug in slugs:
            rows.append(measure(root, slug, options.saves))
            print(as_line(rows[-1]), flush=True)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / "watch_latency.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (results / "watch_latency.txt").write_text("\n".join(map(as_line, rows)) + "\n", encoding="utf-8")


def as_line(row: dict[str, object]) -> str:
    """A row, in words."""
    said = [f"{name} {value:.2f}" for name, value in row.items() if isinstance(value, float)]
    return f"{row['exercise']} ({row['kind']}): {'; '.join(said)}"


if __name__ == "__main__":
    main()
