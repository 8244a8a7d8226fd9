"""Entering the sandbox, after a fork and before any submitted line runs. Import it in Linux only.

It is entered in two steps. `separate` is for the process that keeps the worker: namespaces, and the root folder
of its own. `confine` is for the worker: Landlock, limits, no capabilities. Whatever the system refuses is told.
"""

import os
import platform
import resource
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from keras_kata.confinement import Confinement, Enforced
from keras_kata.filetree import DEVICES, SCRATCH, enter_tree
from keras_kata.groups import Group
from keras_kata.kernel import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    capabilities_dropped,
    new_keyring,
    prctl,
    unshare,
)
from keras_kata.landlock import restrict

__all__ = ["Sandbox", "die_with_parent"]

_NOBODY = 65534
_PROCESS_LIMIT_PER_NAMESPACE = (5, 14)  # the Linux that counts processes in each user namespace
_RESERVED = 1 << 30  # address space that the C library and threads reserve and do not use


@dataclass
class Sandbox:
    """One worker's sandbox, while it is made.

    Attributes:
        limits: what the worker may use.
        readable: absolute paths that it may read.
        scratch: a folder that it may write to if it gets no root folder of its own.
        group: its control group, or why it has none.
    """

    limits: Confinement
    readable: Sequence[str]
    scratch: str
    group: Group | str
    names: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    _mapped: Mapping[str, int] = field(default_factory=dict)

    @property
    def enforced(self) -> Enforced:
        """What holds so far."""
        return Enforced(tuple(self.names), dict(self.missing), dict(self.details))

    def separate(self) -> None:
        """Enter new namespaces; the process namespace holds for children from now on. Needs a single thread."""
        self._mapped = _mapped()
        self._try("control group", self._enter_group)
        with suppress(OSError):  # if memory runs out, it is a worker that goes, not the judge
            _write("/proc/self/oom_score_adj", "800")
        processes = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            is_root = os.geteuid() == 0 and self._enter_tree()
            _become_nobody()
            prctl(PR_SET_DUMPABLE, 1)  # else this process's own /proc entries belong to root
            self._try("user namespace", lambda: _new_user(processes))
            if not is_root:
                self._enter_tree()
            self._try("network namespace", lambda: unshare(CLONE_NEWNET))
            self._try("ipc namespace", _separate_communication)
            self._try("process namespace", lambda: unshare(CLONE_NEWPID))
            with suppress(OSError):  # the sandbox's own user needs no namespaces below
                _write("sys/user/max_user_namespaces", "0", processes)
        finally:
            os.close(processes)
            prctl(PR_SET_DUMPABLE, 0)

    def confine(self) -> None:
        """Give up every right that is left; no way leads back."""
        has_tree = "file tree" in self.names
        scratch = SCRATCH if has_tree else self.scratch
        os.chdir(scratch)
        for name in ("HOME", "TMPDIR"):
            os.environ[name] = scratch
        tempfile.tempdir = None  # the server may have looked it up
        self._try("resource limits", self._limit_resources)
        self._try("process limit", self._limit_processes)
        self._try("landlock", lambda: self._landlock(scratch))
        self._try("no new privileges", _give_up_privileges)

    def _enter_group(self) -> None:
        if isinstance(self.group, str):
            raise ValueError(self.group)
        self.group.enter()

    def _enter_tree(self) -> bool:
        def enter() -> None:
            unshare(CLONE_NEWNS)
            enter_tree(self.readable, self.limits.scratch)

        return self._try("file tree", enter)

    def _try(self, name: str, enter: Callable[[], None]) -> bool:
        try:
            enter()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.missing[name] = f"{reason or error}"
            return False
        self.missing.pop(name, None)
        self.names.append(name)
        return True

    def _limit_resources(self) -> None:
        limits = self.limits
        memory = self._mapped["VmData"] + limits.memory
        # Writable private memory is what counts; a wider limit on all address space holds the shared kind.
        space = self._mapped["VmSize"] + limits.memory + _RESERVED
        for which, value in (
            (resource.RLIMIT_DATA, memory),
            (resource.RLIMIT_AS, space),
            (resource.RLIMIT_CPU, limits.cpu),
            (resource.RLIMIT_FSIZE, limits.file),
            (resource.RLIMIT_NOFILE, limits.open_files),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 1 << 20),
            (resource.RLIMIT_MSGQUEUE, 0),
        ):
            most = resource.getrlimit(which)[1]
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(which, (value, value))

    def _limit_processes(self) -> None:
        if os.getuid() == 0:
            raise ValueError("the kernel sets root no such limit")
        if _linux() < _PROCESS_LIMIT_PER_NAMESPACE or "user namespace" not in self.names:
            raise ValueError("the kernel would count the user's processes outside the sandbox too")
        resource.setrlimit(resource.RLIMIT_NPROC, (self.limits.processes, self.limits.processes))

    def _landlock(self, scratch: str) -> None:
        # A root folder of its own holds nothing that may not be read.
        readable = ["/"] if "file tree" in self.names else list(self.readable)
        self.details["landlock ABI"] = str(restrict(readable, [scratch, *DEVICES]))


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends. A change of user takes that back."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _new_user(processes: int) -> None:
    """A user namespace in which this user keeps its number, and no other exists.

    Args:
        processes: the open folder /proc.
    """
    user, group = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER)
    _write("self/setgroups", "deny", processes)
    _write("self/uid_map", f"{user} {user} 1", processes)
    _write("self/gid_map", f"{group} {group} 1", processes)


def _separate_communication() -> None:
    """No shared memory, queues or keys in common with processes outside."""
    unshare(CLONE_NEWIPC)
    with suppress(OSError):  # where key rings are switched off, a worker has none either
        new_keyring()


def _become_nobody() -> None:
    """As root, take another user: no limit on processes holds for root, and it owns too much."""
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError:  # a container that has no second user; what is missing then is told by the limits
        return


def _give_up_privileges() -> None:
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    capabilities_dropped()
    prctl(PR_SET_DUMPABLE, 0)


def _mapped() -> dict[str, int]:
    """Bytes of address space (VmSize) and of writable private memory (VmData) of this process."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        lines = [line.split() for line in file if line.startswith(("VmSize:", "VmData:"))]
    return {line[0].rstrip(":"): int(line[1]) * 1024 for line in lines}


def _write(path: str, text: str, folder: int | None = None) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _linux() -> tuple[int, ...]:
    numbers = platform.release().split("-")[0].split(".")[:2]
    return tuple(int(number) if number.isdigit() else 0 for number in numbers)
