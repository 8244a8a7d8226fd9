"""Wrong softmaxes that people write."""

import numpy as np

from keras_kata import instead_of

from .reference import softmax


@instead_of("softmax")
def over_the_batch(scores):
    """You normalise over the examples; the probabilities of one example's classes must add up to 1."""
    return softmax(scores.T).T


@instead_of("softmax")
def over_everything(scores):
    """You normalise over the whole array at once; every row must add up to 1 for itself."""
    return softmax(scores.reshape(1, -1)).reshape(scores.shape)


@instead_of("softmax")
def overflowing(scores):
    """You take exp of the scores as they are, which overflows for large ones."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum(axis=-1, keepdims=True)


@instead_of("softmax")
def not_normalised(scores):
    """You return powers that do not add up to 1; divide each row by its sum."""
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of("softmax")
def largest_class_only(scores):
    """You return the number of the likeliest class; its probabilities are asked for, one for each class."""
    return scores.argmax(axis=-1)
