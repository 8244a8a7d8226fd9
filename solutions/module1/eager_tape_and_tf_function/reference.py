"""Eager derivatives, and tracing once.

TensorFlow runs each operation at once, like numpy. That is eager execution. Two tools make it more than numpy.

A `tf.GradientTape` records the operations inside its `with` block, and can then tell the derivative of a
result with respect to an input. It records by itself what is done with variables. What is done with a plain
tensor it records only if it was told to `watch` that tensor; it can only watch floating-point numbers. A tape
that records how another tape works out a derivative gives the derivative of the derivative. And where a result
does not depend on the input at all, `gradient` gives None, unless you ask for zeros.

1. `derivatives` gives a function's value, first and second derivative at each of the numbers x. The function
   works element by element, so that result i depends on x[i] alone:

       value[i] = f(x[i])      first[i] = f'(x[i])      second[i] = f''(x[i])

   Example: f(x) = x * x * x at x = [1, 2] has the values [1, 8], the first derivatives 3 x^2 = [3, 12] and the
   second derivatives 6 x = [6, 12]. A constant function, such as f(x) = 5, has the values [5, 5] and zeros for
   both derivatives; it may return a single number, as a Python number or a tensor, whatever the length of x. A
   linear one has zeros for the second. The numbers x may be integers.

A `tf.function` turns Python code into a graph. The first call runs the Python code once, which is called
tracing; later calls run the graph that was recorded, and not a line of Python. The graph fits a kind of input:
another shape means another trace, which is slow. A batch is often of another size than the last, so say
beforehand which parts of the shape may vary: in a `tf.TensorSpec` these are None.

2. `compile_once` makes from a Python function f a callable that gives the same results, and in whose whole life
   the Python code of f runs exactly once: called with batches of 3, 5 and 1 examples, or of 3 and again 3, it
   traces once in all. It takes numpy arrays as well as tensors. f may look at how many features there are
   (`x.shape[1]`), so that number must stay known. Whether the one trace happens when you wrap f or at the first
   call is up to you.

Derivatives with respect to several inputs, and measuring how much time a graph saves, are not asked. It follows
on module1/backend_agnostic_ops, where the same code ran eagerly and in graphs.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf


def derivatives(f: Callable, x: np.ndarray) -> tuple:
    """Evaluate a function and its first two derivatives, element by element.

    Args:
        f: made of TensorFlow operations; takes a (n,) float32 tensor, gives a (n,) tensor or a single number.
        x: (n,) float32 or integers, n at least 1.

    Returns:
        Value, first and second derivative, each (n,) float32.
    """
    x = tf.cast(x, "float32")
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            value = f(x) + tf.zeros_like(x)  # (n,), also where f gives a single number
        first = inner.gradient(value, x, unconnected_gradients="zero")
    second = outer.gradient(first, x, unconnected_gradients="zero")
    return value, first, second


def compile_once(f: Callable, n_features: int) -> Callable:
    """Turn a Python function into a graph that takes batches of any size.

    Args:
        f: takes a (batch, n_features) float32 tensor, gives a tensor.
        n_features: the length of the last axis.

    Returns:
        A callable for (batch, n_features) float32 arrays and tensors, batch at least 1, with f's results. The
        Python code of f runs exactly once, however often it is called.
    """
    return tf.function(f, input_signature=[tf.TensorSpec((None, n_features), "float32")])
