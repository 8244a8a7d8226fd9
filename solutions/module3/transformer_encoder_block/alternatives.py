"""Other right answers."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_kata import instead_of

from .reference import EncoderBlock

layers = keras.layers


@instead_of("EncoderBlock")
class dense_projections(layers.Layer):
    """Own attention from Dense layers, reshape and transpose; a very negative score hides a position."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__()
        self.heads, self.width = num_heads, d_model // num_heads
        self.norms = [layers.LayerNormalization(epsilon=1e-6), layers.LayerNormalization(epsilon=1e-6)]
        self.feed_forward = keras.Sequential(
            [layers.Dense(d_ff), layers.ReLU(), layers.Dense(d_model), layers.Dropout(drop_rate)]
        )
        self.dropout = layers.Dropout(drop_rate)
        self.out, self.value, self.key, self.query = (layers.Dense(d_model) for _ in range(4))

    def split(self, x):
        return tf.transpose(tf.reshape(x, (tf.shape(x)[0], -1, self.heads, self.width)), (0, 2, 1, 3))

    def call(self, x, padding_mask=None, training=None):
        query, key, value = (self.split(project(x)) for project in (self.query, self.key, self.value))
        scores = tf.matmul(query, key, transpose_b=True) / np.sqrt(self.width).astype("float32")
        if padding_mask is not None:
            scores += (1.0 - tf.cast(padding_mask, "float32"))[:, tf.newaxis, tf.newaxis, :] * -1e9
        joined = tf.transpose(tf.nn.softmax(scores) @ value, (0, 2, 1, 3))
        attended = self.out(tf.reshape(joined, tf.shape(x)))
        h = self.norms[0](x + self.dropout(attended, training=training))
        return self.norms[1](h + self.feed_forward(h, training=training))


@instead_of("EncoderBlock")
class einsum_weights(layers.Layer):
    """Weights by add_weight in the shape (features, heads, width), einsum, and a guarded softmax by hand."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__()
        self.sizes, self.rate = (d_model, num_heads, d_model // num_heads, d_ff), drop_rate
        self.seed = keras.random.SeedGenerator()

    def build(self, input_shape):
        d, h, w, f = self.sizes
        shapes = {**dict.fromkeys("qkv", (d, h, w)), "o": (h, w, d), "up": (d, f), "down": (f, d)}
        biases = {**dict.fromkeys("qkv", (h, w)), "o": (d,), "up": (f,), "down": (d,)}
        self.kernels = {n: self.add_weight(shape=s, name=n) for n, s in shapes.items()}
        self.biases = {n: self.add_weight(shape=s, initializer="zeros", name=n) for n, s in biases.items()}
        self.scales = [self.add_weight(shape=(d,), initializer="ones") for _ in range(2)]
        self.shifts = [self.add_weight(shape=(d,), initializer="zeros") for _ in range(2)]

    def norm(self, x, i):
        centred = x - ops.mean(x, axis=-1, keepdims=True)
        variance = ops.mean(centred**2, axis=-1, keepdims=True)
        return centred * ops.rsqrt(variance + 1e-6) * self.scales[i] + self.shifts[i]

    def drop(self, x, training):
        return keras.random.dropout(x, self.rate, seed=self.seed) if training and self.rate else x

    def call(self, x, padding_mask=None, training=None):
        q, k, v = (ops.einsum("btd,dhw->bthw", x, self.kernels[n]) + self.biases[n] for n in "qkv")
        weights = ops.exp(ops.einsum("bqhw,bkhw->bhqk", q, k) / self.sizes[2] ** 0.5)
        if padding_mask is not None:
            weights = weights * ops.cast(padding_mask, "float32")[:, None, None, :]
        weights = weights / ops.sum(weights, axis=-1, keepdims=True)
        mixed = ops.einsum("bhqk,bkhw->bqhw", weights, v)
        attended = ops.einsum("bqhw,hwd->bqd", mixed, self.kernels["o"]) + self.biases["o"]
        h = self.norm(x + self.drop(attended, training), 0)
        wide = ops.maximum(h @ self.kernels["up"] + self.biases["up"], 0)
        return self.norm(h + self.drop(wide @ self.kernels["down"] + self.biases["down"], training), 1)


@instead_of("EncoderBlock")
class parts_made_in_build(layers.Layer):
    """Parts made when the input is known; Add layers; the mask repeated for every query; a convolution as
    Dense.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.arguments = d_model, num_heads, d_ff, drop_rate

    def build(self, input_shape):
        d_model, num_heads, d_ff, drop_rate = self.arguments
        self.add = layers.Add()
        self.dropout = layers.Dropout(drop_rate)
        self.contract = layers.Conv1D(d_model, 1)
        self.expand = layers.Conv1D(d_ff, 1, activation=keras.activations.relu)
        self.norm_2 = layers.LayerNormalization(axis=2, epsilon=1e-6)
        self.norm_1 = layers.LayerNormalization(axis=2, epsilon=1e-6)
        self.attend = layers.MultiHeadAttention(
            num_heads=num_heads, key_dim=d_model // num_heads, value_dim=d_model // num_heads
        )
        self.attend.build(input_shape, input_shape)

    def call(self, x, padding_mask=None, training=False):
        mask = None
        if padding_mask is not None:
            mask = tf.repeat(padding_mask[:, tf.newaxis], tf.shape(x)[1], axis=1)
        attended = self.attend(query=x, key=x, value=x, attention_mask=mask, training=training)
        h = self.norm_1(self.add([x, self.dropout(attended, training=training)]))
        return self.norm_2(self.add([h, self.dropout(self.contract(self.expand(h)), training=training)]))


@instead_of("EncoderBlock")
class masks_by_keras(EncoderBlock):
    """Hands the mask to Keras's attention as the mask of its value; adds with functions."""

    def call(self, x, padding_mask=None, training=None):
        attended = self.attention(x, x, x, value_mask=padding_mask)
        h = self.attention_norm(layers.add([self.attention_dropout(attended), x]))
        changed = self.feed_forward_dropout(self.contract(self.expand(h)))
        return self.feed_forward_norm(layers.add([changed, h]))


@instead_of("EncoderBlock")
class nested_sublayers(layers.Layer):
    """A residual wrapper used twice, as a nested layer; the attention is a layer of its own with a loop over
    heads.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__()
        feed_forward = keras.Sequential([layers.Dense(d_ff, "relu"), layers.Dense(d_model)])
        self.first = _Residual(_Attention(d_model, num_heads), drop_rate)
        self.second = _Residual(_Alone(feed_forward), drop_rate)

    def call(self, x, padding_mask=None, training=None):
        return self.second(self.first(x, padding_mask), padding_mask)


class _Residual(layers.Layer):
    def __init__(self, inner, rate):
        super().__init__()
        self.inner, self.dropout = inner, layers.Dropout(rate)
        self.norm = layers.LayerNormalization(epsilon=1e-6)

    def call(self, x, padding_mask=None):
        return self.norm(x + self.dropout(self.inner(x, padding_mask)))


class _Alone(layers.Layer):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x, padding_mask=None):
        return self.inner(x)


class _Attention(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.width, self.heads = d_model // heads, heads
        self.query, self.key, self.value, self.out = [layers.Dense(d_model) for _ in "qkvo"]

    def call(self, x, padding_mask=None):
        query, key, value = self.query(x), self.key(x), self.value(x)
        outputs = []
        for head in range(self.heads):
            own = slice(head * self.width, (head + 1) * self.width)
            scores = ops.matmul(query[..., own], ops.swapaxes(key[..., own], 1, 2)) * self.width**-0.5
            if padding_mask is not None:
                scores = ops.where(ops.expand_dims(padding_mask, 1), scores, float("-inf"))
            outputs.append(ops.softmax(scores) @ value[..., own])
        return self.out(ops.concatenate(outputs, axis=-1))
