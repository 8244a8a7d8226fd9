"""Probes of running_mean."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import probe


@probe(
    points=1.5,
    cases=st.fixed_dictionaries({"values": quarters(1, 6)}),
    examples=[{"values": np.array([4, 0, 2], "float32")}],
    count=25,
    hints=(
        "What must the object remember besides the mean, to know how much the next value weighs?",
        "Say the mean of 9 values is 2 and the next value is 12: what is the mean of all 10?",
    ),
)
def means(impl, case):
    """The mean after each value."""
    running = impl.RunningMean()
    found = []
    for value in case["values"].tolist():
        running.add(value)
        found.append(running.mean())
    return found


@probe(
    points=0.5,
    examples=[{"values": [2.0, 4.0]}],
    hints=("What does your code divide by when nothing was added yet?",),
)
def no_values(impl, case):
    """The mean of an object that was given no values, beside one that was."""
    first, second = impl.RunningMean(), impl.RunningMean()
    for value in case["values"]:
        first.add(value)
    return {"with values": first.mean(), "without": second.mean()}
