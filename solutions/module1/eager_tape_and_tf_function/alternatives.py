"""Other right ways to differentiate and to compile."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("derivatives")
def variable_and_persistent_tape(f, x):
    """A variable is watched by itself; None is replaced by zeros; numpy arrays are returned."""
    point = tf.Variable(np.asarray(x, "float32"))
    with tf.GradientTape(persistent=True) as tape:
        value = tf.broadcast_to(tf.convert_to_tensor(f(point + 0.0), "float32"), point.shape)
        slope = tape.gradient(value, point)
        slope = tf.zeros_like(point) if slope is None else slope
    curvature = tape.gradient(slope, point)
    curvature = np.zeros(point.shape, "float32") if curvature is None else curvature.numpy()
    return value.numpy(), slope.numpy(), curvature


@instead_of("derivatives")
def element_by_element(f, x):
    """A tape pair for every element; lists of Python numbers."""
    values, slopes, curvatures = [], [], []
    for number in np.asarray(x, "float64"):
        point = tf.constant([number], tf.float32)
        with tf.GradientTape() as second_tape:
            second_tape.watch(point)
            with tf.GradientTape() as first_tape:
                first_tape.watch(point)
                value = tf.reshape(f(point), [-1])
            slope = first_tape.gradient(value, point, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        curvature = second_tape.gradient(slope, point, tf.ones_like(slope), tf.UnconnectedGradients.ZERO)
        values.append(float(value[0]))
        slopes.append(float(slope[0]))
        curvatures.append(float(curvature[0]))
    return values, slopes, curvatures


@instead_of("derivatives")
def helper_called_twice(f, x):
    """A helper that differentiates any function, applied to its own result; the sum is differentiated."""

    def derivative(function):
        def slope(point):
            with tf.GradientTape() as tape:
                tape.watch(point)
                total = tf.reduce_sum(tf.ones_like(point) * function(point))
            result = tape.gradient(total, point)
            return tf.zeros_like(point) if result is None else result

        return slope

    point = tf.convert_to_tensor(np.array(x, dtype=np.float32))
    once = derivative(f)
    return [tf.ones_like(point) * f(point), once(point), derivative(once)(point)]


@instead_of("compile_once")
def decorated(f, n_features):
    """A decorator on an inner function, and explicit conversion."""

    @tf.function(
        input_signature=(tf.TensorSpec(shape=[None, n_features], dtype=tf.float32),), autograph=False
    )
    def graph(batch):
        return f(batch)

    def call(x):
        return graph(tf.convert_to_tensor(x, tf.float32))

    return call


@instead_of("compile_once")
def concrete_function(f, n_features):
    """Traced beforehand, as a concrete function."""
    spec = tf.TensorSpec((None, n_features), tf.float32)
    graph = tf.function(f).get_concrete_function(spec)
    return lambda x: graph(tf.constant(x)).numpy()


@instead_of("compile_once")
class callable_object(tf.Module):
    """An object whose call is compiled when it is made; numpy goes in through Keras's ops."""

    def __init__(self, f, n_features):
        super().__init__()
        self._graph = tf.function(f, input_signature=[tf.TensorSpec([None, n_features])])

    def __call__(self, x):
        return self._graph(keras.ops.convert_to_tensor(x, "float32"))
