"""The reference against gradient descent on the head in numpy, and against steps with a tape."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

run_two_phases = reference("module2/two_phase_fine_tuning").run_two_phases


def models():
    keras.utils.set_random_seed(4)
    inputs = keras.Input((2,))
    x = keras.layers.Dense(3, "tanh", name="one")(inputs)
    x = keras.layers.BatchNormalization()(x)
    base = keras.Model(inputs, keras.layers.Dense(3, "tanh", name="two")(x))
    return base, keras.Sequential([base, keras.layers.Dense(3, "softmax", name="head")])


def data():
    rng = np.random.default_rng(4)
    return rng.normal(size=(50, 2)).astype("float32"), rng.integers(0, 3, 50)


def test_the_head_alone_is_softmax_regression_in_numpy():
    base, model = models()
    x, y = data()
    model(x)
    features, (weights, bias) = np.asarray(base(x)), model.layers[-1].get_weights()
    losses = run_two_phases(base, model, (x, y), 3, 2, 0.5, 0.25, 0)
    expected = []
    for rate in (0.5, 0.5, 0.5, 0.25, 0.25):
        powers = np.exp(features @ weights + bias)
        p = powers / powers.sum(axis=1, keepdims=True)
        expected.append(-np.log(p[np.arange(50), y]).mean())
        error = (p - np.eye(3)[y]) / 50
        weights, bias = weights - rate * features.T @ error, bias - rate * error.sum(axis=0)
    np.testing.assert_allclose(losses["head_loss"] + losses["tune_loss"], expected, rtol=1e-4)
    np.testing.assert_allclose(model.layers[-1].get_weights()[0], weights, rtol=1e-4, atol=1e-6)


def test_phase_two_equals_steps_with_a_tape_on_chosen_variables():
    (base, model), (twin_base, twin) = models(), models()
    x, y = data()
    model(x), twin(x)
    twin.set_weights(model.get_weights())
    losses = run_two_phases(base, model, (x, y), 0, 3, 0.5, 0.25, 1)
    chosen = [*twin_base.get_layer("two").trainable_variables, *twin.layers[-1].trainable_variables]
    for loss in losses["tune_loss"]:
        with tf.GradientTape() as tape:
            expected = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(y, twin(x, training=False))
            )
        for variable, gradient in zip(chosen, tape.gradient(expected, chosen), strict=True):
            variable.assign_sub(0.25 * gradient)
        assert loss == pytest.approx(float(expected), rel=1e-4)
    for mine, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-6)
    assert losses["head_loss"] == []
    assert float(model.optimizer.learning_rate) == 0.25
