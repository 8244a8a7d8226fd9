"""Judging a submission in a sandboxed worker: the same verdicts as in this process, whatever the worker does."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from keras_kata.course import Course, Exercise
from keras_kata.implementation import StandIn
from keras_kata.judge import Judge, Limits
from keras_kata.verdicts import Crashed, Failed, Passed, TimedOut, Unusable, Verdict
from keras_kata.wire import pack
from keras_kata.worker import Answer

from .conftest import MINI_COURSE
from .processes import descendants, wait_until
from .support import RIGHT, Workshop, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

from keras_kata.remote import RemoteImplementation, submitted
from keras_kata.workers import Workers

SLUGS = sorted(Course(MINI_COURSE).exercises)
COURSE = Path(__file__).parents[1]

TWO_PROBES = """
import numpy as np
from keras_kata import probe


@probe(points=1, examples=[{"x": np.arange(3.0), "_secret": 7.0}], hints=("?",))
def doubled(impl, case):
    \"""Twice the numbers, and what is there of the case.\"""
    return [impl.scaled(case["x"]), sorted(case)]


@probe(points=1, examples=[{"x": np.arange(3.0), "factor": 3.0}], hints=("?",))
def scaled_by(impl, case):
    \"""The numbers times a factor.\"""
    return impl.scaled(case["x"], case["factor"])
"""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(Course(MINI_COURSE)) as workers:
        yield workers


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    limits = Limits(case_floor=1.0, probe_floor=5.0)
    return make_workshop(tmp_path_factory.mktemp("workshop"), grader=TWO_PROBES, limits=limits)


@pytest.fixture
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


@pytest.mark.tensorflow
def test_a_keras_exercise_gets_the_verdicts_that_it_gets_in_process() -> None:
    """With every grader of the course imported: had one run an operation, the worker would hang."""
    course = Course(COURSE)
    exercise = course["module1/custom_dense_layer"]
    judge = Judge(course, exercise)
    mistakes = list(judge.solution.misconceptions().values())[:2]
    sources = [(exercise.solution / "reference.py").read_text(encoding="utf-8")]
    sources += [written_out(exercise, mistake) for mistake in mistakes]
    with Workers(course) as workers:
        for source in sources:
            here = judge.judge_all(judge.loader.load_source(source, "answer.py"))
            assert content(verdicts(workers, judge, source)) == content(here)


def test_keys_that_belong_to_the_judge_are_not_sent(own: Workers, workshop: Workshop) -> None:
    judge = workshop.judge
    implementation = RemoteImplementation(own, workshop.exercise, judge.loader, RIGHT, "answer.py")
    assert implementation.load() is None
    probe = judge.probes["doubled"]
    reply = implementation.observe(probe, probe.examples[0], 10.0)
    implementation.close()
    assert isinstance(reply, Answer)
    assert reply.value[1] == ["x"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("os._exit(3)", Crashed), ("time.sleep(1e6)", TimedOut), ("os.kill(os.getpid(), 19)", TimedOut)],
)
def test_the_next_probe_is_asked_of_a_fresh_worker(
    own: Workers, workshop: Workshop, fault: str, outcome: type
) -> None:
    source = (
        f"import os, time\ndef scaled(x, factor=2.0):\n    if factor == 2: {fault}\n    return factor * x\n"
    )
    first, second = verdicts(own, workshop.judge, source)
    assert isinstance(first.outcome, outcome)
    assert isinstance(second.outcome, Passed)
    assert descendants(own.process) == []


def test_a_file_that_can_be_loaded_only_once_crashes(
    own: Workers, workshop: Workshop, tmp_path: Path
) -> None:
    source = "import os\ndef scaled(x, factor=2.0): os._exit(0)\n"
    with submitted(own, workshop.exercise, workshop.judge.loader, source, "answer.py") as submission:
        submission.implementation._loading["source"] = "import os\nos._exit(7)\n"  # as a coin may fall
        outcomes = [verdict.outcome for verdict in workshop.judge.judge_all(submission)]
    assert [outcome.reason for outcome in outcomes] == [
        "it ended itself, with status 0",
        "it ended itself, with status 7",
    ]


def test_what_a_submission_prints_is_kept_with_its_case(own: Workers, workshop: Workshop) -> None:
    first, _ = verdicts(
        own, workshop.judge, "def scaled(x, factor=2.0):\n    print('here', 1)\n    return x\n"
    )
    assert isinstance(first.outcome, Failed)
    assert first.outcome.printed == "here 1\n"


def test_what_can_not_be_loaded_has_its_outcome_at_every_probe(own: Workers, workshop: Workshop) -> None:
    here = workshop.judge.judge_all(workshop.judge.loader.load_source("1 +", "answer.py"))
    assert content(verdicts(own, workshop.judge, "1 +")) == content(here)
    assert all(isinstance(verdict.outcome, Unusable) for verdict in here)


def test_several_threads_may_judge_at_once(own: Workers, workshop: Workshop) -> None:
    workshop.judge.judge_all(workshop.judge.loader.load_source(RIGHT, "answer.py"))

    def earned(number: int) -> float:
        judge = Judge(workshop.course, workshop.exercise)
        source = RIGHT if number % 2 else "import os\ndef scaled(x, factor=2.0): os._exit(0)\n"
        return sum(verdict.earned for verdict in verdicts(own, judge, source))

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(earned, range(6))) == [0, 2, 0, 2, 0, 2]
    assert descendants(own.process) == []


@pytest.mark.parametrize("who", ["keeper", "first process", "server"])
def test_what_is_killed_from_outside_costs_no_point(own: Workers, workshop: Workshop, who: str) -> None:
    judge = workshop.judge
    with submitted(own, workshop.exercise, judge.loader, RIGHT, "answer.py") as submission:
        before = [own.process, *descendants(own.process)]
        assert len(before) == 4, "the server, the keeper, the first process, the worker"
        os.kill(before[{"server": 0, "keeper": 1, "first process": 2}[who]], 9)
        assert [verdict.earned for verdict in judge.judge_all(submission)] == [1, 1]
        wait_until(lambda: len(descendants(own.process)) == 3)
    assert descendants(own.process) == []
    wait_until(lambda: not any(os.path.exists(f"/proc/{process}/fd") for process in before[1:]))


def test_a_worker_that_is_killed_is_told_so(own: Workers, workshop: Workshop) -> None:
    judge = workshop.judge
    with submitted(own, workshop.exercise, judge.loader, RIGHT, "answer.py") as submission:
        os.kill(descendants(own.process)[2], 9)
        first, second = judge.judge_all(submission)
    assert isinstance(first.outcome, Crashed)
    assert "signal 9" in first.outcome.reason
    assert isinstance(second.outcome, Passed)


def test_closing_leaves_nothing(workshop: Workshop) -> None:
    descriptors = len(os.listdir("/proc/self/fd"))
    children = descendants(os.getpid())
    workers = Workers(workshop.course)
    with workers:
        scratch = Path(workers._scratch)
        for _ in range(3):
            verdicts(workers, workshop.judge, RIGHT)
        assert list(scratch.iterdir()) == []
        assert len(descendants(os.getpid())) == len(children) + 1
    workers.close()
    assert descendants(os.getpid()) == children
    assert not scratch.exists()
    assert len(os.listdir("/proc/self/fd")) == descriptors
