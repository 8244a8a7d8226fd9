"""The reference against interpolation by numpy, and a network written out layer by layer."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

upsampling = reference("module2/upsampling_decoder")


@pytest.mark.parametrize(
    ("factor", "t"),
    [
        (1, [1]),
        (2, [0.25, 0.75, 0.75, 0.25]),
        (3, [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]),
        (4, np.array([1, 3, 5, 7, 7, 5, 3, 1]) / 8),
    ],
)
def test_kernels_by_hand(factor, t):
    kernel = upsampling.bilinear_kernel(factor, 2)
    assert kernel.dtype == "float32"
    np.testing.assert_allclose(kernel[:, :, 1, 1], np.outer(t, t), rtol=1e-6)
    assert not kernel[:, :, 0, 1].any()
    np.testing.assert_allclose(kernel.sum(axis=(0, 1, 2)), [factor**2] * 2, rtol=1e-5)


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_the_inside_is_what_numpy_interpolates_along_each_axis(factor):
    images = np.random.default_rng(factor).uniform(size=(2, 4, 5, 3)).astype("float32")

    def interpolated(line):
        places = (np.arange(len(line) * factor) + 0.5) / factor - 0.5
        return np.interp(places, np.arange(len(line)), line)

    expected = np.apply_along_axis(interpolated, 2, np.apply_along_axis(interpolated, 1, images))
    large = np.asarray(upsampling.super_resolve(images, factor))
    assert large.shape == (2, 4 * factor, 5 * factor, 3)
    inside = (slice(None), slice(factor, -factor), slice(factor, -factor))
    np.testing.assert_allclose(large[inside], expected[inside], rtol=1e-4)


def test_the_segmenter_layer_by_layer():
    keras.utils.set_random_seed(1)
    model = upsampling.build_segmenter((8, 12, 2), 3, [4, 6])
    x = np.random.default_rng(1).normal(size=(2, 8, 12, 2)).astype("float32")
    k1, b1, k2, b2, k3, b3, k4, b4 = model.get_weights()
    assert [k.shape for k in (k1, k2, k3, k4)] == [(3, 3, 2, 4), (3, 3, 4, 6), (3, 3, 4, 6), (3, 3, 3, 4)]
    ops = keras.ops
    y = ops.relu(ops.conv(x, k1, 2, "same") + b1)
    y = ops.relu(ops.conv(y, k2, 2, "same") + b2)
    y = ops.relu(ops.conv_transpose(y, k3, 2, "same") + b3)
    y = ops.conv_transpose(y, k4, 2, "same") + b4
    powers = np.exp(y - np.max(y, axis=-1, keepdims=True))
    np.testing.assert_allclose(model(x), powers / powers.sum(axis=-1, keepdims=True), rtol=1e-4)


def test_a_single_level_and_many():
    assert upsampling.build_segmenter((6, 2, 1), 4, [5]).output_shape == (None, 6, 2, 4)
    assert upsampling.build_segmenter((16, 8, 3), 2, [2, 3, 4]).output_shape == (None, 16, 8, 2)
