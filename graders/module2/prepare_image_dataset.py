"""Which files are kept, how they are split, and how their pixels are rescaled."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import whole
from graders.support.rejection import rejected
from keras_kata import close, probe

PNG, JPEG = "89504e470d0a1a0a", "ffd8ff"
HEADERS = [
    PNG,
    JPEG,
    PNG + "0000000d49484452",
    JPEG + "e000104a464946",
    "89504e470a1a0a0000",  # a PNG that was copied as text, which turned 0D 0A into 0A
    PNG[:-2],
    "89504e4700000000",
    "ffd8",
    "ffd800ff",
    "00" + JPEG,
    "474946383961",  # GIF
    "3c68746d6c3e",  # <html>
    "",
]
NAMES = ["cat/1.png", "cat/2.jpg", "dog/1.PNG", "dog/2.jpeg", "dog/3.txt", "owl/1.gif"]


def file(name, header=PNG, digest="a", size=70):
    """One file as the cases hold it: its header in hexadecimal."""
    return {"name": name, "size": size, "header": header, "digest": digest}


@st.composite
def folders(draw):
    """Files of which some are broken and some are copies."""
    return {
        "files": [
            file(
                name,
                draw(st.sampled_from(HEADERS[:4]) | st.sampled_from(HEADERS)),
                draw(st.sampled_from("abc")),
                draw(st.sampled_from([70, 1, 0])),
            )
            for name in draw(st.permutations(NAMES))[: draw(st.integers(0, 6))]
        ]
    }


@st.composite
def shuffles(draw):
    """Names, a shuffled list of their positions, and a share of which few make a whole number."""
    n = draw(st.integers(1, 9))
    return {
        "names": [f"{letter}.png" for letter in "abcdefghi"[:n]],
        "order": draw(st.permutations(range(n))),
        "val_fraction": draw(st.sampled_from([0.25, 0.5, 0.375, 0.75, 0.0, 1.0])),
    }


def images(n=3, channels=None):
    """Small uint8 images: up to n of them, each up to 3 x 3."""
    counts = st.sampled_from([1, 3]) if channels is None else st.just(channels)
    sides = st.integers(1, 3)
    return st.tuples(st.integers(1, n), sides, sides, counts).flatmap(
        lambda shape: whole(shape, 0, 255, "uint8")
    )


@st.composite
def rescalings(draw):
    """Images, a mode, and statistics that are not their own."""
    pixels = draw(images())
    channels = pixels.shape[-1]
    return {
        "images": pixels,
        "mode": draw(st.sampled_from(["unit", "symmetric", "standardize"])),
        "mean": draw(whole((channels,), 0, 1000)).astype("float32") / 4,
        "std": draw(whole((channels,), 0, 8)).astype("float32") * 16,
    }


@st.composite
def parts(draw):
    """A training and a validation part."""
    channels = draw(st.sampled_from([1, 3]))
    return {"train": draw(images(3, channels)), "validation": draw(images(2, channels))}


LEVELS = np.array([0, 127, 128, 255, 3, 254], "uint8")
GREY = LEVELS.reshape(1, 2, 3, 1)
COLOUR = np.stack([np.roll(LEVELS.reshape(2, 3), i, axis=1) for i in range(3)], axis=-1)[None]
STATISTICS = {"mean": np.array([100, 130.5, 20], "float32"), "std": np.array([50, 0, 8], "float32")}
RED_IS_CONSTANT = np.array([[[[7, 0, 10], [7, 4, 250]], [[7, 0, 90], [7, 4, 30]]]], "uint8")
MODES = ["unit", "symmetric", "standardize"]


@probe(
    points=0.75,
    cases=folders(),
    examples=[
        {"files": [file("cat/1.png"), file("dog/7.jpg", JPEG, "b"), file("cat/3.png", digest="c", size=0)]},
        {"files": [file("cat/1.png"), file("dog/1.png"), file("dog/2.png", digest="b"), file("owl/1.png")]},
        {"files": [file("cat/1.jpg", "3c68746d6c3e"), file("dog/3.txt", JPEG, "b")]},
        {"files": [file("cat/1.png", size=0), file("cat/2.png"), file("cat/3.png")]},
        {"files": [file("cat/1.png", "474946383961"), file("cat/2.png")]},
        {"files": [file("cat/1.png"), file("cat/2.png", size=1), file("cat/3.png", HEADERS[2])]},
        {"files": [file(f"x/{i}.png", header, f"{i}") for i, header in enumerate(HEADERS)]},
        {"files": [file("cat/1.png", PNG, "a", 1), file("cat/2.jpg", JPEG, "b", 1)]},
        {"files": []},
    ],
    count=25,
    hints=(
        "Which of the four facts about a file can anybody change without touching the picture?",
        "A file that is thrown away for its header: should its digest make a later, sound file go too?",
    ),
)
def clean(impl, case):
    """The names that are kept, of files as they came and in reverse; their headers are shown in hexadecimal."""
    files = [{**entry, "header": bytes.fromhex(entry["header"])} for entry in case["files"]]
    return {
        "as they came": impl.keep_usable([dict(entry) for entry in files]),
        "in reverse": impl.keep_usable([dict(entry) for entry in files[::-1]]),
    }


@probe(
    points=0.75,
    cases=shuffles(),
    examples=[
        {"names": list("abcde"), "order": [3, 0, 4, 2, 1], "val_fraction": 0.5},
        {"names": list("abcdefg"), "order": [6, 2, 0, 1, 5, 3, 4], "val_fraction": 0.25},
        {"names": list("abc"), "order": [2, 0, 1], "val_fraction": 0.0},
        {"names": list("abc"), "order": [1, 2, 0], "val_fraction": 1.0},
        {"names": list("abc"), "order": [1, 2, 0], "val_fraction": 0.25},
        {"names": list("a"), "order": [0], "val_fraction": 0.75},
    ],
    count=25,
    hints=(
        "Can a name be in both parts? Can it be in none?",
        "How many of 7 names are a quarter of them, rounded down? Which end of the order do they come from?",
    ),
)
def parts_of_the_data(impl, case):
    """The names of the training part, then of the validation part."""
    return impl.split(case["names"], case["order"], case["val_fraction"])


@probe(
    points=0.75,
    cases=rescalings(),
    examples=[
        *({"images": COLOUR, "mode": mode, **STATISTICS} for mode in MODES),
        *(
            {
                "images": GREY,
                "mode": mode,
                "mean": np.array([100], "float32"),
                "std": np.array([50], "float32"),
            }
            for mode in MODES
        ),
        {
            "images": GREY,
            "mode": "standardize",
            "mean": np.array([100.5], "float32"),
            "std": np.array([0.25], "float32"),
        },
    ],
    count=25,
    agree=close(rtol=3e-4),
    hints=(
        "What should 0 and 255 become in each mode? Work out 100, too.",
        "Of which kind are the numbers at the moment when you subtract or divide?",
        "Which axis are the channels on, and what should happen to one whose std is 0?",
    ),
)
def rescaled(impl, case):
    """Images rescaled in one of the modes, with given statistics."""
    return impl.rescale(case["images"], case["mode"], (case["mean"], case["std"]))


@probe(
    points=0.25,
    cases=st.builds(lambda x, mode: {"images": x, "mode": mode}, images(2), st.sampled_from(MODES)),
    examples=[{"images": GREY, "mode": mode} for mode in reversed(MODES)],
    count=15,
    hints=("Which of the modes can do without statistics, and what should happen in the one that can't?",),
)
def without_statistics(impl, case):
    """Images rescaled, or not, where no statistics are given."""
    return rejected(impl.rescale, case["images"], case["mode"])


@probe(
    points=0.5,
    cases=parts(),
    examples=[
        {"train": COLOUR, "validation": COLOUR[:, :1, :2] // 2},
        {"train": RED_IS_CONSTANT, "validation": COLOUR},
        {"train": COLOUR % 2 + 100, "validation": COLOUR // 2},
        {"train": np.concatenate([GREY, GREY // 4, GREY // 2 + 90]), "validation": GREY[:, ::-1] // 3},
        {"train": RED_IS_CONSTANT.transpose(1, 2, 0, 3), "validation": 255 - RED_IS_CONSTANT},
    ],
    count=25,
    agree=close(rtol=1e-3, atol=1e-4),
    hints=(
        "When the model is in use, a single image arrives. Where would its mean and std come from?",
        "How many means does a set of colour images have, and over which axes is each taken?",
    ),
)
def no_leak(impl, case):
    """The statistics of the training part, and the validation part standardised by them."""
    mean, std = impl.channel_stats(case["train"])
    stats = np.array(mean, "float32"), np.array(std, "float32")
    return {
        "mean": mean,
        "std": std,
        "validation": impl.rescale(case["validation"], "standardize", stats),
    }
