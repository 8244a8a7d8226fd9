"""Probes of affine_warp_fill_modes."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import exact, probe

modes = st.sampled_from(["constant", "nearest", "wrap", "reflect"])
constants = st.integers(-8, 8).map(lambda fourths: fourths / 4)
sides = st.integers(1, 5)
ANGLES = [10, 53, 127, 170, 233, 307, 350, -53, -128, 413]
"""Angles in degrees at which no pixel of a picture of up to 5 x 5 comes from halfway between two."""


def pictures(h, w):
    """Pictures of any mode and constant, of these sides."""
    images = st.integers(1, 2).flatmap(lambda c: quarters((h, w, c)) | st.just(numbered(h, w, c)))
    return st.fixed_dictionaries({"image": images, "mode": modes, "cval": constants})


def numbered(h, w, c=1):
    """A picture whose numbers all differ: 1, 2, 3, ..."""
    return np.arange(1, h * w * c + 1, dtype="float32").reshape(h, w, c)


def picture(h, w, mode, cval=0.5, c=1, **rest):
    """One case of a probe."""
    return {"image": numbered(h, w, c), "mode": mode, "cval": cval, **rest}


@st.composite
def shifts(draw):
    """Pictures and whole numbers of columns and rows."""
    case = draw(st.tuples(sides, sides).flatmap(lambda size: pictures(*size)))
    return {**case, "columns": draw(st.integers(-11, 11)), "rows": draw(st.integers(-11, 11))}


@st.composite
def turns(draw):
    """Squares in quarter turns, other pictures in half turns, and all of them at slanted angles."""
    h, w = draw(sides), draw(sides)
    straight = draw(st.booleans())
    if straight:
        degrees = draw(st.integers(-5, 5)) * (90 if h == w else 180)
    else:
        degrees = draw(st.sampled_from(ANGLES))
    return {**draw(pictures(h, w)), "degrees": degrees}


@st.composite
def slides(draw):
    """Pictures and multiples of 0.4, with which no place is halfway between two pixels."""
    case = draw(st.tuples(sides, sides).flatmap(lambda size: pictures(*size)))
    return {**case, "s": draw(st.integers(-4, 4)) * 0.4}


@st.composite
def maps(draw):
    """Pictures and matrices of multiples of 0.2, with which no place is halfway between two pixels."""
    case = draw(st.tuples(sides, sides).flatmap(lambda size: pictures(*size)))
    fifths = draw(st.tuples(*[st.integers(-12, 12)] * 6))
    return {**case, "matrix": np.array(fifths, "float64").reshape(2, 3) / 5}


@probe(
    points=1.5,
    cases=st.fixed_dictionaries({"i": st.integers(-25, 25), "n": st.integers(1, 6), "mode": modes}),
    examples=[
        {"i": i, "n": n, "mode": mode}
        for mode in ("constant", "nearest", "wrap", "reflect")
        for i, n in [
            (-1, 3),
            (3, 3),
            (0, 3),
            (2, 3),
            (4, 3),
            (-5, 3),
            (-8, 4),
            (11, 4),
            (13, 3),
            (2, 1),
            (-3, 1),
        ]
    ],
    count=25,
    agree=exact(),
    hints=(
        "Write down three letters, and on both sides of them what the mode shows. After how many places does "
        "the pattern begin again?",
        "What comes first outside, on the left and on the right? And what about a picture of one pixel?",
    ),
)
def index(impl, case):
    """The pixel that a fill mode takes for a place, or None."""
    place = impl.resolve_index(case["i"], case["n"], case["mode"])
    return {"is there a pixel": place is not None, "which": place}


@probe(
    points=1.25,
    cases=shifts(),
    examples=[
        picture(2, 4, "constant", 0.75, columns=-1, rows=0),
        picture(3, 2, "constant", -2.0, c=2, columns=1, rows=-1),
        picture(3, 4, "nearest", columns=2, rows=-5),
        picture(2, 3, "wrap", columns=-7, rows=3),
        picture(4, 3, "reflect", columns=7, rows=-2),
        picture(3, 4, "reflect", c=2, columns=-1, rows=4),
        picture(1, 1, "reflect", columns=2, rows=-3),
        picture(1, 3, "wrap", columns=5, rows=1),
        picture(2, 3, "constant", 1.5, columns=6, rows=1),
        {**picture(2, 3, "constant", -1.5, columns=1, rows=1), "image": -numbered(2, 3)},
    ],
    count=25,
    hints=(
        "For which pixel of the result are you looking for a value, and where does the matrix send you?",
        "Which of the two numbers that the matrix gives is a row, and which side of the picture is it for?",
    ),
)
def shift(impl, case):
    """A picture moved by whole columns and rows."""
    matrix = np.array([[1, 0, case["columns"]], [0, 1, case["rows"]]], "float64")
    return impl.warp(case["image"], matrix, case["mode"], case["cval"])


@probe(
    points=1.75,
    cases=maps(),
    examples=[
        picture(3, 5, "constant", 0.5, matrix=np.array([[0.4, 0, 0.2], [0, 0.4, 0.8]])),
        picture(4, 3, "nearest", matrix=np.array([[1.8, 0, -0.8], [0, 1.4, -0.6]])),
        picture(3, 4, "wrap", matrix=np.array([[1.2, -0.4, -0.8], [0.6, 2.2, -4.6]])),
        picture(5, 2, "reflect", c=2, matrix=np.array([[-1.4, 0.6, 0.8], [2.2, -1.2, 0.4]])),
        picture(2, 3, "reflect", matrix=np.array([[2.2, 0.4, -5.6], [-1.6, 2.0, 4.2]])),
        picture(2, 5, "constant", -1.25, matrix=np.array([[-1.0, 0, 4], [0, 1, -0.6]])),
        picture(3, 3, "constant", 2.0, c=2, matrix=np.array([[0.8, 0.6, -0.4], [-0.6, 0.8, 1.2]])),
    ],
    count=20,
    hints=(
        "Which pixel is the nearest to 1.8, which to -0.8, and which to -0.4?",
        "Does every pixel of your result get a value, also where the matrix makes the picture larger?",
    ),
)
def general(impl, case):
    """A picture zoomed, slanted, mirrored and moved by any map."""
    return impl.warp(case["image"], case["matrix"], case["mode"], case["cval"])


@probe(
    points=1.25,
    cases=st.fixed_dictionaries(
        {"degrees": st.integers(-400, 400), "h": st.integers(1, 7), "w": st.integers(1, 7)}
    ),
    examples=[
        {"degrees": 90, "h": 3, "w": 3},
        {"degrees": 30, "h": 4, "w": 6},
        {"degrees": -135, "h": 5, "w": 2},
        {"degrees": 405, "h": 2, "w": 3},
        {"degrees": 0, "h": 3, "w": 4},
        {"degrees": 20, "h": 1, "w": 1},
        {"degrees": 22.5, "h": 3, "w": 5},
    ],
    count=20,
    hints=(
        "Where does your map send the centre of the picture?",
        "Follow one pixel: after a small turn counter-clockwise, from where does the one to the right of the "
        "centre come, from above or from below?",
    ),
)
def rotation_matrix(impl, case):
    """The map of a rotation."""
    return impl.rotation(case["degrees"], case["h"], case["w"])


@probe(
    points=1.25,
    cases=turns(),
    examples=[
        picture(3, 3, "constant", degrees=90),
        picture(4, 4, "nearest", degrees=-90),
        picture(2, 4, "constant", degrees=180),
        picture(5, 3, "wrap", c=2, degrees=-180),
        picture(4, 5, "constant", -1.0, degrees=53),
        picture(5, 3, "reflect", degrees=-128),
        picture(2, 9, "reflect", degrees=53),
        picture(5, 5, "constant", 0.25, degrees=10),
        picture(3, 4, "nearest", degrees=307),
        picture(5, 4, "wrap", degrees=127),
    ],
    count=25,
    hints=(
        "Turn a sheet of paper with a word on it counter-clockwise by 90 degrees: which edge is on top now?",
        "Do the shifts come out right, and does the map alone? Then you know which of the two to look at.",
    ),
)
def rotate(impl, case):
    """A picture turned about its centre."""
    h, w, _ = case["image"].shape
    matrix = np.array(impl.rotation(case["degrees"], h, w), "float64")
    return impl.warp(case["image"], matrix, case["mode"], case["cval"])


@probe(
    points=1,
    cases=slides(),
    examples=[
        picture(3, 4, "constant", 0.5, s=1.2),
        picture(4, 3, "wrap", s=-0.8),
        picture(5, 2, "nearest", c=2, s=0.4),
        picture(4, 5, "reflect", s=1.6),
        picture(5, 2, "reflect", s=1.6),
        picture(1, 3, "constant", s=0.8),
        picture(3, 3, "nearest", s=0.0),
    ],
    count=15,
    hints=(
        "Which row should not move at all, and does it move with your map?",
        "Write the formula for the column as a sum of three terms: with x, with y, and with neither.",
    ),
)
def sheared(impl, case):
    """The map of a shear, and a picture sheared with it."""
    h, w, _ = case["image"].shape
    matrix = impl.shear(case["s"], h, w)
    picture = impl.warp(case["image"], np.array(matrix, "float64"), case["mode"], case["cval"])
    return {"matrix": matrix, "picture": picture}
