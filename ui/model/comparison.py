"""An earlier result in the photo's place on the Before side: any two results of a photo compared.

In: a photo's history. Out: which of its results can lie against the one in view, what each is called, and
what the canvas is to show. No widgets here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.model.document import Document
    from ui.model.result import Comparison, Snapshot


def comparable(document: Document, snapshot: Snapshot) -> bool:
    """Whether the result of a snapshot and the one in view show the same part of the photo, so that they can
    lie over each other; False where one of them is missing, or both are the same."""
    if document.record is None or snapshot.record is None or snapshot.record is document.record:
        return False
    return framing_edits(snapshot) == framing_edits(document.snapshot())


def framing_edits(snapshot: Snapshot) -> list[object]:
    from restorer.photo.edits import Balance, Brightness, Contrast, Grey, Levels

    of_colours = Grey | Levels | Balance | Brightness | Contrast
    return [edit for edit in snapshot.edits if not isinstance(edit, of_colours)]


def in_force(document: Document) -> Comparison | None:
    """The earlier result that is on the Before side now."""
    comparison = document.comparison
    return comparison if comparison is not None and comparable(document, comparison.snapshot) else None
