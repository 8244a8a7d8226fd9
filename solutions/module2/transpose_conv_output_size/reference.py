"""How large a transposed convolution makes its input.

Decoders, generators and segmentation networks have to enlarge feature maps. A transposed convolution
(`Conv2DTranspose` in Keras) does it with learned weights: every input position stamps the kernel,
multiplied by its value, on the output, and where stamps overlap they are added. Which numbers come out is
learned; how many come out is arithmetic, for height and width alike. That is what you write here.

(It is no inverse of a convolution. It can give back the size, not the values.)

Take one side of the input with n positions, a kernel that is k wide, and a stride of s. Neighbouring
stamps begin s apart, so together the n stamps reach over

       reach = (n - 1) * s + k

positions. What Keras makes of that depends on the padding, and on whether `output_padding` is given.

Without output padding (None, the default):

- "valid" keeps the reach, but never returns fewer than n * s: where the stride is larger than the kernel,
  zeros fill up the end.
- "same" returns n * s, whatever the kernel.

With an output padding p you choose the size yourself. A convolution with stride s brings several input
sizes to one output size, so on the way back somebody has to say which of them was meant:

- "valid" returns the reach and p more.
- "same" first cuts k / 2, rounded down, from each of the two ends of the reach, then adds p.

p is at least 0 and less than the stride; any other p is rejected with a ValueError. A p of 0 is a choice
like any other and not the same as None.

       n  k  s  reach    valid  same    p    valid  same
       4  3  2    9        9      8     0      9      7
                                        1     10      8
       4  2  3   11       12     12     0     11      9
                                        2     13     11

These are the sizes that Keras computes. (With an even kernel, "same" and p = 0 it computes one and then
refuses to run, for no convolution leads back from there.)

A network that has to grow from n_in to n_out positions stacks such layers, with "same" padding and no
output padding, and so each layer multiplies the size by its stride. Your second function picks the strides.

It turns module2/conv_shapes_and_cost around, which told how much smaller a convolution makes its input.
"""


def transpose_conv_output_size(
    n: int, kernel: int, stride: int, padding: str, output_padding: int | None = None
) -> int:
    """The number of output positions along one side.

    Args:
        n: input positions along this side, at least 1.
        kernel: width of the kernel, at least 1.
        stride: how far apart neighbouring stamps begin, at least 1; it may exceed the kernel.
        padding: "valid" or "same".
        output_padding: None, or how many positions the output has beyond the smallest size.

    Returns:
        One integer. Sizes of 0 do not occur.

    Raises:
        ValueError: the output padding is negative, or not less than the stride.
    """
    reach = (n - 1) * stride + kernel
    if output_padding is None:
        return n * stride if padding == "same" else max(reach, n * stride)
    if not 0 <= output_padding < stride:
        raise ValueError(f"output_padding must be in 0..{stride - 1}, not {output_padding}")
    return reach - (2 * (kernel // 2) if padding == "same" else 0) + output_padding


def upsampling_strides(n_in: int, n_out: int, max_stride: int) -> list[int]:
    """The strides of the layers that enlarge n_in to n_out positions; each multiplies the size by its stride.

    As few layers as possible. The strides never increase from one layer to the next. Where several such
    lists are equally short, the one whose first stride is the largest; if these are equal, whose second
    is; and so on. From 1 to 12 with strides up to 6 that is [6, 2], and neither [4, 3] nor [3, 2, 2]. From
    1 to 216 with strides up to 8 it is [6, 6, 6]: starting with the largest stride, [8, 3, 3, 3], takes one
    layer more. From 7 to 7 it is the empty list.

    Args:
        n_in: positions before the first layer, at least 1.
        n_out: positions after the last layer, at least 1.
        max_stride: the largest stride allowed, at least 1; the smallest is 2.

    Returns:
        The strides in order, integers in 2..max_stride.

    Raises:
        ValueError: no list of such strides leads from n_in to n_out, for example from 7 to 30.
    """
    factor, rest = divmod(n_out, n_in)
    lists = [] if rest else _stride_lists(factor, max_stride)
    if not lists:
        raise ValueError(f"no strides in 2..{max_stride} lead from {n_in} to {n_out}")
    return min(lists, key=len)


def _stride_lists(factor: int, largest: int) -> list[list[int]]:
    """Every list of strides with this product that never increases, those with larger strides first."""
    if factor == 1:
        return [[]]
    strides = [stride for stride in range(largest, 1, -1) if factor % stride == 0]
    return [[stride, *rest] for stride in strides for rest in _stride_lists(factor // stride, stride)]
