"""What is done to every photo of a job: the request without its photo, and how results are named and written.

In: the options of a command line or a dialog. Out: a frozen `JobRecipe`, its text for the
journal, and a fingerprint of all that decides a result, which goes into the result's metadata.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from restorer import paths
from restorer.errors import RequestError
from restorer.files import naming
from restorer.files.destinations import SIXTEEN_BIT_SUFFIXES, check_bits
from restorer.packs import catalog
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.preferences import FileDate, Metadata

NOT_THE_PICTURE = ("source", "device", "tile", "preview_side", "face_versions")
"""Fields of a request that say where and how it is computed, not what comes out."""
OF_ONE_PHOTO = ("source", "past", "face_choices")
"""Fields of a request that say which photo, so that no recipe has them."""
ADDED: dict[str, Any] = {
    "metadata": Metadata.ALL,
    "sixteen": False,
    "date": FileDate.NOW,
    "fill_damage": False,
}
ADDED_TO_REQUEST: dict[str, Any] = {
    "clean_up": None,
    "faces": Faces.OFF,
    "face_model": None,
    "strength": 1.0,
    "grain": None,
}
"""Fields that older journals lack, with what was done then. A field of that value is not written down, so
recipes and results of before have the same fingerprint as ever, and an older app can read the journal."""


class Existing(str, Enum):
    """What becomes of a file that has the name of a result already."""

    SKIP = "skip"
    REPLACE = "replace"
    BOTH = "both"


@dataclass(frozen=True)
class JobRecipe:
    """request: its source stands for any photo. format: png, jpg, tif, webp or None for the photo's own.
    bits: 8 or 16, which then decides the formats that can be; None for the photo's own.
    sixteen: 16 bits where the result's format holds them, and 8 where it does not; for `bits` None.
    metadata: what of the photo's metadata the results keep. date: the date of their files.
    models: name and hash of the networks, so that a new model is another recipe. fill_damage: what surely is
    damage is found and filled before anything else is done to a photo.

    Raises RequestError for values that make no sense together.
    """

    request: RestoreRequest = field(default_factory=lambda: RestoreRequest(Path()))
    format: str | None = None
    bits: int | None = None
    quality: int = 95
    template: str = naming.TEMPLATE
    existing: Existing = Existing.SKIP
    models: tuple[str, ...] = ()
    metadata: Metadata = Metadata.ALL
    sixteen: bool = False
    date: FileDate = FileDate.NOW
    fill_damage: bool = False

    def __post_init__(self) -> None:
        naming.check(self.template)
        if self.format:
            check_bits(f".{self.format}", self.bits)
        if not 1 <= self.quality <= 100:
            raise RequestError(f"The quality must be between 1 and 100, not {self.quality}.")
        object.__setattr__(self, "existing", Existing(self.existing))
        object.__setattr__(self, "metadata", Metadata(self.metadata))
        object.__setattr__(self, "date", FileDate(self.date))

    def with_models(self) -> JobRecipe:
        """This recipe with the networks that it will use. Raises PackError or RequestError."""
        from restorer.pipeline.plan import plan_restore

        # Which of two networks a photo goes through may depend on how worn it is.
        cascades = (plan_restore(self.request), plan_restore(self.request, wear=1.0))
        packs = list({stage.pack.name: stage.pack for each in cascades for stage in each.stages}.values())
        if self.request.faces is Faces.RESTORE:
            packs.append(catalog.face_restorer(self.request.face_model))
        if self.fill_damage:
            finder, filler = catalog.finder(), catalog.filler()
            if finder is None:
                raise RequestError(
                    "No installed model finds damage, and in a folder nobody looks at what is filled; "
                    "install one, or do not ask for it."
                )
            packs += [pack for pack in (finder, filler) if pack is not None]
        return dataclasses.replace(self, models=tuple(f"{pack.name}:{pack.sha256}" for pack in packs))

    def bits_for(self, suffix: str) -> int | None:
        """Bits a sample of a result with that suffix (with its dot); None for the photo's own."""
        return 16 if self.sixteen and suffix.lower() in SIXTEEN_BIT_SUFFIXES else self.bits

    def to_text(self) -> str:
        """The recipe as JSON."""
        request = {
            f.name: getattr(self.request, f.name)
            for f in dataclasses.fields(self.request)
            if f.name not in OF_ONE_PHOTO
            and not (f.name in ADDED_TO_REQUEST and getattr(self.request, f.name) == ADDED_TO_REQUEST[f.name])
        }
        mine = {
            f.name: getattr(self, f.name)
            for f in dataclasses.fields(self)
            if f.name != "request" and not (f.name in ADDED and getattr(self, f.name) == ADDED[f.name])
        }
        return json.dumps({"request": request, **mine}, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> JobRecipe:
        """The recipe of `to_text`. Raises ValueError, KeyError or TypeError for anything else."""
        values = paths.strict_json(text)
        request = ADDED_TO_REQUEST | values.pop("request")
        request["preset"] = Preset(request["preset"])
        values["models"] = tuple(values["models"])
        return cls(RestoreRequest(Path(), **request), **values)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides a result's bytes; the same recipe gives the same results."""
        values = json.loads(self.to_text())
        for name in NOT_THE_PICTURE:
            values["request"].pop(name, None)
        for name in ("template", "existing"):
            values.pop(name)
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def template_of(text: str) -> str | None:
    """The name template in the text of a recipe; None where it is damaged."""
    try:
        return str(paths.strict_json(text)["template"])
    except (ValueError, TypeError, KeyError):
        return None
