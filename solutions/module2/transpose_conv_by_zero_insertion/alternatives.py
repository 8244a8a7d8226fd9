"""Other right answers, each in another style."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import insert_zeros


@instead_of("insert_zeros")
def pixel_by_pixel(x, stride):
    """A loop over the pixels; nested lists."""
    (n, h, w, c), (sh, sw) = x.shape, stride
    spread = np.zeros((n, sh * h - sh + 1, sw * w - sw + 1, c), "float32")
    for row in range(h):
        for column in range(w):
            spread[:, row * sh, column * sw] = x[:, row, column]
    return spread.tolist()


@instead_of("insert_zeros")
def kronecker_product(x, stride):
    """A block for each pixel, with the pixel in its corner, cut at the end."""
    corner = np.zeros((1, *stride, 1))
    corner[0, 0, 0, 0] = 1
    return np.kron(x, corner)[:, : x.shape[1] * stride[0] - stride[0] + 1, : (x.shape[2] - 1) * stride[1] + 1]


@instead_of("insert_zeros")
def tensorflow_padding(x, stride):
    """Every pixel on axes of its own, which are padded and joined again; a tensor."""
    (n, h, w, c), (sh, sw) = x.shape, stride
    alone = tf.reshape(x, (n, h, 1, w, 1, c))
    blocks = tf.pad(alone, [(0, 0), (0, 0), (0, sh - 1), (0, 0), (0, sw - 1), (0, 0)])
    return tf.reshape(blocks, (n, h * sh, w * sw, c))[:, : (h - 1) * sh + 1, : (w - 1) * sw + 1]


@instead_of("insert_zeros")
def numpy_insert(x, stride):
    """Zeros inserted before all pixels but the first."""
    (sh, sw), (h, w) = stride, x.shape[1:3]
    rows = np.repeat(np.arange(1, h), sh - 1)
    columns = np.repeat(np.arange(1, w), sw - 1)
    return np.insert(np.insert(x, rows, 0, axis=1), columns, 0, axis=2)


@instead_of("conv_transpose2d")
def kernels_stamped(x, kernel, stride, padding):
    """Kernels scaled and added up, pixel after pixel, without any zeros between."""
    (n, h, w, _), (kh, kw, cout, _), (sh, sw) = x.shape, kernel.shape, stride
    canvas = np.zeros((n, h * sh + max(kh - sh, 0), w * sw + max(kw - sw, 0), cout))
    for row in range(h):
        for column in range(w):
            canvas[:, row * sh : row * sh + kh, column * sw : column * sw + kw] += np.tensordot(
                x[:, row, column], kernel, axes=(1, 3)
            )
    if padding == "same":
        top, left = max(kh - sh, 0) // 2, max(kw - sw, 0) // 2
        canvas = canvas[:, top:, left:][:, : h * sh, : w * sw]
    return canvas


@instead_of("conv_transpose2d")
def steps_of_the_instructions(x, kernel, stride, padding):
    """The four steps one by one, with an ordinary Keras convolution."""
    kh, kw = kernel.shape[:2]
    spread = np.asarray(insert_zeros(x, stride), "float32")
    bordered = np.pad(spread, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    turned = np.rot90(kernel, 2).swapaxes(2, 3)
    y = np.array(keras.ops.conv(bordered, turned.copy(), padding="valid"))
    for axis in (1, 2):
        k, s = kernel.shape[axis - 1], stride[axis - 1]
        if s > k:
            ends = [(0, 0)] * 4
            ends[axis] = (0, s - k)
            y = np.pad(y, ends)
        elif padding == "same":
            front = (k - s) // 2
            y = np.take(y, range(front, front + x.shape[axis] * s), axis=axis)
    return y


@instead_of("conv_transpose2d")
def gradient_of_a_convolution(x, kernel, stride, padding):
    """What TensorFlow sends back through its own convolution; a tensor."""
    sides = zip(x.shape[1:3], kernel.shape[:2], stride, strict=True)
    height, width = (n * s + (max(k - s, 0) if padding == "valid" else 0) for n, k, s in sides)
    image = tf.Variable(tf.zeros((x.shape[0], height, width, kernel.shape[2])))
    with tf.GradientTape() as tape:
        there = tf.nn.conv2d(image, kernel, stride, padding.upper())
    return tape.gradient(there, image, output_gradients=tf.constant(x))


@instead_of("conv_transpose2d")
def keras_operation(x, kernel, stride, padding):
    """The operation of Keras itself."""
    return keras.ops.conv_transpose(x, kernel, strides=stride, padding=padding)
