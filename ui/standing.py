"""Where a photo stands, in words: what the strip under the canvas says.

In: a document, and what else the engine may be at work on: another one, a folder, pictures of a class. Out: a
`Standing`. No widgets here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui import against, words
from ui.language import tr as _tr
from ui.session import Document, State
from ui.studio import Studio
from ui.worker import EngineHost


@dataclass(frozen=True)
class Standing:
    """sentence: for the eye, and for the ear too if `aloud`. fraction: of the run that is going, or None.
    short: what must be said where there is little room."""

    sentence: str = ""
    aloud: bool = False
    fraction: float | None = None
    short: str = ""


def standing(document: Document | None, engine: EngineHost, studio: Studio) -> Standing:
    """What to say of a photo."""
    if document is None or document.state in (State.WAITING, State.READING):
        return Standing()
    if document.queued and engine.lent:
        return Standing(_behind_folder(), True)
    if document.queued or document.problem:
        return Standing(words.state_sentence(document))
    if document.running:
        progress = document.live.progress if document.live is not None else None
        fraction = progress.fraction if progress is not None else 0.0
        if document.state is State.CANCELLING:
            return Standing(_tr("Cancelling…"), True, fraction)
        if document.state is State.PAUSED:
            return Standing(words.progress_sentence(_tr("Paused"), progress, left=False), True, fraction)
        phase = words.variation_sentence(words.phase_sentence(*document.phase[:2]), *document.phase[2])
        return Standing(words.progress_sentence(phase, progress), False, fraction)
    if document.patch is not None:
        return Standing(words.region_sentence(document.patch.done), True)
    if document.varied is not None and document.choosing:
        return Standing(_tr("Choose the best one: click it or press its number."), True)
    if document.result is not None:
        said = against.sentence(document)
        sentence = said or words.done_sentence(document.result)
        short = "" if said else _tr("A reconstruction: detail was imagined.")
        if document.saved is not None:
            sentence = _tr("Saved as {0}.").format(document.saved.name) + "  " + sentence
            short = short and _tr("A reconstruction, saved as {0}.").format(document.saved.name)
        return Standing(sentence, True, short=short)
    if engine.lent:
        return Standing(_tr("A folder of photos is being restored."))
    if studio.going is not None:
        return Standing(_tr("Pictures of a class are being made."))
    return Standing(_tr("Another photo is being restored.") if engine.busy else _tr("Ready to restore."))


def _behind_folder() -> str:
    return _tr("Waiting until the folder is restored, or paused in its window.")


def studio_standing(studio: Studio, able: bool) -> Standing:
    """What to say of the generating side; `able` where a model can make pictures."""
    if studio.waiting is not None and studio.behind_folder:
        return Standing(_behind_folder(), True, 0.0)
    if studio.waiting is not None:
        return Standing(_tr("Waiting until the photo in work is done."), True, 0.0)
    if studio.going is not None:
        sheet = studio.live.sheet if studio.live is not None else None
        progress = studio.live.progress if studio.live is not None else None
        fraction = progress.fraction if progress is not None else 0.0
        if studio.cancelling:
            return Standing(_tr("Cancelling…"), True, fraction)
        if studio.paused:
            return Standing(words.progress_sentence(_tr("Paused"), progress, left=False), True, fraction)
        phase = words.phase_sentence(*studio.phase)
        if sheet is not None:
            phase = _tr("Stage {0} of {1}: {2} pixels").format(
                sheet.stage, sheet.stages, words.pixel_size(sheet.side, sheet.side)
            )
        elif studio.phase[0] == "denoising":
            phase = _tr("Inventing pictures")
        return Standing(words.progress_sentence(phase, progress), False, fraction)
    picture = studio.chosen
    if picture is not None and picture.photo is not None:
        sentence = words.picture_sentence(picture.subject, picture.seed, picture.photo.size)
        if picture.saved is not None:
            sentence = _tr("Saved as {0}.").format(picture.saved.name) + "  " + sentence
        return Standing(sentence, True)
    return Standing(_tr("Ready to generate.") if able else "")
