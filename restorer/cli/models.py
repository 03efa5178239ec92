"""`restorer models …`: the packs that are installed, and how they come and go.

In: parsed arguments. Out: lines on stdout, progress on stderr, an exit code: 0 if all is well, 1 if a
pack or file is damaged or an import differs from its original, 2 for what cannot be done as asked.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from restorer import paths
from restorer.cli.interrupts import patient_interrupts
from restorer.cli.progress_line import BAR_WIDTH, visible
from restorer.errors import PackError, RequestError
from restorer.packs import catalog, loader
from restorer.packs.catalog import named
from restorer.packs.info import card, facts, purpose, remove
from restorer.packs.pack import Pack
from restorer.pipeline.event_dispatch import Controlled
from restorer.pipeline.request import Preset

__all__ = ["add_arguments", "main"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")

    action("list", "name, scale, folder and purpose of every pack")
    action("show", "everything about a pack").add_argument("name", metavar="NAME")
    add = action(
        "import", "make a pack of a public checkpoint (SR3, ADM, single-pass upscalers)"
    ).add_argument
    add("file", type=Path, metavar="FILE", help="the checkpoint: .pth, .pt, .ckpt or .safetensors")
    add("--name", metavar="NAME", help="name of the new pack")
    add("--accept-licence", action="store_true", help="accept the licence that is shown without this")
    add(
        "--assume",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="what the file does not say: norm_groups, num_heads, num_head_channels, "
        "attention_order (new, legacy), schedule (linear, cosine), scale, image_size",
    )
    add("--half", action="store_true", help="store in half precision: half the size, not exact")
    verify = action("verify", "read packs in full and compare them with their hashes and networks")
    verify.add_argument("names", nargs="*", metavar="NAME", help="packs (default: all)")
    check = action("check", "run a pack's bare network on stored inputs and compare with stored outputs")
    check.add_argument("name", metavar="NAME")
    check.add_argument("--against", type=Path, required=True, metavar="FORWARD.npz")
    shown = action("sample", "make a pack's sample pictures, which the window shows beside its name")
    shown.add_argument("name", metavar="NAME")
    shown.add_argument(
        "--class", dest="labels", action="append", default=[], metavar="CLASS", help="only these classes"
    )
    shown.add_argument("--preset", choices=[preset.value for preset in Preset], default="balanced")
    shown.add_argument("--device", default="auto", help="as for restore")
    gone = action("remove", "delete a pack of your own")
    gone.add_argument("name", metavar="NAME")


def main(args: argparse.Namespace) -> int:
    """Run one action; returns the exit code."""
    if args.action == "list":
        return _list()
    if args.action == "show":
        return _show(named(args.name))
    if args.action == "import":
        return _import(args)
    if args.action == "verify":
        return _verify([named(name) for name in args.names])
    if args.action == "check":
        return _check(named(args.name), args.against)
    if args.action == "sample":
        return _sample(args)
    folder = remove(args.name)
    print(f"Removed {args.name}, which was in {folder}.")
    return 0


def _list() -> int:
    packs = catalog.all_packs()
    for pack in packs:
        origin = "Comes with Restorer." if pack.shipped else "Installed by you."
        print(f"{pack.name}\t{pack.scale}x\t{visible(str(pack.folder))}\t{purpose(pack)} {origin}")
    for error in catalog.left_out():
        print(f"restorer: {visible(str(error))}", file=sys.stderr)
    if not packs:
        print("restorer: No model pack is installed.", file=sys.stderr)
    return 0 if packs else 1


def _show(pack: Pack) -> int:
    for title, text in facts(pack).items():
        print(f"{title + ':':10}{visible(text)}")
    if text := card(pack):
        print("\n" + "\n".join(visible(line) for line in text.splitlines()))
    return 0


def _import(args: argparse.Namespace) -> int:
    assume = {}
    for pair in args.assume:
        key, equals, value = pair.partition("=")
        if not equals:
            raise RequestError(f"--assume {pair} has no value; write --assume KEY=VALUE.")
        assume[key.strip()] = value
    from restorer import importers

    if args.name:
        importers.check_name(args.name)
    found = importers.look(args.file, assume)
    print(visible(f"{args.file} is: {found.title}. {found.about}"))
    for question in found.questions:
        said = question.value or f"not known; one of {', '.join(question.choices)}"
        print(f"  {question.key} = {said} ({question.why})")
    print(f"Licence: {found.licence}")
    if found.open:
        raise RequestError(importers.unanswered(args.file, found))
    if not args.name:
        raise RequestError("Nothing was imported yet: give the pack a name with --name NAME.")
    if not args.accept_licence:
        raise RequestError("Nothing was imported yet: if you accept this licence, add --accept-licence.")
    if args.half:
        print("Stored in half precision: the pack is not exact.")
    live = sys.stderr.isatty()
    making = importers.make_pack(found, args.file, args.name, args.half)
    with patient_interrupts() as control, contextlib.closing(Controlled(making, control)) as writing:
        for done, total in writing:
            if live:
                full = round(done / total * BAR_WIDTH)
                bar = "#" * full + "-" * (BAR_WIDTH - full)
                print(f"\r{bar} {done * 100 // total:3d} %", end="", file=sys.stderr, flush=True)
    if live:
        print(file=sys.stderr)
    if control.cancelled.is_set():  # closing has taken the half-written pack away
        raise KeyboardInterrupt
    print(f"Imported as {args.name}: {paths.packs_dir() / args.name}")
    return 0


def _folders() -> Iterator[tuple[Path, bool]]:
    """Every folder that should be a pack, and whether it ships; damaged ones too."""
    for root, shipped in ((paths.packs_dir(), False), (paths.shipped_models_dir(), True)):
        for folder in sorted(root.glob("[!.]*/")) if root.is_dir() else ():
            yield folder, shipped


def _verify(packs: list[Pack]) -> int:
    """The packs, or every folder that should be one; 1 if one of them is damaged."""
    import torch

    from restorer.device import Device

    failed = 0
    for found in packs or _folders():
        name = found.name if isinstance(found, Pack) else found[0].name
        try:
            pack = found if isinstance(found, Pack) else catalog.read_pack(*found)
            loader.load(pack, Device("cpu", torch.device("cpu"), fast_bfloat16=False), afresh=True)
            print(f"{name}: good")
        except PackError as error:
            failed += 1
            print(visible(f"{name}: {error}"))
    return 1 if failed else 0


def _sample(args: argparse.Namespace) -> int:
    from restorer.packs.classes import find, names
    from restorer.pipeline.pack_samples import make

    pack = named(args.name)
    if args.labels and not pack.classes:
        raise RequestError(f"The model {pack.name} knows no classes; leave --class out.")
    labels = [find(text, names(pack)) for text in args.labels]
    with patient_interrupts() as control:
        for path in make(pack, labels, Preset(args.preset), args.device, control):
            print(visible(str(path)), flush=True)
    if control.cancelled.is_set():
        raise KeyboardInterrupt
    return 0


def _check(pack: Pack, path: Path) -> int:
    from restorer.importers.checking import TOLERANCE, check

    differences = check(pack, path)
    for case, difference in differences.items():
        print(f"{case}: largest difference {difference:.2e}")
    worst = max(differences.values())
    good = worst <= TOLERANCE
    verdict = "the import is right" if good else "the import is NOT the original network"
    print(f"{pack.name}: {worst:.2e}, allowed {TOLERANCE:.0e}: {verdict}")
    return 0 if good else 1
