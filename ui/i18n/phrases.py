"""Plain words for numbers: what a slider position, a time or a phase means to a person.

In: numbers and names from the engine. Out: translated sentences. No widgets here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restorer.pipeline.events import Done, Progress
from restorer.pipeline.request import Faces, Preset
from ui.i18n.class_names import class_name
from ui.i18n.language import tr as _tr
from ui.i18n.model_names import model_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from restorer.photo.edits import Edit
    from restorer.pipeline.finish import Finish
    from restorer.pipeline.forecast.estimates import RunEstimate
    from restorer.pipeline.forecast.run_warnings import Concern

PRINT_DPI = 300


def preset_name(preset: Preset) -> str:
    names = {Preset.DRAFT: _tr("Draft"), Preset.BALANCED: _tr("Balanced"), Preset.BEST: _tr("Best")}
    return names[preset]


def preset_sentence(preset: Preset) -> str:
    sentences = {
        Preset.DRAFT: _tr("The quickest look at what is possible."),
        Preset.BALANCED: _tr("Good detail in reasonable time."),
        Preset.BEST: _tr("The finest detail. Takes the longest."),
    }
    return sentences[preset]


def fidelity_sentence(fidelity: float) -> str:
    """What the slider at `fidelity`, from 0 to 1, asks for."""
    if fidelity >= 0.9:
        return _tr("Stays with the photo, its grain and wear included.")
    if fidelity >= 0.7:
        return _tr("Stays close to the photo and calms its grain.")
    if fidelity >= 0.45:
        return _tr("Repairs wear and grain; small detail is filled in.")
    if fidelity >= 0.2:
        return _tr("Repairs strongly; much of the detail is imagined.")
    return _tr("Imagines the picture anew. Faces may change.")


def clean_up_sentence(clean_up: float | None) -> str:
    """What the slider at `clean_up`, from 0 to 1, asks for; None leaves it to the estimate."""
    if clean_up is None:
        return _tr("Cleans as much as the photo looks worn.")
    if clean_up >= 0.75:
        return _tr("Takes away grain, blur and traces of JPEG.")
    if clean_up >= 0.4:
        return _tr("Takes away most of the wear, and some fine texture.")
    if clean_up >= 0.1:
        return _tr("Takes light wear away; most texture is trusted.")
    return _tr("Trusts every pixel of the photo.")


def phase_sentence(name: str, message: str) -> str:
    """A sentence for a phase of the run; the engine's own where the phase is a new one."""
    sentences = {
        "": _tr("Starting"),
        "loading": _tr("Loading the model"),
        "preparing": _tr("Preparing the photo"),
        "denoising": _tr("Restoring"),
        "finishing": _tr("Finishing"),
    }
    return sentences.get(name, message)


def variation_sentence(phase: str, number: int, count: int) -> str:
    """A phase of the `number`th of `count` runs; of a single one it is the phase itself."""
    if count == 1:
        return phase
    return _tr("Version {0} of {1}: {2}").format(number, count, phase)


def time_left(seconds: float | None) -> str:
    """ "about 40 s left", rounded so that it does not flicker; empty while nothing is known."""
    if seconds is None:
        return ""
    if seconds < 1.5:
        return _tr("nearly done")
    if seconds < 15:
        return _tr("about {0} s left").format(round(seconds))
    if seconds < 90:
        return _tr("about {0} s left").format(5 * round(seconds / 5))
    if seconds < 5400:
        return _tr("about {0} min left").format(round(seconds / 60))
    return _tr("about {0} h left").format(round(seconds / 3600))


def progress_sentence(phase: str, progress: Progress | None, left: bool = True) -> str:
    """ "Restoring · 9 % · about 4 min left"; what is left of it only with `left`."""
    parts = [phase] if phase else []
    if progress is not None and progress.steps > 0 and progress.step > 0:
        parts.append(_tr("{0} %").format(min(99, int(100 * progress.fraction))))  # 100 % would be the end
    if left and progress is not None and (ahead := time_left(progress.seconds_left)):
        parts.append(ahead)
    return "  ·  ".join(parts)


def progress_details(progress: Progress | None) -> str:
    """ "Step 3 of 8, piece 2 of 6", for whoever points at the sentence; empty before the first step."""
    if progress is None or progress.steps == 0 or progress.step == 0:
        return ""
    if progress.tiles > 1:
        return _tr("Step {0} of {1}, piece {2} of {3}").format(
            progress.step, progress.steps, progress.tile, progress.tiles
        )
    return _tr("Step {0} of {1}").format(progress.step, progress.steps)


def duration(seconds: float) -> str:
    if seconds < 90:
        return _tr("{0} s").format(max(1, round(seconds)))
    if seconds < 5400:
        return _tr("{0} min").format(round(seconds / 60))
    return _tr("{0} h").format(f"{seconds / 3600:.1f}")


def joined(parts: Iterable[str]) -> str:
    """Parts of a name in a row; empty ones are left out."""
    return _tr(", ").join(filter(None, parts))


def unbroken(text: str) -> str:
    """The text with spaces at which no line ends."""
    return text.replace(" ", "\u00a0")


def pixel_size(width: int, height: int) -> str:
    return f"{width} × {height}"  # noqa: RUF001


def scale_name(scale: int) -> str:
    return f"{scale}×"  # noqa: RUF001


def edit_name(edit: Edit) -> str:
    """A step of desk work, for the history."""
    from restorer.photo.edits import Balance, Brightness, Contrast, Crop, Grey, Levels, Straighten, Turn

    match edit:
        case Turn():
            return _tr("Turned left") if edit.quarters == 3 else _tr("Turned right")
        case Straighten():
            return _tr("Straightened by {0}°").format(f"{edit.degrees:g}")
        case Crop():
            return _tr("Cropped")
        case Grey():
            return _tr("Black and white")
        case Levels():
            return _tr("Auto levels")
        case Balance():
            return _tr("White balance")
        case Brightness():
            return _tr("Brightness")
        case Contrast():
            return _tr("Contrast")


def marking_name() -> str:
    """The step of a history that marked damage."""
    return _tr("Damage marked")


def result_name(scale: int, preset: Preset, differs: Iterable[str] = ()) -> str:
    """A result, for the history: its enlargement and quality, and what else tells it from the one before."""
    return joined([_tr("Restored {0}, {1}").format(scale_name(scale), preset_name(preset)), *differs])


def version_part(number: int, count: int = 0) -> str:
    """Which of several results that the same settings gave; count: of a set that was made at once."""
    return _tr("version {0} of {1}").format(number, count) if count else _tr("version {0}").format(number)


def finish_name(before: Finish, after: Finish) -> str:
    """Another strength or grain, for the history: what of both differs."""
    if before.faces != after.faces:
        return _face_step(before, after)
    strength = _tr("Strength {0} %").format(round(100 * after.strength))
    grain = _tr("Grain {0} %").format(round(100 * after.grain))
    if before.strength == after.strength:
        return grain
    return strength if before.grain == after.grain else joined([strength, grain])


def _face_step(before: Finish, after: Finish) -> str:
    """Another strength or version of a face, for the history. Faces are counted from 1."""
    number = min(choice.face for choice in set(before.faces) ^ set(after.faces))
    earlier, now = (
        next((choice for choice in finish.faces if choice.face == number), None) for finish in (before, after)
    )
    if now is None:
        return _tr("Face {0} as restored").format(number + 1)
    if now.strength <= 0:
        return _tr("Face {0} left as it is").format(number + 1)
    same_seed = now.strength < 1 if earlier is None else earlier.seed == now.seed
    if same_seed:
        return _tr("Face {0}: {1} %").format(number + 1, round(100 * now.strength))
    return _tr("Face {0}: another version").format(number + 1)


def scale_sentence(scale: int) -> str:
    """What an enlargement does."""
    if scale == 1:
        return _tr("Clean and sharpen the photo at the size it has.")
    return _tr("Make each side {0} times as long.").format(scale)


def becomes_sentence(width: int, height: int) -> str:
    """How large the result is, on the screen and in print."""
    across, down = (f"{side / PRINT_DPI * 2.54:.1f}" for side in (width, height))
    return _tr("Becomes {0} pixels, in print {1} at {2} dpi.").format(
        pixel_size(width, height),
        f"{across}\u00a0×\u00a0{down}\u00a0cm",  # noqa: RUF001
        PRINT_DPI,
    )


def estimate_sentence(estimate: RunEstimate | None) -> str:
    """What a run will take; nothing where nothing can be said."""
    if estimate is None:
        return ""
    seconds, gigabytes = duration(estimate.seconds), f"{max(0.1, estimate.memory / 1e9):.1f}"
    if estimate.learned:
        return _tr("Takes about {0} and {1} GB of memory.").format(seconds, gigabytes)
    return _tr("Takes roughly {0} and {1} GB of memory; the first run will tell.").format(seconds, gigabytes)


def restored_share(done: Done) -> str:
    """What share of a run that was stopped is restored; empty where all of it is."""
    if done.restored >= 1:
        return ""
    if done.restored < 0.01:
        return _tr("Less than 1 % of the picture is restored; the rest is plainly enlarged.")
    return _tr("{0} % of the picture is restored; the rest is plainly enlarged.").format(_percent(done))


def restored_label(done: Done) -> str:
    """The word on the canvas for a result of which a part is restored; empty where all of it is."""
    if done.restored >= 1:
        return ""
    if done.restored < 0.01:
        return _tr("After: less than 1 % restored")
    return _tr("After: {0} % restored").format(_percent(done))


def _percent(done: Done) -> int:
    """Of a result that was stopped: what is not whole must not pass for it."""
    return min(99, round(100 * done.restored))


def concern_sentence(concern: Concern) -> str:
    """What speaks against a run, before it is begun."""
    from restorer.pipeline.forecast.run_warnings import ConcernKind

    gigabytes, free = (f"{amount / 1e9:.1f}" for amount in (concern.amount, concern.limit))
    match concern.kind:
        case ConcernKind.MEMORY if concern.forbids:
            return _tr(
                "This needs {0} GB of memory, and {1} GB are free. Choose a smaller enlargement."
            ).format(gigabytes, free)
        case ConcernKind.MEMORY:
            return _tr("This may need {0} GB of memory, and {1} GB are free: it would be slow.").format(
                gigabytes, free
            )
        case ConcernKind.HOURS:
            return _tr("This takes about {0}.").format(duration(concern.amount))
        case ConcernKind.SCALE:
            return _tr("At {0} nearly all detail is invented.").format(scale_name(round(concern.amount)))


def small_faces_sentence(count: int, faces: Faces) -> str:
    """What becomes of faces that no enlargement brings back; empty where there are none."""
    if count == 0:
        return ""
    if faces is Faces.OFF:
        return _tr("%n face(s) are too small to be known, and will be invented.", "", count)
    return _tr("%n face(s) are too small to be known: they stay as they are in the photo.", "", count)


def fills_only(done: Done) -> bool:
    """Whether a result is the photo with nothing but its damage filled."""
    facts = done.provenance
    return "RepairFill" in facts and facts.get("Scale") == 1 and "Model" not in facts


def share_text(share: float) -> str:
    """A share of a photo, as a person reads it."""
    number = "<0.1" if 0 < share < 0.0005 else f"{100 * share:.1f}"
    return _tr("{0} %").format(number)


def filling_name() -> str:
    """The step of a history that filled damage and did nothing else."""
    return _tr("Damage filled")


def mended_share(done: Done) -> float | None:
    """What share of the photo repair changed; None for a run without repair, or of an older version."""
    share = done.provenance.get("Mended")
    return float(share) if isinstance(share, int | float) else None


def unmended_sentence(done: Done) -> str:
    """That repair found nothing to do; empty where it did, or was not asked to."""
    if mended_share(done) != 0:
        return ""
    return _tr("No scratches or dust were found, so repair changed nothing.")


def device_words(device: str) -> str:
    """A device of `restorer.device`, for people."""
    kind, _, card = device.partition(" ")
    if kind == "cpu":
        return _tr("the processor")
    if card:
        return _tr("the graphics card {0}").format(card.strip("()"))
    return _tr("the graphics card")


def done_sentence(done: Done) -> str:
    """The honest line; what repair found is said too where it is nothing, for then nobody sees it."""
    if fills_only(done):
        return _tr("{0} of the photo was filled in {1}. All else is as it was, to the bit.").format(
            share_text(float(done.provenance.get("RepairedShare", 0))), duration(done.seconds)
        )
    return " ".join(filter(None, (_run_sentence(done), unmended_sentence(done))))


def _run_sentence(done: Done) -> str:
    if share := restored_share(done):
        return _tr("{0} Stopped after {1} and kept. Detail in the restored part was imagined.").format(
            share, duration(done.seconds)
        )
    if done.stopped is not None:
        return _tr(
            "Stopped early, after {0}, and kept. This is a reconstruction: detail was imagined."
        ).format(duration(done.seconds))
    return _tr(
        "Restored in {0}. This is a reconstruction: fine detail was imagined to fit the photo."
    ).format(duration(done.seconds))


def picture_name(subject: str, seed: int) -> str:
    """A picture of a class, told from the others of its sheet."""
    (subject,) = class_name((subject,))
    return _tr("{0}, version {1}").format(subject, seed) if subject else _tr("Version {0}").format(seed)


def picture_sentence(subject: str, size: tuple[int, int]) -> str:
    """The honest line of a picture that was made of nothing."""
    (name,), pixels = class_name((subject,)), pixel_size(*size)
    if not name:
        return _tr("{0} pixels. A model invented it: nobody took this picture.").format(pixels)
    return _tr("{0}, {1} pixels. A model invented it: nobody took this picture.").format(name, pixels)


def region_sentence(done: Done) -> str:
    """What a region preview shows."""
    return _tr("Inside the frame: what the full run would give there, made in {0}. Esc puts it away.").format(
        duration(done.seconds)
    )


def result_figures(done: Done) -> list[tuple[str, str, str]]:
    """What a result's card tells: (label, value, sentence that explains it)."""
    figures = [
        (_tr("Size"), pixel_size(*done.photo.size), _tr("Width and height of the result in pixels.")),
        (
            _tr("Difference from your photo"),
            _difference(done),
            _tr(
                "{0} of 255 levels of brightness: how far the result, made small again, lies from the photo "
                "on average."
            ).format(f"{_levels(done):.1f}"),
        ),
        (_tr("Model"), model_names(done.model), _tr("The model that made it: {0}.").format(done.model)),
        (
            _tr("Version number"),
            str(done.seed),
            _tr("The same number and settings give the same picture again."),
        ),
        (
            _tr("Computed on"),
            device_words(done.device),
            _tr("The part of this computer that did the work: {0}.").format(done.device),
        ),
    ]
    if (mended := mended_share(done)) is not None:
        hint = _tr("The share of the photo in which scratches, dust and creases were taken out.")
        figures.insert(1, (_tr("Repaired"), _mended_words(mended), hint))
    if sentence := restored_share(done):
        share = _tr("{0} % of the picture").format(_percent(done))
        if done.restored < 0.01:
            share = _tr("less than 1 % of the picture")
        figures.insert(0, (_tr("Restored"), share, sentence))
    if done.stopped is not None:
        figures.append((_tr("Stopped"), _tr("at step {0} of {1}").format(*done.stopped), done_sentence(done)))
    return figures


def _mended_words(share: float) -> str:
    if share == 0:
        return _tr("nothing found")
    percent = 100 * share
    return _tr("{0} % of the photo").format(f"{percent:.1f}") if percent >= 0.1 else _tr("less than 0.1 %")


SMALL_LEVELS, MODERATE_LEVELS = 5.0, 10.0
"""Grey levels of 255 below which a difference is called small, and moderate. In docs/results.md the networks
that ship differ by 2 levels, plain enlargement by 4, networks that do not hold on to the photo by 6 to 10."""


def _levels(done: Done) -> float:
    """Root of the mean squared difference, in levels of 255."""
    return float(255 * max(0.0, done.consistency) ** 0.5)


def _difference(done: Done) -> str:
    levels = _levels(done)
    if levels < SMALL_LEVELS:
        return _tr("small")
    return _tr("moderate") if levels < MODERATE_LEVELS else _tr("large")


def placeholders() -> str:
    """What a template for names can hold, see `restorer.files.naming`."""
    return _tr(
        "{name}, {suffix}, {scale}, {preset}, {fidelity}, {clean_up}, {seed}, {model} and {date} are filled "
        "in; all else stays as it is."
    )


def file_size(count: int) -> str:
    """Bytes in the unit that suits them; "unknown" for a negative count."""
    if count < 0:
        return _tr("unknown")
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return _tr("about {0} {1}").format(f"{count / size:.3g}", unit)
    return _tr("about {0} bytes").format(count)


def zoom_text(zoom: float) -> str:
    return _tr("{0} %").format(f"{zoom * 100:.0f}") if zoom > 0 else "–"  # noqa: RUF001
