"""The U-Net of the public SR3 networks, written from its description, so that their weights fit.

What goes in: the enlarged photo and the noisy picture, side by side, and the noise level as the square root
of gamma. What comes out: the noise (SR3, arXiv 2104.07636, equation 6). Parameter names are those of the
public checkpoints without their leading `denoise_fn.`, so that an import renames nothing else.

What sets it apart from the paper: no rescaling of skips by 1/sqrt(2), one head of attention, and
a noise level that is added to the features without a scale. Normalisation is over groups of
channels and the whole picture and attention sees every pixel, so a tile does not give the numbers of the
whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.kernels import Conv2d, GroupNormSiLU

__all__ = ["SR3UNet", "SR3UNetConfig", "level_encoding"]


@dataclass(frozen=True)
class SR3UNetConfig:
    """Shape of a network.

    in_channels: condition and noisy picture together. channels: width of the first level; level l has
    channels * multipliers[l] and half the resolution of the one before. blocks: residual blocks on each
    level on the way down, one more on the way up. attention: levels (0 is the first) whose blocks end
    in attention; the middle always has it. norm_groups: of every GroupNorm.
    """

    in_channels: int = 6
    out_channels: int = 3
    channels: int = 64
    multipliers: tuple[int, ...] = (1, 2, 4, 8, 8)
    blocks: int = 2
    attention: tuple[int, ...] = (3,)
    norm_groups: int = 32

    def __post_init__(self) -> None:
        object.__setattr__(self, "multipliers", tuple(self.multipliers))
        object.__setattr__(self, "attention", tuple(self.attention))

    @property
    def stride(self) -> int:
        """Width and height of a picture must be multiples of it."""
        return 1 << (len(self.multipliers) - 1)


def level_encoding(level: Tensor, width: int) -> Tensor:
    """Sines, then cosines, of the level sqrt(gamma): (B,) to (B, width). Frequencies fall from 1 to 1e-4."""
    half = width // 2
    steps = torch.arange(half, dtype=level.dtype, device=level.device) / half
    phase = level[:, None] * torch.exp(-math.log(1e4) * steps)[None, :]
    return torch.cat([phase.sin(), phase.cos()], dim=1)


class LevelEncoding(nn.Module):
    """`level_encoding` as the layer without weights that the names of the checkpoints count."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, level: Tensor) -> Tensor:
        return level_encoding(level, self.width)


class LevelShift(nn.Module):
    """Adds the embedding of the noise level to every pixel."""

    def __init__(self, embedding: int, channels: int) -> None:
        super().__init__()
        self.noise_func = nn.Sequential(nn.Linear(embedding, channels))

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        shift: Tensor = self.noise_func(embedding)
        return x + shift[:, :, None, None]


class NormConv(nn.Module):
    """GroupNorm, SiLU, 3x3; places 1 and 2 of the sequence are the activation and the dropout of training."""

    def __init__(self, inside: int, outside: int, groups: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            GroupNormSiLU(groups, inside), nn.Identity(), nn.Identity(), Conv2d(inside, outside, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.block(x)
        return result


class Sr3ResidualBlock(nn.Module):
    """Two NormConvs with the noise level added between them."""

    def __init__(self, inside: int, outside: int, embedding: int, groups: int) -> None:
        super().__init__()
        self.noise_func = LevelShift(embedding, outside)
        self.block1 = NormConv(inside, outside, groups)
        self.block2 = NormConv(outside, outside, groups)
        self.res_conv = Conv2d(inside, outside, 1) if inside != outside else nn.Identity()

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        h = self.block2(self.noise_func(self.block1(x), embedding))
        result: Tensor = h + self.res_conv(x)
        return result


class Sr3Attention(nn.Module):
    """Every pixel looks at every pixel: one head as wide as the channels, scale 1/sqrt(channels)."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)
        self.qkv = Conv2d(channels, 3 * channels, 1, bias=False)
        self.out = Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        # (B, 3C, H, W) to three of (B, 1, HW, C)
        query, key, value = self.qkv(self.norm(x)).flatten(2).mT.unsqueeze(1).chunk(3, dim=-1)
        seen = functional.scaled_dot_product_attention(query, key, value)
        result: Tensor = x + self.out(seen.squeeze(1).mT.reshape(-1, x.shape[1], height, width))
        return result


class Block(nn.Module):
    """A residual block, with attention after it or not."""

    def __init__(self, inside: int, outside: int, embedding: int, groups: int, attention: bool) -> None:
        super().__init__()
        self.res_block = Sr3ResidualBlock(inside, outside, embedding, groups)
        self.attn = Sr3Attention(outside, groups) if attention else None

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        h: Tensor = self.res_block(x, embedding)
        return h if self.attn is None else self.attn(h)


class Shrink(nn.Module):
    """Half the resolution by a strided convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        result: Tensor = self.conv(x)
        return result


class Grow(nn.Module):
    """Twice the resolution by repetition and a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        result: Tensor = self.conv(functional.interpolate(x, scale_factor=2.0, mode="nearest"))
        return result


class SR3UNet(nn.Module):
    """The raw network.

    forward(x, level) -> (B, out_channels, H, W), the noise in the noisy picture.
      x: (B, in_channels, H, W), the condition in [-1, 1] first, then sqrt(gamma) y + sqrt(1 - gamma) noise.
      level: (B,), sqrt(gamma) in (0, 1].
    H and W must be multiples of `config.stride`.
    """

    def __init__(self, config: SR3UNetConfig) -> None:
        super().__init__()
        self.config = config
        width, groups = config.channels, config.norm_groups
        self.noise_level_mlp = nn.Sequential(
            LevelEncoding(width), nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, width)
        )
        last = len(config.multipliers) - 1
        inside = width
        skips = [inside]
        self.downs = nn.ModuleList([Conv2d(config.in_channels, inside, 3, padding=1)])
        for level, multiplier in enumerate(config.multipliers):
            outside = width * multiplier
            for _ in range(config.blocks):
                self.downs.append(Block(inside, outside, width, groups, level in config.attention))
                inside = outside
                skips.append(inside)
            if level < last:
                self.downs.append(Shrink(inside))
                skips.append(inside)
        self.mid = nn.ModuleList(
            [Block(inside, inside, width, groups, attention) for attention in (True, False)]
        )
        self.ups = nn.ModuleList()
        for level in reversed(range(last + 1)):
            outside = width * config.multipliers[level]
            for _ in range(config.blocks + 1):
                self.ups.append(
                    Block(inside + skips.pop(), outside, width, groups, level in config.attention)
                )
                inside = outside
            if level > 0:
                self.ups.append(Grow(inside))
        self.final_conv = NormConv(inside, config.out_channels, groups)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        first, *downs = self.downs
        embedding = self.noise_level_mlp[1:](self.noise_level_mlp[0](level.float()).to(x.dtype))
        h = first(x)
        skips = [h]
        for layer in downs:
            h = layer(h, embedding)
            skips.append(h)
        for layer in self.mid:
            h = layer(h, embedding)
        for layer in self.ups:
            h = layer(h if isinstance(layer, Grow) else torch.cat([h, skips.pop()], dim=1), embedding)
        result: Tensor = self.final_conv(h)
        return result
