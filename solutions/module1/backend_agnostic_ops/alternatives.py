"""Other right ways to write the functions."""

import importlib.util

import keras
from keras import ops

from keras_kata import instead_of


@instead_of("pairwise_sq_distance")
def multiplied_out(x, y):
    """The square multiplied out, and kept from being negative."""
    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    squares = ops.sum(x * x, axis=1)[:, None] + ops.sum(y * y, axis=1)[None, :]
    return ops.maximum(squares - 2.0 * ops.matmul(x, ops.transpose(y)), 0.0)


@instead_of("pairwise_sq_distance")
def multiplied_out_with_relu(x, y):
    """Einsum for the products, the other order of terms, and relu against what is negative."""
    products = ops.einsum("nd,md->nm", x, y)
    own = ops.einsum("nd,nd->n", x, x)
    return ops.relu(ops.reshape(own, (-1, 1)) + (-2 * products + ops.einsum("md,md->m", y, y)))


class Differences(keras.layers.Layer):
    """The layer that `through_a_layer` calls."""

    def call(self, x, y):
        return ops.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=2)


@instead_of("pairwise_sq_distance")
def through_a_layer(x, y):
    """A small layer of its own, wrapped in a function."""
    return Differences()(x, y)


@instead_of("pairwise_sq_distance")
def one_coordinate_after_the_other(x, y):
    """A loop over the coordinates, whose number is always known."""
    total = 0
    for k in range(x.shape[1]):
        total = total + ops.square(ops.subtract(x[:, k : k + 1], ops.transpose(y[:, k : k + 1])))
    return total


@instead_of("l2_normalize")
def by_reciprocal_root(x, eps=1e-12):
    """The square of the length is kept from being less than eps."""
    return ops.multiply(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), -1, keepdims=True), eps)))


@instead_of("l2_normalize")
def by_choosing(x, eps=1e-12):
    """Divides by 1 where the length is less than eps."""
    length = ops.norm(x, axis=-1, keepdims=True)
    return ops.divide(x, ops.where(length < eps, ops.ones_like(length), length))


@instead_of("l2_normalize")
def eps_added(x, eps=1e-12):
    """Adds eps to the length, which changes no vector that is not tiny."""
    return x / (ops.sqrt(ops.sum(ops.power(x, 2), axis=-1, keepdims=True)) + eps)


@instead_of("l2_normalize")
def built_in(x, eps=1e-12):
    """Keras's own operation."""
    return ops.normalize(x, axis=-1, order=2, epsilon=eps)


@instead_of("keras3_backends")
def looked_up(names):
    """Looks which backends come with Keras; a tuple."""
    return tuple(n for n in names if importlib.util.find_spec(f"keras.src.backend.{n}") is not None)


@instead_of("keras3_backends")
def others_removed(names):
    """A copy of the list, from which the others are removed."""
    kept = list(names)
    for gone in ("theano", "cntk", "mxnet"):
        if gone in kept:
            kept.remove(gone)
    return kept
