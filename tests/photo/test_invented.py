"""A map of what was invented, of one result: where it is large two seeds differ."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from restorer.photo import Photo
from restorer.photo import invented as module
from restorer.photo.invented import invented
from restorer.photo.seed_disagreement import disagreement


def enlarged(pixels: np.ndarray, scale: int) -> np.ndarray:
    size = (pixels.shape[1] * scale, pixels.shape[0] * scale)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)).reshape(*size[::-1], -1)


@pytest.fixture
def photo(chelsea: np.ndarray) -> Photo:
    return Photo(np.ascontiguousarray(chelsea[60:156, 100:228]))


def test_a_plain_enlargement_invents_nothing(photo: Photo) -> None:
    for scale in (1, 2, 4):
        made = invented(photo, Photo(enlarged(photo.pixels, scale)))
        assert made.shape == photo.pixels.shape[:2]
        assert np.quantile(made, 0.99) < 0.7, "rounding, and a few places that were clipped"


def test_what_the_photo_tells_is_not_invented(photo: Photo) -> None:
    """A result that is brighter or of other colours differs, but in nothing that the photo does not show."""
    moved = np.clip(enlarged(photo.pixels, 4).astype(int) + 20, 0, 255).astype(np.uint8)
    assert np.median(invented(photo, Photo(moved))) < 0.7


def test_it_goes_with_the_disagreement_of_results_that_invent_more_in_places(photo: Photo) -> None:
    """Two results whose fine detail has its own strength in every place."""
    plain = enlarged(photo.pixels, 4).astype(float)
    height, width = plain.shape[:2]
    strength = 12 * np.linspace(0, 1, width)[None, :, None] * np.linspace(0.2, 1, height)[:, None, None]
    pair = []
    for seed in (1, 2):
        detail = np.random.default_rng(seed).standard_normal((height, width, 1))
        pair.append(np.clip(plain + strength * detail, 0, 255).round().astype(np.uint8))
    told = invented(photo, Photo(pair[0]))
    true = cv2.resize(disagreement(pair), told.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.corrcoef(told.ravel(), cv2.blur(true, (5, 5)).ravel())[0, 1] > 0.9
    assert told[:, :8].max() < told[:, -8:].min()


def test_bands_leave_no_trace_and_a_large_map_is_reduced(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(0).normal(0, 8, (*(4 * side for side in photo.pixels.shape[:2]), 1))
    result = Photo(np.clip(enlarged(photo.pixels, 4) + noise, 0, 255).astype(np.uint8))
    whole = invented(photo, result)
    monkeypatch.setattr(module, "_BAND", 20)
    assert np.abs(invented(photo, result) - whole).max() < 1e-2
    monkeypatch.setattr(module, "MOST_SIDE", 64)
    assert invented(photo, result).shape == (48, 64)


def test_bits_and_grey_make_no_difference_and_sizes_have_to_fit(photo: Photo) -> None:
    pixels = enlarged(photo.pixels, 2)
    pixels[::2] = pixels[::2] // 2
    eight = invented(photo, Photo(pixels))
    deep = invented(Photo(photo.pixels.astype(np.uint16) * 257), Photo(pixels.astype(np.uint16) * 257))
    assert np.allclose(eight, deep, atol=1e-3)
    grey = invented(Photo(photo.pixels[..., :1]), Photo(pixels[..., :1]))
    assert grey.shape == eight.shape
    with pytest.raises(ValueError, match="no whole enlargement"):
        invented(photo, Photo(pixels[:-1]))
