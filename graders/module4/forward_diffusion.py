"""The noise schedule of a diffusion model, noised examples, training pairs, and heat flow."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise, quarters
from keras_kata import close, probe

VECTORS = st.tuples(st.integers(1, 4))
SERIES = st.tuples(st.integers(1, 3), st.integers(1, 3))
IMAGES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2))


@st.composite
def schedules(draw):
    """A number of steps, and two betas in (0, 1) of which the first is not the larger."""
    betas = sorted(draw(st.lists(st.integers(1, 31), min_size=2, max_size=2)))
    return {"steps": draw(st.integers(1, 12)), "beta_start": betas[0] / 64, "beta_end": betas[1] / 64}


@st.composite
def batches(draw, shapes=VECTORS | SERIES | IMAGES):
    """Clean examples, each with a time, and the noise to mix in; alpha_bars fall, and are in (0, 1)."""
    alpha_bars = draw(st.lists(st.integers(1, 31), min_size=1, max_size=6, unique=True))
    shape = (draw(st.integers(1, 4)), *draw(shapes))
    times = st.lists(st.integers(0, len(alpha_bars) - 1), min_size=shape[0], max_size=shape[0])
    return {
        "x0": draw(quarters(shape)),
        "t": np.array(draw(times), "int64"),
        "noise": draw(quarters(shape)),
        "alpha_bars": (np.sort(alpha_bars)[::-1] / 32).astype("float32"),
    }


def batch(shape, t, alpha_bars, seed=0):
    """One case of `batches`, with values from a seed."""
    values = np.random.default_rng(seed).integers(-8, 9, (2, *shape)) / 4
    return {
        "x0": values[0].astype("float32"),
        "t": np.array(t, "int64"),
        "noise": values[1].astype("float32"),
        "alpha_bars": np.array(alpha_bars, "float32"),
    }


BATCHES = [
    batch((3, 3), [2, 0, 1], [0.9, 0.63, 0.315]),
    batch((2, 2, 3, 1), [0, 3], [0.9, 0.7, 0.4, 0.1], seed=1),
    batch((2, 2, 2, 2), [1, 2], [0.9, 0.5, 0.25], seed=2),
    batch((4, 2, 3), [1, 3, 1, 0], [0.9, 0.7, 0.4, 0.1], seed=3),
    batch((1, 4), [1], [0.9, 0.5], seed=4),
    batch((1, 3), [0], [0.75], seed=5),
    batch((3, 1), [0, 0, 1], [0.81, 0.25], seed=6),
]


def rod(u, rate=0.25, steps=2):
    """One case of `heat`."""
    return {"u": np.array(u, "float32"), "rate": rate, "steps": steps}


@probe(
    points=1,
    cases=schedules(),
    examples=[
        {"steps": 3, "beta_start": 0.1, "beta_end": 0.5},
        {"steps": 1, "beta_start": 0.125, "beta_end": 0.5},
        {"steps": 2, "beta_start": 0.125, "beta_end": 0.5},
        {"steps": 4, "beta_start": 0.25, "beta_end": 0.25},
        {"steps": 1000, "beta_start": 0.0001, "beta_end": 0.02},
    ],
    count=25,
    agree=close(rtol=3e-4, atol=1e-7),
    hints=(
        "If each of three steps keeps a half of what is there, how much is left after the third?",
        "How many betas are there, and what are the first and the last? Does the entry at t = 0 hold a step?",
    ),
)
def schedule(impl, case):
    """The betas, and how much of the image is left after each step."""
    return impl.noise_schedule(case["steps"], case["beta_start"], case["beta_end"])


@probe(
    points=1.25,
    cases=batches(),
    examples=BATCHES,
    count=30,
    hints=(
        "Which number belongs to an example, and what shape must it have to multiply a whole image?",
        "Check the two weights: what do their squares add up to? And from which entry of alpha_bars do they "
        "come at t = 0?",
    ),
)
def noised(impl, case):
    """Vectors, series and images with noise mixed in, each example at its own time."""
    return impl.q_sample(case["x0"], case["t"], case["noise"], case["alpha_bars"])


@probe(
    points=0.75,
    cases=batches(VECTORS),
    examples=BATCHES[:3],
    count=25,
    hints=(
        "What does the network know, and what is it asked to find?",
        "The first part is what the function before gives. The second is one of the arguments, as it is.",
    ),
)
def pair(impl, case):
    """What the network gets, and the target that it has to find."""
    return impl.training_pair(case["x0"], case["t"], case["noise"], case["alpha_bars"])


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "steps": st.integers(2, 30),
            "beta_end": st.integers(4, 31).map(lambda parts: parts / 64),
            "x0_and_noise": noise((2, 40, 2)),
        }
    ),
    examples=[
        {
            "steps": 20,
            "beta_end": 0.5,
            "x0_and_noise": np.array(
                [[[1, -1], [-1, -1]] * 20, [[1, 1], [1, -1], [-1, 1], [-1, -1]] * 10], "float32"
            ),
        }
    ],
    count=10,
    hints=(
        "If image and noise both have the variance 1, which variance should their mixture have?",
        "Try your schedule and your jump together: how much of the image is left at the last step?",
    ),
)
def variance(impl, case):
    """Mean and variance of noised data at the first, a middle and the last step, with its own schedule."""
    steps, (x0, fresh) = case["steps"], case["x0_and_noise"]
    _, alpha_bars = impl.noise_schedule(steps, 1 / 64, case["beta_end"])
    alpha_bars = np.asarray(alpha_bars, "float32")
    observed = {}
    for name, step in (("first", 0), ("middle", steps // 2), ("last", steps - 1)):
        x_t = np.asarray(impl.q_sample(x0, np.full(len(x0), step), fresh, alpha_bars))
        observed[name] = {"mean": x_t.mean(), "variance": x_t.var()}
    return observed


@probe(
    points=1.5,
    cases=st.fixed_dictionaries(
        {
            "u": st.integers(1, 6).flatmap(lambda n: quarters((n,), 0, 8)),
            "rate": st.integers(0, 8).map(lambda parts: parts / 16),
            "steps": st.integers(1, 5),
        }
    ),
    examples=[
        rod([8, 0, 4], steps=1),
        rod([5]),
        rod([0, 8], 0.5, 3),
        rod([1, 2, 4, 7, 3], 0.125, 5),
        rod([-3, 0, 0, 6], 0.375, 4),
    ],
    count=25,
    hints=(
        "How much heat does the first place get from the left, where there is no neighbour?",
        "What one place loses its neighbour gains. Work out all the flows before you change any temperature.",
    ),
)
def heat(impl, case):
    """The temperatures along a rod after each of a few steps, and their total."""
    u, states, totals = case["u"], [], []
    for _ in range(case["steps"]):
        states.append(impl.heat_step(u, case["rate"]))
        u = np.asarray(states[-1], "float32")
        totals.append(u.sum())
    return {"temperatures": states, "totals": totals}
