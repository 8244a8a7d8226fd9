"""Look inside a network and pull out learned features.

A convolutional network computes more than its last output: every layer turns the image into numbers that say
something about it, edges at first, then textures, then parts of things. Seeing these activations tells what a
network looks at. And the ones near the end, learned from many images, are good features for other tasks.

1. `activation_model` makes, from a network, a model with the same input that gives the outputs of all its
   layers, in the order of `model.layers`. What a network is fed through, an input layer, is no layer here: its
   output would be the image itself. The new model uses the network's own weights. It is a second view, not a
   copy: train the network, and the activations change. The network itself stays as it was.

   A Keras model knows the symbolic tensors it was built from, its `inputs`, and each layer knows its `output`.
   Layers need not be a chain: one may take the outputs of two others. (A Sequential model that has never been
   called has no attribute `input` yet; `inputs` is there.)

2. `extract_features` sends images through a network and gives one row of features for each.

   * The network runs in inference mode: dropout drops nothing, batch normalisation uses its moving statistics,
     and nothing of the network changes.
   * Where the network gives a feature map (n, h', w', d), the features are its averages over all positions,

         f[i, c] = mean of map[i, y, x, c] over all y and x

     with i the image, c the channel. Where it gives rows (n, d), these are the features as they are.
   * The images go through in batches of `batch_size`, never more of them at once, so that any number of
     them fits into memory; the last batch may be smaller. Row i belongs to image i, each image exactly once,
     whatever the batch size.

   Example: a map of 1 x 2 positions and two channels, [[[1, 10], [3, 30]]], gives the features [2, 20]. Five
   images in batches of 2 make three batches, of 2, 2 and 1 images, and five rows.

The images are used as they are: rescaling, drawing and training are not asked. It builds on
module2/conv_shapes_and_cost, which told what shapes the layers' outputs have.
"""

import keras
import numpy as np


def activation_model(model: keras.Model) -> keras.Model:
    """Make a model that gives the activations of all layers.

    Args:
        model: a Sequential or functional model with one input; no layer of it is used twice.

    Returns:
        A model from the same input to the list of all layers' outputs. It shares the weights.
    """
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    return keras.Model(model.inputs[0], [layer.output for layer in layers])


def extract_features(base: keras.Model, images: np.ndarray, batch_size: int) -> np.ndarray:
    """Compute the features of images.

    Args:
        base: a model from (n, h, w, c) to (n, h', w', d) or (n, d).
        images: (n, h, w, c) float32, n at least 1.
        batch_size: how many images go through at once, at least 1.

    Returns:
        (n, d) float32, one row per image.
    """
    starts = range(0, len(images), batch_size)
    outputs = [base(images[start : start + batch_size], training=False) for start in starts]
    features = np.concatenate(outputs)  # (n, h', w', d) or (n, d)
    return features.mean(axis=(1, 2)) if features.ndim == 4 else features
