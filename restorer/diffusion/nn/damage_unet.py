"""The network that finds damage: a small U-Net that sees the detail at full size and its surroundings
reduced.

What goes in: a part of a photo, and what a second, smaller U-Net made of the whole photo at a quarter of its
size. What comes out: for every pixel, the logarithm of the odds that it is damaged. A line of one pixel is
seen by the first; whether it is a scratch or the wire of a tram, by both.

Like the other networks (`restorer.diffusion.nn.unet`) it works on blocks of pixels, norms over the channels
of each pixel, and has no attention: it is local, so a tile with its margin gives the numbers of the whole
photo."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

from restorer.diffusion.nn.unet import PixelNorm
from restorer.kernels import Conv2d, norm_silu

__all__ = ["REDUCED", "DamageUNet", "DamageUNetConfig", "mixed"]

BLOCK = 2
"""Side of the pixel blocks at the door of both U-Nets."""
REDUCED = 4
"""How much smaller than the photo the surroundings are seen, each way."""


@dataclass(frozen=True)
class DamageUNetConfig:
    """Shape of a finding network; every level after the first halves the resolution.

    channels: width of each level of the U-Net for detail, three or more; the third takes the surroundings in.
    around: the same of the U-Net for the surroundings. blocks: residual blocks on each level, each way (none
    on the first on the way down).
    """

    channels: tuple[int, ...] = (16, 32, 64, 80)
    around: tuple[int, ...] = (32, 64, 64)
    blocks: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        object.__setattr__(self, "around", tuple(self.around))

    @property
    def stride(self) -> int:
        """Pixels by which a part of a photo may be shifted so that the output only shifts along."""
        return BLOCK << (len(self.channels) - 1)

    @property
    def multiple(self) -> int:
        """What the sides of a photo have to be a multiple of."""
        return max(self.stride, REDUCED * BLOCK << (len(self.around) - 1))

    @property
    def margin(self) -> int:
        """Pixels around a part of a photo that its answer depends on at most: two convolutions a block, on
        the way down and up, and one where levels meet; a convolution sees a place more each way."""
        places = [BLOCK << level for level in range(len(self.channels))]
        seen = 2 * BLOCK + sum((4 * self.blocks + 2) * place for place in places)
        return -(-seen // self.stride) * self.stride


class PlainBlock(nn.Module):
    """Norm, SiLU, 3x3, norm, SiLU, 3x3; starts as the identity."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.norm1 = PixelNorm(inside)
        self.conv1 = Conv2d(inside, outside, 3, padding=1)
        self.norm2 = PixelNorm(outside)
        self.conv2 = Conv2d(outside, outside, 3, padding=1)
        self.skip = Conv2d(inside, outside, 1) if inside != outside else nn.Identity()
        for parameter in self.conv2.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(norm_silu(x, self.norm1.gain))
        result: Tensor = self.conv2(norm_silu(h, self.norm2.gain))
        result += self.skip(x)  # in place: on a processor, to ask for memory costs as much as to add
        return result


class PlainUNet(nn.Module):
    """A U-Net of `PlainBlock`s on blocks of pixels: (B, 3, H, W) to (B, channels[0], H / BLOCK, W / BLOCK).

    joins: channels that join on the third level on the way down; 0 for none.
    """

    def __init__(self, channels: tuple[int, ...], blocks: int, joins: int = 0) -> None:
        super().__init__()
        self.enter = Conv2d(3 * BLOCK**2, channels[0], 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        self.shrink, self.grow, self.merge = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level, width in enumerate(channels):
            # At the finest level, which costs most, what enters goes straight down.
            count = blocks if level else 0
            self.down.append(nn.Sequential(*(PlainBlock(width, width) for _ in range(count))))
            if level + 1 < len(channels):
                self.shrink.append(Conv2d(width, channels[level + 1], 3, stride=2, padding=1))
                self.grow.append(Conv2d(channels[level + 1], width, 1))
                self.merge.append(Conv2d(2 * width, width, 1))
                self.up.append(nn.Sequential(*(PlainBlock(width, width) for _ in range(blocks))))
        self.join = Conv2d(channels[2] + joins, channels[2], 1) if joins else None

    def forward(self, photo: Tensor, around: Tensor | None = None) -> Tensor:
        h: Tensor = self.enter(functional.pixel_unshuffle(photo, BLOCK))
        skips: list[Tensor] = []
        for level, blocks in enumerate(self.down):
            if level == 2 and self.join is not None:
                assert around is not None
                h = mixed(h, self.join, 0) + mixed(around, self.join, h.shape[1])
            h = blocks(h)
            if level < len(self.shrink):
                skips.append(h)
                h = self.shrink[level](h)
        for level in reversed(range(len(self.up))):
            grow, merge = self.grow[level], self.merge[level]
            assert isinstance(grow, Conv2d)
            assert isinstance(merge, Conv2d)
            # Mixed before it is enlarged, which comes to the same and is a quarter of the work.
            coarse = mixed(mixed(h, grow, 0), merge, 0)
            skip = skips.pop()
            h = mixed(skip, merge, skip.shape[1])
            h += functional.interpolate(coarse, scale_factor=2.0, mode="nearest")
            h = self.up[level](h)
        return h


def mixed(x: Tensor, layer: Conv2d, first: int) -> Tensor:
    """What a 1x1 convolution makes of some of its channels, from `first` on: (B, C, H, W) to (B, O, H, W).

    The convolution of two pictures on top of each other is the sum of both. The bias comes with the first.
    As a product of matrices it leaves the channels of a place beside each other in memory; torch's own
    convolution, on one thread, takes them apart, and each layer after it puts them together again."""
    weight = layer.weight[:, first : first + x.shape[1], 0, 0]
    bias = None if first else layer.bias
    return functional.linear(x.permute(0, 2, 3, 1), weight, bias).permute(0, 3, 1, 2)


class DamageUNet(nn.Module):
    """See above. Photos are (B, 3, H, W) in [-1, 1], H and W multiples of `config.multiple`.

    surroundings(photo) -> (B, C, H / 8, W / 8): what the network makes of the whole, reduced photo.
    forward(photo, around) -> (B, 1, H, W): log odds. photo: the whole, or a part whose corner and sides are
        multiples of `config.stride`; around: of the whole, cut to the same part.
    """

    def __init__(self, config: DamageUNetConfig) -> None:
        super().__init__()
        assert len(config.channels) >= 3, "the surroundings join on the third level"
        self.config = config
        self.around = PlainUNet(config.around, config.blocks)
        self.detail = PlainUNet(config.channels, config.blocks, config.around[0])
        self.leave_norm = PixelNorm(config.channels[0])
        self.leave = Conv2d(config.channels[0], BLOCK**2, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        if self.leave.bias is not None:
            nn.init.constant_(self.leave.bias, -3.0)  # about one pixel in twenty is damaged

    def surroundings(self, photo: Tensor) -> Tensor:
        """What the network makes of the whole photo, reduced."""
        result: Tensor = self.around(functional.avg_pool2d(photo, REDUCED))
        return result

    def forward(self, photo: Tensor, around: Tensor) -> Tensor:
        h = self.leave(norm_silu(self.detail(photo, around), self.leave_norm.gain))
        return functional.pixel_shuffle(h, BLOCK)
