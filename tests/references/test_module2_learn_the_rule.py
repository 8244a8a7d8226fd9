"""learn_the_rule against hand tables and against every way to cut the sorted data in two."""

import numpy as np
import pytest

from tests.references.loading import reference

rules = reference("module2/learn_the_rule")


@pytest.mark.parametrize(
    ("threshold", "above", "expected"),
    [
        (2, True, [False, False, True]),
        (2, False, [True, True, False]),
        (-np.inf, True, [True, True, True]),
        (np.inf, False, [True, True, True]),
        (0, False, [False, False, False]),
    ],
)
def test_answers_of_hand_cases(threshold, above, expected):
    received = rules.apply_rule(np.array([1, 2, 3], "float32"), threshold, above)
    assert received.tolist() == expected


def fewest_mistakes(x, answers):
    """Over all cuts of the sorted data that do not part equal values, and both answers on the left."""
    pairs = sorted(zip(x.tolist(), answers.tolist(), strict=True))
    counts = []
    for cut in range(len(pairs) + 1):
        if 0 < cut < len(pairs) and pairs[cut - 1][0] == pairs[cut][0]:
            continue
        for left in (True, False):
            counts.append(
                sum(answer != (left if i < cut else not left) for i, (_, answer) in enumerate(pairs))
            )
    return min(counts)


def test_no_cut_makes_fewer_mistakes():
    for seed in range(200):
        random = np.random.default_rng(seed)
        size = random.integers(1, 10)
        x = (random.integers(-6, 7, size) / 4).astype("float32")
        answers = random.random(size) < random.random()
        threshold, above = rules.fit_rule(x, answers)
        said = [(value > threshold) if above else not (value > threshold) for value in x.tolist()]
        mistakes = sum(one != other for one, other in zip(said, answers.tolist(), strict=True))
        assert mistakes == fewest_mistakes(x, answers)


@pytest.mark.parametrize(
    ("x", "answers", "expected"),
    [
        ([120, 135, 150, 170], [0, 0, 1, 1], (142.5, True)),
        ([1, 2, 30], [1, 1, 0], (16, False)),
        ([5, -1], [1, 0], (2, True)),
        ([2, 2, 3, 3], [0, 0, 1, 1], (2.5, True)),
    ],
)
def test_threshold_is_the_middle_of_the_gap(x, answers, expected):
    order = np.random.default_rng(0).permutation(len(x))
    received = rules.fit_rule(np.array(x, "float32")[order], np.array(answers, bool)[order])
    assert received == pytest.approx(expected)


def test_recovers_a_rule_from_its_answers():
    x = np.arange(-20, 20, dtype="float32")
    for threshold in (-7.5, 0.5, 12.5):
        for above in (True, False):
            learned = rules.fit_rule(x, rules.apply_rule(x, threshold, above))
            assert learned == (threshold, above)
