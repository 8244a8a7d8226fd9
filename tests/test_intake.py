"""Finding submissions among what hostile students hand in."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.errors import CourseError, IntakeError
from keras_kata.intake import MOST_BYTES, find_submitted
from keras_kata.student_names import look_of, name_problem
from keras_kata.untrusted_file import read_below
from tests.classroom import MEAN, MOVING, RIGHT, SOFTMAX, Classroom

ANSWER = f"{MOVING}.py"


@pytest.fixture
def submitted(tmp_path):
    """An empty folder of submissions."""
    (tmp_path / "submitted").mkdir()
    return tmp_path / "submitted"


def hand_in(submitted, *places, content=RIGHT):
    for place in places:
        path = submitted / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def look(submitted, course, **chosen):
    """What is found as (student, exercise, kind), and the problems by place."""
    intake = find_submitted(submitted, Course(course), **chosen)
    found = [(item.student, item.exercise, item.kind) for item in intake.submitted]
    return found, {problem.place: problem.sentence for problem in intake.problems}


# What is found


def test_both_layouts_are_found_in_a_stable_order(submitted, course):
    hand_in(submitted, f"bob/{SOFTMAX}.py", f"bob/{MEAN}.ipynb", f"bob/{MOVING}.py", f"ada/{SOFTMAX}.ipynb")
    hand_in(submitted, "ada/module2/timestamp.txt", "ada/notes.txt", "ada/module1/data.csv", "roster.csv")
    found, problems = look(submitted, course)
    assert found == [
        ("ada", SOFTMAX, "notebook"),
        ("bob", MOVING, "python"),
        ("bob", MEAN, "notebook"),
        ("bob", SOFTMAX, "python"),
    ]
    assert problems == {}


def test_a_file_is_handed_over_with_its_digest_and_time(submitted, course):
    hand_in(submitted, f"ada/{ANSWER}")
    os.utime(submitted / "ada" / ANSWER, (1_700_000_000, 1_700_000_000))
    (item,) = find_submitted(submitted, Course(course)).submitted
    content = item.read()
    assert item.path == submitted / "ada" / ANSWER
    assert content.data == RIGHT.encode()
    assert content.digest == hashlib.sha256(RIGHT.encode()).hexdigest()
    assert content.written == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"students": ["ada"]}, [("ada", MOVING), ("ada", SOFTMAX)]),
        ({"exercises": ["module2"]}, [("ada", SOFTMAX), ("bob", SOFTMAX)]),
        (
            {"exercises": ["moving_average", SOFTMAX], "students": ["bob"]},
            [("bob", MOVING), ("bob", SOFTMAX)],
        ),
        ({"exercises": [MEAN]}, []),
    ],
)
def test_a_part_can_be_chosen(submitted, course, chosen, found):
    hand_in(submitted, *(f"{student}/{slug}.py" for student in ("bob", "ada") for slug in (SOFTMAX, MOVING)))
    assert [item[:2] for item in look(submitted, course, **chosen)[0]] == found


def test_problems_of_what_was_not_chosen_are_not_told(submitted, course):
    hand_in(submitted, "bob/week1/x.py", f"ada/{ANSWER}", "ada/module2/nonsense.py")
    assert look(submitted, course, students=["ada"], exercises=["module1"]) == (
        [("ada", MOVING, "python")],
        {},
    )


def test_a_wrong_choice_is_said(submitted, course):
    hand_in(submitted, f"ada_lovelace/{ANSWER}")
    with pytest.raises(IntakeError, match=r"no folder 'ada_lovelac' .* Did you mean ada_lovelace\?"):
        look(submitted, course, students=["ada_lovelac"])
    with pytest.raises(CourseError, match="no exercise is called 'modul1'"):
        look(submitted, course, exercises=["modul1"])


@pytest.mark.parametrize(("place", "said"), [("none", "No such file"), ("file", "Not a directory")])
def test_a_folder_that_is_none_is_said(submitted, course, place, said):
    (submitted / "file").touch()
    with pytest.raises(IntakeError, match=said):
        look(submitted / place, course)


# What is refused


def test_an_unknown_exercise_or_module_is_told(submitted, course):
    hand_in(
        submitted, "ada/module1/moving_avrage.py", "ada/week1/a.ipynb", "ada/softmax.py", "ada/module1/.x.py"
    )
    found, problems = look(submitted, course)
    assert found == []
    assert problems == {
        "ada/module1/moving_avrage.py": (
            "is no exercise of this course. Did you mean module1/moving_average or module1/running_mean?"
        ),
        "ada/week1": "is no module of this course; it has module1, module2.",
        "ada/softmax.py": "must stand in its module's folder, such as module1/.",
    }


def test_a_script_and_a_notebook_of_one_exercise_are_none(submitted, course):
    hand_in(submitted, f"ada/{MOVING}.py", f"ada/{MOVING}.ipynb", f"ada/{MEAN}.py")
    intake = find_submitted(submitted, Course(course))
    assert [item.exercise for item in intake.submitted] == [MEAN]
    (problem,) = intake.problems
    assert (problem.student, problem.exercise) == ("ada", MOVING)
    assert str(problem) == (
        "ada/module1: there is moving_average.ipynb and moving_average.py. "
        "Only one of them can be the answer: take one away."
    )


def test_a_folder_named_like_the_file_is_told(submitted, course):
    (submitted / "ada" / ANSWER).mkdir(parents=True)
    hand_in(submitted, "bob/module1")
    assert look(submitted, course) == (
        [],
        {
            f"ada/{ANSWER}": "is no file, though it is named like one.",
            "bob/module1": "is no folder, though it is named like one.",
        },
    )


@pytest.mark.parametrize("place", ["ada", "ada/module1", f"ada/{ANSWER}"])
@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "/", "../bob", "."])
def test_links_are_not_followed(submitted, course, place, target):
    hand_in(submitted, f"bob/{ANSWER}")
    (submitted / place).parent.mkdir(parents=True, exist_ok=True)
    (submitted / place).symlink_to(target)
    found, problems = look(submitted, course)
    assert [item[0] for item in found] == ["bob"]
    assert list(problems) == [place]
    assert problems[place].startswith("is a symbolic link, and links are not followed")


def test_a_named_pipe_is_not_waited_for(submitted, course):
    (submitted / "ada/module1").mkdir(parents=True)
    os.mkfifo(submitted / "ada" / ANSWER)
    assert look(submitted, course)[0] == []
    with pytest.raises(IntakeError, match="is no plain file"):
        read_below(submitted, ("ada", "module1"), "moving_average.py", 10)


NAMES = [
    ("a\nb", "can't be seen (\\n)"),
    ("a\x1b[2Jb", "can't be seen (\\x1b)"),
    ("..x", "starts or ends with a dot"),
    (".hidden", "starts or ends with a dot"),
    ("ada.", "starts or ends with a dot"),
    ("..\\..\\x", "starts or ends with a dot"),
    ("<script>alert(1)<script>", "with <, which not every system"),
    ("a\\..\\b", "with \\, which not every system"),
    ("a:b", "with :, which not every system"),
    ('a"b', 'with ", which not every system'),
    ("ada\u202egpj.exe", "turn the direction of writing"),
    ("ada\u200f", "turn the direction of writing"),
    ("ada\u200b", "can't be seen (\\u200b)"),
    ("ada\u00a0", "starts or ends with a space"),
    (" ada", "starts or ends with a space"),
    ("a" * 200, "a name of 200 characters; 100 are the most"),
    ("ada\ud800", "not UTF-8"),
]


@pytest.mark.parametrize(("name", "said"), NAMES, ids=lambda text: ascii(text)[:30])
def test_names_that_no_student_can_have(name, said):
    assert said in name_problem(name)


@pytest.mark.parametrize("name", ["../../x", "a/b", "a\x00b", "", "..", "x" * 300])
def test_names_that_no_folder_can_have(name):
    assert name_problem(name)


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "ada.lovelace@uni.example",
        "O'Brien, Zoë",
        "עדה לאבלייס",
        "李明",
        "🦊",
        "=1+1",
        "-x",
        "a%20b",
        "12345",
    ],
)
def test_names_that_students_have(name, submitted, course):
    assert name_problem(name) is None
    hand_in(submitted, f"{name}/{ANSWER}")
    assert look(submitted, course) == ([(name, MOVING, "python")], {})


@pytest.mark.parametrize("name", [name for name, _ in NAMES if name.isascii() or "\u200f" in name])
def test_a_hostile_folder_is_told_in_one_harmless_line(name, submitted, course):
    hand_in(submitted, f"bob/{ANSWER}", f"{name}/{ANSWER}")
    intake = find_submitted(submitted, Course(course))
    assert [item.student for item in intake.submitted] == ["bob"]
    (problem,) = intake.problems
    assert str(problem).isprintable()
    assert "Rename the folder; nothing in it is graded." in problem.sentence


def test_names_that_are_not_utf8_are_told(submitted, course):
    for place in (b"ad\xff", b"bob/module1/\xfe.py", b"bob/\xfd", b"bob/module1/moving_average.py"):
        path = os.fsencode(submitted) + b"/" + place
        os.makedirs(os.path.dirname(path) if place.endswith(b".py") else path, exist_ok=True)
        if place.endswith(b".py"):
            Path(os.fsdecode(path)).write_text(RIGHT)
    found, problems = look(submitted, course)
    assert found == [("bob", MOVING, "python")]
    assert {place: text.split(".")[0] for place, text in problems.items()} == {
        "ad\\udcff": "has a name that is not UTF-8",
        "bob/\\udcfd": "is no module of this course; it has module1, module2",
        "bob/module1/\\udcfe.py": "is no exercise of this course",
    }


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "ada"), ("Jose\u0301", "José"), ("straße", "STRASSE"), ("ﬁn", "fin")]
)
def test_students_that_can_not_be_told_apart_are_both_refused(one, other, submitted, course):
    hand_in(submitted, f"{one}/{ANSWER}", f"{other}/{ANSWER}", f"bob/{ANSWER}")
    intake = find_submitted(submitted, Course(course))
    assert [item.student for item in intake.submitted] == ["bob"]
    assert sorted(problem.student for problem in intake.problems) == sorted([one, other])
    assert all("can't be told apart by name" in problem.sentence for problem in intake.problems)
    assert look_of(one) == look_of(other)


def test_a_flood_of_problems_is_cut(submitted, course):
    hand_in(
        submitted,
        *(f"ada/module1/x{number}.py" for number in range(500)),
        "bob/module1/y.py",
        f"ada/{ANSWER}",
    )
    found, problems = look(submitted, course)
    assert found == [("ada", MOVING, "python")]
    assert len([place for place in problems if place.startswith("ada")]) == 20
    assert problems["ada"] == "there is more that is not graded: clear this folder up."
    assert "bob/module1/y.py" in problems


# Reading


def test_a_large_file_is_not_read(submitted, course):
    hand_in(submitted, f"ada/{ANSWER}", f"ada/{MEAN}.ipynb", f"bob/{ANSWER}")
    os.truncate(submitted / "ada" / ANSWER, MOST_BYTES["python"] + 1)
    os.truncate(submitted / "ada" / f"{MEAN}.ipynb", 100 * 1024**3)
    os.truncate(submitted / "bob" / ANSWER, MOST_BYTES["python"])
    python, notebook, other = find_submitted(submitted, Course(course)).submitted
    with pytest.raises(IntakeError, match=r"ada/module1/moving_average\.py is larger than 2 MB"):
        python.read()
    with pytest.raises(IntakeError, match="is larger than 20 MB; a notebook's outputs can be cleared"):
        notebook.read()
    assert len(other.read().data) == MOST_BYTES["python"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("module1", "has a symbolic link in its path"),
        (ANSWER, "has a symbolic link in its path"),
        (".", "has a sym"),
    ],
)
def test_what_becomes_a_link_after_it_was_found_is_not_followed(submitted, course, tmp_path, target, said):
    hand_in(tmp_path / "secret", ANSWER, content="SECRET")
    hand_in(submitted, f"ada/{ANSWER}")
    (item,) = find_submitted(submitted, Course(course)).submitted
    place = submitted / "ada" / target
    place.rename(tmp_path / "away")
    place.symlink_to(tmp_path / "secret" / target)
    with pytest.raises(IntakeError, match=said):
        item.read()


def test_a_file_that_is_swapped_all_the_time_never_gives_the_secret(submitted, course, tmp_path):
    """Each read gives the student's own content, with its digest, or says why not."""
    hand_in(tmp_path / "secret", ANSWER, content="SECRET")
    hand_in(submitted, f"ada/{ANSWER}")
    (item,) = find_submitted(submitted, Course(course)).submitted
    folder, stop = submitted / "ada" / "module1", threading.Event()

    def swap():
        while not stop.is_set():
            folder.rename(tmp_path / "away")
            folder.symlink_to(tmp_path / "secret" / "module1")
            folder.unlink()
            (tmp_path / "away").rename(folder)

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen = set()
    try:
        for _ in range(2000):
            try:
                content = item.read()
            except IntakeError as error:
                seen.add(str(error).rpartition(" ")[2])
            else:
                assert content.data == RIGHT.encode()
                assert content.digest == hashlib.sha256(content.data).hexdigest()
                seen.add("read")
    finally:
        stop.set()
        swapper.join()
    assert seen - {"read"}, "nothing was ever swapped"


def test_a_deleted_file_is_said_and_no_descriptor_stays_open(submitted, course):
    hand_in(submitted, f"ada/{ANSWER}")
    (item,) = find_submitted(submitted, Course(course)).submitted
    shutil.rmtree(submitted / "ada")
    before = os.listdir("/proc/self/fd")
    for _ in range(5):
        with pytest.raises(IntakeError, match=r"ada/module1/moving_average\.py can't be read: No such file"):
            item.read()
    assert os.listdir("/proc/self/fd") == before


def test_a_time_that_is_none_is_left_out():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # it has room for the year 36812
        hand_in(Path(folder), f"ada/{ANSWER}")
        os.utime(Path(folder, "ada", ANSWER), (2**40, 2**40))
        assert read_below(Path(folder), ("ada", "module1"), "moving_average.py", 10**6).written is None


def test_the_modules_are_imported_where_there_is_no_such_system_call():
    """On Windows a learner's `kata` imports the package; only reading needs Linux or macOS."""
    code = (
        "import os\nfor name in ('O_NOFOLLOW', 'O_DIRECTORY', 'O_CLOEXEC', 'O_NONBLOCK'): delattr(os, name)\n"
    )
    code += "import keras_kata.intake, keras_kata.untrusted_file"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_class_of_the_tests_is_found(course):
    found, problems = look(Classroom(course).hand_in(), course)
    assert len(found) == 11
    assert problems == {}
