"""Every fault and cheat of `tests/hostile/`, judged for real: no point gained, no harm done, nothing left.

The first line of each file says what judging it must come to: an outcome's name and a part of its text, or
several of these where the kernel, or who comes first, decides. Each file that cheats answers right where it
finds what it looks for, so that a cheat that works shows as a point gained.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.judge import Judge, Limits
from keras_kata.verdicts import Verdict, outcome_name

from .processes import descendants
from .support import GRADER, RIGHT, Workshop, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

from keras_kata.confinement import Confinement
from keras_kata.kernel import new_keyring
from keras_kata.remote import submitted
from keras_kata.results import open_store
from keras_kata.workers import Workers

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.py"))
SMALL = Confinement(cpu=60, memory=256 << 20, processes=64, file=16 << 20, scratch=64 << 20)
TRACES = ("/tmp", "/var/tmp", "/dev/shm", "/", "/root", "/etc", sys.prefix, os.path.dirname(os.__file__))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    root = tmp_path_factory.mktemp("secret") / "course"
    few = GRADER.replace("count=25", "count=6")
    root.mkdir()
    open_store(str(root / "grades.sqlite")).close()
    return make_workshop(
        root, grader=few, limits=Limits(case_floor=1.0, probe_floor=10.0), seed=90210, shrinking=False
    )


@pytest.fixture(scope="module")
def workers(workshop: Workshop) -> Iterator[Workers]:
    os.environ["KATA_TEST_SECRET"] = "seed=90210"
    new_keyring()  # as a login gives one, which the server inherits
    try:
        with Workers(workshop.course, SMALL) as workers:
            yield workers
    finally:
        del os.environ["KATA_TEST_SECRET"]


@pytest.fixture(scope="module")
def listener() -> Iterator[list[socket.socket]]:
    """What a submission must not reach: a port of this machine, and a socket with an abstract name."""
    with socket.create_server(("127.0.0.1", 0)) as port, socket.socket(socket.AF_UNIX) as abstract:
        listening = [port]
        with contextlib.suppress(OSError):  # another run of these tests has it: then that one listens
            abstract.bind("\0kata_test_listener")
            abstract.listen()
            listening.append(abstract)
        for one in listening:
            one.setblocking(False)
        yield listening


def judged(workers: Workers, judge: Judge, source: str, seconds: float = 60.0) -> Verdict:
    """One submission's only verdict."""
    loader = replace(judge.loader, limit=seconds)
    with submitted(workers, judge.exercise, loader, source, "scaled.py") as submission:
        (verdict,) = judge.judge_all(submission)
    return verdict


def is_as_expected(verdict: Verdict, wanted: str) -> bool:
    """Whether a verdict is one of those that a file's first line names."""
    text = repr(verdict.outcome)
    for one in wanted.removeprefix("#").split("|"):
        name, _, part = (piece.strip() for piece in one.partition(":"))
        if outcome_name(verdict.outcome) == name and part in text:
            return True
    return False


def tree(root: Path) -> dict[str, bytes]:
    """Every file of the course, without what Python caches."""
    paths = [p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return {str(path): path.read_bytes() for path in paths}


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_it_gains_nothing_and_harms_nobody(
    path: Path, workers: Workers, workshop: Workshop, listener: list[socket.socket]
) -> None:
    judge, before = workshop.judge, tree(workshop.root)
    source = path.read_text(encoding="utf-8")
    verdict = judged(workers, judge, source, seconds=2.0)
    assert is_as_expected(verdict, source.split("\n")[0]), verdict.outcome
    assert verdict.earned == 0
    assert descendants(workers.process) == []
    assert tree(workshop.root) == before
    for folder in TRACES:
        assert list(Path(folder).glob("kata_was_here*")) == []
    for one in listener:
        with pytest.raises(BlockingIOError):
            one.accept()
    assert judged(workers, judge, RIGHT).earned == 1, "the next submission is unharmed"


@pytest.mark.tensorflow
def test_patching_keras_gains_nothing_and_harms_nobody() -> None:
    course = Course(Path(__file__).parents[1])
    exercise = course["module1/custom_dense_layer"]
    judge = Judge(course, exercise)
    source = (HOSTILE[0].parent / "keras" / "patches_keras.py").read_text(encoding="utf-8")
    right = (exercise.solution / "reference.py").read_text(encoding="utf-8")
    with Workers(course, exercises=[exercise]) as workers:
        for text in (source, right):
            with submitted(workers, exercise, judge.loader, text, "custom_dense_layer.py") as submission:
                verdicts = judge.judge_all(submission)
            if text is source:
                assert [
                    verdict for verdict in verdicts if not is_as_expected(verdict, text.split("\n")[0])
                ] == []
            earned = sum(verdict.earned for verdict in verdicts)
            assert earned == (0 if text is source else sum(probe.points for probe in judge.probes.values()))


@pytest.mark.parametrize("name", ["finds_what_another_left", "finds_a_key_another_left"])
def test_nothing_of_one_submission_is_there_for_the_next(
    name: str, workers: Workers, workshop: Workshop
) -> None:
    source = (HOSTILE[0].parent / f"{name}.py").read_text(encoding="utf-8")
    assert [judged(workers, workshop.judge, source).earned for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("name", ["looks_in_frames", "looks_in_environment", "tells_grading_from_practice"])
def test_a_cheat_that_only_reads_gains_the_point_where_nothing_holds_it_back(
    name: str, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what is asserted above is the sandbox's doing."""
    monkeypatch.setenv("KATA_TEST_SECRET", "seed=90210")
    source = (HOSTILE[0].parent / f"{name}.py").read_text(encoding="utf-8")
    (verdict,) = workshop.judge.judge_all(workshop.judge.loader.load_source(source, "scaled.py"))
    assert verdict.earned == 1
