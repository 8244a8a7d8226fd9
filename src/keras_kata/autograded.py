"""The autograded notebook, as nbgrader's autograder leaves it: what its feedback pages and formgrader show.

It is the released notebook with the learner's solution cells and, in the graded cells, what judging said. Nothing
else of what was handed in gets into it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from keras_kata.errors import CourseError
from keras_kata.html import mime_bundle
from keras_kata.notebook_source import cell_id
from keras_kata.outline import ProbeOutline
from keras_kata.verdicts import Verdict

__all__ = ["autograded_notebook"]


def autograded_notebook(
    released: bytes, solutions: Mapping[str, str], verdicts: Sequence[Verdict], probes: Sequence[ProbeOutline]
) -> str:
    """The text of `autograded/STUDENT/moduleN/<exercise>.ipynb`.

    Args:
        released: the notebook that `nbgrader generate_assignment` has made.
        solutions: the text of the solution cells that were handed in, by grade_id (see `NotebookSource`).
        verdicts: of all probes of the exercise, in any order.
        probes: the outline of its grader.

    Raises:
        CourseError: what was released is no notebook.
    """
    outlines = {probe.name: probe for probe in probes}
    judged = {cell_id(one.exercise.split("/")[1], "probe", one.probe): one for one in verdicts}
    try:
        notebook = json.loads(released)
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if grade_id in solutions:
                cell["source"] = solutions[grade_id]
            elif grade_id in judged:
                verdict = judged[grade_id]
                cell["outputs"] = _outputs(verdict, outlines[verdict.probe])
                cell["execution_count"] = 1
        return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(
            f"the released notebook is damaged: {type(error).__name__}: {error!s:.100}"
        ) from None


def _outputs(verdict: Verdict, probe: ProbeOutline) -> list[dict[str, Any]]:
    """What the cell shows, and its value: the points earned."""
    bundle = mime_bundle(verdict, probe, "nbgrader validate", is_graded=True)
    value = {"text/plain": repr(float(verdict.earned))}
    return [
        {"output_type": "display_data", "data": bundle, "metadata": {}},
        {"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": 1},
    ]
