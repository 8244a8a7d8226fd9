"""The texts of a kit that come from no exercise: how it is installed, read and run."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import tomlkit

import keras_kata
from keras_kata.course import Course
from keras_kata.course_map import course_map

__all__ = ["ENGINE", "WORKFLOWS", "Engine", "pyproject", "readme", "workflow"]

ENGINE = "engine"
"""The folder of the engine's source in a kit."""

_NAME = "keras-kata"
_SCRIPTS, _PLUGINS = "console_scripts", "pytest11"
_BUILD = {"requires": ["hatchling>=1.27"], "build-backend": "hatchling.build"}


@dataclass(frozen=True)
class Engine:
    """What the engine is installed from.

    Attributes:
        package: the folder of its modules.
        requires: what it needs to run, as in its own pyproject.toml.
        entry_points: for `console_scripts` and `pytest11`, names with what they stand for.
        extras: files beside the package by their name in a kit: the lock, the licence.
    """

    package: Path
    version: str
    python: str
    requires: Sequence[str]
    entry_points: dict[str, dict[str, str]]
    extras: dict[str, Path]

    @classmethod
    def here(cls) -> "Engine":
        """The engine that runs: its source's own pyproject.toml or, where it was installed, what is known of that."""
        package = Path(keras_kata.__file__).parent
        source = package.parents[1]
        try:
            project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        except (OSError, KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            project = {}
        if project.get("name") == _NAME:
            return cls._from_source(package, source, project)
        found = metadata.distribution(_NAME)
        return cls(
            package,
            found.version,
            found.metadata["Requires-Python"],
            [line for line in found.requires or [] if "extra ==" not in line],
            {
                group: {entry.name: entry.value for entry in found.entry_points.select(group=group)}
                for group in (_SCRIPTS, _PLUGINS)
            },
            {},
        )

    @classmethod
    def _from_source(cls, package: Path, source: Path, project: dict[str, Any]) -> "Engine":
        extras = {"constraints.txt": source / "requirements.lock", "LICENSE": source / "LICENSE"}
        return cls(
            package,
            project["version"],
            project["requires-python"],
            project["dependencies"],
            {_SCRIPTS: project["scripts"], _PLUGINS: project["entry-points"][_PLUGINS]},
            {name: path for name, path in extras.items() if path.is_file()},
        )


def pyproject(engine: Engine, course: Course) -> str:
    """A pyproject.toml that installs the engine out of the kit, with all that it needs to run."""
    modules = list(dict.fromkeys(exercise.module for exercise in course))
    dependencies = tomlkit.array().multiline(True)
    dependencies.extend(engine.requires)
    project = {
        "name": _NAME,
        "version": engine.version,
        "description": f"{course.title}: exercises, and the grader that says which mistake was made",
        "requires-python": engine.python,
        "dependencies": dependencies,
        "scripts": engine.entry_points[_SCRIPTS],
        "entry-points": {_PLUGINS: engine.entry_points[_PLUGINS]},
    }
    data = {
        "build-system": _BUILD,
        "project": project,
        "tool": {
            "hatch": {"build": {"targets": {"wheel": {"packages": [f"{ENGINE}/{engine.package.name}"]}}}},
            "pytest": {
                "ini_options": {
                    "testpaths": modules,
                    "addopts": "--import-mode=importlib",
                    "norecursedirs": [".*", "venv", ENGINE, "graders", "recordings"],
                }
            },
        },
    }
    return "# Installs the grader out of this folder, and what it needs.\n" + tomlkit.dumps(data)


_README = """# {title}

Short exercises. You fill in a function, run `pytest`, and are told what is wrong, with the smallest case that shows
it, and which mistake it probably is.

## Set up, once

You need Python {python}, with which this kit was made, and pip. Other versions work where TensorFlow does. In this
folder:

    python3 -m venv .venv
    . .venv/bin/activate              # Windows: py -m venv .venv, then .venv\\Scripts\\activate
    {install}

## Work

Open `{first}.py`, read it, fill in what raises `NotImplementedError`, and run it:

    pytest {first}.py

{commands}

Each probe is one letter: `.` passed, `F` failed, `n` not attempted yet, `G` a defect of the exercise that costs you
nothing (please report it). Below them stands, for each probe that failed, the case, what your code gave, what is
right, and the mistake, where it is a known one.

The same code gets the same verdict every time. Your work is in the files of the modules and nowhere else; `graders/`,
`recordings/` and `{engine}/` belong to the grader: if you change them it may refuse to judge.
{workflow}
## Exercises
{map}"""

_IN_WORKFLOW = """
Every push is graded as well, by `{file}`.
"""


def install_command(engine: Engine) -> str:
    """What installs a kit, with the versions that the course was tested with where they are known."""
    constraint = "-c constraints.txt " if "constraints.txt" in engine.extras else ""
    return f"python -m pip install {constraint}."


def readme(engine: Engine, course: Course, probe: str, workflow: str) -> str:
    """What a learner reads first.

    Args:
        probe: one probe of the first exercise.
        workflow: the file of the classroom's workflow, or nothing.
    """
    first = next(iter(course))
    return _README.format(
        title=course.title,
        python=_python(),
        install=install_command(engine),
        first=first.slug,
        commands=_columns(
            {
                f"pytest {first.module}": "a whole module",
                "pytest": "everything",
                f"pytest {first.slug}.py::{probe}": "one probe",
                f"kata hint {first.slug}": "the next hint; each call goes one step further",
                "kata status": "how far you are",
                f"kata reset {first.slug}": "the file as it was; yours is kept in .kata/backups",
            }
        ),
        engine=ENGINE,
        workflow=_IN_WORKFLOW.format(file=workflow) if workflow else "",
        map=course_map(course),
    )


def _columns(commands: Mapping[str, str]) -> str:
    width = max(map(len, commands))
    return "\n".join(f"    {command:<{width}}  # {what}" for command, what in commands.items())


def _python() -> str:
    """The Python that the kit is made with, such as `3.11`."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


WORKFLOWS = {"github": ".github/workflows/classroom.yml", "gitlab": ".gitlab-ci.yml"}
"""Where each service looks for what it runs."""

_GITHUB = """# Grades every push. The log shows the messages; results.xml has each probe's outcome and points.
name: classroom
on: [push, pull_request, workflow_dispatch]
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
          cache: pip
          cache-dependency-path: pyproject.toml
      - run: {install}
      - run: {test}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: results
          path: results.xml
"""

_GITLAB = """# Grades every push. The log shows the messages; results.xml has each probe's outcome and points.
grade:
  image: python:{python}-slim
  timeout: 60 minutes
  variables:
    PIP_CACHE_DIR: "$CI_PROJECT_DIR/.cache/pip"
  cache:
    paths: [.cache/pip]
  script:
    - {install}
    - {test}
  artifacts:
    when: always
    paths: [results.xml]
    reports:
      junit: results.xml
"""


def workflow(engine: Engine, service: str) -> str:
    """What a service runs on every push: the tests, on the Python that the kit was made with."""
    template = {"github": _GITHUB, "gitlab": _GITLAB}[service]
    return template.format(
        python=_python(), install=install_command(engine), test="pytest --junitxml=results.xml"
    )
