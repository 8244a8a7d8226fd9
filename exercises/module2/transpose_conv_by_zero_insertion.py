"""A transposed convolution made of zeros and an ordinary convolution.

"Insert zeros, then convolve" is how a transposed convolution (`Conv2DTranspose` in Keras) is often explained.
The saying leaves out nearly everything that makes it true. Here you make it true, number for number.

What is to come out: every input pixel stamps the kernel, multiplied by its value, on the output. Neighbouring
stamps begin one stride apart, and where they overlap they are added. What the zeros give is the same:

1. Zeros go between neighbouring pixels, stride - 1 of them; none before the first, none after the last. With
   a stride of 1 there are no zeros at all. So n pixels along one side become (n - 1) * s + 1 numbers, for a
   stride of s.
2. Around that go k - 1 zeros on every side, for a kernel of k.
3. An ordinary convolution with stride 1 and without further padding goes over it, as networks compute it
   (each number of the window times the kernel's number at the same place), but with the kernel turned by 180
   degrees: its last row first, and in each row the last number first. The channels keep their order.
4. What is there now, (n - 1) * s + k numbers along the side, is brought to the size that Keras gives:

       padding "valid"    n * s + max(k - s, 0)
       padding "same"     n * s

   If the kernel is larger than the stride, "same" has max(k - s, 0) numbers too many: half of them, rounded
   down, are cut from the front (above, or on the left), the rest from the end. If the stride is larger than
   the kernel, s - k zeros are appended at the end (below, or on the right), with both paddings.

Height and width are treated alike, each with its own numbers.

Example, one row of pixels 1, 3 and one channel:

       kernel (1, 2, 5), stride 2     zeros between     1 0 3
                                      zeros around      0 0 1 0 3 0 0
                                      with (5, 2, 1)    1 2 8 6 15        "valid"
                                      one cut           1 2 8 6           "same"
       kernel (1, 2, 5, 7), stride 2                    1 2 8 13 15 21    "valid"
                                                        2 8 13 15         "same"
       kernel (1, 2, 5), stride 4                       1 2 5 0 3 6 15 0  both

The layout of the kernel is that of `Conv2DTranspose`: (kh, kw, cout, cin), height, width, output channels,
input channels. That is the layout of the convolution which it is the transpose of, and the other way round
than for an ordinary one. Output channel f at one place adds up, over all input channels d and the window's
places (i, j), window[i, j, d] times the number at (i, j, f, d) of the turned kernel.

Write the two functions below. They are tested each by itself; however you compute the second, its numbers
must be those of Keras. Results are floating-point numbers. No checks of the arguments are needed. There is
no bias, no output padding and no dilation.

It builds on module2/conv2d_and_pooling, for the ordinary convolution, and on
module2/transpose_conv_output_size, for the size of the result.
"""

import numpy as np


def insert_zeros(x: np.ndarray, stride: tuple[int, int]) -> np.ndarray:
    """Images with zeros between neighbouring pixels.

    Args:
        x: (n, h, w, c) float32.
        stride: (sh, sw), each at least 1: neighbouring pixels are then sh rows, or sw columns, apart.

    Returns:
        (n, (h - 1) * sh + 1, (w - 1) * sw + 1, c) float.
    """
    raise NotImplementedError


def conv_transpose2d(x: np.ndarray, kernel: np.ndarray, stride: tuple[int, int], padding: str) -> np.ndarray:
    """A transposed convolution, as a Keras `Conv2DTranspose` without bias and activation does it.

    Args:
        x: (n, h, w, cin) float32.
        kernel: (kh, kw, cout, cin) float32.
        stride: (sh, sw), down and to the right, each at least 1; it may be larger than the kernel.
        padding: "valid" or "same".

    Returns:
        (n, height, width, cout) float, of the size that step 4 of the instructions gives.
    """
    raise NotImplementedError
