"""The window fits its screen, and its parts fit the window, with the font sizes that desktops use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# Opens the window with a font of some points, shrinks it as far as it goes, and says what became of it all.
CODE = """
import json, sys, tempfile
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox
from ui.help import about
from ui.app import make_application
from ui.style.theme import Theme
from ui.main_window.window import Window

app = make_application([])
font = app.font()
font.setPointSizeF(float(sys.argv[1]))
app.setFont(font)
store = QSettings(tempfile.mkdtemp() + "/none.ini", QSettings.Format.IniFormat)

def size(widget):
    return widget.width(), widget.height()

window = Window(Theme(app), store)
window._warm = True
window.show()
app.processEvents()
room = window.screen().availableGeometry()
said = {"room": (room.width(), room.height()), "opened": size(window)}
sheet = about.about_dialog(window)
said["about"] = size(sheet)
window.resize(1, 1)
said["least"] = size(window)
hint = window.minimumSizeHint()
said["hint"] = (hint.width(), hint.height())
kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
cut = []
for room in (0, 1):
    window.workspaces.setCurrentIndex(room)
    app.processEvents()
    for kind in kinds:
        for part in window.findChildren(kind):
            corner = part.mapTo(window, QPoint(0, 0))
            scrolled = window.restore.panel.isAncestorOf(part) and part.window() is window
            if part.isVisible() and not scrolled and not part.objectName().startswith("qt_") and (
                corner.x() + part.width() > window.width() or corner.y() + part.height() > window.height()
                or part.width() < part.minimumSizeHint().width()
            ):
                cut.append(part.accessibleName())
said["cut"] = cut
print(json.dumps(said))
window.close()
"""


def opened(points: float, display: str) -> dict[str, object]:
    environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(points)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert isinstance(said, dict)
    return said


def within(size: object, limits: object) -> bool:
    assert isinstance(size, list)
    assert isinstance(limits, list)
    return bool(size[0] <= limits[0] and size[1] <= limits[1])


@pytest.fixture(scope="module")
def small_screen() -> Iterator[str]:
    """DISPLAY of a screen of 1024 x 640 pixels."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x640x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start."
    yield f":{number.decode()}"
    process.terminate()
    process.wait()


@pytest.mark.parametrize("points", [9, 11])
def test_the_window_opens_within_a_small_screen(tiny_pack: str, small_screen: str, points: float) -> None:
    said = opened(points, small_screen)
    assert said["room"] == [1024, 640]
    assert within(said["opened"], said["room"])
    assert within(said["about"], said["room"])
    assert within(said["least"], said["room"])
    assert said["cut"] == []


def test_with_a_very_large_font_the_window_still_fits(tiny_pack: str, small_screen: str) -> None:
    said = opened(16, small_screen)
    assert within(said["opened"], said["room"])
    assert within(said["least"], said["room"])


def test_the_window_cannot_be_made_smaller_than_its_parts(tiny_pack: str, display: str) -> None:
    said = opened(11, display)
    assert within(said["hint"], said["least"])
    assert within(said["least"], [1024, 640])
    assert said["cut"] == []
