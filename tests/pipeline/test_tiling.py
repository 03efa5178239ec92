from __future__ import annotations

import itertools

import pytest
import torch

from restorer.device import Device
from restorer.diffusion.denoiser import ResidualDenoiser
from restorer.diffusion.nn.unet import UNet, UNetConfig
from restorer.diffusion.sampler import Evaluation
from restorer.pipeline.stage.tiled_stage import _evaluate_tile
from restorer.pipeline.stage.tiling import Tile, plan_tiles, round_up, within

CPU = Device("cpu", torch.device("cpu"), False)


def lively(config: UNetConfig, seed: int = 0) -> ResidualDenoiser:
    """A network whose every layer matters."""
    torch.manual_seed(seed)
    network = UNet(config)
    for parameter in network.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=1 / parameter[0].numel() ** 0.5)
    return ResidualDenoiser(network, 0.12)


@pytest.mark.parametrize(
    ("width", "height", "side"), [(16, 16, 64), (640, 64, 64), (720, 1040, 128), (96, 2000, 500)]
)
def test_tiles_cover_every_pixel_once(width: int, height: int, side: int) -> None:
    covered = torch.zeros(height, width)
    for tile in plan_tiles(width, height, side, 32, 16):
        covered[tile.outer] += 1
        assert tile.centre[0] % 16 == tile.centre[1] % 16 == tile.seen[0] % 16 == tile.seen[1] % 16 == 0
        assert max(tile.centre[2:]) <= max(side, 16)
        rows, columns = tile.inner
        assert rows.stop <= tile.seen[3]
        assert columns.stop <= tile.seen[2]
    assert torch.equal(covered, torch.ones(height, width))


def test_parts_of_a_row_are_nearly_equal() -> None:
    widths = {tile.centre[2] for tile in plan_tiles(1040, 16, 512, 32, 16)}
    assert max(widths) - min(widths) <= 32


def test_a_size_off_the_stride_is_refused() -> None:
    with pytest.raises(ValueError, match="no multiple"):
        plan_tiles(100, 96, 64, 0, 16)


def reach(config: UNetConfig) -> int:
    """Receptive field to one side, in pixels: every 3x3 convolution reaches one cell of its level further,
    and what stands in a cell of a level may come from anywhere in that cell."""
    cells = 0
    for level in range(len(config.channels)):
        convolutions = (
            2 * (config.blocks_down + config.blocks_up) + 2
        )  # and door and exit, or halving and growing
        cells += (convolutions + 1) * 2**level
    return cells * config.block


def test_tiled_equals_whole_where_the_margin_covers_the_receptive_field() -> None:
    config = UNetConfig(block=4, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16)
    denoiser = lively(config)
    width, height = 512, 352
    torch.manual_seed(1)
    enlarged = torch.rand(1, 3, height, width) * 2 - 1
    evaluation = Evaluation(enlarged + 0.5 * torch.randn(1, 3, height, width), 0.5, 1, 1)
    whole = _evaluate_tile(
        CPU, denoiser, evaluation, enlarged, 0.1, plan_tiles(width, height, 512, 0, config.stride)[0]
    ).clean
    margin = round_up(reach(config), config.stride)
    assert margin < 200, "the picture must be larger than a tile with its margins"
    tiled = torch.empty_like(whole)
    tiles = plan_tiles(width, height, 64, margin, config.stride)
    assert any(tile.seen[2] < width and tile.seen[3] < height for tile in tiles)
    for tile in tiles:
        tiled[(..., *tile.outer)] = _evaluate_tile(CPU, denoiser, evaluation, enlarged, 0.1, tile).clean
    assert float((tiled - whole).abs().max()) < 1e-3
    # The claim has teeth: without a margin the same tiles differ visibly.
    bare = torch.empty_like(whole)
    for tile in plan_tiles(width, height, 64, 0, config.stride):
        bare[(..., *tile.outer)] = _evaluate_tile(CPU, denoiser, evaluation, enlarged, 0.1, tile).clean
    assert float((bare - whole).abs().max()) > 1e-2


def test_a_shift_by_the_stride_shifts_the_output_and_a_smaller_one_does_not() -> None:
    """Why tiles must begin at multiples of the stride."""
    config = UNetConfig(block=4, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16)
    denoiser = lively(config)
    torch.manual_seed(1)
    x, enlarged = torch.rand(2, 1, 3, 512, 512)
    level, s = torch.tensor([0.5]), torch.zeros(1)

    def middle(offset: int) -> torch.Tensor:
        cut = (..., slice(offset, offset + 480), slice(offset, offset + 480))
        out = denoiser(x[cut], level, enlarged[cut], s).clean
        return out[..., 240 - offset : 256 - offset, 240 - offset : 256 - offset]

    with torch.inference_mode():
        same, other = middle(config.stride), middle(config.block // 2)
        base = middle(0)
    assert float((same - base).abs().max()) < 1e-4
    assert float((other - base).abs().max()) > 1e-2


def test_every_pair_of_tiles_is_disjoint() -> None:
    tiles = plan_tiles(800, 608, 160, 48, 16)
    for a, b in itertools.combinations(tiles, 2):
        overlap_x = min(a.centre[0] + a.centre[2], b.centre[0] + b.centre[2]) - max(a.centre[0], b.centre[0])
        overlap_y = min(a.centre[1] + a.centre[3], b.centre[1] + b.centre[3]) - max(a.centre[1], b.centre[1])
        assert overlap_x <= 0 or overlap_y <= 0


def test_a_part_of_a_plan_lies_where_the_whole_has_it() -> None:
    tiles = plan_tiles(256, 128, 128, 16, 16)
    assert [tile.centre for tile in tiles] == [(0, 0, 128, 128), (128, 0, 128, 128)]
    assert within(tiles, (0, 0, 256, 128)) == tiles
    across = within(tiles, (96, 32, 64, 48))
    # Seen as far as in the whole, 16 pixels beyond the seam, and no further than the box.
    assert across == [
        Tile((0, 0, 32, 48), (0, 0, 48, 48)),
        Tile((32, 0, 32, 48), (16, 0, 48, 48)),
    ]
    assert within(tiles, (144, 0, 32, 32)) == [Tile((0, 0, 32, 32), (0, 0, 32, 32))]
    assert within(tiles, (112, 0, 16, 16)) == [Tile((0, 0, 16, 16), (0, 0, 16, 16))]
