"""The policy against a count of whole steps, and the flags against what `fit` moves and a table by hand."""

import itertools

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

freezing = reference("module2/freeze_by_data_size")


@pytest.mark.parametrize("n_layers", [1, 2, 7, 10, 100])
@pytest.mark.parametrize(("small", "large"), [(0, 0), (0, 1), (3, 3), (2, 9), (10, 110)])
def test_one_layer_more_for_each_full_share(n_layers, small, large):
    for n_images in range(large + 3):
        trained = 0
        while trained < n_layers and (trained + 1) * (large - small) <= n_layers * (n_images - small):
            trained += 1
        expected = max(trained, 1) if n_images >= small else 0
        assert freezing.layers_to_train(n_layers, n_images, small, large) == expected


@pytest.mark.parametrize(
    ("n_images", "layers"),
    [(0, 0), (199, 0), (200, 1), (279, 1), (360, 2), (600, 5), (999, 9), (1000, 10), (9999, 10)],
)
def test_worked_example(n_images, layers):
    assert freezing.layers_to_train(10, n_images, 200, 1000) == layers


def layer_chain():
    layers = keras.layers
    return [
        layers.Conv2D(2, 3, padding="same"),
        layers.BatchNormalization(),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Dropout(0.5),
        layers.DepthwiseConv2D(3),
        layers.BatchNormalization(name="last_norm"),
        layers.ReLU(negative_slope=0.5),
        layers.MaxPooling2D(2, 1),
    ]


def chain(functional):
    if not functional:
        return keras.Sequential([keras.Input((5, 5, 1)), *layer_chain()])
    start = end = keras.Input((5, 5, 1))
    for layer in layer_chain():
        end = layer(end)
    return keras.Model(start, end)


TRAINED = {0: [], 1: [4], 2: [2, 4], 3: [0, 2, 4], 4: [0, 2, 4], 50: [0, 2, 4]}


@pytest.mark.parametrize("functional", [True, False])
@pytest.mark.parametrize("k", TRAINED)
def test_flags_by_hand_whatever_they_were(functional, k):
    base = chain(functional)
    layers = [layer for layer in base.layers if not isinstance(layer, keras.layers.InputLayer)]
    for whole, parts in itertools.product([True, False], repeat=2):
        base.trainable = whole
        for i, layer in enumerate(layers):
            layer.trainable = parts == (i % 2 == 0)
        freezing.unfreeze_last(base, k)
        assert [i for i, layer in enumerate(layers) if any(v.trainable for v in layer.weights)] == TRAINED[k]
        norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
        assert not any(norm.trainable for norm in norms)


@pytest.mark.parametrize("k", [0, 2])
def test_fit_moves_the_thawed_layers_only(k):
    base = chain(functional=True)
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(1)])
    freezing.unfreeze_last(base, k)
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    x = np.random.default_rng(0).normal(3, 1, (8, 5, 5, 1))
    model(x[:1])
    layers = base.layers[1:]
    before = [[v.numpy().copy() for v in layer.weights] for layer in layers]
    model.fit(x, np.ones(8), epochs=2, verbose=0)
    changed = [
        i
        for i, layer in enumerate(layers)
        if any(np.any(v.numpy() != old) for v, old in zip(layer.weights, before[i], strict=True))
    ]
    assert changed == TRAINED[k]
