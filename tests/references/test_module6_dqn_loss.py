"""dqn_loss against plain loops, a gradient worked out by hand, Keras's own training, and a Q-table."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

dqn = reference("module6/dqn_loss")
table = reference("module6/bellman_update")


def linear(n, k, seed):
    model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(k)])
    random = np.random.default_rng(seed)
    model.set_weights([random.normal(size=(n, k)), random.normal(size=k)])
    return model


def outputs(model, x):
    kernel, bias = (w.astype("float64") for w in model.get_weights())
    return x @ kernel + bias


def transitions(b, n, k, seed):
    random = np.random.default_rng(seed)
    return {
        "states": random.normal(size=(b, n)).astype("float32"),
        "actions": random.integers(k, size=b),
        "rewards": random.normal(size=b).astype("float32"),
        "next_states": random.normal(size=(b, n)).astype("float32"),
        "terminated": (random.random(b) < 0.4).astype("float32"),
    }


def looped(batch, online, target, gamma, picks):
    """Targets one by one; `picks` is the network that picks the action."""
    values, preferences = outputs(target, batch["next_states"]), outputs(picks, batch["next_states"])
    targets = []
    for i, reward in enumerate(batch["rewards"]):
        best = sorted(range(values.shape[1]), key=lambda a: -preferences[i, a])[0]
        targets.append(reward if batch["terminated"][i] else reward + gamma * values[i, best])
    return np.array(targets)


SIZES = [(1, 1, 1), (1, 3, 2), (4, 2, 4), (7, 3, 2), (5, 1, 3)]


@pytest.mark.parametrize(("b", "n", "k"), SIZES)
@pytest.mark.parametrize("gamma", [0.0, 0.9, 1.0])
def test_targets_and_errors_equal_plain_loops(b, n, k, gamma):
    online, target = linear(n, k, 1), linear(n, k, 2)
    for seed in range(4):
        batch = transitions(b, n, k, seed)
        rest = (batch["rewards"], batch["next_states"], batch["terminated"], gamma)
        plain = looped(batch, online, target, gamma, picks=target)
        double = looped(batch, online, target, gamma, picks=online)
        np.testing.assert_allclose(dqn.dqn_targets(target, *rest), plain, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(
            dqn.double_dqn_targets(online, target, *rest), double, rtol=1e-4, atol=1e-5
        )
        estimates = [
            outputs(online, s[None])[0, a] for s, a in zip(batch["states"], batch["actions"], strict=True)
        ]
        errors = dqn.td_errors(online, target, batch, gamma)
        np.testing.assert_allclose(errors, plain - estimates, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("b", "n", "k"), SIZES)
@pytest.mark.parametrize("same", [False, True])
def test_a_step_of_a_linear_network_follows_the_gradient_by_hand(b, n, k, same):
    """d loss / d kernel[:, a] is the mean of -2 * error * state over the transitions with action a."""
    batch, online = transitions(b, n, k, 5), linear(n, k, 1)
    target = online if same else linear(n, k, 2)
    kernel, bias = online.get_weights()
    targets = looped(batch, online, target, 0.9, picks=target)
    kept = [w.copy() for w in target.get_weights()]
    errors = targets - outputs(online, batch["states"])[np.arange(b), batch["actions"]]
    for i, action in enumerate(batch["actions"]):
        kernel[:, action] += 0.1 * 2 * errors[i] * batch["states"][i] / b
        bias[action] += 0.1 * 2 * errors[i] / b

    loss = dqn.dqn_train_step(online, target, keras.optimizers.SGD(0.1), batch, 0.9)

    assert loss == pytest.approx(np.mean(errors**2), rel=1e-4)
    np.testing.assert_allclose(online.get_weights()[0], kernel, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(online.get_weights()[1], bias, rtol=1e-4, atol=1e-5)
    if not same:
        assert all(np.array_equal(a, b) for a, b in zip(kept, target.get_weights(), strict=True))


def test_a_step_equals_train_on_batch_with_one_action():
    batch = transitions(6, 3, 1, 3)
    own, keras_own, target = linear(3, 1, 1), linear(3, 1, 1), linear(3, 1, 2)
    keras_own.compile(keras.optimizers.Adam(0.05), "mse")
    y = looped(batch, own, target, 0.5, picks=target)[:, None]
    optimizer = keras.optimizers.Adam(0.05)
    for _ in range(3):
        loss = dqn.dqn_train_step(own, target, optimizer, batch, 0.5)
        assert loss == pytest.approx(keras_own.train_on_batch(batch["states"], y), rel=1e-4)
    for mine, theirs in zip(own.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_one_hot_states_make_it_q_learning_in_a_table():
    """With a state per input and no bias, a step of SGD is Q-learning with alpha = 2 * learning rate."""
    q = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, use_bias=False)])
    for state, action, next_state, over in [(0, 2, 1, False), (3, 0, 3, False), (1, 1, 2, True)]:
        model.set_weights([q])
        batch = {
            "states": np.eye(4, dtype="float32")[[state]],
            "actions": np.array([action]),
            "rewards": np.array([1.5], "float32"),
            "next_states": np.eye(4, dtype="float32")[[next_state]],
            "terminated": np.array([over], "float32"),
        }
        dqn.dqn_train_step(model, model, keras.optimizers.SGD(0.125), batch, 0.9)
        learned = table.q_update(q, state, action, 1.5, next_state, over, False, 0.25, 0.9)
        np.testing.assert_allclose(model.get_weights()[0], learned, rtol=1e-5, atol=1e-6)


def test_the_example_of_the_instructions():
    """The state is 1 and the next state 0, so that kernel and bias say what is wanted of each."""
    online, target = (keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)]) for _ in range(2))
    online.set_weights([np.array([[-0.5, -1]]), np.array([3.0, 1])])
    target.set_weights([np.zeros((1, 2)), np.array([2.0, 4])])
    batch = {
        "states": np.ones((2, 1), "float32"),
        "actions": np.array([0, 0]),
        "rewards": np.ones(2, "float32"),
        "next_states": np.zeros((2, 1), "float32"),
        "terminated": np.array([0, 1], "float32"),
    }
    rest = (batch["rewards"], batch["next_states"], batch["terminated"], 0.5)
    np.testing.assert_allclose(dqn.dqn_targets(target, *rest), [3, 1])
    np.testing.assert_allclose(dqn.double_dqn_targets(online, target, *rest), [2, 1])
    np.testing.assert_allclose(dqn.td_errors(online, target, batch, 0.5), [0.5, -1.5])
    assert dqn.dqn_train_step(online, target, keras.optimizers.SGD(0.1), batch, 0.5) == pytest.approx(1.25)
