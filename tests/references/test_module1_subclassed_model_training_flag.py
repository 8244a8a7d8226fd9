"""The reference against numpy in both modes, and against a Sequential model of Keras."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

flag = reference("module1/subclassed_model_training_flag")


def filled(d, n_hidden, n_classes, drop_rate):
    """A model, and its weights by hand: kernel, bias, gamma, beta, kernel, bias."""
    rng = np.random.default_rng(8)
    model = flag.RegularizedClassifier(n_hidden, n_classes, drop_rate)
    model(np.zeros((1, d), "float32"))
    shapes = [(d, n_hidden), (n_hidden,), (n_hidden,), (n_hidden,), (n_hidden, n_classes), (n_classes,)]
    assert [tuple(w.shape) for w in model.trainable_weights] == shapes
    weights = [rng.normal(size=shape) for shape in shapes]
    for variable, values in zip(model.trainable_weights, weights, strict=True):
        variable.assign(values)
    return model, weights


@pytest.mark.parametrize("sizes", [(1, 2, 2), (3, 4, 2), (2, 5, 3)])
@pytest.mark.parametrize("batch", [2, 6])
def test_equals_numpy_in_both_modes(sizes, batch):
    d, n_hidden, n_classes = sizes
    model, (k1, b1, gamma, beta, k2, b2) = filled(d, n_hidden, n_classes, 0.0)
    x = np.random.default_rng(batch).normal(size=(3, batch, d)).astype("float32") * 5
    mean, variance = np.zeros(n_hidden), np.ones(n_hidden)
    for one in x:
        h = np.maximum(one @ k1 + b1, 0)
        normal = (h - h.mean(0)) / np.sqrt(h.var(0) + 1e-3) * gamma + beta
        np.testing.assert_allclose(model(one, training=True), normal @ k2 + b2, rtol=1e-3, atol=1e-4)
        mean, variance = 0.99 * mean + 0.01 * h.mean(0), 0.99 * variance + 0.01 * h.var(0)
    h = np.maximum(x[0] @ k1 + b1, 0)
    expected = ((h - mean) / np.sqrt(variance + 1e-3) * gamma + beta) @ k2 + b2
    for output in (model(x[0]), model(x[0], training=False), model.predict(x[0], verbose=0)):
        np.testing.assert_allclose(output, expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(model(x[0, :1]), expected[:1], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("drop_rate", [0.25, 0.6])
def test_drops_hidden_numbers_in_training_only(drop_rate):
    model, (_, _, _, beta, k2, b2) = filled(2, 2, 3, drop_rate)
    copies = np.ones((2000, 2), "float32")  # all alike, so that the normalisation gives beta
    dropped = np.array([[i, j] for i in (0, 1) for j in (0, 1)]) * beta / (1 - drop_rate)
    possible = np.unique(np.round(dropped @ k2 + b2, 2), axis=0)
    trained = np.unique(np.round(model(copies, training=True), 2), axis=0)
    np.testing.assert_allclose(trained, possible, atol=0.021)
    assert len(np.unique(model(copies), axis=0)) == 1


def test_the_count_of_the_instructions():
    model, _ = filled(2, 3, 2, 0.5)
    layers = [keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    other = keras.Sequential([keras.Input((2,)), *layers])
    for weights in ("trainable_weights", "non_trainable_weights"):
        counts = [sum(int(np.prod(w.shape)) for w in getattr(m, weights)) for m in (model, other)]
        assert counts == [23 if weights == "trainable_weights" else 6] * 2
