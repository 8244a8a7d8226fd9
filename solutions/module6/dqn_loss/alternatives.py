"""Other right ways to compute targets, errors and updates."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("dqn_targets")
def targets_in_numpy(target_net, rewards, next_states, terminated, gamma):
    """numpy, in float64; `np.where` for the terminated steps."""
    best = np.asarray(target_net(next_states), "float64").max(axis=-1)
    return np.where(terminated == 1, rewards, rewards + gamma * best)


@instead_of("dqn_targets")
def targets_one_by_one(target_net, rewards, next_states, terminated, gamma):
    """A loop over the transitions, with a list of numbers."""
    values = target_net(next_states).numpy().tolist()
    targets = []
    for reward, row, over in zip(rewards.tolist(), values, terminated.tolist(), strict=True):
        targets.append(reward if over else reward + gamma * max(row))
    return np.array(targets, "float32")


@instead_of("double_dqn_targets")
def double_by_one_hot(online_net, target_net, rewards, next_states, terminated, gamma):
    """A one-hot product with operations of Keras."""
    q, values = online_net(next_states), target_net(next_states)
    picked = keras.ops.one_hot(keras.ops.argmax(q, axis=-1), values.shape[-1])
    return rewards + gamma * keras.ops.sum(picked * values, axis=-1) * (1 - terminated)


@instead_of("double_dqn_targets")
def double_by_indexing(online_net, target_net, rewards, next_states, terminated, gamma):
    """Indexing in numpy; a list returned."""
    picked = online_net(next_states).numpy().argmax(axis=1)
    values = target_net(next_states).numpy()[np.arange(len(picked)), picked]
    values[terminated.astype(bool)] = 0
    return list(rewards + gamma * values)


@instead_of("td_errors")
def errors_in_numpy(online_net, target_net, batch, gamma):
    """numpy, one transition at a time."""
    errors = []
    for i, action in enumerate(batch["actions"]):
        row = slice(i, i + 1)
        future = np.max(target_net(batch["next_states"][row]))
        target = batch["rewards"][i] + gamma * (1.0 - batch["terminated"][i]) * future
        errors.append(target - np.array(online_net(batch["states"][row]))[0, action])
    return errors


@instead_of("dqn_train_step")
def stopped_gradient(online_net, target_net, optimizer, batch, gamma):
    """All inside the tape with `stop_gradient`; one-hot product; (gradient, variable) pairs; a tensor."""
    with tf.GradientTape() as tape:
        values = tf.reduce_max(target_net(batch["next_states"], training=False), axis=-1)
        targets = tf.stop_gradient(batch["rewards"] + (1.0 - batch["terminated"]) * gamma * values)
        q = online_net(batch["states"], training=True)
        estimates = tf.reduce_sum(q * tf.one_hot(batch["actions"], tf.shape(q)[1]), axis=1)
        loss = keras.losses.MeanSquaredError()(targets, estimates)
    gradients = tape.gradient(loss, online_net.trainable_weights)
    optimizer.apply_gradients(zip(gradients, online_net.trainable_weights, strict=True))
    return loss


@instead_of("dqn_train_step")
def other_actions_keep_their_estimates(online_net, target_net, optimizer, batch, gamma):
    """A whole table of targets that differs from the estimates in the taken actions only; the sum over the
    actions, the mean over the batch; an array of rank 0."""
    goal = online_net(batch["states"]).numpy()
    best = target_net(batch["next_states"]).numpy().max(axis=1)
    rows = np.arange(len(goal))
    goal[rows, batch["actions"]] = batch["rewards"] + gamma * best * (batch["terminated"] == 0)
    with tf.GradientTape() as tape:
        squares = (online_net(batch["states"]) - goal) ** 2
        loss = tf.reduce_sum(squares) / len(goal)
    optimizer.apply(tape.gradient(loss, online_net.trainable_variables), online_net.trainable_variables)
    return loss.numpy()
