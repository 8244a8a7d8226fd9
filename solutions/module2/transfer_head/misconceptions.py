"""Known mistakes in putting a new head on a backbone."""

import keras

from keras_kata import instead_of


def _pool(base):
    return [keras.layers.GlobalAveragePooling2D()] if len(base.output_shape) == 4 else []


def _on(base, *layers):
    return keras.Sequential([keras.Input(base.input_shape[1:]), base, *layers])


def _dense(units, activation=None):
    return keras.layers.Dense(units, activation=activation)


def _loaded(build, weights_path):
    backbone = build()
    backbone.load_weights(weights_path)
    return backbone


@instead_of("load_backbone")
def freeze_attribute_typo(build, weights_path):
    """Nothing of your backbone is frozen. Either you do not switch it off, or the attribute that you set does not
    exist in Keras: Python lets you set it all the same, and nobody tells you."""
    backbone = _loaded(build, weights_path)
    backbone.trainble = False
    return backbone


@instead_of("load_backbone")
def weights_not_loaded(build, weights_path):
    """You never read the file: your backbone has random weights, and its features mean nothing."""
    backbone = build()
    backbone.trainable = False
    return backbone


@instead_of("load_backbone")
def loaded_into_another(build, weights_path):
    """You build the network twice: the file's weights go into one, and you return the other."""
    _loaded(build, weights_path)
    backbone = build()
    backbone.trainable = False
    return backbone


@instead_of("load_backbone")
def backbone_copied(build, weights_path):
    """You return another network, a copy or a model around it. What `build` made is the backbone itself: load the
    weights into it, freeze it, and return it."""
    backbone = _loaded(build, weights_path)
    copy = keras.models.clone_model(backbone)
    copy.set_weights(backbone.get_weights())
    copy.trainable = False
    return copy


@instead_of("load_backbone")
def only_first_layer_frozen(build, weights_path):
    """You freeze the first layer only, perhaps because it is the only convolution. The others would still be
    trained, and lose what they had learned."""
    backbone = _loaded(build, weights_path)
    for layer in backbone.layers[:2]:  # the first of a functional model is its input layer
        layer.trainable = False
    return backbone


@instead_of("load_backbone")
def last_layer_left_thawed(build, weights_path):
    """You freeze all layers but the last. The whole backbone is to be frozen."""
    backbone = _loaded(build, weights_path)
    for layer in backbone.layers[:-1]:
        layer.trainable = False
    return backbone


@instead_of("load_backbone")
def last_layer_thawed_again(build, weights_path):
    """You freeze the backbone, and thaw its last layer again. Its list of trainable variables is empty, yet that
    layer trains as soon as the backbone is part of a larger model."""
    backbone = _loaded(build, weights_path)
    backbone.trainable = False
    backbone.layers[-1].trainable = True
    return backbone


@instead_of("load_backbone")
def weights_switched_off_one_by_one(build, weights_path):
    """You switch off every weight, but no layer: batch normalisation still moves its statistics in training. The
    switch is the flag of a layer or of the whole model."""
    backbone = _loaded(build, weights_path)
    for weight in backbone.weights:
        weight.trainable = False
    return backbone


@instead_of("load_backbone")
def batch_normalisation_left_thawed(build, weights_path):
    """You leave the batch normalisation trainable. Its weights and statistics belong to what was learned."""
    backbone = _loaded(build, weights_path)
    for layer in backbone.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return backbone


@instead_of("load_backbone")
def last_layer_cut_off(build, weights_path):
    """You cut the last layer off. Asked is the network that `build` makes, whole."""
    backbone = _loaded(build, weights_path)
    cut = keras.Model(backbone.inputs[0], backbone.layers[-2].output)
    cut.trainable = False
    return cut


@instead_of("build_transfer_model")
def base_not_frozen(base, n_classes, hidden, drop_rate):
    """You take the base as it comes. Its flags may be set to trainable, and then training the head would change
    it: freeze it here. A call with training=False does not freeze."""
    return _on(
        base, *_pool(base), _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(n_classes)
    )


def _softmax(n_classes):
    return _dense(n_classes, "softmax")


@instead_of("build_transfer_model")
def everything_frozen(base, n_classes, hidden, drop_rate):
    """You freeze the whole model, head included, so that training changes nothing at all. Freeze the base only."""
    model = base_not_frozen(base, n_classes, hidden, drop_rate)
    model.trainable = False
    return model


@instead_of("build_transfer_model")
def hidden_layer_frozen_too(base, n_classes, hidden, drop_rate):
    """You freeze all layers of your model but the last, the new hidden layer included. Freeze the base only."""
    model = base_not_frozen(base, n_classes, hidden, drop_rate)
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model


@instead_of("build_transfer_model")
def only_first_base_layer_frozen(base, n_classes, hidden, drop_rate):
    """You freeze the first layer of the base only; its other layers are still trained."""
    for layer in base.layers:
        layer.trainable = layer not in base.layers[:2]
    return base_not_frozen(base, n_classes, hidden, drop_rate)


@instead_of("build_transfer_model")
def weights_frozen_but_not_the_statistics(base, n_classes, hidden, drop_rate):
    """You freeze the layers of the base but not its batch normalisation, whose weights and statistics then move
    with every training step."""
    for layer in base.layers:
        if not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base_not_frozen(base, n_classes, hidden, drop_rate)


@instead_of("build_transfer_model")
def base_weights_switched_off_one_by_one(base, n_classes, hidden, drop_rate):
    """No training changes the weights of your base, but its batch normalisation still moves its statistics: you hold
    weights or gradients back, not layers. The switch is the flag of a layer or of the whole base."""
    for weight in base.weights:
        weight.trainable = False
    return base_not_frozen(base, n_classes, hidden, drop_rate)


@instead_of("build_transfer_model")
def pooling_forgotten(base, n_classes, hidden, drop_rate):
    """You put dense layers on the map as it is, and so get a prediction for every position. Average over the
    positions first: one row per image."""
    base.trainable = False
    return _on(base, _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(n_classes))


@instead_of("build_transfer_model")
def flattened(base, n_classes, hidden, drop_rate):
    """You lay the map out in one row instead of averaging over the positions. The head then has far more
    weights, and sees where something is instead of whether it is there."""
    base.trainable = False
    flat = [keras.layers.Flatten()] if _pool(base) else []
    return _on(base, *flat, _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(n_classes))


@instead_of("build_transfer_model")
def pooled_by_maximum(base, n_classes, hidden, drop_rate):
    """You take the largest value over the positions; the average is asked."""
    base.trainable = False
    pool = [keras.layers.GlobalMaxPooling2D()] if _pool(base) else []
    return _on(base, *pool, _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(n_classes))


@instead_of("build_transfer_model")
def old_class_count(base, n_classes, hidden, drop_rate):
    """Your head has as many outputs as the base. The number of classes that the base was made for does not
    matter any more."""
    base.trainable = False
    old = base.output_shape[-1]
    return _on(base, *_pool(base), _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(old))


@instead_of("build_transfer_model")
def old_classes_cut_off(base, n_classes, hidden, drop_rate):
    """You take the last layer off a base that gives rows. All of the base stays: its outputs are the features, also
    where they once were classes."""
    base.trainable = False
    cut = base if _pool(base) else keras.Model(base.inputs, base.layers[-2].output)
    return base_not_frozen(cut, n_classes, hidden, drop_rate)


@instead_of("build_transfer_model")
def head_at_the_input(base, n_classes, hidden, drop_rate):
    """You put the new layers in front of the base. The head goes on its output end, where the features are."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.Dropout(drop_rate)(_dense(hidden, "relu")(inputs))
    x = base(_dense(base.input_shape[-1])(x))
    for layer in _pool(base):
        x = layer(x)
    return keras.Model(inputs, _softmax(n_classes)(x))


@instead_of("build_transfer_model")
def logits(base, n_classes, hidden, drop_rate):
    """Your last layer has no softmax, so its outputs are no probabilities."""
    base.trainable = False
    return _on(base, *_pool(base), _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _dense(n_classes))


@instead_of("build_transfer_model")
def sigmoid_for_softmax(base, n_classes, hidden, drop_rate):
    """You use a sigmoid for each class: the probabilities of an image do not sum to 1. Its classes exclude each
    other."""
    base.trainable = False
    last = _dense(n_classes, "sigmoid")
    return _on(base, *_pool(base), _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), last)


@instead_of("build_transfer_model")
def hidden_layer_missing(base, n_classes, hidden, drop_rate):
    """Your head has no hidden layer: two dense layers are asked, with dropout between them."""
    base.trainable = False
    return _on(base, *_pool(base), keras.layers.Dropout(drop_rate), _softmax(n_classes))


@instead_of("build_transfer_model")
def hidden_layer_linear(base, n_classes, hidden, drop_rate):
    """Your hidden layer has no activation, so the two dense layers together are no more than one. A ReLU is
    asked."""
    base.trainable = False
    return _on(base, *_pool(base), _dense(hidden), keras.layers.Dropout(drop_rate), _softmax(n_classes))


@instead_of("build_transfer_model")
def dropout_missing(base, n_classes, hidden, drop_rate):
    """You leave dropout out: in training your head drops nothing."""
    base.trainable = False
    return _on(base, *_pool(base), _dense(hidden, "relu"), _softmax(n_classes))


@instead_of("build_transfer_model")
def dropout_always(base, n_classes, hidden, drop_rate):
    """You switch dropout on for good, so that hidden units are dropped wherever the model is just called on images.
    Keras knows by itself when a training is under way."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(inputs)
    for layer in [*_pool(base), _dense(hidden, "relu")]:
        x = layer(x)
    x = keras.layers.Dropout(drop_rate)(x, training=True)
    return keras.Model(inputs, _softmax(n_classes)(x))


@instead_of("build_transfer_model")
def half_is_always_dropped(base, n_classes, hidden, drop_rate):
    """You drop half of the hidden units, whatever rate was asked for."""
    base.trainable = False
    return _on(base, *_pool(base), _dense(hidden, "relu"), keras.layers.Dropout(0.5), _softmax(n_classes))


@instead_of("build_transfer_model")
def rate_of_those_kept(base, n_classes, hidden, drop_rate):
    """You give Keras the share of units to keep. Its Dropout layer, like this exercise, takes the share of those
    that are dropped."""
    base.trainable = False
    drop = keras.layers.Dropout(1 - drop_rate)
    return _on(base, *_pool(base), _dense(hidden, "relu"), drop, _softmax(n_classes))


@instead_of("build_transfer_model")
def dropout_before_hidden(base, n_classes, hidden, drop_rate):
    """You drop features of the base instead of hidden units: dropout comes after the hidden layer."""
    base.trainable = False
    return _on(
        base, *_pool(base), keras.layers.Dropout(drop_rate), _dense(hidden, "relu"), _softmax(n_classes)
    )


@instead_of("build_transfer_model")
def dropout_after_softmax(base, n_classes, hidden, drop_rate):
    """You drop probabilities at the very end. Dropout belongs between the two dense layers."""
    base.trainable = False
    return _on(
        base, *_pool(base), _dense(hidden, "relu"), _softmax(n_classes), keras.layers.Dropout(drop_rate)
    )


@instead_of("build_transfer_model")
def base_cloned(base, n_classes, hidden, drop_rate):
    """You build the base anew, with random weights. What it had learned is lost: use the base itself."""
    clone = keras.models.clone_model(base)
    clone.trainable = False
    return base_not_frozen(clone, n_classes, hidden, drop_rate)


@instead_of("build_transfer_model")
def base_copied_with_weights(base, n_classes, hidden, drop_rate):
    """You build the model on a copy of the base, with the same weights. When the base itself is trained or loaded
    anew later, your model does not notice: use the base as it is."""
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    copy.trainable = False
    return _on(
        copy, *_pool(copy), _dense(hidden, "relu"), keras.layers.Dropout(drop_rate), _softmax(n_classes)
    )
