"""Known mistakes in recording and reading learning curves."""

import keras
import numpy as np

from keras_kata import instead_of

from .reference import plot_series as _right_series


@instead_of("fit_and_record")
def returns_history_object(model, train, val, epochs):
    """You return the History object that `fit` gives. The dictionary with the numbers is an attribute of it."""
    return model.fit(*train, validation_data=val, epochs=epochs, verbose=0)


@instead_of("fit_and_record")
def validates_on_training_data(model, train, val, epochs):
    """You measure on the training data a second time. The validation curves then say nothing about examples
    that the network has not seen."""
    return model.fit(*train, validation_data=train, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def no_validation(model, train, val, epochs):
    """You train without validation data, so half of the curves is missing."""
    return model.fit(*train, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def trains_on_everything(model, train, val, epochs):
    """You train on the validation data as well. The network has then seen them, and its validation loss proves
    nothing."""
    x, y = (np.concatenate(parts) for parts in zip(train, val, strict=True))
    return model.fit(x, y, validation_data=val, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def roles_exchanged(model, train, val, epochs):
    """You train on the validation data and measure on the training data."""
    return model.fit(*val, validation_data=train, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def validation_values_twice(model, train, val, epochs):
    """You enter the values of the validation data under all four names. "loss" and "accuracy" are those of
    training."""
    history = model.fit(*train, validation_data=val, epochs=epochs, verbose=0).history
    return {name: history["val_" + name.removeprefix("val_")] for name in history}


@instead_of("fit_and_record")
def always_one_epoch(model, train, val, epochs):
    """You train for one epoch only, whatever number was asked for."""
    return model.fit(*train, validation_data=val, verbose=0).history


@instead_of("fit_and_record")
def ends_early(model, train, val, epochs):
    """You let training end early where the validation loss gets worse. All the epochs asked for are to be
    recorded: the curves after the best one are what shows overfitting."""
    stop = keras.callbacks.EarlyStopping()
    return model.fit(*train, validation_data=val, epochs=epochs, verbose=0, callbacks=[stop]).history


@instead_of("fit_and_record")
def compiled_anew(model, train, val, epochs):
    """You compile the model again, with an optimizer of your own choice. It was handed to you compiled, and is to
    be trained as it is."""
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(*train, validation_data=val, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def measured_once_at_the_end(model, train, val, epochs):
    """You measure on the validation data only once, when all is over, and repeat the numbers. A curve needs a
    measurement after every epoch."""
    history = model.fit(*train, epochs=epochs, verbose=0).history
    loss, accuracy = model.evaluate(*val, verbose=0)
    return {**history, "val_loss": [loss] * epochs, "val_accuracy": [accuracy] * epochs}


@instead_of("fit_and_record")
def trained_twice(model, train, val, epochs):
    """You train the model once and then record a second training, so that it goes through the data twice as
    often as asked, and the beginning of the curves is lost."""
    model.fit(*train, epochs=epochs, verbose=0)
    return model.fit(*train, validation_data=val, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def split_off_the_training_data(model, train, val, epochs):
    """You split validation data off the training data instead of using those that you were given."""
    return model.fit(*train, validation_split=0.4, epochs=epochs, verbose=0).history


@instead_of("fit_and_record")
def measured_before_training(model, train, val, epochs):
    """You measure on the validation data before the epoch's updates. An epoch's values are those at its end."""
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        measured = model.evaluate(*val, verbose=0, return_dict=True)
        trained = model.fit(*train, verbose=0).history
        for name in ("loss", "accuracy"):
            history[name] += trained[name]
            history["val_" + name].append(measured[name])
    return history


@instead_of("plot_series")
def epochs_from_zero(history):
    """You number the epochs from 0. In a plot the first epoch is number 1."""
    return {
        name: {**series, "epochs": [epoch - 1 for epoch in series["epochs"]]}
        for name, series in _right_series(history).items()
    }


@instead_of("plot_series")
def validation_left_out(history):
    """Where a metric has no validation values you leave the entry out. It is to be there, and None."""
    return {
        name: {key: value for key, value in series.items() if value is not None}
        for name, series in _right_series(history).items()
    }


@instead_of("plot_series")
def empty_without_validation(history):
    """Where a metric has no validation values you give an empty list. None is asked: there are no values, not a
    series of length 0."""
    return {
        name: {**series, "validation": series["validation"] or []}
        for name, series in _right_series(history).items()
    }


@instead_of("plot_series")
def validation_as_own_metric(history):
    """You make an entry of its own for each name with `val_` in front. These belong to the metric without it."""
    return {
        name: {
            "epochs": [*range(1, len(values) + 1)],
            "train": values,
            "validation": history.get("val_" + name),
        }
        for name, values in history.items()
    }


@instead_of("plot_series")
def val_anywhere_in_the_name(history):
    """You take every name that contains `val_` for validation values. Only those that begin with it are."""
    return {name: series for name, series in _right_series(history).items() if "val_" not in name}


@instead_of("plot_series")
def val_without_underscore(history):
    """You take every name that begins with `val` for validation values, also that of a metric called `value`.
    The underscore belongs to it."""
    return {name: series for name, series in _right_series(history).items() if not name.startswith("val")}


@instead_of("plot_series")
def metric_without_validation_left_out(history):
    """You leave out a metric that has no validation values altogether. Its training curve is still to be
    plotted."""
    return {name: s for name, s in _right_series(history).items() if s["validation"] is not None}


@instead_of("plot_series")
def loss_and_accuracy_only(history):
    """You lay out loss and accuracy only. A history may hold any metrics."""
    return {name: series for name, series in _right_series(history).items() if name in ("loss", "accuracy")}


@instead_of("plot_series")
def train_and_validation_exchanged(history):
    """You put the validation values under `train` and the training values under `validation`."""
    return {
        name: {"epochs": series["epochs"], "train": series["validation"], "validation": series["train"]}
        for name, series in _right_series(history).items()
    }


def _onset(best, train_loss, patience):
    followed_by = len(train_loss) - 1 - best
    return best if followed_by >= patience and train_loss[-1] < train_loss[best] else None


@instead_of("overfitting_onset")
def uses_training_loss_minimum(train_loss, val_loss, patience):
    """You look for the best epoch in the training loss. It falls also while the network overfits; the
    validation loss tells which epoch was best."""
    return _onset(int(np.argmin(train_loss)), train_loss, patience)


@instead_of("overfitting_onset")
def last_minimum(train_loss, val_loss, patience):
    """Of several equal validation losses you take the last. The first one counts: what came after it was no
    better."""
    return _onset(len(val_loss) - 1 - int(np.argmin(val_loss[::-1])), train_loss, patience)


@instead_of("overfitting_onset")
def onset_counts_from_one(train_loss, val_loss, patience):
    """You return the number of the epoch counted from 1. An index is asked, counted from 0."""
    onset = _onset(int(np.argmin(val_loss)), train_loss, patience)
    return None if onset is None else onset + 1


@instead_of("overfitting_onset")
def first_epoch_is_none(train_loss, val_loss, patience):
    """Where the first epoch is the best you answer None. Its index 0 is an answer, though it is false in
    Python."""
    best = int(np.argmin(val_loss))
    follows = len(val_loss) - 1 - best >= patience and train_loss[-1] < train_loss[best]
    return best or None if follows else None


@instead_of("overfitting_onset")
def plateau_is_overfitting(train_loss, val_loss, patience):
    """You look at the validation loss only. That it got no better is no overfitting yet: the training loss must
    have gone on falling."""
    best = int(np.argmin(val_loss))
    return best if len(val_loss) - 1 - best >= patience else None


@instead_of("overfitting_onset")
def patience_ignored(train_loss, val_loss, patience):
    """You do not ask whether enough epochs come after the best one."""
    return _onset(int(np.argmin(val_loss)), train_loss, 0)


@instead_of("overfitting_onset")
def more_than_patience(train_loss, val_loss, patience):
    """You ask for more epochs after the best one than `patience`. Exactly as many are enough."""
    return _onset(int(np.argmin(val_loss)), train_loss, patience + 1)


@instead_of("overfitting_onset")
def best_epoch_counted_too(train_loss, val_loss, patience):
    """You count the best epoch itself among those that come after it."""
    return _onset(int(np.argmin(val_loss)), train_loss, patience - 1)


@instead_of("overfitting_onset")
def not_above_is_below(train_loss, val_loss, patience):
    """A last training loss equal to that of the best epoch is a sign of overfitting in your code. It must be
    below it."""
    best = int(np.argmin(val_loss))
    return best if len(val_loss) - 1 - best >= patience and train_loss[-1] <= train_loss[best] else None


@instead_of("overfitting_onset")
def any_later_training_loss(train_loss, val_loss, patience):
    """You compare the smallest training loss after the best epoch. The one of the last epoch counts."""
    best = int(np.argmin(val_loss))
    later = min(train_loss[best:])
    return best if len(val_loss) - 1 - best >= patience and later < train_loss[best] else None


@instead_of("overfitting_onset")
def first_training_loss(train_loss, val_loss, patience):
    """You ask whether the training loss fell over the whole training. Compare the last epoch with the best
    one."""
    best = int(np.argmin(val_loss))
    return best if len(val_loss) - 1 - best >= patience and train_loss[-1] < train_loss[0] else None


@instead_of("overfitting_onset")
def validation_must_rise(train_loss, val_loss, patience):
    """You ask that the validation loss ends above its smallest value. It may stay flat while training still
    gets better: that is overfitting, too."""
    best = int(np.argmin(val_loss))
    return _onset(best, train_loss, patience) if val_loss[-1] > val_loss[best] else None


@instead_of("overfitting_onset")
def minus_one_for_none(train_loss, val_loss, patience):
    """You return -1 where there is no sign of overfitting. As an index that is the last epoch; None is asked."""
    onset = _onset(int(np.argmin(val_loss)), train_loss, patience)
    return -1 if onset is None else onset


@instead_of("generalization_gap")
def gap_sign_reversed(history):
    """You subtract the training accuracy from the validation accuracy, so that overfitting shows as a negative
    gap."""
    return [v - t for t, v in zip(history["accuracy"], history["val_accuracy"], strict=True)]


@instead_of("generalization_gap")
def gap_without_sign(history):
    """You drop the sign of the gap. A network that is better on the validation data has a negative one."""
    return [abs(v - t) for t, v in zip(history["accuracy"], history["val_accuracy"], strict=True)]


@instead_of("generalization_gap")
def gap_of_the_last_epoch(history):
    """You give the gap of the last epoch only. One number for each epoch is asked."""
    return history["accuracy"][-1] - history["val_accuracy"][-1]


@instead_of("generalization_gap")
def gap_of_losses(history):
    """You compare the losses. The gap that is asked is the one between the accuracies."""
    return [v - t for t, v in zip(history["loss"], history["val_loss"], strict=True)]
