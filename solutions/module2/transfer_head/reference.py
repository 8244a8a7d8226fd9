"""Reuse a backbone from a local file and put a new head on it.

A network that has learned to tell thousands of pictures apart has learned, on the way, to find edges, textures
and shapes. Transfer learning keeps that part, the backbone (or base), and puts a small new head behind it. Only
the head is trained, so that a few hundred pictures of your own can be enough.

New layers go to the output end. Keras calls that end the top, which is why its networks have an option
`include_top`; course notes that put new layers "at the bottom" mean the same end. At the input end they would
change what the backbone sees, and it could no longer use what it knows.

First, `load_backbone`. A file that ends in `.weights.h5` holds numbers only, no layers. So you are given a
function `build` too, which makes the network, with weights that have learned nothing yet:

1. Call `build()`.
2. Load the numbers of the file into it. A file with weights of other shapes belongs to another network. That is
   an error (ValueError), and Keras raises it unless it is told not to; leave it that way. A network that is
   only half loaded looks fine and is of no use.
3. Freeze every layer, and return the network.

The file is on this computer; nothing is downloaded.

To freeze is to keep training from changing anything. In Keras that is the flag `trainable` of a layer, set to
Python's False. Notes that say `freeze = 1` or `trainableParameters = 0` are wrong: Keras has no such switches,
but Python lets you make up attributes, so nothing complains and nothing is frozen. Freeze layers, not single
weights: a frozen BatchNormalization layer also stops updating its running mean and variance, and uses them in
training too. (Notes also say that calling the base with `training=False` does this. While a model made of
connected layers is trained, its own `training=True` wins.)

Second, `build_transfer_model` puts a head on a base. From the input to the output:

    the base                frozen; the object you are given, no copy of it
    average pooling         only if the base gives feature maps, (n, height, width, d): each of the d maps
                            becomes its mean over all positions, so that (n, d) is left
    dense, `hidden` units   with ReLU
    dropout                 sets a share `drop_rate` of the hidden units to 0, in training only
    dense, softmax          one probability for each class of the new task

Example: a base gives (n, 3, 3, 8), and the new task has 3 classes. With hidden = 4 the head holds 8 * 4 + 4 = 36
numbers in its first dense layer and 4 * 3 + 3 = 15 in its second: 51 can be trained, and the output is (n, 3).

- A base that already gives (n, d) is not pooled once more. There are no other kinds of output.
- How many channels or classes the base gives has nothing to do with the number of new classes.
- The base may arrive in any state: frozen or not, or its own flag off and that of some layer on. Nothing in it
  may train afterwards, whatever the flags were. (Keras skips an assignment of the value that a flag already has,
  so setting the flag of a model does not always reach the layers inside.)
- Several models may be made of one base, one after the other, and each has a head of its own. So leave the base
  as it is, but for its flags.
- Bases are Sequential or functional models of plain layers, with no models inside. A Sequential model
  has no `input` and `output` here until it is called (it does have `inputs`, `outputs` and their shapes).

Whether you return a Sequential, a functional or a subclassed model is up to you. Compiling and training are not
asked, nor is any rescaling of the pictures.
"""

from collections.abc import Callable

import keras


def load_backbone(build: Callable[[], keras.Model], weights_path: str) -> keras.Model:
    """Make a backbone, load its weights from a file, and freeze it.

    Args:
        build: makes a new network at each call; takes no arguments.
        weights_path: a file that ends in `.weights.h5`, written by `save_weights`.

    Returns:
        The network that `build` made, with the weights of the file, nothing in it trainable.

    Raises:
        ValueError: the weights in the file have other shapes than those of the network.
    """
    base = build()
    base.load_weights(weights_path)
    _freeze(base)
    return base


def build_transfer_model(base: keras.Model, n_classes: int, hidden: int, drop_rate: float) -> keras.Model:
    """Put a new head on a base and freeze the base.

    Args:
        base: a built model of images (n, height, width, channels) float32; its output is (n, h, w, d) or
            (n, d) float32. Its flags are changed, nothing else.
        n_classes: number of new classes, at least 2.
        hidden: units of the head's first dense layer, at least 1.
        drop_rate: share of the hidden units that training sets to 0, at least 0 and less than 1.

    Returns:
        A model from images, as the base takes them, to probabilities (n, n_classes) float32.
    """
    _freeze(base)
    pooling = [keras.layers.GlobalAveragePooling2D()] if len(base.output_shape) == 4 else []
    return keras.Sequential(
        [
            base,
            *pooling,  # (n, d)
            keras.layers.Dense(hidden, activation="relu"),  # (n, hidden)
            keras.layers.Dropout(drop_rate),
            keras.layers.Dense(n_classes, activation="softmax"),  # (n, n_classes)
        ]
    )


def _freeze(base):
    for layer in base.layers:
        layer.trainable = False
