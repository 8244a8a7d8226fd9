"""bellman_update against hand tables, plain loops, closed forms and Gymnasium's own dynamics."""

import itertools

import gymnasium
import numpy as np
import pytest

from tests.references.loading import reference

bellman = reference("module6/bellman_update")


@pytest.mark.parametrize(
    ("rewards", "gamma", "expected"),
    [
        ([], 0.5, 0.0),
        ([1, 0, 4], 0.5, 2.0),
        ([1, 2, 4], 0.0, 1.0),
        ([1, 2, 4], 1.0, 7.0),
        ([-1, -1, -1, 10], 0.1, -1.1),
    ],
)
def test_return_of_hand_computed_episodes(rewards, gamma, expected):
    assert bellman.discounted_return(np.array(rewards, "float32"), gamma) == pytest.approx(expected)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_return_of_constant_rewards_is_a_geometric_series(gamma, length):
    rewards = np.full(length, 3.0, "float32")
    assert bellman.discounted_return(rewards, gamma) == pytest.approx(3 * (1 - gamma**length) / (1 - gamma))


def test_return_depends_on_the_order():
    rewards = np.array([0, 0, 8], "float32")
    assert bellman.discounted_return(rewards, 0.5) == 2
    assert bellman.discounted_return(rewards[::-1], 0.5) == 8


def test_targets_equal_plain_loops_over_python_numbers():
    for seed in range(50):
        random = np.random.default_rng(seed)
        size, actions = random.integers(1, 6, 2)
        reward, next_q = random.normal(size=size), random.normal(size=(size, actions))
        terminated, gamma = random.random(size) < 0.5, random.random()
        expected = []
        for i in range(size):
            options = [float(reward[i])]
            if not terminated[i]:
                options = [float(reward[i]) + gamma * float(value) for value in next_q[i]]
            expected.append(max(options))
        received = bellman.bellman_target(reward, next_q, terminated, gamma)
        assert received.shape == (size,)
        np.testing.assert_allclose(received, expected)


@pytest.mark.parametrize(
    ("terminated", "truncated", "expected"),
    [(False, False, 1.5), (False, True, 1.5), (True, False, 1.0), (True, True, 1.0)],
)
def test_update_of_the_example_in_the_instructions(terminated, truncated, expected):
    table = np.array([[1, 7], [2, 4]], "float32")
    received = bellman.q_update(table, 0, 0, 1.0, 1, terminated, truncated, 0.25, 0.5)
    np.testing.assert_allclose(received, [[expected, 7], [2, 4]])
    np.testing.assert_array_equal(table, [[1, 7], [2, 4]])


@pytest.fixture(scope="module")
def lake():
    """FrozenLake's transitions: state -> action -> [(probability, next state, reward, terminated)]."""
    return gymnasium.make("FrozenLake-v1", is_slippery=True).unwrapped.P


def test_optimal_values_of_a_slippery_lake_are_where_the_expected_update_is_zero(lake):
    gamma = 0.9
    optimal = optimal_action_values(lake, gamma)
    ends = {s2 for s, a in itertools.product(lake, range(4)) for _, s2, _, over in lake[s][a] if over}
    optimal[sorted(ends)] = 7.0  # what the table says about a terminal state must not matter
    for state in set(lake) - ends:
        for action in range(4):
            after = [
                probability * bellman.q_update(optimal, state, action, r, s2, over, False, 0.5, gamma)
                for probability, s2, r, over in lake[state][action]
            ]
            np.testing.assert_allclose(np.sum(after, axis=0), optimal, atol=1e-9)


def test_repeated_updates_reach_the_optimal_values_of_a_dry_lake():
    dry = gymnasium.make("FrozenLake-v1", is_slippery=False).unwrapped.P
    table = np.zeros((16, 4))
    for _, state, action in itertools.product(range(30), range(16), range(4)):
        [(_, next_state, reward, over)] = dry[state][action]
        table = bellman.q_update(table, state, action, reward, next_state, over, False, 0.8, 0.9)
    np.testing.assert_allclose(table, optimal_action_values(dry, 0.9), atol=1e-6)
    assert table[0].max() == pytest.approx(0.9**5)  # six steps to the goal, the last one pays 1


def optimal_action_values(dynamics, gamma):
    """Policy iteration: solve the linear equations of a policy, improve it, until it stays; (s, a) float."""
    policy = np.zeros(len(dynamics), int)
    while True:
        equations, paid = np.eye(len(dynamics)), np.zeros(len(dynamics))
        for state, action in enumerate(policy):
            for probability, next_state, reward, over in dynamics[state][action]:
                paid[state] += probability * reward
                if not over:
                    equations[state, next_state] -= gamma * probability
        values = np.linalg.solve(equations, paid)
        q = np.array(
            [
                [
                    sum(p * (r + gamma * values[s2] * (not over)) for p, s2, r, over in dynamics[s][a])
                    for a in range(4)
                ]
                for s in dynamics
            ]
        )
        improved = np.where(q.max(axis=1) > values + 1e-12, q.argmax(axis=1), policy)
        if (improved == policy).all():
            return q
        policy = improved
