"""Turning, shearing and shifting pictures, and filling what becomes empty.

A photo of a cat that is turned a little, or moved to the side, is still a photo of a cat. Augmentation
makes use of that: it shows a network the same pictures in many positions. All these movements are affine
maps, and one function, `warp`, does them all.

A pixel has a column x, counted from the left, and a row y, counted from the top downwards, both from 0. The
picture is h rows high and w columns wide, and so is the result. An affine map is a matrix of 2 rows and 3
columns; applied to (x, y, 1) it gives a place, column first:

    column = m[0, 0] * x + m[0, 1] * y + m[0, 2]
    row    = m[1, 0] * x + m[1, 1] * y + m[1, 2]

It leads from the OUTPUT to the INPUT: for each pixel (x, y) of the result it says where in the given
picture to look. That is the other way round than one thinks of a movement, and on purpose. Who goes through
the input and pushes each pixel to its new place hits some places twice and others never, which leaves
holes. So (column, row) is where the result's pixel comes from; it is rounded to the nearest pixel. (No
place is halfway between two.)

    1 0 -2        a shift: the result's column 2 is the picture's column 0, so all moves two to the right
    0 1  0

    0.5 0 0       a zoom: the result's column 4 is the picture's column 2, so all becomes twice as large
    0 0.5 0

Many places lie outside of the picture. The fill mode says what to take there. Rows and columns are treated
alike, each by itself, after rounding. Along a side of n pixels, here 3 of them, called a b c:

    "constant"    k k k k | a b c | k k k k        k is a given number, cval
    "nearest"     a a a a | a b c | c c c c        the nearest pixel of the picture
    "wrap"        c a b c | a b c | a b c a        the picture begins again
    "reflect"     c c b a | a b c | c b a a        the picture in a mirror, then as it is, and so on

All of them go on like that without end. With "constant" a place is outside if its row or its column is.

These are the names as Keras uses them. Its "reflect" repeats the pixel at the edge; numpy calls that
"symmetric", and by "reflect" it means something else. (Far outside, TensorFlow's own operation for such maps
does not do what its "wrap" promises.) No mode brings back what was lost: pixels that left the picture are
gone, and those filled in are invented. (The old `ImageDataGenerator` filled with "nearest" unless it was told
otherwise, the augmentation layers of today with "reflect".)

Two maps are to be written, both about the centre of the picture:

    centre column cx = (w - 1) / 2        centre row cy = (h - 1) / 2        for w = 3 that is 1, not 1.5

- A rotation turns the picture counter-clockwise, as you see it on the screen, by an angle t. Since rows count
  downwards, what is dx columns to the right of the centre and dy rows below it goes to

      cos(t) * dx + sin(t) * dy columns to the right, and -sin(t) * dx + cos(t) * dy rows below

  That is the way from the input to the output. You need the way back. For 90 degrees and h = w = 3 it is

      0 -1 2        the result's pixel in row 0, column 0 is the picture's in row 0, column 2:
      1  0 0        the upper right corner goes to the upper left

- A shear by s slides the rows against each other: the result takes its pixel from column x + s * (y - cy) and
  row y. The centre row stays where it is.

Write the four functions below. Interpolation between pixels is not part of this exercise.

It follows on module2/crops_and_ensembling, where images were mirrored and cut.
"""

import numpy as np


def resolve_index(i: int, n: int, mode: str) -> int | None:
    """Which of n pixels in a row a fill mode takes for place i.

    Args:
        i: any integer, far outside as well.
        n: number of pixels along the side, at least 1.
        mode: "constant", "nearest", "wrap" or "reflect".

    Returns:
        An integer in 0 to n - 1; i itself where it is in there. None for "constant" and a place outside.
    """
    raise NotImplementedError


def warp(image: np.ndarray, matrix: np.ndarray, mode: str, cval: float) -> np.ndarray:
    """A picture moved by an affine map.

    Args:
        image: (h, w, c) float32.
        matrix: (2, 3) float64, from (x, y, 1) of the result to (column, row) of `image`.
        mode: "constant", "nearest", "wrap" or "reflect".
        cval: a float, what "constant" fills all channels with; the other modes do not use it.

    Returns:
        (h, w, c) float.
    """
    raise NotImplementedError


def rotation(degrees: float, h: int, w: int) -> np.ndarray:
    """The map, from output to input, that turns a picture counter-clockwise about its centre.

    Args:
        degrees: the angle in degrees, of any size; a negative one turns clockwise.
        h: rows of the picture.
        w: columns of the picture.

    Returns:
        (2, 3) float.
    """
    raise NotImplementedError


def shear(s: float, h: int, w: int) -> np.ndarray:
    """The map, from output to input, that slides the rows of a picture against each other.

    Args:
        s: by how many columns a row is moved against the one above it; any sign.
        h: rows of the picture.
        w: columns of the picture.

    Returns:
        (2, 3) float.
    """
    raise NotImplementedError
