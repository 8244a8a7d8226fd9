"""The derivatives against numpy's polynomials and closed forms, the compiled function against the eager one."""

import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

tape = reference("module1/eager_tape_and_tf_function")


@pytest.mark.parametrize("coefficients", [[2.0], [1.0, -3.0], [0.5, 0.0, 2.0], [1.0, 2.0, 3.0, -4.0]])
@pytest.mark.parametrize("x", [np.float32([0.0]), np.float32([-1.5, 0.25, 2.0]), np.array([3, -2])])
def test_polynomials_as_numpy_differentiates_them(coefficients, x):
    def f(x):
        total = tf.constant(0.0)
        for number, coefficient in enumerate(coefficients):
            product = tf.constant(coefficient)
            for _ in range(number):
                product = product * x
            total = total + product
        return total

    expected = np.polynomial.Polynomial(coefficients)
    for order, received in enumerate(tape.derivatives(f, x)):
        assert received.dtype == tf.float32
        np.testing.assert_allclose(received, (expected.deriv(order) if order else expected)(x), atol=1e-5)


def test_other_functions():
    x = np.float32([0.5, 1.0, 2.0])
    for received, expected in zip(
        tape.derivatives(tf.math.log, x), (np.log(x), 1 / x, -1 / x**2), strict=True
    ):
        np.testing.assert_allclose(received, expected, rtol=1e-5)
    for received, expected in zip(tape.derivatives(lambda _: 7, x), (7, 0, 0), strict=True):
        np.testing.assert_array_equal(received, [expected] * 3)


def test_the_example_of_the_instructions():
    value, first, second = tape.derivatives(lambda x: x * x * x, np.float32([1, 2]))
    np.testing.assert_allclose([value, first, second], [[1, 8], [3, 12], [6, 12]])


def test_one_trace_and_the_results_of_the_eager_function():
    runs = []

    def f(x):
        runs.append(x.shape)
        return tf.reduce_sum(x * x, axis=1)

    compiled = tape.compile_once(f, 3)
    batches = [np.random.default_rng(n).normal(size=(n, 3)).astype("float32") for n in (3, 1, 5, 3)]
    results = [compiled(batch) for batch in batches]
    assert [tuple(shape) for shape in runs] == [(None, 3)]
    for batch, result in zip(batches, results, strict=True):
        np.testing.assert_allclose(result, f(tf.constant(batch)), rtol=1e-6)
