"""How smoothly a very large picture is panned and zoomed: the time of one repaint of the canvas.

    python benchmarks/scrolling.py [--megapixels 100] [--size 1600x1000] [--frames 60]

In: a display. Makes a picture of that many megapixels and its enlargement, as a finished run gives them, and
pans over both in every mode and at several zooms. Out: a table of repaint times in milliseconds, and the
thread's own share of them, which a busy machine does not move; a screen of 60 Hz shows a new picture every
16.7.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from restorer.opencv import opencv
from restorer.photo import Photo
from ui.app import make_application
from ui.canvas.canvas import Canvas
from ui.canvas.pane_layout import Mode
from ui.imaging.pyramid import enlarged_pyramid, photo_pyramid


def picture(megapixels: float) -> Photo:
    """Noise, smoothed and enlarged: as hard to paint as a photo."""
    cv2 = opencv()
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = height * 4 // 3
    small = np.random.default_rng(0).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return Photo(pixels=np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)))


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(description="Measure how smoothly a large picture is panned.")
    parser.add_argument("--megapixels", type=float, default=100)
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--frames", type=int, default=60)
    options = parser.parse_args()
    application = make_application([])
    canvas = Canvas()
    width, height = (int(side) for side in options.size.split("x"))
    canvas.resize(width, height)
    canvas.show()
    after = picture(options.megapixels)
    before = Photo(pixels=np.ascontiguousarray(after.pixels[::4, ::4]))
    started = time.perf_counter()
    pyramids = enlarged_pyramid(before, after.size), photo_pyramid(after)
    print(f"{after.size[0]} x {after.size[1]} pixels, pyramids in {time.perf_counter() - started:.1f} s")
    canvas.show_result(*pyramids)
    print(f"{'repaint, ms':32}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}{'CPU p50':>9}")
    for mode in Mode:
        canvas.set_mode(mode)
        for zoom in (0.0, 0.13, 0.5, 0.7, 1.0, 2.0, 4.0):
            canvas.zoom_to_fit()
            if zoom:
                canvas.zoom_to(zoom)
            spent, computed = [], []
            for frame in range(options.frames):
                way = 1 if frame % 40 < 20 else -1
                canvas.set_view(canvas.view.panned(37 * way, 23 * way))
                start, start_of_thread = time.perf_counter(), time.thread_time()
                canvas.repaint()
                spent.append((time.perf_counter() - start) * 1000)
                computed.append((time.thread_time() - start_of_thread) * 1000)
                application.processEvents()
            figures = [*np.percentile(spent, [50, 95, 99, 100]), np.median(computed)]
            name = f"{mode.value}, {f'{zoom:.0%}' if zoom else 'fitted'}"
            print(f"{name:32}" + "".join(f"{figure:8.1f}" for figure in figures), flush=True)
    canvas.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
