"""The hints of an exercise, one step further each time somebody asks."""

from dataclasses import dataclass

from keras_kata.course import Exercise
from keras_kata.errors import AuthoringError, CourseError
from keras_kata.outline import ProbeOutline, outline
from keras_kata.progress import Progress

__all__ = ["Hint", "next_hint"]


@dataclass(frozen=True)
class Hint:
    """One hint of one probe.

    Attributes:
        probe: its name.
        claim: what it observes.
        number: which hint of the probe this is, from 1.
        count: how many it has.
    """

    exercise: Exercise
    probe: str
    claim: str
    number: int
    count: int
    text: str

    @property
    def title(self) -> str:
        """`module1/moving_average::averages  (hint 1 of 2)`."""
        return f"{self.exercise.slug}::{self.probe}  (hint {self.number} of {self.count})"

    @property
    def end(self) -> str:
        """What is to be said after the last hint; empty before."""
        is_last = self.number == self.count
        return "That was the last hint for this probe; the next call starts again." if is_last else ""


def next_hint(exercise: Exercise, progress: Progress, wanted: str = "") -> Hint:
    """The hint that comes next; `progress` then knows that it was shown, and is the caller's to save.

    Args:
        wanted: a probe's name; without one, the first probe that is not known to pass.

    Raises:
        CourseError: the exercise has no such probe.
        AuthoringError: the grader can't be read, or the probe has no hints.
    """
    probes = {probe.name: probe for probe in outline(exercise)}
    name = wanted or _first_open(list(probes), exercise, progress)
    if name not in probes:
        raise CourseError(f"{exercise.slug} has no probe {name!r}. It has: {', '.join(probes)}.")
    return _step(exercise, probes[name], progress)


def _step(exercise: Exercise, probe: ProbeOutline, progress: Progress) -> Hint:
    key, count = f"{exercise.slug}::{probe.name}", len(probe.hints)
    if not count:
        raise AuthoringError(f"{exercise.grader}: {probe.name} has no hints")
    shown = min(progress.hints.get(key, 0), count - 1)
    progress.hints[key] = (shown + 1) % count
    return Hint(exercise, probe.name, probe.claim, shown + 1, count, probe.hints[shown])


def _first_open(names: list[str], exercise: Exercise, progress: Progress) -> str:
    known = progress.of(exercise.slug, exercise.stub) or {}
    passed = {name for name, (outcome, _, _) in known.items() if outcome == "passed"}
    return next((name for name in names if name not in passed), names[0])
