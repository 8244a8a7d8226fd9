"""The end of a pytest run: points and state of each exercise, and where to go on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

__all__ = ["write_summary"]

WIDTH = 80

Row = tuple[dict[str, Any], str]

_STATES = {
    "grader error": "grader error (not your code's; please report it)",
    "unusable": "can't be judged",
    "forbidden": "uses what the exercise asks to build",
    "raised": "raises an error",
    "timed out": "takes too long",
    "crashed": "crashes",
    "failed": "",
    "not attempted": "not attempted",
}
"""What a file's outcomes come to where they are all the same; first what is to be looked at first."""


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
        start = f"{names[file]:<{width}}  {_points(own):>9}  "
        state, colour = _state(own, WIDTH - len(start))
        terminal.write(start)
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


def _state(rows: Sequence[Row], room: int) -> tuple[str, str]:
    """The state, of at most about `room` columns, and its colour."""
    outcomes = [properties["outcome"] for properties, _ in rows]
    passed = outcomes.count("passed")
    if passed == len(outcomes):
        return "done", "green"
    if "grader error" in outcomes:
        return _STATES["grader error"], "red"
    colour = "red" if passed == 0 else "yellow"
    if len(set(outcomes)) == 1 and _STATES[outcomes[0]]:
        return _STATES[outcomes[0]], "yellow" if outcomes[0] == "not attempted" else colour
    state = f"{passed} of {len(outcomes)} probes pass"
    for mistake in dict.fromkeys(p["mistake"] for p, _ in rows if "mistake" in p):
        longer = f"{state}{',' if ':' in state else ':'} {mistake}"
        if len(longer) > room:
            break
        state = longer
    return state, colour


def _next(rows: Sequence[Row]) -> str:
    """One line: the first exercise begun and not done; in it, the outcome that tells most, with its mistake named."""
    open_rows = [row for row in rows if row[0]["outcome"] != "passed"]
    if not open_rows:
        return "All done."
    begun = [row for row in open_rows if row[0]["outcome"] != "not attempted"] or open_rows
    same = [row for row in begun if _file(row) == _file(begun[0])]
    states = list(_STATES)
    properties, node = min(same, key=lambda row: (states.index(row[0]["outcome"]), "mistake" not in row[0]))
    if properties["outcome"] == "not attempted":
        return f"Start with {_file((properties, node))}"
    return f"Look first at {node} ({properties['outcome']})"
