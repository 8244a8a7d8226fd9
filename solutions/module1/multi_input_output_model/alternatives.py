"""Other right ways to build and compile the recommender."""

import keras
import tensorflow as tf
from keras import layers

from keras_kata import instead_of


@instead_of("build_rating_model")
def dict_of_inputs(n_users, n_items, n_context, dim, hidden):
    """Inputs as a dict; Reshape; outputs named after their layers, made in the other order."""
    inputs = {
        "context": keras.Input((n_context,), name="context", dtype="float32"),
        "item": keras.Input((1,), name="item", dtype="int64"),
        "user": keras.Input((1,), name="user", dtype="int64"),
    }
    rows = {"user": n_users, "item": n_items}
    parts = [layers.Reshape((dim,))(layers.Embedding(n, dim)(inputs[name])) for name, n in rows.items()]
    h = layers.Dense(hidden)(layers.concatenate([*parts, inputs["context"]], axis=-1))
    h = layers.ReLU()(h)
    click = layers.Dense(1, activation="sigmoid", name="click")(h)
    rating = layers.Dense(1, activation="linear", name="rating")(h)
    return keras.Model(inputs=inputs, outputs={"click": click, "rating": rating})


@instead_of("build_rating_model")
def squeezed_floats(n_users, n_items, n_context, dim, hidden):
    """Ids declared as floats, which the embedding casts; ops.squeeze; a sigmoid on the logit."""
    user, item, context = (
        keras.Input((size,), name=name) for name, size in [("user", 1), ("item", 1), ("context", n_context)]
    )
    u = keras.ops.squeeze(layers.Embedding(n_users, dim, embeddings_initializer="normal")(user), axis=1)
    v = keras.ops.squeeze(layers.Embedding(n_items, dim)(item), axis=1)
    h = layers.Dense(hidden, "relu")(keras.ops.concatenate([u, v, context], axis=1))
    outputs = dict(rating=layers.Dense(1)(h), click=keras.ops.sigmoid(layers.Dense(1)(h)))  # noqa: C408
    return keras.Model([context, item, user], outputs)


class Recommender(keras.Model):
    """The model that `subclass` returns; it has no weights before its first call."""

    def __init__(self, n_users, n_items, dim, hidden):
        super().__init__()
        self.tables = {"user": layers.Embedding(n_users, dim), "item": layers.Embedding(n_items, dim)}
        self.hidden = layers.Dense(hidden, activation="relu")
        self.heads = [layers.Dense(1, "sigmoid"), layers.Dense(1)]

    def call(self, inputs):
        rows = [self.tables[name](inputs[name][:, 0]) for name in ("user", "item")]
        h = self.hidden(tf.concat([*rows, inputs["context"]], axis=1))
        click, rating = (head(h) for head in self.heads)
        return {"rating": rating, "click": click}


@instead_of("build_rating_model")
def subclass(n_users, n_items, n_context, dim, hidden):
    """A subclassed model; the ids lose their axis before the embedding."""
    return Recommender(n_users, n_items, dim, hidden)


@instead_of("compile_rating_model")
def loss_objects(model, rating_weight, click_weight):
    """Loss objects, with an optimizer and metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss={"click": keras.losses.BinaryCrossentropy(), "rating": keras.losses.MeanSquaredError()},
        loss_weights={"click": click_weight, "rating": rating_weight},
        metrics={"click": ["accuracy"], "rating": ["mae"]},
    )


@instead_of("compile_rating_model")
def weighted_functions(model, rating_weight, click_weight):
    """The weights are part of the loss functions."""

    def squared(t, y):
        return rating_weight * keras.losses.mean_squared_error(t, y)

    def cross_entropy(t, y):
        return click_weight * keras.losses.binary_crossentropy(t, y)

    model.compile("sgd", loss={"rating": squared, "click": cross_entropy})
