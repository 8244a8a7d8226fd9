"""Probes of transpose_conv_by_zero_insertion."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise, quarters
from keras_kata import probe

sides = st.tuples(st.integers(1, 4), st.integers(1, 4))
strides = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(list)
kernels = st.tuples(st.integers(1, 5), st.integers(1, 5))


@st.composite
def images(draw):
    """Images and a stride."""
    shape = (draw(st.integers(1, 2)), *draw(sides), draw(st.integers(1, 3)))
    return {"x": draw(quarters(shape) | noise(shape)), "stride": draw(strides)}


@st.composite
def layers(draw):
    """Images, a kernel and a stride."""
    case = draw(images())
    shape = (*draw(kernels), draw(st.integers(1, 3)), case["x"].shape[-1])
    return {**case, "kernel": draw(quarters(shape) | noise(shape))}


@st.composite
def impulses(draw):
    """A place on a grid, and a kernel without symmetry: all its numbers differ."""
    height, width = draw(sides)
    kh, kw = draw(kernels)
    return {
        "height": height,
        "width": width,
        "at": [draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))],
        "kernel": np.arange(1, kh * kw + 1, dtype="float32").reshape(kh, kw, 1, 1),
        "stride": draw(strides),
        "padding": draw(st.sampled_from(["valid", "same"])),
    }


def grid(seed, shape):
    """Values from a seed, as the examples hold them."""
    return (np.random.default_rng(seed).integers(-8, 9, shape) / 4).astype("float32")


def layer(shape, kernel, stride, seed=0):
    """One case of `layers`: the kernel's shape is (kh, kw, cout)."""
    return {
        "x": grid([seed, 0], shape),
        "kernel": grid([seed, 1], (*kernel, shape[-1])),
        "stride": stride,
    }


LAYERS = [
    layer((1, 2, 3, 1), (3, 2, 1), [2, 1]),
    layer((1, 2, 3, 1), (3, 2, 1), [2, 1], seed=1),  # equal sizes, other values
    layer((2, 3, 2, 2), (3, 3, 3), [2, 2]),
    layer((1, 3, 4, 3), (4, 5, 2), [2, 1]),
    layer((2, 2, 3, 2), (4, 3, 2), [1, 2]),
    layer((1, 3, 2, 2), (2, 2, 2), [2, 2]),
    layer((1, 3, 2, 1), (2, 1, 3), [3, 4]),
    layer((1, 2, 2, 3), (1, 5, 1), [4, 3]),
    layer((2, 1, 1, 2), (2, 4, 1), [3, 2]),
    layer((1, 3, 4, 2), (3, 4, 2), [1, 1]),
    layer((1, 2, 3, 2), (1, 1, 3), [1, 1]),
    layer((1, 2, 3, 1), (1, 1, 1), [3, 2]),
]


def transposed(impl, case, padding):
    """The learner's transposed convolution of a case of `layers`."""
    return impl.conv_transpose2d(case["x"], case["kernel"], tuple(case["stride"]), padding)


@probe(
    points=1.5,
    cases=images(),
    examples=[
        {"x": grid(2, (1, 2, 3, 1)), "stride": [2, 3]},
        {"x": grid(3, (1, 2, 3, 1)), "stride": [2, 3]},  # equal sizes, other values
        {"x": grid(4, (2, 3, 2, 2)), "stride": [1, 3]},
        {"x": grid(5, (1, 2, 2, 3)), "stride": [4, 1]},
        {"x": grid(6, (2, 3, 4, 2)), "stride": [1, 1]},
        {"x": grid(7, (1, 1, 1, 2)), "stride": [3, 2]},
    ],
    count=22,
    hints=(
        "Between three pixels there are two gaps. How many zeros go into each, for a stride of 1, 2, 3?",
        "What stands before the first pixel, and what after the last?",
    ),
)
def zeros(impl, case):
    """Images with zeros between their pixels."""
    return impl.insert_zeros(case["x"], tuple(case["stride"]))


@probe(
    points=2.5,
    cases=layers(),
    examples=LAYERS,
    count=22,
    hints=(
        "Take one pixel and a kernel of three. How many zeros must there be before the pixel so that the "
        "kernel's last number reaches it, and how many after it?",
        "Work out one row by stamping and by the zeros, and compare. What does it mean if it comes out "
        "mirrored, or too short?",
    ),
)
def values_valid(impl, case):
    """The transposed convolution of images, with valid padding."""
    return transposed(impl, case, "valid")


@probe(
    points=2.5,
    cases=layers(),
    examples=LAYERS,
    count=22,
    hints=(
        "How many numbers should there be along each side, and how many are there before you cut?",
        "What is too much is what the kernel has more than the stride. Who loses more of it, front or end?",
    ),
)
def values_same(impl, case):
    """The transposed convolution of images, with same padding."""
    return transposed(impl, case, "same")


@probe(
    points=1.5,
    cases=impulses(),
    examples=[
        {
            "height": height,
            "width": width,
            "at": at,
            "kernel": np.arange(1, size[0] * size[1] + 1, dtype="float32").reshape(*size, 1, 1),
            "stride": stride,
            "padding": padding,
        }
        for height, width, at, size, stride, padding in [
            (1, 1, [0, 0], (2, 3), [1, 1], "valid"),
            (2, 3, [1, 0], (3, 2), [2, 2], "valid"),
            (3, 2, [1, 1], (2, 4), [1, 2], "same"),
            (2, 2, [0, 1], (3, 1), [2, 3], "same"),
        ]
    ],
    count=15,
    hints=("A single pixel stamps the kernel once. Do you see it in your output, the right way up?",),
)
def single_impulse(impl, case):
    """What a single pixel of 1 in a black image becomes."""
    image = np.zeros((1, case["height"], case["width"], 1), "float32")
    image[0, *case["at"], 0] = 1
    return impl.conv_transpose2d(image, case["kernel"], tuple(case["stride"]), case["padding"])
