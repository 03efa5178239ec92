"""All of a result but its pixels, as JSON: its figures, and what its photo carries along.

In: a `Done`. Out: a text beside the file of the pixels, and from it the same `Done` again, whose photo has a
single pixel. What is read may be damaged or made to harm: anything but plain values of the right kinds raises
ValueError.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.workers.damage.filled_pixels_files import mended_from
from ui.workers.faces.layer_files import layers_from, plain_layers

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Done

BLOCKS = ("icc", "exif", "xmp", "iptc")
MOST_SIDE = 2**20
_PLAIN = {"photo", "provenance", "stopped", "faces", "face_layers", "mended"}
"""Fields of a result that are no single value."""


def plain_figures(done: Done) -> dict[str, Any]:
    """The figures as values that JSON knows."""
    plain = {
        field.name: getattr(done, field.name)
        for field in dataclasses.fields(done)
        if field.name not in _PLAIN and isinstance(getattr(done, field.name), str | int | float)
    }
    faces = [dataclasses.asdict(face) | {"treatment": face.treatment.value} for face in done.faces]
    return plain | {
        "photo": _plain_photo(done.photo),
        "provenance": done.provenance,
        "stopped": done.stopped,
        "faces": faces,
        "face_layers": plain_layers(done.face_layers),
        "mended": None if done.mended is None else len(done.mended.places),
    }


def figures_from(plain: Any) -> Done:
    """The figures again. Raises ValueError."""
    from restorer.pipeline.events import Done

    try:
        known = {field.name for field in dataclasses.fields(Done)}
        values = {name: value for name, value in plain.items() if name in known}
        types = {"model": str, "device": str, "seed": int, "evaluations": int}
        numbers = dict.fromkeys(("seconds", "megapixels", "consistency", "restored"), (int, float))
        for name, kind in (types | numbers).items():
            if name in values and (not isinstance(values[name], kind) or isinstance(values[name], bool)):
                raise ValueError(f"{name} is of another kind")
        facts = values["provenance"]
        if not all(
            isinstance(key, str) and isinstance(fact, str | int | float) for key, fact in facts.items()
        ):
            raise ValueError("no provenance of ours")
        stopped = values.get("stopped")
        values["stopped"] = None if stopped is None else (int(stopped[0]), int(stopped[1]))
        values["faces"] = tuple(map(_face_from, values.get("faces", ())))
        values["photo"] = _photo_from(values["photo"])
        values["face_layers"] = layers_from(values.get("face_layers", []), values["photo"].pixels)
        values["mended"] = mended_from(values.get("mended"), values["photo"].pixels)
        return Done(**values)
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError, binascii.Error) as error:
        raise ValueError(str(error)) from error


def _face_from(plain: dict[str, Any]) -> Any:
    from restorer.photo.faces import Face
    from restorer.pipeline.events import FaceResult, Treatment

    face = plain["face"]
    pairs = {name: (float(face[name][0]), float(face[name][1])) for name in ("centre", "size")}
    landmarks = tuple((float(x), float(y)) for x, y in face["landmarks"])
    found = Face(**pairs, roll=float(face["roll"]), landmarks=landmarks, score=float(face["score"]))
    seed = plain.get("seed")
    return FaceResult(
        int(plain["number"]),
        found,
        Treatment(plain["treatment"]),
        float(plain.get("strength", 1.0)),
        None if seed is None else int(seed),
    )


def _plain_photo(photo: Photo) -> dict[str, Any]:
    blocks = {name: getattr(photo, name) for name in BLOCKS}
    return {
        "bits": photo.bits,
        "channels": photo.pixels.shape[2],
        "alpha": photo.alpha is not None,
        "dpi": photo.dpi,
        "path": None if photo.path is None else str(photo.path),
        **{name: None if data is None else base64.b64encode(data).decode() for name, data in blocks.items()},
    }


def _photo_from(plain: dict[str, Any]) -> Photo:
    """With a single pixel."""
    import numpy as np

    from restorer.photo import Photo

    kinds = {8: np.uint8, 16: np.uint16}
    kind, dpi, path = kinds[plain["bits"]], plain["dpi"], plain["path"]
    blocks = {
        name: None if plain[name] is None else base64.b64decode(plain[name], validate=True) for name in BLOCKS
    }
    return Photo(
        np.zeros((1, 1, plain["channels"]), kind),
        np.zeros((1, 1), kind) if plain["alpha"] is True else None,
        dpi=None if dpi is None else (float(dpi[0]), float(dpi[1])),
        path=None if path is None else Path(path),
        **blocks,
    )


def shape_from(plain: Any, figures: Done) -> tuple[int, ...]:
    """The shape of the pixels, which must be one that a photo can have. Raises ValueError."""
    sides = isinstance(plain, list) and len(plain) == 3 and all(type(side) is int for side in plain)
    if not sides or not all(0 < side <= MOST_SIDE for side in plain[:2]):
        raise ValueError("no shape of a picture")
    if plain[2] != figures.photo.pixels.shape[2]:
        raise ValueError("no shape of this picture")
    return tuple(plain)
