"""How soon the window is there, and how soon after Restore a first preview is on it.

    python benchmarks/starting.py [--photo PHOTO] [--times 5]

In: a display and a warm disk (a first start of each kind is not counted). Every start is a process of its
own. Out, the median in seconds with the least and the most: from the start of the process until PySide6's
widgets are imported and nothing else is done; until a bare window is painted; until Restorer's window is
painted; and from Restore to the first tile's estimate painted on the canvas, pressed as soon as the photo is
open (torch is still being imported then) and after the window stood for a while. Behind them the processor
time of the same, which tells whether the machine was busy.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "samples" / "news-vendors-1896.jpg"
STOOD_MS = 6000
KINDS = {
    "import": "PySide6's widgets imported",
    "bare": "a bare window painted",
    "window": "Restorer's window painted",
    "at-once": "Restore to first preview, pressed at once",
    "stood": f"Restore to first preview, the window stood {STOOD_MS // 1000} s",
}


def tell(since: float) -> None:
    """Print the seconds since a moment of time.time(), for the process that waits."""
    print(f"seconds {time.time() - since:.3f} {time.process_time():.3f}", flush=True)


def bare(started: float) -> None:
    """A main window with nothing in it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            super().paintEvent(event)
            QTimer.singleShot(0, self.over)

        def over(self) -> None:
            tell(started)
            application.exit()

    application = QApplication([])
    window = Bare()
    window.resize(1176, 704)
    window.show()
    application.exec()


def restorer(started: float, photo: Path | None, wait: int) -> int:
    """The app as a double-click starts it, watched from within."""
    sys.path.insert(0, str(ROOT))
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    import main
    import ui.app
    from ui.main_window.window import Window
    from ui.model.document import Document
    from ui.workers.messages import ProgressMessage

    class Watch(QObject):
        """Waits for the first frame, then for the photo, then for the first tile."""

        def __init__(self, application: QApplication) -> None:
            super().__init__(application)
            self.window: Window | None = None
            self.pressed = 0.0
            self.seen = False
            application.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if self.window is None and isinstance(watched, Window) and event.type() == QEvent.Type.Paint:
                self.window = watched
                QTimer.singleShot(0, self.painted)
            return False

        def painted(self) -> None:
            assert self.window is not None
            if photo is None:
                tell(started)
                self.window.close()
                return
            self.window.core.runs.engine.progressed.connect(self.arrived)
            self.window.core.session.changed.connect(self.opened)
            self.window.core.photos.open([photo])

        def opened(self, document: Document) -> None:
            if document.photo is not None and not self.pressed:
                self.pressed = -1.0
                QTimer.singleShot(wait, self.press)

        def press(self) -> None:
            assert self.window is not None
            self.pressed = time.time()
            self.window.restore.start()

        def arrived(self, letter: ProgressMessage) -> None:
            if letter.image is not None and letter.box is not None and not self.seen:
                self.seen = True
                QTimer.singleShot(0, self.over)

        def over(self) -> None:
            assert self.window is not None
            tell(self.pressed)
            for document in self.window.core.session.documents:
                document.given_up = True
            self.window.close()

    make = ui.app.make_application

    def watched(arguments: list[str]) -> QApplication:
        application = make(arguments)
        Watch(application)
        return application

    ui.app.make_application = watched  # type: ignore[assignment]
    return main.main(["--new-window"])


def child(kind: str, photo: Path, started: float) -> int:
    if kind == "import":
        import PySide6.QtWidgets  # noqa: F401

        tell(started)
    elif kind == "bare":
        bare(started)
    elif kind == "window":
        return restorer(started, None, 0)
    else:
        return restorer(started, photo, STOOD_MS if kind == "stood" else 0)
    return 0


def seconds(kind: str, photo: Path, home: str) -> tuple[float, float]:
    """One start of a kind, in a home folder without settings: seconds of wall and processor."""
    environ = os.environ | {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a developer's: every start would compile the modules anew
    command = [sys.executable, __file__, "--photo", str(photo), "--child", kind, str(time.time())]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    told = [line.split()[1:] for line in run.stdout.splitlines() if line.startswith("seconds")]
    if not told:
        raise SystemExit(f"{kind}: no time was told.\n{run.stderr}")
    wall, processor = told[0]
    return float(wall), float(processor)


def main_() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photo", type=Path, default=SAMPLE)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--child", nargs=2, metavar=("KIND", "TIME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child[0], options.photo, float(options.child[1]))
    print(f"{'':56}{'median':>8}{'least':>8}{'most':>8}{'processor':>11}")
    with tempfile.TemporaryDirectory() as home:
        for kind, words in KINDS.items():
            taken = [seconds(kind, options.photo, home) for _ in range(options.times + 1)][1:]
            wall, processor = ([each[part] for each in taken] for part in (0, 1))
            figures = (statistics.median(wall), min(wall), max(wall))
            line = f"{words:56}" + "".join(f"{figure:8.2f}" for figure in figures)
            print(f"{line}{statistics.median(processor):11.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main_())
