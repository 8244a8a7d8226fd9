"""Known mistakes in making maps larger."""

import keras
import numpy as np

from keras_kata import instead_of

from .reference import bilinear_kernel as _right_kernel


def _kernel(k, t, channels, mixed=None):
    between = np.eye(channels) if mixed is None else mixed
    return np.einsum("i,j,cd->ijcd", t, t, between).astype("float32").reshape(k, k, channels, channels)


def _triangle(k, slope):
    return 1 - np.abs(np.arange(k) - (k - 1) / 2) / slope


@instead_of("bilinear_kernel")
def channels_mixed(factor, channels):
    """You fill in the kernel for every pair of channels, so that each colour of the result is the sum of all.
    Between different channels it must be 0."""
    k = 2 * factor - factor % 2
    return _kernel(k, _triangle(k, factor), channels, np.ones((channels, channels)))


@instead_of("bilinear_kernel")
def kernel_sum_one(factor, channels):
    """Your kernel sums to 1, and pictures become dark. Each input pixel has to fill factor * factor output pixels,
    so it must sum to that."""
    return _right_kernel(factor, channels) / factor**2


@instead_of("bilinear_kernel")
def kernel_size_factor(factor, channels):
    """Your kernel is one block of equal values, as large as the factor. That repeats pixels; to interpolate
    between them, kernels must overlap."""
    return _kernel(factor, np.ones(factor), channels)


@instead_of("bilinear_kernel")
def always_even_size(factor, channels):
    """Your kernel has the side 2 * factor for odd factors as well. There it is one smaller, or the result is moved
    by half a pixel."""
    return _kernel(2 * factor, _triangle(2 * factor, factor), channels)


@instead_of("bilinear_kernel")
def always_odd_size(factor, channels):
    """Your kernel has the side 2 * factor - 1 for even factors as well. There it is one larger, with its middle
    between two values."""
    return _kernel(2 * factor - 1, _triangle(2 * factor - 1, factor), channels)


@instead_of("bilinear_kernel")
def middle_at_half_the_size(factor, channels):
    """You put the middle at k / 2. Counted from 0, the middle of k values is at (k - 1) / 2."""
    k = 2 * factor - factor % 2
    return _kernel(k, 1 - np.abs(np.arange(k) - k / 2) / factor, channels)


@instead_of("bilinear_kernel")
def middle_rounded_to_a_value(factor, channels):
    """You put the middle on one of the values for even factors as well. There the number of values is even, and
    the middle lies between two of them."""
    k = 2 * factor - factor % 2
    return _kernel(k, 1 - np.abs(np.arange(k) - k // 2) / factor, channels)


@instead_of("bilinear_kernel")
def middle_rounded_down(factor, channels):
    """You round (k - 1) / 2 down. For even factors the middle lies between two values, at a half."""
    k = 2 * factor - factor % 2
    return _kernel(k, 1 - np.abs(np.arange(k) - (k - 1) // 2) / factor, channels)


@instead_of("bilinear_kernel")
def one_minus_the_larger_distance(factor, channels):
    """You let the values fall with the larger of the two distances. Bilinear means: a value for the row times a
    value for the column."""
    k = 2 * factor - factor % 2
    t = _triangle(k, factor)
    return np.einsum("ij,cd->ijcd", np.minimum(t[:, None], t), np.eye(channels)).astype("float32")


@instead_of("bilinear_kernel")
def channels_before_the_sides(factor, channels):
    """Your axes are in another order. Keras wants the two sides first, then the channels."""
    return np.transpose(_right_kernel(factor, channels), (2, 3, 0, 1))


def _enlarge(images, kernel, stride, padding="same"):
    return np.asarray(keras.ops.conv_transpose(images, kernel, strides=stride, padding=padding))


@instead_of("super_resolve")
def valid_padding(images, factor):
    """You keep all that the kernels reach beyond the edges, so that the result is too large. With padding "same"
    it is factor times as large."""
    return _enlarge(images, _right_kernel(factor, images.shape[-1]), factor, "valid")


@instead_of("super_resolve")
def stride_one(images, factor):
    """Your transposed convolution has stride 1: the picture is blurred and stays as small as it was."""
    return _enlarge(images, _right_kernel(factor, images.shape[-1]), 1)


@instead_of("super_resolve")
def pixels_repeated(images, factor):
    """You repeat each pixel. Between two pixels the result must go over from one to the other."""
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


@instead_of("super_resolve")
def resized_by_interpolation(images, factor):
    """Your edges stay as bright as the inside, as they do when a picture is resized by interpolation, or gets a rim
    of repeated pixels first. What is asked is a transposed convolution alone, which makes the edges darker."""
    sides = (images.shape[1] * factor, images.shape[2] * factor)
    return keras.ops.image.resize(images, sides, interpolation="bilinear")


@instead_of("super_resolve")
def always_doubled(images, factor):
    """You always make the picture twice as large, whatever the factor."""
    return _enlarge(images, _right_kernel(2, images.shape[-1]), 2)


def _build(input_shape, encoder, decoder):
    return keras.Sequential([keras.Input(input_shape), *encoder, *decoder])


def _down(widths, **changes):
    options = {"strides": 2, "padding": "same", "activation": "relu", **changes}
    return [keras.layers.Conv2D(width, 3, **options) for width in widths]


def _up(widths, **changes):
    options = {"strides": 2, "padding": "same", "activation": "relu", **changes}
    return [keras.layers.Conv2DTranspose(width, 3, **options) for width in widths]


@instead_of("build_segmenter")
def softmax_wrong_axis(input_shape, n_classes, widths):
    """Your softmax runs over the columns of the image. The probabilities that sum to 1 are those of the classes at
    one pixel, along the last axis."""
    last = [*_up([n_classes], activation=None), keras.layers.Softmax(axis=2)]
    return _build(input_shape, _down(widths), _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def softmax_over_the_rows(input_shape, n_classes, widths):
    """Your softmax runs over the rows of the image. Other libraries have the channels there; in Keras the classes at
    one pixel, whose probabilities sum to 1, are along the last axis."""
    last = [*_up([n_classes], activation=None), keras.layers.Softmax(axis=1)]
    return _build(input_shape, _down(widths), _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def scores_without_softmax(input_shape, n_classes, widths):
    """Your last layer has no softmax: its outputs are scores, no probabilities."""
    return _build(input_shape, _down(widths), _up(widths[-2::-1]) + _up([n_classes], activation=None))


@instead_of("build_segmenter")
def dense_decoder(input_shape, n_classes, widths):
    """You flatten the map and use a dense layer. Its weights grow with the size of the image, and it forgets what
    was beside what."""
    height, width, _ = input_shape
    dense = keras.layers.Dense(height * width * n_classes)
    shape = keras.layers.Reshape((height, width, n_classes))
    return _build(input_shape, _down(widths), [keras.layers.Flatten(), dense, shape, keras.layers.Softmax()])


@instead_of("build_segmenter")
def one_level_short(input_shape, n_classes, widths):
    """Your decoder has a layer less than the encoder, so that the result is half as large as the image."""
    decoder = [*widths[-2::-1], n_classes][1:] or [n_classes]
    strides = 2 if len(widths) > 1 else 1
    last = _up(decoder[-1:], activation="softmax", strides=strides)
    return _build(input_shape, _down(widths), _up(decoder[:-1]) + last)


@instead_of("build_segmenter")
def global_pooling(input_shape, n_classes, widths):
    """You average over all positions and give one label for the whole image. Every pixel needs its own."""
    head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(n_classes, activation="softmax")]
    return _build(input_shape, _down(widths), head)


@instead_of("build_segmenter")
def sigmoid_at_the_end(input_shape, n_classes, widths):
    """You use a sigmoid for each class: the probabilities of a pixel do not sum to 1. A pixel belongs to one class
    only."""
    return _build(input_shape, _down(widths), _up(widths[-2::-1]) + _up([n_classes], activation="sigmoid"))


@instead_of("build_segmenter")
def relu_before_softmax(input_shape, n_classes, widths):
    """The last layer has a ReLU before its softmax. All scores below 0 then count the same."""
    last = [*_up([n_classes]), keras.layers.Softmax()]
    return _build(input_shape, _down(widths), _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def linear_encoder(input_shape, n_classes, widths):
    """The layers of your encoder have no activation. A ReLU follows each of them."""
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, _down(widths, activation=None), _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def linear_decoder(input_shape, n_classes, widths):
    """The layers of your decoder have no activation. A ReLU follows each of them but the last."""
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, _down(widths), _up(widths[-2::-1], activation=None) + last)


@instead_of("build_segmenter")
def widths_not_mirrored(input_shape, n_classes, widths):
    """Your decoder goes through the widths in the same order as the encoder. They are mirrored: from the inside
    out."""
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, _down(widths), _up(widths[:-1]) + last)


@instead_of("build_segmenter")
def widths_reversed_in_place(input_shape, n_classes, widths):
    """You reverse the very list of widths that you were given. It belongs to whoever called you, and the next
    network made from it has them the wrong way round."""
    encoder = _down(widths)
    widths.reverse()
    return _build(input_shape, encoder, _up(widths[1:]) + _up([n_classes], activation="softmax"))


@instead_of("build_segmenter")
def last_width_repeated(input_shape, n_classes, widths):
    """Your decoder begins with the last width once more. It goes on with the one before it."""
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, _down(widths), _up(widths[:0:-1]) + last)


@instead_of("build_segmenter")
def pooled_encoder(input_shape, n_classes, widths):
    """You halve the size by pooling after a convolution with stride 1. The convolution itself is to have
    stride 2."""
    layers = [part for conv in _down(widths, strides=1) for part in (conv, keras.layers.MaxPooling2D())]
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, layers, _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def padded_on_every_side(input_shape, n_classes, widths):
    """You pad every side by one pixel before a convolution. Padding "same" with stride 2 adds pixels to an even size
    at the bottom and at the right only."""
    layers = [
        part for conv in _down(widths, padding="valid") for part in (keras.layers.ZeroPadding2D(1), conv)
    ]
    last = _up([n_classes], activation="softmax")
    return _build(input_shape, layers, _up(widths[-2::-1]) + last)


@instead_of("build_segmenter")
def classes_by_another_layer(input_shape, n_classes, widths):
    """Your decoder ends with one more convolution that gives the classes. The last transposed convolution gives
    them itself."""
    last = keras.layers.Conv2D(n_classes, 1, activation="softmax")
    return _build(input_shape, _down(widths), [*_up(widths[::-1]), last])


@instead_of("build_segmenter")
def pixels_repeated_in_the_decoder(input_shape, n_classes, widths):
    """You make maps larger by repeating pixels, and convolve afterwards. A transposed convolution does both, and
    does it differently."""
    decoder = [*_down(widths[-2::-1], strides=1), *_down([n_classes], strides=1, activation="softmax")]
    layers = [part for conv in decoder for part in (keras.layers.UpSampling2D(), conv)]
    return _build(input_shape, _down(widths), layers)


@instead_of("build_segmenter")
def small_kernels(input_shape, n_classes, widths):
    """Your transposed convolutions are 2 x 2. All convolutions are 3 x 3."""
    options = {"strides": 2, "padding": "same"}
    decoder = [keras.layers.Conv2DTranspose(w, 2, activation="relu", **options) for w in widths[-2::-1]]
    last = keras.layers.Conv2DTranspose(n_classes, 2, activation="softmax", **options)
    return _build(input_shape, _down(widths), [*decoder, last])
