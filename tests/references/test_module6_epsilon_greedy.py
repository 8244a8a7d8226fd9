"""epsilon_greedy against hand tables, plain loops, and how often each action is chosen over a grid."""

import numpy as np
import pytest

from tests.references.loading import reference

policy = reference("module6/epsilon_greedy")


@pytest.mark.parametrize(
    ("q", "expected"),
    [([1, 3, 3], 1), ([-2], 0), ([-2, -1, -3], 1), ([0, 0, 0], 0), ([-5, 4, 0, 4.5], 3)],
)
def test_greedy_action_of_hand_cases(q, expected):
    assert policy.greedy_action(np.array(q, "float32")) == expected


def test_greedy_action_equals_a_stable_sort():
    for seed in range(100):
        random = np.random.default_rng(seed)
        q = (random.integers(-4, 5, random.integers(1, 7)) / 4).astype("float32")
        best = sorted(range(len(q)), key=lambda action, q=q: -float(q[action]))[0]  # Python's sort is stable
        assert policy.greedy_action(q) == best


@pytest.mark.parametrize(
    ("epsilon", "u", "expected"),
    [(0.0, 0.0, 1), (0.0, 0.9, 1), (1.0, 0.0, 2), (1.0, 0.999, 2), (0.5, 0.5, 1), (0.5, 0.49, 2)],
)
def test_choice_of_hand_cases(epsilon, u, expected):
    assert policy.choose_action(np.array([0, 3, 1], "float32"), epsilon, u, 2) == expected


@pytest.mark.parametrize(
    ("start", "end", "decay_steps", "expected"),
    [
        (1.0, 0.2, 4, [1, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2]),
        (0.5, 0.5, 3, [0.5] * 6),
        (1.0, 0.1, 0, [0.1, 0.1, 0.1]),
        (1.0, 0.0, 1, [1, 0, 0, 0]),
    ],
)
def test_schedule_of_hand_cases(start, end, decay_steps, expected):
    received = [policy.epsilon_at(step, start, end, decay_steps) for step in range(len(expected))]
    np.testing.assert_allclose(received, expected, atol=1e-12)


@pytest.mark.parametrize("decay_steps", [1, 2, 7, 100])
def test_schedule_falls_by_equal_amounts_and_then_stays(decay_steps):
    received = [policy.epsilon_at(step, 0.9, 0.3, decay_steps) for step in range(3 * decay_steps)]
    np.testing.assert_allclose(received[: decay_steps + 1], np.linspace(0.9, 0.3, decay_steps + 1))
    assert set(received[decay_steps:]) == {0.3}


@pytest.mark.parametrize("q", [[1, 3, 3], [0.5], [-1, -2], [0, 0, 0, 0], [2, 1, 5, 4, 3]])
@pytest.mark.parametrize("epsilon", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_probabilities_are_how_often_each_action_is_chosen(q, epsilon):
    q = np.array(q, "float32")
    grid = np.arange(0.5, 20) / 20
    chosen = [policy.choose_action(q, epsilon, u, action) for u in grid for action in range(len(q))]
    expected = np.bincount(chosen, minlength=len(q)) / len(chosen)
    np.testing.assert_allclose(policy.action_probabilities(q, epsilon), expected)
