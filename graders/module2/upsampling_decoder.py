"""Observing upsampling: a kernel, pictures made larger with it, and a network that labels every pixel."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise, quarters
from graders.support.networks import census, fill_by_size
from keras_kata import probe


@probe(
    points=2,
    cases=st.fixed_dictionaries({"factor": st.integers(1, 6), "channels": st.integers(1, 3)}),
    examples=[{"factor": factor, "channels": channels} for factor in (1, 2, 3, 4) for channels in (1, 3)],
    count=10,
    hints=(
        "Draw t for factor 3: how many values are there, and where is its middle?",
        "Which entries of the last two axes of the kernel bring red into green?",
    ),
)
def kernel(impl, case):
    """The bilinear kernel has the right size and values, and keeps the channels apart."""
    return impl.bilinear_kernel(case["factor"], case["channels"])


@st.composite
def pictures(draw):
    """Pictures large enough to have an inside after upsampling."""
    shape = draw(st.tuples(st.integers(1, 2), st.integers(3, 4), st.integers(3, 4), st.integers(1, 3)))
    return {"images": draw(quarters(shape, 0, 2)), "factor": draw(st.integers(1, 4))}


def coloured(red, green):
    """A picture of two constant colours side by side."""
    picture = np.zeros((1, 4, 5, 2), "float32")
    picture[:, :, :2, 0], picture[:, :, 2:, 1] = red, green
    return picture


@probe(
    points=2,
    cases=pictures(),
    examples=[
        {"images": np.ones((1, 3, 3, 1), "float32"), "factor": 2},
        {"images": coloured(1, 2), "factor": 3},
        {"images": (np.arange(24).reshape(2, 3, 4, 1) * 5 % 11).astype("float32"), "factor": 2},
        {"images": (np.arange(12).reshape(1, 3, 4, 1) * 5 % 7).astype("float32"), "factor": 1},
    ],
    count=8,
    hints=(
        "A picture that is grey all over: how bright must the large one be in the middle?",
        "What do stride and padding of a transposed convolution do to the size?",
    ),
)
def upscale(impl, case):
    """The picture is `factor` times as large and right everywhere inside. Of the edges only the brightness counts:
    those of a picture that is 1 everywhere, made larger, become darker."""
    large, factor = np.asarray(impl.super_resolve(case["images"], case["factor"])), case["factor"]
    if large.ndim != 4:
        return {"shape": list(large.shape)}
    observed = {"shape": list(large.shape), "inside": large[:, factor:-factor, factor:-factor]}
    if factor > 1 and np.all(case["images"] == 1):
        observed["edges become darker"] = bool(np.all(large[:, 0, 0] < 0.9))
    return observed


@st.composite
def segmenters(draw):
    """The sizes of a network, its weights' salt, and images."""
    widths = draw(st.lists(st.integers(2, 5), min_size=1, max_size=2, unique=True))
    unit = 2 ** len(widths)
    height, width = (unit * draw(st.integers(1, 3)) for _ in range(2))
    channels = draw(st.integers(1, 2))
    return {
        "widths": widths,
        "n_classes": draw(st.integers(2, 4)),
        "salt": draw(st.integers(0, 99)),
        "images": draw(noise((draw(st.integers(1, 2)), height, width, channels))),
    }


def images(n, height, width, channels):
    """Hand-picked images."""
    size = n * height * width * channels
    return ((np.arange(size) * 7 % 31 - 12) / 8).reshape(n, height, width, channels).astype("float32")


@probe(
    points=4,
    cases=segmenters(),
    examples=[
        {"widths": [3, 5], "n_classes": 4, "salt": 1, "images": images(1, 8, 4, 2)},
        {"widths": [4], "n_classes": 3, "salt": 2, "images": images(2, 6, 8, 1)},
        {"widths": [2, 4, 3], "n_classes": 2, "salt": 3, "images": images(1, 8, 8, 1)},
    ],
    count=2,
    hints=(
        "Write down the size of the map and its channels after each layer, from the first to the last.",
        "Over which axis must the probabilities of one pixel sum to 1?",
        "Which layers of a network have more weights when the image is larger?",
    ),
)
def segmenter(impl, case):
    """Every pixel gets class probabilities that sum to 1; the weights do not depend on the image's size.

    The last entry is the largest change in the far corner when the first pixel of the image changes.
    """
    _, height, width, channels = case["images"].shape
    model = impl.build_segmenter((height, width, channels), case["n_classes"], case["widths"])
    model(case["images"], training=False)
    fill_by_size(model, case["salt"])
    probabilities = np.asarray(model(case["images"], training=False))
    other = impl.build_segmenter((2 * height, height, channels), case["n_classes"], case["widths"])
    larger = other(np.zeros((1, 2 * height, height, channels), "float32"), training=False)
    nudged = case["images"].copy()
    nudged[:, 0, 0] += 1
    change = np.abs(np.asarray(model(nudged, training=False)) - probabilities)
    return {
        "shape": list(probabilities.shape),
        "shape for a larger image": list(larger.shape),
        "sums over the classes": probabilities.sum(axis=-1),
        "weights": census(model),
        "weights for a larger image": census(other),
        "probabilities": probabilities,
        "change in the far corner": change[:, -1, -1].max() if change.ndim == 4 else change.max(),
    }
