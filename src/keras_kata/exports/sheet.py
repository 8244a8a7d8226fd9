"""A gradebook's sheet that the instructor has downloaded: read, filled in by its own columns, and given back.

Encoding, byte order mark, delimiter, line ends and every cell that is not filled in stay as they were; only what
a spreadsheet would run in a name's cell is made inert. No row and no column is added.
"""

import codecs
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from keras_kata.display import harmless
from keras_kata.errors import ExportError
from keras_kata.exports.cells import inert, number, rows_as_text

__all__ = ["Sheet", "points_of", "score"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MOST_BYTES = 50_000_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_AMOUNT = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*")


@dataclass
class Sheet:
    """The cells of a CSV file, the header first.

    Attributes:
        mark: the bytes that stood before the text, where there were any.
        newline: what ends a row.
        ends_with_newline: whether the last row has one too.
    """

    name: str
    rows: list[list[str]]
    encoding: str = "utf-8"
    mark: bytes = b""
    delimiter: str = ","
    newline: str = "\r\n"
    ends_with_newline: bool = True

    @classmethod
    def read(cls, path: Path, encoding: str | None = None) -> "Sheet":
        """Read a file.

        Args:
            encoding: of the text; by default that of its byte order mark, or UTF-8.

        Raises:
            ExportError: it can't be read, is in another encoding, or is no CSV.
        """
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise ExportError(f"the sheet {path} can't be read: {error.strerror}") from None
        if len(data) > _MOST_BYTES:
            raise ExportError(f"the sheet {path} is larger than {_MOST_BYTES // 1_000_000} MB")
        mark, found = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
        name = encoding or found
        try:
            text = data[len(mark) :].decode(name)
        except LookupError:
            raise ExportError(f"no encoding is called {name!r}") from None
        except UnicodeDecodeError:
            raise ExportError(
                f"the sheet {path} is not in {name}: say which encoding it has, such as --encoding cp1252"
            ) from None
        return cls._parse(path.name, text, name, mark)

    @classmethod
    def _parse(cls, name: str, text: str, encoding: str, mark: bytes) -> "Sheet":
        lines = _LINE.findall(text)
        first = lines[0] if lines else ""
        delimiter = max(",;\t", key=lambda candidate: (_count(first, candidate), candidate == ","))
        newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r"
        try:
            rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise ExportError(f"the sheet {name} is no CSV: {error}") from None
        if not rows or not any(rows[0]):
            raise ExportError(f"the sheet {name} has no header")
        return cls(name, rows, encoding, mark, delimiter, newline, text.endswith(("\n", "\r")))

    @property
    def header(self) -> list[str]:
        """The columns' names."""
        return self.rows[0]

    def column(self, *names: str) -> int | None:
        """The place of the first of these columns that is there, whatever its case."""
        for name in names:
            for place, own in enumerate(self.header):
                if own.strip().casefold() == name.strip().casefold():
                    return place
        return None

    def the_column(self, name: str, option: str) -> int:
        """The place of a column that must be there once.

        Raises:
            ExportError: it is not there, or more than once.
        """
        places = [n for n, own in enumerate(self.header) if own.strip().casefold() == name.strip().casefold()]
        if len(places) == 1:
            return places[0]
        problem = "no column" if not places else "more than one column"
        raise ExportError(
            harmless(
                f"the sheet {self.name} has {problem} {name!r}. Name the right one with {option}: "
                f"{', '.join(map(repr, self.header))}"
            )
        )

    def cell(self, row: int, column: int | None) -> str:
        """A cell's text; empty where the row is too short, or there is no such column."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def fill(self, row: int, column: int, text: str) -> None:
        """Write a cell; a formula becomes inert."""
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = inert(text)

    def disarm(self, rows: Iterable[int], columns: Iterable[int | None]) -> None:
        """Make cells inert that hold names: students choose them."""
        for row in rows:
            for column in columns:
                if column is not None and column < len(self.rows[row]):
                    self.rows[row][column] = inert(self.rows[row][column])

    def as_bytes(self) -> bytes:
        """The file as it is to be uploaded.

        Raises:
            ExportError: what was filled in has characters that the file's encoding lacks.
        """
        text = rows_as_text(self.rows, self.delimiter, self.newline)
        if not self.ends_with_newline:
            text = text.removesuffix(self.newline)
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            lacking = text[error.start : error.end]
            raise ExportError(f"the encoding {self.encoding} of {self.name} has no {lacking!r:.40}") from None


def _count(line: str, delimiter: str) -> int:
    return len(next(csv.reader([line], delimiter=delimiter), []))


def points_of(text: str) -> float | None:
    """A cell's number of points, with a point or a comma; None where it is none."""
    found = _AMOUNT.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None


def score(points: float, worth: float, possible: str, *, scale: bool, column: str) -> str:
    """What to write for points, in the way the sheet writes numbers.

    Args:
        worth: what the exercises are worth together.
        possible: the sheet's cell with what the column is worth; empty where it has none.
        scale: convert where these differ.

    Raises:
        ExportError: they differ, and were not to be converted.
    """
    most = points_of(possible)
    if most is not None and worth and abs(most - worth) > 1e-6:
        if not scale:
            raise ExportError(
                harmless(
                    f"the column {column!r} is worth {number(most)} points, the exercises {number(worth)}: choose "
                    "other exercises with --only, change the assignment's points, or convert with --scale"
                )
            )
        points *= most / worth
    text = number(points, 2)
    return text.replace(".", ",") if "," in possible else text
