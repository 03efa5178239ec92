"""`restorer generate …`: pictures of a class, painted by a cascade, as PNG files.

In: parsed arguments. Out: one file a picture, named after class and seed, and a contact sheet if wanted; one
line or JSON object a file on stdout, progress on stderr. Exit code 0 if all is written, 1 if something went
wrong, 2 for arguments that make no sense, 130 after Ctrl+C. All files are settled before any work is done,
and none is written before all pictures are there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.cli.interrupts import patient_interrupts
from restorer.cli.progress_line import Bar, pull, visible
from restorer.errors import PhotoError, RequestError
from restorer.files.destinations import check_folder
from restorer.packs import catalog, classes
from restorer.packs.pack import Pack
from restorer.pipeline.events import Generated, Phase
from restorer.pipeline.plan import bases, plan_generate, sizes
from restorer.pipeline.request import GenerateRequest, Preset
from restorer.pipeline.run_control import RunControl
from restorer.text import duration

if TYPE_CHECKING:
    from restorer.photo import Photo

__all__ = ["add_arguments", "main"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Make pictures of a class: a cascade of networks invents them from noise."
    add = parser.add_argument
    add("--class", dest="label", metavar="CLASS", help="name of a class, a part of it, or its number")
    add("--list", metavar="WORDS", nargs="?", const="", help="print the classes (whose names hold WORDS)")
    add("-o", "--out", type=Path, metavar="FOLDER", help="folder for the pictures; made if it is not there")
    add("--count", type=int, default=1, metavar="N", help="how many, 1 to 64 (default: 1)")
    add(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of the first picture, the next one has the next (default: 0)",
    )
    add("--size", type=int, metavar="PIXELS", help="side of the pictures (default: the cascade's largest)")
    add("--model", metavar="NAME", help="the base network by name; see: restorer models list")
    add(
        "--preset",
        choices=[preset.value for preset in Preset],
        default=Preset.BALANCED.value,
        help="how much work a picture is given (default: balanced)",
    )
    add("--steps", type=int, metavar="N", help="number of sampling steps of every stage")
    add(
        "--guidance",
        type=float,
        metavar="G",
        help="1 to 10: various, or close to the class (default: the preset's)",
    )
    add("--device", default="auto", metavar="D", help="auto, cpu, cuda, cuda:1, mps or xpu (default: auto)")
    add("--contact-sheet", action="store_true", help="write one picture of all of them as well")
    add("--overwrite", action="store_true", help="replace files that exist")
    add("--json", action="store_true", help="print one JSON object a line and picture, for other programs")


def main(args: argparse.Namespace) -> int:
    """Make and write the pictures, or list the classes; returns the exit code."""
    pack = _base(args.model)
    names = classes.names(pack)
    if args.list is not None:
        return _list(pack, names, args.list)
    if args.out is None:
        raise RequestError("Say where the pictures go: -o FOLDER.")
    request = _request(args, pack, names)
    plan_generate(request)  # what is wrong with size or models is said before torch takes its seconds
    files = _files(args, names[request.label] if names else "", request)
    bar = Bar(sys.stderr)
    bar.show(Phase("loading", "Starting"))
    try:
        with patient_interrupts() as control:
            made = _run(request, bar, control)
    except KeyboardInterrupt:
        bar.say("Stopped; nothing was written.")
        return 130
    finally:
        bar.clear()
    _write(made, files, args)
    return 0


def _base(name: str | None) -> Pack:
    if name is not None:
        pack = catalog.named(name)
        if pack.kind not in ("cdm-base", "adm-base"):
            fitting = ", ".join(each.name for each in bases()) or "none is installed"
            raise RequestError(f"The model {name} makes no pictures of classes; those that do: {fitting}.")
        return pack
    known = bases()
    if not known:
        raise RequestError(
            "No installed model makes pictures of classes; import one, see: restorer models import --help"
        )
    return known[0]


def _list(pack: Pack, names: tuple[str, ...], words: str) -> int:
    """One class a line: its number, a tab, its name."""
    if not names:
        raise RequestError(f"The model {pack.name} knows no classes; it is used without --class.")
    found = classes.search(words, names) if words.strip() else range(len(names))
    if not found:
        raise RequestError(
            f"No class of the model {pack.name} has {words!r} in its name; try a shorter word."
        )
    for label in found:
        print(f"{label}\t{visible(names[label])}")
    return 0


def _request(args: argparse.Namespace, pack: Pack, names: tuple[str, ...]) -> GenerateRequest:
    if args.label is None and names:
        raise RequestError(f"Say which class: --class {names[0]!r}, for example; --list prints all of them.")
    if args.label is not None and not names:
        raise RequestError(f"The model {pack.name} knows no classes; leave --class out.")
    if args.size is not None and args.size not in sizes(pack):
        known = ", ".join(map(str, sizes(pack)))
        raise RequestError(f"The model {pack.name} makes pictures of {known} pixels, not of {args.size}.")
    return GenerateRequest(
        label=classes.find(args.label, names) if args.label is not None else 0,
        base=pack.name,
        size=args.size,
        count=args.count,
        preset=Preset(args.preset),
        steps=args.steps,
        guidance=args.guidance,
        seed=args.seed,
        device=args.device,
        previews=False,
    )


def _files(args: argparse.Namespace, name: str, request: GenerateRequest) -> list[Path]:
    """The file of every picture, that of the contact sheet last; PhotoError if one may not be written."""
    from restorer.files.naming import stem

    check_folder(args.out)
    seeds = range(request.seed, request.seed + request.count)
    files = [args.out / f"{stem(name, seed)}.png" for seed in seeds]
    if args.contact_sheet:
        files.append(args.out / f"{stem(name, seeds[0])}-{seeds[-1]}_sheet.png")
    for file in files:
        if file.is_dir():
            raise PhotoError(f"{file} is a folder, so no picture can have its name; choose another place.")
        if file.exists() and not args.overwrite:
            raise PhotoError(
                f"{file} exists already; use --overwrite to replace it, or choose another seed or folder."
            )
    return files


def _run(request: GenerateRequest, bar: Bar, control: RunControl) -> Generated:
    from restorer.pipeline.generate import generate

    made = pull(generate(request), bar, control)
    assert isinstance(made, Generated)
    return made


def _write(made: Generated, files: list[Path], args: argparse.Namespace) -> None:
    """Write the pictures, then the contact sheet, and say so, a line each."""
    from restorer.photo import write_photo
    from restorer.photo.contact_sheet import contact_sheet

    args.out.mkdir(parents=True, exist_ok=True)
    each = made.seconds / len(made.photos)
    for photo, provenance, seed, file in zip(
        made.photos, made.provenances, made.seeds, files[: len(made.photos)], strict=True
    ):
        write_photo(photo, file, provenance=provenance, overwrite=args.overwrite)
        facts = {"seed": seed, "model": made.model, "device": made.device, "seconds": round(each, 3)}
        _say(file, photo, facts | {"class": made.name, "label": made.label}, args.json)
    if args.contact_sheet:
        sheet = contact_sheet(made.photos)
        seeds = f"{made.seeds[0]} to {made.seeds[-1]}"
        provenance = made.provenances[0] | {"Seed": seeds}
        write_photo(sheet, files[-1], provenance=provenance, overwrite=args.overwrite)
        _say(files[-1], sheet, {"seed": seeds, "model": made.model, "sheet": True}, args.json)


def _say(file: Path, photo: Photo, facts: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"output": str(file), **facts}), flush=True)
        return
    width, height = photo.size
    seconds = facts.get("seconds")
    took = f" in {duration(seconds)}" if isinstance(seconds, float) else ""
    name = "contact sheet" if facts.get("sheet") else facts["class"] or "picture"
    by = f"{facts['model']}, seed {facts['seed']}"
    print(visible(f"{name} -> {file} ({width} x {height} pixels{took}, {by})"), flush=True)
