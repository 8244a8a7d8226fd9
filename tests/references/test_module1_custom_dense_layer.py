"""The reference layer against Keras's own Dense."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

dense = reference("module1/custom_dense_layer")


@pytest.mark.filterwarnings("ignore:You are using a softmax")  # over one unit it is always 1
@pytest.mark.parametrize("leading", [(3,), (2, 4), (2, 1, 3)])
@pytest.mark.parametrize(("d", "units"), [(1, 1), (3, 2), (2, 5)])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("activation", [None, "relu", "tanh", "softmax"])
def test_equals_dense_with_the_same_weights(leading, d, units, use_bias, activation):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(*leading, d)).astype("float32")
    own = dense.Affine(units, use_bias, activation)
    keras_layer = keras.layers.Dense(units, activation=activation, use_bias=use_bias)
    own(x), keras_layer(x)
    weights = [rng.normal(size=w.shape) for w in keras_layer.get_weights()]
    own.kernel.assign(weights[0])
    if use_bias:
        own.bias.assign(weights[1])
    keras_layer.set_weights(weights)
    np.testing.assert_allclose(own(x), keras_layer(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("use_bias", [True, False])
def test_has_the_weights_that_dense_has(use_bias):
    own, keras_layer = dense.Affine(4, use_bias), keras.layers.Dense(4, use_bias=use_bias)
    assert own.weights == []
    own(np.ones((2, 3))), keras_layer(np.ones((2, 3)))
    own(np.ones((5, 3)))
    shapes, expected = ([tuple(w.shape) for w in layer.trainable_weights] for layer in (own, keras_layer))
    assert sorted(shapes) == sorted(expected)
    assert len(np.unique(own.kernel, axis=1).T) == 4
    assert not use_bias or not np.any(own.bias)


def test_learns_a_known_map():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(64, 2)).astype("float32")
    y = x @ np.array([[1.0], [-2.0]], "float32") + 0.5
    model = keras.Sequential([keras.Input((2,)), dense.Affine(1, name="scores")])
    model.compile(keras.optimizers.SGD(0.3), "mse", run_eagerly=True)
    model.fit(x, y, batch_size=64, epochs=50, verbose=0)
    np.testing.assert_allclose(model.get_layer("scores").kernel, [[1], [-2]], atol=1e-2)
    np.testing.assert_allclose(model.get_layer("scores").bias, [0.5], atol=1e-2)
