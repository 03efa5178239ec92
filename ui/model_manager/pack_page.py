"""A pack as a page: what it is for, what it makes, and behind Details its facts and its card.

In: a pack. Out: a page that fits the window's width. It loads nothing from outside this computer.
"""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from restorer.packs import info
from restorer.packs.pack import Pack
from restorer.pipeline.pack_samples import samples
from ui.i18n.model_names import model_words
from ui.model_manager.pack_text import fact_texts, purpose_text

MOST_SAMPLES = 32  # pictures of classes that a page begins with


class CardView(QTextBrowser):
    """Shows one pack."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack: Pack | None = None
        self.setOpenLinks(False)
        self.setAccessibleName(self.tr("What is known of the model"))

    def show_pack(self, pack: Pack | None, details: bool = True) -> None:
        """details: with its facts and its card, or in a line."""
        self.clear()
        self._pack = pack
        if pack is None:
            return
        words = model_words(pack.name) if pack.shipped else None
        name, line = (words.name, words.line) if words is not None else (pack.name, purpose_text(pack))
        title = f"<h2>{html.escape(name)}</h2><p>{html.escape(line)}</p>"
        rows = "".join(
            f"<tr><td><b>{html.escape(title)}</b>&nbsp;&nbsp;</td><td>{html.escape(text)}</td></tr>"
            for title, text in fact_texts(pack).items()
        )
        pictures = "".join(
            f'<img src="samples/{path.name}" title="{html.escape(name)}" alt="{html.escape(name)}"/> '
            for name, path in samples(pack)[:MOST_SAMPLES]
        )
        if not details:
            self.setHtml(f"{title}<p>{pictures}</p>")
            return
        card = QTextDocument()
        card.setMarkdown(info.card(pack), QTextDocument.MarkdownFeature.MarkdownNoHTML)
        self.setHtml(f"{title}{pictures}<table>{rows}</table><hr/>{card.toHtml()}")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the card, no wider than the page; plain files of the pack only."""
        url = QUrl(name)
        path = info.inside(self._pack, url.path()) if self._pack is not None and url.isRelative() else None
        if path is None or url.host():
            return None
        image = QImage(str(path))
        width = self.viewport().width() - 2 * self.fontMetrics().height()
        if image.width() > width > 0:
            return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        return image
