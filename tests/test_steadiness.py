"""Verdicts that depend on the seed, the process, the order or the threads are found."""

from pathlib import Path

from keras_kata.steadiness import Steadiness, check_steadiness, settings

RIGHT = (("passed", "passed"), ())
NAMED = (("passed", "wrong"), ("off_by_one",))
UNNAMED = (("passed", "wrong"), ())
BROKEN = (("passed", "grader error"), ())


def test_one_verdict_is_steady_and_two_are_told_with_the_first_seed_and_place_of_each():
    seen = Steadiness("module1/running_mean")
    for seed in (1, 2):
        seen.add("the reference", seed, "alone", RIGHT)
        seen.add("a mistake", seed, "alone", NAMED)
    assert seen.judged == 4
    assert seen.unsteady == []
    seen.add("a mistake", 3, "in one process", UNNAMED)
    assert seen.unsteady == [
        "a mistake: passed, wrong [off_by_one] (seed 1, alone); passed, wrong (seed 3, in one process)"
    ]


def test_a_grader_that_always_fails_is_not_steady():
    seen = Steadiness("module1/running_mean")
    seen.add("the reference", 1, "alone", BROKEN)
    assert seen.unsteady == ["the reference: passed, grader error (seed 1, alone)"]


def test_every_exercise_is_judged_alone_and_all_in_one_process_in_two_orders_with_one_and_four_threads():
    slugs = ["a", "b", "c", "d"]
    plans = settings(slugs, 20)
    assert [(plan.slugs, len(plan.seeds)) for plan in plans[:4]] == [((slug,), 20) for slug in slugs]
    together = [plan for plan in plans if len(plan.slugs) > 1]
    assert [sorted(plan.slugs) for plan in together] == [slugs, slugs]
    assert together[0].slugs != together[1].slugs
    assert {plan.threads for plan in together} == {plan.threads for plan in plans[:8]} == {1, 4}


def test_a_course_is_judged_in_processes_of_its_own(course: Path):
    [seen] = check_steadiness(course, ["module1/running_mean"], seeds=2, jobs=1)
    assert "reference" in seen.verdicts
    assert len(seen.verdicts) >= 3
    assert seen.judged == len(seen.verdicts) * 5  # two seeds alone, and one in each of three other ways
    assert seen.unsteady == []
