"""How large the output of a layer is, and what it costs.

Before you train a convolutional network you can work out on paper the shape that leaves each layer, how
many weights it must learn (memory) and how many multiplications it does for one image (time). That is how
you find out that a network does not fit, or where it spends nearly everything, before you wait for it.

Sizes, along one axis of the image; height and width are worked out separately, each with its own numbers:

    n         pixels that come in
    kernel    pixels under the kernel, or under the pooling window
    stride    pixels from one window to the next
    dilation  distance between the pixels that the kernel looks at; 1 means that they are neighbours
    reach     pixels from the first to the last that the kernel looks at: dilation * (kernel - 1) + 1

    padding "valid"   size = floor((n - reach) / stride) + 1     only windows that lie in the image count
    padding "same"    size = ceil(n / stride)                    zeros are added around the image as needed

So "same" keeps the size only at stride 1. Pooling follows the same rules, with the pooling window as the
kernel and no dilation; unless a stride is given, windows lie side by side: the stride is the window's size.

Example: 150 pixels, kernel 3, stride 1, "valid" give 148; pooled by 2 they give 74. (Some notes say 75.) And
149 pixels pooled by 2 give 74 as well: the last pixel has no partner, and a "valid" window that is not whole
is left out.

Costs:

- A convolution has one weight for each kernel row, kernel column, input channel and filter, and one bias for
  each filter if it uses biases. The same weights work at every output position, so the image's size does not
  change the number of parameters, but it does change the number of multiply-adds.
- A dense layer connects every input feature with every unit, and has one bias for each unit.
- Pooling and flattening have no parameters and count as 0 multiply-adds.
- Multiply-adds ("macs") are the multiplications of a weight with an input number, for one image; the zeros
  that padding puts under a window are input numbers too. A multiplication and the addition of its product to
  the sum are one multiply-add together. Adding a bias is none.

Example: a 4 x 5 image with 2 channels and a convolution with 3 filters, a 3 x 3 kernel, stride 1, "valid" and
biases. Its output is 2 x 3 x 3. It has 3 * 3 * 2 * 3 = 54 weights and 3 biases: 57 parameters. Each of the
2 * 3 output positions uses all 54 weights: 324 multiply-adds.

Write the three functions below. Sizes are positive integers, `padding` is "valid" or "same"; other values
need no check. Leave the arguments as they are.
"""

import math


def conv_output_size(n: int, kernel: int, stride: int = 1, padding: str = "valid", dilation: int = 1) -> int:
    """The size of a convolution's output along one axis.

    Args:
        n: pixels along this axis, at least 1.
        kernel: kernel size along this axis; it may be larger than the image.
        stride: pixels from one window to the next; it may be larger than the kernel.
        padding: "valid" or "same".
        dilation: distance between the pixels that the kernel looks at. Above 1 only where the stride is 1:
            Keras refuses both at once.

    Returns:
        The number of output positions along this axis, an integer.

    Raises:
        ValueError: the size would be below 1, as no window fits into the image.
    """
    raise NotImplementedError


def pool_output_size(n: int, pool: int, stride: int | None = None, padding: str = "valid") -> int:
    """The size of a pooling layer's output along one axis.

    Args:
        n: pixels along this axis, at least 1.
        pool: pixels under one pooling window along this axis.
        stride: pixels from one window to the next; None means the window's size.
        padding: "valid" or "same".

    Returns:
        The number of output positions along this axis, an integer.

    Raises:
        ValueError: the size would be below 1, as no window fits into the image.
    """
    raise NotImplementedError


def stack_report(input_shape: tuple[int, int, int], layers: list[dict]) -> list[dict]:
    """What each layer of a stack makes of one image, and what it costs.

    A layer is one of these dicts, with all of its keys:

        {"type": "conv", "filters": 8, "kernel": [3, 5], "stride": 2, "padding": "same", "use_bias": True}
        {"type": "pool", "pool": 2}         "valid", and the stride is the window's size
        {"type": "flatten"}                 all numbers of the image in one row
        {"type": "dense", "units": 10}      always with biases

    `kernel` is [height, width]. `stride` and `pool` are one integer for both axes, or [height, width]. A
    dense layer on a shape that has not been flattened does as in Keras: the same weights are applied to the
    channels of every position, and the other axes stay. Convolution and pooling come before flattening only,
    and every window fits.

    Args:
        input_shape: (height, width, channels) of one image.
        layers: the layers in the order in which the image passes them, at least one.

    Returns:
        One dict for each layer, with exactly these keys: "shape", the output's shape as a list of integers,
        without the batch ([height, width, channels], or [features] once flattened); "params", the number of
        weights and biases; "macs", the number of multiply-adds for one image.
    """
    raise NotImplementedError
