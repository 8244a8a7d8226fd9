"""What a forked child does: it judges a file and reports, or studies an exercise's known mistakes."""

import contextlib
import faulthandler
import os
import re
import signal
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from keras_kata.course import Course, Exercise
from keras_kata.errors import KataError
from keras_kata.failures import error_text
from keras_kata.live_reports import JudgingEnd, ProbeReport, Request
from keras_kata.outline import ProbeOutline, outline

if TYPE_CHECKING:  # the process that forks imports these when it is asked to judge
    from keras_kata.judge import Judge
    from keras_kata.submission import Submission
    from keras_kata.trial import Known
    from keras_kata.verdicts import Outcome

__all__ = ["Learned", "describe_death", "judge_in_child", "study_in_child"]

_SECONDS_BETWEEN_LESSONS = 1.0
_DEATHS = {
    signal.SIGSEGV: "segmentation fault",
    signal.SIGABRT: "abort",
    signal.SIGKILL: "killed, perhaps because memory ran out",
}
_FRAME = re.compile(r'^  File "(.+)", line (\d+) in (\S+)', re.MULTILINE)
_GAVE_UP = re.compile(r"Your code ran for over .*", re.DOTALL)
_BREAKPOINT = "Your code stops at a breakpoint, which needs a terminal of its own. Run  {command}"


@dataclass(frozen=True)
class Learned:
    """What a child knows by now of the reference and the mistakes, for the next one."""

    data: bytes


def judge_in_child(course: Course, request: Request, known: bytes, results: Connection) -> None:
    """Judge a file and send what comes of it; the last message is the end.

    Args:
        known: what an earlier child has learned.
    """
    from keras_kata.messages import shown_output
    from keras_kata.worker import Shortened

    faulthandler.enable(2, all_threads=False)
    output = Shortened()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        for report in _reports(course, request, known, results):
            results.send(report)
    lines = shown_output(output.getvalue(), "Your file printed, while it was loaded:")
    results.send(JudgingEnd(request.number, printed=tuple(lines[1:])))


def _reports(course: Course, request: Request, known: bytes, results: Connection) -> Iterator[ProbeReport]:
    exercise = course[request.slug]
    points = course.points.get(exercise.difficulty, 0)
    whole = ProbeOutline("grader", "the exercise's grader can be used", points, ())
    try:
        probes = outline(exercise)
        judge = _judge(course, exercise, known)
        submission = judge.load(Path(request.file))
    except KataError as error:
        yield _grader_error(whole, request, str(error))
        return
    except KeyboardInterrupt:
        yield _at_breakpoint(probes[0], request)
        return
    except Exception as error:  # whatever a reference or the engine raises is no fault of the learner's
        yield _grader_error(whole, request, error_text(error), traceback.format_exc())
        return
    told = _amount(judge)
    for number, probe in enumerate(probes):
        judge.known.trial(judge.probes[probe.name])
        told = _tell(judge, told, results)  # before the file's code, which may be ended at any time
        try:
            yield _report(judge, submission, probe, request, is_first=number == 0)
        except KeyboardInterrupt:
            yield _at_breakpoint(probe, request)
        except Exception as error:  # the engine's
            yield _grader_error(probe, request, error_text(error), traceback.format_exc())
        told = _tell(judge, told, results)


def _judge(course: Course, exercise: Exercise, known: bytes) -> "Judge":
    from keras_kata.judge import Judge

    judge = Judge(course, exercise)
    if known and (knowledge := _knowledge(judge)) is not None:
        knowledge.remember(known)
    return judge


def _knowledge(judge: "Judge") -> "Known | None":
    """What can be learned from and handed on; nothing where a judge's answers are there already, as in a kit."""
    from keras_kata.trial import Known

    return judge.known if isinstance(judge.known, Known) else None


def _amount(judge: "Judge") -> int:
    knowledge = _knowledge(judge)
    return 0 if knowledge is None else knowledge.amount


def _tell(judge: "Judge", told: int, results: Connection) -> int:
    """Send what is known, unless it is as much as was told already; how much is told now."""
    knowledge = _knowledge(judge)
    if knowledge is None or knowledge.amount == told:
        return told
    results.send(Learned(knowledge.learned()))
    return knowledge.amount


def _report(
    judge: "Judge", submission: "Submission", probe: ProbeOutline, request: Request, *, is_first: bool
) -> ProbeReport:
    from keras_kata.verdicts import outcome_name

    verdict = judge.judge(submission, probe.name)
    outcome = verdict.outcome
    if outcome is submission.problem and not is_first:
        message = f"{probe.name}: as above, the file as a whole can't be judged."
    else:
        message = _explained(outcome, probe, request)
    name = outcome_name(outcome)
    mistake = getattr(outcome, "mistake", None)
    return ProbeReport(
        request.number,
        probe.name,
        name,
        verdict.earned,
        verdict.points,
        message,
        mistake.name if mistake else "",
    )


def _explained(outcome: "Outcome", probe: ProbeOutline, request: Request) -> str:
    from keras_kata.messages import explain

    return explain(outcome, probe, f"{request.command}::{probe.name}", request.slug)


def _at_breakpoint(probe: ProbeOutline, request: Request) -> ProbeReport:
    message = _BREAKPOINT.format(command=f"{request.command}::{probe.name}")
    return ProbeReport(request.number, probe.name, "unusable", 0.0, probe.points, message)


def _grader_error(probe: ProbeOutline, request: Request, reason: str, detail: str = "") -> ProbeReport:
    from keras_kata.verdicts import GraderError, outcome_name

    outcome = GraderError(reason, detail)
    message = _explained(outcome, probe, request)
    return ProbeReport(request.number, probe.name, outcome_name(outcome), probe.points, probe.points, message)


def study_in_child(course: Course, exercise: Exercise, known: bytes, results: Connection) -> None:
    """Find out what the reference and every known mistake reply to each case, and send it from time to time.

    Args:
        known: what an earlier child has learned.
    """
    from keras_kata.trial import Trial

    os.nice(10)
    judge = _judge(course, exercise, known)
    knowledge = _knowledge(judge)
    if knowledge is None:
        return
    told, when = knowledge.amount, time.monotonic()
    for probe in judge.probes.values():
        trial = knowledge.trial(probe)
        for case in trial.cases if isinstance(trial, Trial) else ():
            for mistake in knowledge.mistakes.values():
                knowledge.reply(probe, mistake, case)
            if time.monotonic() - when > _SECONDS_BETWEEN_LESSONS:
                told, when = _tell(judge, told, results), time.monotonic()
    _tell(judge, told, results)


def describe_death(status: int, said: str, file: str) -> str:
    """Why a child died, as the end of a sentence.

    Args:
        status: as `os.waitpid` gives it.
        said: what it wrote to stderr; after a crash Python's fault handler lists the frames there.
        file: the learner's, of which the line is told.
    """
    if given_up := _GAVE_UP.search(said):
        return " ".join(given_up.group().split()).rstrip(".")
    if not os.WIFSIGNALED(status):
        last = f": {said.splitlines()[-1]}" if said.strip() else ""
        return f"it ended with status {os.waitstatus_to_exitcode(status)}, as os._exit does{last}"
    number = signal.Signals(os.WTERMSIG(status))
    reason = f"{_DEATHS[number]} ({number.name})" if number in _DEATHS else number.name
    own = [(line, function) for path, line, function in _FRAME.findall(said) if path == file]
    return f"{reason}, in line {own[0][0]} ({own[0][1]})" if own else reason
