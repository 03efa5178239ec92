"""What other programs and other countries bring: drops and pastes of every kind, profiles, decimal signs."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QLocale, QMimeData, QUrl
from PySide6.QtGui import QColorSpace, QImage, QValidator
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from restorer.photo import read_photo, write_photo
from tests.batch.test_belongings import PROFILES
from tests.ui.driver import LONG
from ui.imaging.mime import GNOME_FILES, can_open, mime_content, photo_from
from ui.imaging.qimage import rgb32
from ui.inputs.numbers import NumberBox
from ui.main_window.window import Window

PIXELS = np.random.default_rng(4).integers(0, 256, (12, 16, 3), dtype=np.uint8)


@pytest.mark.parametrize("country", ["C", "de_DE", "en_US", "fr_CH"])
@pytest.mark.parametrize("typed", ["1.5", "1,5"])
def test_dot_and_comma_both_part_a_number(qtbot: QtBot, country: str, typed: str) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.setLocale(QLocale(country))
    box.setRange(-15, 15)
    box.show()
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, typed)
    box.interpretText()
    assert box.value() == 1.5


def test_two_signs_are_no_number(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    assert box.validate("1.234,5", 0)[0] == QValidator.State.Invalid


def test_a_grey_photo_is_shown_as_its_profile_says() -> None:
    grey = np.full((4, 4, 3), 100, np.uint8)
    shown = rgb32(grey, PROFILES["grey"]).pixelColor(0, 0)
    expected = 255 * ((100 / 255) ** (563 / 256))  # light, by the profile's gamma
    srgb = 255 * (1.055 * (expected / 255) ** (1 / 2.4) - 0.055)
    assert abs(shown.red() - srgb) <= 1.5
    assert shown.red() == shown.green() == shown.blue()
    assert rgb32(grey).pixelColor(0, 0).red() == 100


def picture(deep: bool = False) -> QImage:
    image = QImage(PIXELS.tobytes(), 16, 12, 48, QImage.Format.Format_RGB888).copy()
    if deep:
        image = image.convertToFormat(QImage.Format.Format_RGBX64)
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3))
    image.setDotsPerMeterX(11811)
    image.setDotsPerMeterY(11811)
    return image


@pytest.mark.parametrize("deep", [False, True])
def test_a_pasted_picture_keeps_profile_and_resolution(tmp_path: Path, deep: bool) -> None:
    mime = QMimeData()
    mime.setImageData(picture(deep))
    brought = mime_content(mime)
    assert brought.image is not None
    photo = photo_from(brought.image)
    saved = read_photo(write_photo(photo, tmp_path / "a.png"))
    assert saved.icc is not None
    assert b"P3" in saved.icc or len(saved.icc) > 300
    assert saved.dpi is not None
    assert abs(saved.dpi[0] - 300) < 0.1
    assert saved.bits == (16 if deep else 8)
    np.testing.assert_array_equal(saved.pixels // (257 if deep else 1), PIXELS)


def test_a_pasted_picture_that_says_nothing_gets_nothing() -> None:
    photo = photo_from(QImage(PIXELS.tobytes(), 16, 12, 48, QImage.Format.Format_RGB888).copy())
    assert (photo.icc, photo.dpi, photo.alpha) == (None, None, None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ä photo 100%.png"
    Image.fromarray(PIXELS).save(path)
    return path


@pytest.mark.parametrize("kind", ["url", "uri text", "path text", "quoted text", "gnome"])
def test_whatever_a_file_manager_brings_is_a_file(file: Path, kind: str) -> None:
    mime, url = QMimeData(), QUrl.fromLocalFile(str(file))
    address = bytes(url.toEncoded().data()).decode()
    if kind == "url":
        mime.setUrls([url])
    elif kind == "gnome":
        mime.setData(GNOME_FILES, QByteArray(f"copy\n{address}".encode()))
    else:
        mime.setText({"uri text": address, "path text": str(file), "quoted text": f'"{file}"'}[kind])
    assert can_open(mime)
    assert mime_content(mime).files == (file,)


def test_a_browsers_picture_counts_before_its_address() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.jpg")])
    mime.setImageData(picture())
    assert mime_content(mime).image is not None


@pytest.mark.parametrize("inline", [False, True])
def test_a_picture_that_comes_as_bytes_is_taken(file: Path, inline: bool) -> None:
    mime = QMimeData()
    if inline:
        mime.setText("data:image/png;base64," + base64.b64encode(file.read_bytes()).decode())
    else:
        mime.setData("image/png", QByteArray(file.read_bytes()))
    assert can_open(mime)
    image = mime_content(mime).image
    assert image is not None
    np.testing.assert_array_equal(photo_from(image).pixels, PIXELS)


@pytest.mark.parametrize("text", ["just some words", "relative/file.png", "/", ""])
def test_other_text_is_nothing(text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    assert not can_open(mime)
    assert mime_content(mime).empty
    assert mime_content(mime).elsewhere == ()


def test_an_address_is_told_of(window: Window, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.jpg")])
    assert can_open(mime)
    with qtbot.waitSignal(window.core.runs.warned, timeout=LONG) as told:
        window.core.opener.open_content(mime_content(mime))
    assert "https://example.org/a.jpg is an address" in told.args[0]
