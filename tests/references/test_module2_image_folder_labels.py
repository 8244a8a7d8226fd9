"""The index against a table and every order of listing; labels and loading against Keras's own."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

folder = reference("module2/image_folder_labels")


def test_the_index_is_the_table_whatever_the_order_of_listing():
    files = ["dog/b.png", "cat/2.JPG", "cat/notes.txt", "dog/a.png", "owl/.a.png"]
    for listed in itertools.permutations(files):
        expected = (["cat/2.JPG", "dog/a.png", "dog/b.png"], [0, 1, 1], ["cat", "dog"])
        assert folder.index_folder(list(listed)) == expected


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("9/x/y/1.gif", "9"),
        ("a.png/1.bmp", "a.png"),
        ("a/1.x.Jpeg", "a"),
        ("1.png", None),
        ("a/.x/1.png", None),
        (".a/1.png", None),
        ("a/.png", None),
        ("a/png", None),
        ("a/1.png/2.tif", None),
    ],
)
def test_which_files_count_and_for_which_class(file, name):
    expected = ([file], [0], [name]) if name else ([], [], [])
    assert folder.index_folder([file]) == expected


def test_paths_and_classes_are_sorted_each_as_text():
    paths, labels, class_names = folder.index_folder(
        ["a/1.png", "a-b/1.png", "B/1.png", "9/1.png", "10/1.png"]
    )
    assert class_names == ["10", "9", "B", "a", "a-b"]
    assert paths == ["10/1.png", "9/1.png", "B/1.png", "a-b/1.png", "a/1.png"]
    assert labels == [0, 1, 2, 4, 3]


@pytest.mark.parametrize("n_classes", [1, 2, 5])
def test_one_hot_labels_are_those_of_keras(n_classes):
    labels = [i % n_classes for i in (3, 0, 1, 1)]
    expected = keras.utils.to_categorical(labels, n_classes)
    np.testing.assert_array_equal(folder.encode_labels(labels, n_classes, "categorical"), expected)
    assert folder.encode_labels(labels, n_classes, "sparse").tolist() == labels
    assert folder.encode_labels(labels, n_classes, None) is None


def test_binary_labels_are_a_column_for_two_classes_only():
    assert folder.encode_labels([1, 0], 2, "binary").tolist() == [[1.0], [0.0]]
    for n_classes, mode in [(1, "binary"), (3, "binary"), (2, "int"), (2, "")]:
        with pytest.raises(ValueError, match="class_mode"):
            folder.encode_labels([0, 0], n_classes, mode)


@pytest.mark.parametrize("class_mode", ["sparse", "categorical", "binary"])
def test_loading_is_what_keras_loads(tmp_path, class_mode):
    rng = np.random.default_rng(0)
    for path in ("b/2.png", "b/1.PNG", "a/z.jpg", "a/b/3.png", "stray.png"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (rng.integers(2, 9), rng.integers(2, 9), 3)).astype("uint8")
        encode = tf.io.encode_jpeg if path.endswith("jpg") else tf.io.encode_png
        file.write_bytes(encode(pixels).numpy())
    images, labels, class_names = folder.load_folder(str(tmp_path), (4, 7), class_mode)
    assert class_names == ["a", "b"]
    assert images.shape == (4, 4, 7, 3)
    mode = {"sparse": "int"}.get(class_mode, class_mode)
    data = keras.utils.image_dataset_from_directory(
        tmp_path, label_mode=mode, image_size=(4, 7), shuffle=False, batch_size=8, verbose=False
    )
    theirs, their_labels = next(iter(data))
    order = [1, 0, 2, 3]  # Keras lists the files of a directory before those of its subdirectories
    np.testing.assert_allclose(images, theirs.numpy()[order], atol=1e-3)
    np.testing.assert_array_equal(labels, their_labels)
