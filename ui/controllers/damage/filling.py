"""What of a photo a run fills before anything else is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restorer.errors import PhotoError
from ui.i18n import phrases
from ui.workers.damage.tasks import DamageFilling

if TYPE_CHECKING:
    from ui.model.document import Document

__all__ = ["fill_only", "filling_of"]


def filling_of(document: Document) -> DamageFilling | None:
    """What is marked on the photo as it is; None where nothing is, or its file is lost."""
    marked = document.marked
    try:
        if marked is None or not marked.fits(document.photo) or not marked.marks:
            return None
        return DamageFilling(marked.mask(), marked.thoroughness, marked.seed)
    except PhotoError:
        return None


def fill_only(document: Document) -> bool:
    """Whether the result in view is the photo with nothing but its damage filled."""
    return document.record is not None and phrases.fills_only(document.record.figures)
