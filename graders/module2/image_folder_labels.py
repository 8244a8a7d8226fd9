"""The index of an image folder, the forms of labels, and loading real files."""

import struct
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.rejection import rejected
from keras_kata import close, probe

FILES = [
    f"{directory}/{name}"
    for directory in ("a", "B", "10", "9", "a-b", "a/B", "9/a", "10/x.y", ".git", "a/.cache", "b.png")
    for name in [
        "1.png",
        "10.PNG",
        "2.JPeG",
        "B_3.jpg",
        "a_4.bmp",
        "5.gif",
        "6.txt",
        ".7.png",
        "8png",
        "9.png.bak",
    ]
] + ["1.png", "a.jpg", "readme.txt", ".hidden"]
MODES = ["sparse", "categorical", "binary", None]


def picture(path, height=2, width=3, colour=(10, 20, 30)):
    """One image file of a single colour, as the cases hold it; a grey one has a single number."""
    return {"path": path, "height": height, "width": width, "colour": list(colour)}


@st.composite
def label_lists(draw):
    """Labels, and a form for them that is not always possible."""
    n_classes = draw(st.integers(1, 5) | st.just(2))
    return {
        "labels": draw(st.lists(st.integers(0, n_classes - 1), min_size=1, max_size=5)),
        "n_classes": n_classes,
        "class_mode": draw(
            st.sampled_from(MODES) | st.sampled_from(["int", "Sparse", "one-hot", "", "input"])
        ),
    }


@st.composite
def folders(draw):
    """A folder of pictures whose sizes and colours differ."""
    names = draw(st.sampled_from([["B", "a"], ["10", "9"], ["cat", "dog", "owl"], ["one"]]))
    paths = [f"{name}/{file}" for name in names for file in ("1.png", "2.PNG", "x/3.png")]
    kept = draw(st.permutations(paths))[: draw(st.integers(1, 5))]
    colours = st.lists(st.integers(0, 255), min_size=3, max_size=3) | st.lists(
        st.integers(0, 255), min_size=1, max_size=1
    )
    sides = st.integers(1, 5)
    return {
        "pictures": [picture(path, draw(sides), draw(sides), draw(colours)) for path in kept],
        "size": [draw(st.integers(1, 4)), draw(st.integers(1, 4))],
        "class_mode": draw(st.sampled_from(["sparse", "categorical"])),
    }


@probe(
    points=2,
    cases=st.lists(st.sampled_from(FILES), max_size=8, unique=True).map(lambda files: {"files": files}),
    examples=[
        {"files": ["dog/b.png", "cat/2.JPG", "cat/notes.txt", "dog/a.png", "owl/.a.png"]},
        {"files": ["9/1.png", "10/1.png", "a/2.png", "B/1.png", "10/11.png", "10/9.png"]},
        {"files": ["a/1.png", "a-b/1.png", "a-b/0.png", "a/0.png", "a/B/2.jpg"]},
        {"files": ["cat/x/y/1.png", "dog/cat_2.jpg", "x/1.bmp", "cat/dog_1.png", "dog/x/3.gif"]},
        {"files": ["1.png", "b/1.png", ".git/1.png", "b/.x/2.png", "b/.3.png", "c/1.txt"]},
        {"files": ["b/1.PNG", "b/2.JPEG", "b/3.Gif", "b/4.tiff", "b/5.png.bak", "b/6png", "a.png/7.txt"]},
        {"files": ["notes.txt", "a/.DS_Store"]},
        {"files": []},
    ],
    count=40,
    hints=(
        "Which of a path's parts names the class, and which ones may hide the file?",
        "In which order does Python sort the texts a, B, 9 and 10? Are paths and classes sorted on their own?",
    ),
)
def index(impl, case):
    """The paths that count, the number of the class of each, and the names of the classes."""
    return impl.index_folder(case["files"])


@probe(
    points=1.25,
    cases=label_lists(),
    examples=[
        *({"labels": [0, 2, 1, 2], "n_classes": 4, "class_mode": mode} for mode in MODES),
        *({"labels": [1, 0, 1], "n_classes": 2, "class_mode": mode} for mode in MODES),
        {"labels": [0, 1], "n_classes": 3, "class_mode": "binary"},
        {"labels": [0, 0], "n_classes": 1, "class_mode": "binary"},
        {"labels": [1, 1], "n_classes": 2, "class_mode": "binary"},
        {"labels": [0, 0], "n_classes": 1, "class_mode": "categorical"},
        {"labels": [0, 1], "n_classes": 2, "class_mode": "int"},
    ],
    count=40,
    hints=(
        "How many columns does a one-hot row have if the last class does not occur in this batch?",
        "What are the shapes of the three forms, and when does one number with two values not do?",
    ),
)
def encode(impl, case):
    """Labels in the form of each class mode, or that the mode is refused."""
    return rejected(impl.encode_labels, case["labels"], case["n_classes"], case["class_mode"])


@probe(
    points=1.25,
    cases=folders(),
    examples=[
        {
            "pictures": [
                picture("dog/1.png", 4, 2, (200, 100, 0)),
                picture("cat/9.PNG", 3, 5, (0, 255, 10)),
                picture("cat/a/b/2.png", 1, 1, (7, 8, 9)),
                picture("dog/0.png", 2, 2, (90,)),
                picture("dog/3.bmp", 2, 3, (60, 40, 220)),
                picture("stray.png", 2, 2, (1, 2, 3)),
            ],
            "size": [2, 4],
            "class_mode": "binary",
        },
        {
            "pictures": [
                picture("9/1.png", 2, 2, (250, 0, 0)),
                picture("10/1.png", 3, 2, (0, 250, 0)),
                picture("B/1.gif", 1, 1, (30, 60, 120)),
                picture("a/1.png", 5, 1, (128, 128, 255)),
            ],
            "size": [3, 1],
            "class_mode": "categorical",
        },
        {"pictures": [picture("one/1.png", 1, 3, (5, 6, 250))], "size": [1, 2], "class_mode": "sparse"},
    ],
    count=3,
    agree=close(atol=1e-3),
    hints=(
        "Print the colours of the first pixels beside the class names: do they belong together?",
        "In which unit are the values of your images, and which of the two sizes is the height?",
    ),
)
def load(impl, case):
    """Images, labels and class names, from files that the probe has written, of one colour each."""
    with tempfile.TemporaryDirectory() as root:
        for entry in case["pictures"]:
            path = Path(root, entry["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(entry))
        Path(root, "notes.txt").write_text("no image")
        return impl.load_folder(root, tuple(case["size"]), case["class_mode"])


BANDS = np.repeat(np.eye(3, dtype="uint8") * 240, 4, axis=0)[None]  # (1, 12, 3): red, green, blue


@probe(
    points=0.5,
    examples=[
        {"size": [3, 3], "class_mode": "binary"},
        {"size": [3, 6], "class_mode": "sparse"},
    ],
    hints=("Where is the left edge of a picture after you made it smaller, and where is the right one?",),
)
def whole_pictures(impl, case):
    """Which colour is strongest at each place, in a wide and a high picture of red, green and blue bands.

    In the wide one they stand from left to right, in the high one from top to bottom, all equally large.
    """
    wide = np.repeat(BANDS, 4, axis=0)
    with tempfile.TemporaryDirectory() as root:
        for path, pixels in {"high/1.png": wide.transpose(1, 0, 2), "wide/1.png": wide}.items():
            Path(root, path).parent.mkdir()
            Path(root, path).write_bytes(tf.io.encode_png(pixels).numpy())
        images = np.asarray(impl.load_folder(root, tuple(case["size"]), case["class_mode"])[0])
    return {"strongest": np.array(["red", "green", "blue"])[images.argmax(axis=-1)].tolist()}


def encoded(entry):
    """The content of a PNG or BMP file, or of a GIF file of one pixel."""
    colour = entry["colour"]
    if entry["path"].endswith(".bmp"):
        height, width = entry["height"], entry["width"]
        row = bytes(colour[::-1]) * width + bytes(-3 * width % 4)
        sizes = struct.pack("<IIIIiiHH24x", 54 + height * len(row), 0, 54, 40, width, height, 1, 24)
        return b"BM" + sizes + row * height
    if entry["path"].endswith(".gif"):
        head, tail = "47494638396101000100800000", "0000002c00000000010001000002024401003b"
        return bytes.fromhex(head) + bytes(colour) + bytes.fromhex(tail)
    pixels = np.full((entry["height"], entry["width"], len(colour)), colour, "uint8")
    return tf.io.encode_png(pixels).numpy()
