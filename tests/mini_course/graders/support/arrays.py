"""Strategies and small tools that the probes share."""

import numpy as np
from hypothesis import strategies as st

from keras_kata import REJECTED


def quarters(least, most):
    """One-dimensional float32 arrays of `least` to `most` multiples of 1/4; they shrink towards zeros."""
    numbers = st.lists(st.integers(-8, 8), min_size=least, max_size=most)
    return numbers.map(lambda fourths: np.array(fourths, "float32") / 4)


def rejected(call, *arguments):
    """What a call returns, or REJECTED where it raises ValueError."""
    try:
        return call(*arguments)
    except ValueError:
        return REJECTED
