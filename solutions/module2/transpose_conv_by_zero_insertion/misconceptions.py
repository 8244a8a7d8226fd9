"""Wrong answers to transpose_conv_by_zero_insertion that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import conv_transpose2d, insert_zeros


@instead_of("insert_zeros")
def zeros_after_last(x, stride):
    """You put zeros after the last pixel as well. They belong between pixels only; nothing follows the
    last."""
    (n, h, w, c), (sh, sw) = x.shape, stride
    spread = np.zeros((n, h * sh, w * sw, c))
    spread[:, ::sh, ::sw] = x
    return spread


@instead_of("insert_zeros")
def nearest_repeat(x, stride):
    """You repeat the pixels. Between them there should be zeros, so that each pixel is stamped once."""
    return x.repeat(stride[0], axis=1).repeat(stride[1], axis=2)


@instead_of("insert_zeros")
def as_many_zeros_as_the_stride(x, stride):
    """You put as many zeros between two pixels as the stride says, one too many. The stride is the distance
    from one pixel to the next, and with a stride of 1 they stay neighbours."""
    return insert_zeros(x, (stride[0] + 1, stride[1] + 1))


@instead_of("insert_zeros")
def zeros_in_rows_and_columns_swapped(x, stride):
    """You use the first stride for the columns and the second for the rows. The first goes down the image,
    the second to the right."""
    return insert_zeros(x, stride[::-1])


@instead_of("insert_zeros")
def first_stride_for_both(x, stride):
    """You use the first stride along both axes. Rows and columns each have their own."""
    return insert_zeros(x, (stride[0], stride[0]))


@instead_of("conv_transpose2d")
def kernel_not_flipped(x, kernel, stride, padding):
    """You convolve with the kernel as it is given, so every stamp comes out upside down and mirrored. Turn
    the kernel by 180 degrees first."""
    return conv_transpose2d(x, kernel[::-1, ::-1], stride, padding)


@instead_of("conv_transpose2d")
def kernel_rows_flipped_only(x, kernel, stride, padding):
    """You reverse the rows of the kernel, but not the numbers in each row. A turn by 180 degrees reverses
    both."""
    return conv_transpose2d(x, kernel[:, ::-1], stride, padding)


@instead_of("conv_transpose2d")
def channels_flipped_too(x, kernel, stride, padding):
    """You reverse the channels together with the rows and columns. Only height and width are turned; the
    channels keep their order."""
    return conv_transpose2d(x, kernel[:, :, ::-1, ::-1], stride, padding)


@instead_of("conv_transpose2d")
def channels_swapped(x, kernel, stride, padding):
    """You read the kernel as an ordinary convolution's, with the input channels before the output channels.
    Here the output channels come first."""
    return conv_transpose2d(x, kernel.transpose(0, 1, 3, 2), stride, padding)


@instead_of("conv_transpose2d")
def no_full_padding(x, kernel, stride, padding):
    """You put no zeros around the image, so the kernel never sticks out, and the outer parts of the outer
    stamps are missing. It has to reach over each pixel from its first to its last number."""
    (kh, kw), spread = kernel.shape[:2], insert_zeros(x, stride)
    height, width = (max(n - k + 1, 0) for n, k in zip(spread.shape[1:3], (kh, kw), strict=True))
    full = conv_transpose2d(spread, kernel, (1, 1), "valid")
    return full[:, kh - 1 : kh - 1 + height, kw - 1 : kw - 1 + width]


@instead_of("conv_transpose2d")
def padded_like_an_ordinary_convolution(x, kernel, stride, padding):
    """You pad as an ordinary convolution with same padding does, with half a kernel on each side. The
    kernel needs its whole size but one on every side."""
    return conv_transpose2d(insert_zeros(x, stride), kernel, (1, 1), "same")


@instead_of("conv_transpose2d")
def crop_from_the_end(x, kernel, stride, padding):
    """Under same padding you cut everything that is too much from the end. Half of it, rounded down, goes
    from the front."""
    y = conv_transpose2d(x, kernel, stride, "valid")
    return _cropped(y, x, stride, (0, 0)) if padding == "same" else y


@instead_of("conv_transpose2d")
def odd_one_cut_in_front(x, kernel, stride, padding):
    """Under same padding you cut the odd one in front. Where an odd number is too much, the front loses the
    smaller half."""
    y = conv_transpose2d(x, kernel, stride, "valid")
    surplus = (max(k - s, 0) for k, s in zip(kernel.shape[:2], stride, strict=True))
    return _cropped(y, x, stride, [(total + 1) // 2 for total in surplus]) if padding == "same" else y


@instead_of("conv_transpose2d")
def half_a_kernel_cut_in_front(x, kernel, stride, padding):
    """Under same padding you cut half of the kernel in front, whatever the stride. What is too much is the
    part of the kernel that is larger than the stride, so half of that goes."""
    y = conv_transpose2d(x, kernel, stride, "valid")
    return _cropped(y, x, stride, [(k - 1) // 2 for k in kernel.shape[:2]]) if padding == "same" else y


@instead_of("conv_transpose2d")
def same_not_cut(x, kernel, stride, padding):
    """You cut nothing under same padding. It gives as many numbers as the input has, times the stride."""
    return conv_transpose2d(x, kernel, stride, "valid")


@instead_of("conv_transpose2d")
def same_keeps_the_size(x, kernel, stride, padding):
    """Under same padding you cut the result to the size of the input. "same" means the input's size times the
    stride."""
    y = conv_transpose2d(x, kernel, stride, padding)
    if padding == "valid":
        return y
    (h, w), (height, width) = x.shape[1:3], y.shape[1:3]
    return y[:, (height - h) // 2 :, (width - w) // 2 :][:, :h, :w]


@instead_of("conv_transpose2d")
def missing_tail(x, kernel, stride, padding):
    """Where the stride is larger than the kernel your result is too small. Zeros are appended there, so
    that every pixel gets a full stride of output."""
    sides = zip(x.shape[1:3], kernel.shape[:2], stride, strict=True)
    height, width = ((n - 1) * s + k for n, k, s in sides)
    return conv_transpose2d(x, kernel, stride, padding)[:, :height, :width]


@instead_of("conv_transpose2d")
def zeros_forgotten(x, kernel, stride, padding):
    """You convolve without zeros between the pixels, so the stride has no effect. Spread the pixels first."""
    return conv_transpose2d(x, kernel, (1, 1), padding)


@instead_of("conv_transpose2d")
def stride_axes_swapped(x, kernel, stride, padding):
    """You use the first stride for the columns and the second for the rows. The first goes down the image,
    the second to the right."""
    return conv_transpose2d(x, kernel, stride[::-1], padding)


@instead_of("conv_transpose2d")
def stamps_overwrite(x, kernel, stride, padding):
    """Where stamps overlap, your later one replaces the earlier. They are added."""
    y = np.zeros_like(conv_transpose2d(x, kernel, stride, "valid"))
    kh, kw = kernel.shape[:2]
    for r in range(x.shape[1]):
        for c in range(x.shape[2]):
            top, left = r * stride[0], c * stride[1]
            y[:, top : top + kh, left : left + kw] = np.einsum("nd,ijfd->nijf", x[:, r, c], kernel)
    front = [max(k - s, 0) // 2 for k, s in zip(kernel.shape[:2], stride, strict=True)]
    return _cropped(y, x, stride, front) if padding == "same" else y


def _cropped(y, x, stride, front):
    """The result under same padding, with so many rows and columns cut in front."""
    (h, w), (sh, sw), (top, left) = x.shape[1:3], stride, front
    return y[:, top : top + h * sh, left : left + w * sw]
