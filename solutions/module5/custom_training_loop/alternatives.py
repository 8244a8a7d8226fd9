"""Other right ways to train and to evaluate by hand."""

import keras
import tensorflow as tf

from keras_kata import instead_of


@instead_of("train_epochs")
def running_sums(model, dataset, loss_fn, optimizer, epochs):
    """Sums that begin as Python numbers; (gradient, variable) pairs; losses returned as tensors."""
    history = []
    for _ in range(epochs):
        total, n = 0.0, 0
        for batch in dataset:
            features, target = batch
            with tf.GradientTape() as tape:
                prediction = model(features, training=True)
                value = loss_fn(target, prediction)
            gradients = tape.gradient(value, model.trainable_weights)
            optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
            total, n = total + value * target.shape[0], n + target.shape[0]
        history += [total / n]
    return history


@instead_of("train_epochs")
def compiled_step(model, dataset, loss_fn, optimizer, epochs):
    """The step as one `tf.function`, and a Keras metric with sample weights."""
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in model.trainable_variables])
            loss = loss_fn(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(list(zip(gradients, model.trainable_variables, strict=True)))
        return loss

    mean, history = keras.metrics.Mean(), []
    for _ in range(epochs):
        mean.reset_state()
        for x, y in dataset:
            x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
            mean.update_state(step(x, y), sample_weight=tf.shape(x)[0])
        history.append(mean.result())
    return history


@instead_of("train_epochs")
def while_loop_over_a_list(model, dataset, loss_fn, optimizer, epochs):
    """The batches as a list of tensors first; gradients of a dict; a numpy array of losses."""
    batches = [(tf.constant(x), tf.constant(y)) for x, y in dataset]
    history = tf.TensorArray("float32", size=epochs)
    epoch = 0
    while epoch < epochs:
        weighted = []
        for x, y in batches:
            with tf.GradientTape(persistent=True) as tape:
                loss = loss_fn(y, model(x, training=True))
            pairs = [(tape.gradient(loss, v), v) for v in model.trainable_variables]
            optimizer.apply_gradients(pairs)
            weighted.append(loss * tf.cast(len(y), loss.dtype))
        history = history.write(epoch, sum(weighted) / sum(len(y) for _, y in batches))
        epoch += 1
    return history.stack().numpy()


@instead_of("evaluate")
def evaluates_by_metric(model, dataset, loss_fn):
    """A Keras metric with sample weights; a tensor returned; no `training` argument."""
    mean = keras.metrics.Mean()
    for x, y in dataset:
        mean.update_state(loss_fn(y, model(x)), sample_weight=len(y))
    return mean.result()


@instead_of("evaluate")
def evaluates_all_at_once(model, dataset, loss_fn):
    """All examples joined to one batch, whose mean is the mean over the examples."""
    x = tf.concat([x for x, _ in dataset], axis=0)
    y = tf.concat([y for _, y in dataset], axis=0)
    return loss_fn(y, model(x, training=False)).numpy()


@instead_of("evaluate")
def evaluates_each_example(model, dataset, loss_fn):
    """One example at a time."""
    losses = [
        loss_fn(y[i : i + 1], model(x[i : i + 1], training=False)) for x, y in dataset for i in range(len(x))
    ]
    return tf.reduce_mean(losses)
