"""Other versions of one restored face, made in the engine's thread.

In: the face's layer, how its run was asked, and new seeds. Out: the layer with their versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.workers.engine_tasks import EngineRun, EngineTask

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.photo.faces import Face
    from restorer.pipeline.events import Done
    from restorer.pipeline.faces.layers import FaceLayer
    from restorer.pipeline.network_cache import NetworkCache


@dataclass(frozen=True, eq=False)
class FaceTask(EngineTask):
    """Make versions of a face; the answer is its `FaceLayer`. photo: of the result `done`."""

    photo: Photo
    done: Done
    face: Face
    layer: FaceLayer
    seeds: tuple[int, ...]

    def answers(self, run: EngineRun, networks: NetworkCache) -> Iterator[object]:
        import torch

        from restorer.packs import catalog
        from restorer.pipeline.colour_lock import find_tone
        from restorer.pipeline.faces.restoration import FaceAsked, more_versions
        from restorer.pipeline.request import Preset

        facts = self.done.provenance
        pack = catalog.face_restorer(str(facts["FaceModel"]))  # raises the sentence where it is gone
        asked = FaceAsked(
            pack.name,
            Preset(facts["Preset"]),
            float(facts["Fidelity"]),
            bool(facts["ColourLock"]),
            self.device,
        )
        tone = find_tone(torch.from_numpy(self.photo.to_float()).permute(2, 0, 1)[None])
        scale = self.done.photo.size[0] // self.photo.size[0]
        yield from more_versions(
            self.layer, self.face, asked, pack.frame, scale, tone, self.seeds, run, networks
        )
