"""Landlock: what files this process may touch from now on, also where it would have the rights."""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress

from keras_kata.kernel import (
    LANDLOCK_ADD,
    LANDLOCK_CREATE,
    LANDLOCK_ENFORCE,
    PR_SET_NO_NEW_PRIVS,
    landlock,
    prctl,
)

__all__ = ["highest_abi", "restrict"]

# <linux/landlock.h>. The rights that each version of the interface (ABI) knows; the last one knows all.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE = 1 << 14
_KNOWN_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_RIGHTS = 0b11  # bind and connect by TCP, from ABI 4
_SCOPES = 0b11  # abstract sockets and signals, from ABI 6
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_NOT_EVEN_IN_SCRATCH = _EXECUTE | _MAKE_CHAR | _MAKE_BLOCK
_ASKS_FOR_VERSION, _RULE_OF_PATH = 1, 1


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def highest_abi() -> int:
    """The version of Landlock that the kernel has.

    Raises:
        OSError: none, or it is switched off.
    """
    return landlock(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASKS_FOR_VERSION))


def restrict(readable: Iterable[str], writable: Iterable[str]) -> int:
    """Allow reading below some paths, reading and writing below others, and nothing else, for ever.

    No program can be executed, no TCP port used, no process outside signalled, as far as the ABI goes.

    Args:
        readable: paths; those that do not exist are passed over.
        writable: paths too; device files among them stay usable.

    Returns:
        The ABI that was used.

    Raises:
        OSError: the kernel has no Landlock.
    """
    abi = highest_abi()
    known = max((version for version in _KNOWN_FILE_RIGHTS if version <= abi), default=1)
    rights = _KNOWN_FILE_RIGHTS[known]
    handled = (ctypes.c_uint64 * 3)(rights, _NET_RIGHTS if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = landlock(LANDLOCK_CREATE, ctypes.byref(handled), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in readable:
            _allow(rules, path, _READ_FILE | _READ_DIR)
        for path in writable:
            _allow(rules, path, rights & ~_NOT_EVEN_IN_SCRATCH)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        landlock(LANDLOCK_ENFORCE, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)
    return abi


def _allow(rules: int, path: str, rights: int) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if os.path.isdir(path) else rights & _OF_FILES
            rule = _PathRule(allowed, place)
            kind = ctypes.c_int(_RULE_OF_PATH)
            landlock(LANDLOCK_ADD, ctypes.c_int(rules), kind, ctypes.byref(rule), ctypes.c_uint32(0))
        finally:
            os.close(place)
