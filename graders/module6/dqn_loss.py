"""Observing targets, errors and updates of deep Q-networks whose weights the probe has set."""

import keras
import numpy as np
from hypothesis import strategies as st

from graders.support.arrays import flags, quarters, whole
from keras_kata import probe


def network(case, salt):
    """A network with one output for each action; its weights follow from the salt."""
    n = case["batches"][0]["states"].shape[1]
    hidden = [keras.layers.Dense(case["hidden"], "tanh", name="hidden")] if case["hidden"] else []
    model = keras.Sequential([keras.Input((n,)), *hidden, keras.layers.Dense(case["actions"], name="output")])
    for number, variable in enumerate(model.trainable_variables):
        fourths = np.random.default_rng([salt, number]).integers(-6, 7, variable.shape)
        variable.assign(fourths / 4)
    return model


def online_and_target(case):
    """The online network, and the target network, which has other weights."""
    return network(case, case["salt"]), network(case, case["salt"] + 100)


@st.composite
def experience(draw, batches=1):
    """Batches of equal size for networks with so many inputs, actions and hidden units."""
    b, n, actions = draw(st.integers(1, 4)), draw(st.integers(1, 2)), draw(st.integers(1, 4))
    return {
        "batches": [
            {
                "states": draw(quarters((b, n), -1, 1)),
                "actions": draw(whole((b,), 0, actions - 1)),
                "rewards": draw(quarters((b,))),
                "next_states": draw(quarters((b, n), -1, 1)),
                "terminated": draw(flags((b,))).astype("float32"),
            }
            for _ in range(batches)
        ],
        "actions": actions,
        "hidden": draw(st.sampled_from([0, 3])),
        "gamma": draw(st.sampled_from([0.5, 0.75, 1.0, 0.0])),
        "salt": draw(st.integers(0, 99)),
    }


def some_experience(*batches, n=2, actions=3, hidden=0, gamma=0.5, salt=1):
    """A hand-picked case as `experience` draws it; each batch is given by its flags of termination."""
    made = []
    for number, terminated in enumerate(batches):
        b = len(terminated)
        values = np.arange(b * n) + 3 * number
        made.append(
            {
                "states": ((values * 5 % 9 - 4) / 4).reshape(b, n).astype("float32"),
                "actions": (np.arange(b) * 2 + 1 + number) % actions,
                "rewards": ((np.arange(b) * 3 % 7 - 1.5 + number) / 2).astype("float32"),
                "next_states": ((values * 4 % 7 - 3) / 4).reshape(b, n).astype("float32"),
                "terminated": np.array(terminated, "float32"),
            }
        )
    return {"batches": made, "actions": actions, "hidden": hidden, "gamma": gamma, "salt": salt}


EQUAL_ESTIMATES = some_experience([0, 1, 0], salt=49)
"""In the first next state, which is zero, the online network finds two actions equally good."""
EQUAL_ESTIMATES["batches"][0]["next_states"][0] = 0


@probe(
    points=2,
    cases=experience(batches=2),
    examples=[
        some_experience([0, 1, 0], [1, 0, 0], salt=1),
        some_experience([0, 0, 1, 0], n=1, hidden=3, gamma=0.75, salt=2),
        some_experience([0, 0], [1, 1], actions=1, salt=4),
    ],
    count=2,
    hints=(
        "How many numbers should come out for a batch of three transitions, and on which of the network's "
        "outputs may each of them depend?",
        "Work out one row of the network's outputs by hand, then ask what is left of it if the step was "
        "terminated.",
    ),
)
def targets(impl, case):
    """The targets of plain DQN, batch by batch; the target network's weights follow from `salt`."""
    _, target_net = online_and_target(case)
    return [
        impl.dqn_targets(
            target_net, batch["rewards"], batch["next_states"], batch["terminated"], case["gamma"]
        )
        for batch in case["batches"]
    ]


@probe(
    points=2,
    cases=experience(batches=2),
    examples=[
        some_experience([0, 1, 0], [1, 0, 0], salt=49),
        some_experience([0, 0, 1, 0, 0], n=1, actions=4, hidden=3, gamma=0.75, salt=47),
        some_experience([0], [1], actions=1, gamma=1.0, salt=4),
        EQUAL_ESTIMATES,
    ],
    count=2,
    hints=(
        "Two questions are asked about the next state. Which network answers which?",
        "What is handed from the one network to the other: a value, or the number of an action?",
    ),
)
def double_targets(impl, case):
    """The targets of double DQN, batch by batch; the weights of both networks follow from `salt`."""
    networks = online_and_target(case)
    return [
        impl.double_dqn_targets(
            *networks, batch["rewards"], batch["next_states"], batch["terminated"], case["gamma"]
        )
        for batch in case["batches"]
    ]


@probe(
    points=1.5,
    cases=experience(batches=2),
    examples=[
        some_experience([0, 1, 0], [1, 0, 0], hidden=3, salt=1),
        some_experience([0], [1], n=1, actions=2, gamma=1.0, salt=3),
    ],
    count=2,
    hints=(
        "The online network says something about each action. About which of them does the transition tell?",
        "If the estimate is lower than the target, which sign should the error have?",
    ),
)
def errors(impl, case):
    """The TD errors, batch by batch; the weights of both networks follow from `salt`."""
    networks = online_and_target(case)
    return [impl.td_errors(*networks, batch, case["gamma"]) for batch in case["batches"]]


@probe(
    points=2.5,
    cases=st.builds(
        lambda case, one: {**case, "one network": one}, experience(batches=2), st.sampled_from([False, True])
    ),
    examples=[
        {**some_experience([0, 1, 0], [1, 0, 0], salt=1), "one network": False},
        {**some_experience([0, 0, 1, 0], n=1, hidden=3, gamma=0.75, salt=2), "one network": True},
        {**some_experience([0], [0], actions=2, salt=3), "one network": False},
    ],
    count=1,
    hints=(
        "Whose weights should an update change, and by the gradient of which number?",
        "Over how many numbers is the mean taken? Print the shapes of everything that goes into the loss.",
        "What does the tape see of the way in which the targets were computed?",
    ),
)
def losses_and_weights(impl, case):
    """The losses of two updates in turn, with one batch each, and the weights of both networks after them. Where
    `one network` is True, the online network is handed in as the target network, too. The optimizer is SGD with
    learning rate 0.125 and momentum 0.5."""
    online, target = online_and_target(case)
    target = online if case["one network"] else target
    optimizer = keras.optimizers.SGD(0.125, momentum=0.5)
    losses = [
        impl.dqn_train_step(online, target, optimizer, batch, case["gamma"]) for batch in case["batches"]
    ]
    return {"losses": losses, "online": weights(online), "target": weights(target)}


def weights(model):
    """Every weight under its layer's and its own name."""
    return {
        f"{layer.name} {weight.name}": np.array(weight) for layer in model.layers for weight in layer.weights
    }
