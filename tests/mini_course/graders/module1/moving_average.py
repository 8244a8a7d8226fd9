"""Probes of moving_average."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters, rejected
from keras_kata import probe

FORBIDDEN = {"numpy.convolve": "Take the windows yourself, with slices of the series."}


@st.composite
def windows(draw):
    """A series and a width that fits into it."""
    series = draw(quarters(1, 8))
    return {"series": series, "width": draw(st.integers(1, len(series)))}


@probe(
    points=1.5,
    cases=windows(),
    examples=[
        {"series": np.array([1, 2, 6, 3], "float32"), "width": 2},
        {"series": np.array([4], "float32"), "width": 1},
        {"series": np.arange(60, dtype="float32") / 4, "width": 3},
    ],
    count=30,
    hints=(
        "How many windows of two values does a series of four values have?",
        "Where does the last window start, so that it still ends inside the series?",
    ),
)
def averages(impl, case):
    """The average of every window that lies inside the series."""
    return impl.moving_average(case["series"], case["width"])


@probe(
    points=0.5,
    examples=[
        {"series": np.array([1, 2], "float32"), "width": 3},
        {"series": np.array([1, 2], "float32"), "width": 0},
        {"series": np.zeros(0, "float32"), "width": 1},
    ],
    hints=("Which widths leave no window at all, or none that has a value in it?",),
)
def impossible_widths(impl, case):
    """Widths that do not fit are rejected."""
    return rejected(impl.moving_average, case["series"], case["width"])
