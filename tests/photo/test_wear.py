"""The estimate of wear follows the degradation of training; every photo gets an answer."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage import data

from restorer.errors import RequestError
from restorer.photo.wear import WearNetwork, estimate_wear, statistics
from restorer.pipeline.request import RestoreRequest
from restorer.training.degradation.second_order import Scan, scan


def tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


def estimates(wear: float) -> float:
    """Mean estimate over scans of four photographs that training does not know."""
    found = []
    for number, sharp in enumerate((data.astronaut(), data.chelsea(), data.coffee(), data.rocket())):
        height, width = (side // 4 * 4 for side in sharp.shape[:2])
        _, low = scan(sharp[:height, :width], 4, wear, np.random.default_rng(number), Scan())
        found.append(estimate_wear(tensor(low)))
    return float(np.mean(found))


def test_more_wear_is_estimated_as_more() -> None:
    clean, half, full = (estimates(wear) for wear in (0.0, 0.5, 1.0))
    assert clean < 0.15
    assert clean + 0.15 < half < full


def test_a_picture_too_small_to_judge_counts_as_half_worn() -> None:
    assert estimate_wear(torch.zeros(1, 3, 60, 200)) == 0.5


@pytest.mark.parametrize("size", [(64, 64), (65, 700), (2000, 90)])
def test_every_shape_is_answered(size: tuple[int, int]) -> None:
    noise = torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert 0.0 <= estimate_wear(noise) <= 1.0


def test_a_flat_photo_is_answered() -> None:
    assert 0.0 <= estimate_wear(torch.full((1, 3, 128, 128), 0.5)) <= 1.0


def test_the_network_answers_between_nought_and_one() -> None:
    answers = WearNetwork()(statistics(torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))))
    assert answers.shape == (3,)
    assert bool(((answers > 0) & (answers < 1)).all())


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_clean_up_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(RequestError, match="Clean-up"):
        RestoreRequest(source=None, clean_up=value)  # type: ignore[arg-type]
