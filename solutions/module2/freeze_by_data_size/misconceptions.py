"""Known wrong answers: in the policy, and in which layers train."""

import math

import keras

from keras_kata import instead_of


def _owners(base):
    return [
        layer
        for layer in base.layers
        if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)
    ]


def _train_only(base, chosen):
    for layer in base.layers:
        layer.trainable = any(layer is other for other in chosen)


@instead_of("layers_to_train")
def at_least_one_forgotten(n_layers, n_images, small, large):
    """Between the two limits your share can round down to 0 layers; from `small` images on at least one layer
    is retrained.
    """
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return n_layers * (n_images - small) // (large - small)


@instead_of("layers_to_train")
def trains_below_small(n_layers, n_images, small, large):
    """You retrain a layer even with fewer than `small` images; then the base is left alone and only the new
    head is trained.
    """
    if n_images >= large:
        return n_layers
    return max(1, n_layers * (n_images - small) // (large - small))


@instead_of("layers_to_train")
def small_counts_as_too_few(n_layers, n_images, small, large):
    """You retrain nothing with exactly `small` images; too few means fewer than `small`."""
    if n_images <= small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, n_layers * (n_images - small) // (large - small))


@instead_of("layers_to_train")
def large_still_in_between(n_layers, n_images, small, large):
    """With exactly `large` images you still work out a share, which divides by zero where the two limits are
    equal; from `large` images on, all layers are retrained.
    """
    if n_images < small:
        return 0
    if n_images > large:
        return n_layers
    return max(1, n_layers * (n_images - small) // (large - small))


@instead_of("layers_to_train")
def counts_frozen_layers(n_layers, n_images, small, large):
    """You return how many layers stay frozen, so more images would retrain less of the base; asked is how
    many are retrained.
    """
    if n_images < small:
        return n_layers
    if n_images >= large:
        return 0
    return n_layers - max(1, n_layers * (n_images - small) // (large - small))


@instead_of("layers_to_train")
def share_measured_from_zero(n_layers, n_images, small, large):
    """You take the share of all images up to `large`; it starts to grow at `small`, not at 0 images."""
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, n_layers * n_images // large)


@instead_of("layers_to_train")
def rounded_to_nearest(n_layers, n_images, small, large):
    """You round the share to the nearest whole number of layers; it is rounded down."""
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, round(n_layers * (n_images - small) / (large - small)))


@instead_of("layers_to_train")
def share_not_rounded(n_layers, n_images, small, large):
    """You return the share as a fraction; a number of layers is whole, so the share is rounded down."""
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, n_layers * (n_images - small) / (large - small))


@instead_of("layers_to_train")
def rounded_up(n_layers, n_images, small, large):
    """You round the share up; it is rounded down, and only a share below one layer becomes 1."""
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, math.ceil(n_layers * (n_images - small) / (large - small)))


@instead_of("layers_to_train")
def share_in_floating_point(n_layers, n_images, small, large):
    """You round down a product with a floating-point share, which can be a hair below the true value and lose
    a layer; multiply first, in whole numbers, and divide last.
    """
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, int(n_layers * ((n_images - small) / (large - small))))


@instead_of("layers_to_train")
def layers_per_image_in_floating_point(n_layers, n_images, small, large):
    """You round down a product with a floating-point number of layers per image, which can be a hair below the
    true value and lose a layer; multiply first, in whole numbers, and divide last.
    """
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, int(n_layers / (large - small) * (n_images - small)))


@instead_of("layers_to_train")
def images_per_layer_in_floating_point(n_layers, n_images, small, large):
    """You divide by a floating-point number of images per layer, and the quotient can be a hair below the true
    value and lose a layer; multiply first, in whole numbers, and divide last.
    """
    if n_images < small:
        return 0
    if n_images >= large:
        return n_layers
    return max(1, (n_images - small) // ((large - small) / n_layers))


@instead_of("unfreeze_last")
def minus_zero_slice(base, k):
    """With k = 0 you train all layers. Minus zero is zero, so a slice from minus k on starts at the first layer;
    and a count that is compared with k only after a layer was thawed is never 0.
    """
    _train_only(base, _owners(base)[-k:])


@instead_of("unfreeze_last")
def sorted_by_name(base, k):
    """You put the layers into the order of their names; the model has them in order from input to output."""
    _train_only(base, sorted(_owners(base), key=lambda layer: layer.name)[::-1][:k])


@instead_of("unfreeze_last")
def freezes_last_instead(base, k):
    """You train the first k layers; the general features at the input end are kept, and layers are thawed
    from the output end.
    """
    _train_only(base, _owners(base)[:k])


@instead_of("unfreeze_last")
def k_layers_frozen(base, k):
    """You freeze the first k layers and train the rest; k says how many train."""
    _train_only(base, _owners(base)[k:])


@instead_of("unfreeze_last")
def every_layer_counted(base, k):
    """You take the last k of all layers. BatchNormalization layers and layers without weights, such as ReLU,
    pooling or dropout, do not count towards k.
    """
    last = base.layers[::-1][:k]
    _train_only(base, [layer for layer in last if not isinstance(layer, keras.layers.BatchNormalization)])


@instead_of("unfreeze_last")
def weightless_layers_counted(base, k):
    """Layers without weights, such as ReLU, pooling or dropout, use up some of your k; only layers that own
    weights count.
    """
    layers = [layer for layer in base.layers if not isinstance(layer, keras.layers.BatchNormalization)]
    _train_only(base, layers[::-1][:k])


@instead_of("unfreeze_last")
def dropout_counted(base, k):
    """Dropout uses up some of your k: the state of its random numbers is among the layer's variables, but it
    is no weight.
    """
    owners = [
        layer
        for layer in base.layers
        if layer.variables and not isinstance(layer, keras.layers.BatchNormalization)
    ]
    _train_only(base, owners[::-1][:k])


@instead_of("unfreeze_last")
def batchnorm_counted(base, k):
    """BatchNormalization layers stay frozen, but they use up some of your k; they are not counted."""
    chosen = [layer for layer in base.layers if layer.weights][::-1][:k]
    _train_only(base, [layer for layer in chosen if not isinstance(layer, keras.layers.BatchNormalization)])


@instead_of("unfreeze_last")
def batchnorm_unfrozen(base, k):
    """You treat BatchNormalization like any other layer, so it trains and its running statistics move; it has
    to stay frozen.
    """
    _train_only(base, [layer for layer in base.layers if layer.weights][::-1][:k])


@instead_of("unfreeze_last")
def batchnorm_trains_among_the_last(base, k):
    """You train everything from the first of the chosen layers on, and so BatchNormalization between or after
    them, too; it has to stay frozen wherever it stands.
    """
    chosen = _owners(base)[::-1][:k]
    first = base.layers.index(chosen[-1]) if chosen else len(base.layers)
    _train_only(base, base.layers[first:])


@instead_of("unfreeze_last")
def batchnorm_passed_over(base, k):
    """You pass over BatchNormalization without setting its flag, so one that arrives trainable still trains; it
    has to be frozen.
    """
    owners = _owners(base)
    for layer in owners:
        layer.trainable = layer in owners[::-1][:k]


@instead_of("unfreeze_last")
def batchnorm_frozen_by_name(base, k):
    """You recognise BatchNormalization by the layer's name, which anybody may choose; ask what kind of layer
    it is.
    """
    owners = [layer for layer in base.layers if layer.weights and "batch_norm" not in layer.name]
    _train_only(base, owners[::-1][:k])


@instead_of("unfreeze_last")
def batchnorm_statistics_move(base, k):
    """You freeze the weights of BatchNormalization but not the layer, so it still updates its running mean
    and variance; the layer's own flag stops that.
    """
    for layer in base.layers:
        layer.trainable = True
    for layer in base.layers:
        for variable in layer.weights:
            variable.trainable = any(layer is other for other in _owners(base)[::-1][:k])


@instead_of("unfreeze_last")
def every_normalization_frozen(base, k):
    """You freeze all kinds of normalization; only BatchNormalization keeps running statistics, and a
    LayerNormalization trains like other layers.
    """
    owners = [layer for layer in _owners(base) if "Normalization" not in type(layer).__name__]
    _train_only(base, owners[::-1][:k])


@instead_of("unfreeze_last")
def only_dense_and_convolution(base, k):
    """You count only dense and convolution layers; other layers own weights too, such as LayerNormalization
    and PReLU.
    """
    kinds = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
    _train_only(base, [layer for layer in base.layers if isinstance(layer, kinds)][::-1][:k])


@instead_of("unfreeze_last")
def parent_flag_set_last(base, k):
    """You switch the flag of the whole base on after choosing the layers; that switches on every layer
    inside, BatchNormalization included.
    """
    _train_only(base, _owners(base)[::-1][:k])
    base.trainable = True


@instead_of("unfreeze_last")
def parent_frozen_last(base, k):
    """You switch the flag of the whole base off after choosing the layers; that freezes every layer inside
    again.
    """
    _train_only(base, _owners(base)[::-1][:k])
    base.trainable = False


@instead_of("unfreeze_last")
def freezes_by_parent_flag_only(base, k):
    """You rely on the flag of the whole base to freeze everything first; Keras skips an assignment of the
    value a flag already has, so a base that arrives with this flag off keeps its trainable layers.
    """
    base.trainable = False
    for layer in _owners(base)[::-1][:k]:
        layer.trainable = True


@instead_of("unfreeze_last")
def thaws_by_parent_flag_only(base, k):
    """You rely on the flag of the whole base to thaw everything first; Keras skips an assignment of the value a
    flag already has, so a base that arrives with this flag on keeps its frozen layers.
    """
    base.trainable = True
    chosen = _owners(base)[::-1][:k]
    for layer in base.layers:
        if layer not in chosen:
            layer.trainable = False


@instead_of("unfreeze_last")
def flags_left_alone(base, k):
    """Your call changes no flag of the base. Either the attribute that you set does not exist in Keras, which
    accepts any name without a word, or you set it on a copy.
    """
    for layer in base.layers:
        layer.trainble = layer in _owners(base)[::-1][:k]


@instead_of("unfreeze_last")
def previous_state_kept(base, k):
    """You switch the last k layers on but never switch the others off, so layers that were trainable before
    stay so.
    """
    for layer in _owners(base)[::-1][:k]:
        layer.trainable = True


@instead_of("unfreeze_last")
def never_thaws(base, k):
    """Layers that arrive frozen stay so in your code, even when they are among the last k, which have to be
    switched on.
    """
    chosen = _owners(base)[::-1][:k]
    for layer in base.layers:
        if not any(layer is other for other in chosen):
            layer.trainable = False


@instead_of("unfreeze_last")
def only_trainable_layers_counted(base, k):
    """You count the layers that arrive with trainable weights. A frozen layer shows none, so it is passed over and
    stays frozen; look at all weights of a layer.
    """
    _train_only(base, [layer for layer in _owners(base) if layer.trainable_weights][::-1][:k])


@instead_of("unfreeze_last")
def base_stays_frozen(base, k):
    """Nothing of the base trains in the end. Either you freeze all of it once more after choosing the layers, or
    you look for layers with trainable weights, of which a frozen layer shows none.
    """
    _train_only(base, [])
    owners = [layer for layer in _owners(base) if layer.trainable_weights]
    _train_only(base, owners[::-1][:k])


@instead_of("unfreeze_last")
def one_layer_off(base, k):
    """You train k + 1 layers; exactly the last k are asked."""
    _train_only(base, _owners(base)[::-1][: k + 1])


@instead_of("unfreeze_last")
def too_large_k_counts_back(base, k):
    """When k is larger than the number of layers, your first index becomes negative and counts from the end,
    so some layers stay frozen; then all of them train.
    """
    owners = _owners(base)
    _train_only(base, owners[len(owners) - k :])
