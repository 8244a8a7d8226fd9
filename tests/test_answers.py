"""The sample of wrong answers that `nox -s grade` shows: each is told what it should be."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

EXPECTED = {
    ("ada", "returns"): ("passed", None),
    ("ada", "targets"): ("failed", "terminal_not_masked"),
    ("ada", "tables"): ("failed", "table_changed_in_place"),
    ("ada", "tables_with_truncated_steps"): ("failed", "table_changed_in_place"),
    ("ben", "sizes"): ("failed", "no_max"),
    ("ben", "sizes_with_output_padding"): ("passed", None),
    ("ben", "bad_output_padding"): ("passed", None),
    ("ben", "strides_of_the_layers"): ("not attempted", None),
    ("ben", "impossible_sizes"): ("not attempted", None),
    ("cleo", "history_and_weights"): ("failed", "mean_of_batch_means"),
    ("cleo", "frozen_layer"): ("passed", None),
    ("cleo", "batch_normalisation"): ("failed", "mean_of_batch_means"),
    ("cleo", "evaluation"): ("raised", None),
    ("dan", "forward"): ("forbidden", None),
    ("dan", "lifecycle"): ("forbidden", None),
    ("dan", "symbolic"): ("forbidden", None),
    ("dan", "layer_keywords"): ("forbidden", None),
}


@pytest.mark.tensorflow
def test_every_sample_answer_is_told_its_mistake(tmp_path):
    report = tmp_path / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/answers",
        "-q",
        f"--junitxml={report}",
        "-p",
        "no:cacheprovider",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert run.returncode == 1, run.stdout + run.stderr
    seen = {}
    for case in ElementTree.parse(report).iter("testcase"):
        properties = {item.get("name"): item.get("value") for item in case.iter("property")}
        who = case.get("classname").split(".")[2]
        seen[who, case.get("name")] = (properties["outcome"], properties.get("mistake"))
    assert seen == EXPECTED
