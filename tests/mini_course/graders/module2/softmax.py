"""Probes of softmax."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from keras_kata import probe


@st.composite
def scores(draw):
    """One to three rows of scores for one to four classes."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 4)))
    return {"scores": draw(arrays("int64", shape, elements=st.integers(-6, 6))).astype("float32") / 2}


@probe(
    points=1,
    cases=scores(),
    examples=[{"scores": np.arange(120, dtype="float32").reshape(12, 10) % 7}],
    count=25,
    hints=(
        "What should the numbers of one row add up to?",
        "Along which axis do the classes lie, and along which the examples?",
    ),
)
def probabilities(impl, case):
    """The probability of each class, for each example."""
    return impl.softmax(case["scores"])


@probe(
    points=1,
    examples=[
        {"scores": np.array([[1000, 999], [-1000, -1001]], "float32")},
        {"scores": np.tile(np.array([[0, 200]], "float32"), (40, 1))},
    ],
    hints=("How large is exp(1000)? What may you take away from all scores of a row?",),
)
def large_scores(impl, case):
    """The probabilities where scores are very large or very small."""
    return impl.softmax(case["scores"])
