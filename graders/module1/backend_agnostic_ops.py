"""Observing two functions on arrays, eager tensors, in a graph and on symbolic tensors; and a list of names."""

import re

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import close, exact, probe

TINY_ERRORS_ALLOWED = close(atol=5e-5)
"""What float32 leaves of a square that was multiplied out."""


@st.composite
def point_sets(draw):
    """Two sets of points; x has a point more than y, so that neither side can stand for the other."""
    n, d = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    return {"x": draw(quarters((n, d))), "y": draw(quarters((draw(st.integers(1, n - 1)), d)))}


def point_set(n, m, d):
    """Hand-picked points, all different."""
    return {"x": table((n, d), 7), "y": table((m, d), 5)}


def crowd(n, d, fineness):
    """A crowd of points with fractions that float32 rounds, and itself once more: many equal points."""
    points = ((np.arange(n * d) * 37 % 61 - 30) / fineness).astype("float32").reshape(n, d)
    return {"x": points, "y": points.copy()}


def table(shape, step):
    """Numbers in quarters without a pattern that a sum could hide."""
    return ((np.arange(np.prod(shape)) * step % 11 - 4) / 4).reshape(shape).astype("float32")


def vectors(*leading, d=3):
    """Hand-picked vectors: one that is zero, one that is small, and others."""
    x = table((*leading, d), 7).reshape(-1, d)
    x[-1] = 0
    if len(x) > 1:
        x[0] = 1 / 1024
    return {"x": x.reshape(*leading, d)}


def drawn_vectors():
    """Vectors of up to 3 numbers; some come out as zero."""
    leading = st.sampled_from([(), (2,), (3,), (2, 2)])
    return st.builds(lambda front, d: (*front, d), leading, st.integers(1, 3)).flatmap(
        lambda shape: st.fixed_dictionaries({"x": quarters(shape, -1, 1)})
    )


def graph(function, *shapes):
    """The function in a graph, for float32 of these shapes; None is a length that is not known."""
    traced = tf.function(
        lambda *inputs: tensors_unnamed(function, *inputs),
        input_signature=[tf.TensorSpec(shape) for shape in shapes],
        autograph=False,
    ).get_concrete_function()
    return lambda *arrays: traced(*map(tf.constant, arrays))


def tensors_unnamed(function, *inputs):
    """Call the function. A tensor that is named in an error is left out: its name differs from run to run."""
    try:
        return function(*inputs)
    except NotImplementedError as error:
        error.args = (re.sub(r"\(\S+:\d+\) ", "", str(error)),)
        raise


def model_of(function, *inputs):
    """The functional model that the function makes of symbolic inputs, and the static shape of its output."""
    output = tensors_unnamed(function, *inputs)
    return keras.Model(list(inputs), output), list(output.shape)


@probe(
    points=1,
    cases=point_sets(),
    examples=[
        {
            "x": np.array([[0, 0], [3, 4]], "float32"),
            "y": np.array([[0, 0], [3, 0], [0, 1]], "float32"),
        },
        point_set(1, 3, 2),
        point_set(4, 1, 3),
        point_set(3, 2, 1),
        crowd(12, 3, 30),
        crowd(12, 3, 39),
        crowd(16, 4, 33),
    ],
    count=6,
    agree=TINY_ERRORS_ALLOWED,
    hints=(
        "Which of the three sizes n, m and d is gone in the result? That is the axis to sum over.",
        "What happens to your formula where two points are equal, and each term was rounded?",
    ),
)
def distances(impl, case):
    """The squared distances of arrays and of eager tensors are right, and none is negative."""
    of_arrays = np.array(impl.pairwise_sq_distance(case["x"], case["y"]))
    of_tensors = np.array(impl.pairwise_sq_distance(tf.constant(case["y"] + 1), tf.constant(case["x"])))
    return {
        "of arrays": of_arrays,
        "of tensors": of_tensors,
        "some are negative": bool((of_arrays < 0).any() or (of_tensors < 0).any()),
    }


@probe(
    points=0.75,
    cases=point_sets(),
    examples=[point_set(3, 2, 2), point_set(2, 4, 3)],
    count=1,
    agree=TINY_ERRORS_ALLOWED,
    hints=(
        "What does `x.shape` say inside a tf.function when the number of points is not known yet?",
        "Look for functions that need values, and for a Python loop over the points.",
    ),
)
def distances_in_a_graph(impl, case):
    """The squared distances can be calculated in a tf.function that does not know the numbers of points."""
    d = case["x"].shape[1]
    function = graph(impl.pairwise_sq_distance, (None, d), (None, d))
    return [function(case["x"], case["y"]), function(case["y"], case["x"][1:])]


@probe(
    points=0.75,
    cases=point_sets(),
    examples=[point_set(3, 2, 2), point_set(2, 4, 3)],
    count=1,
    agree=TINY_ERRORS_ALLOWED,
    hints=(
        "A `keras.Input` is a shape and a dtype without values. Which of the functions you call can use that?",
        "Look at every function you call: is it one of keras.ops?",
    ),
)
def distances_of_symbolic_tensors(impl, case):
    """A functional model can be made of the squared distances; its static shape and its results are right."""
    m, d = case["y"].shape
    model, shape = model_of(impl.pairwise_sq_distance, keras.Input((d,)), keras.Input(batch_shape=(m, d)))
    results = model([case["x"], case["y"]]), model([case["x"][:1], case["y"] + 1])
    return {"static shape": shape, "results": results}


@probe(
    points=1,
    cases=drawn_vectors(),
    examples=[
        {"x": np.array([[3, 4], [0, 0]], "float32")},
        {"x": np.zeros(2, "float32")},
        {"x": np.array([-3, 4, 0], "float32")},
        vectors(4),
        vectors(2, 3),
        vectors(2, 1, d=2),
        vectors(2, 2, 1, d=2),
        {"x": np.array([[3e-5, 4e-5]], "float32")},
    ],
    count=6,
    hints=(
        "What is 0 divided by 0, and which vector leads there?",
        "How many lengths are there for an input of shape (2, 3, 4)? Which axis do they run along?",
    ),
)
def normalized(impl, case):
    """Arrays and eager tensors of any rank are normalised along the last axis, and zero vectors stay zero."""
    return {
        "of an array": impl.l2_normalize(case["x"]),
        "of a tensor": impl.l2_normalize(tf.constant(case["x"] + 1)),
    }


@probe(
    points=0.75,
    cases=drawn_vectors().filter(lambda case: case["x"].ndim > 1),
    examples=[vectors(3), vectors(2, 3, d=2)],
    count=1,
    hints=(
        "Could your function work if all that it knew of its input were the shape (None, 3)?",
        "Which library does each function you call come from?",
    ),
)
def normalized_without_values(impl, case):
    """Normalising works in a tf.function that does not know the first axis, and in a functional model."""
    _, *known = case["x"].shape
    model, shape = model_of(impl.l2_normalize, keras.Input(tuple(known)))
    function = graph(impl.l2_normalize, (None, *known))
    return {
        "static shape": shape,
        "of the model": [model(case["x"]), model(case["x"][:1] + 1)],
        "in a graph": [function(case["x"]), function(case["x"][1:] - 1)],
    }


@probe(
    points=0.75,
    cases=st.fixed_dictionaries(
        {
            "names": st.lists(
                st.sampled_from(["tensorflow", "jax", "torch", "theano", "cntk", "mxnet"]), unique=True
            )
        }
    ),
    examples=[
        {"names": ["mxnet", "torch", "theano", "jax", "cntk", "tensorflow"]},
        {"names": ["cntk", "tensorflow", "theano"]},
        {"names": []},
        *({"names": [name]} for name in ("tensorflow", "jax", "torch", "theano", "cntk", "mxnet")),
    ],
    count=6,
    agree=exact(),
    hints=(
        "From which version of Keras is the list that you have in mind?",
        "Set KERAS_BACKEND to a name, import keras, and read what happens.",
    ),
)
def backends(impl, case):
    """The libraries that Keras 3 can train on are picked from the names, in the same order."""
    return impl.keras3_backends(case["names"])
