"""Wrong answers to conv2d_and_pooling that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import _around, _windows, conv2d, pool2d


@instead_of("conv2d")
def flipped_kernel(x, kernel, bias, stride, padding):
    """You turn the kernel by 180 degrees. That is the convolution of mathematics; in deep learning each
    number of the window meets the kernel's number at the same place."""
    return conv2d(x, kernel[::-1, ::-1], bias, stride, padding)


@instead_of("conv2d")
def kernel_rows_and_columns_exchanged(x, kernel, bias, stride, padding):
    """You exchange the rows and the columns of the kernel, so a filter for upright edges finds level ones.
    The kernel's first axis goes down the image, its second to the right."""
    return conv2d(x, kernel.transpose(1, 0, 2, 3), bias, stride, padding)


@instead_of("conv2d")
def channels_not_summed(x, kernel, bias, stride, padding):
    """You use the first input channel only. A filter has weights for every input channel, and the products of
    all channels are added up."""
    return conv2d(x[..., :1], kernel[:, :, :1], bias, stride, padding)


@instead_of("conv2d")
def channels_kept_apart(x, kernel, bias, stride, padding):
    """You keep the input channels apart, each with a result of its own. A filter gives one number per window:
    the products of all input channels are added up."""
    windows = _windows(x, kernel.shape[:2], stride, padding, 0.0)
    return np.einsum("nrcdij,ijdf->nrcdf", windows, kernel) + bias


@instead_of("conv2d")
def bias_left_out(x, kernel, bias, stride, padding):
    """You leave out the bias; each filter adds its own to all its results."""
    return conv2d(x, kernel, np.zeros_like(bias), stride, padding)


@instead_of("conv2d")
def bias_for_each_channel(x, kernel, bias, stride, padding):
    """You add the bias once for every input channel. It is added once to each result, after the products of all
    channels."""
    return conv2d(x, kernel, bias * x.shape[3], stride, padding)


@instead_of("conv2d")
def border_repeated(x, kernel, bias, stride, padding):
    """You repeat the pixels of the border outside of the image. "same" puts zeros there."""
    if padding == "same":
        sides = zip(x.shape[1:3], kernel.shape[:2], stride, strict=True)
        x = np.pad(x, [(0, 0), *(_around(*side) for side in sides), (0, 0)], mode="edge")
    return conv2d(x, kernel, bias, stride, "valid")


@instead_of("_around")
def pad_left_first(n, k, s):
    """You put the odd extra position above or on the left. Where an odd number is added, the odd one goes to
    the bottom or the right."""
    before, after = _around(n, k, s)
    return after, before


@instead_of("_around")
def pad_ignores_stride(n, k, s):
    """You add one position less than the window's size, whatever the stride. How many are needed depends on
    where the last window begins, and that depends on the stride, so your windows begin at other pixels."""
    return (k - 1) // 2, k // 2


@instead_of("_around")
def pad_fits_whole_strides_only(n, k, s):
    """You work out the padding from window and stride alone. That is right only where the image's side is a
    multiple of the stride; elsewhere more positions have to be added."""
    before = max(k - s, 0) // 2
    return before, max((-(-n // s) - 1) * s + k - n - before, 0)


@instead_of("_around")
def all_padding_at_the_end(n, k, s):
    """You add all extra positions below and on the right. Half of them, rounded down, belong above and on the
    left."""
    return 0, sum(_around(n, k, s))


@instead_of("_windows")
def stride_axes_swapped(x, size, stride, padding, outside):
    """You use the first stride for the columns and the second for the rows. The first goes down, the second
    to the right, as with all pairs here."""
    return _windows(x, size, stride[::-1], padding, outside)


@instead_of("_windows")
def first_stride_for_both(x, size, stride, padding, outside):
    """You use the first stride along both axes. Rows and columns each have their own."""
    return _windows(x, size, (stride[0], stride[0]), padding, outside)


@instead_of("_windows")
def stride_ignored(x, size, stride, padding, outside):
    """You begin a window at every pixel. The stride says how far it is from one window to the next."""
    return _windows(x, size, (1, 1), padding, outside)


@instead_of("_windows")
def same_not_padded(x, size, stride, padding, outside):
    """You treat "same" as "valid". With "same", positions are added around the image, so that there are as
    many windows as the side divided by the stride, rounded up."""
    return _windows(x, size, stride, "valid", outside)


@instead_of("_windows")
def last_window_left_out(x, size, stride, padding, outside):
    """You stop one position before the last at which a window fits, as a range does whose end is the
    difference of the two sizes. A window as large as the image fits exactly once."""
    return _windows(x, size, (1, 1), padding, outside)[:, : -1 : stride[0], : -1 : stride[1]]


@instead_of("pool2d")
def avg_counts_padding(x, pool, stride, padding, kind):
    """You divide by the whole window at the border as well. The added positions are no pixels; divide by the
    number of real pixels in the window."""
    if kind == "max":
        return pool2d(x, pool, stride, padding, kind)
    return _windows(x, pool, stride, padding, 0.0).mean(axis=(-2, -1))


@instead_of("pool2d")
def pixels_of_zero_not_counted(x, pool, stride, padding, kind):
    """You leave pixels that are 0 out of the average. A black pixel is a pixel like any other; only the added
    positions do not count."""
    if kind == "max":
        return pool2d(x, pool, stride, padding, kind)
    windows = _windows(x, pool, stride, padding, 0.0)
    return windows.sum(axis=(-2, -1)) / np.maximum(np.count_nonzero(windows, axis=(-2, -1)), 1)


@instead_of("pool2d")
def max_pads_with_zero(x, pool, stride, padding, kind):
    """You put zeros around the image, and they win where all the pixels are negative. Added positions must
    never be the largest."""
    if kind == "avg":
        return pool2d(x, pool, stride, padding, kind)
    return _windows(x, pool, stride, padding, 0.0).max(axis=(-2, -1))


@instead_of("pool2d")
def pool_steps_by_its_window(x, pool, stride, padding, kind):
    """You lay the windows side by side. Pooling has a stride of its own here, which need not be the window's
    size."""
    return pool2d(x, pool, pool, padding, kind)


@instead_of("pool2d")
def channels_pooled_together(x, pool, stride, padding, kind):
    """You pool over the channels as well. Each channel is pooled by itself, so there are as many afterwards
    as before."""
    reduce = np.nanmax if kind == "max" else np.nanmean
    windows = _windows(x, pool, stride, padding, np.nan)
    return reduce(windows, axis=(-3, -2, -1), keepdims=True)[..., 0, 0]


@instead_of("pool2d")
def sum_instead_of_average(x, pool, stride, padding, kind):
    """You add up the pixels of the window and do not divide by their number."""
    if kind == "max":
        return pool2d(x, pool, stride, padding, kind)
    return np.nansum(_windows(x, pool, stride, padding, np.nan), axis=(-2, -1))
