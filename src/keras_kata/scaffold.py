"""The skeleton of a new exercise: small, annotated, and green in the audit, so that a newcomer changes
something that works."""

from pathlib import Path

from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.progress import write_atomically
from keras_kata.stubs import make_stub

__all__ = ["scaffold"]


def scaffold(course: Course, slug: str) -> list[Path]:
    """Write the files of a new exercise and its entry in course.toml.

    Args:
        slug: `moduleN/my_exercise`: lower-case letters, digits and underscores.

    Returns:
        The files written, relative to the course's root.

    Raises:
        CourseError: the slug is none, or some file is there already; then nothing is written.
    """
    if course.slug_of(course.root / f"{slug}.py") != slug:
        raise CourseError(f"{slug!r} is no slug; write it as module2/my_exercise, in lower case")
    if slug in course.exercises:
        raise CourseError(f"{slug} is in course.toml already")
    module, name = slug.split("/")
    files = {
        f"solutions/{slug}/reference.py": REFERENCE,
        f"solutions/{slug}/misconceptions.py": MISCONCEPTIONS,
        f"solutions/{slug}/alternatives.py": ALTERNATIVES,
        f"graders/{slug}.py": GRADER,
        f"exercises/{slug}.py": make_stub(REFERENCE, slug),
        f"tests/references/test_{module}_{name}.py": TEST.replace("MODULE/NAME", slug),
    }
    there = [path for path in files if (course.root / path).exists()]
    if there:
        raise CourseError(f"{there[0]} is there already; nothing was written")
    for path, text in files.items():
        write_atomically(course.root / path, text)
    entries = course.file.read_text(encoding="utf-8").rstrip("\n") + "\n"
    if module not in course.modules:
        entries += MODULE_ENTRY.replace("MODULE", module)
    write_atomically(course.file, entries + COURSE_ENTRY.replace("MODULE/NAME", slug))
    return [Path(path) for path in (*files, "course.toml")]


MODULE_ENTRY = """
[[modules]]
name = "MODULE"
title = "What this module is about"
"""

COURSE_ENTRY = """
[[exercises]]
slug = "MODULE/NAME"
title = "Scaling values to a range"
concepts = ["preprocessing"]
prerequisites = []
difficulty = 1
"""

REFERENCE = '''"""Scaling values to a range.

This text is the instructions; the stub that learners get is made from this file. Say what the concept is
for, give the formula with every symbol said, and a tiny example with numbers:

Networks train better when their inputs have similar sizes. Scaling to [0, 1] maps the smallest value x_min
of an array to 0 and the largest x_max to 1, and keeps the proportions between them:

    scaled = (x - x_min) / (x_max - x_min)

For x = [2, 4, 10], x_min is 2 and x_max is 10, so the result is [0, 0.25, 1]. Where all values are equal
the formula divides by 0; the result is then 0 everywhere.
"""

import numpy as np


def scale_to_unit(x: np.ndarray) -> np.ndarray:
    """Scale an array to [0, 1].

    Args:
        x: (n,) float32, n at least 1.

    Returns:
        (n,) float: 0 for the smallest value, 1 for the largest; 0 everywhere if all are equal.
    """
    lowest, highest = x.min(), x.max()
    if lowest == highest:
        return np.zeros(len(x))
    return (x - lowest) / (highest - lowest)
'''

MISCONCEPTIONS = '''"""Known mistakes. Each replaces one member of the reference; learners read its docstring."""

import numpy as np

from keras_kata import instead_of


@instead_of("scale_to_unit")
def divided_by_maximum(x):
    """You divide by the largest value only, so the smallest one does not land on 0."""
    return x / x.max() if x.max() != 0 else np.zeros(len(x))


@instead_of("scale_to_unit")
def equal_values_give_nan(x):
    """Where all values are equal you divide 0 by 0; the result must be 0 there."""
    with np.errstate(invalid="ignore"):
        return (x - x.min()) / (x.max() - x.min())


@instead_of("scale_to_unit")
def reversed_range(x):
    """You map the largest value to 0 and the smallest to 1; it is the other way round."""
    if x.min() == x.max():
        return np.zeros(len(x))
    return (x.max() - x) / (x.max() - x.min())


@instead_of("scale_to_unit")
def standardised(x):
    """You subtract the mean and divide by the standard deviation, which does not end in [0, 1]."""
    return (x - x.mean()) / (x.std() or 1)
'''

ALTERNATIVES = '''"""Other right answers, in styles that another person would write. None may lose a point."""

import numpy as np

from keras_kata import instead_of


@instead_of("scale_to_unit")
def one_value_at_a_time(x):
    """A plain loop that returns a list."""
    lowest, span = min(x), max(x) - min(x)
    return [float((value - lowest) / span) if span else 0.0 for value in x]


@instead_of("scale_to_unit")
def by_interpolation(x):
    """np.interp between the two ends."""
    if np.ptp(x) == 0:
        return np.zeros_like(x)
    return np.interp(x, [x.min(), x.max()], [0.0, 1.0])
'''

GRADER = '''"""Probes. Learners can read this file, so it holds no answers: a probe observes, the judge compares."""

import numpy as np
from hypothesis import strategies as st

from keras_kata import probe

# A strategy draws the cases: dicts of plain data. Multiples of 1/4 are exact and easy to read.
values = st.lists(st.integers(-8, 8), min_size=1, max_size=6).map(lambda v: np.array(v, "float32") / 4)


@probe(
    points=1.5,
    cases=st.fixed_dictionaries({"x": values}),
    # Edge cases are always tried, before the drawn ones.
    examples=[{"x": np.array([2, 4, 10], "float32")}, {"x": np.array([-3, -1], "float32")}],
    hints=(
        "Which value should the smallest number of the array end at, and which the largest?",
        "Move the smallest value to 0 first; by how much must the rest shrink then?",
    ),
)
def scaled_values(impl, case):
    """The values after scaling."""
    return impl.scale_to_unit(case["x"])


@probe(
    points=0.5,
    examples=[{"x": np.array([3, 3, 3], "float32")}, {"x": np.array([-1], "float32")}],
    hints=("What does the formula divide by when all values are the same?",),
)
def equal_values(impl, case):
    """The values after scaling, where all of them are equal."""
    return impl.scale_to_unit(case["x"])
'''

TEST = '''"""MODULE/NAME against something independent of it: here, a hand-computed table."""

import numpy as np
import pytest

from tests.references.loading import reference

TABLE = [([2, 4, 10], [0, 0.25, 1]), ([-1, 1], [0, 1]), ([5, 5], [0, 0])]


@pytest.mark.parametrize(("x", "scaled"), TABLE)
def test_scaling_agrees_with_a_table_made_by_hand(x, scaled):
    result = reference("MODULE/NAME").scale_to_unit(np.array(x, "float32"))
    np.testing.assert_allclose(result, scaled)
'''
