"""An earlier result in the photo's place on the Before side: any two results of a photo compared.

In: a photo's history. Out: which of its results can lie against the one in view, what each is called, and
what the canvas is to show. No widgets here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui import words
from ui.language import tr
from ui.pyramid import Pyramid

if TYPE_CHECKING:
    from ui.document import Document
    from ui.held import Stand


@dataclass(frozen=True, eq=False)
class Against:
    """The stand whose result is on the Before side, and what it looks like."""

    stand: Stand
    picture: Pyramid


def comparable(document: Document, stand: Stand) -> bool:
    """Whether the result of a stand and the one in view show the same part of the photo, so that they can lie
    over each other; False where one of them is missing, or both are the same."""
    if document.held is None or stand.held is None or stand.held is document.held:
        return False
    return _frame(stand) == _frame(document.stand())


def _frame(stand: Stand) -> list[object]:
    from restorer.edits import Grey, Levels

    return [edit for edit in stand.edits if not isinstance(edit, Grey | Levels)]


def in_force(document: Document) -> Against | None:
    """The earlier result that is on the Before side now."""
    against = document.against
    return against if against is not None and comparable(document, against.stand) else None


def labels(first: Stand, second: Stand) -> tuple[str, str]:
    """What two results are called beside each other: by preset and seed, and by all else that tells them
    apart."""
    parts = [_parts(stand) for stand in (first, second)]
    told = [number for number in range(len(parts[0])) if number < 1 or parts[0][number] != parts[1][number]]
    one, other = (", ".join(filter(None, (part[number] for number in told))) for part in parts)
    return one, other


def _parts(stand: Stand) -> list[str]:
    held = stand.held
    assert held is not None, "only results are compared"
    figures = held.figures
    fidelity = figures.provenance.get("Fidelity")
    named = tr("{0}, seed {1}").format(words.preset_name(stand.preset), figures.seed)
    share = tr("fidelity {0} %").format(round(100 * fidelity)) if isinstance(fidelity, float) else ""
    tones = ", ".join(words.edit_name(edit) for edit in stand.edits if edit not in _frame(stand))
    return [named, words.scale_name(stand.scale), share, figures.model, tones]


def compared(document: Document, before: Pyramid, after: Pyramid) -> tuple[Pyramid, Pyramid, str, str]:
    """What the canvas shows of a result: the two pictures and their labels, empty for the usual ones."""
    against = in_force(document)
    if against is None:
        return before, after, "", ""
    # A result of another scale is drawn as large as the one in view.
    return Pyramid(after.size, against.picture.levels), after, *labels(against.stand, document.stand())


def sentence(document: Document) -> str:
    """What the strip says of it; empty where the photo itself is on the Before side."""
    against = in_force(document)
    if against is None:
        return ""
    return tr("Before is {0} now. Esc brings the photo back there.").format(
        labels(against.stand, document.stand())[0]
    )
