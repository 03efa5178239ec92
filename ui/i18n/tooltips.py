"""What a tooltip says of a file or a pack, letter by letter.

In: any text. Out: what to give to a tooltip so that it shows this text. A tooltip cannot be told that it is
plain, and one that looks like HTML is shown as HTML; see `ui.widgets.plain_text`.
"""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """The text itself, or as HTML that shows it where Qt would take it for HTML."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br/>')}</qt>"
