"""Observing fine-tuning: what moves in which phase, where the weights end, and what is left behind."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.networks import moved
from keras_kata import probe

N = 40  # more than Keras's own batch size


def network(case):
    """A base of dense layers, normalisations and activations, and a model of it and a head of two layers.

    One activation has weights, and the alphabet does not have the names in the order of the layers.
    """
    layers = keras.layers
    inputs = keras.Input((3,))
    x = inputs
    for name, units in {"start": 4, "end": 3}.items():
        x = layers.Dense(units, name=name)(x)
        x = layers.BatchNormalization(momentum=0.5, name=f"normalisation_{name}")(x)
        label = f"activation_{name}"
        x = (layers.PReLU(name=label) if name == "start" else layers.Activation("tanh", name=label))(x)
    base = keras.Model(inputs, x)
    outer = keras.Input((3,))
    head = [layers.Dense(5, "tanh", name="head_a"), layers.Dense(case["n_classes"], "softmax", name="head_b")]
    model = keras.Model(outer, head[1](head[0](base(outer))))
    rng = np.random.default_rng(case["salt"])
    model.set_weights([rng.uniform(0.25, 1, np.shape(weight)) for weight in model.get_weights()])
    for one in base.layers:
        one.trainable = case["thawed_before"]
    return base, model, head


def training_data(case):
    """Examples and labels that depend on the salt."""
    rng = np.random.default_rng([case["salt"], 1])
    return rng.normal(size=(N, 3)).astype("float32"), rng.integers(0, case["n_classes"], N)


def run(impl, case, base, model):
    """Both phases of the case."""
    epochs, rates = (case["head_epochs"], case["tune_epochs"]), (case["head_rate"], case["tune_rate"])
    return impl.run_two_phases(base, model, training_data(case), *epochs, *rates, case["k"])


def settings(head_epochs, tune_epochs, k, **changes):
    """A hand-picked case."""
    case = {
        "n_classes": 3,
        "salt": 1,
        "thawed_before": True,
        "head_epochs": head_epochs,
        "tune_epochs": tune_epochs,
        "head_rate": 0.5,
        "tune_rate": 0.125,
        "k": k,
    }
    return {**case, **changes}


@st.composite
def trainings(draw):
    """A model, and how it is trained."""
    return settings(
        draw(st.integers(1, 2)),
        draw(st.integers(1, 2)),
        draw(st.integers(1, 3)),
        n_classes=draw(st.integers(2, 4)),
        salt=draw(st.integers(0, 99)),
        thawed_before=draw(st.booleans()),
        head_rate=draw(st.sampled_from([0.5, 1.0])),
        tune_rate=draw(st.sampled_from([0.125, 0.25])),
    )


@probe(
    points=4,
    examples=[settings(2, 0, 1), settings(1, 2, 2, thawed_before=False), settings(0, 1, 3)],
    hints=(
        "Print the names of `model.trainable_variables` at the beginning of each phase. Which should be there?",
        "When does Keras read the `trainable` flags that a training goes by?",
        "What does a batch normalisation layer do in training while it is frozen, and what while it is not?",
    ),
)
def movement(impl, case):
    """Phase 1 moves the head only; phase 2 moves the last k layers as well, and never a normalisation."""
    base, model, head = network(case)
    groups = {}
    for layer in [*base.layers, *head]:
        if isinstance(layer, keras.layers.BatchNormalization):
            groups[f"{layer.name}, weights"] = [layer.gamma, layer.beta]
            groups[f"{layer.name}, statistics"] = [layer.moving_mean, layer.moving_variance]
        elif layer.weights:
            groups[layer.name] = layer.weights
    changes = moved(groups, lambda: run(impl, case, base, model))
    return {name: bool(change > 1e-6) for name, change in changes.items()}


@probe(
    points=6,
    cases=trainings(),
    examples=[settings(2, 3, 1), settings(0, 2, 0, thawed_before=False)],
    count=1,
    hints=(
        "Which learning rate is used in which phase, and for how many steps?",
        "How many examples are in one step of your training?",
        "Is the loss of an epoch measured before or after its step?",
    ),
)
def trajectory(impl, case):
    """Both lists of losses are right, and all weights afterwards."""
    base, model, head = network(case)
    losses = run(impl, case, base, model)
    weights = {f"{layer.name} {w.name}": w for layer in [*base.layers, *head] for w in layer.weights}
    return {"losses": losses, **weights}


@probe(
    points=2,
    examples=[settings(0, 0, 1), settings(1, 0, 2, tune_rate=0.25, salt=2)],
    hints=("With which learning rate would training go on if somebody called `fit` afterwards?",),
)
def rate_left(impl, case):
    """Without an epoch of phase 2 the model is left with the learning rate for it; empty phases have no losses."""
    base, model, _ = network(case)
    losses = run(impl, case, base, model)
    return {
        "number of losses": {name: len(values) for name, values in losses.items()},
        "learning rate": float(model.optimizer.learning_rate),
    }
