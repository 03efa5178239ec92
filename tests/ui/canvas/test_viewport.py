"""Zoom and pan: what part of the picture is seen, and where."""

from __future__ import annotations

import math

import pytest

from ui.canvas.viewport import MOST_ZOOM, Viewport


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
