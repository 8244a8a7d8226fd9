"""Wrong moving averages that people write."""

import numpy as np

from keras_kata import instead_of

from .reference import moving_average


@instead_of("moving_average")
def last_window_left_out(series, width):
    """You stop one window too early; the last window ends with the last value of the series."""
    averages = moving_average(series, width)
    return averages[:-1] if len(averages) > 1 else averages


@instead_of("moving_average")
def ends_padded_with_zeros(series, width):
    """You let windows stick out over the ends of the series, with zeros there; only windows that lie inside
    it count."""
    inside = moving_average(series, width)
    if width == 1:
        return inside
    padded = np.concatenate([np.zeros(width - 1), series, np.zeros(width - 1)])
    return moving_average(padded, width)


@instead_of("moving_average")
def windows_summed(series, width):
    """You return the sum of each window; its average is that sum divided by the width."""
    return moving_average(series, width) * width


@instead_of("moving_average")
def divided_by_length(series, width):
    """You divide by the length of the whole series; a window has only `width` values."""
    return moving_average(series, width) * width / len(series)


@instead_of("moving_average")
def width_not_checked(series, width):
    """You return something for a width that does not fit; it must be rejected with a ValueError."""
    if 1 <= width <= len(series):
        return moving_average(series, width)
    return np.zeros(0)
