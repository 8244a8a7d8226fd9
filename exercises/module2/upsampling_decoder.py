"""Super-resolution and segmentation with transposed convolution.

Some networks give a picture back: a larger one (super-resolution), or one that says for every pixel what it
shows (segmentation). They need layers that make maps larger. A transposed convolution does: with stride s it
lays the inputs s pixels apart, puts the kernel, scaled by the input's value, on each of them, and adds up where
kernels overlap. The kernel is usually learned; a good one to begin with is written down here.

1. `bilinear_kernel` gives the kernel that makes a picture `factor` times as large by bilinear interpolation. Its
   side is k = 2 * factor - factor mod 2, and its values fall off from the middle in a straight line:

       t[i] = 1 - |i - (k - 1) / 2| / factor        i = 0, ..., k - 1
       kernel[i, j, c, c] = t[i] * t[j]

   and 0 between different channels, so that colours stay apart. Example: factor = 2 has k = 4 and
   t = [0.25, 0.75, 0.75, 0.25]. Its values sum to 1 for each channel times factor squared, here 4: each input
   pixel has to fill four output pixels. Keras's layout for transposed convolution is (k, k, outputs, inputs).

2. `super_resolve` applies it: one transposed convolution with stride `factor`, padding "same", no bias. From
   (n, h, w, c) it makes (n, h * factor, w * factor, c). Towards the edges the result gets darker, since kernels
   from outside are missing; only pixels at least `factor` away from every edge are compared, and of the edges
   whether they get darker. So resizing by interpolation, which keeps them bright, will not do.

3. `build_segmenter` makes a network that gives, for every pixel of an image, the probabilities of n_classes
   classes. All its convolutions are 3 x 3 with stride 2 and padding "same". With widths [8, 16]:

       encoder    convolution, 8 channels, ReLU              half the size
                  convolution, 16 channels, ReLU             a quarter
       decoder    transposed convolution, 8 channels, ReLU   half the size again
                  transposed convolution, n_classes          full size, with softmax over the classes

   In general there is one encoder layer for each width, and as many decoder layers: their channels are the
   widths in reverse without the last one, then n_classes. There are no other layers with weights, so that the
   network has as many weights for large images as for small ones. The height and width of images are divisible
   by 2 ** len(widths).

Training, skip connections and super-resolution by a network are not asked. It builds on
module2/transpose_conv_by_zero_insertion, where a transposed convolution is worked out by hand.
"""

import keras
import numpy as np


def bilinear_kernel(factor: int, channels: int) -> np.ndarray:
    """Make the kernel of bilinear upsampling.

    Args:
        factor: how many times as large the picture becomes, at least 1.
        channels: number of channels, at least 1.

    Returns:
        (k, k, channels, channels) float32 with k = 2 * factor - factor mod 2.
    """
    raise NotImplementedError


def super_resolve(images: np.ndarray, factor: int) -> np.ndarray:
    """Make pictures larger by bilinear interpolation.

    Args:
        images: (n, h, w, c) float32.
        factor: how many times as large, at least 1.

    Returns:
        (n, h * factor, w * factor, c) float32.
    """
    raise NotImplementedError


def build_segmenter(input_shape: tuple[int, int, int], n_classes: int, widths: list[int]) -> keras.Model:
    """Build a network that tells the class of every pixel.

    Args:
        input_shape: (height, width, channels) of an image.
        n_classes: number of classes, at least 2.
        widths: channels of the encoder's layers, at least one.

    Returns:
        A model from (batch, height, width, channels) to (batch, height, width, n_classes) probabilities.
    """
    raise NotImplementedError
