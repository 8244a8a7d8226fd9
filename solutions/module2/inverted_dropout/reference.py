"""Dropout: units that are switched off at random, in training only.

A large network can learn its training data by heart: groups of units come to rely on each other for details
that mean nothing. Dropout makes that hard. At each training step it replaces every activation, independently
of all others, by 0 with the probability `rate`. A unit can't count on any particular other one being there,
so each has to learn something that is useful by itself.

With the rate 0.2 that does not mean that a fifth of the network is lost. At the next step others are dropped,
and when the trained network is used, at inference, nothing is dropped at all.

To drop activations makes their sum smaller, and the next layer would see other sizes in training than at
inference. Inverted dropout, the form that Keras uses, mends it in training: it divides the activations that
are kept by 1 - rate, the probability of being kept. So on average over the noise each one keeps its value:

    (1 - rate) * x / (1 - rate) + rate * 0 = x

1. Forward. The noise is handed in: an array u in the shape of x, of random numbers, at least 0 and less than
   1. They may be exactly the rate.

       y = 0                where u < rate     (dropped)
       y = x / (1 - rate)   elsewhere          (kept)

   At inference y = x, whatever u is. Example with the rate 0.5:

       x = [1, 2, 3, 4]   u = [0.7, 0.1, 0.5, 0.3]   y = [2, 0, 6, 0] in training, [1, 2, 3, 4] at inference

2. Backward. In training the network needs the derivative of the loss with respect to x, given dy, the
   derivative with respect to y. By the chain rule it is dy times the derivative of y with respect to x, at
   each place by itself, with the same noise as forward.

3. How much noise is that? Take one unit of value 1. In training it becomes 1 / (1 - rate) with the
   probability 1 - rate, and otherwise 0. Its mean is 1. The relative noise is its standard deviation divided
   by its mean:

       sqrt(rate / (1 - rate))

   For the rates 0.2, 0.5 and 0.9 that is 0.5, 1 and 3. Near 1 it grows without bound: with a rate set too
   high, the noise drowns what there is to learn.

A rate that is less than 0, or 1 and more, is rejected with a ValueError by all three functions, at inference
too: it is a mistake in the settings, and better found early. A rate of 0 is allowed, and drops nothing.

Write the three functions. Draw no random numbers yourself, and change no argument.

Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014).
"""

import numpy as np


def dropout_forward(x: np.ndarray, u: np.ndarray, rate: float, training: bool) -> np.ndarray:
    """Activations after dropout.

    Args:
        x: (...) float32, activations, of any number of axes, at least one.
        u: float32, the noise, in the shape of `x`, at least 0 and less than 1.
        rate: the probability of being dropped.
        training: True in training, False at inference.

    Returns:
        Float, in the shape of `x`.

    Raises:
        ValueError: the rate is less than 0, or not less than 1.
    """
    factors = _factors(u, rate)
    return x * factors if training else x


def dropout_backward(dy: np.ndarray, u: np.ndarray, rate: float) -> np.ndarray:
    """The derivative of the loss with respect to the input of dropout, in training.

    Args:
        dy: (...) float32, the derivative of the loss with respect to the output.
        u: float32, the noise of the forward pass, in the shape of `dy`.
        rate: the probability of being dropped.

    Returns:
        Float, in the shape of `dy`.

    Raises:
        ValueError: the rate is less than 0, or not less than 1.
    """
    return dy * _factors(u, rate)


def relative_noise(rate: float) -> float:
    """Standard deviation divided by mean of one unit of value 1 after dropout, in training.

    Args:
        rate: the probability of being dropped.

    Returns:
        One number.

    Raises:
        ValueError: the rate is less than 0, or not less than 1.
    """
    _check(rate)
    return np.sqrt(rate / (1 - rate))


def _factors(u: np.ndarray, rate: float) -> np.ndarray:
    """What each activation is multiplied by in training."""
    _check(rate)
    return (u >= rate) / (1 - rate)


def _check(rate: float) -> None:
    if not 0 <= rate < 1:
        raise ValueError(f"the rate must be at least 0 and less than 1, not {rate}")
