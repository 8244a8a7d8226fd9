"""Judging a submission in a sandboxed worker: the same verdicts as in this process, whatever the worker does."""

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from keras_kata.course import Course, Exercise
from keras_kata.implementation import StandIn
from keras_kata.judge import Judge
from keras_kata.verdicts import Verdict
from keras_kata.wire import pack

from .conftest import MINI_COURSE
from .support import Workshop, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

from keras_kata.remote import submitted
from keras_kata.workers import Workers

SLUGS = sorted(Course(MINI_COURSE).exercises)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(Course(MINI_COURSE)) as workers:
        yield workers


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return make_workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module")
def own(workshop: Workshop) -> Iterator[Workers]:
    """Workers of the course of one exercise."""
    with Workers(workshop.course) as workers:
        yield workers


def verdicts(workers: Workers, judge: Judge, source: str) -> list[Verdict]:
    """A submission's verdicts in a worker of its own."""
    with submitted(workers, judge.exercise, judge.loader, source, "answer.py") as submission:
        return judge.judge_all(submission)


def written_out(exercise: Exercise, stand_in: StandIn) -> str:
    """A whole file that behaves as the reference with a member replaced, as a learner would hand it in."""
    reference = (exercise.solution / "reference.py").read_text(encoding="utf-8")
    stand_ins = Path(stand_in.filename).read_text(encoding="utf-8")
    own = "\n".join(line for line in stand_ins.splitlines() if "reference import" not in line)
    return (
        f"{reference}\n_others = dict(globals())\nexec({own!r}, _others)\n"
        f"{stand_in.member} = _others[{stand_in.name!r}]\n"
    )


def content(verdicts: list[Verdict]) -> list[bytes]:
    """All that verdicts say, to the bit, without how long they took."""
    return [pack([v.probe, v.points, _parts(v.outcome)]) for v in verdicts]


def _parts(value: Any) -> Any:
    if is_dataclass(value):
        return [type(value).__name__, *(_parts(getattr(value, field.name)) for field in fields(value))]
    return value


@pytest.mark.parametrize("slug", SLUGS)
def test_every_known_answer_gets_the_verdicts_that_it_gets_in_process(workers: Workers, slug: str) -> None:
    course = Course(MINI_COURSE)
    exercise = course[slug]
    judge = Judge(course, exercise)
    answers = {"reference": (exercise.solution / "reference.py").read_text(encoding="utf-8")}
    stand_ins = judge.solution.misconceptions() | judge.solution.alternatives()
    answers |= {name: written_out(exercise, stand_in) for name, stand_in in stand_ins.items()}
    answers["stub"] = exercise.stub.read_text(encoding="utf-8")
    assert len(answers) >= 4
    for name, source in answers.items():
        here = judge.judge_all(judge.loader.load_source(source, "answer.py"))
        assert content(verdicts(workers, judge, source)) == content(here), name
