"""Real Jupyter kernels of this very Python, for tests."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras_kata

LONG = 120


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment in which `python3` names a kernel of this Python with this engine.

    Args:
        folder: where the kernel's description may be written.
    """
    kernel = folder / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    description = {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(description), encoding="utf-8")
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "NBGRADER", "PYTEST"))
    }
    return own | {
        "JUPYTER_PATH": str(folder / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "HOME": str(folder),
        "PYTHONPATH": str(Path(keras_kata.__file__).parents[1]),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
    }


@dataclass
class Ran:
    """What running a cell gave.

    Attributes:
        value: the text of its last value.
        html: what it displayed, as HTML, and `text` as text.
        streams: what it wrote, by `stdout` and `stderr`.
        error: the exception's name and message.
    """

    value: str | None = None
    html: str = ""
    text: str = ""
    error: str = ""
    streams: dict[str, str] = field(default_factory=lambda: {"stdout": "", "stderr": ""})


class Kernel:
    """A running kernel."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, code: str) -> Ran:
        """Run a cell to its end."""
        ran = Ran()

        def take(message: Mapping[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    ran.streams[content["name"]] += content["text"]
                case "execute_result":
                    ran.value = content["data"]["text/plain"]
                case "display_data":
                    ran.html += content["data"].get("text/html", "")
                    ran.text += content["data"]["text/plain"]
                case "error":
                    ran.error = f"{content['ename']}: {content['evalue']}"

        self._client.execute_interactive(code, timeout=LONG, output_hook=take, store_history=True)
        return ran


@contextmanager
def running_kernel(folder: Path, cwd: Path, **environment: str) -> Iterator[Kernel]:
    """A kernel that works in `cwd`; it is ended with the block."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    env = kernel_environment(folder)
    specs = KernelSpecManager(kernel_dirs=[str(folder / "jupyter" / "kernels")])
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
    manager.start_kernel(cwd=str(cwd), env=env | environment)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=LONG)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
