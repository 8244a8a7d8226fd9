"""Observing an activation layer: output and derivative, its weight at start, its config, and a saved model."""

import json
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import quarters
from graders.support.rejection import rejected
from keras_kata import probe


@st.composite
def swishes(draw):
    """A layer's setting, its beta, a flat input and an image of as many channels."""
    channels, shared = draw(st.integers(1, 3)), draw(st.booleans())
    return {
        "shared": shared,
        "beta": draw(quarters(() if shared else (channels,))),
        "x": draw(quarters((2, channels), -4, 4)),
        "image": draw(quarters((1, 2, 2, channels), -4, 4)),
    }


def swish(beta, x):
    """A hand-picked case; the image's pixels are all different."""
    channels = np.shape(x)[-1]
    image = ((np.arange(12 * channels) * 7 % 17 - 8) / 4).reshape(2, 3, 2, channels)
    return {
        "shared": np.ndim(beta) == 0,
        "beta": np.array(beta, "float32"),
        "x": np.array(x, "float32"),
        "image": image.astype("float32"),
    }


def shape_of_beta(layer):
    """The shape of a built layer's beta as text, or why it has none that counts."""
    beta = getattr(layer, "beta", None)
    if not any(beta is weight for weight in layer.weights):
        return "beta is not among layer.weights"
    return str(tuple(beta.shape))


def assign_beta(layer, values):
    """Give beta values, if it is a weight that can take them. Tells whether it is."""
    if shape_of_beta(layer) != str(np.shape(values)):
        return False
    layer.beta.assign(values)
    return True


@probe(
    points=1.5,
    cases=swishes(),
    examples=[
        swish([1, 0], [[2, -2]]),
        swish([0.5, -1.5, 2], [[1, 2, 3], [-1, -0.5, 0]]),
        swish(0.75, [[1.5, -2], [0.25, 4]]),
        swish([2, 1.5], [[-100, -90], [100, 80]]),
    ],
    count=1,
    hints=(
        "With beta = 0, what should y be? And with a very large beta?",
        "For x = -100, which intermediate result of yours does not fit into a float32?",
    ),
)
def output_and_derivative(impl, case):
    """The output for a flat input and an image is right, and so is the derivative of its sum by beta."""
    layer = impl.LearnableSwish(shared=case["shared"])
    layer(case["image"])
    seen = {
        "shape of beta": shape_of_beta(layer),
        "weights at start": [np.array(weight) for weight in layer.weights],
    }
    if not assign_beta(layer, case["beta"]):
        return seen
    inputs = tf.constant(case["image"]), tf.constant(case["x"])
    with tf.GradientTape() as tape:
        outputs = [layer(x) for x in inputs]
        total = sum(tf.reduce_sum(y) for y in outputs)
    unused = tf.UnconnectedGradients.ZERO
    betas = [beta.value for beta in layer.trainable_variables]
    derivative = tape.gradient(total, betas, unconnected_gradients=unused)
    return {**seen, "y of the image": outputs[0], "y": outputs[1], "derivative": derivative}


@probe(
    points=1,
    examples=[
        {"shape": [2, 3], "beta_init": 0.5, "shared": False},
        {"shape": [1, 2, 4, 3], "beta_init": -1.5, "shared": False},
        {"shape": [2, 4, 1], "beta_init": 0.0, "shared": False},
        {"shape": [3, 2, 2], "beta_init": 2.0, "shared": True},
    ],
    hints=(
        "How many numbers does beta hold for an image of 8 x 8 pixels with 3 channels?",
        "Which weights does your layer list, how many of them are trainable, and what do they start with?",
    ),
)
def start(impl, case):
    """A new layer, in a model of unknown batch size, has the one trainable weight, of right shape and value."""
    layer = impl.LearnableSwish(case["beta_init"], case["shared"])
    output = layer(keras.Input(case["shape"][1:]))
    listed = [np.array(weight) for weight in layer.weights]
    return {
        "rank and channels of the output": [len(output.shape), output.shape[-1]],
        "shape of beta": shape_of_beta(layer),
        "weights": listed,
        "kinds of the weights": [str(weight.dtype) for weight in listed],
        "trainable": len(layer.trainable_weights),
        "settings": [layer.beta_init, layer.shared],
    }


@probe(
    points=1.25,
    examples=[
        {"beta_init": 0.25, "shared": True, "keywords": {"name": "gate", "trainable": False}},
        {"beta_init": -2.0, "shared": False, "keywords": {"name": "sharp"}},
    ],
    hints=(
        "What does Keras need to know to make an equal layer, before any weight is loaded?",
        "A config has entries from two places. Print yours: are the name and your settings in it?",
    ),
)
def config(impl, case):
    """A copy made from the config, after it went through JSON, has the same settings, name and start value."""
    layer = impl.LearnableSwish(case["beta_init"], case["shared"], **case["keywords"])
    x = np.ones((1, 2), "float32")
    layer(x)
    assign_beta(layer, np.float32(7) if case["shared"] else np.array([7, 8], "float32"))
    copy = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    copy(x)
    return {
        "settings": [copy.beta_init, copy.shared],
        "name": copy.name if copy.name == case["keywords"]["name"] else "another name",
        "trainable": copy.trainable,
        "weights at start": [np.array(weight) for weight in copy.weights],
    }


@probe(
    points=1.25,
    examples=[
        {
            "betas": [np.array([0.5, -1, 2], "float32"), np.float32(1.5)],
            "x": np.array([[1, 2, -1], [-3, 0.5, 1]], "float32"),
        }
    ],
    hints=(
        "The file holds the name of your class. How does Keras get from the name to the class?",
        "Where do the weights of the model that you return come from?",
    ),
)
def reload(impl, case):
    """A model with the layer is saved and loaded again without custom_objects, and predicts the same."""
    layers = [impl.LearnableSwish(0.25), impl.LearnableSwish(0.75, True)]
    model = keras.Sequential([keras.Input(case["x"].shape[1:]), *layers], name="model")
    for layer, beta in zip(layers, case["betas"], strict=True):
        assign_beta(layer, beta)
    before = np.array(model(case["x"]))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.keras")
        copy = impl.save_and_reload(model, path)
        from_file = "no file was written to the path"
        if Path(path).is_file():
            from_file = rejected(keras.models.load_model, path)
    for layer, beta in zip(layers, case["betas"], strict=True):
        assign_beta(layer, 0 * beta)
    return {
        "shapes of the betas": [shape_of_beta(layer) for layer in layers],
        "before": before,
        "after": copy(case["x"]),
        "classes": [type(layer).__name__ for layer in copy.layers],
        "from the file": from_file(case["x"]) if isinstance(from_file, keras.Model) else from_file,
    }
