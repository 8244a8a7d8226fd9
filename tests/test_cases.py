"""Drawing cases, the same ones everywhere, and shrinking a failing one within a budget."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keras_kata.authoring import Case
from keras_kata.cases import draw, shrink, size

SEED = 20261120
LISTS = st.fixed_dictionaries({"x": st.lists(st.integers(0, 1000), max_size=8)})


def test_a_seed_gives_the_same_cases_every_time() -> None:
    assert draw(LISTS, 30, SEED) == draw(LISTS, 30, SEED)


def test_other_seeds_give_other_cases() -> None:
    drawn = [repr(draw(LISTS, 30, seed)) for seed in range(5)]
    assert len(set(drawn)) == 5


def test_there_are_no_more_cases_than_the_strategy_has() -> None:
    drawn = draw(st.fixed_dictionaries({"flag": st.booleans()}), 50, SEED)
    assert sorted(case["flag"] for case in drawn) == [False, True]


def test_every_case_is_an_object_of_its_own() -> None:
    shared = [1, 2]
    first, second = draw(st.fixed_dictionaries({"x": st.just(shared), "n": st.integers(0, 1)}), 2, SEED)
    first["x"].append(3)
    assert second["x"] == shared == [1, 2]


def test_what_a_strategy_raises_comes_through() -> None:
    def broken(number: int) -> Case:
        raise ZeroDivisionError("the author's")

    with pytest.raises(ZeroDivisionError, match="the author's"):
        draw(st.integers().map(broken), 5, SEED)


DRAWING = """
    import os, sys
    sys.path.insert(0, os.getcwd())
    if "with modules" in sys.argv:
        import odd_numbers
    from hypothesis import settings, strategies as st
    from keras_kata.cases import draw

    if "with profile" in sys.argv:
        settings.register_profile("mine", derandomize=True, max_examples=3)
        settings.load_profile("mine")
    strategy = st.fixed_dictionaries({
        "i": st.integers(), "f": st.floats(), "t": st.text(), "b": st.binary(),
        "l": st.lists(st.integers(-10**6, 10**6)), "s": st.sampled_from(["a", "b"]),
    })
    print(draw(strategy, 60, 7))
"""


def test_cases_depend_on_nothing_in_the_process(tmp_path: Path) -> None:
    numbers = [f"N{i} = {i * 7919 + 123_457}; F{i} = {i + 0.123}; T{i} = 'odd text {i}'" for i in range(200)]
    (tmp_path / "odd_numbers.py").write_text("\n".join(numbers))
    script = tmp_path / "drawing.py"
    script.write_text(textwrap.dedent(DRAWING))

    def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
        clean = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_ACTIONS")}
        command = [sys.executable, script.name, *arguments]
        return subprocess.Popen(
            command, cwd=tmp_path, env=clean | environment, stdout=subprocess.PIPE, text=True
        )

    runs = [
        start(PYTHONHASHSEED="1"),
        start("with modules", PYTHONHASHSEED="2"),
        start("with profile", CI="true"),
    ]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert outputs[0].count("'i'") == 60
    assert outputs[1] == outputs[0]
    assert outputs[2] == outputs[0]
    assert not (tmp_path / ".hypothesis").exists()


class Asked:
    """A `fails` that remembers what it was asked."""

    def __init__(self, answer: Callable[[Case], bool]) -> None:
        self.answer = answer
        self.cases: list[Case] = []
        self.failing: list[Case] = []

    def __call__(self, case: Case) -> bool:
        self.cases.append(case)
        failed = self.answer(case)
        if failed:
            self.failing.append(case)
        return failed


def shrunk(fails: Callable[[Case], bool], calls: int = 400, strategy: Any = LISTS, count: int = 50) -> Asked:
    """What shrinking asks, where the failing cases are those for which `fails` holds."""
    asked = Asked(fails)
    shrink(strategy, count, SEED, [fails(case) for case in draw(strategy, count, SEED)], asked, calls)
    return asked


def test_a_small_failing_case_is_found() -> None:
    asked = shrunk(lambda case: sum(case["x"]) > 100)
    assert min(asked.failing, key=size) == {"x": [101]}


def test_arrays_shrink() -> None:
    shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=4)
    strategy = st.fixed_dictionaries({"x": arrays.arrays("int64", shapes, elements=st.integers(0, 9))})
    asked = shrunk(lambda case: bool((case["x"] > 3).any()), strategy=strategy)
    assert min(asked.failing, key=size)["x"].tolist() == [[4]]


@pytest.mark.parametrize("calls", [0, 1, 7, 100])
def test_the_budget_of_calls_is_kept(calls: int) -> None:
    asked = shrunk(lambda case: sum(case["x"]) > 100, calls)
    assert len(asked.cases) <= calls
    assert len(asked.cases) == calls or calls == 100


def test_the_same_cases_are_asked_every_time() -> None:
    first, second = (shrunk(lambda case: sum(case["x"]) > 100, 20) for _ in range(2))
    assert len(first.cases) == 20
    assert first.cases == second.cases


def test_what_is_known_is_not_asked_again() -> None:
    known = draw(LISTS, 50, SEED)
    asked = shrunk(lambda case: len(case["x"]) > 3)
    assert asked.cases[0] in known  # Hypothesis begins with the failing case itself
    assert not [case for case in asked.cases[1:] if case in known and len(case["x"]) > 3]


@pytest.mark.parametrize("known", [[False] * 50, []], ids=["all pass", "none known"])
def test_nothing_is_asked_where_nothing_fails(known: list[bool]) -> None:
    asked = Asked(lambda _: False)
    shrink(LISTS, 50, SEED, known, asked, 20)
    assert len(asked.cases) == (20 if not known else 0)


def test_the_first_failing_case_is_kept_where_nothing_smaller_fails() -> None:
    known = [sum(case["x"]) > 100 for case in draw(LISTS, 50, SEED)]
    asked = Asked(lambda _: False)
    shrink(LISTS, 50, SEED, known, asked, 400)
    assert asked.cases
    assert asked.failing == []


def test_inconsistent_answers_end_the_search_quietly() -> None:
    for period in (2, 3, 5):
        asked = Asked(lambda _: len(asked.cases) % period != 0)  # noqa: B023 - called in the loop
        known = [len(case["x"]) > 2 for case in draw(LISTS, 50, SEED)]
        shrink(LISTS, 50, SEED, known, asked, 200)
        assert 0 < len(asked.cases) <= 200


@pytest.mark.parametrize("error", [ValueError, AssertionError, KeyError, RuntimeError])
def test_an_error_in_judging_a_case_comes_through_at_once(error: type[Exception]) -> None:
    def judge(case: Case) -> bool:
        raise error("the comparator's")

    asked = Asked(judge)
    known = [len(case["x"]) > 2 for case in draw(LISTS, 50, SEED)]
    with pytest.raises(error, match="the comparator's"):
        shrink(LISTS, 50, SEED, known, asked, 200)
    assert len(asked.cases) == 1


def test_an_interrupt_from_the_keyboard_comes_through() -> None:
    def judge(case: Case) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shrink(LISTS, 50, SEED, [True] * 50, judge, 200)


ORDER = [
    ({}, {"x": 1}),
    ({"x": 1}, {"x": 2}),
    ({"x": 1}, {"x": -2}),
    ({"x": 2}, {"x": 1, "y": 1}),
    ({"x": [9]}, {"x": [1, 1]}),
    ({"x": [1, 1]}, {"x": [1, 2]}),
    ({"x": np.zeros(3)}, {"x": np.ones(3)}),
    ({"x": np.ones(3)}, {"x": np.zeros(4)}),
    ({"x": np.ones(3)}, {"x": np.array([1, 1, -2.0])}),
    ({"x": 10.0}, {"x": float("inf")}),
    ({"x": 10.0}, {"x": float("nan")}),
    ({"x": np.full(2, 10.0)}, {"x": np.array([np.nan, 0])}),
    ({"x": np.full(2, 10.0)}, {"x": np.array([-np.inf, 0])}),
    ({"x": "a"}, {"x": "ab"}),
    ({"x": False}, {"x": True}),
    ({"x": {"y": 1}}, {"x": {"y": 1, "z": 0}}),
    ({"x": np.zeros(2, "complex64")}, {"x": np.array([1j, 0])}),
]


@pytest.mark.parametrize(("smaller", "larger"), ORDER)
def test_fewer_values_then_values_near_0_are_smaller(smaller: Case, larger: Case) -> None:
    assert size(smaller) < size(larger)


@pytest.mark.parametrize(
    "value",
    [
        None,
        10**400,
        -(10**400),
        np.array(["a", "b"]),
        np.array([np.iinfo("int64").min]),
        np.full(4, 1e308),
        np.array([], "float32"),
        np.float32(1),
        np.True_,
        np.array([None]),
        b"bytes",
        (1, (2,)),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("error")
def test_everything_has_a_size(value: Any) -> None:
    count, distance = size({"x": value})
    assert count >= 1
    assert 0 <= distance <= 4e9
