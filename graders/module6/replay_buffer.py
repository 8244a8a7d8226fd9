"""Probes of replay_buffer.

Which transitions a batch holds is up to chance and to the implementation, so a probe draws so many batches
that what it observes of them does not depend on chance (wrong less than once in a million).
"""

from collections import Counter
from itertools import pairwise
from math import comb

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from graders.support.rejection import rejected
from keras_kata import by_key, close, probe

FIELDS = ("states", "actions", "rewards", "next_states", "terminated")

seeds = st.integers(0, 99)


def transition(serial, features=2):
    """The transition number `serial`; each field shows the number."""
    state = np.float32(serial) + np.arange(features, dtype="float32") / 8
    return state, serial, -serial / 2, state + np.float32(0.5), serial % 3 == 1


def filled(impl, case):
    """A buffer to which the case's number of transitions, numbered from 0, were added."""
    buffer = impl.ReplayBuffer(case["capacity"], case["seed"])
    for serial in range(case["added"]):
        buffer.add(*transition(serial, case.get("features", 2)))
    return buffer


def matrix(column):
    """A column of a batch as (b, ...) numbers, flat from the second axis on, whatever it is made of."""
    rows = np.array(np.asarray(column).tolist(), "float64")
    return rows.reshape(len(rows), -1)


def serials(batch):
    """The numbers of the transitions in a batch, by their states."""
    return [round(float(row[0])) for row in matrix(batch["states"])]


def held(case):
    """How many transitions the buffer of a case holds in the end."""
    return min(case["capacity"], case["added"])


fillings = st.fixed_dictionaries({"capacity": st.integers(1, 5), "added": st.integers(0, 11), "seed": seeds})


@probe(
    points=0.75,
    cases=fillings,
    examples=[
        {"capacity": capacity, "added": added, "seed": 7}
        for capacity, added in [(3, 5), (4, 4), (4, 3), (1, 3), (3, 9), (2, 0), (3, 20)]
    ],
    count=12,
    hints=(
        "The buffer has three places and a fourth transition comes. Which of the four should an agent that "
        "has learned in the meantime be able to do without?",
        "Add five numbered transitions to a buffer of three by hand, and note after each what is in it.",
    ),
)
def contents(impl, case):
    """The length at the start and after each added transition, and then the numbers of the transitions that
    25 large batches hold; transitions are numbered from 0, and after each one a batch of one is drawn. Before
    the large batches, as many transitions are added to another new buffer, numbered from 50."""
    buffer = impl.ReplayBuffer(case["capacity"], case["seed"])
    lengths = [len(buffer)]
    for serial in range(case["added"]):
        buffer.add(*transition(serial))
        lengths.append(len(buffer))
        buffer.sample(1)
    other = impl.ReplayBuffer(case["capacity"], case["seed"])
    for serial in range(case["added"]):
        other.add(*transition(50 + serial))
    drawn = set()
    for _ in range(25 if held(case) else 0):
        drawn.update(serials(buffer.sample(held(case))))
    return {"lengths": lengths, "drawn": sorted(drawn)}


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "capacity": st.integers(2, 3),
            "added": st.integers(2, 7),
            "features": st.integers(1, 3),
            "seed": seeds,
        }
    ),
    examples=[
        {"capacity": 3, "added": 3, "features": 2, "seed": 1},
        {"capacity": 3, "added": 2, "features": 2, "seed": 4},
        {"capacity": 3, "added": 8, "features": 1, "seed": 2},
        {"capacity": 2, "added": 3, "features": 3, "seed": 3},
    ],
    count=8,
    hints=(
        "If the state is from one moment and the reward from another, what would a network learn from it?",
        "How often do you draw random numbers for one batch? How often should you?",
    ),
)
def rows_belong_together(impl, case):
    """For each field, all its combinations with a state's number, which stands first, in 60 batches."""
    buffer = filled(impl, case)
    batches = [buffer.sample(held(case)) for _ in range(60)]
    numbers = np.concatenate([serials(batch) for batch in batches])[:, None]
    columns = {name: np.concatenate([matrix(batch[name]) for batch in batches]) for name in FIELDS}
    return {name: np.unique(np.hstack([numbers, column]), axis=0) for name, column in columns.items()}


@probe(
    points=0.5,
    cases=st.fixed_dictionaries({"capacity": st.integers(3, 4), "added": st.integers(3, 7), "seed": seeds}),
    examples=[
        {"capacity": 4, "added": 4, "seed": 5},
        {"capacity": 10, "added": 4, "seed": 6},
        {"capacity": 3, "added": 5, "seed": 7},
    ],
    count=2,
    hints=(
        "Can the same transition come twice in one of your batches? Can every transition come, and every two "
        "of them together?",
        "Think of a hat with a slip for each transition. When does a slip go back into the hat?",
    ),
)
def draws(impl, case):
    """The different pairs among 600 batches of two; how often each transition came, as a multiple of its fair
    share, rounded to halves; and so how often a batch had a transition in common with the one before."""
    buffer = filled(impl, case)
    pairs = [tuple(sorted(serials(buffer.sample(2)))) for _ in range(600)]
    counts = Counter(serial for pair in pairs for serial in pair)
    fair = 600 * 2 / held(case)
    shares = {str(serial): round(2 * count / fair) / 2 for serial, count in sorted(counts.items())}
    again = sum(not set(pair).isdisjoint(before) for before, pair in pairwise(pairs))
    in_common = 1 - comb(held(case) - 2, 2) / comb(held(case), 2)
    return {
        "pairs": sorted(set(pairs)),
        "shares": shares,
        "in_common": round(2 * again / (599 * in_common)) / 2,
    }


@st.composite
def repeated_transitions(draw):
    """One transition that is added several times, so that it is known what a batch holds."""
    features, times = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    return {
        "state": draw(quarters((features,))),
        "action": draw(st.integers(0, 3)),
        "reward": draw(st.integers(-8, 8)) / 4,
        "next_state": draw(quarters((features,))),
        "terminated": draw(st.booleans()),
        "times": times,
        "batch_size": draw(st.integers(1, times)),
    }


@probe(
    points=0.5,
    cases=repeated_transitions(),
    examples=[
        {
            "state": np.array([0.5, -1, 2], "float32"),
            "action": 2,
            "reward": -1.5,
            "next_state": np.array([1, 0.25, -3], "float32"),
            "terminated": terminated,
            "times": times,
            "batch_size": size,
        }
        for terminated, times, size in [(True, 3, 2), (False, 3, 3), (True, 1, 1), (False, 4, 1)]
    ]
    + [
        {
            "state": np.array([70000.5, 0.001], "float32"),
            "action": 70000,
            "reward": 1234.125,
            "next_state": np.array([-0.3, 300.125], "float32"),
            "terminated": False,
            "times": 2,
            "batch_size": 2,
        }
    ],
    count=15,
    agree=by_key({"actions": close(whole_numbers=True)}),
    hints=(
        "What shape does a network want for a batch of states, and what kind of numbers?",
        "In which of the five columns is what comes out of another kind than what went in?",
    ),
)
def kinds_and_shapes(impl, case):
    """A batch from a buffer to which the same transition was added several times."""
    buffer = impl.ReplayBuffer(case["times"], 0)
    for _ in range(case["times"]):
        buffer.add(case["state"], case["action"], case["reward"], case["next_state"], case["terminated"])
    return buffer.sample(case["batch_size"])


@probe(
    points=0.25,
    cases=st.fixed_dictionaries({"capacity": st.integers(2, 4), "added": st.integers(2, 6), "seed": seeds}),
    examples=[{"capacity": 4, "added": 3, "seed": 0}, {"capacity": 3, "added": 5, "seed": 1}],
    count=6,
    hints=(
        "Whose array is it that you keep? What does your buffer hold once its owner has written into it?",
    ),
)
def states_from_a_reused_array(impl, case):
    """The first numbers of all states and next states in the buffer, where the environment handed out all
    states in the same two arrays."""
    buffer = impl.ReplayBuffer(case["capacity"], case["seed"])
    state, next_state = np.zeros(2, "float32"), np.zeros(2, "float32")
    for serial in range(case["added"]):
        now, action, reward, later, terminated = transition(serial)
        state[:], next_state[:] = now, later
        buffer.add(state, action, reward, next_state, terminated)
    state[:], next_state[:] = 50, 60
    batches = [buffer.sample(held(case)) for _ in range(25)]
    return {
        name: sorted({float(row[0]) for batch in batches for row in matrix(batch[name])})
        for name in ("states", "next_states")
    }


@probe(
    points=0.25,
    cases=st.fixed_dictionaries(
        {"capacity": st.integers(1, 5), "added": st.integers(0, 7), "excess": st.integers(1, 3)}
    ),
    examples=[
        {"capacity": 5, "added": 3, "excess": 1},
        {"capacity": 5, "added": 0, "excess": 1},
        {"capacity": 3, "added": 4, "excess": 1},
        {"capacity": 1, "added": 1, "excess": 2},
    ],
    count=10,
    hints=("What would training have to do with a batch that is smaller than it asked for?",),
)
def batches_that_are_too_large(impl, case):
    """What happens to a batch larger by `excess` than what the buffer holds; the same transition was added
    each time."""
    buffer = impl.ReplayBuffer(case["capacity"], 0)
    for _ in range(case["added"]):
        buffer.add(*transition(4))
    return rejected(buffer.sample, held(case) + case["excess"])


@probe(
    points=0.25,
    cases=st.lists(st.integers(0, 50), min_size=2, max_size=2, unique=True).map(
        lambda pair: {"seed": pair[0], "other_seed": pair[1]}
    ),
    examples=[{"seed": 0, "other_seed": 1}, {"seed": 42, "other_seed": 0}],
    count=3,
    hints=(
        "Where do your random numbers come from, and who else draws from there? When does that source start?",
    ),
)
def batches_by_seed(impl, case):
    """Whether 10 batches of one buffer are those of another one: with the same seed, with the same seed while
    a third buffer is used in turn, with another seed; and how many of the other 9 equal the first."""

    def fresh(seed):
        return filled(impl, {"capacity": 30, "added": 30, "seed": seed})

    def batches(buffer):
        return [serials(buffer.sample(12)) for _ in range(10)]

    first = batches(fresh(case["seed"]))
    again, other = fresh(case["seed"]), fresh(case["other_seed"])
    in_turn = [(serials(again.sample(12)), serials(other.sample(12))) for _ in range(10)]
    return {
        "same_seed": batches(fresh(case["seed"])) == first,
        "same_seed_in_turn": [mine for mine, _ in in_turn] == first,
        "other_seed": batches(fresh(case["other_seed"])) == first,
        "same_as_the_first": sum(batch == first[0] for batch in first[1:]),
    }
