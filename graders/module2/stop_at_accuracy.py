"""Observing a callback: fed with epochs by hand, and in a real training."""

import keras
import numpy as np
from hypothesis import strategies as st

from keras_kata import accepts, by_key, probe

OTHERS = {"loss": 0.5, "val_loss": 0.75, "precision": 1.0}  # what else is in the logs


NOT_COMPARED = accepts(lambda _received, _case: None)
"""For what a callback may do as it likes. It only tells two known mistakes apart."""

HOW_IT_ASKS = by_key({"on_epoch_end returned True": NOT_COMPARED, "its own stop_training": NOT_COMPARED})


class PlainModel:
    """What a callback may see of a model: the flag that ends training."""

    def __init__(self):
        self.stop_training = False


@st.composite
def logs_of_epochs(draw, most):
    """What each epoch reports: both accuracies, one of them, neither, or nothing at all."""
    value = st.integers(0, 4).map(lambda fourths: fourths / 4)
    entry = st.fixed_dictionaries({}, optional={"accuracy": value, "val_accuracy": value})
    return draw(st.lists(st.one_of(entry, st.none()), min_size=1, max_size=most))


@st.composite
def settings(draw):
    """A target, and the metric that is monitored; None stands for the default."""
    return {
        "target": draw(st.sampled_from([1.0, 0.75, 0.5, 0.0])),
        "monitor": draw(st.sampled_from([None, "accuracy", "val_accuracy"])),
    }


def with_settings(cases):
    """Cases with the callback's settings."""
    return st.builds(lambda one, other: {**one, **other}, settings(), cases)


def callback_of(impl, case):
    """The callback of the case."""
    options = {} if case["monitor"] is None else {"monitor": case["monitor"]}
    return impl.StopAtAccuracy(case["target"], **options)


def train(callback, epochs, first_epoch=0, other=None):
    """Call a callback as `fit` does, up to the stop; what it did. Another one may be in use, and comes after it.

    In every epoch the first batch is all right, so that the logs of batches say more than the epoch's.
    """
    model, flags, returned = PlainModel(), [], False
    callbacks = [callback] if other is None else [callback, other]
    for each in callbacks:
        each.set_params({"verbose": 0, "epochs": first_epoch + len(epochs), "steps": 2})
        each.set_model(model)
        each.on_train_begin({})
    for epoch, logs in enumerate(epochs, start=first_epoch):
        for each in callbacks:
            each.on_epoch_begin(epoch, {})
        for batch in range(2):
            for each in callbacks:
                each.on_train_batch_begin(batch, {})
                each.on_train_batch_end(batch, {"loss": 0.25, "accuracy": 1.0 - batch / 2})
        for each in callbacks:
            answer = each.on_epoch_end(epoch, None if logs is None else {**OTHERS, **logs})
            returned |= each is callback and answer is True
        flags.append(bool(model.stop_training))
        if flags[-1]:
            break
    for each in callbacks:
        each.on_train_end({})
    return {
        "stop_training after each epoch": flags,
        "stopped_epoch": callback.stopped_epoch,
        "on_epoch_end returned True": returned,
        "its own stop_training": getattr(callback, "stop_training", False) is True,
    }


@probe(
    points=1.5,
    cases=with_settings(
        st.fixed_dictionaries({"epochs": logs_of_epochs(4), "first_epoch": st.sampled_from([0, 0, 3])})
    ),
    examples=[
        {
            "target": 0.75,
            "monitor": None,
            "epochs": [{"accuracy": 0.5}, {"accuracy": 0.75}, {"accuracy": 1.0}],
            "first_epoch": 0,
        },
        {
            "target": 0.75,
            "monitor": "val_accuracy",
            "epochs": [
                {"accuracy": 1.0},
                {"accuracy": 1.0, "val_accuracy": 0.5},
                None,
                {"accuracy": 0.5, "val_accuracy": 1.0},
            ],
            "first_epoch": 0,
        },
        {
            "target": 0.5,
            "monitor": "accuracy",
            "epochs": [{"accuracy": 0.25, "val_accuracy": 0.75}, {"accuracy": 0.75}],
            "first_epoch": 5,
        },
        {"target": 0.75, "monitor": None, "epochs": [{"accuracy": 0.5}, {}], "first_epoch": 0},
        {
            "target": 0.90625,  # no whole number of percents
            "monitor": None,
            "epochs": [{"accuracy": 0.9025}, {"accuracy": 0.9062}, {"accuracy": 0.90625}],
            "first_epoch": 0,
        },
        {
            "target": 0.0,
            "monitor": "skill",
            "epochs": [{"skill": -0.5}, {"accuracy": 1.0}, {"skill": 0.0}],
            "first_epoch": 0,
        },
        {
            "target": -1.5,
            "monitor": "skill",
            "epochs": [{}, {"skill": -2.0}, {"skill": -1.0}],
            "first_epoch": 2,
        },
        {
            "target": 1.5,
            "monitor": "skill",
            "epochs": [{"skill": 0.5}, {"skill": 1.0}, {"skill": 1.5}],
            "first_epoch": 0,
        },
        {
            "target": 1.0,
            "monitor": "val_loss",
            "epochs": [{"val_loss": 0.75}, {"val_loss": 1.25}],
            "first_epoch": 0,
        },
    ],
    count=60,
    agree=HOW_IT_ASKS,
    hints=(
        "Which of Keras's moments comes once for each epoch, with the metrics of all of it?",
        "Whose attribute ends training: that of your callback, or that of the model?",
        "What does your code do where the metric is not in the logs, and where there are no logs?",
    ),
)
def log_sequences(impl, case):
    """The model's `stop_training` becomes True with the first epoch that reaches the target, not before."""
    return train(callback_of(impl, case), case["epochs"], case["first_epoch"])


@probe(
    points=0.5,
    cases=with_settings(
        st.fixed_dictionaries(
            {
                "first": logs_of_epochs(3),
                "second": logs_of_epochs(3),
                "second_from": st.sampled_from([0, 3]),
                "precision_of_the_other": st.sampled_from([2.0, 1.0]),
            }
        )
    ),
    examples=[
        {
            "target": 0.75,
            "monitor": None,
            "first": [{"accuracy": 0.5}, {"accuracy": 1.0}],
            "second": [{"accuracy": 0.25}, {"accuracy": 0.5}],
            "second_from": 4,
            "precision_of_the_other": 2.0,
        },
        {
            "target": 0.5,
            "monitor": "val_accuracy",
            "first": [{"val_accuracy": 0.75}],
            "second": [{"val_accuracy": 0.25}, {"val_accuracy": 0.5}],
            "second_from": 0,
            "precision_of_the_other": 2.0,
        },
        {
            "target": 0.75,
            "monitor": None,
            "first": [{"accuracy": 1.0}, {"accuracy": 1.0}],
            "second": [{}, None],
            "second_from": 0,
            "precision_of_the_other": 2.0,
        },
        {
            "target": 0.75,
            "monitor": None,
            "first": [{"accuracy": 0.5}],
            "second": [{"accuracy": 0.5}, {"accuracy": 1.0}],
            "second_from": 0,
            "precision_of_the_other": 1.0,
        },
        {
            "target": 0.0,
            "monitor": "skill",
            "first": [{"skill": -0.5}, {}, {"skill": 0.0}],
            "second": [{"skill": -1.0}, {"skill": -0.5}, {"skill": 0.5}],
            "second_from": 2,
            "precision_of_the_other": 2.0,
        },
    ],
    count=30,
    agree=by_key({"first": HOW_IT_ASKS, "second": HOW_IT_ASKS}),
    hints=(
        "What does your callback still know from the first training when the second one begins?",
        "Where does your class keep what it knows: with each callback, or once for all of them?",
        "In the second training two callbacks are in use. What does each leave of what the other one set?",
    ),
)
def reused(impl, case):
    """Used for a second training, the callback has forgotten the first one; another one does not disturb it.

    The other one has a training of its own in between, and is in use beside it in the second, which may go on
    from a later epoch.
    """
    callback = callback_of(impl, case)
    other = impl.StopAtAccuracy(case["precision_of_the_other"], "precision")
    first = train(callback, case["first"])
    train(other, [{}, {"precision": 3.0}])
    kept = callback.stopped_epoch
    second = train(callback, case["second"], case["second_from"], other)
    return {"first": first, "after another one's training": kept, "second": second}


@probe(
    points=1,
    examples=[
        {"target": 0.875, "monitor": None, "learning_rate": 0.5, "epochs": 25, "first_epoch": 0},
        {"target": 0.75, "monitor": "val_accuracy", "learning_rate": 1.0, "epochs": 15, "first_epoch": 4},
    ],
    agree=HOW_IT_ASKS,
    hints=("Print the logs in your callback and run a small `fit`: under which names are the metrics?",),
)
def in_fit(impl, case):
    """A real training ends after the first epoch that reaches the target, though many more are allowed."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "sigmoid")])
    model.set_weights([np.zeros((1, 1)), np.full(1, -3.0)])  # at first says 0 to everything
    optimizer = keras.optimizers.SGD(case["learning_rate"])
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"], run_eagerly=True)
    x = np.linspace(-1, 1, 8, dtype="float32")[:, None]
    other = np.array([[-0.6], [0.1], [0.4], [0.9]], "float32")
    validation = (other, (other > 0).astype("float32")) if case["monitor"] == "val_accuracy" else None
    callback = callback_of(impl, case)
    returned = []
    end_of_epoch = callback.on_epoch_end
    callback.on_epoch_end = lambda epoch, logs: returned.append(end_of_epoch(epoch, logs))
    history = model.fit(
        x,
        (x > 0).astype("float32"),
        validation_data=validation,
        batch_size=4,
        shuffle=False,
        initial_epoch=case["first_epoch"],
        epochs=case["epochs"],
        callbacks=[callback],
        verbose=0,
    )
    return {
        "epochs run": len(history.epoch),
        "stopped_epoch": callback.stopped_epoch,
        "on_epoch_end returned True": True in returned,
        "its own stop_training": getattr(callback, "stop_training", False) is True,
    }
