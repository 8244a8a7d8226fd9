"""Probes of transpose_conv_output_size."""

from math import prod

from hypothesis import strategies as st

from graders.support.rejection import rejected
from keras_kata import probe

paddings = st.sampled_from(["valid", "same"])
kernels = st.integers(1, 6)
strides = st.integers(1, 5)


def layer(height, width, kernel, stride, padding, **output_padding):
    """One layer and the two sides of its input, as the cases hold them."""
    sides = {"height": height, "width": width}
    return {**sides, "kernel": kernel, "stride": stride, "padding": padding, **output_padding}


layers = st.builds(layer, st.integers(1, 8), st.integers(1, 8), kernels, strides, paddings)


@st.composite
def layers_with_output_padding(draw):
    """Layers whose output padding is allowed, and whose output is not empty."""
    kernel, stride, padding = draw(kernels), draw(strides), draw(paddings)
    output_padding = draw(st.integers(0, stride - 1))
    may_vanish = padding == "same" and kernel % 2 == 0 and output_padding == 0
    sides = st.integers(2 if may_vanish else 1, 8)
    return layer(draw(sides), draw(sides), kernel, stride, padding, output_padding=output_padding)


@st.composite
def layers_with_bad_output_padding(draw):
    """Layers whose output padding is below 0, or not below the stride."""
    stride = draw(strides)
    return {
        "n": draw(st.integers(2, 8)),
        "kernel": draw(kernels),
        "stride": stride,
        "padding": draw(paddings),
        "output_padding": draw(st.integers(-3, -1) | st.integers(stride, stride + 3)),
    }


@st.composite
def enlargements(draw):
    """Sizes that some list of strides leads between."""
    factors = draw(st.lists(st.integers(2, 8), max_size=3) | st.just([6, 6, 6]))
    n_in = draw(st.integers(1, 8))
    return {
        "n_in": n_in,
        "n_out": n_in * prod(factors),
        "max_stride": draw(st.integers(max(factors, default=1), 8)),
    }


@st.composite
def impossible_enlargements(draw):
    """Sizes that no list of strides leads between: smaller, not a multiple, or by too large a prime."""
    n_in = draw(st.integers(2, 8))
    reason = draw(st.sampled_from(["smaller", "remainder", "prime"]))
    max_stride = draw(st.integers(2, 4))
    if reason == "smaller":
        n_out = draw(st.integers(1, n_in - 1))
    elif reason == "remainder":
        n_out = n_in * draw(st.integers(1, 4)) + draw(st.integers(1, n_in - 1))
    else:
        n_out = n_in * draw(st.sampled_from([5, 7, 10, 11]))
    return {"n_in": n_in, "n_out": n_out, "max_stride": max_stride}


@probe(
    points=1,
    cases=layers,
    examples=[
        layer(4, 3, 3, 2, "valid"),
        layer(4, 3, 3, 2, "same"),
        layer(4, 5, 2, 3, "valid"),  # the stride exceeds the kernel
        layer(4, 5, 2, 3, "same"),
        layer(1, 6, 1, 5, "valid"),
        layer(1, 6, 4, 1, "same"),
        layer(1, 6, 4, 1, "valid"),
        layer(7, 2, 6, 3, "valid"),
        layer(7, 2, 5, 4, "same"),
    ],
    count=40,
    hints=(
        "Draw the output as a row of boxes and mark what each of three inputs stamps on it. Where does the "
        "last stamp begin, and where does it end?",
        "Which of the two paddings depends on the kernel at all? And what is the least that it gives?",
    ),
)
def sizes(impl, case):
    """The height and the width of the output without output padding, left out once and once given as None."""
    kernel, stride, padding = case["kernel"], case["stride"], case["padding"]
    return [
        impl.transpose_conv_output_size(case["height"], kernel, stride, padding),
        impl.transpose_conv_output_size(case["width"], kernel, stride, padding, None),
    ]


@probe(
    points=0.75,
    cases=layers_with_output_padding(),
    examples=[
        layer(4, 3, 3, 2, "valid", output_padding=0),
        layer(4, 3, 3, 2, "same", output_padding=0),
        layer(4, 3, 3, 2, "same", output_padding=1),
        layer(4, 3, 2, 3, "valid", output_padding=0),
        layer(4, 3, 2, 3, "valid", output_padding=2),
        layer(4, 3, 2, 3, "same", output_padding=2),
        layer(4, 3, 6, 5, "same", output_padding=4),
        layer(1, 1, 1, 1, "same", output_padding=0),
        layer(2, 5, 4, 1, "same", output_padding=0),
    ],
    count=40,
    hints=(
        "An ordinary convolution with this stride gave n positions. Which sizes may its input have had?",
        "Start from the reach and go through the two paddings: what is taken off, and what is put on?",
    ),
)
def sizes_with_output_padding(impl, case):
    """The height and the width of the output, with an output padding."""
    return [
        impl.transpose_conv_output_size(
            case[side], case["kernel"], case["stride"], case["padding"], case["output_padding"]
        )
        for side in ("height", "width")
    ]


@probe(
    points=0.25,
    cases=layers_with_bad_output_padding(),
    examples=[
        {"n": 4, "kernel": 3, "stride": 2, "padding": padding, "output_padding": output_padding}
        for padding in ("valid", "same")
        for output_padding in (-1, 2, 3)
    ]
    + [{"n": 4, "kernel": 3, "stride": 1, "padding": "same", "output_padding": 1}],
    count=15,
    hints=("How many sizes are there to choose from, and which output paddings choose none of them?",),
)
def bad_output_padding(impl, case):
    """What happens to an output padding that is not allowed."""
    return rejected(
        impl.transpose_conv_output_size,
        case["n"],
        case["kernel"],
        case["stride"],
        case["padding"],
        case["output_padding"],
    )


@probe(
    points=0.75,
    cases=enlargements(),
    examples=[
        {"n_in": 7, "n_out": 28, "max_stride": 4},
        {"n_in": 7, "n_out": 28, "max_stride": 3},
        {"n_in": 7, "n_out": 35, "max_stride": 5},
        {"n_in": 7, "n_out": 7, "max_stride": 2},
        {"n_in": 7, "n_out": 7, "max_stride": 1},
        {"n_in": 1, "n_out": 12, "max_stride": 6},
        {"n_in": 2, "n_out": 96, "max_stride": 7},
        {"n_in": 1, "n_out": 216, "max_stride": 8},
        {"n_in": 1, "n_out": 72, "max_stride": 8},
        {"n_in": 1, "n_out": 96, "max_stride": 8},
        {"n_in": 3, "n_out": 192, "max_stride": 2},
        {"n_in": 1, "n_out": 144, "max_stride": 12},
    ],
    count=40,
    hints=(
        "By what does one layer multiply the size? By what do two, and what has to come out in the end?",
        "Could you list every way of doing it, in a fixed order, and then choose?",
    ),
)
def strides_of_the_layers(impl, case):
    """The strides that lead from one size to another."""
    return impl.upsampling_strides(case["n_in"], case["n_out"], case["max_stride"])


@probe(
    points=0.25,
    cases=impossible_enlargements(),
    examples=[
        {"n_in": 7, "n_out": 30, "max_stride": 3},
        {"n_in": 7, "n_out": 35, "max_stride": 3},
        {"n_in": 7, "n_out": 14, "max_stride": 1},
        {"n_in": 8, "n_out": 4, "max_stride": 2},
        {"n_in": 3, "n_out": 1, "max_stride": 4},
        {"n_in": 2, "n_out": 20, "max_stride": 4},
    ],
    count=20,
    hints=("For which pairs of sizes will no list of strides do? There are three kinds of them.",),
)
def impossible_sizes(impl, case):
    """What happens where no strides lead from one size to the other."""
    return rejected(impl.upsampling_strides, case["n_in"], case["n_out"], case["max_stride"])
