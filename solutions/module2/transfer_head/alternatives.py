"""Other right ways to put a new head on a backbone."""

import keras
from keras import ops

from keras_kata import instead_of


@instead_of("load_backbone")
def layer_by_layer(build, weights_path):
    """Every layer frozen by itself, before the weights are loaded."""
    network = build()
    for layer in network.layers:
        layer.trainable = False
    network.load_weights(weights_path)
    return network


@instead_of("load_backbone")
def copied_weights(build, weights_path):
    """Loaded into one network, copied into another with `set_weights`."""
    trained, network = build(), build()
    trained.load_weights(weights_path)
    network.set_weights(trained.get_weights())
    setattr(network, "trainable", False)  # noqa: B010
    return network


@instead_of("build_transfer_model")
def functional(base, n_classes, hidden, drop_rate):
    """The Functional API on the base's own tensors; each layer of the base frozen."""
    for layer in base.layers:
        layer.trainable = False
    x = base.output
    if len(x.shape) == 4:
        x = ops.mean(x, axis=(1, 2))
    x = keras.layers.Dense(hidden, activation=keras.activations.relu)(x)
    x = keras.layers.Dropout(rate=drop_rate)(x)
    return keras.Model(base.input, keras.layers.Softmax()(keras.layers.Dense(n_classes)(x)))


@instead_of("build_transfer_model")
def base_in_inference_mode(base, n_classes, hidden, drop_rate):
    """The base called with training=False; activations as layers; average pooling by hand."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(inputs, training=False)
    if x.shape.rank == 4 if hasattr(x.shape, "rank") else len(x.shape) == 4:
        x = keras.layers.Flatten()(keras.layers.AveragePooling2D(pool_size=x.shape[1:3])(x))
    for layer in (
        keras.layers.Dense(hidden),
        keras.layers.ReLU(),
        keras.layers.Dropout(drop_rate),
        keras.layers.Dense(n_classes),
        keras.layers.Activation("softmax"),
    ):
        x = layer(x)
    return keras.Model(inputs=inputs, outputs=x)


@instead_of("build_transfer_model")
class subclass(keras.Model):
    """A subclass whose head is a Sequential model of its own."""

    def __init__(self, base, n_classes, hidden, drop_rate):
        super().__init__()
        base.trainable = False
        self.base = base
        self.head = keras.Sequential(
            [
                keras.layers.Dense(hidden, activation="relu"),
                keras.layers.Dropout(drop_rate),
                keras.layers.Dense(n_classes),
            ]
        )

    def call(self, images, training=None):
        features = self.base(images)
        if features.shape.ndims == 4:
            features = ops.mean(ops.mean(features, axis=1), axis=1)
        return ops.softmax(self.head(features, training=training), axis=-1)
