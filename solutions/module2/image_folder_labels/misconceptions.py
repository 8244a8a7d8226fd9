"""Wrong answers about image folders and labels that people give."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import _counts, encode_labels, index_folder, load_folder


def _index(paths, classes, class_names):
    return paths, [class_names.index(name) for name in classes], class_names


@instead_of("index_folder")
def listing_order(files):
    """You number the classes in the order in which they first come up. That order depends on the disk, so the
    same class can have another number tomorrow; sort the names."""
    paths, _, _ = index_folder(files)
    listed = [path.split("/")[0] for path in files if path in paths]
    return _index(paths, [path.split("/")[0] for path in paths], list(dict.fromkeys(listed)))


@instead_of("index_folder")
def paths_not_sorted(files):
    """You leave the paths in the order in which they were listed. That order depends on the disk; sort
    them."""
    paths, _, class_names = index_folder(files)
    kept = [path for path in files if path in paths]
    return _index(kept, [path.split("/")[0] for path in kept], class_names)


@instead_of("index_folder")
def natural_number_sort(files):
    """You sort names that are numbers by their value, 9 before 10. Here they are sorted as text, as Keras
    does, and text is compared from the left, one character at a time."""
    paths, _, class_names = index_folder(files)
    ordered = sorted(
        class_names, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else name)
    )
    return _index(paths, [path.split("/")[0] for path in paths], ordered)


@instead_of("index_folder")
def capitals_ignored_in_sort(files):
    """You sort the class names as if there were no capitals. As text, all capitals come before all small
    letters."""
    paths, _, class_names = index_folder(files)
    return _index(paths, [path.split("/")[0] for path in paths], sorted(class_names, key=str.lower))


@instead_of("index_folder")
def capitals_ignored_everywhere(files):
    """You sort paths and class names as if there were no capitals. As text, all capitals come before all small
    letters."""
    paths, _, class_names = index_folder(files)
    paths = sorted(paths, key=str.lower)
    return _index(paths, [path.split("/")[0] for path in paths], sorted(class_names, key=str.lower))


@instead_of("index_folder")
def paths_sorted_class_by_class(files):
    """You sort the paths within each class and put the classes one after the other. The paths are sorted as
    whole text: a-b/1.png comes before a/1.png, since a hyphen comes before a slash."""
    paths, _, class_names = index_folder(files)
    paths = sorted(paths, key=lambda path: (path.split("/")[0], path))
    return _index(paths, [path.split("/")[0] for path in paths], class_names)


@instead_of("index_folder")
def label_from_file_name(files):
    """You take the class from the file's own name. What an image shows is told by the directory that it is
    in; its own name may say anything."""
    paths, _, _ = index_folder(files)
    classes = [path.split("/")[-1].split(".")[0].split("_")[0] for path in paths]
    return _index(paths, classes, sorted(set(classes)))


@instead_of("index_folder")
def immediate_parent_class(files):
    """You take the directory right above the file for its class. Files that lie deeper belong to the first
    directory of their path."""
    paths, _, _ = index_folder(files)
    classes = [path.split("/")[-2] for path in paths]
    return _index(paths, classes, sorted(set(classes)))


@instead_of("index_folder")
def empty_classes_kept(files):
    """You make a class of every directory, also of one without an image that counts. The network would get
    an output for which there is no example, and all later classes another number."""
    paths, _, _ = index_folder(files)
    names = sorted({path.split("/")[0] for path in files if "/" in path and not path.startswith(".")})
    return _index(paths, [path.split("/")[0] for path in paths], names)


@instead_of("index_folder")
def labels_from_one(files):
    """You count the classes from 1. Losses and one-hot rows count from 0."""
    paths, labels, class_names = index_folder(files)
    return paths, [label + 1 for label in labels], class_names


@instead_of("_counts")
def capitals_in_endings_refused(parts):
    """You only accept endings in small letters. Many cameras write .JPG; such a file is as good."""
    hidden = any(part.startswith(".") for part in parts)
    return len(parts) > 1 and not hidden and parts[-1].endswith((".png", ".jpg", ".jpeg", ".bmp", ".gif"))


@instead_of("_counts")
def all_endings_accepted(parts):
    """You keep files whatever they end in. There are often notes and tables beside images, and decoding
    these stops the program."""
    return len(parts) > 1 and not any(part.startswith(".") for part in parts)


@instead_of("_counts")
def only_hidden_names_skipped(parts):
    """You skip files that begin with a dot and keep those in hidden directories. A hidden directory, such as
    a cache, hides all that is in it."""
    return _counts([*(part.lstrip(".") for part in parts[:-1]), parts[-1]])


@instead_of("_counts")
def hidden_files_kept(parts):
    """You keep hidden files. A name that begins with a dot belongs to the system or to a program, even if it
    ends like an image."""
    return _counts([part.lstrip(".") for part in parts])


@instead_of("_counts")
def files_outside_of_classes_kept(parts):
    """You keep files that lie directly in the folder. They are in no class directory, so nobody knows what
    they show; your code takes their own name for the class."""
    return _counts(["directory", *parts])


@instead_of("encode_labels")
def one_hot_off_by_one(labels, n_classes, class_mode):
    """Your one-hot rows have their 1 one place too early, as if labels began at 1. Label 0 belongs to the
    first place."""
    if class_mode == "categorical":
        return np.eye(n_classes)[np.array(labels) - 1]
    return encode_labels(labels, n_classes, class_mode)


@instead_of("encode_labels")
def columns_from_the_labels(labels, n_classes, class_mode):
    """Your one-hot rows have as many columns as the largest label asks for. If the last class does not occur,
    they are too short; the number of classes is handed in."""
    if class_mode == "categorical":
        return np.eye(max(labels) + 1)[labels]
    return encode_labels(labels, n_classes, class_mode)


@instead_of("encode_labels")
def binary_without_column(labels, n_classes, class_mode):
    """Your binary labels have the shape (n,). They have one column, (n, 1), like the output of a single
    sigmoid unit."""
    encoded = encode_labels(labels, n_classes, class_mode)
    return encoded[:, 0] if class_mode == "binary" else encoded


@instead_of("encode_labels")
def sparse_with_column(labels, n_classes, class_mode):
    """Your sparse labels have a column of their own, (n, 1). They are plain numbers, (n,)."""
    encoded = encode_labels(labels, n_classes, class_mode)
    return encoded[:, None] if class_mode == "sparse" else encoded


@instead_of("encode_labels")
def binary_for_any_number_of_classes(labels, n_classes, class_mode):
    """You accept the binary mode for any number of classes. One number between 0 and 1 can tell two classes
    apart, and no more; refuse the others."""
    if class_mode == "binary":
        return np.array(labels, "float32")[:, None]
    return encode_labels(labels, n_classes, class_mode)


@instead_of("encode_labels")
def unknown_mode_accepted(labels, n_classes, class_mode):
    """You treat a mode that you do not know like one that you know. A slip of the pen would go unnoticed
    until the loss complains; refuse it."""
    if class_mode not in ("categorical", "binary", None):
        return np.array(labels)
    return encode_labels(labels, n_classes, class_mode)


@instead_of("load_folder")
def width_height_swapped(root, size, class_mode):
    """You resize to (width, height). TensorFlow and Keras have the height first; many programs for images
    have it the other way round."""
    return load_folder(root, size[::-1], class_mode)


@instead_of("load_folder")
def rescaled_silently(root, size, class_mode):
    """You bring the values to 0..1. That is a step of its own, often a layer of the model; who does it again
    gets images that are nearly black."""
    images, labels, class_names = load_folder(root, size, class_mode)
    return images / 255, labels, class_names


@instead_of("load_folder")
def shuffled_images_only(root, size, class_mode):
    """Your images are in another order than the labels, so cats are called dogs. If you shuffle, or read the
    folder a second time, both have to follow one order."""
    images, labels, class_names = load_folder(root, size, class_mode)
    return images[::-1], labels, class_names


@instead_of("load_folder")
def cut_or_padded(root, size, class_mode):
    """You cut large images and put black borders around small ones. Resize them: the whole image should fill
    the whole size."""
    images, labels, class_names = load_folder(root, size, class_mode)
    paths, _, _ = index_folder(_files(root))
    shapes = [tf.io.decode_image(tf.io.read_file(f"{root}/{path}")).shape[-3:-1] for path in paths]
    fitted = [
        tf.image.resize_with_crop_or_pad(tf.image.resize(image, shape), *size)
        for image, shape in zip(images, shapes, strict=True)
    ]
    return np.stack(fitted), labels, class_names


@instead_of("load_folder")
def edges_cut_off(root, size, class_mode):
    """You cut the edges off where an image is wider or higher than the size asked for. The whole image is to be
    there, even if that changes its proportions."""
    _, labels, class_names = load_folder(root, size, class_mode)
    paths, _, _ = index_folder(_files(root))
    images = [
        tf.io.decode_image(tf.io.read_file(f"{root}/{path}"), channels=3, expand_animations=False)
        for path in paths
    ]
    cut = [keras.preprocessing.image.smart_resize(image.numpy(), size) for image in images]
    return np.stack(cut), labels, class_names


@instead_of("load_folder")
def one_format_only(root, size, class_mode):
    """You read all files with the decoder of one format. Files of the others, such as BMP, stop it; there is a
    function that finds out by itself which format a file has."""
    _, labels, class_names = load_folder(root, size, class_mode)
    paths, _, _ = index_folder(_files(root))
    images = [tf.io.decode_png(tf.io.read_file(f"{root}/{path}"), channels=3) for path in paths]
    return np.stack([tf.image.resize(image, size) for image in images]), labels, class_names


@instead_of("load_folder")
def class_mode_ignored(root, size, class_mode):
    """You return the plain numbers of the classes, whatever class mode is asked."""
    images, _, class_names = load_folder(root, size, None)
    return images, index_folder(_files(root))[1], class_names


def _files(root):
    return [path[len(root) + 1 :] for path in tf.io.gfile.glob([f"{root}/{'*/' * n}*" for n in range(4)])]
