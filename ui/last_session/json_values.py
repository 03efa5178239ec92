"""Values as the file of a session has them, each checked: lists, places, shares, texts, a finish, settings.

In: what JSON gave. Out: the same as values of ours; whatever this package would not have written raises
ValueError. No Qt.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any, TypeVar

from restorer.pipeline.finish import AS_RESTORED
from restorer.pipeline.request import FaceChoice, Faces, Preset
from ui.model.options import RestoreOptions

MOST_SEED, MOST_FACES = 2**63 - 1, 5000
"""More than a photo has; a longer list is none of ours."""
_FILE = re.compile(r"-?\d{1,9}/\d{1,9}")
Item = TypeVar("Item")


def items(plain: Any, each: Callable[[Any], Item], most: int) -> tuple[Item, ...]:
    """A list of at most so many."""
    if not isinstance(plain, list) or len(plain) > most:
        raise ValueError("no list of ours")
    return tuple(map(each, plain))


def place(plain: Any, count: int) -> int | None:
    """A place among so many, or None."""
    return None if plain is None else whole(plain, count - 1)


def whole(plain: Any, most: int) -> int:
    """A whole number from 0 to `most`."""
    if type(plain) is not int or not 0 <= plain <= most:
        raise ValueError(f"{plain!r} is out of range")
    return plain


def share(plain: Any) -> float:
    """A number from 0 to 1."""
    if type(plain) not in (int, float) or not 0 <= plain <= 1:
        raise ValueError(f"{plain!r} is no share")
    return float(plain)


def text(plain: Any) -> str:
    """A text that can be the name of a file."""
    if not isinstance(plain, str) or "\0" in plain:
        raise ValueError("no text of ours")
    return plain


def text_or_none(plain: Any) -> str | None:
    return None if plain is None else text(plain)


def file(plain: Any) -> str:
    """The name of a result's file, below the session's folder."""
    if not isinstance(plain, str) or not _FILE.fullmatch(plain):
        raise ValueError(f"{plain!r} is no file of a session")
    return plain


def file_or_none(plain: Any) -> str | None:
    return None if plain is None else file(plain)


def finish(plain: Any) -> tuple[float, float, tuple[FaceChoice, ...]]:
    """The strength, grain and faces of something that was finished so; an older session has none of them."""
    strength, grain = plain.get("strength", AS_RESTORED.strength), plain.get("grain", AS_RESTORED.grain)
    return share(strength), share(grain), items(plain.get("faces", []), _face, MOST_FACES)


def plain_options(options: RestoreOptions) -> dict[str, Any]:
    """What a photo is to be restored with, but for the model, which the window has for all photos."""
    plain = dataclasses.asdict(options) | {"preset": options.preset.value, "faces": options.faces.value}
    del plain["model"]
    return plain


def options(plain: Any) -> RestoreOptions | None:
    """These settings again; None for a photo that had none of its own, as in an older session."""
    if plain is None:
        return None
    clean_up, label = plain["clean_up"], plain["label"]
    return RestoreOptions(
        scale=max(1, whole(plain["scale"], 1000)),
        preset=Preset(plain["preset"]),
        fidelity=share(plain["fidelity"]),
        clean_up=None if clean_up is None else share(clean_up),
        seed=whole(plain["seed"], MOST_SEED),
        repair=plain["repair"] is True,
        colour_lock=plain["colour_lock"] is True,
        variations=max(1, whole(plain["variations"], 1000)),
        faces=Faces(plain["faces"]),
        label=None if label is None else whole(label, 10**6),
    )


def _face(plain: Any) -> FaceChoice:
    seed = None if plain["seed"] is None else whole(plain["seed"], MOST_SEED)
    return FaceChoice(whole(plain["face"], 10**6), share(plain["strength"]), seed)
