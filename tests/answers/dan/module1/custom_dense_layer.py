"""Dan wraps the layer that he was asked to write, under another name."""

import keras
from keras.layers import Dense as Linear


class Affine(keras.layers.Layer):
    def __init__(self, units, use_bias=True, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.inner = Linear(units, use_bias=use_bias, activation=activation)

    def call(self, x):
        return self.inner(x)
