"""Known mistakes in connecting layers."""

import keras

from keras_kata import instead_of

from .reference import build_residual_mlp

layers = keras.layers


@instead_of("build_mlp")
def each_layer_on_input(n_inputs, hidden, n_outputs):
    """You call every layer on the model's input. So each replaces the one before it in your variable, and only
    the last is part of the model: a layer has to be called on what the layer before it gives."""
    inputs = keras.Input((n_inputs,))
    for units in hidden:
        layers.Dense(units, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(n_outputs)(inputs))


@instead_of("build_mlp")
def each_hidden_layer_on_input(n_inputs, hidden, n_outputs):
    """You call every hidden layer on the model's input. So each replaces the one before it in your variable, and
    only the last is part of the model: a layer has to be called on what the layer before it gives."""
    h = inputs = keras.Input((n_inputs,))
    for units in hidden:
        h = layers.Dense(units, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def equal_layers_are_one(n_inputs, hidden, n_outputs):
    """Where two places in the graph ask for layers of the same size, you use the same layer for both, with one set
    of weights. Each place needs a layer of its own."""
    made = {}
    h = inputs = keras.Input((n_inputs,))
    for units in hidden:
        h = made.setdefault((h.shape[-1], units), layers.Dense(units, activation="relu"))(h)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def dropout_added(n_inputs, hidden, n_outputs):
    """There is dropout in your model, so in training it gives something else each time. It was not asked for: the
    formula has dense layers and nothing else."""
    h = inputs = keras.Input((n_inputs,))
    for units in hidden:
        h = layers.Dropout(0.5)(layers.Dense(units, activation="relu")(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def last_hidden_without_activation(n_inputs, hidden, n_outputs):
    """Your last hidden layer has no activation. Only the output layer goes without; between two layers without
    an activation, the one could be left out."""
    h = inputs = keras.Input((n_inputs,))
    for units in hidden[:-1]:
        h = layers.Dense(units, activation="relu")(h)
    for units in hidden[-1:]:
        h = layers.Dense(units)(h)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def softmax_on_output(n_inputs, hidden, n_outputs):
    """Your output layer has a softmax, which makes probabilities. The last layer should be able to give any
    number."""
    h = inputs = keras.Input((n_inputs,))
    for units in hidden:
        h = layers.Dense(units, activation="relu")(h)
    return keras.Model(inputs, layers.Dense(n_outputs, activation="softmax")(h))


@instead_of("build_mlp")
def relu_on_output(n_inputs, hidden, n_outputs):
    """Your output layer has a ReLU, which turns every negative output into 0. The last layer should be able to
    give any number."""
    h = inputs = keras.Input((n_inputs,))
    for units in [*hidden, n_outputs]:
        h = layers.Dense(units, activation="relu")(h)
    return keras.Model(inputs, h)


@instead_of("build_mlp")
def no_hidden_activation(n_inputs, hidden, n_outputs):
    """Your hidden layers have no activation. One linear map after another is a linear map again, so the whole
    stack can do no more than a single dense layer."""
    h = inputs = keras.Input((n_inputs,))
    for units in [*hidden, n_outputs]:
        h = layers.Dense(units)(h)
    return keras.Model(inputs, h)


@instead_of("build_mlp")
def only_one_hidden_layer(n_inputs, hidden, n_outputs):
    """Your model has one hidden layer, however long the list is. Every entry of the list asks for a layer of its
    own, and each one follows the one before."""
    h = inputs = keras.Input((n_inputs,))
    if hidden:
        h = layers.Dense(hidden[0], activation="relu")(h)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def hidden_reversed(n_inputs, hidden, n_outputs):
    """You build the hidden layers from the end of the list: its first entry belongs next to the input."""
    h = inputs = keras.Input((n_inputs,))
    for units in hidden[::-1]:
        h = layers.Dense(units, activation="relu")(h)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_mlp")
def list_extended(n_inputs, hidden, n_outputs):
    """You append the output layer to the list that you were given. The list belongs to the caller, who may use it
    again, for the next model: then it has an entry too many."""
    hidden.append(n_outputs)
    h = inputs = keras.Input((n_inputs,))
    for units in hidden[:-1]:
        h = layers.Dense(units, activation="relu")(h)
    return keras.Model(inputs, layers.Dense(hidden[-1])(h))


@instead_of("build_mlp")
def layers_kept_between_calls(n_inputs, hidden, n_outputs, made={}):  # noqa: B006 - this is the mistake
    """Your layers outlive the call that made them, and the next model gets the same ones. So the models share
    their weights: train one, and the other one changes too."""
    h = inputs = keras.Input((n_inputs,))
    for place, units in enumerate([*hidden, n_outputs]):
        activation = "relu" if place < len(hidden) else None
        key = (place, h.shape[-1], units, activation)
        if key not in made:
            made[key] = layers.Dense(units, activation)
        h = made[key](h)
    return keras.Model(inputs, h)


@instead_of("build_residual_mlp")
def skip_from_stem(n_inputs, width, n_blocks, n_outputs):
    """Each of your blocks adds its change to the output of the stem, so what the blocks before it have added is
    lost. A block adds to its own input."""
    inputs = keras.Input((n_inputs,))
    h = stem = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        h = stem + layers.Dense(width)(layers.Dense(width, activation="relu")(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def change_from_stem(n_inputs, width, n_blocks, n_outputs):
    """Each of your blocks computes its change from the output of the stem, so the blocks stand side by side. They
    should follow one another: a block works on what the block before it has left."""
    inputs = keras.Input((n_inputs,))
    h = stem = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        h = h + layers.Dense(width)(layers.Dense(width, activation="relu")(stem))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def skip_missing(n_inputs, width, n_blocks, n_outputs):
    """Your blocks replace h by what they compute, as in a plain chain of layers. A residual block computes a
    change, and adds it to what went in."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        h = layers.Dense(width)(layers.Dense(width, activation="relu")(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def skip_around_second_layer_only(n_inputs, width, n_blocks, n_outputs):
    """You add the change to what the first layer of the block gives. It is the h that went into the block that has
    to come out, plus the change: the way around goes past both layers."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        change = layers.Dense(width, activation="relu")(h)
        h = change + layers.Dense(width)(change)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def activation_before_layers(n_inputs, width, n_blocks, n_outputs):
    """You apply the ReLU before each layer of a block. Some networks do ("pre-activation"); here it stands once,
    between the two layers."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        change = layers.Dense(width)(layers.ReLU()(h))
        h = h + layers.Dense(width)(layers.ReLU()(change))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def block_without_activation(n_inputs, width, n_blocks, n_outputs):
    """There is no ReLU in your blocks. Two dense layers without one between them can do no more than a single
    one."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        h = h + layers.Dense(width)(layers.Dense(width)(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def at_least_one_block(n_inputs, width, n_blocks, n_outputs):
    """Your model has a block even where none is asked for. With 0 blocks the head follows the stem."""
    return build_residual_mlp(n_inputs, width, max(n_blocks, 1), n_outputs)


@instead_of("build_residual_mlp")
def concatenated(n_inputs, width, n_blocks, n_outputs):
    """You put the change beside h, which makes it wider with every block. A residual block adds it, number by
    number, and the width stays."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(h))
        h = layers.Concatenate()([h, change])
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def one_layer_object_reused(n_inputs, width, n_blocks, n_outputs):
    """You make the two layers of a block once, and call the same objects in every block. So all blocks share one
    set of weights, and the model has fewer numbers to learn than it should."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    first, second = layers.Dense(width, activation="relu"), layers.Dense(width)
    for _ in range(n_blocks):
        h = h + second(first(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def activation_after_add(n_inputs, width, n_blocks, n_outputs):
    """You apply a ReLU to the sum. Some networks do; in this one the sum goes on as it is, so that what comes in
    can pass through all blocks unchanged."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        h = layers.ReLU()(h + layers.Dense(width)(layers.Dense(width, activation="relu")(h)))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def change_never_negative(n_inputs, width, n_blocks, n_outputs):
    """The second layer of your blocks has a ReLU as well. Then a change is never negative, and the blocks can only
    make h larger."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width, activation="relu")(inputs)
    for _ in range(n_blocks):
        change = layers.Dense(width, activation="relu")(h)
        h = h + layers.Dense(width, activation="relu")(change)
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def stem_without_activation(n_inputs, width, n_blocks, n_outputs):
    """Your stem has no activation. It is a hidden layer like the first of a perceptron, with a ReLU."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(width)(inputs)
    for _ in range(n_blocks):
        h = h + layers.Dense(width)(layers.Dense(width, activation="relu")(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))


@instead_of("build_residual_mlp")
def no_stem_at_equal_widths(n_inputs, width, n_blocks, n_outputs):
    """You leave the stem out where the input already has the width of the blocks. The stem is not only there to
    change the width: it has weights and a ReLU of its own, whatever the sizes."""
    h = inputs = keras.Input((n_inputs,))
    if n_inputs != width:
        h = layers.Dense(width, activation="relu")(h)
    for _ in range(n_blocks):
        h = h + layers.Dense(width)(layers.Dense(width, activation="relu")(h))
    return keras.Model(inputs, layers.Dense(n_outputs)(h))
