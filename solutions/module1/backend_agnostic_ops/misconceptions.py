"""Known mistakes in writing code for every kind of tensor."""

import numpy as np
import tensorflow as tf
from keras import ops

from keras_kata import instead_of


@instead_of("pairwise_sq_distance")
def numpy_inside(x, y):
    """You compute with numpy. It needs values, and the tensors inside a tf.function or of a functional model
    have none; use the operations that Keras offers for every kind of tensor."""
    return np.sum(np.square(np.expand_dims(x, 1) - np.expand_dims(y, 0)), axis=-1)


@instead_of("pairwise_sq_distance")
def tensorflow_inside(x, y):
    """You compute with TensorFlow's own functions. They work in a tf.function, but they refuse the symbolic
    tensors from which a functional model is built, and they tie your code to one backend."""
    return tf.reduce_sum(tf.square(tf.expand_dims(x, 1) - tf.expand_dims(y, 0)), axis=-1)


@instead_of("pairwise_sq_distance")
def loops_over_batch(x, y):
    """You loop over the points in Python. How many there are may be unknown while a graph or a functional
    model is built; calculate all pairs at once, with an axis for the points of each side."""
    rows = [ops.sum(ops.square(ops.subtract(x[i], y)), axis=-1) for i in range(x.shape[0])]
    return ops.stack(rows)


@instead_of("pairwise_sq_distance")
def negative_distance(x, y):
    """You multiply the square out and leave the result as it is. For points that are close, nearly equal
    numbers are subtracted, and rounding makes some of your squared distances negative."""
    squares = ops.expand_dims(ops.sum(ops.square(x), -1), 1) + ops.expand_dims(ops.sum(ops.square(y), -1), 0)
    return squares - 2 * ops.matmul(x, ops.transpose(y))


@instead_of("pairwise_sq_distance")
def wrong_axis(x, y):
    """You sum over the points instead of over the coordinates: what is left is not one number for each pair
    of points."""
    return ops.sum(ops.square(ops.expand_dims(x, 1) - ops.expand_dims(y, 0)), axis=1)


@instead_of("pairwise_sq_distance")
def square_root_taken(x, y):
    """You return the distances. Their squares are asked, so the last root is one step too many."""
    return ops.sqrt(ops.sum(ops.square(ops.expand_dims(x, 1) - ops.expand_dims(y, 0)), axis=-1))


@instead_of("pairwise_sq_distance")
def pairs_transposed(x, y):
    """Your rows belong to the points of y and your columns to those of x. It is the other way round."""
    return ops.sum(ops.square(ops.expand_dims(x, 0) - ops.expand_dims(y, 1)), axis=-1)


@instead_of("l2_normalize")
def divides_by_zero(x, eps=1e-12):
    """You divide by the length also where it is zero. A zero vector then becomes NaN, which spreads to all
    that is calculated from it."""
    return ops.divide(x, ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True)))


@instead_of("l2_normalize")
def numpy_in_normalize(x, eps=1e-12):
    """You normalise with numpy, which needs values. The tensors inside a tf.function or of a functional model
    have none."""
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), eps)


@instead_of("l2_normalize")
def tensorflow_in_normalize(x, eps=1e-12):
    """You normalise with TensorFlow's own functions. They refuse the symbolic tensors from which a functional
    model is built."""
    return tf.math.l2_normalize(x, axis=-1, epsilon=eps)


@instead_of("l2_normalize")
def normalizes_whole_array(x, eps=1e-12):
    """You divide everything by one length, that of the whole array. Each vector on the last axis has its own
    length."""
    return ops.divide(x, ops.maximum(ops.sqrt(ops.sum(ops.square(x))), eps))


@instead_of("l2_normalize")
def normalizes_first_axis(x, eps=1e-12):
    """You work out the lengths along the first axis. That mixes different vectors: a vector's numbers are on
    the last axis."""
    return ops.divide(x, ops.maximum(ops.sqrt(ops.sum(ops.square(x), axis=0, keepdims=True)), eps))


@instead_of("l2_normalize")
def divides_by_squared_length(x, eps=1e-12):
    """You divide by the sum of the squares. The length of a vector is the root of that sum."""
    return ops.divide(x, ops.maximum(ops.sum(ops.square(x), axis=-1, keepdims=True), eps))


@instead_of("keras3_backends")
def theano_cntk_listed(names):
    """You name the backends of Keras 2. Keras 3 can't even import Theano or CNTK, and it has gained others."""
    return [name for name in names if name in ("tensorflow", "theano", "cntk")]


@instead_of("keras3_backends")
def old_and_new_listed(names):
    """You name the backends of Keras 3 together with those of Keras 2. The old ones were given up."""
    return [name for name in names if name != "mxnet"]


@instead_of("keras3_backends")
def only_tensorflow(names):
    """You name TensorFlow only. It is one of several backends: that Keras is free of a single one again is
    what its third version was written for."""
    return [name for name in names if name == "tensorflow"]
