"""Returns, the Bellman target, and the Q-learning update.

An agent takes one action after another, and each step brings a reward. What it should learn to value is
not the next reward alone but all that follow. Three small functions put that into numbers.

1. The return of an episode is the sum of its rewards, each worth less the later it comes:

       G = r[0] + gamma * r[1] + gamma^2 * r[2] + ...

   gamma, between 0 and 1, is the discount: at 0 only the first reward counts, at 1 all count alike.
   Rewards 1, 0, 4 with gamma 0.5 give 1 + 0.5 * 0 + 0.25 * 4 = 2. The return of no rewards is 0.

2. The Bellman target. Q[s, a] is the agent's estimate of the return that follows when it takes action a
   in state s and acts as well as it can from then on. One step from s to the next state s', with reward
   r, gives a better founded estimate of the same thing, the target:

       target = r + gamma * (the largest of Q[s', a'] over all actions a')

   It needs only one reward; the estimates for s' stand in for the rest. After a terminal step (the goal
   is reached, the game is lost) there is no rest: the target is r alone, whatever Q says about s'.

3. The Q-learning update. One step is one sample, and chance may have had a part in it, so the estimate
   is not replaced by the target but moved towards it:

       new Q[s, a] = Q[s, a] + alpha * (target - Q[s, a])

   alpha, between 0 and 1, is the learning rate: at 0 nothing moves, at 1 the target takes over.

Notes often print `Q(s, a) = r + gamma * max Q(s', a')` and stop there. That leaves out the terminal step
and the learning rate. And it is an equation between the best possible values only on average over all that
may follow a step, not for each single step; that is why one step moves the estimate only part of the way.

An episode ends in one of two ways, which Gymnasium reports apart. `terminated`: the world came to an end,
there is nothing after it. `truncated`: somebody stopped the clock (a time limit, say). Then the world
would have gone on, and s' is worth what it is always worth, so the target is the same as if nothing had
ended. A step that is both terminated and truncated is terminal.

Example: gamma = 0.5, alpha = 0.25, Q[s, a] = 1, the estimates for s' are [2, 4], r = 1.

       the episode goes on, or is truncated    target 1 + 0.5 * 4 = 3    new Q[s, a] = 1 + 0.25 * 2 = 1.5
       terminated                              target 1                  new Q[s, a] = 1

Arrays come in as numpy. Return numpy, lists, plain numbers or tensors, as you like, and change no argument.
Choosing actions, exploring and looping over episodes are other exercises.
"""

import numpy as np


def discounted_return(rewards: np.ndarray, gamma: float) -> float:
    """The discounted sum of one episode's rewards, seen from its first step.

    Args:
        rewards: (t,) float32, in the order in which they came; t may be 0.
        gamma: the discount, in [0, 1].

    Returns:
        One number.
    """
    raise NotImplementedError


def bellman_target(
    reward: np.ndarray, next_q: np.ndarray, terminated: np.ndarray, gamma: float
) -> np.ndarray:
    """The target of every transition in a batch; the transitions have nothing to do with each other.

    Args:
        reward: (b,) float32, the reward of each step.
        next_q: (b, a) float32, for each step the estimates of all actions in the state it led to.
        terminated: (b,) bool, True where the step was terminal. A truncated step is not.
        gamma: the discount, in [0, 1].

    Returns:
        (b,) float.
    """
    raise NotImplementedError


def q_update(
    table: np.ndarray,
    state: int,
    action: int,
    reward: float,
    next_state: int,
    terminated: bool,
    truncated: bool,
    alpha: float,
    gamma: float,
) -> np.ndarray:
    """The table of estimates after the agent has learned from one step.

    Args:
        table: (s, a) float32, the estimate of each action in each state.
        state: where the step began, a row of the table.
        action: what was done there, a column of the table.
        reward: what it brought.
        next_state: where it led to, a row of the table, possibly `state` again.
        terminated: True where the step was terminal.
        truncated: True where the episode was cut short after the step.
        alpha: the learning rate, in [0, 1].
        gamma: the discount, in [0, 1].

    Returns:
        (s, a) float, a new table: one entry has moved towards its target, the others are those of `table`.
        `table` itself stays as it is.
    """
    raise NotImplementedError
