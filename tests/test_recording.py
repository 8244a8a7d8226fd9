"""Recordings: judging without the solution says what live judging says."""

import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keras_kata.course import Course, Exercise
from keras_kata.errors import AuthoringError, CourseError
from keras_kata.implementation import StandIn
from keras_kata.inventory import telling_lines
from keras_kata.judge import PUBLIC_SEED, Judge, Limits
from keras_kata.messages import explain
from keras_kata.outline import outline
from keras_kata.recorder import record, record_all
from keras_kata.recording import FORMAT, read_recording, to_bytes
from keras_kata.submission import Submission
from keras_kata.verdicts import Failed, GraderError, NotAttempted, Passed, Raised, TimedOut
from tests.conftest import MINI_COURSE
from tests.support import GRADER, REFERENCE, RIGHT, SLUG, Workshop, make_workshop, table

ROOT = Path(__file__).parents[1]
SLUGS = list(Course(MINI_COURSE).exercises)
HEAD = len(b"keras-kata recording\n")


def kit_of(root: Path, target: Path, *slugs: str, **options: int) -> Course:
    """A course without solutions, with recordings of some exercises, all by default."""
    shutil.copytree(root / "graders", target / "graders", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "course.toml", target)
    live, kit = Course(root), Course(target)
    for exercise in [kit[slug] for slug in slugs] or kit:
        exercise.recording.parent.mkdir(parents=True, exist_ok=True)
        exercise.recording.write_bytes(to_bytes(record(live, live[exercise.slug], **options)))
    return kit


def said(judge: Judge, submission: Submission) -> dict[str, str]:
    """The whole message of each probe, without what another run calls otherwise.

    That is addresses in memory, the numbers that Keras gives to names, and temporary folders.
    """
    probes = {probe.name: probe for probe in outline(judge.exercise)}
    texts = {
        verdict.probe: explain(verdict.outcome, probes[verdict.probe], "pytest", judge.exercise.slug)
        for verdict in judge.judge_all(submission)
    }
    return {name: re.sub("0x[0-9a-f]+|tmp[a-z0-9_]{8}|_[0-9]+", "", text) for name, text in texts.items()}


def answers(judge: Judge, exercise: Exercise) -> Iterator[tuple[str, Callable[[], Submission]]]:
    """Every answer that the course has; each runs as a learner's does, and never twice the same object."""
    solution = judge.solution

    def running(stand_in: StandIn) -> Callable[[], Submission]:
        return lambda: Submission(solution.with_stand_in(stand_in))

    for name, stand_in in (solution.misconceptions() | solution.alternatives()).items():
        yield name, running(stand_in)
    yield "the reference", lambda: judge.load(exercise.solution / "reference.py")
    if exercise.stub.is_file():
        yield "the stub", lambda: judge.load(exercise.stub)


def assert_alike(live: Course, kit: Course, slug: str) -> int:
    """Judge every answer in both; how many there were."""
    of_course, of_kit = Judge(live, live[slug]), Judge(kit, kit[slug])
    made = dict(answers(of_course, live[slug]))
    for name, make in made.items():
        assert said(of_kit, make()) == said(of_course, make()), name
    return len(made)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The miniature course with recordings in place of the solutions; tests do not change it."""
    return kit_of(MINI_COURSE, tmp_path_factory.mktemp("kit"))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return make_workshop(tmp_path / "course")


# Judging


@pytest.mark.parametrize("slug", SLUGS)
def test_every_answer_gets_the_same_message_as_in_live_judging(slug: str, kit: Course) -> None:
    assert not kit[slug].solution.exists()
    assert assert_alike(Course(MINI_COURSE), kit, slug) >= 8


@pytest.mark.parametrize("slug", SLUGS)
def test_no_listed_mistake_passes_and_the_right_ones_do(slug: str, kit: Course) -> None:
    live = Judge(Course(MINI_COURSE), Course(MINI_COURSE)[slug])
    judge = Judge(kit, kit[slug])
    for name in live.solution.misconceptions():
        submission = Submission(live.solution.with_stand_in(live.solution.misconceptions()[name]))
        lost = [v.outcome for v in judge.judge_all(submission) if v.outcome != Passed()]
        assert [o.mistake.name for o in lost if isinstance(o, Failed | Raised) and o.mistake] != []
    for alternative in live.solution.alternatives().values():
        passed = judge.judge_all(Submission(live.solution.with_stand_in(alternative)))
        assert {verdict.outcome for verdict in passed} == {Passed()}


def test_cases_go_from_small_to_large(kit: Course) -> None:
    probe = read_recording(kit["module1/moving_average"]).probes["averages"]
    lengths = [len(case["series"]) for case in probe.cases[: len(probe.cases) - probe.smaller]]
    assert lengths == sorted(lengths)
    assert lengths[-1] == 60  # every example is there, the large one too


def test_withheld_labels_judge_in_a_kit_too(kit: Course) -> None:
    judge = Judge(kit, kit["module2/nearest_centroid"])
    trial = judge.known.trial(judge.probes["new_points"])
    assert not isinstance(trial, GraderError)
    assert all(len(case["_labels"]) == 60 for case in trial.cases)


TWINS = '''
from keras_kata import instead_of


@instead_of("scaled")
def tripled(x, factor=2.0):
    """You multiply by one more than the factor."""
    return x * (factor + 1)


@instead_of("scaled")
def thrice(x, factor=2.0):
    """You add the numbers three times."""
    return x + x + x


@instead_of("scaled")
def only_the_first(x, factor=2.0):
    """You scale the first number only."""
    return [x[0] * factor, *x[1:]]


@instead_of("scaled")
def fails_for_many(x, factor=2.0):
    """You can do three numbers at most."""
    if len(x) > 3:
        raise IndexError(f"no place for {len(x)} numbers in {object()!r}")
    print("there is room")
    return x * factor


@instead_of("scaled")
def in_place(x, factor=2.0):
    """You change the numbers that you were given."""
    x *= factor
    return x
'''

NAMED_BY_THE_SECOND_PROBE = '''
@probe(points=1, examples=[{"x": np.array([3.0]), "factor": 3.0}], hints=("How many times?",))
def by_factor(impl, case):
    """The numbers, times another factor."""
    return impl.scaled(case["x"], case["factor"])
'''


@pytest.mark.parametrize(
    ("grader", "named"),
    table(
        [
            ("two mistakes that nothing tells apart", GRADER, {"tripled": 0, "thrice": 0}),
            (
                "two that another probe tells apart",
                GRADER + NAMED_BY_THE_SECOND_PROBE,
                {"tripled": 1, "thrice": 1},  # the second is right for a factor of 3, so it is not the first
            ),
        ]
    ),
)
def test_mistakes_alike_and_raising_ones_are_told_as_in_live_judging(
    grader: str, named: dict[str, int], tmp_path: Path
) -> None:
    workshop = make_workshop(tmp_path / "course", grader=grader, misconceptions=TWINS)
    kit = kit_of(workshop.root, tmp_path / "kit")
    assert assert_alike(workshop.course, kit, SLUG) == 7
    judge, solution = Judge(kit, kit[SLUG]), workshop.judge.solution
    for name, times in named.items():
        verdicts = judge.judge_all(Submission(solution.with_stand_in(solution.misconceptions()[name])))
        assert sum(getattr(v.outcome, "mistake", None) is not None for v in verdicts) == times


def test_a_wrong_answer_that_nobody_listed_fails_at_its_smallest_recorded_case(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "course")
    kit = kit_of(workshop.root, tmp_path / "kit")
    judge = Judge(kit, kit[SLUG])
    path = workshop.write(
        f"submitted/{SLUG}.py", "def scaled(x, factor=2.0):\n    return x * factor - (len(x) > 2)\n"
    )
    [verdict] = judge.judge_all(judge.load(path))
    assert isinstance(verdict.outcome, Failed)
    assert len(verdict.outcome.case["x"]) == 3
    assert verdict.outcome.mistake is None


def test_stub_wrong_signature_and_endless_loop_have_their_outcomes(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "course")
    kit = kit_of(workshop.root, tmp_path / "kit")
    judge = Judge(kit, kit[SLUG], limits=Limits(0.2, 0.4, 1.0))

    def outcome(source: str) -> object:
        return judge.judge(judge.load(workshop.write(f"submitted/{SLUG}.py", source)), "doubled").outcome

    assert outcome("def scaled(x, factor=2.0):\n    raise NotImplementedError\n") == NotAttempted()
    assert "must take (x, factor=2.0), and takes (x)" in str(outcome("def scaled(x):\n    return 2 * x\n"))
    assert "has no `scaled`" in str(outcome("def scaled_(x):\n    return 2 * x\n"))
    assert isinstance(outcome("def scaled(x, factor=2.0):\n    while True:\n        pass\n"), TimedOut)
    assert outcome(RIGHT) == Passed()


def test_the_public_seed_is_the_only_one(kit: Course) -> None:
    with pytest.raises(CourseError, match="Leave --kata-seed out"):
        Judge(kit, kit[SLUGS[0]], PUBLIC_SEED + 1)
    with pytest.raises(CourseError, match="--kata-seed"):
        Judge(kit, kit[SLUGS[0]]).reseeded(1)


def test_a_kit_has_no_solution_to_ask(kit: Course) -> None:
    with pytest.raises(CourseError, match="recording in place of the solution"):
        _ = Judge(kit, kit[SLUGS[0]]).solution
    with pytest.raises(AuthoringError, match="can't be recorded without its solution"):
        record(kit, kit[SLUGS[0]])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One exercise that trains, and one whose mistakes are hard to tell apart; with `--whole-course` all."""
    if "real" in metafunc.fixturenames:
        some = ["module2/binary_to_multiclass", "module2/learn_the_rule"]
        whole = metafunc.config.getoption("whole_course")
        metafunc.parametrize("real", Course(ROOT).exercises if whole else some)


@pytest.mark.slow
@pytest.mark.tensorflow
def test_every_answer_to_a_real_exercise_gets_the_same_message_as_in_live_judging(
    real: str, tmp_path: Path
) -> None:
    kit = kit_of(ROOT, tmp_path, real)
    assert len(kit[real].recording.read_bytes()) < 200_000
    assert assert_alike(Course(ROOT), kit, real) >= 12


# The file


def test_a_recording_read_and_written_again_is_the_same(kit: Course) -> None:
    for exercise in kit:
        assert to_bytes(read_recording(exercise)) == exercise.recording.read_bytes()


def test_two_processes_make_the_same_bytes(kit: Course) -> None:
    code = (
        "import sys; from pathlib import Path; from keras_kata.recorder import record_all\n"
        "if __name__ == '__main__':\n"
        "    for slug, data in sorted(record_all(Path(sys.argv[1]), sys.argv[2:], 1)):\n"
        "        sys.stdout.buffer.write(data)\n"
    )
    for seed in ("1", "2"):
        made = subprocess.run(
            [sys.executable, "-c", code, str(MINI_COURSE), *SLUGS],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=300,
        )
        assert made.stdout == b"".join(kit[slug].recording.read_bytes() for slug in sorted(SLUGS))


def test_it_is_small_and_holds_no_line_of_a_solution(kit: Course) -> None:
    for exercise in Course(MINI_COURSE):
        data = kit[exercise.slug].recording.read_bytes()
        assert len(data) < 10_000
        text = zlib.decompress(data[HEAD + 2 + 32 :]).decode("latin-1")
        assert exercise.stub.read_text(encoding="utf-8") in text
        secret = set().union(*(telling_lines(file) for file in exercise.solution.glob("*.py")))
        assert len(secret) > 5
        assert [line for line in secret if line in text] == []


def damaged(change: Callable[[bytes], bytes], root: Path) -> str:
    """What reading a recording says after its bytes were changed."""
    exercise = Course(root)[SLUG]
    exercise.recording.write_bytes(change(exercise.recording.read_bytes()))
    with pytest.raises(CourseError) as caught:
        read_recording(exercise)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    table(
        [
            ("empty", lambda _: b"", "is no recording"),
            ("cut in the head", lambda data: data[: HEAD + 1], "is no recording"),
            ("another file", lambda data: b"PK" + data, "is no recording"),
            ("cut in the end", lambda data: data[:-1], "is damaged (ValueError: the checksum is wrong)"),
            ("more behind it", lambda data: data + b"x", "is damaged"),
            ("a bit turned", lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "is damaged"),
            ("ends of lines changed", lambda data: data.replace(b"\n", b"\r\n"), "is no recording"),
            (
                "a newer format",
                lambda d: d[:HEAD] + (FORMAT + 1).to_bytes(2, "big") + d[HEAD + 2 :],
                "is newer",
            ),
            (
                "an older format",
                lambda d: d[:HEAD] + b"\0\0" + d[HEAD + 2 :],
                "is of format 0, which is too old",
            ),
        ]
    ),
)
def test_damage_and_other_formats_are_refused(
    change: Callable[[bytes], bytes], told: str, workshop: Workshop, tmp_path: Path
) -> None:
    kit_of(workshop.root, tmp_path / "kit")
    message = damaged(change, tmp_path / "kit")
    assert told in message
    assert f"recordings/{SLUG}.kata" in message
    assert "kata kit" in message


def forged(content: bytes, data: bytes) -> bytes:
    """A recording with another content and the right checksum."""
    import hashlib

    body = zlib.compress(content)
    return data[: HEAD + 2] + hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "content",
    table([("no msgpack", b"\xc1"), ("no dict", b"\x01"), ("a dict without the keys", b"\x80")]),
)
def test_another_content_under_a_right_checksum_is_refused(
    content: bytes, workshop: Workshop, tmp_path: Path
) -> None:
    kit_of(workshop.root, tmp_path / "kit")
    assert "is damaged" in damaged(lambda data: forged(content, data), tmp_path / "kit")


def test_it_belongs_to_one_version_of_the_grader(workshop: Workshop, tmp_path: Path) -> None:
    workshop.write("graders/support/numbers.py", "ONE = 1\n")
    kit = kit_of(workshop.root, tmp_path / "kit")
    grader, shared = kit[SLUG].grader, kit.root / "graders/support/numbers.py"
    for file in (grader, shared):
        original = file.read_bytes()
        file.write_bytes(original.replace(b"\n", b"\r\n"))
        read_recording(kit[SLUG])  # as git writes it on Windows
        file.write_bytes(original + b"# changed\n")
        with pytest.raises(CourseError, match=r"another version of graders/.*Get the kit anew"):
            read_recording(kit[SLUG])
        file.write_bytes(original)
    shared.with_name("more.py").write_text("")
    with pytest.raises(CourseError, match="another version"):
        read_recording(kit[SLUG])
    shared.with_name("more.py").unlink()
    (shared.parent / "__pycache__").mkdir()
    (shared.parent / "__pycache__" / "numbers.cpython-311.pyc").write_bytes(b"cache")
    read_recording(kit[SLUG])


def test_it_belongs_to_one_exercise(kit: Course, tmp_path: Path) -> None:
    shutil.copytree(kit.root, tmp_path, dirs_exist_ok=True)
    course = Course(tmp_path)
    shutil.copy(course["module2/softmax"].recording, course["module1/running_mean"].recording)
    with pytest.raises(CourseError, match="is the recording of module2/softmax"):
        read_recording(course["module1/running_mean"])


def test_a_recording_that_is_missing_is_missed(kit: Course, tmp_path: Path) -> None:
    shutil.copytree(kit.root, tmp_path, dirs_exist_ok=True)
    course = Course(tmp_path)
    course["module2/softmax"].recording.unlink()
    with pytest.raises(CourseError, match=r"recordings/module2/softmax\.kata is missing\. Get the kit anew"):
        Judge(course, course["module2/softmax"])


def test_without_any_recordings_the_solution_is_missed(workshop: Workshop) -> None:
    shutil.rmtree(workshop.exercise.solution)
    with pytest.raises(AuthoringError, match=r"there is no file reference\.py"):
        Judge(workshop.course, workshop.exercise)


# Making


def test_drawn_cases_are_left_out_for_size_but_none_that_a_mistake_needs(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "course", misconceptions=TWINS)
    whole = kit_of(workshop.root, tmp_path / "whole")
    length = len(whole[SLUG].recording.read_bytes())
    kit = kit_of(workshop.root, tmp_path / "kit", most_bytes=length - 300)
    assert len(kit[SLUG].recording.read_bytes()) <= length - 300
    kept, all_of_them = (len(read_recording(course[SLUG]).probes["doubled"].cases) for course in (kit, whole))
    assert kept < all_of_them
    assert_alike(workshop.course, kit, SLUG)


def test_what_can_t_be_made_small_enough_is_refused(workshop: Workshop) -> None:
    with pytest.raises(AuthoringError, match=r"takes [0-9,]+ bytes and may take 500"):
        record(workshop.course, workshop.exercise, most_bytes=500)


def test_a_case_that_is_no_plain_data_is_refused(tmp_path: Path) -> None:
    grader = GRADER.replace("st.fixed_dictionaries({", 'st.fixed_dictionaries({"s": st.just({1}), ')
    workshop = make_workshop(tmp_path / "course", grader=grader)
    with pytest.raises(AuthoringError, match="an object of type set can't be encoded"):
        record(workshop.course, workshop.exercise)


def test_a_failing_reference_is_refused(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "course", reference=REFERENCE.replace("x * factor", "1 / 0"))
    with pytest.raises(AuthoringError, match="the reference gives no answer"):
        record(workshop.course, workshop.exercise)


def test_a_mistake_that_replies_in_two_ways_is_refused(tmp_path: Path) -> None:
    unsteady = '''
    from keras_kata import instead_of

    seen = []


    @instead_of("scaled")
    def learns(x, factor=2.0):
        """You are wrong the first time."""
        is_new = x.tolist() not in seen
        seen.append(x.tolist())
        return x * factor + (is_new and len(x) > 2)
    '''
    workshop = make_workshop(tmp_path / "course", misconceptions=unsteady)
    with pytest.raises(AuthoringError, match=r"not say of learns .* in two ways\?"):
        record(workshop.course, workshop.exercise)


def test_many_are_recorded_in_parallel_and_the_first_problem_is_told(tmp_path: Path, kit: Course) -> None:
    made = dict(record_all(MINI_COURSE, SLUGS[:2], 2))
    assert made == {slug: kit[slug].recording.read_bytes() for slug in SLUGS[:2]}
    workshop = make_workshop(tmp_path / "course", reference="")
    with pytest.raises(AuthoringError, match=r"stands in for `scaled`"):
        list(record_all(workshop.root, [SLUG], 1))
