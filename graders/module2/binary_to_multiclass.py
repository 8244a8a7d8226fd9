"""Softmax, cross-entropy, output heads and what is decided from them."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters, whole
from graders.support.networks import fill_by_size
from keras_kata import close, probe

LOGITS = [
    [[2, 1, 0]],
    [[2, 1, 0], [0, -1.5, 3]],
    [[1000, 999, 0], [0, 0.5, -1]],
    [[-1000, -1001, -1000.5], [3, 1, 2]],
    [[1000, 0, -1000, 2], [2, 1000, 1000, -1000]],
    [[-1000, 1000], [0.25, 0], [-1, 2]],
]


@st.composite
def logits(draw):
    """(n, classes) logits, small ones, and sometimes rows that are far up or far down."""
    n = draw(st.integers(1, 4))
    values = draw(quarters((n, draw(st.integers(2, 5))), -4, 4))
    return values + draw(whole((n, 1), -1, 1)).astype("float32") * draw(st.sampled_from([0, 0, 2, 900]))


def one_hot(labels, n_classes):
    """The rows that stand for labels."""
    return np.eye(n_classes, dtype="float32")[labels]


@st.composite
def labelled_logits(draw):
    """Logits with the true classes."""
    values = draw(logits())
    labels = draw(whole((len(values),), 0, values.shape[1] - 1))
    form = draw(st.sampled_from(["integers", "one-hot"]))
    return {"labels": labels if form == "integers" else one_hot(labels, values.shape[1]), "logits": values}


def batch(n_classes, one_hot, labels):
    """A batch to train a head on."""
    x = (np.arange(len(labels) * 3) * 5 % 9).reshape(-1, 3).astype("float32") / 4 - 1
    return {"n_classes": n_classes, "one_hot": one_hot, "x": x, "labels": np.array(labels)}


@probe(
    points=1,
    cases=logits().map(lambda values: {"logits": values}),
    examples=[{"logits": np.array(rows, "float32")} for rows in LOGITS],
    count=40,
    agree=close(rtol=1e-3),
    hints=(
        "What should add up to 1: the numbers of one example, or those of one class?",
        "What is exp(1000)? Which number could you take from all logits of a row, so that none is too large?",
    ),
)
def softmax_values(impl, case):
    """Probabilities from small and from very large logits."""
    return impl.softmax(case["logits"])


@probe(
    points=1.25,
    cases=labelled_logits(),
    examples=[
        {"labels": np.array([1]), "logits": np.array(LOGITS[0], "float32")},
        {"labels": np.array([0, 2]), "logits": np.array(LOGITS[1], "float32")},
        {"labels": one_hot([2, 0], 3), "logits": np.array(LOGITS[1], "float32")},
        {"labels": one_hot([1, 1], 3), "logits": np.array(LOGITS[2], "float32")},
        {"labels": np.array([0, 1]), "logits": np.array(LOGITS[3], "float32")},
        {"labels": np.array([2, 3]), "logits": np.array(LOGITS[4], "float32")},
        {"labels": one_hot([0, 0, 1], 2), "logits": np.array(LOGITS[5], "float32")},
    ],
    count=40,
    agree=close(rtol=1e-3, atol=1e-4),
    hints=(
        "Which of an example's probabilities does its loss depend on? What is done with the n losses?",
        "Write log(p) as a formula in the logits. Is there a probability of 0 left in it?",
    ),
)
def cross_entropy_values(impl, case):
    """The mean loss of a batch, for integer and for one-hot labels."""
    return impl.cross_entropy(case["labels"], case["logits"])


@probe(
    points=1,
    cases=st.fixed_dictionaries({"n_classes": st.integers(2, 12), "one_hot": st.booleans()}),
    examples=[{"n_classes": n, "one_hot": flag} for n in (2, 3, 10) for flag in (False, True)],
    count=20,
    hints=(
        "How many probabilities does a network have to give, if there are two classes and they add up to 1?",
        "Which of the two losses for many classes can read a label that is a single number?",
    ),
)
def heads(impl, case):
    """Units, activation and loss of the last layer."""
    return impl.output_head(case["n_classes"], case["one_hot"])


@probe(
    points=0.75,
    cases=st.tuples(st.integers(1, 5), st.integers(1, 4))
    .flatmap(lambda shape: quarters(shape, 0, 1))
    .map(lambda scores: {"scores": scores}),
    examples=[
        {"scores": np.array(rows, "float32")}
        for rows in (
            [[0.25], [0.5], [0.75], [1], [0]],
            [[0.125, 0.5, 0.375], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]],
            [[0.25, 0.75], [0.75, 0.25], [0.5, 0.5]],
            [[0.75]],
            [[0.25, 0.375, 0.375]],
        )
    ],
    count=40,
    hints=(
        "What is the position of the largest number in a row that has one number only?",
        "Say which class 0.5 belongs to. And how many numbers should come out for n examples?",
    ),
)
def decisions(impl, case):
    """The class of each example, from one probability or from several."""
    return impl.decide(case["scores"])


@probe(
    points=1,
    examples=[
        batch(2, False, [0, 1, 1]),
        batch(3, False, [2, 0, 1]),
        batch(4, True, [3, 1, 0]),
    ],
    hints=(
        "Fit the head on a small batch yourself: does the loss change at all?",
        "Compare the shape of the labels with the shape of the output. Which loss is made for that pair?",
    ),
)
def head_trains(impl, case):
    """The loss of a network with the head on a batch, and its outputs after one step of training."""
    head = impl.output_head(case["n_classes"], case["one_hot"])
    labels = one_hot(case["labels"], case["n_classes"]) if case["one_hot"] else case["labels"]
    layer = keras.layers.Dense(int(head["units"]), head["activation"])
    model = keras.Sequential([keras.Input((3,)), layer])
    fill_by_size(model, salt=2)
    model.compile(keras.optimizers.SGD(0.5), head["loss"], run_eagerly=True)
    loss = model.train_on_batch(case["x"], labels)
    return {"loss": loss, "outputs": model(case["x"])}
