"""What verdicts depend on."""

import shutil

import pytest

from keras_kata.course import Course
from keras_kata.errors import AuthoringError
from keras_kata.provenance import grader_digest, versions
from tests.classroom import MEAN, MOVING


def digests(root):
    course = Course(root)
    return {slug: grader_digest(course, course[slug]) for slug in (MOVING, MEAN)}


def test_the_digest_is_the_same_in_another_place(course, tmp_path):
    other = shutil.copytree(course, tmp_path / "elsewhere")
    assert digests(course) == digests(other)
    assert len(set(digests(course).values())) == 2


@pytest.mark.parametrize(
    "file",
    [
        f"graders/{MOVING}.py",
        f"solutions/{MOVING}/reference.py",
        f"solutions/{MOVING}/misconceptions.py",
        f"solutions/{MOVING}/another.py",
    ],
)
def test_a_change_of_an_exercise_changes_only_its_own(course, file):
    before = digests(course)
    with (course / file).open("a") as changed:
        changed.write("# changed\n")
    after = digests(course)
    assert after[MOVING] != before[MOVING]
    assert after[MEAN] == before[MEAN]


@pytest.mark.parametrize("file", ["graders/support/arrays.py", "graders/support/data.csv", "course.toml"])
def test_a_change_of_what_exercises_share_changes_all(course, file):
    before = digests(course)
    text = (course / file).read_text() if (course / file).exists() else ""
    (course / file).write_text(
        text.replace('OMP_NUM_THREADS = "1"', 'OMP_NUM_THREADS = "2"') + "\n# changed\n"
    )
    after = digests(course)
    assert all(after[slug] != before[slug] for slug in (MOVING, MEAN))


def test_other_text_of_the_course_changes_nothing(course):
    before = digests(course)
    toml = course / "course.toml"
    toml.write_text(toml.read_text().replace('title = "The moving average"', 'title = "Averages"'))
    (course / "exercises" / f"{MOVING}.py").write_text("# a learner's\n")
    for place in (f"solutions/{MOVING}/__pycache__", "graders/support/.idea"):
        (course / place).mkdir(parents=True)
        (course / place / "file").write_text("x")
    assert digests(course) == before


def test_text_moved_from_one_file_to_another_is_a_change(course):
    folder = course / "solutions" / MOVING
    (folder / "a.py").write_text("one")
    (folder / "b.py").write_text("two")
    before = digests(course)[MOVING]
    (folder / "a.py").write_text("onetwo")
    (folder / "b.py").write_text("")
    assert digests(course)[MOVING] != before


def test_settings_are_part_of_it(course):
    course = Course(course)
    entry = course[MOVING]
    plain = grader_digest(course, entry)
    assert plain == grader_digest(course, entry, {})
    assert len({plain, *(grader_digest(course, entry, {"timeout": t}) for t in (5, 10))}) == 3
    one, other = {"timeout": 5, "memory": 2}, {"memory": 2, "timeout": 5}
    assert grader_digest(course, entry, one) == grader_digest(course, entry, other)


def test_a_missing_grader_is_the_authors_to_mend(course):
    (course / "graders" / f"{MOVING}.py").unlink()
    with pytest.raises(AuthoringError, match=r"moving_average\.py can't be read: No such file"):
        grader_digest(Course(course), Course(course)[MOVING])


def test_versions_are_those_that_are_installed():
    import numpy as np

    found = versions()
    assert found["numpy"] == np.__version__
    assert set(found) == {"python", "engine", "numpy", "keras", "tensorflow", "hypothesis"}
    assert "not installed" not in found.values()
