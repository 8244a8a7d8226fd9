"""A training loop written out: data set, model, loss, optimizer, gradients.

`model.fit` hides the loop in which a network learns. When you need something that `fit` does not offer, you
write the loop yourself. One step of it takes one batch (x, y) of the data set:

1. forward pass: the model's predictions y_hat for x,
2. loss: one number that says how far y_hat is from y,
3. gradients: the derivative of the loss with respect to each trainable variable of the model. For this,
   steps 1 and 2 happen inside a `tf.GradientTape`, which records them,
4. update: the optimizer is given each gradient with its variable, and changes the variables.

Step 3 is often left out when people say "compute the loss and apply the gradients": without the tape there
are no gradients to apply. One pass over all batches is an epoch; training is several epochs.

A model behaves in two ways. In training mode (`model(x, training=True)`) a dropout layer drops units, and a
batch normalisation layer uses the statistics of the batch and updates its moving statistics. In inference
mode (`training=False`) nothing is dropped, and the moving statistics are used and left as they are. Training
uses the first, evaluation the second.

The loss of an epoch is the mean over its examples, and batches may have different sizes. Each batch tells
its own mean l_i; with n_i examples in batch i the mean over all examples is

    L = (n_1 l_1 + n_2 l_2 + ...) / (n_1 + n_2 + ...)

Example: a batch of 3 examples with the mean loss 2 and a batch of 1 example with the loss 6 give
L = (3 * 2 + 1 * 6) / 4 = 3, although the two batch means average to 4.

What is asked:

* The loss of a batch counts as it was before the update that this batch causes: it is the loss whose
  gradients are applied. So the losses of one epoch come from weights that change from batch to batch.
* Every batch causes one update, by the optimizer that is handed in: it may be any of Keras, with its own
  memory, such as momentum.
* Only the model's trainable variables are updated; layers with `trainable = False` keep their weights.
* A data set is a list of (x, y) pairs or a `tf.data.Dataset` that yields such pairs. It has at least one
  batch, and can be gone through as often as you like. x and y are numpy arrays or tensors with the same
  first axis, the examples of the batch: (n_i, ...).
* `loss_fn(y, y_hat)`, truth first, gives the mean loss over the examples of a batch as a tensor. It need not
  be symmetric: a forecast that is too low may cost more than one that is too high.

The models are built already and have no losses of their own (such as weight decay). Write the loop yourself:
`model.compile`, and with it `fit`, `evaluate` and `train_on_batch`, is not allowed. Validation data, metrics,
callbacks and printing are not asked.
"""

from collections.abc import Callable, Iterable

import keras
import numpy as np
import tensorflow as tf


def train_epochs(
    model: keras.Model,
    dataset: Iterable,
    loss_fn: Callable,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
) -> list[float]:
    """Train the model, one update for each batch in each epoch.

    Args:
        model: a built Keras model; its trainable variables are changed.
        dataset: (x, y) batches, x: (n_i, ...) float32 and y: (n_i, ...) float32.
        loss_fn: `loss_fn(y, y_hat)`, the batch's mean loss, a scalar float32 tensor.
        optimizer: what applies the gradients.
        epochs: how often to go through the data set, 0 or more.

    Returns:
        For each epoch the mean loss per example, as one number; the empty list for 0 epochs.
    """
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for x, y in dataset:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            losses.append(loss)
            sizes.append(len(x))
        history.append(np.average(losses, weights=sizes))
    return history


def evaluate(model: keras.Model, dataset: Iterable, loss_fn: Callable) -> float:
    """Measure the model on a data set, in inference mode; nothing of the model changes.

    Args:
        model: a built Keras model.
        dataset: (x, y) batches, as in `train_epochs`.
        loss_fn: as in `train_epochs`.

    Returns:
        The mean loss per example, a number.
    """
    losses = [loss_fn(y, model(x, training=False)) for x, y in dataset]
    return np.average(losses, weights=[len(x) for x, _ in dataset])
