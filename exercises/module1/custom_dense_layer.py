"""A dense layer of your own.

A Keras layer is a calculation together with the numbers it has learned. When a model needs one that Keras
does not have, you write it as a subclass of `keras.layers.Layer`. Here you write the best-known layer of
all, so that only the writing is new:

    y = activation(x K + b)

x is the input, of shape (..., d): its last axis holds the d features of one item. K, the kernel, is a
(d, units) matrix of weights; x K is the matrix product. b, the bias, is a vector of `units` weights. y has
the shape (..., units). `activation` is a function such as relu(z) = max(z, 0); without one, y = x K + b.

Example with d = 2 and units = 3:

    x = [1, 2]      K = [[1, 0, -1],      b = [10, 20, 0]
                         [0, 1, -1]]

    x K = [1, 2, -3]    x K + b = [11, 22, -3]    with relu: y = [11, 22, 0]

A layer does its work in three methods:

* `__init__` keeps the settings. How large the input will be is not known yet, so there are no weights yet.
* `build(self, input_shape)` makes the weights. Keras calls it once, before the first `call`, with the shape
  of the input, for example (8, 2) or (None, 2): the batch size may be unknown, d is known. Make the weights
  with `self.add_weight(shape=..., initializer=...)`: then the layer lists them in `layer.weights`, and Keras
  trains and saves them. Keras does not notice a `tf.Variable` that you make yourself.
* `call` computes the output from the input and the weights.

What is asked:

* The weights are called `self.kernel`, (d, units), and `self.bias`, (units,), and both are trainable.
  With `use_bias=False` there is no bias: one weight only.
* The kernel starts with random values (any random initialiser of Keras), so that no two units start equal.
  The bias starts at zero.
* The weights are made once. Later calls, also with another batch size, use the same ones.
* Inputs have rank 2 or more. The layer acts on the last axis; the others stay as they are.
* The layer also works in a functional model, where `call` runs on symbolic tensors: they have a shape, with
  None for an unknown batch size or number of time steps, and no values. Operations of `keras.ops` and of
  TensorFlow can do that, numpy functions can't.

Write the calculation yourself: `keras.layers.Dense` and `keras.layers.EinsumDense` are not allowed. Saving
and loading the layer's settings (`get_config`) is not asked.
"""

import keras


class Affine(keras.layers.Layer):
    """A fully connected layer: `activation(x K + b)` on the last axis.

    Attributes:
        kernel: (d, units) float32, made at the first call, random at start.
        bias: (units,) float32, made at the first call, zero at start; None if there is no bias.
    """

    def __init__(self, units: int, use_bias: bool = True, activation: str | None = None, **kwargs):
        """Keep the settings.

        Args:
            units: size of the last axis of the output, at least 1.
            use_bias: whether b is added.
            activation: name of a Keras activation, such as "relu", "tanh" or "softmax"; None for none.
            **kwargs: what every Keras layer accepts (`name`, `dtype`, `trainable`), handed on to the parent.
        """
        raise NotImplementedError

    def call(self, x):
        """Compute the output.

        Args:
            x: (..., d) float32, rank 2 or more, with values or symbolic.

        Returns:
            (..., units) float32.
        """
        raise NotImplementedError
