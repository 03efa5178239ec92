"""The U-Net of the public ADM networks (Dhariwal and Nichol, arXiv 2105.05233), written from its description.

What goes in: a noisy picture (for an upsampler the low-resolution one beside it), the time step of the
original thousand and a class. What comes out: the noise and, where the network learned one, the variance
of a reverse step between its bounds (arXiv 2102.09672, equation 15). Parameter names are the public
checkpoints', so that an import renames nothing.

Its blocks: GroupNorm with 32 groups, scaled and shifted by the embedding; halving by averages and doubling by
repetition within a residual block, on both of its branches; attention with several heads, whose
queries, keys and values lie either heads first or (the "new" order) queries first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.kernels import Conv2d, GroupNormSiLU, group_norm_silu

__all__ = ["ADMUNet", "ADMUNetConfig", "step_encoding"]

GROUPS = 32


@dataclass(frozen=True)
class ADMUNetConfig:
    """Shape of a network.

    in_channels: 3, or 6 for an upsampler (noisy picture first). out_channels: 6 with a learned variance.
    channels: width of the first level; level l has channels * multipliers[l] and half the resolution of the
    one before. blocks: residual blocks on each level on the way down, one more on the way up.
    attention: levels (0 is the first) with attention; the middle always has it. classes: 0 for none.
    num_heads or num_head_channels: heads of attention, or the width of each if that is not 0.
    attention_order: "new" or "legacy".
    """

    in_channels: int = 3
    out_channels: int = 6
    channels: int = 192
    multipliers: tuple[float, ...] = (1, 2, 3, 4)
    blocks: int = 3
    attention: tuple[int, ...] = (1, 2, 3)
    classes: int = 1000
    num_heads: int = 4
    num_head_channels: int = 0
    attention_order: str = "legacy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "multipliers", tuple(self.multipliers))
        object.__setattr__(self, "attention", tuple(self.attention))
        if self.attention_order not in ("new", "legacy"):
            raise ValueError(f"attention_order must be new or legacy, not {self.attention_order!r}")

    @property
    def stride(self) -> int:
        """Width and height of a picture must be multiples of it."""
        return 1 << (len(self.multipliers) - 1)

    def heads(self, channels: int) -> int:
        """Heads of an attention over that many channels."""
        count = channels // self.num_head_channels if self.num_head_channels else self.num_heads
        if count < 1 or channels % count:
            raise ValueError(f"{channels} channels of attention cannot be cut into {count} heads")
        return count


def step_encoding(step: Tensor, width: int) -> Tensor:
    """Cosines, then sines, of the time step: (B,) to (B, width). Frequencies fall from 1 to almost 1e-4."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float32, device=step.device) / half
    phase = step.float()[:, None] * torch.exp(-math.log(10000) * exponents)[None, :]
    return torch.cat([phase.cos(), phase.sin()], dim=1)


def _resize(x: Tensor, change: int) -> Tensor:
    """change -1: half the resolution by averages; 1: twice by repetition; 0: as it is."""
    if change < 0:
        return functional.avg_pool2d(x, 2)
    return functional.interpolate(x, scale_factor=2.0, mode="nearest") if change > 0 else x


class AdmResidualBlock(nn.Module):
    """Norm, SiLU, resize, 3x3, norm scaled and shifted by the embedding, SiLU, 3x3; the places without
    weights in each sequence are those that the checkpoints count."""

    def __init__(self, inside: int, outside: int, embedding: int, change: int = 0) -> None:
        super().__init__()
        self.change = change
        self.in_layers = nn.Sequential(
            GroupNormSiLU(GROUPS, inside), nn.Identity(), Conv2d(inside, outside, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * outside))
        self.out_layers = nn.Sequential(
            nn.GroupNorm(GROUPS, outside),
            nn.Identity(),
            nn.Identity(),
            Conv2d(outside, outside, 3, padding=1),
        )
        self.skip_connection = Conv2d(inside, outside, 1) if inside != outside else nn.Identity()

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        h = self.in_layers[2](_resize(self.in_layers[:2](x), self.change))
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, dim=1)
        norm: nn.GroupNorm = self.out_layers[0]  # type: ignore[assignment]
        h = self.out_layers[3](group_norm_silu(h, norm, scale, shift))
        result: Tensor = self.skip_connection(_resize(x, self.change)) + h
        return result


class AdmAttention(nn.Module):
    """Every pixel looks at every pixel, in several heads."""

    def __init__(self, channels: int, heads: int, new_order: bool) -> None:
        super().__init__()
        self.heads, self.new_order = heads, new_order
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        flat = x.flatten(2)
        qkv = self.qkv(self.norm(flat))
        if self.new_order:
            query, key, value = qkv.unflatten(1, (3, self.heads, -1)).mT.unbind(1)
        else:
            query, key, value = qkv.unflatten(1, (self.heads, 3, -1)).mT.unbind(2)
        # A scale of 1/ch^(1/4) on queries and keys is the usual 1/sqrt(ch) on their product.
        seen = functional.scaled_dot_product_attention(query, key, value).mT.flatten(1, 2)
        result: Tensor = (flat + self.proj_out(seen)).unflatten(2, x.shape[-2:])
        return result


class ADMUNet(nn.Module):
    """The raw network.

    forward(x, step, label) -> (B, out_channels, H, W): the noise, then the variance value in about -1 to 1.
      x: (B, in_channels, H, W), sqrt(gamma) y + sqrt(1 - gamma) noise; for an upsampler, then the
        low-resolution picture, bilinearly enlarged.
      step: (B,), in 0 to 999, whole or between.
      label: (B,) integers, the classes; or (B, classes) weights, which mix their embeddings; None only for a
        network without classes.
    H and W must be multiples of `config.stride`.
    """

    def __init__(self, config: ADMUNetConfig) -> None:
        super().__init__()
        self.config = config
        width = 4 * config.channels
        last = len(config.multipliers) - 1
        self.time_embed = nn.Sequential(nn.Linear(config.channels, width), nn.SiLU(), nn.Linear(width, width))
        if config.classes:
            self.label_emb = nn.Embedding(config.classes, width)

        def attention(channels: int) -> AdmAttention:
            return AdmAttention(channels, config.heads(channels), config.attention_order == "new")

        inside = int(config.channels * config.multipliers[0])
        skips = [inside]
        self.input_blocks = nn.ModuleList([nn.ModuleList([Conv2d(config.in_channels, inside, 3, padding=1)])])
        for level, multiplier in enumerate(config.multipliers):
            outside = int(config.channels * multiplier)
            for _ in range(config.blocks):
                layers: list[nn.Module] = [AdmResidualBlock(inside, outside, width)]
                inside = outside
                if level in config.attention:
                    layers.append(attention(inside))
                self.input_blocks.append(nn.ModuleList(layers))
                skips.append(inside)
            if level < last:
                self.input_blocks.append(nn.ModuleList([AdmResidualBlock(inside, inside, width, -1)]))
                skips.append(inside)
        self.middle_block = nn.ModuleList(
            [
                AdmResidualBlock(inside, inside, width),
                attention(inside),
                AdmResidualBlock(inside, inside, width),
            ]
        )
        self.output_blocks = nn.ModuleList()
        for level in reversed(range(last + 1)):
            outside = int(config.channels * config.multipliers[level])
            for index in range(config.blocks + 1):
                layers = [AdmResidualBlock(inside + skips.pop(), outside, width)]
                inside = outside
                if level in config.attention:
                    layers.append(attention(inside))
                if level > 0 and index == config.blocks:
                    layers.append(AdmResidualBlock(inside, inside, width, 1))
                self.output_blocks.append(nn.ModuleList(layers))
        self.out = nn.Sequential(
            GroupNormSiLU(GROUPS, inside), nn.Identity(), Conv2d(inside, config.out_channels, 3, padding=1)
        )

    def forward(self, x: Tensor, step: Tensor, label: Tensor | None = None) -> Tensor:
        embedding = self.time_embed(step_encoding(step, self.config.channels).to(x.dtype))
        if self.config.classes:
            if label is None:
                raise ValueError("this network needs a class")
            mixed = label @ self.label_emb.weight if label.is_floating_point() else self.label_emb(label)
            embedding = embedding + mixed
        first, *inputs = self.input_blocks
        h = first[0](x)  # type: ignore[index]
        skips = [h]
        for layers in inputs:
            for layer in layers:  # type: ignore[attr-defined]
                h = layer(h, embedding)
            skips.append(h)
        for layer in self.middle_block:
            h = layer(h, embedding)
        for layers in self.output_blocks:
            h = torch.cat([h, skips.pop()], dim=1)
            for layer in layers:  # type: ignore[attr-defined]
                h = layer(h, embedding)
        result: Tensor = self.out(h)
        return result
