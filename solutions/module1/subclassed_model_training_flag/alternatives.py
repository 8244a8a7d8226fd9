"""Other right ways to write the classifier."""

import keras
import tensorflow as tf
from keras import layers

from keras_kata import instead_of


@instead_of("RegularizedClassifier")
class left_to_keras(keras.Model):
    """`call` does not mention `training`: Keras hands it to the layers; they are in a list, the last one first."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__()
        self.stack = [layers.Dense(n_classes), layers.Dropout(drop_rate), layers.BatchNormalization()]
        self.stack += [layers.ReLU(), layers.Dense(n_hidden)]

    def call(self, x):
        for layer in reversed(self.stack):
            x = layer(x)
        return x


@instead_of("RegularizedClassifier")
class nested(keras.Model):
    """A Sequential inside, and further keyword arguments for the parent."""

    def __init__(self, n_hidden: int, n_classes: int, drop_rate: float = 0.5, **kwargs):
        super().__init__(**kwargs)
        self.body = keras.Sequential(
            [
                layers.Dense(n_hidden, activation="relu"),
                layers.BatchNormalization(),
                layers.Dropout(drop_rate, seed=11),
                layers.Dense(n_classes, activation="linear"),
            ]
        )

    def call(self, inputs, training=False):
        return self.body(inputs, training=training)


@instead_of("RegularizedClassifier")
class layers_made_in_build(keras.Model):
    """Layers made in build; dropout by TensorFlow, and only where the rate is above 0."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__()
        self.n_hidden, self.n_classes, self.drop_rate = n_hidden, n_classes, drop_rate

    def build(self, input_shape):
        self.scores = layers.Dense(self.n_classes)
        self.scores.build((None, self.n_hidden))
        self.dense = layers.Dense(self.n_hidden)
        self.dense.build(input_shape)
        self.norm = layers.BatchNormalization()
        self.norm.build((None, self.n_hidden))

    def call(self, x, training=None):
        h = self.norm(tf.nn.relu(self.dense(x)), training=bool(training))
        if training and self.drop_rate > 0:
            h = tf.nn.dropout(h, self.drop_rate)
        return self.scores(h)


@instead_of("RegularizedClassifier")
class everything_by_hand(keras.Model):
    """Own weights and own formulas for all four parts."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__()
        self.n_hidden, self.n_classes, self.drop_rate = n_hidden, n_classes, drop_rate

    def build(self, input_shape):
        n, k = self.n_hidden, self.n_classes
        self.w, self.b = self.add_weight((input_shape[-1], n)), self.add_weight((n,), "zeros")
        self.gamma, self.beta = self.add_weight((n,), "ones"), self.add_weight((n,), "zeros")
        self.mean = self.add_weight((n,), "zeros", trainable=False)
        self.variance = self.add_weight((n,), "ones", trainable=False)
        self.w2, self.b2 = self.add_weight((n, k)), self.add_weight((k,), "zeros")

    def call(self, x, training=None):
        h = keras.ops.relu(x @ self.w + self.b)
        if training:
            mean, variance = keras.ops.moments(h, axes=0)
            self.mean.assign(0.99 * self.mean + 0.01 * mean)
            self.variance.assign(0.99 * self.variance + 0.01 * variance)
        else:
            mean, variance = self.mean, self.variance
        h = (h - mean) / keras.ops.sqrt(variance + 1e-3) * self.gamma + self.beta
        if training:
            kept = keras.random.uniform(keras.ops.shape(h)) >= self.drop_rate
            h = keras.ops.where(kept, h / (1 - self.drop_rate), 0.0)
        return h @ self.w2 + self.b2
