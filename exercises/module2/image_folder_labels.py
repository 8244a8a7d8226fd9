"""Labels from directory names, class modes, resized batches.

The usual way of labelling images is to sort them into directories: data/cat/1.png is a cat because it is in
the directory cat. Whoever reads such a folder has to settle which number stands for which class, what form
the labels take, and how images of different sizes fit into one array. If the order of the classes depends
on what the disk lists first, a model that was trained yesterday calls every cat a dog today.

1. The index. A file counts if all of these hold:

   - it is inside of a class directory: its path has at least one directory in it, and the first is its
     class, however deep the file lies below it (cat/kittens/2.png is a cat);
   - its name ends in .png, .jpg, .jpeg, .bmp or .gif, in capitals or not;
   - no part of its path begins with a dot; such files and directories are hidden.

   The classes are those of the files that count, so a directory without an image is no class. They are
   sorted as text, and the number of a class is its place in this order, from 0. As text, capitals come
   before small letters and "10" before "9". The paths are sorted as text, too, each as a whole.

       files         dog/b.png, cat/2.JPG, cat/notes.txt, dog/a.png, owl/.a.png
       paths         cat/2.JPG, dog/a.png, dog/b.png
       labels        0, 1, 1
       class names   cat, dog

2. The class mode says which form the labels take, and the loss has to fit to it:

       "sparse"       (n,)             the number of the class      sparse_categorical_crossentropy
       "categorical"  (n, n_classes)   one-hot: 0, and 1 at that    categorical_crossentropy
                                       number
       "binary"       (n, 1)           0 or 1; two classes only     binary_crossentropy
       None           no labels        as for an autoencoder

   (These names are from `flow_from_directory` of ImageDataGenerator, which is out of date.
   `keras.utils.image_dataset_from_directory` does the same today; there it is `label_mode`, and "int" means
   "sparse".)

3. The images. Each is resized to the same height and width, whatever its proportions were: no edge is cut
   off and no border added. Sizes are (height, width), in this order. Values stay in 0..255. Every image gets
   three channels; in a grey one they are equal. Images and labels are in the order of the index, so that
   row i of one belongs to row i of the other.

You may use Keras, TensorFlow or another library to read files; `tf.io.decode_image` reads all of these
formats (with `expand_animations=False`, a GIF gives its first picture). The interpolation is up to you.

It builds on module2/prepare_image_dataset, where images were cleaned, split and rescaled.
"""

import numpy as np
import tensorflow as tf


def index_folder(files: list[str]) -> tuple[list[str], list[int], list[str]]:
    """The images of a folder and their classes.

    Args:
        files: paths relative to the folder, with "/" between their parts, in any order, each once.

    Returns:
        (paths, labels, class_names): the paths that count, sorted; the number of the class of each; and
        the names of the classes, of which `class_names[label]` is the class of that number. All are empty
        if no file counts.
    """
    raise NotImplementedError


def encode_labels(labels: list[int], n_classes: int, class_mode: str | None) -> np.ndarray | None:
    """Labels in the form that a loss expects.

    Args:
        labels: n numbers of classes, in 0 to n_classes - 1, n at least 1.
        n_classes: how many classes there are; some may not occur among the labels.
        class_mode: "sparse", "categorical", "binary" or None.

    Returns:
        (n,) int32, (n, n_classes) float32 or (n, 1) float32, as in the table, or None.

    Raises:
        ValueError: the mode is "binary" and there are not two classes, or the mode is none of the four.
    """
    raise NotImplementedError


def load_folder(
    root: str, size: tuple[int, int], class_mode: str
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """All images of a folder, resized, with their labels.

    Args:
        root: the folder's path on disk. Each directory in it is a class with at least one image; other files may
            lie about, but nothing is hidden.
        size: (height, width) of the result.
        class_mode: "sparse", "categorical" or "binary"; the folder has two classes if it is "binary".

    Returns:
        (images, labels, class_names): (n, height, width, 3) float32 in 0..255; the labels in the form of
        the class mode; and the names of the classes.
    """
    raise NotImplementedError
