"""Cleaning and splitting against what must hold for any answer; rescaling against Keras's own layers."""

import itertools
import zlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

prepare = reference("module2/prepare_image_dataset")

PICTURES = np.random.default_rng(0).integers(0, 256, (6, 5, 4, 3)).astype("uint8")


def file(name, content):
    return {"name": name, "size": len(content), "header": content[:8], "digest": str(zlib.crc32(content))}


def test_files_that_tensorflow_writes_are_kept_and_others_are_not():
    png = tf.io.encode_png(PICTURES[0]).numpy()
    jpeg = tf.io.encode_jpeg(PICTURES[0]).numpy()
    files = [
        file("a/1.txt", png),
        file("a/2.png", b"<html></html>"),
        file("b/3.png", jpeg),
        file("b/4.png", b""),
        file("c/5.png", png),
        file("c/6.png", png.replace(b"\r\n", b"\n")),
        file("c/7.png", tf.io.encode_png(PICTURES[1]).numpy()),
    ]
    assert prepare.keep_usable(files) == ["a/1.txt", "b/3.png", "c/7.png"]


def test_each_usable_picture_is_kept_once_where_it_first_comes():
    pool = [
        {"name": "", "size": size, "header": header, "digest": digest}
        for size, header, digest in itertools.product((0, 9), (b"\xff\xd8\xff\xe0", b"GIF89a"), "ab")
    ]
    for chosen in itertools.product(pool, repeat=3):
        files = [{**entry, "name": str(place)} for place, entry in enumerate(chosen)]
        kept = [files[int(name)] for name in prepare.keep_usable(files)]
        sound = [entry for entry in files if entry["size"] == 9 and entry["header"] != b"GIF89a"]
        assert {entry["digest"] for entry in kept} == {entry["digest"] for entry in sound}
        assert all(
            entry is next(other for other in sound if other["digest"] == entry["digest"]) for entry in kept
        )


@pytest.mark.parametrize("fraction", [0.0, 0.125, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_the_parts_are_the_order_cut_once(n, fraction):
    names = [str(i) for i in range(n)]
    order = np.random.default_rng(n).permutation(n).tolist()
    train, val = prepare.split(names, order, fraction)
    assert len(val) <= n * fraction < len(val) + 1
    assert [int(name) for name in val + train] == order


def test_the_split_of_the_instructions():
    assert prepare.split(list("abcde"), [3, 0, 4, 2, 1], 0.5) == (list("ecb"), list("da"))


@pytest.mark.parametrize(("mode", "scale", "offset"), [("unit", 1 / 255, 0), ("symmetric", 1 / 127.5, -1)])
def test_the_fixed_ranges_are_those_of_keras_rescaling(mode, scale, offset):
    layer = keras.layers.Rescaling(scale, offset)
    np.testing.assert_allclose(prepare.rescale(PICTURES, mode), layer(PICTURES), atol=1e-6)


def test_standardize_is_keras_normalization_adapted_to_the_training_part():
    train, validation = PICTURES[:4], PICTURES[4:]
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(train.astype("float32"))
    mean, std = prepare.channel_stats(train)
    np.testing.assert_allclose(mean, layer.mean.numpy().ravel(), rtol=1e-5)
    np.testing.assert_allclose(std, layer.variance.numpy().ravel() ** 0.5, rtol=1e-5)
    received = prepare.rescale(validation, "standardize", (mean, std))
    np.testing.assert_allclose(received, layer(validation.astype("float32")), rtol=1e-4, atol=1e-5)


def test_a_constant_channel_is_shifted_only():
    train = np.array([[[[7, 0]], [[7, 4]]]], "uint8")
    mean, std = prepare.channel_stats(train)
    assert (mean.tolist(), std.tolist()) == ([7.0, 2.0], [0.0, 2.0])
    assert prepare.rescale(np.array([[[[10, 8]]]], "uint8"), "standardize", (mean, std)).tolist() == [
        [[[3.0, 3.0]]]
    ]


def test_standardize_without_statistics_is_refused():
    with pytest.raises(ValueError, match="needs the mean"):
        prepare.rescale(PICTURES, "standardize")
