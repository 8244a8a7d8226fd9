"""The loss of a deep Q-network.

Where there are too many states for a table, a network takes its place: it maps the n numbers that describe a
state to one estimate for each of the k actions. To learn is to make the estimate of the action that was taken
more like a target, as in Q-learning with a table, but by gradient descent on a batch of transitions.

Two networks of the same structure are used. The *online* network is the one that is trained. The *target*
network, an older copy of it, computes the targets, so that they do not move with every update.

For one transition with reward r, next state s' and the discount gamma, the target of deep Q-learning (DQN) is

    target = r + gamma * (the largest of Q_target[s', a'] over all actions a')

and after a terminated step, which has no future, r alone. Q_target[s', a'] is what the target network says of
action a' in s'. Write Q_online for the online network.

The largest of several uncertain estimates is too high more often than too low, since an action whose estimate
errs upwards is the one that gets picked. *Double* DQN lets one network pick and the other one judge:

    b = the action with the largest Q_online[s', b]    (the lowest one where several are equally large)
    target = r + gamma * Q_target[s', b]               (after a terminated step, r alone)

The *TD error* (temporal difference) says how far the estimate is off, for the state s and the action a of the
transition:

    error = target - Q_online[s, a]

Only the action that was taken has an error, since nothing was learned about the others. The loss of a batch
is the mean of the squared errors, over its transitions, with the targets of plain DQN:

    loss = (error_1^2 + ... + error_b^2) / b       for b transitions

In the gradient, the targets count as given numbers. The estimates are drawn towards the targets, and not the
targets towards the estimates. This holds even if somebody hands in one network for both.

Example with gamma = 0.5 and two actions: r = 1, the target network says [2, 4] of the next state, the online
network says [3, 1] of the next state and [2.5, 0] of the state, and action 0 was taken.

    DQN           target 1 + 0.5 * 4 = 3                          error 3 - 2.5 = 0.5
    double DQN    action 0 is picked, target 1 + 0.5 * 2 = 2
    terminated    target 1 for both                               error 1 - 2.5 = -1.5

A batch of two transitions with the errors 0.5 and -1.5 has the loss (0.25 + 2.25) / 2 = 1.25.

Write the four functions. A batch is a dict of five arrays as `replay_buffer` makes them; row i of each belongs
to the same transition:

    "states" (b, n) float32       "actions" (b,) int64        "rewards" (b,) float32
    "next_states" (b, n) float32  "terminated" (b,) float32, 1.0 after a terminated step, else 0.0

The networks are Keras models with linear outputs and their weights already made. They have no layer that
behaves differently in training, such as dropout. b, n and k are at least 1. Choosing actions, filling the
buffer and updating the target network are not part of this exercise.

Sources: Mnih et al., "Human-level control through deep reinforcement learning" (2015); van Hasselt, Guez and
Silver, "Deep Reinforcement Learning with Double Q-learning" (2016).

It builds on module6/bellman_update, where the targets came from a table, and on module6/target_network, where
the copy was made that they come from here.
"""

import keras
import numpy as np
import tensorflow as tf


def dqn_targets(
    target_net: keras.Model,
    rewards: np.ndarray,
    next_states: np.ndarray,
    terminated: np.ndarray,
    gamma: float,
) -> tf.Tensor:
    """The targets of plain DQN.

    Args:
        target_net: maps (b, n) float32 to (b, k) float32.
        rewards: (b,) float32.
        next_states: (b, n) float32.
        terminated: (b,) float32, 1.0 or 0.0.
        gamma: the discount, in [0, 1].

    Returns:
        (b,) float, a target for each transition.
    """
    raise NotImplementedError


def double_dqn_targets(
    online_net: keras.Model,
    target_net: keras.Model,
    rewards: np.ndarray,
    next_states: np.ndarray,
    terminated: np.ndarray,
    gamma: float,
) -> tf.Tensor:
    """The targets of double DQN.

    Args:
        online_net: maps (b, n) float32 to (b, k) float32; it picks the actions.
        target_net: maps (b, n) float32 to (b, k) float32; it says what they are worth.
        rewards: (b,) float32.
        next_states: (b, n) float32.
        terminated: (b,) float32, 1.0 or 0.0.
        gamma: the discount, in [0, 1].

    Returns:
        (b,) float, a target for each transition.
    """
    raise NotImplementedError


def td_errors(
    online_net: keras.Model, target_net: keras.Model, batch: dict[str, np.ndarray], gamma: float
) -> tf.Tensor:
    """How far the estimates are off, with the targets of plain DQN. Nothing is trained.

    Args:
        online_net: maps (b, n) float32 to (b, k) float32.
        target_net: maps (b, n) float32 to (b, k) float32.
        batch: b transitions, as described above.
        gamma: the discount, in [0, 1].

    Returns:
        (b,) float, target minus estimate for each transition.
    """
    raise NotImplementedError


def dqn_train_step(
    online_net: keras.Model,
    target_net: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    batch: dict[str, np.ndarray],
    gamma: float,
) -> float:
    """One update of the online network, with the targets of plain DQN.

    Args:
        online_net: maps (b, n) float32 to (b, k) float32. Its weights are changed, in place.
        target_net: maps (b, n) float32 to (b, k) float32. It stays as it is, unless it is `online_net` itself.
        optimizer: is given the gradient of the loss. It is used for this online network only, possibly many
            times.
        batch: b transitions, as described above.
        gamma: the discount, in [0, 1].

    Returns:
        The loss of the batch before the update, one number.
    """
    raise NotImplementedError
