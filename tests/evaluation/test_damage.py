"""Measuring repair: the damage is inside its mask, and a network is judged there and elsewhere."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from restorer import paths
from restorer.evaluation.damage import DamageLine, measure, spoil, table
from restorer.evaluation.lpips import LPIPS
from restorer.pipeline.request import RestoreRequest
from tests.conftest import make_tiny_pack


class ByPixels:
    """In place of LPIPS, which is measured elsewhere: mean difference in levels."""

    def distance(self, first: np.ndarray, second: np.ndarray) -> float:
        return float(np.abs(first.astype(float) - second).mean())


def test_damage_is_seeded_and_leaves_the_rest(chelsea: np.ndarray) -> None:
    damaged, opacity = spoil(chelsea, 2, 5)
    again, _ = spoil(chelsea, 2, 5)
    assert np.array_equal(damaged, again)
    assert not np.array_equal(damaged, spoil(chelsea, 2, 6)[0])
    assert np.abs(damaged[opacity == 0].astype(int) - chelsea[opacity == 0]).max() <= 1
    assert np.abs(damaged[opacity > 0.9].astype(int) - chelsea[opacity > 0.9]).mean() > 20
    # Every tile of 128 scanned pixels has its own.
    assert (opacity[:, :256] > 0).any()
    assert (opacity[:, 256:] > 0).any()


def test_a_set_is_measured_inside_and_outside(tiny_pack: str, chelsea: np.ndarray) -> None:
    model = make_tiny_pack(paths.packs_dir(), "tiny-all", scales=(1, 2, 4), told=True).name
    make_tiny_pack(paths.packs_dir(), "sr3-repair", scales=(1,), kind="photo-repair")
    request = RestoreRequest(Path(), model=model, device="cpu", preview_side=0, fidelity=0.8, steps=1)
    high = chelsea[:256, :256]
    line = measure("cats", [("one", high), ("two", high[:, ::-1])], request, ByPixels())  # type: ignore[arg-type]
    assert line.pictures == 2
    assert 0 < line.covered < 1
    assert line.lpips_input > 0
    assert line.lpips_on != line.lpips_off
    assert line.changed > 0  # this network was never trained
    assert line.changed_p99 >= line.changed
    assert "| cats | 2 |" in table([line])


def test_gain_is_the_share_of_the_inputs_distance_that_is_gone() -> None:
    line = DamageLine("x", 1, 0.1, 0.4, 0.3, 0.1, 0.0, 0.0)
    assert line.gain == pytest.approx(0.75)
    assert "| 75 |" in table([dataclasses.replace(line)])


def test_the_judge_is_lpips_by_default() -> None:
    assert hasattr(LPIPS, "distance")
