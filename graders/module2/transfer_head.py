"""Probes of module2/transfer_head."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise
from graders.support.networks import census, fill_by_size, moved
from graders.support.rejection import rejected
from keras_kata import probe

COPIES = 1000
"""So many of each image that with three hidden units each of the eight ways to drop them occurs."""

RATE = 0.5


@st.composite
def bases(draw):
    """A base: its sizes, how it is made, and the flags it arrives with."""
    return {
        "image": [draw(st.integers(2, 4)), draw(st.integers(2, 4)), 2],
        "channels": draw(st.integers(2, 4)),
        "pooled": draw(st.booleans()),
        "functional": draw(st.booleans()),
        "base_trainable": draw(st.booleans()),
        "trainable": draw(st.lists(st.booleans(), min_size=3, max_size=3)),
        "weights": draw(st.integers(0, 99)),
    }


@st.composite
def heads(draw, drop_rates=st.sampled_from([0.0, 0.5]), hidden=(2, 5), images=(2, 4)):
    """A base, a head for it, and images of which at least two are drawn."""
    base = draw(bases())
    return {
        "base": base,
        "n_classes": draw(st.integers(2, 5)),
        "hidden": draw(st.integers(*hidden)),
        "drop_rate": draw(drop_rates),
        "images": draw(noise((draw(st.integers(*images)), *base["image"]), -4, 4)),
    }


@st.composite
def files(draw):
    """A backbone, the weights in each of two files, and images."""
    base = draw(bases())
    fits = draw(st.booleans())
    return {
        "base": base,
        "files": draw(st.lists(st.integers(0, 99), min_size=2, max_size=2, unique=True)),
        "channels in the files": base["channels"] + (0 if fits else draw(st.integers(1, 2))),
        "images": draw(noise((2, *base["image"]), -4, 4)),
    }


def base(channels=3, image=(4, 3, 2), **rest):
    """A base written by hand."""
    flags = {"base_trainable": True, "trainable": [True, True, True]}
    fixed = {"image": list(image), "channels": channels, "pooled": False, "functional": True, "weights": 5}
    return fixed | flags | rest


def pictures(n, image=(4, 3, 2)):
    """Images written by hand; no two are alike."""
    values = np.arange(n * np.prod(image)) * 37 % 53 - 26
    return (values.reshape(n, *image) / 8).astype("float32")


def head(n_classes, hidden, drop_rate=0.0, n=3, image=(4, 3, 2), **rest):
    """A base and its head, written by hand."""
    sizes = {"n_classes": n_classes, "hidden": hidden, "drop_rate": drop_rate}
    return {"base": base(image=image, **rest), **sizes, "images": pictures(n, image)}


def backbone(spec, channels=None):
    """The base that `spec` describes, all of it trainable; every time with the same weights."""
    start = keras.initializers.GlorotUniform(seed=1)
    layers = [
        keras.layers.Conv2D(channels or spec["channels"], 2, kernel_initializer=start),
        keras.layers.BatchNormalization(momentum=0.5),
        keras.layers.ReLU(negative_slope=0.5),
    ]
    if spec["pooled"]:
        layers.append(keras.layers.GlobalMaxPooling2D())
    if not spec["functional"]:
        return keras.Sequential([keras.Input(spec["image"]), *layers])
    images = features = keras.Input(spec["image"])
    for layer in layers:
        features = layer(features)
    return keras.Model(images, features)


def fill(model, salt):
    """Give every weight of a backbone a value, its running mean and variance too."""
    rng = np.random.default_rng(salt)
    model.set_weights([rng.uniform(0.25, 1.5, w.shape) * rng.choice([1, 1, -1]) for w in model.weights[:-1]] +
                      [rng.uniform(0.25, 1.5, w.shape) for w in model.weights[-1:]])
