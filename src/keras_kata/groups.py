"""Control groups: a limit on the memory and the processes of a worker with all its descendants, where we may.

Root may, and whom the system has delegated a group to. Both versions of the interface are known; in the first,
each controller has a tree of its own.
"""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ControlGroups", "Group"]

_CONTROLLERS = ("memory", "pids")
_KEEPERS = 2  # the processes beside the worker that are in its group


@dataclass(frozen=True)
class Group:
    """One worker's group.

    Attributes:
        folders: where it is, for each controller.
    """

    folders: Mapping[str, Path]

    def enter(self) -> None:
        """Move this process into the group; its children will be born there.

        Raises:
            OSError: the system does not allow it.
        """
        for folder in set(self.folders.values()):
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    @property
    def was_short_of_memory(self) -> bool:
        """Whether the kernel has killed one of its processes for want of memory."""
        for name in ("memory.events", "memory.oom_control"):  # version 2, version 1
            with suppress(OSError):
                counts = dict(
                    line.split() for line in (self.folders["memory"] / name).read_text().splitlines()
                )
                return int(counts.get("oom_kill", "0")) > 0
        return False

    def remove(self) -> None:
        """Take the group away; whatever should be left in it is killed."""
        for folder in set(self.folders.values()):
            with suppress(OSError):
                for process in (folder / "cgroup.procs").read_text().split():
                    with suppress(ProcessLookupError):
                        os.kill(int(process), signal.SIGKILL)
                folder.rmdir()


@dataclass
class ControlGroups:
    """The groups of one server's workers, below the group that the server itself is in.

    Attributes:
        problem: why there are none; empty where there are.
    """

    problem: str = ""
    _above: dict[str, Path] = field(default_factory=dict)
    _made: int = 0

    def __post_init__(self) -> None:
        try:
            found = _own_folders()
            for folder in set(found.values()):
                if (folder / "cgroup.controllers").exists():
                    _let_through(folder)
                _sweep(folder)
            for controller, folder in found.items():
                above = folder / f"kata-{os.getpid()}"
                above.mkdir(exist_ok=True)
                self._above[controller] = above
            for above in set(self._above.values()):
                if (above / "cgroup.controllers").exists():
                    (above / "cgroup.subtree_control").write_text("+memory +pids")
        except (OSError, ValueError) as error:
            self.problem = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            self.close()

    def make(self, memory: int, processes: int) -> Group | None:
        """A new group for one worker; None where there can be none.

        Args:
            memory: bytes that all its processes together may use beyond what they share with the server.
            processes: how many processes and threads the worker may have.
        """
        if self.problem:
            return None
        self._made += 1
        group = Group({name: above / str(self._made) for name, above in self._above.items()})
        try:
            for folder in set(group.folders.values()):
                folder.mkdir()
            _write_first(group.folders["memory"], ("memory.max", "memory.limit_in_bytes"), memory)
            with suppress(OSError):  # no swap, where it is counted at all
                _write_first(group.folders["memory"], ("memory.swap.max", "memory.swappiness"), 0)
            _write_first(group.folders["pids"], ("pids.max",), processes + _KEEPERS)
        except OSError as error:
            self.problem = error.strerror or str(error)
            group.remove()
            return None
        return group

    def close(self) -> None:
        """Take away what was made."""
        for above in set(self._above.values()):
            with suppress(OSError):
                above.rmdir()
        self._above = {}


def _own_folders() -> dict[str, Path]:
    """The folder of the group that this process is in, for each controller.

    Raises:
        ValueError: the system has none for one of them.
    """
    groups = {}  # of version 1 by controller; of version 2 under the empty name
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, group = line.split(":", 2)
        groups.update(dict.fromkeys(controllers.split(","), group))
    mounts = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind == "cgroup2":
            mounts[""] = before.split()[3:5]
        elif kind == "cgroup":
            mounts.update(dict.fromkeys(options.split(","), before.split()[3:5]))
    found = {}
    for controller in _CONTROLLERS:
        name = controller if controller in groups and controller in mounts else ""
        if name not in groups or name not in mounts:
            raise ValueError(f"the system has no control groups for {controller}")
        top, place = mounts[name]
        found[controller] = Path(place) / os.path.relpath(groups[name], top)
        if not name and controller not in (found[controller] / "cgroup.controllers").read_text().split():
            raise ValueError(f"no control of {controller} is delegated to this process's group")
    return found


def _sweep(folder: Path) -> None:
    """Take away what servers have left behind that were killed."""
    for above in folder.glob("kata-*"):
        if not Path(f"/proc/{above.name.removeprefix('kata-')}").exists():
            for group in (*above.glob("[0-9]*"), above):
                with suppress(OSError):
                    group.rmdir()


def _let_through(folder: Path) -> None:
    """In version 2, let groups below have the controllers. Above them there must be no process then.

    Raises:
        ValueError: there are other people's.
    """
    wanted = folder / "cgroup.subtree_control"
    if set(_CONTROLLERS) <= set(wanted.read_text().split()):
        return
    with suppress(OSError):
        wanted.write_text("+memory +pids")
        return
    inside = set((folder / "cgroup.procs").read_text().split())
    if not inside <= {str(os.getpid()), str(os.getppid())}:
        raise ValueError("the control group holds other processes too")
    ours = folder / "kata"
    ours.mkdir(exist_ok=True)
    for process in inside:
        (ours / "cgroup.procs").write_text(process)
    wanted.write_text("+memory +pids")


def _write_first(folder: Path, names: tuple[str, ...], value: int) -> None:
    """Write to the first of some files that exists: the versions name them differently."""
    for name in names:
        if (folder / name).exists():
            (folder / name).write_text(str(value))
            return
    raise FileNotFoundError(2, f"{folder} has no {names[0]}")
