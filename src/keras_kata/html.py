"""Outcomes as HTML, for notebooks. What a submission can put into them is text here, never markup.

The words are those of `messages`; what is added are pictures of images and matrices.
"""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np

from keras_kata.display import harmless, steps
from keras_kata.messages import HINT, explain
from keras_kata.outline import ProbeOutline
from keras_kata.pictures import Picture, compared, is_drawable, single
from keras_kata.verdicts import (
    Case,
    Failed,
    GraderError,
    NotAttempted,
    Outcome,
    Passed,
    Raised,
    Verdict,
    outcome_name,
)
from keras_kata.withholding import withheld

__all__ = ["mime_bundle", "render"]

_LONGEST = 20_000  # characters of a message
_MOST_PICTURES = 3  # of a case
# Said by a word and a sign as well, for who sees no colours.
_MARKS = {Passed: ("\u2713", "#1a7f37"), NotAttempted: ("\u25cb", "#6e7781"), GraderError: ("!", "#8250df")}
_FAILED = ("\u2717", "#cf222e")
_BOX = "border-left:4px solid {colour};padding:0.2em 0.8em;margin:0.5em 0;max-width:60em"
_PRE = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0.4em 0;font-size:90%"


def render(outcome: Outcome, probe: ProbeOutline, earned: float, slug: str) -> str:
    """The HTML of one outcome, without scripts and without anything from elsewhere.

    Args:
        earned: the points that it gives.
        slug: the exercise, for the hint command.
    """
    mark, colour = _MARKS.get(type(outcome), _FAILED)
    points = f"{earned:g} of {probe.points:g} points"
    said = replace(outcome, mistake=None) if isinstance(outcome, Failed | Raised) else outcome
    head, _, body = explain(said, probe, "", slug).partition("\n\n")
    lines = [
        f'<div class="keras-kata" style="{_BOX.format(colour=colour)}">',
        f'<p style="margin:0.3em 0"><strong style="color:{colour}">{mark} {outcome_name(outcome)}</strong>, '
        f"{points}<br>{_text(' '.join(head.split()))}</p>",
        *_sections(outcome, body),
        "</div>",
    ]
    return "\n".join(lines)


def mime_bundle(verdict: Verdict, probe: ProbeOutline, command: str, *, is_graded: bool) -> dict[str, str]:
    """A verdict as Jupyter shows it: HTML, and text for where there is none.

    Args:
        command: how to judge again.
        is_graded: the cases are secret; neither they nor expected values are shown.
    """
    outcome = withheld(verdict.outcome) if is_graded else verdict.outcome
    return {
        "text/html": render(outcome, probe, verdict.earned, verdict.exercise),
        "text/plain": explain(outcome, probe, command, verdict.exercise),
    }


def _sections(outcome: Outcome, body: str) -> Iterator[str]:
    if isinstance(outcome, Passed):
        return
    message, _, commands = body.rpartition("\n\n")
    if isinstance(outcome, Failed):
        yield from _pictures(outcome)
    yield f'<pre style="{_PRE}">{_text(message)}</pre>'
    if isinstance(outcome, Failed | Raised) and outcome.mistake is not None:
        mistake = outcome.mistake
        yield f"<p><strong>Likely mistake</strong> <code>{_text(mistake.name)}</code>: {_text(mistake.text)}</p>"
    for line in commands.split("\n"):
        if line.startswith(HINT):
            yield f"<p>Next hint: <code>{_text(line.removeprefix(HINT))}</code></p>"


def _pictures(outcome: Failed) -> Iterator[str]:
    drawn = [single(name, value) for name, value in _drawable(outcome.case)]
    received, expected = _differing_arrays(outcome)
    if is_drawable(received) and is_drawable(expected) and outcome.has_expected:
        drawn.append(compared(received, expected))
    elif is_drawable(received):
        drawn.append(single("received", received))
    yield from (_image(picture) for picture in drawn if picture is not None)


def _drawable(case: Case) -> list[tuple[str, np.ndarray]]:
    return [(name, value) for name, value in case.items() if is_drawable(value)][:_MOST_PICTURES]


def _differing_arrays(outcome: Failed) -> tuple[Any, Any]:
    """The two arrays in which the first difference is: the observations themselves, or parts of them."""
    received, expected = outcome.received, outcome.expected
    for step in steps(outcome.difference.path):
        if not isinstance(received, dict | list | tuple) or not isinstance(expected, dict | list | tuple):
            break
        try:
            received, expected = received[step], expected[step]
        except (IndexError, KeyError, TypeError):  # where only one of them goes on
            break
    return received, expected


def _image(picture: Picture) -> str:
    return f'<img src="{picture.uri}" alt="{_text(picture.alt)}" style="max-width:100%;height:auto">'


def _text(text: str) -> str:
    """Escaped, without control characters and signs that turn the direction of writing, and cut."""
    cut = f"{text[:_LONGEST]} ... ({len(text):,} characters)" if len(text) > _LONGEST else text
    return escape("\n".join(harmless(line) for line in cut.split("\n")), quote=True)
