"""Other right answers about classes, losses and heads."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("softmax")
def by_log_sum_exp(logits):
    """The exponential of the log-probabilities, in double precision."""
    return np.exp(logits - np.logaddexp.reduce(logits.astype("float64"), axis=1)[:, None])


@instead_of("softmax")
def row_by_row(logits):
    """Lists of Python numbers; each entry is one over a sum of powers of differences."""
    rows = []
    for row in logits.tolist():
        powers = [2.718281828459045 ** (z - max(row)) for z in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


@instead_of("softmax")
def keras_ops(logits):
    """keras.ops throughout."""
    z = keras.ops.convert_to_tensor(logits)
    powers = keras.ops.exp(z - keras.ops.max(z, axis=-1, keepdims=True))
    return powers / keras.ops.sum(powers, axis=-1, keepdims=True)


@instead_of("cross_entropy")
def true_logits_picked(labels, logits):
    """Log-sum-exp minus the true logit, by index; a numpy scalar in single precision."""
    classes = labels if labels.ndim == 1 else labels.argmax(axis=1)
    top = logits.max(axis=1)
    total = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return np.mean(total - logits[np.arange(len(logits)), classes])


@instead_of("cross_entropy")
def differences_to_the_true_logit(labels, logits):
    """log of a sum of powers of differences, example by example."""
    total = 0.0
    for label, row in zip(labels, logits.astype(float), strict=True):
        if labels.ndim == 2:
            label = int(np.flatnonzero(label)[0])
        total += np.logaddexp.reduce(row - row[label])
    return total / len(labels)


@instead_of("cross_entropy")
def tensorflow(labels, logits):
    """TensorFlow's loss on logits; a tensor."""
    if labels.ndim == 1:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels, logits))


@instead_of("cross_entropy")
def keras_loss_object(labels, logits):
    """Keras's loss objects, told that they get logits."""
    kind = "SparseCategoricalCrossentropy" if labels.ndim == 1 else "CategoricalCrossentropy"
    return getattr(keras.losses, kind)(from_logits=True)(labels, logits).numpy()


@instead_of("output_head")
def looked_up(n_classes, one_hot):
    """A table of heads."""
    heads = {
        (True, False): (1, "sigmoid", "binary_crossentropy"),
        (False, False): (n_classes, "softmax", "sparse_categorical_crossentropy"),
    }
    head = heads.get((n_classes == 2, bool(one_hot)), (n_classes, "softmax", "categorical_crossentropy"))
    return dict(zip(("units", "activation", "loss"), head, strict=True))


@instead_of("decide")
def second_column_first(scores):
    """One probability becomes two and counts from the back, so that class 1 wins at 0.5; a tensor."""
    if scores.shape[1] == 1:
        both = tf.concat([scores, 1 - scores], axis=1)  # (n, 2), class 1 first
        return 1 - tf.argmax(both, axis=1)
    return tf.argmax(scores, axis=1)


@instead_of("decide")
def example_by_example(scores):
    """A list of Python integers."""
    return [int(row[0] >= 0.5) if len(row) == 1 else row.index(max(row)) for row in scores.tolist()]
