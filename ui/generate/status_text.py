"""Where the pictures of a class stand, in words: what the strip under the sheet says."""

from __future__ import annotations

from ui.controllers.generation import Studio
from ui.i18n import phrases
from ui.i18n.language import tr as _tr
from ui.restore.status_text import Standing, behind_folder


def studio_standing(studio: Studio, able: bool) -> Standing:
    """What to say of the generating side; `able` where a model can make pictures."""
    if studio.waiting is not None and studio.behind_folder:
        return Standing(behind_folder(), True, 0.0)
    if studio.waiting is not None:
        return Standing(_tr("Waiting until the photo in work is done."), True, 0.0)
    if studio.going is not None:
        sheet = studio.live.sheet if studio.live is not None else None
        progress = studio.live.progress if studio.live is not None else None
        fraction = progress.fraction if progress is not None else 0.0
        if studio.cancelling:
            return Standing(_tr("Cancelling…"), True, fraction)
        if studio.paused:
            return Standing(phrases.progress_sentence(_tr("Paused"), progress, left=False), True, fraction)
        phase = phrases.phase_sentence(*studio.phase)
        if sheet is not None:
            phase = _tr("Stage {0} of {1}: {2} pixels").format(
                sheet.stage, sheet.stages, phrases.pixel_size(sheet.side, sheet.side)
            )
        elif studio.phase[0] == "denoising":
            phase = _tr("Inventing pictures")
        return Standing(phrases.progress_sentence(phase, progress), False, fraction)
    picture = studio.chosen
    if picture is not None and picture.photo is not None:
        sentence = phrases.picture_sentence(picture.subject, picture.seed, picture.photo.size)
        if picture.saved is not None:
            sentence = _tr("Saved as {0}.").format(picture.saved.name) + "  " + sentence
        return Standing(sentence, True)
    return Standing(_tr("Ready to generate.") if able else "")
