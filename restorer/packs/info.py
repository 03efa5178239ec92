"""Packs as people see them: what each does, what is known of it, how one goes.

In: packs and names. Out: sentences and facts, for the command line and the Models window alike. No torch
here.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from restorer import paths
from restorer.errors import PackError, RequestError
from restorer.packs import catalog
from restorer.packs.pack import CONFIG, WEIGHTS, Pack

__all__ = ["card", "facts", "inside", "purpose", "remove"]

KINDS = {
    "photo-sr": "Enlarges photos {0}x.",
    "face-sr": "Restores single faces, up to {0}x.",
    "photo-repair": "Mends scratches, dust, creases and tears, before a photo is enlarged.",
    "photo-fill": "Fills what is marked as damaged, and changes nothing else.",
    "damage-finder": "Finds damage on photos, so that it can be filled.",
    "sr3-eps": "Enlarges small pictures of faces {0}x, by diffusion (SR3).",
    "cdm-base": "Invents small pictures by class (CDM, first stage).",
    "cdm-sr": "Enlarges invented pictures {0}x, by class (CDM).",
    "adm-base": "Invents pictures by class (ADM, first stage).",
    "adm-sr": "Enlarges clean pictures {0}x, by diffusion (ADM).",
    "single-pass": "Enlarges photos {0}x in one pass, without diffusion.",
}


def purpose(pack: Pack) -> str:
    """What a pack does, in a sentence."""
    if pack.kind == "single-pass" and pack.faces:
        return "Restores single faces."
    return KINDS.get(pack.kind, "Is of a kind that this version does not know.").format(pack.scale)


def facts(pack: Pack) -> dict[str, str]:
    """What is known of a pack, by title; nothing that is empty."""
    weights = pack.config["weights"]
    size = weights.get("bytes") or (pack.folder / WEIGHTS).stat().st_size
    source = pack.config.get("source", {})
    data = "; ".join(f"{one['source']} ({one['licence']})" for one in pack.config.get("data", []))
    rows = {
        "Name": pack.name,
        "Purpose": purpose(pack),
        "Folder": str(pack.folder),
        "Kind": pack.kind,
        "Size": f"{size / 2**20:.1f} MiB, {weights.get('dtype', 'float32')}",
        "SHA-256": pack.sha256,
        "Source": source.get("file", ""),
        "Assumed": ", ".join(f"{key}={value}" for key, value in source.get("assumed", {}).items()),
        "Data": data,
        "Licence": pack.config.get("licence", ""),
    }
    return {title: text for title, text in rows.items() if text}


def card(pack: Pack) -> str:
    """The pack's card, in Markdown; empty where there is none."""
    path = inside(pack, "CARD.md")
    try:
        return paths.plain_bytes(path).decode("utf-8", errors="replace").rstrip() if path else ""
    except OSError:
        return ""


def inside(pack: Pack, address: str) -> Path | None:
    """The plain file of a pack that a relative address in its card means; None for anything else: what lies
    outside its folder, by ".." or by a link, what is no file, and addresses of other machines. The cards of
    packs that ship show pictures that ship with them."""
    if not address or "\0" in address or "\\" in address or address.startswith("/") or ":" in address:
        return None  # on Windows backslashes are separators, C: is a drive, and //HOST is another machine
    real = Path(os.path.realpath(pack.folder / address))
    folder = os.path.realpath(paths.shipped_models_dir().parent if pack.shipped else pack.folder)
    return real if real.is_relative_to(folder) and real.is_file() else None


def remove(name: str) -> Path:
    """Delete a person's own pack; returns the folder that it was in. Raises RequestError if it ships with the
    app or there is none."""
    folder = paths.packs_dir() / name
    if not catalog.NAME.fullmatch(name) or not (folder / CONFIG).is_file():
        if catalog.NAME.fullmatch(name) and (paths.shipped_models_dir() / name).is_dir():
            raise RequestError(f"The model {name} comes with Restorer and cannot be removed.")
        raise RequestError(f"You have no model named {name!r}; see: restorer models list")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise PackError(f"{folder} cannot be removed: {error.strerror}.") from error
    return folder
