"""Probes of bellman_update."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import flags, quarters
from keras_kata import probe

shares = st.integers(0, 4).map(lambda fourths: fourths / 4)
"""Discounts and learning rates, 0 and 1 among them."""

rewards = st.integers(-8, 8).map(lambda fourths: fourths / 4)


def row(*values):
    """One row of numbers in the exercise's dtype."""
    return np.array(values, "float32")


@st.composite
def episodes(draw):
    """One or two episodes of equal length; they may be empty."""
    shape = (draw(st.integers(1, 2)), draw(st.integers(0, 5)))
    return {"episodes": draw(quarters(shape)), "gamma": draw(shares)}


@st.composite
def transitions(draw):
    """One or two batches of equal size, with some steps terminal and some not."""
    size, actions = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    batches = [
        {
            "reward": draw(quarters((size,))),
            "next_q": draw(quarters((size, actions))),
            "terminated": draw(flags((size,))),
        }
        for _ in range(draw(st.integers(1, 2)))
    ]
    return {"batches": batches, "gamma": draw(shares)}


def step(state, action, reward, next_state, terminated=False, truncated=False):
    """One step, as the cases hold it."""
    return {
        "state": state,
        "action": action,
        "reward": reward,
        "next_state": next_state,
        "terminated": terminated,
        "truncated": truncated,
    }


@st.composite
def experience(draw, truncated):
    """A table, and one or two steps that each start from it.

    Args:
        truncated: a strategy of the flag.
    """
    states, actions = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    steps = [
        step(
            draw(st.integers(0, states - 1)),
            draw(st.integers(0, actions - 1)),
            draw(rewards),
            draw(st.integers(0, states - 1)),
            draw(st.booleans()),
            draw(truncated),
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    return {
        "table": draw(quarters((states, actions))),
        "steps": steps,
        "alpha": draw(shares),
        "gamma": draw(shares),
    }


def tables_after(impl, case):
    """The table after each step of the case."""
    return [
        impl.q_update(
            case["table"],
            taken["state"],
            taken["action"],
            taken["reward"],
            taken["next_state"],
            taken["terminated"],
            taken["truncated"],
            case["alpha"],
            case["gamma"],
        )
        for taken in case["steps"]
    ]


@probe(
    points=0.75,
    cases=episodes(),
    examples=[
        {"episodes": np.zeros((1, 0), "float32"), "gamma": 0.5},
        {"episodes": np.array([[1, 0, 4], [2, -1, 3]], "float32"), "gamma": 0.5},
        {"episodes": np.array([[1, 2, -3, 4, 0.5]], "float32"), "gamma": 0.75},
        {"episodes": np.array([[3, 2, -1]], "float32"), "gamma": 0.0},
        {"episodes": np.array([[3, 2, -1, 1]], "float32"), "gamma": 1.0},
    ],
    count=25,
    hints=(
        "How much is a reward worth now if you have to wait one step for it? And if you wait two steps?",
        "Seen from its first step, an episode is worth its first reward plus gamma times what the rest is "
        "worth. Where would a loop have to start to use that?",
    ),
)
def returns(impl, case):
    """The discounted return of each episode."""
    return [impl.discounted_return(rewards, case["gamma"]) for rewards in case["episodes"]]


@probe(
    points=1,
    cases=transitions(),
    examples=[
        {
            "batches": [
                {
                    "reward": row(1, -2, 0.5),
                    "next_q": np.array([[2, 4], [3, -1], [-2, -0.5]], "float32"),
                    "terminated": np.array([False, True, False]),
                },
                {
                    "reward": row(0, 1, 2),
                    "next_q": np.array([[-1, 1], [0.5, 2], [2, 1.5]], "float32"),
                    "terminated": np.array([True, False, False]),
                },
            ],
            "gamma": 0.5,
        },
        {
            "batches": [
                {
                    "reward": row(1, 2, 0.25),
                    "next_q": np.array([[2, -3, 1], [0.5, 1, 0.75], [-2, -1, -4]], "float32"),
                    "terminated": np.array([False, True, False]),
                }
            ],
            "gamma": 0.75,
        },
        {
            "batches": [
                {"reward": row(1, 2), "next_q": np.array([[3], [-4]], "float32"), "terminated": flag}
                for flag in (np.array([False, False]), np.array([True, True]))
            ],
            "gamma": 1.0,
        },
        {
            "batches": [
                {"reward": row(1, 2), "next_q": np.array([[3, 5], [1, 2]], "float32"), "terminated": flag}
                for flag in (np.array([False, True]), np.array([True, False]))
            ],
            "gamma": 0.0,
        },
        {
            "batches": [
                {"reward": row(1), "next_q": np.array([[2, 4]], "float32"), "terminated": np.array([flag])}
                for flag in (False, True)
            ],
            "gamma": 0.5,
        },
    ],
    count=25,
    hints=(
        "How many numbers should come out for a batch of three steps, and which estimates may each of them "
        "depend on?",
        "Work one row out by hand, then ask what is left of it when that step ended the episode.",
    ),
)
def targets(impl, case):
    """The target of every transition, batch by batch."""
    return [
        impl.bellman_target(batch["reward"], batch["next_q"], batch["terminated"], case["gamma"])
        for batch in case["batches"]
    ]


TABLE = np.array([[1, -2], [0.5, 3], [-1, -0.5]], "float32")


@probe(
    points=0.75,
    cases=experience(truncated=st.just(False)),
    examples=[
        {
            "table": TABLE,
            "steps": [step(0, 1, 1.5, 1), step(0, 1, 1.5, 1, terminated=True)],
            "alpha": 0.25,
            "gamma": 0.5,
        },
        {"table": TABLE, "steps": [step(1, 0, -1.0, 2), step(2, 1, 2.0, 2)], "alpha": 0.75, "gamma": 0.5},
        {"table": TABLE, "steps": [step(1, 1, 2.0, 0)], "alpha": 0.5, "gamma": 0.0},
        {"table": TABLE, "steps": [step(2, 0, 2.0, 1)], "alpha": 0.5, "gamma": 1.0},
        {"table": TABLE, "steps": [step(0, 0, 2.0, 1)], "alpha": 0.0, "gamma": 0.5},
        {"table": TABLE, "steps": [step(0, 0, 2.0, 1)], "alpha": 1.0, "gamma": 0.5},
        {"table": row(2, -1)[:, None], "steps": [step(1, 0, 1.0, 0)], "alpha": 0.5, "gamma": 0.5},
    ],
    count=20,
    hints=(
        "Which single entry of the table does this step say something about, and what does it say?",
        "Take alpha as 0, then as 1: what should happen to the entry? Then look at what your code does.",
    ),
)
def tables(impl, case):
    """The whole table after each step; every step starts from the same table."""
    return tables_after(impl, case)


@probe(
    points=0.5,
    cases=experience(truncated=st.booleans()),
    examples=[
        {
            "table": TABLE,
            "steps": [step(2, 1, 2.0, 2, truncated=True), step(1, 1, -1.0, 1, truncated=True)],
            "alpha": 0.75,
            "gamma": 0.5,
        },
        {
            "table": TABLE,
            "steps": [
                step(0, 1, 1.5, 1, terminated=terminated, truncated=truncated)
                for terminated in (False, True)
                for truncated in (False, True)
            ],
            "alpha": 0.25,
            "gamma": 0.5,
        },
        {"table": TABLE, "steps": [step(1, 0, -1.0, 2, truncated=True)], "alpha": 0.5, "gamma": 0.75},
    ],
    count=15,
    hints=(
        "The clock stopped the episode. Did the state that was reached become worth less by that?",
        "Ask of each of the two flags whether anything could still have come afterwards.",
    ),
)
def tables_with_truncated_steps(impl, case):
    """The whole table after each step, where the episode may also have been truncated; every step starts from
    the same table."""
    return tables_after(impl, case)
