"""The reference against numpy: norms, slopes by finite differences, and the loss pair by pair."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

siamese = reference("module1/siamese_shared_encoder")


@pytest.mark.parametrize(("n_inputs", "hidden", "dim"), [(1, 1, 1), (3, 5, 2), (4, 2, 6)])
@pytest.mark.parametrize("batch", [1, 4])
def test_distances_are_norms_of_differences(n_inputs, hidden, dim, batch):
    rng = np.random.default_rng(5)
    encoder = siamese.build_encoder(n_inputs, hidden, dim)
    shapes = [(n_inputs, hidden), (hidden,), (hidden, dim), (dim,)]
    assert [tuple(w.shape) for w in encoder.weights] == shapes
    w1, b1, w2, b2 = (rng.normal(size=shape) for shape in shapes)
    encoder.set_weights([w1, b1, w2, b2])
    model = siamese.build_siamese(encoder, n_inputs)
    a, b = rng.normal(size=(2, batch, n_inputs))
    codes = [np.maximum(x @ w1 + b1, 0) @ w2 + b2 for x in (a, b)]
    np.testing.assert_allclose(encoder(a), codes[0], rtol=1e-4, atol=1e-5)
    expected = np.linalg.norm(codes[0] - codes[1], axis=1, keepdims=True)
    np.testing.assert_allclose(model([a, b]), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model([a, a]), np.full((batch, 1), 1e-6), rtol=1e-3)
    assert {id(w) for w in model.weights} == {id(w) for w in encoder.weights}


def test_trains_without_nan_on_equal_pairs():
    keras.utils.set_random_seed(1)
    encoder = siamese.build_encoder(2, 4, 3)
    model = siamese.build_siamese(encoder, 2)
    x = np.array([[1, 2], [0.5, -1]], "float32")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model([x, x]))
    assert all(np.all(np.array(g) == 0) for g in tape.gradient(total, encoder.trainable_variables))
    before = float(tf.reduce_max(model([x, x[::-1]])))
    model.compile(keras.optimizers.SGD(0.05), "mse", run_eagerly=True)
    model.fit([x, x], np.array([[3.0], [3.0]]), verbose=0)
    model.fit([x, x[::-1]], np.full((2, 1), before + 1), epochs=5, verbose=0)
    assert before < float(tf.reduce_max(model([x, x[::-1]]))) < before + 1.5


@pytest.mark.parametrize("margin", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_loss_is_the_mean_of_the_pairs(margin, n):
    rng = np.random.default_rng(n)
    same, distance = rng.integers(0, 2, n).astype("float32"), rng.uniform(0, 3, n).astype("float32")
    each = []
    for label, d in zip(same, distance, strict=True):
        if label:
            each.append(d**2)
        else:
            each.append((margin - d) ** 2 if d < margin else 0)
    assert float(siamese.contrastive_loss(same, distance, margin)) == pytest.approx(np.mean(each), rel=1e-5)


def test_the_example_of_the_instructions():
    same, distance = np.array([1, 0, 0], "float32"), np.array([3, 0.5, 5], "float32")
    assert float(siamese.contrastive_loss(same, distance, 2.0)) == pytest.approx(3.75)
