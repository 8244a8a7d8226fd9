"""Chromium without a window, for tests of what a page really shows."""

import shutil
import subprocess
from pathlib import Path

import pytest

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def found_chromium() -> str:
    """The browser's command; the test is skipped where there is none."""
    command = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if command is None:
        pytest.skip("no Chromium is installed, which this test looks at pages with")
    return command


def dump(url: str, folder: Path, *, wait: int = 0) -> str:
    """The page's elements after its scripts have run, as HTML.

    Args:
        folder: for the browser's profile.
        wait: milliseconds of the page's own time, for scripts that ask a server.
    """
    return _run(url, folder, wait, "--dump-dom")


def screenshot(url: str, folder: Path, *, wait: int = 0) -> Path:
    """A picture of the page, as a PNG file."""
    picture = folder / "page.png"
    _run(url, folder, wait, f"--screenshot={picture}", "--window-size=1200,1400")
    return picture


def _run(url: str, folder: Path, wait: int, *options: str) -> str:
    budget = [f"--virtual-time-budget={wait}"] if wait else []
    command = [found_chromium(), *_OPTIONS, f"--user-data-dir={folder / 'profile'}", *budget, *options, url]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout
