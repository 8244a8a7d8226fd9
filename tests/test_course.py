"""What belongs to a course, and where it is."""

import os
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.errors import CourseError
from tests.support import table


def entry(slug: str, /, **changes: str) -> str:
    """One exercise's lines; a key whose value is empty is left out."""
    keys = {
        "slug": f'"{slug}"',
        "title": '"Title"',
        "concepts": '["a", "b"]',
        "prerequisites": "[]",
        "difficulty": "2",
    } | changes
    return "[[exercises]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value)


SOME = entry("module1/first") + entry("module2/second") + entry("module2/first")


def course(root: Path, text: str = SOME) -> Course:
    """A course of this text."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "course.toml").write_text(text, encoding="utf-8")
    return Course(root)


def test_exercises_are_kept_in_order(tmp_path: Path) -> None:
    assert [exercise.slug for exercise in course(tmp_path)] == [
        "module1/first",
        "module2/second",
        "module2/first",
    ]


def test_an_exercise_knows_its_places(tmp_path: Path) -> None:
    exercise = course(tmp_path)["module2/second"]
    assert (exercise.module, exercise.name) == ("module2", "second")
    assert (exercise.title, exercise.concepts, exercise.prerequisites) == ("Title", ("a", "b"), ())
    assert exercise.difficulty == 2
    assert exercise.stub == tmp_path / "exercises/module2/second.py"
    assert exercise.grader == tmp_path / "graders/module2/second.py"
    assert exercise.solution == tmp_path / "solutions/module2/second"


def test_the_head_is_optional(tmp_path: Path) -> None:
    plain = course(tmp_path / "some course", "")
    assert plain.title == "some course"
    assert (plain.points, plain.environment, plain.environment_defaults, plain.modules) == ({}, {}, {}, {})
    assert plain.runtime is None
    assert list(plain) == []


def test_the_head_is_read(tmp_path: Path) -> None:
    head = """
    title = "A course"
    runtime = "graders/support/runtime.py"
    [points]
    1 = 2
    5 = 0.5
    [environment]
    A = "1"
    [[modules]]
    name = "module1"
    title = "First"
    """
    read = course(tmp_path, head)
    assert (read.title, read.points, read.environment) == ("A course", {1: 2, 5: 0.5}, {"A": "1"})
    assert read.runtime == tmp_path / "graders/support/runtime.py"
    assert read.modules == {"module1": "First"}


WRONG: list[tuple[str, str, str]] = [
    ("no TOML", "title = ", "is not valid TOML"),
    ("no slug", entry("x", slug=""), "is no slug"),
    ("a slug without a module", entry("first"), "'first' is no slug"),
    ("a slug of another folder", entry("unit1/first"), "is no slug"),
    ("a slug with capitals", entry("module1/First"), "is no slug"),
    ("a slug with a hyphen", entry("module1/my-first"), "is no slug"),
    ("a slug that climbs", entry("module1/../../etc"), "is no slug"),
    ("a slug that is no text", entry("x", slug="3"), "is not as it must be"),
    ("no title", entry("module1/a", title=""), "module1/a lacks `title`"),
    ("no concepts", entry("module1/a", concepts=""), "lacks `concepts`"),
    ("no prerequisites", entry("module1/a", prerequisites=""), "lacks `prerequisites`"),
    ("no difficulty", entry("module1/a", difficulty=""), "lacks `difficulty`"),
    ("a difficulty in words", entry("module1/a", difficulty='"hard"'), "`difficulty` must be of type int"),
    ("concepts in one text", entry("module1/a", concepts='"a, b"'), "`concepts` must be of type list"),
    ("the same slug twice", entry("module1/a") * 2, "module1/a is there twice"),
    ("points for a word", "[points]\nhard = 3", "is not as it must be"),
    ("a module without a title", "[[modules]]\nname = 'module1'", "is not as it must be"),
    ("exercises as a table", "[exercises]\nslug = 'module1/a'", "is not as it must be"),
    ("a variable that is no text", "[environment]\nTHREADS = 1", "the variable THREADS must be text"),
    ("a default that is no text", "[environment_defaults]\nTHREADS = 1", "the variable THREADS must be text"),
    ("a runtime that is no text", "runtime = 3", "is not as it must be"),
]


@pytest.mark.parametrize(("text", "problem"), table(WRONG))
def test_a_wrong_file_is_told(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(CourseError, match=problem) as caught:
        course(tmp_path, text)
    assert str(tmp_path / "course.toml") in str(caught.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_bytes(b"title = '\xfc'")
    with pytest.raises(CourseError, match="is not valid TOML"):
        Course(tmp_path)


def test_a_missing_course_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"there is no course\.toml in"):
        Course(tmp_path)
    (tmp_path / "course.toml").mkdir()
    with pytest.raises(CourseError, match="can't be read"):
        Course(tmp_path)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CourseError, match="can't be read"):
        Course(file)


def test_a_course_is_found_from_inside(tmp_path: Path) -> None:
    made = course(tmp_path / "course")
    inside = tmp_path / "course" / "exercises" / "module1"
    inside.mkdir(parents=True)
    for start in (made.root, inside, inside / "first.py"):
        assert Course.find(start).root == made.root
    with pytest.raises(CourseError, match="no course here"):
        Course.find(tmp_path)


def test_the_nearest_course_is_found(tmp_path: Path) -> None:
    course(tmp_path)
    inner = course(tmp_path / "inner")
    assert Course.find(tmp_path / "inner" / "exercises").root == inner.root


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("module2/second", "module2/second"),
        ("second", "module2/second"),
        ("second.py", "module2/second"),
        ("module2/second.py", "module2/second"),
        ("exercises/module2/second.py", "module2/second"),
        ("/tmp/course/exercises/module2/second", "module2/second"),
        ("module2/second/", "module2/second"),
        ("module1/first", "module1/first"),
    ],
)
def test_an_exercise_is_found_by_what_people_type(tmp_path: Path, name: str, slug: str) -> None:
    assert course(tmp_path)[name].slug == slug


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("first", "Did you mean"),
        ("secnd", "Did you mean module2/second?"),
        ("module1/second", "Did you mean module2/second"),
        ("module3/second", "Did you mean module2/second"),
        ("graders/second", "Did you mean"),
        ("xyzzy", "`kata status` lists the exercises"),
        ("", "`kata status` lists the exercises"),
    ],
)
def test_an_unknown_exercise_is_told_with_the_nearest_ones(tmp_path: Path, name: str, advice: str) -> None:
    with pytest.raises(CourseError, match="no exercise is called") as caught:
        course(tmp_path)[name]
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("exercises/module2/second.py", "module2/second"),
        ("submitted/ada/module2/second.py", "module2/second"),
        ("exercises/module9/unknown.py", "module9/unknown"),
        ("solutions/module2/second/reference.py", "module2/second"),
        ("solutions/module2/second/misconceptions.py", None),
        ("graders/module2/second.py", None),
        ("graders/support/arrays.py", None),
        ("exercises/module2/second.ipynb", "module2/second"),
        ("exercises/module2/.ipynb_checkpoints/second-checkpoint.ipynb", None),
        ("exercises/module2/Second.py", None),
        ("exercises/module2/__init__.py", None),
        ("exercises/module2/reference.py", None),
        ("exercises/second.py", None),
        ("second.py", None),
        ("course.toml", None),
    ],
)
def test_a_place_stands_for_an_exercise(tmp_path: Path, path: str, slug: str | None) -> None:
    made = course(tmp_path)
    assert made.slug_of(tmp_path / path) == slug


def test_variables_are_set_and_defaults_only_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("KATA_TEST_A", "old"), ("KATA_TEST_B", "old")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KATA_TEST_C", "")
    monkeypatch.delenv("KATA_TEST_C")
    text = '[environment]\nKATA_TEST_A = "new"\n[environment_defaults]\nKATA_TEST_B = "new"\n'
    text += 'KATA_TEST_C = "new"\n'
    course(tmp_path, text).set_environment()
    assert [os.environ[f"KATA_TEST_{letter}"] for letter in "ABC"] == ["new", "old", "new"]


def test_a_kit_has_its_stubs_at_the_top_and_recordings_in_place_of_solutions(tmp_path: Path) -> None:
    kit = course(tmp_path, 'stubs = "."\n' + SOME)
    exercise = kit["module2/second"]
    assert exercise.stub == tmp_path / "module2/second.py"
    assert exercise.recording == tmp_path / "recordings/module2/second.kata"
    assert exercise.has_solution  # nothing else is there
    assert tmp_path in kit.own_folders
    (tmp_path / "recordings").mkdir()
    assert not exercise.has_solution
    exercise.solution.mkdir(parents=True)
    assert exercise.has_solution


@pytest.mark.parametrize("stubs", ['"/etc"', '"../other"', "3"])
def test_stubs_are_in_the_course(stubs: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="must be a folder of the course"):
        course(tmp_path, f"stubs = {stubs}\n" + SOME)
