"""What a sandboxed worker is held to: its limits, its protections, and what a system enforced of them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from keras_kata.errors import SandboxError, WireError

__all__ = ["DEMANDED", "PROTECTIONS", "Confinement", "Enforced", "readable_size"]

PROTECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "user namespace": "a user of its own, whose rights end at the sandbox",
        "file tree": "a root folder with Python, the engine and the grader, and nothing else of the system",
        "process namespace": "sees and signals no process outside; all of it ends with its first process",
        "network namespace": "no network, not even to this machine",
        "ipc namespace": "no shared memory or queues with processes outside",
        "landlock": "reads Python, the engine and the grader; writes to a scratch folder; runs no programs",
        "resource limits": "CPU time, memory, file size, open files",
        "process limit": "processes and threads, so that a fork bomb stops",
        "no new privileges": "no program can raise its rights; no capabilities; no debugger may attach",
        "control group": "memory and processes of all its descendants together",
    }
)
"""Every protection by name, with what it does."""

DEMANDED = frozenset(PROTECTIONS) - {"control group"}
"""What grading refuses to go without, unless it is allowed explicitly. Few users are given control groups."""

_ADVICE = {
    "user namespace": "Ask for `sysctl user.max_user_namespaces=15000`, on Ubuntu also "
    "`kernel.apparmor_restrict_unprivileged_userns=0`; in Docker run with `--security-opt seccomp=unconfined`.",
    "file tree": "It needs a user namespace, or root, and Linux 5.12.",
    "process namespace": "It needs a user namespace, or root.",
    "network namespace": "It needs a user namespace, or root.",
    "ipc namespace": "It needs a user namespace, or root.",
    "landlock": "It needs Linux 5.13 with `landlock` in the boot parameter `lsm=`.",
    "process limit": "It needs Linux 5.14, and a user other than root or a user namespace.",
    "control group": "Start the command by `systemd-run --user --scope -p Delegate=yes`.",
}


@dataclass(frozen=True)
class Confinement:
    """The limits of one worker, and which protections it may do without.

    Attributes:
        cpu: seconds of processor time, over all probes of a submission.
        memory: bytes beyond what the course's packages take.
        processes: processes and threads at one time.
        file: bytes of one file.
        scratch: bytes of all files together.
        output: bytes of one observation.
        open_files: files and sockets open at one time.
        allow: names of protections whose absence is accepted.

    Raises:
        SandboxError: a limit is not positive, or a name in `allow` is of no protection.
    """

    cpu: int = 1800
    memory: int = 2 << 30
    processes: int = 128
    file: int = 64 << 20
    scratch: int = 256 << 20
    output: int = 64 << 20
    open_files: int = 256
    allow: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if name != "allow" and (type(value) is not int or value <= 0):
                raise SandboxError(f"the limit `{name}` must be a positive whole number, not {value!r}")
        if unknown := sorted(self.allow - set(PROTECTIONS)):
            raise SandboxError(
                f"no protection is called {unknown[0]!r}. There are: {', '.join(PROTECTIONS)}."
            )

    def plain(self) -> dict[str, Any]:
        """The limits as numbers by name, for a worker; what is allowed to be missing is no concern of its."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "allow"}


@dataclass(frozen=True)
class Enforced:
    """What a worker's sandbox is made of, as recorded with every verdict.

    Attributes:
        names: the protections that hold.
        missing: why the others do not, in a few words.
        details: such as the ABI of Landlock.
    """

    names: tuple[str, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any) -> "Enforced":
        """What `plain` wrote.

        Raises:
            WireError: the data is of another form.
        """
        try:
            return cls(tuple(map(str, data["enforced"])), dict(data["missing"]), dict(data["details"]))
        except (KeyError, TypeError, ValueError) as error:
            raise WireError(f"no record of what a sandbox enforces: {error}") from None

    def plain(self) -> dict[str, Any]:
        """The same as plain data, for messages and for the results."""
        return {"enforced": list(self.names), "missing": dict(self.missing), "details": dict(self.details)}

    def common(self, other: "Enforced") -> "Enforced":
        """What holds here and there; a detail that differs is left out."""
        names = tuple(name for name in self.names if name in other.names)
        details = {key: value for key, value in self.details.items() if other.details.get(key) == value}
        return Enforced(names, {**self.missing, **other.missing}, details)

    def demand(self, confinement: Confinement) -> None:
        """Raise SandboxError where a protection is missing that is not allowed to be."""
        lacking = [name for name in PROTECTIONS if name in DEMANDED - set(self.names) - confinement.allow]
        if lacking:
            raise SandboxError(
                f"This system does not give the sandbox: {'; '.join(self.explain(lacking))}\n"
                "Nothing was graded. `kata doctor` tells more. To grade without, although submissions may then "
                f"do harm, say so: {' '.join(f'--allow {name!r}' for name in lacking)}"
            )

    def explain(self, names: Iterable[str]) -> list[str]:
        """For each missing protection, what it is, why it is missing, and how to get it."""
        return [
            f"{name} ({PROTECTIONS[name]}): {self.missing.get(name, 'not there')}. {_ADVICE.get(name, '')}".strip()
            for name in names
        ]


def readable_size(size: int) -> str:
    """A number of bytes as people write it, such as `2 GiB`."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
