"""What the reference and the known mistakes answer, read from a recording: a kit has neither."""

from collections.abc import Mapping, Sequence

from keras_kata.authoring import Case, Probe
from keras_kata.course import Exercise
from keras_kata.diagnosis import Sighting, alike
from keras_kata.errors import CourseError
from keras_kata.implementation import StandIn
from keras_kata.recording import RecordedProbe, Recording, read_recording
from keras_kata.trial import Attempt, Trial
from keras_kata.verdicts import GraderError, Mistake
from keras_kata.wire import pack
from keras_kata.worker import Answer, Reply

__all__ = ["Recorded"]


class Recorded:
    """The counterpart of `Known` in a kit. It knows the recorded cases, and no others.

    What live judging finds out by shrinking was found out when the recording was made: a submission that
    behaves in every recorded case as a known mistake does is shown the case that live judging shows for it.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.mistakes: Mapping[str, StandIn] = {
            name: StandIn(name, text, member, None, "") for name, (text, member) in recording.mistakes.items()
        }
        self._places = {
            name: {pack(case): place for place, case in enumerate(probe.cases)}
            for name, probe in recording.probes.items()
        }

    @classmethod
    def of(cls, exercise: Exercise, seed: int) -> "Recorded":
        """Read an exercise's recording.

        Raises:
            CourseError: it can't be used (see `read_recording`), or was made with another seed.
        """
        return cls(read_recording(exercise)).reseeded(seed)

    def reseeded(self, seed: int) -> "Recorded":
        """The same, where the seed is the recorded one.

        Raises:
            CourseError: it is not; there is no reference that could answer other cases.
        """
        if seed != self.recording.seed:
            raise CourseError(
                f"{self.recording.slug}: the cases of a kit are recorded, so another seed has none. "
                "Leave --kata-seed out."
            )
        return self

    def learned(self) -> bytes:
        """Nothing: all is in the recording."""
        return b""

    def remember(self, _learned: bytes) -> None:
        """There is nothing to be found out."""

    @property
    def amount(self) -> int:
        """Always the same."""
        return 0

    def trial(self, probe: Probe) -> Trial | GraderError:
        """The probe's cases with the reference's answers."""
        recorded = self.recording.probes.get(probe.name)
        if recorded is None:
            return GraderError(f"the recording of {self.recording.slug} lacks the probe {probe.name}")
        own = recorded.cases[: len(recorded.cases) - recorded.smaller]
        answers = [self._answer(recorded, place) for place in range(len(own))]
        return Trial(own, answers, 0, recorded.members)

    def answer(self, probe: Probe, case: Case) -> Answer | GraderError:
        """The reference's answer to a recorded case."""
        return self._answer(self.recording.probes[probe.name], self._place(probe, case))

    def suspects(self, _trial: Trial) -> list[StandIn]:
        """All: to ask for a recorded reply costs nothing."""
        return list(self.mistakes.values())

    def reply(self, probe: Probe, mistake: StandIn, case: Case) -> Reply:
        """A known mistake's reply to a recorded case."""
        recorded, place = self.recording.probes[probe.name], self._place(probe, case)
        reply = recorded.replies.get(mistake.name, {}).get(place)
        return self._answer(recorded, place) if reply is None else reply

    def smaller(self, probe: Probe, _failing: Sequence[Sighting], attempt: Attempt) -> list[Sighting]:
        """Those of the recorded smaller cases that fail too."""
        recorded = self.recording.probes[probe.name]
        cases = recorded.cases[len(recorded.cases) - recorded.smaller :]
        return [sighting for case in cases if (sighting := attempt(case)) is not None]

    def told(
        self,
        probe: Probe,
        failing: Sequence[Sighting],
        passing: Sequence[Sighting],
        mistake: Mistake | None,
    ) -> tuple[Sighting, Mistake | None]:
        """What live judging says of a known mistake that behaves the same; else the smallest failing case."""
        recorded = self.recording.probes[probe.name]
        first = [mistake.name] if mistake is not None and mistake.name in recorded.shown else []
        for name in (*first, *recorded.shown):
            shown = recorded.shown[name]
            case = recorded.cases[shown.place]
            sighting = next((seen for seen in failing if seen.case is case), None)
            if sighting is not None and self._fits(probe, self.mistakes[name], (*failing, *passing)):
                return sighting, mistake if shown.named else None
        return failing[0], mistake

    def _fits(self, probe: Probe, mistake: StandIn, seen: Sequence[Sighting]) -> bool:
        return all(alike(self.reply(probe, mistake, one.case), one.reply, probe.agree) for one in seen)

    def _answer(self, recorded: RecordedProbe, place: int) -> Answer:
        return Answer(recorded.expected[place], (), self.recording.seconds)

    def _place(self, probe: Probe, case: Case) -> int:
        return self._places[probe.name][pack(case)]
