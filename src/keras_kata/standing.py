"""Where a learner stands with each exercise, as far as the last runs tell, and where to go on."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from keras_kata.course import Course, Exercise
from keras_kata.errors import KataError
from keras_kata.outline import outline
from keras_kata.progress import Progress
from keras_kata.stubs import is_untouched

__all__ = ["Standing", "next_up", "standing", "standings"]

NOT_BEGUN = "not begun"


@dataclass(frozen=True)
class Standing:
    """What is known of an exercise's file as it is now.

    Attributes:
        worth: what the exercise is worth.
        earned: what the file is known to get; None where it was not judged as it is now.
        state: in words, such as `2 of 4 probes pass`.
        begun: whether somebody has worked on it.
        missing: the slugs of the prerequisites that are not done; an exercise without any is unlocked.
    """

    exercise: Exercise
    worth: float
    earned: float | None
    state: str
    begun: bool = False
    done: bool = False
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> str:
        """`1.5 / 2`; `-` stands for what is not known."""
        return f"{'-' if self.earned is None else f'{self.earned:g}'} / {self.worth:g}"


def standings(course: Course, progress: Progress) -> dict[str, Standing]:
    """Every exercise's standing by slug, in the course's order."""
    found = {exercise.slug: standing(course, exercise, progress) for exercise in course}
    return {slug: replace(known, missing=_missing(known.exercise, found)) for slug, known in found.items()}


def next_up(found: Iterable[Standing]) -> Standing | None:
    """Where to go on: the first exercise begun and not done, else the first unlocked one, else any."""
    left = [known for known in found if not known.done]
    ranked = sorted(left, key=lambda known: (not known.begun, bool(known.missing)))
    return ranked[0] if ranked else None


def standing(course: Course, exercise: Exercise, progress: Progress) -> Standing:
    """Look one exercise up in what is remembered; `missing` is left empty."""
    worth = course.points.get(exercise.difficulty, 0)
    if not exercise.stub.is_file():
        state = f"no file: `kata reset {exercise.name}` brings it back"
        return Standing(exercise, worth, 0.0, state, begun=exercise.slug in progress.results)
    known = progress.of(exercise.slug, exercise.stub)
    if known is None:
        if is_untouched(exercise.stub):
            return Standing(exercise, worth, None, NOT_BEGUN)
        was_run = exercise.slug in progress.results
        return Standing(exercise, worth, None, "changed since it was run" if was_run else "not run yet", True)
    earned = sum(got for _, got, _ in known.values())
    outcomes = [outcome for outcome, _, _ in known.values()]
    if set(outcomes) == {"not attempted"}:
        return Standing(exercise, worth, earned, NOT_BEGUN)
    if set(outcomes) == {"passed"} and earned >= worth:
        return Standing(exercise, worth, earned, "done", begun=True, done=True)
    if "grader error" in outcomes:
        state = "grader error (not your code's)"
    else:
        state = f"{outcomes.count('passed')} of {_probe_count(exercise) or len(known)} probes pass"
    return Standing(exercise, worth, earned, state, begun=True)


def _missing(exercise: Exercise, found: Mapping[str, Standing]) -> tuple[str, ...]:
    return tuple(slug for slug in exercise.prerequisites if slug in found and not found[slug].done)


def _probe_count(exercise: Exercise) -> int:
    with contextlib.suppress(KataError):
        return len(outline(exercise))
    return 0
