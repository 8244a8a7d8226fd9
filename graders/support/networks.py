"""Observing Keras models without looking at how they were built.

Nothing here depends on layer names, on the order in which weights were created, or on which of several
equivalent layers was used.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras
import numpy as np


def fill_by_size(model: keras.Layer, salt: int, scale: float = 0.5) -> None:
    """Give each trainable variable values that depend only on its element count and the salt.

    The values, in C order, are uniform in [-scale, scale]. So two models that store the same projection
    as (d, heads, key) and as (d, heads * key) get equal weights. Two variables of one element count get
    equal values: draw dimensions that make the sizes that matter differ.
    """
    for variable in model.trainable_variables:
        size = int(np.prod(variable.shape))
        values = np.random.default_rng([salt, size]).uniform(-scale, scale, size)
        variable.assign(values.reshape(variable.shape).astype("float32"))


def census(model: keras.Layer) -> dict[str, int]:
    """How many numbers the model holds: `trainable` and `non_trainable`, as totals."""
    return {
        "trainable": sum(int(np.prod(v.shape)) for v in model.trainable_weights),
        "non_trainable": sum(int(np.prod(v.shape)) for v in model.non_trainable_weights),
    }


def influence(function: Callable[[np.ndarray], Any], x: np.ndarray, nudge: float = 0.5) -> np.ndarray:
    """Which input positions move which output positions.

    Args:
        function: maps (batch, t_in, d) to (batch, t_out, ...), each example by itself, and is deterministic.
            It is called once, with x and its nudged copies as one batch.
        x: (t_in, d) float, the point around which inputs are nudged; keep it small.
        nudge: what is added to every second feature of a position and taken from the others, growing with
            the feature's number, so that a normalisation over features does not hide it.

    Returns:
        (t_in, t_out) bool: True where changing input position i changes output position j by over 1e-5.
    """
    time, features = x.shape
    copies = np.stack([x] * (time + 1))
    growing = nudge * np.arange(1, features + 1)
    copies[np.arange(1, time + 1), np.arange(time)] += np.where(np.arange(features) % 2, -growing, growing)
    before, *after = np.asarray(function(copies))
    change = np.abs(np.stack(after) - before)
    return change.reshape(*change.shape[:2], -1).max(axis=-1) > 1e-5


def moved(groups: Mapping[str, Iterable[keras.Variable]], step: Callable[[], Any]) -> dict[str, float]:
    """The largest absolute change of each named group of variables that one call of `step` causes."""
    listed = {name: list(variables) for name, variables in groups.items()}
    before = {name: [_values(v) for v in variables] for name, variables in listed.items()}
    step()
    return {
        name: max(
            (float(np.abs(_values(v) - old).max()) for v, old in zip(variables, before[name], strict=True)),
            default=0.0,
        )
        for name, variables in listed.items()
    }


def _values(variable: keras.Variable) -> np.ndarray:
    """A copy; what `numpy()` gives may share memory with the variable."""
    return variable.numpy().copy()
