"""The cases of a probe, the reference's answers to them, and the kept replies of known mistakes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from keras_kata.authoring import REJECTED, Probe
from keras_kata.implementation import Solution
from keras_kata.runtime import NoFramework
from keras_kata.trial import Known, Limits, Trial
from keras_kata.verdicts import GraderError, TimedOut
from keras_kata.worker import Answer
from tests.support import a_probe

REFERENCE = """
calls = []

def doubled(x):
    calls.append(x)
    return 2 * x

def quadrupled(x):
    return doubled(doubled(x))
"""
MISTAKES = """
from keras_kata import instead_of

calls = []

@instead_of("doubled")
def tripled(x):
    "You triple."
    calls.append(x)
    return 3 * x

@instead_of("doubled")
def endless(x):
    "You loop."
    while True: pass
"""


@pytest.fixture
def known(tmp_path: Path) -> Known:
    for name, text in (("reference", REFERENCE), ("misconceptions", MISTAKES), ("alternatives", "")):
        (tmp_path / f"{name}.py").write_text(text)
    return Known(Solution(tmp_path, "module1/answer"), NoFramework(), 7, 0.05)


def probe(**changes: Any) -> Probe:
    options = {
        "cases": st.fixed_dictionaries({"x": st.integers(0, 99)}),
        "count": 5,
        "examples": [{"x": 1000}],
    }
    return a_probe(lambda impl, case: impl.doubled(case["x"]), **(options | changes))


def trial(known: Known, declared: Probe) -> Trial:
    made = known.trial(declared)
    assert isinstance(made, Trial), made
    return made


def test_examples_come_first_and_drawn_cases_last(known: Known) -> None:
    made = trial(known, probe())
    assert made.cases[0] == {"x": 1000}
    assert (len(made.cases), made.drawn) == (6, 5)
    assert [answer.value for answer in made.expected] == [2 * case["x"] for case in made.cases]


def test_a_trial_is_made_once(known: Known) -> None:
    declared = probe()
    assert known.trial(declared) is known.trial(declared)


def test_a_trial_knows_what_the_probe_takes_from_an_implementation(known: Known) -> None:
    assert trial(known, probe()).members == {"doubled"}
    both = a_probe(lambda impl, _: [impl.quadrupled(1), impl.calls], "both")
    assert trial(known, both).members == {"quadrupled", "calls"}


def test_a_fault_is_kept_too(known: Known) -> None:
    broken = a_probe(lambda impl, _: impl.not_there())
    assert isinstance(known.trial(broken), GraderError)
    assert known.trial(broken) is known.trial(broken)


def reply(known: Known, declared: Probe, name: str, case: Any) -> Any:
    return known.reply(declared, known.mistakes[name], case)


def calls(known: Known) -> list[int]:
    found: list[int] = known.mistakes["tripled"].definition.__globals__["calls"]
    return found


def test_a_mistake_replies_once_to_each_case_of_the_trial(known: Known) -> None:
    declared = probe()
    made = trial(known, declared)
    for _ in range(2):
        for case in made.cases:
            assert reply(known, declared, "tripled", case).value == 3 * case["x"]
    assert calls(known) == [case["x"] for case in made.cases]


def test_replies_to_other_cases_are_not_kept(known: Known) -> None:
    declared = probe()
    trial(known, declared)
    for number in range(50):  # each gives its place in memory to the next
        assert reply(known, declared, "tripled", {"x": number}).value == 3 * number
    assert len(calls(known)) == 50


def test_replies_belong_to_their_probe(known: Known) -> None:
    shared = {"x": 3}
    one = probe(examples=[shared], cases=None)
    other = a_probe(lambda impl, case: impl.quadrupled(case["x"]), "other", examples=[shared])
    trial(known, one), trial(known, other)
    assert reply(known, one, "tripled", shared).value == 9
    other_reply = reply(known, other, "tripled", shared)
    assert isinstance(other_reply, Answer)


def test_an_endless_mistake_ends(known: Known) -> None:
    declared = probe()
    made = trial(known, declared)
    assert isinstance(reply(known, declared, "endless", made.cases[0]), TimedOut)


def test_another_seed_keeps_the_replies_to_examples(known: Known) -> None:
    declared = probe()
    first = trial(known, declared)
    reply(known, declared, "tripled", first.cases[0])
    other = known.reseeded(8)
    second = trial(other, declared)
    assert (known.seed, other.seed) == (7, 8)
    assert first.cases[0] is second.cases[0]
    assert list(first.cases[1:]) != list(second.cases[1:])
    reply(other, declared, "tripled", second.cases[0])
    assert calls(known) == [1000]
    assert trial(known, declared) is first


def test_another_seed_keeps_the_answers_to_equal_cases_and_the_members_used(known: Known) -> None:
    declared = probe(cases=None)
    first, second = trial(known, declared), trial(known.reseeded(8), declared)
    assert first.cases[0] is second.cases[0]
    assert first.expected[0] is second.expected[0]
    assert first.members == second.members != frozenset()


def test_limits_grow_with_what_the_reference_takes() -> None:
    def made(*seconds: float) -> Trial:
        return Trial([{}] * len(seconds), [Answer(1, (), s) for s in seconds], 0, frozenset())

    limits = Limits(case_floor=1, probe_floor=2, factor=10)
    assert limits.case(made(0.5, 0.25)) == 1 + 10 * 0.5
    assert limits.probe(made(0.5, 0.25)) == 2 + 10 * 0.75
    assert Limits().case(made(0.0)) >= 1
    assert Limits().probe(made(0.0)) >= Limits().case(made(0.0))


def another(known: Known, seed: int = 7) -> Known:
    """What another process would start with."""
    return Known(Solution(known._solution.folder, "module1/answer"), NoFramework(), seed, 0.05)


def test_what_was_learned_is_not_worked_out_again(known: Known) -> None:
    declared = probe()
    first = trial(known, declared)
    tripled = known.mistakes["tripled"]
    replies = [known.reply(declared, tripled, case) for case in first.cases]
    other = another(known)
    other.remember(known.learned())
    again = trial(other, declared)
    assert other._reference.calls == []
    assert [answer.value for answer in again.expected] == [answer.value for answer in first.expected]
    assert (again.drawn, again.members) == (first.drawn, first.members)
    assert [other.reply(declared, tripled, case) for case in again.cases] == replies
    assert other._mistaken == {}  # no mistake was even loaded
    assert other.amount == known.amount


def test_of_another_seed_the_cases_are_drawn_anew_and_equal_ones_are_known(known: Known) -> None:
    declared = probe()
    trial(known, declared)
    other = another(known, seed=8)
    other.remember(known.learned())
    other._worker.observe = _no_call_with(1000, other._worker.observe)  # type: ignore[method-assign]
    cases = trial(other, declared).cases
    assert cases[0] == {"x": 1000}
    assert cases != trial(known, declared).cases


def _no_call_with(x: int, observe: Any) -> Any:
    def checked(implementation: Any, declared: Any, case: Any, limit: float) -> Any:
        assert case["x"] != x
        return observe(implementation, declared, case, limit)

    return checked


def test_a_refusal_that_was_learned_is_the_marker_itself(known: Known) -> None:
    declared = a_probe(lambda impl, case: REJECTED if impl.doubled(case["x"]) else 0, examples=[{"x": 1}])
    trial(known, declared)
    other = another(known)
    other.remember(known.learned())
    assert trial(other, declared).expected[0].value is REJECTED
