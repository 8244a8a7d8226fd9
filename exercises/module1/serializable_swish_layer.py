"""An activation of your own, with a parameter that is learned, and that survives saving and loading.

An activation function decides how strongly a unit responds. Swish multiplies its input by a gate:

    y = x * sigmoid(beta * x)        sigmoid(z) = 1 / (1 + e^(-z)), between 0 and 1

beta says how sharply the gate opens. With beta = 0 the gate is half open everywhere and y = x / 2; with a
large beta the gate is shut for negative and open for positive x, so that y is nearly relu(x) = max(x, 0).
Instead of choosing beta, you let the network learn it: it is a weight of the layer.

Example: x = [2, -2] and beta = [1, 0] give the gates sigmoid(2) = 0.8808 and sigmoid(0) = 0.5, so
y = [1.7616, -1].

Each channel has its own beta: the channels are the last axis of the input, (batch, ..., channels). An image
of 8 x 8 pixels and 3 channels has 3 of them, the same for all pixels. With `shared=True` there is one beta
for the whole layer.

A trained model is worth keeping. `model.save("name.keras")` writes one file with two things: a description of
each layer, its config, and the weights. To load it, Keras

1. looks up the class that the description names. It knows its own classes; of yours it only knows those that
   you have registered, with the decorator `keras.saving.register_keras_serializable()` above the class.
   (One may also hand over the classes when loading, as `custom_objects`; but then everyone who loads the file
   must know of them, and here nobody does.)
2. calls the class with the entries of the config as keyword arguments. A layer gives its config in
   `get_config(self)`, a dict of numbers, text and the like, which must hold two kinds of entries: what the
   parent class keeps (name, dtype, trainable; `super().get_config()` gives them) and your own settings. For
   plain settings Keras 3 records the arguments of `__init__` by itself, if you do not write a `get_config`.
3. builds the layers and puts the saved weights into them. So weights do not belong into the config.

What is asked:

* The weight is called `self.beta`: float32 of shape (channels,), or () with `shared=True`; trainable, the
  only weight, and `beta_init` everywhere at start. It is made when the layer is built, for inputs of rank 2
  or more, also in a model with an unknown batch size.
* y and its derivative with respect to beta, which training needs, are right. For large inputs, too, such as
  x = -100, neither is NaN. (e^100 is too large for float32: use an operation for the sigmoid that takes care of it.)
* `self.beta_init` and `self.shared` keep the settings.
* The dict of `get_config` can be written as JSON, and `LearnableSwish.from_config` makes of it a new layer
  with the same settings, name and trainable flag, also when beta has been trained meanwhile.
* A model that contains the layer can be saved and loaded without `custom_objects`, and then predicts the same.

It builds on module1/custom_dense_layer, where a layer got weights of its own.
"""

import keras


@keras.saving.register_keras_serializable(package="keras_kata")
class LearnableSwish(keras.layers.Layer):
    """Swish with a learned sharpness: `x * sigmoid(beta * x)`.

    Attributes:
        beta_init: what beta starts with.
        shared: whether all channels have one beta.
        beta: (channels,) float32, or () if shared; trainable, made when the layer is built.
    """

    def __init__(self, beta_init: float = 1.0, shared: bool = False, **kwargs):
        """Keep the settings.

        Args:
            beta_init: what beta starts with, any number.
            shared: whether all channels have one beta.
            **kwargs: what every Keras layer accepts (`name`, `dtype`, `trainable`), handed on to the parent.
        """
        raise NotImplementedError

    def call(self, x):
        """Compute the output.

        Args:
            x: (batch, ..., channels) float32.

        Returns:
            (batch, ..., channels) float32.
        """
        raise NotImplementedError


def save_and_reload(model: keras.Model, path: str) -> keras.Model:
    """Save a model to a file and load it again, without `custom_objects`.

    Args:
        model: a built model, with `LearnableSwish` layers or without.
        path: the file to write; ends in ".keras".

    Returns:
        The model that was loaded from the file: another object with equal weights.
    """
    raise NotImplementedError
