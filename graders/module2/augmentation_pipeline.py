"""Observing augmentation: transforms that are fixed, data sets that can be told apart, and a clock."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise
from keras_kata import probe

COPIES = 40


def picture(h, w, c=1):
    """A picture without any symmetry."""
    return ((np.arange(h * w * c) * 7 % 31 + np.arange(h * w * c)) / 16).reshape(h, w, c).astype("float32")


@st.composite
def transforms(draw):
    """Steps with fixed amounts, and a picture."""
    shape = draw(st.integers(2, 5)), draw(st.integers(2, 5)), draw(st.integers(1, 2))
    amount = st.sampled_from([0.25, -0.25, 0.125, 0.5])
    return {
        "horizontal_flip": draw(st.booleans()),
        "rotation": draw(st.one_of(amount, st.none())),
        "translation": draw(st.one_of(amount, st.none())),
        "fill_mode": draw(st.sampled_from(["constant", "nearest", "reflect", "wrap"])),
        "seed": draw(st.integers(0, 99)),
        "picture": draw(noise(shape, 0, 4)),
    }


def transform(flip, rotation, translation, fill_mode, shape=(4, 6)):
    """A hand-picked case."""
    return {
        "horizontal_flip": flip,
        "rotation": rotation,
        "translation": translation,
        "fill_mode": fill_mode,
        "seed": 3,
        "picture": picture(*shape),
    }


def pair(amount):
    """An amount as a range of no width."""
    return None if amount is None else (amount, amount)


def augmenter_of(impl, case):
    """The augmenter of the case."""
    ranges = pair(case["rotation"]), pair(case["translation"])
    return impl.build_augmenter(case["horizontal_flip"], *ranges, case["fill_mode"], case["seed"])


@probe(
    points=2,
    cases=transforms(),
    examples=[
        transform(False, 0.25, None, "nearest", (4, 4)),
        transform(False, None, 0.25, "constant"),
        transform(True, 0.125, 0.25, "reflect"),
        transform(False, 0.25, 0.5, "wrap", (3, 5)),
        transform(True, None, None, "nearest", (2, 3)),
        transform(False, None, None, "nearest", (2, 2)),
    ],
    count=2,
    hints=(
        "In which unit does Keras want a rotation, and what does it make of a single number?",
        "Turn a picture and then mirror it; mirror it and then turn it. Is it the same?",
    ),
)
def fixed_transform(impl, case):
    """With ranges of no width, the lowest and highest pixels over many copies are right; inference is idle.

    Without flipping, all copies are alike; with it, each is one of two.
    """
    augmenter = augmenter_of(impl, case)
    copies = np.tile(case["picture"], (COPIES, 1, 1, 1))
    augmented = np.asarray(augmenter(copies, training=True))
    return {
        "training, lowest": augmented.min(axis=0),
        "training, highest": augmented.max(axis=0),
        "inference": augmenter(copies[:1], training=False),
    }


@probe(
    points=0.5,
    cases=st.fixed_dictionaries({"seed": st.integers(0, 99), "fill_mode": st.just("reflect")}),
    examples=[{"seed": 1, "fill_mode": "constant"}],
    count=1,
    hints=("Which of your layers draw random numbers, and what does each get them from?",),
)
def random_transform(impl, case):
    """With wide ranges copies differ from each other, also where they are only turned or only moved; the same seed
    gives the same ones, another seed others."""
    copies = np.tile(picture(5, 4), (8, 1, 1, 1))

    def augmented(seed, flip=True, rotation=(-0.25, 0.25), translation=(-0.25, 0.25)):
        augmenter = impl.build_augmenter(flip, rotation, translation, case["fill_mode"], seed)
        return np.asarray(augmenter(copies, training=True))

    def different(images):
        return len(np.unique(np.round(images, 4), axis=0))

    first, again, other = augmented(case["seed"]), augmented(case["seed"]), augmented(case["seed"] + 100)
    return {
        "shape": list(first.shape),
        "different copies": different(first),
        "different turns": different(augmented(case["seed"], flip=False, translation=None)),
        "different moves": different(augmented(case["seed"], flip=False, rotation=None)),
        "same seed, same copies": bool(np.allclose(first, again)),
        "other seed, same copies": bool(np.allclose(first, other)),
    }


class Jitter(keras.layers.Layer):
    """Adds to each picture a random number from 0 to 0.25, only if it is told that this is training."""

    def __init__(self):
        super().__init__()
        self.generator = keras.random.SeedGenerator(0)  # its state goes on from epoch to epoch

    def call(self, images, training=False):
        """Images of shape (..., h, w, c), changed or as they are."""
        shape = tf.concat([tf.shape(images)[:-3], [1, 1, 1]], axis=0)
        return images + keras.random.uniform(shape, 0.0, 0.25, seed=self.generator) if training else images


class AddOne(keras.layers.Layer):
    """Adds 1 in training; like Keras's random layers, it does by default."""

    def call(self, images, training=True):
        """Images, changed or as they are."""
        return images + 1.0 if training else images


@st.composite
def examples(draw):
    """How many examples there are, and how they come in batches."""
    return {
        "n": draw(st.integers(12, 17)),
        "batch_size": draw(st.integers(2, 5)),
        "seed": draw(st.integers(0, 99)),
    }


def first_batch_without_a_seed(impl):
    """The numbers of the first 16 examples of 96, and whether each of them comes with its own picture."""
    images, labels = np.arange(96, dtype="float32").reshape(-1, 1, 1, 1), np.arange(96)
    pictures, numbers = next(iter(impl.make_dataset(images, labels, 16, Jitter())))
    return np.asarray(numbers), np.array_equal(np.floor(np.ravel(pictures)), numbers)


def steps_of(data):
    """The steps of a data set, also of data sets inside it, as TensorFlow's graph has them."""
    graph = tf.compat.v1.GraphDef()
    variant = tf.data.experimental.to_variant(data)
    graph.ParseFromString(tf.raw_ops.DatasetToGraphV2(input_dataset=variant, external_state_policy=1).numpy())
    return [*graph.node, *(node for function in graph.library.function for node in function.node_def)]


def one_at_a_time(steps):
    """Whether there are maps, and nothing that works on several elements at once."""
    several = any(step.op.startswith(("ParallelMap", "ParallelInterleave", "MapAndBatch")) for step in steps)
    return not several and any(step.op.startswith("MapDataset") for step in steps)


def fastest_first(data, steps):
    """Whether elements that are done sooner may overtake others."""
    return data.options().deterministic is False or any(
        step.attr["deterministic"].s == b"false" for step in steps
    )


@probe(
    points=2.5,
    cases=examples(),
    examples=[{"n": 14, "batch_size": 4, "seed": 1}, {"n": 13, "batch_size": 1, "seed": 0}],
    count=1,
    hints=(
        "In which order do you shuffle, batch and augment, and what does each step get to see?",
        "From how many examples is the first one of an epoch picked?",
        "If you go through the data set a second time, which of its steps run again?",
        "How many batches or pictures are augmented at the same time, and in which order do they come out?",
        "How many examples are in all batches together?",
    ),
)
def training_data(impl, case):
    """With an augmenter: all examples in a mixed order, each with its label, and augmented anew in each epoch.

    Every pixel of picture i is i, its label is 10 i, and the augmenter adds less than 1.
    """
    n, size = case["n"], case["batch_size"]
    images = np.ones((n, 2, 3, 1), "float32") * np.arange(n, dtype="float32")[:, None, None, None]
    labels, given = np.arange(n) * 10, images.copy()
    data = impl.make_dataset(given, labels.copy(), size, Jitter(), case["seed"])
    steps = steps_of(data)
    epochs = []
    for _ in range(2):
        batches = [(np.asarray(x), np.asarray(y)) for x, y in data]
        epochs.append((np.concatenate([x for x, _ in batches]), np.concatenate([y for _, y in batches])))
    first, order = epochs[0]
    again = impl.make_dataset(images.copy(), labels.copy(), size, Jitter(), case["seed"])
    order_again = np.concatenate([np.asarray(y) for _, y in again])
    other = impl.make_dataset(images.copy(), labels.copy(), size, Jitter(), case["seed"] + 100)
    order_of_another_seed = np.concatenate([np.asarray(y) for _, y in other])
    without_seed, matched = first_batch_without_a_seed(impl)
    added = [np.sort(x[:, 0, 0, 0] - np.floor(x[:, 0, 0, 0])) for x, _ in epochs]
    blocks = [np.ptp(np.asarray(y)) for _, y in batches if len(y) > 1]
    overtaking = fastest_first(data, steps)  # what comes first is then chance, and nothing to be compared
    sizes = [len(y) for _, y in batches]
    return {
        "batch sizes": sorted(sizes, reverse=True) if overtaking else sizes,
        "shape": list(first.shape),
        "labels": np.sort(order),
        "pictures with another's label": int((np.floor(first[:, 0, 0, 0]) * 10 != order).sum()),
        "pictures with another's label without a seed": not matched,
        "in the order of the arrays": bool(np.array_equal(order, labels)),
        "in the order of the arrays without a seed": bool((np.diff(without_seed) == 1).all()),
        "late examples may come first": bool(without_seed.max() >= 48),
        "batches of neighbours only": bool(blocks) and max(blocks) <= 10 * (size - 1),
        "pictures left as they were": int((added[0] == 0).sum()),
        "both epochs augmented alike": bool(np.allclose(added[0], added[1])),
        "the same order with the same seed": not overtaking and bool(np.array_equal(order, order_again)),
        "the same order with another seed": bool(np.array_equal(order, order_of_another_seed)),
        "augmented one at a time": one_at_a_time(steps),
        "whatever is ready first comes first": overtaking,
        "arrays as they were": bool(np.array_equal(given, images)),
    }


@st.composite
def evaluations(draw):
    """Images and labels, a batch size, and a model's salt."""
    n = draw(st.integers(2, 6))
    return {
        "images": draw(noise((n, draw(st.integers(1, 3)), 2, 1))),
        "labels": draw(st.permutations(range(n))),
        "batch_size": draw(st.integers(1, 4)),
        "salt": draw(st.integers(0, 99)),
        "seed": draw(st.one_of(st.none(), st.integers(0, 99))),
    }


@probe(
    points=1.5,
    cases=evaluations(),
    examples=[
        {
            "images": np.stack([picture(3, 2), picture(3, 2) * -2 + 1, picture(3, 2)[::-1]]),
            "labels": [2, 0, 1],
            "batch_size": 2,
            "salt": 1,
            "seed": None,
        },
        {
            "images": np.arange(12, dtype="float32").reshape(6, 1, 2, 1),
            "labels": [3, 0, 4, 1, 5, 2],
            "batch_size": 2,
            "salt": 2,
            "seed": 7,
        },
    ],
    count=2,
    hints=(
        "What must happen to the data that measure a network?",
        "How does your combined model know whether it is training, and does the model inside know it, too?",
    ),
)
def evaluation_untouched(impl, case):
    """Without an augmenter data come as they are; an augmenter in front of a model acts in training only."""
    images, labels = case["images"], np.array(case["labels"])
    data = impl.make_dataset(images, labels, case["batch_size"], seed=case["seed"])
    batches = [(np.asarray(x), np.asarray(y)) for x, y in data]
    normalisation, inputs = keras.layers.BatchNormalization(), keras.Input(images.shape[1:])
    features = keras.layers.Flatten()(inputs)
    normalised = normalisation(keras.layers.Dense(2)(features))
    model = keras.Model(inputs, normalised + keras.layers.Dense(2)(features))  # not one layer after another
    rng = np.random.default_rng(case["salt"])
    model.set_weights([rng.uniform(0.25, 1, np.shape(weight)) for weight in model.get_weights()])
    combined = impl.with_augmentation(AddOne(), model)
    return {
        "batches": batches,
        "inference": combined(images, training=False),
        "training": combined(images**2, training=True),
        "moving mean afterwards": normalisation.moving_mean,
    }


seconds = st.integers(0, 8).map(lambda n: n / 2)


@probe(
    points=1.5,
    cases=st.fixed_dictionaries(
        {
            "n_batches": st.integers(0, 9),
            "augment_s": seconds,
            "train_s": seconds,
            "workers": st.integers(0, 4),
        }
    ),
    examples=[
        {"n_batches": 3, "augment_s": 2.0, "train_s": 1.0, "workers": 2},
        {"n_batches": 3, "augment_s": 2.0, "train_s": 1.0, "workers": 0},
        {"n_batches": 4, "augment_s": 1.0, "train_s": 3.0, "workers": 1},
        {"n_batches": 5, "augment_s": 3.0, "train_s": 0.5, "workers": 1},
        {"n_batches": 0, "augment_s": 1.0, "train_s": 1.0, "workers": 1},
        {"n_batches": 7, "augment_s": 4.0, "train_s": 1.0, "workers": 3},
    ],
    count=60,
    hints=(
        "Write down for each batch of the example when it is ready, and when the trainer is free.",
        "Which of the two has to wait for the other, and is it the same for every batch?",
    ),
)
def clock(impl, case):
    """The seconds of an epoch, without workers and with some."""
    return impl.epoch_seconds(case["n_batches"], case["augment_s"], case["train_s"], case["workers"])
