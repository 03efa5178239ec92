"""How late the GUI thread is during a real run: the lateness of a 10 ms timer.

    python benchmarks/gui_latency.py PHOTO [--preset draft] [--size 1600x1000] [--idle SECONDS]

In: a photo and a display. Out: a small table with p50, p95, p99 and max in milliseconds for
the window at rest and while it restores, previews and progress shown. The import of torch is
measured by itself: it happens once, before the first run. Lateness is the time between two
ticks, less the 10 ms asked for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Slot

from restorer.pipeline.request import Preset
from ui.app import make_application
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.style.theme import Override, Theme
from ui.system.gui_garbage import GuiGarbage

TICK_MS = 10


class Heart(QObject):
    """A timer that writes down how late each of its ticks was, in milliseconds, phase by phase."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.late: dict[str, list[float]] = {}
        self.phase = "start"
        self._last = time.perf_counter()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self.beat)
        timer.start(TICK_MS)

    @Slot()
    def beat(self) -> None:
        now = time.perf_counter()
        self.late.setdefault(self.phase, []).append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now


class Trial(QObject):
    """Walks the window through: import of the engine, rest, run."""

    def __init__(self, window: Window, heart: Heart, idle: float) -> None:
        super().__init__(window)
        self._window, self._heart, self._idle = window, heart, idle
        self.previews = 0
        self.failed = False
        heart.phase = "engine import"
        window.core.runs.engine.warmed.connect(self.rest)
        window.core.runs.engine.progressed.connect(self._count)
        window.core.runs.warned.connect(self._fail)
        window.core.session.changed.connect(self._on_change)

    @Slot(str)
    def rest(self, _: str) -> None:
        self._heart.phase = "at rest"
        QTimer.singleShot(round(self._idle * 1000), self._begin)

    @Slot()
    def _begin(self) -> None:
        self._heart.phase = "during a run"
        self._window.restore.start()

    @Slot(object)
    def _count(self, _: object) -> None:
        self.previews += 1

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)
        self.failed = True
        self._window.close()

    @Slot(object)
    def _on_change(self, document: Document) -> None:
        if document.state is DocumentState.DONE:
            document.given_up = True
            QTimer.singleShot(500, self._window.close)  # the first paint of the result counts too


def main() -> int:
    """Exit code 0 when the run ended with a picture."""
    parser = argparse.ArgumentParser(description="Measure how fluid the window stays.")
    parser.add_argument("photo", type=Path)
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="draft")
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--idle", type=float, default=5.0, help="seconds at rest")
    options = parser.parse_args()
    application = make_application([])
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        store.setValue("preset", options.preset)
        window = Window(Theme(application, Override.DARK), store)
        width, height = (int(side) for side in options.size.split("x"))
        window.resize(width, height)
        window.show()
        window.core.photos.open([options.photo])
        collector = GuiGarbage(application)
        heart = Heart(application)
        trial = Trial(window, heart, options.idle)
        application.exec()
        collector.stop()
    print(f"{'lateness of a 10 ms timer, ms':32}{'ticks':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    for phase, late in heart.late.items():
        figures = np.percentile(late, [50, 95, 99, 100])
        print(f"{phase:32}{len(late):8}" + "".join(f"{figure:8.1f}" for figure in figures))
    print(f"letters (previews and progress) shown: {trial.previews}")
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
