"""A session as data: the photos with their edits, results and history, and the pictures of a class.

In: what the recorder sees of the window's model. Out: one line of JSON, and the same data from it. Pixels are
no part of it: a result is named by its file in the session's folder (`ui.workers.result_store`). What is read
may be damaged or made to harm: anything that this module would not have written raises ValueError. No Qt.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from restorer import paths
from restorer.pipeline.finish import AS_RESTORED, Finish
from restorer.pipeline.request import GenerateRequest, Preset

if TYPE_CHECKING:
    from restorer.photo.edits import Edit

__all__ = [
    "KeptMask",
    "KeptPhoto",
    "KeptPicture",
    "KeptResult",
    "KeptSave",
    "KeptSession",
    "KeptSet",
    "KeptSnapshot",
    "edits_of",
    "read",
    "request_from",
]

VERSION = 1
MOST_PHOTOS, MOST_RESULTS, MOST_STEPS, MOST_SAVES = 10_000, 1000, 100, 1000
"""More than a window has; a longer list is none of ours."""
_FILE = re.compile(r"-?\d{1,9}/\d{1,9}")
_FOLDER = re.compile(r"[0-9a-f]{32}")
Item = TypeVar("Item")


@dataclass(frozen=True)
class KeptSave:
    """A file that the person saved a result as, and with which strength and grain, each from 0 to 1."""

    path: str
    strength: float = AS_RESTORED.strength
    grain: float = AS_RESTORED.grain

    @property
    def finish(self) -> Finish:
        return Finish(self.strength, self.grain)


@dataclass(frozen=True)
class KeptResult:
    """file: of the pixels, below the session's folder. strength, grain: that it had last, from 0 to 1. saved:
    the file that the person saved it as with these. saves: all files it was saved as; an older session names
    only `saved`."""

    file: str
    saved: str | None = None
    saves: tuple[KeptSave, ...] = ()
    strength: float = AS_RESTORED.strength
    grain: float = AS_RESTORED.grain

    @property
    def finish(self) -> Finish:
        return Finish(self.strength, self.grain)


@dataclass(frozen=True)
class KeptMask:
    """What is marked as damage. file: as in `KeptResult`. thoroughness: from 0 to 1. seed: of the filling."""

    file: str
    thoroughness: float
    seed: int = 0


@dataclass(frozen=True)
class KeptSet:
    """Variations. results: places among the photo's results. chosen: place among them."""

    results: tuple[int, ...]
    chosen: int
    side_by_side: bool


@dataclass(frozen=True)
class KeptSnapshot:
    """edits: as `restorer.photo.edits.described` tells them. result, choice: places among the photo's results
    and sets; None where there is no such outcome. strength, grain: from 0 to 1. mask: place among the photo's
    masks, None where nothing is marked."""

    edits: str = ""
    result: int | None = None
    choice: int | None = None
    scale: int = 1
    preset: str = Preset.BALANCED.value
    strength: float = AS_RESTORED.strength
    grain: float = AS_RESTORED.grain
    mask: int | None = None

    @property
    def finish(self) -> Finish:
        return Finish(self.strength, self.grain)


@dataclass(frozen=True)
class KeptPhoto:
    """path: the photo's file. raw: a file of the folder, where the photo has none of its own or is not as it
    is there. steps: of the history, from where to where. index: how many of them are done. now: where the
    photo stands, or stood before the run that goes. run: name of the folder in which that run is kept."""

    path: str | None
    title: str
    origin: str
    applied_edits: str
    raw: str | None
    results: tuple[KeptResult, ...]
    sets: tuple[KeptSet, ...]
    steps: tuple[tuple[KeptSnapshot, KeptSnapshot], ...]
    index: int
    now: KeptSnapshot
    run: str | None
    masks: tuple[KeptMask, ...] = ()


@dataclass(frozen=True)
class KeptPicture:
    """A picture of a class. request: what makes it alone again."""

    result: KeptResult
    subject: str
    pinned: bool
    request: dict[str, Any]


@dataclass(frozen=True)
class KeptSession:
    """current: place of the photo in view. sheets: places of the pictures on each, the oldest sheet first.
    sheet: place of the one in view; None where there is none."""

    photos: tuple[KeptPhoto, ...] = ()
    current: int | None = None
    pictures: tuple[KeptPicture, ...] = ()
    sheets: tuple[tuple[int, ...], ...] = ()
    sheet: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to go on with."""
        return not self.photos and not self.pictures

    def text(self) -> str:
        """As JSON."""
        return json.dumps({"version": VERSION, **dataclasses.asdict(self)})


def read(text: str | bytes) -> KeptSession:
    """A session from its text. Raises ValueError."""
    plain = paths.strict_json(text)
    try:
        if plain["version"] != VERSION:
            raise ValueError("of another version")
        photos = _list(plain["photos"], _photo, MOST_PHOTOS)
        pictures = _list(plain["pictures"], _picture, MOST_PHOTOS)
        current = _place(plain["current"], len(photos))
        places = len(pictures) - 1
        sheets = _list(
            plain["sheets"],
            lambda sheet: _list(sheet, lambda place: _whole(place, places), MOST_PHOTOS),
            MOST_STEPS,
        )
        return KeptSession(photos, current, pictures, sheets, _place(plain["sheet"], len(sheets)))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"no session of ours: {error}") from error


def edits_of(snapshot: KeptSnapshot) -> tuple[Edit, ...]:
    """The edits of a snapshot. Raises ValueError."""
    from restorer.photo.edits import parsed

    edits = parsed(snapshot.edits)
    values = [value for edit in edits for value in vars(edit).values()]
    if not all(math.isfinite(value) and abs(value) <= 100 for value in values):
        raise ValueError("no edits of ours")
    return edits


def request_from(plain: dict[str, Any]) -> GenerateRequest:
    """The request of a picture. Raises ValueError."""
    known = {field.name for field in dataclasses.fields(GenerateRequest)} - {"keep", "leaves_state"}
    fields = {name: value for name, value in plain.items() if name in known}
    try:
        fields["preset"] = Preset(fields["preset"])
        if fields["upsamplers"] is not None:
            fields["upsamplers"] = tuple(map(str, fields["upsamplers"]))
        return GenerateRequest(**fields)
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _photo(plain: Any) -> KeptPhoto:
    results = _list(plain["results"], _result, MOST_RESULTS)
    sets = _list(plain["sets"], lambda each: _set(each, len(results)), MOST_RESULTS)
    masks = _list(plain.get("masks", []), _mask, MOST_RESULTS)
    counts = len(results), len(sets), len(masks)
    steps = _list(
        plain["steps"], lambda pair: (_snapshot(pair[0], counts), _snapshot(pair[1], counts)), MOST_STEPS
    )
    path, raw, run = _text_or_none(plain["path"]), plain["raw"], plain["run"]
    if (path is None and raw is None) or (run is not None and not _FOLDER.fullmatch(run)):
        raise ValueError("no photo of ours")
    return KeptPhoto(
        path,
        _text(plain["title"]),
        _text(plain["origin"]),
        _text(plain["applied_edits"]),
        None if raw is None else _file(raw),
        results,
        sets,
        steps,
        _whole(plain["index"], len(steps)),
        _snapshot(plain["now"], counts),
        run,
        masks,
    )


def _picture(plain: Any) -> KeptPicture:
    request = plain["request"]
    request_from(request)
    return KeptPicture(_result(plain["result"]), _text(plain["subject"]), plain["pinned"] is True, request)


def _result(plain: Any) -> KeptResult:
    saves = _list(plain.get("saves", []), _save, MOST_SAVES)
    return KeptResult(_file(plain["file"]), _text_or_none(plain["saved"]), saves, *_strength_and_grain(plain))


def _mask(plain: Any) -> KeptMask:
    return KeptMask(_file(plain["file"]), _share(plain["thoroughness"]), _whole(plain["seed"], 2**63 - 1))


def _save(plain: Any) -> KeptSave:
    return KeptSave(_text(plain["path"]), *_strength_and_grain(plain))


def _strength_and_grain(plain: Any) -> tuple[float, float]:
    """An older session has neither."""
    return _share(plain.get("strength", AS_RESTORED.strength)), _share(plain.get("grain", AS_RESTORED.grain))


def _set(plain: Any, results: int) -> KeptSet:
    places = _list(plain["results"], lambda place: _whole(place, results - 1), MOST_RESULTS)
    return KeptSet(places, _whole(plain["chosen"], len(places) - 1), plain["side_by_side"] is True)


def _snapshot(plain: Any, counts: tuple[int, int, int]) -> KeptSnapshot:
    places = _place(plain["result"], counts[0]), _place(plain["choice"], counts[1])
    snapshot = KeptSnapshot(
        _text(plain["edits"]),
        *places,
        _whole(plain["scale"], 1000),
        Preset(plain["preset"]).value,
        *_strength_and_grain(plain),
        _place(plain.get("mask"), counts[2]),
    )
    edits_of(snapshot)
    return snapshot


def _list(plain: Any, each: Callable[[Any], Item], most: int) -> tuple[Item, ...]:
    if not isinstance(plain, list) or len(plain) > most:
        raise ValueError("no list of ours")
    return tuple(map(each, plain))


def _place(plain: Any, count: int) -> int | None:
    return None if plain is None else _whole(plain, count - 1)


def _whole(plain: Any, most: int) -> int:
    if type(plain) is not int or not 0 <= plain <= most:
        raise ValueError(f"{plain!r} is out of range")
    return plain


def _share(plain: Any) -> float:
    if type(plain) not in (int, float) or not 0 <= plain <= 1:
        raise ValueError(f"{plain!r} is no share")
    return float(plain)


def _text(plain: Any) -> str:
    if not isinstance(plain, str) or "\0" in plain:
        raise ValueError("no text of ours")
    return plain


def _text_or_none(plain: Any) -> str | None:
    return None if plain is None else _text(plain)


def _file(plain: Any) -> str:
    if not isinstance(plain, str) or not _FILE.fullmatch(plain):
        raise ValueError(f"{plain!r} is no file of a session")
    return plain
