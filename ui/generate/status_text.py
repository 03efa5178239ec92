"""The state of the pictures of a class, in words: what the bar under the sheet says."""

from __future__ import annotations

from ui.controllers.generation import GenerationController
from ui.i18n import phrases
from ui.i18n.language import tr as _tr
from ui.restore.status_text import Status, behind_folder


def generate_status(generation: GenerationController, able: bool) -> Status:
    """What to say of the generating side; `able` where a model can make pictures."""
    if generation.waiting is not None and generation.behind_folder:
        return Status(behind_folder(), True, 0.0)
    if generation.waiting is not None:
        return Status(_tr("Waiting until the photo in work is done."), True, 0.0)
    if generation.running is not None:
        sheet = generation.live.sheet if generation.live is not None else None
        progress = generation.live.progress if generation.live is not None else None
        fraction = progress.fraction if progress is not None else 0.0
        if generation.cancelling:
            return Status(_tr("Cancelling…"), True, fraction)
        if generation.paused:
            sentence = phrases.progress_sentence(_tr("Paused"), progress, left=False)
            return Status(sentence, True, fraction, details=phrases.progress_details(progress))
        phase, details = phrases.phase_sentence(*generation.phase), phrases.progress_details(progress)
        if sheet is not None or generation.phase[0] == "denoising":
            phase = _tr("Inventing pictures")
        if sheet is not None:
            stage = _tr("Stage {0} of {1}: {2} pixels").format(
                sheet.stage, sheet.stages, phrases.pixel_size(sheet.side, sheet.side)
            )
            details = "\n".join(filter(None, [stage, details]))
        return Status(phrases.progress_sentence(phase, progress), False, fraction, details=details)
    picture = generation.chosen
    if picture is not None and picture.photo is not None:
        sentence = phrases.picture_sentence(picture.subject, picture.photo.size)
        if picture.saved is not None:
            sentence = _tr("Saved as {0}.").format(picture.saved.name) + "  " + sentence
        return Status(sentence, True, details=_tr("Version number {0}").format(picture.seed))
    return Status(_tr("Ready to generate.") if able else "")
