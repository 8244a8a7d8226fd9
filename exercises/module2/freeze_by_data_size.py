"""How many layers to retrain, and freezing exactly those.

Transfer learning takes a network that was trained on a large data set (the base), puts a new head on it,
and trains on your own, smaller data set. The more images you have, the more of the base you can afford to
retrain:

- with very few images only the new head is trained, and the base stays as it is;
- with more images the last layers of the base are trained too. This second phase is called fine-tuning;
  it is optional;
- with very many images everything is trained.

Layers are thawed from the output end, which Keras calls the top: the first layers find edges and textures,
which are useful for almost any images, and the last ones find what the old task needed. How many layers to
thaw for how many images is a policy, a sensible rule to start from. It is no law: a validation set decides.

First, `layers_to_train` is such a policy. With n_layers layers that could be retrained and n_images images:

- fewer than `small` images: 0 layers;
- `large` images or more: all n_layers layers;
- otherwise: n_layers * (n_images - small) / (large - small), rounded down, but at least 1 layer.

Example: 10 layers, small = 200, large = 1000. With 600 images, 10 * 400 / 800 = 5 layers are retrained. With
200 images the share is 0, so 1 layer is retrained; with 199 images, none. Work in whole numbers: a share such
as 29 / 100 has no exact binary form, and 100 * (29 / 100) gives 28.999999999999996, which rounds down to 28.

Second, `unfreeze_last` sets the flags: of the layers of the base that own weights and are not
BatchNormalization, the last k train. Everything else is frozen.

- Layers without weights (ReLU, pooling, dropout, the input) have nothing to train. They do not count
  towards k, wherever they stand. Do not guess from a layer's class or name whether it owns weights: a
  LayerNormalization does, and so does an activation such as PReLU.
- Every BatchNormalization stays frozen, and does not count towards k. It keeps a running mean and variance of
  what it sees. A batch of a small new data set is a poor sample for them, and if they drift, the layers
  after it get inputs that they were never trained on. In Keras a frozen BatchNormalization layer
  (`trainable = False` on the layer) also stops updating these statistics.
- The base may arrive in any state: all frozen, all trainable, or a mixture. Afterwards only k decides.

Example: the layers are convolution A, BatchNormalization, ReLU, convolution B, BatchNormalization, pooling.
k = 1 trains B; k = 2 trains A and B; k = 9 trains A and B as well; k = 0 trains nothing.

Good to know about Keras: setting `trainable` on a model sets it on all layers inside, but an assignment of
the value that the flag already has is skipped, so it does not reach layers whose flags differ. And a layer
that is trainable inside a base whose own flag is False still trains when the base is part of a larger model.
What the graders look at is what moves when such a larger model takes a training step, and how many numbers it
can train. The flag of the base itself is not looked at.
"""

import keras


def layers_to_train(n_layers: int, n_images: int, small: int, large: int) -> int:
    """How many layers of the base to retrain for a data set of a given size.

    Args:
        n_layers: how many layers could be retrained, at least 1.
        n_images: how many images there are, at least 0.
        small: with fewer images than this, nothing of the base is retrained.
        large: with this many images or more, all layers are; at least `small`, and it may be equal to it.

    Returns:
        The number of layers, an int from 0 to n_layers.
    """
    raise NotImplementedError


def unfreeze_last(base: keras.Model, k: int) -> None:
    """Make the last k layers that own weights trainable, and freeze all others; changes the base itself.

    BatchNormalization layers are always frozen and never counted.

    Args:
        base: a model whose `layers` are plain layers (no models inside) in order from input to output. Its
            flags may have any values before; its weights exist already and do not change.
        k: how many layers to train, at least 0. More than there are means all.
    """
    raise NotImplementedError
