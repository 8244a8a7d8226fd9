"""Every task of the project: `python3 noxfile.py -s grade` sets up all there is to set up and grades.

Run as a script, by a Python with nothing but pip, this file makes `.nox/bootstrap`, an environment with the
locked nox, and hands its arguments over to it. Loaded by nox, that one or yours, it defines the sessions.
All but `lock` share one environment, `.nox/kata`, which holds exactly what requirements.lock says.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)  # the Pythons that the locked TensorFlow has wheels for
if not OLDEST <= sys.version_info[:2] <= NEWEST:  # an older Python 3 must be able to parse up to the end
    sys.exit(
        f"keras-kata needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, as TensorFlow does; {sys.executable} is "
        f"{sys.version.split()[0]}.\nInstall one of those and call it by its name, for example: "
        f"python3.{NEWEST[1]} noxfile.py -s grade"
    )

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
BOOTSTRAP = ROOT / ".nox" / "bootstrap"
SHARED = ROOT / ".nox" / "kata"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

# Whatever the user's pip is set to, we install into an environment's own folder.
PIP = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_USER": "0",
}


def digest(*files: Path) -> str:
    """What an environment was made from: this Python, this place, these files."""
    start = f"{sys.version} {sys.base_prefix} {ROOT}"
    return hashlib.sha256(start.encode() + b"".join(file.read_bytes() for file in files)).hexdigest()


def is_current(stamp: Path, made_from: str) -> bool:
    """Whether a step was finished, from the same things; an interrupted one has left no stamp."""
    return stamp.is_file() and stamp.read_text() == made_from


def bootstrap() -> Path:
    """Make the environment that nox runs in, unless it is there, and return its Python."""
    python, stamp, made_from = BOOTSTRAP / SCRIPTS / "python", BOOTSTRAP / "made-from", digest(LOCK)
    if is_current(stamp, made_from):
        return python
    if importlib.util.find_spec("pip") is None:
        sys.exit(
            f"{sys.executable} has no pip. Install it (Debian, Ubuntu: sudo apt install python3-pip; Fedora: "
            f"sudo dnf install python3-pip; elsewhere: {sys.executable} -m ensurepip) and run this again."
        )
    print(f"Installing nox in {BOOTSTRAP.relative_to(ROOT)}, once.", flush=True)
    # Not `python -m venv`: Debian and Ubuntu take ensurepip out of it. With --target, pip also installs where
    # the system's Python refuses it elsewhere (PEP 668).
    loose = ROOT / ".nox" / "virtualenv"
    for folder in (loose, BOOTSTRAP):
        shutil.rmtree(folder, ignore_errors=True)
    install = ["-m", "pip", "install", "--quiet", "--constraint", str(LOCK)]
    for command, path in (
        ([sys.executable, *install, "--target", str(loose), "virtualenv"], ""),
        ([sys.executable, "-m", "virtualenv", "--quiet", "--no-periodic-update", str(BOOTSTRAP)], str(loose)),
        ([str(python), *install, "nox"], ""),
    ):
        if subprocess.call(command, env={**os.environ, **PIP, "PYTHONPATH": path}):
            sys.exit(f"The first run needs the network. For the reason above, this failed: {command}")
    shutil.rmtree(loose)
    stamp.write_text(made_from)
    return python


if __name__ == "__main__":
    command = [str(bootstrap()), "-m", "nox", "--noxfile", str(ROOT / "noxfile.py"), *sys.argv[1:]]
    if os.name == "nt":  # where exec does not wait for the new process
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)

import tomllib
from collections.abc import Callable
from typing import Any

import nox

nox.needs_version = ">=2025.2.9"

# The course's own settings; and the CPU, also where a GPU build of TensorFlow is installed and chosen.
ENVIRONMENT = {
    **tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["environment"],
    **PIP,
    "CUDA_VISIBLE_DEVICES": "-1",
    "NO_MKDOCS_2_WARNING": "1",  # an advertisement at every build
    "PYTHONPATH": None,
    "PATH": f"{SHARED / SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}",
    "VIRTUAL_ENV": str(SHARED),
}


def shared_environment(session: nox.Session) -> Callable[..., Any]:
    """Bring `.nox/kata` up to date and return what runs a program of it."""
    scripts = SHARED.relative_to(ROOT) / SCRIPTS  # nox runs in ROOT
    pip = [str(scripts / "python"), "-m", "pip", "install"]
    stamp, made_from = SHARED / "made-from", digest(LOCK)
    if not is_current(stamp, made_from):
        session.log("Installing TensorFlow and the rest in .nox/kata, once: about 400 MB, some minutes.")
        make = [sys.executable, "-m", "virtualenv", "--clear", "--no-periodic-update", str(SHARED)]
        session.run_install(*make, env=ENVIRONMENT, silent=True)
        session.run_install(*pip, "--requirement", str(LOCK), env=ENVIRONMENT, silent=True)
        stamp.write_text(made_from)
    stamp, made_from = SHARED / "project-made-from", digest(ROOT / "pyproject.toml")
    if not is_current(stamp, made_from):
        # The locked build backend, not the newest one.
        project = ["--no-deps", "--no-build-isolation", "--editable", "."]
        session.run_install(*pip, *project, env=ENVIRONMENT, silent=True)
        stamp.write_text(made_from)

    def run(name: str, *arguments: str, **options: Any) -> Any:
        return session.run(str(scripts / name), *arguments, env=ENVIRONMENT, **options)

    return run


@nox.session(python=False, default=False)
def grade(session: nox.Session) -> None:
    """Grade the reference solutions and some wrong answers, and show what a learner sees."""
    run = shared_environment(session)
    session.log("The reference solutions: each one gets full marks.")
    run("pytest", "solutions", "-q")
    session.log("Wrong answers: what a learner sees. That these fail is what is shown.")
    run("pytest", "tests/answers", "-q", success_codes=[1])
    session.log("The exercise to work on, not attempted unless you have worked on it here.")
    run("pytest", "exercises/module6", "-q", success_codes=[0, 1])


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after `--` go to pytest."""
    shared_environment(session)("pytest", "-n", "2", "--dist", "loadfile", *session.posargs)


@nox.session(python=False, default=False)
def audit(session: nox.Session) -> None:
    """Prove every grader against right answers, known mistakes and mutants; arguments go to `kata audit`."""
    shared_environment(session)("kata", "audit", *session.posargs)


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Check the style and the format with ruff."""
    run = shared_environment(session)
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


@nox.session(python=False)
def typecheck(session: nox.Session) -> None:
    """Check the engine's types with mypy, strictly."""
    shared_environment(session)("mypy", *session.posargs)


@nox.session(python=False)
def stubs(session: nox.Session) -> None:
    """Check that the stubs in exercises/ are in step with the references."""
    shared_environment(session)("kata", "stubs", "--check")


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Build the documentation into site/, with warnings as errors."""
    shared_environment(session)("mkdocs", "build", "--strict", *session.posargs)


@nox.session(python=False, default=False)
def bench(session: nox.Session) -> None:
    """Measure speed and memory, hours; a benchmark named after `--`, with its options, only that one."""
    shared_environment(session)("python", "benchmarks/run.py", *session.posargs)


@nox.session(python=False, default=False)
def steady(session: nox.Session) -> None:
    """Show that verdicts depend on the answer alone; hours, so name exercises or fewer `--seeds` after `--`."""
    shared_environment(session)("kata", "steady", *session.posargs)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Remake requirements.lock from pyproject.toml; `-- --upgrade` takes the newest versions."""
    session.install("uv")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", f"3.{OLDEST[1]}"),
        *("--custom-compile-command", "python3 noxfile.py -s lock", "--group", "dev", "--all-extras"),
        *("--output-file", LOCK.name, "pyproject.toml", *session.posargs),
    )
