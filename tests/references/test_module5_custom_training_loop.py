"""The reference loop against closed forms, a plain numpy loop, and Keras's own `fit` and `evaluate`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

loop = reference("module5/custom_training_loop")

MSE = keras.losses.MeanSquaredError()


def batches(sizes, d=2, seed=0):
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(n, d)).astype("float32"), rng.normal(size=(n, 1)).astype("float32")) for n in sizes
    ]


def linear(d, kernel, bias):
    model = keras.Sequential([keras.Input((d,)), keras.layers.Dense(1)])
    model.set_weights([kernel.copy(), bias.copy()])
    return model


@pytest.mark.parametrize("sizes", [[4], [3, 1], [1, 5, 2]])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_equals_gradient_descent_in_numpy(sizes, momentum, epochs):
    data = batches(sizes)
    kernel, bias = np.array([[0.5], [-1.0]]), np.array([0.25])
    model = linear(2, kernel, bias)
    history = loop.train_epochs(model, data, MSE, keras.optimizers.SGD(0.1, momentum=momentum), epochs)

    expected, speed = [], [np.zeros_like(kernel), np.zeros_like(bias)]
    for _ in range(epochs):
        squares = []
        for x, y in data:
            error = x @ kernel + bias - y
            squares.extend(np.ravel(error**2))
            gradients = [2 * x.T @ error / len(x), 2 * error.mean(axis=0)]
            speed = [momentum * v - 0.1 * g for v, g in zip(speed, gradients, strict=True)]
            kernel, bias = kernel + speed[0], bias + speed[1]
        expected.append(np.mean(squares))

    np.testing.assert_allclose(history, expected, rtol=1e-4)
    np.testing.assert_allclose(model.get_weights()[0], kernel, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.get_weights()[1], bias, rtol=1e-4, atol=1e-6)


def normalised_model():
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(3, "tanh"),
            keras.layers.BatchNormalization(momentum=0.5),
            keras.layers.Dense(2, "tanh", trainable=False),
            keras.layers.Dense(1),
        ]
    )


def test_equals_fit_and_evaluate():
    (x, y), *_ = batches([7])
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(3)
    own, keras_own = normalised_model(), normalised_model()
    keras_own.compile(keras.optimizers.Adam(0.05), MSE, run_eagerly=True)
    fitted = keras_own.fit(x, y, batch_size=3, shuffle=False, epochs=3, verbose=0)

    history = loop.train_epochs(own, data, MSE, keras.optimizers.Adam(0.05), 3)

    np.testing.assert_allclose(history, fitted.history["loss"], rtol=1e-4)
    for mine, theirs in zip(own.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)

    before = own.get_weights()
    loss = loop.evaluate(own, data, MSE)
    np.testing.assert_allclose(loss, keras_own.evaluate(x, y, batch_size=3, verbose=0), rtol=1e-4)
    assert all(np.array_equal(a, b) for a, b in zip(before, own.get_weights(), strict=True))


def test_the_example_of_the_instructions():
    """A batch of 3 with mean loss 2 and a batch of 1 with loss 6 give 3."""
    model = linear(1, np.zeros((1, 1)), np.zeros(1))
    data = [
        (np.zeros((3, 1), "float32"), np.full((3, 1), 2**0.5, "float32")),
        (np.zeros((1, 1), "float32"), np.full((1, 1), 6**0.5, "float32")),
    ]
    assert loop.evaluate(model, data, MSE) == pytest.approx(3, rel=1e-5)
