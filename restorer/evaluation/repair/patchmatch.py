"""Holes filled with patches of the same picture, to compare with: PatchMatch and voting, coarse to fine.

In: a picture and its holes. Out: the picture with them filled. Every patch that reaches into a hole looks for
the patch outside that is most like it, by what its neighbours found and by random search (Barnes et al.,
"PatchMatch", 2009); then every hole pixel becomes the mean of what the patches over it say, the better ones
counting more (Wexler et al., "Space-Time Completion of Video", 2007). No package among ours has it."""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv

__all__ = ["fill_with_patches"]

REACH = 3
"""Pixels that a patch has on each side of its middle."""
ROUNDS, LAST = 6, 2
"""Searches and votes a size, and at full size, where they are slow and change least."""
LEVELS = 6
SMALLEST = 32
"""Pixels of the shorter side below which a picture is not halved any more."""


def fill_with_patches(picture: np.ndarray, marked: np.ndarray, seed: int = 0) -> np.ndarray:
    """(H, W, 3) uint8 with what is marked, (H, W) bool, filled; the rest to the bit. Where there is no whole
    patch to take from, the colours are Telea's."""
    if not marked.any():
        return picture
    cv2, random = opencv(), np.random.default_rng(seed)
    sizes = [(picture.astype(np.float32), marked)]
    while len(sizes) < LEVELS and min(sizes[-1][1].shape) >= 2 * SMALLEST and _deepest(sizes[-1][1]) > 1:
        sizes.append(_halved(*sizes[-1]))
    filled = None
    for level in range(len(sizes) - 1, -1, -1):
        plain, holes = sizes[level]
        if filled is None:
            rough = cv2.inpaint(plain.round().astype(np.uint8), holes.astype(np.uint8), 3, cv2.INPAINT_TELEA)
            filled = rough.astype(np.float32)
        else:
            filled = cv2.resize(filled, holes.shape[::-1], interpolation=cv2.INTER_CUBIC)
        filled = np.where(holes[..., None], filled, plain).clip(0, 255)
        filled = _completed(filled, holes, ROUNDS if level else LAST, random)
    assert filled is not None
    return np.where(marked[..., None], filled.round().astype(np.uint8), picture)


def _deepest(holes: np.ndarray) -> float:
    """Pixels from the middle of the widest hole to its rim."""
    cv2 = opencv()
    return float(cv2.distanceTransform(holes.astype(np.uint8), cv2.DIST_L2, 3).max())


def _halved(plain: np.ndarray, holes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half the size; known pixels alone make the colours, and a pixel is a hole if none of its was known."""
    cv2 = opencv()
    size = (max(1, holes.shape[1] // 2), max(1, holes.shape[0] // 2))
    known = (~holes).astype(np.float32)
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    colours = cv2.resize(plain * known[..., None], size, interpolation=cv2.INTER_AREA)
    return colours / np.maximum(share, 1e-6)[..., None], share < 0.3


def _completed(
    picture: np.ndarray, holes: np.ndarray, rounds: int, random: np.random.Generator
) -> np.ndarray:
    """(H, W, 3) float32 after some rounds of search and vote."""
    cv2 = opencv()
    height, width = holes.shape
    square = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    near = cv2.dilate(holes.astype(np.uint8), square) > 0
    inside = np.zeros_like(near)
    inside[REACH : height - REACH, REACH : width - REACH] = True
    whole = inside & ~near
    places = np.argwhere(near)
    places = places.clip(REACH, [height - REACH - 1, width - REACH - 1])
    places = np.unique(places, axis=0)
    sources = np.argwhere(whole)
    if not len(sources) or not len(places):
        return picture
    number = np.full((height, width), -1)
    number[places[:, 0], places[:, 1]] = np.arange(len(places))
    best = sources[random.integers(len(sources), size=len(places))]
    for _ in range(rounds):
        best, unlike = _searched(picture, places, best, whole, number, random)
        picture = _voted(picture, holes, places, best, unlike)
    return picture


def _patches(picture: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """(n, 3 (2 REACH + 1)^2) float32 around middles, (n, 2) as row and column."""
    side = 2 * REACH + 1
    windows = np.lib.stride_tricks.sliding_window_view(picture, (side, side), axis=(0, 1))
    return np.asarray(
        windows[middles[:, 0] - REACH, middles[:, 1] - REACH].reshape(len(middles), 3 * side * side)
    )


def _searched(
    picture: np.ndarray,
    places: np.ndarray,
    best: np.ndarray,
    whole: np.ndarray,
    number: np.ndarray,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """For patches at `places`, (n, 2), the like ones after a search that starts from `best`, and how unlike
    they are (squared, summed). whole: where patches may be taken. number: of the place at a pixel, or -1."""
    height, width = whole.shape
    wanted = _patches(picture, places)
    best = best.copy()
    unlike = np.square(_patches(picture, best) - wanted).sum(axis=1)

    def tried(candidates: np.ndarray, which: np.ndarray) -> None:
        """Take candidates that are better for the places numbered `which`."""
        fits = (candidates >= 0).all(axis=1) & (candidates < [height, width]).all(axis=1)
        candidates, which = candidates[fits], which[fits]
        fits = whole[candidates[:, 0], candidates[:, 1]]
        candidates, which = candidates[fits], which[fits]
        found = np.square(_patches(picture, candidates) - wanted[which]).sum(axis=1)
        better = found < unlike[which]
        best[which[better]], unlike[which[better]] = candidates[better], found[better]

    everyone = np.arange(len(places))
    for step in (
        1,
        -1,
        8,
        -8,
    ):  # far neighbours, too: all places are looked at at once, not one after another
        for axis in (0, 1):
            away = np.array([step, 0] if axis == 0 else [0, step])
            beside = (places + away).clip(0, [height - 1, width - 1])
            neighbour = number[beside[:, 0], beside[:, 1]]
            which = everyone[neighbour >= 0]
            tried(best[neighbour[which]] - away, which)
    reach = max(height, width) / 2
    while reach >= 1:
        tried(best + random.integers(-int(reach), int(reach) + 1, best.shape), everyone)
        reach /= 3
    return best, unlike


def _voted(
    picture: np.ndarray, holes: np.ndarray, places: np.ndarray, best: np.ndarray, unlike: np.ndarray
) -> np.ndarray:
    """The picture with its holes as the mean of what the patches over them say."""
    typical = max(float(np.quantile(unlike, 0.75)), 1e-3)
    weight = np.exp(-unlike / (2 * typical)).astype(np.float32) + np.float32(1e-6)
    total, said = np.zeros(holes.shape, np.float32), np.zeros_like(picture)
    for down in range(-REACH, REACH + 1):
        for across in range(-REACH, REACH + 1):
            away = np.array([down, across])
            there, source = places + away, best + away
            total[there[:, 0], there[:, 1]] += weight
            said[there[:, 0], there[:, 1]] += weight[:, None] * picture[source[:, 0], source[:, 1]]
    filled = holes & (total > 0)
    result = picture.copy()
    result[filled] = said[filled] / total[filled][:, None]
    return result
