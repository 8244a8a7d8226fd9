"""Other right answers to learn_the_rule."""

import numpy as np

from keras_kata import instead_of


@instead_of("apply_rule")
def one_of_two_comparisons(x, threshold, above):
    """An if for the two sides."""
    if above:
        return x > threshold
    return x <= threshold


@instead_of("apply_rule")
def one_example_at_a_time(x, threshold, above):
    """A list of Python booleans."""
    return [bool(value > threshold) is bool(above) for value in x.tolist()]


@instead_of("apply_rule")
def exclusive_or(x, threshold, above):
    """The comparison, turned round where needed."""
    return np.logical_xor(np.greater(x, threshold), not above)


@instead_of("fit_rule")
def prefix_counts(x, answers):
    """Counts from the left over the sorted data; a tuple of Python's own kinds."""
    order = np.argsort(x, kind="stable")
    values, yes = x[order].astype("float64"), answers[order].astype(int)
    yes_left = np.concatenate([[0], np.cumsum(yes)])  # (n + 1,)
    no_left = np.arange(len(x) + 1) - yes_left  # (n + 1,)
    possible = np.concatenate([[True], values[1:] > values[:-1], [True]])
    mistakes_above = yes_left + no_left[-1] - no_left
    mistakes = np.where(possible, [mistakes_above, len(x) - mistakes_above], len(x) + 1)  # (2, n + 1)
    side, place = np.unravel_index(mistakes.argmin(), mistakes.shape)
    edges = np.concatenate([[values[0] - 2], values, [values[-1] + 2]])
    return float((edges[place] + edges[place + 1]) / 2), bool(side == 0)


@instead_of("fit_rule")
def all_rules_at_once(x, answers):
    """Broadcasting over all thresholds and both sides; a list, the last of the best rules."""
    values = np.sort(np.unique(x))
    ends = np.array([values[0] - 1, values[-1] + 1])
    thresholds = np.append(ends, values[:-1] + np.diff(values) / 2)
    says_above = x > thresholds[:, None]  # (thresholds, n)
    mistakes = np.stack([(says_above != answers).sum(1), (says_above == answers).sum(1)], axis=1)
    best = len(thresholds) * 2 - 1 - np.argmin(mistakes.ravel()[::-1])
    return [thresholds[best // 2], np.bool_(best % 2 == 0)]


@instead_of("fit_rule")
def gap_first(x, answers):
    """Looks for a gap between the groups, and searches only if there is none; plain Python."""
    yes = [value for value, answer in zip(x.tolist(), answers, strict=True) if answer]
    no = [value for value, answer in zip(x.tolist(), answers, strict=True) if not answer]
    if not yes or not no:
        return float("inf"), not yes
    if min(yes) > max(no):
        return (min(yes) + max(no)) / 2, True
    if min(no) > max(yes):
        return (min(no) + max(yes)) / 2, False
    fewest, rule = len(x) + 1, None
    for threshold in [min(x) - 1, *x.tolist()]:
        wrong = sum(value <= threshold for value in yes) + sum(value > threshold for value in no)
        for above, mistakes in ((True, wrong), (False, len(x) - wrong)):
            if mistakes < fewest:
                fewest, rule = mistakes, (threshold, above)
    return rule
