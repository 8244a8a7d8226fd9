"""Observing a recommender: what it computes, what depends on what, and the loss it is compiled for."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise, whole
from graders.support.networks import census, fill_by_size
from keras_kata import probe


@st.composite
def recommenders(draw):
    """The sizes of a recommender, its weights' salt, and a batch for it; the last user and item are in it."""
    n_users, n_items = draw(st.permutations(range(2, 7)))[:2]
    sizes = {"n_users": n_users, "n_items": n_items, "n_context": draw(st.integers(1, 3))}
    batch = draw(st.integers(2, 4))
    users, items = (draw(whole((batch, 1), 0, n - 1, "int32")) for n in (n_users, n_items))
    users[0], items[-1] = n_users - 1, n_items - 1
    return {
        **sizes,
        "dim": draw(st.integers(2, 3)),
        "hidden": draw(st.integers(4, 7)),
        "salt": draw(st.integers(0, 99)),
        "user": users,
        "item": items,
        "context": draw(noise((batch, sizes["n_context"]))),
    }


def recommender(n_users, n_items, n_context, dim, hidden, batch):
    """A hand-picked case; ids go through the tables from the last row down."""
    context = (np.arange(batch * n_context) * 7 % 17 - 8) / 4
    return {
        "n_users": n_users,
        "n_items": n_items,
        "n_context": n_context,
        "dim": dim,
        "hidden": hidden,
        "salt": 8,  # gives ratings of either sign
        "user": (n_users - 1 - np.arange(batch) % n_users).astype("int32")[:, None],
        "item": (n_items - 1 - np.arange(batch) * 2 % n_items).astype("int32")[:, None],
        "context": context.reshape(batch, n_context).astype("float32"),
    }


def filled_model(impl, case):
    """The model of the case, with weights that depend on its salt only."""
    sizes = [case[name] for name in ("n_users", "n_items", "n_context", "dim", "hidden")]
    model = impl.build_rating_model(*sizes)
    model(batch_of(case))  # a model may make its weights at the first call
    fill_by_size(model, case["salt"], scale=0.75)
    return model


def batch_of(case, rows=slice(None)):
    """The three inputs under their names."""
    return {name: case[name][rows] for name in ("user", "item", "context")}


@probe(
    points=2.25,
    cases=recommenders(),
    examples=[recommender(n_users=4, n_items=3, n_context=2, dim=3, hidden=6, batch=5)],
    count=2,
    hints=(
        "Follow the shapes of one example on paper: from an id to its vector, to the joined vector, to the outputs.",
        "Which shape does an embedding give for ids of the shape (B, 1)?",
        "Which of the two outputs has an activation, and what does each of them start from?",
    ),
)
def forward(impl, case):
    """With given weights, the model gives the right rating and click, for a batch and for one example."""
    model = filled_model(impl, case)
    return {
        "batch": model(batch_of(case)),
        "one example": model(batch_of(case, slice(1))),
        "batch, in training": model(batch_of(case), training=True),
    }


@probe(
    points=1,
    cases=recommenders(),
    examples=[recommender(n_users=3, n_items=3, n_context=1, dim=2, hidden=4, batch=3)],
    count=2,
    hints=(
        "Should the rating depend on the context? Should the click? Look for each input where it goes.",
        "Count by hand: two tables, the hidden layer, two outputs. Which of them does your model lack, or share?",
    ),
)
def wiring(impl, case):
    """Which inputs move which outputs when they change, and how many numbers the model holds."""
    model = filled_model(impl, case)
    before = as_arrays(model(batch_of(case)))
    changed = {
        "user": (case["user"] + 1) % case["n_users"],
        "item": (case["item"] + 1) % case["n_items"],
        "context": case["context"] + 1,
    }
    moves = {}
    for name, values in changed.items():
        after = as_arrays(model({**batch_of(case), name: values.astype(case[name].dtype)}))
        moves[f"{name} moves"] = {key: bool(np.abs(after[key] - before[key]).max() > 1e-5) for key in before}
    return {**moves, **census(model)}


def as_arrays(outputs):
    """The outputs under their names; of a model that gives a list, under their numbers."""
    named = outputs if isinstance(outputs, dict) else dict(enumerate(outputs))
    return {str(name): np.array(output) for name, output in named.items()}


@st.composite
def weighted_targets(draw):
    """A batch, its targets, and the weights of the two losses."""
    batch = draw(st.integers(1, 4))
    rating_weight, click_weight = draw(st.permutations([0.0, 0.25, 0.5, 1.0, 2.0, 3.0]))[:2]
    return {
        "x": draw(noise((batch, 2))),
        "rating": draw(noise((batch, 1))),
        "click": draw(whole((batch, 1), 0, 1)).astype("float32"),
        "rating_weight": rating_weight,
        "click_weight": click_weight,
    }


def weighted_target(rating_weight, click_weight, x=((1, -1), (0.5, 2), (-1.5, 0.25))):
    """A hand-picked case."""
    n = len(x)
    return {
        "x": np.array(x, "float32"),
        "rating": np.array([[2], [-1], [0.5]][:n], "float32"),
        "click": np.array([[1], [0], [0]][:n], "float32"),
        "rating_weight": rating_weight,
        "click_weight": click_weight,
    }


def probability(logit):
    """The sigmoid. From Keras's own, a loss would find its way back to the logit, whatever the loss was told."""
    return 1 / (1 + keras.ops.exp(-logit))


@probe(
    points=1.75,
    cases=weighted_targets(),
    examples=[weighted_target(0.5, 2.0), weighted_target(0.0, 3.0, [(1, 2)])],
    count=2,
    hints=(
        "What does `compile` take for a model whose outputs have names, and how does it know which loss is whose?",
        "Which loss fits a number, which a probability? And which weight belongs to which of the two?",
    ),
)
def total_loss(impl, case):
    """The loss that a compiled model reports for a batch. The model here is a small one with the two outputs."""
    x = keras.Input((2,))
    heads = {"rating": keras.layers.Dense(1), "click": keras.layers.Dense(1, activation=probability)}
    model = keras.Model(x, {name: head(x) for name, head in heads.items()})
    heads["rating"].set_weights([np.array([[0.5], [-1]]), np.array([0.25])])
    heads["click"].set_weights([np.array([[-0.5], [0.75]]), np.array([0.5])])
    impl.compile_rating_model(model, case["rating_weight"], case["click_weight"])
    model.run_eagerly = True
    targets = {name: case[name] for name in ("rating", "click")}
    return model.test_on_batch(case["x"], targets, return_dict=True)["loss"]
