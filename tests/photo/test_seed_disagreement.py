"""Where seeds disagree."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from restorer.photo.seed_disagreement import disagreement, seeds
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest


def test_the_map_is_the_spread_of_the_channel_that_differs_most() -> None:
    first = np.full((300, 20, 3), 100, np.uint8)
    second = first.copy()
    second[280:, 5:, 1] += 20
    spread = disagreement([first, second])
    assert spread[:280].max() == 0
    assert spread[290, 10] == pytest.approx(20 / 2**0.5), "the sample deviation of 100 and 120"
    wide = [picture.astype(np.uint16) * 257 for picture in (first, second)]
    assert np.allclose(disagreement(wide), spread, atol=1e-3), "in levels of 255 whatever the depth"
    with pytest.raises(ValueError, match="one picture"):
        disagreement([first])


def test_seeds_differ_and_stay_in_range() -> None:
    assert seeds(7, 3) == (7, 8, 9)
    for seed in seeds(2**63 - 1, 4):
        RestoreRequest(Path("x.png"), seed=seed)
    assert len(set(seeds(2**63 - 2, 4))) == 4


def test_real_seeds_disagree_where_they_invent(tiny_pack: str, photo_file: Path) -> None:
    request = RestoreRequest(photo_file, model=tiny_pack, device="cpu", preview_side=0, fidelity=0.3)
    made = []
    for seed in seeds(0, 2):
        *_, done = restore.run(dataclasses.replace(request, seed=seed))
        assert isinstance(done, Done)
        made.append(done.photo.pixels)
    spread = disagreement(made)
    assert spread.shape == (180, 240)
    assert np.median(spread) > 1
    assert disagreement([made[0], made[0]]).max() == 0
