"""Known mistakes in training and evaluating by hand."""

import numpy as np
import tensorflow as tf

from keras_kata import instead_of


def _step(model, x, y, loss_fn, optimizer):
    """A right update; gives the loss before it."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    _apply(tape.gradient(loss, model.trainable_variables), model, optimizer)
    return float(loss)


def _apply(gradients, model, optimizer):
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))


def _train(model, dataset, epochs, step):
    """The reference's bookkeeping around `step(x, y)`, which gives the batch's loss."""
    history = []
    for _ in range(epochs):
        losses, sizes = zip(*[(float(step(x, y)), len(x)) for x, y in dataset], strict=True)
        history.append(float(np.average(losses, weights=sizes)))
    return history


@instead_of("train_epochs")
def mean_of_batch_means(model, dataset, loss_fn, optimizer, epochs):
    """You average the batches' means as if all batches were equally large: an example in a small batch
    then counts more than one in a large batch."""
    return [
        float(np.mean([_step(model, x, y, loss_fn, optimizer) for x, y in dataset])) for _ in range(epochs)
    ]


@instead_of("train_epochs")
def sum_of_batch_means(model, dataset, loss_fn, optimizer, epochs):
    """You add up the batches' losses without dividing: the number grows with the number of batches, and
    can't be compared with another data set's."""
    return [sum(_step(model, x, y, loss_fn, optimizer) for x, y in dataset) for _ in range(epochs)]


@instead_of("train_epochs")
def mean_loss_divided_again(model, dataset, loss_fn, optimizer, epochs):
    """You add up the batches' losses and divide by the number of examples. Each of them is a mean
    already, so you divide by the batch size twice."""
    history = []
    for _ in range(epochs):
        losses = [_step(model, x, y, loss_fn, optimizer) for x, y in dataset]
        history.append(sum(losses) / sum(len(x) for x, _ in dataset))
    return history


@instead_of("train_epochs")
def epoch_sum_never_reset(model, dataset, loss_fn, optimizer, epochs):
    """Your running sum goes on from one epoch to the next, so a later epoch's number still contains the
    losses of the earlier ones."""
    history, total, count = [], 0.0, 0
    for _ in range(epochs):
        for x, y in dataset:
            total += _step(model, x, y, loss_fn, optimizer) * len(x)
            count += len(x)
        history.append(total / count)
    return history


@instead_of("train_epochs")
def last_batch_only(model, dataset, loss_fn, optimizer, epochs):
    """You report the loss of the last batch of each epoch. It says nothing of the other examples."""
    return [[_step(model, x, y, loss_fn, optimizer) for x, y in dataset][-1] for _ in range(epochs)]


@instead_of("train_epochs")
def loss_of_every_batch(model, dataset, loss_fn, optimizer, epochs):
    """You report one number for each batch; one number for each epoch is asked."""
    return [_step(model, x, y, loss_fn, optimizer) for _ in range(epochs) for x, y in dataset]


@instead_of("train_epochs")
def loss_after_update(model, dataset, loss_fn, optimizer, epochs):
    """You compute the batch's loss again after the update. It looks better than it was: report the loss
    whose gradients you applied."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for x, y in dataset:
            _step(model, x, y, loss_fn, optimizer)
            losses.append(float(loss_fn(y, model(x, training=True))))
            sizes.append(len(x))
        history.append(float(np.average(losses, weights=sizes)))
    return history


@instead_of("train_epochs")
def evaluated_after_epoch(model, dataset, loss_fn, optimizer, epochs):
    """You go through the data once more when the epoch is over and report that loss. Asked are the losses
    met during the epoch, each before its own update."""
    history = []
    for _ in range(epochs):
        for x, y in dataset:
            _step(model, x, y, loss_fn, optimizer)
        losses = [float(loss_fn(y, model(x, training=False))) for x, y in dataset]
        history.append(float(np.average(losses, weights=[len(x) for x, _ in dataset])))
    return history


@instead_of("train_epochs")
def inference_mode_training(model, dataset, loss_fn, optimizer, epochs):
    """You train in inference mode: batch normalisation then uses its moving statistics and never updates
    them, and dropout does nothing."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=False))
        _apply(tape.gradient(loss, model.trainable_variables), model, optimizer)
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def all_weights_passed(model, dataset, loss_fn, optimizer, epochs):
    """You update all weights of the model, also those of frozen layers. `trainable = False` does not stop
    an update that you make yourself; it only takes the variable off a list that you have to use."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.weights), model.weights, strict=True))
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def pairs_reversed(model, dataset, loss_fn, optimizer, epochs):
    """You hand the optimizer (variable, gradient) pairs. It takes the first of a pair for the gradient
    and the second for what is to be changed."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(model.trainable_variables, gradients, strict=True))
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def forward_outside_tape(model, dataset, loss_fn, optimizer, epochs):
    """Every gradient is None: the tape has recorded no path from the variables to the loss. Either the
    model was called before the tape began to record, or the loss had already become a plain number."""

    def step(x, y):
        y_hat = model(x, training=True)
        with tf.GradientTape() as tape:
            loss = loss_fn(y, y_hat)
        _apply(tape.gradient(loss, model.trainable_variables), model, optimizer)
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def loss_arguments_swapped(model, dataset, loss_fn, optimizer, epochs):
    """You call the loss with the prediction first. Some losses do not mind, but for many it matters which
    of the two is the truth."""

    def swapped(y, y_hat):
        return loss_fn(y_hat, y)

    return _train(model, dataset, epochs, lambda x, y: _step(model, x, y, swapped, optimizer))


@instead_of("train_epochs")
def one_update_per_epoch(model, dataset, loss_fn, optimizer, epochs):
    """You apply gradients once per epoch, those of its last batch: the update stands outside the loop
    over the batches, and what the other batches could teach is lost."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for x, y in dataset:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
            losses.append(float(loss))
            sizes.append(len(x))
        _apply(tape.gradient(loss, model.trainable_variables), model, optimizer)
        history.append(float(np.average(losses, weights=sizes)))
    return history


@instead_of("train_epochs")
def no_update(model, dataset, loss_fn, optimizer, epochs):
    """You compute losses, and perhaps gradients, but nothing changes the variables: the model does not
    learn."""
    return _train(model, dataset, epochs, lambda x, y: loss_fn(y, model(x, training=True)))


@instead_of("train_epochs")
def ascends(model, dataset, loss_fn, optimizer, epochs):
    """Your update goes uphill: the optimizer already steps against the gradient, and you turn the sign
    once more."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        _apply([-g for g in tape.gradient(loss, model.trainable_variables)], model, optimizer)
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def updates_by_hand(model, dataset, loss_fn, optimizer, epochs):
    """Your update is learning rate times gradient, by your own hand or by an optimizer that you made. That is
    plain gradient descent; the optimizer that was handed in may do more, such as keep momentum."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
            variable.assign_sub(optimizer.learning_rate * gradient)
        return loss

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def optimizer_made_for_every_batch(model, dataset, loss_fn, optimizer, epochs):
    """You make a new optimizer for every batch. It has a memory, such as momentum, that should go on from one
    update to the next: use the one that is handed in."""

    def step(x, y):
        fresh = type(optimizer).from_config(optimizer.get_config())
        return _step(model, x, y, loss_fn, fresh)

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def optimizer_restarted(model, dataset, loss_fn, optimizer, epochs):
    """You make a new optimizer for every epoch. What the old one remembered, such as its momentum, is
    lost each time."""
    history = []
    for _ in range(epochs):
        fresh = type(optimizer).from_config(optimizer.get_config())
        losses = [_step(model, x, y, loss_fn, fresh) for x, y in dataset]
        history.append(float(np.average(losses, weights=[len(x) for x, _ in dataset])))
    return history


@instead_of("train_epochs")
def gradient_of_the_sum(model, dataset, loss_fn, optimizer, epochs):
    """You take the gradient of the loss times the batch size. The update should follow the batch's mean
    loss, so that large batches do not make larger steps."""

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True)) * len(x)
        _apply(tape.gradient(loss, model.trainable_variables), model, optimizer)
        return loss / len(x)

    return _train(model, dataset, epochs, step)


@instead_of("train_epochs")
def one_epoch_too_many(model, dataset, loss_fn, optimizer, epochs):
    """You go through the data once more than asked."""
    return _train(model, dataset, epochs + 1, lambda x, y: _step(model, x, y, loss_fn, optimizer))


@instead_of("evaluate")
def evaluates_in_training_mode(model, dataset, loss_fn):
    """You evaluate in training mode: batch normalisation then uses the test batch's own statistics, and
    even changes its moving statistics."""
    losses = [float(loss_fn(y, model(x, training=True))) for x, y in dataset]
    return float(np.average(losses, weights=[len(x) for x, _ in dataset]))


@instead_of("evaluate")
def evaluates_mean_of_batch_means(model, dataset, loss_fn):
    """You average the batches' means as if all batches were equally large: an example in a small batch
    then counts more than one in a large batch."""
    return float(np.mean([loss_fn(y, model(x, training=False)) for x, y in dataset]))


@instead_of("evaluate")
def evaluates_sum_of_batch_means(model, dataset, loss_fn):
    """You add up the batches' losses without dividing: the number grows with the number of batches."""
    return sum(float(loss_fn(y, model(x, training=False))) for x, y in dataset)


@instead_of("evaluate")
def evaluates_mean_loss_divided_again(model, dataset, loss_fn):
    """You add up the batches' losses and divide by the number of examples. Each of them is a mean
    already, so you divide by the batch size twice."""
    losses = [float(loss_fn(y, model(x, training=False))) for x, y in dataset]
    return sum(losses) / sum(len(x) for x, _ in dataset)


@instead_of("evaluate")
def evaluates_last_batch_only(model, dataset, loss_fn):
    """You return the loss of the last batch. It says nothing of the other examples."""
    return [float(loss_fn(y, model(x, training=False))) for x, y in dataset][-1]


@instead_of("evaluate")
def evaluates_with_arguments_swapped(model, dataset, loss_fn):
    """You call the loss with the prediction first. Some losses do not mind, but for many it matters which
    of the two is the truth."""
    losses = [float(loss_fn(model(x, training=False), y)) for x, y in dataset]
    return float(np.average(losses, weights=[len(x) for x, _ in dataset]))


@instead_of("evaluate")
def evaluation_freezes(model, dataset, loss_fn):
    """You set the model's `trainable` flag for the evaluation, and it stays so: from then on, training changes
    nothing. Whether a call is training or inference is said by its `training` argument."""
    model.trainable = False
    losses = [(len(x), float(loss_fn(y, model(x, training=False)))) for x, y in dataset]
    return sum(n * loss for n, loss in losses) / sum(n for n, _ in losses)
