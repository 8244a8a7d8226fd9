"""Record a history, lay it out for plotting, find where overfitting starts.

A network overfits when it goes on learning its training examples, but no longer gets better at others. To see
it, some examples are kept out of training, the validation data, and after every epoch the network is measured
on them. Four curves then tell the story: the loss and the accuracy on the training data, and the loss and the
accuracy on the validation data. (Old notes use `fit_generator` for this. It is gone: `fit` does it all.)

One curve alone proves nothing. Training loss that falls is just learning. Validation loss that has become
flat may mean that the network knows all that it can know. Overfitting shows where the two part: training still
gets better, and validation does not.

1. `fit_and_record` trains a model and gives the history: a dictionary from "loss", "accuracy", "val_loss" and
   "val_accuracy" to a list with one number for each epoch. Measured is on the validation data as they are, at
   the end of each epoch; they must never be trained on. The model is compiled already, and trained as it is,
   for all the epochs asked for, each once through all training examples. The batch size and their order are
   yours.

2. `plot_series` puts a history in the form a plot needs: for each metric the numbers of the epochs, counted
   from 1, the values in training, and those in validation. The validation values of a metric stand in the
   history under its name with `val_` in front. Some histories have none, and then the entry is None. Example:

       {"loss": [0.9, 0.5], "val_loss": [1.0, 0.75]}  becomes
       {"loss": {"epochs": [1, 2], "train": [0.9, 0.5], "validation": [1.0, 0.75]}}

3. `overfitting_onset` names the epoch from which on training did harm. Let b be the index (from 0) of the
   smallest validation loss; of several equal ones the first. The answer is b if both are true:

       at least `patience` epochs come after b
       the training loss of the last epoch is below the training loss of epoch b

   and None if not. Example: training losses 0.9, 0.6, 0.4, 0.3 and validation losses 1.0, 0.8, 0.8, 0.9 have
   b = 1, and two epochs after it. With a patience of 2 the answer is 1, with a patience of 3 it is None.

4. `generalization_gap` tells how much better the network is on examples that it has seen: for each epoch the
   training accuracy minus the validation accuracy.

Drawing, smoothing and stopping early are not asked. It follows on module2/stop_at_accuracy, which used the
metrics of one epoch; here they are kept for all of them.
"""

import keras
import numpy as np


def fit_and_record(
    model: keras.Model, train: tuple[np.ndarray, np.ndarray], val: tuple[np.ndarray, np.ndarray], epochs: int
) -> dict[str, list[float]]:
    """Train a model, and measure it after every epoch.

    Args:
        model: a Keras model, compiled with a loss and the metric "accuracy".
        train: x: (n, d) float32 and y: (n,) int64, what to train on.
        val: x: (m, d) float32 and y: (m,) int64, what to measure on.
        epochs: how often to go through the training data, at least 1.

    Returns:
        "loss", "accuracy", "val_loss" and "val_accuracy", each with one number per epoch.
    """
    raise NotImplementedError


def plot_series(history: dict[str, list[float]]) -> dict[str, dict]:
    """Lay a history out for plotting.

    Args:
        history: any metrics, each with one number per epoch, some or all of them also with `val_` in front.

    Returns:
        For each metric "epochs": [1, 2, ...], "train": its values, and "validation": the values of the metric
        with `val_` in front, or None where the history has none.
    """
    raise NotImplementedError


def overfitting_onset(train_loss: list[float], val_loss: list[float], patience: int) -> int | None:
    """Find the epoch after which training made the network worse at new examples.

    Args:
        train_loss: one loss per epoch, at least one.
        val_loss: as many.
        patience: how many epochs must come after the best one, 0 or more.

    Returns:
        The index of the best epoch, from 0, or None where there is no sign of overfitting.
    """
    raise NotImplementedError


def generalization_gap(history: dict[str, list[float]]) -> list[float]:
    """Tell how much better the network is on the training data, in each epoch.

    Args:
        history: with "accuracy" and "val_accuracy", equally long lists.

    Returns:
        Training accuracy minus validation accuracy, one number per epoch.
    """
    raise NotImplementedError
