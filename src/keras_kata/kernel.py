"""The Linux system calls that the standard library does not have, by ctypes. Import it in Linux only."""

import ctypes
import os
import platform
from typing import Any

__all__ = [
    "attributes",
    "capabilities_dropped",
    "landlock",
    "mount",
    "pivot_root",
    "prctl",
    "unmount",
    "unshare",
]

# From <linux/sched.h>, <linux/mount.h>, <linux/prctl.h>, <linux/landlock.h>: the same on every architecture.
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x10000000, 0x20000000
CLONE_NEWNET, CLONE_NEWIPC = 0x40000000, 0x08000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_ENFORCE = 444, 445, 446

_SYS_MOUNT_SETATTR = 442
_SYS_KEYCTL, _SYS_KEYCTL_ELSEWHERE, _KEYCTL_JOIN_SESSION_KEYRING = {"x86_64": 250}, 219, 1
_MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_CAPABILITY_VERSION = 0x20080522
_MOST_CAPABILITIES = 64

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> int:
    """Call a function of the C library that returns -1 and sets errno on failure."""
    result: int = getattr(_libc, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Leave namespaces for new ones; CLONE_NEWPID is for the children to come.

    Raises:
        OSError: the kernel, or whoever configured it, does not allow it. So of all functions here.
    """
    _call("unshare", flags)


def prctl(option: int, value: int = 0) -> None:
    """Change an attribute of this process."""
    _call("prctl", option, *(ctypes.c_ulong(number) for number in (value, 0, 0, 0)))


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system, or bind a part of one to a second place."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _call("mount", texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])


def attributes(target: str, wanted: int, *, recursive: bool) -> None:
    """Set attributes, such as MOUNT_ATTR_RDONLY, of a mount, where `recursive` also of those inside (Linux 5.12)."""
    values = (ctypes.c_uint64 * 4)(wanted, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    arguments = (_AT_FDCWD, os.fsencode(target), flags, ctypes.byref(values), ctypes.c_size_t(32))
    _call("syscall", ctypes.c_long(_SYS_MOUNT_SETATTR), *arguments)


def pivot_root(folder: str) -> None:
    """Make a mounted folder the root, and let go of what was the root before."""
    os.chdir(folder)
    _call("pivot_root", b".", b".")
    unmount(".")
    os.chdir("/")


def unmount(target: str) -> None:
    """Take away what is mounted at a place; who still uses it goes on."""
    _call("umount2", os.fsencode(target), _MNT_DETACH)


def landlock(call: int, *arguments: Any) -> int:
    """One of the three system calls of Landlock, which have the same numbers on every architecture."""
    return _call("syscall", ctypes.c_long(call), *arguments)


def new_keyring() -> None:
    """Leave the kernel's key ring of this session, in which processes leave each other keys, for an empty one."""
    number = _SYS_KEYCTL.get(platform.machine(), _SYS_KEYCTL_ELSEWHERE)
    _call("syscall", ctypes.c_long(number), ctypes.c_int(_KEYCTL_JOIN_SESSION_KEYRING), None)


def capabilities_dropped() -> None:
    """Give up every capability, those that programs could bring back included."""
    for number in range(_MOST_CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            break  # past the last one, or without the right to; NO_NEW_PRIVS makes up for that
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
