"""Probes of module2/freeze_by_data_size."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise
from graders.support.networks import census, fill_by_size, moved
from keras_kata import probe

LAYERS = {
    "convolution": lambda name: keras.layers.Conv2D(3, 3, padding="same", name=name),
    "depthwise convolution": lambda name: keras.layers.DepthwiseConv2D(3, padding="same", name=name),
    "batch normalization": lambda name: keras.layers.BatchNormalization(name=name),
    "layer normalization": lambda name: keras.layers.LayerNormalization(name=name),
    "prelu": lambda name: keras.layers.PReLU(shared_axes=[1, 2], name=name),
    "relu": lambda name: keras.layers.ReLU(negative_slope=0.25, name=name),
    "pooling": lambda name: keras.layers.AveragePooling2D(2, 1, padding="same", name=name),
    "dropout": lambda name: keras.layers.Dropout(0.25, name=name),
}
IMAGES = (3, 4, 4, 2)
RATE = 0.5


@st.composite
def policies(draw):
    """A policy, and several numbers of images, many of them at or beside one of its limits."""
    small = draw(st.integers(0, 40))
    large = small + draw(st.integers(0, 100))
    at_a_limit = st.sampled_from([small - 1, small, small + 1, large - 1, large, large + 1])
    sizes = st.one_of(st.integers(small, large), at_a_limit, st.integers(0, large + 20))
    return {
        "n_layers": draw(st.integers(1, 100)),
        "n_images": draw(st.lists(sizes.map(lambda size: max(size, 0)), min_size=1, max_size=4)),
        "small": small,
        "large": large,
    }


@st.composite
def bases(draw):
    """A base: its layers from input to output, and the flags it arrives with."""
    layers = draw(st.lists(st.sampled_from(list(LAYERS)), min_size=2, max_size=5))
    return {
        "layers": layers,
        "trainable": draw(st.lists(st.booleans(), min_size=len(layers), max_size=len(layers))),
        "base_trainable": draw(st.booleans()),
        "functional": draw(st.booleans()),
    }


@st.composite
def steps(draw):
    """A base, a k, and a batch to train on."""
    return {**draw(bases()), "k": draw(st.integers(0, 5)), "images": draw(noise(IMAGES, -1, 1))}


@st.composite
def several(draw):
    """A base, and the k of each of several calls."""
    return {**draw(bases()), "ks": draw(st.lists(st.integers(0, 5), min_size=1, max_size=3))}


def outer_model(case):
    """The base of the case, a larger model around it, and the weights of each layer that has any.

    The base has the flags of the case.
    """
    # As in many published networks, half of the BatchNormalization layers do not carry Keras's own name, and the
    # order of the alphabet is not that of the layers: layer_10 comes before layer_9.
    names = [
        f"batch_normalization_{i}" if kind == "batch normalization" and i % 2 else f"layer_{8 + i}"
        for i, kind in enumerate(case["layers"])
    ]
    layers = [LAYERS[kind](name) for kind, name in zip(case["layers"], names, strict=True)]
    if case["functional"]:
        start = end = keras.Input(IMAGES[1:])
        for layer in layers:
            end = layer(end)
        base = keras.Model(start, end)
    else:
        base = keras.Sequential([keras.Input(IMAGES[1:]), *layers])
    head = keras.layers.Dense(2)
    outer = keras.Sequential([keras.Input(IMAGES[1:]), base, keras.layers.GlobalAveragePooling2D(), head])
    fill_by_size(outer, salt=1, scale=1.0)
    base.trainable = case["base_trainable"]
    for layer, flag in zip(layers, case["trainable"], strict=True):
        layer.trainable = flag
    weights = {f"layer {i}, {kind}": layers[i].weights for i, kind in enumerate(case["layers"])}
    return base, outer, {**{name: own for name, own in weights.items() if own}, "head": head.weights}


def descend(outer, images):
    """One step of gradient descent in training mode, towards a target that no output reaches."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(outer(images, training=True) - np.array([3.0, -3.0], "float32")))
    variables = outer.trainable_weights
    for variable, gradient in zip(variables, tape.gradient(loss, [v.value for v in variables]), strict=True):
        variable.assign_sub(RATE * gradient)


def arriving(layers, trainable=True, base_trainable=True, functional=True, **rest):
    """A case written by hand."""
    flags = trainable if isinstance(trainable, list) else [trainable] * len(layers)
    base = {"layers": layers, "trainable": flags, "base_trainable": base_trainable, "functional": functional}
    return base | rest


PIXELS = np.random.default_rng(0).integers(-64, 64, IMAGES, endpoint=True).astype("float32") / 64
TYPICAL = [
    "convolution",
    "batch normalization",
    "relu",
    "depthwise convolution",
    "layer normalization",
    "pooling",
]
MIXED = ["convolution", "prelu", "convolution", "batch normalization", "batch normalization", "dropout"]


@probe(
    points=1.5,
    cases=policies(),
    count=80,
    examples=[
        {"n_layers": 10, "n_images": [600, 199, 200, 999, 1000, 5000], "small": 200, "large": 1000},
        {"n_layers": 8, "n_images": [25, 32, 38, 45], "small": 20, "large": 60},
        {"n_layers": 100, "n_images": [29, 0, 57, 58, 53], "small": 0, "large": 100},
        {"n_layers": 58, "n_images": [49, 50, 51], "small": 0, "large": 100},
        {"n_layers": 6, "n_images": [5, 4, 6], "small": 0, "large": 10},
        {"n_layers": 14, "n_images": [19, 18, 20], "small": 10, "large": 28},
        {"n_layers": 7, "n_images": [49, 50, 51], "small": 50, "large": 50},
        {"n_layers": 1, "n_images": [4, 5, 19, 20], "small": 5, "large": 20},
    ],
    hints=(
        "Which numbers of images are not in the middle range, and does each limit itself belong to it?",
        "Check the share just above `small`: what does it round down to, and what is asked there?",
        "Can you multiply before you divide, and stay in whole numbers?",
    ),
)
def policy(impl, case):
    """The number of layers to retrain follows the three ranges of the number of images."""
    limits = case["small"], case["large"]
    return [impl.layers_to_train(case["n_layers"], n_images, *limits) for n_images in case["n_images"]]


@probe(
    points=2.5,
    cases=steps(),
    count=3,
    examples=[
        arriving(TYPICAL, k=0, images=PIXELS, base_trainable=False),
        arriving(TYPICAL, k=2, images=PIXELS, functional=False, trainable=[True] * 3 + [False] + [True] * 2),
        arriving(TYPICAL, k=5, images=PIXELS, trainable=False, base_trainable=False),
        arriving(MIXED, k=2, images=PIXELS, base_trainable=False, trainable=[True, False] * 3),
    ],
    hints=(
        "Which layers of the case own weights and are no BatchNormalization? Which are the last k of these?",
        "What is the flag of every other layer after your call, whatever it was before?",
        "Is there a flag that you set after the ones of the chosen layers, and what does it do to them?",
    ),
)
def what_moves(impl, case):
    """One training step moves the weights of the last k layers and of the head, and nothing else."""
    base, outer, groups = outer_model(case)
    impl.unfreeze_last(base, case["k"])
    return moved(groups, lambda: descend(outer, case["images"]))


@probe(
    points=1,
    cases=several(),
    count=2,
    examples=[
        arriving(TYPICAL, ks=[5, 0, 2], trainable=False, base_trainable=False),
        arriving(MIXED, ks=[2, 9, 1], functional=False, trainable=[True] * 2 + [False] + [True] * 3),
    ],
    hints=(
        "How many numbers does each layer of the base hold, and which of them may train?",
        "Does the result of a call depend on what an earlier call has left behind?",
    ),
)
def counts(impl, case):
    """Each call leaves exactly the last k layers trainable, whatever an earlier call has chosen."""
    base, outer, _ = outer_model(case)
    totals = []
    for k in case["ks"]:
        impl.unfreeze_last(base, k)
        totals.append(census(outer))
    return totals
