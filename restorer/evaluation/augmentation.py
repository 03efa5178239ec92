"""The command `restorer evaluate augmentation`: what conditioning augmentation is worth to a class cascade.

CDM's central ablation (arXiv 2106.15282, section 4.2 and table 4): the same base samples go through enlarging
networks that were trained with and without it. In: the base, folders of packs ("arms") that enlarge its
pictures, levels s. Out: FD-SqueezeNet and the unbiased kernel distance to real pictures for each arm and
level, beside what each arm makes of real small pictures, which have no mistakes to be augmented away; and
with --out the same as a plot over s.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from restorer.device import choose
from restorer.diffusion.denoiser import Denoised, ResidualDenoiser, tell_class
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import SAMPLERS, drive
from restorer.diffusion.schedule import karras
from restorer.errors import RequestError
from restorer.evaluation.cdm import Labelled, paint, read_classes, reduced
from restorer.evaluation.distances import Interval, bootstrap, frechet, kernel, squeezenet
from restorer.packs import catalog, loader
from restorer.packs import classes as class_names
from restorer.packs.catalog import named
from restorer.packs.pack import Pack
from restorer.pipeline.plan import bases

__all__ = ["AugmentationOutcome", "add_arguments", "draw", "enlarged", "main", "table"]

COLOURS = ((38, 99, 235), (190, 80, 40), (20, 130, 80), (120, 60, 160))
TOGETHER = 16
"""Pictures that go through a network at once."""


@dataclass(frozen=True)
class AugmentationOutcome:
    """Distances to real pictures. arm: name of the folder; s: level; invented: whether the base made what was
    enlarged, or it was real."""

    arm: str
    s: float
    invented: bool
    frechet: Interval
    kernel: Interval


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Compare enlarging networks of a class cascade by level of augmentation."
    add = parser.add_argument
    add("--arms", type=Path, nargs="+", required=True, metavar="PACK", help="folders of packs to compare")
    add("--val", type=Path, nargs="+", required=True, metavar="ZIP", help="real pictures that none ever saw")
    add("--metrics", type=Path, required=True, metavar="DIR", help="folder with lpips_squeeze/")
    add("--base", metavar="NAME", help="model that makes the small pictures; default: the first that ships")
    add("--each", type=int, default=12, metavar="N", help="pictures of each class (default: %(default)s)")
    add("--levels", nargs="+", type=float, default=[0.0, 0.05, 0.1, 0.2, 0.3], help="default: %(default)s")
    add("--preset", default="balanced", help="sampling preset of base and arms (default: %(default)s)")
    add("--seed", type=int, default=0)
    add("--out", type=Path, metavar="PNG", help="draw the distances over s")
    add("--device", default="auto")


def main(args: argparse.Namespace) -> int:
    """Run the comparison and print its table. Raises RestorerError with a sentence for the person."""
    base = named(args.base) if args.base else bases()[0]
    arms = [catalog.read_pack(folder) for folder in args.arms]
    names = class_names.names(base)
    for arm, folder in zip(arms, args.arms, strict=True):
        if arm.kind != "cdm-sr" or tuple(arm.config["classes"]) != tuple(names):
            raise RequestError(
                f"The pack {folder} does not enlarge the classes of {base.name}; choose another."
            )
    unseen = read_classes(args.val, tuple(names))
    side = int(base.config["sides"][0])
    real = unseen.first(args.each)
    features = squeezenet(args.metrics / "lpips_squeeze")
    truth = features(reduced(real.pictures, 2 * side))
    sides, labels = paint(
        base.name, list(range(len(names))), args.each, args.preset, args.seed, args.device, side
    )
    invented = Labelled(sides[side], labels)
    small = Labelled(reduced(real.pictures, side), real.labels)
    found: list[AugmentationOutcome] = []
    for arm, folder in zip(arms, args.arms, strict=True):
        for level in args.levels:
            for here in (invented, small):
                made = enlarged(arm, here, level, args.preset, args.seed, args.device)
                outcome = _judged(folder.name, level, here is invented, features(made), truth)
                found.append(outcome)
                print(_row(outcome), file=sys.stderr, flush=True)
    print(f"{len(labels)} pictures of {base.name}, preset {args.preset}, {2 * side} pixels\n")
    print("\n".join(table(found)))
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        draw(found).save(args.out)
    return 0


def _judged(arm: str, s: float, invented: bool, own: np.ndarray, truth: np.ndarray) -> AugmentationOutcome:
    return AugmentationOutcome(
        arm, s, invented, bootstrap(frechet, own, truth), bootstrap(kernel, own, truth)
    )


@torch.inference_mode()
def enlarged(arm: Pack, small: Labelled, s: float, preset: str, seed: int, device: str) -> np.ndarray:
    """The pictures at twice their side, (N, 2 side, 2 side, 3) uint8, noise of level s on what is enlarged.

    Picture i has the noise of seed + i, whatever the arm and the level.
    """
    where = choose(device)
    denoiser = loader.load(arm, where)
    assert isinstance(denoiser, ResidualDenoiser)
    settings = catalog.settings(arm, preset)
    sigmas = karras(settings.steps, settings.sigma_min, settings.sigma_max, settings.rho)
    classes, side = len(arm.config["classes"]), small.pictures.shape[1]
    stage = list(arm.config["sides"]).index(2 * side)
    parts = []
    for begin in range(0, len(small.labels), TOGETHER):
        here = slice(begin, begin + TOGETHER)
        low = torch.from_numpy(small.pictures[here].transpose(0, 3, 1, 2).copy()).float() / 127.5 - 1
        seeds = range(seed + begin, seed + begin + len(low))
        low = low + s * torch.cat([NoiseField(each, 1001).box(0, 0, 0, side, side) for each in seeds])
        shown = denoiser.enlarge(low, 2)
        told = torch.tensor([tell_class(int(label), classes, stage) for label in small.labels[here]])
        asked = _ToldDenoiser(denoiser, shown, told, s, where.torch)

        def noise(step: int, seeds: range = seeds) -> Tensor:
            return torch.cat([NoiseField(each, 1).box(step, 0, 0, 2 * side, 2 * side) for each in seeds])

        result = shown + settings.start * sigmas[0] * noise(0)
        for done in drive(SAMPLERS[settings.sampler](result, sigmas, noise), asked):
            result = done.clean
        planes = ((result.clamp(-1, 1) + 1) * 127.5).round().byte()
        parts.append(planes.permute(0, 2, 3, 1).numpy())
    return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class _ToldDenoiser:
    """An arm as samplers know a denoiser, for one batch."""

    denoiser: ResidualDenoiser
    shown: Tensor
    told: Tensor
    s: float
    device: torch.device

    def __call__(self, x: Tensor, sigma: float) -> Denoised:
        level = torch.ones(len(x), device=self.device)
        shown, told = self.shown.to(self.device), self.told.to(self.device)
        clean = self.denoiser(x.to(self.device), sigma * level, shown, self.s * level, told).clean
        return Denoised(clean.float().cpu())


def _row(outcome: AugmentationOutcome) -> str:
    far, apart = outcome.frechet, [1000 * value for value in outcome.kernel]
    return (
        f"| {outcome.arm} | {'invented' if outcome.invented else 'real'} | {outcome.s:g} | "
        f"{far[0]:.1f} [{far[1]:.1f}, {far[2]:.1f}] | {apart[0]:.1f} [{apart[1]:.1f}, {apart[2]:.1f}] |"
    )


def table(found: list[AugmentationOutcome]) -> list[str]:
    """Lines of a Markdown table, invented pictures before real ones."""
    head = [
        "| network | enlarges | s | FD-SqueezeNet | kernel distance x 1000 |",
        "|---|---|---|---|---|",
    ]
    return head + [_row(outcome) for outcome in sorted(found, key=lambda o: (not o.invented, o.arm, o.s))]


def draw(found: list[AugmentationOutcome]) -> Image.Image:
    """FD-SqueezeNet over s: a line an arm, whole for invented pictures, thin for real ones; bars hold 95 of
    100 resamplings."""
    width, height, edge = 640, 440, 70
    image = Image.new("RGB", (width, height), "white")
    pen, font, little = ImageDraw.Draw(image), ImageFont.load_default(15), ImageFont.load_default(12)
    low = 0.97 * min(outcome.frechet[1] for outcome in found)
    high = 1.02 * max(outcome.frechet[2] for outcome in found)
    most = max(outcome.s for outcome in found) or 1.0

    def place(s: float, value: float) -> tuple[float, float]:
        return (
            edge + (width - 2 * edge) * s / most,
            height - edge - (height - 2 * edge) * (value - low) / (high - low),
        )

    for part in range(5):
        value = low + (high - low) * part / 4
        pen.line((place(0, value), place(most, value)), (228, 228, 228))
        pen.text((edge - 46, place(0, value)[1] - 7), f"{value:.0f}", "black", little)
    for level in sorted({outcome.s for outcome in found}):
        pen.text((place(level, low)[0] - 9, height - edge + 6), f"{level:g}", "black", little)
    pen.text((8, 12), "FD-SqueezeNet to real pictures, lower is better", "black", font)
    pen.text((width // 2 - 90, height - 34), "s of conditioning augmentation", "black", little)
    arms = list(dict.fromkeys(outcome.arm for outcome in found))
    for number, arm in enumerate(arms):
        colour = COLOURS[number % len(COLOURS)]
        for invented in (True, False):
            mine = sorted((o for o in found if o.arm == arm and o.invented == invented), key=lambda o: o.s)
            spots = [place(o.s, o.frechet[0]) for o in mine]
            pen.line(spots, colour, 3 if invented else 1)
            for outcome, spot in zip(mine, spots, strict=True):
                pen.line((place(outcome.s, outcome.frechet[1]), place(outcome.s, outcome.frechet[2])), colour)
                pen.ellipse((spot[0] - 3, spot[1] - 3, spot[0] + 3, spot[1] + 3), colour)
        pen.text((edge + 8, 34 + 16 * number), f"{arm} (thin: enlarging real pictures)", colour, little)
    return image
