"""Other right answers, each in another style."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import q_sample


@instead_of("noise_schedule")
def schedule_in_plain_python(steps, beta_start, beta_end):
    """Plain Python lists and a running product."""
    betas, alpha_bars, product = [], [], 1.0
    for i in range(steps):
        share = i / (steps - 1) if steps > 1 else 0.0
        betas.append(beta_start + share * (beta_end - beta_start))
        product *= 1.0 - betas[-1]
        alpha_bars.append(product)
    return [betas, alpha_bars]


@instead_of("noise_schedule")
def schedule_by_logarithms(steps, beta_start, beta_end):
    """A sum of logarithms in place of the product."""
    betas = np.linspace(beta_start, beta_end, steps)
    return betas, np.exp(np.cumsum(np.log1p(-betas)))


@instead_of("noise_schedule")
def schedule_in_float32(steps, beta_start, beta_end):
    """Single precision throughout, and one product for each entry."""
    betas = beta_start + np.arange(steps, dtype="float32") * (
        np.float32(beta_end - beta_start) / max(steps - 1, 1)
    )
    betas = betas.astype("float32")
    return betas, np.array([np.prod(1 - betas[: i + 1]) for i in range(steps)], "float32")


@instead_of("q_sample")
def one_example_at_a_time(x0, t, noise, alpha_bars):
    """A loop over the batch, stacked at the end."""
    return np.stack(
        [
            alpha_bars[i] ** 0.5 * x + (1 - alpha_bars[i]) ** 0.5 * e
            for x, i, e in zip(x0, t, noise, strict=True)
        ]
    )


@instead_of("q_sample")
def axes_added_until_they_fit(x0, t, noise, alpha_bars):
    """New axes at the end until the weights have as many as the examples; double precision."""
    image, grain = (
        np.sqrt(np.asarray(alpha_bars, "float64")),
        np.sqrt(1.0 - np.asarray(alpha_bars, "float64")),
    )
    image, grain = image.take(t), grain.take(t)
    while image.ndim < x0.ndim:
        image, grain = np.expand_dims(image, -1), np.expand_dims(grain, -1)
    return image * x0 + grain * noise


@instead_of("q_sample")
def batch_axis_moved_last(x0, t, noise, alpha_bars):
    """The batch axis last, where (batch,) weights line up by themselves."""
    kept = alpha_bars[t]
    return (np.sqrt(kept) * np.moveaxis(x0, 0, -1) + np.sqrt(1 - kept) * np.moveaxis(noise, 0, -1)).transpose(
        -1, *range(x0.ndim - 1)
    )


@instead_of("q_sample")
def steps_walked(x0, t, noise, alpha_bars):
    """Variances followed from step to step, as in the derivation; einsum lines up the batch."""
    signal, spread = [], []
    keep, variance = 1.0, 0.0
    for now, before in zip(alpha_bars, [1.0, *alpha_bars[:-1]], strict=True):
        keep, variance = keep * np.sqrt(now / before), variance * now / before + 1 - now / before
        signal.append(keep)
        spread.append(np.sqrt(variance))
    return np.einsum("b,b...->b...", np.array(signal)[t], x0) + np.einsum(
        "b,b...->b...", np.array(spread)[t], noise
    )


@instead_of("q_sample")
def tensorflow_gather(x0, t, noise, alpha_bars):
    """TensorFlow's operations; the result is a tensor."""
    kept = tf.reshape(tf.gather(alpha_bars, t), [-1] + [1] * (len(x0.shape) - 1))
    return tf.sqrt(kept) * x0 + tf.sqrt(1.0 - kept) * noise


class _Pair(NamedTuple):
    x_t: np.ndarray
    target: np.ndarray


@instead_of("training_pair")
def named_pair(x0, t, noise, alpha_bars):
    """A named tuple."""
    return _Pair(x_t=q_sample(x0, t, noise, alpha_bars), target=noise.copy())


@instead_of("training_pair")
def pair_as_list(x0, t, noise, alpha_bars):
    """A list of nested lists, with the mixture written out again."""
    kept = alpha_bars[t].reshape(-1, *[1] * (x0.ndim - 1))
    return [(kept**0.5 * x0 + (1 - kept) ** 0.5 * noise).tolist(), noise.tolist()]


@instead_of("heat_step")
def edges_repeated(u, rate):
    """The ends repeated outside, so that nothing flows there, and the second difference."""
    around = np.pad(u, 1, mode="edge")
    return u + rate * (around[2:] - 2 * u + around[:-2])


@instead_of("heat_step")
def pair_by_pair_from_a_copy(u, rate):
    """A loop over the pairs which reads the old values and changes a list."""
    after = [float(value) for value in u]
    for left in range(len(u) - 1):
        flow = rate * float(u[left] - u[left + 1])
        after[left] -= flow
        after[left + 1] += flow
    return after


@instead_of("heat_step")
def matrix_of_exchanges(u, rate):
    """The step as a matrix whose columns add up to 1."""
    n = len(u)
    exchange = np.eye(n) + rate * (np.eye(n, k=1) + np.eye(n, k=-1))
    return (exchange - np.diag(exchange.sum(axis=0) - 1)) @ u


@instead_of("heat_step")
def tensorflow_concat(u, rate):
    """TensorFlow's operations; the result is a tensor."""
    flow = rate * (u[1:] - u[:-1])
    return u + tf.concat([flow, [0.0]], axis=0) - tf.concat([[0.0], flow], axis=0)
