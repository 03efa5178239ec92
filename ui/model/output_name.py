"""The name that is typed for a file: what it means, and what is wrong with it.

In: the text of a name's field, which may hold placeholders and end in the suffix of a format. Out: the file's
name, the format that was typed with it, and sentences. No widgets here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from restorer.files.naming import filled, suggested, unknown
from restorer.preferences import Format, Output
from ui.i18n import phrases
from ui.i18n.language import tr as _tr
from ui.model.document import Document

KINDS = {
    ".png": Format.PNG,
    ".jpg": Format.JPEG,
    ".jpeg": Format.JPEG,
    ".jpe": Format.JPEG,
    ".jfif": Format.JPEG,
    ".tif": Format.TIFF,
    ".tiff": Format.TIFF,
    ".webp": Format.WEBP,
}
"""The formats a result can have, by what files of theirs end in."""


def format_of(suffix: str) -> Format | None:
    """The format of a suffix with its dot, in small letters or large; None where results have no such one."""
    return KINDS.get(suffix.lower())


def parted(name: str) -> tuple[str, str]:
    """A name without the suffix of a format at its end, and that suffix as it was typed; "" for none."""
    stem, dot, end = name.strip().rpartition(".")
    return (stem, dot + end) if format_of(dot + end) is not None else (name.strip(), "")


def meant(text: str, values: Mapping[str, object]) -> tuple[str, str]:
    """The same of a text with placeholders, filled in with `values`; one with unknown ones stays as it is."""
    return parted(filled(text, values) if "{" in text and not unknown(text) else text)


def for_kind(text: str, kind: Format) -> str:
    """The text without a suffix that says another format than `kind`."""
    stem, suffix = parted(text)
    return stem if suffix and format_of(suffix) is not kind else text


def template_problem(text: str) -> str:
    """What is wrong with a text that is to name files, as a sentence; nothing where it can."""
    strange = unknown(text)
    if strange and strange[0] == "{":
        wrong = _tr("A brace has no partner, or what stands in braces has a form that cannot be filled in.")
    elif strange:
        wrong = _tr("There is no placeholder {0}.").format("{" + strange[0] + "}")
    elif not parted(text)[0].strip(" ."):
        return _tr("Type a name for the file.")
    else:
        return ""
    return f"{wrong} {phrases.placeholders()}"


def name_problem(text: str, values: Mapping[str, object]) -> str:
    """The same for one file, whose placeholders stand for `values`."""
    from restorer.photo import PHOTO_SUFFIXES

    problem = template_problem(text)
    if not problem and not meant(text, values)[0].strip(" ."):
        problem = _tr("Type a name for the file.")
    other = PurePath(text.strip()).suffix.lower()
    if not problem and other in PHOTO_SUFFIXES and format_of(other) is None:
        problem = _tr("Results are not saved as {0}. Let the name end in .png, .jpg, .tif or .webp.").format(
            other
        )
    return problem


def name_values(document: Document) -> dict[str, object]:
    """What the placeholders of a name stand for."""
    done = document.record.figures if document.record is not None else None
    return {
        "name": document.path.stem if document.path is not None else document.title or "picture",
        "scale": document.result_scale,
        "preset": document.result_preset.value,
        "suffix": document.path.suffix.lstrip(".") if document.path is not None else "",
        "fidelity": done.provenance.get("Fidelity", "") if done is not None else "",
        "clean_up": done.provenance.get("CleanUp", "auto") if done is not None else "",
        "seed": done.seed if done is not None else "",
        "model": done.model if done is not None else "",
    }


def suffix_for(document: Document, kind: Format) -> str:
    """The suffix a kind of file means for this photo; PNG where the photo's own kind cannot be written."""
    from restorer.photo import WRITE_SUFFIXES

    if kind is not Format.SAME:
        return f".{kind.value}"
    suffix = document.path.suffix.lower() if document.path is not None else ".png"
    return suffix if suffix in WRITE_SUFFIXES and suffix != ".bmp" else ".png"


def suggested_name(document: Document, output: Output | None = None) -> str:
    """The name of the result's file, as the settings want it."""
    output = document.output(output or Output())
    return suggested(output.template, name_values(document)) + suffix_for(document, output.format)
