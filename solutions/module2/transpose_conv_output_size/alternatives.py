"""Other right answers to transpose_conv_output_size."""

from itertools import combinations_with_replacement, count
from math import prod

import numpy as np

from keras_kata import instead_of


@instead_of("transpose_conv_output_size")
def closed_form(n, kernel, stride, padding, output_padding=None):
    """The four cases as formulas of n * s and of k modulo 2."""
    if output_padding is not None:
        if output_padding < 0 or output_padding >= stride:
            raise ValueError("bad output padding")
        inner = kernel if padding == "valid" else kernel % 2
        return stride * (n - 1) + inner + output_padding
    return n * stride + (max(kernel - stride, 0) if padding == "valid" else 0)


@instead_of("transpose_conv_output_size")
def stamped_positions_counted(n, kernel, stride, padding, output_padding=None):
    """Stamps the kernel on a set of positions and counts; a numpy integer."""
    if output_padding is not None:
        assert output_padding in range(stride)
    covered = {start * stride + offset for start in range(n) for offset in range(kernel)}
    last = max(covered)
    if padding == "same":
        if output_padding is None:
            return np.int64(len(range(n * stride)))
        last -= kernel // 2 * 2
    elif output_padding is None:
        last = max(last, n * stride - 1)
    return np.int64(last + 1 + (output_padding or 0))


@instead_of("transpose_conv_output_size")
def forward_formula_inverted(n, kernel, stride, padding, output_padding=None):
    """Tries sizes and asks for which of them the ordinary convolution comes back to n."""

    def forward(size):
        return -(-size // stride) if padding == "same" else (size - kernel) // stride + 1

    if output_padding is None:
        fitting = [size for size in range(1, n * stride + kernel) if forward(size) == n]
        if padding == "same":
            return fitting[-1]
        return max(fitting[0], n * stride)
    if not -1 < output_padding < stride:
        raise ValueError("output padding")
    smallest = next(size for size in count(1) if forward(size) == n)
    if padding == "same" and kernel % 2 == 0:
        smallest -= 1  # Keras announces one position less for an even kernel
    return smallest + output_padding


@instead_of("transpose_conv_output_size")
def length_of_a_numpy_convolution(n, kernel, stride, padding, output_padding=None):
    """Puts zeros between ones and convolves, then measures; a float that is a whole number."""
    spread = np.zeros((n - 1) * stride + 1)
    spread[::stride] = 1
    full = np.convolve(spread, np.ones(kernel), mode="full")
    if output_padding is None:
        tail = max(0, stride - kernel)
        size = full.size + tail if padding == "valid" else n * stride
    elif 0 <= output_padding <= stride - 1:
        half = 0 if padding == "valid" else kernel // 2
        size = full.size - half - half + output_padding
    else:
        raise TypeError("output padding")
    return float(size)


@instead_of("upsampling_strides")
def by_number_of_layers(n_in, n_out, max_stride):
    """All combinations of one layer, then of two, and so on; a tuple."""
    for layers in range(n_out.bit_length()):
        for strides in combinations_with_replacement(range(max_stride, 1, -1), layers):
            if n_in * prod(strides) == n_out:
                return strides
    raise ValueError("impossible")


@instead_of("upsampling_strides")
def breadth_first(n_in, n_out, max_stride):
    """Grows lists of strides layer by layer; an array."""
    level = [((), n_in)]
    while level:
        for strides, size in level:
            if size == n_out:
                return np.array(strides, int)
        level = [
            ((*strides, stride), size * stride)
            for strides, size in level
            for stride in range(min((max_stride, *strides[-1:])), 1, -1)
            if size * stride <= n_out
        ]
    raise AssertionError("impossible")


@instead_of("upsampling_strides")
def best_list_of_every_product(n_in, n_out, max_stride):
    """A table of the best list for every product from 1 upwards."""
    best = {1: []}
    for product in range(2, n_out // n_in + 1):
        options = [
            sorted([stride, *best[product // stride]], reverse=True)
            for stride in range(2, max_stride + 1)
            if product % stride == 0 and product // stride in best
        ]
        if options:
            best[product] = max(options, key=lambda strides: (-len(strides), strides))
    if n_in * (n_out // n_in) != n_out or n_out // n_in not in best:
        raise ValueError(f"{n_in} can't become {n_out}")
    return best[n_out // n_in]


@instead_of("_stride_lists")
def from_the_end_of_the_network(factor, largest):
    """Chooses the strides one by one with an explicit stack, and sorts the lists afterwards."""
    found, stack = [], [(factor, [])]
    while stack:
        left, chosen = stack.pop()
        if left == 1:
            found.append(chosen)
        for stride in range(2, min([*chosen[-1:], largest]) + 1):
            if left % stride == 0:
                stack.append((left // stride, [*chosen, stride]))
    return sorted(found, reverse=True)
