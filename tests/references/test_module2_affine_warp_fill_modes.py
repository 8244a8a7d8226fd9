"""affine_warp_fill_modes against numpy's padding and turning, SciPy and Keras, and a hand-written table."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import ndimage

from keras_kata.grader import load_grader
from tests.references.loading import COURSE, reference

SLUG = "module2/affine_warp_fill_modes"

affine = reference(SLUG)
probes = load_grader(COURSE, COURSE[SLUG]).probes

MODES = ("constant", "nearest", "wrap", "reflect")
PADDING_OF_NUMPY = {"nearest": "edge", "wrap": "wrap", "reflect": "symmetric"}


@pytest.mark.parametrize(
    ("mode", "indices"),
    [
        ("constant", [None, None, None, None, 0, 1, 2, None, None, None, None]),
        ("nearest", [0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]),
        ("wrap", [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]),
        ("reflect", [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]),
    ],
)
def test_indices_are_those_of_the_instructions(mode, indices):
    assert [affine.resolve_index(i, 3, mode) for i in range(-4, 7)] == indices


@pytest.mark.parametrize("mode", sorted(PADDING_OF_NUMPY))
def test_indices_are_those_of_numpys_padding(mode):
    for n in range(1, 7):
        padded = np.pad(np.arange(n), 25, mode=PADDING_OF_NUMPY[mode])
        assert [affine.resolve_index(i, n, mode) for i in range(-25, n + 25)] == padded.tolist()


@pytest.mark.parametrize("mode", MODES)
def test_shifts_are_windows_of_the_padded_picture(mode):
    image = np.arange(24.0).reshape(3, 4, 2)
    fill = {"constant_values": 0.5} if mode == "constant" else {}
    padded = np.pad(image, [(9, 9), (9, 9), (0, 0)], mode=PADDING_OF_NUMPY.get(mode, mode), **fill)
    for dx, dy in itertools.product([-9, -3, 0, 1, 8], repeat=2):
        shifted = affine.warp(image, np.array([[1, 0, dx], [0, 1, dy]]), mode, 0.5)
        np.testing.assert_array_equal(shifted, padded[9 + dy : 12 + dy, 9 + dx : 13 + dx])


@pytest.mark.parametrize("turns", [-3, -1, 0, 1, 2, 5])
def test_quarter_turns_are_those_of_numpy(turns):
    for h, w in [(3, 3), (4, 4), (1, 1)] + ([(2, 5), (4, 3)] if turns % 2 == 0 else []):
        image = np.arange(h * w * 2.0).reshape(h, w, 2)
        turned = affine.warp(image, affine.rotation(90 * turns, h, w), "constant", -1)
        np.testing.assert_array_equal(turned, np.rot90(image, turns))


@pytest.mark.parametrize("degrees", [20, -75, 140])
def test_rotation_keeps_the_centre_and_all_distances(degrees):
    for h, w in [(3, 3), (4, 7), (1, 2)]:
        matrix, centre = affine.rotation(degrees, h, w), np.array([(w - 1) / 2, (h - 1) / 2])
        np.testing.assert_allclose(matrix @ [*centre, 1], centre)
        np.testing.assert_allclose(matrix[:, :2] @ matrix[:, :2].T, np.eye(2), atol=1e-12)


def test_small_turn_lifts_the_right_side():
    """What is on the right after a turn counter-clockwise was farther down before: rows count downwards."""
    _, row = affine.rotation(10, 5, 5) @ [4, 2, 1]
    assert row > 2


def test_shear_slides_rows_by_the_formula():
    for (x, y), s, (h, w) in itertools.product([(0, 0), (3, 1)], [-0.4, 1.2], [(4, 5), (3, 2)]):
        np.testing.assert_allclose(affine.shear(s, h, w) @ [x, y, 1], [x + s * (y - (h - 1) / 2), y])


def fifths(seed):
    """A matrix of multiples of 0.2: no place is halfway between two pixels."""
    return np.random.default_rng(seed).integers(-12, 13, (2, 3)) / 5


@pytest.mark.parametrize("mode", MODES)
def test_general_maps_are_those_of_scipy(mode):
    """SciPy works on (row, column), and by "wrap" it means something else."""
    named = "grid-wrap" if mode == "wrap" else mode
    image = np.random.default_rng(0).random((4, 5, 2))
    for seed in range(20):
        (a, b, p), (d, e, q) = matrix = fifths(seed)
        y, x = np.mgrid[:4, :5]
        places = np.rint([d * x + e * y + q, a * x + b * y + p])
        expected = [
            ndimage.map_coordinates(image[..., c], places, order=0, mode=named, cval=0.5) for c in range(2)
        ]
        np.testing.assert_array_equal(affine.warp(image, matrix, mode, 0.5), np.stack(expected, axis=-1))


@pytest.mark.tensorflow
@pytest.mark.parametrize("mode", ["constant", "nearest", "reflect"])
def test_general_maps_are_those_of_keras(mode):
    """All but "wrap", where TensorFlow's operation goes wrong outside of the neighbouring copies."""
    import keras

    image = np.random.default_rng(0).random((4, 5, 2)).astype("float32")
    for seed in range(20):
        matrix = fifths(seed)
        transform = np.append(matrix, [0, 0]).astype("float32")
        expected = keras.ops.image.affine_transform(image, transform, "nearest", mode, 0.5, "channels_last")
        np.testing.assert_array_equal(affine.warp(image, matrix, mode, np.float32(0.5)), expected)


def distance_from_halves(matrix, image):
    """How near the places that a map leads to come to the middle between two pixels."""
    h, w, _ = image.shape
    y, x = np.mgrid[:h, :w].reshape(2, -1)
    return np.abs((matrix @ [x, y, np.ones(h * w)]) % 1 - 0.5).min()


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(probes["rotate"].cases, probes["sheared"].cases, probes["general"].cases)
def test_no_case_of_the_grader_leads_between_two_pixels(turn, slide, general):
    for case, matrix in [
        (turn, affine.rotation(turn["degrees"], *turn["image"].shape[:2])),
        (slide, affine.shear(slide["s"], *slide["image"].shape[:2])),
        (general, general["matrix"]),
    ]:
        assert distance_from_halves(matrix, case["image"]) > 0.01


def test_no_example_of_the_grader_leads_between_two_pixels():
    for case in probes["rotate"].examples:
        matrix = affine.rotation(case["degrees"], *case["image"].shape[:2])
        assert distance_from_halves(matrix, case["image"]) > 0.01
    for case in probes["general"].examples:
        assert distance_from_halves(case["matrix"], case["image"]) > 0.01
    for case in probes["sheared"].examples:
        matrix = affine.shear(case["s"], *case["image"].shape[:2])
        assert distance_from_halves(matrix, case["image"]) > 0.01
