"""Other right ways to compare two inputs."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from keras_kata import instead_of


@instead_of("build_encoder")
def sequential(n_inputs, hidden, dim):
    """A Sequential model without a declared input; the activation is a layer."""
    return keras.Sequential([layers.Dense(hidden), layers.ReLU(), layers.Dense(dim, activation="linear")])


class Distance(layers.Layer):
    """The distance of two codes; 1e-12 is added under the root."""

    def call(self, codes):
        p, q = codes
        return tf.sqrt(tf.reduce_sum(tf.square(p - q), axis=1, keepdims=True) + 1e-12)


@instead_of("build_siamese")
def distance_layer(encoder, n_inputs):
    """A layer for the distance, with a small number added instead of a maximum."""
    left, right = (keras.Input(shape=(n_inputs,), name=name) for name in ("left", "right"))
    return keras.Model(inputs=[left, right], outputs=Distance()([encoder(left), encoder(right)]))


@instead_of("build_siamese")
def lambda_of_codes(encoder, n_inputs):
    """Subtract layer, then a Lambda without weights in it."""
    inputs = [keras.Input((n_inputs,)) for _ in range(2)]
    difference = layers.Subtract()([encoder(x) for x in inputs[::-1]])

    def norm(z):
        return keras.ops.sqrt(keras.ops.clip(keras.ops.einsum("bd,bd->b", z, z), 1e-12, np.inf))[:, None]

    return keras.Model(inputs, layers.Lambda(norm, output_shape=(1,))(difference))


class Siamese(keras.Model):
    """The model that `subclass` returns."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def call(self, pair):
        a, b = pair
        codes = self.encoder(tf.concat([a, b], axis=0))
        p, q = tf.split(codes, 2)
        return tf.math.sqrt(tf.math.maximum(tf.math.reduce_sum((p - q) ** 2, -1, True), 1e-12))


@instead_of("build_siamese")
def subclass(encoder, n_inputs):
    """A subclassed model that encodes both inputs as one batch."""
    return Siamese(encoder)


@instead_of("build_siamese")
def safe_norm(encoder, n_inputs):
    """The sum is replaced by 1 wherever it is 0 before the root is taken, and the result by the bound's root."""
    a, b = keras.Input((n_inputs,)), keras.Input((n_inputs,))
    s = keras.ops.sum(keras.ops.square(encoder(a) - encoder(b)), axis=1, keepdims=True)
    tiny = s < 1e-12
    root = keras.ops.sqrt(keras.ops.where(tiny, 1.0, s))
    return keras.Model([a, b], keras.ops.where(tiny, 1e-6, root))


@instead_of("contrastive_loss")
def loop(same, distance, margin):
    """A plain loop over Python numbers."""
    total = 0.0
    for label, d in zip(same.tolist(), distance.tolist(), strict=True):
        total += d * d if label == 1 else max(0.0, margin - d) ** 2
    return total / len(same)


@instead_of("contrastive_loss")
def chosen_by_label(same, distance, margin):
    """np.where, in float64."""
    d = np.asarray(distance, "float64")
    return np.where(np.asarray(same) > 0.5, d**2, np.clip(margin - d, 0, None) ** 2).mean()


@instead_of("contrastive_loss")
def tensors(same, distance, margin):
    """TensorFlow; squares of masked errors."""
    error = tf.where(tf.cast(same, tf.bool), distance, tf.nn.relu(margin - distance))
    return tf.reduce_mean(tf.square(error))
