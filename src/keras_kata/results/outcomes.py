"""Outcomes as what a database keeps: texts to be read, and bytes that become the same outcome again."""

import dataclasses
from typing import Any, get_args

from keras_kata.display import harmless, show
from keras_kata.errors import WireError
from keras_kata.verdicts import Difference, Mistake, Outcome
from keras_kata.wire import pack, unpack

__all__ = ["decode", "encode", "readable", "texts"]

MOST_BYTES = 1_000_000
"""Of one value in an outcome; a larger one is kept as its text."""

_MOST_CHARACTERS = 20_000
_MOST_ENTRIES = 100
_TYPES = {kind.__name__: kind for kind in get_args(Outcome)}
_PARTS: dict[str, type] = {"difference": Difference, "mistake": Mistake}
_TEXTS = ("case", "received", "expected", "difference", "mistake", "mistake_text", "error")


def encode(outcome: Outcome) -> bytes:
    """An outcome as bytes. A value that is too large, or can't be encoded, is replaced by its text."""
    fields = {name: _small(value) for name, value in _fields(outcome).items() if name not in _PARTS}
    for name in _PARTS:
        if (part := getattr(outcome, name, None)) is not None:
            fields[name] = {key: _small(value) for key, value in _fields(part).items()}
    return pack([type(outcome).__name__, fields])


def decode(data: bytes) -> Outcome:
    """The outcome that `encode` was given.

    Raises:
        WireError: the bytes are damaged, or another version of the engine wrote them.
    """
    try:
        name, fields = unpack(data)
        # Only these two fields are built: a submission's own dict stays a dict, whatever it looks like.
        parts = {key: kind(**fields[key]) for key, kind in _PARTS.items() if fields.get(key) is not None}
        outcome: Outcome = _TYPES[name](**(fields | parts))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WireError(f"no outcome of this version: {type(error).__name__}: {error!s:.200}") from None
    return outcome


def texts(outcome: Outcome) -> dict[str, str | None]:
    """The parts of an outcome that people search for and read, as text; None for what it has not."""
    parts: dict[str, str | None] = dict.fromkeys(_TEXTS)
    for name in ("case", "received", "expected"):
        if hasattr(outcome, name):
            parts[name] = readable(getattr(outcome, name))
    if not getattr(outcome, "has_expected", True):
        parts["expected"] = None
    if isinstance(difference := getattr(outcome, "difference", None), Difference):
        parts["difference"] = _clean(f"{difference.reason}{difference.path and f' at {difference.path}'}")
    if isinstance(mistake := getattr(outcome, "mistake", None), Mistake):
        parts["mistake"], parts["mistake_text"] = _clean(mistake.name), _clean(mistake.text)
    parts["error"] = _error(outcome)
    return parts


def readable(value: Any) -> str:
    """A value as text of a bounded length, without what a terminal or a database would stumble over."""
    return _clean(show(value))


def _error(outcome: Outcome) -> str | None:
    """What went wrong, for outcomes that are not about a wrong answer."""
    if hasattr(outcome, "uses"):
        return _clean(
            "\n".join(f"{name} (line {line or '?'}): {advice}" for name, line, advice in outcome.uses)
        )
    if hasattr(outcome, "limit"):
        return f"stopped after {outcome.limit:.1f} s"
    parts = [getattr(outcome, name, "") for name in ("error", "problem", "reason", "note", "detail")]
    return _clean("\n".join(filter(None, parts))) or None


def _clean(text: str) -> str:
    return "\n".join(map(harmless, text[:_MOST_CHARACTERS].split("\n")))


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _small(value: Any) -> Any:
    """A value that is sure to be encoded, in not too many bytes."""
    try:
        if len(pack(value)) <= MOST_BYTES:
            return value
        if not isinstance(value, dict):
            return readable(value)
    except WireError:
        pass
    if isinstance(value, dict):  # of a case, the rest stays as it is
        return {_clean(str(key)): _small(item) for key, item in list(value.items())[:_MOST_ENTRIES]}
    if isinstance(value, list | tuple):
        return type(value)(_small(item) for item in value[:_MOST_ENTRIES])
    return _clean(value) if isinstance(value, str) else readable(value)
