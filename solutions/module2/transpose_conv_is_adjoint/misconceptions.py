"""Wrong answers to transpose_conv_is_adjoint that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import conv_matrix, reconstruction_error, transpose_conv


@instead_of("conv_matrix")
def kernel_flipped_in_matrix(kernel, n, stride):
    """The rows of your matrix hold the kernel turned round. Here, as in deep learning, the kernel's first
    number meets the first number of the window."""
    return conv_matrix(kernel[::-1], n, stride)


@instead_of("conv_matrix")
def rows_shift_by_one(kernel, n, stride):
    """Each row of your matrix is shifted by one column against the row before. Windows begin a stride
    apart, so the kernel moves on by a whole stride."""
    return conv_matrix(kernel, n, 1)[: (n - len(kernel)) // stride + 1]


@instead_of("conv_matrix")
def stride_ignored_in_matrix(kernel, n, stride):
    """Your matrix has a row for a window at every number, as with a stride of 1. Only windows that begin at a
    multiple of the stride count."""
    return conv_matrix(kernel, n, 1)


@instead_of("conv_matrix")
def m_off_by_one(kernel, n, stride):
    """Your matrix has one row too few: the last window that fits is missing. An input as long as the kernel
    holds one window, not none."""
    return conv_matrix(kernel, n, stride)[:-1]


@instead_of("conv_matrix")
def window_that_sticks_out(kernel, n, stride):
    """Your matrix has a row for a last window that sticks out of the input. Only windows that lie wholly in
    the input count."""
    extended = conv_matrix(kernel, n + stride, stride)
    return extended[:, :n]


@instead_of("conv_matrix")
def windows_cut_off_at_the_end(kernel, n, stride):
    """Your matrix has a row for every window that begins in the input, and cuts off what sticks out. Only
    windows that lie wholly in the input count."""
    return conv_matrix(kernel, n + len(kernel), stride)[: -(-n // stride), :n]


@instead_of("conv_matrix")
def windows_wrap_around(kernel, n, stride):
    """Your windows go on at the beginning of the input when they reach its end. Windows that do not fit are
    left out."""
    first = np.concatenate([kernel, np.zeros(n - len(kernel))])
    return np.stack([np.roll(first, begin) for begin in range(0, n, stride)])


@instead_of("conv_matrix")
def weights_cut_to_integers(kernel, n, stride):
    """Your matrix holds integers, so the weights lose what is behind the decimal point. Make room for
    floating-point numbers."""
    return conv_matrix(np.trunc(kernel), n, stride)


@instead_of("conv_matrix")
def matrix_already_transposed(kernel, n, stride):
    """Your matrix is (n, m). The convolution makes m numbers of n, so a row belongs to each of the m
    results and a column to each of the n inputs."""
    return conv_matrix(kernel, n, stride).T


@instead_of("transpose_conv")
def pseudo_inverse(y, kernel, n, stride):
    """You undo the convolution as well as it can be undone. A transposed convolution does not undo
    anything: it multiplies by the same matrix, transposed."""
    return np.linalg.pinv(conv_matrix(kernel, n, stride)) @ y


@instead_of("transpose_conv")
def matrix_untransposed(y, kernel, n, stride):
    """You bring the matrix to the shape (n, m) by reshaping, which keeps its numbers in their order. To
    transpose is to make rows into columns."""
    return conv_matrix(kernel, n, stride).reshape(n, len(y)) @ y


@instead_of("transpose_conv")
def normalised(y, kernel, n, stride):
    """You divide by how many stamps overlap. The transpose adds them up and divides by nothing."""
    overlaps = transpose_conv(np.ones_like(y), np.ones_like(kernel), n, stride)
    return transpose_conv(y, kernel, n, stride) / np.maximum(overlaps, 1)


@instead_of("transpose_conv")
def divided_by_kernel_norm(y, kernel, n, stride):
    """You divide by the sum of the squares of the kernel, to bring the size of the numbers back. The
    transpose divides by nothing; it is no inverse."""
    squares = np.sum(kernel**2)
    return transpose_conv(y, kernel, n, stride) / (squares if squares > 0 else 1)


@instead_of("transpose_conv")
def kernel_flipped_in_transpose(y, kernel, n, stride):
    """You turn the kernel round before you stamp it. Each row of the
    matrix becomes a column, and reads from the top as it read from the left."""
    return transpose_conv(y, kernel[::-1], n, stride)


@instead_of("transpose_conv")
def stamps_overwrite(y, kernel, n, stride):
    """Where stamps overlap, your later stamp replaces the earlier one. They are added."""
    z = np.zeros(n)
    for i, value in enumerate(y):
        z[i * stride : i * stride + len(kernel)] = value * kernel
    return z


@instead_of("transpose_conv")
def end_left_out(y, kernel, n, stride):
    """Your result ends with the last stamp. The input of the convolution may have numbers after its last
    window, and the result has n numbers, with 0 where no stamp falls."""
    return transpose_conv(y, kernel, (len(y) - 1) * stride + len(kernel), stride)


@instead_of("transpose_conv")
def stamps_side_by_side(y, kernel, n, stride):
    """Your stamps begin one number apart. They begin where the windows began, a stride apart."""
    z = np.zeros(n)
    for i, value in enumerate(y):
        z[i : i + len(kernel)] += value * kernel
    return z


@instead_of("reconstruction_error")
def error_is_squared(x, kernel, stride):
    """You return the sum of the squares. The length of the difference is the root of that."""
    return reconstruction_error(x, kernel, stride) ** 2


@instead_of("reconstruction_error")
def error_is_averaged(x, kernel, stride):
    """You average over the numbers before you take the root. The length of the difference is the root of
    the sum of the squares."""
    return reconstruction_error(x, kernel, stride) / np.sqrt(len(x))


@instead_of("reconstruction_error")
def error_taken_for_zero(x, kernel, stride):
    """You return 0, as if the transposed convolution brought the numbers back. It brings back how many
    there are; work out how far off they are."""
    return 0.0


@instead_of("reconstruction_error")
def lengths_compared(x, kernel, stride):
    """You take the difference of the two lengths. Two lists of numbers can be equally long and far apart:
    take the length of their difference."""
    z = transpose_conv(conv_matrix(kernel, len(x), stride) @ x, kernel, len(x), stride)
    return np.abs(np.linalg.norm(z) - np.linalg.norm(x))
