"""The same detail by every method side by side, at 100 %, so that figures can be checked by eye.

What comes in: pictures of one size with their labels. What goes out: one RGB picture. The detail is
the busiest square of the first picture, found by its gradients, so nobody chooses a flattering one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from restorer.evaluation.metrics import Picture, luma

__all__ = ["busiest", "side_by_side"]

_GAP = 8
_PAPER, _INK = (255, 255, 255), (20, 20, 20)


def busiest(picture: Picture, side: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the `side` x `side` square (or what fits) with the most gradient energy."""
    grey = luma(picture)
    height, width = grey.shape
    tall, wide = min(side, height), min(side, width)
    gradients = np.gradient(grey) if min(grey.shape) > 1 else [grey]
    energy = np.sum([np.abs(gradient) for gradient in gradients], axis=0)
    total = np.pad(energy.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    sums = total[tall:, wide:] - total[:-tall, wide:] - total[tall:, :-wide] + total[:-tall, :-wide]
    top, left = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(left), int(top), int(left) + wide, int(top) + tall


def side_by_side(
    pictures: Sequence[tuple[str, Picture]], *, title: str = "", side: int = 256, columns: int = 4
) -> Image.Image:
    """pictures: (label, (H, W, 3) uint8); labels may have lines. The first picture chooses the detail."""
    left, top, right, bottom = busiest(pictures[0][1], side)
    font = ImageFont.load_default(13)
    line = 16
    lines = max(label.count("\n") + 1 for label, _ in pictures)
    cell_width, cell_height = max(right - left, 200) + _GAP, bottom - top + lines * line + _GAP
    across = min(columns, len(pictures))
    rows = -(-len(pictures) // across)
    head = line + _GAP if title else 0
    sheet = Image.new("RGB", (across * cell_width + _GAP, rows * cell_height + _GAP + head), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_GAP, _GAP // 2), title, fill=_INK, font=font)
    for index, (label, picture) in enumerate(pictures):
        x, y = _GAP + index % across * cell_width, _GAP + head + index // across * cell_height
        sheet.paste(Image.fromarray(picture[top:bottom, left:right]), (x, y))
        draw.multiline_text((x, y + bottom - top + 1), label, fill=_INK, font=font, spacing=2)
    return sheet
