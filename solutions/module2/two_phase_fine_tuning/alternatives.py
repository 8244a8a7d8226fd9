"""Other right ways to fine-tune in two phases."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("run_two_phases")
def gradient_tapes(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Two loops with a tape and the update written out; compiled once, at the end."""
    x, y = train
    base.trainable = False

    def descend(rate, epochs):
        losses = []
        for _ in range(epochs):
            with tf.GradientTape() as tape:
                each = keras.losses.sparse_categorical_crossentropy(y, model(x, training=True))
                loss = tf.reduce_mean(each)
            variables = model.trainable_variables
            gradients = tape.gradient(loss, variables)
            for variable, gradient in zip(variables, gradients, strict=True):
                variable.assign(variable - rate * gradient)
            losses.append(float(loss))
        return losses

    head_loss = descend(head_rate, head_epochs)
    left = k
    for layer in reversed(base.layers):
        if left and layer.weights and "BatchNormalization" not in type(layer).__name__:
            layer.trainable, left = True, left - 1
    tune_loss = descend(tune_rate, tune_epochs)
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=tune_rate), loss="sparse_categorical_crossentropy"
    )
    return dict(head_loss=head_loss, tune_loss=tune_loss)  # noqa: C408


@instead_of("run_two_phases")
def on_batches(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """`train_on_batch`; every layer's flag set by itself; arrays of losses."""
    loss = keras.losses.SparseCategoricalCrossentropy()
    weighted = [layer for layer in base.layers if len(layer.trainable_weights + layer.non_trainable_weights)]
    dense = [layer for layer in weighted if not isinstance(layer, keras.layers.BatchNormalization)]
    result = {}
    for name, rate, epochs, thawed in (
        ("head_loss", head_rate, head_epochs, set()),
        ("tune_loss", tune_rate, tune_epochs, {layer.name for layer in dense[max(len(dense) - k, 0) :]}),
    ):
        for layer in base.layers:
            layer.trainable = layer.name in thawed
        model.compile(optimizer=keras.optimizers.SGD(rate, momentum=0.0), loss=loss)
        result[name] = np.array([model.train_on_batch(*train) for _ in range(epochs)], "float64")
    return result


@instead_of("run_two_phases")
def thaw_then_freeze(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """The whole base thawed for phase 2, then frozen again up to the last k; eager; epochs counted through."""
    x, y = train
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(len(x))
    base.trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    model.optimizer.learning_rate = head_rate
    first = model.fit(data, epochs=head_epochs, verbose=0)
    base.trainable = True
    kept = 0
    for layer in base.layers[::-1]:
        is_norm = isinstance(layer, keras.layers.BatchNormalization)
        if is_norm or not layer.weights or kept == k:
            layer.trainable = False
        else:
            kept += 1
    model.compile(
        keras.optimizers.SGD(tune_rate), keras.losses.sparse_categorical_crossentropy, run_eagerly=True
    )
    second = model.fit(data, initial_epoch=head_epochs, epochs=head_epochs + tune_epochs, verbose=0)
    return {"head_loss": first.history.get("loss", []), "tune_loss": second.history.get("loss", [])}
