"""Where a photo stands, in words: what the strip under the canvas says.

In: a document, and what else the engine may be at work on: another one, a folder, pictures of a class. Out: a
`Standing`. No widgets here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.controllers.generation import GenerationController
from ui.controllers.run_controller import RunController
from ui.i18n import phrases
from ui.i18n.language import tr
from ui.i18n.language import tr as _tr
from ui.imaging.pyramid import Pyramid
from ui.model import photo_list_model
from ui.model.comparison import framing_edits, in_force
from ui.model.document import Document, DocumentState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.model.result import Snapshot


@dataclass(frozen=True)
class Status:
    """sentence: for the eye, and for the ear too if `aloud`. fraction: of the run that is going, or None.
    short: what must be said where there is little room."""

    sentence: str = ""
    aloud: bool = False
    fraction: float | None = None
    short: str = ""


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
            return Status(phrases.progress_sentence(_tr("Paused"), progress, left=False), True, fraction)
        phase = phrases.variation_sentence(phrases.phase_sentence(*document.phase[:2]), *document.phase[2])
        return Status(phrases.progress_sentence(phase, progress), False, fraction)
    if document.patch is not None:
        return Status(phrases.region_sentence(document.patch.done), True)
    if document.varied is not None and document.choosing:
        return Status(_tr("Choose the best one: click it or press its number."), True)
    if document.result is not None:
        said = comparison_sentence(document)
        sentence = said or phrases.done_sentence(document.result)
        short = "" if said else _tr("A reconstruction: detail was imagined.")
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


def comparison_labels(first: Snapshot, second: Snapshot) -> tuple[str, str]:
    """What two results are called beside each other: by preset and seed, and by all else that tells them
    apart."""
    parts = [_result_parts(snapshot) for snapshot in (first, second)]
    told = [number for number in range(len(parts[0])) if number < 1 or parts[0][number] != parts[1][number]]
    one, other = (", ".join(filter(None, (part[number] for number in told))) for part in parts)
    return one, other


def _result_parts(snapshot: Snapshot) -> list[str]:
    record = snapshot.record
    assert record is not None, "only results are compared"
    figures = record.figures
    fidelity = figures.provenance.get("Fidelity")
    named = tr("{0}, seed {1}").format(phrases.preset_name(snapshot.preset), figures.seed)
    share = tr("fidelity {0} %").format(round(100 * fidelity)) if isinstance(fidelity, float) else ""
    cleaned = _clean_up_part(figures.provenance)
    tones = ", ".join(
        phrases.edit_name(edit) for edit in snapshot.edits if edit not in framing_edits(snapshot)
    )
    return [named, phrases.scale_name(snapshot.scale), share, figures.model, cleaned, tones]


def _clean_up_part(facts: Mapping[str, object]) -> str:
    """How much was cleaned up, by whose word; empty where the model was not told."""
    chosen, estimated = facts.get("CleanUp"), facts.get("Wear")
    if isinstance(chosen, float):
        return tr("clean-up {0} %").format(round(100 * chosen))
    return tr("clean-up Auto: {0} %").format(round(100 * estimated)) if isinstance(estimated, float) else ""


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
        *comparison_labels(comparison.snapshot, document.snapshot()),
    )


def comparison_sentence(document: Document) -> str:
    """What the strip says of it; empty where the photo itself is on the Before side."""
    comparison = in_force(document)
    if comparison is None:
        return ""
    return tr("Before is {0} now. Esc brings the photo back there.").format(
        comparison_labels(comparison.snapshot, document.snapshot())[0]
    )
