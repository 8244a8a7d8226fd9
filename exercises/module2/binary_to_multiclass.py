"""Softmax, cross-entropy, and the right output head.

The last layer of a classifier gives one number for each class, the logits: any real numbers, the larger the
likelier. Softmax makes probabilities of them, cross-entropy says how wrong these are, and for both Keras has
a name. Names that do not fit together either stop the training or, worse, let it run without learning.

1. Softmax, for the logits z of one example:

       p[j] = exp(z[j]) / (sum of exp(z[k]) over all classes k)

   All p are between 0 and 1 and add up to 1 over the classes of the example. Example: z = (2, 1, 0) gives
   p = (0.665, 0.245, 0.090). The same number added to all logits of an example changes nothing. That is
   worth knowing, since exp(1000) is larger than any floating-point number, and still logits of 1000 or
   -1000 must give the right, finite probabilities.

2. Cross-entropy. The loss of one example is minus the natural logarithm of the probability of its true
   class, and the loss of a batch is the mean over its examples. With p as above and the true class 1 the
   loss is -log(0.245) = 1.408. It is 0 for a prediction that is certain and right, and it has no upper
   bound: with the logits (1000, 0) and the true class 1 it is 1000, and that is what you return, neither
   infinity nor the 16.1 at which a probability that is kept above 1e-7 ends.

   The true class comes as a number, 0, 1, 2, ..., or one-hot: a row of zeros with a 1 at the true class.

3. The head. Which last layer and which loss belong together depends on the number of classes and on the
   form of the labels. You return their names as Keras has them:

       classes        labels       units      activation    loss
       2              integers     1          sigmoid       binary_crossentropy
       2              one-hot      2          softmax       categorical_crossentropy
       3 or more      integers     as classes softmax       sparse_categorical_crossentropy
       3 or more      one-hot      as classes softmax       categorical_crossentropy

   So ten units with softmax stand for ten classes, as in Fashion-MNIST, but two classes with the labels 0
   and 1 need one unit: sigmoid gives the probability of class 1, and what is missing to 1 is that of class
   0. Softmax on one unit is always 1, whatever the network says; Keras gives no more than a warning.

4. The decision. From a sigmoid comes one probability for each example, and 0.5 or more means class 1. From
   a softmax come several, and the class is the one with the largest; if several are equal, the first.

Leave the arguments as they are.
"""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of the classes, for each example.

    Args:
        logits: (n, classes) float32, n at least 1, values of any size up to 1000 and either sign.

    Returns:
        (n, classes) float; each row adds up to 1.
    """
    raise NotImplementedError


def cross_entropy(labels: np.ndarray, logits: np.ndarray) -> float:
    """The mean loss of a batch, with the natural logarithm.

    Args:
        labels: the true classes, either (n,) int64 in 0 to classes - 1, or (n, classes) float32 one-hot.
        logits: (n, classes) float32, before softmax, values of any size up to 1000 and either sign.

    Returns:
        One float, 0 or more.
    """
    raise NotImplementedError


def output_head(n_classes: int, one_hot: bool) -> dict[str, int | str]:
    """The last layer and the loss for a number of classes and a form of the labels.

    Args:
        n_classes: how many classes there are, at least 2.
        one_hot: whether the labels are one-hot rows; if not, they are integers.

    Returns:
        {"units": int, "activation": str, "loss": str}, as in the table.
    """
    raise NotImplementedError


def decide(scores: np.ndarray) -> np.ndarray:
    """The class of each example.

    Args:
        scores: (n, k) float32, probabilities: of class 1 alone where k is 1, of each of k classes otherwise.

    Returns:
        (n,) int.
    """
    raise NotImplementedError
