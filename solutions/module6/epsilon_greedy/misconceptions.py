"""Wrong answers to epsilon_greedy that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import epsilon_at, greedy_action


@instead_of("greedy_action")
def last_tie(q):
    """Among equally large estimates you take the last one; the lowest index is asked, so that everybody's
    agent does the same."""
    return len(q) - 1 - np.argmax(q[::-1])


@instead_of("greedy_action")
def max_value_as_action(q):
    """You return the largest estimate itself. An action is a number that says which one, not how much it is
    worth: its position is asked."""
    return q.max()


@instead_of("greedy_action")
def least_value(q):
    """You pick the action with the smallest estimate. The estimates say what an action brings, so more is
    better."""
    return np.argmin(q)


@instead_of("greedy_action")
def largest_in_size(q):
    """You compare the estimates without their signs; a large negative one is the worst of all, not the
    best."""
    return np.argmax(np.abs(q))


@instead_of("greedy_action")
def best_starts_at_zero(q):
    """Your search for the largest estimate starts from 0, so it finds nothing where all of them are negative.
    The least bad is still the best."""
    best, action = 0.0, 0
    for index, value in enumerate(q):
        if value > best:
            best, action = value, index
    return action


@instead_of("choose_action")
def greedy_and_random_swapped(q, epsilon, u, random_action):
    """You explore when you should exploit, and the other way round. Epsilon is the share of exploring, so at
    epsilon 0 the agent must never take the random action."""
    return greedy_action(q) if u < epsilon else random_action


@instead_of("choose_action")
def explores_above_epsilon(q, epsilon, u, random_action):
    """You explore when you should exploit, and the other way round. Epsilon is the share of exploring, so at
    epsilon 0 the agent must never take the random action."""
    return random_action if u > epsilon else greedy_action(q)


@instead_of("choose_action")
def random_action_zero_is_none(q, epsilon, u, random_action):
    """When the agent explores and the random action is 0, you take the greedy one: with `and` and `or`, 0
    counts as False. Action 0 is an action like any other."""
    return (u < epsilon and random_action) or greedy_action(q)


@instead_of("choose_action")
def explores_at_equality(q, epsilon, u, random_action):
    """You explore also when u is exactly epsilon. As u may be 0, an agent with epsilon 0 would then sometimes
    explore."""
    return random_action if u <= epsilon else greedy_action(q)


@instead_of("choose_action")
def explores_at_the_upper_end(q, epsilon, u, random_action):
    """You explore when u is above 1 - epsilon. That is as probable, but asked is u below epsilon, so that
    everybody's agent does the same with the same u."""
    return greedy_action(q) if u < 1 - epsilon else random_action


@instead_of("choose_action")
def draws_its_own_number(q, epsilon, u, random_action):
    """You draw a random number of your own and do not look at u. The number that decides is handed in, so
    that a run can be repeated."""
    return random_action if np.random.random() < epsilon else greedy_action(q)


@instead_of("choose_action")
def draws_its_own_action(q, epsilon, u, random_action):
    """You draw an action of your own and do not look at `random_action`. What to do when exploring is handed
    in, so that a run can be repeated."""
    return np.random.randint(len(q)) if u < epsilon else greedy_action(q)


@instead_of("choose_action")
def never_explores(q, epsilon, u, random_action):
    """You always take the greedy action. With the probability epsilon the agent has to try the random one,
    or it never learns what the others are worth."""
    return greedy_action(q)


@instead_of("epsilon_at")
def below_the_floor(step, start, end, decay_steps):
    """Your epsilon goes on falling after the decay steps, below `end` and in time below 0. From there on it
    has to stay at `end`."""
    return start + (end - start) * step / decay_steps if decay_steps else end


@instead_of("epsilon_at")
def floor_is_zero(step, start, end, decay_steps):
    """Your epsilon falls on to 0 after the decay steps. Some exploring is to remain: it stays at `end`."""
    return max(0, start + (end - start) * step / decay_steps) if decay_steps else end


@instead_of("epsilon_at")
def exponential_decay(step, start, end, decay_steps):
    """You multiply by the same factor at each step, which makes a curve, steep at first and then flat. Asked
    is a straight line: the same amount less at each step."""
    if step >= decay_steps or start == 0:
        return end
    return start * (end / start) ** (step / decay_steps)


@instead_of("epsilon_at")
def line_to_zero_cut_off(step, start, end, decay_steps):
    """Your line runs towards 0 and is cut off at `end`, so it reaches `end` too early. It has to arrive there
    exactly at the last decay step."""
    return max(end, start - start * step / decay_steps) if decay_steps else end


@instead_of("epsilon_at")
def arrives_one_step_early(step, start, end, decay_steps):
    """You spread the way from `start` to `end` over as many values as there are decay steps. There is one
    value more than there are steps, as with a fence and its posts, so you arrive one step early."""
    return np.linspace(start, end, decay_steps)[step] if step < decay_steps else end


@instead_of("epsilon_at")
def arrives_one_step_late(step, start, end, decay_steps):
    """Your line is one step too long: at step `decay_steps` epsilon has to be `end` already."""
    return epsilon_at(step, start, end, decay_steps + 1) if decay_steps else end


@instead_of("epsilon_at")
def starts_one_step_down(step, start, end, decay_steps):
    """You count the steps from 1, so epsilon has fallen once already at step 0, where it should be
    `start`."""
    return epsilon_at(step + 1, start, end, decay_steps)


@instead_of("epsilon_at")
def rises_from_end_to_start(step, start, end, decay_steps):
    """Your epsilon moves from `end` to `start`. The agent explores much in the beginning and less and less
    as it learns."""
    return epsilon_at(step, end, start, decay_steps)


@instead_of("epsilon_at")
def no_decay_divided_by_zero(step, start, end, decay_steps):
    """You divide by the number of decay steps, which may be 0. Then there is no way to go: epsilon is `end`
    at once."""
    return max(end, start + (end - start) * step / decay_steps)


@instead_of("epsilon_at")
def no_decay_stays_at_start(step, start, end, decay_steps):
    """With 0 decay steps you start with `start`. A decay that takes no step is over before it begins, so
    epsilon is `end` from step 0."""
    return epsilon_at(step, start, end, decay_steps) if step else start


@instead_of("action_probabilities")
def exploration_excludes_best(q, epsilon):
    """You share epsilon among the other actions only. An agent that explores draws from all actions, and
    may well draw the greedy one."""
    if len(q) == 1:
        return [1.0]
    others = len(q) - 1
    return [1 - epsilon if a == greedy_action(q) else epsilon / others for a in range(len(q))]


@instead_of("action_probabilities")
def greedy_share_of_exploring_lost(q, epsilon):
    """The greedy action gets only the probability of exploiting. It can be drawn while exploring as well;
    without that share your probabilities do not add up to 1."""
    probabilities = np.full(len(q), epsilon / len(q))
    probabilities[greedy_action(q)] = 1 - epsilon
    return probabilities


@instead_of("action_probabilities")
def epsilon_not_shared(q, epsilon):
    """You give every action the whole of epsilon. Exploring happens with probability epsilon in all, and the
    actions share it equally."""
    probabilities = np.full(len(q), epsilon)
    probabilities[greedy_action(q)] = 1 - epsilon
    return probabilities


@instead_of("action_probabilities")
def every_tied_action_is_greedy(q, epsilon):
    """Where several estimates are equally large you give the greedy share to each of them, so that your
    probabilities add up to more than 1. There is one greedy action only, the one with the lowest index."""
    return epsilon / len(q) + (1 - epsilon) * (q == q.max())


@instead_of("action_probabilities")
def ties_share_the_greedy_part(q, epsilon):
    """Where several estimates are equally large you split the greedy share among them. This policy has one
    greedy action only, the one with the lowest index."""
    best = q == q.max()
    return epsilon / len(q) + (1 - epsilon) * best / best.sum()


@instead_of("action_probabilities")
def exploring_and_exploiting_swapped(q, epsilon):
    """You give the greedy action the share of exploring and spread the share of exploiting over all. Epsilon
    is the probability that the agent explores."""
    probabilities = np.full(len(q), (1 - epsilon) / len(q))
    probabilities[greedy_action(q)] += epsilon
    return probabilities
