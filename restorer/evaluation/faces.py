"""The command `restorer evaluate faces`: people that no training saw, reduced, restored, compared.

In: packs of pictures of people. Those that training holds out first are taken, as far as they show one large
face; each is brought into its frame. Out, as Markdown:

* PSNR, SSIM, LPIPS and consistency at 8x (16 to 128 pixels) and 4x (32 to 128), of clean and worn inputs.
* How far the restored person is from the original one (`restorer.evaluation.identity`), by the width of the
  face in the input, at 4x. Below the width where a method comes closer than plain enlargement does,
  protecting a face is better than restoring it: `restorer.pipeline.faces.protection.BOUND`.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from restorer.errors import RequestError
from restorer.evaluation import metrics
from restorer.evaluation.data import Case, make_case
from restorer.evaluation.identity import Identity
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.evaluation.methods import Method, build
from restorer.photo import Photo
from restorer.photo.face_frame import aligned, to_frame
from restorer.photo.faces import find_faces
from restorer.pipeline.plan import NEUTRAL
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.training.data import held_rank

__all__ = ["add_arguments", "curve", "curve_table", "figures", "figures_table", "held_faces", "main"]

SIDE, LARGE = 128, 256
"""Pixels of the frame in the table of figures, and of the frame that identity is judged in."""
WIDTHS = (16, 24, 32, 48, 64)
FACE_SHARE = 0.53
"""Width of a face, as the detector has it, in parts of the frame's side: the mean of 24 held-out people."""
LEAST = 100
"""Least width of a face that is worth reducing, in pixels."""

Row = dict[str, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Measure restored faces of held-out people, and whether they are still themselves."
    add = parser.add_argument
    add("--data", nargs="+", type=Path, required=True, metavar="ZIP", help="packs of pictures of people")
    add("--limit", type=int, default=12, metavar="N", help="people (default: %(default)s)")
    known = "bicubic, draft, balanced, best, steps-N, and peers"
    add("--methods", nargs="+", default=["bicubic", "balanced"], metavar="NAME", help=known)
    add("--model", metavar="NAME", help="model pack of ours; default: the one that ships for the scale")
    add("--widths", nargs="*", type=int, default=list(WIDTHS), metavar="W", help="default: %(default)s")
    add("--scales", nargs="*", type=int, default=[8, 4], choices=[8, 4], help="default: %(default)s")
    add("--inputs", nargs="+", default=["clean", "scanned"], choices=["clean", "scanned"])
    add("--device", default="auto")
    add("--threads", type=int, default=2, metavar="N", help="of peers (default: %(default)s)")
    add("--metrics", type=Path, metavar="DIR", help="folder with lpips_squeeze/; or RESTORER_METRICS")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its tables. Raises RestorerError with a sentence for the person."""
    if args.limit < 1 or any(width < 4 for width in args.widths):
        raise RequestError("--limit must be at least 1, and --widths at least 4.")
    folder = args.metrics or os.environ.get("RESTORER_METRICS")
    judge = load_lpips(Path(folder) / "lpips_squeeze") if folder else None
    people = list(held_faces(args.data, args.limit))
    if args.widths:
        for kind in args.inputs:
            distances = curve(people, args.widths, _methods(args, 4), Identity(), kind)
            print(curve_table(distances, len(people), kind), flush=True)
    for scale in args.scales:
        for kind in args.inputs:
            found = figures(people, scale, kind, _methods(args, scale), judge)
            print(figures_table(found, scale, kind, len(people)), flush=True)
    return 0


def _methods(args: argparse.Namespace, scale: int) -> list[Method]:
    request = RestoreRequest(
        source=Path(),
        scale=scale,
        fidelity=NEUTRAL,
        model=args.model,
        device=args.device,
        preview_side=0,
        faces=Faces.OFF,  # it is the networks that are measured
    )
    return build(args.methods, request, threads=args.threads)


def held_faces(packs: Sequence[Path], limit: int) -> Iterator[np.ndarray]:
    """Up to `limit` frames (LARGE, LARGE, 3) uint8 of the people that training holds out first.

    Raises RequestError for a pack that is missing or damaged, or if there is nobody.
    """
    listed = []
    for pack in packs:
        try:
            with zipfile.ZipFile(pack) as opened:
                listed += [(held_rank(f"{pack.stem}/{name}"), pack, name) for name in opened.namelist()]
        except (OSError, zipfile.BadZipFile) as error:
            raise RequestError(
                f"{pack} cannot be read as a zip of pictures ({error}); give another."
            ) from error
    count = 0
    for _, pack, name in sorted(listed):
        if count == limit:
            return
        with zipfile.ZipFile(pack) as opened, Image.open(io.BytesIO(opened.read(name))) as image:
            pixels = np.asarray(image.convert("RGB"))
        faces = find_faces(Photo(pixels), turned=False)
        if faces and faces[0].width >= LEAST and abs(faces[0].roll) < 45:
            count += 1
            yield aligned(pixels, to_frame(faces[0].landmarks, LARGE), (LARGE, LARGE))
    if count == 0:
        raise RequestError(f"No picture in {', '.join(map(str, packs))} has a face of {LEAST} pixels.")


def curve(
    people: Sequence[np.ndarray],
    widths: Sequence[int],
    methods: Sequence[Method],
    judge: Identity,
    kind: str = "clean",
) -> dict[str, dict[int, list[float]]]:
    """By method and width of the face in the input: the distance of every person to the original. kind: of
    the inputs, see `restorer.evaluation.data.make_case`."""
    found: dict[str, dict[int, list[float]]] = {method.name: {} for method in methods}
    for width in widths:
        side = round(width / FACE_SHARE)
        for number, high in enumerate(people):
            original, low = make_case(_resized(high, 4 * side), 4, kind, number)
            original = high if kind == "clean" else _resized(original, LARGE)  # a scan has the print's tones
            case = Case("people", str(number), None, low)
            for method in methods:
                output = method.restore(case, fresh=False)
                if output is not None:
                    distance = judge.distance(original, _resized(output.picture, LARGE))
                    found[method.name].setdefault(width, []).extend(distance)
        _say(f"{kind} faces of {width} pixels: " + _means(found, width))
    return found


def figures(
    people: Sequence[np.ndarray], scale: int, kind: str, methods: Sequence[Method], judge: LPIPS | None
) -> dict[str, Row]:
    """By method: means of PSNR, SSIM, LPIPS and consistency (on [0, 1]) over the people."""
    rows: dict[str, list[list[float]]] = {}
    for number, person in enumerate(people):
        high, low = make_case(_resized(person, SIDE), scale, kind, number)
        case = Case("people", str(number), high, low)
        for method in methods:
            output = method.restore(case, fresh=False)
            if output is None:
                continue
            made = output.picture
            rows.setdefault(method.name, []).append(
                [
                    metrics.psnr_y(made, high, scale),
                    metrics.ssim_y(made, high, scale),
                    float("nan") if judge is None else judge.distance(made, high),
                    metrics.consistency(made, low),
                ]
            )
    names = ("psnr", "ssim", "lpips", "consistency")
    return {
        method: dict(zip(names, (float(value) for value in np.mean(row, axis=0)), strict=True))
        for method, row in rows.items()
    }


def curve_table(found: dict[str, dict[int, list[float]]], people: int, kind: str = "clean") -> str:
    """Markdown: mean distance to the original, and its standard error against the first method's."""
    widths = sorted({width for row in found.values() for width in row})
    head = f"| distance to the original, {kind}, {people} people | " + " | ".join(map(str, widths)) + " |"
    rows = [head, "|" + "---|" * (len(widths) + 1)]
    first = next(iter(found))
    for method, row in found.items():
        cells = []
        for width in widths:
            text = f"{np.mean(row[width]):.3f}"
            if method != first and people > 1:
                apart = np.array(row[width]) - np.array(found[first][width])
                text += f" ({apart.mean():+.3f} ± {apart.std(ddof=1) / len(apart) ** 0.5:.3f})"
            cells.append(text)
        rows.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def figures_table(found: dict[str, Row], scale: int, kind: str, people: int) -> str:
    """Markdown; consistency is times 1e5, as the paper has it."""
    head = f"| {scale}x, {SIDE // scale} to {SIDE} pixels, {kind}, {people} people | PSNR | SSIM | LPIPS "
    rows = [head + "| consistency x 1e5 |", "|" + "---|" * 5]
    for method, row in found.items():
        rows.append(
            f"| {method} | {row['psnr']:.2f} | {row['ssim']:.3f} | {row['lpips']:.3f} "
            f"| {1e5 * row['consistency']:.2f} |"
        )
    return "\n".join(rows) + "\n"


def _resized(picture: np.ndarray, side: int) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))


def _means(found: dict[str, dict[int, list[float]]], width: int) -> str:
    return ", ".join(f"{name} {np.mean(row[width]):.3f}" for name, row in found.items() if width in row)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
