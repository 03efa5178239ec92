"""How pictures share the canvas: ways to compare, what is in a pane, and where the panes lie.

In: the number of pictures, the size of the canvas, the shape of a picture. Out: cells
of one size, so that one `Viewport` serves all of them: zoom and pan are the same in each, to the pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.imaging.pyramid import Pyramid

Cell = tuple[int, int, int, int]  # left, top, width, height in device pixels


class Mode(Enum):
    """How two pictures are compared."""

    DIVIDER = "divider"
    SIDE = "side"
    BLINK = "blink"


@dataclass(frozen=True, eq=False)
class Pane:
    """One picture and the word for it."""

    label: str
    picture: Pyramid


def cells(
    count: int, canvas: tuple[float, float], picture: tuple[float, float], gap: int
) -> tuple[Cell, ...]:
    """`count` equal cells with gaps between them, in the grid that shows the picture largest."""
    width, height = int(canvas[0]), int(canvas[1])
    if count <= 1:
        return ((0, 0, width, height),)
    best: tuple[float, int, int, int, int] | None = None
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        across = max(1, (width - gap * (columns - 1)) // columns)
        down = max(1, (height - gap * (rows - 1)) // rows)
        zoom = min(across / picture[0], down / picture[1])
        if best is None or zoom > best[0]:
            best = (zoom, columns, rows, across, down)
    assert best is not None
    _, columns, _, across, down = best
    return tuple(
        (number % columns * (across + gap), number // columns * (down + gap), across, down)
        for number in range(count)
    )


def cell_at(cells: tuple[Cell, ...], x: float, y: float) -> int:
    """Number of the cell under a device point, or of the nearest one."""

    def distance(cell: Cell) -> float:
        left, top, width, height = cell
        dx = max(left - x, 0.0, x - (left + width))
        dy = max(top - y, 0.0, y - (top + height))
        return dx * dx + dy * dy

    return min(range(len(cells)), key=lambda number: distance(cells[number]))
