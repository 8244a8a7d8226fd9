"""Known mistakes in writing a layer with weights."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import Affine


@instead_of("Affine")
class variable_in_call(Affine):
    """You make the weights inside `call` as variables of your own: Keras does not know them, so it can't
    train or save them, and every call starts again with new ones."""

    def build(self, input_shape):
        pass

    def call(self, x):
        self.kernel = tf.Variable(tf.random.normal((x.shape[-1], self.units)))
        self.bias = tf.Variable(tf.zeros(self.units)) if self.use_bias else None
        return super().call(x)


@instead_of("Affine")
class variables_local_to_call(Affine):
    """Your weights are local variables of `call`: they are gone when it returns, so every call starts
    again with new ones, and the layer has nothing that Keras could train or save."""

    def build(self, input_shape):
        pass

    def call(self, x):
        y = x @ tf.Variable(tf.random.normal((x.shape[-1], self.units)))
        return self.activation(y + tf.Variable(tf.zeros(self.units)) if self.use_bias else y)


@instead_of("Affine")
class add_weight_in_call(Affine):
    """You add the weights inside `call`. By then Keras considers the layer finished and refuses new
    weights; there is a method that it runs once before, with the shape of the input."""

    def build(self, input_shape):
        pass

    def call(self, x):
        super().build(x.shape)
        return super().call(x)


@instead_of("Affine")
class untracked_weights(Affine):
    """You make the weights as TensorFlow variables of your own. The output is right, but the layer does
    not know that they are its weights: Keras neither trains nor saves them."""

    def build(self, input_shape):
        self.kernel = tf.Variable(tf.random.normal((input_shape[-1], self.units)))
        self.bias = tf.Variable(tf.zeros(self.units)) if self.use_bias else None


@instead_of("Affine")
class weights_named_otherwise(Affine):
    """Your layer has its weights, but under other names than `kernel` and `bias`. Whoever uses the layer,
    to look at its weights or to set them, relies on the names that were agreed."""

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units))
        self.b = self.add_weight(shape=(self.units,), initializer="zeros") if self.use_bias else None

    def call(self, x):
        y = keras.ops.matmul(x, self.w)
        return self.activation(y if self.b is None else y + self.b)


@instead_of("Affine")
class kernel_transposed(Affine):
    """You store the kernel the other way round, as (units, d). Some libraries do; here its rows belong to
    the input features and its columns to the units."""

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.units, input_shape[-1]))
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros") if self.use_bias else None

    def call(self, x):
        y = keras.ops.matmul(x, keras.ops.transpose(self.kernel))
        return self.activation(y if self.bias is None else y + self.bias)


@instead_of("Affine")
class bias_per_input(Affine):
    """You give the bias one number per input feature. It is added to the result of the product, so it
    needs one number per unit."""

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(input_shape[-1],), initializer="zeros") if self.use_bias else None


@instead_of("Affine")
class batch_axis_used(Affine):
    """You take the first entry of the input shape for the number of features. That is the batch size,
    which changes from call to call and may be unknown; the features are on the last axis."""

    def build(self, input_shape):
        super().build((input_shape[-1], input_shape[0]))


@instead_of("Affine")
class second_axis_used(Affine):
    """You take the second entry of the input shape for the number of features. That is right for inputs
    of rank 2 only; with a time axis in between, the features are further back."""

    def build(self, input_shape):
        super().build((None, input_shape[1]))


@instead_of("Affine")
class flattens_first(Affine):
    """You flatten each example to one long vector before the product. The layer should treat every
    position alike: act on the last axis with one kernel, and keep the axes in front of it."""

    def build(self, input_shape):
        super().build((None, int(np.prod(input_shape[1:]))))

    def call(self, x):
        return super().call(keras.ops.reshape(x, (-1, self.kernel.shape[0])))


@instead_of("Affine")
class zeros_kernel(Affine):
    """Your kernel starts with the same number everywhere, so all units compute the same, and nothing in
    the layer makes them become different."""

    def build(self, input_shape):
        super().build(input_shape)
        self.kernel.assign(keras.ops.zeros_like(self.kernel))


@instead_of("Affine")
class random_bias(Affine):
    """Your bias does not start at zero. A weight gets a random start unless you ask for another one."""

    def build(self, input_shape):
        super().build(input_shape)
        if self.use_bias:
            self.bias.assign(keras.random.uniform(self.bias.shape, 0.5, 1.0))


@instead_of("Affine")
class bias_not_optional(Affine):
    """You make a bias even when the caller asked for a layer without one."""

    def __init__(self, units, use_bias=True, activation=None, **kwargs):
        super().__init__(units, True, activation, **kwargs)


@instead_of("Affine")
class bias_forgotten(Affine):
    """You make a bias but never add it in `call`: it gets no gradient and does nothing."""

    def call(self, x):
        return self.activation(keras.ops.matmul(x, self.kernel))


@instead_of("Affine")
class activation_stored_not_applied(Affine):
    """You keep the activation in `__init__` but return the value before it: nothing ever applies it."""

    def call(self, x):
        y = keras.ops.matmul(x, self.kernel)
        return y if self.bias is None else y + self.bias


@instead_of("Affine")
class activation_before_bias(Affine):
    """You apply the activation to the product and add the bias afterwards. The bias belongs inside: it
    shifts the point at which the unit responds."""

    def call(self, x):
        y = self.activation(keras.ops.matmul(x, self.kernel))
        return y if self.bias is None else y + self.bias


@instead_of("Affine")
class kwargs_dropped(Affine):
    """You accept further keyword arguments and lose them: the parent class is what keeps a layer's name,
    dtype and trainable flag, and it never receives them."""

    def __init__(self, units, use_bias=True, activation=None, **kwargs):
        super().__init__(units, use_bias, activation)


@instead_of("Affine")
class kwargs_refused(Affine):
    """Your layer refuses the keyword arguments that every Keras layer takes, such as `name`. Accept them,
    for the parent class."""

    def __init__(self, units, use_bias=True, activation=None):
        super().__init__(units, use_bias, activation)


@instead_of("Affine")
class numpy_in_call(Affine):
    """You compute with numpy inside `call`. That works only while there are values: in a functional model
    the input is symbolic, and no gradient reaches the weights through numpy either."""

    def call(self, x):
        y = np.matmul(x, self.kernel)
        return self.activation(y if self.bias is None else y + self.bias)
