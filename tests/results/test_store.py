"""The store: every test runs on SQLite, and on PostgreSQL where it is installed."""

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from keras_kata.errors import StoreError
from keras_kata.results import NewRun, Work, decode, open_store
from keras_kata.verdicts import (
    Difference,
    Failed,
    GraderError,
    Mistake,
    NotAttempted,
    Passed,
    Raised,
    Verdict,
    outcome_name,
)
from tests.classroom import CLASS, MOVING, SEED, SOFTMAX, Classroom

SECRET = 0xDEADBEEF_DEADBEEF_DEADBEEF  # longer than a database's integers
WORK = Work("ada", MOVING, "d1", "g1")
HALF = Mistake("half", "You do half of it.")


def passed(probe="averages", points=1.5, exercise=MOVING):
    return Verdict(exercise, probe, points, Passed(), 0.25)


def failed(probe="impossible_widths", mistake=HALF, exercise=MOVING):
    return Verdict(exercise, probe, 0.5, Failed({"x": 1}, 1.0, 2.0, Difference("value"), mistake), 0.5)


def broken(probe="impossible_widths"):
    return Verdict(MOVING, probe, 0.5, GraderError("the reference raised", "Traceback"))


def writer(location, count, order):
    """Another process that saves `count` works that are not saved yet, and prints each student it has saved."""
    return subprocess.Popen(
        [sys.executable, Path(__file__).parent / "writer.py", location, str(count), order],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcomes(result):
    return {verdict.probe: verdict.outcome for verdict in result.verdicts}


def test_what_was_judged_is_read_back(store, course):
    room = Classroom(course)
    run = room.grade(store)
    found = {(result.student, result.exercise): result for result in store.results()}
    assert set(found) == {(student, slug) for student, files in CLASS.items() for slug in files}
    for (student, slug), result in found.items():
        verdicts = room.judged(slug, CLASS[student][slug])
        assert (result.run, result.judged_in, result.seed) == (run, run, SEED)
        assert result.digest == room.work(student, slug).digest
        assert result.points == sum(verdict.earned for verdict in verdicts)
        for saved, verdict in zip(result.verdicts, verdicts, strict=True):
            assert (saved.probe, saved.points, saved.max_points) == (
                verdict.probe,
                verdict.earned,
                verdict.points,
            )
            assert saved.outcome == outcome_name(verdict.outcome)
            assert repr(decode(saved.data)) == repr(verdict.outcome)
    wrong = found["ben", MOVING].verdicts[0]
    assert (wrong.mistake, wrong.outcome) == ("windows_summed", "failed")
    assert re.fullmatch(r"\{'series': \[.*\], 'width': \d\}", wrong.case)
    assert wrong.expected != wrong.received
    assert {key[0]: result.state for key, result in found.items() if key[1] == MOVING} == {
        "ada": "passed",
        "ben": "failed",
        "cleo": "failed",
        "dan": "not attempted",
        "eve": "failed",
        "fay": "failed",
        "gus": "failed",
        "hal": "failed",
    }


def test_a_run_keeps_what_is_told_of_it(store):
    started = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    run = NewRun(SECRET, {"numpy": "2.4"}, {"landlock": 7, "network": True}, {"jobs": 2, "to": None}, started)
    number = store.begin_run(run)
    other = store.begin_run(NewRun(3))
    assert other > number
    kept = store.run(number)
    assert (kept.seed, kept.versions, kept.sandbox, kept.options) == (
        SECRET,
        run.versions,
        run.sandbox,
        run.options,
    )
    assert kept.started == started
    assert store.run().id == other
    assert [known.id for known in store.runs()] == [number, other]


def test_a_run_that_is_not_there_is_said(store):
    with pytest.raises(StoreError, match="no run yet; `kata autograde`"):
        store.run()
    number = store.begin_run(NewRun(1))
    with pytest.raises(StoreError, match=f"has no run 99; the last one is {number}"):
        store.run(99)
    with pytest.raises(StoreError, match="has no run 99"):
        store.save(99, WORK, [passed()], file="f")
    assert store.count() == 0


def test_saving_twice_adds_nothing(store):
    run = store.begin_run(NewRun(1))
    assert store.save(run, WORK, [passed(), failed()], file="f")
    first = list(store.results())
    assert not store.save(run, WORK, [passed(), passed("impossible_widths", 0.5)], file="f")
    assert list(store.results()) == first
    assert store.count() == 2


def test_what_is_unchanged_need_not_be_judged_again(store):
    run = store.begin_run(NewRun(SECRET))
    store.save(run, WORK, [passed()], file="f")
    others = [
        Work("bob", MOVING, "d1", "g1"),
        Work("ada", SOFTMAX, "d1", "g1"),
        Work("ada", MOVING, "d2", "g1"),
        Work("ada", MOVING, "d1", "g2"),
    ]
    assert store.graded(SECRET, [WORK, *others]) == {WORK}
    assert store.is_graded(SECRET, WORK)
    assert not store.is_graded(SECRET + 1, WORK)
    assert not any(store.is_graded(SECRET, work) for work in others)


def test_many_works_are_looked_up(store):
    run = store.begin_run(NewRun(1))
    works = [Work(f"s{n}", MOVING, f"d{n % 7}", "g") for n in range(1000)]
    for work in works[::100]:
        store.save(run, work, [passed()], file="f")
    assert store.graded(1, iter(works)) == set(works[::100])
    assert store.reuse(store.begin_run(NewRun(1)), works) == set(works[::100])


def test_a_later_run_reuses_what_holds(store):
    first = store.begin_run(NewRun(1))
    store.save(first, WORK, [passed()], file="f")
    second = store.begin_run(NewRun(1))
    changed = Work("bob", MOVING, "d2", "g1")
    assert store.reuse(second, [WORK, changed]) == {WORK}
    assert store.reuse(second, [WORK, changed]) == {WORK}  # once more
    store.save(second, changed, [failed("averages")], file="f")
    assert [(r.student, r.judged_in) for r in store.results(run=second)] == [("ada", first), ("bob", second)]
    assert [r.student for r in store.results(run=first)] == ["ada"]
    assert store.count() == 2


def test_of_two_contents_of_one_file_the_last_one_holds(store):
    first, second = store.begin_run(NewRun(1)), store.begin_run(NewRun(1))
    works = [WORK, Work("ada", MOVING, "d2", "g1")]
    for work in works:
        store.save(first, work, [passed()], file="f")
    assert store.reuse(second, works) == set(works)
    assert [result.digest for result in store.results(run=second)] == ["d2"]
    assert store.reuse(second, works[:1]) == {WORK}
    assert [result.digest for result in store.results(run=second)] == ["d1"]


def test_another_seed_is_another_grading(store):
    first, second = store.begin_run(NewRun(1)), store.begin_run(NewRun(2))
    store.save(first, WORK, [passed()], file="f")
    assert store.reuse(second, [WORK]) == set()
    assert store.save(second, WORK, [failed("averages")], file="f")
    assert [(r.seed, outcomes(r)) for r in store.history("ada", MOVING)] == [
        (1, {"averages": "passed"}),
        (2, {"averages": "failed"}),
    ]


def test_a_student_who_goes_back_to_an_older_file_has_its_result(store):
    """The latest result is that of the last run, not the one that was judged last."""
    contents = ["old", "new", "old"]
    for digest in contents:
        run = store.begin_run(NewRun(1))
        work = Work("ada", MOVING, digest, "g1")
        if not store.reuse(run, [work]):
            store.save(run, work, [passed() if digest == "old" else failed("averages")], file="f")
    (latest,) = store.results()
    assert (latest.digest, latest.run, latest.judged_in) == ("old", 3, 1)
    assert [result.digest for result in store.history("ada", MOVING)] == contents


def test_results_are_chosen_by_run_student_and_exercise(store):
    run = store.begin_run(NewRun(1))
    for student in ("bob", "ada"):
        for slug in (SOFTMAX, MOVING):
            store.save(run, Work(student, slug, "d", "g"), [passed(exercise=slug)], file="f")
    everything = [(r.student, r.exercise) for r in store.results()]
    assert everything == [("ada", MOVING), ("ada", SOFTMAX), ("bob", MOVING), ("bob", SOFTMAX)]
    assert [r.exercise for r in store.results(students=["bob"])] == [MOVING, SOFTMAX]
    assert [r.student for r in store.results(exercises=[SOFTMAX])] == ["ada", "bob"]
    assert list(store.results(students=["nobody"])) == []
    assert list(store.results(run=run + 1)) == []
    assert store.students() == ["ada", "bob"]
    assert store.students(run=run + 1) == []


def test_verdicts_keep_the_graders_order(store):
    run = store.begin_run(NewRun(1))
    names = ["zebra", "apple", "mango", "9", "_x"]
    store.save(run, WORK, [passed(name) for name in names], file="f")
    (result,) = store.results()
    assert [verdict.probe for verdict in result.verdicts] == names


# Grader errors


def test_a_grader_error_costs_no_point_and_is_not_finished(store):
    run = store.begin_run(NewRun(1))
    assert store.save(run, WORK, [passed(), broken()], file="f")
    (result,) = store.results()
    assert (result.points, result.max_points, result.state) == (2.0, 2.0, "grader error")
    assert result.has_grader_error
    assert [verdict.is_grader_error for verdict in result.verdicts] == [False, True]
    assert not store.is_graded(1, WORK)
    assert store.reuse(run, [WORK]) == set()


def test_a_grader_error_is_replaced_and_never_replaces(store):
    run = store.begin_run(NewRun(1))
    store.save(run, WORK, [passed(), broken()], file="f")
    assert store.save(run, WORK, [passed(), failed()], file="f")
    assert store.is_graded(1, WORK)
    for again in (False, True):
        assert not store.save(run, WORK, [passed(), broken()], file="f", again=again)
    (result,) = store.results()
    assert outcomes(result) == {"averages": "passed", "impossible_widths": "failed"}
    assert store.count() == 2


def test_judging_again_replaces_where_that_is_asked_for(store):
    first, second = store.begin_run(NewRun(1)), store.begin_run(NewRun(1))
    store.save(first, WORK, [passed(), failed()], file="f")
    assert store.save(second, WORK, [passed("averages")], file="g", again=True)
    (result,) = store.results()
    assert (result.judged_in, result.file, outcomes(result)) == (second, "g", {"averages": "passed"})
    assert store.count() == 1


# All or nothing


@pytest.mark.parametrize(
    "verdicts",
    [[], [passed(), passed()], [passed(), passed("p", exercise=SOFTMAX)]],
    ids=["none", "a probe twice", "another exercise's"],
)
def test_verdicts_that_do_not_belong_together_are_refused(store, verdicts):
    run = store.begin_run(NewRun(1))
    with pytest.raises(ValueError, match="not the verdicts of"):
        store.save(run, WORK, verdicts, file="f")


def test_a_save_that_fails_half_way_leaves_nothing(store):
    run = store.begin_run(NewRun(1))
    nothing = Verdict(MOVING, "later", None, NotAttempted())  # its column takes no NULL
    with pytest.raises(StoreError, match=r"can't be used|keeps changing"):
        open_again(store, patience=0).save(run, WORK, [passed(), nothing], file="f")
    assert list(store.results()) == []
    assert store.count() == 0
    assert store.save(run, WORK, [passed()], file="f")


def open_again(store, **options):
    store._database.patience = options["patience"]
    return store


# Hostile texts

NAMES = [
    'José, "Zoë" O\'Brien',
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "עדה",
    "🦊🇩🇪 and 中文",
    "'; DROP TABLE kata_runs; --",
    "a%s%(b)s{c}:d",
    "x" * 300,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_texts_come_back_as_they_were(store, name):
    run = store.begin_run(NewRun(1))
    work = Work(name, MOVING, "d", "g")
    verdict = Verdict(MOVING, "averages", 1, Failed({name: name}, name, [name], Difference(name), None, name))
    store.save(run, work, [verdict], file=name)
    (result,) = store.results(students=[name])
    assert (result.student, result.file) == (name, name)
    assert decode(result.verdicts[0].data) == verdict.outcome
    assert store.is_graded(1, work)
    assert store.students() == [name]


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\x1b[2J", "\u202e"], ids=ascii)
def test_texts_that_no_database_takes_are_kept_readable(store, text):
    run = store.begin_run(NewRun(1))
    outcome = Raised({text: text}, f"E: {text}", ((1, text, text),), mistake=Mistake("m", text), printed=text)
    assert store.save(run, WORK, [Verdict(MOVING, "averages", 1, outcome)], file="f")
    (result,) = store.results()
    saved = result.verdicts[0]
    assert text not in f"{saved.case}{saved.error}{saved.mistake_text}"
    assert isinstance(decode(saved.data), Raised)


def test_a_path_of_any_bytes_is_kept_readable(store):
    run = store.begin_run(NewRun(1))
    assert store.save(run, WORK, [passed()], file=Path("/a\udcff\x00/b"))
    assert [result.file for result in store.results()] == ["/a\\udcff\\x00/b"]


# What the class gets wrong


def test_mistakes_are_counted_by_students(store, course):
    Classroom(course).grade(store)
    found = store.mistakes()
    named = {(m.probe, m.mistake): (m.students, m.judged, m.example) for m in found if m.exercise == MOVING}
    assert named["averages", "windows_summed"] == (2, 8, "ben")
    unnamed = [
        (m.outcome, m.students, m.example) for m in found if m.mistake is None and m.probe == "averages"
    ]
    assert sorted(unnamed) == [
        ("failed", 1, "gus"),
        ("forbidden", 1, "hal"),
        ("raised", 1, "cleo"),
        ("unusable", 1, "eve"),
    ]
    text = next(m.text for m in found if m.mistake == "windows_summed")
    assert text.startswith("You return the sum of each window")
    assert [m.exercise for m in store.mistakes(exercises=[SOFTMAX])] == [SOFTMAX]
    assert found == sorted(found, key=lambda m: (m.exercise, -m.students))


def test_mistakes_of_files_that_were_mended_are_not_counted(store):
    for number, verdict in enumerate([failed("averages"), passed()]):
        run = store.begin_run(NewRun(1))
        store.save(run, Work("ada", MOVING, f"d{number}", "g"), [verdict], file="f")
    assert store.mistakes() == []
    (earlier,) = store.mistakes(run=1)
    assert (earlier.mistake, earlier.students) == ("half", 1)


# Two at once


def test_two_writers_at_once(location):
    """They make the tables at once, and save the same works at once: each work is there once."""
    writers = [writer(location, 100, order) for order in ("forwards", "backwards")]
    for process in writers:
        assert process.stdout.readline() == "ready\n"
    for process in writers:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in writers:
        _, errors = process.communicate(timeout=180)
        assert (process.returncode, errors) == (0, "")
    with open_store(location, create=False) as opened:
        assert opened.count() == 200
        for run in (1, 2):
            found = list(opened.results(run=run))
            assert len(found) == 100
            assert all(len(result.verdicts) == 2 for result in found)
        assert {result.judged_in for result in opened.results(run=1)} <= {1, 2}


# Killed


def test_nothing_that_was_reported_as_saved_is_lost_and_nothing_doubled(location):
    """A writer is killed at random moments, and the same command goes on each time where it stopped."""
    random = Random(5)
    reported: set[str] = set()
    count, kills = 150, 0
    for _ in range(count):
        process = writer(location, count, "forwards")
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        reported.update(process.stdout.readline().strip() for _ in range(random.randrange(1, 40)))
        time.sleep(random.random() * 0.01)  # to be killed anywhere in what saving does
        process.kill()
        rest, errors = process.communicate(timeout=60)
        reported.update(rest.split())
        assert errors == ""
        with open_store(location, create=False) as opened:
            found = [result.student for result in opened.results() for _ in result.verdicts]
            assert reported - {""} <= set(found)
            assert opened.count() == 2 * len(set(found)) == len(found)
        if process.returncode == 0:
            break
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 3
    assert set(found) == {f"s{number}" for number in range(count)}
