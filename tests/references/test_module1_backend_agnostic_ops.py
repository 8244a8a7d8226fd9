"""The reference against plain loops in float64, and against the backends that Keras is delivered with."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

agnostic = reference("module1/backend_agnostic_ops")


@pytest.mark.parametrize(("n", "m", "d"), [(1, 1, 1), (1, 4, 3), (5, 1, 2), (3, 4, 6), (20, 20, 5)])
def test_distances_are_those_of_a_plain_loop(n, m, d):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(n, d)).astype("float32"), rng.normal(size=(m, d)).astype("float32")
    y[0] = x[0]
    expected = [[sum((float(a) - float(b)) ** 2 for a, b in zip(p, q, strict=True)) for q in y] for p in x]
    in_a_graph = tf.function(agnostic.pairwise_sq_distance)
    inputs = keras.Input((d,)), keras.Input((d,))
    model = keras.Model(inputs, agnostic.pairwise_sq_distance(*inputs))
    for got in (agnostic.pairwise_sq_distance(x, y), in_a_graph(x, y), model([x, y])):
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)
        assert np.min(got) >= 0
        assert np.array(got)[0, 0] == 0


@pytest.mark.parametrize("shape", [(1,), (4,), (3, 2), (2, 3, 4)])
def test_normalized_vectors_have_length_one_and_the_same_direction(shape):
    x = np.random.default_rng(3).normal(size=shape).astype("float32")
    got = np.array(agnostic.l2_normalize(x))
    lengths = [sum(float(v) ** 2 for v in vector) ** 0.5 for vector in got.reshape(-1, shape[-1])]
    np.testing.assert_allclose(lengths, 1, rtol=1e-5)
    ratio = (x / got).reshape(-1, shape[-1])
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(shape[-1], 1), rtol=1e-4)
    assert (ratio > 0).all()
    np.testing.assert_allclose(got, keras.ops.normalize(x, axis=-1), rtol=1e-5)


def test_zero_vectors_stay_zero():
    np.testing.assert_array_equal(agnostic.l2_normalize(np.array([[0, 0], [0, 5.0]])), [[0, 0], [0, 1]])


def test_backends_are_those_that_keras_has_a_trainer_for():
    names = ["mxnet", "torch", "cntk", "jax", "theano", "tensorflow"]
    folder = Path(keras.__file__).parent / "src" / "backend"
    assert agnostic.keras3_backends(names) == [n for n in names if (folder / n / "trainer.py").is_file()]
    assert agnostic.keras3_backends([]) == []
