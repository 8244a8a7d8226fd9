"""The files that a sandboxed worker sees: a root folder of its own, with Python and little else, read-only."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import keras_kata
from keras_kata.errors import SandboxError
from keras_kata.kernel import (
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_RDONLY,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    attributes,
    mount,
    pivot_root,
    unmount,
)
from keras_kata.needs import package_folders

__all__ = ["DEVICES", "SCRATCH", "enter_tree", "python_paths", "refuse_secrets"]

SCRATCH = "/scratch"
"""The one folder that can be written to, in a root folder of a worker's own."""

_STAGE = "/tmp"  # exists everywhere; the new root is put together on top of it, for this process only

DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

_SYSTEM = (
    *("/usr", "/bin", "/lib", "/lib32", "/lib64"),
    # The loader's cache and Debian's links to libraries; the time zone; what TensorFlow asks about processors.
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/sys/devices/system/cpu"),
)
_ENGINE = str(Path(keras_kata.__file__).parent)
_MOST_FILES = 20_000


def python_paths() -> list[str]:
    """What Python, the installed packages and the engine need to run: paths as they are used."""
    prefixes = dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix))
    libraries = [os.path.join(prefix, name) for prefix in prefixes for name in ("lib", "lib64")]
    return [path for path in (*_SYSTEM, *libraries, *package_folders(), _ENGINE) if os.path.lexists(path)]


def refuse_secrets(readable: Iterable[str], secret: str) -> None:
    """Raise SandboxError where a folder that workers can read holds the secret one."""
    place = Path(os.path.realpath(secret))
    for path in readable:
        if place.is_relative_to(os.path.realpath(path)):
            raise SandboxError(
                f"{secret} is inside {path}, which submissions can read, as Python is there. Move the course."
            )


def enter_tree(readable: Iterable[str], scratch_size: int) -> None:
    """Make a root folder of nothing but `readable`, devices and a scratch folder. Needs a new mount namespace.

    Args:
        readable: absolute paths of files and folders, which stay where they are.
        scratch_size: bytes that fit into the scratch folder.

    Raises:
        OSError: the system does not allow it; the old root is still there.
    """
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    links, sources = _opened(_with_targets([*readable, *DEVICES]))
    mount("tmpfs", _STAGE, "tmpfs", MS_NOSUID | MS_NODEV, f"mode=755,size=1m,nr_inodes={_MOST_FILES}")
    try:
        for path, (source, is_folder) in sources.items():
            _bind(source, path, is_folder)
        for path, target in links.items():
            _make_parents(path)
            os.symlink(target, _STAGE + path)
        _make_scratch(scratch_size)
        _make_processes()
        attributes(_STAGE, MOUNT_ATTR_RDONLY, recursive=False)
    except OSError:
        unmount(_STAGE)
        raise
    finally:
        for source, _ in sources.values():
            os.close(source)
    pivot_root(_STAGE)


def _with_targets(paths: Iterable[str]) -> list[str]:
    """The paths and, where one is or goes through a link, also where that leads; what another holds left out."""
    kept: list[str] = []
    for path in sorted({*paths, *map(os.path.realpath, paths)}):
        if os.path.lexists(path) and not any(path.startswith(other + "/") for other in kept):
            kept.append(path)
    return kept


def _opened(paths: Iterable[str]) -> tuple[dict[str, str], dict[str, tuple[int, bool]]]:
    """Links by path, and all else opened, before the new root hides it."""
    links: dict[str, str] = {}
    sources: dict[str, tuple[int, bool]] = {}
    for path in paths:
        if os.path.islink(path):
            links[path] = os.readlink(path)
        else:
            sources[path] = (os.open(path, os.O_PATH | os.O_CLOEXEC), os.path.isdir(path))
    return links, sources


def _bind(source: int, path: str, is_folder: bool) -> None:
    target = _STAGE + path
    _make_parents(path)
    if is_folder:
        os.makedirs(target, exist_ok=True)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    mount(f"/proc/self/fd/{source}", target, None, MS_BIND | MS_REC)
    harmless = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID
    attributes(target, harmless if path in DEVICES else harmless | MOUNT_ATTR_NODEV, recursive=True)


def _make_parents(path: str) -> None:
    os.makedirs(os.path.dirname(_STAGE + path), exist_ok=True)


def _make_scratch(size: int) -> None:
    folder = _STAGE + SCRATCH
    os.mkdir(folder)
    options = f"mode=1777,size={size},nr_inodes={_MOST_FILES}"
    mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)
    os.mkdir(f"{folder}/.shm")
    os.chmod(f"{folder}/.shm", 0o1777)
    os.symlink(f"{SCRATCH}/.shm", f"{_STAGE}/dev/shm")  # where multiprocessing keeps its locks
    with suppress(FileExistsError):  # there is a /tmp where Python itself, or the course, is below it
        os.symlink(SCRATCH, f"{_STAGE}/tmp")


def _make_processes() -> None:
    """In place of /proc, which shows processes, the two entries without which TensorFlow ends itself."""
    own = f"{_STAGE}/proc/self"
    os.makedirs(own)
    os.symlink(os.path.realpath(sys.executable), f"{own}/exe")
    Path(own, "cmdline").write_bytes(b"python\0")
