"""Crops against Keras and TensorFlow, ten views against a table of letters, averages against a sum."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

crops = reference("module2/crops_and_ensembling")

IMAGES = np.random.default_rng(0).normal(size=(3, 6, 5, 2)).astype("float32")
SIZES = list(itertools.product(range(1, 7), range(1, 6)))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (6, 5), (5, 2)])
@pytest.mark.parametrize("flip", [False, True])
def test_every_window_is_that_of_tensorflow(size, flip):
    image = IMAGES[0]
    source = tf.image.flip_left_right(image) if flip else image
    for top, left in itertools.product(range(-1, 7), range(-1, 6)):
        if 0 <= top <= 6 - size[0] and 0 <= left <= 5 - size[1]:
            expected = tf.image.crop_to_bounding_box(source, top, left, *size)
            np.testing.assert_array_equal(crops.flip_and_crop(image, flip, top, left, size), expected)
        else:
            with pytest.raises(ValueError, match="outside"):
                crops.flip_and_crop(image, flip, top, left, size)


def test_the_window_of_the_instructions():
    row = np.array([1, 2, 3, 4]).reshape(1, 4, 1)
    assert crops.flip_and_crop(row, True, 0, 0, (1, 2)).ravel().tolist() == [4, 3]


def test_every_center_is_that_of_keras():
    for size in SIZES:
        np.testing.assert_array_equal(crops.center_crop(IMAGES, size), keras.layers.CenterCrop(*size)(IMAGES))


@pytest.mark.parametrize("size", [(7, 5), (6, 6), (8, 1)])
def test_larger_windows_than_the_image_are_refused(size):
    for function in (crops.center_crop, crops.ten_crop):
        with pytest.raises(ValueError, match="outside"):
            function(IMAGES, size)


def test_the_ten_views_are_the_table_of_corners():
    names = np.array([list("abcde"), list("fghij"), list("klmno")])  # one letter a pixel
    codes = np.vectorize(ord)(names).reshape(1, 3, 5, 1)
    views = crops.ten_crop(codes, (2, 2))
    assert views.shape == (10, 1, 2, 2, 1)
    read = ["".join(map(chr, view.ravel())) for view in views]
    assert read == ["abfg", "deij", "fgkl", "ijno", "bcgh", "edji", "bagf", "jion", "gflk", "dcih"]


def test_the_ten_views_of_a_batch_are_those_of_each_image():
    for size in SIZES[::3]:
        views = crops.ten_crop(IMAGES, size)
        for i in range(3):
            np.testing.assert_array_equal(views[:, i : i + 1], crops.ten_crop(IMAGES[i : i + 1], size))


@pytest.mark.parametrize(("n_predictors", "v", "n", "classes"), [(1, 1, 1, 2), (3, 2, 4, 3), (2, 10, 1, 5)])
def test_ensembles_are_averages(n_predictors, v, n, classes):
    rng = np.random.default_rng(n_predictors)
    views, kernels = rng.normal(size=(v, n, 3)), rng.normal(size=(n_predictors, 3, classes))
    calls = []

    def predictor(kernel):
        def predict(x):
            calls.append(1)
            return tf.nn.softmax(x @ kernel).numpy()

        return predict

    probabilities, labels, evaluations = crops.ensemble_predict(
        [predictor(kernel) for kernel in kernels], views
    )
    assert evaluations == len(calls) == n_predictors * v
    for i in range(n):
        rows = [tf.nn.softmax((view[i] @ kernel)[None])[0].numpy() for view in views for kernel in kernels]
        expected = [sum(row[c] for row in rows) / len(rows) for c in range(classes)]
        np.testing.assert_allclose(probabilities[i], expected)
        assert labels[i] == max(range(classes), key=expected.__getitem__)
