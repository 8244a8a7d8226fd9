"""transpose_conv_is_adjoint against numpy's correlation, TensorFlow's gradient and hand-computed numbers."""

import itertools
import math

import numpy as np
import pytest

from tests.references.loading import reference

adjoint = reference("module2/transpose_conv_is_adjoint")

SIZES = [
    (k, n, stride) for k, n, stride in itertools.product(range(1, 5), range(1, 10), range(1, 5)) if k <= n
]


@pytest.mark.parametrize(("k", "n", "stride"), SIZES)
def test_matrix_convolves_and_its_transpose_balances(k, n, stride):
    random = np.random.default_rng([k, n, stride])
    kernel, x = random.normal(size=k), random.normal(size=n)
    convolved = np.correlate(x, kernel, "valid")[::stride]
    matrix = adjoint.conv_matrix(kernel, n, stride)
    assert matrix.shape == (len(convolved), n)
    np.testing.assert_allclose(matrix @ x, convolved)

    y = random.normal(size=len(convolved))
    back = [0.0] * n
    for i, j in itertools.product(range(len(y)), range(k)):
        back[i * stride + j] += y[i] * kernel[j]
    np.testing.assert_allclose(adjoint.transpose_conv(y, kernel, n, stride), back)
    assert math.isclose(convolved @ y, x @ adjoint.transpose_conv(y, kernel, n, stride), abs_tol=1e-9)


@pytest.mark.tensorflow
@pytest.mark.parametrize(("k", "n", "stride"), [(1, 4, 1), (2, 5, 2), (3, 9, 2), (2, 9, 4), (4, 4, 3)])
def test_transpose_is_tensorflows_gradient(k, n, stride):
    import tensorflow as tf

    random = np.random.default_rng(0)
    kernel, x = random.normal(size=k).astype("float32"), tf.Variable(random.normal(size=n).astype("float32"))
    with tf.GradientTape() as tape:
        there = tf.nn.conv1d(x[None, :, None], kernel[:, None, None], stride, "VALID")[0, :, 0]
        y = random.normal(size=there.shape[0]).astype("float32")
        balance = tf.reduce_sum(there * y)
    np.testing.assert_allclose(
        adjoint.transpose_conv(y, kernel, n, stride), tape.gradient(balance, x), rtol=1e-5, atol=1e-6
    )


def test_example_of_the_instructions():
    kernel, x = np.array([1.0, 2.0]), np.array([1.0, 0, 2, 1, 3])
    assert adjoint.conv_matrix(kernel, 5, 2).tolist() == [[1, 2, 0, 0, 0], [0, 0, 1, 2, 0]]
    assert adjoint.transpose_conv(np.array([1.0, 4]), kernel, 5, 2).tolist() == [1, 2, 4, 8, 0]
    assert adjoint.transpose_conv(np.array([1.0, 4]), kernel, 3, 1).tolist() == [1, 6, 8]
    assert math.isclose(adjoint.reconstruction_error(x, kernel, 2), math.sqrt(66))


@pytest.mark.parametrize(
    ("kernel", "stride", "error"), [([1], 1, 0), ([-1], 1, 0), ([2], 1, 15), ([1], 2, 4)]
)
def test_error_is_that_of_the_closed_form(kernel, stride, error):
    """With one weight w, the kept numbers become w * w times what they were, the others 0."""
    x = np.array([3.0, 4.0, 0.0])
    assert math.isclose(adjoint.reconstruction_error(x, np.array(kernel, "float64"), stride), error)
