"""Cleo averages the batches' losses, whatever their sizes; and her evaluation stops at a wrong name."""

import tensorflow as tf


def train_epochs(model, dataset, loss_fn, optimizer, epochs):
    history = []
    for _ in range(epochs):
        losses = []
        for x, y in dataset:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
            losses.append(float(loss))
        history.append(sum(losses) / len(losses))
    return history


def evaluate(model, dataset, loss_fn):
    total, count = 0.0, 0
    for x, y in dataset:
        total += float(loss_fn(y, model(x, training=False))) * len(y)
        count += len(y)
    return total / counted
