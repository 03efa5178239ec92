"""Is there a lattice in our results? Power at the frequencies of a grid of four pixels over that around.

    python benchmarks/lattice.py FOLDER [--part 64] [--limit 8] [--models NAME …] [--peers NAME …]
    python benchmarks/lattice.py FOLDER --shifts sr3-photo-scans [--metrics FOLDER]

In: a folder of photos, of each of which the busiest square of `--part` pixels is enlarged four times. Out: a
line for each method. The networks work on blocks of 4 x 4 pixels, so what a block does alike everywhere shows
at 1/4 and 1/2 cycles a pixel:

    1/4, 1/2      excess of the power there over the median of bins around it, in dB, along an axis
    1/4 + 1/4     the same on the diagonal
    fixed         share of the power of detail that is the same in every block, in 1/1000: a pattern added to
                  the picture, whatever the picture is
    gain          deviation of detail's size over the 16 places of a block, in percent of its mean: pixels at
                  some places are drawn more strongly than at others

With `--shifts` one network is asked again with the picture moved against its blocks by 0 to 3 pixels each
way, and the answers are averaged: over no shift, over two, over four, over all 16. With
`--metrics` LPIPS and PSNR-Y are told, too, for inputs that are reductions by 4 of the photos; that needs
photos of at least 4 x `--part` pixels.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.device import choose
from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import tell
from restorer.diffusion.noise import NoiseField
from restorer.evaluation import metrics
from restorer.evaluation.data import SUFFIXES, Case, make_case, read_picture
from restorer.evaluation.lpips import load_lpips
from restorer.evaluation.methods import Bicubic, Ours, PeerMethod
from restorer.evaluation.sheet import busiest
from restorer.ncnn_networks import Peer
from restorer.packs import catalog, loader
from restorer.photo.wear import estimate_wear
from restorer.pipeline.colour_lock import estimate_grain, lock_colours
from restorer.pipeline.request import Faces, Preset, RestoreRequest

BLOCK = 4
WINDOW = 64
SHIFTS = {
    "none": ((0, 0),),
    "2 rows": ((0, 0), (2, 0)),
    "2 diagonally": ((0, 0), (2, 2)),
    "4": ((0, 0), (0, 2), (2, 0), (2, 2)),
    "16": tuple((y, x) for y in range(BLOCK) for x in range(BLOCK)),
}


def spectrum(grey: np.ndarray) -> np.ndarray:
    """(WINDOW, WINDOW) mean power over windows that overlap by half and begin where a block begins."""
    taper = np.hanning(WINDOW + 1)[:-1]
    taper2 = taper[:, None] * taper[None]
    total, count = np.zeros((WINDOW, WINDOW)), 0
    for top in range(0, grey.shape[0] - WINDOW + 1, WINDOW // 2):
        for left in range(0, grey.shape[1] - WINDOW + 1, WINDOW // 2):
            part = grey[top : top + WINDOW, left : left + WINDOW]
            total += np.abs(np.fft.fft2((part - part.mean()) * taper2)) ** 2
            count += 1
    return total / count


def excess(power: np.ndarray, row: int, column: int) -> float:
    """dB of the power at a bin over the median of the bins 3 to 6 away from it, where the taper has let
    nothing of it; along an axis those on the axis, for there the power of edges is."""
    apart = [d for d in range(-6, 7) if abs(d) >= 3]
    if row == 0:
        around = [power[0, (column + d) % WINDOW] for d in apart]
    elif column == 0:
        around = [power[(row + d) % WINDOW, 0] for d in apart]
    else:
        around = [power[(row + d) % WINDOW, (column + e) % WINDOW] for d in apart for e in apart]
    return 10 * float(np.log10(power[row, column] / np.median(around)))


def figures(picture: np.ndarray) -> tuple[float, float, float, float, float]:
    """The five columns of one picture (H, W, 3) uint8."""
    grey = metrics.luma(picture)
    power, quarter, half = spectrum(grey), WINDOW // 4, WINDOW // 2
    axis = [(excess(power, 0, k) + excess(power, k, 0)) / 2 for k in (quarter, half)]
    diagonal = (excess(power, quarter, quarter) + excess(power, quarter, WINDOW - quarter)) / 2
    around = np.pad(grey, 1, mode="edge")
    near = around[:-2, 1:-1] + around[2:, 1:-1] + around[1:-1, :-2] + around[1:-1, 2:]
    detail = (grey - near / 4)[: grey.shape[0] // BLOCK * BLOCK, : grey.shape[1] // BLOCK * BLOCK]
    blocks = detail.reshape(detail.shape[0] // BLOCK, BLOCK, detail.shape[1] // BLOCK, BLOCK)
    fixed = 1000 * float(blocks.mean((0, 2)).var() / detail.var())
    size = np.abs(blocks).mean((0, 2))
    return axis[0], axis[1], diagonal, fixed, 100 * float(size.std() / size.mean())


def parts(folder: Path, side: int, limit: int) -> Iterator[tuple[str, np.ndarray]]:
    """The busiest square of each photo, `side` pixels or as much as there is."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    for file in files[:limit]:
        picture = read_picture(file)
        left, top, right, bottom = busiest(picture, side)
        yield file.stem, np.ascontiguousarray(picture[top:bottom, left:right])


def tensor(picture: np.ndarray) -> torch.Tensor:
    """(H, W, 3) uint8 as (1, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(picture.transpose(2, 0, 1).copy()).float()[None] / 127.5 - 1


def first_answer(model: str) -> Callable[[np.ndarray, tuple[tuple[int, int], ...]], np.ndarray]:
    """A function of a photo's part and of shifts: the mean of a pack's first answers."""
    pack = catalog.named(model)
    denoiser, settings = loader.load(pack, choose("cpu")), catalog.settings(pack, "balanced")

    @torch.inference_mode()
    def answer(low: np.ndarray, shifts: tuple[tuple[int, int], ...]) -> np.ndarray:
        photo = tensor(low)
        shown = enlarge(photo, BLOCK)
        height, width = shown.shape[-2:]
        noise = NoiseField(0, 0).box(0, 0, 0, width, height)
        state = shown + settings.sigma_max * settings.start * noise
        grain, more = torch.full((1,), estimate_grain(photo)), []
        if pack.told:
            more = [torch.tensor([tell(BLOCK, wear=estimate_wear(photo))])]
        total = torch.zeros_like(shown)
        for down, right in shifts:
            room = denoiser.stride
            pads = (right, room - right, down, room - down) if down or right else (0, 0, 0, 0)
            moved, given = (functional.pad(part, pads, mode="replicate") for part in (state, shown))
            level = torch.full((1,), settings.sigma_max)
            clean = denoiser(moved, level, given, grain, *more).clean.float()
            total += clean[..., down : down + height, right : right + width]
        made = lock_colours(total / len(shifts), photo, BLOCK).clamp(-1, 1)
        return ((made[0].permute(1, 2, 0).numpy() + 1) * 127.5).round().astype(np.uint8)

    return answer


def line(name: str, rows: list[tuple[float, ...]], seconds: float) -> str:
    """A line of the table: means over the photos."""
    means = np.mean(rows, axis=0)
    return f"| {name} | " + " | ".join(f"{value:.2f}" for value in means) + f" | {seconds:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", type=int, default=64, help="side of the square, in the photo's pixels")
    parser.add_argument("--limit", type=int, default=8, help="most photos")
    parser.add_argument("--models", nargs="*", default=["sr3-photo", "sr3-photo-large", "sr3-photo-scans"])
    parser.add_argument("--peers", nargs="*", default=["realesrgan-x4plus"])
    parser.add_argument("--shifts", metavar="MODEL", help="average this model's answers over shifts instead")
    parser.add_argument("--metrics", type=Path, help="folder of the weights of LPIPS")
    args = parser.parse_args()

    heads = ["1/4", "1/2", "1/4 + 1/4", "fixed", "gain"]
    if args.metrics:
        heads += ["LPIPS", "PSNR-Y"]
    print("| method | " + " | ".join(heads) + " | seconds |\n" + "|---" * (len(heads) + 2) + "|", flush=True)
    if args.shifts:
        answer, judge = first_answer(args.shifts), None
        if args.metrics:
            judge = load_lpips(args.metrics / "lpips_squeeze")
        for name, shifts in SHIFTS.items():
            rows, seconds = [], 0.0
            for _, part in parts(args.folder, args.part * (BLOCK if judge else 1), args.limit):
                high, low = make_case(part, BLOCK) if judge else (part, part)
                start = time.perf_counter()
                made = answer(low, shifts)
                seconds += time.perf_counter() - start
                row = figures(made)
                rows.append(
                    (*row, judge.distance(made, high), metrics.psnr_y(made, high, BLOCK)) if judge else row
                )
            print(line(f"{args.shifts}, shifts: {name}", rows, seconds), flush=True)
        return
    how = RestoreRequest(Path(), BLOCK, Preset.BALANCED, preview_side=0, faces=Faces.OFF)
    ours = [replace(how, model=name) for name in args.models]
    methods = [
        Bicubic(BLOCK),
        *(Ours(str(request.model), request) for request in ours),
        *(PeerMethod(BLOCK, Peer(name)) for name in args.peers),
    ]
    for method in methods:
        rows, seconds = [], 0.0
        for name, part in parts(args.folder, args.part, args.limit):
            output = method.restore(Case(args.folder.name, name, None, part), fresh=True)
            assert output is not None, "every method here enlarges by 4"
            rows.append(figures(output.picture))
            seconds += output.seconds
        print(line(method.name, rows, seconds), flush=True)


if __name__ == "__main__":
    main()
