"""One picture of a class: a document that a model made of nothing.

In: what the engine made. Out: all that a restored photo has, so that saving, copying and dragging out are the
same for both; and whether the person keeps it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from restorer.pipeline.events import Done, Generated
from restorer.preferences import Output
from ui.model.document import Document, DocumentState

if TYPE_CHECKING:
    from restorer.pipeline.request import GenerateRequest
    from ui.imaging.pyramid import Pyramid

TEMPLATE = "{name}_{seed}"  # nothing was enlarged, and the seed tells one picture from the next


class GeneratedImage(Document):
    """`request` makes this picture alone again."""

    def __init__(
        self,
        parent: QObject,
        key: int,
        generated: Generated,
        number: int,
        request: GenerateRequest,
        shown: Pyramid,
    ) -> None:
        from restorer.files.naming import origin, title

        photo, seed = generated.photos[number], generated.seeds[number]
        super().__init__(parent, key, photo=photo)
        self.title = title(generated.name)
        self.origin = origin(generated.name, generated.model, seed)
        self.subject = generated.name
        self.request = replace(request, count=1, seed=seed)
        self.seed = seed
        self.pinned = False
        self.after = shown
        self.result = Done(
            photo=photo,
            model=generated.model,
            seed=seed,
            device=generated.device,
            evaluations=generated.evaluations,
            seconds=generated.seconds / len(generated.photos),
            megapixels=photo.size[0] * photo.size[1] / 1e6,
            consistency=0.0,
            provenance=generated.provenances[number],
        )
        self.result_preset = request.preset
        self.state = DocumentState.DONE

    @property
    def unsaved(self) -> bool:
        """Only what the person keeps is missed; the rest comes back with its seed."""
        return self.pinned and super().unsaved

    def output(self, output: Output) -> Output:
        return replace(output, template=TEMPLATE)
