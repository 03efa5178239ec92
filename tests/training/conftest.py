"""What several tests of training begin with."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from restorer.training.data import Pictures
from restorer.training.features import Features


@pytest.fixture
def pictures(chelsea: np.ndarray) -> Pictures:
    crop = [
        chelsea[y : y + 64, x : x + 64].transpose(2, 0, 1) for y in (0, 60, 120) for x in range(0, 380, 60)
    ]
    return Pictures(torch.from_numpy(np.stack(crop)), tuple(f"cat-{i}" for i in range(len(crop))))


@pytest.fixture(scope="module")
def features() -> Features:
    torch.manual_seed(0)
    return Features()
