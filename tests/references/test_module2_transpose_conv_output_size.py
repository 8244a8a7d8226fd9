"""transpose_conv_output_size against real Keras layers, counted positions and all factorisations."""

import itertools
import math

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

sizes = reference("module2/transpose_conv_output_size")


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_default_sizes_are_those_of_real_layers(padding, stride):
    for kernel in [(1, 2), (3, 4), (5, 6)]:
        layer = keras.layers.Conv2DTranspose(1, kernel, stride, padding)
        for sides in [(1, 4), (5, 1), (6, 7)]:
            real = layer(np.ones((1, *sides, 1), "float32")).shape[1:3]
            computed = [
                sizes.transpose_conv_output_size(n, k, stride, padding)
                for n, k in zip(sides, kernel, strict=True)
            ]
            assert computed == list(real), (padding, stride, kernel, sides)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "output_padding"), [(2, 0), (2, 1), (3, 0), (3, 2), (4, 3)])
def test_sizes_with_output_padding_are_those_of_real_layers(padding, stride, output_padding):
    """Odd kernels only: with an even one, Keras computes a size and then can't run the layer."""
    for kernel in [(1, 3), (5, 3)]:
        layer = keras.layers.Conv2DTranspose(1, kernel, stride, padding, output_padding=output_padding)
        for sides in [(1, 4), (6, 2)]:
            real = layer(np.ones((1, *sides, 1), "float32")).shape[1:3]
            computed = [
                sizes.transpose_conv_output_size(n, k, stride, padding, output_padding)
                for n, k in zip(sides, kernel, strict=True)
            ]
            assert computed == list(real), (padding, stride, output_padding, kernel, sides)


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "output_padding", "valid", "same"),
    [
        (4, 3, 2, None, 9, 8),
        (4, 3, 2, 0, 9, 7),
        (4, 3, 2, 1, 10, 8),
        (4, 2, 3, None, 12, 12),
        (4, 2, 3, 0, 11, 9),
        (4, 2, 3, 2, 13, 11),
        (3, 4, 2, 1, 9, 5),
        (2, 6, 5, 4, 15, 9),
    ],
)
def test_hand_computed_sizes(n, kernel, stride, output_padding, valid, same):
    assert sizes.transpose_conv_output_size(n, kernel, stride, "valid", output_padding) == valid
    assert sizes.transpose_conv_output_size(n, kernel, stride, "same", output_padding) == same


def test_smallest_valid_size_is_what_the_stamps_cover():
    for n, kernel, stride in itertools.product(range(1, 9), range(1, 7), range(1, 6)):
        covered = {i * stride + j for i in range(n) for j in range(kernel)}
        computed = sizes.transpose_conv_output_size(n, kernel, stride, "valid", 0)
        assert computed == max(covered) + 1


def test_valid_sizes_with_output_padding_are_all_that_a_convolution_brings_back_to_n():
    for n, kernel, stride in itertools.product(range(1, 9), range(1, 7), range(1, 6)):
        back = [m for m in range(kernel, 80) if len(range(0, m - kernel + 1, stride)) == n]
        computed = [sizes.transpose_conv_output_size(n, kernel, stride, "valid", p) for p in range(stride)]
        assert computed == back


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "output_padding"), [(1, 1), (2, 2), (2, 5), (3, -1)])
def test_keras_refuses_the_same_output_paddings(padding, stride, output_padding):
    with pytest.raises(ValueError, match="output_padding"):
        sizes.transpose_conv_output_size(4, 3, stride, padding, output_padding)
    with pytest.raises(ValueError, match="output_padding"):
        keras.layers.Conv2DTranspose(1, 3, stride, padding, output_padding=output_padding)


def every_list(factor, allowed):
    """All ordered lists of allowed strides with this product."""
    if factor == 1:
        yield []
    for stride in allowed:
        if factor % stride == 0:
            yield from ([stride, *rest] for rest in every_list(factor // stride, allowed))


@pytest.mark.parametrize("max_stride", range(1, 9))
def test_strides_are_the_best_of_all_lists(max_stride):
    for factor in range(1, 101):
        falling = [s for s in every_list(factor, range(2, max_stride + 1)) if s == sorted(s, reverse=True)]
        n_in = 1 + factor % 5
        if falling:
            fewest = min(map(len, falling))
            best = max(s for s in falling if len(s) == fewest)
            assert sizes.upsampling_strides(n_in, n_in * factor, max_stride) == best
        else:
            with pytest.raises(ValueError, match="no strides"):
                sizes.upsampling_strides(n_in, n_in * factor, max_stride)


def test_shortest_list_need_not_start_with_the_largest_divisor():
    assert sizes.upsampling_strides(1, 216, 8) == [6, 6, 6]


@pytest.mark.parametrize(("n_in", "n_out"), [(7, 30), (7, 3), (2, 1), (4, 6)])
def test_sizes_that_are_no_multiple_are_rejected(n_in, n_out):
    with pytest.raises(ValueError, match="no strides"):
        sizes.upsampling_strides(n_in, n_out, 8)


def test_layers_with_the_strides_of_a_decoder_reach_its_size():
    x = np.ones((1, 3, 3, 1), "float32")
    strides = sizes.upsampling_strides(3, 36, 4)
    for stride in strides:
        x = keras.layers.Conv2DTranspose(1, 3, stride, padding="same")(x)
    assert x.shape[1:3] == (36, 36)
    assert math.prod(strides) == 12
