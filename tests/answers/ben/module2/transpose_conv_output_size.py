"""Ben remembers the formula for kernels that are at least as large as the stride; the rest is unfinished."""


def transpose_conv_output_size(n, kernel, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError("output_padding must be below the stride")
    if padding == "same":
        return n * stride if output_padding is None else (n - 1) * stride + kernel - 2 * (kernel // 2) + output_padding
    return (n - 1) * stride + kernel + (output_padding or 0)


def upsampling_strides(n_in, n_out, max_stride):
    raise NotImplementedError
