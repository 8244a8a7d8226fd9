"""Known wrong answers: what is added, what is normalised, what is hidden, what is dropped."""

import keras
import numpy as np
from keras import ops

from keras_kata import instead_of

from .reference import EncoderBlock


def _assemble(block, d_model, num_heads, d_ff, drop_rate, norms=None, **others):
    """Give a block the reference's parts, but for some. A part that is replaced later would stay tracked."""
    layers = keras.layers
    layers.Layer.__init__(block)
    norms = norms or [layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
    parts = {
        "attention": layers.MultiHeadAttention(num_heads, d_model // num_heads),
        "expand": layers.Dense(d_ff, activation="relu"),
        "contract": layers.Dense(d_model),
        "attention_norm": norms[0],
        "feed_forward_norm": norms[1],
        "attention_dropout": layers.Dropout(drop_rate),
        "feed_forward_dropout": layers.Dropout(drop_rate),
    }
    for name, part in (parts | others).items():
        setattr(block, name, part)


@instead_of("EncoderBlock")
class residual_missing(EncoderBlock):
    """You normalise what the sub-layers give without adding what went into them; each sum x + ... and h + ...
    is missing.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class second_residual_from_input(EncoderBlock):
    """Your second residual connection adds the block's input x; it adds h, what went into the feed-forward
    part.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(x + self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(x + self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class norm_first(EncoderBlock):
    """You normalise what goes into each sub-layer (pre-norm); here the sum of input and sub-layer is
    normalised (post-norm).
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        normal = self.attention_norm(x)
        h = x + self.attention_dropout(self.attention(normal, normal, attention_mask=mask))
        return h + self.feed_forward_dropout(self.contract(self.expand(self.feed_forward_norm(h))))


@instead_of("EncoderBlock")
class one_norm_shared(EncoderBlock):
    """You use one normalisation layer in both places, so both share one scale and shift; each sub-layer has
    its own.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norm = keras.layers.LayerNormalization(epsilon=1e-6)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, norms=(norm, norm))


@instead_of("EncoderBlock")
class norm_over_time(EncoderBlock):
    """You normalise along axis 1, the positions of a sequence; layer normalisation works on the features of
    each position.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = [keras.layers.LayerNormalization(axis=1, epsilon=1e-6) for _ in range(2)]
        _assemble(self, d_model, num_heads, d_ff, drop_rate, norms=norms)


@instead_of("EncoderBlock")
class moments_over_time(EncoderBlock):
    """You take mean and variance over the positions of a sequence; layer normalisation takes them over the
    features of each position.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        _assemble(self, d_model, num_heads, d_ff, drop_rate, norms=(_NormOverTime(), _NormOverTime()))


class _OwnNorm(keras.layers.Layer):
    """Right layer normalisation, for mistakes that are made when writing it oneself."""

    axis = -1

    def build(self, shape):
        self.gamma = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.beta = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def spread(self, variance):
        return ops.sqrt(variance + 1e-6)

    def call(self, x):
        mean, variance = ops.moments(x, axes=self.axis, keepdims=True)
        return (x - mean) / self.spread(variance) * self.gamma + self.beta


class _NormOverTime(_OwnNorm):
    axis = 1


@instead_of("EncoderBlock")
class epsilon_outside_root(EncoderBlock):
    """You add epsilon to the standard deviation; it is added to the variance, inside the root."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = _EpsilonOutsideRoot(), _EpsilonOutsideRoot()
        _assemble(self, d_model, num_heads, d_ff, drop_rate, norms=norms)


class _EpsilonOutsideRoot(_OwnNorm):
    def spread(self, variance):
        return ops.sqrt(variance) + 1e-6


@instead_of("EncoderBlock")
class default_epsilon(EncoderBlock):
    """Your layer normalisation uses Keras's own epsilon, which is much larger than the one asked; name it
    when you make the layer.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = keras.layers.LayerNormalization(), keras.layers.LayerNormalization()
        _assemble(self, d_model, num_heads, d_ff, drop_rate, norms=norms)


@instead_of("EncoderBlock")
class linear_feed_forward(EncoderBlock):
    """There is no ReLU between your two dense layers; without it they collapse into one linear map."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        _assemble(self, d_model, num_heads, d_ff, drop_rate, expand=keras.layers.Dense(d_ff))


@instead_of("EncoderBlock")
class relu_on_both_dense(EncoderBlock):
    """Your second dense layer has a ReLU too, so the feed-forward part can only add, never take away; that
    layer has no activation.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        rectified = keras.layers.Dense(d_model, activation="relu")
        _assemble(self, d_model, num_heads, d_ff, drop_rate, contract=rectified)


@instead_of("EncoderBlock")
class biases_missing(EncoderBlock):
    """Your projections of query, key, value and output have no bias; all four have one."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = keras.layers.MultiHeadAttention(num_heads, d_model // num_heads, use_bias=False)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _OwnAttention(keras.layers.Layer):
    """Right multi-head attention, for mistakes that are made when writing it oneself."""

    def __init__(self, d_model, num_heads):
        super().__init__()
        self.heads, self.width = num_heads, d_model // num_heads
        self.query, self.key, self.value, self.out = (keras.layers.Dense(d_model) for _ in range(4))

    def split(self, x):
        return ops.transpose(ops.reshape(x, (*ops.shape(x)[:2], self.heads, self.width)), (0, 2, 1, 3))

    def join(self, x):
        joined = ops.transpose(x, (0, 2, 1, 3))
        return ops.reshape(joined, (*ops.shape(joined)[:2], -1))

    def scale(self, scores):
        return scores / self.width**0.5

    def weigh(self, scores, mask):
        return ops.softmax(scores if mask is None else ops.where(mask[:, None], scores, -1e9), axis=-1)

    def call(self, x, _, attention_mask=None):
        query, key, value = (self.split(project(x)) for project in (self.query, self.key, self.value))
        scores = self.scale(query @ ops.swapaxes(key, 2, 3))  # (batch, heads, time, time)
        return self.out(self.join(self.weigh(scores, attention_mask) @ value))


@instead_of("EncoderBlock")
class scores_not_scaled(EncoderBlock):
    """You do not divide the scores by the root of a head's width; large scores make the softmax nearly one-
    hot.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _Unscaled(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _Unscaled(_OwnAttention):
    def scale(self, scores):
        return scores


@instead_of("EncoderBlock")
class scaled_by_model_width(EncoderBlock):
    """You divide the scores by the root of d_model; a score is a sum over one head, so it is the root of the
    head's width.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _ScaledByModelWidth(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _ScaledByModelWidth(_OwnAttention):
    def scale(self, scores):
        return scores / (self.heads * self.width) ** 0.5


@instead_of("EncoderBlock")
class splits_heads_without_transposing(EncoderBlock):
    """You bring the heads forward by reshaping alone, which mixes features of different positions; the axes
    of heads and time have to be exchanged.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _Reshaped(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _Reshaped(_OwnAttention):
    def split(self, x):
        return ops.reshape(x, (ops.shape(x)[0], self.heads, ops.shape(x)[1], self.width))

    def join(self, x):
        return ops.reshape(x, (ops.shape(x)[0], ops.shape(x)[2], self.heads * self.width))


@instead_of("EncoderBlock")
class softmax_over_queries(EncoderBlock):
    """Your softmax runs over the positions that look; for each of these, the weights of the positions it
    looks at add up to 1.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _SoftmaxOverQueries(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _SoftmaxOverQueries(_OwnAttention):
    def weigh(self, scores, mask):
        return ops.softmax(scores if mask is None else ops.where(mask[:, None], scores, -1e9), axis=-2)


@instead_of("EncoderBlock")
class hidden_scores_zero(EncoderBlock):
    """You set the scores of padded positions to 0; a softmax still gives them weight, so a hidden score must
    be very negative.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _HiddenScoresZero(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _HiddenScoresZero(_OwnAttention):
    def weigh(self, scores, mask):
        return ops.softmax(scores if mask is None else ops.where(mask[:, None], scores, 0.0), axis=-1)


@instead_of("EncoderBlock")
class masked_after_softmax(EncoderBlock):
    """You remove padded positions after the softmax, so that the real ones' weights no longer add up to 1."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = _MaskedAfterSoftmax(d_model, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


class _MaskedAfterSoftmax(_OwnAttention):
    def weigh(self, scores, mask):
        weights = ops.softmax(scores, axis=-1)
        return weights if mask is None else ops.where(mask[:, None], weights, 0.0)


@instead_of("EncoderBlock")
class heads_of_full_width(EncoderBlock):
    """Each of your heads is d_model wide, so the block grows with the number of heads; the heads share the
    features of d_model among them.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        wide = keras.layers.MultiHeadAttention(num_heads, d_model)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=wide)


@instead_of("EncoderBlock")
class heads_and_width_exchanged(EncoderBlock):
    """You exchange the number of heads and the width of a head; there are num_heads heads, which share
    d_model.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        exchanged = keras.layers.MultiHeadAttention(d_model // num_heads, num_heads)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=exchanged)


@instead_of("EncoderBlock")
class mask_ignored(EncoderBlock):
    """Padded positions still reach the real ones; the mask has to hide the positions that are looked at, the
    keys.
    """

    def call(self, x, padding_mask=None, training=None):
        return super().call(x, None, training)


@instead_of("EncoderBlock")
class mask_of_first_example(EncoderBlock):
    """You hide in every example what is padded in the first one. Each example has its own row of the mask."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else ops.broadcast_to(padding_mask[:1], ops.shape(padding_mask))
        return super().call(x, mask, training)


@instead_of("EncoderBlock")
class mask_inverted(EncoderBlock):
    """You hide the real positions and show the padded ones; True in the mask means real."""

    def call(self, x, padding_mask=None, training=None):
        return super().call(x, None if padding_mask is None else ~padding_mask, training)


@instead_of("EncoderBlock")
class padding_zeroed_only(EncoderBlock):
    """You set padded positions to zero instead of hiding them; a vector of zeros still gets attention weight,
    which the real positions lose.
    """

    def call(self, x, padding_mask=None, training=None):
        if padding_mask is not None:
            x = ops.where(padding_mask[..., None], x, 0.0)
        return super().call(x, None, training)


@instead_of("EncoderBlock")
class causal_encoder(EncoderBlock):
    """You hide later positions from earlier ones; that is a decoder's mask, and an encoder looks in both
    directions.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        attended = self.attention(x, x, attention_mask=mask, use_causal_mask=True)
        h = self.attention_norm(x + self.attention_dropout(attended))
        return self.feed_forward_norm(h + self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class position_encoded(EncoderBlock):
    """You add information about positions inside the block; that is done once, before the first block."""

    def call(self, x, padding_mask=None, training=None):
        time, d_model = x.shape[1:]
        angles = np.arange(time)[:, None] / 10000 ** (np.arange(d_model) // 2 * 2 / d_model)
        waves = np.where(np.arange(d_model) % 2 == 0, np.sin(angles), np.cos(angles))
        return super().call(x + waves.astype("float32"), padding_mask, training)


@instead_of("EncoderBlock")
class dropout_always(EncoderBlock):
    """Your block drops numbers outside training too, so the same input gives another output every time;
    dropout belongs to training mode.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        attended = self.attention(x, x, attention_mask=mask)
        h = self.attention_norm(x + self.attention_dropout(attended, training=True))
        changed = self.feed_forward_dropout(self.contract(self.expand(h)), training=True)
        return self.feed_forward_norm(h + changed)


@instead_of("EncoderBlock")
class dropout_never(EncoderBlock):
    """Nothing is dropped in training mode; the output of each sub-layer goes through dropout before it is
    added.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__(d_model, num_heads, d_ff)


@instead_of("EncoderBlock")
class attention_not_dropped(EncoderBlock):
    """You drop parts of the feed-forward output only; what attention gives goes through dropout as well."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(x + self.attention(x, x, attention_mask=mask))
        return self.feed_forward_norm(h + self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class feed_forward_not_dropped(EncoderBlock):
    """You drop parts of the attention output only; what the feed-forward part gives goes through dropout as
    well.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(x + self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(h + self.contract(self.expand(h)))


@instead_of("EncoderBlock")
class dropout_on_sum(EncoderBlock):
    """You drop numbers of the sum, and with them the residual connection; only the sub-layer's own output is
    dropped.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(self.attention_dropout(x + self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(self.feed_forward_dropout(h + self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class dropout_after_norm(EncoderBlock):
    """You apply dropout to the normalised sum; it belongs on the sub-layer's output, before that is added."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_dropout(self.attention_norm(x + self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_dropout(self.feed_forward_norm(h + self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class dropout_inside_feed_forward(EncoderBlock):
    """Your second dropout is between the two dense layers; it belongs behind the second one, on what is added
    to h.
    """

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(x + self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(h + self.contract(self.feed_forward_dropout(self.expand(h))))


@instead_of("EncoderBlock")
class attention_weights_dropped(EncoderBlock):
    """You also drop attention weights, inside the attention; the block's only dropouts are the two on the
    sub-layers' outputs.
    """

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = keras.layers.MultiHeadAttention(num_heads, d_model // num_heads, dropout=drop_rate)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


@instead_of("EncoderBlock")
class rate_is_share_kept(EncoderBlock):
    """You treat the rate as the share that is kept; drop_rate is the share that is dropped."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__(d_model, num_heads, d_ff, 1 - drop_rate)
