"""Other right ways to keep a target network."""

import copy

import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("make_target")
def from_config_and_frozen(online):
    """Made from the settings; every weight assigned; the copy is frozen."""
    target = online.__class__.from_config(online.get_config())
    for theirs, mine in zip(online.variables, target.variables, strict=True):
        mine.assign(theirs.value)
    target.trainable = False
    return target


@instead_of("make_target")
def deep_copy(online):
    """Python's own deep copy, which goes through Keras's saving."""
    return copy.deepcopy(online)


@instead_of("hard_update")
def set_and_get(online, target):
    """All weights at once."""
    target.set_weights(online.get_weights())


@instead_of("hard_update")
def layer_by_layer(online, target):
    """Layer by layer; returns the model."""
    for theirs, mine in zip(online.layers, target.layers, strict=True):
        mine.set_weights(theirs.get_weights())
    return target


@instead_of("soft_update")
def in_numpy(online, target, tau):
    """Lists of float64 arrays, written as a step towards the online network."""
    mixed = []
    for goal, old in zip(online.get_weights(), target.get_weights(), strict=True):
        old = old.astype("float64")
        mixed.append(old + tau * (np.asarray(goal, "float64") - old))
    target.set_weights(mixed)


@instead_of("soft_update")
def in_tensorflow(online, target, tau):
    """Steps added to the variables by TensorFlow; tau as a tensor."""
    tau = tf.constant(tau, "float32")
    for i, goal in enumerate(online.weights):
        weight = target.weights[i].value
        weight.assign_add(tau * (goal.value - weight))


@instead_of("sync_steps")
def in_strides(n_steps, period):
    """A range with a stride."""
    return range(period, n_steps + 1, period)


@instead_of("sync_steps")
def multiples(n_steps, period):
    """A numpy array of multiples."""
    return np.arange(1, n_steps // period + 1) * period
