"""Wrong answers to transpose_conv_output_size that people give."""

from math import ceil, log2

from keras_kata import instead_of

from .reference import _stride_lists, transpose_conv_output_size, upsampling_strides


@instead_of("transpose_conv_output_size")
def forward_conv_formula(n, kernel, stride, padding, output_padding=None):
    """You use the formula of an ordinary convolution, which shrinks its input; a transposed convolution goes
    the other way and enlarges it."""
    _check(output_padding, stride)
    size = ceil(n / stride) if padding == "same" else (n - kernel) // stride + 1
    return size + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def zeros_inserted_then_plain_convolution(n, kernel, stride, padding, output_padding=None):
    """You put zeros between the inputs and then count what an ordinary convolution makes of that; it would
    need kernel - 1 more zeros on each side first. Count what the stamps cover instead."""
    _check(output_padding, stride)
    spread = (n - 1) * stride + 1
    return (spread if padding == "same" else spread - kernel + 1) + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def no_max(n, kernel, stride, padding, output_padding=None):
    """Under valid padding you return the reach even where the stride is larger than the kernel; there Keras
    fills up the end, so that every input position gets a full stride of output."""
    if output_padding is None and padding == "valid":
        return (n - 1) * stride + kernel
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def same_means_unchanged(n, kernel, stride, padding, output_padding=None):
    """You read "same" as: the size stays the same. It does so for a stride of 1 only; with any other the
    size is multiplied by the stride."""
    if output_padding is None and padding == "same":
        return n
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def same_cuts_the_kernel(n, kernel, stride, padding, output_padding=None):
    """Without output padding you let the size under same padding depend on the kernel; there it is the
    input's size times the stride, whatever the kernel."""
    if output_padding is None and padding == "same":
        return (n - 1) * stride + kernel - 2 * (kernel // 2)
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def none_means_zero(n, kernel, stride, padding, output_padding=None):
    """You take None for an output padding of 0. Without one, Keras picks the size by another rule, which
    does not leave out the last positions; 0 asks for the smallest size."""
    if output_padding is None:
        output_padding = 0
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def zero_means_none(n, kernel, stride, padding, output_padding=None):
    """You treat an output padding of 0 as if none were given; 0 counts as false in Python, but here it is a
    choice like any other. Ask whether the value is None."""
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding or None)


@instead_of("transpose_conv_output_size")
def valid_is_n_times_s(n, kernel, stride, padding, output_padding=None):
    """You multiply the size by the stride under valid padding as well; that leaves out the part of the last
    stamps that sticks out where the kernel is wider than the stride."""
    if output_padding is None:
        return n * stride
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def adds_kernel(n, kernel, stride, padding, output_padding=None):
    """Under valid padding you add the whole kernel to n times the stride; the last stamp begins where the
    stride has been taken n - 1 times, since the first one begins at 0."""
    if padding == "same":
        return transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    _check(output_padding, stride)
    return n * stride + kernel + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def stride_one_short(n, kernel, stride, padding, output_padding=None):
    """Under valid padding you are one position off; a kernel of width 1 that is stamped once covers one
    position, not none and not two."""
    if padding == "same":
        return transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    _check(output_padding, stride)
    return (n - 1) * stride + kernel - 1 + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def stamps_do_not_overlap(n, kernel, stride, padding, output_padding=None):
    """Under valid padding you multiply the size by the kernel, as if the stamps lay side by side; they begin
    one stride apart and may overlap."""
    if output_padding is None and padding == "valid":
        return n * max(kernel, stride)
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def padding_swapped(n, kernel, stride, padding, output_padding=None):
    """You have the two paddings exchanged: "same" is the one that cuts off what sticks out, "valid" keeps
    all that the stamps cover."""
    other = {"same": "valid", "valid": "same"}[padding]
    return transpose_conv_output_size(n, kernel, stride, other, output_padding)


@instead_of("transpose_conv_output_size")
def kernel_and_stride_swapped(n, kernel, stride, padding, output_padding=None):
    """You have kernel and stride exchanged; the stride is how far apart the stamps begin, the kernel how
    wide each of them is."""
    _check(output_padding, stride)
    if output_padding is None:
        return transpose_conv_output_size(n, stride, kernel, padding)
    return (n - 1) * kernel + stride - (2 * (stride // 2) if padding == "same" else 0) + output_padding


@instead_of("transpose_conv_output_size")
def output_padding_ignored(n, kernel, stride, padding, output_padding=None):
    """You return the same size with and without output padding; it is there to choose between several
    sizes, so the result has to depend on it."""
    _check(output_padding, stride)
    return transpose_conv_output_size(n, kernel, stride, padding)


@instead_of("transpose_conv_output_size")
def output_padding_on_top_of_the_default(n, kernel, stride, padding, output_padding=None):
    """You add the output padding to the size that comes out without one; that is not the smallest size from
    which it counts. With output padding the rule starts from the reach."""
    _check(output_padding, stride)
    return transpose_conv_output_size(n, kernel, stride, padding) + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def filled_up_also_with_output_padding(n, kernel, stride, padding, output_padding=None):
    """Under "valid" you return at least n * stride also with an output padding. Zeros fill up the end only where
    none is given; with one, the size is the reach and p more."""
    size = transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return max(size, n * stride) if padding == "valid" else size


@instead_of("transpose_conv_output_size")
def output_padding_at_both_ends(n, kernel, stride, padding, output_padding=None):
    """You add the output padding twice, as if it went on both ends; it only goes on one."""
    size = transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return size + (output_padding or 0)


@instead_of("transpose_conv_output_size")
def cut_at_one_end_only(n, kernel, stride, padding, output_padding=None):
    """With output padding you cut half a kernel under same padding once; it is cut from both ends of the
    reach."""
    size = transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return size + (kernel // 2 if padding == "same" and output_padding is not None else 0)


@instead_of("transpose_conv_output_size")
def whole_kernel_cut(n, kernel, stride, padding, output_padding=None):
    """With output padding you cut the whole kernel under same padding; what is cut from each end is half of
    it, rounded down, and for an odd kernel that leaves one position over."""
    size = transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return size - (kernel % 2 if padding == "same" and output_padding is not None else 0)


@instead_of("transpose_conv_output_size")
def kernel_minus_one_cut(n, kernel, stride, padding, output_padding=None):
    """With output padding you cut one less than the kernel under same padding; Keras cuts half of it, rounded
    down, from each end. For an even kernel that is the whole of it."""
    size = transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return size + (1 - kernel % 2 if padding == "same" and output_padding is not None else 0)


@instead_of("transpose_conv_output_size")
def cut_under_valid_as_well(n, kernel, stride, padding, output_padding=None):
    """With output padding you cut the ends of the reach under valid padding too; valid padding keeps
    everything that the stamps cover."""
    return transpose_conv_output_size(
        n, kernel, stride, padding if output_padding is None else "same", output_padding
    )


@instead_of("transpose_conv_output_size")
def nothing_cut(n, kernel, stride, padding, output_padding=None):
    """With output padding you leave the reach uncut under same padding; there half a kernel, rounded down,
    goes from each end."""
    return transpose_conv_output_size(
        n, kernel, stride, padding if output_padding is None else "valid", output_padding
    )


@instead_of("transpose_conv_output_size")
def output_padding_not_checked(n, kernel, stride, padding, output_padding=None):
    """You accept any output padding; a negative one, or one that is not less than the stride, has to be
    rejected."""
    if output_padding is None or 0 <= output_padding < stride:
        return transpose_conv_output_size(n, kernel, stride, padding, output_padding)
    return (n - 1) * stride + kernel - (2 * (kernel // 2) if padding == "same" else 0) + output_padding


@instead_of("transpose_conv_output_size")
def negative_output_padding_accepted(n, kernel, stride, padding, output_padding=None):
    """You accept a negative output padding; there is no size below the smallest, so it must be rejected."""
    if output_padding is not None and output_padding < 0:
        return transpose_conv_output_size(n, kernel, stride, padding, 0) + output_padding
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def output_padding_as_large_as_the_stride_accepted(n, kernel, stride, padding, output_padding=None):
    """You accept an output padding as large as the stride; that many positions more is the smallest size for
    an input one position longer, so it has to be less."""
    if output_padding == stride:
        return transpose_conv_output_size(n, kernel, stride, padding, 0) + output_padding
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("transpose_conv_output_size")
def large_output_padding_accepted(n, kernel, stride, padding, output_padding=None):
    """You check that the output padding is not negative, but not that it stays below the stride; both have
    to be rejected."""
    if output_padding is not None and output_padding >= stride:
        return transpose_conv_output_size(n, kernel, stride, padding, 0) + output_padding
    return transpose_conv_output_size(n, kernel, stride, padding, output_padding)


@instead_of("upsampling_strides")
def max_stride_ignored(n_in, n_out, max_stride):
    """You return one layer with the whole factor as its stride; a stride above the largest one allowed has to
    be split into several layers."""
    if n_out % n_in:
        raise ValueError
    return [] if n_in == n_out else [n_out // n_in]


@instead_of("upsampling_strides")
def largest_stride_excluded(n_in, n_out, max_stride):
    """You stop one short of the largest stride; it is itself allowed."""
    return upsampling_strides(n_in, n_out, max_stride - 1)


@instead_of("upsampling_strides")
def smallest_strides_first(n_in, n_out, max_stride):
    """You split the factor into its smallest parts; that makes the longest list; the shortest is wanted."""
    return max(_lists(n_in, n_out, max_stride), key=len)


@instead_of("upsampling_strides")
def largest_divisor_first(n_in, n_out, max_stride):
    """You always take the largest stride that divides what is left; that can end in a longer list than a
    smaller first stride does, so the lists have to be compared by their length."""
    return _lists(n_in, n_out, max_stride)[0]


@instead_of("upsampling_strides")
def most_even_strides(n_in, n_out, max_stride):
    """Of the shortest lists you return the most even one; the one with the largest first stride is wanted."""
    return min(reversed(_lists(n_in, n_out, max_stride)), key=len)


@instead_of("upsampling_strides")
def only_the_first_strides_compared(n_in, n_out, max_stride):
    """Of the shortest lists you return one with the largest first stride. There may be several of these, and then
    the second stride decides, and so on."""
    lists = _lists(n_in, n_out, max_stride)
    return min(reversed(lists), key=lambda strides: (len(strides), [-stride for stride in strides[:1]]))


@instead_of("upsampling_strides")
def smallest_last_stride(n_in, n_out, max_stride):
    """Of the shortest lists you return the one with the smallest last stride; the one with the largest first
    stride is wanted. From three layers on these may be different lists."""
    return min(_lists(n_in, n_out, max_stride), key=lambda strides: (len(strides), strides[::-1]))


@instead_of("upsampling_strides")
def strides_increase(n_in, n_out, max_stride):
    """Your strides are the right ones in the wrong order; the largest comes first."""
    return upsampling_strides(n_in, n_out, max_stride)[::-1]


@instead_of("upsampling_strides")
def only_doubling(n_in, n_out, max_stride):
    """You use strides of 2 alone; other strides are allowed up to the largest one, and make a shorter list or
    reach sizes that doubling never meets."""
    return [2] * ceil(log2(n_out / n_in)) if n_out > n_in else []


@instead_of("upsampling_strides")
def one_layer_where_none_is_needed(n_in, n_out, max_stride):
    """For equal sizes you return a layer with a stride of 1; no layer is needed there, so the list is empty,
    and strides start at 2."""
    return upsampling_strides(n_in, n_out, max_stride) or [1]


@instead_of("upsampling_strides")
def equal_sizes_rejected(n_in, n_out, max_stride):
    """You reject equal sizes; nothing has to be enlarged there, which the empty list says."""
    if n_in == n_out:
        raise ValueError
    return upsampling_strides(n_in, n_out, max_stride)


@instead_of("upsampling_strides")
def remainder_ignored(n_in, n_out, max_stride):
    """You divide the sizes and drop the remainder, so the layers end at another size than the one asked for;
    where the division leaves a remainder, no strides fit."""
    factor = n_out // n_in
    return min(_lists(1, factor, max_stride), key=len) if factor else []


@instead_of("upsampling_strides")
def empty_where_impossible(n_in, n_out, max_stride):
    """You return an empty list where no strides fit; that says the sizes are equal. What can't be done has to
    be rejected."""
    try:
        return upsampling_strides(n_in, n_out, max_stride)
    except ValueError:
        return []


@instead_of("upsampling_strides")
def none_where_impossible(n_in, n_out, max_stride):
    """You return None where no strides fit; what can't be done has to be rejected with an error."""
    try:
        return upsampling_strides(n_in, n_out, max_stride)
    except ValueError:
        return None


@instead_of("upsampling_strides")
def difference_instead_of_factor(n_in, n_out, max_stride):
    """You look at the difference between the sizes; a layer multiplies the size by its stride, so it is the
    quotient that has to be split."""
    return min(_lists(1, n_out - n_in, max_stride), key=len) if n_out > n_in else []


@instead_of("upsampling_strides")
def number_of_layers(n_in, n_out, max_stride):
    """You return how many layers there are; their strides are asked for, in a list."""
    return len(upsampling_strides(n_in, n_out, max_stride))


def _check(output_padding, stride):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError


def _lists(n_in, n_out, max_stride):
    """Every list of strides that fits, those with larger strides first.

    Raises:
        ValueError: there is none.
    """
    lists = [] if n_out % n_in else _stride_lists(n_out // n_in, max_stride)
    if not lists:
        raise ValueError
    return lists
