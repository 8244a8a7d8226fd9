"""Where a learner stands with an exercise, as far as the last run tells."""

import contextlib
from dataclasses import dataclass

from keras_kata.course import Course, Exercise
from keras_kata.errors import KataError
from keras_kata.outline import outline
from keras_kata.progress import Progress

__all__ = ["Standing", "standing"]


@dataclass(frozen=True)
class Standing:
    """What is known of the exercise's file as it is now.

    Attributes:
        points: what the file is known to get, as text; `-` where it was not judged yet.
        worth: what the exercise is worth.
        state: in words, with rich's markup.
    """

    points: str
    worth: float
    state: str
    earned: float = 0.0
    done: bool = False


def standing(course: Course, exercise: Exercise, progress: Progress) -> Standing:
    """Look an exercise up in what is remembered."""
    worth = course.points.get(exercise.difficulty, 0)
    if not exercise.stub.is_file():
        return Standing("0", worth, "no file: `kata reset` brings it back")
    known = progress.of(exercise.slug, exercise.stub)
    if known is None:
        changed = exercise.slug in progress.results
        return Standing("-", worth, "changed since it was run" if changed else "not run yet")
    earned = sum(got for _, got, _ in known.values())
    outcomes = [outcome for outcome, _, _ in known.values()]
    done = set(outcomes) == {"passed"} and earned >= worth
    if done:
        state = "[green]done[/]"
    elif "grader error" in outcomes:
        state = "[red]grader error[/] (not your code's)"
    elif set(outcomes) == {"not attempted"}:
        state = "[yellow]not attempted[/]"
    else:
        state = f"{outcomes.count('passed')} of {_probe_count(exercise) or len(known)} probes pass"
    return Standing(f"{earned:g}", worth, state, earned, done)


def _probe_count(exercise: Exercise) -> int:
    with contextlib.suppress(KataError):
        return len(outline(exercise))
    return 0
