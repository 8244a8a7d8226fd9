"""target_network against Keras's own moving averages, predictions, a closed form and plain counting."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

networks = reference("module6/target_network")


def model(seed):
    """A network that has seen some data, so that its moving statistics are not those of the start."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((3,))
    hidden = keras.layers.BatchNormalization(momentum=0.5)(keras.layers.Dense(4, "relu")(inputs))
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), keras.layers.LayerNormalization()])
    made = keras.Model(inputs, inner(hidden))
    made(np.random.default_rng(seed).normal(size=(20, 3)).astype("float32"), training=True)
    return made


def moving_statistics(made):
    return [w for layer in made.layers for w in layer.non_trainable_weights]


def test_a_copy_is_equal_and_apart():
    x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    online = model(1)
    assert np.abs(moving_statistics(online)[0].numpy()).max() > 0.01

    target = networks.make_target(online)

    before = target.predict(x, verbose=0)
    np.testing.assert_allclose(before, online.predict(x, verbose=0), rtol=1e-6)
    assert not {id(w) for w in online.weights} & {id(w) for w in target.weights}
    online.compile("sgd", "mse")
    online.fit(x, np.ones((5, 2)), verbose=0)
    np.testing.assert_array_equal(target.predict(x, verbose=0), before)
    assert np.abs(online.predict(x, verbose=0) - before).max() > 1e-3


def test_after_a_hard_update_both_predict_the_same():
    x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    online, target = model(1), model(2)
    expected = online.predict(x, verbose=0)
    assert np.abs(target.predict(x, verbose=0) - expected).max() > 1e-3

    networks.hard_update(online, target)

    np.testing.assert_array_equal(target.predict(x, verbose=0), expected)
    np.testing.assert_array_equal(online.predict(x, verbose=0), expected)
    for mine, theirs in zip(moving_statistics(target), moving_statistics(online), strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())


@pytest.mark.parametrize("tau", [0.01, 0.3, 1.0])
def test_soft_updates_follow_the_closed_form(tau):
    """After n updates towards a network that stands still, the share of the start is (1 - tau) ** n."""
    online, target = model(1), model(2)
    start, goal = target.get_weights(), online.get_weights()

    for _ in range(4):
        networks.soft_update(online, target, tau)

    for mine, old, aim in zip(target.get_weights(), start, goal, strict=True):
        np.testing.assert_allclose(mine, aim + (1 - tau) ** 4 * (old - aim), rtol=1e-4, atol=1e-6)
    for mine, aim in zip(online.get_weights(), goal, strict=True):
        np.testing.assert_array_equal(mine, aim)


def test_soft_updates_equal_an_exponential_moving_average_of_keras():
    """An optimizer with `use_ema` keeps such an average of the trainable weights."""
    online, target = model(1), model(2)
    optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.75)
    optimizer.build(online.trainable_variables)
    for average, mine in zip(
        optimizer._model_variables_moving_average, target.trainable_weights, strict=True
    ):
        average.assign(mine)

    for _ in range(3):
        gradients = [keras.ops.ones_like(w) for w in online.trainable_variables]
        optimizer.iterations.assign(5)  # at 0 the optimizer would start the average anew
        optimizer.apply(gradients, online.trainable_variables)
        networks.soft_update(online, target, 0.25)

    for average, mine in zip(
        optimizer._model_variables_moving_average, target.trainable_weights, strict=True
    ):
        np.testing.assert_allclose(mine.numpy(), average.numpy(), rtol=1e-5, atol=1e-6)


def test_a_counter_that_is_reset_finds_the_same_steps():
    for n_steps in range(20):
        for period in range(1, 9):
            due, since = [], 0
            for step in range(1, n_steps + 1):
                since += 1
                if since == period:
                    due.append(step)
                    since = 0
            assert networks.sync_steps(n_steps, period) == due


def test_the_examples_of_the_instructions():
    assert [networks.sync_steps(n, 4) for n in (9, 8, 3)] == [[4, 8], [4, 8], []]
    online, target = (keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]) for _ in range(2))
    online.set_weights([np.array([[4.0]]), np.array([0.0])])
    target.set_weights([np.array([[8.0]]), np.array([0.0])])
    for value in (7, 6.25):
        networks.soft_update(online, target, 0.25)
        assert target.get_weights()[0].item() == pytest.approx(value)
