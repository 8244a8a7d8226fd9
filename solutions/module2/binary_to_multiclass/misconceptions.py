"""Wrong answers about classes, losses and heads that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import cross_entropy, decide, output_head, softmax


def _log_probabilities(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _one_hot(labels, logits):
    return np.eye(logits.shape[1])[labels] if labels.ndim == 1 else labels


@instead_of("softmax")
def softmax_over_batch(logits):
    """You normalise down the columns, so that the examples of a batch compete with each other. The classes
    of one example should add up to 1."""
    return softmax(logits.T).T


@instead_of("softmax")
def overflow(logits):
    """You raise e to the logits as they are. For large logits the result is infinite and infinity by
    infinity is no number; for very negative ones it is 0 by 0. Make use of what changes nothing."""
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@instead_of("softmax")
def one_maximum_for_all_rows(logits):
    """You subtract the largest logit of the whole batch. A row that lies far below it then has only zeros
    to divide by; each row needs a number of its own."""
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)


@instead_of("softmax")
def sigmoid_of_each(logits):
    """You apply sigmoid to each logit by itself. These are answers to separate questions and do not add up
    to 1."""
    return np.where(logits > 0, 1 / (1 + np.exp(-np.abs(logits))), 1 - 1 / (1 + np.exp(-np.abs(logits))))


@instead_of("cross_entropy")
def sum_not_mean(labels, logits):
    """You add up the losses of the examples. Then a larger batch has a larger loss; take their mean."""
    return cross_entropy(labels, logits) * len(labels)


@instead_of("cross_entropy")
def mean_over_classes_too(labels, logits):
    """You also divide by the number of classes. An example's loss is one logarithm, that of its true class,
    so the mean is over the examples only."""
    return cross_entropy(labels, logits) / logits.shape[1]


@instead_of("cross_entropy")
def log2(labels, logits):
    """You take the logarithm to base 2, which makes the loss 1.44 times too large. Cross-entropy in Keras
    uses the natural logarithm."""
    return cross_entropy(labels, logits) / np.log(2)


@instead_of("cross_entropy")
def logarithm_of_zero(labels, logits):
    """You compute the probability first and its logarithm afterwards. A very small probability becomes 0 on
    the way, and the loss infinite or no number; bring the logarithm into the formula."""
    return -np.log(softmax(logits))[_one_hot(labels, logits) == 1].mean()


@instead_of("cross_entropy")
def zero_times_infinity(labels, logits):
    """You multiply the one-hot labels with the logarithms of probabilities. Where a probability has become 0,
    its logarithm is infinite, and 0 times that is no number; bring the logarithm into the formula."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(_one_hot(labels, logits) * np.log(softmax(logits))).sum(axis=1).mean()


@instead_of("cross_entropy")
def probability_clipped(labels, logits):
    """You keep the probability above a tiny number, so that the loss never exceeds about 16. Keras does that
    where it is given probabilities; from logits the loss can be computed exactly."""
    likely = np.clip(softmax(logits), 1e-7, 1 - 1e-7)
    return -(_one_hot(labels, logits) * np.log(likely)).sum(axis=1).mean()


@instead_of("cross_entropy")
def softmax_twice(labels, logits):
    """You apply softmax to what is a probability already. The second one pulls all probabilities towards each
    other, and the loss can't come near 0."""
    return cross_entropy(labels, softmax(logits))


@instead_of("cross_entropy")
def other_classes_counted(labels, logits):
    """You also add the loss of each class that is not the true one, as in a yes-or-no question about every
    class. Here only the probability of the true class counts."""
    p, truth = np.clip(softmax(logits), 1e-7, 1 - 1e-7), _one_hot(labels, logits)
    return -(truth * np.log(p) + (1 - truth) * np.log(1 - p)).sum(axis=1).mean()


@instead_of("cross_entropy")
def integers_multiplied(labels, logits):
    """You multiply by the number of the class, as if it were an amount: class 0 costs nothing, class 2 twice
    as much. The number only says which probability counts."""
    truth = labels if labels.ndim == 2 else labels[:, None]
    return float(-(truth * _log_probabilities(logits)).sum(axis=1).mean())


@instead_of("output_head")
def softmax_on_one_unit(n_classes, one_hot):
    """You put softmax on one unit. One number divided by itself is always 1, so the network says class 1 to
    everything and does not learn; with one unit it is sigmoid."""
    head = output_head(n_classes, one_hot)
    return {**head, "activation": "softmax"}


@instead_of("output_head")
def sparse_and_dense_swapped(n_classes, one_hot):
    """You have the two losses for several classes exchanged. The sparse one reads integers; the other one
    expects one-hot rows, and stops with an error about shapes when it gets integers."""
    head = output_head(n_classes, one_hot)
    if head["units"] == 1:
        return head
    return {**head, "loss": "sparse_categorical_crossentropy" if one_hot else "categorical_crossentropy"}


@instead_of("output_head")
def label_form_ignored(n_classes, one_hot):
    """You use the loss for one-hot labels whatever their form. Integer labels need the sparse one."""
    head = output_head(n_classes, one_hot)
    return head if head["units"] == 1 else {**head, "loss": "categorical_crossentropy"}


@instead_of("output_head")
def sigmoid_for_many(n_classes, one_hot):
    """You use sigmoid for several classes that exclude each other. The units then answer separate questions,
    and their probabilities do not add up to 1."""
    return {**output_head(n_classes, one_hot), "activation": "sigmoid"}


@instead_of("output_head")
def two_units_for_two_classes(n_classes, one_hot):
    """You use two units for two classes with the labels 0 and 1. That can be trained, but one unit with
    sigmoid is enough: the other probability is what is missing to 1."""
    loss = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    return {"units": n_classes, "activation": "softmax", "loss": loss}


@instead_of("output_head")
def one_unit_for_one_hot(n_classes, one_hot):
    """You use one unit for two classes although the labels are one-hot. Such a label has two numbers, and so
    must the output have."""
    return output_head(n_classes, one_hot and n_classes > 2)


@instead_of("output_head")
def one_unit_saved(n_classes, one_hot):
    """You use one unit less than there are classes. For two classes sigmoid makes that possible; softmax
    needs a unit for each class."""
    head = output_head(n_classes, one_hot)
    return {**head, "units": n_classes - 1}


@instead_of("decide")
def argmax_on_one_column(scores):
    """You look for the largest number of the row also where there is only one. Its position is always 0, so
    nothing is ever class 1; compare with a threshold."""
    return scores.argmax(axis=1)


@instead_of("decide")
def half_is_class_zero(scores):
    """You give a probability of exactly 0.5 to class 0; it counts as class 1 here. Rounding does the same
    silently, since Python and numpy round 0.5 to 0."""
    return decide(scores - np.float32(1e-6) if scores.shape[1] == 1 else scores)


@instead_of("decide")
def column_kept(scores):
    """With one column you return a column again. A decision is one number for each example."""
    return (scores >= 0.5).astype(int) if scores.shape[1] == 1 else scores.argmax(axis=1)


@instead_of("decide")
def truth_values_returned(scores):
    """With one column you return True and False. A class is a number, 0 or 1."""
    return scores[:, 0] >= 0.5 if scores.shape[1] == 1 else scores.argmax(axis=1)
