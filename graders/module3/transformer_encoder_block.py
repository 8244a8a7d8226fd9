"""Probes of module3/transformer_encoder_block."""

import numpy as np
import tensorflow as tf
from hypothesis import strategies as st

from graders.support.arrays import flags, noise
from graders.support.networks import census, fill_by_size, influence
from keras_kata import probe

# (number of heads, width of a head). With fewer than four features a normalised vector says little; and with
# heads of width 1, Keras's own attention adds its biases along the wrong axis where time equals num_heads.
HEADS = [(2, 2), (1, 4), (3, 2), (2, 3), (1, 5)]
RATE = 5.0  # of the step of gradient descent: one that makes the weights clearly different
COPIES = (1024, 8)


@st.composite
def blocks(draw):
    """The sizes of a block, and the salt of its weights."""
    num_heads, width = draw(st.sampled_from(HEADS))
    sizes = {"d_model": num_heads * width, "num_heads": num_heads, "d_ff": draw(st.integers(3, 7))}
    return {**sizes, "salt": draw(st.integers(0, 99))}


@st.composite
def masks(draw, batch, time):
    """A padding mask with at least one real position in each example; it shrinks towards all real."""
    first = draw(st.lists(st.integers(0, time - 1), min_size=batch, max_size=batch))
    return ~draw(flags((batch, time))) | (np.arange(time) == np.array(first)[:, None])


@st.composite
def batches(draw, shape, d_model):
    """Sequences of one length with their mask, or without one."""
    return {"x": draw(noise((*shape, d_model))), "padding_mask": draw(st.none() | masks(*shape))}


@st.composite
def rounds(draw):
    """A block, and batches for it: two of one size, and one of another."""
    block = draw(blocks())
    shapes = st.tuples(st.integers(1, 3), st.integers(1, 5))
    first, other = draw(shapes), draw(shapes)
    return {**block, "batches": [draw(batches(shape, block["d_model"])) for shape in (first, first, other)]}


@st.composite
def sequences(draw):
    """A block, and one sequence of small numbers with its mask."""
    block = draw(blocks())
    time = draw(st.integers(2, 4))
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
    shape = draw(st.tuples(st.integers(1, 3), st.integers(2, 4)))
    target = draw(noise((*shape, block["d_model"])))
    return {**block, **draw(batches(shape, block["d_model"])), "target": target}


@st.composite
def droppings(draw):
    """A block of three features with its rate of dropout, and a vector."""
    sizes = {"d_model": 3, "num_heads": 1, "d_ff": draw(st.integers(3, 5)), "salt": draw(st.integers(0, 99))}
    options = {"drop_rate": draw(st.sampled_from([0.4, 0.5, 0.6]))}
    return {**sizes, "options": options, "vector": draw(noise((3,)))}


def filled_block(impl, case, **options):
    """The block of the case, with weights that depend on its salt only."""
    block = impl.EncoderBlock(case["d_model"], case["num_heads"], case["d_ff"], **options)
    block(np.zeros((1, 2, case["d_model"]), "float32"))  # a layer may make its weights at the first call
    fill_by_size(block, case["salt"])
    return block


def run(block, x, padding_mask):
    """The block's output for a batch, with its mask if there is one."""
    return block(x) if padding_mask is None else block(x, padding_mask=padding_mask)


def run_real(block, x, padding_mask):
    """The block's output, with 0 at the padded positions."""
    output = np.asarray(run(block, x, padding_mask))
    if padding_mask is None or output.shape != x.shape:
        return output
    return np.where(padding_mask[..., None], output, 0)


def sized(d_model, num_heads, d_ff, **rest):
    """A case written by hand."""
    return {"d_model": d_model, "num_heads": num_heads, "d_ff": d_ff, "salt": 1, **rest}


def numbers(*shape):
    """Multiples of 1/64 in [-2, 2], others for each shape."""
    return np.random.default_rng(shape).integers(-128, 128, shape, endpoint=True).astype("float32") / 64


HOLES = np.array([[True, False, True, True], [False, False, True, False]])


@probe(
    points=2.5,
    cases=rounds(),
    count=2,
    examples=[
        sized(
            6,
            3,
            4,
            batches=[
                {"x": numbers(2, 4, 6), "padding_mask": None},
                {"x": numbers(2, 4, 6)[::-1].copy(), "padding_mask": HOLES},
                {"x": numbers(2, 4, 6)[:, ::-1].copy(), "padding_mask": ~HOLES},
                {"x": numbers(3, 1, 6) / 16, "padding_mask": None},
            ],
        ),
    ],
    hints=(
        "Work through the two formulas for one position: what is added to what, and what is normalised?",
        "Over which axis is the mean taken that layer normalisation subtracts, and what is its epsilon?",
        "Which of the two dense layers has an activation?",
    ),
)
def forward(impl, case):
    """The block gives the output of the two formulas at the real positions, batch after batch."""
    block = filled_block(impl, case)
    return [run_real(block, **batch) for batch in case["batches"]]


@probe(
    points=1.5,
    cases=sequences(),
    count=2,
    examples=[sized(4, 2, 5, x=numbers(1, 4, 4) / 2, padding_mask=HOLES[:1])],
    hints=(
        "Row by row: which outputs should change when the input at this position changes?",
        "The mask hides positions that are looked at, not positions that look. Along which axis are these?",
    ),
)
def influences(impl, case):
    """Each real position moves the outputs at all real positions, on both sides; a padded one moves none."""
    block = filled_block(impl, case)
    mask = case["padding_mask"]
    moves = influence(lambda x: run(block, x, np.repeat(mask, len(x), axis=0)), case["x"][0])
    return {f"position {i} moves the real positions": moves[i, mask[0]] for i in range(len(moves))}


@probe(
    points=1,
    cases=shuffles(),
    count=2,
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
    count=2,
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
        error = tf.square(run(block, x, mask) - case["target"])
        loss = tf.reduce_mean(error if mask is None else tf.where(mask[..., None], error, 0.0))
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
    count=2,
    examples=[sized(3, 1, 4, options={}, vector=numbers(3))],
    hints=(
        "In which mode is something dropped, and from which of the numbers in the formulas?",
        "How often does dropout occur in the formulas, and is there one in your block that they lack?",
    ),
)
def dropout(impl, case):
    """Over thousands of copies of a vector, the lowest and highest outputs are right, training or not.

    With three features each sub-layer has eight ways to be dropped, so that all of them occur.
    """
    block = filled_block(impl, case, **case["options"])
    copies = np.tile(case["vector"], (*COPIES, 1))  # (1024, 8, 3)
    modes = {"training": {"training": True}, "inference": {"training": False}, "training not given": {}}
    outputs = {mode: np.asarray(block(copies, **arguments)) for mode, arguments in modes.items()}
    return {
        mode: {"lowest": output.min(axis=(0, 1)), "highest": output.max(axis=(0, 1))}
        for mode, output in outputs.items()
    }


@probe(
    points=0.5,
    examples=[sized(6, 3, 4)],
    hints=("Count by hand: four projections, two dense layers, two normalisations. Which of them differs?",),
)
def size(impl, case):
    """The block has as many trainable numbers as its parts have together, and no others."""
    return census(filled_block(impl, case))
