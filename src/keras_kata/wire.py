"""Cases and observations as bytes, in msgpack: what goes into a worker, comes back, and is kept in a recording.

Never pickle: reading these bytes builds plain data and runs nothing, whoever wrote them. Types survive as they
are (a tuple is no list, a numpy number no Python number), because a submission must see the case that the
reference saw.
"""

import math
from typing import Any

import msgpack
import numpy as np

from keras_kata.authoring import REJECTED
from keras_kata.errors import WireError

__all__ = ["pack", "unpack"]

_ARRAY, _SCALAR, _TUPLE, _INTEGER, _COMPLEX, _REJECTED = range(1, 7)
_KINDS = "biufcU"  # bool, integers, floats, complex, text
_LONGEST_INTEGER = 4096  # bytes
_MOST_COPIES, _COPIED_AT_LEAST = 8, 1 << 16  # of the bytes of all tuples, by nesting

MOST_ITEMS = 20_000_000
"""How many values in lists, tuples and dicts are decoded; an observation holds 5 million at most."""


def pack(value: Any) -> bytes:
    """Encode plain data: None, bool, int, float, complex, str, bytes, numpy arrays and numbers, and lists, tuples
    and string-keyed dicts of these, and the marker REJECTED.

    Raises:
        WireError: some part is of another type; the message names it.
    """
    try:
        packed: bytes = msgpack.packb(value, default=_to_extension, strict_types=True)
    except (ValueError, RecursionError) as error:
        raise WireError(f"can't be encoded: {error}") from None
    return packed


def unpack(data: bytes, most_items: int = MOST_ITEMS) -> Any:
    """Decode what `pack` made; arrays are new and can be written to.

    Args:
        data: the bytes.
        most_items: how many values there may be in lists, tuples and dicts: a byte can ask for many.

    Raises:
        WireError: the bytes are damaged, cut, or never came from `pack`.
    """
    try:
        return _Decoder(most_items, _COPIED_AT_LEAST + _MOST_COPIES * len(data)).decode(data)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"can't be decoded: {type(error).__name__}: {error!s:.200}") from None


def _to_extension(value: Any) -> msgpack.ExtType:
    """Asked for whatever msgpack itself has no type for."""
    kind = type(value)
    if kind is np.ndarray or isinstance(value, np.generic):
        dtype = value.dtype
        if dtype.kind not in _KINDS:
            raise WireError(f"an array of kind {dtype} can't be encoded")
        code = _ARRAY if kind is np.ndarray else _SCALAR
        return msgpack.ExtType(code, msgpack.packb([dtype.str, value.shape, value.tobytes()]))
    if kind is tuple:
        return msgpack.ExtType(_TUPLE, pack(list(value)))
    if kind is int:  # over 64 bits
        length = value.bit_length() // 8 + 1
        if length > _LONGEST_INTEGER:
            raise WireError(f"an integer of {value.bit_length():,} bits is too long to be encoded")
        return msgpack.ExtType(_INTEGER, value.to_bytes(length, "big", signed=True))
    if kind is complex:
        return msgpack.ExtType(_COMPLEX, msgpack.packb([value.real, value.imag]))
    if value is REJECTED:
        return msgpack.ExtType(_REJECTED, b"")
    raise WireError(f"an object of type {kind.__name__} can't be encoded")


class _Decoder:
    """Reads bytes that may be made to take up the reader's memory.

    Args:
        items_left: how many values lists, tuples and dicts may hold.
        bytes_left: how many bytes may be copied for tuples, each of which is a message in a message.
    """

    def __init__(self, items_left: int, bytes_left: int) -> None:
        self.items_left = items_left
        self.bytes_left = bytes_left

    def decode(self, data: bytes) -> Any:
        return msgpack.unpackb(
            data,
            ext_hook=self._extension,
            list_hook=self._counted,
            object_pairs_hook=lambda pairs: dict(self._counted(pairs)),
            strict_map_key=True,
            max_array_len=self.items_left,
            max_map_len=self.items_left,
        )

    def _counted(self, items: Any) -> Any:
        self.items_left -= len(items) + 1
        if self.items_left < 0:
            raise ValueError("too many values")
        return items

    def _extension(self, code: int, data: bytes) -> Any:
        match code:
            case 1:  # _ARRAY
                return _array(data)
            case 2:  # _SCALAR
                return _array(data)[()]
            case 3:  # _TUPLE
                self.bytes_left -= len(data)
                if self.bytes_left < 0:
                    raise ValueError("tuples nested too deep")
                items = self.decode(data)
                if not isinstance(items, list):
                    raise ValueError("no tuple")
                return tuple(items)
            case 4:  # _INTEGER
                if len(data) > _LONGEST_INTEGER:
                    raise ValueError("too long an integer")
                return int.from_bytes(data, "big", signed=True)
            case 5:  # _COMPLEX
                return complex(*msgpack.unpackb(data))
            case 6:  # _REJECTED
                return REJECTED
        raise ValueError(f"unknown type {code}")


def _array(data: bytes) -> np.ndarray:
    kind, shape, content = msgpack.unpackb(data)
    dtype = np.dtype(str(kind))
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise ValueError(f"no array of kind {kind!r:.20}")
    if not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("no shape")
    if math.prod(shape) * dtype.itemsize != len(content):
        raise ValueError("the values do not fill the shape")
    return np.frombuffer(content, dtype).reshape(shape).copy()
