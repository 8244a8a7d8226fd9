"""Making a recording: every known mistake is judged live, and what is needed to say the same again is kept."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from keras_kata.authoring import Case, Probe
from keras_kata.cases import size
from keras_kata.course import Course, Exercise
from keras_kata.diagnosis import Sighting, alike
from keras_kata.errors import AuthoringError, WireError
from keras_kata.implementation import StandIn
from keras_kata.judge import PUBLIC_SEED, Judge
from keras_kata.recorded import Recorded
from keras_kata.recording import RecordedProbe, Recording, Shown, grader_digest, to_bytes
from keras_kata.stubs import stub_of
from keras_kata.submission import Submission
from keras_kata.trial import Known, Trial
from keras_kata.verdicts import Failed, GraderError, Outcome, Raised
from keras_kata.wire import pack
from keras_kata.worker import Answer, Reply, visible

__all__ = ["MOST_BYTES", "record", "record_all"]

MOST_BYTES = 200_000
"""What the recording of one exercise may take."""

_CLASSES = (0.002, 0.01, 1.0, 10.0, 100.0)
"""Seconds. Time limits are in proportion to the reference's time, but a measured time is another one every
time; so a recording holds the class of the slowest call, by processor time, which a busy machine adds little to."""

_TIMED = 3  # the fastest of so many calls counts
_DROPPED_AT_ONCE = 0.25  # of the cases that can be left out


def record(course: Course, exercise: Exercise, most_bytes: int = MOST_BYTES) -> Recording:
    """Record an exercise.

    Args:
        most_bytes: drawn cases that no known mistake needs are left out until the file is no larger.

    Raises:
        AuthoringError: its files are declared wrongly, the reference fails, a case or an observation is no
            plain data, a mistake is taken for another, or the recording can't be made small enough.
    """
    judge = Judge(course, exercise, PUBLIC_SEED)
    known = judge.known
    if not isinstance(known, Known):
        raise AuthoringError(f"{exercise.slug} can't be recorded without its solution")
    try:
        parts = {name: _ProbeRecorder(judge, known, probe) for name, probe in judge.probes.items()}
        submissions = {name: judge.stand_in(mistake) for name, mistake in known.mistakes.items()}
        outcomes = {
            (name, part.probe.name): part.judge(known.mistakes[name], submission)
            for name, submission in submissions.items()
            for part in parts.values()
        }
        for part in parts.values():
            part.tell_apart()
        recording = _fitting(_Frame(judge, known, parts), most_bytes)
    except WireError as error:
        raise AuthoringError(f"{exercise.slug}: a case or an observation {error}") from None
    _check(judge.knowing(Recorded(recording)), submissions, outcomes)
    return recording


def record_all(root: Path, slugs: Sequence[str], jobs: int) -> Iterator[tuple[str, bytes]]:
    """Record exercises of a course in parallel processes; each file's content comes as soon as it is there.

    Raises:
        AuthoringError: one of them can't be recorded; see `record`.
    """
    context = get_context("spawn")  # TensorFlow, once used, does not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        slug_of = {pool.submit(_record_file, root, slug): slug for slug in slugs}
        try:
            for future in as_completed(slug_of):
                yield slug_of[future], future.result()
        except BrokenProcessPool:
            raise AuthoringError(
                "a process died that recorded an exercise; is there memory enough?"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _record_file(root: Path, slug: str) -> bytes:
    course = Course(root)
    return to_bytes(record(course, course[slug]))


@dataclass(frozen=True)
class _Told:
    """What live judging said of a mistake: the case shown, whether it was named, and smaller failing cases."""

    shown: Case
    named: bool
    smaller: Sequence[Sighting]


class _ProbeRecorder:
    """Collects what one probe needs.

    Attributes:
        own: the trial's cases, each once, the smallest first.
        smaller: more cases, which shrinking found.
    """

    def __init__(self, judge: Judge, known: Known, probe: Probe) -> None:
        self.probe = probe
        self._judge = judge
        self._known = known
        trial = known.trial(probe)
        if isinstance(trial, GraderError):
            raise AuthoringError(f"{judge.exercise.slug}::{probe.name}: {trial.reason}")
        self.trial: Trial = trial
        self.own: dict[bytes, Case] = {}
        for case in sorted(trial.cases, key=lambda case: size(visible(case))):
            self.own.setdefault(pack(case), case)
        self.smaller: dict[bytes, Case] = {}
        self._told: dict[str, _Told] = {}
        self._replies: dict[tuple[str, bytes], Reply] = {}

    def judge(self, mistake: StandIn, submission: Submission) -> Outcome:
        """Judge a mistake live, and keep what is said of it."""
        outcome, seen = self._judge.examine(submission, self.probe.name)
        if not isinstance(outcome, Failed | Raised) or seen.shown is None:
            return outcome
        named = outcome.mistake.name if outcome.mistake else None
        if named in self._known.mistakes and named != mistake.name:
            raise AuthoringError(
                f"{self._judge.exercise.slug}::{self.probe.name}: the misconception {mistake.name} is taken "
                f"for {named}; run `kata audit {self._judge.exercise.slug}`"
            )
        smaller = [sighting for sighting in seen.failing if pack(sighting.case) not in self.own]
        self._told[mistake.name] = _Told(seen.shown, named == mistake.name, smaller)
        self._keep(seen.shown)
        return outcome

    def tell_apart(self) -> None:
        """Keep a case for each two mistakes that only shrinking told apart."""
        for name, told in self._told.items():
            for other in self._known.mistakes.values():
                if other.name == name or self._is_told_apart(name, other.name):
                    continue
                for sighting in told.smaller:
                    if not self._alike(self._reply(other.name, sighting.case), sighting.reply):
                        self._keep(sighting.case)
                        break

    def _is_told_apart(self, name: str, other: str) -> bool:
        """Whether a kept case shows that a submission makes the one mistake, and not the other.

        Of the smaller cases a kit looks only at those that the submission fails.
        """
        for key, case in (self.own | self.smaller).items():
            reply = self._reply(name, case)
            is_seen = key in self.own or not self._alike(reply, self._expected(case))
            if is_seen and not self._alike(self._reply(other, case), reply):
                return True
        return False

    def drop(self, share: float) -> bool:
        """Leave out the largest of the drawn cases that nothing depends on; whether there were any."""
        drawn = {pack(case) for case in self.trial.cases[len(self.trial.cases) - self.trial.drawn :]}
        needed = set(self._needed())
        spare = sorted((key for key in self.own if key in drawn and key not in needed), key=len, reverse=True)
        for key in spare[: max(1, int(share * len(spare)))]:
            del self.own[key]
        return bool(spare)

    def recorded(self) -> RecordedProbe:
        """What is kept."""
        cases = self.own | self.smaller
        places = {key: place for place, key in enumerate(cases)}
        return RecordedProbe(
            tuple(cases.values()),
            tuple(self._expected(case).value for case in cases.values()),
            len(self.smaller),
            self.trial.members,
            {
                name: {places[key]: reply for key, reply in self._different(name, cases)}
                for name in self._known.mistakes
            },
            {name: Shown(places[pack(told.shown)], told.named) for name, told in self._told.items()},
        )

    def _keep(self, case: Case) -> None:
        key = pack(case)
        if key not in self.own:
            self.smaller[key] = case

    def _different(self, name: str, cases: Mapping[bytes, Case]) -> Iterator[tuple[bytes, Reply]]:
        for key, case in cases.items():
            reply = self._reply(name, case)
            if not self._alike(reply, self._expected(case)):
                yield key, reply

    def _needed(self) -> Iterator[bytes]:
        """Cases without which a mistake would pass, or would be taken for another."""
        for told in self._told.values():
            yield pack(told.shown)
        for one in (None, *self._known.mistakes):
            for other in self._known.mistakes:
                for right_only in (False, True):
                    key = self._first_difference(one, other, right_only=right_only)
                    if key is not None:
                        yield key

    def _first_difference(self, one: str | None, other: str, *, right_only: bool = False) -> bytes | None:
        """The first case in which two mistakes, or the reference (None) and one, reply differently.

        Args:
            right_only: the first of the two must be right there: what a submission passes speaks against a
                mistake at other probes too.
        """
        for key, case in (self.own | self.smaller).items():
            expected = self._expected(case)
            reply = expected if one is None else self._reply(one, case)
            if right_only and not self._alike(reply, expected):
                continue
            if not self._alike(self._reply(other, case), reply):
                return key
        return None

    def _reply(self, name: str, case: Case) -> Reply:
        key = name, pack(case)
        if key not in self._replies:
            self._replies[key] = self._known.reply(self.probe, self._known.mistakes[name], case)
        return self._replies[key]

    def _expected(self, case: Case) -> Answer:
        answer = self._known.answer(self.probe, case)
        if isinstance(answer, GraderError):
            raise AuthoringError(f"{self._judge.exercise.slug}::{self.probe.name}: {answer.reason}")
        return answer

    def _alike(self, one: Reply, other: Reply) -> bool:
        return alike(one, other, self.probe.agree)


@dataclass(frozen=True)
class _Frame:
    """A recording in the making."""

    judge: Judge
    known: Known
    parts: Mapping[str, _ProbeRecorder]

    def recording(self, seconds: float) -> Recording:
        exercise = self.judge.exercise
        return Recording(
            exercise.slug,
            grader_digest(exercise),
            self.judge.seed,
            seconds,
            stub_of(exercise),
            self.judge.loader.contract,
            {name: (mistake.text, mistake.member) for name, mistake in self.known.mistakes.items()},
            {name: part.recorded() for name, part in self.parts.items()},
        )

    def seconds(self) -> float:
        """The class of the slowest call of the reference."""
        slowest = 0.0
        for part in self.parts.values():
            place = max(range(len(part.trial.cases)), key=lambda place: part.trial.expected[place].seconds)
            case = part.trial.cases[place]
            times = [self.known.processor_seconds(part.probe, case) for _ in range(_TIMED)]
            slowest = max(slowest, min(times))
        return next((most for most in _CLASSES if slowest <= most), _CLASSES[-1])


def _fitting(frame: _Frame, most_bytes: int) -> Recording:
    """The recording, without those drawn cases that it has no room for."""
    seconds = frame.seconds()
    while True:
        recording = frame.recording(seconds)
        length = len(to_bytes(recording))
        if length <= most_bytes:
            return recording
        dropped = [part.drop(_DROPPED_AT_ONCE) for part in frame.parts.values()]
        if not any(dropped):
            raise AuthoringError(
                f"{recording.slug}: its recording takes {length:,} bytes and may take {most_bytes:,}. Make the "
                "cases smaller, or draw fewer."
            )


def _check(
    replay: Judge, live: Mapping[str, Submission], outcomes: Mapping[tuple[str, str], Outcome]
) -> None:
    """Raise AuthoringError where the recording would say something else of a mistake than live judging."""
    for (mistake, probe), wanted in outcomes.items():
        got = replay.judge(live[mistake], probe).outcome
        if _gist(got) != _gist(wanted):
            raise AuthoringError(
                f"{replay.exercise.slug}::{probe}: a recording would not say of {mistake} what live judging "
                f"says: {_gist(got)!r:.300} instead of {_gist(wanted)!r:.300}. Does it reply to the same case "
                "in two ways?"
            )


def _gist(outcome: Outcome) -> tuple[str, bytes, str]:
    mistake = getattr(outcome, "mistake", None)
    case = getattr(outcome, "case", {})
    return type(outcome).__name__, pack(case), mistake.name if mistake else ""
