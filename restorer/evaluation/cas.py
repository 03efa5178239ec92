"""Classification accuracy score: is a classifier that learned from invented pictures good at real ones?

Ravuri and Vinyals, arXiv 1905.10887, which CDM (arXiv 2106.15282, section 5.3) reports. In: pictures (N,
side, side, 3) uint8 with labels. Out: accuracy on real pictures. One fixed small residual network and recipe
for all, so that figures compare.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["SmallResNet", "accuracy", "ratio", "train"]


class _Block(nn.Module):
    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outside)
        self.skip = nn.Conv2d(inside, outside, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(functional.relu(self.norm1(self.conv1(x)))))
        result: Tensor = functional.relu(y + self.skip(x))
        return result


class SmallResNet(nn.Module):
    """Three residual blocks of 48, 96 and 192 channels after a 3x3 convolution of stride 2 (1 at 32 pixels),
    the mean over the places, one linear layer. (B, 3, side, side) in [-1, 1] to (B, classes) scores."""

    def __init__(self, classes: int, side: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3, 32, 3, 1 if side <= 32 else 2, 1)
        self.blocks = nn.Sequential(_Block(32, 48, 2), _Block(48, 96, 2), _Block(96, 192, 2))
        self.leave = nn.Linear(192, classes)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.leave(self.blocks(functional.relu(self.enter(x))).mean(dim=(2, 3)))
        return scores


def _planes(pictures: np.ndarray) -> Tensor:
    return torch.from_numpy(pictures.transpose(0, 3, 1, 2).copy()).float() / 127.5 - 1


def train(
    pictures: np.ndarray, labels: np.ndarray, classes: int, seed: int, epochs: int = 20, batch: int = 64
) -> SmallResNet:
    """The fixed recipe: AdamW, one cycle up to 3e-3, weight decay 0.05, label smoothing 0.1, mirrored and
    shifted by up to an eighth."""
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    side = pictures.shape[1]
    network = SmallResNet(classes, side)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=0.05)
    rounds = len(pictures) // batch
    if not rounds:
        raise ValueError(f"{len(pictures)} pictures do not fill a batch of {batch}")
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, epochs * rounds)
    truth = torch.from_numpy(labels.astype(np.int64))
    network.train()
    for _ in range(epochs):
        order = torch.randperm(len(pictures), generator=draw)
        for number in range(rounds):
            here = order[number * batch : (number + 1) * batch]
            x = _planes(pictures[here.numpy()])
            mirrored = torch.rand(batch, generator=draw) < 0.5
            x = torch.where(mirrored[:, None, None, None], x.flip(3), x)
            x = functional.pad(x, (side // 8,) * 4, mode="reflect")
            top, left = torch.randint(side // 4 + 1, (2,), generator=draw).tolist()
            x = x[..., top : top + side, left : left + side].contiguous(memory_format=torch.channels_last)
            loss = functional.cross_entropy(network(x), truth[here], label_smoothing=0.1)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    network.eval()
    return network


@torch.inference_mode()
def accuracy(network: nn.Module, pictures: np.ndarray, labels: np.ndarray) -> float:
    """Share of pictures whose class has the highest score, as they are and mirrored taken together."""
    right = 0
    for start in range(0, len(pictures), 100):
        x = _planes(pictures[start : start + 100])
        scores = network(x) + network(x.flip(3))
        right += int((scores.argmax(1).numpy() == labels[start : start + 100]).sum())
    return right / len(pictures)


def ratio(generated: float, real: float, classes: int) -> float:
    """How much of what real pictures teach invented ones teach: (generated - chance) / (real - chance)."""
    chance = 1 / classes
    return (generated - chance) / (real - chance)
