"""Layers connected into a graph, with and without a skip connection.

A network is a graph: each layer takes the output of another one. With Keras's Functional API you draw that
graph yourself. You start from `keras.Input`, a placeholder for one batch whose values are not known yet. You
call a layer on it and get the placeholder of the layer's output, and so on. At the end, `keras.Model(inputs,
outputs)` makes a model of everything between the two.

Making a layer and calling it are two things. `keras.layers.Dense(3)` makes a layer; calling it on a
placeholder connects it. A layer that is called at two places is one layer with one set of weights. So each
place in the graph that is to learn something of its own needs a layer of its own.

First model, the multi-layer perceptron. x is the input, with n_inputs features; B is the batch size. Each
entry of `hidden` is the number of units of one hidden layer:

    h1 = relu(Dense(x))     h2 = relu(Dense(h1))     ...     output = Dense(last h)

relu(z) = max(z, 0) keeps what is positive. Without it, a stack of dense layers could do no more than a single
one. The last layer has no activation: its output may be any number, negative ones included. With an empty
list there is no hidden layer, and the output is one dense layer of x.

Second model, with skip connections. When many layers follow one another, the signal, and the gradient on its
way back, fades. In a residual network ("Deep Residual Learning for Image Recognition", He et al., 2016) a block
computes a change, and adds it to what went in:

    h = relu(Dense(x))                       the stem: from n_inputs to `width` features
    h = h + DenseB(relu(DenseA(h)))          one block, repeated n_blocks times, all of `width` units
    output = Dense(h)                        the head: n_outputs units, no activation

Each block works on the h that the block before it has left. Here nothing follows the sum: it may be negative,
and goes into the next block as it is. With 0 blocks the head follows the stem.

Example, one block with width 2: h = [1, 3] goes in, and the block computes the change [-4, 0.5]. Out comes
[-3, 3.5].

Number of weights: a dense layer from d to u features has d * u + u. So the model with skip connections and
n_inputs = 3, width = 2, n_blocks = 4 and n_outputs = 1 has

    (3 * 2 + 2) + 4 * 2 * (2 * 2 + 2) + (2 * 1 + 1) = 59.

What is asked:

* Both functions return a new model with new layers each time they are called: to train one model must not
  change another one.
* The models hold no other weights than these, and all of them can be trained. Start values are up to you.
* They take a batch of any size, 1 included, and compute the same in training as at inference: there is no
  dropout in them.
* The list that is handed in stays as it is.

How you connect the layers is up to you: the Functional API is the plain way, and a subclass or a model inside a
model is as good. A layer of your own keeps its kernel as Keras's dense layer does, in the shape (d, u): the output
is looked at after the weights got other values. Training is not asked.
"""

import keras


def build_mlp(n_inputs: int, hidden: list[int], n_outputs: int) -> keras.Model:
    """Build a multi-layer perceptron.

    Args:
        n_inputs: number of input features, at least 1.
        hidden: number of units of each hidden layer, from the input on; may be empty.
        n_outputs: number of outputs, at least 1.

    Returns:
        A model that maps (B, n_inputs) float32 to (B, n_outputs) float32.
    """
    h = inputs = keras.Input((n_inputs,))
    for units in hidden:
        h = keras.layers.Dense(units, activation="relu")(h)  # (B, units)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(h))


def build_residual_mlp(n_inputs: int, width: int, n_blocks: int, n_outputs: int) -> keras.Model:
    """Build a perceptron of residual blocks between a stem and a head.

    Args:
        n_inputs: number of input features, at least 1.
        width: number of units of the stem and of both layers of each block, at least 1.
        n_blocks: number of blocks, 0 or more.
        n_outputs: number of outputs, at least 1.

    Returns:
        A model that maps (B, n_inputs) float32 to (B, n_outputs) float32.
    """
    inputs = keras.Input((n_inputs,))
    h = keras.layers.Dense(width, activation="relu")(inputs)  # (B, width)
    for _ in range(n_blocks):
        change = keras.layers.Dense(width, activation="relu")(h)
        h = h + keras.layers.Dense(width)(change)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(h))  # (B, n_outputs)
