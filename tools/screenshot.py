"""Pictures of the window for documents and for judging it: opens, restores, and writes what it looked like.

    python tools/screenshot.py PHOTO -o FOLDER [--size 1600x1000] [--preset draft] [--theme dark]

In: a photo, or none for the empty window. Out: FOLDER/start.png, middle.png (once half of the run is
over), done.png and true-pixels.png; each is the window as it paints itself. Needs a display; under Xvfb:
xvfb-run -s "-screen 0 1920x1200x24" python tools/screenshot.py …
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

from restorer.pipeline.request import Preset
from ui.app import make_application
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.style.theme import Override, Theme

SETTLE_MS = 400  # for layouts and the first paint


class Photographer(QObject):
    """Follows one run and takes the pictures."""

    def __init__(self, window: Window, options: argparse.Namespace) -> None:
        super().__init__(window)
        self._window = window
        self._options = options
        self._middle = False
        self.failed = False
        window.core.runs.progressed.connect(self._on_progress)
        window.core.session.changed.connect(self._on_change)
        window.core.runs.warned.connect(self._on_warning)

    def take(self, name: str) -> None:
        path = self._options.out / f"{name}.png"
        self._window.grab().save(str(path))
        print(path)

    @Slot()
    def begin(self) -> None:
        self.take("start")
        if self._window.core.session.current is None or self._options.no_run:
            self._window.close()
        else:
            self._window.restore.start()

    @Slot(object)
    def _on_progress(self, document: Document) -> None:
        progress = document.live.progress if document.live is not None else None
        if not self._middle and progress is not None and progress.fraction >= self._options.middle:
            self._middle = True
            self.take("middle")

    @Slot(object)
    def _on_change(self, document: Document) -> None:
        if document.state is DocumentState.READY and document.result is None and not self._middle:
            QTimer.singleShot(SETTLE_MS, self.begin)
        elif document.state is DocumentState.DONE:
            QTimer.singleShot(SETTLE_MS, self._finish)

    @Slot()
    def _finish(self) -> None:
        self._window.restore.canvas.set_divider(self._options.divider)
        self.take("done")
        self._window.workspaces.true_pixels()
        self.take("true-pixels")
        for document in self._window.core.session.documents:
            document.given_up = True
        self._window.close()

    @Slot(str)
    def _on_warning(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)
        self.failed = True
        QTimer.singleShot(SETTLE_MS, self.begin)


def main() -> int:
    """Exit code 0 when all pictures were written."""
    parser = argparse.ArgumentParser(description="Write pictures of the window.")
    parser.add_argument("photo", nargs="*", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--size", default="1600x1000", help="width and height of the window")
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="balanced")
    parser.add_argument("--fidelity", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--theme", choices=["light", "dark"], default="dark")
    parser.add_argument("--divider", type=float, default=0.5, help="place of the divider, 0 to 1")
    parser.add_argument("--middle", type=float, default=0.5, help="share of the run before middle.png")
    parser.add_argument("--no-run", action="store_true", help="only start.png")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    application = make_application([])
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        store.setValue("preset", options.preset)
        store.setValue("fidelity", options.fidelity)
        window = Window(Theme(application, Override(options.theme)), store)
        window.restore.panel.seed.setValue(options.seed)
        photographer = Photographer(window, options)
        width, height = (int(side) for side in options.size.split("x"))
        window.resize(width, height)
        window.show()
        if options.photo:
            window.core.photos.open(options.photo)
        else:
            QTimer.singleShot(SETTLE_MS, photographer.begin)
        application.exec()
    return 1 if photographer.failed else 0


if __name__ == "__main__":
    sys.exit(main())
