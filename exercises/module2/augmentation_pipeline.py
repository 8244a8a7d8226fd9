"""Augmentation on the fly, in parallel, on training data only.

Augmentation shows a network each picture in ever new versions: mirrored, turned a little, moved a little. The
copies are not stored. They are made while training runs, by layers that draw at random what to do with each
picture, anew in every epoch. The pictures that measure the network stay as they are.

1. `build_augmenter` makes such a layer, or a model of several, that does these steps, in this order:

       flip        left and right exchanged, for about half of the pictures   only if horizontal_flip is True
       rotate      by a share of a full turn, drawn between lo and hi         not if rotation is None
       translate   by a share of the height, and one of the width, each       not if translation is None
                   drawn between lo and hi

   The shares are Keras's factors. Example: rotation = (0.25, 0.25) always turns by a quarter of a full turn,
   90 degrees, and translation = (0.5, 0.5) always moves a picture of 4 x 6 pixels by 2 rows and 3 columns, both
   in Keras's directions. What becomes empty is filled as the fill mode says, and points between pixels are
   interpolated bilinearly, as Keras does by itself. Called with training=False it changes nothing; so it does
   where all steps are skipped. (Keras's random layers act at random also when `training` is not given at all!)
   The same seed gives the same random choices every time, another seed gives others.

2. `make_dataset` turns arrays into a `tf.data.Dataset` of batches (images, labels).

       without an augmenter   every picture as it is, in the order of the arrays
       with an augmenter      the examples are shuffled (not just whole batches, nor only among neighbours: any
                              example may come first), then augmented, called with training=True, in parallel
                              (the data set works on several batches or pictures at the same time), and anew in
                              each epoch

   A label always stays with its picture. The last batch may be smaller; no example is lost. The arrays that were
   handed in stay as they are. The same seed gives the same order in the first epoch, however long each picture
   takes, and another seed gives another; whether later epochs have other orders is up to you.

3. `with_augmentation` puts an augmenter in front of a model. Called with training=True, the result augments and
   then runs the model in training mode; with training=False it gives just what the model gives by itself.

4. `epoch_seconds` tells what working in parallel saves. An epoch has n_batches batches, numbered i = 0, 1, ...
   Augmenting one takes augment_s seconds, training on one train_s. Without workers (0) the trainer does both,
   one after the other. With workers, batch i is ready at

       augment_s * (floor(i / workers) + 1)

   and training on it starts as soon as it is ready and the trainer has finished the batch before. Example: 3
   batches, augment_s = 2, train_s = 1. Without workers: 3 * (2 + 1) = 9. With two: ready at 2, 2 and 4; trained
   from 2 to 3, 3 to 4, and 4 to 5; the answer is 5.

Other steps, prefetching and measuring real time are not asked. It follows on module2/affine_warp_fill_modes,
which said what turning, moving and filling do. (The old `ImageDataGenerator` is gone from Keras.)
"""

import keras
import numpy as np
import tensorflow as tf


def build_augmenter(
    horizontal_flip: bool,
    rotation: tuple[float, float] | None,
    translation: tuple[float, float] | None,
    fill_mode: str,
    seed: int,
) -> keras.layers.Layer:
    """Make a layer, or a model of layers, that augments images.

    Args:
        horizontal_flip: whether pictures are mirrored at random.
        rotation: lo and hi, shares of a full turn, or None.
        translation: lo and hi, shares of height and width, or None.
        fill_mode: "constant" (with 0), "nearest", "reflect" or "wrap".
        seed: for all random choices.

    Returns:
        What takes (batch, h, w, c) float32 and gives the same shape; called with `training`.
    """
    raise NotImplementedError


def make_dataset(
    images: np.ndarray,
    labels: np.ndarray,
    batch_size: int,
    augmenter: keras.layers.Layer | None = None,
    seed: int | None = None,
) -> tf.data.Dataset:
    """Turn arrays into batches: as they are, or shuffled and augmented.

    Args:
        images: (n, h, w, c) float32.
        labels: (n,) int64.
        batch_size: how many examples go into a batch, at least 1.
        augmenter: takes (batch, h, w, c) or single (h, w, c) images; None for data to measure with.
        seed: for the order, if there is an augmenter; with None it is shuffled as well, in any order.

    Returns:
        A data set of (images, labels) batches, (b, h, w, c) float32 and (b,).
    """
    raise NotImplementedError


def with_augmentation(augmenter: keras.layers.Layer, model: keras.Model) -> keras.Model:
    """Put an augmenter in front of a model.

    Args:
        augmenter: a layer or model that changes images only if called with training=True.
        model: a built model, from (batch, h, w, c).

    Returns:
        A model from (batch, h, w, c) to what `model` gives, sharing its weights.
    """
    raise NotImplementedError


def epoch_seconds(n_batches: int, augment_s: float, train_s: float, workers: int) -> float:
    """Compute how long an epoch takes.

    Args:
        n_batches: number of batches, 0 or more.
        augment_s: seconds to augment a batch.
        train_s: seconds to train on a batch.
        workers: how many batches are augmented at the same time beside training; 0 for none beside it.

    Returns:
        Seconds from the beginning to the end of training on the last batch.
    """
    raise NotImplementedError
