"""Damage filled without a network: only what is marked, in every kind of photo, with grain, by seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from restorer.damage.classical_filler import fill_classically
from restorer.errors import RequestError
from restorer.photo import Photo


def scratched(chelsea: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(whole, damaged, marked): a scratch of three pixels down a photo, and a spot."""
    whole = chelsea[:120, :160].copy()
    marked = np.zeros(whole.shape[:2], np.bool_)
    marked[:, 70:73] = True
    marked[30:38, 110:118] = True
    damaged = whole.copy()
    damaged[marked] = 255
    return whole, damaged, marked


@pytest.mark.parametrize("kind", ["rgb", "grey", "sixteen", "alpha"])
def test_only_what_is_marked_changes_and_comes_near_to_what_was_there(kind: str, chelsea: np.ndarray) -> None:
    whole, damaged, marked = scratched(chelsea)
    if kind == "grey":
        whole, damaged = whole[..., :1], damaged[..., :1]
    if kind == "sixteen":
        whole, damaged = whole.astype(np.uint16) * 257, damaged.astype(np.uint16) * 257
    alpha = np.full(damaged.shape[:2], 200, np.uint8) if kind == "alpha" else None
    photo = Photo(damaged, alpha=alpha)
    filled = fill_classically(photo, marked)
    assert filled.pixels.dtype == damaged.dtype
    np.testing.assert_array_equal(filled.pixels[~marked], damaged[~marked])
    assert filled.alpha is alpha
    top = np.iinfo(damaged.dtype).max

    def error(pixels: np.ndarray) -> float:
        return float(np.abs(pixels[marked].astype(float) - whole[marked]).mean() / top)

    assert error(filled.pixels) < 0.2 * error(damaged)


def test_the_edge_of_damage_is_not_drawn_into_the_hole(chelsea: np.ndarray) -> None:
    whole, damaged, marked = scratched(chelsea)
    damaged[:, [69, 73]] = 255  # softer than its mask
    filled = fill_classically(Photo(damaged), marked).pixels
    assert np.abs(filled[:, 70:73].astype(float) - whole[:, 70:73]).mean() < 25


def test_grain_goes_on_across_the_hole_and_depends_on_the_seed() -> None:
    random = np.random.default_rng(0)
    grainy = (120 + 12 * random.standard_normal((100, 100, 1))).clip(0, 255).astype(np.uint8)
    marked = np.zeros((100, 100), np.bool_)
    marked[40:60, 40:60] = True
    one, other = (fill_classically(Photo(grainy), marked, seed).pixels for seed in (1, 2))
    assert one[marked].std() > 0.6 * grainy[~marked].std()
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(one, fill_classically(Photo(grainy), marked, 1).pixels)


def test_masks_that_mark_nothing_or_all_or_have_another_size(chelsea: np.ndarray) -> None:
    photo = Photo(chelsea[:30, :40], path=Path("a.png"))
    assert fill_classically(photo, np.zeros((30, 40), np.bool_)) is photo
    with pytest.raises(RequestError, match=r"marks all of a\.png"):
        fill_classically(photo, np.ones((30, 40), np.bool_))
    with pytest.raises(ValueError, match="does not fit"):
        fill_classically(photo, np.zeros((31, 40), np.bool_))


@pytest.mark.parametrize("side", ["corner", "border"])
def test_holes_at_the_edge_of_a_photo_are_filled(side: str, chelsea: np.ndarray) -> None:
    photo = Photo(chelsea[:60, :80].copy())
    marked = np.zeros((60, 80), np.bool_)
    if side == "corner":
        marked[:9, :9] = True
    else:
        marked[:, :5] = True
    photo.pixels[marked] = 0
    filled = fill_classically(photo, marked).pixels
    assert filled[marked].mean() > 40
