"""Observing target networks: the outputs of a copy, and every weight of both networks after an update."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import quarters
from keras_kata import probe

FORMS = ("one layer", "three layers", "two branches")


def network(form, d, frozen=()):
    """A small network on d features, with two outputs; the layers named in `frozen` are frozen."""
    inputs = keras.Input((d,))
    if form == "one layer":
        layers = [keras.layers.Dense(2, name="output")]
    else:
        layers = [
            keras.layers.Dense(3, "tanh", name="hidden"),
            keras.layers.BatchNormalization(name="normalisation"),
            keras.layers.Dense(2, name="output"),
        ]
    if form == "two branches":
        hidden = layers[1](layers[0](inputs))
        baseline = keras.layers.Dense(1, name="baseline")(hidden)
        model = keras.Model(inputs, layers[2](hidden) + baseline)
    else:
        model = keras.Sequential([inputs, *layers])
    for name in frozen:
        model.get_layer(name).trainable = False
    return model


def named_weights(model):
    """Pairs of a weight's name and the weight, of a model from `network`."""
    return [
        (f"{layer.name} {weight.name}", weight)
        for name in ("hidden", "normalisation", "baseline", "output")
        for layer in model.layers
        if layer.name == name
        for weight in layer.weights
    ]


def fill(model, salt):
    """Give every weight, frozen or not, values that follow from the salt; a variance is positive."""
    for number, (name, weight) in enumerate(named_weights(model)):
        quarters_of = np.random.default_rng([salt, number]).integers(-7, 8, weight.shape)
        values = np.abs(quarters_of) + 1 if name.endswith("variance") else quarters_of
        weight.assign(values / 4)


def values_of(model):
    """Every weight of a model from `network`, under its name, as copies."""
    return {name: np.array(weight) for name, weight in named_weights(model)}


@st.composite
def settings_and_inputs(draw):
    """A form of network, and some inputs for it."""
    d = draw(st.integers(1, 3))
    return {
        "form": draw(st.sampled_from(FORMS)),
        "frozen": draw(st.sampled_from([[], ["output"]])),
        "salt": draw(st.integers(0, 99)),
        "x": draw(quarters((draw(st.integers(1, 3)), d))),
    }


def settings(form, salt, x, frozen=()):
    """A case as `settings_and_inputs` draws it."""
    return {"form": form, "frozen": list(frozen), "salt": salt, "x": np.array(x, "float32")}


@probe(
    points=0.75,
    cases=settings_and_inputs(),
    examples=[
        settings("three layers", 1, [[1, -0.5], [0.25, 2]]),
        settings("two branches", 2, [[1, 0.5, -1]], ["output"]),
    ],
    count=2,
    hints=(
        "What makes up a model besides its layers and their settings?",
        "Change a weight of the one model and look at the other. Then compare the outputs of a fresh copy "
        "with those of the original, also where the model has a batch normalisation layer.",
    ),
)
def copy(impl, case):
    """The outputs of the online network and of its copy, before and after all weights of the online network
    get other values (which follow from `salt`); of a second copy, made then, and of the first one after all; and
    how many weights of the online network can be trained."""
    online = network(case["form"], case["x"].shape[1], case["frozen"])
    fill(online, case["salt"])
    target = impl.make_target(online)
    seen = {"online": np.array(online(case["x"])), "copy": np.array(target(case["x"]))}
    fill(online, case["salt"] + 100)
    seen |= {"online changed": np.array(online(case["x"])), "copy after that": np.array(target(case["x"]))}
    second = impl.make_target(online)
    return {
        **seen,
        "second copy": np.array(second(case["x"])),
        "first copy after all": np.array(target(case["x"])),
        "trainable weights of the online network": len(online.trainable_weights),
    }


def two_networks(case):
    """An online and a target network of one form, with different values."""
    online = network(case["form"], case["d"], case["frozen"])
    target = network(case["form"], case["d"], case["frozen in the target"])
    fill(online, case["salt"])
    fill(target, case["salt"] + 200)
    return online, target


@st.composite
def updates(draw):
    """A form of network, and what is frozen in each of the two."""
    form = draw(st.sampled_from(FORMS))
    parts = st.sampled_from([[], ["output"]] if form == "one layer" else [[], ["hidden", "normalisation"]])
    return {
        "form": form,
        "d": draw(st.integers(1, 2)),
        "frozen": draw(parts),
        "frozen in the target": draw(parts),
        "salt": draw(st.integers(0, 99)),
    }


def update(form, salt, d=2, frozen=(), frozen_in_target=()):
    """A case as `updates` draws it."""
    return {
        "form": form,
        "d": d,
        "frozen": list(frozen),
        "frozen in the target": list(frozen_in_target),
        "salt": salt,
    }


def weights_after_two(case, step):
    """Every weight after `step(online, target)`, and after another one with other values to take over."""
    online, target = two_networks(case)
    step(online, target)
    first = {"target": values_of(target), "online": values_of(online)}
    fill(online, case["salt"] + 100)
    step(online, target)
    return {"first": first, "second": {"target": values_of(target), "online": values_of(online)}}


@probe(
    points=0.75,
    cases=updates(),
    examples=[
        update("three layers", 1, frozen=["output"]),
        update("two branches", 2, d=1, frozen_in_target=["hidden", "normalisation", "baseline", "output"]),
    ],
    count=2,
    hints=(
        "Which of the two networks gives, and which one takes?",
        "Count what the model lists in `weights` for a batch normalisation layer, and how many of them move.",
    ),
)
def weights_after_hard_updates(impl, case):
    """Every weight of both networks after a hard update, and after a second one; in between, the online
    network gets other values (which follow from `salt`)."""
    return weights_after_two(case, impl.hard_update)


@probe(
    points=1,
    cases=st.builds(
        lambda case, *taus: {**case, "taus": list(taus)},
        updates(),
        st.sampled_from([0.25, 0.125, 0.75]),
        st.sampled_from([0.25, 0.125, 0.75, 0.0, 1.0]),
    ),
    examples=[
        {**update("three layers", 1), "taus": [0.25, 0.75]},
        {
            **update(
                "two branches", 2, d=1, frozen_in_target=["hidden", "normalisation", "baseline", "output"]
            ),
            "taus": [0.125, 1.0],
        },
        {**update("one layer", 3, frozen=["output"]), "taus": [0.75, 0.0]},
    ],
    count=2,
    hints=(
        "Usually tau is as small as 0.01. How far should the target move then?",
        "Take one weight with the numbers of the example in the instructions, and follow it through.",
    ),
)
def weights_after_soft_updates(impl, case):
    """Every weight of both networks after a soft update with the first tau, and after another one with the
    second tau; in between, the online network gets other values (which follow from `salt`)."""
    taus = iter(case["taus"])
    return weights_after_two(case, lambda online, target: impl.soft_update(online, target, next(taus)))


@probe(
    points=0.5,
    cases=st.fixed_dictionaries({"n_steps": st.integers(0, 12), "period": st.integers(1, 6)}),
    examples=[
        {"n_steps": 9, "period": 4},
        {"n_steps": 8, "period": 4},
        {"n_steps": 3, "period": 4},
        {"n_steps": 4, "period": 4},
        {"n_steps": 5, "period": 1},
        {"n_steps": 1, "period": 1},
        {"n_steps": 0, "period": 2},
    ],
    count=20,
    hints=(
        "How many steps have been made when the first update is due?",
        "Write down the numbers of all steps, from the first to the last, and mark those that are multiples.",
    ),
)
def steps_with_an_update(impl, case):
    """The steps after which a hard update is due."""
    return impl.sync_steps(case["n_steps"], case["period"])
