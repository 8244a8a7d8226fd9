"""Other right answers to epsilon_greedy."""

import numpy as np

from keras_kata import instead_of


@instead_of("greedy_action")
def index_in_a_list(q):
    """The position of the maximum in a Python list."""
    values = q.tolist()
    return values.index(max(values))


@instead_of("greedy_action")
def strictly_larger_wins(q):
    """A loop that keeps the first of the largest."""
    best = 0
    for action in range(1, len(q)):
        if q[action] > q[best]:
            best = action
    return best


@instead_of("greedy_action")
def first_place_of_the_maximum(q):
    """The first of all places that hold the maximum, as a zero-dimensional array."""
    return np.array(np.flatnonzero(q == np.max(q))[0])


@instead_of("choose_action")
def negated_condition(q, epsilon, u, random_action):
    """Exploits in the other branch, with a numpy integer."""
    if u >= epsilon:
        return np.int32(np.argmax(q))
    return np.int32(random_action)


@instead_of("choose_action")
def picked_from_a_pair(q, epsilon, u, random_action):
    """The condition picks one of two candidates."""
    return np.array([np.argmax(q), random_action])[int(u < epsilon)]


@instead_of("epsilon_at")
def share_of_the_way_clipped(step, start, end, decay_steps):
    """The share of the way, at most 1, in numpy."""
    share = np.clip(step / decay_steps, 0, 1) if decay_steps > 0 else 1.0
    return (1 - share) * start + share * end


@instead_of("epsilon_at")
def floor_by_maximum(step, start, end, decay_steps):
    """A line that is held at its end by a maximum; single precision."""
    if decay_steps == 0:
        return np.float32(end)
    return np.float32(max(end, start - (start - end) / decay_steps * step))


@instead_of("epsilon_at")
def by_interpolation(step, start, end, decay_steps):
    """numpy's own interpolation between two points."""
    return np.interp(step, [0, decay_steps], [start, end]) if decay_steps else end


@instead_of("action_probabilities")
def by_a_condition_on_each_action(q, epsilon):
    """A list of Python numbers, by the two ways in which an action can be taken."""
    n, values = len(q), q.tolist()
    best = values.index(max(values))
    return [epsilon / n + (1 - epsilon if action == best else 0) for action in range(n)]


@instead_of("action_probabilities")
def mixture_of_two_policies(q, epsilon):
    """The uniform and the greedy distribution, weighted; in single precision."""
    greedy = np.eye(len(q), dtype="float32")[np.argmax(q)]
    uniform = np.ones_like(q) / q.size
    return epsilon * uniform + (1 - epsilon) * greedy
