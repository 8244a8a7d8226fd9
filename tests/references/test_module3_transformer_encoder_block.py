"""The reference block against float64 numpy loops over examples, heads and positions."""

import itertools

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

encoder = reference("module3/transformer_encoder_block")


def normalised(vector, gamma, beta):
    return (vector - vector.mean()) / np.sqrt(vector.var() + 1e-6) * gamma + beta


def attend(x, real, weights):
    """Self-attention for one example: x is (time, d), real is (time,) bool."""
    (wq, bq, wk, bk, wv, bv), (wo, bo) = weights[:6], weights[6:]
    result = np.zeros_like(x) + bo
    seen = np.flatnonzero(real)
    for head in range(wq.shape[1]):
        for i in range(len(x)):
            query = x[i] @ wq[:, head] + bq[head]
            scores = [query @ (x[j] @ wk[:, head] + bk[head]) / np.sqrt(len(query)) for j in seen]
            shares = np.exp(scores) / np.sum(np.exp(scores))
            values = [x[j] @ wv[:, head] + bv[head] for j in seen]
            result[i] += sum(share * value for share, value in zip(shares, values, strict=True)) @ wo[head]
    return result


def by_hand(block, x, real, kept=(1, 1)):
    """The two formulas for one example; `kept` is what each sub-layer's output is multiplied by."""
    parts = block.attention, block.expand, block.contract, block.attention_norm, block.feed_forward_norm
    attention, expand, contract, norm_1, norm_2 = (
        [w.astype("float64") for w in part.get_weights()] for part in parts
    )
    outputs = []
    for vector, attended in zip(x, attend(x.astype("float64"), real, attention), strict=True):
        h = normalised(vector + kept[0] * attended, *norm_1)
        wide = np.maximum(h @ expand[0] + expand[1], 0)
        outputs.append(normalised(h + kept[1] * (wide @ contract[0] + contract[1]), *norm_2))
    return np.array(outputs)


def random_block(rng, *arguments):
    block = encoder.EncoderBlock(*arguments)
    block(np.zeros((1, 1, arguments[0])))
    block.set_weights([rng.normal(size=w.shape) for w in block.get_weights()])
    return block


@pytest.mark.parametrize("sizes", [(4, 1, 3), (4, 2, 5), (6, 2, 1), (6, 3, 8)])
def test_equals_the_formulas_at_real_positions(sizes):
    rng = np.random.default_rng(3)
    block = random_block(rng, *sizes)
    for batch, time in [(1, 1), (3, 4), (2, 6)]:
        x = rng.normal(size=(batch, time, sizes[0])).astype("float32")
        real = rng.random((batch, time)) < 0.6
        real[:, rng.integers(time)] = True
        masked, unmasked = np.asarray(block(x, real)), np.asarray(block(x))
        for i in range(batch):
            expected = by_hand(block, x[i], real[i])
            np.testing.assert_allclose(masked[i][real[i]], expected[real[i]], rtol=1e-4, atol=1e-5)
            everything = np.ones(time, bool)
            np.testing.assert_allclose(unmasked[i], by_hand(block, x[i], everything), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_training_drops_parts_of_both_sub_layers(rate):
    rng = np.random.default_rng(4)
    keras.utils.set_random_seed(4)
    block = random_block(rng, 3, 1, 4, rate)
    x = rng.normal(size=(1, 3)).astype("float32")
    ways = [np.array(way) / (1 - rate) for way in itertools.product([0, 1], repeat=3)]
    expected = np.array([by_hand(block, x, [True], (a, b))[0] for a in ways for b in ways])  # (64, 3)
    outputs = np.asarray(block(np.tile(x, (20000, 1, 1)), training=True))[:, 0]  # (20000, 3)
    distances = np.abs(outputs[:, None] - expected).max(axis=-1)  # (20000, 64)
    assert distances.min(axis=1).max() < 1e-4
    shares = np.bincount(distances.argmin(axis=1), minlength=64) / len(outputs)
    kept = np.array([np.count_nonzero(a) + np.count_nonzero(b) for a in ways for b in ways])
    np.testing.assert_allclose(shares, (1 - rate) ** kept * rate ** (6 - kept), atol=0.02)


def test_nothing_is_dropped_unless_training_or_without_a_rate():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2, 3, 4)).astype("float32")
    block, plain = random_block(rng, 4, 2, 6, 0.5), random_block(rng, 4, 2, 6)
    np.testing.assert_array_equal(block(x), block(x, training=False))
    np.testing.assert_array_equal(plain(x), plain(x, training=True))


def test_number_of_weights_in_the_instructions():
    assert {random_block(np.random.default_rng(0), 4, heads, 6).count_params() for heads in (1, 2)} == {154}
