"""Instruction texts as Markdown, and their formulas: nothing is lost, nothing is taken for a sign."""

import ast
import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from keras_kata import instructions
from keras_kata.formulas import as_latex
from keras_kata.instructions import as_markdown

from .support import table

ROOT = Path(__file__).parents[1]
REFERENCES = sorted(
    [*ROOT.glob("solutions/*/*/reference.py"), *ROOT.glob("tests/mini_course/solutions/*/*/reference.py")]
)


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(markdown))


def words(text: str) -> list[str]:
    """A text without its line breaks, list signs and backticks."""
    return [word for word in re.sub(r"`|\*\*", "", text).split() if not re.fullmatch(r"[-*]|\d+\.", word)]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_every_word_of_every_exercise_is_still_there_when_rendered(
    reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instructions, "as_latex", lambda _line: None)
    text = ast.get_docstring(ast.parse(reference.read_text(encoding="utf-8"))) or ""
    title, _, body = text.partition("\n")
    page = html.unescape(re.sub(r"<[^>]+>", "", rendered(as_markdown(text))))
    assert words(page) == words(f"{title.rstrip('.')}\n{body}")


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_every_formula_of_every_exercise_has_balanced_braces(reference: Path) -> None:
    text = ast.get_docstring(ast.parse(reference.read_text(encoding="utf-8"))) or ""
    for formula in re.findall(r"\$\$(.*)\$\$", as_markdown(text)):
        assert formula.count("{") == formula.count("}")
        assert formula.count(r"\left") == formula.count(r"\right")
        assert not re.search(r"_\{[^{}]*\}_", formula), "LaTeX refuses two subscripts in a row"


@pytest.mark.parametrize(
    ("line", "latex"),
    table(
        [
            ("sum", "G = r[0] + gamma^2 * r[2] + ...", r"G = r_{0} + \gamma^{2} \cdot r_{2} + \ldots"),
            ("fraction", "v = (x - mean) / n", r"v = \frac{x - \mathrm{mean}}{n}"),
            ("brackets stay", "a * (b - (c - d))", r"a \cdot \left(b - \left(c - d\right)\right)"),
            ("needless brackets go", "(a * b) + c", r"a \cdot b + c"),
            ("minus", "a = 1 - -x", r"a = 1 - \left(-x\right)"),
            ("power of a sum", "(a + b)^2", r"\left(a + b\right)^{2}"),
            ("root", "sqrt(alpha_bar_t)", None),
            ("roots", "x_t = sqrt(alpha_bar_t) * x0", r"x_{t} = \sqrt{\bar{\alpha}_{t}} \cdot x_{0}"),
            ("floor", "m = floor(n / s) + 1", r"m = \left\lfloor \frac{n}{s} \right\rfloor + 1"),
            ("primes", "d = f''(x) - s'", r"d = f''\left(x\right) - s'"),
            ("indices of a name with one", "Q_old[s, a] / 2", r"\frac{Q_{\mathrm{old}}\left[s, a\right]}{2}"),
            (
                "words in brackets",
                "t = r * (the largest of Q[s])",
                r"t = r \cdot \left(\text{the largest of Q[s]}\right)",
            ),
            ("a word before", "new Q[s] = Q[s] + 1", r"\text{new }Q_{s} = Q_{s} + 1"),
            ("two side by side", "a = f(x)      b = g(x)", r"a = f\left(x\right) \qquad b = g\left(x\right)"),
            ("aligned", "row    = m[0] * x", r"\mathrm{row} = m_{0} \cdot x"),
            ("table", "4  3  2    9        9      8", None),
            ("words", "reach = dilation of the kernel", None),
            ("a remark beside it", "size = ceil(n / s)       zeros are added", None),
            ("code", "model.fit(x=3)", None),
            ("a list", "x = [1, 2]", None),
            ("keywords", "f(x=1) * 2", None),
            ("shift", "x = 1 << 3", None),
            ("dunder", "x = __import__(y)", None),
            ("text", "x = 'a' * 3", None),
        ]
    ),
)
def test_lines_that_are_formulas_and_lines_that_are_not(line: str, latex: str | None) -> None:
    assert as_latex(line) == latex


def test_a_text_of_all_kinds() -> None:
    markdown = as_markdown(
        "A title.\n\nA paragraph with `code *` and 2 * 3 *stars*,\nin two lines:\n\n    y = a * x\n\n"
        "- first, of\n  two lines\n\n      1 2\n      3 4\n\n- second\n\nThe end: <b> costs $5 or _more_.\n"
    )
    assert markdown == (
        "# A title\n\nA paragraph with `code *` and 2 * 3 \\*stars\\*, in two lines:\n\n$$y = a \\cdot x$$\n\n"
        "- first, of two lines\n\n  ```text\n  1 2\n  3 4\n  ```\n\n- second\n\n"
        "The end: \\<b> costs \\$5 or \\_more\\_.\n"
    )


def test_a_line_that_only_looks_like_a_list_item_stays_in_its_paragraph() -> None:
    assert "<li>" not in rendered(
        as_markdown("T.\n\nIt is that of class\n0. Softmax is\n- well - the same.\n")
    )


@pytest.mark.parametrize("text", ["1. x", "# x", "> x", "+ x", "= x"])
def test_a_paragraph_begins_no_list_heading_or_quotation(text: str) -> None:
    assert rendered(as_markdown(f"T.\n\nA line\n{text}")).count("<p>") == 1
