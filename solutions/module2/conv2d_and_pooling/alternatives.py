"""Other right answers, each in another style."""

import math
from itertools import product

import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("conv2d")
def window_by_window(x, kernel, bias, stride, padding):
    """Loops over the windows; rows and columns outside of the image are passed over. Double precision."""
    (n, h, w, _), (kh, kw, _, cout) = x.shape, kernel.shape
    rows, columns = _starts(h, kh, stride[0], padding), _starts(w, kw, stride[1], padding)
    y = np.zeros((n, len(rows), len(columns), cout)) + bias
    for (r, top), (c, left) in product(enumerate(rows), enumerate(columns)):
        for i, j in product(range(kh), range(kw)):
            if 0 <= top + i < h and 0 <= left + j < w:
                y[:, r, c] += x[:, top + i, left + j] @ kernel[i, j]
    return y


@instead_of("conv2d")
def shifted_images(x, kernel, bias, stride, padding):
    """A sum over the places of the kernel, each with a shifted and thinned-out image."""
    (_, h, w, _), (kh, kw, _, _) = x.shape, kernel.shape
    rows = np.array(_starts(h, kh, stride[0], padding))
    columns = np.array(_starts(w, kw, stride[1], padding))
    bordered = np.pad(x, [(0, 0), (kh, kh + stride[0]), (kw, kw + stride[1]), (0, 0)])
    return bias + sum(
        bordered[:, rows[:, None] + i + kh, columns + j + kw] @ kernel[i, j]
        for i in range(kh)
        for j in range(kw)
    )


@instead_of("conv2d")
def columns_times_matrix(x, kernel, bias, stride, padding):
    """Every window as one row of a matrix, and one product with the kernel; nested lists."""
    (n, h, w, cin), (kh, kw, _, cout) = x.shape, kernel.shape
    rows, columns = _starts(h, kh, stride[0], padding), _starts(w, kw, stride[1], padding)
    bordered = np.zeros((n, h + 2 * kh, w + 2 * kw, cin), x.dtype)
    bordered[:, kh : kh + h, kw : kw + w] = x
    taken = [
        bordered[b, r + kh : r + 2 * kh, c + kw : c + 2 * kw].ravel()
        for b, r, c in product(range(n), rows, columns)
    ]
    y = np.array(taken) @ kernel.reshape(-1, cout) + bias
    return y.reshape(n, len(rows), len(columns), cout).tolist()


@instead_of("conv2d")
def tensorflow_convolution(x, kernel, bias, stride, padding):
    """TensorFlow's own operation; the result is a tensor."""
    return tf.nn.bias_add(tf.nn.conv2d(x, kernel, strides=list(stride), padding=padding.upper()), bias)


@instead_of("pool2d")
def pixels_of_each_window(x, pool, stride, padding, kind):
    """A slice of the image for each window, clipped at the border."""
    h, w = x.shape[1:3]
    reduce = np.amax if kind == "max" else np.average
    return np.stack(
        [
            np.stack(
                [
                    reduce(x[:, max(top, 0) : top + pool[0], max(left, 0) : left + pool[1]], axis=(1, 2))
                    for left in _starts(w, pool[1], stride[1], padding)
                ],
                axis=1,
            )
            for top in _starts(h, pool[0], stride[0], padding)
        ],
        axis=1,
    )


@instead_of("pool2d")
def one_axis_after_the_other(x, pool, stride, padding, kind):
    """Rows first, then columns; sums and counts for the average."""

    def along(values, axis, reduce, outside):
        starts = _starts(values.shape[axis], pool[axis - 1], stride[axis - 1], padding)
        ends = [(0, 0)] * 4
        ends[axis] = (pool[axis - 1], pool[axis - 1])
        bordered = np.pad(values, ends, constant_values=outside)
        taken = [
            reduce(np.take(bordered, range(s + pool[axis - 1], s + 2 * pool[axis - 1]), axis), axis=axis)
            for s in starts
        ]
        return np.stack(taken, axis)

    if kind == "max":
        return along(along(x, 1, np.max, -np.inf), 2, np.max, -np.inf)
    total, count = (along(along(v, 1, np.sum, 0), 2, np.sum, 0) for v in (x, np.ones_like(x)))
    return total / count


@instead_of("pool2d")
def tensorflow_pooling(x, pool, stride, padding, kind):
    """TensorFlow's own operations; the result is a tensor."""
    operation = tf.nn.max_pool2d if kind == "max" else tf.nn.avg_pool2d
    return operation(x, pool, stride, padding.upper())


def _starts(n, k, s, padding):
    """The pixel at which each window begins; it may be negative."""
    if padding == "valid":
        return list(range(0, n - k + 1, s))
    count = math.ceil(n / s)
    before = max((count - 1) * s + k - n, 0) // 2
    return [i * s - before for i in range(count)]
