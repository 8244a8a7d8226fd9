"""What an exercise needs, found in its files."""

import json
import subprocess
import sys

from keras_kata.needs import needed_packages
from tests.support import SLUG, make_workshop


def test_what_an_exercise_needs_is_found_in_its_files_and_what_these_import(tmp_path):
    grader = (
        "import json\nimport numpy.linalg\nfrom graders.support import shapes\nfrom keras_kata import probe\n"
    )
    workshop = make_workshop(tmp_path, grader=grader, reference="import scipy.stats as s\n")
    workshop.write("graders/support/shapes.py", "def f():\n    from hypothesis.extra import numpy\n")
    workshop.write(f"exercises/{SLUG}.py", "from . import a\nimport PIL.Image, solutions.module1\n")
    assert needed_packages(workshop.exercise) == [
        "numpy.linalg",
        "scipy.stats",
        "PIL.Image",
        "hypothesis.extra",
    ]


def test_files_that_are_no_python_need_nothing(tmp_path):
    workshop = make_workshop(tmp_path, grader="import numpy\n", reference="def (:\n")
    workshop.write(f"exercises/{SLUG}.py", "x = '\\N{")
    assert needed_packages(workshop.exercise)[0] == "numpy"


def test_what_can_be_imported_is_and_the_rest_is_left_to_the_learners_file():
    code = (
        "import json, sys; from keras_kata.needs import load\n"
        "load(['nonesuch', 'colorsys', 'numpy.nonesuch', 'chunk.x'])\n"
        "print(json.dumps(['colorsys' in sys.modules, 'nonesuch' in sys.modules]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(run.stdout) == [True, False]
