"""What can be judged without a window: geometry, palettes, pictures for the screen, words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from restorer.photo import Photo
from restorer.pipeline.events import Progress
from ui.canvas.viewport import MOST_ZOOM, Viewport
from ui.i18n import phrases
from ui.imaging.live_preview import LivePreview
from ui.imaging.pyramid import pyramid, screen_pixels
from ui.imaging.qimage import rgb32
from ui.style.theme import Override, Theme, canvas_palette, palette_for

Role = QPalette.ColorRole
Scheme = Qt.ColorScheme


# -- geometry --------------------------------------------------------------------------------------------


def test_zooming_keeps_the_point_under_the_pointer() -> None:
    view = Viewport(picture=(4000, 3000), port=(1000, 700)).fit()
    for zoom in (0.5, 1.0, 2.7, 8.0):
        pointer = (310, 420)
        before = view.to_picture(*pointer)
        view = view.zoomed(zoom, pointer)
        after = view.to_picture(*pointer)
        assert math.dist(before, after) * zoom <= 1.5, "within the rounding to whole device pixels"


def test_fit_shows_all_and_follows_the_canvas() -> None:
    view = Viewport(picture=(4000, 1000), port=(1000, 700), margin=20).fit()
    assert view.visible() == (20, 230, 980, 470)
    wider = view.resized((2000, 700))
    assert wider.zoom == pytest.approx(2 * view.zoom * 980 / 960)


def test_pan_stops_at_the_edge_of_the_picture() -> None:
    view = Viewport(picture=(4000, 3000), port=(1000, 700)).fit().zoomed(1.0).panned(1e6, 1e6)
    assert view.origin == (0, 0)
    assert view.panned(-1e6, -1e6).origin == (1000 - 4000, 700 - 3000)
    small = Viewport(picture=(100, 100), port=(1000, 700)).fit().zoomed(1.0).panned(300, 0)
    assert small.origin == (450, 300), "a picture smaller than the canvas stays in the middle"


def test_four_times_as_many_pixels_look_the_same() -> None:
    view = Viewport(picture=(500, 400), port=(1000, 700)).fit().zoomed(5.0, (200, 300))
    larger = view.shows((2000, 1600))
    assert larger.visible() == view.visible()
    assert larger.to_picture(200, 300) == pytest.approx([4 * c for c in view.to_picture(200, 300)], abs=1)


def test_zoom_has_limits() -> None:
    view = Viewport(picture=(500, 400), port=(1000, 700)).fit()
    assert view.zoomed(1e9).zoom == MOST_ZOOM
    assert view.zoomed(1e-9).zoom == view.least_zoom


# -- palettes --------------------------------------------------------------------------------------------


def luminance(colour: QColor) -> float:
    """Relative luminance of WCAG 2.1."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(palette: QPalette, ink: Role, paper: Role) -> float:
    a, b = sorted((luminance(palette.color(ink)), luminance(palette.color(paper))))
    return (b + 0.05) / (a + 0.05)


def is_dark(palette: QPalette) -> bool:
    return luminance(palette.color(Role.Window)) < luminance(palette.color(Role.WindowText))


@pytest.mark.parametrize(
    ("scheme", "override", "dark"),
    [
        (Scheme.Light, Override.SYSTEM, False),
        (Scheme.Dark, Override.SYSTEM, True),
        (Scheme.Unknown, Override.SYSTEM, True),
        (Scheme.Dark, Override.LIGHT, False),
        (Scheme.Light, Override.DARK, True),
    ],
)
def test_scheme_and_override_decide_the_palette(scheme: Scheme, override: Override, dark: bool) -> None:
    assert is_dark(palette_for(scheme, override)) is dark


@pytest.mark.parametrize(
    "palette",
    [palette_for(Scheme.Light), palette_for(Scheme.Dark), canvas_palette()],
    ids=["light", "dark", "canvas"],
)
def test_text_can_be_read(palette: QPalette) -> None:
    pairs = [
        (Role.WindowText, Role.Window),
        (Role.Text, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.HighlightedText, Role.Highlight),
        (Role.PlaceholderText, Role.Window),
        (Role.PlaceholderText, Role.AlternateBase),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.Link, Role.Window),
    ]
    assert {pair: contrast(palette, *pair) for pair in pairs if contrast(palette, *pair) < 4.5} == {}
    assert contrast(palette, Role.Highlight, Role.Window) >= 3, "focus rings and the slider"


def test_the_theme_follows_the_system_live(qapp: QApplication) -> None:
    theme = Theme(qapp)
    theme.follow(Scheme.Light)
    assert not is_dark(qapp.palette())
    theme.follow(Scheme.Dark)
    assert is_dark(qapp.palette())
    theme.set_override(Override.LIGHT)
    theme.follow(Scheme.Dark)
    assert not is_dark(qapp.palette())
    theme.deleteLater()


# -- pictures --------------------------------------------------------------------------------------------


def test_rows_of_odd_length_keep_their_colours() -> None:
    array = np.zeros((5, 33, 3), np.uint8)
    array[..., 0] = 200
    image = rgb32(array)
    assert all(image.pixelColor(x, y).getRgb()[:3] == (200, 0, 0) for x in (0, 16, 32) for y in range(5))


def test_a_picture_for_the_window_does_not_change_with_its_array() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    image = rgb32(array)
    array[:] = 255
    assert image.pixelColor(1, 1).red() == 0


@pytest.mark.qt_log_ignore("fromIccProfile")
def test_wide_gamut_photos_are_shown_in_the_colours_they_mean() -> None:
    from PySide6.QtGui import QColorSpace

    icc = QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data()
    array = np.full((2, 2, 3), (128, 128, 60), np.uint8)
    shown = rgb32(array, icc).pixelColor(0, 0)
    assert shown.blue() < 55, "Adobe RGB (128, 128, 60) is a stronger yellow in sRGB"
    assert rgb32(array, b"not a profile").pixelColor(0, 0).blue() == 60


def test_a_level_of_the_pyramid_always_has_enough_pixels(chelsea: np.ndarray) -> None:
    large = np.tile(chelsea, (8, 8, 1))
    made = pyramid(large)
    assert made.levels[0].width() == large.shape[1]
    assert made.levels[-1].width() <= 700
    for zoom in (0.06, 0.2, 0.26, 0.5, 0.51, 1.0, 4.0):
        level = made.level_for(zoom)
        assert level.width() >= min(1.0, zoom) * large.shape[1] or level is made.levels[0]
        assert level.width() <= max(2 * zoom * large.shape[1], made.levels[-1].width()) + 2
    smallest = made.levels[-1]
    grey = np.mean([smallest.pixelColor(x, 30).green() for x in range(smallest.width())])
    factor = large.shape[0] // smallest.height()
    assert grey == pytest.approx(large[30 * factor : 31 * factor, :, 1].mean(), abs=2), "halvings average"


def test_previews_are_pinned_where_they_belong() -> None:
    board = LivePreview(np.zeros((50, 100, 3), np.uint8), (1000, 500), 1024)
    board.pin(np.full((20, 30, 3), 255, np.uint8), (700, 300, 300, 200))
    image = board.image()
    white = {
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() == 255
    }
    assert white == {(x, y) for x in range(70, 100) for y in range(30, 50)}
    board.pin(np.zeros((1, 1, 3), np.uint8), (0, 0, 3, 3))
    board.pin(np.full((999, 999, 3), 9, np.uint8), (0, 0, 1000, 500))
    assert board.image().pixelColor(99, 49).red() == 9


def test_the_board_is_never_larger_than_the_canvas() -> None:
    board = LivePreview(np.zeros((3000, 2000, 3), np.uint8), (2000, 3000), 900)
    assert (board.image().width(), board.image().height()) == (600, 900)


def test_any_kind_of_photo_can_be_looked_at() -> None:
    def photo(pixels: np.ndarray, alpha: np.ndarray | None = None) -> Photo:
        return Photo(pixels=pixels, alpha=alpha, icc=None, exif=None, xmp=None, dpi=None, path=None)

    deep = screen_pixels(photo(np.full((2, 3, 1), 65535, np.uint16)))
    assert deep.shape == (2, 3, 3)
    assert deep.min() == 255
    assert screen_pixels(photo(np.full((1, 1, 3), 32768, np.uint16)))[0, 0, 0] == 128
    clear = screen_pixels(photo(np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)))
    assert set(np.unique(clear)) == {153, 204}, "nothing but the checkerboard"


# -- words -----------------------------------------------------------------------------------------------


def test_time_left_is_told_in_round_numbers() -> None:
    assert phrases.time_left(None) == ""
    assert phrases.time_left(7.4) == "about 7 s left"
    assert phrases.time_left(43) == "about 45 s left"
    assert phrases.time_left(600) == "about 10 min left"


def test_progress_names_phase_step_tile_and_time() -> None:
    sentence = phrases.progress_sentence("Restoring", Progress(3, 8, 2, 6, 0.3, 43.0))
    assert sentence == "Restoring  ·  step 3 of 8  ·  tile 2 of 6  ·  about 45 s left"
    assert "tile" not in phrases.progress_sentence("Restoring", Progress(3, 8, 1, 1, 0.3, None))


def test_each_part_of_the_fidelity_slider_has_its_own_words() -> None:
    sentences = [phrases.fidelity_sentence(position / 100) for position in range(101)]
    assert len(set(sentences)) == 5
    assert "Faces may change" in sentences[0]
