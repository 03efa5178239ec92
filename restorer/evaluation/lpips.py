"""LPIPS: distance between two pictures as a trained network sees it.

What comes in: pairs of pictures, (B, 3, H, W) in [-1, 1], and a folder with the weights of SqueezeNet 1.1
(`squeeze.backbone.pth`) and of the linear heads, version 0.1 (`lin_v0.1_squeeze.pth`). What goes out: one
distance a pair; 0 is equal. Source: Zhang et al., The Unreasonable Effectiveness of Deep Features as a
Perceptual Metric (arXiv 1801.03924); SqueezeNet: Iandola et al. (arXiv 1602.07360). The network is written
here in plain torch, in torchvision's layout, and loaded strictly.
"""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from restorer.errors import PackError
from restorer.evaluation.metrics import Picture

__all__ = ["LPIPS", "Fire", "load_lpips", "squeeze_features", "tensor"]

_TAPS = {1: 64, 4: 128, 7: 256, 9: 384, 10: 384, 11: 512, 12: 512}  # layer: channels
_MEAN = (-0.030, -0.088, -0.188)  # of ImageNet, carried over to [-1, 1] by the authors
_SPREAD = (0.458, 0.448, 0.450)


class Fire(nn.Module):
    """SqueezeNet's module: 1x1 squeeze, then 1x1 and 3x3 expansions side by side. (B, inside, h, w) to
    (B, 2 * expand, h, w)."""

    def __init__(self, inside: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inside, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1x1(x), self.expand3x3(x)], dim=1).relu()


def squeeze_features() -> nn.Sequential:
    """The convolutional part of SqueezeNet 1.1: layers 0 to 12, without weights."""

    def pool() -> nn.Module:
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    return nn.Sequential(
        *(nn.Conv2d(3, 64, 3, stride=2), nn.ReLU()),
        *(pool(), Fire(64, 16, 64), Fire(128, 16, 64)),
        *(pool(), Fire(128, 32, 128), Fire(256, 32, 128)),
        *(pool(), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256)),
    )


class LPIPS(nn.Module):
    """distance(x, y) = sum over seven layers of the mean over positions of w . (f(x) - f(y))^2, the features
    f being of unit length over channels (equation 1 of the paper). Weights are untrained until loaded."""

    mean: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.features = squeeze_features()
        self.heads = nn.ModuleList(nn.Conv2d(channels, 1, 1, bias=False) for channels in _TAPS.values())
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("spread", torch.tensor(_SPREAD).view(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False).eval()

    def _unit_features(self, x: Tensor) -> list[Tensor]:
        x = (x - self.mean) / self.spread
        taps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in _TAPS:
                taps.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return taps

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """x, y: (B, 3, H, W) in [-1, 1], H and W at least 32. Returns (B,)."""
        pairs = zip(self.heads, self._unit_features(x), self._unit_features(y), strict=True)
        return torch.stack([head((f - g).square()).mean((1, 2, 3)) for head, f, g in pairs]).sum(0)

    @torch.inference_mode()
    def distance(self, result: Picture, original: Picture) -> float:
        """Of two (H, W, 3) pictures, uint8 or floating in [0, 1]."""
        device = self.mean.device
        return float(self(tensor(result).to(device), tensor(original).to(device)))


def tensor(image: Picture) -> Tensor:
    """(H, W, 3) uint8, or floating in [0, 1], to (1, 3, H, W) float32 in [-1, 1]."""
    unit = image.astype(np.float32) / np.float32(255) if image.dtype == np.uint8 else image.astype(np.float32)
    return torch.from_numpy(np.ascontiguousarray(unit.transpose(2, 0, 1)))[None] * 2 - 1


def load_lpips(folder: Path) -> LPIPS:
    """LPIPS(squeeze) v0.1 with the authors' weights. Raises PackError if a file is missing or misfits."""
    model = LPIPS()
    # keys of the heads are lin0.model.1.weight to lin6.model.1.weight: the authors have a dropout in front
    heads = {
        f"{key.split('.')[0].removeprefix('lin')}.weight": value
        for key, value in _read(folder / "lin_v0.1_squeeze.pth").items()
    }
    for part, state in ((model.features, _read(folder / "squeeze.backbone.pth")), (model.heads, heads)):
        try:
            part.load_state_dict(state, strict=True)
        except RuntimeError as error:
            raise PackError(f"The LPIPS weights in {folder} do not fit SqueezeNet 1.1: {error}") from error
    return model


def _read(file: Path) -> dict[str, Tensor]:
    try:
        state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError) as error:
        raise PackError(f"The LPIPS weights {file} cannot be read: {error}") from error
    return state
