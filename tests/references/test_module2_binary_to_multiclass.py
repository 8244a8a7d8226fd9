"""Softmax and cross-entropy against Keras and exact fractions; heads against training with them."""

from decimal import Decimal, getcontext

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

classes = reference("module2/binary_to_multiclass")

LOGITS = [
    np.random.default_rng(seed).normal(size=(4, 2 + seed)).astype("float32") * scale
    for seed, scale in enumerate([1, 3, 100, 1000])
]


def exact_probabilities(row):
    getcontext().prec = 60
    powers = [Decimal(float(z)).exp() for z in row]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize("logits", LOGITS, ids=str)
def test_softmax_and_cross_entropy_with_sixty_digits(logits):
    exact = [exact_probabilities(row) for row in logits]
    np.testing.assert_allclose(classes.softmax(logits), np.array(exact, float), rtol=1e-5, atol=1e-30)
    for shift in range(logits.shape[1]):
        labels = (np.arange(4) + shift) % logits.shape[1]
        expected = -sum(row[label].ln() for row, label in zip(exact, labels, strict=True)) / 4
        assert classes.cross_entropy(labels, logits) == pytest.approx(float(expected), rel=1e-5)
        one_hot = keras.utils.to_categorical(labels, logits.shape[1])
        assert classes.cross_entropy(one_hot, logits) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("logits", LOGITS, ids=str)
def test_softmax_and_cross_entropy_are_those_of_keras(logits):
    labels = np.array([0, 1, 1, 0])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    np.testing.assert_allclose(classes.softmax(logits), keras.ops.softmax(logits), rtol=1e-4, atol=1e-7)
    assert classes.cross_entropy(labels, logits) == pytest.approx(float(loss), rel=1e-5)


def test_the_numbers_of_the_instructions():
    logits = np.array([[2.0, 1.0, 0.0]])
    np.testing.assert_allclose(classes.softmax(logits), [[0.665, 0.245, 0.090]], atol=5e-4)
    assert classes.cross_entropy(np.array([1]), logits) == pytest.approx(1.408, abs=5e-4)
    assert classes.cross_entropy(np.array([1]), np.array([[1000.0, 0.0]])) == 1000


@pytest.mark.parametrize("one_hot", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_a_network_with_the_head_learns_its_batch(n_classes, one_hot):
    keras.utils.set_random_seed(n_classes)
    head = classes.output_head(n_classes, one_hot)
    labels = np.arange(n_classes)
    x = np.eye(n_classes, dtype="float32")
    model = keras.Sequential([keras.layers.Dense(head["units"], activation=head["activation"])])
    model.compile(keras.optimizers.SGD(5.0), loss=head["loss"], run_eagerly=True)
    y = keras.utils.to_categorical(labels) if one_hot else labels
    for _ in range(25):
        model.train_on_batch(x, y)
    assert classes.decide(np.array(model(x))).tolist() == labels.tolist()


def test_decisions_are_a_table():
    assert classes.decide(np.array([[0.0], [0.49], [0.5], [1.0]])).tolist() == [0, 0, 1, 1]
    assert classes.decide(np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])).tolist() == [1, 0]
