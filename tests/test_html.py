"""Outcomes as HTML: everything that the text says, pictures, and nothing of a submission as markup."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keras_kata.html import render
from keras_kata.outline import ProbeOutline
from keras_kata.verdicts import (
    Crashed,
    Difference,
    Failed,
    Forbidden,
    GraderError,
    Mistake,
    NotAttempted,
    Outcome,
    Passed,
    Raised,
    TimedOut,
    Unusable,
)
from keras_kata.withholding import withheld

from .chromium import dump, screenshot
from .support import table

PROBE = ProbeOutline("weights", "The attention weights <of> a head.", 2.0, ("hint",))
SLUG = "module3/attention"
HOSTILE = (
    '<script>document.title="owned"</script><img src=x onerror="document.title=1">"\'&\u202e\x1b[31m'
    + "y" * 400
)
WEIGHTS = np.array([[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]])


def failed(**changes: Any) -> Failed:
    wrong = WEIGHTS.T * 2
    values: dict[str, Any] = {
        "case": {"x": np.eye(3), "scale": 2.0},
        "expected": WEIGHTS,
        "received": wrong,
        "difference": Difference("value", "[0, 0]", 0.5, 1.0),
        "mistake": Mistake("not_normalised", "You do not divide by the sum."),
        "printed": "hello",
    }
    return Failed(**values | changes)


class Page(HTMLParser):
    """The elements of a page, and what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def said(self) -> str:
        return " ".join(self.words)

    def alts(self) -> list[str]:
        return [str(attributes["alt"]) for tag, attributes in self.elements if tag == "img"]


def page_of(outcome: Outcome, earned: float = 0.0) -> Page:
    page = Page(render(outcome, PROBE, earned, SLUG))
    assert page.open == [], "every element is closed"
    return page


def test_a_failure_says_claim_case_both_values_mistake_and_hint() -> None:
    said = page_of(failed()).said
    for part in (
        "\u2717 failed , 0 of 2 points",
        "weights: The attention weights <of> a head.",
        "scale = 2.0",
        "Received float64 array (3, 3)",
        "Expected float64 array (3, 3)",
        "Difference: value at [0, 0]: received 1.0, expected 0.5",
        "Your code printed, in this case: hello",
        "Likely mistake not_normalised : You do not divide by the sum.",
        "Next hint: kata hint module3/attention::weights",
    ):
        assert part in said


def test_matrices_are_drawn_with_what_they_show_in_words() -> None:
    case, both = page_of(failed()).alts()
    assert case == "x: 3 x 3, values from 0 to 1."
    assert both.startswith(
        "Received: 3 x 3, values from 0 to 1. Expected: 3 x 3, values from 0 to 0.5. They differ at"
    )


def test_the_part_that_differs_is_drawn_where_the_observation_has_parts() -> None:
    outcome = failed(
        case={},
        expected={"loss": [1.0], "maps": [WEIGHTS, WEIGHTS]},
        received={"loss": [1.0], "maps": [WEIGHTS, WEIGHTS + 1]},
        difference=Difference("value", "['maps'][1][0, 0]", 0.5, 1.5),
    )
    [alt] = page_of(outcome).alts()
    assert "differ at 9 of 9 places" in alt


@pytest.mark.parametrize(
    ("outcome", "said"),
    table(
        [
            ("passed", Passed(), "\u2713 passed , 2 of 2 points"),
            (
                "raised",
                Raised({"x": 1}, "KeyError: 'a'", ((3, "f", "x['a']"),), "A note."),
                "line 3, in f: x['a'] A note.",
            ),
            ("unusable", Unusable("no such name"), "Your file can't be judged: no such name"),
            ("timed out", TimedOut({}, 2.0), "was stopped after 2.0 s"),
            ("crashed", Crashed({}, "signal 11"), "died: signal 11"),
            (
                "forbidden",
                Forbidden((("keras.layers.Dense", None, "Build it."),)),
                "`keras.layers.Dense`. Build it.",
            ),
            ("not attempted", NotAttempted(), "\u25cb not attempted"),
            ("grader error", GraderError("the reference raises"), "costs you no point"),
            ("no mistake", failed(mistake=None), "Received"),
            ("nothing to compare", failed(has_expected=False), "Received"),
        ]
    ),
)
def test_every_outcome_has_its_page(outcome: Outcome, said: str) -> None:
    assert said in page_of(outcome, 2.0 if isinstance(outcome, Passed) else 0.0).said


HOSTILE_OUTCOMES = [
    failed(received=HOSTILE, expected="a", difference=Difference("value", "", "a", HOSTILE)),
    failed(
        received={HOSTILE: 1},
        expected={"a": 1},
        difference=Difference(f"the key {HOSTILE!r} is not asked for"),
    ),
    failed(printed=HOSTILE),
    failed(case={"text": HOSTILE}),
    failed(mistake=Mistake("x", HOSTILE)),
    Raised({}, f"ValueError: {HOSTILE}", ((1, HOSTILE, HOSTILE),), printed=HOSTILE),
    Unusable(HOSTILE, ((1, HOSTILE, HOSTILE),)),
    GraderError(HOSTILE, HOSTILE * 100),
]


@pytest.mark.parametrize("outcome", HOSTILE_OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_hostile_texts_are_text(outcome: Outcome) -> None:
    html = render(outcome, PROBE, 0, SLUG)
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= {"div", "p", "strong", "br", "pre", "code", "img"}
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(str(a["src"]).startswith("data:image/png;base64,") for tag, a in page.elements if tag == "img")
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert len(html) < 200_000


def test_a_withheld_failure_keeps_the_diagnosis_alone() -> None:
    page = page_of(withheld(failed(printed="secret", case={"secret": np.eye(3)})))
    assert "You do not divide by the sum." in page.said
    assert page.alts() == []
    for secret in ("secret", "Received", "Expected", "0.5"):
        assert secret not in page.said


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("shape (2, 3) instead of (3, 2)", True),
        ("7.5 is missing, or there too seldom", False),
        ("value", False),
    ],
)
def test_a_withheld_reason_tells_no_value(reason: str, kept: bool) -> None:
    outcome = withheld(failed(difference=Difference(reason, "[1]", 7.5, 8.5)))
    assert isinstance(outcome, Failed)
    assert (outcome.difference.reason == reason) is kept
    assert "7.5" not in repr(outcome)
    assert "8.5" not in repr(outcome)


@pytest.mark.parametrize(
    "outcome",
    [
        Raised({"secret": 1}, "KeyError", printed="secret"),
        TimedOut({"secret": 1}, 1.0),
        Crashed({"secret": 1}, "x"),
    ],
)
def test_no_withheld_outcome_has_a_case(outcome: Outcome) -> None:
    assert "secret" not in repr(withheld(outcome))


@pytest.mark.slow
def test_in_a_browser_no_script_runs_and_pictures_are_there(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    body = "\n".join(render(outcome, PROBE, 0, SLUG) for outcome in [failed(), *HOSTILE_OUTCOMES])
    loaded = "<script>document.title += [...document.images].map(i => i.naturalWidth > 100).join()</script>"
    file.write_text(
        f"<!doctype html><meta charset=utf-8><title>fine:</title>{body}{loaded}", encoding="utf-8"
    )
    page = dump(file.as_uri(), tmp_path)
    count = page.count("<img ")
    assert count > 5
    assert f"<title>fine:{','.join(['true'] * count)}</title>" in page
    assert page.count("<script>") == 1, "the test's own"
    assert screenshot(file.as_uri(), tmp_path).stat().st_size > 10_000
