"""After a run, without another one: how much of the restoration is taken, and the photo's own grain put back.

In: the photo, the result of a run of it, and a `Finish`. Out: the finished picture, whole or the part of it
that a view shows, at full size or reduced; the same pixels either way, and fast enough for a slider.

Strength mixes the plain enlargement, from which the run began, with the result. Grain is measured in the
photo where it is flat: how strong it is at each tone, and its spectrum. New grain of the same strength and
spectrum is made at the result's own pixels, for grain that is enlarged is blobs (as in film-grain synthesis
of AV1, Norkin and Birkbeck, DCC 2018, where grain is measured, left out of the picture and made anew). What
the result kept of it is not added twice. It is grain in brightness, the same in all channels. It belongs to a
place and a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from restorer.errors import RequestError
from restorer.opencv import opencv

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Box, FaceResult
    from restorer.pipeline.faces.layers import FaceLayer
    from restorer.pipeline.request import FaceChoice, RestoreRequest

__all__ = ["AS_RESTORED", "Finish", "Finisher", "Grain", "default_grain", "finish_of", "measure_grain"]

WINDOW = 32
"""Side of the windows in which grain is measured, in pixels."""
MOST_WINDOWS = 1500
"""Of a photo; twice as many tell a deviation that is a thirtieth apart."""
MOST_PLACES = 800
"""Windows of the result that tell what it kept, times the enlargement, which makes each larger."""
FLATTEST = 0.1
"""Share of the windows, those with the least detail, that speak for the photo."""
TONES = 8
LEAST_OF_TONE = 4
"""Windows of a tone below which its neighbours speak for it."""
TILE, BLOCK = 1024, 256
"""Sides of the field of grain that is made once, and of the blocks that are cut from it, each elsewhere."""
LEVELS = 4
"""Reductions by 2 up to which a view's grain is that of the picture, reduced; beyond, none is left to see."""
NEGLIGIBLE = 0.6
"""Grey levels below which it is no grain: rounding alone is 0.3."""
MOST_SEEN = 9
"""Arrays that are kept for the next call: three kinds of them for a view, its overview and a loupe."""
_MIDDLES = (np.arange(TONES) + 0.5) * 256 / TONES
_BAND = 1024


@dataclass(frozen=True)
class Finish:
    """strength: from 0, the plain enlargement, to 1, the result. grain: share of the photo's own grain that
    is put back, from 0 to 1. faces: restored faces that are not as the run left them, by number. Raises
    RequestError outside."""

    strength: float = 1.0
    grain: float = 0.0
    faces: tuple[FaceChoice, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.strength <= 1.0:
            raise RequestError(f"Strength must be between 0 and 1, not {self.strength}.")
        if not 0.0 <= self.grain <= 1.0:
            raise RequestError(f"Grain must be between 0 and 1, not {self.grain}.")

    @property
    def changes(self) -> bool:
        """Whether it makes another picture of the result."""
        return self.strength < 1.0 or self.grain > 0.0 or bool(self.faces)

    def facts(self) -> dict[str, str | int | float]:
        """What it adds to the provenance; of faces see `restorer.pipeline.faces.layers.facts_of_faces`."""
        mixed = self.strength < 1.0 or self.grain > 0.0
        return {"Strength": self.strength, "Grain": self.grain} if mixed else {}

    def with_face(self, choice: FaceChoice, as_run: FaceChoice) -> Finish:
        """The same with another choice for one face. as_run: what the run did with it."""
        others = tuple(each for each in self.faces if each.face != choice.face)
        faces = others if choice == as_run else (*others, choice)
        return replace(self, faces=tuple(sorted(faces, key=lambda each: each.face)))


AS_RESTORED = Finish()
"""Changes nothing."""


def finish_of(request: RestoreRequest) -> Finish:
    """What a request asks for."""
    grain = default_grain(request.fidelity) if request.grain is None else request.grain
    return Finish(request.strength, grain)


def default_grain(fidelity: float) -> float:
    """The grain of a request that does not say: a photo that is to be kept as it is keeps its grain."""
    return 1.0 if fidelity >= 1.0 else 0.0


@dataclass(frozen=True, eq=False)
class Grain:
    """Grain as measured. tones: (TONES,), its standard deviation in grey levels of 255 at evenly spaced tones
    from black to white. spectrum: (WINDOW, WINDOW), the power of its frequencies, with mean 1. places: (row,
    column) of the windows that tell it."""

    tones: np.ndarray
    spectrum: np.ndarray
    places: tuple[tuple[int, int], ...] = ()

    @property
    def sigma(self) -> float:
        """Its strength over all tones."""
        return float(np.sqrt(np.mean(self.tones**2)))


def measure_grain(photo: Photo) -> Grain | None:
    """The grain of a photo, or None where there is none to speak of or the photo is too small to tell."""
    rows, columns = (side // WINDOW for side in photo.pixels.shape[:2])
    if rows * columns < 4:
        return None
    every = max(1, int(np.ceil(np.sqrt(rows * columns / MOST_WINDOWS))))
    places = [(y * WINDOW, x * WINDOW) for y in range(0, rows, every) for x in range(0, columns, every)]
    windows, tone = _windows(photo, places, WINDOW)
    spread = windows.std(axis=(1, 2))
    chosen = _flattest(tone, spread)
    if not chosen.any():
        return None
    taper = np.outer(np.hanning(WINDOW + 1)[:-1], np.hanning(WINDOW + 1)[:-1])
    power = np.abs(np.fft.fft2(windows[chosen] * taper)) ** 2
    power /= np.maximum(power.sum(axis=(1, 2), keepdims=True), 1e-9)
    spectrum = power.mean(axis=0)
    spectrum[0, 0] = 0.0  # a brightness, and no grain
    grain = Grain(
        _by_tone(tone[chosen], spread[chosen]),
        spectrum / max(spectrum.mean(), 1e-12),
        tuple(place for place, taken in zip(places, chosen, strict=True) if taken),
    )
    return grain if grain.sigma >= NEGLIGIBLE else None


def _windows(photo: Photo, places: Sequence[tuple[int, int]], side: int) -> tuple[np.ndarray, np.ndarray]:
    """The windows of a photo that begin at (row, column), (N, side, side), less the plane that fits each
    best, and their mean tones, (N,), in grey levels of 255."""
    unit = 255 / np.iinfo(photo.pixels.dtype).max
    # Cut first and computed together: thousands of small sums would each wait for the window's thread.
    cuts = np.stack([photo.pixels[y : y + side, x : x + side] for y, x in places])
    windows = cuts[..., 0].astype(np.float32)
    for channel in range(1, cuts.shape[3]):
        windows += cuts[..., channel]
    windows *= np.float32(unit / cuts.shape[3])
    tone = windows.mean(axis=(1, 2))
    ramp = np.arange(side, dtype=np.float32) - (side - 1) / 2
    weight = float((ramp**2).sum()) * side
    across = np.einsum("nij,j->n", windows, ramp) / weight
    down = np.einsum("nij,i->n", windows, ramp) / weight
    windows -= tone[:, None, None] + across[:, None, None] * ramp + down[:, None, None] * ramp[:, None]
    return windows, tone


def _flattest(tone: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Which windows speak for the photo, (N,) bool: of each tone the flattest, for grain goes with tone."""
    # Paper white and the deepest black are clipped, and have no grain to show.
    shows = (tone > 6) & (tone < 249) & (spread > 0)
    chosen = np.zeros(len(tone), bool)
    for number in range(TONES):
        mine = shows & (_bins(tone) == number)
        if mine.sum() >= LEAST_OF_TONE:
            count = max(2, int(np.ceil(mine.sum() * FLATTEST)))
            chosen[np.flatnonzero(mine)[np.argsort(spread[mine])[:count]]] = True
    if not chosen.any() and shows.sum() >= 4:
        chosen[np.flatnonzero(shows)[np.argsort(spread[shows])[:2]]] = True
    return chosen


def _bins(tone: np.ndarray) -> np.ndarray:
    return np.clip(tone * TONES / 256, 0, TONES - 1).astype(int)


def _by_tone(tone: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """(TONES,) deviations; a tone without windows has those of its neighbours. One that has little but detail
    is held to thrice the calmest's and twice the middle one's."""
    place = _bins(tone)
    known = [number for number in range(TONES) if (place == number).any()]
    values = np.array([np.median(spread[place == number]) for number in known])
    values = np.minimum(values, min(2 * float(np.median(values)), 3 * float(values.min())))
    return np.asarray(np.interp(np.arange(TONES), known, values))


def _halved(pixels: np.ndarray, times: int) -> np.ndarray:
    """(h, w, channels) reduced by 2 by area, so many times; in steps, for a step by 2 is the fast one."""
    for _ in range(times):
        height, width, channels = pixels.shape
        size = max(1, width // 2), max(1, height // 2)
        reduced = opencv().resize(pixels, size, interpolation=opencv().INTER_AREA)
        pixels = np.asarray(reduced).reshape(size[1], size[0], channels)
    return pixels


Halves = Callable[[int], "np.ndarray | None"]
"""(h, w, channels) of a picture, reduced by 2 so many times; None where that is not known."""


def _no_halves(_: int) -> None:
    return None


class Finisher:
    """Finishes one result. source: the photo as the run got it. result: the run's picture of it, strength 1
    and no grain. seed: of the grain. grain: measured already; None measures it when it is first asked for.
    corner: of a region, where it begins in the whole result, in its pixels; `grain` is the whole photo's.
    layers, faces: of the result, as `Done` has them. halves, source_halves: of the result and the photo."""

    def __init__(
        self,
        source: Photo,
        result: Photo,
        seed: int = 0,
        grain: Grain | None = None,
        corner: tuple[int, int] | None = None,
        layers: tuple[FaceLayer, ...] = (),
        faces: tuple[FaceResult, ...] = (),
        halves: Halves = _no_halves,
        source_halves: Halves = _no_halves,
    ) -> None:
        self.layers, self._faces = layers, faces
        self.halves, self.source_halves = halves, source_halves
        self.source, self.result, self.seed = source.spread(), result, seed
        self._given, self._corner = grain, corner
        self._seen: dict[object, np.ndarray] = {}  # of the last views, for sliders move in them
        self._scale = result.size[0] // source.size[0]
        if result.size != (source.size[0] * self._scale, source.size[1] * self._scale):
            raise ValueError(f"{result.size} is no whole enlargement of {source.size}")

    @cached_property
    def grain(self) -> Grain | None:
        """The photo's grain."""
        return self._given or measure_grain(self.source)

    @cached_property
    def _places(self) -> Sequence[tuple[int, int]]:
        """Flat windows of the source, which in a region are its own."""
        grain = self.grain if self._corner is None else measure_grain(self.source)
        if grain is None:
            return ()
        return grain.places[:: max(1, len(grain.places) * self._scale // MOST_PLACES)]

    @cached_property
    def missing(self) -> np.ndarray:
        """(256,) float32: for each tone the deviation that the result lacks of the photo's grain."""
        if self.grain is None:
            return np.zeros(256, np.float32)
        # The same flat places, as large on the result, tell what it kept; where a region has none, nothing.
        if not self._places:
            return np.asarray(np.interp(np.arange(256), _MIDDLES, self.grain.tones), np.float32)
        places = [(y * self._scale, x * self._scale) for y, x in self._places]
        windows, _ = _windows(self.result, places, WINDOW * self._scale)
        before, _ = _windows(self.source, self._places, WINDOW)
        had, kept = before.std(axis=(1, 2)), windows.std(axis=(1, 2))
        share = float(np.median(np.sqrt(np.maximum(0.0, 1 - (kept / np.maximum(had, 1e-6)) ** 2))))
        lack = self.grain.tones * share
        return np.asarray(np.interp(np.arange(256), _MIDDLES, lack), np.float32)

    def whole(self, finish: Finish) -> Photo:
        """The finished picture, with all that belongs to the result."""
        if not finish.changes:
            return self.result
        out = np.empty_like(self.result.pixels)
        width, height = self.result.size
        for top in range(0, height, _BAND):
            box = (0, top, width, min(_BAND, height - top))
            out[top : top + _BAND] = self.part(box, finish)
        return replace(self.result, pixels=out)

    def part(self, box: Box, finish: Finish, level: int = 0) -> np.ndarray:
        """What a view shows of the finished picture: (h, w, channels) in the result's type.

        box: in the result's pixels. level: how often the view halves the picture, up to LEVELS; the box's
        corner is a multiple of 2 to that power. The grain is the whole picture's, reduced by area.
        """
        left, top, width, height = box
        picture = self.result.pixels[top : top + height, left : left + width]
        if finish.faces and self.layers:
            versions = tuple(len(layer.versions) for layer in self.layers)  # of which more may be made
            faced = self._faced(picture, box, finish.faces)
            picture = self._halved(("faced", box, finish.faces, versions), faced, level)
        elif level:
            picture = self._halved(("reduced", box), picture, level, self.halves, (left, top))
        if finish.strength < 1.0:
            plain = self._plain(box, level, (picture.shape[1], picture.shape[0]))
            mixed = opencv().addWeighted(
                np.ascontiguousarray(picture),
                finish.strength,
                np.ascontiguousarray(plain),
                1 - finish.strength,
                0,
            )
            picture = np.asarray(mixed).reshape(picture.shape)
        if finish.grain > 0.0 and level <= LEVELS and bool(self.missing.any()):
            picture = self._grained(picture, (left, top), level, finish.grain)
        return picture

    def _faced(self, pixels: np.ndarray, box: Box, faces: tuple[FaceChoice, ...]) -> np.ndarray:
        """A part of the result with its faces as they were chosen since."""
        from restorer.pipeline.faces.layers import chosen, faced

        return faced(pixels, box, self.layers, chosen(self._faces, faces))

    def _again(self, key: object, make: Callable[[], np.ndarray]) -> np.ndarray:
        """What was made before for one of the last views, where it is the same one."""
        array = self._seen.pop(key, None)
        array = make() if array is None else array
        self._seen[key] = array  # the one that was used last comes last
        while len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        return array

    def _halved(
        self,
        key: tuple[object, ...],
        pixels: np.ndarray,
        level: int,
        halves: Halves = _no_halves,
        corner: tuple[int, int] = (0, 0),
    ) -> np.ndarray:
        """A part of a picture, halved: cut from what the caller has of the picture, or made from what one of
        the last views had of the part, where there is such a thing."""
        known = halves(level)
        if known is not None:
            (left, top), (height, width) = corner, pixels.shape[:2]
            x, y = left >> level, top >> level
            return known[y : y + max(1, height >> level), x : x + max(1, width >> level)]
        finer = next((each for each in range(level - 1, 0, -1) if (*key, each) in self._seen), 0)
        source = self._seen[*key, finer] if finer else pixels
        return self._again((*key, level), lambda: _halved(source, level - finer))

    def _plain(self, box: Box, level: int, size: tuple[int, int]) -> np.ndarray:
        """The plain enlargement in a box of the result, halved to `size`."""
        if 2**level % self._scale:
            return self._again(("enlarged", box, size), lambda: self._enlarged(box, size))
        # The view is no finer than the photo: its own pixels are what the enlargement comes to, reduced.
        left, top, width, height = (side // self._scale for side in box)
        some = self.source.pixels[top : top + height, left : left + width]
        times = (2**level // self._scale).bit_length() - 1
        return self._halved(("plain", box), some, times, self.source_halves, (left, top))

    def _enlarged(self, box: Box, size: tuple[int, int]) -> np.ndarray:
        """The photo in a box of the result, bicubically enlarged with Pillow's kernel, as networks get it."""
        left, top, width, height = (side / self._scale for side in box)
        reach = 4 + int(2 * max(1.0, width / size[0]))
        x0, y0 = max(0, int(left) - reach), max(0, int(top) - reach)
        x1 = min(self.source.size[0], int(np.ceil(left + width)) + reach)
        y1 = min(self.source.size[1], int(np.ceil(top + height)) + reach)
        some = self.source.pixels[y0:y1, x0:x1]
        place = (left - x0, top - y0, left - x0 + width, top - y0 + height)
        if some.dtype == np.uint8 and some.shape[2] == 3:
            image = Image.fromarray(np.ascontiguousarray(some)).resize(size, Image.Resampling.BICUBIC, place)
            return np.asarray(image)
        planes = [
            np.asarray(
                Image.fromarray(some[..., channel].astype(np.float32)).resize(
                    size, Image.Resampling.BICUBIC, place
                )
            )
            for channel in range(some.shape[2])
        ]
        top_value = np.iinfo(some.dtype).max
        return np.asarray(np.rint(np.clip(np.stack(planes, axis=2), 0, top_value)), some.dtype)

    def _grained(self, picture: np.ndarray, corner: tuple[int, int], level: int, amount: float) -> np.ndarray:
        cv2 = opencv()
        height, width, channels = picture.shape
        place = corner, (width, height), level
        noise = self._again(("noise", *place), lambda: self._noise(*place))
        eight = picture if picture.dtype == np.uint8 else (picture >> 8).astype(np.uint8)
        grey = cv2.cvtColor(eight, cv2.COLOR_RGB2GRAY) if channels == 3 else eight[..., 0]
        unit = np.iinfo(picture.dtype).max / 255
        amplitude = cv2.LUT(np.ascontiguousarray(grey), self.missing * np.float32(amount * unit))
        whole = cv2.multiply(noise, amplitude, dtype=cv2.CV_16S)  # rounded once, for the picture's are whole
        spread = cv2.merge([whole] * channels) if channels > 1 else whole
        kind = cv2.CV_8U if picture.dtype == np.uint8 else cv2.CV_16U
        grained = cv2.add(np.ascontiguousarray(picture), spread.reshape(picture.shape), dtype=kind)
        return np.asarray(grained).reshape(picture.shape)

    @cached_property
    def _fields(self) -> list[np.ndarray]:
        """Grain of deviation 1 and the photo's spectrum on a torus of TILE pixels, and its reductions."""
        assert self.grain is not None
        white = np.random.Generator(np.random.Philox(self.seed)).standard_normal((TILE, TILE))
        # The spectrum between the frequencies of a window, by the window's own smoothness.
        shift = np.fft.fftshift(self.grain.spectrum)
        larger = opencv().resize(shift, (TILE, TILE), interpolation=opencv().INTER_LINEAR)
        gain = np.sqrt(np.maximum(np.fft.ifftshift(np.asarray(larger)), 0))
        field = np.fft.irfft2(np.fft.rfft2(white) * gain[:, : TILE // 2 + 1], (TILE, TILE))
        fields = [(field / field.std()).astype(np.float32)]
        for _ in range(LEVELS):
            fields.append(_halved(fields[-1][..., None], 1)[..., 0])
        return fields

    def _noise(self, corner: tuple[int, int], size: tuple[int, int], level: int) -> np.ndarray:
        """(height, width) of the grain at a place of the result, reduced `level` times."""
        field, unit, block = self._fields[level], 2**level, BLOCK >> level
        left, top = (
            (start + side) // unit for start, side in zip(self._corner or (0, 0), corner, strict=True)
        )
        width, height = size
        out = np.empty((height, width), np.float32)
        for row in range(top // block, -(-(top + height) // block)):
            for column in range(left // block, -(-(left + width) // block)):
                y, x = row * block - top, column * block - left
                y0, y1, x0, x1 = max(0, y), min(height, y + block), max(0, x), min(width, x + block)
                # Blocks begin where reductions begin too, and none goes over the field's edge.
                spots = (TILE - BLOCK) // 2**LEVELS
                key = np.random.SeedSequence([self.seed, row, column]).generate_state(2)
                fy, fx = (int(each) % (spots + 1) * 2**LEVELS // unit for each in key)
                out[y0:y1, x0:x1] = field[fy + y0 - y : fy + y1 - y, fx + x0 - x : fx + x1 - x]
        return out
