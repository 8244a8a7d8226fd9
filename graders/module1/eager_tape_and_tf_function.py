"""Observing derivatives of functions made from a case, and how often a compiled function is traced."""

import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import quarters, whole
from keras_kata import probe


def polynomial(coefficients):
    """c0 + c1 x + c2 x^2 + ... by products: powers have no derivative at 0 in TensorFlow.

    A single coefficient makes a constant, a float tensor of no axes.
    """

    def f(x):
        *lower, result = [tf.constant(c, "float32") for c in coefficients]
        for coefficient in reversed(lower):
            result = result * x + coefficient
        return result

    return f


FUNCTIONS = {
    "polynomial": polynomial,
    "sine": lambda coefficients: lambda x: coefficients[0] * tf.sin(x) + coefficients[-1] * x,
    "Python number": lambda coefficients: lambda _: coefficients[0],
    "constant per element": lambda coefficients: lambda x: tf.fill(tf.shape(x), float(coefficients[0])),
}

coefficients = st.lists(st.integers(-8, 8).filter(bool).map(lambda n: n / 4), min_size=1, max_size=4)


@probe(
    points=3,
    cases=st.fixed_dictionaries(
        {
            "function": st.sampled_from(sorted(FUNCTIONS, reverse=True)),
            "coefficients": coefficients,
            "x": st.integers(1, 4).flatmap(lambda n: quarters((n,))),
        }
    ),
    examples=[
        {"function": "polynomial", "coefficients": [1.0, -2.0, 0.5, 3.0], "x": np.float32([1, 2, -0.5])},
        {"function": "polynomial", "coefficients": [0.5, -2.0], "x": np.float32([1, 0])},
        {"function": "polynomial", "coefficients": [0.75], "x": np.float32([2, 3, 4])},
        {"function": "Python number", "coefficients": [5.0], "x": np.float32([1, 2])},
        {"function": "Python number", "coefficients": [5], "x": np.float32([0.5])},
        {"function": "constant per element", "coefficients": [-1.5], "x": np.float32([1, 2])},
        {"function": "sine", "coefficients": [1.5, 0.5], "x": np.float32([1])},
    ],
    count=25,
    hints=(
        "What does a tape know about a tensor that it was not told to watch?",
        "Which operations must the outer tape see, and where in the code do they happen?",
        "What does `gradient` give where nothing depends on x, and how long should your results be?",
    ),
)
def polynomials(impl, case):
    """Value, first and second derivative are right at every x, also for constant and linear functions."""
    value, first, second = impl.derivatives(FUNCTIONS[case["function"]](case["coefficients"]), case["x"])
    return {"value": value, "first": first, "second": second}


@probe(
    points=1.5,
    cases=st.fixed_dictionaries(
        {"coefficients": coefficients, "x": st.integers(1, 3).flatmap(lambda n: whole((n,), -3, 3))}
    ),
    examples=[{"coefficients": [0.5, 1.0, 2.0], "x": np.array([3, -1])}],
    count=10,
    hints=("What kinds of numbers can a tape differentiate with respect to?",),
)
def integer_input(impl, case):
    """With integers for x the derivatives are the same as with floating-point numbers."""
    value, first, second = impl.derivatives(polynomial(case["coefficients"]), case["x"])
    return {"value": value, "first": first, "second": second}


@st.composite
def batches(draw):
    """Two functions' weights, and batches of several sizes, each an array or a tensor."""
    d = draw(st.integers(1, 3))
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    return {
        "n_features": d,
        "weights": [draw(quarters((d,))) for _ in range(2)],
        "batches": [draw(quarters((size, d))) for size in sizes],
        "as_tensor": draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes))),
    }


def batch(size, d):
    """A hand-picked batch."""
    return ((np.arange(size * d) * 3 % 7 - 2) / 4).reshape(size, d).astype("float32")


@probe(
    points=3.5,
    cases=batches(),
    examples=[
        {
            "n_features": 2,
            "weights": [np.float32([1, -0.5]), np.float32([2, 0.25])],
            "batches": [batch(3, 2), batch(5, 2), batch(1, 2), batch(4, 2)],
            "as_tensor": [False, True, False, False],
        },
        {
            "n_features": 1,
            "weights": [np.float32([0.5]), np.float32([-1])],
            "batches": [batch(1, 1), batch(1, 1) + 1],
            "as_tensor": [False, False],
        },
    ],
    count=6,
    hints=(
        "When is `tf.function` called in your code: once, or with every batch?",
        "Which part of the shape changes from batch to batch, and how do you say so beforehand?",
    ),
)
def traces(impl, case):
    """Two compiled functions give the right results for all batches; the Python code of each runs once."""
    runs = []

    def network(name, weights):
        def f(x):
            runs.append(f"{name} {'eagerly' if tf.executing_eagerly() else 'in a graph'}")
            y = tf.tanh(tf.linalg.matvec(x, weights)) / x.shape[1]  # the number of features must be known
            return y - tf.reduce_mean(y) / 2  # and all examples at once

        return f

    first, second = case["weights"]
    compiled = [
        impl.compile_once(network("first", first), case["n_features"]),
        impl.compile_once(network("second", second), case["n_features"]),
    ]
    results = [
        [one(tf.constant(x) if as_tensor else x) for one in compiled]
        for x, as_tensor in zip(case["batches"], case["as_tensor"], strict=True)
    ]
    return {"results": results, "runs of the Python code": sorted(runs)}
