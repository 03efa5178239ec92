"""Colour profiles: whether one fits its pixels, and one made where a file tells its colours in another way.

What comes in: ICC profiles as found; primaries, white and transfer curve as PNG, HEIF and EXIF tell them.
What goes out: a profile that can be written beside pixels of so many channels, or None, which means sRGB.

Source: ICC.1:2001-04 (version 2.4: header, tags, matrix and TRC model); ITU-T H.273, tables 2 and 3;
Bradford adaptation after Lam (1985), as in annex E of ICC.1:2010.
"""

from __future__ import annotations

import functools
import io
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import ImageCms

_SPACES = {1: b"GRAY", 3: b"RGB "}
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
"""Of profiles that say what colours pixels are; the others link two devices, or change colours."""
_HEAD, _MOST_TAGS = 132, 100
PQ, HLG = 16, 18
"""Transfer characteristics for brightness beyond white."""
_SAME = 0.005
"""How far a white or a primary may lie from sRGB's, in x and y, and still be meant as that."""
_SAME_GAMMA = 0.05

XY = tuple[float, float]


@dataclass(frozen=True)
class Space:
    """White, red, green and blue as x and y (CIE 1931)."""

    white: XY
    red: XY
    green: XY
    blue: XY

    def near(self, other: Space) -> bool:
        """Whether the two are meant as one."""
        pairs = zip(self._flat(), other._flat(), strict=True)
        return all(abs(one - two) <= _SAME for one, two in pairs)

    def _flat(self) -> tuple[float, ...]:
        return (*self.white, *self.red, *self.green, *self.blue)


_D65, _C = (0.3127, 0.329), (0.31, 0.316)
SRGB = Space(_D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
ADOBE_RGB = Space(_D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
ADOBE_GAMMA = 563 / 256
_SMPTE_170M = Space(_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07))
_PRIMARIES = {
    1: SRGB,
    4: Space(_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: Space(_D65, (0.64, 0.33), (0.29, 0.6), (0.15, 0.06)),
    6: _SMPTE_170M,
    7: _SMPTE_170M,
    8: Space(_C, (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
    9: Space(_D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046)),
    11: Space((0.314, 0.351), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    12: Space(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    22: Space(_D65, (0.63, 0.34), (0.295, 0.605), (0.155, 0.077)),
}
Curve = float | Callable[[np.ndarray], np.ndarray]
"""From code value to light, both in [0, 1]: an exponent, or a function."""


def srgb_curve(value: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1."""
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _bt709_curve(value: np.ndarray) -> np.ndarray:
    return np.where(value < 0.081, value / 4.5, ((value + 0.099) / 1.099) ** (1 / 0.45))


_TRANSFERS: dict[int, Curve] = {
    1: _bt709_curve,
    4: 2.2,
    5: 2.8,
    6: _bt709_curve,
    8: 1.0,
    13: srgb_curve,
    14: _bt709_curve,
    15: _bt709_curve,
}


def fitting(icc: bytes | None, channels: int) -> bytes | None:
    """The profile if it is a whole one for pixels of 1 or 3 channels, else None.

    Readers refuse a profile that is longer than it says, so what follows it is cut off.
    """
    if icc is None or len(icc) < _HEAD:
        return None
    size, number = int.from_bytes(icc[:4], "big"), int.from_bytes(icc[128:132], "big")
    if not _HEAD <= size <= len(icc):
        return None
    icc = icc[:size]
    tags = [
        struct.unpack_from(">4sII", icc, at) for at in range(_HEAD, min(size, _HEAD + 12 * number) - 11, 12)
    ]
    if (
        icc[36:40] != b"acsp"
        or icc[16:20] != _SPACES[channels]
        or icc[12:16] not in _CLASSES
        or icc[20:24] not in (b"XYZ ", b"Lab ")
        or not 0 < number == len(tags) <= _MOST_TAGS
        or any(at + length > size for _, at, length in tags)
    ):
        return None
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(icc))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    if icc[8] > 3 and size % 4:  # since version 4 the length is a multiple of four, and PNG readers insist
        # A profile with another length has another fingerprint (bytes 84 to 100); zeros say there is none.
        size += -size % 4
        icc = (size.to_bytes(4, "big") + icc[4:84] + bytes(16) + icc[100:]).ljust(size, b"\0")
    return icc


def known(primaries: int, transfer: int) -> bool:
    """Whether these numbers of H.273 tell colours that a profile can hold."""
    return primaries in _PRIMARIES and transfer in _TRANSFERS


def of_codes(primaries: int, transfer: int, channels: int) -> bytes | None:
    """The profile for colours told by the numbers of H.273; None for sRGB and for what is not told."""
    space, curve = _PRIMARIES.get(primaries), _TRANSFERS.get(transfer)
    if space is None or curve is None or (curve is srgb_curve and (space is SRGB or channels == 1)):
        return None
    return made(space, curve, channels, "Display P3" if (primaries, transfer) == (12, 13) else "")


def of_gamma(exponent: float | None, space: Space | None, channels: int) -> bytes | None:
    """The profile for a gamma (what a code value is raised to) and primaries, each None where it is not told;
    None where they are meant as sRGB."""
    if space is not None and (space.near(SRGB) or channels == 1 or not _sane(space)):
        space = None
    usual = exponent is None or not 0.2 < exponent < 5 or abs(exponent / 2.2 - 1) < _SAME_GAMMA
    if space is None and usual:
        return None
    curve: Curve = srgb_curve if usual or exponent is None else exponent
    return made(space or SRGB, curve, channels)


def adobe_rgb(channels: int) -> bytes | None:
    """The profile for Adobe RGB (1998)."""
    return made(ADOBE_RGB, ADOBE_GAMMA, channels, "Adobe RGB compatible")


@functools.lru_cache(maxsize=16)
def made(space: Space, curve: Curve, channels: int, name: str = "") -> bytes | None:
    """A display profile of version 2.4 for 1 or 3 channels; None where no colours can be told so."""
    if not _sane(space):
        return None
    label = (name or "As the file told its colours").encode("ascii") + b"\0"
    tags: dict[bytes, bytes] = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(label)) + label + bytes(78),
        b"cprt": b"text" + bytes(4) + b"Free to use\0",
        b"wtpt": _xyz(_D50),
    }
    trc = b"curv" + bytes(4)
    if callable(curve):
        table = np.rint(curve(np.linspace(0, 1, 1024)) * 65535).astype(">u2")
        trc += struct.pack(">I", len(table)) + table.tobytes()
    else:
        trc += struct.pack(">IH", 1, round(curve * 256))
    if channels == 1:
        tags[b"kTRC"] = trc
    else:
        to_d50 = _adaptation(_light(space.white))
        columns = to_d50 @ _matrix(space)
        tags[b"chad"] = b"sf32" + bytes(4) + _fixed(to_d50)
        for letter, column in zip((b"r", b"g", b"b"), columns.T, strict=True):
            tags[letter + b"XYZ"] = _xyz(column)
            tags[letter + b"TRC"] = trc
    return _packed(tags, _SPACES[channels])


def _packed(tags: dict[bytes, bytes], space: bytes) -> bytes:
    table, body, places = bytearray(), bytearray(), dict[bytes, int]()
    begin = _HEAD + 12 * len(tags)
    for tag, content in tags.items():
        if content not in places:  # the three curves are one
            places[content] = begin + len(body)
            body += content + bytes(-len(content) % 4)
        table += tag + struct.pack(">II", places[content], len(content))
    head = struct.pack(">I4xI4s4s4s", begin + len(body), 0x02400000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _fixed(_D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + bytes(table) + bytes(body)


_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _light(xy: XY) -> np.ndarray:
    return np.array([xy[0] / xy[1], 1.0, (1 - xy[0] - xy[1]) / xy[1]])


def _matrix(space: Space) -> np.ndarray:
    """From linear RGB to XYZ under the space's own white."""
    columns = np.stack([_light(space.red), _light(space.green), _light(space.blue)], axis=1)
    shares: np.ndarray = np.linalg.solve(columns, _light(space.white))
    return np.asarray(columns * shares)


def _adaptation(white: np.ndarray) -> np.ndarray:
    """From XYZ under `white` to XYZ under D50."""
    gains = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    adapted: np.ndarray = np.linalg.inv(_BRADFORD) @ gains @ _BRADFORD
    return adapted


def _sane(space: Space) -> bool:
    """Whether the primaries span colours around their white."""
    if any(not math.isfinite(value) or value < -1 or value > 2 for value in space._flat()):
        return False
    if min(y for _, y in (space.white, space.red, space.green, space.blue)) < 1e-3:
        return False
    try:
        matrix = _matrix(space)
    except np.linalg.LinAlgError:
        return False
    return bool((np.abs(matrix) < 4).all() and (matrix[1] > 0).all() and abs(np.linalg.det(matrix)) > 1e-3)


def _xyz(values: np.ndarray) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _fixed(values: np.ndarray) -> bytes:
    """Numbers with 16 bits behind the point."""
    return bytes(np.rint(values * 65536).astype(">i4").tobytes())
