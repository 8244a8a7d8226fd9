"""The reference against the same layers in numpy, the weights that were saved, and a real training."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

transfer = reference("module2/transfer_head")


def backbone(pooled=False):
    layers = [keras.Input((5, 4, 2)), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization()]
    return keras.Sequential([*layers, keras.layers.GlobalMaxPooling2D()] if pooled else layers)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of Keras, with numpy 2
def test_the_weights_are_those_of_the_file(tmp_path):
    trained = backbone()
    trained.set_weights([np.full(w.shape, n + 0.5) for n, w in enumerate(trained.get_weights())])
    trained.save_weights(tmp_path / "a.weights.h5")
    loaded = transfer.load_backbone(backbone, str(tmp_path / "a.weights.h5"))
    assert [float(w.min()) for w in loaded.get_weights()] == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert loaded.trainable_variables == []


@pytest.mark.parametrize("pooled", [False, True])
def test_the_output_equals_the_layers_in_numpy(pooled):
    keras.utils.set_random_seed(2)
    base = backbone(pooled)
    model = transfer.build_transfer_model(base, 3, 7, 0.5)
    images = np.random.default_rng(1).normal(size=(6, 5, 4, 2)).astype("float32")
    features = np.asarray(base(images), "float64")
    features = features if pooled else features.mean(axis=(1, 2))
    w1, b1, w2, b2 = (np.asarray(v, "float64") for v in model.trainable_variables)
    scores = np.maximum(features @ w1 + b1, 0) @ w2 + b2
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(
        model.predict(images, verbose=0), powers / powers.sum(axis=1, keepdims=True), rtol=1e-4
    )


def test_training_moves_the_head_only():
    keras.utils.set_random_seed(3)
    base = backbone()
    model = transfer.build_transfer_model(base, 2, 6, 0.25)
    kept, head = base.get_weights(), [v.numpy().copy() for v in model.trainable_variables]
    images = np.random.default_rng(1).normal(size=(8, 5, 4, 2)).astype("float32")
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    model.fit(images, np.arange(8) % 2, epochs=2, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(kept, base.get_weights(), strict=True))
    assert len(head) == 4
    assert all(np.abs(v - old).max() > 0 for v, old in zip(model.trainable_variables, head, strict=True))


def test_the_example_of_the_instructions():
    base = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(10, 2, strides=2)])
    assert base.output_shape == (None, 4, 4, 10)
    model = transfer.build_transfer_model(base, 3, 6, 0.1)
    assert sum(np.prod(v.shape) for v in model.trainable_variables) == 87
