"""One judging of a file that is watched: what it came to, and that it is remembered."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keras_kata.errors import KataError
from keras_kata.live_reports import JudgingEnd, ProbeReport, Request
from keras_kata.progress import Progress, digest
from keras_kata.watched_files import Target

__all__ = ["NOT_ATTEMPTED", "NOT_JUDGED", "Judged", "first_to_look_at", "score"]

NOT_ATTEMPTED = "not attempted"
NOT_JUDGED = "not judged"
"""What is said of a probe after one at which the process died; no outcome."""


@dataclass
class Judged:
    """A judging under way or over.

    Attributes:
        number: as in its request.
        digest: the file's, when it was sent to be judged.
        at: when that was, such as `12:30:05`.
        seconds: how long it took; None while it is under way.
        printed: what the file printed while it was loaded, in lines to be shown.
    """

    number: int
    target: Target
    digest: str = ""
    at: str = ""
    seconds: float | None = None
    reports: list[ProbeReport] = field(default_factory=list)
    printed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.digest = digest(self.target.file)
        self.at = time.strftime("%H:%M:%S")
        self._started = time.monotonic()

    @property
    def request(self) -> Request:
        """What has to be judged."""
        entry, file = self.target.exercise, self.target.file
        return Request(self.number, entry.slug, str(file), self.target.command)

    @property
    def is_done(self) -> bool:
        """Whether everything passes."""
        return bool(self.reports) and all(report.outcome == "passed" for report in self.reports)

    @property
    def first_open(self) -> ProbeReport | None:
        """Of the probes that do not pass, the one to look at."""
        return first_to_look_at([report for report in self.reports if report.outcome != "passed"])

    def end(self, end: JudgingEnd) -> None:
        """All reports have come in."""
        self.seconds = time.monotonic() - self._started
        self.printed = end.printed
        if end.died:
            self.reports += _reports_of_death(self, end.died)

    def remember(self, root: Path) -> None:
        """Keep the result as pytest's plugin does, unless the file has changed since it was read."""
        if not self.target.is_own or digest(self.target.file) != self.digest:
            return
        judged = [report for report in self.reports if report.outcome != NOT_JUDGED]
        progress = Progress(root)
        results = {report.probe: (report.outcome, report.points, report.worth) for report in judged}
        progress.record(self.target.exercise.slug, self.target.file, results)
        with contextlib.suppress(KataError):  # a folder that can't be written to costs a memory, no verdict
            progress.save()


def first_to_look_at(missed: Sequence[ProbeReport]) -> ProbeReport | None:
    """The first of these probes whose mistake is named, else the first of them, if there is any."""
    return min(missed, key=lambda report: not report.mistake, default=None)


def score(reports: Sequence[ProbeReport]) -> str:
    """`1.5 / 2`."""
    return f"{sum(one.points for one in reports):g} / {sum(one.worth for one in reports):g}"


def _reports_of_death(judged: Judged, reason: str) -> list[ProbeReport]:
    """What is told of the probe during which the process died, and of those after it."""
    from keras_kata.messages import explain
    from keras_kata.outline import outline
    from keras_kata.verdicts import Crashed, outcome_name

    told = {report.probe for report in judged.reports}
    slug = judged.target.exercise.slug
    found: list[ProbeReport] = []
    for probe in outline(judged.target.exercise):
        if probe.name in told:
            continue
        name, message = NOT_JUDGED, ""
        if not found:
            outcome = Crashed({}, reason)
            name = outcome_name(outcome)
            message = explain(outcome, probe, f"{judged.target.command}::{probe.name}", slug)
        found.append(ProbeReport(judged.number, probe.name, name, 0.0, probe.points, message))
    return found
