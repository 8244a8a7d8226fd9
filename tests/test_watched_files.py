"""What a place on the command line stands for, and that every way of saving is told."""

import queue
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.watched_files import FileWatch, Target, signature, targets

PATIENCE = 60.0


@pytest.fixture
def known(course: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(course)
    (course / "submitted/ada/module1").mkdir(parents=True)
    (course / "submitted/ada/module1/running_mean.py").write_text("")
    return Course(course)


def named(course: Course, name: str) -> list:
    return [entry for entry in course if entry.module == name] or [course[name]]


@pytest.mark.parametrize(
    ("place", "files"),
    [
        ("", ["exercises/module1/moving_average.py", "exercises/module1/running_mean.py"]),
        (".", ["exercises/module1/moving_average.py", "exercises/module1/running_mean.py"]),
        ("exercises", ["exercises/module1/moving_average.py", "exercises/module1/running_mean.py"]),
        ("exercises/module1", ["exercises/module1/moving_average.py", "exercises/module1/running_mean.py"]),
        ("exercises/module1/running_mean.py", ["exercises/module1/running_mean.py"]),
        ("running_mean", ["exercises/module1/running_mean.py"]),
        ("module1", ["exercises/module1/moving_average.py", "exercises/module1/running_mean.py"]),
        (
            "submitted/ada",
            ["submitted/ada/module1/moving_average.py", "submitted/ada/module1/running_mean.py"],
        ),
        ("submitted/ada/module1/running_mean.py", ["submitted/ada/module1/running_mean.py"]),
    ],
)
def test_a_place_stands_for_files_in_the_courses_order(known, place, files):
    found = targets(known, place, lambda name: named(known, name))
    assert [target.shown for target in found][: len(files)] == files
    assert {target.is_own for target in found} == {files[0].startswith("exercises")}
    assert found[0].command == f"pytest {files[0]}"


@pytest.mark.parametrize("place", ["solutions", "course.toml", "graders/module1/running_mean.py", "nonesuch"])
def test_a_place_without_exercises_is_an_error(known, place):
    with pytest.raises(CourseError):
        targets(known, place, lambda name: named(known, name))


def test_a_path_with_a_space_is_quoted(known, course):
    target = Target(known["running_mean"], course / "my answers" / "module1" / "running_mean.py")
    assert target.command == 'pytest "my answers/module1/running_mean.py"'


def test_a_signature_changes_with_every_save(tmp_path):
    file = tmp_path / "file"
    seen = [signature(file)]
    for text in ("one", "longer"):
        file.write_text(text)
        seen.append(signature(file))
    other = tmp_path / "other"
    other.write_text("longer")
    other.replace(file)
    seen.append(signature(file))
    assert len(set(seen)) == 4
    assert seen[0] is None


def test_changes_of_watched_files_are_told_and_of_no_others(known, course):
    told: queue.SimpleQueue = queue.SimpleQueue()
    watched = targets(known, "module1", lambda name: named(known, name))
    watch = FileWatch(watched, told.put, told.put)
    try:
        file = watched[1].file
        found = None
        for number in range(600):  # the system may take its time before it tells anything
            file.write_text(f"# {number}")
            try:
                found = told.get(timeout=PATIENCE / 600)
                break
            except queue.Empty:
                continue
        assert found == {file}
        (course / "exercises/module1/notes.py").write_text("")
        watched[0].file.unlink()
        while found == {file}:  # of the saves above
            found = told.get(timeout=PATIENCE)
        assert found == {watched[0].file}
    finally:
        watch.close()


def test_where_changes_can_t_be_told_the_reason_is(known, course):
    gone = Target(known["running_mean"], course / "gone" / "module1" / "running_mean.py")
    told: queue.SimpleQueue = queue.SimpleQueue()
    watch = FileWatch([gone], lambda _: None, told.put)
    try:
        assert told.get(timeout=PATIENCE)
    finally:
        watch.close()
