"""Values as a learner reads them: small ones whole, of large ones the part that differs."""

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from keras_kata.authoring import REJECTED

__all__ = ["differing_part", "harmless", "show", "show_array", "steps"]

SMALL = 40
"""Values of up to this many numbers are shown whole."""

_AROUND = 3  # entries shown on either side of a difference in a long row
_MOST_ENTRIES = 12  # of a list or dict whose entries take a line each
_NARROWEST = 30
_MOST_DIGITS = 40

# What terminals act on instead of showing it: colours, cursor movements, window titles.
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")


def harmless(line: str) -> str:
    """A line without what would make a terminal do anything but print it.

    Escape sequences are left out; other characters that can't be printed, and those that turn the direction
    of writing, are spelt out, such as `\\x07`.
    """
    line = _ESCAPES.sub("", line)
    return "".join(c if c == "\t" or c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def show(value: Any, width: int = 64) -> str:
    """A value in one or more lines of about `width` columns; large arrays by their shape and their start."""
    if isinstance(value, np.ndarray):
        about = f"shape {value.shape}" if value.size > SMALL or (value.size == 0 and value.ndim > 1) else ""
        return f"{about}: {show_array(value, width - len(about) - 2)}" if about else show_array(value, width)
    if isinstance(value, str):
        return repr(value) if len(value) <= 300 else f"{value[:300]!r}... ({len(value)} characters)"
    if isinstance(value, dict):
        shown = list(value.items())[:_MOST_ENTRIES]
        entries = [_hanging(f"{key!r:.60}: ", item, width - 2) for key, item in shown]
        return _joined("{", [*entries, *_rest(len(value), len(entries))], "}", width)
    if isinstance(value, list | tuple):
        return _joined("[", _show_items(value, width), "]", width)
    if value is None or value is REJECTED:
        return repr(value)
    return _number(value)


def show_array(array: np.ndarray, width: int = 64) -> str:
    """An array's values; where they are many, the first and the last ones, or only the first."""
    if array.ndim == 0:
        return _number(array.item())
    if array.size == 0:
        return "[]" if array.ndim == 1 else "empty"
    if array.size > SMALL and array.ndim > 1:
        return _start(map(_number, array.flat[: 2 * _AROUND]), width)
    return np.array2string(
        array,
        separator=", ",
        threshold=SMALL,
        edgeitems=_AROUND,
        max_line_width=max(width, _NARROWEST),
        formatter={"float_kind": _number, "bool": str},
    )


def differing_part(one: Any, other: Any, path: str) -> tuple[str, Any, Any]:
    """The part of two large values that has their first difference in it, and is small enough to be shown.

    Args:
        path: where they first differ, as the comparison writes it, such as `['loss'][2, 3]`.

    Returns:
        Where that part is, such as `['loss'][2]` (empty for all of it), and the part of each value.
    """
    place: list[str] = []
    for step in steps(path):
        if max(_amount(one), _amount(other)) <= SMALL:
            break
        if isinstance(step, int) and _is_row(one) and _is_row(other):
            start, stop = max(0, step - _AROUND), min(step + _AROUND + 1, len(one))
            return _written([*place, f"{start}:{stop}"]), one[start:stop], other[start:stop]
        try:
            one, other = one[step], other[step]
        except (IndexError, KeyError, TypeError):  # where only one of them goes on
            break
        place.append(repr(step))
    return _written(place), one, other


def _start(numbers: Iterable[str], width: int) -> str:
    """As many numbers as fit, at least one."""
    text = "starts with "
    for number in numbers:
        if len(text) + len(number) + len(", ...") > max(width, _NARROWEST):
            break
        text += f"{number}, "
    return f"{text}..."


def steps(path: str) -> list[Any]:
    """The keys and indices of a path, one by one."""
    steps: list[Any] = []
    node = ast.parse(f"value{path}", mode="eval").body
    while isinstance(node, ast.Subscript):
        step = ast.literal_eval(node.slice)
        steps = [*(step if isinstance(step, tuple) else (step,)), *steps]
        node = node.value
    return steps


def _written(place: Sequence[str]) -> str:
    """Steps as in a path: `'loss'`, `2` and `3:6` become `['loss'][2, 3:6]`."""
    text = "".join(f"[{step}]" for step in place)
    return re.sub(r"(?<=\d)\]\[(?=\d)", ", ", text)


def _amount(value: Any) -> int:
    """How many numbers and pieces of text a value holds."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(map(_amount, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_amount, value))
    return 1


def _is_row(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, list) and all(_amount(item) == 1 for item in value)


def _show_items(items: Sequence[Any], width: int) -> list[str]:
    simple = all(_amount(item) == 1 for item in items)
    most = SMALL if simple else _MOST_ENTRIES
    shown = items if len(items) <= most else items[: _AROUND if simple else most]
    return [*(show(item, width - 1) for item in shown), *_rest(len(items), len(shown))]


def _rest(count: int, shown: int) -> list[str]:
    return [f"... ({count} entries)"] if count > shown else []


def _hanging(label: str, value: Any, width: int) -> str:
    text = show(value, max(width - len(label), _NARROWEST))
    return label + text.replace("\n", "\n" + " " * len(label))


def _joined(start: str, entries: Sequence[str], end: str, width: int) -> str:
    """As many entries on a line as fit; one a line where some take several. Aligned behind the bracket."""
    if any("\n" in entry for entry in entries):
        return start + ",\n ".join(entry.replace("\n", "\n ") for entry in entries) + end
    lines: list[str] = []
    for entry in entries:
        if lines and len(lines[-1]) + len(entry) + 4 <= width:
            lines[-1] += f", {entry}"
        else:
            lines.append(entry)
    return start + ",\n ".join(lines) + end


def _number(value: Any) -> str:
    """Six digits; a float always shows that it is one."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, int) and value.bit_length() > 3 * _MOST_DIGITS:
        return f"a number of about {int(value.bit_length() * 0.30103) + 1} digits"
    if not isinstance(value, float):
        return repr(value)
    text = f"{value:.6g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text
