"""A deep Q-network agent: environment, two networks, memory, training, evaluation.

`tabular_q_learning` was about states that can be numbered, with an estimate for each of them in a table. Here a
state is a vector of n numbers, too many different ones for a table, and a network takes the table's place.
Write three functions: one makes the network, one trains it by playing, one tests what was learned.

1. The network. It maps a state, n numbers, to an estimate of the return for each of the k actions: one hidden
   layer with ReLU, relu(z) = max(z, 0), and an output layer without any activation. Both are fully connected
   with biases. An estimate may be negative or above 1, and the estimates of a state do not add up to anything.
   With n = 2, 3 hidden units and k = 4 that makes (2 + 1) * 3 + (3 + 1) * 4 = 25 weights.

2. The training. It plays whole episodes and does the following in each step of each of them:

   a. Choose an action: with probability epsilon any of them, all equally likely; otherwise one with the
      largest estimate of the online network, `q_net`. Begin with an epsilon of 0.5 or more, and have it at
      0.5 or less, but not at 1 of course, in the last quarter of the episodes. Whether it falls, and how, is
      up to you.
   b. Take the step, and remember the transition: state, action, reward, next state, and whether the step was
      terminated. The memory has room for the latest 1000 transitions at least; it may hold more.
   c. If the memory holds at least `batch_size` transitions, draw so many of them at random, from the whole
      memory, and make one update of the online network by gradient descent. If it holds fewer, make none. The
      targets are those of plain DQN,

          target = r + gamma * (the largest of Q_target[s', a'] over all actions a')

      where Q_target are the estimates of `target_net`, r the reward and s' the next state. After a terminated
      step the target is r alone. A truncated step has a future, unless it is terminated as well. Only the
      action that was taken has an error, and the target counts as a given number.
   d. If the number of steps taken so far, in all episodes together, is a multiple of `sync_every`, give the
      target network the weights of the online network, as they are after the update of this step. With
      `sync_every` 100 that happens after step 100, 200, and so on, whether an episode ends there or not.
      Between these steps the target network stays as it is. Whether you make the two equal before the first step
      as well is up to you.

   An episode is over when it is terminated, or truncated by a time limit, or both. No step may be taken after
   that without a reset. The result is a list of the returns of the episodes, in turn. The return is here the
   plain sum of the rewards, without discount: episodes with the rewards 0, 0, 4 and 1, -2 make [4, -1].

   Example of the targets, with gamma = 0.5: a step with reward 1 leads to a state of which the target network
   says [2, 4]. The target is 1 + 0.5 * 4 = 3. It is 3 as well if the time limit is reached with this step,
   and it is 1 if the step is terminated.

   Which loss (the squared error or Huber's, say), optimizer and learning rate you take is up to you; no
   weight decay, since an estimate without an error is to stay as it is. Choose them so that a few hundred steps
   are enough to learn the way through a corridor of four cells, with a network of 16 hidden units and with a
   reward at its end. Adam with a learning rate of 0.01 does it.

3. The evaluation. While it learns, an agent acts at random every now and then, so its returns say less about
   what it has learned. To test it, play some episodes with the action that has the largest estimate in every
   step, without exploring, without learning, and return the list of the returns, undiscounted as before.

All random numbers of the training come from `seed`, those of the choices and those of the batches: a second
training with the same seed, in an equal environment and with equal networks, chooses the same actions again
and ends with the same weights. With another seed it chooses others.

One thing about speed: `model.predict` on a single state takes about 30 times as long as calling the model, and
`tf.function` makes many small updates several times as fast. Neither is required, nor is it forbidden.

Builds on `tabular_q_learning` (how an agent and a Gymnasium environment talk to each other), `replay_buffer`
(the memory), `target_network` (when it is brought up to date) and `dqn_loss` (the targets and the update).

Sources: Mnih et al., "Human-level control through deep reinforcement learning" (2015); the documentation of
Gymnasium, "Basic Usage", for `reset` and `step`.
"""

import gymnasium
import keras
import numpy as np
import tensorflow as tf


def build_q_network(n_features: int, n_actions: int, hidden: int) -> keras.Model:
    """A network that estimates the return of each action.

    Args:
        n_features: how many numbers a state has, n, at least 1.
        n_actions: how many actions there are, k, at least 1.
        hidden: how many units the hidden layer has, at least 1.

    Returns:
        A model that maps (b, n) float32 to (b, k) float32. Its weights may start as you like.
    """
    raise NotImplementedError


def train_agent(
    env: gymnasium.Env,
    q_net: keras.Model,
    target_net: keras.Model,
    episodes: int,
    gamma: float,
    batch_size: int,
    sync_every: int,
    seed: int,
) -> list[float]:
    """Learn to act by playing.

    Args:
        env: its states are vectors (n,) float32, its actions the integers from 0 to `env.action_space.n` - 1.
        q_net: the online network, maps (b, n) float32 to (b, k) float32. Its weights are changed, in place.
        target_net: a network of the same structure, with weights of its own. They are changed, in place.
        episodes: how many episodes to play, each to its end, at least 1.
        gamma: the discount, in [0, 1].
        batch_size: how many transitions an update learns from, at least 1.
        sync_every: how many steps in the environment it is from one renewal of the target network to the next,
            at least 1.
        seed: what the random numbers start from, at least 0.

    Returns:
        The undiscounted return of each episode, `episodes` numbers.
    """
    raise NotImplementedError


def evaluate_agent(env: gymnasium.Env, q_net: keras.Model, episodes: int) -> list[float]:
    """Test what was learned: no exploration, and no learning.

    Args:
        env: its states are vectors (n,) float32, its actions the integers from 0 to `env.action_space.n` - 1.
        q_net: maps (b, n) float32 to (b, k) float32. It stays as it is.
        episodes: how many episodes to play, each to its end, at least 1.

    Returns:
        The undiscounted return of each episode, `episodes` numbers.
    """
    raise NotImplementedError
