"""Catching a forbidden API when it is called, whatever alias it was reached by.

Only calls from one file are minded: a library's own, and the reference's, go through.
"""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import Any, Final

from keras_kata.errors import AuthoringError, ForbiddenUse
from keras_kata.failures import is_of
from keras_kata.forbidden import NO_SYNONYMS, Use, is_in

__all__ = ["Trips", "tripwires"]


@dataclass(eq=False)
class Trips:
    """The calls of forbidden APIs that `tripwires` has caught in code compiled from one file."""

    filename: str
    forbidden: Mapping[str, str]
    uses: list[Use] = field(default_factory=list)


_active: list[Trips] = []
"""As process-wide as the guarded APIs. A guard asks here, not its own context, because a learner's module
that is loaded in one context keeps the guards it has imported and may run in another."""


@contextmanager
def tripwires(
    forbidden: Mapping[str, str], filename: str, synonyms: Mapping[str, str] = NO_SYNONYMS
) -> Iterator[Trips]:
    """Let calls of forbidden APIs by code compiled from `filename` raise ForbiddenUse, and no others.

    Classes are guarded in their `__init__`, methods in their class, functions in every module of their
    package. Only what has been imported before is guarded; a whole module is left to `find_uses`.

    Args:
        forbidden: dotted public names, each with what to build instead.
        filename: what the learner's code was compiled as, or the folder of a notebook's cells.
        synonyms: other prefixes of the same API, such as `{"tensorflow.keras": "keras"}`.

    Yields:
        What has been caught, also where the learner's code swallows the exception.

    Raises:
        AuthoringError: a forbidden name is of something that can't be guarded, such as an extension type.
    """
    trips = Trips(filename, forbidden)
    with ExitStack() as undo:
        for name in forbidden:
            for spelling in _spellings(name, synonyms):
                _guard_api(name, spelling, undo)
        _active.append(trips)
        undo.callback(_active.remove, trips)
        yield trips


def _spellings(name: str, synonyms: Mapping[str, str]) -> list[str]:
    others = [
        prefix + name.removeprefix(meaning) for prefix, meaning in synonyms.items() if is_in(name, meaning)
    ]
    return [name, *others]


def _guard_api(name: str, spelling: str, undo: ExitStack) -> None:
    holder, last = _holder(spelling)
    target = None if holder is None else inspect.getattr_static(holder, last, None)
    if isinstance(target, type):
        _guard_class(target, name, undo)
    elif isinstance(target, classmethod | staticmethod):
        _replace(holder, last, type(target)(_guarded(target.__func__, name)), undo)
    elif isinstance(holder, type) and callable(target):
        _replace(holder, last, _guarded(target, name), undo)
    elif callable(target):
        guarded = _guarded(target, name)
        for module, attribute in _homes(target, spelling.split(".")[0], len(sys.modules)):
            if vars(module).get(attribute) is target:
                _replace(module, attribute, guarded, undo)


def _guard_class(kind: type, name: str, undo: ExitStack) -> None:
    initializer: Any = inspect.getattr_static(kind, "__init__")
    if initializer is object.__init__:
        raise AuthoringError(f"FORBIDDEN: {name} has no __init__ to guard; forbid the functions that give it")
    _replace(kind, "__init__", _guarded(initializer, name), undo)


def _holder(name: str) -> tuple[Any, str]:
    """The module or class that has the last part of a dotted name; None for what is not imported."""
    *path, last = name.split(".")
    for end in range(len(path), 0, -1):
        holder: Any = sys.modules.get(".".join(path[:end]))
        if holder is not None:
            for part in path[end:]:  # looked up without `__getattr__`, which imports what is lazy
                holder = inspect.getattr_static(holder, part, None)
            return (holder, last) if isinstance(holder, ModuleType | type) else (None, last)
    return None, last


@functools.lru_cache(maxsize=256)
def _homes(function: Callable[..., Any], package: str, _modules: int) -> list[tuple[ModuleType, str]]:
    """Where a package keeps a function: searched for only when the number of modules has changed."""
    return [
        (module, attribute)
        for name, module in list(sys.modules.items())
        if is_in(name, package) and isinstance(module, ModuleType)
        for attribute, value in list(vars(module).items())
        if value is function
    ]


def _guarded(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _check(name)
        return function(*args, **kwargs)

    with suppress(ValueError, TypeError):  # some built-in functions have no signature
        guarded.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return guarded


def _check(name: str) -> None:
    used = None
    for trips in _active:
        line = _calling_line(trips.filename)
        if name in trips.forbidden and line is not None:
            used = Use(name, line, trips.forbidden[name])
            trips.uses.append(used)
    if used is not None:
        raise ForbiddenUse(f"{used.name}: {used.advice}")


def _calling_line(filename: str) -> int | None:
    """The line of the file that is calling; None if the nearest caller is in another file.

    Passed over is what calls on behalf of others: the guards, code without a file, as `exec` runs it, and
    TensorFlow's `@tf.function`. The code that this makes of a learner's function is in a file of its own
    and keeps only the globals: then the line is 0.
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        name = frame.f_code.co_filename
        if is_of(name, filename):
            return frame.f_lineno
        if not (name.startswith("<") or name == _HERE or _AUTOGRAPH in name):
            return 0 if frame.f_globals.get("__file__") == filename else None
        frame = frame.f_back
    return None


_HERE: Final = _check.__code__.co_filename
_AUTOGRAPH: Final = os.path.join("tensorflow", "python", "autograph", "")


def _replace(owner: Any, attribute: str, value: Any, undo: ExitStack) -> None:
    before = vars(owner).get(attribute, _ABSENT)
    try:
        setattr(owner, attribute, value)
    except TypeError as error:
        raise AuthoringError(f"FORBIDDEN can't guard {attribute} of {owner!r}: {error}") from None
    undo.callback(_restore, owner, attribute, before)


_ABSENT: Final = object()


def _restore(owner: Any, attribute: str, before: Any) -> None:
    if before is not _ABSENT:
        setattr(owner, attribute, before)
    elif attribute in vars(owner):
        delattr(owner, attribute)
