"""What a model is, as text in the current language.

In: a pack. Out: its purpose and its facts by title, as `restorer.packs.info` has them for the shell, but
translated; the English ones where a kind or a title is new.
"""

from __future__ import annotations

from restorer.packs import info
from restorer.packs.pack import Pack
from ui.i18n.language import tr as _tr


def purpose_text(pack: Pack) -> str:
    """What a pack does, in a sentence."""
    texts = {
        "photo-sr": _tr("Enlarges photos {0}x."),
        "face-sr": _tr("Restores single faces, up to {0}x."),
        "photo-repair": _tr("Mends scratches, dust, creases and tears, before a photo is enlarged."),
        "photo-fill": _tr("Fills what is marked as damaged, and changes nothing else."),
        "damage-finder": _tr("Finds damage on photos, so that it can be filled."),
        "sr3-eps": _tr("Enlarges small pictures of faces {0}x, by diffusion (SR3)."),
        "cdm-base": _tr("Invents small pictures by class (CDM, first stage)."),
        "cdm-sr": _tr("Enlarges invented pictures {0}x, by class (CDM)."),
        "adm-base": _tr("Invents pictures by class (ADM, first stage)."),
        "adm-sr": _tr("Enlarges clean pictures {0}x, by diffusion (ADM)."),
        "single-pass": _tr("Enlarges photos {0}x in one pass, without diffusion."),
    }
    if pack.kind == "single-pass" and pack.faces:
        return _tr("Restores single faces.")
    if pack.kind in texts:
        return texts[pack.kind].format(pack.scale)
    if pack.kind in info.KINDS:
        return info.purpose(pack)
    return _tr("Is of a kind that this version does not know.")


def fact_texts(pack: Pack) -> dict[str, str]:
    """The facts of a pack, by title."""
    titles = {
        "Name": _tr("Name"),
        "Purpose": _tr("Purpose"),
        "Folder": _tr("Folder"),
        "Kind": _tr("Kind"),
        "Size": _tr("Size", "of a file"),
        "SHA-256": "SHA-256",
        "Source": _tr("Source"),
        "Assumed": _tr("Assumed"),
        "Data": _tr("Data"),
        "Licence": _tr("Licence"),
    }
    facts = {**info.facts(pack), "Purpose": purpose_text(pack)}
    return {titles.get(title, title): text for title, text in facts.items()}
