"""Observing an encoder, a model that applies one encoder to two inputs, and the loss that trains it."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise, quarters
from graders.support.networks import census, fill_by_size
from keras_kata import probe

STEP = 0.25  # of gradient descent: one that makes the weights clearly different


@st.composite
def pairs(draw):
    """The sizes of an encoder, the salt of its weights, and a batch of pairs."""
    n_inputs, hidden, dim = draw(st.sampled_from([(2, 5, 3), (3, 4, 2), (4, 3, 2), (1, 6, 4), (3, 5, 1)]))
    a, b = draw(noise((2, draw(st.integers(2, 4)), n_inputs)))
    return {
        "n_inputs": n_inputs,
        "hidden": hidden,
        "dim": dim,
        "salt": draw(st.integers(0, 99)),
        "a": a,
        "b": b,
    }


def some_encoder(case):
    """An encoder for the siamese model, not made as the exercise's own: its weights depend on the salt only."""
    dense = keras.layers.Dense
    inputs = keras.Input((case["n_inputs"],))
    hidden = keras.layers.Dropout(0.5)(dense(case["hidden"], "tanh")(inputs))
    encoder = keras.Model(inputs, dense(case["dim"])(hidden))
    fill_by_size(encoder, case["salt"], scale=1.0)
    return encoder


def siamese(impl, case):
    """The siamese model and its encoder. Should it have weights of its own, they are those of the encoder."""
    encoder = some_encoder(case)
    model = impl.build_siamese(encoder, case["n_inputs"])
    model([case["a"], case["b"]])  # a model may list its weights only after the first call
    fill_by_size(model, case["salt"], scale=1.0)
    return model, encoder


@probe(
    points=0.75,
    cases=pairs(),
    count=2,
    hints=("Which of the encoder's two layers has an activation, and what would it do to the other one?",),
)
def encodings(impl, case):
    """With given weights, the encoder gives the right codes; and it holds the right number of weights."""
    encoder = impl.build_encoder(case["n_inputs"], case["hidden"], case["dim"])
    encoder(case["a"])
    fill_by_size(encoder, case["salt"], scale=1.0)
    codes = {
        "codes of a": encoder(case["a"]),
        "code of one input": encoder(case["b"][:1]),
        "codes of a, in training": encoder(case["a"], training=True),
    }
    return {**codes, **census(encoder)}


@probe(
    points=1.5,
    cases=pairs(),
    count=2,
    hints=(
        "How many encoders does your model hold, and how often is each one called?",
        "Take the codes [1, 5] and [4, 1]: what is squared, what is added up, and what comes last?",
        "How far from itself is an input, in your model? What is the root of the bound under the root?",
    ),
)
def distances(impl, case):
    """The model gives the distances of pairs, also with a and b swapped or equal; it holds one encoder."""
    model, encoder = siamese(impl, case)
    a, b = case["a"], case["b"]
    seen = {
        "a to b": model([a, b]),
        "b to a": model([b, a]),
        "a to a": model([a, a]),
        "one pair": model([a[:1], b[:1]]),
    }
    return {**seen, "encoder holds": census(encoder), "model holds": census(model)}


@probe(
    points=0.75,
    cases=pairs(),
    count=2,
    hints=(
        "How steep is the root at 0? And what is infinity times 0?",
        "What goes into the root should never be 0; to mend what comes out of it is too late.",
    ),
)
def gradient_at_equality(impl, case):
    """The gradient of the summed distances on the encoder's weights, for equal inputs, and equal ones among others.

    The first is given as its largest absolute value, and the second in full, with the distances.
    """
    model, encoder = siamese(impl, case)
    weights = encoder.weights
    a, mixed = case["a"], np.concatenate([case["a"][:1], case["b"][1:]])
    return {
        "all pairs equal, largest": max(np.abs(g).max() for g in gradients(model, weights, a, a)),
        "first pair equal": gradients(model, weights, a, mixed),
        "distances, first pair equal": model([a, mixed]),
    }


def gradients(model, weights, a, b):
    """The gradients of the sum of the distances on each of the weights, 0 where one has no part in them."""
    variables = [weight.value for weight in weights]
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model([a, b]))
    found = tape.gradient(total, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [np.array(gradient) for gradient in found]


@probe(
    points=0.75,
    cases=pairs(),
    count=2,
    hints=(
        "Which weights does `model.trainable_weights` list, and are they those of the encoder that was handed in?",
        "Call the very encoder that you are given on both inputs, where Keras can see it.",
    ),
)
def shared_after_update(impl, case):
    """A step of gradient descent on the model's weights changes the encoder that was handed in, for both inputs."""
    model, encoder = siamese(impl, case)
    a, b = case["a"], case["b"]
    weights = model.trainable_variables
    for weight, gradient in zip(weights, gradients(model, weights, a, b), strict=True):
        weight.assign_sub(STEP * gradient)
    return {"codes of a": encoder(a), "codes of b": encoder(b), "a to b": model([a, b])}


@st.composite
def labelled_distances(draw):
    """Labels and distances of pairs, on both sides of the margin."""
    n = draw(st.integers(1, 5))
    return {
        "same": np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), "float32"),
        "distance": draw(quarters((n,), 0, 4)),
        "margin": draw(st.sampled_from([0.5, 1.0, 1.5, 2.5])),
    }


def labelled(same, distance, margin):
    """A hand-picked case."""
    return {"same": np.array(same, "float32"), "distance": np.array(distance, "float32"), "margin": margin}


@probe(
    points=1.25,
    cases=labelled_distances(),
    examples=[
        labelled([1, 0, 0, 0, 1], [3, 0.5, 5, 0, 0.25], 1.5),
        labelled([0], [3], 1.0),
        labelled([0, 0, 0], [0, 1.25, 2.5], 2.5),
        labelled([1, 1], [0, 1.75], 1.0),
        labelled([1], [0.5], 2.0),
    ],
    count=20,
    hints=(
        "Work out three pairs by hand: a same one, a different one nearer than the margin, one further away.",
        "For which pairs should the loss be exactly 0? And how do the losses of the pairs become one number?",
    ),
)
def loss(impl, case):
    """The contrastive loss of a batch of pairs."""
    return impl.contrastive_loss(case["same"], case["distance"], case["margin"])
