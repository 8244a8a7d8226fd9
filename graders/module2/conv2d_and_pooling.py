"""Probes of conv2d_and_pooling."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise, quarters
from keras_kata import probe


@st.composite
def grids(draw, windows=4):
    """Sides of an image, a window, a stride and a padding that go together; a valid window fits."""
    padding = draw(st.sampled_from(["valid", "same"]))
    sides = [draw(st.integers(1, 6)) for _ in range(2)]
    window = [draw(st.integers(1, min(n, windows) if padding == "valid" else windows)) for n in sides]
    stride = [draw(st.integers(1, 4)) for _ in range(2)]
    return sides, window, stride, padding


@st.composite
def convolutions(draw):
    """Images and filters."""
    sides, window, stride, padding = draw(grids())
    batch, cin, cout = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return {
        "x": draw(values((batch, *sides, cin))),
        "kernel": draw(values((*window, cin, cout))),
        "bias": draw(quarters((cout,))),
        "stride": stride,
        "padding": padding,
    }


@st.composite
def poolings(draw, low, high):
    """Images of values in [low, high] and pooling windows."""
    sides, window, stride, padding = draw(grids())
    shape = (draw(st.integers(1, 2)), *sides, draw(st.integers(1, 3)))
    return {"x": draw(values(shape, low, high)), "pool": window, "stride": stride, "padding": padding}


def values(shape, low=-2.0, high=2.0):
    """Arrays that shrink, or dense ones from a seed."""
    return quarters(shape, low, high) | noise(shape, low, high)


def grid(seed, shape, low=-32, high=32):
    """Values from a seed, as the examples hold them."""
    return (np.random.default_rng(seed).integers(low, high, shape, endpoint=True) / 16).astype("float32")


def conv_case(shape, kernel, stride, padding, seed=0):
    """One case of `convolutions`, with values from a seed."""
    return {
        "x": grid([seed, 0], shape),
        "kernel": grid([seed, 1], kernel),
        "bias": grid([seed, 2], kernel[-1:]),
        "stride": stride,
        "padding": padding,
    }


def pool_case(shape, pool, stride, padding, low, high, scale=1, seed=0):
    """One case of `poolings`, with values from a seed."""
    x = scale * grid([seed, *shape], shape, low, high)
    return {"x": x, "pool": pool, "stride": stride, "padding": padding}


def pool_examples(low, high):
    """Pooling windows at every kind of border; the first two have equal sizes and other values."""
    sizes = [
        ((1, 3, 5, 1), [2, 2], [1, 1], "same"),
        ((1, 3, 5, 1), [2, 2], [1, 1], "same"),
        ((2, 5, 4, 2), [3, 2], [2, 3], "same"),
        ((1, 4, 6, 3), [3, 3], [2, 1], "same"),
        ((1, 2, 1, 2), [4, 3], [1, 2], "same"),
        ((1, 6, 8, 1), [1, 2], [3, 4], "same"),
        ((2, 5, 4, 3), [2, 3], [1, 1], "valid"),
        ((1, 7, 6, 2), [2, 3], [2, 3], "valid"),
        ((1, 3, 2, 1), [3, 2], [1, 1], "valid"),
        ((1, 6, 5, 1), [1, 1], [4, 2], "valid"),
    ]
    return [pool_case(*size, low, high, seed=seed) for seed, size in enumerate(sizes)]


def call_pool2d(impl, case, kind):
    """Pool the images of a case; the pairs go in as tuples."""
    return impl.pool2d(case["x"], tuple(case["pool"]), tuple(case["stride"]), case["padding"], kind)


@probe(
    points=2,
    cases=convolutions(),
    examples=[
        conv_case((1, 4, 5, 2), (3, 2, 2, 3), [1, 1], "valid"),
        conv_case((1, 4, 5, 2), (3, 2, 2, 3), [1, 1], "valid", seed=1),  # equal sizes, other values
        conv_case((2, 5, 4, 3), (2, 3, 3, 2), [2, 1], "valid"),
        conv_case((1, 3, 4, 1), (3, 4, 1, 2), [1, 1], "valid"),
        conv_case((1, 6, 7, 2), (1, 2, 2, 1), [4, 3], "valid"),
        conv_case((2, 3, 5, 2), (1, 1, 2, 3), [1, 1], "valid"),
        conv_case((1, 4, 5, 1), (2, 4, 1, 1), [1, 1], "same"),
        conv_case((2, 4, 6, 2), (3, 3, 2, 2), [2, 1], "same"),
        conv_case((1, 5, 4, 3), (4, 3, 3, 1), [2, 3], "same"),
        conv_case((1, 6, 8, 2), (1, 2, 2, 2), [3, 4], "same"),
        conv_case((1, 2, 1, 1), (4, 3, 1, 2), [1, 2], "same"),
    ],
    count=25,
    hints=(
        "How many numbers are in one window, and how many numbers does one filter make of them?",
        "Draw a row of 4 pixels and windows of 3, two pixels apart, under same padding. Where does the first "
        "of them begin, and is it the same for 5 pixels?",
        "Write down which of your numbers belong to the rows and which to the columns, and follow them.",
    ),
)
def conv(impl, case):
    """Images convolved with a few filters."""
    return impl.conv2d(case["x"], case["kernel"], case["bias"], tuple(case["stride"]), case["padding"])


@probe(
    points=1.25,
    cases=poolings(-4.0, -0.25) | poolings(-2.0, 2.0),
    examples=[
        *pool_examples(-64, -1),
        pool_case((1, 5, 4, 2), [2, 3], [2, 2], "same", -64, -1, scale=2.0**40),
        pool_case((1, 3, 5, 2), [2, 2], [1, 1], "valid", -64, 64),
    ],
    count=25,
    hints=(
        "All pixels are negative. What is the largest number in a window at the border, and is it a pixel?",
        "What would a position have to hold so that it never is the largest?",
    ),
)
def pool_max(impl, case):
    """The largest pixel of each window."""
    return call_pool2d(impl, case, "max")


@probe(
    points=1.25,
    cases=poolings(-2.0, 2.0),
    examples=[
        *pool_examples(-32, 32),
        pool_case((1, 4, 3, 2), [3, 3], [1, 2], "same", 0, 1, scale=16.0),  # many pixels that are zero
    ],
    count=25,
    hints=(
        "An image in which every pixel is 1: what should its average be at the corner?",
        "How many real pixels does a window at the border hold, and how many inside?",
    ),
)
def pool_avg(impl, case):
    """The average of each window's pixels."""
    return call_pool2d(impl, case, "avg")


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "height": st.integers(3, 5),
            "width": st.integers(4, 7),
            "edge_at": st.integers(1, 3),
            "brightness": st.integers(1, 8).map(lambda fourths: fourths / 4),
            "middle": st.integers(1, 3),
            "padding": st.sampled_from(["valid", "same"]),
        }
    ),
    examples=[
        {"height": 3, "width": 6, "edge_at": 3, "brightness": 1.0, "middle": 1, "padding": "valid"},
        {"height": 4, "width": 5, "edge_at": 2, "brightness": 0.5, "middle": 2, "padding": "same"},
    ],
    count=10,
    hints=(
        "Lay the kernel on the place where dark turns to bright. Which of its columns is on the bright side?",
    ),
)
def edge_detector(impl, case):
    """An image that is bright from some column on, seen by a filter for upright and one for level edges."""
    image = np.zeros((1, case["height"], case["width"], 1), "float32")
    image[:, :, case["edge_at"] :] = case["brightness"]
    upright = np.array([[-1, 0, 1], [-case["middle"], 0, case["middle"]], [-1, 0, 1]], "float32")[
        ..., None, None
    ]
    filters = {"upright": upright, "level": upright.transpose(1, 0, 2, 3).copy()}
    return {
        name: impl.conv2d(image.copy(), kernel, np.zeros(1, "float32"), (1, 1), case["padding"])
        for name, kernel in filters.items()
    }
