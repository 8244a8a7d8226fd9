"""Other right softmaxes."""

import numpy as np

from keras_kata import instead_of


@instead_of("softmax")
def by_logarithms(scores):
    """In logarithms, in float64."""
    shifted = scores.astype("float64") - scores.max(axis=1)[:, None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=1))[:, None])


@instead_of("softmax")
def row_by_row(scores):
    """A loop over the rows, which returns lists."""
    rows = []
    for row in scores:
        powers = [float(np.exp(score - max(row))) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return rows
