"""Observing a classifier in both of its modes: outputs, moving averages, what dropout does, and its weights."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise
from graders.support.networks import census, fill_by_size, moved
from keras_kata import by_key, close, probe

COPIES = 6000
"""So many of each example that with three hidden units each of the eight ways to drop them occurs."""

SHARE = close(atol=0.06)
"""How far a share of so many copies is from what its probability says: six standard deviations or more."""


@st.composite
def classifiers(draw, rates, units=(2, 5), batch=(2, 5)):
    """The sizes of a classifier, least to most, the salt of its weights, and two batches."""
    d = draw(st.integers(1, 4))
    n_hidden = draw(st.integers(*units))
    return {
        "n_hidden": n_hidden,
        "n_classes": draw(st.sampled_from([n for n in range(2, 5) if n != d])),
        "drop_rate": draw(rates),
        "salt": draw(st.integers(0, 99)),
        "x": draw(noise((draw(st.integers(*batch)), d), -6, 6)),
        "x2": draw(noise((draw(st.integers(*batch)) + 1, d), -6, 6)),
    }


def classifier(n_hidden, n_classes, drop_rate, d, batch=4):
    """A hand-picked case; no two examples are alike."""
    values = (np.arange((2 * batch + 1) * d) * 7 % 19 - 9) / 2
    x = values.reshape(2 * batch + 1, d).astype("float32")
    sizes = {"n_hidden": n_hidden, "n_classes": n_classes, "drop_rate": drop_rate}
    return {**sizes, "salt": 3, "x": x[:batch], "x2": x[batch:]}


def filled_model(impl, case):
    """The model of the case, with weights that depend on its salt only."""
    model = impl.RegularizedClassifier(case["n_hidden"], case["n_classes"], case["drop_rate"])
    model(case["x"], training=False)  # it makes its weights at the first call
    fill_by_size(model, case["salt"], scale=1.0)
    return model


@probe(
    points=1.5,
    cases=classifiers(st.sampled_from([0.0, 0.4, 0.6])),
    examples=[classifier(n_hidden=4, n_classes=3, drop_rate=0.25, d=2)],
    count=2,
    hints=(
        "Should a prediction for one example depend on who else is in the batch, or come out differently next time?",
        "Which of the four layers behave differently in training, and how do they learn which mode it is?",
        "What does a call that says nothing of `training` mean?",
    ),
)
def inference_forward(impl, case):
    """After two calls in training mode, the logits at inference are right, for a batch and for one example."""
    model = filled_model(impl, case)
    model(case["x"], training=True)
    model(case["x2"], training=True)
    return {
        "no flag": model(case["x"]),
        "training=False": model(case["x"], training=False),
        "one example": model(case["x"][:1], training=False),
        "one example, no flag": model(case["x"][:1]),
    }


@probe(
    points=1.5,
    cases=classifiers(st.just(0.0)),
    examples=[classifier(n_hidden=3, n_classes=4, drop_rate=0.0, d=2)],
    count=2,
    hints=(
        "Which mean and variance does batch normalisation use in training, and which does it keep for later?",
        "Which calls should change the moving averages, and which should not?",
    ),
)
def training_forward(impl, case):
    """Without dropout, the logits in training mode are right; and training alone moves the moving averages.

    Of these, the largest change is given that one call makes.
    """
    model = filled_model(impl, case)
    first = model(case["x"], training=True)
    averages = {"moving averages": model.non_trainable_weights}
    return {
        "first call": first,
        "second call": model(case["x2"], training=True),
        "changed in training": moved(averages, lambda: model(case["x"], training=True)),
        "changed at inference": moved(averages, lambda: model(case["x2"], training=False)),
        "changed without a flag": moved(averages, lambda: model(case["x2"])),
    }


@probe(
    points=1.25,
    cases=classifiers(st.sampled_from([0.25, 0.3, 0.7]), units=(3, 3), batch=(2, 2)),
    agree=by_key({"share of the lowest in training": SHARE, "share of the highest in training": SHARE}),
    count=2,
    hints=(
        "In which mode is something dropped, and which numbers may be: inputs, hidden ones or scores?",
        "With a rate of 0.25, how many of 100 numbers are dropped, and what are the others divided by?",
    ),
)
def dropout(impl, case):
    """Over many copies of two examples, the lowest and highest logits of each are right, training or not.

    With three hidden units there are eight ways to drop them, and all occur. In training, the lowest and the highest
    logits come as often as the drop rate says: in that share of the copies.
    """
    model = filled_model(impl, case)
    copies = np.repeat(case["x"], COPIES, axis=0)
    modes = {"training": {"training": True}, "inference": {"training": False}, "no flag": {}}
    seen = {mode: extremes(model(copies, **flag)) for mode, flag in modes.items()}
    again, once_more = (np.array(model(copies, training=True)) for _ in range(2))
    shares = {
        f"share of the {end} in training": share(again, values) for end, values in extremes(again).items()
    }
    return {**seen, "two calls in training differ": bool((again != once_more).any()), **shares}


def extremes(logits):
    """The lowest and the highest logits of each example, over its copies."""
    by_example = np.reshape(logits, (-1, COPIES, np.shape(logits)[-1]))
    return {"lowest": by_example.min(axis=1), "highest": by_example.max(axis=1)}


def share(logits, values):
    """In which share of an example's copies the logits have given values."""
    by_example = np.reshape(logits, (-1, COPIES, np.shape(logits)[-1]))
    return np.isclose(by_example, values[:, None], rtol=0, atol=1e-3).mean(axis=1)


@probe(
    points=0.75,
    cases=classifiers(st.sampled_from([0.0, 0.5])),
    count=2,
    hints=(
        "Count by hand for your sizes: two dense layers, gamma and beta, moving mean and variance.",
        "Where are the layers made, and does the model keep them?",
    ),
)
def size(impl, case):
    """How many numbers the model holds after its first call, and after later ones."""
    model = impl.RegularizedClassifier(case["n_hidden"], case["n_classes"], case["drop_rate"])
    model(case["x"])
    first = census(model)
    model(case["x2"], training=True)
    return {"after the first call": first, "after the second call": census(model)}
