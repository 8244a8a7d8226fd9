"""tabular_q_learning against value iteration, Gymnasium's own worlds, the hand table and plain replays."""

import gymnasium
import numpy as np
import pytest

from tests.references.loading import reference

learning = reference("module6/tabular_q_learning")


def optimal_values(dynamics, gamma):
    """Value iteration over Gymnasium's `P`; (states, actions) float."""
    q = np.zeros((len(dynamics), len(dynamics[0])))
    for _ in range(300):
        best = q.max(axis=1)
        for state, actions in dynamics.items():
            for action, outcomes in actions.items():
                q[state, action] = sum(p * (r + gamma * best[s] * (not over)) for p, s, r, over in outcomes)
    return q


@pytest.fixture(scope="module")
def dry_lake():
    """FrozenLake without slipping, and the table learned in it from random actions."""
    env = gymnasium.make("FrozenLake-v1", is_slippery=False, max_episode_steps=100)
    env.reset(seed=1)
    return env, learning.train_q_table(env, 4000, 1.0, 0.9, 1.0, 2)


def test_values_are_those_of_value_iteration(dry_lake):
    env, table = dry_lake
    optimal = optimal_values(env.unwrapped.P, 0.9)
    never_left = [5, 7, 11, 12, 15]  # holes and the goal: no step begins there
    np.testing.assert_array_equal(table[never_left], 0)
    others = np.setdiff1d(np.arange(16), never_left)
    np.testing.assert_allclose(table[others], optimal[others], atol=1e-6)


def test_greedy_policy_crosses_the_lake_in_six_steps(dry_lake):
    env, table = dry_lake
    result = learning.rollout(env, learning.greedy_policy(table), 50)
    assert result == {"total": 1.0, "steps": 6, "reached_terminal": True}


def test_rollout_stops_at_each_of_three_ends(dry_lake):
    env, _ = dry_lake
    left, down = np.zeros(16, int), np.ones(16, int)
    assert learning.rollout(env, left, 7) == {"total": 0.0, "steps": 7, "reached_terminal": False}
    assert learning.rollout(env, left, 500) == {"total": 0.0, "steps": 100, "reached_terminal": False}
    assert learning.rollout(env, np.where(np.arange(16) == 4, 2, down), 50) == {
        "total": 0.0,
        "steps": 2,
        "reached_terminal": True,
    }


class Cells(gymnasium.Env):
    """Cells in a row and one action, to the right; the last one is terminal and pays."""

    def __init__(self, cells, pays, limit=None):
        self.observation_space = gymnasium.spaces.Discrete(cells)
        self.action_space = gymnasium.spaces.Discrete(1)
        self.pays, self.limit = pays, limit

    def reset(self, **_options):
        self.cell = 0
        return 0, {}

    def step(self, action):
        assert action == 0
        self.cell += 1
        over = self.cell == self.observation_space.n - 1
        return self.cell, self.pays * over, over, self.cell == self.limit, {}


@pytest.mark.parametrize(
    ("episodes", "expected"),
    [
        (0, [[0], [0], [0]]),
        (1, [[0], [2], [0]]),
        (2, [[0.5], [3], [0]]),
        (3, [[1], [3.5], [0]]),
    ],
)
def test_table_of_the_example_in_the_instructions(episodes, expected):
    received = learning.train_q_table(Cells(3, 4), episodes, 0.5, 0.5, 0.3, 0)
    np.testing.assert_allclose(received, expected)


def test_estimate_of_the_last_step_approaches_the_reward_geometrically():
    for episodes in range(1, 8):
        received = learning.train_q_table(Cells(2, 3), episodes, 0.25, 0.5, 0.0, 0)
        np.testing.assert_allclose(received, [[3 * (1 - 0.75**episodes)], [0]])


def test_truncated_step_looks_ahead():
    # Truncated at cell 1, whose estimate is then never learned; an episode of two steps learns it first.
    table = learning.train_q_table(Cells(3, 4, limit=1), 5, 1.0, 0.5, 0.0, 0)
    np.testing.assert_allclose(table, 0)

    class Alternating(Cells):
        begin = 1

        def reset(self, **_options):
            self.cell = self.begin = 1 - self.begin
            return self.cell, {}

    table = learning.train_q_table(Alternating(3, 4, limit=1), 4, 1.0, 0.5, 0.0, 0)
    np.testing.assert_allclose(table, [[2], [4], [0]])


def test_lowest_action_among_ties():
    np.testing.assert_array_equal(learning.greedy_policy(np.array([[0, 0], [1, 2], [3, 3]])), [0, 1, 0])
