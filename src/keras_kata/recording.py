"""A recording of one exercise: all that judging needs of its solution, without a line of it.

For every probe it holds cases, what the reference observes in each, and what each known mistake replies where
that is something else. The file is `recordings/moduleN/<exercise>.kata`: a head with the format's version and a
checksum, then compressed msgpack. The same recording makes the same bytes.
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_kata.authoring import Case
from keras_kata.contract_data import contract_from_data, contract_to_data
from keras_kata.course import Exercise
from keras_kata.diagnosis import essence
from keras_kata.errors import CourseError, WireError
from keras_kata.implementation import Contract
from keras_kata.verdicts import Raised, TimedOut, Unusable
from keras_kata.wire import pack, unpack
from keras_kata.worker import Answer, Reply, visible

__all__ = [
    "FORMAT",
    "RecordedProbe",
    "Recording",
    "Shown",
    "grader_digest",
    "grader_files",
    "read_recording",
    "to_bytes",
]

FORMAT = 1
_MAGIC = b"keras-kata recording\n"
_VERSION_BYTES = 2
_DIGEST_BYTES = 32
_MOST_BYTES = 64_000_000  # of the data, when it is no longer compressed
_GET_NEW = "Get the kit anew from your instructor (who makes it with `kata kit`)."


@dataclass(frozen=True)
class Shown:
    """What live judging says of a known mistake at a probe that it fails.

    Attributes:
        place: the recorded case that the message shows.
        named: whether the message names the mistake.
    """

    place: int
    named: bool


@dataclass(frozen=True)
class RecordedProbe:
    """What was seen at one probe.

    Attributes:
        cases: the smallest first, then the smaller ones that live judging finds for a mistake.
        expected: what the reference observes in each.
        smaller: how many of the cases, the last ones, are such smaller ones.
        members: what the probe takes from an implementation.
        replies: for each mistake its replies that are not as the reference's, by the case's place.
        shown: what is said of each mistake that fails here.
    """

    cases: tuple[Case, ...]
    expected: tuple[Any, ...]
    smaller: int
    members: frozenset[str]
    replies: Mapping[str, Mapping[int, Reply]]
    shown: Mapping[str, Shown]


@dataclass(frozen=True)
class Recording:
    """All that judging an exercise needs beside its grader.

    Attributes:
        grader: the digest of the grader that it belongs to.
        seed: what the cases were drawn from.
        seconds: what a call of the reference may take at most: a class, not a measured time.
        stub: the exercise's file as a learner gets it.
        mistakes: for each known mistake its text and the member that it stands in for.
    """

    slug: str
    grader: str
    seed: int
    seconds: float
    stub: str
    contract: Contract
    mistakes: Mapping[str, tuple[str, str]]
    probes: Mapping[str, RecordedProbe]


def grader_files(exercise: Exercise) -> list[Path]:
    """What the grader of an exercise is made of: its file, and all that graders share."""
    support = exercise.root / "graders" / "support"
    shared = [path.relative_to(support) for path in sorted(support.rglob("*")) if path.is_file()]
    hidden = [place for place in shared if any(part.startswith((".", "__pycache__")) for part in place.parts)]
    return [exercise.grader, *(support / place for place in shared if place not in hidden)]


def grader_digest(exercise: Exercise) -> str:
    """What differs between two versions of a grader.

    Ends of lines do not count, as version control changes them between systems.
    """
    digest = hashlib.sha256()
    for path in grader_files(exercise):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(exercise.root).as_posix()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_recording(exercise: Exercise) -> Recording:
    """The recording of an exercise.

    Raises:
        CourseError: it is missing, damaged, of a newer format, or of another version of the grader.
    """
    path = exercise.recording
    place = path.relative_to(exercise.root).as_posix()
    try:
        data = path.read_bytes()
        digest = grader_digest(exercise)
    except FileNotFoundError as error:
        raise CourseError(f"{error.filename} is missing. {_GET_NEW}") from None
    except OSError as error:
        raise CourseError(f"{error.filename} can't be read: {error.strerror}. {_GET_NEW}") from None
    version = _version(data, place)
    if version != FORMAT:
        newer = (
            "newer than this kata: install the engine that came with it" if version > FORMAT else "too old"
        )
        raise CourseError(f"{place} is of format {version}, which is {newer}. {_GET_NEW}")
    try:
        recording = _from_bytes(data)
    except (WireError, zlib.error, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CourseError(
            f"{place} is damaged ({type(error).__name__}: {error!s:.100}). {_GET_NEW}"
        ) from None
    if recording.slug != exercise.slug:
        raise CourseError(f"{place} is the recording of {recording.slug}. {_GET_NEW}")
    if recording.grader != digest:
        raise CourseError(
            f"{place} belongs to another version of graders/{exercise.slug}.py or graders/support. {_GET_NEW}"
        )
    return recording


def to_bytes(recording: Recording) -> bytes:
    """The content of a recording's file.

    Raises:
        WireError: a case or an observation is no plain data.
    """
    values = _Values()
    data = {
        "slug": recording.slug,
        "grader": recording.grader,
        "seed": recording.seed,
        "seconds": recording.seconds,
        "stub": recording.stub,
        "contract": contract_to_data(recording.contract),
        "mistakes": [[name, text, member] for name, (text, member) in recording.mistakes.items()],
        "probes": {name: _probe_to_data(probe, values) for name, probe in recording.probes.items()},
        "values": values.packed,
    }
    body = zlib.compress(pack(data), 9)
    head = _MAGIC + FORMAT.to_bytes(_VERSION_BYTES, "big")
    return head + hashlib.sha256(body).digest() + body


def _version(data: bytes, place: str) -> int:
    if not data.startswith(_MAGIC) or len(data) < len(_MAGIC) + _VERSION_BYTES:
        raise CourseError(f"{place} is no recording, or its start is damaged. {_GET_NEW}")
    return int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + _VERSION_BYTES], "big")


def _from_bytes(data: bytes) -> Recording:
    start = len(_MAGIC) + _VERSION_BYTES
    checksum, body = data[start : start + _DIGEST_BYTES], data[start + _DIGEST_BYTES :]
    if hashlib.sha256(body).digest() != checksum:
        raise ValueError("the checksum is wrong")
    unpacked = zlib.decompressobj().decompress(body, _MOST_BYTES)
    content = unpack(unpacked)
    values = [bytes(value) for value in content["values"]]
    return Recording(
        str(content["slug"]),
        str(content["grader"]),
        int(content["seed"]),
        float(content["seconds"]),
        str(content["stub"]),
        contract_from_data(content["contract"]),
        {name: (text, member) for name, text, member in content["mistakes"]},
        {name: _probe_from_data(probe, values) for name, probe in content["probes"].items()},
    )


class _Values:
    """Packed values, each once however often it occurs: most mistakes are right in most cases."""

    def __init__(self) -> None:
        self.packed: list[bytes] = []
        self._places: dict[bytes, int] = {}

    def place(self, value: Any) -> int:
        packed = pack(value)
        if packed not in self._places:
            self._places[packed] = len(self.packed)
            self.packed.append(packed)
        return self._places[packed]


def _probe_to_data(probe: RecordedProbe, values: _Values) -> dict[str, Any]:
    return {
        "cases": [values.place(case) for case in probe.cases],
        "expected": [values.place(value) for value in probe.expected],
        "smaller": probe.smaller,
        "members": sorted(probe.members),
        "replies": {
            name: [[place, *_reply_to_data(reply, values)] for place, reply in replies.items()]
            for name, replies in probe.replies.items()
        },
        "shown": {name: [shown.place, shown.named] for name, shown in probe.shown.items()},
    }


def _probe_from_data(data: dict[str, Any], values: list[bytes]) -> RecordedProbe:
    cases = tuple(unpack(values[place]) for place in data["cases"])
    expected = tuple(unpack(values[place]) for place in data["expected"])
    if len(cases) != len(expected) or not 0 <= data["smaller"] < len(cases):
        raise ValueError("cases and answers do not belong together")
    return RecordedProbe(
        cases,
        expected,
        data["smaller"],
        frozenset(data["members"]),
        {
            name: {place: _reply_from_data(reply, values, cases[place]) for place, *reply in replies}
            for name, replies in data["replies"].items()
        },
        {name: _shown(place, named, cases) for name, (place, named) in data["shown"].items()},
    )


def _shown(place: int, named: bool, cases: Sequence[Case]) -> Shown:
    if not 0 <= place < len(cases):
        raise ValueError("a case that is shown is not there")
    return Shown(place, bool(named))


def _reply_to_data(reply: Reply, values: _Values) -> list[Any]:
    """A mistake's reply. Of an exception only its text, never its lines: they are the solution's."""
    match reply:
        case Answer():
            return ["answer", values.place(reply.value), list(reply.changed)]
        case Raised():
            return ["raised", essence(reply.error)]  # the rest may be another in every run
        case Unusable():
            return ["unusable", reply.problem]
    return ["no reply"]


def _reply_from_data(reply: list[Any], values: list[bytes], case: Case) -> Reply:
    match reply:
        case ["answer", int(place), list(changed)]:
            return Answer(unpack(values[place]), tuple(changed), 0.0)
        case ["raised", str(error)]:
            return Raised(visible(case), error)
        case ["unusable", str(problem)]:
            return Unusable(problem)
        case ["no reply"]:
            return TimedOut(visible(case), 0.0)  # nobody else's reply is taken for it
    raise ValueError("an unknown kind of reply")
