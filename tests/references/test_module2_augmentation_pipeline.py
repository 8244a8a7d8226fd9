"""The reference against numpy's turns and shifts, sets of examples, and a simulation in small steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

pipeline = reference("module2/augmentation_pipeline")

PICTURE = np.random.default_rng(0).uniform(size=(6, 6, 2)).astype("float32")


def augmented(*settings, copies=1):
    layer = pipeline.build_augmenter(*settings, seed=5)
    return np.asarray(layer(np.tile(PICTURE, (copies, 1, 1, 1)), training=True))


def test_a_quarter_turn_is_what_numpy_gives():
    turned = augmented(False, (0.25, 0.25), None, "constant")[0]
    np.testing.assert_allclose(turned, np.rot90(PICTURE), atol=1e-4)


def test_a_shift_by_whole_pixels_wraps_as_numpy_rolls():
    moved = augmented(False, None, (0.5, 0.5), "wrap")[0]
    np.testing.assert_allclose(moved, np.roll(PICTURE, (3, 3), axis=(0, 1)), atol=1e-5)


def test_half_of_the_pictures_are_mirrored_before_they_are_moved():
    moved = augmented(True, None, (0.5, 0.5), "wrap", copies=60)
    straight = np.roll(PICTURE, (3, 3), axis=(0, 1))
    mirrored = np.roll(PICTURE[:, ::-1], (3, 3), axis=(0, 1))
    is_mirrored = [np.allclose(one, mirrored, atol=1e-5) for one in moved]
    assert all(
        flag or np.allclose(one, straight, atol=1e-5) for flag, one in zip(is_mirrored, moved, strict=True)
    )
    assert 10 < sum(is_mirrored) < 50


def test_nothing_happens_at_inference_or_where_all_is_skipped():
    layer = pipeline.build_augmenter(True, (-0.5, 0.5), (-0.5, 0.5), "wrap", 1)
    np.testing.assert_array_equal(layer(PICTURE[None], training=False), PICTURE[None])
    np.testing.assert_array_equal(augmented(False, None, None, "wrap"), PICTURE[None])


def test_training_data_are_the_examples_in_another_order():
    images = np.arange(24, dtype="float32").reshape(6, 2, 2, 1)
    labels = np.arange(6)
    plain = list(pipeline.make_dataset(images, labels, 4))
    assert [len(y) for _, y in plain] == [4, 2]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in plain]), images)
    seen = list(pipeline.make_dataset(images, labels, 4, keras.layers.Identity(), 1))
    order = np.concatenate([y for _, y in seen])
    assert sorted(order) == list(labels) != list(order)
    np.testing.assert_array_equal(np.concatenate([x for x, _ in seen]), images[order])


def test_an_augmenter_in_front_of_a_model():
    class Doubled(keras.layers.Layer):
        def call(self, x, training=True):
            return 2 * x if training else x

    model = keras.Sequential([keras.Input((2, 1, 1)), keras.layers.Flatten()])
    combined = pipeline.with_augmentation(Doubled(), model)
    x = tf.constant([[[[1.0]], [[3.0]]]])
    np.testing.assert_array_equal(combined(x, training=False), [[1, 3]])
    np.testing.assert_array_equal(combined(x, training=True), [[2, 6]])


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
@pytest.mark.parametrize(("augment", "train"), [(2, 1), (1, 2), (3, 3), (0, 1), (5, 0)])
def test_the_clock_against_a_simulation_second_by_second(workers, augment, train):
    for n in range(6):
        ready = [augment * (i // workers + 1) for i in range(n)] if workers else [0] * n
        work = [train if workers else train + augment] * n
        second, batch, left = 0, 0, None
        while batch < n:
            if left is None and ready[batch] <= second:
                left = work[batch]
            if left == 0:
                batch, left = batch + 1, None
                continue
            second += 1
            left = None if left is None else left - 1
        assert pipeline.epoch_seconds(n, augment, train, workers) == second
