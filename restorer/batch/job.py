"""What is asked of a folder job, as data: which photos, where to, and how."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from restorer import paths
from restorer.files.naming import TEMPLATE, modern
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.preferences import Preferences

if TYPE_CHECKING:
    from restorer.batch.find_photos import Filter
    from restorer.batch.recipe import JobRecipe

FEW = 3
"""How many photos are tried before all are done."""


@dataclass(frozen=True)
class BatchJob:
    """The form as it stands. format: "" keeps each photo's own. types: "" takes all, else "jpg,tif".

    preferences: what the settings say at its start; no part of the text, so the next start asks them again.
    """

    sources: tuple[Path, ...] = ()
    out: Path | None = None
    scale: int = 4
    preset: Preset = Preset.BALANCED
    fidelity: float = 0.75
    seed: int = 0
    format: str = ""
    existing: str = "skip"
    template: str = TEMPLATE
    types: str = ""
    least_side: int = 0
    most_side: int = 0
    watch: bool = False
    model: str | None = None
    repair: bool = False
    clean_up: float | None = None
    strength: float = 1.0
    grain: float | None = None
    faces: Faces = Faces.PROTECT
    fill_damage: bool = False
    preferences: Preferences = field(default_factory=Preferences)

    def recipe(self) -> JobRecipe:
        """Raises RequestError or PackError, with a sentence."""
        from restorer.batch.recipe import Existing, JobRecipe

        output = self.preferences.output
        request = RestoreRequest(
            Path(),
            scale=self.scale,
            preset=self.preset,
            fidelity=self.fidelity,
            clean_up=self.clean_up,
            strength=self.strength,
            grain=self.grain,
            seed=self.seed,
            model=self.model,
            repair=self.repair,
            faces=self.faces,
            device=self.preferences.device,
            tile=self.preferences.tile or None,
            preview_side=0,
        )
        return JobRecipe(
            request,
            format=self.format or None,
            template=self.template or TEMPLATE,
            existing=Existing(self.existing),
            quality=output.quality,
            metadata=output.metadata,
            sixteen=output.sixteen,
            date=output.date,
            fill_damage=self.fill_damage,
        ).with_models()

    def filter(self) -> Filter:
        """Raises RequestError, with a sentence."""
        from restorer.batch.find_photos import Filter

        return Filter.of(self.types, self.least_side, self.most_side or None)

    def to_text(self) -> str:
        """For the next time."""
        values = dataclasses.asdict(self)
        del values["preferences"]
        values["sources"] = [str(path) for path in self.sources]
        values["out"] = None if self.out is None else str(self.out)
        return json.dumps(values)

    @classmethod
    def from_text(cls, text: str) -> BatchJob:
        """What `to_text` kept; the plain job where it is damaged or of another version."""
        try:
            values = paths.strict_json(text)
            values["sources"] = tuple(Path(path) for path in values["sources"])
            values["out"] = None if values["out"] is None else Path(values["out"])
            values["preset"] = Preset(values["preset"])
            values["faces"] = Faces(values.get("faces", Faces.PROTECT))
            values["template"] = modern(values["template"])
            return cls(**values)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()
