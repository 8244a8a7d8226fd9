"""Other right ways to connect layers."""

from functools import reduce

import keras
import tensorflow as tf
from keras import layers

from keras_kata import instead_of


@instead_of("build_mlp")
def sequential(n_inputs, hidden, n_outputs):
    """A Sequential model without a declared input; the activation is a layer of its own."""
    model = keras.Sequential()
    for units in hidden:
        model.add(layers.Dense(units))
        model.add(layers.Activation("relu"))
    model.add(layers.Dense(n_outputs, activation="linear"))
    return model


@instead_of("build_mlp")
def folded_from_the_end(n_inputs, hidden, n_outputs):
    """The layers are made from the output back to the input, then connected with reduce."""
    last = layers.Dense(n_outputs)
    before = [layers.Dense(units, activation=tf.nn.relu) for units in reversed(hidden)]
    x = keras.Input(shape=(n_inputs,), dtype="float32", name="features")
    y = reduce(lambda h, layer: layer(h), [*before[::-1], last], x)
    return keras.Model(inputs=[x], outputs=y, name="mlp")


class Perceptron(keras.Model):
    """The model that `subclass` returns; it has no weights before its first call."""

    def __init__(self, hidden, n_outputs):
        super().__init__()
        self.hidden = [layers.Dense(units) for units in hidden]
        self.out = layers.Dense(n_outputs)

    def call(self, x):
        for layer in self.hidden:
            x = keras.ops.maximum(layer(x), 0)
        return self.out(x)


@instead_of("build_mlp")
def subclass(n_inputs, hidden, n_outputs):
    """A subclassed model with a list of layers; ReLU as a maximum."""
    return Perceptron(hidden, n_outputs)


def block(width):
    """One residual block as a model."""
    x = keras.Input((width,))
    change = keras.Sequential([layers.Dense(width, "relu"), layers.Dense(width)])(x)
    return keras.Model(x, layers.Add()([x, change]))


@instead_of("build_residual_mlp")
def nested_blocks(n_inputs, width, n_blocks, n_outputs):
    """Each block is a small model of its own, and layers.Add makes the sum."""
    blocks = [block(width) for _ in range(n_blocks)]
    return keras.Sequential([layers.Dense(width, "relu"), *blocks, layers.Dense(n_outputs)])


class Residual(layers.Layer):
    """The block of `block_layers`."""

    def build(self, shape):
        self.inner, self.outer = layers.Dense(shape[-1]), layers.Dense(shape[-1])
        self.inner.build(shape)
        self.outer.build(shape)

    def call(self, h):
        return tf.add(self.outer(tf.nn.relu(self.inner(h))), h)


@instead_of("build_residual_mlp")
def block_layers(n_inputs, width, n_blocks, n_outputs):
    """Each block is a layer that makes its parts in build; the head is made before the blocks."""
    x = keras.Input((n_inputs,))
    head, h = layers.Dense(n_outputs), layers.ReLU()(layers.Dense(width)(x))
    while n_blocks > 0:
        h, n_blocks = Residual()(h), n_blocks - 1
    return keras.Model(x, head(h))


@instead_of("build_residual_mlp")
def recursive(n_inputs, width, n_blocks, n_outputs):
    """The blocks by recursion, with keras.ops.add and a ReLU layer as the activation of the stem."""

    def trunk(h, blocks_left):
        if not blocks_left:
            return h
        wide = layers.Dense(width, activation=keras.activations.relu)
        return trunk(keras.ops.add(h, layers.Dense(width)(wide(h))), blocks_left - 1)

    x = keras.Input([n_inputs])
    stem = layers.Dense(width, activation=layers.ReLU())(x)
    return keras.Model(x, layers.Dense(n_outputs)(trunk(stem, n_blocks)))
