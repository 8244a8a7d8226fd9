"""The reference against layers called one by one, and against `predict` with a pooling layer."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

extractor = reference("module2/feature_extractor")


def chain():
    layers = [
        keras.layers.Conv2D(3, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5),
        keras.layers.GlobalMaxPooling2D(),
        keras.layers.Dense(2),
    ]
    return layers, keras.Sequential([keras.Input((6, 5, 2)), *layers])


def test_activations_are_those_of_the_layers_called_one_by_one():
    keras.utils.set_random_seed(0)
    layers, model = chain()
    x = np.random.default_rng(0).normal(size=(3, 6, 5, 2)).astype("float32")
    for scale in (1.0, 2.0):
        layers[0].kernel.assign(layers[0].kernel * scale)
        expected, made = x, extractor.activation_model(model)(x, training=False)
        assert len(made) == len(layers)
        for layer, activation in zip(layers, made, strict=True):
            expected = layer(expected, training=False)
            np.testing.assert_allclose(activation, expected, rtol=1e-5, atol=1e-6)


def test_a_graph_with_a_branch():
    inputs = keras.Input((4,))
    first, second = keras.layers.Dense(4), keras.layers.Dense(4)
    hidden = first(inputs)
    model = keras.Model(inputs, keras.layers.Subtract()([hidden, second(hidden)]))
    x = np.ones((1, 4), "float32")
    a, b, c = extractor.activation_model(model)(x)
    np.testing.assert_allclose(c, a - b, atol=1e-6)
    np.testing.assert_allclose(c, model(x), atol=1e-6)


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("batch_size", [1, 2, 7])
def test_features_are_what_predict_and_a_pooling_layer_give(n, batch_size):
    base = keras.Sequential(chain()[0][:3])
    images = np.random.default_rng(n).normal(size=(n, 6, 5, 2)).astype("float32")
    expected = keras.layers.GlobalAveragePooling2D()(base.predict(images, verbose=0))
    features = extractor.extract_features(base, images, batch_size)
    assert features.dtype == "float32"
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-6)


def test_rows_stay_as_they_are():
    _, base = chain()
    images = np.random.default_rng(9).normal(size=(3, 6, 5, 2)).astype("float32")
    np.testing.assert_allclose(
        extractor.extract_features(base, images, 2), base.predict(images, verbose=0), rtol=1e-4, atol=1e-6
    )


def test_the_example_of_the_instructions():
    identity = keras.Sequential([keras.Input((1, 2, 2)), keras.layers.Rescaling(1.0)])
    image = np.array([[[[1, 10], [3, 30]]]], "float32")
    np.testing.assert_allclose(extractor.extract_features(identity, image, 4), [[2, 20]])
