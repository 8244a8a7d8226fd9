"""`kata watch`: on every save the touched exercise is judged, and keys lead through the course.

Everything that happens (a save, a key, a report) is an event in one queue; this module takes them one by one.
"""

import contextlib
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from rich.text import Text

from keras_kata.course import Course
from keras_kata.errors import KataError
from keras_kata.hints import next_hint
from keras_kata.judged import Judged, score
from keras_kata.judging_processes import FreshProcess, JudgingProcess, PreloadedProcess
from keras_kata.keys import keyboard
from keras_kata.live_reports import JudgeGone, JudgingEnd, LiveReport, ProbeReport
from keras_kata.progress import Progress
from keras_kata.roadmap import roadmap
from keras_kata.screen import Screen, View
from keras_kata.standing import next_up, standings
from keras_kata.watch_views import deleted_view, help_view, hint_view, key_lines, totals_view, verdict_view
from keras_kata.watched_files import FileWatch, Target, signature

__all__ = ["Watch"]

_SECONDS_BETWEEN_LOOKS = (
    0.5  # at the terminal's size, and at the current file where the system tells no changes
)


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    letter: str


@dataclass(frozen=True)
class Changed:
    """Files were saved, made or deleted."""

    files: frozenset[Path]


@dataclass(frozen=True)
class Resumed:
    """The process was stopped, and goes on."""


@dataclass(frozen=True)
class Unwatched:
    """The system tells no changes, and why."""

    reason: str


Event = Key | Changed | Resumed | Unwatched | LiveReport


class Watch:
    """The loop.

    Args:
        course: whose exercises are watched.
        watched: the files.
        screen: shows what there is to say.
        forks: judge in forked, pre-loaded processes; else in a new one for each save.
    """

    def __init__(self, course: Course, watched: Sequence[Target], screen: Screen, *, forks: bool) -> None:
        self.course = course
        self.watched = list(watched)
        self.screen = screen
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._forks = forks
        self._process: JudgingProcess
        self._has_keys = False
        self._judged: Judged | None = None
        self._seen: tuple[int, int, int] | None = None
        self._count = 0
        self._waiting: deque[Target] = deque()
        self._totals: list[tuple[str, str, str]] | None = None
        self._current = self.watched[0]
        own = standings(course, Progress(course.root))
        onward = next_up([own[target.exercise.slug] for target in watched])
        for target in watched:
            if onward is not None and target.exercise is onward.exercise:
                self._current = target

    def run(self) -> None:
        """Watch until somebody ends it."""
        with contextlib.ExitStack() as undo:
            undo.enter_context(_signals_end_it())
            self._has_keys = undo.enter_context(
                keyboard(lambda key: self._events.put(Key(key)), lambda: self._events.put(Resumed()))
            )
            self._process = self._preloaded() if self._forks else self._fresh()
            undo.callback(lambda: self._process.close())
            files = FileWatch(
                self.watched,
                lambda paths: self._events.put(Changed(frozenset(paths))),
                lambda reason: self._events.put(Unwatched(reason)),
            )
            undo.callback(files.close)
            self._judge(self._current)
            with contextlib.suppress(KeyboardInterrupt):
                while self._turn():
                    pass

    def _preloaded(self) -> JudgingProcess:
        slugs = [target.exercise.slug for target in self.watched]
        return PreloadedProcess(self.course, slugs, self._events.put)

    def _fresh(self) -> JudgingProcess:
        return FreshProcess(self._events.put)

    def _turn(self) -> bool:
        try:
            event = self._events.get(timeout=_SECONDS_BETWEEN_LOOKS)
        except Empty:
            self.screen.refresh()
            if signature(self._current.file) != self._seen:
                self._saved({self._current.file})
            return True
        match event:
            case Key("q"):
                return False
            case Key(letter):
                self._pressed(letter)
            case Changed(files):
                self._saved(files)
            case Resumed():
                self.screen.refresh(always=True)
            case Unwatched(reason):
                self._unwatched(reason)
            case _:
                self._told(event)
        return True

    # Judging.

    def _judge(self, target: Target) -> None:
        """Judge a file; what is under way ends."""
        self._current = target
        self._seen = signature(target.file)
        if self._seen is None:
            self._judged = None
            if self._totals is not None:
                self._totals.append((target.exercise.slug, "0 / ?", "no file"))
            self._show(lambda width: deleted_view(target, width, keys=self._has_keys))
            self._judge_waiting()
            return
        self._count += 1
        self._judged = Judged(self._count, target)
        self.screen.say(f"Judging {target.shown} ...")
        self._process.start(self._judged.request)

    def _saved(self, files: Sequence[Path] | frozenset[Path] | set[Path]) -> None:
        touched = [target for target in self.watched if target.file in files]
        if not touched:
            return
        target = self._current if self._current in touched else touched[0]
        if target == self._current and signature(target.file) == self._seen:
            return  # one more event of a save that is known
        self._stop_all()
        self._judge(target)

    def _told(self, event: LiveReport) -> None:
        known = self._judged
        if isinstance(event, JudgeGone):
            self._process.close()
            self.screen.say(f"{event.reason}; each save is judged in a new process now, which takes longer.")
            self._process = self._fresh()
            self._judge(self._current)
        elif known is None or event.number != known.number:
            return  # of an older save
        elif isinstance(event, ProbeReport):
            known.reports.append(event)
        elif isinstance(event, JudgingEnd):
            self._ended(known, event)

    def _ended(self, judged: Judged, end: JudgingEnd) -> None:
        judged.end(end)
        judged.remember(self.course.root)
        if self._totals is None:
            onward = self._beside(1)
            self._show(lambda width: self._verdict(judged, onward, width, whole=False))
        else:
            state = "done" if judged.is_done else judged.first_open.outcome if judged.first_open else "?"
            self._totals.append((judged.target.exercise.slug, score(judged.reports), state))
            self._show_totals()
        self._judge_waiting()

    def _unwatched(self, reason: str) -> None:
        self.screen.say(
            f"Changes of files are not told here ({reason}). The current exercise is looked at twice a second."
        )

    # All exercises, one after the other.

    def _judge_all(self) -> None:
        self._totals, self._waiting = [], deque(self.watched)
        self._judge_waiting()

    def _judge_waiting(self) -> None:
        if self._waiting:
            self._judge(self._waiting.popleft())

    def _stop_all(self) -> None:
        self._totals = None
        self._waiting.clear()

    def _show_totals(self) -> None:
        rows, left = list(self._totals or ()), len(self._waiting)
        self._show(lambda width: totals_view(rows, left, width, keys=self._has_keys))

    # Keys and views.

    def _pressed(self, letter: str) -> None:
        match letter:
            case "n" | "p":
                if (target := self._beside(1 if letter == "n" else -1)) is not None:
                    self._stop_all()
                    self._judge(target)
            case "r":
                self._stop_all()
                self._judge(self._current)
            case "a":
                self._judge_all()
            case "l":
                self._show(self._map)
            case "m" if self._judged is not None and self._judged.seconds is not None:
                judged, onward = self._judged, self._beside(1)
                self._show(lambda width: self._verdict(judged, onward, width, whole=True))
            case "h":
                self._hint()
            case "?":
                self._show(help_view)

    def _beside(self, step: int) -> Target | None:
        """The exercise after the current one, or before it; after the last comes the first."""
        if len(self.watched) == 1:
            return None
        return self.watched[(self.watched.index(self._current) + step) % len(self.watched)]

    def _hint(self) -> None:
        progress = Progress(self.course.root)
        missed = self._judged.first_open if self._judged is not None else None
        try:
            hint = next_hint(self._current.exercise, progress, missed.probe if missed else "")
            self._show(lambda width: hint_view(hint, width, keys=self._has_keys))
            progress.save()
        except KataError as error:
            self.screen.say(f"kata: {error}")

    def _map(self, width: int) -> list[Text]:
        known = standings(self.course, Progress(self.course.root))
        shown = [known[target.exercise.slug] for target in self.watched]
        return [*roadmap(self.course, shown, width), *key_lines(self._has_keys, width)]

    def _verdict(self, judged: Judged, onward: Target | None, width: int, *, whole: bool) -> list[Text]:
        return verdict_view(judged, onward, width, keys=self._has_keys, whole=whole)

    def _show(self, view: View) -> None:
        self.screen.show(view)


@contextlib.contextmanager
def _signals_end_it() -> Iterator[None]:
    """Let what ends a process end the block, so that the terminal is given back."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(number, signal.signal(number, leave)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
