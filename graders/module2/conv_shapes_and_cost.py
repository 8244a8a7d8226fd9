"""Output sizes of convolution and pooling, and the report of a stack of layers."""

from hypothesis import strategies as st

from graders.support.rejection import rejected
from keras_kata import exact, probe

PADDINGS = st.sampled_from(["valid", "same"])
SIZES = st.integers(1, 12) | st.integers(1, 160)


def convolutions():
    """One axis of a convolution; `options` holds the arguments that are not left to their defaults."""
    strided = st.fixed_dictionaries({}, optional={"stride": st.integers(1, 5), "padding": PADDINGS})
    dilated = st.fixed_dictionaries({}, optional={"dilation": st.integers(2, 4), "padding": PADDINGS})
    return st.fixed_dictionaries({"n": SIZES, "kernel": st.integers(1, 7), "options": strided | dilated})


def poolings():
    """One axis of a pooling layer, described like a convolution's."""
    strides = st.none() | st.integers(1, 5)
    options = st.fixed_dictionaries({}, optional={"stride": strides, "padding": PADDINGS})
    return st.fixed_dictionaries({"n": SIZES, "pool": st.integers(1, 5), "options": options})


def conv(filters, kernel, stride=1, padding="same", use_bias=True):
    """The dict that describes a convolution."""
    return {
        "type": "conv",
        "filters": filters,
        "kernel": kernel,
        "stride": stride,
        "padding": padding,
        "use_bias": use_bias,
    }


def pool(window):
    """The dict that describes a pooling layer."""
    return {"type": "pool", "pool": window}


def dense(units):
    """The dict that describes a dense layer."""
    return {"type": "dense", "units": units}


def flatten():
    """The dict that describes a flattening layer."""
    return {"type": "flatten"}


@st.composite
def stacks(draw):
    """Up to three layers on the image, perhaps a flatten, up to two dense layers: at least one in all.

    Kernels, windows and strides are at most 3, so each layer leaves at least a third of each side.
    """
    thirds = st.integers(1, 3)
    pairs = st.lists(thirds, min_size=2, max_size=2)
    convs = st.builds(conv, st.integers(1, 5), pairs, thirds | pairs, PADDINGS, st.booleans())
    denses = st.builds(dense, st.integers(1, 5))
    layers = draw(st.lists(convs | st.builds(pool, thirds | pairs) | denses, max_size=3))
    sides = st.integers(3 ** len(layers), 3 ** len(layers) + 9)
    if draw(st.booleans()):
        layers = [*layers, flatten()]
    layers = [*layers, *draw(st.lists(denses, min_size=0 if layers else 1, max_size=2))]
    return {"input_shape": [draw(sides), draw(sides), draw(st.integers(1, 4))], "layers": layers}


@probe(
    points=0.75,
    cases=convolutions(),
    examples=[
        {"n": 150, "kernel": 3, "options": {}},
        {"n": 7, "kernel": 7, "options": {}},
        {"n": 2, "kernel": 3, "options": {}},
        {"n": 1, "kernel": 7, "options": {"padding": "same"}},
        {"n": 7, "kernel": 3, "options": {"stride": 2}},
        {"n": 11, "kernel": 2, "options": {"stride": 5}},
        {"n": 4, "kernel": 5, "options": {"stride": 5}},
        {"n": 3, "kernel": 7, "options": {"stride": 2}},
        {"n": 8, "kernel": 3, "options": {"stride": 3, "padding": "same"}},
        {"n": 9, "kernel": 2, "options": {"stride": 4, "padding": "same"}},
        {"n": 9, "kernel": 3, "options": {"dilation": 3}},
        {"n": 12, "kernel": 3, "options": {"dilation": 2}},
        {"n": 4, "kernel": 2, "options": {"dilation": 4}},
        {"n": 9, "kernel": 3, "options": {"dilation": 3, "padding": "same"}},
    ],
    count=80,
    agree=exact(),
    hints=(
        "Draw the pixels as a row and slide the kernel over them: where does the last whole window begin?",
        "With dilation the kernel reaches further than it has numbers. And which of kernel and stride rules "
        "the size under same padding?",
    ),
)
def convolution_size(impl, case):
    """The size of a convolution's output along one axis; refused where no window fits."""
    return rejected(impl.conv_output_size, case["n"], case["kernel"], **case["options"])


@probe(
    points=0.75,
    cases=poolings(),
    examples=[
        {"n": 148, "pool": 2, "options": {}},
        {"n": 149, "pool": 2, "options": {}},
        {"n": 1, "pool": 2, "options": {}},
        {"n": 8, "pool": 3, "options": {"stride": 2}},
        {"n": 8, "pool": 3, "options": {"stride": None}},
        {"n": 7, "pool": 2, "options": {"stride": 4}},
        {"n": 4, "pool": 5, "options": {"stride": 5}},
        {"n": 8, "pool": 3, "options": {"padding": "same"}},
        {"n": 2, "pool": 3, "options": {"stride": 1, "padding": "same"}},
    ],
    count=60,
    agree=exact(),
    hints=(
        "Seven pixels, windows of two, side by side: how many whole windows are there, and what becomes of "
        "the pixel that is left?",
        "How far apart are two windows when nobody says how far?",
    ),
)
def pooling_size(impl, case):
    """The size of a pooling layer's output along one axis; refused where no window fits."""
    return rejected(impl.pool_output_size, case["n"], case["pool"], **case["options"])


@probe(
    points=1,
    cases=stacks(),
    examples=[
        {"input_shape": [4, 5, 2], "layers": [conv(3, [3, 3], 1, "valid")]},
        {
            "input_shape": [6, 9, 3],
            "layers": [conv(4, [1, 3], [2, 1], "valid", use_bias=False), pool([1, 2])],
        },
        {"input_shape": [7, 5, 1], "layers": [conv(2, [3, 3], 2, "valid")]},
        {"input_shape": [2, 3, 2], "layers": [conv(3, [5, 4], [1, 2]), flatten(), dense(4), dense(2)]},
        {"input_shape": [7, 5, 3], "layers": [pool(2), conv(2, [3, 2], 2), dense(4), flatten()]},
    ],
    count=40,
    agree=exact(),
    hints=(
        "Take one filter: over how many numbers does it reach at one position, and at how many positions is "
        "it used?",
        "Go through the stack one layer at a time; what enters a layer is what left the one before. Say for "
        "each factor of your products what it counts.",
    ),
)
def report_of_a_stack(impl, case):
    """The shape, parameters and multiply-adds of every layer of a stack."""
    return impl.stack_report(tuple(case["input_shape"]), case["layers"])


@probe(
    points=0.25,
    examples=[
        {"n": 150, "kernel": 3, "between": 148, "pool": 2, "filters": 16},
        {"n": 151, "kernel": 3, "between": 149, "pool": 2, "filters": 16},
    ],
    agree=exact(),
    hints=("Which of the two layers makes the image only a little smaller, and which halves it?",),
)
def lecture_example(impl, case):
    """150 x 150 pixels after a convolution and a pooling layer, by the two functions and by the report."""
    n, kernel, window = case["n"], case["kernel"], case["pool"]
    sizes = [impl.conv_output_size(n, kernel), impl.pool_output_size(case["between"], window)]
    layers = [conv(case["filters"], [kernel, kernel], 1, "valid"), pool(window)]
    return {"sizes": sizes, "report": impl.stack_report((n, n, 3), layers)}


@probe(
    points=0.25,
    cases=st.fixed_dictionaries(
        {
            "input_shape": st.tuples(st.integers(12, 64), st.integers(12, 64), st.integers(1, 4)).map(list),
            "filters": st.integers(4, 32),
            "units": st.integers(8, 64),
        }
    ),
    examples=[{"input_shape": [32, 48, 3], "filters": 16, "units": 64}],
    count=10,
    agree=exact(),
    hints=(
        "Which layer of each network holds most of the parameters, and which does most of the multiply-adds?",
        "What a dense layer costs depends on how many numbers reach it.",
    ),
)
def which_is_cheaper(impl, case):
    """What a dense network costs on one image, and what one with a lean or a wasteful front costs."""
    filters = case["filters"]
    fronts = {
        "dense": [],
        "lean": [conv(filters, [3, 3]), pool(2), conv(2 * filters, [3, 3], 2), pool(2)],
        "wasteful": [conv(filters, [7, 7]), conv(2 * filters, [7, 7])],
    }
    costs = {}
    for name, front in fronts.items():
        layers = [*front, flatten(), dense(case["units"]), dense(10)]
        report = impl.stack_report(tuple(case["input_shape"]), layers)
        costs[name] = {cost: sum(row[cost] for row in report) for cost in ("params", "macs")}
    return costs
