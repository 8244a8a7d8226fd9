"""Several inputs, several named outputs, weighted losses: a small recommender.

A shop wants to know two things of a user and an item: which rating would the user give, and would the user click
on it? What it knows is who the user is, which item it is, and a few numbers about the moment, such as the time of
day. One model can answer both questions: what helps with the one often helps with the other, so they share the
layers in the middle.

User and item are numbers of a list: user 7 is not "more" than user 3. An embedding turns such a number into a
vector: it is a table with one row for each user, all rows are learned, and the layer picks the row of the user. An
embedding with 3 rows of width 2 holds 6 numbers, and knows the ids 0, 1 and 2. Users and items have a table each.

The model, for one example:

    u = row `user` of the user table                      `dim` numbers
    v = row `item` of the item table                      `dim` numbers
    h = relu(Dense([u, v, context]))                      `hidden` numbers
    rating = Dense(h)                                     1 number, no activation
    click = sigmoid(Dense(h))                             1 number, between 0 and 1

[u, v, context] is the three in this order in one vector of dim + dim + n_context numbers. relu(z) = max(z, 0), and
sigmoid(z) = 1 / (1 + exp(-z)), a probability. Each Dense has a kernel and a bias of its own. rating and click
both start from h; neither is computed from the other.

Inputs have one row for each example; B is the number of examples. A user id comes as (B, 1), and its embedding is
(B, 1, dim): one axis too many. Remove it before you join the vectors, or the outputs become (B, 1, 1). That
would go unnoticed, since (B, 1, 1) against targets (B, 1) broadcasts to (B, B, 1): everybody's rating against
everybody's target.

With several outputs, Keras needs a loss for each, and makes one number of them, the total loss to be minimised:

    total = rating_weight * MSE(rating) + click_weight * BCE(click)

MSE is the mean squared error over the batch, mean of (t - y)^2, with target t and output y. BCE is the binary
cross-entropy, mean of -(t ln y + (1 - t) ln(1 - y)), where t is 1 or 0 and y the predicted probability. The weights
say how much one task counts beside the other; they need not add up to 1, and a weight of 0 switches a task off.

Example with one example, rating_weight = 0.5 and click_weight = 2: rating 3 where 5 is right gives MSE = 4; click
0.8 where 1 is right gives BCE = -ln 0.8 = 0.223. The total is 0.5 * 4 + 2 * 0.223 = 2.446.

What is asked:

* The model is called with a dict of arrays under the names `user`, `item` and `context`, and gives a dict of arrays
  under `rating` and `click`, both (B, 1). Batches of any size occur, 1 included.
* It holds no other weights: tables of exactly n_users and n_items rows, one Dense to h, one for each output. All
  can be trained. Start values are up to you. There is no dropout: in training it computes the same.
* `compile_rating_model` compiles the model, so that Keras reports the total above as `loss`. The optimizer is up to
  you. It works for any model that gives a dict of `rating` and `click`, and returns nothing.

How the model is made is up to you: with the Functional API, or as a subclass of `keras.Model`. A layer of your own
keeps its weights as Keras's do: a table as (rows, dim), a kernel from d to u features as (d, u). Training is not asked.

It builds on module1/functional_graph, where layers were first joined with the Functional API.
"""

import keras


def build_rating_model(n_users: int, n_items: int, n_context: int, dim: int, hidden: int) -> keras.Model:
    """Build the model of users, items and context.

    Args:
        n_users: number of users; ids are 0 to n_users - 1.
        n_items: number of items; ids are 0 to n_items - 1.
        n_context: number of context features, at least 1.
        dim: width of both embedding tables.
        hidden: number of units of the hidden layer.

    Returns:
        A model from a dict of `user` (B, 1) int32, `item` (B, 1) int32 and `context` (B, n_context) float32 to a
        dict of `rating` (B, 1) float32, any number, and `click` (B, 1) float32, a probability.
    """
    user = keras.Input((1,), name="user", dtype="int32")
    item = keras.Input((1,), name="item", dtype="int32")
    context = keras.Input((n_context,), name="context")
    u = keras.layers.Flatten()(keras.layers.Embedding(n_users, dim)(user))  # (B, dim)
    v = keras.layers.Flatten()(keras.layers.Embedding(n_items, dim)(item))  # (B, dim)
    joined = keras.layers.Concatenate()([u, v, context])  # (B, dim + dim + n_context)
    h = keras.layers.Dense(hidden, activation="relu")(joined)  # (B, hidden)
    outputs = {
        "rating": keras.layers.Dense(1)(h),
        "click": keras.layers.Dense(1, activation="sigmoid")(h),
    }
    return keras.Model([user, item, context], outputs)


def compile_rating_model(model: keras.Model, rating_weight: float, click_weight: float) -> None:
    """Compile a model for both tasks, in place.

    Args:
        model: a Keras model that gives a dict of `rating` (B, 1) and `click` (B, 1), a probability.
        rating_weight: how much the mean squared error of the rating counts, 0 or more.
        click_weight: how much the binary cross-entropy of the click counts, 0 or more.
    """
    model.compile(
        loss={"rating": "mean_squared_error", "click": "binary_crossentropy"},
        loss_weights={"rating": rating_weight, "click": click_weight},
    )
