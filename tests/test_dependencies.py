"""What imports what: the engine's modules in one direction, and heavy packages only where they are needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import keras_kata

SOURCE = Path(keras_kata.__file__).parent

# A module imports none to its right, nor below it. `__init__` is the authoring API.
LAYERS = [
    ["errors", "authoring", "__init__", "verdicts"],
    ["course", "course_map", "outline", "provenance"],
    ["observation", "wire", "comparison", "display"],
    ["limits", "failures", "forbidden", "tripwires", "implementation", "contract_data", "runtime", "cases"],
    ["bindings", "notebook_source"],
    ["grader", "worker", "submission"],
    ["needs", "confinement", "kernel", "landlock", "filetree", "groups", "sandbox", "keeper"],
    ["frames", "replies", "cell", "server"],
    ["workers", "connection", "remote"],
    ["diagnosis", "trial", "recording", "recorded", "judge"],
    [
        "stubs",
        "recorder",
        "progress",
        "standing",
        "roadmap",
        "hints",
        "scaffold",
        "messages",
        "summary",
        "inventory",
        "mutation_rules",
        "mutants",
    ],
    ["items", "plugin", "steadiness", "audit"],
    ["live_reports", "forked_judging", "preloaded", "judging_processes"],
    ["keys", "screen", "watched_files", "judged", "watch_views", "watch"],
    [
        "withholding",
        "solution_cells",
        "formulas",
        "instructions",
        "pictures",
        "html",
        "notebook",
        "kit_files",
        "kit",
        "notebooks",
    ],
    [
        "student_names",
        "untrusted_file",
        "intake",
        "results",
        "exports",
        "autograded",
        "gradebook",
        "class_gradebook",
    ],
    ["grading", "autograde", "cluster"],
    ["cli"],
    ["cli_autograde", "cli_class", "cli_kit", "cli_loop", "cli_notebooks", "cli_results"],
]
COMMANDS = {"cli_autograde", "cli_class", "cli_kit", "cli_loop", "cli_notebooks", "cli_results"}
"""Modules that add their commands to those of `cli`, which ends with importing them."""
ORDER = [module for layer in LAYERS for module in layer]
FRAMEWORKS = {"tensorflow", "keras", "torch", "jax"}


def modules() -> list[str]:
    packages = (path.parent.name for path in SOURCE.glob("*/__init__.py"))
    return sorted([*packages, *(path.stem for path in SOURCE.glob("*.py"))])


def files(module: str) -> list[Path]:
    """A module's file, or those of a package, whose modules may import each other."""
    return sorted((SOURCE / module).glob("*.py")) or [SOURCE / f"{module}.py"]


def imported(module: str) -> Iterator[str]:
    """Every module that a module's files import, wherever in them the statement stands."""
    for node in (node for file in files(module) for node in ast.walk(ast.parse(file.read_bytes()))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write imports in full"
            yield node.module or ""
            if node.module == "keras_kata":
                yield from (f"keras_kata.{alias.name}" for alias in node.names)


def own(module: str) -> set[str]:
    """The engine's modules that one imports."""
    names = [name.split(".") for name in imported(module)]
    return {parts[1] if len(parts) > 1 else "__init__" for parts in names if parts[0] == "keras_kata"}


def test_every_module_has_its_place() -> None:
    assert len(ORDER) == len(set(ORDER))
    assert modules() == sorted(ORDER), "give a new module its place in LAYERS, and design.md's drawing a look"


@pytest.mark.parametrize("module", ORDER)
def test_imports_point_one_way(module: str) -> None:
    others = own(module) - ({module} if (SOURCE / module).is_dir() else set())
    later = {name for name in others if ORDER.index(name) >= ORDER.index(module)}
    later -= COMMANDS if module == "cli" else set()
    assert later == set(), f"{module} imports what comes after it"


@pytest.mark.parametrize("module", ORDER)
def test_the_engine_knows_no_framework(module: str) -> None:
    assert {name.split(".")[0] for name in imported(module)} & FRAMEWORKS == set()


def test_the_authoring_api_is_all_that_graders_need() -> None:
    assert own("authoring") == {"errors"}
    assert own("__init__") == {"authoring"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("keras_kata", ["numpy", "hypothesis"]),
        ("keras_kata.plugin", ["numpy", "hypothesis"]),
        ("keras_kata.cli", ["numpy", "hypothesis"]),
        ("keras_kata.judge", ["hypothesis"]),
    ],
)
def test_what_is_heavy_is_imported_late(module: str, heavy: list[str]) -> None:
    code = f"import sys, {module}; print(sorted({{n.split('.')[0] for n in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(ast.literal_eval(run.stdout))
    assert loaded & (FRAMEWORKS | set(heavy)) == set()
    assert "keras_kata" in loaded
