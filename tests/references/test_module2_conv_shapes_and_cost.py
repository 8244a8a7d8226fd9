"""Output sizes and costs against Keras's own layers, and multiply-adds against counting them one by one."""

import itertools

import pytest

from tests.references.loading import reference

costs = reference("module2/conv_shapes_and_cost")


def conv(filters, kernel, stride, padding, use_bias):
    return {
        "type": "conv",
        "filters": filters,
        "kernel": kernel,
        "stride": stride,
        "padding": padding,
        "use_bias": use_bias,
    }


CONVOLUTIONS = [
    conv(filters, list(kernel), stride, padding, use_bias)
    for (filters, kernel, stride), padding, use_bias in itertools.product(
        [(3, (3, 3), 1), (4, (2, 5), 2), (1, (1, 1), [2, 3]), (5, (4, 3), [3, 1])],
        ["valid", "same"],
        [True, False],
    )
]
FLATTEN = {"type": "flatten"}
STACKS = [
    [first, second, *rest]
    for first, second in itertools.product(CONVOLUTIONS[::3], CONVOLUTIONS[::5])
    for rest in ([], [{"type": "pool", "pool": [1, 2]}, FLATTEN, {"type": "dense", "units": 7}])
] + [
    [{"type": "pool", "pool": 3}, {"type": "dense", "units": 6}, FLATTEN, {"type": "dense", "units": 2}],
    [FLATTEN, {"type": "dense", "units": 9}, {"type": "dense", "units": 3}],
]


def keras_layer(layer):
    import keras

    match layer["type"]:
        case "conv":
            return keras.layers.Conv2D(
                layer["filters"],
                layer["kernel"],
                layer["stride"],
                layer["padding"],
                use_bias=layer["use_bias"],
            )
        case "pool":
            return keras.layers.MaxPooling2D(layer["pool"])
        case "flatten":
            return keras.layers.Flatten()
        case "dense":
            return keras.layers.Dense(layer["units"])


def size_or_none(function, *arguments):
    try:
        return function(*arguments)
    except ValueError:
        return None


@pytest.mark.tensorflow
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_convolution_sizes_and_refusals_are_those_of_keras(padding):
    import keras

    for kernel, (stride, dilation) in itertools.product(
        range(1, 8), [(1, 1), (2, 1), (5, 1), (1, 2), (1, 4)]
    ):
        layer = keras.layers.Conv1D(1, kernel, stride, padding, dilation_rate=dilation)
        for n in (1, 2, 3, 4, 5, 7, 8, 13, 14, 150):
            expected = size_or_none(layer.compute_output_shape, (1, n, 1))
            assert size_or_none(costs.conv_output_size, n, kernel, stride, padding, dilation) == (
                expected and expected[1]
            )


@pytest.mark.tensorflow
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pooling_sizes_are_those_of_keras(padding):
    import keras

    for pool, stride in itertools.product(range(1, 6), [None, 1, 2, 5]):
        layer = keras.layers.MaxPooling1D(pool, stride, padding)
        for n in (5, 7, 8, 13, 14, 148, 149):
            assert (
                costs.pool_output_size(n, pool, stride, padding) == layer.compute_output_shape((1, n, 1))[1]
            )


@pytest.mark.tensorflow
def test_shapes_and_parameters_are_those_of_keras():
    for layers in STACKS:
        shape = (1, 29, 37, 2)
        for layer, row in zip(layers, costs.stack_report(shape[1:], layers), strict=True):
            built = keras_layer(layer)
            built.build(shape)
            shape = built.compute_output_shape(shape)
            assert (row["shape"], row["params"]) == (list(shape[1:]), built.count_params())


@pytest.mark.parametrize("pool", range(1, 6))
def test_pooling_refuses_what_no_window_fits_into(pool):
    for n, stride in itertools.product(range(1, 7), [None, 1, 3]):
        assert (size_or_none(costs.pool_output_size, n, pool, stride) is None) == (n < pool)


def test_valid_sizes_count_the_windows_that_lie_in_the_image():
    for n, kernel, stride, dilation in itertools.product(range(1, 20), range(1, 6), range(1, 6), (1, 2, 3)):
        taps = [[first + dilation * i for i in range(kernel)] for first in range(0, n, stride)]
        windows = sum(all(pixel < n for pixel in window) for window in taps)
        assert size_or_none(costs.conv_output_size, n, kernel, stride, "valid", dilation) == (windows or None)


def test_multiply_adds_are_the_multiplications_of_a_plain_loop():
    for layer in CONVOLUTIONS:
        down, across = layer["stride"] if isinstance(layer["stride"], list) else [layer["stride"]] * 2
        height, width = (
            (9, 7) if layer["padding"] == "same" else (10 - layer["kernel"][0], 8 - layer["kernel"][1])
        )
        multiplications = 0
        for _row, _column in itertools.product(range(0, height, down), range(0, width, across)):
            multiplications += sum(
                1 for _ in itertools.product(*map(range, (*layer["kernel"], 3, layer["filters"])))
            )
        assert costs.stack_report((9, 7, 3), [layer])[0]["macs"] == multiplications


def test_dense_multiply_adds_are_one_for_each_connection_at_each_position():
    first, flatten, last = costs.stack_report(
        (3, 4, 5), [{"type": "dense", "units": 2}, FLATTEN, {"type": "dense", "units": 7}]
    )
    assert first == {"shape": [3, 4, 2], "params": 12, "macs": 120}
    assert flatten == {"shape": [24], "params": 0, "macs": 0}
    assert last == {"shape": [7], "params": 175, "macs": 168}


def test_the_lecture_example_has_74_pixels_and_not_75():
    layers = [conv(16, [3, 3], 1, "valid", True), {"type": "pool", "pool": 2}]
    assert costs.stack_report((150, 150, 3), layers) == [
        {"shape": [148, 148, 16], "params": 448, "macs": 9462528},
        {"shape": [74, 74, 16], "params": 0, "macs": 0},
    ]
