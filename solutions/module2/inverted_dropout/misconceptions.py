"""Wrong answers to inverted_dropout that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import dropout_backward, dropout_forward, relative_noise


@instead_of("_factors")
def rate_is_keep_probability(u, rate):
    """You take the rate for the probability of being kept. It is the probability of being dropped: the higher
    the rate, the more zeros."""
    return (u < rate) / np.float64(rate)


@instead_of("_factors")
def kept_where_to_be_dropped(u, rate):
    """You keep the activations that are to be dropped, and drop the others. Where the noise is less than the
    rate there has to be a 0."""
    return (u < rate) / (1 - rate)


@instead_of("_factors")
def dropped_at_equality(u, rate):
    """You also drop where the noise is exactly the rate. As the noise can be 0, you would then drop something
    at the rate 0."""
    return (u > rate) / (1 - rate)


@instead_of("_factors")
def scaled_by_rate(u, rate):
    """You divide the activations that are kept by the rate. What brings the mean back is the probability of
    being kept."""
    return (u >= rate) / np.float64(rate)


@instead_of("_factors")
def scaled_the_wrong_way(u, rate):
    """You make the activations that are kept smaller. Some of their neighbours are missing, so they have to
    become larger to make up for it."""
    return (u >= rate) * (1 - rate)


@instead_of("_factors")
def scaled_by_the_share_that_was_kept(u, rate):
    """You divide by the share that happened to be kept this time. That makes one activation depend on the
    fate of the others; the divisor is the probability, which the rate alone decides."""
    kept = u >= rate
    return kept / kept.mean()


@instead_of("dropout_forward")
def no_rescale(x, u, rate, training):
    """You set activations to 0 and leave the others as they are, so the sums that reach the next layer are
    smaller in training than at inference."""
    scaled = dropout_forward(x, u, rate, training)  # which rejects a rate that is none
    return np.where(u < rate, 0, x) if training else scaled


@instead_of("dropout_forward")
def rescale_at_inference(x, u, rate, training):
    """You make up for the missing units at inference, by making all activations smaller. That is the older
    form of dropout; in the inverted form training does the scaling, and inference changes nothing."""
    dropout_forward(x, u, rate, training)
    return np.where(u < rate, 0, x) if training else x * (1 - rate)


@instead_of("dropout_forward")
def rescale_in_both(x, u, rate, training):
    """You scale in training and then again at inference. Once is enough: at inference nothing is missing, and
    so nothing is to be made up for."""
    y = dropout_forward(x, u, rate, training)
    return y if training else y * (1 - rate)


@instead_of("dropout_forward")
def mask_at_inference(x, u, rate, training):
    """You drop units at inference as well, so the network gives another answer each time. Dropout is for
    training only."""
    return dropout_forward(x, u, rate, True)


@instead_of("dropout_forward")
def training_flag_inverted(x, u, rate, training):
    """You drop units at inference and leave training as it is. It is the other way round."""
    return dropout_forward(x, u, rate, not training)


@instead_of("dropout_forward")
def one_mask_per_row(x, u, rate, training):
    """You drop whole examples: one random number decides for all activations of a row. Each activation is
    dropped by itself, by its own number."""
    first = u.reshape(len(u), -1)[:, 0].reshape(-1, *[1] * (u.ndim - 1))
    return dropout_forward(x, np.broadcast_to(first, u.shape), rate, training)


@instead_of("dropout_forward")
def noise_not_used(x, u, rate, training):
    """You draw random numbers of your own and do not look at u. The noise is handed in, so that the backward
    pass can use the same."""
    return dropout_forward(x, np.random.random(x.shape), rate, training)


@instead_of("dropout_forward")
def written_into_x(x, u, rate, training):
    """You write the result into the caller's array. The network still needs the activations as they were:
    work on an array of your own."""
    x[...] = dropout_forward(x, u, rate, training)
    return x


@instead_of("dropout_forward")
def zeros_written_into_x(x, u, rate, training):
    """You put the zeros into the caller's array before you divide. At inference, and at the next training step,
    these activations are then missing: work on an array of your own."""
    y = dropout_forward(x, u, rate, training)
    if training:
        x[u < rate] = 0
    return y


@instead_of("dropout_forward")
def unchecked_at_inference(x, u, rate, training):
    """At inference you accept any rate. It is not used there, but a rate that can't be right is a mistake in
    the settings, and has to be rejected."""
    return dropout_forward(x, u, rate, training) if training else x


@instead_of("dropout_backward")
def backward_without_scale(dy, u, rate):
    """You set the gradient to 0 where a unit was dropped, but leave the rest unscaled. Forward multiplies
    what is kept by a factor, so its derivative has that factor too."""
    return np.where(u < rate, 0, dropout_backward(dy, u, rate) * (1 - rate))


@instead_of("dropout_backward")
def backward_without_mask(dy, u, rate):
    """You let the gradient through everywhere. Where a unit was dropped the output is 0 whatever x is, so its
    derivative is 0."""
    return dropout_backward(dy, np.ones_like(u), rate)


@instead_of("dropout_backward")
def backward_unchanged(dy, u, rate):
    """You hand the gradient on as it is, as if nothing had been dropped."""
    return dropout_backward(dy, u, rate) * 0 + dy


@instead_of("relative_noise")
def variance_in_place_of_deviation(rate):
    """You give the variance. The standard deviation is its square root."""
    return relative_noise(rate) ** 2


@instead_of("relative_noise")
def noise_of_the_mask_alone(rate):
    """You give the standard deviation of a unit that is kept or dropped without being scaled. Its mean is not
    1 then, and you have not divided by it."""
    return relative_noise(rate) * (1 - rate)


@instead_of("relative_noise")
def noise_upside_down(rate):
    """You have the fraction upside down: your noise falls with the rate. The more is dropped, the more is
    left to chance."""
    relative_noise(rate)
    return np.sqrt((1 - rate) / np.float64(rate))


@instead_of("_check")
def rate_not_checked(rate):
    """You accept any rate. One below 0 makes no sense, and at 1 nothing is left and the scale is infinite."""


@instead_of("_check")
def rate_one_accepted(rate):
    """You accept a rate of 1. Then everything is dropped, and what is kept would have to be divided by 0."""
    if not 0 <= rate <= 1:
        raise ValueError


@instead_of("_check")
def rate_zero_rejected(rate):
    """You reject a rate of 0. It drops nothing and is allowed."""
    if not 0 < rate < 1:
        raise ValueError
