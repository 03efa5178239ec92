"""Any size in bounded memory, without seams.

A picture is evaluated tile by tile at every step, and the tiles' centres are put together before the
sampler goes on, so no tile ever drifts away from its neighbours. Two rules make the result that of the
whole picture:

* a tile begins at a multiple of the network's stride, so its space-to-depth blocks and its halvings fall on
  the same pixels;
* around its centre it sees a margin of real picture. The network is local (no normalisation over space,
  no attention), so a margin as wide as its receptive field gives the very numbers of the whole;
  a much narrower one is enough to the eye (measured, and kept in the pack's config as `margin`).

At the picture's own edge a tile ends as the whole picture does.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Tile", "plan_tiles", "round_up", "within"]


@dataclass(frozen=True)
class Tile:
    """One tile of a picture: boxes as (left, top, width, height) in pixels.

    centre: what is kept. seen: what the network is given; contains the centre.
    """

    centre: tuple[int, int, int, int]
    seen: tuple[int, int, int, int]

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns of the centre within what is seen."""
        left, top = self.centre[0] - self.seen[0], self.centre[1] - self.seen[1]
        return slice(top, top + self.centre[3]), slice(left, left + self.centre[2])

    @property
    def outer(self) -> tuple[slice, slice]:
        """Rows and columns of the centre within the picture."""
        left, top, width, height = self.centre
        return slice(top, top + height), slice(left, left + width)

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of what is seen within the picture."""
        left, top, width, height = self.seen
        return slice(top, top + height), slice(left, left + width)


def round_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def _spans(length: int, side: int, margin: int, stride: int) -> list[tuple[int, int, int, int]]:
    """(start, end, seen start, seen end) along one axis, in near-equal parts of at most `side` pixels."""
    parts = -(-length // side)
    even = round_up(-(-length // parts), stride)
    spans = []
    for start in range(0, length, even):
        end = min(length, start + even)
        spans.append((start, end, max(0, start - margin), min(length, end + margin)))
    return spans


def plan_tiles(width: int, height: int, side: int, margin: int, stride: int) -> list[Tile]:
    """Tiles that cover a picture of width x height pixels, row by row.

    width, height: multiples of `stride`. side: largest side of a centre; at least `stride`. margin: pixels
    seen around a centre, rounded up to the stride. All parts of a row are nearly equal, so that none is a
    sliver.
    """
    if width % stride or height % stride:
        raise ValueError(f"{width} x {height} is no multiple of the stride {stride}")
    side = max(stride, side // stride * stride)
    margin = round_up(margin, stride)
    return [
        Tile((x0, y0, x1 - x0, y1 - y0), (sx0, sy0, sx1 - sx0, sy1 - sy0))
        for y0, y1, sy0, sy1 in _spans(height, side, margin, stride)
        for x0, x1, sx0, sx1 in _spans(width, side, margin, stride)
    ]


def within(tiles: list[Tile], box: tuple[int, int, int, int]) -> list[Tile]:
    """A plan of the whole as far as it lies in a box (left, top, width, height), in the box's own pixels.

    A tile sees no more there than it sees in the whole, so a part comes out as the whole does, seams and all.
    """
    kept = []
    for tile in tiles:
        centre, seen = _overlap(tile.centre, box), _overlap(tile.seen, box)
        if centre[2] > 0 and centre[3] > 0:
            kept.append(Tile(centre, seen))
    return kept


def _overlap(one: tuple[int, int, int, int], box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top = max(one[0], box[0]), max(one[1], box[1])
    right, bottom = min(one[0] + one[2], box[0] + box[2]), min(one[1] + one[3], box[1] + box[3])
    return left - box[0], top - box[1], right - left, bottom - top
