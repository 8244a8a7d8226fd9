"""Known mistakes in augmenting on the fly."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


def _steps(rotation, translation, fill_mode, seed, flip=False):
    steps = [keras.layers.RandomFlip("horizontal", seed=seed)] if flip else []
    if rotation is not None:
        steps.append(keras.layers.RandomRotation(rotation, fill_mode, seed=seed + 1))
    if translation is not None:
        steps.append(keras.layers.RandomTranslation(translation, translation, fill_mode, seed=seed + 2))
    return steps


def _model(steps):
    return keras.Sequential([keras.layers.Identity(), *steps])


@instead_of("build_augmenter")
def rotation_in_degrees(horizontal_flip, rotation, translation, fill_mode, seed):
    """You take the rotation for degrees and convert it. It is a share of a full turn already: 0.25 means 90
    degrees."""
    turned = None if rotation is None else tuple(part / 360 for part in rotation)
    return _model(_steps(turned, translation, fill_mode, seed, horizontal_flip))


@instead_of("build_augmenter")
def rotation_in_radians(horizontal_flip, rotation, translation, fill_mode, seed):
    """You take the rotation for radians and convert it. It is a share of a full turn already: 0.25 means 90
    degrees."""
    turned = None if rotation is None else tuple(part / (2 * np.pi) for part in rotation)
    return _model(_steps(turned, translation, fill_mode, seed, horizontal_flip))


@instead_of("build_augmenter")
def turned_the_other_way(horizontal_flip, rotation, translation, fill_mode, seed):
    """Your pictures turn the other way round. Keras's factor has its own direction; pass lo and hi on as they
    are."""
    turned = None if rotation is None else (-rotation[1], -rotation[0])
    return _model(_steps(turned, translation, fill_mode, seed, horizontal_flip))


@instead_of("build_augmenter")
def symmetric_range(horizontal_flip, rotation, translation, fill_mode, seed):
    """You pass only one end of each range on. Keras makes of a single number a range on both sides of 0, so that
    pictures also turn and move the other way."""
    ends = (None if pair is None else abs(pair[1]) for pair in (rotation, translation))
    return _model(_steps(*ends, fill_mode, seed, horizontal_flip))


@instead_of("build_augmenter")
def width_only(horizontal_flip, rotation, translation, fill_mode, seed):
    """You move pictures sideways only. The translation is for both axes, height and width."""
    steps = _steps(rotation, None, fill_mode, seed, horizontal_flip)
    if translation is not None:
        steps.append(keras.layers.RandomTranslation((0.0, 0.0), translation, fill_mode, seed=seed))
    return _model(steps)


@instead_of("build_augmenter")
def flip_last(horizontal_flip, rotation, translation, fill_mode, seed):
    """You mirror after turning and moving. Mirrored afterwards, a picture is turned and moved the other way: flip
    first."""
    steps = _steps(rotation, translation, fill_mode, seed)
    return _model([*steps, *_steps(None, None, fill_mode, seed, horizontal_flip)])


@instead_of("build_augmenter")
def translate_before_rotate(horizontal_flip, rotation, translation, fill_mode, seed):
    """You move before you turn, so that the turn also turns the direction of the move."""
    flip = _steps(None, None, fill_mode, seed, horizontal_flip)
    return _model(flip + _steps(None, translation, fill_mode, seed) + _steps(rotation, None, fill_mode, seed))


@instead_of("build_augmenter")
def flip_forgotten(horizontal_flip, rotation, translation, fill_mode, seed):
    """You never mirror a picture, also where it is asked for."""
    return _model(_steps(rotation, translation, fill_mode, seed))


@instead_of("build_augmenter")
def always_flips_sometimes(horizontal_flip, rotation, translation, fill_mode, seed):
    """You mirror at random also where no flipping is asked for."""
    return _model(_steps(rotation, translation, fill_mode, seed, flip=True))


@instead_of("build_augmenter")
def vertical_flip_too(horizontal_flip, rotation, translation, fill_mode, seed):
    """You also turn pictures upside down. Only left and right are to be exchanged."""
    flip = [keras.layers.RandomFlip("horizontal_and_vertical", seed=seed)] if horizontal_flip else []
    return _model([*flip, *_steps(rotation, translation, fill_mode, seed)])


@instead_of("build_augmenter")
def fill_mode_ignored(horizontal_flip, rotation, translation, fill_mode, seed):
    """You do not pass the fill mode on, so that Keras always fills as it does by default, by reflecting."""
    return _model(_steps(rotation, translation, "reflect", seed, horizontal_flip))


@instead_of("build_augmenter")
def seed_ignored(horizontal_flip, rotation, translation, fill_mode, seed):
    """You use a seed of your own. Whoever asks for another seed gets the same random choices again."""
    return _model(_steps(rotation, translation, fill_mode, 42, horizontal_flip))


@instead_of("build_augmenter")
class default_call_is_random(keras.layers.Layer):
    """You do not hand `training` on to Keras's layers, or overrule it. They then act at random at inference, too,
    where nothing may change."""

    def __init__(self, horizontal_flip, rotation, translation, fill_mode, seed):
        super().__init__()
        self._steps = _model(_steps(rotation, translation, fill_mode, seed, horizontal_flip))

    def call(self, images, training=True):
        return self._steps(images, training=True)


PARALLEL = tf.data.AUTOTUNE


def _data(images, labels):
    return tf.data.Dataset.from_tensor_slices((images, labels))


def _augmenting(augmenter):
    return lambda x, y: (augmenter(x, training=True), y)


@instead_of("make_dataset")
def cache_after_augment(images, labels, batch_size, augmenter=None, seed=None):
    """Every epoch sees the same copies: you augment once, when the data set is made, or keep what was augmented
    in a cache. Augment anew in each epoch."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    return (
        data.shuffle(len(images), seed=seed).batch(batch_size).map(_augmenting(augmenter), PARALLEL).cache()
    )


@instead_of("make_dataset")
def overwrites_source(images, labels, batch_size, augmenter=None, seed=None):
    """You write the augmented pictures into the array that you were given. The originals are lost."""
    if augmenter is None:
        return _data(images, labels).batch(batch_size)
    clean = tf.constant(images.copy())
    images[:] = augmenter(clean, training=True)
    return (
        _data(clean, labels)
        .shuffle(len(images), seed=seed)
        .batch(batch_size)
        .map(_augmenting(augmenter), PARALLEL)
    )


@instead_of("make_dataset")
def pairs_broken(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle pictures and labels each by themselves. The labels then belong to other pictures."""
    if augmenter is None:
        return _data(images, labels).batch(batch_size)
    n, other = len(images), None if seed is None else seed + 1
    x = tf.data.Dataset.from_tensor_slices(images).shuffle(n, seed=seed)
    y = tf.data.Dataset.from_tensor_slices(labels).shuffle(n, seed=other)
    return tf.data.Dataset.zip((x, y)).batch(batch_size).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def drops_remainder(images, labels, batch_size, augmenter=None, seed=None):
    """You drop the last batch if it is not full, and with it some examples."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size, drop_remainder=True)
    data = data.shuffle(len(images), seed=seed).batch(batch_size, drop_remainder=True)
    return data.map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def batches_shuffled(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle whole batches: the same examples always come together. Shuffle before you make batches."""
    data = _data(images, labels).batch(batch_size)
    if augmenter is None:
        return data
    return data.shuffle(len(images), seed=seed).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def neighbours_shuffled(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle in too small a buffer: a data set picks the next example from that many. An example from
    the end of the arrays then never comes first, so that the order stays nearly as it was."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    return data.shuffle(batch_size, seed=seed).batch(batch_size).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def together_only_with_a_seed(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle pictures and labels each by themselves. With the same seed both get the same order; without a
    seed the labels then belong to other pictures."""
    x, y = (tf.data.Dataset.from_tensor_slices(array) for array in (images, labels))
    if augmenter is None:
        return tf.data.Dataset.zip((x, y)).batch(batch_size)
    x, y = (data.shuffle(len(images), seed=seed) for data in (x, y))
    return tf.data.Dataset.zip((x, y)).batch(batch_size).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def shuffled_only_with_a_seed(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle where a seed is given. Whether to shuffle is decided by the augmenter: with one it is training,
    with a seed or without."""
    data = _data(images, labels)
    if seed is not None:
        data = data.shuffle(len(images), seed=seed)
    data = data.batch(batch_size)
    return data if augmenter is None else data.map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def not_shuffled(images, labels, batch_size, augmenter=None, seed=None):
    """You keep the order of the arrays in training, too. Examples for training are to be shuffled."""
    data = _data(images, labels).batch(batch_size)
    return data if augmenter is None else data.map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def evaluation_shuffled(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle also without an augmenter. The data to measure with are to keep their order."""
    data = _data(images, labels).shuffle(len(images), seed=0 if seed is None else seed).batch(batch_size)
    return data if augmenter is None else data.map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def augmenter_idle(images, labels, batch_size, augmenter=None, seed=None):
    """You do not tell the augmenter that this is training. Keras's own random layers act also where nothing is
    said, others do not; and in inference mode none does."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    data = data.shuffle(len(images), seed=seed).batch(batch_size)
    return data.map(lambda x, y: (augmenter(x, training=False), y), PARALLEL)


@instead_of("make_dataset")
def order_without_seed(images, labels, batch_size, augmenter=None, seed=None):
    """You do not use the seed for shuffling, so that the order is another one every time."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    order = np.random.default_rng().permutation(len(images))
    return _data(images[order], labels[order]).batch(batch_size).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def order_of_a_fixed_seed(images, labels, batch_size, augmenter=None, seed=None):
    """You shuffle with a seed of your own, so that every seed gives the same order. Use the one that is given."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    return data.shuffle(len(images), seed=42).batch(batch_size).map(_augmenting(augmenter), PARALLEL)


@instead_of("make_dataset")
def one_at_a_time(images, labels, batch_size, augmenter=None, seed=None):
    """You augment one after the other: unless it is told otherwise, a data set maps a single element at a time,
    and the other cores of the machine wait."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    return data.shuffle(len(images), seed=seed).batch(batch_size).map(_augmenting(augmenter))


@instead_of("make_dataset")
def fastest_first(images, labels, batch_size, augmenter=None, seed=None):
    """You let whatever is ready first come first. The order then depends on how busy the machine is, and the same
    seed does not give it again."""
    data = _data(images, labels)
    if augmenter is None:
        return data.batch(batch_size)
    data = data.shuffle(len(images), seed=seed).batch(batch_size)
    return data.map(_augmenting(augmenter), PARALLEL, deterministic=False)


class _Combined(keras.Model):
    def __init__(self, augmenter, model, modes):
        super().__init__()
        self.augmenter, self.inner, self.modes = augmenter, model, modes

    def call(self, images, training=False):
        mode, inner_mode = self.modes(training)
        return self.inner(self.augmenter(images, training=mode), training=inner_mode)


@instead_of("with_augmentation")
def augments_validation(augmenter, model):
    """You augment also at inference. The pictures that a network is measured with must stay as they are."""
    return _Combined(augmenter, model, lambda training: (True, training))


@instead_of("with_augmentation")
def never_augments(augmenter, model):
    """Your combined model never augments, also in training."""
    return _Combined(augmenter, model, lambda training: (False, training))


@instead_of("with_augmentation")
def model_kept_in_inference(augmenter, model):
    """You run the model inside in inference mode, also in training: its batch normalisation and dropout then do
    not do their part."""
    return _Combined(augmenter, model, lambda training: (training, False))


@instead_of("with_augmentation")
def model_copied(augmenter, model):
    """You put the augmenter in front of a copy of the model. Training the copy leaves the model untrained."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return _Combined(augmenter, copy, lambda training: (training, training))


@instead_of("with_augmentation")
def layers_in_a_row(augmenter, model):
    """You call the model's layers one after the other. A model may have branches and sums: call the model itself, it
    knows how its layers are connected."""
    return keras.Sequential([keras.Input(model.input_shape[1:]), augmenter, *model.layers])


@instead_of("epoch_seconds")
def serial_clock(n_batches, augment_s, train_s, workers):
    """You add up both times although workers augment while the trainer trains."""
    return n_batches * (augment_s + train_s)


@instead_of("epoch_seconds")
def slower_of_the_two(n_batches, augment_s, train_s, workers):
    """You take the larger of the two total times. Before the first batch is ready, the trainer has to wait."""
    if not workers:
        return n_batches * (augment_s + train_s)
    return max(-(-n_batches // workers) * augment_s, n_batches * train_s)


@instead_of("epoch_seconds")
def augmentation_for_free(n_batches, augment_s, train_s, workers):
    """With workers you count the training only. They need their time as well."""
    return n_batches * train_s if workers else n_batches * (augment_s + train_s)


@instead_of("epoch_seconds")
def one_worker_always(n_batches, augment_s, train_s, workers):
    """You reckon with a single worker, however many there are."""
    clock = 0.0
    for batch in range(n_batches):
        ready = augment_s * (batch + 1) if workers else clock + augment_s
        clock = max(clock, ready) + train_s
    return clock


@instead_of("epoch_seconds")
def first_batches_ready_at_once(n_batches, augment_s, train_s, workers):
    """Your first batches are ready at time 0. They, too, have to be augmented first."""
    clock = 0.0
    for batch in range(n_batches):
        ready = augment_s * (batch // workers) if workers else clock + augment_s
        clock = max(clock, ready) + train_s
    return clock


@instead_of("epoch_seconds")
def trainer_never_busy(n_batches, augment_s, train_s, workers):
    """You start training on a batch as soon as it is ready. The trainer may still be busy with the one before."""
    if not workers:
        return n_batches * (augment_s + train_s)
    return augment_s * ((n_batches - 1) // workers + 1) + train_s if n_batches else 0.0


@instead_of("epoch_seconds")
def workers_share_the_time(n_batches, augment_s, train_s, workers):
    """You divide the time for augmenting by the number of workers. A batch is not ready sooner; more of them are
    ready at once."""
    clock = 0.0
    for batch in range(n_batches):
        ready = augment_s / workers * (batch + 1) if workers else clock + augment_s
        clock = max(clock, ready) + train_s
    return clock
