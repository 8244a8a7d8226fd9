"""Pictures of arrays, and the text that says the same."""

import base64
import io
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from keras_kata.pictures import Picture, compared, is_drawable, single

from .support import table


def pixels(picture: Picture | None) -> np.ndarray:
    assert picture is not None
    head, _, data = picture.uri.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))


@pytest.mark.parametrize(
    ("value", "drawable"),
    table(
        [
            ("matrix", np.eye(2), True),
            ("mask", np.eye(3, dtype=bool), True),
            ("integers", np.arange(6).reshape(2, 3), True),
            ("image", np.zeros((4, 5, 3), "uint8"), True),
            ("grey image", np.zeros((4, 5, 1)), True),
            ("batch of images", np.zeros((2, 4, 5, 3)), True),
            ("attention", np.zeros((2, 3, 4, 4)), True),
            ("kernels", np.zeros((3, 3, 2, 4)), True),
            ("batch of masks", np.zeros((2, 4, 4), bool), True),
            ("row", np.zeros(5), False),
            ("one row", np.zeros((1, 5)), False),
            ("one column", np.zeros((5, 1)), False),
            ("empty", np.zeros((0, 4)), False),
            ("enormous", np.zeros((2, 2000)), False),
            ("text", np.array([["a", "b"], ["c", "d"]]), False),
            ("complex", np.eye(2) * 1j, False),
            ("objects", np.array([[None, 1], [2, 3]]), False),
            ("five axes", np.zeros((2, 2, 2, 2, 2)), False),
            ("a list", [[1, 2], [3, 4]], False),
            ("a number", 3.0, False),
        ]
    ),
)
def test_what_is_drawn(value: Any, drawable: bool) -> None:
    assert is_drawable(value) is drawable
    if drawable:
        assert pixels(single("x", value)).std() >= 0


def test_the_text_says_shapes_ranges_and_where_they_differ() -> None:
    expected = np.arange(6, dtype="float32").reshape(2, 3)
    received = expected.copy()
    received[1, 2], received[1, 0] = 9, 2.5
    picture = compared(received, expected)
    assert picture is not None
    assert picture.alt == (
        "Received: 2 x 3, values from 0 to 9. Expected: 2 x 3, values from 0 to 5. "
        "They differ at 2 of 6 places, first at [1, 0], by at most 4."
    )


def test_equal_values_are_said_to_be_so_and_nan_equals_nan() -> None:
    value = np.array([[1, np.nan], [np.inf, 2]])
    picture = compared(value, value.copy())
    assert picture is not None
    assert picture.alt.endswith("The values are the same.")
    assert "2 of them NaN or infinite" in picture.alt


def test_other_shapes_are_drawn_without_a_difference() -> None:
    alone = pixels(compared(np.eye(3), np.eye(4)))
    beside = pixels(compared(np.eye(3), np.eye(3)))
    assert alone.shape[1] * 3 == beside.shape[1] * 2


def test_received_and_expected_share_one_scale_of_colours() -> None:
    """Twice as large, a matrix would look the same on a scale of its own."""
    half, whole = np.array([[0, 1], [1, 0]]), np.array([[0, 2], [2, 0]])
    picture = pixels(compared(half, whole))
    left, middle, _ = np.array_split(picture, 3, axis=1)
    # The brightest colour of the scale, yellow, is only where the 2 are.
    yellow = [
        ((part[..., 0] > 240) & (part[..., 1] > 220) & (part[..., 2] < 60)).sum() for part in (left, middle)
    ]
    assert yellow[1] > 1.5 * yellow[0]


def test_a_colour_image_looks_as_it_is() -> None:
    image = np.zeros((4, 4, 3), "uint8")
    image[...] = (200, 30, 60)
    found = pixels(single("image", image))
    assert (np.abs(found.astype(int) - (200, 30, 60)).max(axis=-1) < 3).mean() > 0.3


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16", "float64"])
def test_differences_of_every_kind_of_number_are_right(dtype: str) -> None:
    one, other = np.array([[0, 1], [1, 1]]).astype(dtype), np.array([[1, 1], [1, 0]]).astype(dtype)
    picture = compared(one, other)
    assert picture is not None
    assert "differ at 2 of 4 places, first at [0, 0], by at most 1." in picture.alt


def test_without_matplotlib_there_are_no_pictures_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matplotlib.figure", "matplotlib.backends.backend_agg"):
        monkeypatch.setitem(sys.modules, name, None)
    assert single("x", np.eye(2)) is None
    assert compared(np.eye(2), np.eye(2)) is None
    assert is_drawable(np.eye(2))


def test_no_state_of_pyplot_is_touched() -> None:
    code = (
        "import sys, numpy; from keras_kata.pictures import single; "
        "print(single('x', numpy.eye(2)) is not None, 'matplotlib.pyplot' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "True False\n"
