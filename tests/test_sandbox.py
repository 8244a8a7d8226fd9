"""What a submission finds in the sandbox, asked from inside; and what grading says where there is none."""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import keras_kata
from keras_kata.confinement import DEMANDED, PROTECTIONS, Confinement, Enforced
from keras_kata.errors import SandboxError
from keras_kata.needs import package_folders
from keras_kata.worker import Answer

from .support import RIGHT, Workshop, make_workshop

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)

from keras_kata.filetree import refuse_secrets
from keras_kata.remote import RemoteImplementation, enforced_by
from keras_kata.workers import Workers

GRADER = """
import json
from keras_kata import probe
import graders.support.shared


@probe(points=1, examples=[{"x": 1}], hints=("?",))
def found(impl, case):
    \"""What the submission finds, as text.\"""
    return json.dumps(impl.scaled(case["x"]))
"""
HELPERS = """
import ctypes, os, resource, socket, sys, tempfile

libc = ctypes.CDLL(None)


def error(do):
    try:
        do()
    except Exception as problem:
        return type(problem).__name__


"""
LIMITS = Confinement(cpu=77, memory=300 << 20, processes=40, file=3 << 20, scratch=5 << 20, open_files=50)

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    workshop = make_workshop(tmp_path_factory.mktemp("course"), grader=GRADER)
    workshop.write("graders/support/shared.py", "SHARED = 1\n")
    workshop.write("graders/module1/another.py", "ANOTHER = 1\n")
    workshop.write("exercises/module1/scaled.py", "STUB = 1\n")
    workshop.write("kata.sqlite", "")
    return workshop


@pytest.fixture(scope="module")
def ask(workshop: Workshop) -> Iterator[Ask]:
    """Gives the value, plain and small, that an expression has in a worker; HELPERS are there."""
    with Workers(workshop.course, LIMITS) as workers:

        def value(expression: str) -> Any:
            source = HELPERS + f"def scaled(x, factor=2.0):\n    return {expression}\n"
            loader = workshop.judge.loader
            implementation = RemoteImplementation(workers, workshop.exercise, loader, source, "answer.py")
            try:
                assert implementation.load() is None
                reply = implementation.observe(workshop.judge.probes["found"], {"x": 1}, 20.0)
            finally:
                implementation.close()
            assert isinstance(reply, Answer), reply
            return json.loads(reply.value)

        yield value


def test_everything_that_is_demanded_is_enforced_here(workshop: Workshop) -> None:
    with Workers(workshop.course, LIMITS) as workers:
        assert workers.enforced is None
        enforced = enforced_by(workers, workshop.exercise)
        assert workers.enforced == enforced
    assert DEMANDED - set(enforced.names) == set()
    assert int(enforced.details["landlock ABI"]) >= 1
    assert Enforced.of(enforced.plain()) == enforced


def test_a_record_is_of_what_held_every_worker() -> None:
    first = Enforced(("landlock", "file tree"), {}, {"landlock ABI": "7"})
    second = Enforced(("landlock",), {"file tree": "not permitted"}, {"landlock ABI": "7"})
    assert first.common(second) == second
    assert second.common(first) == second
    assert first.common(Enforced(("landlock",), {}, {"landlock ABI": "6"})).details == {}


def test_only_the_grader_is_there_of_the_course(ask: Ask, workshop: Workshop) -> None:
    walked = f"[os.path.join(folder, name) for folder, _, names in os.walk({str(workshop.root)!r}) for name in names]"
    own = [workshop.exercise.grader, workshop.root / "graders" / "support" / "shared.py"]
    assert sorted(path for path in ask(walked) if "__pycache__" not in path) == sorted(map(str, own))
    assert (workshop.root / "graders/module1/another.py").exists()


def test_the_root_folder_holds_little(ask: Ask) -> None:
    assert {"home", "root", "run", "var", "mnt", "boot"} & set(ask("os.listdir('/')")) <= parents_of_python()
    assert ask("os.listdir('/proc')") == ["self"]
    assert sorted(ask("os.listdir('/proc/self')")) == ["cmdline", "exe"]
    assert sorted(ask("os.listdir('/dev')")) == ["null", "random", "shm", "urandom", "zero"]
    assert (
        ask("[path for path in ('/etc/passwd', '/etc/shadow', '/root/.ssh') if os.path.exists(path)]") == []
    )


def parents_of_python() -> set[str]:
    places = [sys.prefix, sys.base_prefix, *sys.path, str(Path(__file__).parents[1])]
    return {Path(os.path.realpath(place)).parts[1] for place in places if place}


def test_only_the_scratch_folder_can_be_written_to(ask: Ask) -> None:
    assert ask("[os.getcwd(), os.environ['HOME'], tempfile.gettempdir()]") == ["/scratch"] * 3
    assert ask("[open('/scratch/a', 'w').write('a'), os.listdir('/scratch')]") == [1, ["a", ".shm"]]
    for folder in ("/", "/dev", "/usr/lib", os.path.dirname(os.__file__)):
        assert ask(f"os.access({folder!r}, os.W_OK)") is False


def test_the_environment_tells_nothing(ask: Ask) -> None:
    names = set(ask("sorted(os.environ)"))
    assert {"HOME", "PATH"} <= names
    allowed = (
        "HOME LANG LD_LIBRARY_PATH MALLOC_ARENA_MAX PATH PYTHONDONTWRITEBYTECODE TMPDIR TZ USER LC_CTYPE"
    )
    assert names <= set(allowed.split())


def test_one_descriptor_leads_out(ask: Ask) -> None:
    kinds = ask(
        "[(n, os.fstat(n).st_mode >> 12) for n in range(1000) if libc.fcntl(n, 1) != -1 and os.fstat(n)]"
    )
    assert [number for number, kind in kinds if kind == 12] == [kinds[-1][0]], "one socket, the last"
    assert [number for number, _ in kinds[:-1]] == [0, 1, 2]
    assert ask("[os.fstat(n).st_rdev == os.stat('/dev/null').st_rdev for n in (0, 1, 2)]") == [True] * 3


def test_no_right_is_left(ask: Ask) -> None:
    assert ask("[libc.prctl(39, 0, 0, 0, 0), libc.prctl(3, 0, 0, 0, 0)]") == [1, 0]  # NO_NEW_PRIVS, DUMPABLE
    read = "(lambda h, d: [libc.capget(h, d), *d])((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())"
    assert ask(read) == [0] * 7
    assert ask("os.getuid() == os.geteuid() != 0") is True
    assert ask("[libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x40000000)]") == [-1] * 3


def test_it_is_alone(ask: Ask) -> None:
    assert ask("[os.getpid(), os.getppid()]") == [2, 1]
    assert ask("[name for _, name in socket.if_nameindex()]") == ["lo"]


def test_the_limits_are_those_asked_for(ask: Ask) -> None:
    limits = ask(
        "{n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith('RLIMIT_')}"
    )
    assert limits["RLIMIT_CPU"] == [77, 77]
    assert limits["RLIMIT_FSIZE"] == [3 << 20] * 2
    assert limits["RLIMIT_NPROC"] == [40, 40]
    assert limits["RLIMIT_NOFILE"] == [50, 50]
    assert limits["RLIMIT_CORE"] == [0, 0]
    assert 300 << 20 < limits["RLIMIT_DATA"][0] < limits["RLIMIT_AS"][0] < 8 << 30
    assert ask("(lambda s: s.f_frsize * s.f_blocks)(os.statvfs('/scratch'))") == 5 << 20


def test_memory_is_given_up_to_the_limit(ask: Ask) -> None:
    assert ask("len(bytearray(200 << 20))") == 200 << 20
    assert ask("error(lambda: bytearray(400 << 20))") == "MemoryError"
    assert ask("error(lambda: __import__('mmap').mmap(-1, 2 << 30))") == "OSError"
    assert ask("error(lambda: open('a', 'wb').write(bytes(4 << 20)))") == "OSError"


WITHOUT_NAMESPACES = """
import os, sys
from keras_kata.kernel import CLONE_NEWUSER, capabilities_dropped, unshare

user, group = os.geteuid(), os.getegid()
unshare(CLONE_NEWUSER)
for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {user} 1"), ("gid_map", f"1000 {group} 1")):
    open(f"/proc/self/{name}", "w").write(text)
open("/proc/sys/user/max_user_namespaces", "w").write("0")
capabilities_dropped()
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

AS_ORDINARY_USER = """
import os, sys
from pathlib import Path
from keras_kata.kernel import CLONE_NEWNS, MS_BIND, MS_PRIVATE, MS_REC, capabilities_dropped, mount, unshare

unshare(CLONE_NEWNS)
mount(None, "/", None, MS_REC | MS_PRIVATE)
wanted = Path(os.path.realpath(sys.base_prefix))
closed = next((p for p in reversed(wanted.parents) if not p.stat().st_mode & 1), None)
if closed is not None:  # Python is in a home folder of root's: leave nothing else there, and open it
    opened = os.open(wanted, os.O_PATH)
    mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
    wanted.mkdir(parents=True)
    mount(f"/proc/self/fd/{opened}", str(wanted), None, MS_BIND | MS_REC)
    os.close(opened)
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
os.environ["HOME"] = "/nonexistent"
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def run_by(launcher: str, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that a launcher has made what it is."""
    engine = str(Path(keras_kata.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", launcher, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=180,
        cwd="/",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([engine, *package_folders()])},
    )


GRADED = """
import sys
from pathlib import Path
from keras_kata.confinement import Confinement
from keras_kata.course import Course
from keras_kata.judge import Judge
from keras_kata.remote import enforced_by, submitted
from keras_kata.workers import Workers

course = Course(Path(sys.argv[1]))
exercise = next(iter(course))
judge = Judge(course, exercise)
with Workers(course, Confinement(allow=frozenset(sys.argv[3:]))) as workers:
    with submitted(workers, exercise, judge.loader, sys.argv[2], "answer.py") as submission:
        for verdict in judge.judge_all(submission):
            print(verdict.outcome)
    left = open(f"/proc/{workers.process}/task/{workers.process}/children").read().split()
    print(len(left), "left")
    print(sorted(enforced_by(workers, exercise).names))
"""

LACKING = [
    "file tree",
    "ipc namespace",
    "network namespace",
    "process limit",
    "process namespace",
    "user namespace",
]


def test_grading_refuses_where_something_is_missing(workshop: Workshop) -> None:
    run = run_by(WITHOUT_NAMESPACES, GRADED, str(workshop.root), "print('ran')")
    assert run.returncode == 1
    assert run.stdout == ""
    message = run.stderr.partition("SandboxError: ")[2]
    for name in LACKING:
        assert f"--allow {name!r}" in message
    assert "landlock" not in message.partition("To grade without")[2]
    assert "max_user_namespaces" in message


def test_what_is_allowed_to_be_missing_is_gone_without(workshop: Workshop) -> None:
    source = (
        "import os, time\n"
        "def scaled(x, factor=2.0):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0: time.sleep(1e6)\n"
        "        os._exit(0)\n"
        "    try:\n"
        f"        open({str(workshop.root / 'course.toml')!r})\n"
        "    except PermissionError:\n"
        "        return os.listdir('.')\n"
    )
    run = run_by(WITHOUT_NAMESPACES, GRADED, str(workshop.root), source, *LACKING)
    assert run.returncode == 0, run.stderr
    outcome, left, names = run.stdout.splitlines()
    assert left == "0 left"
    assert "received='[]'" in outcome
    assert names == str(sorted(DEMANDED - set(LACKING)))


DOCTOR = """
import sys
import os
os.chdir(sys.argv[1])
from keras_kata.cli import app
app(["doctor"])
"""


def test_doctor_tells_what_is_missing_and_how_to_get_it(workshop: Workshop) -> None:
    run = run_by(WITHOUT_NAMESPACES, DOCTOR, str(workshop.root))
    assert run.returncode == 1
    assert "Grading refuses to run without: " + ", ".join(LACKING) in " ".join(run.stderr.split())
    assert "network namespace (no network, not even to this machine): " in run.stdout
    assert "sysctl user.max_user_namespaces=15000" in run.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test shows it, as they run as an ordinary user")
def test_an_ordinary_user_gets_all_of_it() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        workshop = make_workshop(Path(folder) / "course")
        run = run_by(AS_ORDINARY_USER, GRADED, str(workshop.root), RIGHT)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[:2] == ["Passed()", "0 left"]
    assert set(ast.literal_eval(run.stdout.splitlines()[2])) >= DEMANDED


def test_a_limit_or_protection_that_is_none_is_refused() -> None:
    with pytest.raises(SandboxError, match="`memory` must be a positive whole number, not 0"):
        Confinement(memory=0)
    with pytest.raises(
        SandboxError, match=r"no protection is called 'netwrk'. There are: .*network namespace"
    ):
        Confinement(allow=frozenset({"netwrk"}))
    assert set(PROTECTIONS) >= DEMANDED


def test_a_course_where_python_is_installed_is_refused(tmp_path: Path) -> None:
    refuse_secrets(["/usr", str(tmp_path / "site-packages")], str(tmp_path / "course"))
    with pytest.raises(SandboxError, match="Move the course"):
        refuse_secrets([str(tmp_path)], str(tmp_path / "deep" / "course"))
