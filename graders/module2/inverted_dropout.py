"""Probes of inverted_dropout."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from graders.support.rejection import rejected
from keras_kata import probe

rates = st.sampled_from([0.5, 0.25, 0.0, 0.2, 0.75, 0.9])
exact_rates = st.sampled_from([0.5, 0.25, 0.0, 0.75, 0.875])

shapes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple) | st.tuples(
    st.just(2), st.integers(1, 2), st.integers(1, 2), st.integers(1, 3)
)


def uniform(shape):
    """Noise in quarters, so that it often equals a rate."""
    return quarters(shape, 0, 0.75)


def array(*values):
    """Numbers in the exercise's dtype."""
    return np.array(values, "float32")


def grid(shape, seed, low=-8, high=8):
    """An array of quarters from a seed."""
    return (np.random.default_rng(seed).integers(low, high, shape, endpoint=True) / 4).astype("float32")


@st.composite
def activations(draw):
    """Activations, and noise for two training steps."""
    shape = draw(shapes)
    return {
        "x": draw(quarters(shape)),
        "u": draw(uniform(shape)),
        "later_u": draw(uniform(shape)),
        "rate": draw(rates),
    }


@st.composite
def gradients(draw):
    """Gradients with respect to the output, and the noise of the forward pass."""
    shape = draw(shapes)
    return {"dy": draw(quarters(shape)), "u": draw(uniform(shape)), "rate": draw(rates)}


@probe(
    points=1,
    cases=activations(),
    examples=[
        {
            "x": array(1, 2, 3, 4),
            "u": array(0.75, 0.125, 0.5, 0.25),
            "later_u": array(0.25, 0.625, 0, 0.5),
            "rate": 0.5,
        },
        {
            "x": array(1, -2, 3, 4),
            "u": array(0.75, 0.125, 0.5, 0),
            "later_u": array(0, 0.625, 0.125, 0.5),
            "rate": 0.2,
        },
        {"x": array(1, -2), "u": array(0, 0.75), "later_u": array(0.25, 0), "rate": 0.0},
        {"x": array(1, -2), "u": array(0.875, 0.96875), "later_u": array(0.9375, 0), "rate": 0.9},
        *(
            {
                "x": grid((2, 3, 2, 2), 1),
                "u": grid((2, 3, 2, 2), 2, 0, 3),
                "later_u": grid((2, 3, 2, 2), 3, 0, 3),
                "rate": rate,
            }
            for rate in (0.25, 0.5)
        ),
    ],
    count=30,
    hints=(
        "Four activations of 1 add up to 4. If half of them are dropped, what must the others become for the "
        "sum to stay as it was?",
        "Go through one small array by hand, once with `training` True and once with False. Where does the "
        "noise matter?",
    ),
)
def training_and_inference(impl, case):
    """The activations after a training step, at inference, and after a later training step with other
    noise."""
    return {
        "training": impl.dropout_forward(case["x"], case["u"], case["rate"], True),
        "inference": impl.dropout_forward(case["x"], case["u"], case["rate"], False),
        "later": impl.dropout_forward(case["x"], case["later_u"], case["rate"], True),
    }


@probe(
    points=0.5,
    cases=gradients(),
    examples=[
        {"dy": array(1, -2, 3, 4), "u": array(0.75, 0.125, 0.5, 0.25), "rate": 0.5},
        {"dy": array(1, -2, 3, 4), "u": array(0.75, 0.125, 0.5, 0), "rate": 0.2},
        {"dy": array(1, -2), "u": array(0, 0.75), "rate": 0.0},
        {"dy": grid((2, 3, 2, 2), 4), "u": grid((2, 3, 2, 2), 5, 0, 3), "rate": 0.75},
    ],
    count=25,
    hints=(
        "Nudge one input a little. By how much does its output move if it was dropped, and by how much if it "
        "was kept?",
        "Forward is a multiplication by a number at each place. What is the derivative of that?",
    ),
)
def backward(impl, case):
    """The derivative of the loss with respect to the input."""
    return impl.dropout_backward(case["dy"], case["u"], case["rate"])


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "x": st.integers(1, 3).flatmap(lambda size: quarters((size,))),
            "rate": exact_rates,
            "seed": st.integers(0, 99),
        }
    ),
    examples=[
        {"x": array(1, -2, 0.5), "rate": 0.25, "seed": 1},
        {"x": array(4, 1), "rate": 0.75, "seed": 2},
        {"x": array(1.5, -1), "rate": 0.0, "seed": 3},
    ],
    count=6,
    hints=("Which value should the average over very many training steps come close to, and why?",),
)
def mean_over_many_steps(impl, case):
    """The mean of the activations after each of 2000 training steps; on average over the noise they keep
    their values."""
    u = np.random.default_rng(case["seed"]).random((2000, len(case["x"])), dtype="float32")
    steps = impl.dropout_forward(np.tile(case["x"], (2000, 1)), u, case["rate"], True)
    return np.mean(np.asarray(steps), axis=0)


@probe(
    points=0.5,
    cases=st.lists(rates, min_size=1, max_size=4).map(lambda drawn: {"rates": drawn}),
    examples=[{"rates": [0.0, 0.2, 0.5, 0.9, 0.99]}, {"rates": [0.75]}],
    count=15,
    hints=(
        "With the rate 0.9 a unit of value 1 becomes 10 or 0. How far from 1 is each, and how often?",
        "At which rate should the noise be 0, and where should it become very large? Try these two first.",
    ),
)
def noise_curve(impl, case):
    """The relative noise at each of the rates."""
    return [impl.relative_noise(rate) for rate in case["rates"]]


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "rate": st.sampled_from([-0.25, 1.0, 1.5, -1.0]),
            "values": quarters((2,)),
            "u": uniform((2,)),
        }
    ),
    examples=[
        {"rate": rate, "values": array(1, 2), "u": array(0.25, 0.75)}
        for rate in (1.0, -0.25, 1.25, 2.0, -3.0)
    ],
    count=10,
    hints=(
        "Which numbers can be the probability of being dropped, and for which one of them is nothing left?",
    ),
)
def rates_that_are_no_rates(impl, case):
    """What each function does with a rate that is not allowed: forward in training and at inference,
    backward, and the relative noise."""
    values, u, rate = case["values"], case["u"], case["rate"]
    return {
        "training": rejected(impl.dropout_forward, values, u, rate, True),
        "inference": rejected(impl.dropout_forward, values, u, rate, False),
        "backward": rejected(impl.dropout_backward, values, u, rate),
        "noise": rejected(impl.relative_noise, rate),
    }
