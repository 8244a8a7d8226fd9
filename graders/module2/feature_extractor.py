"""Observing activations and features of small networks that the probes make."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise
from keras_kata import probe


def salted(model, salt):
    """The model with weights that are the same every time; moving statistics are far from their start."""
    rng = np.random.default_rng(salt)
    model.set_weights([rng.uniform(0.25, 1, np.shape(weight)) for weight in model.get_weights()])
    return model


def network(case):
    """A network of the case's form: a chain, a chain made with the Functional API, or one with a side branch."""
    layers, filters = keras.layers, case["filters"]
    first = layers.Conv2D(filters, 2, padding="same", activation="tanh")
    normalisation = layers.BatchNormalization()
    if case["form"] == "sequential":
        chain = [keras.Input(case["x"].shape[1:]), first, normalisation, layers.Flatten(), layers.Dense(2)]
        return salted(keras.Sequential(chain), case["salt"])
    if case["form"] == "one layer":
        return salted(keras.Sequential([keras.Input(case["x"].shape[1:]), first]), case["salt"])
    inputs = keras.Input(case["x"].shape[1:], name="photo")
    x = first(inputs)
    if case["form"] == "functional":
        outputs = layers.MaxPooling2D(2, padding="same")(normalisation(x))
    else:  # the branch joins what came before the normalisation
        outputs = layers.Add()([x, normalisation(x)])
    return salted(keras.Model(inputs, outputs), case["salt"])


@st.composite
def networks(draw, forms):
    """A form of network with its sizes, and images for it."""
    shape = draw(st.tuples(st.integers(1, 2), st.integers(2, 3), st.integers(3, 4), st.integers(1, 2)))
    return {
        "form": draw(st.sampled_from(forms)),
        "filters": draw(st.integers(2, 3)),
        "salt": draw(st.integers(0, 99)),
        "x": draw(noise(shape)),
    }


def images(n, height=2, width=3, channels=1):
    """Hand-picked images, no two alike."""
    size = n * height * width * channels
    return ((np.arange(size) * 7 % 31 - 12) / 8).reshape(n, height, width, channels).astype("float32")


def activations(model, x):
    """What an activation model gives, as a list; a single tensor counts as a list of one."""
    outputs = model(x, training=False)
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


@probe(
    points=1.75,
    cases=networks(["sequential", "functional", "branch"]),
    examples=[
        {"form": "sequential", "filters": 2, "salt": 1, "x": images(2)},
        {"form": "branch", "filters": 2, "salt": 2, "x": images(1, 3, 2)},
        {"form": "one layer", "filters": 3, "salt": 3, "x": images(2)},
    ],
    count=2,
    hints=(
        "Print `model.layers` of a Sequential and of a functional model: what is the first entry of each?",
        "Which attribute of a layer is the tensor that came out of it when the model was built?",
    ),
)
def all_layers(impl, case):
    """The activation model gives the outputs of all layers, in order, and not the input."""
    return activations(impl.activation_model(network(case)), case["x"])


@probe(
    points=1,
    cases=networks(["sequential", "functional"]),
    examples=[{"form": "sequential", "filters": 2, "salt": 1, "x": images(1)}],
    count=1,
    hints=("Does your new model have layers of its own, or those of the network it was made from?",),
)
def shared_weights(impl, case):
    """When a weight of the network changes, its activation model gives other activations."""
    model = network(case)
    made = impl.activation_model(model)
    before = activations(made, case["x"])
    kernel = model.weights[0]
    kernel.assign(kernel.numpy() * 0.5 - 0.25)
    return {
        "before": before[0],
        "after": activations(made, case["x"])[0],
        "trainable variables of the network": len(model.trainable_variables),
    }


class Doorkeeper(keras.layers.Layer):
    """Passes images on, and notes the largest batch. Its notes are no weight of the network."""

    def __init__(self):
        super().__init__()
        self.supports_jit = False
        self.largest = tf.Variable(0, trainable=False)

    def call(self, x):
        """The images."""
        self.largest.assign(tf.maximum(self.largest, tf.shape(x)[0]))
        return x


def base_network(case):
    """A network in which training and inference differ much; it gives a map, or rows. With two of its layers."""
    layers = keras.layers
    inputs = keras.Input(case["images"].shape[1:])
    door, normalisation = Doorkeeper(), layers.BatchNormalization()
    x = normalisation(layers.Conv2D(case["filters"], 2, activation="tanh")(door(inputs)))
    x = layers.Dropout(0.5)(x)
    if case["flat"]:
        x = layers.Dense(case["filters"])(layers.Flatten()(x))
    return salted(keras.Model(inputs, x), case["salt"]), door, normalisation


@st.composite
def batches_of_images(draw):
    """Images, a batch size that mostly does not divide their number, and a network for them."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(3, 4), st.integers(2, 4), st.integers(1, 2)))
    return {
        "images": draw(noise(shape)),
        "batch_size": draw(st.integers(1, 4)),
        "filters": draw(st.integers(2, 3)),
        "flat": draw(st.booleans()),
        "salt": draw(st.integers(0, 99)),
    }


@probe(
    points=2.25,
    cases=batches_of_images(),
    examples=[
        {"images": images(5, 3, 4), "batch_size": 2, "filters": 2, "flat": False, "salt": 1},
        {"images": images(3, 3, 3, 2), "batch_size": 4, "filters": 1, "flat": True, "salt": 2},
        {"images": images(1, 4, 3), "batch_size": 1, "filters": 2, "flat": False, "salt": 3},
        {"images": images(2, 3, 2), "batch_size": 3, "filters": 3, "flat": True, "salt": 4},
    ],
    count=2,
    hints=(
        "In which mode do dropout and batch normalisation give the same numbers every time?",
        "With 5 images and batches of 2: which images are in the third batch?",
        "Which axes of (n, h', w', d) are positions?",
    ),
)
def features(impl, case):
    """One row of features per image, in order, in inference mode; the network stays as it was.

    The second entry is for the same images, turned upside down and half as bright.
    """
    base, door, normalisation = base_network(case)
    rows = impl.extract_features(base, case["images"], case["batch_size"])
    other = impl.extract_features(base, case["images"][:, ::-1] / np.float32(2), case["batch_size"])
    return {
        "features": rows,
        "of other images": other,
        "moving mean": normalisation.moving_mean,
        "trainable variables": len(base.trainable_variables),
        "more than batch_size at once": int(door.largest.numpy()) > case["batch_size"],
    }
