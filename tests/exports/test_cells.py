"""Cells that no spreadsheet runs, and rows that every reader reads."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keras_kata.exports.cells import inert, number, rows_as_text

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "+49 30 1", "--1", "-a")
FULL_WIDTH = ("\uff1d1", "\uff0bcmd", "\uff0dcmd", "\uff20x")


@pytest.mark.parametrize("text", [*FORMULAS, *FULL_WIDTH])
def test_what_may_be_a_formula_is_inert(text):
    assert inert(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "-", "ada", "1", "-1", "+1.5", "-0,5", "1e5", "-1.5E-3", "a=b", "'=1", "1-1", "🦊"]
)
def test_numbers_and_other_text_stay(text):
    assert inert(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.25, "0.25"),
        (-0.0, "0"),
        (100.0, "100"),
        (1 / 3, "0.3333"),
        (1e-9, "0"),
        (1e6, "1000000"),
    ],
)
def test_numbers(value, text):
    assert number(value) == text


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(",;\t"))
@example([["a\rb", "c\nd"], ['"', "\r\n"]], ";")
def test_rows_survive_with_every_text_and_line_end(rows, delimiter):
    for newline in ("\r\n", "\n"):
        text = rows_as_text(rows, delimiter, newline)
        assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)) == rows
        assert text.endswith(newline)
