"""A Model subclass whose dropout and batch normalisation obey `training`.

Some layers do one thing while a model is trained, and another when it is used. Both of the usual ones are in the
classifier that you write here, as a subclass of `keras.Model`:

    h = relu(Dense(x))                 n_hidden units
    h = BatchNormalization(h)          Keras's defaults
    h = Dropout(h)                     rate drop_rate
    logits = Dense(h)                  n_classes units, no activation

x is a batch, (B, d): B examples with d features. relu(z) = max(z, 0). The logits are the scores of the classes, and
may be any number. They are not probabilities: whoever needs those, or the loss, applies the softmax.

Batch normalisation, for each of the n_hidden features by itself:

- in training: subtract the mean of the batch, divide by sqrt(variance of the batch + 0.001), then multiply by a
  learned gamma and add a learned beta. Besides, keep running averages for later:
  moving = 0.99 * moving + 0.01 * (of this batch), for the mean (from 0) and for the variance (from 1);
- at inference: the same with the moving mean and variance in place of the batch's, and nothing is updated. So the
  output for an example does not depend on who else is in the batch, and a batch of 1 works.

Dropout:

- in training: each number is set to 0 with probability drop_rate, anew in every call, and what is left is divided by
  1 - drop_rate, so that the average stays the same;
- at inference: nothing happens.

Example of dropout with rate 0.25: [3, 6, 9] may become [4, 0, 12] in training; at inference it stays [3, 6, 9].

Which of the two is it? The caller says so, by the argument `training`: `model(x, training=True)` or
`model(x, training=False)`. `fit` passes True, `evaluate` and `predict` pass False, and a call without it,
`model(x)`, means inference. A model's `call` takes `training` and sees to it that the layers inside get it. A model
that decides by itself, in a fixed way, is wrong in one of the two: noisy predictions, or no regularisation.

A subclass makes its layers once, in `__init__`, and keeps them as attributes; `call` only uses them. Layers that
`call` makes would start with new random weights each time.

Number of weights, with d = 2, n_hidden = 3 and n_classes = 2: the dense layers have 2 * 3 + 3 and 3 * 2 + 2, gamma
and beta 3 each: 23 that are trained. The moving mean and variance are 3 numbers each: 6 that are not.

What is asked:

* The output follows the formulas above, in both modes, and `model(x)` is inference.
* The moving averages change in training mode only.
* The model holds the weights counted above, and no other ones.
* drop_rate may be 0. Batches in training have at least 2 examples, at inference any number.

How the layers are stored, and whether `call` passes `training` on to each or leaves that to Keras, is up to you.
A dense layer of your own keeps its kernel as Keras's does, in the shape (d, units).
Compiling, training and saving are not asked.

It builds on module1/custom_dense_layer: a model, too, is a layer, made of others.
"""

import keras


class RegularizedClassifier(keras.Model):
    """A classifier with one hidden layer, batch normalisation and dropout."""

    def __init__(self, n_hidden: int, n_classes: int, drop_rate: float):
        """Make the layers.

        Args:
            n_hidden: number of hidden units, at least 1.
            n_classes: number of classes, at least 1.
            drop_rate: share of the hidden numbers that training sets to 0, at least 0 and less than 1.
        """
        raise NotImplementedError

    def call(self, x, training=None):
        """Compute the scores of the classes.

        Args:
            x: (B, d) float32.
            training: True in training; False or None at inference.

        Returns:
            The logits, (B, n_classes) float32.
        """
        raise NotImplementedError
