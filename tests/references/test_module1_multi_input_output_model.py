"""The reference against table look-ups, matrix products and sums in numpy."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

recommender = reference("module1/multi_input_output_model")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_hand(tables, dense, batch):
    """Rating and click, example by example."""
    (kernel, bias), (k_rating, b_rating), (k_click, b_click) = dense
    ratings, clicks = [], []
    for user, item, context in zip(batch["user"], batch["item"], batch["context"], strict=True):
        h = np.maximum(np.concatenate([tables[0][user[0]], tables[1][item[0]], context]) @ kernel + bias, 0)
        ratings.append(h @ k_rating + b_rating)
        clicks.append(sigmoid(h @ k_click + b_click))
    return {"rating": np.array(ratings), "click": np.array(clicks)}


@pytest.fixture
def filled():
    """A function that gives a model, weights for it by hand, and a batch."""

    def make(n_users, n_items, n_context, dim, hidden, batch_size):
        rng = np.random.default_rng(4)
        model = recommender.build_rating_model(n_users, n_items, n_context, dim, hidden)
        by_output = {id(layer.output): layer for layer in model.layers}
        heads = [by_output[id(model.output[name])] for name in ("rating", "click")]
        tables = [
            one for n in (n_users, n_items) for one in model.layers if getattr(one, "input_dim", 0) == n
        ]
        (dense,) = [one for one in model.layers if one.weights and one not in (*heads, *tables)]
        weights = [[rng.normal(size=w.shape) for w in layer.weights] for layer in (*tables, dense, *heads)]
        for layer, values in zip((*tables, dense, *heads), weights, strict=True):
            layer.set_weights(values)
        assert len(model.weights) == 8
        batch = {
            "user": rng.integers(0, n_users, (batch_size, 1)).astype("int32"),
            "item": rng.integers(0, n_items, (batch_size, 1)).astype("int32"),
            "context": rng.normal(size=(batch_size, n_context)).astype("float32"),
        }
        (users,), (items,), *dense = weights
        return model, by_hand((users, items), dense, batch), batch

    return make


SIZES = [(2, 3, 1, 1, 1, 1), (4, 2, 3, 2, 5, 6), (3, 7, 2, 4, 3, 2)]


@pytest.mark.parametrize("sizes", SIZES)
def test_outputs_equal_look_up_and_products(filled, sizes):
    model, expected, batch = filled(*sizes)
    outputs = model(batch)
    assert set(outputs) == {"rating", "click"}
    for name in outputs:
        np.testing.assert_allclose(outputs[name], expected[name], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("rating_weight", "click_weight"), [(1.0, 1.0), (0.5, 2.0), (0.0, 3.0), (2.0, 0.0)])
def test_loss_equals_the_weighted_sum(filled, rating_weight, click_weight):
    model, outputs, batch = filled(*SIZES[1])
    rating, click = np.arange(6.0)[:, None] / 2, np.array([[1], [0], [0], [1], [1], [0]])
    recommender.compile_rating_model(model, rating_weight, click_weight)
    model.run_eagerly = True
    loss = model.test_on_batch(batch, {"rating": rating, "click": click}, return_dict=True)["loss"]
    squares = (rating - outputs["rating"]) ** 2
    entropies = -np.log(np.where(click == 1, outputs["click"], 1 - outputs["click"]))
    expected = rating_weight * squares.mean() + click_weight * entropies.mean()
    assert float(loss) == pytest.approx(expected, rel=1e-4)


def test_the_example_of_the_instructions():
    x = keras.Input((1,))
    rating = keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(3))(x)
    click = keras.layers.Dense(1, "sigmoid", bias_initializer=keras.initializers.Constant(np.log(4)))(x)
    model = keras.Model(x, {"rating": rating, "click": click})
    recommender.compile_rating_model(model, 0.5, 2.0)
    model.run_eagerly = True
    targets = {"rating": np.array([[5.0]]), "click": np.array([[1.0]])}
    loss = model.test_on_batch(np.zeros((1, 1)), targets, return_dict=True)["loss"]
    assert float(loss) == pytest.approx(2.446, abs=1e-3)
