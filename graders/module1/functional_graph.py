"""Observing two perceptrons, without and with skip connections: what they compute, what they hold."""

import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import noise
from graders.support.networks import census, fill_by_size
from keras_kata import probe


@st.composite
def perceptrons(draw):
    """The sizes of a perceptron, and batches for it."""
    n_inputs = draw(st.integers(1, 4))
    hidden = draw(st.lists(st.integers(2, 6), max_size=3))
    sizes = {"n_inputs": n_inputs, "hidden": hidden, "n_outputs": draw(st.integers(1, 3))}
    return {**sizes, **draw(filling(n_inputs))}


@st.composite
def residual_perceptrons(draw):
    """The sizes of a perceptron with skip connections, and batches for it; input and output differ from h."""
    n_inputs, width, n_outputs = draw(st.permutations(range(1, 6)))[:3]
    blocks = draw(st.integers(0, 3))
    sizes = {"n_inputs": n_inputs, "width": width, "n_blocks": blocks, "n_outputs": n_outputs}
    return {**sizes, **draw(filling(n_inputs))}


@st.composite
def filling(draw, n_inputs):
    """The salt of a model's weights, and two batches of unlike size."""
    return {
        "salt": draw(st.integers(0, 99)),
        "x": draw(noise((draw(st.integers(2, 4)), n_inputs))),
        "one_example": draw(noise((1, n_inputs))),
    }


def filled(salt, n_inputs, scale=1):
    """A hand-picked filling: five examples that differ in every feature."""
    values = (np.arange(6 * n_inputs) * 7 % 17 - 8) / 4 * scale
    x = values.reshape(6, n_inputs).astype("float32")
    return {"salt": salt, "x": x[:5], "one_example": x[5:]}


def fill(model, case, salt):
    """Give the model weights that depend on the salt only; one call first, for it may have none yet."""
    model(case["one_example"])
    fill_by_size(model, salt, scale=1.0)


def observe(model, case):
    """What the model gives for both batches, in both modes, and how many numbers it holds."""
    fill(model, case, case["salt"])
    outputs = {
        "output": model(case["x"]),
        "output for one example": model(case["one_example"]),
        "output in training": model(case["x"], training=True),
    }
    return {**outputs, **census(model)}


@probe(
    points=0.75,
    cases=perceptrons(),
    examples=[
        {"n_inputs": 2, "hidden": [], "n_outputs": 3, **filled(1, 2)},
        {"n_inputs": 2, "hidden": [6, 3, 5], "n_outputs": 2, **filled(3, 2)},
        {"n_inputs": 3, "hidden": [3, 3, 3], "n_outputs": 3, **filled(4, 3, scale=16)},
    ],
    count=2,
    hints=(
        "Draw the graph for hidden = [3, 2]: what goes into each layer, and which layers have an activation?",
        "In your loop, what is the layer called on, and where does its output go?",
    ),
)
def mlp_forward(impl, case):
    """With given weights, the perceptron gives the right output; and it holds the right number of weights."""
    return observe(impl.build_mlp(case["n_inputs"], case["hidden"], case["n_outputs"]), case)


@probe(
    points=0.75,
    cases=residual_perceptrons(),
    examples=[
        {"n_inputs": 3, "width": 2, "n_blocks": 0, "n_outputs": 1, **filled(1, 3)},
        {"n_inputs": 4, "width": 3, "n_blocks": 3, "n_outputs": 2, **filled(3, 4, scale=16)},
        {"n_inputs": 2, "width": 2, "n_blocks": 1, "n_outputs": 2, **filled(4, 2)},
    ],
    count=2,
    hints=(
        "Take two blocks. Which h goes into the second one, and which h is its change added to?",
        "A layer that is called twice has one set of weights. Where in your code are the layers made?",
    ),
)
def residual_forward(impl, case):
    """With given weights, the model with skip connections gives the right output, and holds as many weights."""
    sizes = (case["n_inputs"], case["width"], case["n_blocks"], case["n_outputs"])
    return observe(impl.build_residual_mlp(*sizes), case)


@probe(
    points=0.5,
    examples=[
        {"n_inputs": 2, "hidden": [3, 4], "n_outputs": 1, **filled(5, 2)},
        {"n_inputs": 2, "width": 3, "n_blocks": 2, "n_outputs": 1, **filled(6, 2)},
    ],
    hints=(
        "Is anything of a model made outside of the function that builds it, or kept for the next call?",
        "Every call of the function should make all of its layers anew, and connect them to an input of its own.",
    ),
)
def two_independent_models(impl, case):
    """The output of a model is right, and stays as it is when a second model gets other weights."""
    if "hidden" in case:
        build, sizes = impl.build_mlp, (case["n_inputs"], case["hidden"], case["n_outputs"])
    else:
        sizes = (case["n_inputs"], case["width"], case["n_blocks"], case["n_outputs"])
        build = impl.build_residual_mlp
    first, second = build(*sizes), build(*sizes)
    fill(first, case, case["salt"])
    before = np.array(first(case["x"]))
    fill(second, case, case["salt"] + 1)
    return {"before": before, "after": first(case["x"]), "output of the second": second(case["x"])}
