"""Other right moving averages."""

import numpy as np

from keras_kata import instead_of


@instead_of("moving_average")
def by_cumulated_sums(series, width):
    """Differences of the cumulated sum."""
    if width < 1 or width > len(series):
        raise ValueError("the width does not fit")
    sums = np.cumsum(np.concatenate([[0.0], series]))
    return (sums[width:] - sums[:-width]) / width


@instead_of("moving_average")
def as_a_list(series, width):
    """Plain Python, which returns a list."""
    if width not in range(1, len(series) + 1):
        raise ValueError(width)
    values = series.tolist()
    return [sum(values[start : start + width]) / width for start in range(len(values) - width + 1)]
