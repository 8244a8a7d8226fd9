"""Known mistakes in models with several inputs and outputs."""

import keras

from keras_kata import instead_of

layers = keras.layers


def inputs_of(n_context):
    """The three inputs."""
    user = keras.Input((1,), name="user", dtype="int32")
    item = keras.Input((1,), name="item", dtype="int32")
    return [user, item, keras.Input((n_context,), name="context")]


def embedded(n_users, n_items, dim, user, item):
    """Both embeddings, (B, dim) each."""
    rows = layers.Embedding(n_users, dim)(user), layers.Embedding(n_items, dim)(item)
    return [layers.Flatten()(row) for row in rows]


def outputs_of(h):
    """The two outputs that are asked for."""
    return {"rating": layers.Dense(1)(h), "click": layers.Dense(1, activation="sigmoid")(h)}


def hidden_of(n_users, n_items, n_context, dim, hidden):
    """The three inputs, and the hidden layer's output."""
    user, item, context = inputs = inputs_of(n_context)
    joined = layers.Concatenate()([*embedded(n_users, n_items, dim, user, item), context])
    return inputs, layers.Dense(hidden, activation="relu")(joined)


@instead_of("build_rating_model")
def shared_table(n_users, n_items, n_context, dim, hidden):
    """Users and items share one embedding table in your model: user 3 and item 3 get the same vector, though they
    have nothing to do with each other. Each kind needs a table of its own."""
    user, item, context = inputs = inputs_of(n_context)
    table = layers.Embedding(max(n_users, n_items), dim)
    joined = layers.Concatenate()([layers.Flatten()(table(user)), layers.Flatten()(table(item)), context])
    return keras.Model(inputs, outputs_of(layers.Dense(hidden, activation="relu")(joined)))


@instead_of("build_rating_model")
def flatten_forgotten(n_users, n_items, n_context, dim, hidden):
    """Your outputs have the shape (B, 1, 1): the axis that an embedding adds is still there. Against targets (B, 1)
    that broadcasts without an error, and compares every example with every other one's target."""
    user, item, context = inputs = inputs_of(n_context)
    u, v = layers.Embedding(n_users, dim)(user), layers.Embedding(n_items, dim)(item)
    joined = layers.Concatenate()([u, v, layers.Reshape((1, n_context))(context)])
    return keras.Model(inputs, outputs_of(layers.Dense(hidden, activation="relu")(joined)))


@instead_of("build_rating_model")
def chained_heads(n_users, n_items, n_context, dim, hidden):
    """You compute the click from the rating. One number is all that the click then knows; both outputs should start
    from the hidden layer."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    rating = layers.Dense(1)(h)
    return keras.Model(inputs, {"rating": rating, "click": layers.Dense(1, activation="sigmoid")(rating)})


@instead_of("build_rating_model")
def one_head_for_both(n_users, n_items, n_context, dim, hidden):
    """Rating and click come from one and the same output layer, so a higher rating always means a likelier click.
    Each output needs weights of its own."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    rating = layers.Dense(1)(h)
    return keras.Model(inputs, {"rating": rating, "click": layers.Activation("sigmoid")(rating)})


@instead_of("build_rating_model")
def softmax_single_unit(n_users, n_items, n_context, dim, hidden):
    """Your click is always 1: a softmax makes its outputs add up to 1, and here there is only one. For a single
    probability there is another activation."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    rating, logit = layers.Dense(1)(h), layers.Dense(1)(h)
    return keras.Model(inputs, {"rating": rating, "click": keras.ops.exp(logit) / keras.ops.exp(logit)})


@instead_of("build_rating_model")
def click_as_logit(n_users, n_items, n_context, dim, hidden):
    """Your click has no activation, so it may be negative or above 1. A probability is asked for."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    return keras.Model(inputs, {"rating": layers.Dense(1)(h), "click": layers.Dense(1)(h)})


@instead_of("build_rating_model")
def list_outputs(n_users, n_items, n_context, dim, hidden):
    """Your model returns a list, so the names of its outputs are lost: who uses it must know their order. A dict
    was asked for."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    return keras.Model(inputs, list(outputs_of(h).values()))


@instead_of("build_rating_model")
def context_ignored(n_users, n_items, n_context, dim, hidden):
    """Your model takes the context and does not use it: only the two embeddings reach the hidden layer."""
    user, item, _ = inputs = inputs_of(n_context)
    joined = layers.Concatenate()(embedded(n_users, n_items, dim, user, item))
    return keras.Model(inputs, outputs_of(layers.Dense(hidden, activation="relu")(joined)))


@instead_of("build_rating_model")
def one_row_too_many(n_users, n_items, n_context, dim, hidden):
    """Your tables have a row more than there are users and items. Ids start at 0, so as many rows as ids are enough;
    the extra one is never picked."""
    inputs, h = hidden_of(n_users + 1, n_items + 1, n_context, dim, hidden)
    return keras.Model(inputs, outputs_of(h))


@instead_of("build_rating_model")
def no_hidden_activation(n_users, n_items, n_context, dim, hidden):
    """Your hidden layer has no ReLU, so up to the outputs the model can only add up: what a user thinks of an item
    could not depend on the moment."""
    user, item, context = inputs = inputs_of(n_context)
    joined = layers.Concatenate()([*embedded(n_users, n_items, dim, user, item), context])
    return keras.Model(inputs, outputs_of(layers.Dense(hidden)(joined)))


@instead_of("build_rating_model")
def rating_never_negative(n_users, n_items, n_context, dim, hidden):
    """Your rating has a ReLU, which turns every negative number into 0. The rating may be any number, so its output
    has no activation."""
    inputs, h = hidden_of(n_users, n_items, n_context, dim, hidden)
    return keras.Model(inputs, outputs_of(h) | {"rating": layers.Dense(1, activation="relu")(h)})


def compiled(model, losses, weights):
    """Compile with a loss and a weight for rating and click."""
    names = ("rating", "click")
    weighted = None if weights is None else dict(zip(names, weights, strict=True))
    model.compile(loss=dict(zip(names, losses, strict=True)), loss_weights=weighted)


@instead_of("compile_rating_model")
def weights_swapped(model, rating_weight, click_weight):
    """Your two weights have changed places: the rating's multiplies the loss of the click."""
    compiled(model, ("mse", "binary_crossentropy"), (click_weight, rating_weight))


@instead_of("compile_rating_model")
def weights_ignored(model, rating_weight, click_weight):
    """You do not use the weights: both losses count fully."""
    compiled(model, ("mse", "binary_crossentropy"), None)


@instead_of("compile_rating_model")
def squared_error_for_both(model, rating_weight, click_weight):
    """You use the squared error for the click as well. For a probability the cross-entropy was asked for: it punishes
    a confident wrong answer far harder."""
    compiled(model, ("mse", "mse"), (rating_weight, click_weight))


@instead_of("compile_rating_model")
def click_taken_for_logit(model, rating_weight, click_weight):
    """You tell the cross-entropy that it gets logits. The click is a probability already, and would be put through a
    second sigmoid."""
    compiled(model, ("mse", keras.losses.BinaryCrossentropy(from_logits=True)), (rating_weight, click_weight))


@instead_of("compile_rating_model")
def losses_by_position(model, rating_weight, click_weight):
    """You list the losses and their weights without the names of the outputs. Keras hands them out in alphabetical
    order of the names, so click gets what is meant for rating, and rating what is meant for click."""
    model.compile(loss=["mse", "binary_crossentropy"], loss_weights=[rating_weight, click_weight])
