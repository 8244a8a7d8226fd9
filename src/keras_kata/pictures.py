"""Pictures of arrays: images, masks, kernels, attention weights, confusion matrices, and other matrices.

Received and expected are drawn side by side on one scale of colours, with their difference. Every picture has a
text that says the same to who does not see it. Without matplotlib there are no pictures.
"""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Picture", "compared", "is_drawable", "single"]

_MOST_SHOWN = 4  # of a batch
_LONGEST_SIDE = 1024
_MOST_WIDE = 64  # pixels of a matrix in which values can still be told
_DIFFERENT = 1e-5


@dataclass(frozen=True)
class Picture:
    """A PNG image.

    Attributes:
        uri: the image itself, as a data URI.
        alt: what is to be seen on it.
    """

    uri: str
    alt: str


def is_drawable(value: Any) -> bool:
    """Whether an array is like an image or a matrix, or a small batch of these: 2 x 2 numbers or more.

    That is (h, w), (h, w, 1 or 3), (n, h, w) and (n, h, w, c) and (n, heads, h, w) of numbers or bools.
    """
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or value.size == 0:
        return False
    panels = _panels(value)
    return bool(panels) and all(2 <= side <= _LONGEST_SIDE for side in panels[0].shape[:2])


def single(name: str, value: np.ndarray) -> Picture | None:
    """A picture of one array; None where there is no matplotlib."""
    return _drawn([(name, _panels(value), _scale(value))], f"{name}: {_described(value)}.")


def compared(received: np.ndarray, expected: np.ndarray) -> Picture | None:
    """Received, expected and their difference side by side; without the difference where shapes differ.

    None where there is no matplotlib.
    """
    alt = f"Received: {_described(received)}. Expected: {_described(expected)}."
    scale = _scale(received, expected)
    columns = [("received", _panels(received), scale), ("expected", _panels(expected), scale)]
    if received.shape == expected.shape:
        difference = _difference(received, expected)
        # `_panels` sees colours as one picture, so the difference has one number where they have three.
        flat = [np.abs(panel).max(axis=-1) if panel.ndim == 3 else panel for panel in _panels(difference)]
        bound = max((abs(_scale(panel)[0]), abs(_scale(panel)[1])) for panel in flat)
        most = max(*bound, 1e-12)
        columns.append(("difference", flat, (-most, most)))
        alt += f" {_where(difference)}"
    return _drawn(columns, alt)


def _panels(value: np.ndarray) -> list[np.ndarray]:
    """The matrices (h, w) and colour images (h, w, 3) that an array consists of, the first few."""
    if value.ndim == 2:
        return [value]
    if value.ndim == 3:
        if value.shape[-1] in (1, 3) and min(value.shape[:2]) >= 2:
            return [value[..., 0] if value.shape[-1] == 1 else value]
        return list(value[:_MOST_SHOWN])
    if value.ndim == 4:
        if value.shape[-1] in (1, 3) and min(value.shape[1:3]) >= 2:
            return [panel for image in value[:_MOST_SHOWN] for panel in _panels(image)]
        return list(value.reshape(-1, *value.shape[2:])[:_MOST_SHOWN])
    return []


def _difference(received: np.ndarray, expected: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        difference: np.ndarray = received.astype("float64") - expected.astype("float64")
    difference[(received == expected) | (np.isnan(difference) & np.isnan(received) & np.isnan(expected))] = 0
    return difference


def _scale(*values: np.ndarray) -> tuple[float, float]:
    finite = [array[np.isfinite(array)] for array in (value.astype("float64") for value in values)]
    numbers = np.concatenate([array.ravel() for array in finite])
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)


def _described(value: np.ndarray) -> str:
    size = " x ".join(map(str, value.shape))
    finite = value[np.isfinite(value)]
    odd = value.size - finite.size
    unnumbered = f", {odd} of them NaN or infinite" if odd else ""
    if not finite.size:
        return f"{size}{unnumbered}"
    return f"{size}, values from {float(finite.min()):.6g} to {float(finite.max()):.6g}{unnumbered}"


def _where(difference: np.ndarray) -> str:
    apart = ~(np.abs(difference) <= _DIFFERENT)  # NaN is apart too
    count = int(apart.sum())
    if not count:
        return "The values are the same."
    first = ", ".join(str(int(index)) for index in np.argwhere(apart)[0])
    finite = np.abs(difference[np.isfinite(difference)])
    most = f", by at most {float(finite.max()):.6g}" if finite.size else ""
    return f"They differ at {count} of {difference.size} places, first at [{first}]{most}."


Column = tuple[str, Sequence[np.ndarray], tuple[float, float]]


def _drawn(columns: Sequence[Column], alt: str) -> Picture | None:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    rows = max(len(panels) for _, panels, _ in columns)
    figure = Figure(figsize=(2.6 * len(columns), 2.4 * rows), dpi=80, layout="constrained")
    canvas: Any = FigureCanvasAgg(figure)
    grid = figure.subplots(rows, len(columns), squeeze=False)
    for place, (title, panels, scale) in enumerate(columns):
        for row in range(rows):
            axes = grid[row][place]
            axes.set_axis_off()
            if row < len(panels):
                _draw(figure, axes, panels[row], scale, "RdBu_r" if title == "difference" else "viridis")
                axes.set_title(title if row == 0 else "", fontsize=10)
    buffer = io.BytesIO()
    canvas.print_png(buffer)
    return Picture("data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii"), alt)


def _draw(figure: Any, axes: Any, panel: np.ndarray, scale: tuple[float, float], colours: str) -> None:
    low, high = scale
    if panel.ndim == 3:
        spread = 255.0 if panel.dtype == np.uint8 else max(high, 1.0) - min(low, 0.0)
        shown = (panel.astype("float64") - (0.0 if panel.dtype == np.uint8 else min(low, 0.0))) / spread
        axes.imshow(np.clip(np.nan_to_num(shown), 0, 1), interpolation="nearest")
        return
    masked = np.ma.masked_invalid(panel.astype("float64"))
    axes.set_facecolor("0.6")
    image = axes.imshow(masked, vmin=low, vmax=high, cmap=colours, interpolation="nearest", aspect="equal")
    if math.isfinite(high - low) and max(panel.shape) <= _MOST_WIDE:
        figure.colorbar(image, ax=axes, fraction=0.046, pad=0.04).ax.tick_params(labelsize=7)
