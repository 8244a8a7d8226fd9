"""Adding noise step by step, as diffusion models do to their training data.

A diffusion model learns to turn noise into images, by learning to undo a process that is easy in the other
direction: mixing a little noise into an image, again and again, until only noise is left. This exercise is
the easy direction. Nothing is learned here; it makes what the network is trained on.

The process has T steps. Step t mixes in noise with the variance beta_t, a small number that grows from step
to step, and weakens the image just so much that a variance of 1 stays 1 (the noise has mean 0, variance 1):

    after = sqrt(1 - beta_t) * before + sqrt(beta_t) * fresh noise

There is no need to walk. All steps up to t together weaken the image's variance by the product

    alpha_bar_t = (1 - beta_0) * (1 - beta_1) * ... * (1 - beta_t)

and the variance that the image has lost is noise, so one jump leads from the clean image x0 to x_t, the image
after step t:

    x_t = sqrt(alpha_bar_t) * x0 + sqrt(1 - alpha_bar_t) * noise

Steps are counted from 0 as Python does. So t = 0 means that one step of noise has been added, and t = T - 1
that all T have; x0 is the image before any step. (The paper counts steps from 1 to T, so that its x_0 is the
clean image as well.)

Example: T = 3, beta from 0.1 to 0.5, so the betas are 0.1, 0.3, 0.5 and the alpha_bars are 0.9, 0.63, 0.315.
A pixel of 2.0 with the noise -1.0 becomes at t = 1: sqrt(0.63) * 2.0 - sqrt(0.37) * 1.0 = 0.979.

The network sees x_t and t, and is asked for the noise that was mixed in. Who knows the noise can work out the
image, and the noise has the same scale at every step, which makes it a good target.

The name comes from physics. In plain diffusion nothing is random: heat flows along a rod from each warmer
place to its cooler neighbour, until all places are equal. Details are lost as in the images, but the total of
the heat stays. `heat_step` is one step of that, for comparison: every pair of neighbours exchanges `rate`
times their difference, which flows from the higher to the lower. All pairs do so at once, from the values
before the step. The ends are closed: nothing flows in or out there. With rate 0.25, the rod [8, 0, 4] becomes
[6, 3, 3].

Write the four functions below. Results are floating-point numbers. All randomness is handed in; draw none
yourself. Leave the arguments as they are.

Source: Ho, Jain and Abbeel, "Denoising Diffusion Probabilistic Models" (2020), equations 2 and 4.
"""

import numpy as np


def noise_schedule(steps: int, beta_start: float, beta_end: float) -> tuple[np.ndarray, np.ndarray]:
    """The variance of the noise in each step, and how much of the image is left after it.

    Args:
        steps: T, the number of steps, at least 1.
        beta_start: the first beta, between 0 and 1.
        beta_end: the last beta, between `beta_start` and 1.

    Returns:
        (betas, alpha_bars), each (steps,) float. The betas go from `beta_start` to `beta_end` in equal steps,
        both included; one step alone has `beta_start`. alpha_bars at t is the product of 1 - beta over the
        steps 0 to t, t included.
    """
    raise NotImplementedError


def q_sample(x0: np.ndarray, t: np.ndarray, noise: np.ndarray, alpha_bars: np.ndarray) -> np.ndarray:
    """Noised examples x_t, each at a time of its own, in one jump.

    Args:
        x0: (batch, ...) float32, clean examples: vectors (batch, features), images (batch, height, width,
            channels), or with any other number of axes after the first, at least one.
        t: (batch,) int64, the step of each example, in 0 to T - 1; steps may occur more than once.
        noise: float32, the noise to mix in, in the shape of `x0`.
        alpha_bars: (T,) float32, as from `noise_schedule`.

    Returns:
        x_t, float, in the shape of `x0`.
    """
    raise NotImplementedError


def training_pair(
    x0: np.ndarray, t: np.ndarray, noise: np.ndarray, alpha_bars: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the network gets and what it is asked for.

    Args:
        x0: (batch, ...) float32, clean examples.
        t: (batch,) int64, the step of each example.
        noise: float32, the noise to mix in, in the shape of `x0`.
        alpha_bars: (T,) float32.

    Returns:
        (x_t, target), both float in the shape of `x0`: the noised examples, and the noise that the network
        has to find in them, as it was handed in.
    """
    raise NotImplementedError


def heat_step(u: np.ndarray, rate: float) -> np.ndarray:
    """One step of heat flow along a rod with closed ends.

    Args:
        u: (n,) float32, the temperature at each place, n at least 1.
        rate: the share of their difference that two neighbours exchange, in 0 to 0.5.

    Returns:
        The temperatures after the step, (n,) float. Their total is that of `u`.
    """
    raise NotImplementedError
