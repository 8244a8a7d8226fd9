"""conv2d_and_pooling against the operations of Keras and a hand-computed row."""

import itertools

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

layers = reference("module2/conv2d_and_pooling")

GRIDS = [
    (sides, window, stride, padding)
    for sides, window, stride, padding in itertools.product(
        [(1, 4), (5, 3), (6, 7)],
        [(1, 2), (3, 1), (2, 3), (4, 4)],
        [(1, 1), (2, 1), (1, 3), (4, 2)],
        ["valid", "same"],
    )
    if padding == "same" or all(k <= n for n, k in zip(sides, window, strict=True))
]


@pytest.mark.parametrize(("cin", "cout"), [(1, 2), (3, 1)])
def test_convolution_is_that_of_keras(cin, cout):
    random = np.random.default_rng(0)
    for sides, window, stride, padding in GRIDS:
        x = random.normal(size=(2, *sides, cin)).astype("float32")
        kernel = random.normal(size=(*window, cin, cout)).astype("float32")
        bias = random.normal(size=cout).astype("float32")
        real = keras.ops.conv(x, kernel, stride, padding) + bias
        np.testing.assert_allclose(
            layers.conv2d(x, kernel, bias, stride, padding),
            real,
            rtol=1e-4,
            atol=1e-5,
            err_msg=f"{sides} {window} {stride} {padding}",
        )


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling_is_that_of_keras(kind):
    random = np.random.default_rng(1)
    operation = {"max": keras.ops.max_pool, "avg": keras.ops.average_pool}[kind]
    for sides, window, stride, padding in GRIDS:
        x = random.normal(size=(2, *sides, 3)).astype("float32") - 2
        np.testing.assert_allclose(
            layers.pool2d(x, window, stride, padding, kind),
            operation(x, window, stride, padding),
            rtol=1e-4,
            atol=1e-5,
            err_msg=f"{sides} {window} {stride} {padding}",
        )


def test_row_of_the_instructions():
    row = np.array([3, 1, -2], "float32").reshape(1, 1, 3, 1)
    kernel = np.array([10, 1], "float32").reshape(1, 2, 1, 1)
    assert layers.conv2d(row, kernel, np.zeros(1), (1, 1), "same").ravel().tolist() == [31, 8, -20]
    assert layers.pool2d(row, (1, 2), (1, 1), "same", "max").ravel().tolist() == [3, 1, -2]
    assert layers.pool2d(row, (1, 2), (1, 1), "same", "avg").ravel().tolist() == [2, -0.5, -2]


def test_upright_edge_is_found():
    image = np.zeros((1, 3, 6, 1), "float32")
    image[:, :, 3:] = 1
    kernel = np.array([[-1, 0, 1]] * 3, "float32")[..., None, None]
    found = layers.conv2d(image, kernel, np.zeros(1), (1, 1), "valid")
    assert found.ravel().tolist() == [0, 3, 3, 0]
