"""Other right ways to make maps larger."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("bilinear_kernel")
def entry_by_entry(factor, channels):
    """Filled in by loops."""
    size = 2 * factor - (factor % 2)
    middle = (size - 1) / 2
    kernel = np.zeros((size, size, channels, channels), np.float32)
    for channel in range(channels):
        for row in range(size):
            for column in range(size):
                kernel[row, column, channel, channel] = (1 - abs(row - middle) / factor) * (
                    1 - abs(column - middle) / factor
                )
    return kernel


@instead_of("bilinear_kernel")
def open_grid(factor, channels):
    """Numerators over one denominator on an open grid; the diagonal is written at once; a tensor is returned."""
    k = 2 * factor - factor % 2
    y, x = np.ogrid[1 - k : k : 2, 1 - k : k : 2]  # twice the distance from the middle
    values = (2 * factor - np.abs(y)) * (2 * factor - np.abs(x)) / (4 * factor**2)
    kernel = np.zeros((k, k, channels, channels), "float32")
    kernel[:, :, range(channels), range(channels)] = values[..., None]
    return tf.constant(kernel)


@instead_of("super_resolve")
def keras_layer(images, factor):
    """A Conv2DTranspose layer whose kernel is set."""
    k = 2 * factor - factor % 2
    t = [1 - abs(i - (k - 1) / 2) / factor for i in range(k)]
    c = images.shape[3]
    layer = keras.layers.Conv2DTranspose(c, k, strides=(factor, factor), padding="same", use_bias=False)
    layer.build(images.shape)
    layer.set_weights([np.outer(t, t)[:, :, None, None] * np.eye(c)])
    return layer(images)


@instead_of("super_resolve")
def channel_by_channel(images, factor):
    """TensorFlow's own operation on one channel after the other."""
    k = 2 * factor - factor % 2
    t = np.array([1 - abs(i - (k - 1) / 2) / factor for i in range(k)], "float32")
    n, h, w, c = images.shape
    parts = [
        tf.nn.conv2d_transpose(
            images[..., i : i + 1], np.outer(t, t)[:, :, None, None], [n, h * factor, w * factor, 1], factor
        )
        for i in range(c)
    ]
    return tf.concat(parts, axis=-1).numpy()


@instead_of("build_segmenter")
def functional(input_shape, n_classes, widths):
    """The Functional API; activations as layers of their own."""
    x = inputs = keras.Input(shape=input_shape)
    for width in widths:
        x = keras.layers.ReLU()(keras.layers.Conv2D(width, (3, 3), strides=(2, 2), padding="same")(x))
    for width in list(reversed(widths))[1:]:
        x = keras.layers.Conv2DTranspose(width, kernel_size=3, strides=2, padding="same")(x)
        x = keras.layers.Activation("relu")(x)
    x = keras.layers.Conv2DTranspose(n_classes, 3, 2, "same")(x)
    return keras.Model(inputs, keras.layers.Softmax(axis=-1)(x))


@instead_of("build_segmenter")
class subclass(keras.Model):
    """A subclass; the last layer by an activation function."""

    def __init__(self, input_shape, n_classes, widths):
        super().__init__()
        self.down = [keras.layers.Conv2D(w, 3, 2, padding="same", activation="relu") for w in widths]
        mirrored = [*widths[:-1][::-1], n_classes]
        self.up = [keras.layers.Conv2DTranspose(w, 3, 2, padding="same") for w in mirrored]

    def call(self, x):
        for layer in self.down:
            x = layer(x)
        *middle, last = self.up
        for layer in middle:
            x = keras.ops.relu(layer(x))
        return keras.ops.softmax(last(x), axis=3)


@instead_of("build_segmenter")
def any_size(input_shape, n_classes, widths):
    """Two nested models for images of any size."""
    encoder = keras.Sequential(name="encoder")
    for width in widths:
        encoder.add(keras.layers.Conv2D(width, 3, strides=2, padding="same", activation=tf.nn.relu))
    decoder = keras.Sequential(name="decoder")
    for number in range(len(widths) - 1, 0, -1):
        decoder.add(
            keras.layers.Conv2DTranspose(widths[number - 1], 3, strides=2, padding="same", activation="relu")
        )
    decoder.add(
        keras.layers.Conv2DTranspose(n_classes, 3, strides=2, padding="same", activation=keras.ops.softmax)
    )
    inputs = keras.Input((None, None, input_shape[-1]))
    return keras.Model(inputs, decoder(encoder(inputs)))
