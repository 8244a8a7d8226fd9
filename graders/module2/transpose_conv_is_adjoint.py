"""Probes of transpose_conv_is_adjoint."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import probe


@st.composite
def sizes(draw):
    """Lengths that go together: of the kernel, of y, of x, and the stride."""
    k, m, stride = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    left_over = draw(st.integers(0, stride - 1))
    return k, m, (m - 1) * stride + k + left_over, stride


@st.composite
def convolutions(draw, *signals):
    """A kernel and a stride, with an input `x`, an output `y`, or both."""
    k, m, n, stride = draw(sizes())
    lengths = {"x": n, "y": m}
    arrays = {name: draw(quarters((lengths[name],))) for name in signals}
    return {"kernel": draw(quarters((k,))), **arrays, "n": n, "stride": stride}


def example(kernel, x, y, stride):
    """One case of `convolutions`."""
    arrays = {"kernel": kernel, "x": x, "y": y}
    return {**{name: np.array(v, "float32") for name, v in arrays.items()}, "n": len(x), "stride": stride}


EXAMPLES = [
    example([1, 2], [1, 0, 2, 1, 3], [1, -1], 2),  # one number is left over
    example([1, 2], [3, -1, 2], [1, 4], 1),
    example([1, 2], [-2, 5, 1], [3, -2], 1),  # equal sizes, other values
    example([0.5, -1, 2], [1, 2, -3], [2], 1),  # the kernel as long as the input
    example([1.5, -1, 2], [1, 2, -3, 4, 2], [2], 3),
    example([1, 3], [1, 2, -3, 0.5, 4, 2, -1, 1, 5], [1, -2, 0.25], 3),  # a stride larger than the kernel
    example([2, -1, 0.5, 3], [1, 2, -3, 0.5, 4, 2, -1, 1, 2], [1, 2, -2], 2),
    example([1, -2, 4], [1, 2, -3, 0.5, 4, 2], [1, 2, -1, 0.5], 1),
    example([-1.5], [1, 2, -3], [2, -1, 1], 1),
    example([2, 0, -1, 1], [4, 1, 3, 2, -2, 1, 0, 5, 1, 1, 3], [1, 3], 4),
    example([1], [1, 2, -3, 4], [2, -1, 1, 3], 1),
    example([-1], [0.5, 2, 7], [2, -1, 4], 1),
    example([1], [0.5, 2, 7], [2, -1], 2),
]


def examples(*signals):
    """The examples with these signals only."""
    unused = {"x", "y"} - set(signals)
    return [{name: v for name, v in case.items() if name not in unused} for case in EXAMPLES]


@probe(
    points=1.5,
    cases=convolutions(),
    examples=examples(),
    count=25,
    hints=(
        "Which numbers of the input does the first result use, and with which weights? And the second?",
        "A row for each result, a column for each input number. How far has the kernel moved in row i?",
    ),
)
def matrix(impl, case):
    """The matrix of a convolution."""
    return impl.conv_matrix(case["kernel"], case["n"], case["stride"])


@probe(
    points=1.5,
    cases=convolutions("y"),
    examples=examples("y"),
    count=25,
    hints=(
        "What does a y that is 1 in one place and 0 elsewhere become? That is a column of the transpose.",
        "Draw n boxes and stamp the kernel once for each value of y. What is in a box that two stamps hit, "
        "and in a box that none hits?",
    ),
)
def stamped(impl, case):
    """The transposed convolution of y."""
    return impl.transpose_conv(case["y"], case["kernel"], case["n"], case["stride"])


@probe(
    points=0.75,
    cases=convolutions("x", "y"),
    examples=examples("x", "y"),
    count=10,
    hints=(
        "Both numbers add up x[j] * C[i, j] * y[i] over all i and j, once row by row and once column by "
        "column. Which of yours does not?",
    ),
)
def two_dot_products(impl, case):
    """C x . y with your matrix, and x . (C^T y) with your transposed convolution; None where sizes do not fit."""
    x, y, kernel, n, stride = (case[name] for name in ("x", "y", "kernel", "n", "stride"))
    matrix = np.asarray(impl.conv_matrix(kernel.copy(), n, stride))
    back = np.asarray(impl.transpose_conv(y.copy(), kernel.copy(), n, stride))
    return {
        "shape of C": list(matrix.shape),
        "shape of C^T y": list(back.shape),
        "Cx.y": (matrix @ x) @ y if matrix.shape == (*y.shape, *x.shape) else None,
        "x.CTy": x @ back if back.shape == x.shape else None,
    }


@probe(
    points=1.25,
    cases=convolutions("x"),
    examples=examples("x"),
    count=25,
    hints=(
        "There and back again: which of your other functions leads there, and which leads back?",
        "What is the distance of the points (1, 1) and (4, 5)?",
    ),
)
def error(impl, case):
    """How far the numbers are off after a convolution and its transpose."""
    return impl.reconstruction_error(case["x"], case["kernel"], case["stride"])
