"""transpose_conv_by_zero_insertion against Keras, and hand-computed rows."""

import itertools

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

zeros = reference("module2/transpose_conv_by_zero_insertion")


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_values_are_those_of_keras(padding):
    random = np.random.default_rng(0)
    for (h, w), kernel, stride in itertools.product(
        [(1, 1), (2, 3), (4, 1)],
        [(1, 2), (2, 3), (3, 1), (4, 5), (5, 4)],
        [(1, 1), (1, 2), (2, 1), (3, 2), (4, 3)],
    ):
        cin, cout = 1 + h % 3, 1 + sum(stride) % 3
        x = random.normal(size=(2, h, w, cin)).astype("float32")
        weights = random.normal(size=(*kernel, cout, cin)).astype("float32")
        np.testing.assert_allclose(
            zeros.conv_transpose2d(x, weights, stride, padding),
            keras.ops.conv_transpose(x, weights, stride, padding),
            rtol=1e-4,
            atol=1e-5,
            err_msg=f"{(h, w)} {kernel} {stride}",
        )


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("kernel", "stride"), [((3, 2), (2, 2)), ((4, 5), (1, 2)), ((2, 1), (3, 4))])
def test_values_are_those_of_a_layer(kernel, stride, padding):
    random = np.random.default_rng(1)
    x = random.normal(size=(2, 3, 2, 2)).astype("float32")
    layer = keras.layers.Conv2DTranspose(3, kernel, stride, padding, use_bias=False)
    layer.build(x.shape)
    weights = random.normal(size=layer.kernel.shape).astype("float32")
    layer.kernel.assign(weights)
    np.testing.assert_allclose(
        zeros.conv_transpose2d(x, weights, stride, padding), layer(x), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize(
    ("kernel", "stride", "valid", "same"),
    [
        ([1, 2, 5], 2, [1, 2, 8, 6, 15], [1, 2, 8, 6]),
        ([1, 2, 5, 7], 2, [1, 2, 8, 13, 15, 21], [2, 8, 13, 15]),
        ([1, 2, 5], 4, [1, 2, 5, 0, 3, 6, 15, 0], [1, 2, 5, 0, 3, 6, 15, 0]),
    ],
)
def test_rows_of_the_instructions(kernel, stride, valid, same):
    row, weights = np.array([1.0, 3]).reshape(1, 1, 2, 1), np.array(kernel, "float64").reshape(1, -1, 1, 1)
    assert zeros.conv_transpose2d(row, weights, (1, stride), "valid").ravel().tolist() == valid
    assert zeros.conv_transpose2d(row, weights, (1, stride), "same").ravel().tolist() == same


@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (4, 1)])
def test_pixels_are_a_stride_apart_and_the_rest_is_zero(stride):
    x = np.arange(1, 37, dtype="float32").reshape(2, 3, 2, 3)
    spread = zeros.insert_zeros(x, stride)
    for b, r, c, d in np.ndindex(spread.shape):
        (row, between_rows), (column, between_columns) = divmod(r, stride[0]), divmod(c, stride[1])
        expected = 0 if between_rows or between_columns else x[b, row, column, d]
        assert spread[b, r, c, d] == expected
    assert spread.shape == (2, 2 * stride[0] + 1, stride[1] + 1, 3)
