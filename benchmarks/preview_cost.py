"""What live previews cost: the same run in the window with previews and without, in turn.

    python benchmarks/preview_cost.py PHOTO [--preset balanced] [--scale 4] [--pairs 5] [--size 1600x1000]

In: a photo and a display. Runs it in pairs, each pair in the order opposite to the one before, after one run
that nobody counts. A run's time is the engine's own, from its first event to `Done`, so what the previews
cost while they are made, shown and painted counts, and the pictures of the result, which both have, do not.
Out: the times, and by how much the runs with previews took longer: the mean over the pairs with its standard
error, in percent. Where a machine's own times differ by more than previews cost, the second figure says more:
processor time of the functions that make previews in the engine's thread, and what the window's thread used
more than in the runs without, all of it counted as if nothing ran beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

import restorer.pipeline.restore
from restorer.pipeline.request import Preset
from ui.app import make_application
from ui.imaging.live_preview import LivePreview
from ui.main_window.window import Window
from ui.model.document import Document, DocumentState
from ui.style.theme import Override, Theme
from ui.system.gui_garbage import GuiGarbage

spent = [0.0]
"""Processor seconds of the run that went into making previews."""


def count(owner: Any, name: str) -> None:
    """Let a function add the processor time of its calls to `spent`."""
    function = getattr(owner, name)

    def counted(*args: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return function(*args, **named)
        finally:
            spent[0] += time.thread_time() - start

    setattr(owner, name, counted)


class Trial(QObject):
    """Starts the runs one after another and notes what each took."""

    def __init__(self, window: Window, pairs: int) -> None:
        super().__init__(window)
        self._window = window
        order = [on for pair in range(pairs) for on in ((True, False), (False, True))[pair % 2]]
        self._plan = [True, *order]  # the first one warms up
        self.times: list[tuple[bool, float]] = []
        self.used: list[tuple[float, float]] = []  # processor seconds: window's thread, making of previews
        self._clock = 0.0
        self.failed = False
        self._waiting = True
        window.core.runs.engine.warmed.connect(self._on_warm)
        window.core.runs.warned.connect(self._fail)
        window.core.session.changed.connect(self._on_change)

    @Slot(str)
    def _on_warm(self, _: str) -> None:
        QTimer.singleShot(500, self._next)

    @Slot()
    def _next(self) -> None:
        document = self._window.core.session.current
        if len(self.times) == len(self._plan) or document is None or document.photo is None:
            self._window.close()
            return
        restore = self._window.restore
        side = restore.runs.preview_side() if self._plan[len(self.times)] else 0
        self._waiting = False
        self._clock, spent[0] = time.thread_time(), 0.0
        self._window.core.runs.restore(document, restore.panel.settings, side)

    @Slot(object)
    def _on_change(self, document: Document) -> None:
        if document.state is DocumentState.DONE and not self._waiting and document.result is not None:
            self._waiting = True
            document.given_up = True
            on, seconds = self._plan[len(self.times)], document.result.seconds
            self.times.append((on, seconds))
            self.used.append((time.thread_time() - self._clock, spent[0]))
            print(f"{'with' if on else 'without':8} previews: {seconds:8.2f} s", flush=True)
            QTimer.singleShot(1000, self._next)

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)
        self.failed = True
        self._window.close()


def main() -> int:
    """Exit code 0 when all runs ended with a picture."""
    parser = argparse.ArgumentParser(description="Measure what previews cost.")
    parser.add_argument("photo", type=Path)
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="balanced")
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--size", default="1600x1000")
    options = parser.parse_args()
    for owner, name in (
        (restorer.pipeline.restore, "preview"),
        (restorer.pipeline.restore, "enlargement"),
        (LivePreview, "__init__"),
        (LivePreview, "pin"),
        (LivePreview, "image"),
    ):
        count(owner, name)
    application = make_application([])
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        store.setValue("preset", options.preset)
        store.setValue("scale", options.scale)
        window = Window(Theme(application, Override.DARK), store)
        width, height = (int(side) for side in options.size.split("x"))
        window.resize(width, height)
        window.show()
        window.core.photos.open([options.photo])
        collector = GuiGarbage(application)
        trial = Trial(window, options.pairs)
        application.exec()
        collector.stop()
    counted = trial.times[1:]
    differences = []
    for first, second in zip(counted[::2], counted[1::2], strict=False):
        on, off = (first, second) if first[0] else (second, first)
        differences.append(100 * (on[1] / off[1] - 1))
    if len(differences) > 1:
        mean, deviation = statistics.mean(differences), statistics.stdev(differences)
        print(
            f"previews cost {mean:.2f} % of the run without them "
            f"(standard error {deviation / len(differences) ** 0.5:.2f}, {len(differences)} pairs)"
        )
        window_on, window_off = (
            statistics.mean(
                used[0] for (on, _), used in zip(counted, trial.used[1:], strict=True) if on is shown
            )
            for shown in (True, False)
        )
        made = statistics.mean(used[1] for (on, _), used in zip(counted, trial.used[1:], strict=True) if on)
        without = statistics.mean(seconds for on, seconds in counted if not on)
        print(
            f"processor time: {made:.3f} s for making them, window {window_on:.3f} s with and "
            f"{window_off:.3f} s without; {100 * (made + window_on - window_off) / without:.2f} % of the run"
        )
    return 1 if trial.failed or len(differences) < options.pairs else 0


if __name__ == "__main__":
    sys.exit(main())
