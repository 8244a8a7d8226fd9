"""Explore or exploit, and when to stop exploring.

An agent has an estimate q[a] of what each action a is worth in the state it is in. If it always takes the
action that looks best, it never finds out that another one is better. If it always tries something, it never
uses what it knows. The epsilon-greedy policy mixes the two: with the probability epsilon the agent explores,
that is, it takes an action at random; otherwise it exploits, that is, it takes the action that looks best.

1. The greedy action is the index of the largest estimate. Where several are equally large, it is the lowest
   index among them. The estimates [1, 3, 3] give action 1. The estimates themselves may all be negative.

2. One choice. All randomness is handed in: u is a random number, at least 0 and less than 1, and
   `random_action` has been drawn for the case that the agent explores. It explores when u < epsilon. So at
   epsilon 0 it never does (u is at least 0), and at epsilon 1 always (u is less than 1).

3. The schedule. In the beginning the estimates are worthless, and it pays to explore; later it pays less. So
   epsilon falls along a straight line, from `start` at step 0 to `end` at step `decay_steps`, and stays at
   `end` from then on. With start 1, end 0.2 and 4 decay steps, from step 0:

       1   0.8   0.6   0.4   0.2   0.2   0.2   ...

   With 0 decay steps it is `end` from the very first step.

4. The distribution. If `random_action` is drawn uniformly, how probable is each action in the end? An agent
   that explores may draw any of the actions, the greedy one among them. So with n actions each of them gets
   epsilon / n, and the greedy one gets the remaining 1 - epsilon on top. With the estimates [1, 3, 3] and
   epsilon 0.3 that is [0.1, 0.8, 0.1]. There is one greedy action only, as said in 1, even where estimates
   are equal. The probabilities add up to 1.

Write the four functions below. Draw no random numbers yourself, and change no argument. An action is an
integer, of any integer type; other results may be numbers, lists or arrays. Learning the estimates is not
part of this exercise.

Source: Sutton and Barto, "Reinforcement Learning: An Introduction" (2nd edition), sections 2.2 and 5.4; the
linear schedule is that of Mnih et al., "Human-level control through deep reinforcement learning" (2015).
"""

import numpy as np


def greedy_action(q: np.ndarray) -> int:
    """The action that looks best.

    Args:
        q: (a,) float32, the estimate of each action, at least one.

    Returns:
        The index of the largest estimate, an integer; the lowest one where several are equally large.
    """
    return np.argmax(q)


def choose_action(q: np.ndarray, epsilon: float, u: float, random_action: int) -> int:
    """The action that an epsilon-greedy agent takes.

    Args:
        q: (a,) float32, the estimate of each action, at least one.
        epsilon: the probability of exploring, in [0, 1].
        u: a random number, at least 0 and less than 1; the agent explores when it is less than `epsilon`.
        random_action: the action to take when exploring, in 0 to a - 1.

    Returns:
        An integer: `random_action`, or the greedy action.
    """
    return random_action if u < epsilon else greedy_action(q)


def epsilon_at(step: int, start: float, end: float, decay_steps: int) -> float:
    """The probability of exploring at one step.

    Args:
        step: the number of steps taken before, at least 0.
        start: epsilon at step 0, in [0, 1]; unless there are 0 decay steps.
        end: epsilon at step `decay_steps` and ever after, in 0 to `start`.
        decay_steps: how many steps the way from `start` to `end` takes, at least 0.

    Returns:
        One number.
    """
    if step >= decay_steps:
        return end
    return start + (end - start) * step / decay_steps


def action_probabilities(q: np.ndarray, epsilon: float) -> np.ndarray:
    """How probable each action is, if the random action is drawn uniformly from all of them.

    Args:
        q: (a,) float32, the estimate of each action, at least one.
        epsilon: the probability of exploring, in [0, 1].

    Returns:
        (a,) float, the probability of each action.
    """
    probabilities = np.full(len(q), epsilon / len(q))
    probabilities[greedy_action(q)] += 1 - epsilon
    return probabilities
