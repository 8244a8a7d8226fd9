"""The reference against hand-made tables, a definition by quantifiers, and a training by hand."""

import itertools

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

curves = reference("module2/training_curves")


def test_the_layout_of_a_history_with_half_of_its_validation():
    assert curves.plot_series(
        {"val_b": [7.0, 8.0], "a": [1.0, 2.0], "b": [5.0, 6.0], "aval_": [0.0, 0.0]}
    ) == {
        "a": {"epochs": [1, 2], "train": [1.0, 2.0], "validation": None},
        "b": {"epochs": [1, 2], "train": [5.0, 6.0], "validation": [7.0, 8.0]},
        "aval_": {"epochs": [1, 2], "train": [0.0, 0.0], "validation": None},
    }


@pytest.mark.parametrize("patience", range(4))
@pytest.mark.parametrize("epochs", [1, 2, 3, 4])
def test_the_onset_is_the_only_epoch_that_fulfils_its_definition(epochs, patience):
    for val in itertools.product([1, 2], repeat=epochs):
        for train in itertools.product([1, 2], repeat=epochs):
            fulfilling = [
                b
                for b in range(epochs)
                if all(val[b] < v for v in val[:b])
                and all(val[b] <= v for v in val[b:])
                and b + patience < epochs
                and train[-1] < train[b]
            ]
            assert [curves.overfitting_onset(train, val, patience)] == (fulfilling or [None])


def test_the_example_of_the_instructions():
    losses = [0.9, 0.6, 0.4, 0.3], [1.0, 0.8, 0.8, 0.9]
    assert curves.overfitting_onset(*losses, 2) == 1
    assert curves.overfitting_onset(*losses, 3) is None


def test_gaps():
    history = {"accuracy": [0.5, 1.0, 0.25], "val_accuracy": [0.5, 0.75, 0.5]}
    assert curves.generalization_gap(history) == [0.0, 0.25, -0.25]


def test_a_training_in_one_batch_equals_gradient_descent_in_numpy():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(6, 2)).astype("float32"), rng.integers(0, 2, 6)
    other, labels = rng.normal(size=(5, 2)).astype("float32"), rng.integers(0, 2, 5)
    weights = np.array([[0.5], [-1.0]])
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid", use_bias=False)])
    model.set_weights([weights])
    model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy", metrics=["accuracy"])
    history = curves.fit_and_record(model, (x, y[:, None]), (other, labels[:, None]), 3)

    def measure(x, y):
        p = 1 / (1 + np.exp(-(x @ weights)[:, 0]))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), np.mean((p > 0.5) == y), p

    expected = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(3):
        loss, accuracy, p = measure(x, y)
        weights = weights - 0.5 * x.T @ (p - y)[:, None] / len(x)
        val_loss, val_accuracy, _ = measure(other, labels)
        for name, value in zip(expected, (loss, accuracy, val_loss, val_accuracy), strict=True):
            expected[name].append(value)
    assert history.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-4)
