from __future__ import annotations

import torch

from restorer.diffusion.noise import NoiseField


def test_a_box_is_a_cut_of_the_whole_field() -> None:
    field = NoiseField(5, 0)
    whole = field.box(0, 0, 0, 300, 200)
    assert torch.equal(field.box(0, 37, 61, 150, 90), whole[..., 61:151, 37:187])


def test_seed_stage_and_step_each_give_other_noise() -> None:
    base = NoiseField(5, 0).box(0, 0, 0, 64, 64)
    for other in (
        NoiseField(6, 0).box(0, 0, 0, 64, 64),
        NoiseField(5, 1).box(0, 0, 0, 64, 64),
        NoiseField(5, 0).box(1, 0, 0, 64, 64),
    ):
        correlation = float((base * other).mean())
        assert abs(correlation) < 0.05


def test_noise_is_standard_normal_and_independent_between_blocks() -> None:
    noise = NoiseField(2**62, 3).box(7, 0, 0, 512, 512)
    assert abs(float(noise.mean())) < 0.01
    assert abs(float(noise.std()) - 1) < 0.01
    assert abs(float((noise[..., :256] * noise[..., 256:]).mean())) < 0.01


def test_noise_stays_the_same_between_versions() -> None:
    """A seed names a picture; these numbers may never change."""
    first = NoiseField(1, 2).box(3, 64, 128, 2, 1)[0, :, 0, 0]
    assert [round(float(v), 5) for v in first] == EXPECTED


EXPECTED = [-0.79878, -0.61995, -1.37696]
