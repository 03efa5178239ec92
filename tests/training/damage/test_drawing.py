"""Drawn damage: the same for the same seed, marked exactly where it is, of many kinds."""

from __future__ import annotations

import numpy as np
import pytest

from restorer.opencv import opencv
from restorer.training.damage.areas import sprinkled
from restorer.training.damage.drawing import KINDS, DrawDamage, draw_layers, laid, marks
from restorer.training.damage.examples import Finding, spoiled
from restorer.training.damage.layers import Layer, opaque
from restorer.training.damage.lines import wiped
from restorer.training.damage.scene import THINGS, with_scene_lines

cv2 = opencv()
SIDE = 128


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def flat(tone: float = 0.45) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), tone, np.float32)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_changes_photos_and_repeats_itself(kind: DrawDamage) -> None:
    changed, marked = [], []
    for seed in range(12):
        layers = kind(SIDE, SIDE, 2.0, random(seed), False)
        again = kind(SIDE, SIDE, 2.0, random(seed), False)
        result = laid(flat(), layers)
        assert result.dtype == np.float32
        np.testing.assert_array_equal(result, laid(flat(), again))
        np.testing.assert_array_equal(marks(layers, SIDE, SIDE), marks(again, SIDE, SIDE))
        changed.append((np.abs(result - flat()).max(axis=2) > 0.02).mean())
        marked.append(marks(layers, SIDE, SIDE).mean())
    assert np.mean(changed) > 0.001
    if kind.__name__ == "silvering":  # the photo is still to be seen through it
        assert max(marked) == 0
    else:
        assert 0.0005 < np.mean(marked) < 0.35


def test_nothing_changes_where_no_layer_is() -> None:
    photo = random(9).random((SIDE, SIDE, 3), np.float32)
    for seed in range(10):
        layers = draw_layers(SIDE, SIDE, 1.5, random(seed))
        nowhere = np.all([layer.cover <= 1 / 512 for layer in layers], axis=0)
        np.testing.assert_array_equal(laid(photo, layers)[nowhere], photo[nowhere])
        assert not marks(layers, SIDE, SIDE)[nowhere].any()


def test_strong_change_is_marked_and_what_is_marked_hides_the_photo() -> None:
    dark, bright = flat(0.0), flat(1.0)
    for seed in range(30):
        layers = draw_layers(SIDE, SIDE, 2.0, random(seed))
        marked = marks(layers, SIDE, SIDE)
        # How much of the photo is still to be told, 1 where nothing lies on it.
        left = (laid(bright, layers) - laid(dark, layers)).mean(axis=2)
        assert (left[marked] < 0.93).sum() >= 0.98 * marked.sum()
        assert (left[~marked] > 0.25).mean() > 0.999


def test_thin_damage_is_marked_as_far_as_thick_damage_is() -> None:
    drawn = np.zeros((SIDE, SIDE), np.uint8)
    drawn[20:60, 30] = drawn[80:90, 30:50] = 255
    drawn[20:60, 90] = 40  # a trace of damage is none
    for seed in range(12):
        thick = opaque(drawn, random(seed), False)
        thin = opaque(drawn, random(seed), False, faint=1.0)
        assert thin.cover.max() <= 0.55 < thick.cover.max()
        np.testing.assert_array_equal(marks([thin], SIDE, SIDE), drawn == 255)
        left = laid(flat(1.0), [thin]) - laid(flat(0.0), [thin])
        assert 0.4 < left[drawn == 255].mean() < 0.95


def test_specks_are_sprinkled_over_the_whole_photo_and_differ_in_strength() -> None:
    for seed in range(8):
        (layer,) = sprinkled(400, 400, 1.5, random(seed), False)
        quarters = [layer.cover[top : top + 200, left : left + 200] for top in (0, 200) for left in (0, 200)]
        assert all((quarter > 0.05).any() for quarter in quarters)
        count, labels, stats, _ = cv2.connectedComponentsWithStats((layer.cover > 0.05).astype(np.uint8))
        assert count > 8
        assert np.median(stats[1:, cv2.CC_STAT_AREA]) < 4 * np.pi * (1.5 * 1.5) ** 2
        peaks = [layer.cover[labels == number].max() for number in range(1, count)]
        assert max(peaks) > 1.3 * min(peaks)


def test_strands_of_a_wipe_lie_side_by_side() -> None:
    """Most of them go one way: their gradients do."""
    sides = []
    for seed in range(20):
        (layer,) = wiped(256, 256, 2.0, random(seed), False)
        if (layer.cover > 0.1).sum() < 200:
            continue  # most of it lies outside of the photo
        down, across = np.gradient(layer.cover)
        tensor = np.array(
            [[(across**2).sum(), (across * down).sum()], [(across * down).sum(), (down**2).sum()]]
        )
        small, large = np.linalg.eigvalsh(tensor)
        sides.append(large / small)
    assert len(sides) > 8
    assert np.median(sides) > 2


def test_a_layer_covers_by_its_share() -> None:
    cover = np.zeros((SIDE, SIDE), np.float32)
    cover[:4] = 0.5
    layer = Layer(cover, 0.0, np.ones((1, 1, 3), np.float32), 0.16)
    result = layer.over(flat(0.2))
    assert result[0, 0] == pytest.approx([0.6] * 3)
    assert result[9, 9] == pytest.approx([0.2] * 3)


def test_damage_of_a_grey_photo_is_grey() -> None:
    for seed in range(12):
        result = laid(flat(), draw_layers(SIDE, SIDE, 2.0, random(seed), grey=True))
        assert np.ptp(result, axis=2).max() < 1e-5


def test_wider_units_draw_wider_damage() -> None:
    def share(unit: float) -> float:
        return float(
            np.mean([marks(draw_layers(SIDE, SIDE, unit, random(s)), SIDE, SIDE).mean() for s in range(25)])
        )

    assert share(0.8) < share(2.0) < share(5.0)


def test_bright_and_dark_damage_are_both_drawn() -> None:
    brighter, darker = 0, 0
    for seed in range(30):
        layers = draw_layers(SIDE, SIDE, 2.0, random(seed))
        change = (laid(flat(), layers) - flat()).mean(axis=2)[marks(layers, SIDE, SIDE)]
        brighter, darker = brighter + (change > 0.1).sum(), darker + (change < -0.1).sum()
    assert 0.2 < darker / brighter < 1.5


@pytest.mark.parametrize("number", range(len(THINGS)))
def test_things_of_a_scene_are_drawn(number: int) -> None:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for seed in range(8):
        THINGS[number](canvas, 2.0, random(seed))
    assert 0.002 < (canvas > 60).mean() < 0.98


def test_scene_lines_lie_in_the_photo_and_are_no_damage(chelsea: np.ndarray) -> None:
    sharp = chelsea[:SIDE, :SIDE]
    photo = sharp.astype(np.float32) / 255
    assert (np.abs(with_scene_lines(photo, 2.0, random(3)) - photo) > 0.05).mean() > 0.001
    how = Finding(whole=1.0, scene=1.0)
    assert not any(spoiled(sharp, how, random(seed)).damaged.any() for seed in range(6))


def test_examples_repeat_and_tell_where_damage_is(chelsea: np.ndarray) -> None:
    sharp, how = chelsea[:SIDE, :SIDE], Finding(whole=0.0)
    for seed in range(8):
        one, other = spoiled(sharp, how, random(seed)), spoiled(sharp, how, random(seed))
        np.testing.assert_array_equal(one.photo, other.photo)
        np.testing.assert_array_equal(one.damaged, other.damaged)
        assert one.photo.shape == (SIDE, SIDE, 3)
        assert one.photo.dtype == np.uint8
        assert not (one.doubtful & ~one.damaged).any()
    shares = [spoiled(sharp, how, random(seed)).damaged.mean() for seed in range(20)]
    assert 0.002 < np.mean(shares) < 0.3
