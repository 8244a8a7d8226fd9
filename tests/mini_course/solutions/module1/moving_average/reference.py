"""The moving average.

A noisy series becomes smoother when each value is replaced by the average of a window of neighbours. Only
windows that lie inside the series count, so a series of n values has n - width + 1 of them.

For the series 1, 2, 6, 3 and a width of 2 the averages are 1.5, 4 and 4.5.
"""

import numpy as np


def moving_average(series: np.ndarray, width: int) -> np.ndarray:
    """The average of every window.

    Args:
        series: (n,) float32.
        width: how many values are in a window.

    Returns:
        (n - width + 1,) float.

    Raises:
        ValueError: the width is less than 1, or more than n.
    """
    if not 1 <= width <= len(series):
        raise ValueError(f"no window of {width} fits into {len(series)} values")
    return np.array([series[end - width : end].mean() for end in range(width, len(series) + 1)])
