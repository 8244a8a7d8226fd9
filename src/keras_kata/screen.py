"""Showing views on a terminal of any width, or as lines where there is none."""

import contextlib
import os
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.text import Text

__all__ = ["Screen", "View"]

View = Callable[[int], Sequence[Text]]
"""What is to be shown, for a width in columns."""

_NARROWEST = 20


class Screen:
    """What is shown, on a terminal one view at a time; elsewhere one below the other."""

    def __init__(self, console: Console, *, keep: bool = False) -> None:
        self._console = console
        self._clears = console.is_terminal and not console.is_dumb_terminal and not keep
        self._view: View | None = None
        self._width = self.width

    @property
    def width(self) -> int:
        """How wide it is, in columns; a terminal itself knows better than COLUMNS, which may be of before."""
        width = self._console.width
        if self._clears:
            with contextlib.suppress(OSError, ValueError):
                width = os.get_terminal_size(self._console.file.fileno()).columns or width
        return max(width, _NARROWEST)

    def show(self, view: View) -> None:
        """Put a view in the place of the one before."""
        self._view, self._width = view, self.width
        if self._clears:
            self._console.clear()
        for line in view(self._width):
            self._console.print(line, soft_wrap=True)
        if not self._clears:
            self._console.print()

    def say(self, text: str) -> None:
        """Add a line to what is shown."""
        self._console.print(text, markup=False, soft_wrap=True)

    def refresh(self, *, always: bool = False) -> None:
        """Draw the view again where the width is another one."""
        if self._view is not None and self._clears and (always or self.width != self._width):
            self.show(self._view)
