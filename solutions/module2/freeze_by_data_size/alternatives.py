"""Other right answers."""

from fractions import Fraction

import keras
import numpy as np

from keras_kata import instead_of


@instead_of("layers_to_train")
def exact_fraction(n_layers, n_images, small, large):
    """A fraction between 0 and 1, rounded at the end."""
    if n_images < small:
        return 0
    share = Fraction(n_images - small, large - small) if n_images < large else Fraction(1)
    return max(1, int(n_layers * share))


@instead_of("layers_to_train")
def divided_last(n_layers, n_images, small, large):
    """True division after the product, which is exact for counts of this size."""
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, int(n_layers * (n_images - small) / (large - small)))


@instead_of("layers_to_train")
def search_of_thresholds(n_layers, n_images, small, large):
    """Looks up which layers have reached their threshold; returns a numpy integer."""
    reached = (np.arange(1, n_layers + 1) * (large - small) <= n_layers * (n_images - small)).sum()
    return np.int64(0) if n_images < small else np.clip(reached, 1, n_layers)


@instead_of("layers_to_train")
def one_by_one(n_layers, n_images, small, large):
    """Adds layers while the share allows it; returns a float that is a whole number."""
    if n_images < small:
        return 0.0
    count = 0
    while count < n_layers and (count + 1) * (large - small) <= n_layers * (n_images - small):
        count += 1
    return float(max(count, 1))


@instead_of("unfreeze_last")
def countdown_from_the_end(base, k):
    """Freezes layer by layer, then walks back from the output with a counter."""
    for layer in base.layers:
        layer.trainable = False
    left = k
    for layer in reversed(base.layers):
        if left == 0:
            break
        if type(layer).__name__ != "BatchNormalization" and layer.count_params() > 0:
            layer.trainable = True
            left -= 1


@instead_of("unfreeze_last")
def parent_flag_toggled(base, k):
    """Sets the flag of the base to both values in turn, so that it reaches every layer."""
    base.trainable = True
    base.trainable = False
    normal = keras.layers.BatchNormalization
    indices = [i for i, layer in enumerate(base.layers) if layer.get_weights() and type(layer) is not normal]
    for i in indices[max(len(indices) - k, 0) :]:
        base.get_layer(index=i).trainable = True


@instead_of("unfreeze_last")
def everything_on_then_off(base, k):
    """Thaws everything, and freezes what is not among the last k."""
    base.trainable = False
    base.trainable = True
    later = k
    for layer in base.layers[::-1]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        elif layer.weights:
            layer.trainable = later > 0
            later -= 1


@instead_of("unfreeze_last")
def recursion(base, k):
    """Decides for the last layer, then for the ones before it."""

    def decide(layers, budget):
        if not layers:
            return
        *before, layer = layers
        counts = bool(layer.weights) and not isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = counts and budget > 0
        decide(before, budget - counts)

    decide(base.layers, k)
