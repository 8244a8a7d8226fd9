"""Known mistakes in the loss of a deep Q-network."""

import keras
import tensorflow as tf

from keras_kata import instead_of

from .reference import double_dqn_targets, dqn_targets, dqn_train_step, td_errors


def _descend(tape, loss, variables, optimizer):
    """Apply the gradients of a loss; gives the loss."""
    optimizer.apply(tape.gradient(loss, variables), variables)
    return float(loss)


@instead_of("_look_ahead")
def terminal_not_masked(rewards, future, terminated, gamma):
    """You look ahead from the state in which an episode ended. Nothing comes after a terminated step, so its
    target is the reward alone, whatever a network says of that state."""
    return rewards + gamma * future


@instead_of("_look_ahead")
def terminal_reward_lost(rewards, future, terminated, gamma):
    """You make the whole target 0 after a terminated step. Only the future falls away there; the last reward
    was received."""
    return (1 - terminated) * (rewards + gamma * future)


@instead_of("dqn_targets")
def max_over_batch_axis(target_net, rewards, next_states, terminated, gamma):
    """You take the largest value of each action over the batch. The transitions have nothing to do with each
    other: for each of them you need the largest value over its own actions."""
    return rewards + gamma * (1 - terminated) * tf.reduce_max(target_net(next_states), axis=0)


@instead_of("dqn_targets")
def argmax_value_confused(target_net, rewards, next_states, terminated, gamma):
    """You use the number of the best action where its value belongs. Which action it is does not say how much
    it is worth."""
    best = tf.cast(tf.argmax(target_net(next_states), axis=1), "float32")
    return rewards + gamma * (1 - terminated) * best


@instead_of("double_dqn_targets")
def double_roles_swapped(online_net, target_net, rewards, next_states, terminated, gamma):
    """You have the roles the wrong way round: the target network picks the action and the online network says
    what it is worth."""
    return double_dqn_targets(target_net, online_net, rewards, next_states, terminated, gamma)


@instead_of("double_dqn_targets")
def double_is_plain(online_net, target_net, rewards, next_states, terminated, gamma):
    """Your target network both picks the action and says what it is worth, as in plain DQN. In double DQN
    another network picks."""
    return dqn_targets(target_net, rewards, next_states, terminated, gamma)


@instead_of("td_errors")
def errors_without_the_target_net(online_net, target_net, batch, gamma):
    """You compute the targets of the errors with the online network, and the target network has no part in
    anything. It is there to give the targets."""
    return td_errors(online_net, online_net, batch, gamma)


@instead_of("dqn_train_step")
def online_net_for_targets(online_net, target_net, optimizer, batch, gamma):
    """You compute the targets of the update with the online network, and the target network has no part in
    anything. The targets then move with every update."""
    return dqn_train_step(online_net, online_net, optimizer, batch, gamma)


@instead_of("_estimates")
def estimate_of_the_best_action(online_net, batch):
    """You compare the target with the largest estimate. The transition tells something about the action that
    was taken, which may be another one."""
    return tf.reduce_max(online_net(batch["states"]), axis=1)


@instead_of("td_errors")
def errors_negated(online_net, target_net, batch, gamma):
    """Your errors have the wrong sign: they are the estimate minus the target. An error above 0 should say
    that the estimate is too low."""
    return -td_errors(online_net, target_net, batch, gamma)


@instead_of("dqn_train_step")
def gradient_through_target(online_net, target_net, optimizer, batch, gamma):
    """Your tape records how the targets were computed. Where both networks are one, the update then also moves
    the targets towards the estimates; they have to count as given numbers."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(td_errors(online_net, target_net, batch, gamma) ** 2)
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def target_net_trained(online_net, target_net, optimizer, batch, gamma):
    """You train the target network as well. Its weights are to stand still: it gives the targets, and learns
    nothing from them."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(td_errors(online_net, target_net, batch, gamma) ** 2)
    return _descend(tape, loss, online_net.trainable_variables + target_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def mean_over_all_actions(online_net, target_net, optimizer, batch, gamma):
    """You take the mean over all actions of all transitions. The actions that were not taken have no error but
    are counted, so that loss and gradient get too small, the more so the more actions there are."""
    targets = batch["rewards"] + gamma * (1 - batch["terminated"]) * tf.reduce_max(
        target_net(batch["next_states"]), axis=1
    )
    with tf.GradientTape() as tape:
        q = online_net(batch["states"])
        taken = tf.one_hot(batch["actions"], q.shape[1])
        loss = tf.reduce_mean((taken * (targets[:, None] - q)) ** 2)
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def each_estimate_against_all_targets(online_net, target_net, optimizer, batch, gamma):
    """You subtract a column from a row, which gives a whole table: each estimate is compared with the targets
    of all transitions. Both need the same shape, one number for each transition."""
    targets = batch["rewards"] + gamma * (1 - batch["terminated"]) * tf.reduce_max(
        target_net(batch["next_states"]), axis=1
    )
    with tf.GradientTape() as tape:
        estimates = tf.gather(online_net(batch["states"]), batch["actions"][:, None], batch_dims=1)
        loss = tf.reduce_mean((targets - estimates) ** 2)
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def errors_added_up(online_net, target_net, optimizer, batch, gamma):
    """You add up the squared errors of the batch. The loss is their mean, so that it does not grow with the batch."""
    targets = td_errors(online_net, target_net, batch, gamma) + _taken(online_net, batch)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((targets - _taken(online_net, batch)) ** 2)
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def half_of_the_squares(online_net, target_net, optimizer, batch, gamma):
    """You take half of the squared errors. Some books do, to make the derivative simpler; here there is no half."""
    targets = td_errors(online_net, target_net, batch, gamma) + _taken(online_net, batch)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((targets - _taken(online_net, batch)) ** 2) / 2
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def gradient_not_applied(online_net, target_net, optimizer, batch, gamma):
    """You compute the loss and leave the weights as they are. The optimizer that is handed in has to apply the
    gradient."""
    return float(tf.reduce_mean(td_errors(online_net, target_net, batch, gamma) ** 2))


@instead_of("dqn_train_step")
def huber_loss(online_net, target_net, optimizer, batch, gamma):
    """You use the Huber loss. Many deep Q-networks do, since it grows more slowly for large errors; here the mean of
    the squared errors is asked."""
    targets = td_errors(online_net, target_net, batch, gamma) + _taken(online_net, batch)
    with tf.GradientTape() as tape:
        loss = keras.losses.Huber()(targets, _taken(online_net, batch))
    return _descend(tape, loss, online_net.trainable_variables, optimizer)


@instead_of("dqn_train_step")
def loss_after_the_update(online_net, target_net, optimizer, batch, gamma):
    """You return the loss after the update. What is asked is the loss that the update was computed from."""
    with tf.GradientTape() as tape, tape.stop_recording():
        targets = td_errors(online_net, target_net, batch, gamma) + _taken(online_net, batch)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((targets - _taken(online_net, batch)) ** 2)
    _descend(tape, loss, online_net.trainable_variables, optimizer)
    return float(tf.reduce_mean(td_errors(online_net, target_net, batch, gamma) ** 2))


@instead_of("dqn_train_step")
def loss_after_the_update_same_targets(online_net, target_net, optimizer, batch, gamma):
    """You return the loss after the update. What is asked is the loss that the update was computed from."""
    targets = td_errors(online_net, target_net, batch, gamma) + _taken(online_net, batch)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((targets - _taken(online_net, batch)) ** 2)
    _descend(tape, loss, online_net.trainable_variables, optimizer)
    return float(tf.reduce_mean((targets - _taken(online_net, batch)) ** 2))


def _taken(net, batch):
    """The estimates of the actions that were taken."""
    return tf.gather(net(batch["states"]), batch["actions"], batch_dims=1)


@instead_of("double_dqn_targets")
def picks_by_both_networks(online_net, target_net, rewards, next_states, terminated, gamma):
    """You add the estimates of both networks up to pick the action. The online network alone picks; the target
    network only says what its choice is worth."""
    both = online_net(next_states) + target_net(next_states)
    future = tf.gather(target_net(next_states), tf.argmax(both, axis=1), batch_dims=1)
    return rewards + gamma * (1 - terminated) * future


@instead_of("double_dqn_targets")
def worth_by_the_picking_network(online_net, target_net, rewards, next_states, terminated, gamma):
    """Your online network both picks the action and says what it is worth. That is the over-optimism which double
    DQN avoids: the target network gives the worth."""
    return dqn_targets(online_net, rewards, next_states, terminated, gamma)


@instead_of("double_dqn_targets")
def smaller_of_the_two(online_net, target_net, rewards, next_states, terminated, gamma):
    """You take the smaller of the two networks' estimates for the action that was picked. Only the target
    network's counts."""
    online, target = online_net(next_states), target_net(next_states)
    picked = tf.argmax(online, axis=1)
    future = tf.minimum(*(tf.gather(net, picked, batch_dims=1) for net in (online, target)))
    return rewards + gamma * (1 - terminated) * future


@instead_of("double_dqn_targets")
def highest_of_equal_picks(online_net, target_net, rewards, next_states, terminated, gamma):
    """Where the online network gives several actions the same largest estimate, you pick the highest one. The
    lowest is asked, so that everybody gets the same targets."""
    estimates = online_net(next_states)
    picked = estimates.shape[1] - 1 - tf.argmax(estimates[:, ::-1], axis=1)
    future = tf.gather(target_net(next_states), picked, batch_dims=1)
    return rewards + gamma * (1 - terminated) * future
