"""How long strength and grain take to be seen on a large result, and how late the window's thread is then.

    python benchmarks/finishing.py [--size 6000x4000] [--scale 1] [--window 1600x1000] [--moves 12]

A person holds a slider, moves it, and looks; and then does the same with a key. In: the size of the result
and how many times the photo's that is. The photo is drawn here, with grain; the result is its plain
enlargement, so no model is needed. Out, in milliseconds: for each slider, at the zoom that fits and at 100 %,
the time from the movement to the paint of the picture that belongs to it, the first time, and the median and
the longest of those after it; beside the first and the median what they took of the processor, in all
threads; and the greatest lateness of a 10 ms timer of the window's thread. The first of grain measures the
photo's grain.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from benchmarks.gui_latency import Heart
from restorer.photo import Photo, write_photo
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest
from ui.app import make_application
from ui.main_window.window import Window
from ui.model.document import Document
from ui.model.options import RestoreOptions
from ui.style.theme import Override, Theme

PATIENCE = 120.0
GRAIN = 6.0  # grey levels
COLUMNS = ("first", "busy", "median", "longest", "busy", "late")


def grainy(size: tuple[int, int]) -> np.ndarray:
    """(h, w, 3) uint8, soft colours with grain."""
    noise = np.random.default_rng(1)
    coarse = noise.integers(40, 200, (size[1] // 100 + 1, size[0] // 100 + 1, 3), np.uint8)
    soft = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    soft += noise.standard_normal((size[1], size[0], 1), np.float32) * GRAIN
    return np.clip(soft, 0, 255).astype(np.uint8)


def enlarging(request: RestoreRequest, _: object) -> Iterator[Any]:
    """A run that enlarges plainly."""
    photo = request.source
    assert isinstance(photo, Photo)
    size = photo.size[0] * request.scale, photo.size[1] * request.scale
    pixels = np.asarray(cv2.resize(photo.pixels, size, interpolation=cv2.INTER_CUBIC))
    yield Done(Photo(pixels=pixels), "plain", 1, "cpu", 1, 1.0, size[0] * size[1] / 1e6, 0.0, {})


class Hand:
    """Moves the sliders of a window and looks."""

    def __init__(self, application: QApplication, window: Window, document: Document) -> None:
        self._application, self._window, self._document = application, window, document

    def wait(self, until: Callable[[], object]) -> None:
        """Let the window work until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            # Another thread's signal ends the wait, and so does the timer that beats.
            self._application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > deadline:
                raise SystemExit("the window does not answer")

    def move(self, slider: QSlider, value: int) -> tuple[float, float]:
        """Milliseconds until the result is seen as the slider has it, and those of the processor."""
        start, busy = time.perf_counter(), time.process_time()
        slider.setValue(value)
        sliders = self._window.restore.panel.finish
        document = self._document
        self.wait(lambda: document.finished is not None and document.finished.task.finish == sliders.finish)
        self._window.restore.canvas.repaint()
        return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - busy)


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(description="Measure strength and grain of a large result.")
    parser.add_argument("--size", default="6000x4000", help="of the result")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--window", default="1600x1000")
    parser.add_argument("--moves", type=int, default=12)
    options = parser.parse_args()
    width, height = (int(side) // options.scale for side in options.size.split("x"))
    application = make_application([])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grainy.tif"
        write_photo(Photo(pixels=grainy((width, height))), path)
        store = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        window = Window(Theme(application, Override.DARK), store, enlarging)
        window.resize(*(int(side) for side in options.window.split("x")))
        window.show()
        window.core.photos.open([path])
        document = window.core.session.current
        assert document is not None
        hand = Hand(application, window, document)
        hand.wait(lambda: document.at_rest)
        window.core.runs.restore(document, RestoreOptions(scale=options.scale), 256)
        hand.wait(lambda: document.at_rest and document.record is not None)
        heart = Heart(application)
        QTest.qWait(1000)
        print(f"{'ms until it is seen':32}" + "".join(f"{name:>9}" for name in COLUMNS))
        sliders = window.restore.panel.finish
        trials = [
            (zoom, slider, held)
            for zoom in (None, 1.0)
            for held in (True, False)
            for slider in (sliders.strength, sliders.grain)
        ]
        for zoom, slider, held in trials:
            if zoom is not None:
                window.restore.canvas.zoom_to(zoom)
            QTest.qWait(500)
            place = "whole" if zoom is None else f"at {zoom:.0%}"
            heart.phase = f"{slider.accessibleName()}, {place}, {'held' if held else 'by key'}"
            slider.setSliderDown(held)
            (first, busy), *others = (
                hand.move(slider, 20 + 3 * number + held) for number in range(options.moves + 1)
            )
            slider.setSliderDown(False)
            times, spent = [each for each, _ in others], [each for _, each in others]
            late = max(heart.late.get(heart.phase, [0.0]))
            figures = first, busy, statistics.median(times), max(times), statistics.median(spent), late
            print(f"{heart.phase:32}" + "".join(f"{figure:9.0f}" for figure in figures), flush=True)
            heart.phase = "between"
        document.given_up = True
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
