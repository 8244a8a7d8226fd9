"""Instruction texts, which are plain text for the head of a file, as Markdown for a notebook.

A text has paragraphs, lists, and blocks that are indented further than what surrounds them: formulas, tables,
examples. Nothing is lost: a block that is not surely a formula stays as it is, letter by letter.
"""

import re
from collections.abc import Iterator, Sequence

from keras_kata.formulas import as_latex

__all__ = ["as_markdown"]

_ITEM = re.compile(r"( *)([-*]|\d+\.) +(?=\S)")
_MARKED = re.compile(r"(`+[^`]+`+|\*\*(?=\S)[^*]+(?<=\S)\*\*)")  # code, and what is emphasised
# Where Markdown, or the formulas in it, would take a plain character for a sign.
_SIGNS = re.compile(
    r"(?<!\s)\*|\*(?!\s)|(?<!\w)_|_(?!\w)|\$|<(?=[A-Za-z/!?])|(?<=\])(?=[(\[])|~~|\\(?=\W)|&(?=\w*;)"
)


def as_markdown(text: str) -> str:
    """The Markdown of an instruction text.

    The first line becomes the title; list items and paragraphs become single lines, formulas `$$...$$`, other
    indented blocks fenced code.
    """
    title, _, body = text.strip("\n").partition("\n")
    parts = [f"# {_escaped(title.strip().rstrip('.'))}", *_blocks(body.split("\n"))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    inside, place = 0, 0  # how far the open list item's text is indented
    while place < len(lines):
        line = lines[place]
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            yield ""
            place += 1
            continue
        item = _ITEM.match(line)
        if indent < inside and item is None:
            inside = indent
        if (item is None and indent >= inside + 2) or (item is not None and indent >= inside + 4):
            end = _end_of_block(lines, place, indent)
            yield from _block(lines[place:end], inside)
            place = end
            continue
        if item is not None:
            inside = item.end()
        end = _end_of_paragraph(lines, place, inside)
        yield from _paragraph(lines[place:end], item, inside)
        place = end


def _end_of_block(lines: Sequence[str], start: int, indent: int) -> int:
    end = start + 1
    for place in range(start + 1, len(lines)):
        line = lines[place]
        if not line.strip():
            continue
        if len(line) - len(line.lstrip()) < indent:
            break
        end = place + 1
    return end


def _end_of_paragraph(lines: Sequence[str], start: int, inside: int) -> int:
    end = start + 1
    while end < len(lines) and lines[end].strip():
        indent = len(lines[end]) - len(lines[end].lstrip())
        # Where a line only happens to begin like a list item (`0. Softmax`), the paragraph goes on.
        is_item = _ITEM.match(lines[end]) and lines[end - 1].rstrip().endswith(":")
        if is_item or indent < inside or indent >= inside + 2:
            break
        end += 1
    return end


def _paragraph(lines: Sequence[str], item: re.Match[str] | None, inside: int) -> Iterator[str]:
    joined = " ".join(line.strip() for line in lines)
    if item is None:
        yield " " * inside + _escaped(joined)
        return
    mark = item.group(0)
    yield mark + " " * (item.end() - len(mark)) + _escaped(joined[len(mark.strip()) :].strip())


def _block(lines: Sequence[str], inside: int) -> Iterator[str]:
    least = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    text = [line[least:].rstrip() for line in lines]
    formulas = [as_latex(line) for line in text if line]
    margin = " " * inside
    yield ""
    if all(formulas):
        for formula in formulas:
            yield f"{margin}$${formula}$$"
            yield ""
        return
    fence = "````" if any("```" in line for line in text) else "```"
    yield f"{margin}{fence}text"
    yield from (f"{margin}{line}".rstrip() for line in text)
    yield f"{margin}{fence}"
    yield ""


def _escaped(text: str) -> str:
    """A paragraph in which only code between backticks, and `**words**`, are marked up."""
    parts = _MARKED.split(text)
    parts[::2] = [_SIGNS.sub(lambda sign: f"\\{sign.group()}", part) for part in parts[::2]]
    joined = "".join(parts)
    # At its start a number, a sign or a hash would begin a list, a quotation or a heading.
    return re.sub(r"^(\d+)([.)] )", r"\1\\\2", re.sub(r"^([#>+=-])", r"\\\1", joined))
