"""Kits: what a learner gets, taken apart and used."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import keras_kata
from keras_kata.cli import app
from keras_kata.course import Course
from keras_kata.errors import CourseError
from keras_kata.inventory import telling_lines
from keras_kata.kit import Kit
from keras_kata.kit_files import Engine
from keras_kata.recorder import record, record_all
from keras_kata.recording import to_bytes
from tests.conftest import MINI_COURSE
from tests.support import table

ROOT = Path(__file__).parents[1]
NUMPY_EXERCISE = "module6/epsilon_greedy"

WRONG = '''
"""Sums, not averages."""
import numpy as np


def moving_average(series, width):
    if not 1 <= width <= len(series):
        raise ValueError("no such width")
    print("summing")
    return np.array([series[i : i + width].sum() for i in range(len(series) - width + 1)])
'''


def kata(*arguments: str, status: int = 0) -> str:
    """Run the command in this process; what it prints."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def run(*command: str, cwd: Path, status: int = 0, **env: str) -> str:
    """Run a command as a process of its own; what it prints."""
    names = [name for name in os.environ if name.startswith(("PYTEST_", "KATA")) or name == "COLUMNS"]
    kept = {name: value for name, value in os.environ.items() if name not in names}
    made = subprocess.run(
        command, cwd=cwd, env=kept | {"NO_COLOR": "1"} | env, capture_output=True, text=True, timeout=600
    )
    assert made.returncode == status, made.stdout + made.stderr
    return made.stdout


def files_of(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def secrets_in(kit: Path, course: Course) -> Iterator[str]:
    """Lines of a solution's bodies that are anywhere in a folder: in texts, recordings, caches.

    As in the audit, one line is enough in an exercise's own files, and two elsewhere, where one may be a common one.
    """
    contents = {path: path.read_bytes() for path in sorted(kit.rglob("*")) if path.is_file()}
    for path, content in contents.items():
        if path.suffix == ".kata":
            contents[path] = zlib.decompress(content[len(b"keras-kata recording\n") + 2 + 32 :])
    for exercise in course:
        secret = set().union(*(telling_lines(file) for file in exercise.solution.glob("*.py")))
        for path, content in contents.items():
            found = sorted(line for line in secret if line.encode() in content)
            is_own = path.parent.name == exercise.module and path.stem == exercise.name
            if len(found) >= (1 if is_own else 2):
                yield f"{path.relative_to(kit)}: {exercise.slug}: {found[0]}"


@pytest.fixture(scope="module")
def recordings() -> dict[str, bytes]:
    course = Course(MINI_COURSE)
    return {exercise.slug: to_bytes(record(course, exercise)) for exercise in course}


@pytest.fixture
def kit(tmp_path: Path, recordings: dict[str, bytes]) -> Path:
    """A kit of the whole miniature course."""
    course = Course(MINI_COURSE)
    Kit(course, list(course), tmp_path / "kit").write(recordings)
    return tmp_path / "kit"


@pytest.fixture
def inside(kit: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the current folder."""
    monkeypatch.chdir(kit)
    monkeypatch.setenv("COLUMNS", "80")
    return kit


# What is in it


def test_the_command_writes_stubs_graders_recordings_and_the_engine(
    course: Path, monkeypatch: pytest.MonkeyPatch, recordings: dict[str, bytes]
) -> None:
    monkeypatch.chdir(course)
    said = kata(
        "kit", "module2", "module1/running_mean", "--to", "out/kit", "--jobs", "1", "--workflow", "gitlab"
    )
    assert "recorded module2/softmax, 2." in said
    assert said.endswith("wrote a kit of 3 exercises to out/kit\n")
    kit = course / "out/kit"
    slugs = ["module1/running_mean", "module2/softmax", "module2/nearest_centroid"]
    assert {name for name in files_of(kit) if not name.startswith("engine/")} == {
        "course.toml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "constraints.txt",
        ".gitignore",
        ".gitattributes",
        ".gitlab-ci.yml",
        "graders/support/arrays.py",
        *(f"{slug}.py" for slug in slugs),
        *(f"graders/{slug}.py" for slug in slugs),
        *(f"recordings/{slug}.kata" for slug in slugs),
    }
    package = Path(keras_kata.__file__).parent
    sources = {name for name in files_of(package) if "__pycache__" not in name}
    assert files_of(kit / "engine/keras_kata") == sources
    for slug in slugs:
        assert (kit / f"recordings/{slug}.kata").read_bytes() == recordings[slug]
        assert (kit / f"{slug}.py").read_bytes() == (course / f"exercises/{slug}.py").read_bytes()


def test_its_course_has_the_chosen_exercises_and_what_they_build_on_there(
    tmp_path: Path, recordings: dict[str, bytes]
) -> None:
    course = Course(MINI_COURSE)
    Kit(course, [course["nearest_centroid"], course["softmax"]], tmp_path / "kit").write(recordings)
    made = Course(tmp_path / "kit")
    assert list(made.exercises) == ["module2/softmax", "module2/nearest_centroid"]
    assert made["nearest_centroid"].prerequisites == ("module2/softmax",)
    assert made["nearest_centroid"].stub == tmp_path.resolve() / "kit/module2/nearest_centroid.py"
    assert (made.title, made.points, made.modules) == (course.title, course.points, {"module2": "Classes"})
    assert made.environment_defaults == course.environment_defaults


def test_it_installs_what_the_engine_needs_to_run_and_nothing_else(kit: Path) -> None:
    made = tomllib.loads((kit / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for key in ("name", "version", "dependencies", "requires-python", "scripts", "entry-points"):
        assert made[key] == own[key]
    assert "optional-dependencies" not in made


def test_no_line_of_a_solution_is_in_it(kit: Path) -> None:
    assert list(secrets_in(kit, Course(MINI_COURSE))) == []
    reference = MINI_COURSE / "solutions/module2/softmax/reference.py"
    shutil.copy(reference, kit / "module2/softmax.py")  # the test can fail
    assert [found.partition(": ")[0] for found in secrets_in(kit, Course(MINI_COURSE))] == [
        "module2/softmax.py"
    ]


def test_no_line_of_a_solution_is_in_a_used_kit_of_the_real_course(tmp_path: Path) -> None:
    course = Course(ROOT)
    [(_, data)] = record_all(ROOT, [NUMPY_EXERCISE], 1)
    assert len(data) < 200_000
    Kit(course, [course[NUMPY_EXERCISE]], tmp_path / "kit", "github").write({NUMPY_EXERCISE: data})
    command = (sys.executable, "-m", "pytest", "-q")
    run(*command, cwd=tmp_path / "kit", status=1, PYTHONDONTWRITEBYTECODE="")
    caches = list((tmp_path / "kit").rglob("*.pyc"))
    assert {path.name.partition(".")[0] for path in caches} >= {"epsilon_greedy"}
    for cache in caches:  # compiled of a file that is in the kit, and of no other
        assert (cache.parents[1] / f"{cache.name.partition('.')[0]}.py").is_file()
        assert b"solutions/" not in cache.read_bytes()
    assert list(secrets_in(tmp_path / "kit", course)) == []


def test_it_has_no_compiled_caches_and_nothing_hidden_of_the_instructor(
    course: Path, recordings: dict[str, bytes], tmp_path: Path
) -> None:
    (course / "graders/support/__pycache__").mkdir()
    (course / "graders/support/__pycache__/arrays.cpython-311.pyc").write_bytes(b"cache")
    (course / "graders/support/.DS_Store").write_bytes(b"")
    (course / "exercises/module2/softmax.py").write_text("SOLVED = True\n", encoding="utf-8")
    made = Course(course)
    Kit(made, list(made), tmp_path / "kit").write(recordings)
    assert [
        name for name in files_of(tmp_path / "kit") if "__pycache__" in name or name.endswith("DS_Store")
    ] == []
    assert b"SOLVED" not in (tmp_path / "kit/module2/softmax.py").read_bytes()


# Working in it


def test_pytest_says_what_it_says_with_the_solutions(inside: Path, course: Path) -> None:
    said = []
    for root, file in (
        (inside, "module1/moving_average.py"),
        (course, "exercises/module1/moving_average.py"),
    ):
        (root / file).write_text(WRONG, encoding="utf-8")
        command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file, "-q", "-rN")
        said.append(run(*command, cwd=root, status=1).replace("exercises/", ""))
    in_kit, live = (re.sub(r"in [0-9.]+s", "", text) for text in said)
    assert "Likely mistake (windows_summed)" in live
    assert "summing" in live
    assert in_kit == live


def test_status_hint_and_reset_work_without_the_solutions(inside: Path) -> None:
    file = inside / "module1/moving_average.py"
    stub = file.read_text(encoding="utf-8")
    file.write_text(WRONG, encoding="utf-8")
    run(sys.executable, "-m", "pytest", "-q", cwd=inside, status=1)
    assert re.search(r"moving_average +0.5 / 2", kata("status"))
    assert "How many windows of two values" in kata("hint", "moving_average")
    assert "Your file is kept as" in kata("reset", "moving_average")
    assert file.read_text(encoding="utf-8") == stub
    [backup] = (inside / ".kata/backups/module1").iterdir()
    assert backup.read_text(encoding="utf-8") == WRONG


def test_reset_says_what_is_wrong_with_a_recording(inside: Path) -> None:
    (inside / "recordings/module2/softmax.kata").write_bytes(b"nonsense")
    assert "softmax.kata is no recording" in " ".join(kata("reset", "softmax", status=1).split())


def test_a_file_that_is_no_exercise_and_another_seed_are_refused(inside: Path) -> None:
    (inside / "module1/moving_averag.py").write_text(WRONG, encoding="utf-8")
    said = run(sys.executable, "-m", "pytest", "-q", cwd=inside, status=1)
    assert "No exercise is called module1/moving_averag. Did you mean module1/moving_average" in said
    said = run(sys.executable, "-m", "pytest", "-q", "module2", "--kata-seed", "7", cwd=inside, status=2)
    assert "Leave --kata-seed out" in said


def test_a_changed_grader_costs_no_point_and_says_so(inside: Path) -> None:
    with (inside / "graders/module2/softmax.py").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    said = run(sys.executable, "-m", "pytest", "-q", "module2/softmax.py", cwd=inside, status=1)
    assert said.startswith("GG")
    assert "belongs to another version of graders/module2/softmax.py" in " ".join(said.split())


# Bringing it up to date


def test_an_untouched_kit_is_brought_up_to_date(
    course: Path, kit: Path, recordings: dict[str, bytes]
) -> None:
    reference = course / "solutions/module2/softmax/reference.py"
    text = reference.read_text(encoding="utf-8")
    reference.write_text(text.replace('"""', '"""Anew. ', 1), encoding="utf-8")
    (kit / "graders/module1/old.py").write_text("old", encoding="utf-8")
    (kit / "notes.txt").write_text("mine", encoding="utf-8")
    made = Course(course)
    new = recordings | {"module2/softmax": to_bytes(record(made, made["softmax"]))}
    assert Kit(made, list(made), kit).write(new) == []
    assert (kit / "module2/softmax.py").read_text(encoding="utf-8").startswith('"""Anew. ')
    assert not (kit / "graders/module1/old.py").exists()
    assert (kit / "notes.txt").read_text(encoding="utf-8") == "mine"
    before = {name: (kit / name).stat().st_mtime_ns for name in files_of(kit)}
    Kit(made, list(made), kit).write(new)
    assert {name: (kit / name).stat().st_mtime_ns for name in files_of(kit)} == before


@pytest.mark.parametrize("work", [WRONG, "", "comment"])
def test_somebody_s_work_is_left_as_it_is(
    work: str, kit: Path, recordings: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kit / "module1/moving_average.py"
    text = file.read_text(encoding="utf-8").replace('"""', '"""My notes. ', 1) if work == "comment" else work
    file.write_text(text, encoding="utf-8")
    (kit / "module2/softmax.py").unlink()
    crlf = kit / "module2/nearest_centroid.py"
    stub = crlf.read_bytes()
    crlf.write_bytes(stub.replace(b"\n", b"\r\n"))  # as git writes an untouched stub on Windows
    course = Course(MINI_COURSE)
    assert Kit(course, list(course), kit).write(recordings) == ["module1/moving_average.py"]
    assert file.read_text(encoding="utf-8") == text
    assert (kit / "module2/softmax.py").is_file()
    assert crlf.read_bytes() == stub


def test_exercises_leave_a_kit_unless_somebody_worked_on_them(
    kit: Path, recordings: dict[str, bytes]
) -> None:
    course = Course(MINI_COURSE)
    some = [course["module2/softmax"], course["module1/running_mean"]]
    (kit / "module1/moving_average.py").write_text(WRONG, encoding="utf-8")
    with pytest.raises(CourseError, match="somebody's work on module1/moving_average"):
        Kit(course, some, kit)
    some.append(course["module1/moving_average"])
    Kit(course, some, kit).write(recordings)
    assert not (kit / "module2/nearest_centroid.py").exists()
    assert not (kit / "recordings/module2/nearest_centroid.kata").exists()
    assert not (kit / "graders/module2/nearest_centroid.py").exists()
    assert (kit / "module1/moving_average.py").read_text(encoding="utf-8") == WRONG
    Kit(course, [course["module1/moving_average"]], kit).write(recordings)
    assert not (kit / "module2").exists()


@pytest.mark.parametrize(
    ("place", "told"),
    table(
        [
            ("the course itself", ".", "not empty and no kit"),
            ("its solutions", "solutions/kit", "inside the course itself"),
            ("its graders", "graders", "inside the course itself"),
            ("a folder with something in it", "exercises", "not empty and no kit"),
            ("a file", "course.toml", "not empty and no kit"),
        ]
    ),
)
def test_no_other_folder_is_written_to(
    place: str, told: str, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    before = files_of(course)
    assert told in " ".join(kata("kit", "softmax", "--to", place, status=1).split())
    assert files_of(course) == before


def test_a_new_repository_takes_a_kit(tmp_path: Path, recordings: dict[str, bytes]) -> None:
    (tmp_path / ".git").mkdir()
    course = Course(MINI_COURSE)
    Kit(course, [course["softmax"]], tmp_path).write(recordings)
    assert (tmp_path / "module2/softmax.py").is_file()


def test_what_speaks_against_a_kit_is_told_before_anything_is_recorded(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    assert "no workflow is known for 'svn'" in kata("kit", "--to", "k", "--workflow", "svn", status=1)
    assert "no exercise is called" in kata("kit", "nothing", "--to", "k", status=1)
    (course / "solutions/module2/softmax/misconceptions.py").write_text("import nothing", encoding="utf-8")
    said = kata("kit", "softmax", "--to", "k", "--jobs", "1", status=1)
    assert "misconceptions.py can't be loaded" in " ".join(said.split())
    assert not (course / "k").exists()


# The workflows


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_a_workflow_runs_the_kit_s_own_commands(
    service: str, tmp_path: Path, recordings: dict[str, bytes]
) -> None:
    course = Course(MINI_COURSE)
    Kit(course, [course["softmax"]], tmp_path / "kit", service).write(recordings)
    place = {"github": ".github/workflows/classroom.yml", "gitlab": ".gitlab-ci.yml"}[service]
    workflow = yaml.safe_load((tmp_path / "kit" / place).read_text(encoding="utf-8"))
    readme = (tmp_path / "kit/README.md").read_text(encoding="utf-8")
    assert place in readme
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if service == "github":
        steps = workflow["jobs"]["grade"]["steps"]
        commands = [step["run"] for step in steps if "run" in step]
        assert steps[1]["with"]["python-version"] == python
        assert steps[-1]["with"]["path"] == "results.xml"
    else:
        commands = workflow["grade"]["script"]
        assert workflow["grade"]["image"] == f"python:{python}-slim"
        assert workflow["grade"]["artifacts"]["reports"]["junit"] == "results.xml"
    install, test = commands
    assert f"    {install}\n" in readme
    run(sys.executable, "-m", *test.split(), "-q", cwd=tmp_path / "kit", status=1)
    assert 'name="max_points" value="1.0"' in (tmp_path / "kit/results.xml").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("editable", [False, True])
def test_one_command_installs_it_into_a_new_environment(editable: bool, kit: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv), cwd=tmp_path)
    scripts = venv / ("Scripts" if os.name == "nt" else "bin")
    python, home = str(scripts / "python"), str(venv)
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = run(python, "-c", purelib, cwd=tmp_path).strip()
    # What the kit needs is there, without the network; only the engine itself is not.
    (Path(own) / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    [install] = re.findall("    python (-m pip install .*)", (kit / "README.md").read_text(encoding="utf-8"))
    module, pip, *arguments = install.split()
    offline = ["--no-deps", "--no-build-isolation", "--no-index", *(["--editable"] if editable else [])]
    clean = {"PYTHONPATH": "", "VIRTUAL_ENV": home, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [module, pip, "--python", python, *arguments[:-1], *offline, arguments[-1]]
    run(sys.executable, *command, cwd=kit, **clean)
    engine = run(python, "-c", "import keras_kata; print(keras_kata.__file__)", cwd=kit, **clean)
    assert Path(engine.strip()).is_relative_to(kit / "engine" if editable else own)

    (kit / "module1/moving_average.py").write_text(WRONG, encoding="utf-8")
    said = run(python, "-m", "pytest", "module1", "-q", "--junitxml=results.xml", cwd=kit, status=1, **clean)
    assert said.startswith("F.nn")
    assert "Likely mistake (windows_summed)" in said
    kata = str(scripts / "kata")
    assert "1 of 2 probes pass" in run(kata, "status", cwd=kit, **clean)
    assert "hint 1 of" in run(kata, "hint", "moving_average", cwd=kit, **clean)
    assert "is as it was at the start" in run(kata, "reset", "moving_average", "--yes", cwd=kit, **clean)
    assert run(python, "-m", "pytest", "module1", "-q", cwd=kit, status=1, **clean).startswith("nnnn")
    # An installed engine knows from its metadata what it needs, as its source does.
    code = "from keras_kata.kit_files import Engine; e = Engine.here(); print(e.requires, e.entry_points)"
    here = Engine.here()
    assert run(python, "-c", code, cwd=kit, **clean).strip() == f"{here.requires} {here.entry_points}"
