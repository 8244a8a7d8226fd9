"""What `kata watch` shows: plain lines that say everything in words, for any width and without colour."""

import textwrap
from collections.abc import Sequence

from rich.text import Text

from keras_kata.hints import Hint
from keras_kata.judged import NOT_ATTEMPTED, NOT_JUDGED, Judged, first_to_look_at, score
from keras_kata.live_reports import ProbeReport
from keras_kata.watched_files import Target

__all__ = ["deleted_view", "help_view", "hint_view", "key_lines", "totals_view", "verdict_view"]

KEYS = {
    "h": ("hint", "the next hint for the probe to look at first; hints never show code"),
    "m": ("messages", "the messages of all probes, not of the first one alone"),
    "n": ("next", "go to the next exercise, and judge it"),
    "p": ("previous", "go to the previous exercise, and judge it"),
    "l": ("list", "the map of the course"),
    "a": ("all", "judge all exercises that are watched, one after the other"),
    "r": ("again", "judge the current exercise again"),
    "q": ("quit", "end; Ctrl-C does the same"),
    "?": ("help", "this list"),
}


def verdict_view(judged: Judged, onward: Target | None, width: int, *, keys: bool, whole: bool) -> list[Text]:
    """What judging a file came to.

    Args:
        onward: the exercise after this one.
        keys: whether there is a keyboard.
        whole: show the messages of all probes; else of the first one whose mistake is named, or that does not pass.
    """
    entry = judged.target.exercise
    lines = [
        Text(f"{entry.slug}: {entry.title}", "bold"),
        Text(f"{judged.target.shown}, judged at {judged.at} in {judged.seconds or 0:.1f} s"),
        Text(),
    ]
    missed = [
        report for report in judged.reports if report.outcome not in ("passed", NOT_ATTEMPTED, NOT_JUDGED)
    ]
    first = first_to_look_at(missed)
    for report in missed if whole or first is None else [first]:
        lines += [*map(Text, report.message.splitlines()), Text()]
    if judged.printed:
        lines += [*map(Text, judged.printed), Text()]
    lines += [*_table(judged.reports), Text(), Text(f"Points: {score(judged.reports)}", "bold")]
    more = sum("\n" in report.message for report in missed if report is not first)
    if more and not whole:
        lines.append(Text(f"{more} more message{'s' if more > 1 else ''}{': press m' if keys else ''}."))
    lines += [*_wrapped(_whereto(judged, onward, keys), width)]
    return [*_fitted(lines, width), *key_lines(keys, width)]


def _table(reports: Sequence[ProbeReport]) -> list[Text]:
    longest = max((len(report.probe) for report in reports), default=0)
    lines = []
    for report in reports:
        state = f"{report.outcome}: {report.mistake}" if report.mistake else report.outcome
        colour = {"passed": "green", NOT_ATTEMPTED: "", NOT_JUDGED: ""}.get(report.outcome, "red")
        points = f"{report.points:g} / {report.worth:g}"
        lines.append(Text(f"  {report.probe:<{longest}}  {points:>9}  ") + Text(state, colour))
    return lines


def _whereto(judged: Judged, onward: Target | None, keys: bool) -> str:
    if judged.is_done and onward is None:
        return "Done. No other exercise is watched; `kata next` tells where to go on."
    if judged.is_done and onward is not None:
        entry = onward.exercise
        press = "press n for the next" if keys else "the next one is"
        return f"Done; {press}: {entry.slug}, {entry.title}."
    if all(report.outcome == NOT_ATTEMPTED for report in judged.reports):
        hint = " Press h for a hint." if keys else ""
        return f"Not attempted yet: edit {judged.target.shown} and save it, and it is judged.{hint}"
    return ""


def deleted_view(target: Target, width: int, *, keys: bool) -> list[Text]:
    """What there is to say of a file that is not there."""
    entry = target.exercise
    said = f"There is no file {target.shown}. Save it, or bring it back as it was: kata reset {entry.slug}"
    lines = [Text(f"{entry.slug}: {entry.title}", "bold"), Text(), *_wrapped(said, width)]
    return [*_fitted(lines, width), *key_lines(keys, width)]


def hint_view(hint: Hint, width: int, *, keys: bool) -> list[Text]:
    """A hint, and how many there are."""
    lines = [Text(hint.title, "bold"), *_wrapped(hint.claim, width), Text(), *_wrapped(hint.text, width)]
    if hint.end:
        lines += [Text(), *_wrapped(hint.end, width)]
    return [*_fitted(lines, width), *key_lines(keys, width)]


def help_view(width: int) -> list[Text]:
    """What each key does."""
    lines = [Text("Each save of a file that is watched is judged. The keys:", "bold"), Text()]
    for key, (name, what) in KEYS.items():
        start = f"  {key}  {name:<8}  "
        for line in textwrap.wrap(what, max(width - len(start), 20)):
            lines.append(Text(start + line))
            start = " " * len(start)
    return [*_fitted(lines, width), *key_lines(True, width)]


def totals_view(rows: Sequence[tuple[str, str, str]], left: int, width: int, *, keys: bool) -> list[Text]:
    """Judging all exercises.

    Args:
        rows: slug, points and state of those judged so far.
        left: how many are still to come.
    """
    names = max((len(row[0]) for row in rows), default=0)
    points = max((len(row[1]) for row in rows), default=0)
    lines = [Text(f"Judged {len(rows)} of {len(rows) + left} exercises", "bold"), Text()]
    for slug, earned, state in rows:
        start = Text(f"  {slug:<{names}}  {earned:>{points}}  ")
        lines.append(start + Text(state, "green" if state == "done" else ""))
    lines.append(Text())
    lines.append(Text(f"{left} to come; save a file, or press r, to stop." if left else "All are judged."))
    return [*_fitted(lines, width), *key_lines(keys, width)]


def key_lines(keys: bool, width: int) -> list[Text]:
    """The keys, where there is a keyboard."""
    if not keys:
        return []
    named = [f"{key} {name}" for key, (name, _) in KEYS.items() if key not in ("m", "?")]
    return [Text(), *_wrapped(f"Keys: {', '.join(named)}, ? help", width)]


def _wrapped(text: str, width: int) -> list[Text]:
    return [Text(line) for line in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)]


def _fitted(lines: Sequence[Text], width: int) -> list[Text]:
    """Lines that are too long for the screen, broken; what continues one is indented as it is."""
    fitted: list[Text] = []
    for line in lines:
        indent = " " * min(len(line.plain) - len(line.plain.lstrip(" ")), width // 2)
        while line.cell_len > width:
            place = line.plain.rfind(" ", len(indent) + 1, width + 1)
            place = place if place > len(indent) else width
            head, line = line.divide([place])
            fitted.append(head)
            line = Text(indent) + Text(
                line.plain.lstrip(" "), line.spans[0].style if line.spans else line.style
            )
        fitted.append(line)
    return fitted
