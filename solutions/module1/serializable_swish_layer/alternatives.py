"""Other right ways to write the layer and to save it."""

import keras
import tensorflow as tf

from keras_kata import instead_of


@keras.saving.register_keras_serializable()
@instead_of("LearnableSwish")
class automatic_config(keras.layers.Layer):
    """No get_config: Keras records the arguments. TensorFlow's sigmoid."""

    def __init__(self, beta_init=1.0, shared=False, **kwargs):
        super().__init__(**kwargs)
        self.beta_init, self.shared = beta_init, shared

    def build(self, input_shape):
        self.beta = self.add_weight(
            name="beta",
            shape=[] if self.shared else input_shape[-1:],
            initializer=lambda shape, dtype=None: tf.fill(shape, tf.cast(self.beta_init, dtype or "float32")),
        )

    def call(self, x):
        return tf.multiply(x, tf.nn.sigmoid(tf.multiply(x, self.beta)))


@keras.saving.register_keras_serializable("my_package", "swish with a learned beta")
@instead_of("LearnableSwish")
class updated_config(keras.layers.Layer):
    """The config as an updated dict and a from_config of its own; name as an argument; registered otherwise."""

    def __init__(self, beta_init: float = 1.0, shared: bool = False, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.beta_init = float(beta_init)
        self.shared = shared

    def build(self, input_shape):
        self.beta = self.add_weight(() if self.shared else (input_shape[-1],), "zeros")
        self.beta.assign(keras.ops.full(self.beta.shape, self.beta_init))
        super().build(input_shape)

    def call(self, inputs, training=None):
        return inputs * keras.activations.sigmoid(keras.ops.multiply(self.beta, inputs))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super().get_config()
        config.update({"beta_init": self.beta_init, "shared": self.shared})
        return config

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@keras.saving.register_keras_serializable(package="halves")
@instead_of("LearnableSwish")
class by_tanh(keras.layers.Layer):
    """The sigmoid by way of the hyperbolic tangent; the start value is kept as an initialiser as well."""

    def __init__(self, beta_init=1.0, shared=False, **kwargs):
        self.start = keras.initializers.Constant(beta_init)
        super().__init__(**kwargs)
        self.beta_init = beta_init
        self.shared = shared

    def build(self, shape):
        self.beta = self.add_weight(shape=(() if self.shared else (shape[-1],)), initializer=self.start)

    def call(self, x):
        return 0.5 * x * (1 + keras.ops.tanh(0.5 * self.beta * x))


@instead_of("save_and_reload")
def by_functions(model, path):
    """The functions of keras.saving instead of the method."""
    keras.saving.save_model(model, path, overwrite=True)
    return keras.saving.load_model(path, compile=False)
