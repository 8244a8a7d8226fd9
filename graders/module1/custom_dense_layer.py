"""Observing a dense layer: its output, its weights over its life, its use in a functional model."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from graders.support.rejection import rejected
from keras_kata import REJECTED, probe

FORBIDDEN = {
    "keras.layers.Dense": "Make the weights yourself with add_weight, and multiply with them.",
    "keras.layers.EinsumDense": "Make the weights yourself with add_weight, and multiply with them.",
}

LATER = (
    "weights after another call",
    "trainable weights",
    "different columns of the kernel",
    "biases that are not zero",
)
"""What `lifecycle` sees of a layer whose weights have the right shapes."""

IN_A_MODEL = ("rank of the symbolic output", "its last axis", "y of the model", "y of one example")
"""What `symbolic` sees of such a layer."""

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "use_bias": st.booleans(),
        "activation": st.sampled_from([None, "relu", "tanh", "sigmoid", "softmax"]),
    },
)


@st.composite
def filled_layers(draw, leading):
    """A layer's settings, its weights, and two inputs of one shape.

    The kernel is not square: a square one says nothing of which axis is which.
    """
    d, front = draw(st.integers(1, 4)), draw(leading)
    units = draw(st.sampled_from([n for n in range(1, 5) if n != d]))
    return {
        "units": units,
        "options": draw(OPTIONS),
        "kernel": draw(quarters((d, units))),
        "bias": draw(quarters((units,))),
        "x": draw(quarters((*front, d))),
        "x2": draw(quarters((*front, d))),
    }


def filled_layer(units, options, x, x2):
    """A hand-picked case; the weights are all different, in quarters."""
    d = np.shape(x)[-1]
    return {
        "units": units,
        "options": options,
        "kernel": ((np.arange(d * units) * 3 % 7 - 2.75) / 2).reshape(d, units).astype("float32"),
        "bias": ((np.arange(units) * 2 % 5 - 1.5) / 2).astype("float32"),
        "x": np.array(x, "float32"),
        "x2": np.array(x2, "float32"),
    }


def built_with(layer, x, d, units):
    """Call the layer on x. Gives what weights it has then, and whether they are (d, units) and (units,).

    An error of the call goes on, unless a weight's shape explains it.
    """
    refused = rejected(layer, x) is REJECTED
    first = {name: getattr(layer, name, None) for name in ("kernel", "bias")}
    shapes = {name: weight_shape(layer, weight) for name, weight in first.items()}
    usable = shapes["kernel"] == str((d, units)) and shapes["bias"] in ("none", str((units,)))
    if refused and (usable or not layer.weights):
        layer(x)
    if not refused and not layer.weights:
        layer(x)
        renewed = [name for name in first if getattr(layer, name, None) is not first[name]]
        shapes |= dict.fromkeys(renewed, "made anew in every call")
    named = {f"shape of {name}": shape for name, shape in shapes.items()}
    return {"weights after a call": len(layer.weights), **named}, usable


def weight_shape(layer, weight):
    """The shape of one weight as text, or why it has none that counts."""
    if weight is None:
        return "none"
    listed = any(weight is own for own in layer.weights)
    return str(tuple(weight.shape)) if listed else "not among layer.weights"


@probe(
    points=1,
    cases=filled_layers(st.sampled_from([[2], [3], [1], [2, 3], [1, 2], [3, 1, 2]])),
    examples=[
        filled_layer(3, {}, [[1, 2]], [[-0.5, 3]]),
        filled_layer(2, {"activation": "relu"}, [[1, -2, 3], [0.25, 1, -1]], [[0, 1, 0], [2, 2, -1]]),
        filled_layer(1, {"use_bias": False, "activation": "tanh"}, [[0.5], [-1], [2]], [[1], [0.25], [-2]]),
        filled_layer(
            4,
            {"activation": "softmax"},
            [[[1, 0], [0, 1], [2, -1]]],
            [[[0.5, 0.5], [-1, 0], [0, 3]]],
        ),
        filled_layer(2, {"use_bias": False}, np.eye(3)[None, None] - 0.5, np.eye(3)[None, None] * 2),
    ],
    count=6,
    hints=(
        "Which shapes must the kernel and the bias have, so that (..., d) becomes (..., units)?",
        "Write x K + b with the example's numbers on paper, then check the order: product, bias, activation.",
    ),
)
def forward(impl, case):
    """With given weights, the layer computes activation(x K + b) on the last axis, for two inputs in turn."""
    layer = impl.Affine(case["units"], **case["options"])
    seen, usable = built_with(layer, case["x"], *case["kernel"].shape)
    if not usable:
        return {**seen, "y": None, "y of x2": None}
    assign(layer, case)
    return {**seen, "y": layer(case["x"]), "y of x2": layer(case["x2"])}


def assign(layer, case):
    """Give the layer the case's weights."""
    layer.kernel.assign(case["kernel"])
    if getattr(layer, "bias", None) is not None:
        layer.bias.assign(case["bias"])


@st.composite
def lives(draw):
    """A layer's settings, and two inputs that differ in batch size only."""
    d, units, batch = draw(st.integers(1, 4)), draw(st.integers(2, 4)), draw(st.integers(1, 3))
    middle = draw(st.sampled_from([[], [5]]))
    return {
        "units": units,
        "options": draw(OPTIONS),
        "x": draw(quarters((batch, *middle, d))),
        "x2": draw(quarters((batch + draw(st.integers(1, 2)), *middle, d))),
    }


@probe(
    points=1,
    cases=lives(),
    examples=[
        {"units": 3, "options": {}, "x": np.ones((4, 2), "float32"), "x2": np.ones((1, 2), "float32")},
        {
            "units": 4,
            "options": {"use_bias": False},
            "x": np.ones((2, 5, 1), "float32"),
            "x2": np.ones((6, 5, 1), "float32"),
        },
    ],
    count=4,
    hints=(
        "When does the layer learn how many features its input has?",
        "Which method makes a weight that `layer.weights` lists, and how does it choose the start values?",
    ),
)
def lifecycle(impl, case):
    """The layer makes its weights at the first call, with the right start values, and keeps them."""
    layer = impl.Affine(case["units"], **case["options"])
    before = len(layer.weights)
    seen, usable = built_with(layer, case["x"], case["x"].shape[-1], case["units"])
    seen = {"weights before the first call": before, **seen}
    if not usable:
        return {**seen, **dict.fromkeys(LATER)}
    kernel = np.array(layer.kernel)
    layer(case["x2"])
    later = (
        len(layer.weights),
        len(layer.trainable_weights),
        np.unique(kernel, axis=1).shape[1],
        0 if seen["shape of bias"] == "none" else np.count_nonzero(np.array(layer.bias)),
    )
    return {**seen, **dict(zip(LATER, later, strict=True))}


@probe(
    points=0.5,
    cases=filled_layers(st.sampled_from([[3], [3, 2]])).filter(lambda case: case["x"].any()),
    examples=[
        filled_layer(3, {"activation": "relu"}, [[1, -2], [0.5, 1]], [[2, 0.25], [1, 1]]),
        filled_layer(2, {}, [[[1, 0, 2], [0, -1, 1]]] * 3, [[[0.5, 1, 0], [2, 2, 1]]] * 3),
        filled_layer(2, {"use_bias": False}, [[2, 1]], [[-1, 0.5]]),
    ],
    count=2,
    hints=(
        "What does `x.shape` say when the batch size, or the number of time steps, is not known yet?",
        "In `call`, use operations of keras.ops or TensorFlow, and the size of no axis but the last.",
    ),
)
def symbolic(impl, case):
    """The layer works in a functional model whose batch size, and time axis if there is one, are unknown."""
    d, units = case["kernel"].shape
    seen, usable = built_with(impl.Affine(units, **case["options"]), case["x"], d, units)
    if not usable:
        return {**seen, **dict.fromkeys(IN_A_MODEL)}
    unknown = keras.Input((*[None] * (case["x"].ndim - 2), d))
    layer = impl.Affine(units, **case["options"])
    y = layer(unknown)
    model = keras.Model(unknown, y)
    assign(layer, case)
    of_model = (len(y.shape), y.shape[-1], model(case["x"]), model(case["x2"][:1]))
    return {**seen, **dict(zip(IN_A_MODEL, of_model, strict=True))}


@probe(
    points=0.5,
    examples=[
        {"units": 2, "keywords": {"name": "scores", "dtype": "float64", "trainable": False}},
        {"units": 1, "keywords": {"name": "first"}},
    ],
    hints=(
        "Who knows what to do with `name`, `dtype` and `trainable`: your class, or the class it extends?",
        "Look at what the first line of `__init__` gives to the parent.",
    ),
)
def layer_keywords(impl, case):
    """Keyword arguments that every Keras layer takes (name, dtype, trainable) reach the parent class."""
    layer = rejected(impl.Affine, case["units"], **case["keywords"])
    if layer is REJECTED:
        return REJECTED
    name = layer.name if layer.name == case["keywords"]["name"] else "another name"
    return {"name": name, "dtype": layer.dtype, "trainable": layer.trainable}
