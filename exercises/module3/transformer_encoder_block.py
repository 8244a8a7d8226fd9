"""One block of a transformer encoder: self-attention and feed-forward, each with a residual and layer norm.

A transformer encoder reads a sequence of vectors (words, image patches, moments of a signal) and gives back a
sequence of the same shape in which every vector knows about the others. It is a stack of blocks like the one
that you write here, as in "Attention Is All You Need" (Vaswani et al., 2017, section 3.1). A block has two
sub-layers:

- self-attention: each position looks at all positions of the same sequence, and takes in what matters to it;
- feed-forward: two dense layers, applied to each position by itself.

For x of shape (batch, time, d_model) the block computes

    h      = LayerNorm1(x + Dropout1(Attention(x)))
    output = LayerNorm2(h + Dropout2(Dense2(Dense1(h))))

- Attention is multi-head self-attention: query, key and value all come from x. There are num_heads heads,
  each d_model / num_heads wide, and the scores are divided by the root of that width. You may use
  `keras.layers.MultiHeadAttention`, or write it yourself.
- Dense1 has d_ff units and ReLU. Dense2 has d_model units and no activation.
- `x + ...` and `h + ...` are residual connections: the sub-layer only has to learn a change, and the gradient
  has a direct way back through many blocks.
- LayerNorm1 and LayerNorm2 are two separate layers. Each takes a vector (the features of one position of one
  example), subtracts its mean, divides by sqrt(variance + epsilon) with epsilon = 1e-6, and then scales and
  shifts each feature by learned weights. The normalisation comes after the sum ("post-norm"), as in the
  paper.
- Dropout1 and Dropout2 are the only dropout. In training mode each number of a sub-layer's output is set to 0
  with probability drop_rate, and the others are divided by 1 - drop_rate, as `keras.layers.Dropout` does.
  Outside training nothing is dropped.

Example with d_model = 2, for one position: x = [1, 3], and attention gives [1, -3]. The sum is [2, 0], with
mean 1 and standard deviation 1, so h = [1, -1] (before any scale and shift is learned). If the feed-forward
part now gives [3, 1], the sum is [4, 0], and the output is [1, -1] again.

Padding. Sequences of one batch are padded to the same length, and padding_mask says which positions are real.
No position may take anything from a padded one: its attention weight is zero, and the weights of the real
ones add up to 1. Real and padded positions may come in any order. Whatever the block gives at the padded
positions themselves is not looked at. Each example has at least one real position.

Order. Nothing in the block depends on where in the sequence a vector stands, and no position is hidden
because it comes later (that would be a decoder): shuffle the positions, and the outputs are shuffled in the
same way. This is why transformers add information about positions to their input, before the first block.

Weights. The projections of query, key, value and attention output each have their own weights, kernel and
bias, d_model * d_model and d_model numbers, for all heads together: head i owns the features i * width up to
(i + 1) * width, as in Keras's own layer. Store a kernel in any shape with the inputs' axes before the outputs',
such as (d_model, d_model) or (d_model, num_heads, width), but neither query, key and value in one fused kernel, nor
one kernel per head. With d_model = 4 and d_ff = 6, whatever the number of heads, the block
has 4 * (16 + 4) + (24 + 6) + (24 + 4) + 2 * (4 + 4) = 154 trainable numbers.

It builds on module1/custom_dense_layer, where a layer was written.
"""

import keras


class EncoderBlock(keras.layers.Layer):
    """A post-norm transformer encoder block."""

    def __init__(self, d_model: int, num_heads: int, d_ff: int, drop_rate: float = 0.0):
        """Prepare the parts of the block.

        Args:
            d_model: number of features of each position, at input and output.
            num_heads: number of attention heads, a divisor of d_model; a head is at least two features wide.
            d_ff: number of units of the first dense layer.
            drop_rate: rate of both dropouts, at least 0 and less than 1.
        """
        raise NotImplementedError

    def call(self, x, padding_mask=None, training=None):
        """Let every position attend to all real positions, then transform each by itself.

        Args:
            x: (batch, time, d_model) float32; batch and time may differ from call to call.
            padding_mask: (batch, time) bool, True where a position is real, or None if all are.
            training: True applies dropout; False or None does not. Keras hands it on to the layers inside.

        Returns:
            (batch, time, d_model) float32.
        """
        raise NotImplementedError
