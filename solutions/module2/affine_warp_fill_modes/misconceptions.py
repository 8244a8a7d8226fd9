"""Wrong answers to affine_warp_fill_modes that people give."""

import math

import numpy as np

from keras_kata import instead_of

from .reference import _about_centre, resolve_index, rotation, shear, warp


@instead_of("resolve_index")
def reflect_without_edge(i, n, mode):
    """Your mirror leaves out the pixel at the edge, as the "reflect" of numpy does. In Keras the edge pixel
    is repeated: the first place outside shows it again."""
    if mode != "reflect":
        return resolve_index(i, n, mode)
    period = max(2 * (n - 1), 1)
    return min(i % period, -i % period)


@instead_of("resolve_index")
def single_period(i, n, mode):
    """You bring an index back once. Farther outside, where the picture has to be repeated several times,
    the index is still not in it."""
    if mode == "wrap":
        return i + n if i < 0 else i - n if i >= n else i
    if mode == "reflect":
        return -i - 1 if i < 0 else 2 * n - 1 - i if i >= n else i
    return resolve_index(i, n, mode)


@instead_of("resolve_index")
def reflect_repeats_one_mirror_image(i, n, mode):
    """Outside, you repeat the mirror image again and again. After one mirror image comes the picture the
    right way round, then a mirror image again."""
    if mode == "reflect" and not 0 <= i < n:
        return n - 1 - i % n
    return resolve_index(i, n, mode)


@instead_of("resolve_index")
def negative_index_kept(i, n, mode):
    """With "constant" you let negative indices through, and Python counts them from the end of the picture.
    Places on the left and above are outside, too."""
    return i if mode == "constant" and i < 0 else resolve_index(i, n, mode)


@instead_of("warp")
def forward_mapping(image, matrix, mode, cval):
    """You go through the picture and push each pixel to where the matrix leads. The matrix leads from the
    result to the picture, and pushing leaves holes: go through the result and fetch."""
    h, w, _ = image.shape
    warped = np.full(image.shape, cval)
    for y, x in np.ndindex(h, w):
        column, row = np.rint(matrix @ [x, y, 1]).astype(int)
        if 0 <= column < w and 0 <= row < h:
            warped[row, column] = image[y, x]
    return warped


@instead_of("warp")
def forward_mapping_with_fill_modes(image, matrix, mode, cval):
    """You go through the picture and push each pixel to where the matrix and the fill mode lead. The matrix
    leads from the result to the picture, and pushing leaves holes: go through the result and fetch."""
    h, w, _ = image.shape
    warped = np.full(image.shape, cval)
    for y, x in np.ndindex(h, w):
        column, row = np.rint(matrix @ [x, y, 1]).astype(int)
        at = resolve_index(row, h, mode), resolve_index(column, w, mode)
        if None not in at:
            warped[at] = image[y, x]
    return warped


@instead_of("warp")
def matrix_inverted(image, matrix, mode, cval):
    """You invert the matrix first, so every movement goes the other way. It leads from the result to the
    picture already."""
    return warp(image, np.linalg.inv([*matrix, [0, 0, 1]])[:2], mode, cval)


@instead_of("warp")
def xy_swapped(image, matrix, mode, cval):
    """You hand the matrix the row first and take the first number of its result for a row. It works on
    columns first: (x, y, 1) becomes (column, row)."""
    return warp(image, matrix[::-1][:, [1, 0, 2]], mode, cval)


@instead_of("warp")
def row_handed_over_first(image, matrix, mode, cval):
    """You hand the matrix the row of the result's pixel first. It works on columns first: (x, y, 1), where x is
    the column."""
    return warp(image, matrix[:, [1, 0, 2]], mode, cval)


@instead_of("warp")
def result_read_as_row_and_column(image, matrix, mode, cval):
    """You take the first number that the matrix gives for the row. It is the column, so your picture is
    mirrored at its diagonal."""
    return warp(image, matrix[::-1], mode, cval)


@instead_of("warp")
def rounded_down(image, matrix, mode, cval):
    """You round down. The nearest pixel is asked for, and for 1.8 that is 2."""
    return _warped(image, matrix, mode, cval, math.floor)


@instead_of("warp")
def cut_towards_zero(image, matrix, mode, cval):
    """You cut off what is behind the decimal point. The nearest pixel is asked for: for 1.8 that is 2, and
    for -0.8 it is -1, which is outside."""
    return _warped(image, matrix, mode, cval, int)


@instead_of("warp")
def half_added_and_cut(image, matrix, mode, cval):
    """You add a half and cut off what is behind the point. Left of the picture and above it, where places are
    negative, that goes to the wrong neighbour."""
    return _warped(image, matrix, mode, cval, lambda place: int(place + 0.5))


@instead_of("warp")
def pixel_zero_taken_for_none(image, matrix, mode, cval):
    """You take row 0 and column 0 for places outside, since 0 is false in Python, as None is. They are the first
    row and column of the picture."""
    h, w, _ = image.shape
    warped = np.full(image.shape, cval)
    for y, x in np.ndindex(h, w):
        column, row = np.rint(matrix @ [x, y, 1]).astype(int)
        column, row = resolve_index(column, w, mode), resolve_index(row, h, mode)
        if column and row:
            warped[y, x] = image[row, column]
    return warped


@instead_of("warp")
def cval_ignored(image, matrix, mode, cval):
    """You fill with zeros. With "constant" the given number is filled in."""
    return warp(image, matrix, mode, 0.0)


@instead_of("warp")
def mode_ignored(image, matrix, mode, cval):
    """You fill every place outside with the constant, whatever the mode."""
    return warp(image, matrix, "constant", cval)


@instead_of("_about_centre")
def centre_half_pixel(linear, h, w):
    """You take half of the width and half of the height for the centre. Pixels count from 0, so in a
    picture of three columns the middle one is column 1, not 1.5."""
    return _about_centre(linear, h + 1, w + 1)


@instead_of("_about_centre")
def centre_axes_swapped(linear, h, w):
    """You take the centre's column from the height and its row from the width. On a picture that is not
    square your centre is elsewhere."""
    return _about_centre(linear, w, h)


@instead_of("rotation")
def corner_rotation(degrees, h, w):
    """You turn the picture about its upper left corner, so most of it leaves the frame. The centre is to
    stay where it is."""
    return rotation(degrees, 1, 1)


@instead_of("rotation")
def radians(degrees, h, w):
    """You hand degrees to functions that count angles in radians. A full turn is 360 degrees, or two pi
    radians."""
    return rotation(np.rad2deg(degrees), h, w)


@instead_of("rotation")
def clockwise(degrees, h, w):
    """Your picture turns clockwise. Two things reverse the direction: rows count downwards, and the map
    leads from the output to the input. Count how often you took each into account."""
    return rotation(-degrees, h, w)


@instead_of("shear")
def shear_about_the_top_row(s, h, w):
    """Your shear leaves the first row where it is. The centre row is the one that stays."""
    return shear(s, 1, w)


@instead_of("shear")
def shear_slides_columns(s, h, w):
    """You slide the columns up and down. The rows are to slide to the left and right."""
    return _about_centre([[1, 0], [s, 1]], h, w)


@instead_of("shear")
def shear_the_other_way(s, h, w):
    """Your shear goes the other way. The matrix leads from the result to the picture, and the formula says so
    already; nothing is to be inverted."""
    return shear(-s, h, w)


def _warped(image, matrix, mode, cval, whole):
    """The picture, with places made whole in another way."""
    h, w, _ = image.shape
    warped = np.full(image.shape, cval)
    for y, x in np.ndindex(h, w):
        place = [whole(p) for p in matrix @ [x, y, 1]]
        column, row = (resolve_index(i, n, mode) for i, n in zip(place, (w, h), strict=True))
        if column is not None and row is not None:
            warped[y, x] = image[row, column]
    return warped
