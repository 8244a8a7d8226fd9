"""Reuse a backbone from a local file, and put a new head on it.

Training a convolutional network takes many images. Transfer learning borrows one that was trained already: its
convolutions, the backbone, turn images into features that help with other tasks, too. You keep them as they
are, and train only a small new head that turns features into your own classes. The head goes on the output end
of the backbone. (Keras calls that end the top, as in `include_top`; drawings often have it at the bottom.)

1. `load_backbone` makes the backbone with `build()`, which gives it random weights, loads the trained weights
   from a file, and freezes the whole network. Freezing means that training changes nothing of it. The switch is
   the attribute `trainable`, of a layer or of a whole model. Beware of misspelling it: Python lets you set any
   attribute, `freeze` or `trainble`, and Keras then simply ignores it. A look at `trainable_variables` tells.

2. `build_transfer_model` puts these layers on the base, one after the other:

       average over all positions      only if the base gives maps (n, h, w, d); if it gives rows (n, d), nothing
       dense layer, `hidden` units     ReLU
       dropout, with `drop_rate`       in training only, so not where the model is just called on images
       dense layer, `n_classes` units  softmax

   The result has one row per image, n_classes probabilities that sum to 1. The base is frozen in it, whatever
   its flags were when you got it, and it is the base itself, not a copy. That holds for batch normalisation,
   too: frozen, it uses its moving statistics, and these stay the same, also while the head is trained.

   Example: a base that gives maps (n, 4, 4, 10), hidden = 6 and n_classes = 3. The head has
   10 * 6 + 6 = 66 and 6 * 3 + 3 = 21, in all 87 trainable numbers, however large the base is. The number of
   classes that the base was made for does not matter: if it gives rows of 5 probabilities, these are 5 features.

Compiling, training and thawing the base are not asked. It builds on module2/feature_extractor, where the same
averages were the features of an image.
"""

from collections.abc import Callable

import keras


def load_backbone(build: Callable[[], keras.Model], weights_path: str) -> keras.Model:
    """Make a backbone with trained weights, frozen.

    Args:
        build: makes the network, with random weights.
        weights_path: a `.weights.h5` file that fits it.

    Returns:
        The network that `build` made, with the file's weights and no trainable variables.
    """
    raise NotImplementedError


def build_transfer_model(base: keras.Model, n_classes: int, hidden: int, drop_rate: float) -> keras.Model:
    """Put a new head on a frozen base.

    Args:
        base: a built model from images (n, height, width, c) to maps (n, h, w, d) or rows (n, d). It may be
            frozen as a whole, in some of its layers, or not at all; its own flag is off only where nothing of it
            trains.
        n_classes: how many classes there are.
        hidden: the width of the head's hidden layer.
        drop_rate: the share of hidden units that dropout sets to 0 in training, from 0 to below 1.

    Returns:
        A model from images to (n, n_classes) probabilities.
    """
    raise NotImplementedError
