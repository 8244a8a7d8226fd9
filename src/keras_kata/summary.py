"""The end of a pytest run: points and state of each exercise, and where to go on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

__all__ = ["write_summary"]

Row = tuple[dict[str, Any], str]

_FIRST_LOOK = (
    "grader error",
    "unusable",
    "forbidden",
    "raised",
    "timed out",
    "crashed",
    "failed",
    "not attempted",
)


def write_summary(terminal: pytest.TerminalReporter, rows: Sequence[Row]) -> None:
    """Write the table.

    Args:
        rows: each probe's properties (exercise, outcome, points, max_points, ...) and its node id.
    """
    files: dict[str, list[Row]] = {}
    for row in rows:
        files.setdefault(_file(row), []).append(row)
    names = _names(files)
    width = max(map(len, ("all", *names.values())))
    terminal.write_sep("=", "points")
    for file, own in files.items():
        state, colour = _state(own)
        terminal.write(f"{names[file]:<{width}}  {_points(own):>9}  ")
        terminal.write(f"{state}\n", **{colour: True})
    terminal.write_line(f"{'all':<{width}}  {_points(rows):>9}")
    terminal.write_line("")
    terminal.write_line(_next(rows))


def _file(row: Row) -> str:
    return row[1].split("::")[0]


def _names(files: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """What each file goes by: its exercise, unless there are several files of one."""
    slugs = {file: str(rows[0][0]["exercise"]) for file, rows in files.items()}
    counts = Counter(slugs.values())
    return {file: slug if counts[slug] == 1 else file for file, slug in slugs.items()}


def _points(rows: Sequence[Row]) -> str:
    earned = sum(float(properties["points"]) for properties, _ in rows)
    possible = sum(float(properties["max_points"]) for properties, _ in rows)
    return f"{earned:g} / {possible:g}"


def _state(rows: Sequence[Row]) -> tuple[str, str]:
    outcomes = [properties["outcome"] for properties, _ in rows]
    passed = outcomes.count("passed")
    if "grader error" in outcomes:
        return "grader error (not your code's; please report it)", "red"
    if passed == len(outcomes):
        return "done", "green"
    if outcomes.count("not attempted") == len(outcomes):
        return "not attempted", "yellow"
    mistakes = dict.fromkeys(p["mistake"] for p, _ in rows if "mistake" in p)
    named = f": {', '.join(mistakes)}" if mistakes else ""
    return f"{passed} of {len(outcomes)} probes pass{named}", "red" if passed == 0 else "yellow"


def _next(rows: Sequence[Row]) -> str:
    """One line: the first exercise begun and not done; in it, the outcome that tells most."""
    open_rows = [row for row in rows if row[0]["outcome"] != "passed"]
    if not open_rows:
        return "All done."
    begun = [row for row in open_rows if row[0]["outcome"] != "not attempted"] or open_rows
    same = [row for row in begun if _file(row) == _file(begun[0])]
    properties, node = min(same, key=lambda row: _FIRST_LOOK.index(row[0]["outcome"]))
    if properties["outcome"] == "not attempted":
        return f"Start with {_file((properties, node))}"
    return f"Look first at {node} ({properties['outcome']})"
