"""The reference layer against the closed form, Keras's own swish, and a file that it is loaded from."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

swish = reference("module1/serializable_swish_layer")


@pytest.mark.parametrize("shape", [(4, 3), (2, 5, 3), (1, 2, 4, 3)])
@pytest.mark.parametrize("shared", [False, True])
def test_output_and_derivative_are_the_closed_form(shape, shared):
    rng = np.random.default_rng(5)
    x = rng.normal(scale=3, size=shape)
    beta = rng.normal(size=() if shared else shape[-1:])
    layer = swish.LearnableSwish(shared=shared)
    layer(x.astype("float32"))
    layer.beta.assign(beta)
    with tf.GradientTape() as tape:
        y = layer(tf.constant(x, "float32"))
        total = tf.reduce_sum(y)
    gate = 1 / (1 + np.exp(-beta * x))
    np.testing.assert_allclose(y, x * gate, rtol=1e-4, atol=1e-5)
    slope = (x * x * gate * (1 - gate)).sum(axis=None if shared else tuple(range(len(shape) - 1)))
    np.testing.assert_allclose(tape.gradient(total, layer.beta), slope, rtol=1e-4, atol=1e-5)


def test_starts_as_the_swish_of_keras():
    x = np.linspace(-6, 6, 21, dtype="float32").reshape(7, 3)
    np.testing.assert_allclose(swish.LearnableSwish()(x), keras.activations.silu(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shared", [False, True])
def test_learns_a_known_beta(shared):
    x = np.random.default_rng(2).normal(size=(64, 2)).astype("float32")
    beta = np.array([2.0, 2.0] if shared else [2.0, -1.0])
    model = keras.Sequential([keras.Input((2,)), swish.LearnableSwish(0.5, shared)])
    model.compile(keras.optimizers.Adam(0.1), "mse", run_eagerly=True)
    model.fit(x, x / (1 + np.exp(-beta * x)), batch_size=64, epochs=120, verbose=0)
    np.testing.assert_allclose(model.layers[0].beta, 2.0 if shared else beta, atol=0.05)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras, in model.save
def test_reloaded_model_is_another_one_with_equal_settings_and_weights(tmp_path, monkeypatch):
    # tests share one process, and so one registry: the class that is looked up must be this one
    registry = keras.saving.get_custom_objects()
    monkeypatch.setitem(
        registry, keras.saving.get_registered_name(swish.LearnableSwish), swish.LearnableSwish
    )
    model = keras.Sequential([keras.Input((3,)), swish.LearnableSwish(0.5, name="gate", trainable=False)])
    model.layers[0].beta.assign([1, 2, 3])
    copy = swish.save_and_reload(model, str(tmp_path / "model.keras"))
    gate = copy.get_layer("gate")
    assert copy is not model
    assert (type(gate), gate.beta_init, gate.shared) == (swish.LearnableSwish, 0.5, False)
    assert not gate.trainable
    np.testing.assert_array_equal(gate.beta, [1, 2, 3])
