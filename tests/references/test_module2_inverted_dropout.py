"""inverted_dropout against hand tables, difference quotients, and statistics of many draws."""

import numpy as np
import pytest

from tests.references.loading import reference

dropout = reference("module2/inverted_dropout")


def test_example_in_the_instructions():
    x, u = np.array([1, 2, 3, 4], "float32"), np.array([0.7, 0.1, 0.5, 0.3], "float32")
    np.testing.assert_allclose(dropout.dropout_forward(x, u, 0.5, True), [2, 0, 6, 0])
    np.testing.assert_allclose(dropout.dropout_forward(x, u, 0.5, False), [1, 2, 3, 4])


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 2, 2)])
@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_forward_equals_a_loop_over_all_places(shape, rate):
    random = np.random.default_rng(0)
    x, u = random.normal(size=shape), random.random(shape)
    expected = np.empty(shape)
    for place in np.ndindex(shape):
        expected[place] = 0 if u[place] < rate else x[place] / (1 - rate)
    np.testing.assert_allclose(dropout.dropout_forward(x, u, rate, True), expected)
    np.testing.assert_array_equal(dropout.dropout_forward(x, u, rate, False), x)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_backward_equals_difference_quotients(rate):
    random = np.random.default_rng(1)
    x, u, dy = random.normal(size=6), random.random(6), random.normal(size=6)

    def loss(x):
        return dropout.dropout_forward(x, u, rate, True) @ dy

    quotients = [(loss(x + 1e-6 * nudge) - loss(x - 1e-6 * nudge)) / 2e-6 for nudge in np.eye(6)]
    np.testing.assert_allclose(dropout.dropout_backward(dy, u, rate), quotients, atol=1e-6)


@pytest.mark.parametrize(("rate", "expected"), [(0, 0), (0.2, 0.5), (0.5, 1), (0.8, 2), (0.9, 3)])
def test_relative_noise_of_hand_cases_and_of_many_draws(rate, expected):
    assert dropout.relative_noise(rate) == pytest.approx(expected)
    u = (np.arange(100_000) + 0.5) / 100_000
    units = dropout.dropout_forward(np.ones(100_000), u, rate, True)
    assert units.mean() == pytest.approx(1)
    assert units.std() / units.mean() == pytest.approx(expected)


def test_noise_exactly_at_the_rate_keeps():
    assert dropout.dropout_forward(np.ones(1), np.array([0.25]), 0.25, True) == pytest.approx(4 / 3)
    assert dropout.dropout_forward(np.ones(1), np.array([0.0]), 0.0, True) == 1


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5])
def test_rejects_what_is_no_rate(rate):
    x = np.ones(2)
    for training in (True, False):
        with pytest.raises(ValueError, match="rate"):
            dropout.dropout_forward(x, x / 2, rate, training)
    with pytest.raises(ValueError, match="rate"):
        dropout.dropout_backward(x, x / 2, rate)
    with pytest.raises(ValueError, match="rate"):
        dropout.relative_noise(rate)
