"""Shifted colours, principal components of the colours of a data set, and jitter along them."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters, whole
from keras_kata import close, exact, probe

DIRECTIONS = [
    [[6, 2, 3], [-3, 6, 2], [2, 3, -6]],
    [[1, 8, -4], [-4, 4, 7], [8, 1, 4]],
    [[6, 0, 0], [0, 6, 0], [0, 0, 6]],
    [[0, 4, 3], [5, 0, 0], [0, -3, 4]],
    [[2, 6, 9], [6, 7, -6], [9, -6, 2]],
]
"""Columns at right angles and of equal length; in each, one entry is larger than the others."""

SHAPES = [(1, 2, 3), (2, 3, 1), (3, 1, 2), (6, 1, 1), (2, 2, 3), (3, 2, 2), (4, 3, 1)]


@st.composite
def directions(draw):
    """One of the matrices, with its rows and columns in any order and of any sign."""
    matrix = np.array(draw(st.sampled_from(DIRECTIONS)))
    rows, columns = (draw(st.permutations(range(3))) for _ in range(2))
    row_signs, signs = (draw(st.lists(st.sampled_from([1, -1]), min_size=3, max_size=3)) for _ in range(2))
    return matrix[np.ix_(rows, columns)] * np.outer(row_signs, signs)


def photos(matrix, sizes, center, shape, order):
    """Images whose pixels lie on three lines through one colour, on both sides of it.

    Args:
        matrix: (3, 3), the direction of each line in its column.
        sizes: (3,) int, how far from the colour the pixels of each line are.
        center: (3,) int, the colour.
        shape: (n, height, width), a multiple of six pixels.
        order: the pixels' places, shuffled.
    """
    lines = (matrix * sizes).T
    pixels = np.concatenate([lines, -lines] * (len(order) // 6)) + center
    return (pixels[order].reshape(*shape, 3) / 64).astype("float32")


@st.composite
def data_sets(draw):
    """Images in which the three variances differ clearly."""
    shape = draw(st.sampled_from(SHAPES))
    return photos(
        draw(directions()),
        draw(st.permutations([1, 2, 4]) | st.permutations([0, 1, 3]) | st.permutations([2, 3, 5])),
        draw(whole((3,), 0, 60)),
        shape,
        draw(st.permutations(range(int(np.prod(shape))))),
    )


@st.composite
def jitters(draw):
    """An image, components of length 1 with variances that fall, and steps along them."""
    matrix = draw(directions())
    variances = sorted(draw(st.sets(st.integers(0, 16), min_size=3, max_size=3)), reverse=True)
    return {
        "image": draw(quarters((draw(st.integers(1, 3)), draw(st.integers(1, 3)), 3), 0, 4)),
        "eigenvalues": np.array(variances, "float32") / 4,
        "vectors": (matrix / np.linalg.norm(matrix, axis=0)).astype("float32"),
        "alpha": draw(quarters((3,), -1, 1)),
    }


IMAGE = np.arange(18, dtype="float32").reshape(2, 3, 3) / 4
TURNED = (np.array(DIRECTIONS[0]) / 7).astype("float32")
COLOURS = np.array([[[250, 100, 3], [0, 128, 255]], [[6, 255, 0], [77, 78, 79]]], "uint8")
DATA_SETS = [
    photos(np.array(DIRECTIONS[0]), [1, 4, 2], [30, 20, 40], (3, 1, 2), [3, 1, 4, 0, 5, 2]),
    photos(np.array(DIRECTIONS[4])[:, ::-1], [2, 3, 1], [0, 9, 20], (2, 3, 1), [4, 1, 2, 0, 3, 5]),
    photos(np.array(DIRECTIONS[1]) * [[1], [1], [-1]], [3, 0, 1], [10, 0, 50], (1, 2, 3), [0, 1, 2, 3, 4, 5]),
    photos(-np.array(DIRECTIONS[2]), [2, 5, 3], [8, 16, 0], (3, 1, 2), [5, 0, 3, 1, 4, 2]),
    photos(np.array(DIRECTIONS[3])[::-1], [5, 2, 3], [60, 60, 60], (6, 1, 1), [2, 4, 0, 1, 5, 3]),
]


@probe(
    points=1,
    cases=st.builds(
        lambda image, delta: {"image": image, "delta": delta},
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.just(3)).flatmap(
            lambda shape: whole(shape, 0, 255, "uint8")
        ),
        whole((3,), -60, 60) | whole((3,), -400, 400),
    ),
    examples=[
        {"image": COLOURS, "delta": np.array(delta)}
        for delta in ([10, -20, -5], [0, 0, 0], [-100, 100, 1], [300, -300, 40], [-6, 1, -256])
    ],
    count=20,
    agree=exact(whole_numbers=True),
    hints=(
        "Of which kind are the numbers while you add? What is the largest that this kind can hold?",
        "How many numbers are there in delta, and which axis of the image do they belong to?",
    ),
)
def shift(impl, case):
    """Every colour shifted by its own amount, and kept in 0..255."""
    return impl.color_shift(case["image"], case["delta"])


@probe(
    points=2,
    cases=data_sets().map(lambda images: {"images": images}),
    examples=[{"images": images} for images in DATA_SETS],
    count=20,
    agree=close(rtol=1e-3, atol=1e-4),
    hints=(
        "If every image were a little brighter, should the components change? Which step sees to that?",
        "In which order does your eigenvalue routine give its results? Does each vector stay with its value?",
        "Multiply C by one of your vectors: is the result that vector times its eigenvalue?",
    ),
)
def components(impl, case):
    """The variances along the principal components, largest first, and the components as columns."""
    return impl.rgb_principal_components(case["images"])


@probe(
    points=1.25,
    cases=jitters(),
    examples=[
        {
            "image": IMAGE,
            "eigenvalues": np.array(values, "float32"),
            "vectors": v,
            "alpha": np.array(a, "float32"),
        }
        for values, v, a in (
            ([4, 2, 0.5], TURNED, [0.5, 0, 0]),
            ([4, 2, 0.5], TURNED, [0.5, -1, 0.25]),
            ([9, 4, 0.25], -TURNED[:, ::-1], [0.25, 0.5, -0.75]),
            ([3, 2, 1], np.eye(3, dtype="float32"), [-4, 1, 0.5]),
            ([4, 2, 0.5], TURNED, [0, 0, 0]),
        )
    ],
    count=20,
    hints=(
        "How many numbers are added to an image in all, and do they depend on the pixel?",
        "With alpha (1, 0, 0), which column or row of the matrix should be added, and how many times?",
    ),
)
def jitter(impl, case):
    """An image shifted along given components."""
    return impl.pca_color_jitter(case["image"], case["eigenvalues"], case["vectors"], case["alpha"])


@probe(
    points=0.75,
    cases=st.builds(
        lambda images, alpha: {"images": images, "alpha": alpha}, data_sets(), quarters((3,), -2, 2)
    ),
    examples=[{"images": images, "alpha": np.array([0.5, -1, 2], "float32")} for images in DATA_SETS[:3]],
    count=20,
    hints=(
        "What has to be computed once for the data set, and what once for each image?",
        "Do your two functions agree on whether a component is a row or a column?",
    ),
)
def jitter_chain(impl, case):
    """The images of a data set, shifted along its own components, each other one to the opposite side."""
    eigenvalues, vectors = impl.rgb_principal_components(case["images"])
    eigenvalues = np.maximum(
        np.array(eigenvalues, "float32"), 0
    )  # a variance of 0 may come out a little below
    vectors = np.array(vectors, "float32")
    return [
        impl.pca_color_jitter(image, eigenvalues, vectors, -case["alpha"] if number % 2 else case["alpha"])
        for number, image in enumerate(case["images"])
    ]
