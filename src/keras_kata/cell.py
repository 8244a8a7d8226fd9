"""What runs in a worker's process, inside the sandbox: it loads one submission and answers case after case."""

import os
from collections.abc import Mapping
from typing import Any

from keras_kata.confinement import Enforced
from keras_kata.contract_data import contract_from_data
from keras_kata.errors import WireError
from keras_kata.failures import error_text
from keras_kata.frames import Frames
from keras_kata.grader import Grader
from keras_kata.replies import reply_to_plain
from keras_kata.runtime import Runtime
from keras_kata.submission import Loader, Submission
from keras_kata.verdicts import Crashed, Raised, Unusable
from keras_kata.wire import pack, unpack
from keras_kata.worker import Reply, Worker, visible

__all__ = ["LOADED", "MOST_REQUEST", "Cell"]

LOADED = "loaded"
MOST_REQUEST = 1 << 30
"""Bytes of a request: the judge's side sends them, so this is no protection."""

_INTERRUPTED = "Your code raises KeyboardInterrupt, or stops at a breakpoint, where nobody is there to go on."


class Cell:
    """Answers the judge's requests, one after the other, until the judge hangs up.

    Args:
        frames: the connection to the judge.
        grader: the exercise's probes.
        runtime: what the course says about its framework.
        enforced: what holds this process back, told to the judge before it sends the submission.
    """

    def __init__(self, frames: Frames, grader: Grader, runtime: Runtime, enforced: Enforced) -> None:
        self._frames = frames
        self._grader = grader
        self._enforced = enforced
        self._runtime = runtime
        self._worker = Worker(runtime, grader.forbidden)
        self._submission = Submission(None)

    def serve(self) -> None:
        """Answer until the connection ends."""
        while True:
            try:
                request = unpack(self._frames.receive())
            except EOFError:
                return
            self._frames.send(self._packed(request, self._answer(request)))

    def _packed(self, request: Mapping[str, Any], answer: Any) -> bytes:
        """What goes back: the request's own random number first, so that no earlier message is taken for it."""
        try:
            return pack([request["nonce"], answer, self._worker.printed])
        except WireError as error:  # text that is no Unicode, or an integer of thousands of digits
            problem: Reply = Unusable(f"what your code returns {error}")
        except MemoryError:
            problem = Crashed({}, "there is no memory left in which to send what your code returns")
        return pack([request["nonce"], reply_to_plain(problem), ""])

    def _answer(self, request: Mapping[str, Any]) -> Any:
        match request["do"]:
            case "greet":
                return self._enforced.plain()
            case "load":
                return self._load(request)
            case "observe":
                return reply_to_plain(self._observe(request))
        raise WireError(f"no request: {request['do']!r}")

    def _load(self, request: Mapping[str, Any]) -> Any:
        contract = contract_from_data(request["contract"])
        forbidden, limit = self._grader.forbidden, request["limit"]
        loader = Loader(request["name"], contract, forbidden, self._runtime, limit)
        try:
            self._submission = loader.load_source(request["source"], request["filename"])
        except KeyboardInterrupt:
            self._submission = Submission(None, Unusable(f"the file can't be run. {_INTERRUPTED}"))
        if self._submission.problem is None:
            return [LOADED]
        return reply_to_plain(self._submission.problem)  # type: ignore[arg-type]

    def _observe(self, request: Mapping[str, Any]) -> Reply:
        case = request["case"]
        implementation = self._submission.implementation
        if implementation is None:
            return Crashed({}, "it was asked for an answer before it had loaded the file")
        try:
            probe = self._grader.probes[request["probe"]]
            return self._worker.observe(implementation, probe, case, request["limit"])
        except KeyboardInterrupt:
            return Raised(visible(case), "KeyboardInterrupt", note=_INTERRUPTED)
        except BaseException as error:  # what the submission has done to the engine's own functions
            return Crashed({}, f"it can't go on after your code has run: {error_text(error)}")


def run(frames: Frames, grader: Grader, runtime: Runtime, enforced: Enforced) -> None:
    """Serve, then end at once: no exit handler, thread or buffer of the submission's gets a turn."""
    status = 1
    try:
        Cell(frames, grader, runtime, enforced).serve()
        status = 0
    finally:
        os._exit(status)
