"""Observing a training loop: the losses it reports, and every weight of the model afterwards."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import quarters
from graders.support.networks import moved
from keras_kata import probe

FORBIDDEN = {
    "keras.Model.compile": "Write the loop yourself: what needs a compiled model, such as `fit`, hides it.",
}


@st.composite
def data_sets(draw, most_batches=3, least_examples=1):
    """Examples, and the sizes of the batches they come in; d and k features."""
    sizes = draw(st.lists(st.integers(least_examples, 4), min_size=1, max_size=most_batches))
    d, k = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    return {
        "sizes": sizes,
        "x": draw(quarters((sum(sizes), d), -1, 1)),
        "y": draw(quarters((sum(sizes), k))),
        "form": draw(st.sampled_from(["list", "tf.data"])),
        "loss": draw(st.sampled_from(["squared error", "too low costs more"])),
    }


def data_set(sizes, form="list", loss="too low costs more", d=2, k=1):
    """A hand-picked data set; no two examples and no two batches are alike."""
    n = sum(sizes)
    return {
        "sizes": sizes,
        "x": ((np.arange(n * d) * 5 % 9 - 4) / 4).reshape(n, d).astype("float32"),
        "y": ((np.arange(n * k) * 7 % 13 - 5) / 4).reshape(n, k).astype("float32"),
        "form": form,
        "loss": loss,
    }


def with_training(data, epochs):
    """The data set together with how to train on it."""
    settings = st.fixed_dictionaries(
        {
            "epochs": epochs,
            "learning_rate": st.sampled_from([0.0625, 0.125]),
            "momentum": st.sampled_from([0.0, 0.5]),
            "optimizer": st.just("SGD"),
        }
    )
    return st.builds(lambda one, other: {**one, **other}, data, settings)


def training(data, epochs, momentum=0.0, learning_rate=0.125, optimizer="SGD"):
    """As `with_training`, by hand; Adagrad, too, has a memory, but no momentum."""
    settings = {"learning_rate": learning_rate, "momentum": momentum, "optimizer": optimizer}
    return {**data, "epochs": epochs, **settings}


def batches_of(case):
    """The examples as a list of (x, y) with the given sizes, or as a tf.data.Dataset.

    The batches of the latter are all of the first size, but the last one may be smaller.
    """
    if case["form"] == "tf.data":
        return tf.data.Dataset.from_tensor_slices((case["x"], case["y"])).batch(case["sizes"][0])
    ends = np.cumsum(case["sizes"])
    return [
        (case["x"][end - size : end], case["y"][end - size : end])
        for size, end in zip(case["sizes"], ends, strict=True)
    ]


def loss_function(case):
    """A loss `(y, y_hat)`: the mean squared error, or one that is not symmetric."""
    if case["loss"] == "squared error":
        return keras.losses.MeanSquaredError()

    def too_low_costs_more(y, y_hat):
        error = keras.ops.subtract(y, y_hat)
        return keras.ops.mean(keras.ops.where(error > 0, 3.0, 1.0) * error**2)

    return too_low_costs_more


def network(case, *hidden):
    """The hidden layers and a linear output layer, with weights that are the same every time."""
    d, k = case["x"].shape[1], case["y"].shape[1]
    model = keras.Sequential([keras.Input((d,)), *hidden, keras.layers.Dense(k, name="output")])
    for number, variable in enumerate(model.trainable_variables):
        values = ((np.arange(np.prod(variable.shape)) * 3 + number) % 7 - 2.5) / 4
        variable.assign(values.reshape(variable.shape))
    return model


def normalisation():
    """A layer whose moving statistics move far in one step."""
    return keras.layers.BatchNormalization(momentum=0.5, name="normalisation")


def weights(model):
    """Every weight of a model from `network`, under its layer's and its own name."""
    pairs = [(layer, weight) for layer in model.layers for weight in layer.weights]
    return {f"{layer.name} {weight.name}": np.array(weight) for layer, weight in pairs}


def optimizer_of(case):
    """A new optimizer: one can't be used for two models."""
    if case["optimizer"] == "Adagrad":
        return keras.optimizers.Adagrad(case["learning_rate"])
    return keras.optimizers.SGD(case["learning_rate"], momentum=case["momentum"])


@probe(
    points=2,
    cases=with_training(data_sets(), epochs=st.integers(0, 2)).flatmap(
        lambda case: st.sampled_from([{**case, "hidden": 0}, {**case, "hidden": 3}])
    ),
    examples=[
        {**training(data_set([3, 1]), epochs=2), "hidden": 0},
        {**training(data_set([2, 2, 1], "tf.data", d=3), epochs=2, momentum=0.5), "hidden": 0},
        {**training(data_set([1, 4], k=2), epochs=3, momentum=0.5), "hidden": 2},
        {**training(data_set([2, 3]), epochs=2, optimizer="Adagrad"), "hidden": 0},
        {**training(data_set([2], loss="squared error"), epochs=0), "hidden": 0},
    ],
    count=3,
    hints=(
        "Two batches of 3 and 1 examples have the mean losses 2 and 6: what is the mean over 4 examples?",
        "What has to happen for every batch, what for every epoch, what once? See where each line stands.",
        "The number you report for a batch is the loss that the tape recorded.",
    ),
)
def history_and_weights(impl, case):
    """Training reports every epoch's mean loss per example and leaves the right weights, twice in turn."""
    hidden = [keras.layers.Dense(case["hidden"], "tanh", name="hidden")] if case["hidden"] else []
    model, optimizer, loss = network(case, *hidden), optimizer_of(case), loss_function(case)
    batches = batches_of(case)
    first = impl.train_epochs(model, batches, loss, optimizer, case["epochs"])
    second = impl.train_epochs(model, list(batches)[::-1], loss, optimizer, 1)
    return {"losses": first, "losses of a second call": second, **weights(model)}


@probe(
    points=0.75,
    cases=with_training(data_sets(most_batches=2), epochs=st.just(1)).flatmap(
        lambda case: st.sampled_from([{**case, "frozen": "hidden"}, {**case, "frozen": "output"}])
    ),
    examples=[
        {**training(data_set([2, 1]), epochs=1), "frozen": "hidden"},
        {**training(data_set([2, 3], "tf.data"), epochs=1, momentum=0.5), "frozen": "output"},
    ],
    count=1,
    hints=(
        "Which of the model's lists of variables leaves out what is frozen?",
        "Use the same list twice: for the gradients, and for the pairs that the optimizer gets.",
    ),
)
def frozen_layer(impl, case):
    """Training changes the layers that may be trained, and not the frozen one (largest change of each)."""
    model = network(case, keras.layers.Dense(2, "tanh", name="hidden"))
    model.get_layer(case["frozen"]).trainable = False
    layers = {layer.name: layer.weights for layer in model.layers}
    return moved(
        layers,
        lambda: impl.train_epochs(
            model, batches_of(case), loss_function(case), optimizer_of(case), case["epochs"]
        ),
    )


@probe(
    points=1,
    cases=with_training(data_sets(most_batches=2, least_examples=2), epochs=st.integers(1, 2)),
    examples=[
        training(data_set([3, 2]), epochs=2),
        training(data_set([4, 1], "tf.data", d=1), epochs=1, momentum=0.5),
    ],
    count=1,
    hints=(
        "In which mode does a batch normalisation layer update its moving statistics?",
        "Look at how you call the model inside the tape.",
    ),
)
def batch_normalisation(impl, case):
    """Training runs the model in training mode, as losses, weights and moving statistics show."""
    model = network(case, normalisation())
    losses = impl.train_epochs(
        model, batches_of(case), loss_function(case), optimizer_of(case), case["epochs"]
    )
    return {"losses": losses, **weights(model)}


@probe(
    points=1.25,
    cases=data_sets().flatmap(
        lambda case: st.sampled_from([{**case, "normalised": False}, {**case, "normalised": True}])
    ),
    examples=[
        {**data_set([3, 1]), "normalised": False},
        {**data_set([2, 2, 1], "tf.data"), "normalised": True},
        {**data_set([1, 3, 4], loss="squared error", k=2), "normalised": True},
    ],
    count=3,
    hints=(
        "Should evaluating a model leave a trace in it?",
        "How much should a batch of 1 example count beside a batch of 3?",
    ),
)
def evaluation(impl, case):
    """Evaluation gives the mean loss per example in inference mode, and leaves the model as it was."""
    hidden = [normalisation()] if case["normalised"] else []
    model, batches, loss = network(case, *hidden), batches_of(case), loss_function(case)
    first = impl.evaluate(model, batches, loss)
    last = impl.evaluate(model, list(batches)[-1:], loss)
    trainable = len(model.trainable_variables)
    return {"loss": first, "loss on the last batch": last, "trainable variables": trainable, **weights(model)}
