"""Wrong answers to bellman_update that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import bellman_target


@instead_of("discounted_return")
def rewards_not_discounted(rewards, gamma):
    """You add up the rewards as they are; a reward that comes later has to count less, by gamma for every
    step that you wait for it."""
    return float(rewards.sum())


@instead_of("discounted_return")
def first_reward_discounted(rewards, gamma):
    """You discount the very first reward as well; it comes at once, so it counts in full, and each later
    one is discounted one time less than you do it."""
    return float(sum(gamma ** (step + 1) * reward for step, reward in enumerate(rewards)))


@instead_of("discounted_return")
def earliest_discounted_most(rewards, gamma):
    """You discount from the wrong end: in your sum the last reward counts in full and the first one least.
    It is the waiting that costs, so the first reward counts in full."""
    total = 0.0
    for reward in rewards.tolist():
        total = reward + gamma * total
    return total


@instead_of("discounted_return")
def discounted_only_once(rewards, gamma):
    """You multiply every later reward by gamma once; a reward that is two steps away has to be discounted
    twice, three steps away three times, and so on."""
    return float(rewards[:1].sum() + gamma * rewards[1:].sum())


@instead_of("discounted_return")
def discount_multiplied_by_step(rewards, gamma):
    """You multiply gamma by the number of the step; with each step of waiting the reward shrinks by the
    same factor again, so gamma is raised to a power."""
    return float(sum((gamma * step if step else 1) * reward for step, reward in enumerate(rewards)))


@instead_of("discounted_return")
def weights_normalised(rewards, gamma):
    """You divide by the sum of the weights, which makes an average of the rewards; the return is their
    plain weighted sum, and grows with the length of the episode."""
    weights = gamma ** np.arange(len(rewards))
    return float(rewards @ weights / max(weights.sum(), 1))


@instead_of("discounted_return")
def empty_episode_forgotten(rewards, gamma):
    """You start from the last reward, and an episode without rewards has none; its return is 0."""
    total = rewards[-1]
    for reward in rewards[-2::-1]:
        total = reward + gamma * total
    return total


@instead_of("bellman_target")
def terminal_not_masked(reward, next_q, terminated, gamma):
    """You add the discounted future value even when the episode is over; after the last step there is no
    future, so the target is the reward alone."""
    return reward + gamma * next_q.max(axis=1)


@instead_of("bellman_target")
def mask_inverted(reward, next_q, terminated, gamma):
    """You look ahead exactly where the episode has terminated and nowhere else; it is the other way round,
    the terminal steps are those without a future."""
    return reward + gamma * terminated * next_q.max(axis=1)


@instead_of("bellman_target")
def reward_masked_too(reward, next_q, terminated, gamma):
    """You make the whole target 0 after a terminal step; only the future falls away there, the reward of
    the last step itself was really received."""
    return (1 - terminated) * (reward + gamma * next_q.max(axis=1))


@instead_of("bellman_target")
def future_lost_for_all(reward, next_q, terminated, gamma):
    """As soon as one step of the batch is terminal, you drop the future of all of them; the steps come from
    different places, so each has to be masked by its own flag."""
    return reward + gamma * next_q.max(axis=1) * (1 - terminated.max())


@instead_of("bellman_target")
def reward_discounted(reward, next_q, terminated, gamma):
    """You discount the reward along with the future; the reward of this step is received now and counts in
    full, only what comes after it is discounted."""
    return gamma * (reward + np.where(terminated, 0, next_q.max(axis=1)))


@instead_of("bellman_target")
def future_not_discounted(reward, next_q, terminated, gamma):
    """You add the value of the next state in full; it lies one step ahead, so it has to be discounted by
    gamma once."""
    return reward + np.where(terminated, 0, next_q.max(axis=1))


@instead_of("bellman_target")
def argmax_as_value(reward, next_q, terminated, gamma):
    """You add the index of the best action (argmax) where its value is wanted; the number of an action says
    nothing about what it is worth."""
    return reward + gamma * np.where(terminated, 0, next_q.argmax(axis=1))


@instead_of("bellman_target")
def max_over_batch(reward, next_q, terminated, gamma):
    """You take one maximum over the whole batch; each transition led to a state of its own and may only
    look at the estimates in its own row."""
    return reward + gamma * np.where(terminated, 0, next_q.max())


@instead_of("bellman_target")
def max_over_wrong_axis(reward, next_q, terminated, gamma):
    """You take the maximum along the batch, which compares different states; the choice is between the
    actions of one state, and those lie along the other axis."""
    return reward + gamma * np.where(terminated, 0, next_q.max(axis=0))


@instead_of("bellman_target")
def mean_over_actions(reward, next_q, terminated, gamma):
    """You average over the actions; that is what an agent gets that picks them blindly. The target assumes
    that it takes the best one."""
    return reward + gamma * np.where(terminated, 0, next_q.mean(axis=1))


@instead_of("bellman_target")
def sum_over_actions(reward, next_q, terminated, gamma):
    """You add up the estimates of all actions; the agent can take only one of them, and the target assumes
    that it takes the best."""
    return reward + gamma * np.where(terminated, 0, next_q.sum(axis=1))


@instead_of("bellman_target")
def minimum_over_actions(reward, next_q, terminated, gamma):
    """You look ahead to the worst action of the next state; the target assumes that the agent goes on as
    well as it can."""
    return reward + gamma * np.where(terminated, 0, next_q.min(axis=1))


@instead_of("bellman_target")
def first_action_only(reward, next_q, terminated, gamma):
    """You always look at the first action of the next state; another one may be worth more, and the target
    assumes that the agent takes the best."""
    return reward + gamma * np.where(terminated, 0, next_q[:, 0])


@instead_of("bellman_target")
def best_starts_at_zero(reward, next_q, terminated, gamma):
    """Your maximum can't fall below 0; where all estimates are negative the best of them is negative too,
    and the target has to say so."""
    return reward + gamma * np.where(terminated, 0, np.maximum(next_q.max(axis=1), 0))


@instead_of("bellman_target")
def largest_in_size(reward, next_q, terminated, gamma):
    """You choose by size and leave the sign out of account; an estimate of -3 is worse than one of 1, not
    better."""
    return reward + gamma * np.where(terminated, 0, np.abs(next_q).max(axis=1))


@instead_of("bellman_target")
def column_meets_row(reward, next_q, terminated, gamma):
    """You keep the action axis in the maximum, a column of shape (b, 1), and then add a row of shape (b,);
    broadcasting makes a whole table of these instead of one target per transition."""
    future = next_q.max(axis=1, keepdims=True) * (1 - terminated)[:, None]
    return reward + gamma * future


@instead_of("bellman_target")
def column_meets_row_of_flags(reward, next_q, terminated, gamma):
    """You keep the action axis in the maximum, a column of shape (b, 1), and then add a row of shape (b,);
    broadcasting makes a whole table of these instead of one target per transition."""
    return reward + gamma * (1 - terminated) * next_q.max(axis=1, keepdims=True)


@instead_of("bellman_target")
def column_returned(reward, next_q, terminated, gamma):
    """Your targets are right, but they stand in a column of shape (b, 1); one number for each transition is
    asked, shape (b,)."""
    return bellman_target(reward, next_q, terminated, gamma)[:, None]


@instead_of("bellman_target")
def next_q_changed_in_place(reward, next_q, terminated, gamma):
    """Your target is right, but you write the zeros of the terminal states into the caller's `next_q`; the
    caller still needs its estimates, so work on an array of your own."""
    next_q[terminated] = 0
    return reward + gamma * next_q.max(axis=1)


@instead_of("q_update")
def terminal_not_masked_in_update(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """You add the discounted future value even when the episode is over; after the last step there is no
    future, so the target is the reward alone."""
    return _moved(table, state, action, reward + gamma * table[next_state].max(), alpha)


@instead_of("q_update")
def future_not_discounted_in_update(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """You add the value of the next state in full; it lies one step ahead, so it has to be discounted by
    gamma once."""
    return _moved(table, state, action, _target(table, reward, next_state, terminated, 1), alpha)


@instead_of("q_update")
def argmax_as_value_in_update(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You add the index of the best action (argmax) where its value is wanted; the number of an action says
    nothing about what it is worth."""
    target = reward + gamma * (0 if terminated else table[next_state].argmax())
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def best_starts_at_zero_in_update(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """Your maximum can't fall below 0; where all estimates are negative the best of them is negative too,
    and the target has to say so."""
    target = reward + gamma * (0 if terminated else max(0, table[next_state].max()))
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def truncated_taken_for_terminated(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """You have the two flags mixed up: you drop the future after a time limit and keep it after the real end.
    It is the terminated step that has no future."""
    return _moved(table, state, action, _target(table, reward, next_state, truncated, gamma), alpha)


@instead_of("q_update")
def terminal_reward_overwrites(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """After a terminal step you write the reward itself into the table; the target is the reward alone there,
    but the estimate moves only the part alpha of the way to it, as always."""
    target = _target(table, reward, next_state, terminated, gamma)
    return _moved(table, state, action, target, 1 if terminated else alpha)


@instead_of("q_update")
def reward_added_in_full(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You multiply only the rest by alpha and add the reward in full; the reward is a part of the target, so
    it belongs into the brackets that alpha multiplies."""
    future = _target(table, reward, next_state, terminated, gamma) - reward
    updated = _moved(table, state, action, future, alpha)
    updated[state, action] += reward
    return updated


@instead_of("q_update")
def truncated_is_terminal(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You drop the future after a time limit; the clock was stopped but the world would have gone on, so
    the next state still has its value. Only a terminal step has no future."""
    target = reward + gamma * (0 if terminated or truncated else table[next_state].max())
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def truncation_hides_the_end(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You look ahead whenever the step was truncated, even if it was terminal as well; when both happen at
    once, the world has ended and there is no future."""
    target = reward + gamma * (0 if terminated and not truncated else table[next_state].max())
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def terminal_step_skipped(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You learn nothing from a terminal step; it has no future, but it has a reward, often the only one of
    the episode, and the estimate must move towards it."""
    target = reward + gamma * table[next_state].max()
    return _moved(table, state, action, target, 0 if terminated else alpha)


@instead_of("q_update")
def bool_inverted_bitwise(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You turn the flag round with `~`; on a plain Python bool that flips the bits of 0 and 1 and gives -1
    and -2. It negates arrays of flags; a single flag is negated by `not`."""
    target = reward + gamma * (-2 if terminated else -1) * table[next_state].max()
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def learning_rate_missing(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You overwrite the old estimate with the target; one step is a single sample, so the estimate moves
    only the part alpha of the way."""
    return _moved(table, state, action, _target(table, reward, next_state, terminated, gamma), 1)


@instead_of("q_update")
def learning_rate_swapped(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You give the old estimate the weight alpha and the target the rest; alpha is how far the estimate
    moves, so at alpha 0 nothing may change."""
    return _moved(table, state, action, _target(table, reward, next_state, terminated, gamma), 1 - alpha)


@instead_of("q_update")
def old_estimate_not_subtracted(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """You add alpha times the whole target; what has to be added is a part of the error, the distance from
    the old estimate to the target. Otherwise the estimates grow without end."""
    updated = table.copy()
    updated[state, action] += alpha * _target(table, reward, next_state, terminated, gamma)
    return updated


@instead_of("q_update")
def old_estimate_discounted(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You multiply the old estimate by gamma along with the future; it is the value of the step as it stands
    now, and is subtracted in full. Look at the brackets."""
    future = 0 if terminated else table[next_state].max()
    updated = table.copy()
    updated[state, action] += alpha * (reward + gamma * (future - table[state, action]))
    return updated


@instead_of("q_update")
def looks_ahead_after_the_change(
    table, state, action, reward, next_state, terminated, truncated, alpha, gamma
):
    """You shrink the old estimate first and look ahead afterwards; where the step leads back to the state it
    came from, the target then reads an entry that is half changed."""
    updated = table.copy()
    updated[state, action] *= 1 - alpha
    updated[state, action] += alpha * _target(updated, reward, next_state, terminated, gamma)
    return updated


@instead_of("q_update")
def scaled_target_overwrites(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You replace the estimate by alpha times the target and forget what was there; the old estimate stays,
    and moves a part of the way to the target."""
    updated = table.copy()
    updated[state, action] = alpha * _target(table, reward, next_state, terminated, gamma)
    return updated


@instead_of("q_update")
def moves_away_from_target(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You have the sign of the error turned round, so the estimate runs away from its target instead of
    moving towards it."""
    return _moved(table, state, action, _target(table, reward, next_state, terminated, gamma), -alpha)


@instead_of("q_update")
def max_of_current_state(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You take the best estimate of the state that you started from; the future begins in the state that
    the step led to."""
    return _moved(table, state, action, _target(table, reward, state, terminated, gamma), alpha)


@instead_of("q_update")
def same_action_again(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You look ahead to the same action in the next state; there the agent is free to choose again, and the
    target assumes that it takes the best."""
    target = reward + gamma * (0 if terminated else table[next_state, action])
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def max_over_whole_table(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You take the largest entry of the whole table; the agent stands in the next state, so only that
    state's row counts."""
    target = reward + gamma * (0 if terminated else table.max())
    return _moved(table, state, action, target, alpha)


@instead_of("q_update")
def next_state_moved(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You change the entry of the state that the step led to; what was tried out, and is learned about, is
    the action in the state where the step began."""
    return _moved(table, next_state, action, _target(table, reward, next_state, terminated, gamma), alpha)


@instead_of("q_update")
def all_actions_moved(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You move all actions of the state; the step says something about the one action that was taken, and
    nothing about the others."""
    return _moved(table, state, slice(None), _target(table, reward, next_state, terminated, gamma), alpha)


@instead_of("q_update")
def state_and_action_swapped(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You use the action as the row and the state as the column; in this table each state has a row and
    each action a column."""
    return _moved(table, action, state, _target(table, reward, next_state, terminated, gamma), alpha)


@instead_of("q_update")
def entry_returned(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You return the new estimate alone; what is asked for is the whole table with that entry changed."""
    target = _target(table, reward, next_state, terminated, gamma)
    return _moved(table, state, action, target, alpha)[state, action]


@instead_of("q_update")
def table_unchanged(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """You return a table that is the same as before; the new estimate has to be written into the table
    that you return."""
    return table.copy()


@instead_of("q_update")
def table_changed_in_place(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """Your numbers are right, but you write them into the caller's table; return a new table and leave the
    one that you were given as it was."""
    target = _target(table, reward, next_state, terminated, gamma)
    table[state, action] += alpha * (target - table[state, action])
    return table


@instead_of("q_update")
def copied_too_late(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    """Your numbers are right and you return a table of your own, but you copy only after the caller's table
    has been changed; copy first, then change the copy."""
    target = _target(table, reward, next_state, terminated, gamma)
    table[state, action] += alpha * (target - table[state, action])
    return table.copy()


def _target(table, reward, next_state, terminated, gamma):
    return bellman_target(np.array([reward]), table[[next_state]], np.array([terminated]), gamma)[0]


def _moved(table, state, action, target, share):
    updated = table.copy()
    updated[state, action] += share * (target - updated[state, action])
    return updated
