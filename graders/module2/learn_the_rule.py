"""Probes of learn_the_rule."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import flags, quarters
from keras_kata import probe


def data(*values):
    """Data in the exercise's dtype."""
    return np.array(values, "float32")


def yes_no(letters):
    """Answers, from a text of y and n."""
    return np.array([letter == "y" for letter in letters])


def examples_of(*groups):
    """Cases of data with answers."""
    return [{"x": data(*values), "answers": yes_no(letters)} for values, letters in groups]


@st.composite
def examples_with_any_answers(draw):
    """Data with answers that no rule need fit."""
    size = draw(st.integers(1, 8))
    return {"x": draw(quarters((size,), -2, 2)), "answers": draw(flags((size,)))}


@st.composite
def examples_with_a_gap(draw):
    """Data in any order with both answers, and a gap between the groups."""
    group = st.lists(st.integers(0, 12), min_size=1, max_size=4)
    low, high, gap = draw(group), draw(group), draw(st.integers(1, 6))
    fourths = [-value for value in low] + [gap + value for value in high]
    order = draw(st.permutations(range(len(fourths))))
    above = draw(st.booleans())
    return {
        "x": np.array([fourths[i] / 4 for i in order], "float32"),
        "answers": np.array([(i >= len(low)) is above for i in order]),
    }


@probe(
    points=0.5,
    cases=st.fixed_dictionaries(
        {
            "x": st.integers(1, 6).flatmap(lambda size: quarters((size,))),
            "threshold": st.integers(-6, 6).map(lambda fourths: fourths / 4),
            "above": st.booleans(),
        }
    ),
    examples=[
        {"x": data(1, 2, 3), "threshold": 2.0, "above": True},
        {"x": data(1, 2, 3), "threshold": 2.0, "above": False},
        {"x": data(-1.5, 0.5, 0.25, -2), "threshold": -0.5, "above": False},
        {"x": data(0, -1), "threshold": float("-inf"), "above": True},
        {"x": data(0, -1), "threshold": float("inf"), "above": False},
    ],
    count=25,
    hints=(
        "To how many of the two rules with the same threshold should one and the same example be a yes?",
        "What does each of the two rules say to an example that is exactly at the threshold?",
    ),
)
def answers_of_a_rule(impl, case):
    """The answers of a given rule."""
    return impl.apply_rule(case["x"], case["threshold"], case["above"])


@probe(
    points=0.75,
    cases=examples_with_any_answers(),
    examples=examples_of(
        ((1, 2, 3, 4), "nyny"),
        ((1, 2, 3, 4, 5), "ynyyn"),
        ((4, 1, 3, 2, 2.5), "nynyy"),
        ((1, 2, 3), "yyy"),
        ((1, 2, 5), "nnn"),
        ((0.5,), "y"),
        ((0.5,), "n"),
        ((1, 1, 1), "yny"),
        ((1, 1, 2, 2), "nyyy"),
        ((1, 2, 3, 4, 5, 20), "nyyyyy"),
        ((-1, 0, 1, 2), "ynnn"),
        ((9, 0, 10, 20), "nnyy"),
        ((1, 1, 1, 2, 2, 2), "yynyyn"),
        ((1, 2, 1, 2, 1, 2), "nynnyn"),
        ((0, 1, 2, 3, 4, 5, 6, 99), "yyyynnny"),
        ((0, 1, 2, 3, 4, 5, 6, 7), "nyyynnny"),
        ((0, 1, 2, 3, 4, 5, 6), "nynynny"),
    ),
    count=30,
    hints=(
        "Which thresholds lead to different answers on these data, and which only look different?",
        "Count the mistakes of every rule that matters, on both sides, and also those of a rule that gives "
        "all examples the same answer.",
    ),
)
def mistakes_of_the_learned_rule(impl, case):
    """How many mistakes the learned rule makes on its own examples, as your `apply_rule` applies it."""
    threshold, above = impl.fit_rule(case["x"], case["answers"])
    said = np.asarray(impl.apply_rule(case["x"], threshold, above))
    return int(np.sum(said != case["answers"]))


@probe(
    points=0.75,
    cases=examples_with_a_gap(),
    examples=examples_of(
        ((120, 135, 150, 170), "nnyy"),
        ((1, 2, 3, 40), "nnyy"),
        ((-30, 2, 3, 4), "yyyn"),
        ((3, -1, 2, 0.5), "nyny"),
        ((0, 1), "ny"),
        ((0, 1), "yn"),
        ((2, 2, -1, -1, -1), "nnyyy"),
        ((5, 1, 4, 2), "ynyn"),
    ),
    count=30,
    hints=(
        "Which two of the examples would still decide the threshold if all the others were taken away?",
        "How far is your threshold from the nearest example on either side, and could it be farther?",
    ),
)
def threshold_and_side(impl, case):
    """The learned rule, where one without mistakes exists and both answers occur."""
    return impl.fit_rule(case["x"], case["answers"])
