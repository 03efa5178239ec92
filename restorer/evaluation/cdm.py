"""The command `restorer evaluate cdm`: invented pictures beside real ones, by class.

In: zips with a folder of pictures a class (those that a cascade was trained on, and others for validation),
and the weights of the metric. Out: a Markdown table for each size (FD-SqueezeNet, the unbiased kernel
distance, the distance to the nearest training picture), optionally the classification accuracy score and the
accuracy of EfficientNet-Lite2, and with --out the pictures on a sheet.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from restorer.errors import RequestError
from restorer.evaluation import cas
from restorer.evaluation.data import SUFFIXES
from restorer.evaluation.distances import FeatureFunction, bootstrap, frechet, kernel, nearest, squeezenet
from restorer.evaluation.recognise import CLASSES, SIDE, load_classifier
from restorer.packs import classes as class_names
from restorer.pipeline.events import Sheet
from restorer.pipeline.generate import generate
from restorer.pipeline.plan import bases, plan_generate
from restorer.pipeline.request import MOST, GenerateRequest, Preset

__all__ = ["Labelled", "add_arguments", "kept", "main", "paint", "read_classes", "sheet"]


@dataclass(frozen=True, eq=False)
class Labelled:
    """pictures: (N, side, side, 3) uint8; labels: (N,) numbers of the classes."""

    pictures: np.ndarray
    labels: np.ndarray

    def first(self, each: int) -> Labelled:
        """The first `each` of every class, in the order of the classes."""
        kept = [np.flatnonzero(self.labels == label)[:each] for label in np.unique(self.labels)]
        here = np.concatenate(kept)
        return Labelled(self.pictures[here], self.labels[here])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Measure invented pictures against real ones of the same classes."
    add = parser.add_argument
    add("--train", type=Path, nargs="+", required=True, metavar="ZIP", help="what the cascade learned from")
    add("--val", type=Path, nargs="+", required=True, metavar="ZIP", help="real pictures that it never saw")
    add("--metrics", type=Path, required=True, metavar="DIR", help="folder with lpips_squeeze/")
    add("--base", metavar="NAME", help="model that begins the cascade; default: the first that ships")
    add("--each", type=int, default=50, metavar="N", help="pictures of each class (default: %(default)s)")
    add("--preset", choices=[preset.value for preset in Preset], default="balanced")
    add("--guidance", type=float, metavar="G", help="of the base, from 1 (default: the preset's)")
    add("--seed", type=int, default=0)
    add("--size", type=int, metavar="PIXELS", help="end the cascade there (default: its largest)")
    add("--only", nargs="+", metavar="CLASS", help="these classes instead of all")
    add("--cas", type=int, default=0, metavar="N", help="accuracy score over N seeds; 300 --each or more")
    add("--name-them", action="store_true", help="let EfficientNet-Lite2 name the ImageNet classes")
    add("--out", type=Path, metavar="DIR", help="keep the pictures and a sheet of them here")
    add("--pictures", type=Path, metavar="DIR", help="measure what an earlier --out kept, and make none")
    add("--device", default="auto")


def read_classes(sources: list[Path], names: tuple[str, ...]) -> Labelled:
    """Every picture of these classes. Raises RequestError for a file that is no zip or lacks a class."""
    pictures, labels = [], []
    for source in sources:
        try:
            pack = zipfile.ZipFile(source)
        except (OSError, zipfile.BadZipFile) as error:
            raise RequestError(f"{source} cannot be read as a zip of pictures ({error}).") from error
        with pack:
            for file in sorted(pack.namelist()):
                folder = file.split("/")[-2] if "/" in file else ""
                if folder in names and Path(file).suffix.lower() in SUFFIXES:
                    with Image.open(io.BytesIO(pack.read(file))) as image:
                        pictures.append(np.asarray(image.convert("RGB")))
                    labels.append(names.index(folder))
    missing = sorted(set(range(len(names))) - set(labels))
    if missing:
        raise RequestError(
            f"There are no pictures of the class {names[missing[0]]!r} in "
            f"{', '.join(map(str, sources))}; each class needs a folder of its name."
        )
    return Labelled(np.stack(pictures), np.asarray(labels))


def reduced(pictures: np.ndarray, side: int) -> np.ndarray:
    """(N, full, full, 3) to (N, side, side, 3), antialiased bicubic, as in training."""
    if pictures.shape[1] == side:
        return pictures
    sized = (Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC) for one in pictures)
    return np.stack([np.asarray(one) for one in sized])


def paint(
    base: str,
    classes: list[int],
    each: int,
    preset: str,
    seed: int,
    device: str,
    size: int | None = None,
    guidance: float | None = None,
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """`each` pictures of every class: {side: (N, side, side, 3)} for each stage up to `size`, and (N,) places
    in `classes`."""
    sides: dict[int, list[np.ndarray]] = {}
    labels: list[int] = []
    for place, label in enumerate(classes):
        for start in range(0, each, MOST):
            count = min(MOST, each - start)
            request = GenerateRequest(
                label,
                base,
                size,
                count=count,
                preset=Preset(preset),
                guidance=guidance,
                seed=seed + start,
                device=device,
            )
            last: dict[int, np.ndarray] = {}
            for event in generate(request):
                if isinstance(event, Sheet):
                    last[event.side] = event.pictures  # the last estimate of a stage is its picture
            for side, pictures in last.items():
                sides.setdefault(side, []).append(pictures)
            labels += [place] * count
        print(f"class {place + 1} of {len(classes)}", file=sys.stderr, flush=True)
    return {side: np.concatenate(parts) for side, parts in sides.items()}, np.asarray(labels)


def _keep(folder: Path, made: dict[int, np.ndarray], labels: np.ndarray, names: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for side, pictures in made.items():
        np.savez(folder / f"pictures-{side}.npz", pictures=pictures, labels=labels, names=np.array(names))
        sheet(pictures, labels, 8, max(1, 64 // side)).save(folder / f"sheet-{side}.png")


def kept(
    folder: Path, names: tuple[str, ...], each: int, size: int | None = None
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """What `paint` made for an earlier run and --out kept: the first `each` of these classes, in their order.

    Raises RequestError if there are none, a file is damaged, or a class or enough pictures of it are missing.
    """
    sides: dict[int, np.ndarray] = {}
    labels = np.zeros(0, int)
    for file in sorted(folder.glob("pictures-*.npz")):
        try:
            with np.load(file) as found:
                pictures, known, their = found["pictures"], found["labels"], found["names"].tolist()
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise RequestError(
                f"{file} cannot be read as kept pictures ({error}); make them anew."
            ) from error
        if size is not None and pictures.shape[1] > size:
            continue
        here = []
        for name in names:
            places = np.flatnonzero(known == their.index(name))[:each] if name in their else known[:0]
            if len(places) < each:
                raise RequestError(
                    f"{file} has {len(places)} pictures of the class {name!r}, not {each}; ask for fewer "
                    "with --each, or for other classes with --only."
                )
            here.append(places)
        sides[pictures.shape[1]] = pictures[np.concatenate(here)]
        labels = np.repeat(np.arange(len(names)), each)
    if not sides:
        raise RequestError(f"{folder} holds no pictures-SIDE.npz of an earlier --out.")
    return dict(sorted(sides.items())), labels


def sheet(pictures: np.ndarray, labels: np.ndarray, each: int, scale: int = 1) -> Image.Image:
    """The first `each` pictures of every class, a row a class."""
    rows = [np.concatenate(list(pictures[labels == label][:each]), axis=1) for label in np.unique(labels)]
    image = Image.fromarray(np.concatenate(rows, axis=0))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def main(args: argparse.Namespace) -> int:
    """Run the command and print its tables. Raises RestorerError with a sentence for the person."""
    pack = plan_generate(GenerateRequest(base=args.base)).stages[0].pack if args.base else bases()[0]
    known = class_names.names(pack)
    names = tuple(args.only or known)
    strange = [name for name in names if name not in known]
    if strange:
        raise RequestError(
            f"The model {pack.name} knows no class {strange[0]!r}; it knows {', '.join(known)}."
        )
    learned, unseen = read_classes(args.train, names), read_classes(args.val, names)
    smallest = min(int((unseen.labels == label).sum()) for label in range(len(names)))
    each = min(args.each, smallest)
    features = squeezenet(args.metrics / "lpips_squeeze")
    numbers = [known.index(name) for name in names]
    if args.pictures:
        made, labels = kept(args.pictures, names, args.each, args.size)
    else:
        made, labels = paint(
            pack.name, numbers, args.each, args.preset, args.seed, args.device, args.size, args.guidance
        )
    if args.out:
        _keep(args.out, made, labels, names)
    print(
        f"{pack.name}, {_settings(args)}, {len(names)} classes, {each} pictures a class on each side; in "
        "brackets what 95 of 100 resamplings lie in.\n"
    )
    print("| side | set | FD-SqueezeNet | kernel distance x 1000 | nearest training picture, median |")
    print("|---|---|---|---|---|")
    for side, pictures in made.items():
        for line in _distances(side, Labelled(pictures, labels), learned, unseen, each, features):
            print(line, flush=True)
    if args.cas:
        print("\n| side | learned from | accuracy on real pictures, % | ratio |\n|---|---|---|---|")
        for side, pictures in made.items():
            for line in _score(side, Labelled(pictures, labels), learned, unseen, len(names), args.cas):
                print(line, flush=True)
    if args.name_them:
        print("\n| side | named right among the ten, % | real pictures |\n|---|---|---|")
        for side, pictures in made.items():
            ours = named(Labelled(pictures, labels), names)
            real = named(Labelled(reduced(unseen.pictures, side), unseen.labels), names)
            print(f"| {side} | {100 * ours:.1f} | {100 * real:.1f} |", flush=True)
    return 0


def _settings(args: argparse.Namespace) -> str:
    if args.pictures:
        return "pictures of an earlier run"
    guided = f", guidance {args.guidance:g}" if args.guidance is not None else ""
    return f"preset {args.preset}{guided}"


def _distances(
    side: int, made: Labelled, learned: Labelled, unseen: Labelled, each: int, features: FeatureFunction
) -> list[str]:
    """Rows of the table: ours and the training pictures, both against the validation pictures."""
    made, learned_each, unseen = made.first(each), learned.first(each), unseen.first(each)
    truth = features(reduced(unseen.pictures, side))
    all_learned = features(reduced(learned.pictures, side))
    lines = []
    for name, pictures in (("invented", made.pictures), ("training", reduced(learned_each.pictures, side))):
        own = features(pictures)
        far = bootstrap(frechet, own, truth)
        apart = bootstrap(kernel, own, truth)
        gap = "0" if name == "training" else f"{np.median(nearest(own, all_learned)[0]):.2f}"
        beside = f" (validation {np.median(nearest(truth, all_learned)[0]):.2f})"
        lines.append(
            f"| {side} | {name} | {far[0]:.1f} [{far[1]:.1f}, {far[2]:.1f}] | "
            f"{1000 * apart[0]:.1f} [{1000 * apart[1]:.1f}, {1000 * apart[2]:.1f}] | {gap}{beside} |"
        )
    return lines


def _score(
    side: int, made: Labelled, learned: Labelled, unseen: Labelled, classes: int, seeds: int
) -> list[str]:
    """Rows of the accuracy score, as many real pictures a class as invented ones."""
    each = int(np.bincount(made.labels).min())
    tests = reduced(unseen.pictures, side)
    real = learned.first(each)
    found: dict[str, list[float]] = {"real": [], "invented": []}
    for seed in range(seeds):
        for name, here in (
            ("real", Labelled(reduced(real.pictures, side), real.labels)),
            ("invented", made.first(each)),
        ):
            network = cas.train(here.pictures, here.labels, classes, seed)
            found[name].append(cas.accuracy(network, tests, unseen.labels))
    means = {name: float(np.mean(values)) for name, values in found.items()}
    ratio = cas.ratio(means["invented"], means["real"], classes)
    lines = []
    for name, values in found.items():
        score = f"{100 * means[name]:.1f} ± {100 * float(np.std(values)):.1f}"
        share = f"{ratio:.2f}" if name == "invented" else "1"
        lines.append(f"| {side} | {name}, {each} a class | {score} | {share} |")
    return lines


def named(some: Labelled, names: tuple[str, ...]) -> float:
    """Share of the pictures of ImageNet classes that EfficientNet-Lite2 gives their own name among the ten.
    Raises RequestError if its packages are missing."""
    classify = load_classifier("lite2")
    ten = torch.tensor(list(CLASSES.values()))
    right, count = 0, 0
    for number, name in enumerate(CLASSES):
        if name not in names:
            continue
        for picture in some.pictures[some.labels == names.index(name)]:
            planes = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
            seen = functional.interpolate(planes, size=(SIDE, SIDE), mode="bicubic", antialias=True)
            with torch.inference_mode():
                right += int(classify(seen.clamp(-1, 1))[0, ten].argmax()) == number
            count += 1
    return right / max(1, count)
