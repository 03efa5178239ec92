"""Renders the app's drawing into the files that desktops want; run again after the drawing changed.

    python tools/render_icons.py

In: resources/icons/restorer.svg. Out, in resources/icons/app: NxN.png for every size of the hicolor theme,
restorer.ico for Windows and restorer.icns for macOS. Qt renders, Pillow packs.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from restorer.launcher.names import ICON_SIZES
from restorer.paths import resources_dir

ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def rendered(svg: bytes, side: int) -> Image.Image:
    """The drawing, `side` pixels wide and high, RGBA."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(kept.data())).convert("RGBA")


def main() -> None:
    application = QGuiApplication([])
    icons = resources_dir() / "icons"
    svg = (icons / "restorer.svg").read_bytes()
    folder = icons / "app"
    folder.mkdir(exist_ok=True)
    pictures = {side: rendered(svg, side) for side in {*ICON_SIZES, *ICO_SIZES, 1024}}
    for side in ICON_SIZES:
        pictures[side].save(folder / f"{side}x{side}.png", optimize=True)
    ico = [pictures[side] for side in ICO_SIZES]
    ico[-1].save(folder / "restorer.ico", sizes=[(side, side) for side in ICO_SIZES], append_images=ico[:-1])
    pictures[1024].save(folder / "restorer.icns", append_images=[pictures[512], pictures[256], pictures[128]])
    del application


if __name__ == "__main__":
    main()
