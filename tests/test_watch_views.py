"""What `kata watch` shows, and that it fits any width and needs no colour."""

from pathlib import Path

import pytest
from rich.text import Text

from keras_kata.course import Course
from keras_kata.hints import Hint
from keras_kata.judged import Judged, score
from keras_kata.live_reports import JudgingEnd, ProbeReport
from keras_kata.progress import Progress
from keras_kata.watch_views import deleted_view, help_view, hint_view, totals_view, verdict_view
from keras_kata.watched_files import Target

PASSED = ProbeReport(1, "means", "passed", 1.5, 1.5, "means: ...\n\nPassed.")
MESSAGE = "no_values: The mean.\n\n    values = [2.0, 4.0, 6.0, 8.0, 10.0]\n\nReceived  1.0\nExpected  0.0"
FAILED = ProbeReport(1, "no_values", "failed", 0.0, 0.5, MESSAGE, "some_mistake")


@pytest.fixture
def target(course: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.chdir(course)
    entry = Course(course)["module1/running_mean"]
    return Target(entry, entry.stub)


@pytest.fixture
def onward(target: Target) -> Target:
    entry = Course(target.exercise.root)["module2/softmax"]
    return Target(entry, entry.stub)


def judged(target: Target, *reports: ProbeReport, died: str = "", printed: tuple[str, ...] = ()) -> Judged:
    made = Judged(1, target, reports=list(reports))
    made.end(JudgingEnd(1, died, printed))
    made.seconds, made.at = 0.25, "12:30:05"
    return made


def plain(lines: list[Text]) -> str:
    return "\n".join(line.plain for line in lines)


def shown(
    found: Judged, onward: Target | None = None, width: int = 80, keys: bool = True, whole: bool = False
) -> str:
    return plain(verdict_view(found, onward, width, keys=keys, whole=whole))


def test_a_verdict_tells_the_message_the_points_and_the_keys(target, onward):
    assert shown(judged(target, PASSED, FAILED), onward) == (
        "module1/running_mean: A mean that is kept up to date\n"
        "exercises/module1/running_mean.py, judged at 12:30:05 in 0.2 s\n\n"
        f"{MESSAGE}\n\n"
        "  means      1.5 / 1.5  passed\n"
        "  no_values    0 / 0.5  failed: some_mistake\n\n"
        "Points: 1.5 / 2\n\n"
        "Keys: h hint, n next, p previous, l list, a all, r again, q quit, ? help"
    )


@pytest.mark.parametrize(
    ("is_last", "keys", "said"),
    [
        (False, True, "Done; press n for the next: module2/softmax, Softmax."),
        (False, False, "Done; the next one is: module2/softmax, Softmax."),
        (True, True, "Done. No other exercise is watched; `kata next` tells where to go on."),
    ],
)
def test_what_comes_next_when_all_passes(target, onward, is_last, keys, said):
    text = shown(judged(target, PASSED), None if is_last else onward, keys=keys)
    assert said in text
    assert ("Keys:" in text) == keys


def test_the_other_messages_are_a_key_away(target):
    other = ProbeReport(1, "another", "raised", 0, 1, "another: x\n\nYour code raised")
    same = ProbeReport(1, "third", "unusable", 0, 1, "third: as above, the file as a whole can't be judged.")
    found = judged(target, FAILED, other, same)
    assert "Your code raised" not in shown(found)
    assert "1 more message: press m." in shown(found)
    assert "1 more message." in shown(found, keys=False)
    assert "Your code raised" in shown(found, whole=True)
    assert "more message" not in shown(found, whole=True)


def test_the_message_shown_and_the_hint_are_of_the_probe_whose_mistake_is_named(target):
    other = ProbeReport(1, "another", "failed", 0, 1, "another: x\n\nReceived  1.0")
    found = judged(target, other, FAILED)
    assert MESSAGE in shown(found)
    assert "Received  1.0\n" not in shown(found).replace(MESSAGE, "")
    assert "1 more message: press m." in shown(found)
    assert shown(found, whole=True).index("another: x") < shown(found, whole=True).index(MESSAGE)
    assert found.first_open is FAILED
    assert judged(target, PASSED, other).first_open is other


def test_what_was_printed_is_shown(target):
    assert "\nYour file printed:\n    hello\n" in shown(
        judged(target, PASSED, printed=("Your file printed:", "    hello"))
    )


def test_after_a_death_the_probes_left_are_not_judged_and_not_remembered(target):
    found = judged(target, died="segmentation fault (SIGSEGV), in line 3 (add)")
    text = shown(found)
    assert (
        "means: The mean after each value.\n\nThe process that ran your code died: segmentation fault" in text
    )
    assert "  means        0 / 1.5  crashed\n  no_values    0 / 0.5  not judged\n" in text
    found.remember(target.exercise.root)
    assert Progress(target.exercise.root).of(target.exercise.slug, target.file) == {
        "means": ("crashed", 0.0, 1.5)
    }


def test_a_result_is_remembered_unless_the_file_has_changed_or_is_not_the_learners_own(target, course):
    root = target.exercise.root
    found = judged(target, PASSED, FAILED)
    target.file.write_text("changed")
    found.remember(root)
    assert Progress(root).results == {}
    other = course / "other.py"
    other.write_text("x")
    judged(Target(target.exercise, other), PASSED).remember(root)
    assert Progress(root).results == {}
    judged(target, PASSED, FAILED).remember(root)
    assert Progress(root).of(target.exercise.slug, target.file) == {
        "means": ("passed", 1.5, 1.5),
        "no_values": ("failed", 0.0, 0.5),
    }


def test_a_memory_that_can_t_be_written_costs_no_verdict(target, course):
    (course / ".kata").write_text("a file in the folder's place")
    judged(target, PASSED).remember(course)


def views(target: Target, onward: Target, width: int) -> dict[str, list[Text]]:
    hint = Hint(
        target.exercise, "means", "The mean after each value.", 2, 2, "What must the object remember?"
    )
    rows = [("module1/running_mean", "2 / 2", "done"), ("module2/softmax", "0 / 2", "failed")]
    return {
        "verdict": verdict_view(judged(target, PASSED, FAILED), onward, width, keys=True, whole=True),
        "deleted": deleted_view(target, width, keys=True),
        "hint": hint_view(hint, width, keys=True),
        "help": help_view(width),
        "totals": totals_view(rows, 1, width, keys=True),
    }


@pytest.mark.parametrize("width", [20, 33, 50, 80])
def test_views_fit_the_screen_and_lose_no_word(target, onward, width):
    for name, lines in views(target, onward, width).items():
        assert max(line.cell_len for line in lines) <= width, name
        text = "".join(plain(lines).split())
        assert text == "".join(plain(views(target, onward, 200)[name]).split()), name


def test_words_say_what_colours_say(target, onward):
    words = {"green": {"passed", "done"}, "red": {"failed: some_mistake"}}
    for lines in views(target, onward, 80).values():
        for line in lines:
            for span in line.spans:
                said = line.plain[span.start : span.end].strip()
                assert span.style in ("", "bold") or not said or said in words[str(span.style)]


def test_what_continues_a_line_is_indented_as_it_is(target):
    text = shown(judged(target, FAILED), width=30).split("\n")
    assert "    values = [2.0, 4.0, 6.0," in text
    assert text[text.index("    values = [2.0, 4.0, 6.0,") + 1] == "    8.0, 10.0]"


def test_points_add_up():
    assert score([PASSED, FAILED]) == "1.5 / 2"
    assert score([]) == "0 / 0"
