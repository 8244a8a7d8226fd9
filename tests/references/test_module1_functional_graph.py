"""The reference models against plain matrix products."""

from itertools import pairwise

import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

graph = reference("module1/functional_graph")


def random_weights(shapes, seed=3):
    """A kernel and a bias for each (d, units)."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in shapes]


def set_weights(model, weights):
    arrays = [array for pair in weights for array in pair]
    assert [tuple(w.shape) for w in model.weights] == [a.shape for a in arrays]
    model.set_weights(arrays)


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("hidden", [[], [1], [5], [3, 3], [4, 2, 6]])
@pytest.mark.parametrize(("n_inputs", "n_outputs", "batch"), [(1, 1, 1), (3, 2, 5), (2, 4, 3)])
def test_mlp_equals_matrix_products(hidden, n_inputs, n_outputs, batch):
    sizes = [n_inputs, *hidden, n_outputs]
    weights = random_weights(list(pairwise(sizes)))
    model = graph.build_mlp(n_inputs, hidden, n_outputs)
    set_weights(model, weights)
    x = np.random.default_rng(1).normal(size=(batch, n_inputs))
    h = x
    for kernel, bias in weights[:-1]:
        h = relu(h @ kernel + bias)
    np.testing.assert_allclose(model(x), h @ weights[-1][0] + weights[-1][1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("n_blocks", [0, 1, 2, 4])
@pytest.mark.parametrize(("n_inputs", "width", "n_outputs"), [(1, 3, 1), (4, 2, 3), (3, 3, 3)])
def test_residual_equals_matrix_products(n_blocks, n_inputs, width, n_outputs):
    shapes = [(n_inputs, width), *[(width, width)] * (2 * n_blocks), (width, n_outputs)]
    weights = random_weights(shapes)
    model = graph.build_residual_mlp(n_inputs, width, n_blocks, n_outputs)
    set_weights(model, weights)
    x = np.random.default_rng(2).normal(size=(4, n_inputs))
    (kernel, bias), *inner, (head, head_bias) = weights
    h = relu(x @ kernel + bias)
    for (k1, b1), (k2, b2) in zip(inner[::2], inner[1::2], strict=True):
        h = h + relu(h @ k1 + b1) @ k2 + b2
    np.testing.assert_allclose(model(x), h @ head + head_bias, rtol=1e-4, atol=1e-4)


def test_the_count_of_the_instructions():
    assert graph.build_residual_mlp(3, 2, 4, 1).count_params() == 59


def test_models_share_nothing():
    first, second = (graph.build_mlp(2, [3], 1) for _ in range(2))
    assert not {id(w) for w in first.weights} & {id(w) for w in second.weights}
