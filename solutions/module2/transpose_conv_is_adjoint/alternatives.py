"""Other right answers, each in another style."""

import math

import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import conv_matrix


@instead_of("conv_matrix")
def unit_vectors_convolved(kernel, n, stride):
    """Column by column: what the convolution makes of each unit vector."""
    return np.stack([np.correlate(unit, kernel, "valid")[::stride] for unit in np.eye(n)], axis=1)


@instead_of("conv_matrix")
def diagonals_added(kernel, n, stride):
    """The matrix for stride 1 as a sum of diagonals, of which every stride-th row is kept; float32."""
    rows = n - len(kernel) + 1
    return sum(weight * np.eye(rows, n, k=place, dtype="float32") for place, weight in enumerate(kernel))[
        ::stride
    ]


@instead_of("conv_matrix")
def strided_view(kernel, n, stride):
    """A long row of zeros around the kernel, seen through windows that move to the left."""
    k = len(kernel)
    padded = np.concatenate([np.zeros(n - k), kernel, np.zeros(n - k)])
    step = padded.strides[0]
    count = (n - k) // stride + 1
    return np.lib.stride_tricks.as_strided(padded[n - k :], (count, n), (-stride * step, step)).copy()


@instead_of("conv_matrix")
def place_by_place(kernel, n, stride):
    """Plain Python: the weight that stands at each place."""
    weights = kernel.tolist()
    rows = [
        [weights[column - begin] if 0 <= column - begin < len(weights) else 0 for column in range(n)]
        for begin in range(0, n - len(weights) + 1, stride)
    ]
    return np.array(rows)


@instead_of("transpose_conv")
def stamps_added(y, kernel, n, stride):
    """A loop that stamps, without any matrix."""
    z = [0.0] * n
    for i, value in enumerate(y):
        for j, weight in enumerate(kernel):
            z[i * stride + j] += float(value) * float(weight)
    return z


@instead_of("transpose_conv")
def zeros_between_and_full_convolution(y, kernel, n, stride):
    """Zeros between the values, then numpy's convolution, which turns the kernel round."""
    spread = np.zeros((len(y) - 1) * stride + 1)
    spread[::stride] = y
    z = np.zeros(n)
    stamped = np.convolve(spread, kernel)
    z[: len(stamped)] = stamped
    return z


@instead_of("transpose_conv")
def gradient_of_a_convolution(y, kernel, n, stride):
    """The gradient that TensorFlow sends back through its own convolution; a tensor."""
    x = tf.Variable(tf.zeros([1, n, 1]))
    with tf.GradientTape() as tape:
        there = tf.nn.conv1d(x, kernel[:, None, None], stride, "VALID")
        balance = tf.reduce_sum(there[0, :, 0] * y)
    return tf.reshape(tape.gradient(balance, x), [n])


@instead_of("reconstruction_error")
def distance_of_points(x, kernel, stride):
    """The product of the matrices first, and the distance of two points."""
    matrix = np.asarray(conv_matrix(kernel, len(x), stride))
    return math.dist((matrix.T @ matrix).dot(x), x)
