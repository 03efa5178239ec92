"""The command `restorer evaluate sweep`: which noise grid suits a network, for each number of evaluations.

What comes in: a pack, a folder of sharp pictures (not those of the tables: choosing on them would flatter
it), and lists of step counts, first noise levels, starting noises and so on. What goes out: one line a
combination with PSNR-Y and LPIPS, the best of each number of evaluations marked. All pictures are enlarged
together, by the engine's own parts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from restorer.device import choose
from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import Denoised, tell
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import SAMPLERS, drive, evaluations
from restorer.diffusion.schedule import karras
from restorer.errors import RequestError
from restorer.evaluation import metrics
from restorer.evaluation.data import cases
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.packs import catalog, loader
from restorer.packs.builders import Denoiser
from restorer.packs.pack import Pack, SamplingSettings
from restorer.pipeline.colour_lock import lock_colours

__all__ = ["SweepLine", "add_arguments", "main", "sweep", "table"]


@dataclass(frozen=True)
class SweepLine:
    """One combination and its means over the pictures. psnr: dB on luma; lpips: 0 is equal."""

    settings: SamplingSettings
    evaluations: int
    psnr: float
    ssim: float
    lpips: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add = parser.add_argument
    parser.description = "Try noise grids: PSNR-Y and LPIPS for every combination, the best marked."
    add("--data", type=Path, required=True, metavar="DIR", help="folder with one folder of pictures a set")
    add("--sets", nargs="+", required=True, metavar="SET", help="sets of equally large pictures")
    add("--limit", type=int, metavar="N", help="at most N pictures of a set")
    add("--metrics", type=Path, required="RESTORER_METRICS" not in os.environ, metavar="DIR")
    add("--scale", type=int, default=4, help="default: 4")
    add("--model", metavar="NAME", help="model pack; default: the one that ships for the scale")
    add("--steps", nargs="+", type=int, default=[1, 4, 8, 16], help="default: %(default)s")
    add("--sigma-max", nargs="+", type=float, default=[0.5, 1.0, 2.0], help="default: %(default)s")
    add("--sigma-min", nargs="+", type=float, default=[0.01], help="default: %(default)s")
    add("--start", nargs="+", type=float, default=[0.8, 0.9, 1.0], help="default: %(default)s")
    add("--rho", nargs="+", type=float, default=[7.0], help="default: %(default)s")
    add("--samplers", nargs="+", choices=sorted(SAMPLERS), default=["dpmpp-2m"], help="default: %(default)s")
    add("--device", default="auto")
    add("--out", type=Path, metavar="FILE", help="write the lines as JSON here")


def main(args: argparse.Namespace) -> int:
    """Run the sweep and print its table. Raises RestorerError with a sentence for the person."""
    pack = catalog.find(args.scale, args.model)
    metrics_folder = args.metrics or Path(os.environ["RESTORER_METRICS"])
    high = [
        case.high
        for case in cases(args.data, args.sets, args.scale, limit=args.limit)
        if case.high is not None
    ]
    if len({picture.shape for picture in high}) != 1:
        raise RequestError("A sweep needs pictures of one size; cut them first, or give one set.")
    grids = [
        SamplingSettings(steps, sigma_max, sigma_min, rho, start, sampler)
        for steps, sigma_max, sigma_min, rho, start, sampler in itertools.product(
            args.steps, args.sigma_max, args.sigma_min, args.rho, args.start, args.samplers
        )
    ]
    lines = []
    judge = load_lpips(metrics_folder / "lpips_squeeze")
    begun = time.monotonic()
    for line in sweep(pack, high, grids, judge, args.device, args.scale):
        lines.append(line)
        print(
            f"{len(lines)}/{len(grids)} {_row(line)} {time.monotonic() - begun:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    print(table(lines))
    if args.out:
        args.out.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n", "utf-8")
    return 0


@torch.inference_mode()
def sweep(
    pack: Pack,
    pictures: list[np.ndarray],
    grids: list[SamplingSettings],
    judge: LPIPS,
    device_name: str = "auto",
    scale: int | None = None,
) -> Iterator[SweepLine]:
    """A line for each of `grids`. pictures: (H, W, 3) uint8, all of one size. scale: the pack's if
    None."""
    from restorer.evaluation.data import reduce

    device = choose(device_name)
    denoiser = loader.load(pack, device)
    scale = scale or pack.scale
    low = torch.stack([_planes(reduce(picture, scale)) for picture in pictures]).to(device.torch)
    large = enlarge(low, scale)
    height, width = large.shape[-2:]
    if height % denoiser.stride or width % denoiser.stride:
        raise RequestError(
            f"A sweep needs sides that are multiples of {denoiser.stride}, not {width} x {height}."
        )
    for settings in grids:
        result = _sample(denoiser, settings, low, large)
        made = [metrics.picture(image) for image in result]
        pairs = list(zip(made, pictures, strict=True))
        yield SweepLine(
            settings,
            evaluations(settings.sampler, settings.steps),
            float(np.mean([metrics.psnr_y(a, b, scale) for a, b in pairs])),
            float(np.mean([metrics.ssim_y(a, b, scale) for a, b in pairs])),
            float(np.mean([judge.distance(a, b) for a, b in pairs])),
        )


def _planes(picture: np.ndarray) -> Tensor:
    return torch.from_numpy(picture.transpose(2, 0, 1).copy()).float() / 127.5 - 1


def _sample(denoiser: Denoiser, settings: SamplingSettings, low: Tensor, large: Tensor) -> Tensor:
    scale = large.shape[-1] // low.shape[-1]
    height, width = large.shape[-2:]

    def noise_of(step: int) -> Tensor:
        fields = [NoiseField(seed, 0).box(step, 0, 0, width, height) for seed in range(len(low))]
        factor = settings.start if settings.sampler == "renoise" and step else 1.0
        return factor * torch.cat(fields).to(large.device)

    def denoise(x: Tensor, sigma: float) -> Denoised:
        level = torch.full((len(x),), sigma, device=x.device)
        told = torch.tensor([tell(scale)], device=x.device).expand(len(x), -1)
        estimate: Denoised = denoiser(x, level, large, torch.zeros_like(level), told)
        return Denoised(lock_colours(estimate.clean, low, scale))

    sigmas = karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)
    walk = SAMPLERS[settings.sampler](large + settings.start * sigmas[0] * noise_of(0), sigmas, noise_of)
    *_, last = drive(walk, denoise)
    return last.x


def _row(line: SweepLine) -> str:
    s = line.settings
    return (
        f"| {s.sampler} | {s.steps} | {line.evaluations} | {s.sigma_max:g} | {s.sigma_min:g} "
        f"| {s.rho:g} | {s.start:g} | {line.psnr:.2f} | {line.ssim:.4f} | {line.lpips:.4f} |"
    )


def table(lines: list[SweepLine]) -> str:
    """Markdown; the lowest LPIPS of each number of evaluations is in bold."""
    best: dict[int, float] = {}
    for line in lines:
        best[line.evaluations] = min(line.lpips, best.get(line.evaluations, line.lpips))
    head = "| sampler | steps | evaluations | sigma max | sigma min | rho | start | PSNR-Y | SSIM | LPIPS |"
    rows = [head, "|" + "---|" * 10]
    for line in lines:
        row = _row(line)
        if line.lpips == best[line.evaluations]:
            row = row.replace(f"| {line.lpips:.4f} |", f"| **{line.lpips:.4f}** |")
        rows.append(row)
    return "\n".join(rows)
