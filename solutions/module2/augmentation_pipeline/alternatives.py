"""Other right ways to augment on the fly."""

import math
from multiprocessing.pool import ThreadPool

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("build_augmenter")
class layer_of_layers(keras.layers.Layer):
    """A layer that holds the steps and hands `training` on; one seed for each of them from a generator."""

    def __init__(self, horizontal_flip, rotation, translation, fill_mode, seed):
        super().__init__()
        seeds = np.random.default_rng(seed).integers(0, 2**31, 3).tolist()
        self.flip = keras.layers.RandomFlip(mode="horizontal", seed=seeds[0]) if horizontal_flip else None
        self.turn = self.move = None
        if rotation is not None:
            self.turn = keras.layers.RandomRotation(
                factor=list(rotation), fill_mode=fill_mode, interpolation="bilinear", seed=seeds[1]
            )
        if translation:
            lo, hi = translation
            self.move = keras.layers.RandomTranslation((lo, hi), (lo, hi), fill_mode, "bilinear", seeds[2])

    def call(self, images, training=None):
        for step in (self.flip, self.turn, self.move):
            if step is not None:
                images = step(images, training=training)
        return images


@instead_of("build_augmenter")
def pipeline_layer(horizontal_flip, rotation, translation, fill_mode, seed):
    """Keras's own Pipeline of layers; the same seed for each."""
    layers = []
    if horizontal_flip:
        layers += [keras.layers.RandomFlip("horizontal", seed=seed)]
    if rotation:
        layers += [keras.layers.RandomRotation(rotation, fill_mode=fill_mode, seed=seed)]
    if translation:
        layers += [keras.layers.RandomTranslation(translation, translation, fill_mode=fill_mode, seed=seed)]
    return keras.layers.Pipeline(layers) if layers else keras.layers.Lambda(lambda images: images)


@instead_of("make_dataset")
def augmented_one_by_one(images, labels, batch_size, augmenter=None, seed=None):
    """Single pictures are augmented before batching; positions are shuffled instead of examples."""
    x, y = tf.constant(images), tf.constant(labels)
    positions = tf.data.Dataset.range(len(labels))
    if augmenter is not None:
        positions = positions.shuffle(len(labels), seed=seed, reshuffle_each_iteration=True)
    data = positions.map(lambda i: (x[i], y[i]))
    if augmenter is not None:
        data = data.map(lambda image, label: (augmenter(image, training=True), label), tf.data.AUTOTUNE)
    return data.batch(batch_size).prefetch(1)


@instead_of("make_dataset")
def cached_before(images, labels, batch_size, augmenter=None, seed=None):
    """Cached before shuffling and augmenting; options and prefetching; a function defined inside."""
    data = tf.data.Dataset.from_tensor_slices((images, labels)).cache()

    def augment(batch, targets):
        return augmenter(batch, training=True), targets

    if augmenter is not None:
        data = data.shuffle(buffer_size=1000, seed=seed)
    data = data.batch(batch_size, drop_remainder=False)
    if augmenter is not None:
        data = data.map(augment, num_parallel_calls=4)
    return data.prefetch(tf.data.AUTOTUNE)


@instead_of("make_dataset")
def threads_in_a_generator(images, labels, batch_size, augmenter=None, seed=None):
    """A generator of batches; threads augment two at a time, and its random order goes on from epoch to epoch."""
    count, generator = len(images), np.random.default_rng(seed)
    signature = tf.TensorSpec((None, *images.shape[1:]), tf.float32), tf.TensorSpec((None,), tf.int64)

    def epoch():
        order = np.arange(count) if augmenter is None else generator.permutation(count)
        parts = [order[start : start + batch_size] for start in range(0, count, batch_size)]
        if augmenter is None:
            yield from ((images[part], labels[part]) for part in parts)
            return
        with ThreadPool(2) as pool:
            pictures = pool.imap(lambda part: np.asarray(augmenter(images[part], training=True)), parts)
            yield from ((picture, labels[part]) for picture, part in zip(pictures, parts, strict=True))

    return tf.data.Dataset.from_generator(epoch, output_signature=signature)


@instead_of("make_dataset")
def interleaved(images, labels, batch_size, augmenter=None, seed=None):
    """Positions in one random order for all epochs; each becomes a small data set, four of them side by side."""
    positions = np.arange(len(images))
    if augmenter is None:
        return tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size)
    np.random.RandomState(seed).shuffle(positions)

    def augmented(image, label):
        return tf.data.Dataset.from_tensors(image).map(lambda x: (augmenter(x, training=True), label))

    data = tf.data.Dataset.from_tensor_slices((images[positions], labels[positions]))
    return data.interleave(augmented, cycle_length=4, num_parallel_calls=4).batch(batch_size)


@instead_of("with_augmentation")
def sequential(augmenter, model):
    """A Sequential model of the two."""
    return keras.Sequential([augmenter, model])


@instead_of("with_augmentation")
class subclass(keras.Model):
    """A subclass that hands `training` on."""

    def __init__(self, augmenter, model):
        super().__init__()
        self.augmenter = augmenter
        self.classifier = model

    def call(self, images, training=False):
        if training:
            images = self.augmenter(images, training=True)
        return self.classifier(images, training=training)


@instead_of("epoch_seconds")
def lists_of_times(n_batches, augment_s, train_s, workers):
    """Finishing times from a list; without workers by the formula."""
    if workers == 0:
        return float(n_batches * (augment_s + train_s))
    ends = [0]
    for i in range(1, n_batches + 1):
        ends.append(train_s + max(ends[-1], augment_s * math.ceil(i / workers)))
    return ends[-1]


@instead_of("epoch_seconds")
def longest_chain(n_batches, augment_s, train_s, workers):
    """The last batch to be waited for decides: the largest ready time plus all training from there on."""
    if n_batches == 0:
        return 0
    if workers < 1:
        return n_batches * train_s + n_batches * augment_s
    batches = np.arange(n_batches)
    return np.max(augment_s * (1 + batches // workers) + (n_batches - batches) * train_s)
