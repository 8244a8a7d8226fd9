"""Probes of epsilon_greedy."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import exact, probe

shares = st.integers(0, 4).map(lambda fourths: fourths / 4)
"""Probabilities, 0 and 1 among them."""

estimates = st.integers(1, 5).flatmap(lambda actions: quarters((actions,), -1.5, 1.5))
estimates_of_several = st.integers(2, 5).flatmap(lambda actions: quarters((actions,), -1.5, 1.5))


def row(*values):
    """Estimates in the exercise's dtype."""
    return np.array(values, "float32")


def draw_of(u, random_action):
    """The randomness of one choice, as the cases hold it."""
    return {"u": u, "random_action": random_action}


@st.composite
def choices(draw):
    """Estimates, and one to four choices with them."""
    q = draw(estimates)
    draws = st.builds(draw_of, st.integers(0, 7).map(lambda eighths: eighths / 8), st.integers(0, len(q) - 1))
    return {"q": q, "epsilon": draw(shares), "draws": draw(st.lists(draws, min_size=1, max_size=4))}


@st.composite
def schedules(draw, decay_steps):
    """A schedule, and the steps at which it is looked at, in any order.

    Args:
        decay_steps: a strategy of their number.
    """
    end, start = sorted([draw(shares), draw(shares)])
    steps = draw(st.lists(st.integers(0, 12), min_size=1, max_size=4))
    return {"steps": steps, "start": start, "end": end, "decay_steps": draw(decay_steps)}


def rates(impl, case):
    """Epsilon at each step of the case."""
    return [impl.epsilon_at(step, case["start"], case["end"], case["decay_steps"]) for step in case["steps"]]


@probe(
    points=0.25,
    cases=estimates.map(lambda q: {"q": q}),
    examples=[
        {"q": row(0.5, 2.5, 1.25)},
        {"q": row(1, 3, 0.5, 3)},
        {"q": row(-2.5, -0.5, -1)},
        {"q": row(-3, 0.25, 2)},
        {"q": row(0, 0, 0)},
        {"q": row(-0.25)},
        {"q": row(-3e9, -2e9, -1e9)},
        {"q": row(1000, 1000.005, 999)},
        {"q": row(0, 1e-9)},
    ],
    count=25,
    agree=exact(whole_numbers=True),
    hints=(
        "Is the answer a value or a position? How would you tell somebody else which of the actions to take?",
        "Try your function on estimates that are all negative, and on two that are equal.",
    ),
)
def greedy(impl, case):
    """The greedy action."""
    return impl.greedy_action(case["q"])


@probe(
    points=0.25,
    cases=choices(),
    examples=[
        {
            "q": row(0.5, 2.5, 1),
            "epsilon": 0.25,
            "draws": [draw_of(0.5, 0), draw_of(0.125, 2), draw_of(0.0, 0)],
        },
        {"q": row(0.5, 2.5, 1), "epsilon": 0.5, "draws": [draw_of(0.5, 2), draw_of(0.375, 2)]},
        {"q": row(0.5, 2.5, 1), "epsilon": 0.0, "draws": [draw_of(0.0, 0), draw_of(0.875, 2)]},
        {
            "q": row(0.5, 2.5, 1),
            "epsilon": 1.0,
            "draws": [draw_of(0.0, 0), draw_of(0.999, 2), draw_of(0.5, 1)],
        },
        {"q": row(-3, -0.5, 0.25), "epsilon": 0.25, "draws": [draw_of(0.5, 1), draw_of(0.125, 1)]},
        {"q": row(-2, -0.5, -1), "epsilon": 0.25, "draws": [draw_of(0.5, 2), draw_of(0.125, 2)]},
        {"q": row(1, -1, 1, 0.5), "epsilon": 0.75, "draws": [draw_of(0.875, 1), draw_of(0.625, 3)]},
        {"q": row(-1), "epsilon": 0.5, "draws": [draw_of(0.25, 0), draw_of(0.75, 0)]},
    ],
    count=25,
    agree=exact(whole_numbers=True),
    hints=(
        "At epsilon 0, which of the two actions must always come out, even when u is 0? And at epsilon 1?",
        "Everything random is handed in. Which of the arguments decides, and which is then the answer?",
    ),
)
def choice(impl, case):
    """The action chosen with each pair of u and random action; the estimates stay the same."""
    return [
        impl.choose_action(case["q"], case["epsilon"], drawn["u"], drawn["random_action"])
        for drawn in case["draws"]
    ]


@probe(
    points=0.5,
    cases=schedules(st.integers(1, 8)),
    examples=[
        {"steps": [0, 1, 2, 3, 4, 5, 50], "start": 1.0, "end": 0.2, "decay_steps": 4},
        {"steps": [9, 3, 7, 0, 10, 11], "start": 0.75, "end": 0.25, "decay_steps": 10},
        {"steps": [2, 1, 0], "start": 0.5, "end": 0.0, "decay_steps": 1},
        {"steps": [0, 3, 8], "start": 0.5, "end": 0.5, "decay_steps": 6},
        {"steps": [0, 2, 1, 3, 1000], "start": 1.0, "end": 0.0, "decay_steps": 3},
    ],
    count=30,
    hints=(
        "What share of the way from start to end has been covered after one step of four? After four? After "
        "five?",
        "Write down epsilon for each step of a short schedule by hand and mark where it has to stop falling.",
    ),
)
def exploration_rates(impl, case):
    """Epsilon at each of the steps."""
    return rates(impl, case)


@probe(
    points=0.25,
    cases=schedules(st.just(0)),
    examples=[{"steps": [0, 1, 7], "start": 1.0, "end": 0.25, "decay_steps": 0}],
    count=10,
    hints=("How long does a way take that is 0 steps long? Where is one then at step 0?",),
)
def exploration_rates_without_decay(impl, case):
    """Epsilon at each of the steps where there are 0 decay steps."""
    return rates(impl, case)


@probe(
    points=0.5,
    cases=st.fixed_dictionaries({"q": estimates_of_several, "epsilon": shares}),
    examples=[
        {"q": row(1, 3, 3), "epsilon": 0.3},
        {"q": row(0.5, -1, 2, 1), "epsilon": 0.25},
        {"q": row(-0.5, -1), "epsilon": 0.75},
        {"q": row(-3, -0.5, 0.25), "epsilon": 0.25},
        {"q": row(-2, -0.5, -1), "epsilon": 0.25},
        {"q": row(2, 1, 0.5), "epsilon": 0.0},
        {"q": row(2, 1, 0.5), "epsilon": 1.0},
        {"q": row(0, 0, 0, 0, 0), "epsilon": 0.5},
    ],
    count=25,
    hints=(
        "In how many ways can the greedy action come out? And one of the others?",
        "Add up your probabilities. Which of the two ways is missing, or counted twice, if it is not 1?",
    ),
)
def probabilities(impl, case):
    """The probability of each action."""
    return impl.action_probabilities(case["q"], case["epsilon"])


@probe(
    points=0.25,
    cases=st.fixed_dictionaries({"q": quarters((1,)), "epsilon": shares}),
    examples=[{"q": row(-1), "epsilon": epsilon} for epsilon in (0.0, 0.25, 1.0)],
    count=10,
    hints=("If there is nothing to choose from, what is drawn when the agent explores?",),
)
def probability_of_the_only_action(impl, case):
    """The probabilities where there is one action only."""
    return impl.action_probabilities(case["q"], case["epsilon"])
