"""A deep Q-network agent: environment, two networks, memory, training, evaluation.

All the parts are known by now. `epsilon_greedy` chooses, `replay_buffer` remembers, `dqn_loss` learns from a
batch, `target_network` keeps the targets still, and `tabular_q_learning` showed how an agent and a Gymnasium
environment talk to each other. Here they become an agent that learns to act where a state is a vector of
numbers, and that can be tested. Write three functions.

1. The network. It maps a state, n numbers, to an estimate of the return for each of the k actions: one hidden
   layer with ReLU, relu(z) = max(z, 0), and an output layer without any activation. Both are fully connected
   with biases. An estimate may be negative or above 1, and the estimates of a state do not add up to anything.
   With n = 2, 3 hidden units and k = 4 that makes (2 + 1) * 3 + (3 + 1) * 4 = 25 weights.

2. The training. It plays whole episodes and does the following in each step of each of them:

   a. Choose an action: with probability epsilon any of them, all equally likely; otherwise one with the
      largest estimate of the online network, `q_net`. Begin with an epsilon of 0.5 or more. It may stay like
      that or fall with time, as you like.
   b. Take the step, and remember the transition. The memory must have room for the latest 2000 transitions at
      least; it may hold more.
   c. If the memory holds at least `batch_size` transitions, draw so many of them at random, from the whole
      memory, and make one update of the online network by gradient descent, with the targets of plain DQN

          target = r + gamma * (the largest of Q_target[s', a'] over all actions a')

      that come from `target_net`, and are r alone after a terminated step. If there are fewer, make none.
   d. If the number of steps taken so far, in all episodes together, is a multiple of `sync_every`, give the
      target network the weights of the online network, after the update of this step. With `sync_every` 100
      that happens after step 100, 200, and so on.

   An episode is over when it is terminated, or truncated by a time limit, or both. No step may be taken after
   that without a reset. A truncated step has a future in its target, unless it is terminated as well.

   The result is a list of the returns of the episodes, in turn. The return is here the plain sum of the
   rewards, without discount: episodes with the rewards 0, 0, 4 and 1, -2 make [4, -1].

   Optimizer, learning rate and loss (the squared error or Huber's, say) are yours to choose. In the case that
   is tried, a few hundred steps lead to the goal with Adam and a learning rate of 0.01; the networks have 16
   hidden units. In the end the largest estimate of each state must be within 0.3 of the discounted return that
   is possible from there. And what was met at the very beginning only must still be known much later: that is
   what the memory is for.

3. The evaluation. While it learns, an agent acts at random every now and then, so its returns say less about
   what it has learned. To test it, play some episodes with the action that has the largest estimate in every
   step, without exploring, without learning, and return the list of the returns, undiscounted as before.

All random numbers of the training come from `seed`: a second training with the same seed, in an equal
environment and with equal networks, chooses the same actions again, and with another seed it chooses others.

One thing about speed: `model.predict` on a single state takes about 30 times as long as calling the model, and
`tf.function` makes many small updates several times as fast. Neither is required.

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
        target_net: a network of the same structure. Its weights are changed, in place.
        episodes: how many episodes to play, each to its end, at least 1.
        gamma: the discount, in [0, 1].
        batch_size: how many transitions an update learns from, at least 1.
        sync_every: how many steps in the environment it is from one update of the target network to the next.
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
