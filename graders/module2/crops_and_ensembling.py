"""Windows cut from images, ten views of each, and averages over predictors and views."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import whole
from graders.support.rejection import rejected
from keras_kata import REJECTED, probe

CHANNELS = st.sampled_from([1, 2, 3])
SIDES = st.integers(1, 6)
NO_TIES = np.array([0, 1, 3, 7])
"""Added to 64 times a row of a table, it keeps any two classes apart, in the sum over up to 8 rows too."""


def numbered(*shape):
    """Images in which every value occurs once."""
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


def window(shape, top, left, size, flip=False):
    """One case of `crop` or `windows_outside`."""
    return {"image": numbered(*shape), "flip": flip, "top": top, "left": left, "size": list(size)}


@st.composite
def windows(draw):
    """An image and a window inside of it."""
    height, width = draw(SIDES), draw(SIDES)
    size = draw(st.integers(1, height)), draw(st.integers(1, width))
    top, left = draw(st.integers(0, height - size[0])), draw(st.integers(0, width - size[1]))
    return window((height, width, draw(CHANNELS)), top, left, size, draw(st.booleans()))


@st.composite
def windows_beyond(draw):
    """An image, and a window that leaves it on at least one side."""
    sides = [draw(st.integers(1, 5)) for _ in range(2)]
    sizes = [draw(st.integers(1, side)) for side in sides]
    starts = [draw(st.integers(0, side - size)) for side, size in zip(sides, sizes, strict=True)]
    axis = draw(st.sampled_from([0, 1]))
    match draw(st.sampled_from(["before", "behind", "too large"])):
        case "before":
            starts[axis] = draw(st.integers(-3, -1))
        case "behind":
            starts[axis] = sides[axis] - sizes[axis] + draw(st.integers(1, 3))
        case "too large":
            starts[axis] = draw(st.sampled_from([0, -1]))
            sizes[axis] = sides[axis] + draw(st.integers(1, 3))
    return window((*sides, draw(CHANNELS)), *starts, sizes, draw(st.booleans()))


@st.composite
def batches(draw):
    """A few images and the size of a window that fits them."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    return {
        "images": numbered(draw(st.integers(1, 3)), height, width, draw(CHANNELS)),
        "size": [draw(st.integers(1, height)), draw(st.integers(1, width))],
    }


def batch(shape, size):
    """One case of `batches`."""
    return {"images": numbered(*shape), "size": list(size)}


BATCHES = [
    batch((2, 5, 4, 1), (2, 3)),
    batch((3, 4, 7, 2), (3, 2)),
    batch((1, 7, 6, 3), (4, 1)),
    batch((2, 3, 5, 1), (3, 5)),
    batch((1, 6, 4, 1), (3, 3)),
    batch((2, 7, 3, 2), (2, 2)),
    batch((1, 1, 1, 1), (1, 1)),
]


@st.composite
def ensembles(draw):
    """Views with whole pixel values, and for each predictor a table of how likely it holds each class."""
    classes = draw(st.integers(2, 4))
    n_predictors = draw(st.integers(1, 4))
    n_views = draw(st.integers(1, 8 // n_predictors))
    images = draw(st.sampled_from([(1,), (2,), (2, 1), (2, 2, 1)]))
    return {
        "tables": draw(whole((n_predictors, 3, classes), 0, 6)),
        "views": draw(whole((n_views, draw(st.integers(1, 3)), *images), 0, 3, "float32")),
    }


def predictor(table):
    """A function from images to probabilities: an image's pixels, added up, choose the row of the table."""
    counts = table * 64 + NO_TIES[: table.shape[1]]
    probabilities = (counts / counts.sum(axis=1, keepdims=True)).astype("float32")

    def predict(images):
        brightness = np.asarray(images).reshape(len(images), -1).sum(axis=1)
        return probabilities[np.rint(brightness).astype(int) % len(probabilities)]

    return predict


def shape_of(result):
    """The shape, or that there is no result; the values are another probe's."""
    return result if result is REJECTED else np.asarray(result).shape


@probe(
    points=0.5,
    cases=windows(),
    examples=[
        window((1, 4, 1), 0, 0, (1, 2), flip=True),
        window((4, 6, 2), 1, 3, (2, 3), flip=True),
        window((4, 6, 2), 1, 3, (2, 3)),
        window((6, 3, 3), 3, 1, (1, 2), flip=True),
        window((5, 5, 1), 2, 0, (3, 4), flip=True),
        window((3, 2, 3), 0, 0, (3, 2), flip=True),
        window((3, 2, 3), 0, 0, (3, 2)),
    ],
    count=30,
    hints=(
        "Which of the three axes runs from left to right?",
        "Draw a row of six numbers, mirror it and cut two from the left. Is it the same the other way round?",
    ),
)
def crop(impl, case):
    """A window inside the image, mirrored first or not."""
    return impl.flip_and_crop(case["image"], case["flip"], case["top"], case["left"], tuple(case["size"]))


@probe(
    points=0.5,
    cases=windows_beyond(),
    examples=[
        window((4, 5, 2), 3, 1, (2, 2)),
        window((4, 5, 2), 1, 4, (2, 2), flip=True),
        window((4, 5, 2), -1, 1, (2, 2)),
        window((4, 5, 2), -2, 1, (2, 2), flip=True),
        window((4, 5, 2), 1, -2, (2, 2)),
        window((4, 5, 2), 1, -3, (2, 2), flip=True),
        window((4, 5, 2), 0, 0, (5, 4)),
        window((5, 4, 2), 0, 0, (4, 5)),
        window((4, 4, 1), 0, -1, (4, 5)),
        window((4, 4, 1), -1, 0, (5, 4)),
        window((2, 3, 1), 2, 0, (1, 1)),
        window((2, 3, 1), 0, 3, (1, 1)),
    ],
    count=30,
    hints=(
        "What does a slice give you that begins before the first row, or ends behind the last one?",
        "A window can be outside on four sides. Have you asked about all of them, in all three functions?",
    ),
)
def windows_outside(impl, case):
    """A window at a place outside the image, and the shapes of crops of that size where it fits."""
    size, images = tuple(case["size"]), case["image"][None]
    return {
        "flip_and_crop": rejected(
            impl.flip_and_crop, case["image"], case["flip"], case["top"], case["left"], size
        ),
        "center_crop": shape_of(rejected(impl.center_crop, images, size)),
        "ten_crop": shape_of(rejected(impl.ten_crop, images, size)),
    }


@probe(
    points=0.5,
    cases=batches(),
    examples=BATCHES,
    count=30,
    hints=(
        "How many rows are left over, and how many of them go above the window?",
        "Which axis do the images of a batch lie along, and which axes are height and width?",
    ),
)
def center(impl, case):
    """The window in the middle of every image."""
    return impl.center_crop(case["images"], tuple(case["size"]))


@probe(
    points=0.75,
    cases=batches(),
    examples=BATCHES,
    count=30,
    hints=(
        "Where does the window in the bottom right corner begin?",
        "Is the top left window of the mirrored image the mirrored top left window of the image?",
    ),
)
def ten(impl, case):
    """Ten views of every image, in their order."""
    return impl.ten_crop(case["images"], tuple(case["size"]))


@probe(
    points=0.75,
    cases=ensembles(),
    examples=[
        {
            "tables": np.array(
                [[[6, 4], [1, 9], [3, 3]], [[2, 3], [5, 0], [0, 9]], [[1, 0], [1, 6], [4, 1]]]
            ),
            "views": np.array([[[0, 1], [2, 3]], [[1, 2], [0, 0]]], "float32"),
        },
        {
            "tables": np.array([[[5, 0, 1], [0, 3, 2], [0, 2, 6]]]),
            "views": np.arange(12, dtype="float32").reshape(3, 2, 2) ** 2 % 5,
        },
        {
            "tables": np.array([[[5, 4, 0], [0, 3, 2], [1, 2, 6]], [[5, 4, 1], [6, 3, 2], [0, 5, 1]]]),
            "views": np.arange(24, dtype="float32").reshape(4, 3, 1, 2, 1) * 3 % 7,
        },
        {"tables": np.array([[[0, 4], [3, 1], [2, 2]]]), "views": np.ones((1, 1, 2), "float32")},
    ],
    count=30,
    hints=(
        "Two networks say 0.9 and 0.4 for one class. What is lost if each may only vote yes or no?",
        "How often is a network run, for two networks and ten views? Does the number of images matter?",
    ),
)
def ensemble(impl, case):
    """Average probabilities, labels and evaluations, for predictors that look up a row of their table."""
    return impl.ensemble_predict([predictor(table) for table in case["tables"]], case["views"])
