"""Strength mixes with the plain enlargement; grain that comes back is the photo's, at the result's pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.pipeline import finish as finish_module
from restorer.pipeline.finish import Finish, Finisher, _halved, default_grain, measure_grain

SCALE = 4


def grainy(sigma: float, blur: float = 0.0, side: int = 384, seed: int = 3) -> np.ndarray:
    """(side, side, 3) of three flat tones with grain of a deviation in grey levels; blurred it is coarser."""
    import cv2

    noise = np.random.default_rng(seed).standard_normal((side, side))
    if blur:
        noise = cv2.GaussianBlur(noise, (0, 0), blur)
    noise *= sigma / noise.std()
    tone = np.repeat(np.array([70.0, 128.0, 190.0]), side // 3)[None, :] * np.ones((side, 1))
    return np.rint(np.clip(tone + noise, 0, 255)).astype(np.uint8)[..., None].repeat(3, axis=2)


def smooth(side: int = 384) -> np.ndarray:
    """What a run makes of it: the tones, enlarged, without grain."""
    tone = np.repeat(np.array([70, 128, 190], np.uint8), side * SCALE // 3)[None, :].repeat(side * SCALE, 0)
    return np.ascontiguousarray(tone[..., None].repeat(3, axis=2))


@pytest.fixture(scope="module")
def finisher() -> Finisher:
    return Finisher(Photo(grainy(5.0)), Photo(smooth()), seed=7)


def test_the_ends_of_strength_are_the_result_and_the_plain_enlargement(finisher: Finisher) -> None:
    import torch

    from restorer.diffusion.conditioning import enlarge

    assert finisher.whole(Finish()) is finisher.result
    low = torch.from_numpy(finisher.source.pixels.transpose(2, 0, 1).astype(np.float32))[None]
    plain = enlarge(low, SCALE)[0].permute(1, 2, 0).clamp(0, 255).numpy()
    none = finisher.whole(Finish(strength=0.0)).pixels
    assert np.abs(none - plain).max() <= 1.5, "the one from which the run began, rounded twice"
    half = finisher.whole(Finish(strength=0.5)).pixels
    between = (plain + finisher.result.pixels) / 2
    assert np.abs(half - between).max() <= 1.6


@pytest.mark.parametrize("blur", [0.0, 0.8])
def test_grain_comes_back_as_strong_and_as_fine_as_it_was(blur: float) -> None:
    source = Photo(grainy(5.0, blur))
    finished = Finisher(source, Photo(smooth()), seed=1).whole(Finish(grain=1.0)).pixels[..., 0].astype(float)
    own, made = source.pixels[:, :120, 0].astype(float), finished[:, :500]

    def kin(grain: np.ndarray) -> float:
        """Correlation of neighbours, which tells fine grain from coarse."""
        grain = grain - grain.mean()
        return float((grain[:, 1:] * grain[:, :-1]).mean() / grain.var())

    assert made.std() == pytest.approx(own.std(), rel=0.1)
    assert kin(made) == pytest.approx(kin(own), abs=0.1), "no blobs"
    assert abs(made.mean() - 70) < 0.2
    half = Finisher(source, Photo(smooth()), seed=1).whole(Finish(grain=0.5)).pixels[:, :500, 0]
    assert half.std() == pytest.approx(own.std() / 2, rel=0.12)


def test_grain_follows_the_tone() -> None:
    pixels = grainy(1.0)[..., 0].astype(float)
    tone = np.repeat(np.array([70.0, 128.0, 190.0]), 128)[None, :]
    strengths = np.repeat(np.array([6.0, 4.0, 2.5]), 128)[None, :]
    noise = np.random.default_rng(0).standard_normal(pixels.shape)
    source = Photo(np.rint(tone + strengths * noise).astype(np.uint8)[..., None].repeat(3, 2))
    made = Finisher(source, Photo(smooth())).whole(Finish(grain=1.0)).pixels[..., 0].astype(float)
    for third, strength in enumerate((6.0, 4.0, 2.5)):
        part = made[:, third * 512 + 20 : third * 512 + 490]
        assert part.std() == pytest.approx(strength, rel=0.15)


def test_a_view_shows_the_pixels_of_the_whole(finisher: Finisher) -> None:
    for finish in (Finish(0.6), Finish(1.0, 0.8), Finish(0.3, 0.5)):
        whole = finisher.whole(finish).pixels.astype(int)
        left, top, width, height = 301, 517, 640, 411
        part = finisher.part((left, top, width, height), finish)
        difference = np.abs(part - whole[top : top + height, left : left + width])
        assert difference.max() <= 1
        assert (difference > 0).mean() < 0.02, "rounding of the enlargement alone"


@pytest.mark.parametrize("level", [1, 3])
def test_a_reduced_view_shows_the_whole_reduced(finisher: Finisher, level: int) -> None:
    import cv2

    finish = Finish(0.7, 1.0)
    whole = finisher.whole(finish).pixels
    size = (whole.shape[1] >> level, whole.shape[0] >> level)
    wanted = cv2.resize(whole, size, interpolation=cv2.INTER_AREA).astype(int)
    seen = finisher.part((0, 0, *finisher.result.size), finish, level)
    assert np.abs(seen - wanted).mean() < 0.6


def test_what_the_caller_has_of_the_picture_reduced_is_taken_and_shows_the_same() -> None:
    """The screen has the result and the photo in all sizes: of 24 megapixels nothing is reduced again."""
    source, result = Photo(grainy(5.0)), Photo(grainy(2.0, side=384 * 2))
    plain = Finisher(source, result)

    def halves_of(photo: Photo) -> Callable[[int], np.ndarray | None]:
        return lambda times: _halved(photo.pixels, times) if times else None

    knowing = Finisher(source, result, halves=halves_of(result), source_halves=halves_of(source))
    knowing.result = replace(result, pixels=np.zeros_like(result.pixels))
    boxes = ((0, 0, 768, 768), 2), ((64, 128, 256, 512), 1), ((64, 128, 96, 296), 3)
    for (box, level), finish in product(boxes, (Finish(0.4), Finish(1.0))):
        assert np.array_equal(knowing.part(box, finish, level), plain.part(box, finish, level))


def test_the_grain_of_a_large_photo_is_told_from_a_part_of_its_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = Photo(grainy(5.0, 0.8, side=2304))
    asked = []
    windows = finish_module._windows

    def counted(photo: Photo, places: Sequence[tuple[int, int]], side: int) -> object:
        asked.append(len(places))
        return windows(photo, places, side)

    monkeypatch.setattr(finish_module, "_windows", counted)
    some = measure_grain(photo)
    monkeypatch.setattr(finish_module, "MOST_WINDOWS", 10**9)
    every = measure_grain(photo)
    assert some is not None
    assert every is not None
    assert asked[0] <= 1500 < asked[1]
    assert some.sigma == pytest.approx(every.sigma, rel=0.03)
    assert some.sigma == pytest.approx(5.0, rel=0.1)


def test_the_same_seed_gives_the_same_grain_and_another_another(finisher: Finisher) -> None:
    one = finisher.whole(Finish(grain=1.0)).pixels
    again = Finisher(finisher.source, finisher.result, seed=7).whole(Finish(grain=1.0)).pixels
    other = Finisher(finisher.source, finisher.result, seed=8).whole(Finish(grain=1.0)).pixels
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert (one == one[..., :1]).all(), "what is neutral stays neutral"


def test_grain_that_the_result_kept_is_not_added_twice() -> None:
    source = Photo(grainy(5.0))
    kept = np.random.default_rng(1).normal(0, 4.0, smooth().shape[:2])[..., None]
    result = Photo(np.rint(smooth() + kept).astype(np.uint8))
    made = Finisher(source, result).whole(Finish(grain=1.0)).pixels[:, :500, 0]
    assert made.std() == pytest.approx(5.0, rel=0.1)


def test_a_photo_without_grain_gets_none() -> None:
    clean = Photo(np.ascontiguousarray(smooth()[::SCALE, ::SCALE]))
    assert measure_grain(clean) is None
    finisher = Finisher(clean, Photo(smooth()))
    assert np.array_equal(finisher.whole(Finish(grain=1.0)).pixels, smooth())


def test_sixteen_bits_and_grey_are_finished_as_eight_bits_are(finisher: Finisher) -> None:
    finish = Finish(0.5, 1.0)
    eight = finisher.whole(finish).pixels.astype(float)
    deep = Finisher(
        Photo(finisher.source.pixels.astype(np.uint16) * 257),
        Photo(finisher.result.pixels.astype(np.uint16) * 257),
        seed=7,
    )
    assert np.abs(deep.whole(finish).pixels / 257 - eight).max() <= 3.0
    grey = Finisher(
        replace(finisher.source, pixels=finisher.source.pixels[..., :1]),
        replace(finisher.result, pixels=finisher.result.pixels[..., :1]),
        seed=7,
    )
    assert np.abs(grey.whole(finish).pixels - eight[..., :1]).max() <= 2.0


def test_values_that_make_no_sense_are_refused() -> None:
    for values in ((-0.1, 0.0), (1.1, 0.0), (1.0, -1.0), (1.0, 2.0)):
        with pytest.raises(RequestError):
            Finish(*values)
    with pytest.raises(ValueError, match="no whole enlargement"):
        Finisher(Photo(grainy(1.0)), Photo(smooth()[:-1]))
    assert (default_grain(1.0), default_grain(0.99)) == (1.0, 0.0)
