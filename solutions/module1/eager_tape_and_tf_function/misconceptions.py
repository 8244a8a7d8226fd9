"""Known mistakes with tapes and traces."""

import tensorflow as tf

from keras_kata import instead_of


def _derivatives(f, x, unconnected="zero", tensor=None):
    x = tf.cast(x, "float32") if tensor is None else tensor
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            value = f(x) + tf.zeros_like(x)
        first = inner.gradient(value, x, unconnected_gradients=unconnected)
    second = None if first is None else outer.gradient(first, x, unconnected_gradients=unconnected)
    return value, first, second


@instead_of("derivatives")
def not_watched(f, x):
    """You never tell the tape to watch x. x is a plain tensor, not a variable, so the tape records nothing, and
    both derivatives are None."""
    x = tf.cast(x, "float32")
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            value = f(x) + tf.zeros_like(x)
        first = inner.gradient(value, x)
    return value, first, None if first is None else outer.gradient(first, x)


@instead_of("derivatives")
def not_watched_zeros(f, x):
    """Your derivatives are zero everywhere: you ask for zeros where nothing is connected, and never tell the
    tape to watch x, so that nothing ever is."""
    x = tf.cast(x, "float32")
    return f(x) + tf.zeros_like(x), tf.zeros_like(x), tf.zeros_like(x)


@instead_of("derivatives")
def second_outside(f, x):
    """You work out the first derivative after the outer tape has stopped recording. It never saw how the first
    derivative came about, and its second derivative is None."""
    x = tf.cast(x, "float32")
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            value = f(x) + tf.zeros_like(x)
    first = inner.gradient(value, x, unconnected_gradients="zero")
    return value, first, outer.gradient(first, x)


@instead_of("derivatives")
def second_always_zero(f, x):
    """Your second derivative is zero for every function: the outer tape does not see how the first derivative is
    worked out."""
    value, first, _ = _derivatives(f, x)
    return value, first, tf.zeros_like(first)


@instead_of("derivatives")
def first_given_twice(f, x):
    """You give the first derivative of f once more where the second is asked: differentiate the first
    derivative."""
    value, first, _ = _derivatives(f, x)
    return value, first, first


@instead_of("derivatives")
def summed(f, x):
    """You add up over all elements, and give one number each. One for every element of x is asked."""
    return tuple(tf.reduce_sum(part) for part in _derivatives(f, x))


@instead_of("derivatives")
def averaged(f, x):
    """You differentiate the mean of f over all elements, so that every derivative is divided by how many there
    are."""
    value, *slopes = _derivatives(f, x)
    return value, *(slope / len(x) for slope in slopes)


@instead_of("derivatives")
def none_for_constant(f, x):
    """Where the result does not depend on x, you give None. The derivative of a constant is zero."""
    return _derivatives(f, x, unconnected="none")


@instead_of("derivatives")
def number_for_constant(f, x):
    """For a constant function you return the single number that f gave. One value for each element of x is
    asked."""
    _, first, second = _derivatives(f, x)
    return f(tf.cast(x, "float32")), first, second


@instead_of("derivatives")
def integers_not_converted(f, x):
    """You differentiate with respect to integers. A tape can't: turn x into floating-point numbers first."""
    return _derivatives(f, x, "zero", tf.convert_to_tensor(x))


@instead_of("derivatives")
def whole_number_not_converted(f, x):
    """A constant function may give a whole number, such as 5. TensorFlow does not turn a tensor of integers into
    floating-point numbers by itself: your code has to, before it calculates with both."""
    return _derivatives(lambda point: tf.convert_to_tensor(f(point)), x)


@instead_of("derivatives")
def second_of_a_linear_function_none(f, x):
    """The second derivative of a linear function is None in your code. Its slope is constant, so that it is
    zero."""
    value, first, _ = _derivatives(f, x)
    return value, first, _derivatives(f, x, unconnected="none")[2]


@instead_of("derivatives")
def central_differences(f, x):
    """You approximate the derivatives by differences. Single precision has too few digits for that: let the
    tape differentiate exactly."""
    x, step = tf.cast(x, "float32"), 1e-3
    below, value, above = (f(x + h) + tf.zeros_like(x) for h in (-step, 0.0, step))
    return value, (above - below) / (2 * step), (above - 2 * value + below) / step**2


@instead_of("compile_once")
def not_compiled(f, n_features):
    """You call the Python function itself for every batch. Nothing is traced: turn it into a graph."""
    return lambda x: f(tf.convert_to_tensor(x))


@instead_of("compile_once")
def new_function_each_call(f, n_features):
    """You wrap f anew with every call. Each wrapper starts without a graph, so every call traces."""
    return lambda x: tf.function(f, input_signature=[tf.TensorSpec((None, n_features), "float32")])(x)


@instead_of("compile_once")
def no_signature(f, n_features):
    """You make a graph for each batch size, as you do not say that this part of the shape may vary. Every new
    size is then traced again; a single graph can take them all."""
    compiled = tf.function(f)
    return lambda x: compiled(tf.convert_to_tensor(x))


@instead_of("compile_once")
def reduce_retracing(f, n_features):
    """You let TensorFlow relax the shape when it sees a second batch size. That costs a second trace: say
    beforehand what may vary."""
    compiled = tf.function(f, reduce_retracing=True)
    return lambda x: compiled(tf.convert_to_tensor(x))


@instead_of("compile_once")
def fixed_batch_signature(f, n_features):
    """You fix the batch size in the signature. A batch of another size is refused."""
    return tf.function(f, input_signature=[tf.TensorSpec((1, n_features), "float32")])


@instead_of("compile_once")
def features_unknown(f, n_features):
    """You leave the number of features open as well. f may need to know it: only the batch size varies."""
    return tf.function(f, input_signature=[tf.TensorSpec((None, None), "float32")])


@instead_of("compile_once")
def tried_out_first(f, n_features):
    """You also run f once outside the graph, to try it out. Its Python code is to run exactly once in all."""
    f(tf.zeros((1, n_features)))
    return tf.function(f, input_signature=[tf.TensorSpec((None, n_features), "float32")])
