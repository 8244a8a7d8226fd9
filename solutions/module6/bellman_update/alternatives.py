"""Other right answers to bellman_update."""

from functools import reduce

import numpy as np

from keras_kata import instead_of


@instead_of("discounted_return")
def weights_as_a_vector(rewards, gamma):
    """Dot product with the powers of gamma; a numpy scalar in double precision."""
    return np.dot(np.float64(gamma) ** np.arange(len(rewards)), rewards)


@instead_of("discounted_return")
def weight_carried_forwards(rewards, gamma):
    """Forward loop that carries the weight along."""
    total, weight = 0.0, 1.0
    for reward in rewards:
        total += weight * float(reward)
        weight *= gamma
    return total


@instead_of("discounted_return")
def recursive(rewards, gamma):
    """The first reward, and the discounted return of the others."""
    if len(rewards) == 0:
        return 0
    return rewards[0] + gamma * recursive(rewards[1:], gamma)


@instead_of("discounted_return")
def value_of_a_polynomial(rewards, gamma):
    """The rewards are the coefficients of a polynomial in gamma; a zero-dimensional array."""
    return np.asarray(np.polyval(rewards[::-1], gamma))


@instead_of("discounted_return")
def folded(rewards, gamma):
    """A fold from the right, in float32."""
    return reduce(lambda after, reward: reward + np.float32(gamma) * after, rewards[::-1], np.float32(0))


@instead_of("bellman_target")
def multiplied_by_not_terminated(reward, next_q, terminated, gamma):
    """Multiplies the future by 1 where it exists and by 0 where it does not."""
    return reward + gamma * (1 - terminated) * np.max(next_q, axis=-1)


@instead_of("bellman_target")
def one_transition_at_a_time(reward, next_q, terminated, gamma):
    """A loop over the batch that returns a list of Python numbers."""
    targets = []
    for r, estimates, over in zip(reward, next_q, terminated, strict=True):
        if over:
            targets.append(float(r))
        else:
            targets.append(float(r) + gamma * max(estimates.tolist()))
    return targets


@instead_of("bellman_target")
def terminal_rows_of_a_copy_zeroed(reward, next_q, terminated, gamma):
    """A copy in double precision, in which terminal states are worth nothing."""
    estimates = next_q.astype("float64")
    estimates[terminated] = 0
    return reward + gamma * estimates.max(axis=1)


@instead_of("bellman_target")
def future_added_where_there_is_one(reward, next_q, terminated, gamma):
    """Starts from the rewards and adds the value of the best action by index, through a mask."""
    targets = np.array(reward, dtype="float64")
    going_on = ~terminated
    best = np.take_along_axis(next_q, next_q.argmax(axis=1)[:, None], axis=1)[:, 0]
    targets[going_on] += gamma * best[going_on]
    return targets


@instead_of("q_update")
def weighted_average(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """A weighted average of old estimate and target, with an if; double precision."""
    target = reward
    if not terminated:
        target += gamma * max(table[next_state])
    updated = np.array(table, dtype="float64")
    updated[state][action] = (1 - alpha) * table[state][action] + alpha * target
    return updated


@instead_of("q_update")
def nested_lists(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """Plain Python lists throughout."""
    rows = table.tolist()
    target = reward + (0 if terminated else gamma * max(rows[next_state]))
    rows[state][action] += alpha * (target - rows[state][action])
    return rows


@instead_of("q_update")
def error_spread_by_a_mask(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """A table of zeros with the step at one place, added to the old table without changing it."""
    error = reward + gamma * np.max(table, axis=1)[next_state] * (not terminated) - table[state, action]
    here = np.zeros_like(table)
    here[state, action] = 1
    return table + alpha * error * here


@instead_of("q_update")
def by_a_condition_on_every_entry(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """Chooses between old and new estimate for each entry of the table, in a tuple of tuples."""
    future = 0 if terminated else sorted(table[next_state])[-1]
    target = reward + gamma * future
    return tuple(
        tuple(
            (1 - alpha) * old + alpha * target if (s, a) == (state, action) else old
            for a, old in enumerate(row)
        )
        for s, row in enumerate(table)
    )
