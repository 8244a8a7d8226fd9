"""`kata doctor` tries the sandbox and tells what it is made of."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keras_kata.cli import app
from keras_kata.confinement import PROTECTIONS

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is made of what Linux gives", allow_module_level=True)


def test_doctor_tells_of_every_protection(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    run = CliRunner().invoke(app, ["doctor"])
    assert run.exit_code == 0, run.output
    for name in PROTECTIONS:
        assert name in run.output
    assert "Submissions can be graded on this system." in run.output
    assert "memory 2 GiB" in run.output


def test_doctor_needs_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(app, ["doctor"])
    assert run.exit_code == 1
    assert "no course here" in run.output
