"""Convolution and pooling, number by number.

`Conv2D`, `MaxPooling2D` and `AveragePooling2D` all slide a window over an image. What differs is what they
make of the numbers in the window. Here you write the three of them for a batch of images, so that you know
what a layer computes, at its borders too.

A window is kh rows high and kw columns wide. The stride (sh, sw) says how many rows down, and how many
columns to the right, the next window begins. Height and width are treated alike, each with its own numbers;
nothing needs to be square, and a stride may be larger than the window.

Which windows there are, along one side of n pixels, with a window of k and a stride of s:

- padding "valid": the windows that lie wholly in the image. The first begins at pixel 0. There are
  floor((n - k) / s) + 1 of them, and here the window always fits.
- padding "same": there are ceil(n / s) windows, and just as many positions are added around the image as
  they need:

       total  = (ceil(n / s) - 1) * s + k - n      but never less than 0
       before = total / 2, rounded down            above, or on the left
       after  = the rest                           below, or on the right

  So an odd one goes to the bottom, or the right. Note that the total depends on the stride: to convolve with
  stride 1 and keep every second result may give other numbers. A window may be larger than the image here.

       n = 5, k = 2, s = 1:  5 windows, total 1: none before, one after
       n = 4, k = 3, s = 2:  2 windows, total 1: none before, one after; the windows begin at pixels 0 and 2
       n = 5, k = 3, s = 2:  3 windows, total 2: one before, one after; they begin at -1, 1 and 3

Convolution. Multiply each number in the window by the kernel's number at the same place, add up all products,
over rows, columns and input channels, and add the filter's bias:

    y[b, r, c, f] = bias[f] + sum over i, j, d of  window[i, j, d] * kernel[i, j, d, f]

with b the image of the batch, r and c the window's number downwards and to the right, f the filter, i and j
the row and the column in the window, and d the input channel. Added positions hold zeros. Mathematicians turn
the kernel by 180 degrees first and call what is computed here cross-correlation; deep learning does not turn
it, and keeps the name convolution. (Since the kernel is learned, nothing is lost.)

Pooling. Take the largest number, or the average, of the pixels in the window, in each channel by itself.
Added positions never count: no zero can win against negative pixels, and the average is that of the real
pixels in the window, so at the border the sum is divided by fewer. Every window has at least one.

Example: one row 3, 1, -2, one channel, a window of 1 x 2, stride 1, "same". The windows are (3, 1), (1, -2)
and (-2, -). The kernel (10, 1) without bias gives 31, 8, -20. The largest are 3, 1, -2, the averages 2,
-0.5, -2.

Example: a kernel whose three rows are all (-1, 0, 1), on an image that is 0 in its left half and 1 in its
right half, gives 0 wherever the window sees one half only, and 3 where it sees the edge.

Write the two functions below. Results are floating-point numbers. No checks of the arguments are needed.
Dilation, groups, and other orders of the axes are not part of this exercise.

It builds on module2/conv_shapes_and_cost, which told how large the results are.
"""

import numpy as np


def conv2d(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: tuple[int, int], padding: str
) -> np.ndarray:
    """A batch of images convolved with a few filters, as a Keras `Conv2D` without activation does it.

    Args:
        x: (n, h, w, cin) float32, the images.
        kernel: (kh, kw, cin, cout) float32, cout filters.
        bias: (cout,) float32.
        stride: (sh, sw), down and to the right, each at least 1.
        padding: "valid" or "same".

    Returns:
        (n, windows down, windows to the right, cout) float.
    """
    raise NotImplementedError


def pool2d(
    x: np.ndarray, pool: tuple[int, int], stride: tuple[int, int], padding: str, kind: str
) -> np.ndarray:
    """A batch of images pooled, each channel by itself.

    Args:
        x: (n, h, w, c) float32, the images.
        pool: (ph, pw), height and width of the window.
        stride: (sh, sw), down and to the right, each at least 1; it need not be the window's size, and may be
            larger (`tf.nn.pool` refuses that).
        padding: "valid" or "same".
        kind: "max" for the largest pixel of each window, "avg" for the average of its pixels.

    Returns:
        (n, windows down, windows to the right, c) float.
    """
    raise NotImplementedError
