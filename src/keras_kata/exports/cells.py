"""The cells of CSV files: what a spreadsheet must not run, and rows as text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["inert", "number", "rows_as_text"]

# What spreadsheets take for the start of a formula, in ASCII and in its full-width forms; the last ones
# come to the front when a spreadsheet trims them.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe comes before what may start one.

    Numbers stay as they are. So does all other text: commas, quotes, newlines and any script survive.
    """
    risky = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    if not risky or text == "-" or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def number(value: float, digits: int = 4) -> str:
    """Points as a number that every reader takes: a dot, no exponent, no zeros at the end."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rows_as_text(rows: Iterable[Sequence[str]], delimiter: str = ",", newline: str = "\r\n") -> str:
    """Rows as CSV (RFC 4180: CRLF, quotes where they are needed)."""
    lines = []
    for row in rows:
        line = io.StringIO(newline="")
        # With this line end both of its characters are quoted in cells, whatever the file's own line end is.
        csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(row)
        lines.append(line.getvalue().removesuffix("\r\n"))
    return "".join(line + newline for line in lines)
