"""Known mistakes in comparing two inputs."""

import keras

from keras_kata import instead_of

layers, ops = keras.layers, keras.ops


def distance_model(n_inputs, first, second, distance):
    """The model that encodes a by `first` and b by `second`, and compares the codes."""
    a, b = keras.Input((n_inputs,)), keras.Input((n_inputs,))
    return keras.Model([a, b], distance(first(a), second(b)))


def root_of_sum(p, q, least=1e-12):
    """The distance that is asked for."""
    return ops.sqrt(ops.maximum(ops.sum((p - q) ** 2, axis=-1, keepdims=True), least))


@instead_of("build_encoder")
def code_never_negative(n_inputs, hidden, dim):
    """The last layer of your encoder has a ReLU as well. So codes are never negative, and half of the space, or far
    more, stays unused; the last layer should be able to give any number."""
    inputs = keras.Input((n_inputs,))
    h = layers.Dense(hidden, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(dim, activation="relu")(h))


@instead_of("build_siamese")
def two_encoders(encoder, n_inputs):
    """Each of your two inputs has an encoder of its own: you copy or rebuild the one that you were given. They have
    twice as many weights, and learn apart from each other, so that equal inputs no longer get equal codes."""
    copy = keras.models.clone_model(encoder)
    copy.name = f"{encoder.name}_copy"
    return distance_model(n_inputs, encoder, copy, root_of_sum)


@instead_of("build_siamese")
def two_encoders_of_one_name(encoder, n_inputs):
    """You copy the encoder for the second input, and Keras refuses two models of one name. Another name would not make
    it right: two encoders learn apart from each other, so the one that you were given has to be called twice."""
    return distance_model(n_inputs, encoder, keras.models.clone_model(encoder), root_of_sum)


@instead_of("build_siamese")
def encoder_copied(encoder, n_inputs):
    """You use one encoder for both inputs, but it is a copy of the one that was handed in. To train your model does
    not train that one, which the caller goes on using."""
    copy = keras.models.clone_model(encoder)
    return distance_model(n_inputs, copy, copy, root_of_sum)


@instead_of("build_siamese")
def encoder_hidden_in_lambda(encoder, n_inputs):
    """You call the encoder inside a function that Keras can't look into, such as one in a Lambda layer. The output is
    right, but the model does not know the encoder's weights, and so will not train them."""
    compare = layers.Lambda(lambda a, b: root_of_sum(encoder(a), encoder(b)), output_shape=(1,))
    a, b = keras.Input((n_inputs,)), keras.Input((n_inputs,))
    return keras.Model([a, b], compare(a, b))


@instead_of("build_siamese")
def nan_at_zero(encoder, n_inputs):
    """You take the root of a sum that is 0 for two equal inputs. There the root is infinitely steep, and its
    gradient is NaN: one such pair ruins every weight. To add to the distance afterwards does not help."""
    return distance_model(
        n_inputs, encoder, encoder, lambda p, q: ops.sqrt(ops.sum((p - q) ** 2, axis=-1, keepdims=True))
    )


@instead_of("build_siamese")
def bound_too_large(encoder, n_inputs):
    """The bound under your root is too large, such as Keras's epsilon of 1e-7: its root is 0.0003, and equal inputs
    should be nearer than that."""
    return distance_model(n_inputs, encoder, encoder, lambda p, q: root_of_sum(p, q, keras.config.epsilon()))


@instead_of("build_siamese")
def mean_over_features(encoder, n_inputs):
    """You take the mean of the squared differences under the root. The Euclidean distance has their sum; with the
    mean, the margin would mean something else for each length of code."""

    def distance(p, q):
        return ops.sqrt(ops.maximum(ops.mean((p - q) ** 2, axis=-1, keepdims=True), 1e-12))

    return distance_model(n_inputs, encoder, encoder, distance)


@instead_of("build_siamese")
def differences_added_up(encoder, n_inputs):
    """You add up the absolute differences of the codes, the way along the streets of a grid. The Euclidean distance is
    the straight line: the root of the sum of the squares."""

    def distance(p, q):
        return ops.sum(ops.abs(p - q), axis=-1, keepdims=True)

    return distance_model(n_inputs, encoder, encoder, distance)


@instead_of("build_siamese")
def root_missing(encoder, n_inputs):
    """You return the square of the distance: the root is missing."""
    return distance_model(n_inputs, encoder, encoder, lambda p, q: ops.maximum(root_of_sum(p, q) ** 2, 1e-12))


@instead_of("build_siamese")
def feature_axis_lost(encoder, n_inputs):
    """The output of your model has the shape (B,): the sum has removed the last axis. Models give one row for each
    example, here of one number, (B, 1)."""
    return distance_model(n_inputs, encoder, encoder, lambda p, q: root_of_sum(p, q)[:, 0])


@instead_of("contrastive_loss")
def label_convention_reversed(same, distance, margin):
    """You pull apart the pairs with same = 1, and together those with same = 0: the two parts of the loss have changed
    places."""
    gap = ops.maximum(0, margin - distance)
    return ops.mean((1 - same) * distance**2 + same * gap**2)


@instead_of("contrastive_loss")
def hinge_missing(same, distance, margin):
    """Your loss also grows where a different pair is further away than the margin. Such pairs are good as they are,
    and cost nothing."""
    return ops.mean(same * distance**2 + (1 - same) * (margin - distance) ** 2)


@instead_of("contrastive_loss")
def not_squared(same, distance, margin):
    """Your loss has the distance and the missing distance as they are. Both are squared, so that large errors count
    more than small ones."""
    return ops.mean(same * distance + (1 - same) * ops.maximum(0, margin - distance))


@instead_of("contrastive_loss")
def push_not_squared(same, distance, margin):
    """For different pairs your loss has what they lack to the margin as it is. It is squared, like the distance of the
    same pairs."""
    return ops.mean(same * distance**2 + (1 - same) * ops.maximum(0, margin - distance))


@instead_of("contrastive_loss")
def summed_over_pairs(same, distance, margin):
    """You add up the losses of the pairs. The loss is their mean, so that it does not depend on the batch size."""
    return ops.sum(same * distance**2 + (1 - same) * ops.maximum(0, margin - distance) ** 2)


@instead_of("contrastive_loss")
def halved(same, distance, margin):
    """Your loss is half as large as it should be. Some papers put a factor of one half in front; here there is none."""
    return ops.mean(same * distance**2 + (1 - same) * ops.maximum(0, margin - distance) ** 2) / 2


@instead_of("build_siamese")
def encoder_always_in_training(encoder, n_inputs):
    """You call the encoder in training mode, whatever the caller asks for. An encoder with dropout then gives another
    distance at each call, even when nothing is trained."""

    def in_training(x):
        return encoder(x, training=True)

    return distance_model(n_inputs, in_training, in_training, root_of_sum)
