"""Other right answers to inverted_dropout."""

import numpy as np

from keras_kata import instead_of


@instead_of("dropout_forward")
def boolean_mask_on_a_copy(x, u, rate, training):
    """Zeros written into a copy in double precision, then a division; rejects by an assertion."""
    assert 0 <= rate < 1, rate
    y = x.astype("float64")
    if training:
        y[u < rate] = 0
        y /= 1 - rate
    return y


@instead_of("dropout_forward")
def where_on_the_scaled(x, u, rate, training):
    """A choice between 0 and the scaled activation; a copy at inference."""
    if rate < 0 or rate >= 1:
        raise ValueError(rate)
    return np.where(u < rate, np.float32(0), x / np.float32(1 - rate)) if training else x.copy()


@instead_of("dropout_forward")
def activation_by_activation(x, u, rate, training):
    """A loop over all places; nested lists."""
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if not training:
        return x.tolist()
    pairs = zip(x.ravel().tolist(), u.ravel().tolist(), strict=True)
    kept = [0 if noise < rate else value / (1 - rate) for value, noise in pairs]
    return np.reshape(kept, x.shape).tolist()


@instead_of("dropout_forward")
def step_function_as_mask(x, u, rate, training):
    """A mask of floats from a step function, in single precision; ones at inference."""
    if rate >= 1:
        raise ValueError("nothing would be kept")
    if rate < 0:
        raise ValueError("a probability is not negative")
    mask = np.heaviside(u - np.float32(rate), np.float32(1))
    return x * (mask * (1 / (1 - rate)) if training else np.ones_like(x))


@instead_of("dropout_backward")
def where_with_a_power(dy, u, rate):
    """A choice by the negated comparison."""
    if not 0 <= rate < 1:
        raise ValueError("rate")
    return np.where(np.logical_not(u < rate), dy, 0) * (1 - rate) ** -1


@instead_of("dropout_backward")
def written_where_kept(dy, u, rate):
    """Zeros, into which the kept places are written."""
    if not (rate == 0 or 0 < rate < 1):
        raise ValueError("rate")
    dx = np.zeros(dy.shape)
    kept = u >= rate
    dx[kept] = dy[kept] / (1 - rate)
    return dx


@instead_of("relative_noise")
def from_the_definition(rate):
    """Mean and mean square of the two values that the unit can have; a Python float."""
    if not 0 <= rate < 1:
        raise ValueError("rate")
    value = 1 / (1 - rate)
    mean = (1 - rate) * value
    square = (1 - rate) * value**2
    return max(0.0, square - mean**2) ** 0.5 / mean


@instead_of("relative_noise")
def odds_of_being_dropped(rate):
    """The root of 1 / (1 - rate) - 1, as a zero-dimensional array in single precision."""
    if rate < 0.0 or not rate < 1.0:
        raise ValueError("rate")
    return np.asarray(np.sqrt(1 / (1 - rate) - 1), "float32")
