"""The course as a learner travels it: modules, exercises, points, and where to go on. Plain lines of text."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.text import Text

from keras_kata.course import Course
from keras_kata.standing import NOT_BEGUN, Standing, next_up

__all__ = ["ADVICE", "roadmap", "whereto"]

ADVICE = "`locked` is advice: such an exercise builds on others that are not done yet. You may work on it all the same."
_NARROWEST_STATE = 24
_LONGEST_NAME = 34


def roadmap(course: Course, found: Sequence[Standing], width: int) -> list[Text]:
    """Some exercises of a course, by module, in lines of at most `width` columns where words allow it.

    Nothing is said by colour alone: green is only ever on the word `done`.
    """
    names = max((len(known.exercise.name) for known in found), default=0)
    points = max((len(known.points) for known in found), default=0)
    room = width - min(names, _LONGEST_NAME) - points - 6
    onward = next_up(found)
    lines = [*_wrapped(Text(f"{course.title}: {_sum(found)}", "bold"), width)]
    for module, own in groupby(found, lambda known: known.exercise.module):
        rows = list(own)
        heading = Text(f"{module}: {course.modules.get(module, 'no title')} ({_sum(rows)})", "bold")
        lines += [Text(), *_wrapped(heading, width)]
        for known in rows:
            start = f"  {known.exercise.name:<{min(names, _LONGEST_NAME)}}  {known.points:>{points}}  "
            lines += _hanging(start, _state(known, known is onward), room, width)
    return lines


def whereto(onward: Standing | None, width: int) -> list[Text]:
    """What to do next, in words; the command stands on a line of its own, to be copied."""
    if onward is None:
        return [Text("All done.")]
    entry = onward.exercise
    said = f"Next: {entry.slug}, {entry.title}"
    if onward.missing:
        said += f" (locked: after {', '.join(onward.missing)})"
    place = entry.stub.relative_to(entry.root).as_posix()
    return [
        *_wrapped(Text(said), width),
        Text(f"  edit          {place}"),
        Text(f"  run           pytest {place}"),
        Text(f"  run on saves  kata watch {entry.slug}"),
        Text(f"  get a hint    kata hint {entry.slug}"),
    ]


def _sum(found: Sequence[Standing]) -> str:
    earned, worth = sum(known.earned or 0 for known in found), sum(known.worth for known in found)
    return f"{earned:g} of {worth:g} points, {sum(known.done for known in found)} of {len(found)} done"


def _state(known: Standing, is_next: bool) -> Text:
    if known.done:
        return Text(known.state, "green")
    said = known.state
    if known.state == NOT_BEGUN:
        others = [_short(slug, known) for slug in known.missing]
        said = f"locked: after {', '.join(others)}" if others else "unlocked"
    return Text(f"next: {said}" if is_next else said, "bold" if is_next else "")


def _short(slug: str, known: Standing) -> str:
    """A prerequisite's name, with its module where that is another one."""
    return slug.removeprefix(f"{known.exercise.module}/")


def _hanging(start: str, state: Text, room: int, width: int) -> Iterator[Text]:
    """The state beside the start, in as many lines as it takes; below it where there is no room beside it."""
    if room < _NARROWEST_STATE:
        yield Text(start.rstrip())
        start, room = " " * 4, width - 4
    for number, line in enumerate(_wrapped(state, room)):
        yield Text(start if number == 0 else " " * len(start)) + line


def _wrapped(text: Text, width: int) -> list[Text]:
    """Lines of at most `width` columns, broken between words; a longer word stays whole."""
    lines: list[Text] = []
    for word in text.split(" "):
        if lines and lines[-1].cell_len + 1 + word.cell_len <= width:
            lines[-1] = lines[-1] + Text(" ", text.style) + word
        else:
            lines.append(word)
    return lines
