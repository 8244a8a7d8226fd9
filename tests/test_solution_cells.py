"""A reference taken apart into solution cells: with its bodies it is the reference, without them the stub."""

import ast
import re
from pathlib import Path

import pytest

from keras_kata.course import Course
from keras_kata.errors import AuthoringError
from keras_kata.solution_cells import BEGIN_SOLUTION, END_SOLUTION, SolutionCells, solution_cells
from keras_kata.stubs import stub_of

from .support import SLUG, make_workshop, table

ROOT = Path(__file__).parents[1]
EXERCISES = [
    pytest.param(course[slug], id=slug)
    for course in (Course(ROOT), Course(ROOT / "tests" / "mini_course"))
    for slug in course.exercises
]


def joined(cells: SolutionCells) -> str:
    return "\n\n\n".join([cells.imports, *cells.members.values()])


def cleared(text: str) -> str:
    """What nbgrader leaves of a cell, with the stub's own word for what is to be written."""
    return re.sub(
        rf"( *){BEGIN_SOLUTION}\n.*?{END_SOLUTION}", r"\1raise NotImplementedError", text, flags=re.DOTALL
    )


@pytest.mark.parametrize("exercise", EXERCISES)
def test_without_the_bodies_it_is_the_stub(exercise) -> None:
    stub = ast.parse(stub_of(exercise))
    found = ast.parse(cleared(joined(solution_cells(exercise))))
    assert [ast.dump(node) for node in found.body] == [ast.dump(node) for node in stub.body[1:]]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_with_the_bodies_it_is_all_of_the_reference(exercise) -> None:
    """Every statement is there, though private ones stand behind the member above."""
    reference = ast.parse((exercise.solution / "reference.py").read_text(encoding="utf-8"))
    found = ast.parse(joined(solution_cells(exercise)))
    assert statements(found) >= statements(reference) - {ast.dump(reference.body[0])}


def statements(tree: ast.Module) -> set[str]:
    """The parts of a module, and those of its classes for themselves."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    inner = [node for one in classes for node in one.body]
    return {ast.dump(node) for node in [*tree.body, *inner] if not isinstance(node, ast.ClassDef)}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_member_has_a_cell_and_each_cell_a_body(exercise) -> None:
    members = solution_cells(exercise).members
    for name, text in members.items():
        assert name in {getattr(node, "name", "") for node in ast.parse(text).body}
        assert text.count(BEGIN_SOLUTION) == text.count(END_SOLUTION) >= 1
        assert "NotImplementedError" not in text or "NotImplementedError" in stub_of(exercise)


def cells_of(reference: str, tmp_path: Path) -> SolutionCells:
    return solution_cells(make_workshop(tmp_path, reference=reference).course[SLUG])


def test_helpers_stand_behind_the_member_above_them(tmp_path: Path) -> None:
    cells = cells_of(
        '''
        """Title."""

        import numpy as np
        from math import sqrt

        _FACTOR = 2.0


        def scaled(x, factor=_DEFAULT_):
            """Text."""
            return _helped(x)


        # Why it is so.
        def _helped(x):
            return np.sqrt(x) + sqrt(_FACTOR)


        class Second:
            """Text."""

            size: int = 3
            _private = 4

            def run(self):
                """Text."""
                # A comment.
                return self._part()

            def _part(self):
                return self._private
        '''.replace("_DEFAULT_", "1"),
        tmp_path,
    )
    assert cells.imports == "import numpy as np"
    assert cells.members["scaled"] == (
        'def scaled(x, factor=1):\n    """Text."""\n    ### BEGIN SOLUTION\n    return _helped(x)\n\n\n'
        "from math import sqrt\n\n\n_FACTOR = 2.0\n\n\n# Why it is so.\ndef _helped(x):\n"
        "    return np.sqrt(x) + sqrt(_FACTOR)\n    ### END SOLUTION"
    )
    assert cells.members["Second"] == (
        'class Second:\n    """Text."""\n\n    size: int = 3\n\n    def run(self):\n        """Text."""\n'
        "        ### BEGIN SOLUTION\n        # A comment.\n        return self._part()\n\n    _private = 4\n\n"
        "    def _part(self):\n        return self._private\n        ### END SOLUTION"
    )


def test_what_nothing_is_to_be_written_in_stands_with_what_follows(tmp_path: Path) -> None:
    cells = cells_of(
        '''
        """Title."""

        LIMIT = 3


        class Options:
            """Text."""

            size: int = 3


        def scaled(x):
            """Text."""
            return x


        AFTER = 4
        ''',
        tmp_path,
    )
    assert list(cells.members) == ["scaled"]
    assert "LIMIT = 3" in cells.imports
    assert "class Options" in joined(cells)
    assert "AFTER = 4" in cells.imports


@pytest.mark.parametrize(
    ("reference", "problem"),
    table(
        [
            (
                "marks",
                '"""T."""\n\n\ndef scaled(x):\n    """T."""\n    return x  # END SOLUTION\n',
                "nbgrader's marks",
            ),
            (
                "nothing to write",
                '"""T."""\n\n\nclass Scaled:\n    """T."""\n\n    a: int = 1\n',
                "nothing of the reference",
            ),
            (
                "no method last",
                '"""T."""\n\n\nclass Scaled:\n    """T."""\n\n    def f(self):\n        """T."""\n        return _a\n\n'
                "    b: int = 1\n\n\n_a = 1\n",
                "must end with a method",
            ),
        ]
    ),
)
def test_what_can_not_be_taken_apart_is_said(reference: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=problem):
        cells_of(reference, tmp_path)
