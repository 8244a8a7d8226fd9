"""Probes of module3/transformer_encoder_block."""

import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import flags, noise
from graders.support.networks import census, fill_by_size, influence
from keras_kata import by_key, close, probe

# (number of heads, width of a head): never the same number, so that an exchange shows, and at least four
# features together, or a normalised vector says little. With heads of width 1, Keras's own attention adds
# its biases along the wrong axis where time equals num_heads.
HEADS = [(3, 2), (2, 3), (1, 4), (2, 4)]
RATE = 5.0  # of the step of gradient descent: one that makes the weights clearly different
COPIES = (4096, 8)
FAINT = 1e-3  # makes variances as small as the epsilon of layer normalisation


@st.composite
def blocks(draw):
    """The sizes of a block, and the salt of its weights."""
    num_heads, width = draw(st.sampled_from(HEADS))
    sizes = {"d_model": num_heads * width, "num_heads": num_heads, "d_ff": draw(st.integers(3, 7))}
    return {**sizes, "salt": draw(st.integers(0, 99))}


@st.composite
def masks(draw, batch, time):
    """A padding mask with a real position in each example, a padded one in the first, and the second its opposite."""
    real = draw(st.lists(st.integers(0, time - 1), min_size=batch, max_size=batch))
    mask = ~draw(flags((batch, time)))
    mask[0, (real[0] + draw(st.integers(1, time - 1))) % time] = False
    mask[np.arange(batch), real] = True
    mask[1:2] = ~mask[:1]
    return mask


@st.composite
def rounds(draw):
    """A block, and batches for it: two with masks and one without of one size, and one of another size."""
    block = draw(blocks())
    shape = draw(st.tuples(st.integers(2, 3), st.integers(3, 5)))
    other = draw(st.tuples(st.integers(1, 3), st.integers(1, 2)))
    x, other_x = noise((*shape, block["d_model"])), noise((*other, block["d_model"]))
    mask = draw(masks(*shape))
    padded = [{"x": draw(x), "padding_mask": own} for own in (mask, np.roll(mask, 1, axis=1))]
    return {**block, "padded": padded, "unpadded": [draw(x), draw(other_x)]}


@st.composite
def sequences(draw):
    """A block, and one sequence of small numbers with its mask."""
    block = draw(blocks())
    time = draw(st.integers(3, 4))
    mask = draw(masks(1, time))
    return {**block, "x": draw(noise((1, time, block["d_model"]), -1, 1)), "padding_mask": mask}


@st.composite
def shuffles(draw):
    """A block, one sequence, and another order of its positions, at first the reverse."""
    case = draw(sequences())
    return {**case, "order": draw(st.permutations(range(case["x"].shape[1])))[::-1]}


@st.composite
def lessons(draw):
    """A block, a batch, and what the block should give for it."""
    block = draw(blocks())
    shape = draw(st.tuples(st.integers(1, 2), st.integers(3, 4)))
    x, target = draw(noise((*shape, block["d_model"]))), draw(noise((*shape, block["d_model"])))
    return {**block, "x": x, "padding_mask": draw(masks(*shape)), "target": target}


@st.composite
def droppings(draw):
    """A block of three features with its rate of dropout, and a vector."""
    sizes = {"d_model": 3, "num_heads": 1, "d_ff": draw(st.integers(3, 5)), "salt": draw(st.integers(0, 99))}
    rate = draw(st.sampled_from([0.4, 0.5, 0.6]))
    return {**sizes, "drop_rate": rate, "vector": draw(noise((3,)))}


def filled_block(impl, case, **options):
    """The block of the case, with weights that depend on its salt only."""
    block = impl.EncoderBlock(case["d_model"], case["num_heads"], case["d_ff"], **options)
    block(np.zeros((1, 2, case["d_model"]), "float32"))  # a layer may make its weights at the first call
    fill_by_size(block, case["salt"])
    return block


def run_real(block, x, padding_mask):
    """The block's output for a padded batch, with 0 at the padded positions."""
    output = np.asarray(block(x, padding_mask=padding_mask))
    return np.where(padding_mask[..., None], output, 0) if output.shape == x.shape else output


@probe(
    points=2.5,
    cases=rounds(),
    count=2,
    hints=(
        "Work through the two formulas for one position: what is added to what, and what is normalised?",
        "Over which axis is the mean taken that layer normalisation subtracts, and what is its epsilon?",
        "Which of the two dense layers has an activation?",
    ),
)
def forward(impl, case):
    """Without dropout the block gives the output of the two formulas, batch after batch, training or not.

    With a mask, only real positions are compared. The last entry is for tiny inputs and weights, where the
    epsilon of layer normalisation counts; it is divided by their size.
    """
    block = filled_block(impl, case)
    first, second = case["unpadded"]
    outputs = {
        "unpadded[0]": block(first),
        "padded": [run_real(block, **batch) for batch in case["padded"]],
        "unpadded[0], once more": block(first),
        "unpadded[1]": block(second),
        "unpadded[1], training": block(second, training=True),
    }
    fill_by_size(block, case["salt"], FAINT)
    return {**outputs, f"unpadded[0] * {FAINT}": block(first * np.float32(FAINT)) / FAINT}


@probe(
    points=1.5,
    cases=sequences(),
    count=1,
    hints=(
        "Row by row: which outputs should change when the input at this position changes?",
        "The mask hides positions that are looked at, not positions that look. Along which axis are these?",
    ),
)
def influences(impl, case):
    """Each real position moves the outputs at all real positions, on both sides; a padded one moves none."""
    block = filled_block(impl, case)
    mask = case["padding_mask"]
    moves = influence(lambda x: block(x, padding_mask=np.repeat(mask, len(x), axis=0)), case["x"][0])
    return {f"position {i} moves the real positions": moves[i, mask[0]] for i in range(len(moves))}


@probe(
    points=1,
    cases=shuffles(),
    count=1,
    hints=(
        "Does anything in your block treat an early position differently from a late one?",
        "Which axis holds the positions, and which the features that are normalised together?",
    ),
)
def shuffled_positions(impl, case):
    """Positions in another order give the same outputs (put back in the original order here)."""
    block = filled_block(impl, case)
    order = case["order"]
    return run_real(block, case["x"][:, order], case["padding_mask"][:, order])[:, np.argsort(order)]


@probe(
    points=1.5,
    cases=lessons(),
    count=1,
    hints=(
        "Does every weight of the block have a part in its output?",
        "Do the two normalisations, and the projections of query, key and value, have weights of their own?",
    ),
)
def after_one_step(impl, case):
    """The outputs after a step of gradient descent are right, so each part of the block learns by itself."""
    block = filled_block(impl, case)
    x, mask = case["x"], case["padding_mask"]
    with tf.GradientTape() as tape:
        error = tf.square(block(x, padding_mask=mask) - case["target"])
        loss = tf.reduce_mean(tf.where(mask[..., None], error, 0.0))
    weights = block.trainable_variables
    gradients = tape.gradient(
        loss, [weight.value for weight in weights], unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.assign_sub(RATE * gradient)
    return run_real(block, x, mask)


@probe(
    points=1,
    cases=droppings(),
    agree=by_key({"mean in training": close(atol=0.025), "neighbours dropped alike": close(atol=0.04)}),
    count=2,
    hints=(
        "In which mode is something dropped, and from which of the numbers in the formulas?",
        "How often does dropout occur in the formulas, and is there one in your block that they lack?",
    ),
)
def dropout(impl, case):
    """Over thousands of copies of a vector, the lowest and highest outputs are right, training or not.

    With three features each sub-layer has eight ways to be dropped, so that all of them occur. In training, the mean
    output is about right, too. So is the share of neighbouring positions, and of neighbouring sequences, that come
    out equal, as each number is dropped by itself.
    """
    block = filled_block(impl, case, drop_rate=case["drop_rate"])
    copies = np.tile(case["vector"], (*COPIES, 1))  # (1024, 8, 3)
    modes = {"training": {"training": True}, "inference": {"training": False}, "training not given": {}}
    outputs = {mode: np.asarray(block(copies, **arguments)) for mode, arguments in modes.items()}
    extremes = {
        mode: {"lowest": output.min(axis=(0, 1)), "highest": output.max(axis=(0, 1))}
        for mode, output in outputs.items()
    }
    dropped = outputs["training"]
    pairs = {"positions": np.diff(dropped, axis=1), "sequences": np.diff(dropped, axis=0)}
    return {
        **extremes,
        "mean in training": dropped.mean(axis=(0, 1)),
        "neighbours dropped alike": {
            of: float((np.abs(change) < 1e-4).all(axis=-1).mean()) for of, change in pairs.items()
        },
    }


@probe(
    points=0.5,
    cases=blocks(),
    count=1,
    hints=("Count by hand: four projections, two dense layers, two normalisations. Which of them differs?",),
)
def size(impl, case):
    """The block has as many trainable numbers as its parts have together."""
    return census(filled_block(impl, case))["trainable"]
