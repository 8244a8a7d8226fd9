"""The autograded notebook: the released one, the learner's solution, and what judging said."""

import json

import pytest

from keras_kata.autograded import autograded_notebook
from keras_kata.errors import CourseError
from keras_kata.outline import ProbeOutline
from keras_kata.verdicts import Difference, Failed, Mistake, Passed, Verdict

PROBES = [ProbeOutline("one", "The first.", 2, ("hint",)), ProbeOutline("other", "The second.", 1, ("hint",))]
WRONG = Failed(
    {"x": 12345}, 777.5, 888.5, Difference("value", "", 777.5, 888.5), Mistake("slip", "You slip.")
)
VERDICTS = [Verdict("module1/task", "one", 2, WRONG), Verdict("module1/task", "other", 1, Passed())]


def cell(grade_id: str | None, source: str) -> dict[str, object]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


RELEASED = json.dumps(
    {
        "cells": [
            cell(None, "import math"),
            cell("task-solution-f", "raise NotImplementedError()"),
            cell("task-probe-one", "check('one')"),
            cell("task-probe-other", "check('other')"),
        ]
    }
).encode()


def test_solutions_and_verdicts_are_put_into_their_cells_and_nothing_else() -> None:
    text = autograded_notebook(RELEASED, {"task-solution-f": "def f(): pass"}, VERDICTS, PROBES)
    plain, solution, one, other = json.loads(text)["cells"]
    assert (plain["source"], plain["outputs"]) == ("import math", [])
    assert solution["source"] == "def f(): pass"
    assert one["source"] == "check('one')"
    assert [output["data"].get("text/plain") for output in one["outputs"]][-1] == "0.0"
    assert [output["data"].get("text/plain") for output in other["outputs"]][-1] == "1.0"
    assert "You slip." in one["outputs"][0]["data"]["text/html"]
    for secret in ("12345", "777.5", "888.5"):
        assert secret not in text


@pytest.mark.parametrize("released", [b"", b"{", b"[]", b"{}", b'{"cells": [1]}', b"\xff"])
def test_a_damaged_release_is_told(released: bytes) -> None:
    with pytest.raises(CourseError, match="released notebook is damaged"):
        autograded_notebook(released, {}, VERDICTS, PROBES)
