"""Loading an exercise's grader: its probes, and what it forbids."""

import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass

from keras_kata.authoring import Probe
from keras_kata.course import Course, Exercise
from keras_kata.errors import AuthoringError
from keras_kata.failures import error_text
from keras_kata.implementation import load_by_path

__all__ = ["Grader", "load_grader"]


@dataclass(frozen=True)
class Grader:
    """The public half of an exercise.

    Attributes:
        probes: by name, in the order of the file.
        forbidden: dotted names of APIs that the exercise asks to build, with what to do instead.
    """

    probes: Mapping[str, Probe]
    forbidden: Mapping[str, str]

    @property
    def points(self) -> float:
        """What all probes together are worth."""
        return sum(probe.points for probe in self.probes.values())


def load_grader(course: Course, exercise: Exercise) -> Grader:
    """Import `graders/moduleN/exercise.py`; it may import `graders.support`.

    Raises:
        AuthoringError: it is missing, raises, or declares no probe.
    """
    _make_importable(course)
    name = "graders." + exercise.slug.replace("/", ".")
    try:
        module = sys.modules.get(name) or load_by_path(exercise.grader, name)
    except AuthoringError:
        raise
    except (Exception, SystemExit) as error:  # whatever an author's file raises while it is imported
        raise AuthoringError(f"{exercise.grader} can't be imported: {error_text(error)}") from error
    probes = {value.name: value for value in vars(module).values() if isinstance(value, Probe)}
    if not probes:
        raise AuthoringError(f"{exercise.grader} declares no probe")
    forbidden = getattr(module, "FORBIDDEN", {})
    texts = (*forbidden, *forbidden.values()) if isinstance(forbidden, dict) else (None,)
    if not all(isinstance(text, str) for text in texts):
        raise AuthoringError(f"{exercise.grader}: FORBIDDEN must be a dict of names with what to do instead")
    return Grader(probes, dict(forbidden))


def _make_importable(course: Course) -> None:
    """Let graders import `graders.support`, without the course's root on `sys.path`.

    On the path it would let a submission `import solutions`.
    """
    folder = str(course.root / "graders")
    package = sys.modules.get("graders")
    if package is None or list(package.__path__) != [folder]:
        for name in [name for name in sys.modules if name.split(".")[0] == "graders"]:
            del sys.modules[name]  # another course's
        package = types.ModuleType("graders")
        package.__path__ = [folder]
        sys.modules["graders"] = package
