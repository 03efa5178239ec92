"""`python -m restorer train …`: start, resume, list and export training runs.

train photo --data ZIP|DIR… --out DIR     one run, resumed if DIR holds one
train queue [--data-root DIR]             the runs of models/training.toml, in order
train export RUN -o PACK                  the averaged weights of a run as a model pack
train teachers --data ZIP… --out DIR      what other networks make of worn pictures, computed once
train wear --data ZIP… -o FILE            the network that estimates how worn a photo is
train held RUN --data ZIP… -o DIR         its held-out pictures, to choose settings on
train plot RUN -o PICTURE                 loss curve and sample grid in one picture
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.errors import RequestError, RestorerError
from restorer.training.run import Compute

if TYPE_CHECKING:
    from restorer.training.recipe import Recipe

__all__ = ["add_arguments", "main"]

STATE = "state.pt"

QUEUE = Path(__file__).resolve().parents[2] / "models" / "training.toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Fill in the `train` command's arguments."""
    kinds = parser.add_subparsers(dest="kind", required=True)
    photo = kinds.add_parser("photo", help="train one network on a folder or zips of pictures")
    photo.add_argument("--data", nargs="+", type=Path, required=True, help="folders or zips of pictures")
    photo.add_argument("--out", type=Path, required=True, help="folder of the run; resumed if it holds one")
    photo.add_argument(
        "--recipe", default="sr3-photo-4x", help="run of the queue file whose numbers are used"
    )
    photo.add_argument("--steps", type=int, help="optimiser steps in all")
    photo.add_argument("--batch", type=int, help="crops a step")
    photo.add_argument("--rate", type=float, help="learning rate")
    photo.add_argument("--seed", type=int, help="seed of weights, crops and noise")
    photo.add_argument("--minutes", type=float, help="end by the clock instead of after so many steps")
    queue = kinds.add_parser("queue", help="work through the runs that models/training.toml lists")
    queue.add_argument(
        "--data-root", type=Path, default=Path("../shared/data"), help="folder of the data packs"
    )
    queue.add_argument("--runs", type=Path, default=Path("runs"), help="folder that keeps the runs")
    for command in (photo, queue):
        command.add_argument("--queue", type=Path, default=QUEUE, help=argparse.SUPPRESS)
        command.add_argument("--device", default="auto", help="auto, cpu, cuda, mps, xpu")
        command.add_argument(
            "--compile", action=argparse.BooleanOptionalAction, default=None, help="use torch.compile"
        )
        command.add_argument("--cache", type=Path, help="folder for decoded pictures")
    teachers = kinds.add_parser("teachers", help="compute what other networks make of worn pictures, once")
    teachers.add_argument("--data", nargs="+", type=Path, required=True, help="folders or zips of pictures")
    teachers.add_argument(
        "--out", type=Path, required=True, help="folder of the pairs; gone on with if it has some"
    )
    teachers.add_argument("--recipe", default="sr3-photo-scans", help="run that is to learn from them")
    teachers.add_argument("--count", type=int, default=3000, help="pairs in all (default: 3000)")
    teachers.add_argument("--minutes", type=float, help="stop after about so many")
    teachers.add_argument("--threads", type=int, default=2, help="threads that compute (default: 2)")
    teachers.add_argument("--queue", type=Path, default=QUEUE, help=argparse.SUPPRESS)
    teachers.add_argument("--cache", type=Path, help="folder for decoded pictures")
    wear = kinds.add_parser("wear", help="train the network that estimates how worn a photo is")
    wear.add_argument("--data", nargs="+", type=Path, required=True, help="folders or zips of pictures")
    wear.add_argument("-o", "--out", type=Path, required=True, help="file of the weights")
    wear.add_argument("--count", type=int, default=8000, help="examples (default: 8000)")
    wear.add_argument("--cache", type=Path, help="folder for decoded pictures")
    export = kinds.add_parser("export", help="make a model pack of a run's averaged weights")
    export.add_argument("run", type=Path)
    export.add_argument("-o", "--out", type=Path, required=True)
    export.add_argument("--ema", type=float, help="which average; 0 for none; the recipe's first if left out")
    export.add_argument("--presets", type=Path, help="JSON file of sampling presets for the pack")
    export.add_argument("--mix", type=Path, metavar="RUN", help="run of the same network to mix in")
    export.add_argument("--share", type=float, default=0.05, help="its share of every weight (default: 0.05)")
    held = kinds.add_parser("held", help="write the pictures that a run holds out for validation")
    held.add_argument("run", type=Path)
    held.add_argument("--data", nargs="+", type=Path, required=True)
    held.add_argument("-o", "--out", type=Path, required=True, help="folder for the PNG files")
    held.add_argument(
        "--only", nargs="+", default=[""], metavar="PACK", help="beginnings of the packs that are written"
    )
    plot = kinds.add_parser("plot", help="draw a run's curves and samples")
    plot.add_argument("run", type=Path)
    plot.add_argument("-o", "--out", type=Path, required=True)


def main(args: argparse.Namespace) -> int:
    """Run the command; 0 when it did all it was asked, 3 when a run was stopped and can be resumed."""
    try:
        return _dispatch(args)
    except RestorerError as error:
        print(error, file=sys.stderr)
        return 1


def _dispatch(args: argparse.Namespace) -> int:
    if args.kind == "export":
        from restorer.training.export import export

        mix = (args.mix, args.share) if args.mix else None
        print(export(args.run, args.out, args.ema, args.presets, mix))
        return 0
    if args.kind == "held":
        return _write_held(args)
    if args.kind == "plot":
        from restorer.training.plot import plot

        print(plot(args.run, args.out))
        return 0
    if args.kind == "wear":
        from restorer.training.data import load_pictures
        from restorer.training.wear import train_wear

        pictures = load_pictures(args.data, 256, args.cache, ("period",))
        print(f"{args.out}: error {train_wear(pictures, args.out, args.count):.3f} a patch")
        return 0
    from restorer.training.recipe import read_queue

    recipes = read_queue(args.queue)
    if args.kind == "teachers":
        return _write_teachers(args, recipes)
    if args.kind == "photo":
        found = [recipe for recipe in recipes if recipe.pack == args.recipe]
        if not found:
            raise RequestError(f"No run named {args.recipe!r} in {args.queue.name}.")
        change = {
            name: getattr(args, name)
            for name in ("steps", "batch", "rate", "seed")
            if getattr(args, name) is not None
        }
        if "steps" in change:
            change["decay"] = min(found[0].decay, change["steps"] // 3)
        recipe = dataclasses.replace(found[0], **change)
        return 0 if _train(recipe, args.data, args.out, args) else 3
    from restorer.device import choose

    quick = choose(args.device).torch.type != "cpu"
    for recipe in recipes:
        if not quick and not _begins(recipe, args.runs, args.queue.parent):
            print(f"{recipe.pack}: passed over, it needs an accelerator", flush=True)
            continue
        sources = [args.data_root / name for name in recipe.data]
        if not _train(recipe, sources, args.runs / recipe.pack, args):
            return 3
    return 0


def _begins(recipe: Recipe, runs: Path, packs: Path) -> bool:
    """Whether a processor can take a run up or begin it: it is none for accelerators, and what it starts from
    is here, which may have been one."""
    from restorer.packs.pack import CONFIG
    from restorer.training.init_weights import from_pack

    if recipe.accelerator:
        return False
    begun = from_pack(packs / recipe.pack)
    places = (runs / recipe.pack / STATE, runs / recipe.start / STATE, packs / recipe.start / CONFIG)
    return (
        not recipe.start
        or (begun is not None and begun.origin == recipe.start)
        or any(place.exists() for place in places)
    )


def _write_teachers(args: argparse.Namespace, recipes: list[Recipe]) -> int:
    from restorer.training.data import load_pictures, split
    from restorer.training.teachers import write_pairs

    found = [recipe for recipe in recipes if recipe.pack == args.recipe]
    if not found:
        raise RequestError(f"No run named {args.recipe!r} in {args.queue.name}.")
    (recipe,) = found
    pictures = load_pictures(args.data, recipe.side, args.cache or args.out.parent / "cache", recipe.without)
    training, _ = split(pictures, recipe.held)  # what validation holds out no teacher sees
    count = write_pairs(training, args.out, args.count, threads=args.threads, minutes=args.minutes)
    print(f"{args.out}: {count} pairs")
    return 0


def _write_held(args: argparse.Namespace) -> int:
    from PIL import Image

    from restorer.training.data import load_pictures, split

    recipe = json.loads((args.run / "recipe.json").read_text("utf-8"))
    without = tuple(recipe.get("without", ()))
    pictures = load_pictures(args.data, recipe["side"], args.run.parent / "cache", without)
    _, held = split(pictures, recipe["held"])
    args.out.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, pixels in zip(held.names, held.pixels, strict=True):
        pack, picture = Path(name).parts[0], Path(name).stem
        if pack.startswith(tuple(args.only)):
            Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(args.out / f"{pack}-{picture}.png")
            count += 1
    print(f"{args.out}: {count} pictures")
    return 0


def _train(recipe: object, sources: list[Path], folder: Path, args: argparse.Namespace) -> bool:
    import torch

    from restorer.device import choose
    from restorer.training import loop
    from restorer.training.adversarial import AdversarialTrainer
    from restorer.training.classes import CascadeTrainer
    from restorer.training.damage.filling import FillTrainer
    from restorer.training.damage.trainer import FinderTrainer
    from restorer.training.data import load_pictures, split
    from restorer.training.faces import FaceRegressionTrainer, FaceTrainer, face_frames
    from restorer.training.recipe import ENDLESS, Recipe
    from restorer.training.repair import MendingTrainer
    from restorer.training.scan_trainer import ScanTrainer
    from restorer.training.teachers import write_pairs
    from restorer.training.trainer import Trainer

    assert isinstance(recipe, Recipe)
    device = choose(args.device)
    compiled = args.compile if args.compile is not None else device.torch.type in ("cpu", "cuda")
    pictures = load_pictures(sources, recipe.side, args.cache or folder.parent / "cache", recipe.without)
    if recipe.frames:
        pictures = face_frames(pictures, recipe, args.cache or folder.parent / "cache")
    if recipe.teachers:
        training, _ = split(pictures, recipe.held)
        write_pairs(training, folder.parent / recipe.teachers.pairs, recipe.teachers.count)
    if getattr(args, "minutes", None):
        recipe = dataclasses.replace(recipe, steps=ENDLESS)
    kind: type[Trainer | FinderTrainer]
    kind = AdversarialTrainer if recipe.adversarial else CascadeTrainer if recipe.cascade else Trainer
    kind = MendingTrainer if recipe.mending else ScanTrainer if recipe.scan else kind
    if recipe.frames:
        kind = FaceRegressionTrainer if recipe.adversarial else FaceTrainer
    if recipe.finding or recipe.holes:
        kind = FinderTrainer if recipe.finding else FillTrainer
    trainer = kind(recipe, pictures, folder, Compute(device.torch, compiled, device.fast_bfloat16))
    packs = args.queue.parent
    # A folder of its own is a run of its own; the queue's runs are those of the shipped packs.
    resumed = trainer.resume() or (args.kind == "queue" and trainer.go_on_from(packs / recipe.pack))
    if not resumed and recipe.start:
        trainer.start_from(folder.parent / recipe.start, packs / recipe.start)
    (folder / "recipe.json").write_text(json.dumps(dataclasses.asdict(recipe), indent=1) + "\n", "utf-8")
    print(
        f"{recipe.pack}: {len(trainer.training)} pictures, "
        f"{'resumed at' if resumed else 'from'} step {trainer.step} of {recipe.steps} on {device.name}, "
        f"{'bfloat16' if device.fast_bfloat16 else 'float32'}"
        f"{', compiled' if compiled else ''}",
        flush=True,
    )
    if device.torch.type == "cuda":
        torch.backends.cudnn.benchmark = True  # every step has the same shapes
        torch.set_float32_matmul_precision("high")
    # What takes an accelerator a minute takes a processor an hour: it looks back less often.
    every = (50, 500, 500, 1000) if device.torch.type == "cuda" else (10, 100, 200, 400)
    return loop.run(trainer, *every, minutes=getattr(args, "minutes", None))
