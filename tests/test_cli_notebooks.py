"""`kata notebooks`."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from keras_kata.cli import app


@pytest.fixture
def inside(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The miniature course, as the current folder."""
    monkeypatch.chdir(course)
    return course


def kata(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["notebooks", *arguments, "--jobs", "1"])


def test_notebooks_are_written_and_what_comes_next_is_told(inside: Path) -> None:
    result = kata("module2/softmax", "module1/running_mean")
    assert result.exit_code == 0
    for place in ("module2/softmax", "module1/running_mean"):
        assert (inside / "nbgrader" / "source" / f"{place}.ipynb").is_file()
        assert f"{place}.ipynb" in result.output
    assert (
        "    nbgrader generate_assignment module2\n    nbgrader generate_assignment module1\n"
        in result.output
    )


def test_what_was_edited_is_kept_and_the_rest_left_alone(inside: Path, tmp_path: Path) -> None:
    target = tmp_path / "class of 2026"
    assert kata("module2/softmax", "--to", str(target)).exit_code == 0
    assert "unchanged" in kata("module2/softmax", "--to", str(target)).output
    notebook = target / "source" / "module2" / "softmax.ipynb"
    notebook.write_text(notebook.read_text().replace("A classifier's", "My classifier's"))
    result = kata("module2/softmax", "--to", str(target))
    assert "kept what was edited by hand as" in result.output
    [backup] = (inside / ".kata" / "backups").rglob("softmax_*.ipynb")
    assert "My classifier's" in backup.read_text()


def test_without_nbgrader_it_says_what_to_install(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keras_kata.notebooks", raising=False)
    monkeypatch.setitem(sys.modules, "nbformat", None)
    result = kata("module2/softmax")
    assert result.exit_code == 1
    assert "pip install 'keras-kata[class]'" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["module2/softmaxx"], "Did you mean module2/softmax"), (["--to", "course.toml"], "can't be written")],
)
def test_bad_arguments_are_told(inside: Path, arguments: list[str], said: str) -> None:
    result = kata(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
