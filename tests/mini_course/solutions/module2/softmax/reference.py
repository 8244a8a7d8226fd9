"""Softmax.

A classifier's last layer gives a score for each class. Softmax makes probabilities of them:

    p[i] = exp(score[i]) / (exp(score[0]) + exp(score[1]) + ...)

exp of a large score overflows. The same number taken from all scores of a row cancels out, so take away the
largest one first. For the scores 0 and 0 the probabilities are 0.5 and 0.5.
"""

import numpy as np


def softmax(scores: np.ndarray) -> np.ndarray:
    """The probability of each class.

    Args:
        scores: (batch, classes) float32.

    Returns:
        (batch, classes) float; every row adds up to 1.
    """
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
