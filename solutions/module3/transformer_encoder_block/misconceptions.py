"""Known wrong answers: what is added, what is normalised, what is hidden, what is dropped."""

import keras
import numpy as np
from keras_kata import instead_of

from .reference import EncoderBlock


def _assemble(block, d_model, num_heads, d_ff, drop_rate, **others):
    """Give a block the reference's parts, but for `others`. (A part that is replaced later stays tracked, unbuilt.)"""
    layers = keras.layers
    layers.Layer.__init__(block)
    parts = {
        "attention": layers.MultiHeadAttention(num_heads, d_model // num_heads),
        "expand": layers.Dense(d_ff, activation="relu"),
        "contract": layers.Dense(d_model),
        "attention_norm": layers.LayerNormalization(epsilon=1e-6),
        "feed_forward_norm": layers.LayerNormalization(epsilon=1e-6),
        "attention_dropout": layers.Dropout(drop_rate),
        "feed_forward_dropout": layers.Dropout(drop_rate),
    }
    for name, part in (parts | others).items():
        setattr(block, name, part)


@instead_of("EncoderBlock")
class residual_missing(EncoderBlock):
    """You normalise what the sub-layers give without adding what went into them; each sum x + ... and h + ... is missing."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class second_residual_from_input(EncoderBlock):
    """Your second residual connection adds the block's input x; it adds h, what went into the feed-forward part."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        h = self.attention_norm(x + self.attention_dropout(self.attention(x, x, attention_mask=mask)))
        return self.feed_forward_norm(x + self.feed_forward_dropout(self.contract(self.expand(h))))


@instead_of("EncoderBlock")
class norm_first(EncoderBlock):
    """You normalise what goes into each sub-layer (pre-norm); here the sum of input and sub-layer is normalised (post-norm)."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        normal = self.attention_norm(x)
        h = x + self.attention_dropout(self.attention(normal, normal, attention_mask=mask))
        return h + self.feed_forward_dropout(self.contract(self.expand(self.feed_forward_norm(h))))


@instead_of("EncoderBlock")
class one_norm_shared(EncoderBlock):
    """You use one normalisation layer in both places, so both share one scale and shift; each sub-layer has its own."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norm = keras.layers.LayerNormalization(epsilon=1e-6)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention_norm=norm, feed_forward_norm=norm)


@instead_of("EncoderBlock")
class norm_over_time(EncoderBlock):
    """You normalise along axis 1, the positions of a sequence; layer normalisation works on the features of each position."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = [keras.layers.LayerNormalization(axis=1, epsilon=1e-6) for _ in range(2)]
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention_norm=norms[0], feed_forward_norm=norms[1])


@instead_of("EncoderBlock")
class moments_over_time(EncoderBlock):
    """You take mean and variance over the positions of a sequence; layer normalisation takes them over the features of each position."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = _NormOverTime(), _NormOverTime()
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention_norm=norms[0], feed_forward_norm=norms[1])


class _NormOverTime(keras.layers.Layer):
    def build(self, shape):
        self.gamma = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.beta = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        mean, variance = keras.ops.moments(x, axes=1, keepdims=True)
        return (x - mean) / keras.ops.sqrt(variance + 1e-6) * self.gamma + self.beta


@instead_of("EncoderBlock")
class default_epsilon(EncoderBlock):
    """Your layer normalisation uses Keras's own epsilon, which is much larger than the one asked; name it when you make the layer."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        norms = keras.layers.LayerNormalization(), keras.layers.LayerNormalization()
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention_norm=norms[0], feed_forward_norm=norms[1])


@instead_of("EncoderBlock")
class linear_feed_forward(EncoderBlock):
    """There is no ReLU between your two dense layers; without it they collapse into one linear map."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        _assemble(self, d_model, num_heads, d_ff, drop_rate, expand=keras.layers.Dense(d_ff))


@instead_of("EncoderBlock")
class relu_on_both_dense(EncoderBlock):
    """Your second dense layer has a ReLU too, so the feed-forward part can only add, never take away; that layer has no activation."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        rectified = keras.layers.Dense(d_model, activation="relu")
        _assemble(self, d_model, num_heads, d_ff, drop_rate, contract=rectified)


@instead_of("EncoderBlock")
class heads_of_full_width(EncoderBlock):
    """Each of your heads is d_model wide, so the block grows with the number of heads; the heads share the features of d_model among them."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        wide = keras.layers.MultiHeadAttention(num_heads, d_model)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=wide)


@instead_of("EncoderBlock")
class mask_ignored(EncoderBlock):
    """Padded positions still reach the real ones; the mask has to hide the positions that are looked at, the keys."""

    def call(self, x, padding_mask=None, training=None):
        return super().call(x)


@instead_of("EncoderBlock")
class mask_inverted(EncoderBlock):
    """You hide the real positions and show the padded ones; True in the mask means real."""

    def call(self, x, padding_mask=None, training=None):
        return super().call(x, None if padding_mask is None else ~padding_mask)


@instead_of("EncoderBlock")
class padding_zeroed_only(EncoderBlock):
    """You set padded positions to zero instead of hiding them; a vector of zeros still gets attention weight, which the real positions lose."""

    def call(self, x, padding_mask=None, training=None):
        if padding_mask is not None:
            x = keras.ops.where(padding_mask[..., None], x, 0.0)
        return super().call(x)


@instead_of("EncoderBlock")
class causal_encoder(EncoderBlock):
    """You hide later positions from earlier ones; that is a decoder's mask, and an encoder looks in both directions."""

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
        return super().call(x + waves.astype("float32"), padding_mask)


@instead_of("EncoderBlock")
class dropout_always(EncoderBlock):
    """Your block drops numbers outside training too, so the same input gives another output every time; dropout belongs to training mode."""

    def call(self, x, padding_mask=None, training=None):
        mask = None if padding_mask is None else padding_mask[:, None, :]
        attended = self.attention(x, x, attention_mask=mask)
        h = self.attention_norm(x + self.attention_dropout(attended, training=True))
        changed = self.feed_forward_dropout(self.contract(self.expand(h)), training=True)
        return self.feed_forward_norm(h + changed)


@instead_of("EncoderBlock")
class dropout_never(EncoderBlock):
    """Nothing is dropped in training mode; the output of each sub-layer goes through dropout before it is added."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__(d_model, num_heads, d_ff)


@instead_of("EncoderBlock")
class dropout_on_sum(EncoderBlock):
    """You drop numbers of the sum, and with them the residual connection; only the sub-layer's own output is dropped."""

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
class attention_weights_dropped(EncoderBlock):
    """You also drop attention weights, inside the attention; the block's only dropouts are the two on the sub-layers' outputs."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        attention = keras.layers.MultiHeadAttention(num_heads, d_model // num_heads, dropout=drop_rate)
        _assemble(self, d_model, num_heads, d_ff, drop_rate, attention=attention)


@instead_of("EncoderBlock")
class rate_is_share_kept(EncoderBlock):
    """You treat the rate as the share that is kept; drop_rate is the share that is dropped."""

    def __init__(self, d_model, num_heads, d_ff, drop_rate=0.0):
        super().__init__(d_model, num_heads, d_ff, 1 - drop_rate)
