"""Other right ways to write the layer."""

import keras
import tensorflow as tf

from keras_kata import instead_of


@instead_of("Affine")
class tensordot_and_objects(keras.layers.Layer):
    """tf.tensordot; initialisers and activation as objects; no `bias` attribute unless there is one."""

    def __init__(self, units, use_bias=True, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.size, self.with_bias = units, use_bias
        self.function = keras.layers.Activation(activation)

    def build(self, input_shape):
        if self.with_bias:
            self.bias = self.add_weight(
                name="b", shape=[self.size], initializer=keras.initializers.Zeros(), trainable=True
            )
        self.kernel = self.add_weight(
            name="K",
            shape=[input_shape[-1], self.size],
            initializer=keras.initializers.RandomNormal(stddev=0.05, seed=3),
        )
        super().build(input_shape)

    def call(self, inputs):
        z = tf.tensordot(inputs, self.kernel, axes=1)
        if self.with_bias:
            z = tf.nn.bias_add(z, self.bias)
        return self.function(z)


@instead_of("Affine")
class flattened_and_restored(keras.layers.Layer):
    """One matrix product on (items, d), and the leading axes put back; activation from tf.nn."""

    def __init__(self, units: int, use_bias: bool = True, activation: str | None = None, **kwargs):
        super().__init__(**kwargs)
        self.units, self.use_bias, self.activation = units, use_bias, activation

    def build(self, input_shape):
        self.d = int(input_shape[-1])
        self.kernel = self.add_weight(shape=(self.d, self.units), initializer="he_normal", name="kernel")
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.built = True

    def call(self, x, training=None):
        rows = tf.reshape(x, (-1, self.d)) @ self.kernel
        if self.use_bias:
            rows += self.bias
        y = tf.reshape(rows, tf.concat([tf.shape(x)[:-1], [self.units]], axis=0))
        return y if self.activation is None else getattr(tf.nn, self.activation)(y)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)


@instead_of("Affine")
class product_and_sum(keras.layers.Layer):
    """Broadcasting instead of a matrix product; the bias is made first, under another name as well."""

    def __init__(self, units, use_bias=True, activation=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.units = units
        self.use_bias = use_bias
        self.act = activation and keras.activations.get(activation)

    def build(self, input_shape):
        self.b = self.bias = self.add_weight((self.units,), "zeros") if self.use_bias else None
        self.w = self.kernel = self.add_weight((input_shape[-1], self.units), "random_uniform")

    def call(self, x):
        y = keras.ops.sum(x[..., None] * self.w, axis=-2)
        if self.use_bias:
            y = keras.ops.add(y, self.b)
        return self.act(y) if self.act else y


class Weights(keras.layers.Layer):
    """Holds the kernel and the bias of `nested`, which reads them through properties."""

    def __init__(self, units, use_bias):
        super().__init__()
        self.units, self.use_bias, self.bias = units, use_bias, None

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="orthogonal")
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, x):
        y = keras.ops.einsum("...d,du->...u", x, self.kernel)
        return y if self.bias is None else y + self.bias


@instead_of("Affine")
class nested(keras.layers.Layer):
    """A layer inside the layer owns the weights; attributes are properties."""

    def __init__(self, units, use_bias=True, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.linear = Weights(units, use_bias)
        self.activation = keras.activations.get(activation)

    @property
    def kernel(self):
        return self.linear.kernel

    @property
    def bias(self):
        return self.linear.bias

    def call(self, x):
        return self.activation(self.linear(x))
