"""Damage is taken out; what is not damaged keeps its numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from restorer.pipeline.repair import mend, mended_share


@pytest.fixture
def photo(chelsea: np.ndarray) -> torch.Tensor:
    pixels = chelsea[:64, :96].astype(np.float32).transpose(2, 0, 1)
    return torch.from_numpy(pixels)[None] / 127.5 - 1


def test_what_the_network_hardly_changes_stays_to_the_bit(photo: torch.Tensor) -> None:
    random = torch.Generator().manual_seed(0)
    doubt = (torch.rand(photo.shape, generator=random) * 2 - 1) * 7 / 127.5
    assert torch.equal(mend(photo + doubt, photo), photo)


def test_damage_is_replaced_whole_and_its_surroundings_are_not(photo: torch.Tensor) -> None:
    damaged = photo.clone()
    damaged[..., 20:23, 30:60] = 1.0
    answer = photo + 5 / 127.5  # a little off everywhere
    mended = mend(answer, damaged)
    clear = (answer - damaged).abs().amax(1, keepdim=True) > 20 / 127.5
    inside = clear & (torch.nn.functional.avg_pool2d(clear.float(), 3, 1, 1) == 1)
    assert inside.any()
    assert torch.equal(mended.masked_select(inside), answer.masked_select(inside))
    assert torch.equal(mended[..., 30:, :], photo[..., 30:, :])
    assert torch.equal(mended[..., :14, :], photo[..., :14, :])


def test_there_is_no_seam(photo: torch.Tensor) -> None:
    """From damage to photo the answer fades, so that a slightly different answer draws no outline."""
    flat = torch.zeros(1, 3, 40, 40)
    damaged = flat.clone()
    damaged[..., 18:21, :] = 1.0
    mended = mend(flat + 6 / 127.5, damaged)
    steps = mended[0, 0, :, 20].diff().abs()
    assert float(steps.max()) < 6 / 127.5


def test_the_share_that_was_mended_counts_pixels() -> None:
    photo = torch.zeros(1, 3, 4, 5)
    mended = photo.clone()
    assert mended_share(mended, photo) == 0
    mended[0, :, 0, 0] = 0.5
    mended[0, 2, 3, 4] = -0.5
    assert mended_share(mended, photo) == 2 / 20
