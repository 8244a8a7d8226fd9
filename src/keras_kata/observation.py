"""Turning what an implementation returns into plain data.

Plain data is None, bool, int, float, str, numpy arrays of numbers, and lists and string-keyed dicts of
these, plus the marker REJECTED. Whatever a submission's objects do when they are compared, printed or
converted, they do it here, once; nothing of theirs is compared later.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import GeneratorType
from typing import Any

import numpy as np

from keras_kata.authoring import REJECTED
from keras_kata.errors import UnusableValue

__all__ = ["AsArray", "plain"]

AsArray = Callable[[Any], np.ndarray | None]

MOST_LEVELS = 24
MOST_ITEMS = 5_000_000
_ADVICE = "Return numbers, text, lists, dicts, arrays or tensors."


def plain(value: Any, as_array: AsArray = lambda _: None) -> Any:
    """The plain data that `value` stands for; arrays are copied.

    Args:
        value: whatever a probe returned.
        as_array: turns a framework's tensor into an array; None for what is no tensor.

    Raises:
        UnusableValue: some part is of another type, nested more than 24 levels deep, or there is more
            than 5 million numbers of it. The message says which part.
    """
    return _Conversion(as_array).convert(value, "", 0)


class _Conversion:
    def __init__(self, as_array: AsArray) -> None:
        self.as_array = as_array
        self.items_left = MOST_ITEMS

    def convert(self, value: Any, path: str, level: int) -> Any:
        if level > MOST_LEVELS:
            raise UnusableValue(f"the result is nested more than {MOST_LEVELS} levels deep{_at(path)}")
        self._spend(1, path)
        kind = type(value)
        if value is None or value is REJECTED or kind in (bool, int, float, str):
            return value
        if kind in (Fraction, Decimal):
            return float(value)
        # Asked of the type, because an object can lie to isinstance about its class.
        if issubclass(kind, np.ma.MaskedArray):
            raise UnusableValue(f"the result is a masked array{_at(path)}; fill in what it hides. {_ADVICE}")
        if issubclass(kind, np.ndarray | np.generic | complex):
            return self._array(np.asarray(value), path)
        return self._subclass(value, path, level)

    def _subclass(self, value: Any, path: str, level: int) -> Any:
        """Containers, and subclasses of the built-in types, read by the built-in type's own methods."""
        kind = type(value)
        if issubclass(kind, dict):
            return self._dict(list(dict.items(value)), path, level)
        if issubclass(kind, tuple):
            return self._items(list(tuple.__iter__(value)), path, level)
        if issubclass(kind, list):
            return self._items(list(list.__iter__(value)), path, level)
        if kind is range:
            if value[MOST_ITEMS:]:
                self._spend(MOST_ITEMS + 1, path)
            return self._items(list(value), path, level)
        if issubclass(kind, int):
            return int.__index__(value)
        if issubclass(kind, float):
            return float.__pos__(value)
        if issubclass(kind, str):
            return str.__str__(value)
        try:
            array = self.as_array(value)
        except ValueError as error:
            raise UnusableValue(f"the result is {error}{_at(path)}. {_ADVICE}") from None
        if array is None:
            raise UnusableValue(f"the result is {_describe(value)}{_at(path)}. {_ADVICE}")
        return self._array(array, path)

    def _items(self, items: list[Any], path: str, level: int) -> list[Any]:
        return [self.convert(item, f"{path}[{index}]", level + 1) for index, item in enumerate(items)]

    def _dict(self, items: list[tuple[Any, Any]], path: str, level: int) -> dict[str, Any]:
        for key, _ in items:
            if type(key) is not str:
                kind = type(key).__name__
                raise UnusableValue(f"a dict has a key of type {kind}{_at(path)}; keys are text")
        return {key: self.convert(item, f"{path}[{key!r}]", level + 1) for key, item in items}

    def _array(self, array: np.ndarray, path: str) -> Any:
        """A copy of its own, as a plain array in the machine's byte order; text as a list."""
        array = np.asarray(array)  # a subclass's own class is left behind here
        self._spend(array.size, path)
        if array.dtype.kind == "U":
            return array.tolist()
        if array.dtype.name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
            return array.astype(np.float32)
        if array.dtype.kind not in "biufc":
            kind = f"{array.dtype} (ragged rows, or objects)"
            raise UnusableValue(f"the result is an array of kind {kind}{_at(path)}. {_ADVICE}")
        if array.dtype.char in "gG":  # a long double, whose width differs between systems
            return array.astype("float64" if array.dtype.char == "g" else "complex128")
        return array.astype(array.dtype.newbyteorder("="))

    def _spend(self, items: int, path: str) -> None:
        self.items_left -= items
        if self.items_left < 0:
            raise UnusableValue(f"the result holds more than {MOST_ITEMS:,} values{_at(path)}")


def _describe(value: Any) -> str:
    name = type(value).__name__
    if isinstance(value, GeneratorType) or name in ("map", "zip", "filter", "enumerate"):
        return f"a {name}, which has not computed anything yet"
    if isinstance(value, set | frozenset):
        return "a set, which has no order"
    if isinstance(value, type) or callable(value):
        return f"a function or class ({getattr(value, '__name__', name)!s:.60}), not what it returns"
    return f"an object of type {name!s:.60}"


def _at(path: str) -> str:
    return f" at {path}" if path else ""
