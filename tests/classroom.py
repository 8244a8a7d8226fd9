"""A small class that has handed in answers to the miniature course, really judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from keras_kata.course import Course
from keras_kata.judge import Judge
from keras_kata.provenance import grader_digest, versions
from keras_kata.results import NewRun, Store, Work
from keras_kata.untrusted_file import read_below
from keras_kata.verdicts import Verdict

MOVING, MEAN, SOFTMAX = "module1/moving_average", "module1/running_mean", "module2/softmax"

RIGHT = """
import numpy as np


def moving_average(series, width):
    if not 1 <= width <= len(series):
        raise ValueError("the width does not fit")
    starts = range(len(series) - width + 1)
    return np.array([sum(series[start : start + width]) / width for start in starts])
"""
SUMMED = RIGHT.replace(" / width", "")
RAISING = """
def moving_average(series, width):
    print("series:", series)
    raise KeyError(f"<b>{series}</b>")
"""
STUB = "def moving_average(series, width):\n    raise NotImplementedError\n"
FORBIDDEN = """
import numpy as np


def moving_average(series, width):
    return np.convolve(series, np.ones(width) / width, "valid")
"""
BROKEN = "def moving_average(series, width:\n"
OWN_WAY = RIGHT.replace(" / width", " / width + 0.125")
SOFTMAX_RIGHT = """
import numpy as np


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
"""
SOFTMAX_OVERFLOWS = """
import numpy as np


def softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)
"""

CLASS: Mapping[str, Mapping[str, str]] = {
    "ada": {MOVING: RIGHT, SOFTMAX: SOFTMAX_RIGHT},
    "ben": {MOVING: SUMMED, SOFTMAX: SOFTMAX_OVERFLOWS},
    "cleo": {MOVING: RAISING},
    "dan": {MOVING: STUB},
    "eve": {MOVING: BROKEN, SOFTMAX: SOFTMAX_RIGHT},
    "fay": {MOVING: SUMMED},
    "gus": {MOVING: OWN_WAY},
    "hal": {MOVING: FORBIDDEN},
}

SEED = 7


@dataclass
class Classroom:
    """Judges and saves as a grading command does, in this process."""

    root: Path
    seed: int = SEED
    judges: dict[str, Judge] = field(default_factory=dict)

    @property
    def course(self) -> Course:
        return Course(self.root)

    def hand_in(self, answers: Mapping[str, Mapping[str, str]] = CLASS) -> Path:
        """Write submissions; gives the folder of all of them."""
        for student, files in answers.items():
            for slug, source in files.items():
                path = self.root / "submitted" / student / f"{slug}.py"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(source, encoding="utf-8")
        return self.root / "submitted"

    def judged(self, slug: str, source: str) -> list[Verdict]:
        """The real verdicts of some code."""
        if slug not in self.judges:
            self.judges[slug] = Judge(self.course, self.course[slug], self.seed)
        judge = self.judges[slug]
        return judge.judge_all(judge.loader.load_source(source, "answer.py"))

    def work(self, student: str, slug: str) -> Work:
        """What a submitted file is to the store."""
        module, name = slug.split("/")
        content = read_below(self.root / "submitted", (student, module), f"{name}.py", 10**6)
        return Work(student, slug, content.digest, grader_digest(self.course, self.course[slug]))

    def grade(self, store: Store, answers: Mapping[str, Mapping[str, str]] = CLASS) -> int:
        """Hand in, judge and save; gives the run's number."""
        self.hand_in(answers)
        run = store.begin_run(NewRun(self.seed, versions(), {"landlock": 7}, {"jobs": 2}))
        for student, files in answers.items():
            for slug, source in files.items():
                file = f"{student}/{slug}.py"
                store.save(run, self.work(student, slug), self.judged(slug, source), file=file)
        return run
