"""Probes of tabular_q_learning.

A probe that leaves something to the learner's random numbers observes only what does not depend on them:
every action of every state is tried so often that the table comes out the same, or it is the only action.
"""

from collections import Counter

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import flags, quarters, whole
from graders.support.environments import scripted_env
from keras_kata import probe

shares = st.integers(0, 4).map(lambda fourths: fourths / 4)
seeds = st.integers(0, 99)


def world(next_state, reward, terminated):
    """A table of what actions do in each state, as `scripted_env` wants it."""
    return {
        "next_state": np.array(next_state),
        "reward": np.array(reward, "float32"),
        "terminated": np.array(terminated, bool),
    }


CORRIDOR = world(  # left, right; the last of the four cells is the goal
    [[0, 1], [0, 2], [1, 3], [3, 3]], [[-1, 0], [-1, 0], [-1, 4], [0, 0]], [[0, 0], [0, 0], [0, 1], [0, 0]]
)
FORK = world(  # the first action of state 1 ends the episode back in state 0, which is worth a lot
    [[1, 1], [0, 2], [0, 1]], [[2, 0.5], [1, -0.5], [-1, -2]], [[0, 0], [1, 0], [0, 1]]
)
ENDLESS = world([[0, 1], [0, 1]], [[1, 2], [0.5, 1.5]], [[0, 0], [0, 0]])
ALL_IS_BAD = world([[1, 1], [0, 0]], [[-1, -2], [-1, -0.5]], [[0, 0], [1, 1]])
THREE_CELLS = world([[1], [2], [2]], [[0], [4], [0]], [[0], [1], [0]])
THERE_AND_BACK = world([[1], [0]], [[1], [2]], [[0], [1]])
ROUND = world([[1], [2], [0]], [[1], [-2], [0.5]], [[0], [0], [0]])


@st.composite
def worlds(draw, states, actions):
    """Any world with so many states and actions.

    Args:
        states, actions: strategies of their numbers.
    """
    shape = (draw(states), draw(actions))
    return {
        "next_state": draw(whole(shape, 0, shape[0] - 1)),
        "reward": draw(quarters(shape)),
        "terminated": draw(flags(shape)),
    }


@st.composite
def thorough_trainings(draw):
    """So many episodes, from all states in turn, that any random actions lead to the same table."""
    table = draw(worlds(st.integers(2, 3), st.integers(2, 3)))
    return {
        "table": table,
        "starts": list(range(len(table["reward"]))),
        "limit": 4,
        "episodes": 300,
        "gamma": draw(st.sampled_from([0.5, 0.25, 0.0])),
        "seed": draw(seeds),
    }


@st.composite
def short_trainings(draw):
    """A few episodes in a world with one action, where nothing is left to chance."""
    table = draw(worlds(st.integers(1, 4), st.just(1)))
    states = st.integers(0, len(table["reward"]) - 1)
    return {
        "table": table,
        "starts": draw(st.lists(states, min_size=1, max_size=2)),
        "limit": draw(st.integers(1, 5)),
        "episodes": draw(st.integers(0, 4)),
        "alpha": draw(shares),
        "gamma": draw(shares),
        "epsilon": draw(shares),
        "seed": draw(seeds),
    }


def short_training(table, limit, episodes, alpha, gamma, epsilon=0.5):
    """A case as `short_trainings` draws it, from state 0."""
    return {
        "table": table,
        "starts": [0],
        "limit": limit,
        "episodes": episodes,
        "alpha": alpha,
        "gamma": gamma,
        "epsilon": epsilon,
        "seed": 1,
    }


def trained(impl, case, table):
    """The environment with this table, and the estimates learned in it, as a short training says."""
    env = scripted_env(table, case["starts"], case["limit"])
    options = (case["episodes"], case["alpha"], case["gamma"], case["epsilon"], case["seed"])
    return env, impl.train_q_table(env, *options)


@probe(
    points=1,
    cases=thorough_trainings(),
    examples=[
        {"table": CORRIDOR, "starts": [0], "limit": 10, "episodes": 150, "gamma": 0.75, "seed": 0},
        {"table": FORK, "starts": [0, 1], "limit": 5, "episodes": 150, "gamma": 0.5, "seed": 1},
        {"table": ENDLESS, "starts": [0], "limit": 6, "episodes": 100, "gamma": 0.5, "seed": 2},
        {"table": ALL_IS_BAD, "starts": [0], "limit": 2, "episodes": 60, "gamma": 0.5, "seed": 3},
    ],
    count=3,
    hints=(
        "Which of the estimates in the next state does the target look at, and when does it look at none?",
        "Alpha is 1 here, so each estimate equals its latest target. Work out by hand what the table must be "
        "in the end, beginning with the steps that terminate.",
    ),
    by_chance=True,
)
def values(impl, case):
    """The table after many episodes of random actions (epsilon 1), with alpha 1; `starts` are the states in
    which episodes start, in turn, and `limit` is the time limit in steps."""
    env = scripted_env(case["table"], case["starts"], case["limit"])
    return impl.train_q_table(env, case["episodes"], 1.0, case["gamma"], 1.0, case["seed"])


NICE_OR_NOT = world([[1, 1], [1, 1]], [[0, 0], [4, 0]], [[0, 0], [1, 1]])


@probe(
    points=0.25,
    cases=st.fixed_dictionaries({"gamma": st.sampled_from([0.25, 0.5, 1.0]), "seed": seeds}),
    examples=[{"gamma": 0.5, "seed": 1}],
    count=2,
    hints=(
        "Two agents have the same table, and in the next state one of them explores. Are their targets different?",
    ),
    by_chance=True,
)
def looking_ahead(impl, case):
    """What the estimates of a state's actions are worth after a training of 30 episodes of random actions with alpha
    1, and which different values there are in 12 such trainings with seeds from `seed` on.

    Both actions lead to a state where action 0 brings a reward of 4, action 1 brings nothing, and either ends the
    episode. Given are shares of gamma times 4, to the nearest half."""
    shares = set()
    for seed in range(case["seed"], case["seed"] + 12):
        env = scripted_env(NICE_OR_NOT)
        table = np.asarray(impl.train_q_table(env, 30, 1.0, case["gamma"], 1.0, seed))
        shares |= set(np.round(table[0] / (4 * case["gamma"]) * 2) / 2)
    return sorted(shares)


@probe(
    points=1.25,
    cases=short_trainings(),
    examples=[
        short_training(THREE_CELLS, 9, 3, 0.5, 0.5),
        short_training(THREE_CELLS, 2, 2, 0.25, 0.75, epsilon=1.0),
        short_training(ROUND, 4, 3, 0.5, 0.5, epsilon=0.0),
        short_training(ROUND, 5, 4, 0.75, 1.0),
        short_training(ROUND, 1, 4, 0.25, 0.5),
        short_training(world([[0]], [[1]], [[0]]), 3, 2, 0.5, 1.0),
        short_training(world([[0]], [[-1.5]], [[1]]), 3, 2, 0.5, 1.0),
        short_training(THERE_AND_BACK, 5, 3, 0.5, 0.75),
        short_training(ROUND, 3, 0, 0.5, 0.5),
        short_training(THERE_AND_BACK, 2, 3, 0.5, 0.75),
    ],
    count=20,
    hints=(
        "Play the first two episodes with pencil and paper. Where does your table become another one?",
        "Which steps end the episode, and which of these have nothing after them?",
    ),
)
def table_of_a_world_with_one_action(impl, case):
    """The table after a few episodes in a world with one action, where nothing is left to chance."""
    _, table = trained(impl, case, case["table"])
    return table


@probe(
    points=0.75,
    cases=short_trainings(),
    examples=[
        short_training(THREE_CELLS, 9, 3, 0.5, 0.5),
        short_training(ROUND, 4, 3, 0.5, 0.5),
        short_training(THREE_CELLS, 2, 2, 0.5, 0.5),
        short_training(world([[0]], [[1]], [[0]]), 1, 2, 0.5, 0.5),
        short_training(ROUND, 3, 0, 0.5, 0.5),
        short_training(ROUND, 1200, 1, 0.5, 0.5),
    ],
    count=12,
    hints=(
        "What has to happen between the last step of one episode and the first step of the next?",
        "There are two ways in which an episode can be over. Does your loop stop at both?",
    ),
)
def protocol(impl, case):
    """How many steps each episode had and how it ended, and how many steps were taken after an end; there are
    two actions, which do the same."""
    env, _ = trained(
        impl, case, {name: np.repeat(column, 2, axis=1) for name, column in case["table"].items()}
    )
    episodes = [[len(episode["actions"]), episode["end"]] for episode in env.played]
    return {"episodes": episodes, "steps_after_an_end": env.late_steps}


@probe(
    points=0.25,
    cases=st.fixed_dictionaries({"epsilon": st.sampled_from([0.0, 0.5, 1.0]), "seed": seeds}),
    examples=[{"epsilon": epsilon, "seed": 3} for epsilon in (0.0, 0.5, 1.0)],
    count=2,
    hints=(
        "At epsilon 0, what does an agent do that has found an action with a positive reward?",
        "How often should each of two actions come out at epsilon 0.5, and how often at epsilon 1?",
    ),
)
def exploration(impl, case):
    """How many of the two actions are ever taken in 600 episodes of one step, and the share of the more
    frequent and of the other one, rounded to quarters; action 0 brings a reward of 1, action 1 of 3. And
    the share of action 0 in each of two states at epsilon 0, where it brings 1 in state 0 and -1 in state 1, and
    action 1 brings the other."""
    env = scripted_env(world([[0, 0]], [[1, 3]], [[1, 1]]))
    impl.train_q_table(env, 600, 1.0, 0.5, case["epsilon"], case["seed"])
    counts = Counter(action for episode in env.played for action in episode["actions"])
    shares = sorted((round(4 * counts[action] / 600) / 4 for action in (0, 1)), reverse=True)
    two_states = scripted_env(world([[0, 0], [1, 1]], [[1, -1], [-1, 1]], [[1, 1], [1, 1]]), starts=[0, 1])
    impl.train_q_table(two_states, 40, 1.0, 0.5, 0.0, case["seed"])
    first = [episode["actions"] == [0] for episode in two_states.played]
    by_state = [round(sum(first[state::2]) / 5) / 4 for state in (0, 1)]
    return {"different_actions": len(counts), "shares": shares, "first_action_by_state": by_state}


@probe(
    points=0.25,
    cases=st.fixed_dictionaries({"seed": seeds}),
    examples=[{"seed": 4}],
    count=2,
    hints=(
        "The first step of an episode was a bad one. When should the agent know that, and when may it act on it?",
        "How often does the agent ask chance whether it explores: once for an episode, or once for a step?",
    ),
)
def choices_within_an_episode(impl, case):
    """The actions of one episode of six steps, at epsilon 0; only one state, where action 0 brings -1 and action 1
    brings -2. The first two are sorted, as either may come first. And in 80 episodes of 12 steps, at epsilon 0.5,
    how many have the better one of two actions only: the shares of the first 40 and of the last, rounded to halves;
    and whether at least 20 of these episodes differ from each other."""
    bad = scripted_env(world([[0, 0]], [[-1, -2]], [[0, 0]]), limit=6)
    impl.train_q_table(bad, 1, 1.0, 0.0, 0.0, case["seed"])
    actions = [action for episode in bad.played for action in episode["actions"]]
    good = scripted_env(world([[0, 0]], [[-1, 1]], [[0, 0]]), limit=12)
    impl.train_q_table(good, 80, 1.0, 0.0, 0.5, case["seed"])
    always_better = [0 not in episode["actions"] for episode in good.played]
    return {
        "actions": [*sorted(actions[:2]), *actions[2:]],
        "only_the_better_action": [
            round(sum(half) / 20) / 2 for half in (always_better[:40], always_better[40:])
        ],
        "at_least_20_different_episodes": len({tuple(episode["actions"]) for episode in good.played}) >= 20,
    }


@probe(
    points=0.25,
    cases=st.lists(seeds, min_size=2, max_size=2, unique=True).map(
        lambda pair: {"seed": pair[0], "other_seed": pair[1]}
    ),
    examples=[{"seed": 0, "other_seed": 1}, {"seed": 7, "other_seed": 0}],
    count=2,
    hints=("Which of the things that you use draw random numbers, and where does each of them start?",),
)
def runs_by_seed(impl, case):
    """Whether the actions of two trainings in equal environments are the same: with the same seed, and with
    another one."""

    def actions(seed):
        env = scripted_env(CORRIDOR, limit=10)
        impl.train_q_table(env, 20, 0.5, 0.5, 0.75, seed)
        return [episode["actions"] for episode in env.played]

    first = actions(case["seed"])
    return {
        "same_seed": actions(case["seed"]) == first,
        "other_seed": actions(case["other_seed"]) == first,
    }


@probe(
    points=0.25,
    cases=st.tuples(st.integers(1, 4), st.integers(1, 4))
    .flatmap(lambda shape: quarters(shape, -1.5, 1.5))
    .map(lambda table: {"table": table}),
    examples=[
        {"table": np.array([[1, 3, 2], [0.5, -1, 0.5]], "float32")},
        {"table": np.array([[-1, -0.5], [-2, -3], [0, 0]], "float32")},
        {"table": np.array([[2], [1]], "float32")},
        {"table": np.array([[0.5, 0.53, 0.51], [0.0001, 0, 0.0002], [-3e9, -2e9, -4e9]], "float32")},
    ],
    count=20,
    hints=(
        "How many actions should come out for a table of three states, and which rows may each depend on?",
    ),
)
def policy(impl, case):
    """The greedy action of each state."""
    return impl.greedy_policy(case["table"])


@st.composite
def rollouts(draw):
    """A world, a policy in it, and one or two episodes."""
    table = draw(worlds(st.integers(1, 4), st.integers(1, 3)))
    states, actions = table["reward"].shape
    return {
        "table": table,
        "policy": draw(whole((states,), 0, actions - 1)),
        "starts": draw(st.lists(st.integers(0, states - 1), min_size=1, max_size=2)),
        "limit": draw(st.integers(1, 6)),
        "max_steps": draw(st.integers(1, 6)),
    }


def rollout_case(table, policy, limit, max_steps):
    """A case as `rollouts` draws it, with an episode from each of two states."""
    return {
        "table": table,
        "policy": np.array(policy),
        "starts": [0, 1],
        "limit": limit,
        "max_steps": max_steps,
    }


@probe(
    points=0.75,
    cases=rollouts(),
    examples=[
        rollout_case(CORRIDOR, [1, 1, 1, 0], 9, 9),
        rollout_case(CORRIDOR, [1, 1, 1, 0], 9, 3),
        rollout_case(CORRIDOR, [1, 1, 1, 0], 9, 2),
        rollout_case(CORRIDOR, [1, 0, 1, 0], 4, 9),
        rollout_case(CORRIDOR, [1, 1, 1, 0], 3, 9),
        rollout_case(FORK, [1, 1, 0], 9, 7),
        rollout_case(FORK, [1, 0, 0], 5, 1),
    ],
    count=15,
    hints=(
        "Three things can end the episode. What does each of them mean for the three entries of the result?",
        "Take an episode with the rewards 0, 0 and 4. What is its total, and how many steps are that?",
    ),
)
def episodes_by_policy(impl, case):
    """What `rollout` returns for each of two episodes, one after the other; and which actions were taken, how
    the episodes ended, and how many steps were taken after an end."""
    env = scripted_env(case["table"], case["starts"], case["limit"])
    results = [impl.rollout(env, case["policy"], case["max_steps"]) for _ in range(2)]
    return {"results": results, "played": env.played, "steps_after_an_end": env.late_steps}
