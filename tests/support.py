"""A miniature course written by a test itself, for what the one in `mini_course` does not have."""

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from keras_kata.authoring import Probe
from keras_kata.course import Course, Exercise
from keras_kata.implementation import Contract, Implementation, load_module, public_members
from keras_kata.judge import Judge
from keras_kata.runtime import NoFramework
from keras_kata.submission import Loader, Submission
from keras_kata.verdicts import Outcome

SLUG = "module1/scaled"

REFERENCE = '''
"""Multiply numbers."""

import numpy as np


def scaled(x, factor=2.0):
    """`x` times `factor`, a new array.

    Args:
        x: (n,) float64.
    """
    return x * factor
'''

GRADER = '''
import numpy as np
from hypothesis import strategies as st
from keras_kata import probe

numbers = st.lists(st.integers(-4, 4), min_size=1, max_size=4).map(lambda items: np.array(items, "float64"))


@probe(points=1, cases=st.fixed_dictionaries({"x": numbers}), count=25, hints=("How many times?",))
def doubled(impl, case):
    """The numbers, doubled."""
    return impl.scaled(case["x"])
'''

MISCONCEPTIONS = '''
from keras_kata import instead_of


@instead_of("scaled")
def tripled(x, factor=2.0):
    """You multiply by one more than the factor."""
    return x * (factor + 1)


@instead_of("scaled")
def not_scaled(x, factor=2.0):
    """You return the numbers as they are."""
    return x.copy()
'''

ALTERNATIVES = '''
from keras_kata import instead_of


@instead_of("scaled")
def one_by_one(x, factor=2.0):
    """A list comprehension."""
    return [n * factor for n in x]
'''

RIGHT = "def scaled(x, factor=2.0):\n    return factor * x\n"
STUB = 'def scaled(x, factor=2.0):\n    """Text."""\n    raise NotImplementedError\n'


def table(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Parameters whose first column says what a row shows."""
    return [pytest.param(*values, id=name) for name, *values in rows]


@dataclass
class Workshop:
    """A course of one exercise in a folder of its own."""

    root: Path
    options: dict[str, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=itertools.count)
    _judge: Judge | None = None

    def write(self, path: str, text: str) -> Path:
        """Write a file of the course."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    @property
    def course(self) -> Course:
        """The course as it is on disk."""
        return Course(self.root)

    @property
    def exercise(self) -> Exercise:
        """Its one exercise."""
        return self.course[SLUG]

    @property
    def judge(self) -> Judge:
        """The judge of the one exercise, always the same."""
        if self._judge is None:
            self._judge = Judge(self.course, self.exercise, **self.options)
        return self._judge

    def submission(self, source: str) -> Submission:
        """Some code, loaded from a file."""
        return self.judge.load(self.write(f"submitted/{next(self.numbers)}/{SLUG}.py", source))

    def outcome(self, source: str, probe: str | None = None) -> Outcome:
        """What judging some code by one probe, the first by default, comes to."""
        name = probe or next(iter(self.judge.probes))
        return self.judge.judge(self.submission(source), name).outcome


def make_workshop(
    root: Path,
    *,
    reference: str = REFERENCE,
    grader: str = GRADER,
    misconceptions: str = MISCONCEPTIONS,
    alternatives: str = ALTERNATIVES,
    course: str = "",
    **options: Any,
) -> Workshop:
    """Write a course of one exercise.

    Args:
        course: more lines for the head of course.toml.
        options: further arguments of the judge.
    """
    workshop = Workshop(root, options)
    entry = (
        f'[[exercises]]\nslug = "{SLUG}"\ntitle = "T"\nconcepts = []\nprerequisites = []\ndifficulty = 1\n'
    )
    workshop.write("course.toml", textwrap.dedent(course) + entry)
    workshop.write(f"graders/{SLUG}.py", grader)
    for name, text in (
        ("reference", reference),
        ("misconceptions", misconceptions),
        ("alternatives", alternatives),
    ):
        workshop.write(f"solutions/{SLUG}/{name}.py", text)
    return workshop


def implementation(source: str, filename: str = "answer.py") -> Implementation:
    """Some code, loaded without a course."""
    code = compile(textwrap.dedent(source), filename, "exec")
    return Implementation(load_module(code, "answer", textwrap.dedent(source)), filename)


def loader(reference: str, forbidden: dict[str, str] | None = None) -> Loader:
    """Loads submissions that have to fulfil the contract of a reference."""
    module = load_module(compile(textwrap.dedent(reference), "reference.py", "exec"), "reference")
    return Loader("answer", Contract.of(public_members(module)), forbidden or {}, NoFramework())


def a_probe(observe: Any, name: str = "probe", **changes: Any) -> Probe:
    """A probe without a grader's file."""
    from keras_kata.authoring import probe

    declared = {"points": 1, "examples": [{}], "hints": ["hint"]} | changes
    observe.__name__ = name
    observe.__doc__ = observe.__doc__ or "What is observed."
    return probe(**declared)(observe)
