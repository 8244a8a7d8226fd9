"""Observing a DQN agent: its network, its episodes in scripted environments, and what it has learned.

Training is observed only in what does not depend on the learner's random numbers and choices: returns where
all actions do the same, which weights move, and whether a task is learned that leaves a wide margin.
"""

from itertools import pairwise

import gymnasium
import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import flags, quarters, whole
from graders.support.environments import scripted_env
from graders.support.networks import census, fill_by_size, moved
from keras_kata import probe

seeds = st.integers(0, 99)


def world(next_state, reward, terminated):
    """A table of what actions do in each state, as `scripted_env` wants it."""
    return {
        "next_state": np.array(next_state),
        "reward": np.array(reward, "float32"),
        "terminated": np.array(terminated, bool),
    }


def q_network(n, k, salt, hidden=3):
    """A network with one hidden layer; its weights follow from the salt."""
    model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(hidden, "relu"), keras.layers.Dense(k)])
    for number, variable in enumerate(model.trainable_variables):
        variable.assign(np.random.default_rng([salt, number]).uniform(-1, 1, variable.shape))
    return model


@probe(
    points=1,
    cases=st.tuples(st.integers(1, 3), st.integers(4, 6), st.integers(7, 9)).flatmap(
        lambda sizes: st.fixed_dictionaries(
            {
                "n_features": st.just(sizes[0]),
                "n_actions": st.just(sizes[1]),
                "hidden": st.just(sizes[2]),
                "x": quarters((2, sizes[0])),
            }
        )
    ),
    examples=[
        {"n_features": 2, "n_actions": 4, "hidden": 7, "x": np.array([[1, -0.5], [-2, 1.5]], "float32")},
        {"n_features": 5, "n_actions": 2, "hidden": 3, "x": np.eye(5, dtype="float32") * 2 - 0.5},
        {"n_features": 3, "n_actions": 1, "hidden": 8, "x": np.array([[1, 2, -1]], "float32")},
    ],
    count=1,
    hints=(
        "Which values can a return have, and which of them can the output of your network have?",
        "Count the weights by hand, as in the example of the instructions, and compare with `count_params`.",
    ),
)
def network(impl, case):
    """How many weights the network has, and its outputs when these have given values."""
    model = impl.build_q_network(case["n_features"], case["n_actions"], case["hidden"])
    model(case["x"])
    fill_by_size(model, 3)
    return {**census(model), "outputs": model(case["x"])}


ROUND = world([[1, 2], [2, 0], [0, 1]], [[1, -2], [0.5, 3], [-1, 0.25]], [[0, 0], [0, 0], [0, 0]])
FORK = world([[1, 2], [2, 0], [0, 1]], [[1, -2], [0.5, 3], [-1, 0.25]], [[0, 1], [0, 0], [1, 1]])
LAST_PAYS = world([[1, 1], [2, 2], [2, 2]], [[0, 0], [0, 0], [4, 4]], [[0, 0], [0, 0], [1, 1]])
FEATURES = np.array([[1, 0.5], [-1, 0.25], [0.5, -2]], "float32")


@st.composite
def evaluations(draw):
    """A world, a network, and a few episodes."""
    states, actions, n = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    shape = (states, actions)
    return {
        "table": {
            "next_state": draw(whole(shape, 0, states - 1)),
            "reward": draw(quarters(shape)),
            "terminated": draw(flags(shape)),
        },
        "starts": list(range(states)),
        "features": draw(quarters((states, n))),
        "limit": draw(st.integers(1, 5)),
        "episodes": draw(st.integers(1, 3)),
        "salt": draw(st.integers(0, 99)),
    }


def evaluation_case(table, limit, episodes, salt):
    """A case as `evaluations` draws it."""
    return {
        "table": table,
        "starts": [0, 1, 2],
        "features": FEATURES,
        "limit": limit,
        "episodes": episodes,
        "salt": salt,
    }


@probe(
    points=2,
    cases=evaluations(),
    examples=[
        evaluation_case(ROUND, 4, 3, 1),
        evaluation_case(ROUND, 5, 3, 2),
        evaluation_case(FORK, 6, 3, 3),
        evaluation_case(FORK, 6, 4, 4),
        evaluation_case(LAST_PAYS, 9, 2, 5),
        evaluation_case(LAST_PAYS, 2, 2, 6),
    ],
    count=5,
    hints=(
        "Is there anything left to chance when an agent is only tested?",
        "There are two ways in which an episode can be over. Follow the rewards of one episode by hand.",
    ),
)
def evaluation(impl, case):
    """The returns of a network's greedy episodes, which actions were taken, how the episodes ended, how many
    steps were taken after an end, and how far the weights moved. The weights follow from `salt`, `starts` are
    the states in which episodes start, in turn, and `features` is what is observed of each state."""
    env = scripted_env(case["table"], case["starts"], case["limit"], case["features"])
    model = q_network(case["features"].shape[1], int(env.action_space.n), case["salt"])
    returns = []
    change = moved(
        {"weights": model.weights},
        lambda: returns.extend(impl.evaluate_agent(env, model, case["episodes"])),
    )
    return {"returns": returns, "played": env.played, "steps_after_an_end": env.late_steps, **change}


def train(impl, env, networks, case):
    """The result of a training as the case says."""
    return impl.train_agent(
        env, *networks, case["episodes"], case["gamma"], case["batch_size"], case["sync_every"], case["seed"]
    )


@st.composite
def short_trainings(draw):
    """A few episodes in a world whose two actions do the same; too short for a batch."""
    states = draw(st.integers(1, 3))
    once = {
        "next_state": draw(whole((states, 1), 0, states - 1)),
        "reward": draw(quarters((states, 1))),
        "terminated": draw(flags((states, 1))),
    }
    return {
        "table": {name: np.repeat(column, 2, axis=1) for name, column in once.items()},
        "starts": [0, states - 1],
        "features": draw(quarters((states, 2))),
        "limit": draw(st.integers(1, 5)),
        "episodes": draw(st.integers(1, 3)),
        "gamma": draw(st.sampled_from([0.5, 0.75])),
        "batch_size": 16,
        "sync_every": 4,
        "seed": draw(seeds),
    }


THREE = world([[1, 1], [2, 2], [0, 0]], [[1, 1], [-2, -2], [0.5, 0.5]], [[0, 0], [0, 0], [0, 0]])


def short_training(table, limit, episodes, **settings):
    """A case as `short_trainings` draws it."""
    return {
        "table": table,
        "starts": [0, 1],
        "features": FEATURES,
        "limit": limit,
        "episodes": episodes,
        "gamma": 0.5,
        "batch_size": 16,
        "sync_every": 4,
        "seed": 1,
        **settings,
    }


@probe(
    points=2,
    cases=short_trainings(),
    examples=[
        short_training(THREE, 4, 3),
        short_training(THREE, 2, 3),
        short_training(LAST_PAYS, 9, 3),
        short_training(LAST_PAYS, 2, 2),
    ],
    count=3,
    hints=(
        "In the first steps of the first episode, how many transitions are there to draw a batch from?",
        "When is an episode over, and what has to happen before the first step of the next one?",
    ),
)
def returns_of_a_short_training(impl, case):
    """The returns of a training that is too short for a batch, in a world whose two actions do the same; how
    many steps each episode had and how it ended, and how many steps were taken after an end."""
    env = scripted_env(case["table"], case["starts"], case["limit"], case["features"])
    returns = train(impl, env, (q_network(2, 2, 1), q_network(2, 2, 1)), case)
    episodes = [[len(episode["actions"]), episode["end"]] for episode in env.played]
    return {"returns": returns, "episodes": episodes, "steps_after_an_end": env.late_steps}


@probe(
    points=1,
    cases=st.lists(seeds, min_size=2, max_size=2, unique=True).map(
        lambda pair: {"seed": pair[0], "other_seed": pair[1], "batch_size": 64}
    ),
    examples=[
        {"seed": 7, "other_seed": 0, "batch_size": 24},
    ],
    count=1,
    hints=(
        "Which of the things that you use draw random numbers, and where does each of them start?",
        "What decides which transitions a batch is made of?",
    ),
)
def runs_by_seed(impl, case):
    """Whether two trainings in equal environments choose the same actions, and end with the same weights: with the
    same seed; and whether another one chooses the same actions. Each is an episode of 30 steps."""

    def training(seed):
        env = scripted_env(ROUND, limit=30, features=FEATURES)
        settings = {
            "episodes": 1,
            "gamma": 0.5,
            "batch_size": case["batch_size"],
            "sync_every": 50,
            "seed": seed,
        }
        networks = q_network(2, 2, 1), q_network(2, 2, 1)
        train(impl, env, networks, settings)
        return [episode["actions"] for episode in env.played], networks[0].get_weights()

    actions, weights = training(case["seed"])
    same_actions, same_weights = training(case["seed"])
    return {
        "same_seed": same_actions == actions,
        "same_weights": all(
            np.allclose(*pair, atol=1e-5) for pair in zip(weights, same_weights, strict=True)
        ),
        "other_seed": training(case["other_seed"])[0] == actions,
    }


ACTIONS = 64
"""So many that an agent which acts at random hardly ever takes a certain one by chance."""


@probe(
    points=1,
    examples=[
        {"best_action": 5, "episodes": 40, "gamma": 0.0, "batch_size": 100, "sync_every": 40, "seed": 4}
    ],
    hints=(
        "How likely is it that your agent takes the action that it holds for the best one, in its first episode and "
        "in its last?",
        "Which of the estimates does your agent look for when it does not act at random?",
    ),
)
def exploration(impl, case):
    """Whether the agent explores in the first quarter of the episodes, and whether it takes the action with the
    largest estimate in at least 4 of the 40 steps of the last quarter.

    Each episode has 4 steps in a world of one state and 64 actions. One of these pays 1 and the others nothing. The
    networks know that from the start, so that there is nothing to learn.
    """
    pays = np.eye(ACTIONS)[[case["best_action"]]]
    table = {"next_state": np.zeros((1, ACTIONS), int), "reward": pays, "terminated": np.zeros((1, ACTIONS))}
    env = scripted_env(table, limit=4, features=FEATURES[:1])
    networks = q_network(2, ACTIONS, 1), q_network(2, ACTIONS, 1)
    for one in networks:
        kernel, bias = one.layers[-1].weights
        kernel.assign(np.zeros(kernel.shape))
        bias.assign(pays[0])
    train(impl, env, networks, case)
    quarter = case["episodes"] // 4
    first, last = (
        [action == case["best_action"] for episode in episodes for action in episode["actions"]]
        for episodes in (env.played[:quarter], env.played[-quarter:])
    )
    return {"explores at the start": not all(first), "follows its estimates at the end": sum(last) >= 4}


class WeightsBeforeEachStep(gymnasium.Wrapper):
    """Keeps the weights of two networks as they are when a step is taken."""

    def __init__(self, env, networks):
        super().__init__(env)
        self.networks = networks
        self.seen = []

    def step(self, action):
        """Take the step after a look at the weights."""
        self.look()
        return self.env.step(action)

    def look(self):
        """Keep the weights as they are now."""
        self.seen.append([network.get_weights() for network in self.networks])

    def steps_that_moved(self, number):
        """The steps, counted from 1, between which and the next the weights of a network changed."""
        weights = [networks[number] for networks in self.seen]
        return [step for step, (old, new) in enumerate(pairwise(weights), 1) if not same(old, new)]


def same(some, others):
    """Whether all weights are equal."""
    return all(np.array_equal(one, other) for one, other in zip(some, others, strict=True))


@probe(
    points=2,
    examples=[
        short_training(THREE, 3, 4, batch_size=4, sync_every=3),
        short_training(THREE, 3, 4, batch_size=12, sync_every=100),
        short_training(THREE, 3, 4, batch_size=4, sync_every=8),
        short_training(THREE, 3, 4, batch_size=6, sync_every=5),
    ],
    hints=(
        "What does `sync_every` count, and who keeps that count from one episode to the next?",
        "In a step in which both networks change, which of them changes first?",
        "From which step on can a batch be drawn, and in which of the steps after that is something learned?",
    ),
)
def target_network(impl, case):
    """The steps, counted from 1 over all episodes, in which the weights of each network move, and whether the two
    networks are equal in the end. They were equal at the start."""
    networks = q_network(2, 2, 1), q_network(2, 2, 1)
    script = scripted_env(case["table"], case["starts"], case["limit"], case["features"])
    env = WeightsBeforeEachStep(script, networks)
    train(impl, env, networks, case)
    env.look()
    return {
        "online network moved": env.steps_that_moved(0),
        "target network moved": env.steps_that_moved(1),
        "equal": same(*env.seen[-1]),
    }


PARTS = world(  # states 0 to 2 want action 0, states 3 to 5 want action 1
    [[1, 0], [2, 1], [2, 2], [3, 4], [4, 5], [5, 5]],
    [[0, -1], [0, -1], [2, -1], [-1, 0], [-1, 0], [-1, 2]],
    [[0, 0], [0, 0], [1, 0], [0, 0], [0, 0], [0, 1]],
)
"""Two corridors of three cells: one action leads on, and to a reward of 2 in the end; the other costs 1."""

PARTS_FEATURES = np.array(
    [[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, -1], [0, 1, 0, -1], [0, 0, 1, -1]], "float32"
)
EPISODES = 80


@probe(
    points=2,
    examples=[{"episodes": EPISODES, "gamma": 0.75, "batch_size": 16, "sync_every": 20, "seed": 1}],
    hints=(
        "Print the largest estimate of each state after the training, and compare it with the discounted return "
        "that the agent can still get from there.",
        "For a transition that ends an episode in a goal, and for one before it: what is the target of each?",
    ),
)
def learned(impl, case):
    """What a training leads to: the number of returns, greedy returns from both starts, and good estimates.

    The world is two corridors of three cells, in which episodes start in turn. In the one, action 0 leads on and
    action 1 costs 1; in the other it is the other way round. The end of each pays 2. The largest estimate of each
    state should be within 0.3 of the discounted return that is possible from there.
    """
    env = scripted_env(PARTS, [0, 3], 12, PARTS_FEATURES)
    networks = q_network(4, 2, 1, hidden=16), q_network(4, 2, 1, hidden=16)
    returns = train(impl, env, networks, case)
    estimates = np.asarray(networks[0](PARTS_FEATURES))
    possible = 2 * case["gamma"] ** np.array([2, 1, 0, 2, 1, 0])
    return {
        "returns": len(returns),
        "steps_after_an_end": env.late_steps,
        "greedy returns": [greedy_return(estimates.argmax(axis=1), start) for start in (0, 3)],
        "estimates": [judged(error) for error in estimates.max(axis=1) - possible],
    }


def judged(error):
    """What to say of an estimate that is off by so much."""
    if np.abs(error) < 0.3:
        return "good"
    return "too low" if error < 0 else "too high"


def greedy_return(policy, state):
    """The undiscounted return of an episode of at most 12 steps among `PARTS`."""
    total = 0.0
    for _ in range(12):
        here = (state, policy[state])
        total += float(PARTS["reward"][here])
        if PARTS["terminated"][here]:
            break
        state = PARTS["next_state"][here]
    return total


def two_states(first, later, estimates, later_rewards):
    """A training with first one kind of episode and then another, and what the networks think of actions at first."""
    world = {"first": first, "later": later, "estimates": estimates, "later_rewards": later_rewards}
    return {**world, "gamma": 0.5, "batch_size": 16, "sync_every": 10_000, "seed": 2}


@probe(
    points=1,
    examples=[
        two_states(first=12, later=120, estimates=[3.0, 3.0], later_rewards=[0.0, 0.0]),
        two_states(first=0, later=60, estimates=[3.0, 0.0], later_rewards=[-4.0, 0.0]),
    ],
    hints=(
        "Which transitions can an update late in the training learn from, and which of them are old?",
        "Which of the two networks do the targets come from, and which of its weights, if it is never synchronised?",
        "Is there a future after a step that was truncated?",
    ),
)
def old_and_new(impl, case):
    """Whether an early state is still known much later, and whether targets come from the target network.

    The first episodes, if any, are a single step that is terminated and pays -1. All later ones are in another state,
    which is never left; a time limit truncates them after two steps. Both networks are equal at the start, with
    about the given estimates for the two actions, and the training is too short for the target network to change. In
    the end the estimates of the early state should be nearer to -1 than to what they were at the start, and the
    largest of the later one gamma times what it was at the start (shown is the share of that, to the nearest quarter),
    also where the action that the target network likes best turns out to be the worse one.
    """
    table = world([[0, 0], [1, 1]], [[-1, -1], case["later_rewards"]], [[1, 1], [0, 0]])
    starts = [0] * case["first"] + [1] * case["later"]
    features = np.eye(2, dtype="float32")
    env = scripted_env(table, starts, 2, features)
    networks = q_network(2, 2, 1, hidden=16), q_network(2, 2, 1, hidden=16)
    for one in networks:
        one.layers[-1].bias.assign(case["estimates"])
    early_before, later_before = np.asarray(networks[0](features)).max(axis=1)
    train(impl, env, networks, {**case, "episodes": len(starts)})
    early, later = np.asarray(networks[0](features)).max(axis=1)
    share = float(later / (case["gamma"] * later_before))
    known = {"the early state is known": bool(early < (early_before - 1) / 2)} if case["first"] else {}
    return {**known, "the later state, share of what it should be": round(4 * share) / 4}
