"""A rule from answers: classical programming against machine learning.

In classical programming a person writes the rule, and the computer applies it to data to get answers:

    rule + data     -> answers        "an orange is ripe if it weighs more than 140 g"

In machine learning the computer is given data together with the answers, and finds the rule:

    data + answers  -> rule           120 g no, 135 g no, 150 g yes, 170 g yes

Afterwards the rule that was found is applied to new data like any other. A network with millions of weights
is such a rule. Here it is the smallest one there is: a threshold, and the side of it on which the answer is
yes. The first function applies a rule, the second one learns it.

1. A rule says yes, that is True, where x is greater than the threshold, if `above` is True. If `above` is
   False, it says yes everywhere else: where x is less than the threshold, or equal to it. With the threshold
   2, the data [1, 2, 3] give [False, False, True] if `above` is True, and [True, True, False] if it is False.

2. A mistake is an example whose given answer is not the one of the rule. To learn is to find a rule that
   makes as few mistakes on the given examples as any rule of this kind can.

   * Where a rule without mistakes is possible and both answers occur, many thresholds are equally good: all
     those between the last example on the one side and the first on the other. Take the middle of this gap;
     it is as far as it can be from the examples, and so the safest guess for new ones. For the four oranges
     that is 142.5, above.
   * Where all answers are the same, any rule without mistakes will do, also one with an infinite threshold.
   * Where no rule is without mistakes, any rule with the fewest will do. The data [1, 2, 3, 4] with the
     answers no, yes, no, yes can't be done without a mistake. A threshold of 1.5, above, makes one, and so
     does one of 3.5.

The examples come in no particular order. The same value may occur several times, also with different
answers. There are few enough of them to try every rule that matters. How well the rule does on new data is
another question, which needs other data than these.
"""

import numpy as np


def apply_rule(x: np.ndarray, threshold: float, above: bool) -> np.ndarray:
    """The answers of a rule.

    Args:
        x: (n,) float32, the data.
        threshold: where the answer changes.
        above: True if the answer is yes where x is greater than the threshold; False if it is yes elsewhere.

    Returns:
        (n,) bool, True for yes.
    """
    raise NotImplementedError


def fit_rule(x: np.ndarray, answers: np.ndarray) -> tuple[float, bool]:
    """A rule with the fewest possible mistakes on the given examples.

    Args:
        x: (n,) float32, the data, at least one, in any order.
        answers: (n,) bool, the answer for each.

    Returns:
        (threshold, above): a number, and True or False, as for `apply_rule`. If both answers occur and a rule
        without mistakes exists, the threshold is the middle of the gap between the two groups.
    """
    raise NotImplementedError
