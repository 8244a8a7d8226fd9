"""What pytest collects: a file per implementation of an exercise, in it an item per probe."""

import os
import re
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from keras_kata.course import Course, Exercise
from keras_kata.errors import KataError
from keras_kata.outline import ProbeOutline, outline

if TYPE_CHECKING:  # numpy and Hypothesis are not imported before something is judged
    from keras_kata.judge import Judge
    from keras_kata.submission import Submission
    from keras_kata.verdicts import Outcome

__all__ = ["KataFile", "ProbeItem", "Stranger"]


class KataItem(pytest.Item):
    """A test item whose failure is a message alone: no frame of the engine."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message; its first line is what pytest's own short summary tells, also where `CI` is set."""
        if not isinstance(excinfo.value, NotPassed):
            return super().repr_failure(excinfo, style)
        shown = excinfo.getrepr(style="value", chain=False)
        if shown.reprcrash is not None:
            shown.reprcrash.path, shown.reprcrash.lineno = str(self.path), 1
            shown.reprcrash.message = str(excinfo.value).partition("\n")[0]
        return shown

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where an editor's test explorer points to, and the title of a failure."""
        return self.path, 0, f"{self.path.parent.name}/{self.path.stem}::{self.name}"


class NotPassed(Exception):
    """Carries a message to `repr_failure`."""


class Stranger(pytest.File):
    """Something in an exercise's place that is none: one failing item, so that the others still run."""

    def __init__(self, problem: str, **options: Any) -> None:
        super().__init__(**options)
        self.problem = problem

    def collect(self) -> Iterable[pytest.Item]:
        """The item that says so."""
        return [StrangerItem.from_parent(self, name="not_an_exercise")]


class StrangerItem(KataItem):
    """Says what is wrong with a file's name or place."""

    parent: Stranger

    def runtest(self) -> None:
        """Fail with the message."""
        raise NotPassed(self.parent.problem)


class KataFile(pytest.File):
    """An implementation of one exercise.

    Attributes:
        tree: the folder of the modules; a course has one of learners' files, one of references, and so on.
        place: the exercise's place in the course.
        told: whether the file's problem was shown in full already.
    """

    def __init__(self, course: Course, exercise: Exercise, **options: Any) -> None:
        super().__init__(**options)
        self.course = course
        self.exercise = exercise
        self.tree = self.path.parents[2 if self.path.stem == "reference" else 1]
        self.place = list(course.exercises).index(exercise.slug)
        self.told = False
        self._judging: tuple[Judge, Submission] | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """One item for each probe; a single one where the grader can't be read."""
        try:
            probes = outline(self.exercise)
        except KataError as error:
            points = self.course.points.get(self.exercise.difficulty, 0)
            broken = ProbeOutline("grader", "the exercise's grader can be read", points, ())
            return [ProbeItem.from_parent(self, name="grader", outline=broken, problem=str(error))]
        return [ProbeItem.from_parent(self, name=probe.name, outline=probe) for probe in probes]

    def judging(self) -> "tuple[Judge, Submission]":
        """The judge, and the loaded submission; made once for the file."""
        if self._judging is None:
            from keras_kata.judge import PUBLIC_SEED, Judge
            from keras_kata.limits import before_giving_up

            seed = self.config.getoption("kata_seed")
            echo = self.config.getoption("capture") == "no"
            if capture := self.config.pluginmanager.getplugin("capturemanager"):
                before_giving_up[:] = [capture.suspend_global_capture]
            judge = Judge(self.course, self.exercise, PUBLIC_SEED if seed is None else seed, echo=echo)
            self._judging = judge, judge.load(self.path)
        return self._judging


class ProbeItem(KataItem):
    """One probe of one exercise's file."""

    parent: KataFile

    def __init__(self, outline: ProbeOutline, problem: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.outline = outline
        self.problem = problem

    def runtest(self) -> None:
        """Judge; raise with the message where the probe did not pass."""
        from keras_kata.messages import explain
        from keras_kata.verdicts import Passed, Verdict, outcome_name

        outcome, of_file = self._judge()
        slug = self.parent.exercise.slug
        verdict = Verdict(slug, self.name, self.outline.points, outcome)
        mistake = getattr(outcome, "mistake", None)
        self.user_properties += [
            ("exercise", slug),
            ("probe", self.name),
            ("outcome", outcome_name(outcome)),
            ("points", verdict.earned),
            ("max_points", verdict.points),
            *([("mistake", mistake.name)] if mistake else []),
        ]
        if isinstance(outcome, Passed):
            return
        if of_file and self.parent.told:
            raise NotPassed(f"{self.name}: as above, the file as a whole can't be judged.")
        self.parent.told |= of_file
        message = explain(outcome, self.outline, self._command(), slug)
        raise NotPassed("\n".join([message, *self._remarks(message)]))

    def _judge(self) -> "tuple[Outcome, bool]":
        """The outcome, and whether it is that of the file as a whole."""
        from keras_kata.verdicts import GraderError

        if self.problem:
            return GraderError(self.problem), False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # with `-W error` they would be a verdict
                judge, submission = self.parent.judging()
                outcome = judge.judge(submission, self.name).outcome
        except KataError as error:
            return GraderError(str(error)), False
        except Exception as error:  # whatever a reference or the engine raises is no fault of the learner's
            return GraderError(f"{type(error).__name__}: {error}", traceback.format_exc()), False
        return outcome, outcome is submission.problem

    def _remarks(self, message: str) -> list[str]:
        """What there is to know of a notebook; of a Python file nothing."""
        if self.problem or self.path.suffix != ".ipynb":
            return []
        from keras_kata.notebook_source import LINES_EXPLAINED

        _, submission = self.parent.judging()
        explained = [LINES_EXPLAINED] if re.search(r"\bline \d{4}", message) else []
        return [*submission.remarks, *explained]

    def _command(self) -> str:
        """What runs this probe again, from where pytest was called."""
        try:
            path = os.path.relpath(self.path, self.config.invocation_params.dir)
        except ValueError:  # another drive, on Windows
            path = str(self.path)
        seed = self.config.getoption("kata_seed")
        target = f"{path}::{self.name}"
        quoted = f'"{target}"' if " " in target else target
        return f"pytest {quoted}{'' if seed is None else f' --kata-seed {seed}'}"
