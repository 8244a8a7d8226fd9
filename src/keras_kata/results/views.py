"""Results as an instructor reads them: a student's, one exercise's in full, and what the class gets wrong."""

from collections.abc import Iterable

from keras_kata.course import Course
from keras_kata.display import harmless
from keras_kata.errors import AuthoringError, WireError
from keras_kata.messages import explain
from keras_kata.outline import ProbeOutline, outline
from keras_kata.results.outcomes import decode
from keras_kata.results.queries import MistakeCount
from keras_kata.results.records import Result, RunRecord, SavedVerdict

__all__ = ["details", "mistakes_table", "overview"]

Rows = tuple[list[str], list[list[str]]]


def overview(results: Iterable[Result]) -> Rows:
    """A table of one student's results: its head, and a row for each exercise and for all."""
    rows, points, most = [], 0.0, 0.0
    for result in results:
        passed = sum(verdict.outcome == "passed" for verdict in result.verdicts)
        about = (
            f"{passed} of {len(result.verdicts)} probes pass" if result.state == "failed" else result.state
        )
        named = sorted({verdict.mistake for verdict in result.verdicts if verdict.mistake})
        shown = [result.exercise, f"{result.points:g} / {result.max_points:g}", about, ", ".join(named)]
        rows.append(list(map(harmless, shown)))
        points, most = points + result.points, most + result.max_points
    rows.append(["all", f"{points:g} / {most:g}", "", ""])
    return ["exercise", "points", "state", "known mistakes"], rows


def details(course: Course, result: Result, run: RunRecord) -> list[str]:
    """Everything that is known of one result, case and expected value included: nothing for a learner's eyes.

    Args:
        run: the one that judged it.
    """
    lines = [
        f"{result.student}: {result.exercise}  {result.points:g} / {result.max_points:g} points, {result.state}",
        f"file {result.file}  (SHA-256 {result.digest[:12]})",
        f"judged {result.graded:%Y-%m-%d %H:%M} UTC in run {result.judged_in} with seed {result.seed}"
        f" in {result.seconds:.2f} s",
        f"sandbox: {_listed(run.sandbox.items())}",
        f"versions: {_listed(run.versions.items())}",
    ]
    claims = _claims(course, result.exercise)
    for verdict in result.verdicts:
        probe = claims.get(verdict.probe, ProbeOutline(verdict.probe, "", verdict.max_points, ()))
        head = (
            f"{verdict.outcome.upper()}  {verdict.points:g} / {verdict.max_points:g}  {verdict.seconds:.2f} s"
        )
        lines += ["", head, *_explained(verdict, probe, result)]
    return [harmless(line) for line in lines]


def _listed(items: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in items) or "nothing is recorded"


def _claims(course: Course, slug: str) -> dict[str, ProbeOutline]:
    try:
        return {probe.name: probe for probe in outline(course[slug])}
    except AuthoringError:  # results can be read after their grader is gone
        return {}


def _explained(verdict: SavedVerdict, probe: ProbeOutline, result: Result) -> list[str]:
    try:
        outcome = decode(verdict.data)
    except WireError as error:
        texts = {
            name: getattr(verdict, name) for name in ("case", "received", "expected", "mistake_text", "error")
        }
        shown = [line for name, text in texts.items() if text for line in f"{name}: {text}".split("\n")]
        return [probe.name, f"(the outcome itself can't be read: {error})", *shown]
    return explain(outcome, probe, f"pytest {result.file}::{probe.name}", result.exercise).split("\n")


def mistakes_table(counts: Iterable[MistakeCount]) -> Rows:
    """What the class gets wrong: the head, and below each exercise a row for each mistake of each probe."""
    rows, last = [], ""
    for count in counts:
        if count.exercise != last:
            last = count.exercise
            rows.append([harmless(last), f"of {count.judged}", "", ""])
        what = f"{count.mistake}: {count.text}" if count.mistake else f"({count.outcome}, no known mistake)"
        shown = [f"  {count.probe}", str(count.students), what, count.example]
        rows.append(list(map(harmless, shown)))
    return ["probe", "students", "mistake", "such as"], rows
