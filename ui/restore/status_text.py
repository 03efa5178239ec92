"""Where a photo stands, in words: what the strip under the canvas says.

In: a document, and what else the engine may be at work on: another one, a folder, pictures of a class. Out: a
`Standing`. No widgets here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.controllers.generation import GenerationController
from ui.controllers.history import snapshots
from ui.controllers.run_controller import RunController
from ui.i18n import phrases
from ui.i18n.language import tr as _tr
from ui.imaging.pyramid import Pyramid
from ui.model import photo_list_model
from ui.model.comparison import in_force
from ui.model.document import Document, DocumentState
from ui.model.result_names import compared_names, seeds_of

if TYPE_CHECKING:
    from ui.model.result import Comparison


@dataclass(frozen=True)
class Status:
    """sentence: for the eye, and for the ear too if `aloud`. fraction: of the run that is going, or None.
    short: what must be said where there is little room. details: for whoever points at it."""

    sentence: str = ""
    aloud: bool = False
    fraction: float | None = None
    short: str = ""
    details: str = ""


def standing(document: Document | None, runs: RunController, generation: GenerationController) -> Status:
    """What to say of a photo."""
    if document is None or document.state in (DocumentState.WAITING, DocumentState.READING):
        return Status()
    if document.queued and runs.queue.folder_active:
        return Status(behind_folder(), True)
    if document.queued or document.problem:
        return Status(photo_list_model.state_sentence(document))
    if document.running:
        progress = document.live.progress if document.live is not None else None
        fraction = progress.fraction if progress is not None else 0.0
        if document.state is DocumentState.CANCELLING:
            return Status(_tr("Cancelling…"), True, fraction)
        if document.state is DocumentState.PAUSED:
            sentence = phrases.progress_sentence(_tr("Paused"), progress, left=False)
            return Status(sentence, True, fraction, details=phrases.progress_details(progress))
        phase = phrases.variation_sentence(phrases.phase_sentence(*document.phase[:2]), *document.phase[2])
        sentence, details = phrases.progress_sentence(phase, progress), phrases.progress_details(progress)
        return Status(sentence, False, fraction, details=details)
    if document.patch is not None:
        return Status(phrases.region_sentence(document.patch.done), True)
    if document.varied is not None and document.choosing:
        return Status(_tr("Choose the best one: click it or press its number."), True)
    if document.result is not None:
        said = comparison_sentence(document)
        sentence = said or phrases.done_sentence(document.result)
        is_filling = phrases.fills_only(document.result)
        short = "" if said or is_filling else _tr("A reconstruction: detail was imagined.")
        if not said and (unmended := phrases.unmended_sentence(document.result)):
            short += " " + unmended
        if not said and (share := phrases.restored_share(document.result)):
            short = share
        if document.saved is not None:
            sentence = _tr("Saved as {0}.").format(document.saved.name) + "  " + sentence
            if document.result.restored >= 1:
                short = short and _tr("A reconstruction, saved as {0}.").format(document.saved.name)
        return Status(sentence, True, short=short)
    if runs.queue.folder_active:
        return Status(_tr("A folder of photos is being restored."))
    if generation.running is not None:
        return Status(_tr("Pictures of a class are being made."))
    return Status(_tr("Another photo is being restored.") if runs.engine.busy else _tr("Ready to restore."))


def behind_folder() -> str:
    return _tr("Waiting until the folder is restored, or paused in its window.")


def compared_pictures(
    document: Document, before: Pyramid, after: Pyramid
) -> tuple[Pyramid, Pyramid, str, str]:
    """What the canvas shows of a result: the two pictures and their labels, empty for the usual ones."""
    comparison = in_force(document)
    if comparison is None:
        label = phrases.restored_label(document.record.figures) if document.record is not None else ""
        return before, after, "", label
    # A result of another scale is drawn as large as the one in view.
    return (
        Pyramid(after.size, comparison.picture.levels),
        after,
        *_names(comparison, document),
    )


def comparison_sentence(document: Document) -> str:
    """What the strip says of it; empty where the photo itself is on the Before side."""
    comparison = in_force(document)
    if comparison is None:
        return ""
    return _tr("Before is {0} now. Esc brings the photo back there.").format(_names(comparison, document)[0])


def _names(comparison: Comparison, document: Document) -> tuple[str, str]:
    return compared_names(comparison.snapshot, document.snapshot(), seeds_of(snapshots(document)))
