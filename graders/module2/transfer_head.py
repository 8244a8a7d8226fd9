"""Observing a backbone that was loaded, and what a head on it gives, learns and leaves alone."""

import inspect
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import noise
from graders.support.networks import census, fill_by_size, moved
from keras_kata import probe

COPIES = 400


def backbone(case):
    """A small network with random weights: a convolution, batch normalisation, and for rows a pooling or more."""
    layers, filters = keras.layers, case["filters"]
    inputs = keras.Input((*case["size"], case["channels"]))
    x = layers.BatchNormalization(momentum=0.5)(layers.Conv2D(filters, 2, activation="tanh")(inputs))
    if case["output"] == "pooled":
        x = layers.GlobalAveragePooling2D()(x)
    elif case["output"] == "old classes":
        x = layers.Dense(filters, "softmax")(layers.Flatten()(x))
    return keras.Model(inputs, x)


def salted(model, salt):
    """The model with weights that are the same every time; moving statistics are far from their start."""
    rng = np.random.default_rng(salt)
    model.set_weights([rng.uniform(0.25, 1, np.shape(weight)) for weight in model.get_weights()])
    return model


@st.composite
def backbones(draw):
    """The sizes of a backbone, what it gives, and the salt of its weights."""
    return {
        "size": [draw(st.integers(2, 4)), draw(st.integers(2, 4))],
        "channels": draw(st.integers(1, 2)),
        "filters": draw(st.sampled_from([4, 5])),
        "output": draw(st.sampled_from(["maps", "pooled", "old classes"])),
        "salt": draw(st.integers(0, 99)),
    }


@st.composite
def heads(draw):
    """A backbone, the sizes of a head, and images; no two of the widths are equal."""
    case = draw(backbones())
    batch = draw(st.integers(1, 3))
    return {
        **case,
        "n_classes": draw(st.sampled_from([2, 6])),
        "hidden": 3,
        "drop_rate": draw(st.sampled_from([0.25, 0.5])),
        "images": draw(noise((batch, *case["size"], case["channels"]))),
    }


def example(output, salt, batch=2, n_classes=2, drop_rate=0.5):
    """A hand-picked case; maps are 3 x 2, which pooling by 2 does not bring down to one position."""
    case = {"size": [4, 3], "channels": 1, "filters": 4, "output": output, "salt": salt}
    images = ((np.arange(batch * 12) * 5 % 13 - 6) / 4).reshape(batch, 4, 3, 1).astype("float32")
    return {**case, "n_classes": n_classes, "hidden": 3, "drop_rate": drop_rate, "images": images}


def transfer_model(impl, case, thawed=True, normalisation_thawed=True):
    """The transfer model of the case on a salted base, called once; its trainable weights depend on the salt."""
    base = salted(backbone(case), case["salt"])
    base.trainable = thawed
    base.layers[2].trainable = thawed and normalisation_thawed
    model = impl.build_transfer_model(base, case["n_classes"], case["hidden"], case["drop_rate"])
    model(case["images"], training=False)  # a model may make its weights at the first call
    return base, model


@probe(
    points=1.25,
    cases=backbones(),
    examples=[
        {"size": [3, 3], "channels": 1, "filters": 4, "output": "maps", "salt": 1},
        {"size": [2, 3], "channels": 2, "filters": 5, "output": "old classes", "salt": 2},
    ],
    count=1,
    hints=(
        "What weights does a newly built network have, and where are the trained ones?",
        "After freezing, how long should the list of trainable variables be?",
    ),
)
def loaded(impl, case):
    """The backbone's weights are the file's (largest difference), and training changes nothing of it.

    It is put into a larger model; the moving statistics, too, stay the same when that is called in training mode.
    """
    trained = salted(backbone(case), case["salt"])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "trained.weights.h5")
        trained.save_weights(path)
        built = []

        def build():
            built.append(backbone(case))
            return built[-1]

        model = impl.load_backbone(build, path)
    pairs = zip(model.get_weights(), trained.get_weights(), strict=True)
    shape = (*case["size"], case["channels"])
    # A layer that is thawed inside a frozen model trains as part of a larger one.
    larger = keras.Sequential([keras.Input(shape), model])
    changes = moved({"any": model.variables}, lambda: larger(np.ones((2, *shape), "float32"), training=True))
    return {
        "largest difference": max(float(np.abs(one - other).max()) for one, other in pairs),
        "trainable variables": len(larger.trainable_variables),
        "a call in training mode changes it": bool(changes["any"] > 0),
        **census(model),
        "output shape": list(model.output_shape[1:]),
        "it is what build() made": any(model is one for one in built),
    }


@probe(
    points=1,
    cases=heads(),
    examples=[example("maps", 1, batch=1), example("old classes", 2, n_classes=6)],
    count=1,
    hints=(
        "Count the numbers in the head by hand. Which of the two totals is different, and by how much?",
        "How many numbers should the model give for one image?",
    ),
)
def shape_and_census(impl, case):
    """One row per image that sums to 1; the head's numbers are trainable, all those of the base itself are not.

    The base comes with its batch normalisation frozen already.
    """
    base, model = transfer_model(impl, case, normalisation_thawed=False)
    probabilities = np.asarray(model(case["images"], training=False))
    own = {id(variable) for variable in model.weights}
    return {
        "variables of the base in it": sum(id(variable) in own for variable in base.weights),
        "shape": list(probabilities.shape),
        "sums": probabilities.sum(axis=-1),
        **census(model),
    }


@probe(
    points=1.25,
    cases=heads(),
    examples=[example("maps", 3), example("old classes", 7, n_classes=6)],
    count=1,
    hints=("Which variables does training change, and which of them belong to the base?",),
)
def one_step(impl, case):
    """One training step moves the head, and neither the weights nor the moving statistics of the base."""
    base, model = transfer_model(impl, case)
    fill_by_size(model, case["salt"])
    own = {id(variable) for variable in base.variables}
    images = np.repeat(case["images"], 8, axis=0)  # so many that dropout leaves some unit of the hidden layer

    def step():
        with tf.GradientTape() as tape:
            outputs = model(images, training=True)
            # A slope that no clipping and no softmax, along whatever axis, makes 0.
            slopes = np.linspace(0, 8, np.size(outputs), dtype="float32").reshape(outputs.shape)
            loss = tf.reduce_mean(outputs * slopes)
        weights = model.trainable_variables
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        for weight, gradient in zip(weights, gradients, strict=True):
            if gradient is not None:
                weight.assign_sub(0.5 * gradient)

    normalisation = base.layers[2].variables
    groups = {
        "base weights": [v for v in base.variables if not any(v is other for other in normalisation)],
        "base normalisation": [v for v in normalisation if "moving" not in v.name],
        "base statistics": [v for v in normalisation if "moving" in v.name],
        "head": [v for v in model.trainable_variables if id(v) not in own],
    }
    return {name: bool(change > 0) for name, change in moved(groups, step).items()}


def called(model, images):
    """What a model gives that is just called on images; its `call` may insist on being told that it is no training."""
    training = inspect.signature(model.call).parameters.get("training")
    if training is None or training.default is not inspect.Parameter.empty:
        return model(images)
    return model(images, training=False)


@probe(
    points=1.5,
    cases=heads(),
    examples=[example("maps", 4), example("pooled", 5, n_classes=6, drop_rate=0.25)],
    count=1,
    hints=(
        "Work through the layers of the head in order: what does each get from the one before?",
        "Where in the head, and in which mode, is something dropped?",
    ),
)
def forward(impl, case):
    """With given weights the head gives the right probabilities; in training, dropout spreads them rightly.

    Over hundreds of copies of an image, every way to drop hidden units occurs: lowest and highest are shown.
    """
    _, model = transfer_model(impl, case, thawed=False)
    fill_by_size(model, case["salt"], 1.0)
    spread = np.asarray(model(np.repeat(case["images"][:1], COPIES, axis=0), training=True))
    return {
        "inference": called(model, case["images"]),
        "training, lowest": spread.min(axis=0),
        "training, highest": spread.max(axis=0),
    }
