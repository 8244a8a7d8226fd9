"""Wrong answers to learn_the_rule that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import apply_rule, fit_rule


@instead_of("apply_rule")
def greater_equal(x, threshold, above):
    """You count an example that is exactly at the threshold as above it. Above means greater; one that is
    equal is on the other side."""
    return x >= threshold if above else x < threshold


@instead_of("apply_rule")
def equal_is_on_no_side(x, threshold, above):
    """Your two rules leave out the examples exactly at the threshold: neither says yes to them. What the one
    rule denies the other one affirms."""
    return x > threshold if above else x < threshold


@instead_of("apply_rule")
def side_ignored(x, threshold, above):
    """You say yes above the threshold whatever `above` is. If it is False, the yes is on the other side."""
    return x > threshold


@instead_of("apply_rule")
def side_inverted(x, threshold, above):
    """You say yes on the wrong side of the threshold. If `above` is True, it is where x is greater."""
    return (x > threshold) != above


@instead_of("fit_rule")
def mean_threshold(x, answers):
    """You put the threshold at the mean of all data. The mean does not know the answers, and one very large
    example moves it away from the place where they change."""
    return _better_side(x, answers, x.mean())


@instead_of("fit_rule")
def class_mean_midpoint(x, answers):
    """You put the threshold in the middle between the means of the two groups. It matters where the groups
    come closest to each other, and one example far out moves a mean but not that place."""
    if answers.all() or not answers.any():
        return fit_rule(x, answers)
    return _better_side(x, answers, (x[answers].mean() + x[~answers].mean()) / 2)


@instead_of("fit_rule")
def nearer_class_mean(x, answers):
    """You give each example the answer of the group whose mean is nearer. It matters where the groups come
    closest to each other, and one example far out moves a mean but not that place."""
    if answers.all() or not answers.any():
        return fit_rule(x, answers)
    yes, no = x[answers].mean(), x[~answers].mean()
    return (yes + no) / 2, bool(yes > no)


@instead_of("fit_rule")
def side_of_the_larger_mean(x, answers):
    """You choose the side by comparing the means of the two groups. One example far out can turn that round;
    count the mistakes of both sides."""
    if answers.all() or not answers.any():
        return fit_rule(x, answers)
    above = bool(x[answers].mean() > x[~answers].mean())
    rules = [(threshold, above) for threshold in (-np.inf, *_middles(np.unique(x)), np.inf)]
    return min(rules, key=lambda rule: np.sum(apply_rule(x, *rule) != answers))


@instead_of("fit_rule")
def side_of_the_smallest_example(x, answers):
    """You read the side off the answer of the smallest example. That one may be an exception itself; count the
    mistakes of both sides."""
    above = not answers[x.argmin()]
    rules = [(threshold, above) for threshold in (-np.inf, *_middles(np.unique(x)), np.inf)]
    return min(rules, key=lambda rule: np.sum(apply_rule(x, *rule) != answers))


@instead_of("fit_rule")
def middle_of_the_range(x, answers):
    """You put the threshold in the middle between the smallest and the largest value. The answers decide
    where it belongs, and they may change anywhere."""
    return _better_side(x, answers, (x.min() + x.max()) / 2)


@instead_of("fit_rule")
def direction_fixed(x, answers):
    """You only try rules that say yes above the threshold. Where the small values are the ones with yes, all
    of these are bad: try the other side as well."""
    thresholds = [-np.inf, *_middles(np.unique(x)), np.inf]
    mistakes = [np.sum((x > threshold) != answers) for threshold in thresholds]
    return thresholds[np.argmin(mistakes)], True


@instead_of("fit_rule")
def side_returned_inverted(x, answers):
    """Your threshold is right, but you return the wrong side of it."""
    threshold, above = fit_rule(x, answers)
    return threshold, not above


@instead_of("fit_rule")
def threshold_on_sample(x, answers):
    """You put the threshold on an example. It makes no mistake on these data, but a new example a little
    further on would be on the wrong side; the middle of the gap is asked."""
    return _best(x, answers, [-np.inf, *np.unique(x)])


@instead_of("fit_rule")
def threshold_on_first_beyond(x, answers):
    """You put the threshold on the first example beyond the gap. An example at the threshold does not count
    as above, so this one is on the wrong side."""
    threshold, above = fit_rule(x, answers)
    beyond = x[x > threshold]
    return (beyond.min() if len(beyond) and np.isfinite(threshold) else threshold), above


@instead_of("fit_rule")
def all_yes_and_all_no_forgotten(x, answers):
    """You only try thresholds between two examples. Where all answers are the same, the best rule has all
    examples on one side."""
    return _best(x, answers, [*_middles(np.unique(x))] or [x[0]])


@instead_of("fit_rule")
def one_side_only_where_all_agree(x, answers):
    """You give all examples the same answer only where the given answers are all the same. With answers that
    fit no rule, that may make fewer mistakes than any threshold between two examples."""
    if answers.all() or not answers.any():
        return fit_rule(x, answers)
    return _best(x, answers, [*_middles(np.unique(x))] or [x[0]])


@instead_of("fit_rule")
def data_not_sorted(x, answers):
    """You take the middles between examples that stand beside each other in the array. The examples come in
    any order; the gap is between neighbours in value."""
    return _best(x, answers, [-np.inf, *_middles(x)])


@instead_of("fit_rule")
def first_change(x, answers):
    """You put the threshold where the answers change for the first time. If they change back and forth, other
    places may make fewer mistakes: compare them all."""
    order = np.argsort(x, kind="stable")
    values, sorted_answers = x[order], answers[order]
    for i in range(len(x) - 1):
        if sorted_answers[i] != sorted_answers[i + 1] and values[i] < values[i + 1]:
            return (values[i] + values[i + 1]) / 2, bool(sorted_answers[i + 1])
    return fit_rule(x, answers)


@instead_of("fit_rule")
def pair_swapped(x, answers):
    """You return the side first and the threshold second. It is the other way round."""
    return fit_rule(x, answers)[::-1]


@instead_of("fit_rule")
def mistakes_returned(x, answers):
    """You return how many mistakes the rule makes in place of its side. The rule itself is asked: a threshold
    and True or False."""
    threshold, above = fit_rule(x, answers)
    return threshold, int(np.sum(apply_rule(x, threshold, above) != answers))


def _middles(values):
    return (values[:-1] + values[1:]) / 2


def _best(x, answers, thresholds):
    rules = [(threshold, above) for threshold in thresholds for above in (True, False)]
    return min(rules, key=lambda rule: np.sum(((x > rule[0]) == rule[1]) != answers))


def _better_side(x, answers, threshold):
    return _best(x, answers, [threshold])


@instead_of("fit_rule")
def equal_examples_have_a_gap(x, answers):
    """You also try the middle between two equal examples. That is the example itself, and where it makes no
    mistake it is still at the edge of the gap and not in the middle."""
    ordered = np.sort(x)
    middles = [ordered[0] - 1, *(ordered[:-1] + ordered[1:]) / 2, ordered[-1] + 1]
    rules = [(float(threshold), above) for threshold in middles for above in (True, False)]
    return min(rules, key=lambda rule: int(np.sum(apply_rule(x, *rule) != answers)))
