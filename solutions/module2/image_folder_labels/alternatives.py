"""Other right answers about image folders and labels."""

import os
import re
from pathlib import PurePosixPath

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import encode_labels, index_folder


@instead_of("index_folder")
def by_pathlib(files):
    """PurePosixPath, a dict from class to number, arrays of labels."""
    kept = []
    for file in map(PurePosixPath, files):
        if file.suffix.lower() not in {".png", ".jpg", ".jpeg", ".bmp", ".gif"} or len(file.parts) < 2:
            continue
        if not [part for part in file.parts if part[0] == "."]:
            kept.append(str(file))
    kept.sort()
    numbers = {name: i for i, name in enumerate(sorted({PurePosixPath(file).parts[0] for file in kept}))}
    return kept, np.array([numbers[PurePosixPath(file).parts[0]] for file in kept], int), list(numbers)


@instead_of("index_folder")
def by_a_regular_expression(files):
    """One pattern for all conditions; numpy finds the classes; a list of lists."""
    pattern = re.compile(r"([^./][^/]*)/([^./][^/]*/)*[^./][^/]*\.(png|jpe?g|bmp|gif)", re.IGNORECASE)
    found = sorted(match.group() for match in map(pattern.fullmatch, files) if match)
    names, labels = np.unique([path.partition("/")[0] for path in found], return_inverse=True)
    return [found, labels.tolist(), names.tolist() if found else []]


@instead_of("encode_labels")
def by_keras(labels, n_classes, class_mode):
    """keras.utils.to_categorical, and a dictionary of functions."""
    if class_mode == "binary" and n_classes != 2:
        raise ValueError("binary")
    forms = {
        "sparse": lambda: list(labels),
        "categorical": lambda: keras.utils.to_categorical(labels, n_classes),
        "binary": lambda: tf.reshape(tf.cast(labels, tf.float32), (-1, 1)),
        None: lambda: None,
    }
    if class_mode not in forms:
        raise ValueError("unknown")
    return forms[class_mode]()


@instead_of("encode_labels")
def nested_lists(labels, n_classes, class_mode):
    """Plain Python lists, and assertions."""
    assert class_mode in ("sparse", "categorical", "binary", None)
    match class_mode:
        case "categorical":
            return [[1.0 if k == label else 0.0 for k in range(n_classes)] for label in labels]
        case "binary":
            assert n_classes == 2
            return [[label] for label in labels]
        case "sparse":
            return tuple(labels)
    return None


@instead_of("load_folder")
def by_image_dataset_from_directory(root, size, class_mode):
    """Keras's own reader, in the order of the names."""
    mode = {"sparse": "int"}.get(class_mode, class_mode)
    data = keras.utils.image_dataset_from_directory(
        root, label_mode=mode, image_size=size, shuffle=False, batch_size=None, verbose=False
    )
    images, labels = zip(*data, strict=True)
    return np.stack(images), np.stack(labels), data.class_names


@instead_of("load_folder")
def by_os_walk_and_pillow(root, size, class_mode):
    """os.walk and load_img, which uses Pillow and its own interpolation."""
    files = []
    for folder, _, names in os.walk(root):
        files += [os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in names]
    paths, labels, class_names = index_folder(files)
    images = np.zeros((len(paths), *size, 3), "float32")
    for i, path in enumerate(paths):
        image = keras.utils.load_img(os.path.join(root, path), target_size=size, interpolation="bicubic")
        images[i] = keras.utils.img_to_array(image)
    return images, encode_labels(labels, len(class_names), class_mode), class_names
