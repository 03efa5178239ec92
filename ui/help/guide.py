"""The guide that ships, in a window of its own: docs/guide.md, or the one in the language that is spoken.

In: Markdown and its pictures. Out: a dialog to read. Nothing is looked up on the network; a link to a page
that is not on this computer opens in the browser.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from restorer import paths
from ui.i18n.language import Language
from ui.i18n.language import tr as _tr
from ui.style import window_size
from ui.widgets.text_dialog import TextDialog


def guide_file(language: str) -> Path:
    """The guide in a language, or the English one."""
    folder = paths.docs_dir()
    own = folder / f"guide.{language}.md"
    return own if language != Language.ENGLISH and own.is_file() else folder / "guide.md"


class GuideView(QTextBrowser):
    """Shows one file; pictures are at most as wide as the text."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = path.parent
        self._markdown = ""  # what is shown; empty where there is no guide
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.show_file(path)

    def show_file(self, path: Path) -> None:
        try:
            self._markdown = path.read_text("utf-8")
            self.setMarkdown(self._markdown)
        except OSError:
            self._markdown = ""
            said = _tr("The guide should lie at {0}, and does not. Install Restorer again.")
            self.setPlainText(said.format(path))  # the path is no Markdown
        self.setAccessibleName(_tr("Guide"))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        relative = name.toString() if isinstance(name, QUrl) else name
        image = QImage(str(self._folder / relative))
        width = self.viewport().width() - 3 * self.fontMetrics().height()
        if image.isNull() or image.width() <= width:
            return image
        return image.scaledToWidth(max(width, 1), Qt.TransformationMode.SmoothTransformation)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = event.oldSize().width()
        if self._markdown and before > 0 and before != event.size().width():
            place = self.verticalScrollBar().value()
            self.setMarkdown(self._markdown)  # the pictures are asked for again
            self.verticalScrollBar().setValue(place)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
        elif url.path().endswith(".md") and (self._folder / url.path()).is_file():
            self.show_file(self._folder / url.path())
        elif not url.path() and url.fragment():
            self.scrollToAnchor(url.fragment())


def guide_dialog(parent: QWidget, language: str) -> TextDialog:
    """The guide, to read and to copy."""
    view = GuideView(guide_file(language))
    dialog = TextDialog(parent, _tr("Guide"), view, view.toPlainText())
    window_size.open_at(dialog, 56, 44)
    return dialog
