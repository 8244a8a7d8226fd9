"""Observing histories: how they are recorded, laid out and read."""

from collections.abc import Mapping

import keras
import numpy as np
from hypothesis import strategies as st

from keras_kata import probe

METRICS = ["loss", "accuracy", "interval_width", "value", "f1"]  # none of these has val_ in front


def curve(epochs, low=0, high=6):
    """One number per epoch, multiples of 1/4, so that some are equal."""
    return st.lists(st.integers(low, high).map(lambda n: n / 4), min_size=epochs, max_size=epochs)


@st.composite
def histories(draw):
    """A history of some metrics, each with or without validation, in any order."""
    epochs = draw(st.integers(1, 6))
    history = {}
    for name in draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=5, unique=True)):
        if draw(st.booleans()):
            history["val_" + name] = draw(curve(epochs))
        history[name] = draw(curve(epochs))
    return {"history": history}


@st.composite
def losses(draw):
    """Training losses that mostly fall, validation losses, and a patience."""
    epochs = draw(st.integers(1, 7))
    train = draw(curve(epochs))
    if draw(st.booleans()):
        train = sorted(train, reverse=True)
    return {"train_loss": train, "val_loss": draw(curve(epochs, 0, 3)), "patience": draw(st.integers(0, 4))}


@st.composite
def accuracies(draw):
    """A history of accuracies, with losses beside them."""
    epochs = draw(st.integers(1, 5))
    names = ["loss", "accuracy", "val_loss", "val_accuracy"]
    return {"history": {name: draw(curve(epochs, 0, 4)) for name in names}}


def lecture():
    """15 epochs: the validation loss is flat after two, while training goes on to get better."""
    return {"train_loss": [0.8 - n / 20 for n in range(15)], "val_loss": [0.7] + [0.5] * 14}


@probe(
    points=0.75,
    cases=histories(),
    examples=[
        {"history": {"loss": [0.75, 0.5, 0.25], "val_loss": [1.0, 0.75, 0.5]}},
        {"history": {"loss": [0.5, 0.25], "accuracy": [0.75, 1.0]}},
        {"history": {"val_accuracy": [0.5], "accuracy": [0.75], "loss": [0.25], "interval_width": [1.5]}},
        {
            "history": {
                "value": [0.5, 0.75],
                "val_value": [1.0, 0.25],
                "loss": [0.25, 0.0],
                "val_loss": [0.5, 0.5],
            }
        },
    ],
    count=40,
    hints=(
        "Which names in a history are metrics of their own, and which belong to another?",
        "Look at where in a name `val_` stands.",
    ),
)
def layout(impl, case):
    """Every metric of a history becomes epochs from 1, training values, and validation values or None."""
    return impl.plot_series(case["history"])


@probe(
    points=1,
    cases=losses(),
    examples=[
        {**lecture(), "patience": 3},
        {"train_loss": [0.9, 0.6, 0.4, 0.3], "val_loss": [1.0, 0.8, 0.8, 0.9], "patience": 2},
        {"train_loss": [0.9, 0.6, 0.4, 0.3], "val_loss": [1.0, 0.8, 0.8, 0.9], "patience": 3},
        {"train_loss": [0.9, 0.6, 0.4, 0.3], "val_loss": [1.0, 0.8, 0.8, 0.9], "patience": 4},
        {"train_loss": [0.9, 0.5, 0.6, 0.5], "val_loss": [1.0, 0.5, 0.75, 0.75], "patience": 1},
        {"train_loss": [0.9, 0.5, 0.25, 0.75], "val_loss": [1.0, 0.5, 0.75, 0.75], "patience": 1},
        {"train_loss": [0.5, 0.75, 0.25], "val_loss": [0.5, 0.25, 1.0], "patience": 1},
        {"train_loss": [0.25, 1.0, 0.5], "val_loss": [0.75, 0.25, 0.5], "patience": 1},
        {"train_loss": [0.75, 0.5, 0.25], "val_loss": [0.25, 0.75, 0.5], "patience": 0},
        {"train_loss": [0.75, 0.5], "val_loss": [0.75, 0.5], "patience": 0},
        {"train_loss": [0.75], "val_loss": [0.5], "patience": 0},
    ],
    count=80,
    hints=(
        "In which of the two curves do you look for the best epoch, and in which for the proof of harm?",
        "Count on your fingers: of 4 epochs, how many come after the one with index 1?",
    ),
)
def onset(impl, case):
    """Overfitting starts at the best epoch on validation data, if training went on and got better."""
    onset = impl.overfitting_onset(case["train_loss"], case["val_loss"], case["patience"])
    return {"is there a sign of it": onset is not None, "index": onset}


class Seen(keras.layers.Layer):
    """Passes its input on, and counts the examples that went through in training."""

    def __init__(self):
        super().__init__()
        self.examples = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x, training=False):
        """The input."""
        if training:
            self.examples.assign_add(keras.ops.cast(keras.ops.shape(x)[0], "float32"))
        return x


def training_case(case):
    """Training and validation data, where the second feature is 0 in all training examples.

    Where `gets_worse`, the validation data contradict the training data: their loss only rises, and in the end
    the network is right about most training examples and about no other.
    """
    rng = np.random.default_rng(case["n"])
    x, y = rng.normal(size=(case["n"], 2)).astype("float32"), rng.integers(0, 3, case["n"])
    x[:, 1] = 0
    if case["gets_worse"]:
        return (x, np.zeros_like(y)), (x[:-1] + np.float32([0, 1]), np.ones_like(y[:-1]))
    return (x, y), (rng.normal(size=(case["m"], 2)).astype("float32") + 1, rng.integers(0, 3, case["m"]))


def evaluated(model, inputs, labels):
    """The loss and the accuracy of a model as it is now."""
    probabilities = np.asarray(model(inputs))
    return {
        "loss": -np.log(probabilities[np.arange(len(labels)), labels]).mean(),
        "accuracy": (probabilities.argmax(axis=1) == labels).mean(),
    }


@probe(
    points=0.75,
    cases=st.fixed_dictionaries(
        {
            "epochs": st.integers(2, 4),
            "n": st.integers(5, 12),
            "m": st.integers(3, 6),
            "gets_worse": st.just(False),
        }
    ),
    examples=[
        {"epochs": 3, "n": 8, "m": 5, "gets_worse": False},
        {"epochs": 4, "n": 6, "m": 5, "gets_worse": True},
    ],
    count=1,
    hints=(
        "What does `fit` return, and where in it are the numbers?",
        "On which examples must the last validation loss be measured, and after which update?",
        "How many examples does the network see in training, in all epochs together?",
    ),
)
def fit_once(impl, case):
    """A recorded training: names and lengths, the last validation values against the model's, what was trained.

    The weights of the second feature move only if others than the training examples were trained on.
    """
    train, validation = training_case(case)
    seen = Seen()
    model = keras.Sequential([keras.Input((2,)), seen, keras.layers.Dense(3, "softmax")])
    start = np.array([[0.5, -0.25, 0.0], [1.0, 0.5, -0.5]])
    model.layers[-1].set_weights([start, np.zeros(3)])
    optimizer = keras.optimizers.SGD(0.25)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    history = impl.fit_and_record(model, train, validation, case["epochs"])
    if not isinstance(history, Mapping):
        return history
    observed = {
        "numbers per metric": {name: len(history[name]) for name in sorted(history)},
        "examples seen in training": float(seen.examples.numpy()),
        "trained with the model's own optimizer": model.optimizer is optimizer,
    }
    for data, (inputs, labels) in {"validation": validation, "training": train}.items():
        for name, value in evaluated(model, inputs, labels).items():
            if f"val_{name}" in history and (data, name) != ("training", "accuracy"):
                differs = abs(float(history[f"val_{name}"][-1]) - value) > 1e-4
                observed[f"last val_{name} is that of the {data} data"] = not differs
    for name in sorted({"loss", "val_loss"} & set(history)):
        observed[f"different numbers in {name}"] = len({float(value) for value in history[name]})
    for name in sorted({"loss", "accuracy"} & set(history)) if case["gets_worse"] else ():
        better = history[name][-1] < history[name][0] if name == "loss" else history[name][-1] > 0.5
        observed[f"{name} is that of a network that learns"] = bool(better)
    first, second = np.abs(model.layers[-1].get_weights()[0] - start).max(axis=1) > 1e-6
    return {**observed, "trained on the training data": bool(first), "trained on other data": bool(second)}


@probe(
    points=0.5,
    cases=accuracies(),
    examples=[
        {
            "history": {
                "loss": [0.5, 0.25],
                "accuracy": [0.5, 1.0],
                "val_loss": [0.75, 1.0],
                "val_accuracy": [0.75, 0.25],
            }
        },
        {"history": {"val_accuracy": [0.8125, 0.9375, 0.0], "accuracy": [0.818, 0.9375, 0.0]}},
    ],
    count=25,
    hints=(
        "Which of the two accuracies is larger in a network that overfits, and should the gap be positive?",
    ),
)
def gap(impl, case):
    """The gap is the training accuracy minus the validation accuracy, epoch by epoch."""
    return impl.generalization_gap(case["history"])
