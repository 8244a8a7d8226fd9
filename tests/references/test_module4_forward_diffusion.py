"""Forward diffusion against walking its steps one by one, and heat against its closed solution."""

import numpy as np
import pytest

from tests.references.loading import reference

diffusion = reference("module4/forward_diffusion")


def walked(x0, noises, betas):
    """x_t after each step of fresh noise."""
    x, states = x0, []
    for beta, noise in zip(betas, noises, strict=True):
        x = (1 - beta) ** 0.5 * x + beta**0.5 * noise
        states.append(x)
    return states


def test_schedule_is_the_table_worked_out_by_hand():
    betas, alpha_bars = diffusion.noise_schedule(3, 0.1, 0.5)
    np.testing.assert_allclose(betas, [0.1, 0.3, 0.5])
    np.testing.assert_allclose(alpha_bars, [0.9, 0.63, 0.315])


def test_one_step_has_the_first_beta():
    betas, alpha_bars = diffusion.noise_schedule(1, 0.125, 0.5)
    assert (betas.tolist(), alpha_bars.tolist()) == ([0.125], [0.875])


def test_the_papers_schedule_ends_in_noise():
    betas, alpha_bars = diffusion.noise_schedule(1000, 1e-4, 0.02)
    assert betas.shape == alpha_bars.shape == (1000,)
    np.testing.assert_allclose(np.diff(betas), (0.02 - 1e-4) / 999)
    np.testing.assert_allclose(alpha_bars[-1], np.exp(sum(np.log1p(-beta) for beta in betas)))
    assert 4e-5 < alpha_bars[-1] < 4.1e-5


@pytest.mark.parametrize("shape", [(5, 3), (5, 2, 3, 1), (5, 5)])
def test_the_jump_has_the_mean_and_the_variance_of_walking(shape):
    betas, alpha_bars = diffusion.noise_schedule(5, 0.05, 0.6)
    x0, times = np.random.default_rng(0).normal(size=shape), np.array([3, 0, 4, 4, 1])
    means = walked(x0, np.zeros((5, *shape)), betas)
    # The noises are independent: each one's weight is what it alone makes of nothing, and the squares add up.
    variances = [0.0] * 5
    for source in range(5):
        for t, response in enumerate(walked(0.0, np.eye(5)[source], betas)):
            variances[t] += response**2
    for noise in (-1.0, 0.0, 2.0):
        x_t = diffusion.q_sample(x0, times, np.full(shape, noise), alpha_bars)
        for example, t in enumerate(times):
            np.testing.assert_allclose(x_t[example], means[t][example] + variances[t] ** 0.5 * noise)


def test_a_pixel_of_the_instructions():
    x_t = diffusion.q_sample(
        np.array([[2.0]]), np.array([1]), np.array([[-1.0]]), np.array([0.9, 0.63, 0.315])
    )
    np.testing.assert_allclose(x_t, [[0.979]], atol=5e-4)


def test_unit_variance_is_kept_at_every_step():
    rng = np.random.default_rng(1)
    _, alpha_bars = diffusion.noise_schedule(10, 0.05, 0.5)
    for t in range(10):
        x0, noise = rng.normal(size=(2, 2000, 10))
        x_t = diffusion.q_sample(x0, np.full(2000, t), noise, alpha_bars)
        assert abs(x_t.var() - 1) < 0.05
        assert abs(x_t.mean()) < 0.03


def test_the_clean_example_can_be_worked_out_from_the_pair():
    rng = np.random.default_rng(2)
    x0, noise, t = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([0, 1, 2, 1])
    alpha_bars = np.array([0.9, 0.63, 0.315])
    x_t, target = diffusion.training_pair(x0, t, noise, alpha_bars)
    for example in range(4):
        kept = alpha_bars[t[example]]
        np.testing.assert_allclose(
            (x_t[example] - (1 - kept) ** 0.5 * target[example]) / kept**0.5, x0[example]
        )


def test_the_rod_of_the_instructions():
    assert diffusion.heat_step(np.array([8.0, 0.0, 4.0]), 0.25).tolist() == [6.0, 3.0, 3.0]


@pytest.mark.parametrize("n", [1, 2, 3, 7])
@pytest.mark.parametrize("rate", [0.0, 0.125, 0.5])
def test_a_cosine_fades_by_the_factor_of_the_closed_solution(n, rate):
    """On a rod with closed ends cos(pi k (i + 1/2) / n) keeps its form under one step, and shrinks by a known
    factor."""
    for k in range(n):
        wave = np.cos(np.pi * k * (np.arange(n) + 0.5) / n)
        factor = 1 - 2 * rate * (1 - np.cos(np.pi * k / n))
        np.testing.assert_allclose(diffusion.heat_step(wave, rate), factor * wave, atol=1e-12)


def test_heat_is_kept_and_the_step_is_linear():
    rng = np.random.default_rng(3)
    u, v = rng.normal(size=(2, 9))
    after = diffusion.heat_step(u, 0.3)
    np.testing.assert_allclose(after.sum(), u.sum())
    np.testing.assert_allclose(
        diffusion.heat_step(2 * u - v, 0.3), 2 * after - diffusion.heat_step(v, 0.3), atol=1e-12
    )
