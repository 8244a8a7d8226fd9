"""Takes from Python what Windows does not have; Python runs this at its start where the folder is on PYTHONPATH."""

import os
import signal
import sys

MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
FUNCTIONS = ("fork", "forkpty", "killpg", "setsid", "getpgrp", "tcgetpgrp", "waitid", "nice", "geteuid")
SIGNALS = (
    "SIGALRM",
    "SIGHUP",
    "SIGTSTP",
    "SIGCONT",
    "SIGWINCH",
    "setitimer",
    "getitimer",
    "alarm",
    "ITIMER_REAL",
)


class Missing:
    """Finds none of the modules."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Say that a module does not exist; nothing of others."""
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}: it is taken away", name=name)


sys.meta_path.insert(0, Missing)
for module in MODULES:
    sys.modules.pop(module, None)
for attribute in FUNCTIONS:
    delattr(os, attribute)
for attribute in SIGNALS:
    delattr(signal, attribute)
