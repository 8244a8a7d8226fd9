"""Strategies for the arrays that cases are made of: few digits, exact in binary, easy to read when shrunk."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


def quarters(
    shape: tuple[int, ...], low: float = -2.0, high: float = 2.0, dtype: str = "float32"
) -> st.SearchStrategy[np.ndarray]:
    """Arrays of multiples of 0.25 in [low, high]; they shrink towards 0."""
    return arrays("int64", shape, elements=st.integers(round(low * 4), round(high * 4))).map(
        lambda fourths: (fourths / 4).astype(dtype)
    )


def whole(shape: tuple[int, ...], low: int, high: int, dtype: str = "int64") -> st.SearchStrategy[np.ndarray]:
    """Arrays of integers in [low, high]."""
    return arrays(dtype, shape, elements=st.integers(low, high))


def noise(
    shape: tuple[int, ...], low: float = -2.0, high: float = 2.0, dtype: str = "float32"
) -> st.SearchStrategy[np.ndarray]:
    """Arrays of multiples of 1/64 in [low, high] from a drawn seed: fast for many elements, but they do not shrink."""

    def fill(seed: int) -> np.ndarray:
        steps = np.random.default_rng(seed).integers(round(low * 64), round(high * 64), shape, endpoint=True)
        return (steps / 64).astype(dtype)

    return st.integers(0, 2**16 - 1).map(fill)


def flags(shape: tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    """Boolean arrays; they shrink towards False."""
    return arrays("bool", shape)
