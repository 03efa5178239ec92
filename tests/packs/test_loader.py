"""Networks of every shape come onto their device."""

from __future__ import annotations

import torch
from torch import nn

from restorer.device import choose
from restorer.packs.loader import placed


class Modulated(nn.Module):
    """A convolution whose weight has five axes, as in GFPGAN."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, 3, 3, 3, 3))
        self.plain = nn.Conv2d(3, 3, 3)


def test_a_weight_of_five_axes_is_no_obstacle() -> None:
    network = placed(Modulated().double(), choose("cpu"))
    assert {weight.dtype for weight in network.parameters()} == {torch.float32}


def test_the_others_have_their_channels_beside_each_other() -> None:
    network = placed(nn.Sequential(nn.Conv2d(3, 4, 3)), choose("cpu"))
    (weight, _) = network.parameters()
    assert weight.is_contiguous(memory_format=torch.channels_last)
