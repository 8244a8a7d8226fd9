"""Grading a class with the real command: what is judged, what is kept, and whom it is safe to kill."""

import os
import signal
import sys
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.intake import find_submitted
from keras_kata.judge import Judge

from .conftest import MINI_COURSE
from .processes import command_of, descendants, has_ended, wait_until
from .pupils import (
    MISTAKE,
    OTHER,
    SEED,
    SLUG,
    WRONG,
    Class,
    assert_full_marks,
    many_slow,
    rows,
    source,
    verdicts,
)

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

PATIENCE = 180.0  # seconds; on a busy machine a process may take long to start


@pytest.fixture
def pupils(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_a_class_gets_the_verdicts_that_practice_gives(pupils: Class) -> None:
    stub = (MINI_COURSE / "exercises" / f"{SLUG}.py").read_text(encoding="utf-8")
    answers = {"ada": source(SLUG), "bo b": source(SLUG) + WRONG, "çelik": stub, "dan": "def oops(:\n"}
    for student, text in answers.items():
        pupils.hand_in(student, SLUG, text)
    said = pupils.run("--seed", str(SEED), "--jobs", "2")
    assert "4  graded" in said
    course = Course(pupils.root)
    judge = Judge(course, course[SLUG], SEED)
    results = pupils.results()
    for student, text in answers.items():
        expected = judge.judge_all(judge.loader.load_source(text, "answer.py"))
        assert verdicts(results[student, SLUG]) == [
            (
                one.probe,
                results[student, SLUG].verdicts[place].outcome,
                one.earned,
                getattr(getattr(one.outcome, "mistake", None), "name", None),
            )
            for place, one in enumerate(expected)
        ]
    assert results["ada", SLUG].points == results["ada", SLUG].max_points
    assert {one.mistake for one in results["bo b", SLUG].verdicts} >= {MISTAKE}
    assert results["çelik", SLUG].state == "not attempted"
    assert {one.outcome for one in results["dan", SLUG].verdicts} == {"unusable"}
    with pupils.store() as store:
        run = store.run()
    assert run.seed == SEED
    assert {"python", "numpy", "engine"} <= run.versions.keys()
    assert "landlock" in run.sandbox["enforced"] or "landlock" in run.sandbox["missing"]


def test_only_what_has_changed_is_graded_again(pupils: Class) -> None:
    for student in ("ada", "bob"):
        for slug in (SLUG, OTHER):
            pupils.hand_in(student, slug, source(slug))
    assert "4  graded" in pupils.run()
    with pupils.store() as store:
        seed = store.run().seed
    assert "0  graded" in (again := pupils.run())
    assert "4  not changed" in again
    pupils.hand_in("bob", SLUG, source(SLUG) + "\n# a second thought\n")
    assert "1  graded" in pupils.run()
    grader = pupils.root / "graders" / f"{OTHER}.py"
    grader.write_text(grader.read_text(encoding="utf-8") + "\n# a new edition\n", encoding="utf-8")
    assert "2  graded" in pupils.run()
    with pupils.store() as store:
        assert {run.seed for run in store.runs()} == {seed}, "everyone gets the same cases, always"
    assert "1  graded" in pupils.run("module1/moving_average", "--student", "ada", "--seed", "5")


def test_a_run_can_be_repeated(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    pupils.hand_in("bob", SLUG, source(SLUG) + WRONG)
    pupils.run()
    before = pupils.results()
    assert "2  graded" in pupils.run("--run", "1", name="regrade")
    after = pupils.results()
    assert {key: verdicts(one) for key, one in after.items()} == {
        key: verdicts(one) for key, one in before.items()
    }
    assert {one.judged_in for one in after.values()} == {2}
    assert "no run 9" in pupils.run("--run", "9", name="regrade", status=1)


def test_what_can_not_be_graded_is_told_and_the_rest_is_graded(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    file = pupils.hand_in("eve", SLUG, "")
    file.unlink()
    file.symlink_to("/etc/passwd")
    pupils.hand_in("<script>alert(1)", SLUG, source(SLUG))
    said = pupils.run(status=1)
    assert "symbolic link" in said
    assert {student for student, _ in pupils.results()} >= {"ada"}
    assert "root:" not in said


def test_a_grader_error_costs_no_point_and_is_loud(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    reference = pupils.root / "solutions" / SLUG / "reference.py"
    text = reference.read_text(encoding="utf-8")
    reference.write_text(text + "\n\ndef moving_average(*_):\n    raise OSError\n", encoding="utf-8")
    said = pupils.run(status=1)
    assert f"ada/{SLUG}: grader error" in said
    result = pupils.results()["ada", SLUG]
    assert result.has_grader_error
    assert result.points == result.max_points
    reference.write_text(text, encoding="utf-8")
    assert "1  graded" in pupils.run()


def test_an_exercise_that_can_not_be_judged_stops_no_other(pupils: Class) -> None:
    for slug in (SLUG, OTHER):
        pupils.hand_in("ada", slug, source(slug))
    (pupils.root / "graders" / f"{SLUG}.py").write_text("raise RuntimeError('a broken grader')\n")
    said = pupils.run(status=1)
    assert f"ada/{SLUG}: " in said
    assert "a broken grader" in said
    assert set(pupils.results()) == {("ada", OTHER)}


def test_a_sandbox_that_is_not_there_is_refused(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    assert "no protection is called" in pupils.run("--allow", "everything", status=1)
    assert pupils.count() == 0


def goes_on(pupils: Class, count: int = 10) -> None:
    """The same command grades the rest; no verdict is missing or there twice."""
    before = len(pupils.results())
    assert 0 < before < count
    said = pupils.run("--jobs", "2")
    assert f"{count - before}  graded" in said
    results = pupils.results()
    assert len(results) == count
    assert_full_marks(results)
    assert pupils.count() == rows(results)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_whoever_ends_the_command_loses_no_verdict(pupils: Class, number: signal.Signals) -> None:
    many_slow(pupils)
    with pupils.running("--jobs", "2") as process:
        wait_until(lambda: pupils.count() > 0, PATIENCE)
        below = descendants(process.pid)
        assert below
        process.send_signal(number)
        output, _ = process.communicate(timeout=PATIENCE)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "goes on" in output
        assert "Traceback" not in output
    wait_until(lambda: all(map(has_ended, below)), PATIENCE)
    goes_on(pupils)


@pytest.mark.parametrize("whom", ["multiprocessing.spawn", "keras_kata.server"])
def test_a_killed_process_is_replaced(pupils: Class, whom: str) -> None:
    many_slow(pupils)
    with pupils.running("--jobs", "2") as process:
        wait_until(lambda: pupils.count() > 0, PATIENCE)
        victims = [one for one in descendants(process.pid) if whom in command_of(one)]
        os.kill(victims[0], signal.SIGKILL)
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    results = pupils.results()
    assert len(results) == 10
    assert_full_marks(results)
    assert pupils.count() == rows(results)


def test_a_submission_is_found_once_by_the_command_and_by_the_intake(pupils: Class) -> None:
    pupils.hand_in("ada", SLUG, source(SLUG))
    pupils.hand_in("ada", OTHER, source(OTHER))
    pupils.run("module2")
    found = find_submitted(pupils.submitted, Course(pupils.root), exercises=["module2"])
    assert [(one.student, one.exercise) for one in found.submitted] == list(pupils.results())
