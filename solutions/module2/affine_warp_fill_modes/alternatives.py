"""Other right answers, each in another style."""

import cmath
import math

import keras
import numpy as np
from scipy import ndimage

from keras_kata import instead_of

from .reference import resolve_index


@instead_of("resolve_index")
def table_from_numpy_padding(i, n, mode):
    """The indices padded by numpy, and looked up; a numpy integer."""
    if mode == "constant":
        return i if i in range(n) else None
    far = abs(int(i)) + 1
    names = {"nearest": "edge", "wrap": "wrap", "reflect": "symmetric"}
    return np.pad(np.arange(n), far, mode=names[mode])[int(i) + far]


@instead_of("resolve_index")
def steps_until_inside(i, n, mode):
    """Brought nearer again and again until the index is inside."""
    while not 0 <= i < n:
        if mode == "constant":
            return None
        if mode == "nearest":
            i = 0 if i < 0 else n - 1
        elif mode == "wrap":
            i += n if i < 0 else -n
        else:
            i = -1 - i if i < 0 else 2 * n - 1 - i
    return int(i)


@instead_of("resolve_index")
def list_there_and_back(i, n, mode):
    """One period of every mode as a list."""
    there = list(range(n))
    if mode == "reflect":
        return (there + there[::-1])[i % (2 * n)]
    if mode == "wrap":
        return there[i % n]
    if 0 <= i < n:
        return there[i]
    return None if mode == "constant" else there[0 if i < 0 else -1]


@instead_of("warp")
def whole_grids(image, matrix, mode, cval):
    """Grids of all places at once, a table of indices for each side, and one look-up; float32."""
    h, w, _ = image.shape
    y, x = np.mgrid[:h, :w]
    columns, rows = np.rint(np.einsum("ij,jhw->ihw", matrix, np.stack([x, y, np.ones_like(x)]))).astype(int)

    def resolved(places, n):
        return np.array([-1 if (r := resolve_index(int(i), n, mode)) is None else r for i in places.flat])

    columns, rows = resolved(columns, w), resolved(rows, h)
    found = (columns >= 0) & (rows >= 0)
    return np.where(found[:, None], image[rows, columns], np.float32(cval)).reshape(image.shape)


@instead_of("warp")
def nested_lists(image, matrix, mode, cval):
    """Plain Python, row by row; nested lists."""
    h, w, c = image.shape
    (a, b, p), (d, e, q) = np.asarray(matrix).tolist()

    def pixel(x, y):
        column = resolve_index(math.floor(a * x + b * y + p + 0.5), w, mode)
        row = resolve_index(math.floor(d * x + e * y + q + 0.5), h, mode)
        return [cval] * c if column is None or row is None else image[row, column].tolist()

    return [[pixel(x, y) for x in range(w)] for y in range(h)]


@instead_of("warp")
def scipy_places(image, matrix, mode, cval):
    """SciPy looks up whole places, channel by channel; it has names of its own for two of the modes."""
    y, x = np.indices(image.shape[:2])
    columns, rows = np.round(np.tensordot(matrix, np.stack([x, y, np.ones(x.shape)]), axes=1))
    named = {"constant": "grid-constant", "wrap": "grid-wrap"}.get(mode, mode)
    channels = np.moveaxis(image, -1, 0)
    return np.stack(
        [ndimage.map_coordinates(c, [rows, columns], order=0, mode=named, cval=cval) for c in channels], -1
    )


@instead_of("rotation")
def three_maps_in_a_row(degrees, h, w):
    """The centre moved to the corner, turned, and moved back: three square matrices."""

    def moved(dx, dy):
        return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1]])

    t = math.radians(degrees % 360)
    turned = np.array([[math.cos(t), math.sin(t), 0], [-math.sin(t), math.cos(t), 0], [0, 0, 1]])
    cx, cy = (w - 1) / 2, (h - 1) / 2
    return np.linalg.inv(moved(cx, cy) @ turned @ moved(-cx, -cy))[:2]


@instead_of("rotation")
def complex_numbers(degrees, h, w):
    """A turn as a product of complex numbers; a nested list."""
    turn = cmath.exp(1j * math.pi * degrees / 180)
    centre = complex(w - 1, h - 1) / 2
    shift = centre - turn * centre
    return [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]]


@instead_of("shear")
def tensor_written_down(s, h, w):
    """The six numbers, as a float32 tensor."""
    return keras.ops.convert_to_tensor([[1.0, s, s * (1 - h) / 2], [0.0, 1.0, 0.0]], "float32")
