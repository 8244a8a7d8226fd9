"""Other right ways to record and read learning curves."""

import numpy as np

from keras_kata import instead_of


@instead_of("fit_and_record")
def one_fit_per_epoch(model, train, val, epochs):
    """An epoch of `fit` and an `evaluate` in turn."""
    history = {}
    for _ in range(epochs):
        trained = model.fit(*train, batch_size=len(train[0]), shuffle=False, verbose=0).history
        measured = model.evaluate(*val, verbose=0, return_dict=True)
        for name, values in trained.items():
            history.setdefault(name, []).extend(values)
            history.setdefault("val_" + name, []).append(measured[name])
    return history


@instead_of("fit_and_record")
def train_on_batch(model, train, val, epochs):
    """Full batches by `train_on_batch`, `test_on_batch` for the measuring."""
    columns = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        model.reset_metrics()
        loss, accuracy = model.train_on_batch(train[0], train[1])
        model.reset_metrics()
        val_loss, val_accuracy = model.test_on_batch(val[0], val[1])
        for column, value in zip(columns.values(), (loss, accuracy, val_loss, val_accuracy), strict=True):
            assert len(column) == epoch
            column.append(np.float32(value))
    return columns


@instead_of("plot_series")
def loop_over_names(history):
    """A loop; tuples, ranges and numpy arrays for series."""
    names = {name.removeprefix("val_") for name in history}
    series = {}
    for name in sorted(names):
        train = history[name]
        validation = history.get(f"val_{name}")
        series[name] = {
            "validation": None if validation is None else np.array(validation),
            "train": tuple(train),
            "epochs": np.arange(len(train)) + 1,
        }
    return series


@instead_of("overfitting_onset")
def plain_loop(train_loss, val_loss, patience):
    """A loop that keeps the smallest loss so far."""
    best = 0
    for epoch, loss in enumerate(val_loss):
        if loss < val_loss[best]:
            best = epoch
    if len(train_loss) - best <= patience:
        return None
    if train_loss[best] <= train_loss[-1]:
        return None
    return best


@instead_of("overfitting_onset")
def index_of_minimum(train_loss, val_loss, patience):
    """The list's own `index`; slices for what comes after."""
    best = list(val_loss).index(min(val_loss))
    after = train_loss[best + 1 :]
    if len(after) < patience or not after:
        return None
    return np.int64(best) if after[-1] - train_loss[best] < 0 else None


@instead_of("generalization_gap")
def difference_of_arrays(history):
    """One subtraction of arrays, in double precision."""
    return np.subtract(history["accuracy"], history["val_accuracy"])
