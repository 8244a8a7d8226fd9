"""Showing that a verdict depends on the answer alone: not on the seed, the process, the order or the threads."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from keras_kata.course import Course
from keras_kata.judge import PUBLIC_SEED, Judge
from keras_kata.submission import Submission
from keras_kata.verdicts import Failed, Raised, outcome_name

__all__ = ["Setting", "Steadiness", "check_steadiness", "settings"]

Signature = tuple[tuple[str, ...], tuple[str, ...]]
"""The outcome of every probe, and the mistakes that any of them named.

Whether the smallest failing case happens to end in a wrong value or in an exception is not told apart.
"""


@dataclass(frozen=True)
class Setting:
    """One way of judging a number of exercises with a number of seeds, in one process."""

    name: str
    slugs: tuple[str, ...]
    seeds: tuple[int, ...]
    threads: int


@dataclass
class Steadiness:
    """What was seen of one exercise.

    Attributes:
        judged: how many times an answer was judged.
        verdicts: for each answer the different signatures, each with the first seed and setting that gave it.
    """

    slug: str
    judged: int = 0
    verdicts: dict[str, dict[Signature, tuple[int, str]]] = field(default_factory=dict)

    def add(self, answer: str, seed: int, setting: str, signature: Signature) -> None:
        """Count one judging."""
        self.judged += 1
        self.verdicts.setdefault(answer, {}).setdefault(signature, (seed, setting))

    @property
    def unsteady(self) -> list[str]:
        """A sentence for each answer that got more than one verdict, or none because the grader fails."""
        return [
            f"{answer}: "
            + "; ".join(f"{_text(s)} (seed {seed}, {place})" for s, (seed, place) in seen.items())
            for answer, seen in self.verdicts.items()
            if len(seen) > 1 or any("grader error" in outcomes for outcomes, _ in seen)
        ]


def settings(slugs: Sequence[str], seeds: int) -> list[Setting]:
    """Every exercise alone with all seeds; then all of them in one process, in two orders, with 1 and 4 threads.

    The settings with all exercises in one process take a tenth of the seeds.
    """
    every = tuple(range(PUBLIC_SEED, PUBLIC_SEED + seeds))
    few = every[: max(1, seeds // 10)]
    shuffled = list(slugs)
    random.Random(0).shuffle(shuffled)
    return [
        *(Setting("alone, 1 thread", (slug,), every, 1) for slug in slugs),
        *(Setting("alone, 4 threads", (slug,), few, 4) for slug in slugs),
        Setting("in one process, 1 thread", tuple(slugs), few, 1),
        Setting("in one process, shuffled, 4 threads", tuple(shuffled), few, 4),
    ]


def check_steadiness(root: Path, slugs: Sequence[str], seeds: int, jobs: int) -> Iterator[Steadiness]:
    """Judge every reference, alternative and misconception in all settings.

    Yields:
        One result for each exercise, at the end.
    """
    found = {slug: Steadiness(slug) for slug in slugs}
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as pool:
        plans = settings(slugs, seeds)
        for plan, rows in zip(plans, pool.map(_judge_all, [root] * len(plans), plans), strict=True):
            for slug, answer, seed, signature in rows:
                found[slug].add(answer, seed, plan.name, signature)
    yield from found.values()


def _judge_all(root: Path, plan: Setting) -> list[tuple[str, str, int, Signature]]:
    course = Course(root)
    threads = str(plan.threads)
    course.environment |= {key: threads for key in course.environment if key.endswith("_THREADS")}
    rows = []
    for slug in plan.slugs:
        first = Judge(course, course[slug], plan.seeds[0], shrinking=False)
        answers = {
            "reference": first.load(first.exercise.solution / "reference.py"),  # runs anew for every seed
            **{name: first.stand_in(made) for name, made in first.solution.alternatives().items()},
            **{name: first.stand_in(made) for name, made in first.known.mistakes.items()},
        }
        for seed in plan.seeds:
            judge = first.reseeded(seed)
            rows += [(slug, name, seed, _signature(judge, answer)) for name, answer in answers.items()]
    return rows


def _signature(judge: Judge, answer: Submission) -> Signature:
    outcomes = [verdict.outcome for verdict in judge.judge_all(answer)]
    mistakes = {mistake.name for outcome in outcomes if (mistake := getattr(outcome, "mistake", None))}
    kinds = (
        "wrong" if isinstance(outcome, Failed | Raised) else outcome_name(outcome) for outcome in outcomes
    )
    return tuple(kinds), tuple(sorted(mistakes))


def _text(signature: Signature) -> str:
    outcomes, mistakes = signature
    return ", ".join(outcomes) + (f" [{', '.join(mistakes)}]" if mistakes else "")
