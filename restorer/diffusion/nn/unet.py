"""The network of every stage: a U-Net on blocks of pixels, local but for the base of a cascade.

What goes in: the (scaled) noisy residual, the enlarged photo, the noise level and the
augmentation level. What comes out: the raw network output F of EDM's preconditioning
(`restorer.diffusion.denoiser` turns it into a clean image).

Three choices set it apart from SR3's own U-Net (arXiv 2104.07636, section 2.2):

* It works on blocks of `block` x `block` pixels (space to depth), so that one evaluation costs a
  fraction of a full-resolution U-Net.
* Normalisation is over the channels of each pixel (RMS), never over space, and there is no
  attention: the network is local, so a tile gives the numbers of the whole picture. Only the base of a
  cascade (CDM, arXiv 2106.15282, section 3), which makes a whole small picture at once, attends.
* The noise level and CDM's augmentation level (arXiv 2106.15282, section 4) both enter every residual
  block as scale and shift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.kernels import EPSILON, Conv2d, norm_silu

__all__ = ["UNet", "UNetConfig"]


@dataclass(frozen=True)
class UNetConfig:
    """Shape of a network.

    block: side of the pixel blocks at the door (space to depth).
    channels: width of each level; every level after the first halves the resolution.
    blocks_down, blocks_up: residual blocks on each level on the way down and up.
    embedding: width of the embedding of the two levels.
    told: how many plain numbers the network is told besides the two levels (`restorer.diffusion.denoiser`
        says which); zeros mean what a network without them does.
    conditioned: whether it is shown a picture to enlarge; the base of a cascade has none.
    attention: levels, counted from 0, whose blocks are followed by self-attention over the whole level. A
        network with any is not local: tiles would differ from the whole.
    masked: whether the picture that it is shown has a fourth channel, which is 1 where the picture is to be
        filled and 0 elsewhere.
    """

    block: int = 4
    channels: tuple[int, ...] = (96, 128, 160)
    blocks_down: int = 2
    blocks_up: int = 3
    embedding: int = 256
    told: int = 0
    conditioned: bool = True
    attention: tuple[int, ...] = ()
    masked: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        object.__setattr__(self, "attention", tuple(self.attention))

    @property
    def stride(self) -> int:
        """Pixels by which an input may be shifted so that the output only shifts along."""
        return self.block << (len(self.channels) - 1)


class PixelNorm(nn.Module):
    """RMS normalisation over the channels of each pixel, with a learned gain."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        y = functional.rms_norm(x.permute(0, 2, 3, 1), (x.shape[1],), self.gain, EPSILON)
        return y.permute(0, 3, 1, 2)


def _silence(layer: nn.Conv2d | nn.Linear) -> None:
    """Start a layer at zero, so that a block starts as the identity and a network as silence."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class ResidualBlock(nn.Module):
    """Norm, SiLU, 3x3, norm scaled and shifted by the embedding, SiLU, 3x3; starts as the identity."""

    def __init__(self, inside: int, outside: int, embedding: int) -> None:
        super().__init__()
        self.norm1 = PixelNorm(inside)
        self.conv1 = Conv2d(inside, outside, 3, padding=1)
        self.scale_shift = nn.Linear(embedding, 2 * outside)
        self.norm2 = PixelNorm(outside)
        self.conv2 = Conv2d(outside, outside, 3, padding=1)
        self.skip = Conv2d(inside, outside, 1) if inside != outside else nn.Identity()
        _silence(self.scale_shift)
        _silence(self.conv2)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.scale_shift(embedding)[:, :, None, None].chunk(2, dim=1)
        h = self.conv1(norm_silu(x, self.norm1.gain))
        h = norm_silu(h, self.norm2.gain, scale, shift)
        result: Tensor = self.skip(x) + self.conv2(h)
        return result


class Attention(nn.Module):
    """Self-attention over all places of a level, in heads of 64 channels or fewer, with queries and keys of
    unit size (arXiv 2302.05442, section 2); starts as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.heads = next(n for n in range(-(-channels // 64), channels + 1) if channels % n == 0)
        self.norm = PixelNorm(channels)
        self.ask = Conv2d(channels, 3 * channels, 1)
        self.gain = nn.Parameter(torch.full((self.heads, 1, 1), 3.0))
        self.answer = Conv2d(channels, channels, 1)
        _silence(self.answer)

    def forward(self, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        parts = self.ask(self.norm(x)).flatten(2).mT.reshape(count, height * width, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        query = functional.normalize(query, dim=-1) * self.gain
        key = functional.normalize(key, dim=-1) * self.gain
        mixed = functional.scaled_dot_product_attention(query, key, value, scale=1.0)
        mixed = mixed.transpose(2, 3).reshape(count, channels, height, width)
        result: Tensor = x + self.answer(mixed.to(memory_format=torch.channels_last))
        return result


class AttendingBlock(ResidualBlock):
    """A residual block with self-attention after it."""

    def __init__(self, inside: int, outside: int, embedding: int) -> None:
        super().__init__(inside, outside, embedding)
        self.attention = Attention(outside)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        result: Tensor = self.attention(super().forward(x, embedding))
        return result


class LevelEmbedding(nn.Module):
    """Sines and cosines of a logarithmic level; shape (B,) to (B, 2 * frequencies)."""

    frequencies: Tensor

    def __init__(self, frequencies: int = 32) -> None:
        super().__init__()
        # Always on the processor, even where all else is built on "meta": no file brings them, and torch
        # would import its compiler to make them there, seconds at every start.
        # Periods from 4 nats (one turn over the useful range of ln sigma / 4) down to a fortieth of it.
        self.register_buffer(
            "frequencies",
            torch.exp(torch.linspace(math.log(0.8), math.log(32.0), frequencies, device="cpu")),
            persistent=False,
        )

    def forward(self, level: Tensor) -> Tensor:
        phase = level.float()[:, None] * self.frequencies.float()[None, :]
        return torch.cat([phase.sin(), phase.cos()], dim=1)


class UNet(nn.Module):
    """The raw network F (EDM, arXiv 2206.00364, equation 7).

    forward(noisy, condition, c_noise, c_augment, told) -> (B, 3, H, W)
      noisy: (B, 3, H, W), the noisy residual scaled to unit variance.
      condition: (B, 3, H, W), the photo enlarged to the output's size, in [-1, 1]; not looked at by a
        network that is not `conditioned`. (B, 4, H, W) for one that is `masked`.
      c_noise: (B,), ln(sigma) / 4.
      c_augment: (B,), ln(s + 0.005) / 4, s the augmentation level.
      told: (B, config.told or more), the plain numbers, of which the first are looked at; None for zeros.
    H and W must be multiples of `config.stride`.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        channels, width = config.channels, config.embedding
        pixels = 3 * config.block**2
        self.level_embedding = LevelEmbedding()
        self.embed = nn.Sequential(nn.Linear(128, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        if config.told:
            self.tell = nn.Linear(config.told, width, bias=False)
            _silence(self.tell)
        shown = (2 if config.conditioned else 1) * pixels + config.masked * config.block**2
        self.enter = Conv2d(shown, channels[0], 3, padding=1)
        self.down = nn.ModuleList()
        self.shrink = nn.ModuleList()
        skips = [channels[0]]
        inside = channels[0]
        for level, outside in enumerate(channels):
            blocks = nn.ModuleList()
            for _ in range(config.blocks_down):
                blocks.append(self._block(inside, outside, level))
                inside = outside
                skips.append(inside)
            self.down.append(blocks)
            if level + 1 < len(channels):
                self.shrink.append(Conv2d(inside, inside, 3, stride=2, padding=1))
                skips.append(inside)
        self.up = nn.ModuleList()
        self.grow = nn.ModuleList()
        for level in reversed(range(len(channels))):
            outside = channels[level]
            blocks = nn.ModuleList()
            for _ in range(config.blocks_up):
                blocks.append(self._block(inside + skips.pop(), outside, level))
                inside = outside
            self.up.append(blocks)
            if level > 0:
                self.grow.append(Conv2d(inside, inside, 3, padding=1))
        assert not skips, "blocks_up must be blocks_down + 1"
        self.leave_norm = PixelNorm(inside)
        self.leave = Conv2d(inside, pixels, 3, padding=1)
        _silence(self.leave)

    def _block(self, inside: int, outside: int, level: int) -> ResidualBlock:
        kind = AttendingBlock if level in self.config.attention else ResidualBlock
        return kind(inside, outside, self.config.embedding)

    def forward(
        self,
        noisy: Tensor,
        condition: Tensor,
        c_noise: Tensor,
        c_augment: Tensor,
        told: Tensor | None = None,
    ) -> Tensor:
        block = self.config.block
        levels = torch.cat([self.level_embedding(c_noise), self.level_embedding(c_augment)], dim=1)
        embedding = self.embed[:-1](levels.to(noisy.dtype))
        if told is not None and self.config.told:
            embedding = embedding + self.tell(told[:, : self.config.told].to(noisy.dtype))
        embedding = self.embed[-1](embedding)
        shown = torch.cat([noisy, condition], dim=1) if self.config.conditioned else noisy
        h = self.enter(functional.pixel_unshuffle(shown, block))
        skips = [h]
        for level, blocks in enumerate(self.down):
            for residual in blocks:  # type: ignore[attr-defined]
                h = residual(h, embedding)
                skips.append(h)
            if level < len(self.shrink):
                h = self.shrink[level](h)
                skips.append(h)
        for level, blocks in enumerate(self.up):
            for residual in blocks:  # type: ignore[attr-defined]
                h = residual(torch.cat([h, skips.pop()], dim=1), embedding)
            if level < len(self.grow):
                h = self.grow[level](functional.interpolate(h, scale_factor=2.0, mode="nearest"))
        h = self.leave(norm_silu(h, self.leave_norm.gain))
        return functional.pixel_shuffle(h, block)
