"""What `restorer restore` does with its arguments.

In: parsed arguments. Out: files, one line or JSON object a photo on stdout, progress and
sentences on stderr, and an exit code. One photo's trouble is its own: it gets its
sentence, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restorer import __version__, logs
from restorer.cli.defaults import settle
from restorer.cli.interrupts import patient_interrupts
from restorer.cli.progress_line import Bar, pull, visible
from restorer.cli.repair import Filling, filling_of
from restorer.errors import PackError, RequestError, RestorerError
from restorer.files.destinations import SIXTEEN_BIT_SUFFIXES, Refusal, Target, plan
from restorer.packs import classes
from restorer.photo.source import read_for_run
from restorer.pipeline.events import Done, Phase
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.pipeline.run_control import RunControl
from restorer.preferences import FileDate, Metadata
from restorer.text import duration
from restorer.threads import use_threads

if TYPE_CHECKING:
    from restorer.damage.photo_repair import Filled
    from restorer.photo import Photo
    from restorer.pipeline.provenance import Facts

LOSSY = {".jpg", ".jpeg", ".webp"}
"""Endings of files that do not keep pixels to the bit."""


def restore(args: argparse.Namespace) -> int:
    """Restore the photos of `args`, see `restorer.cli.main` for its fields; returns the exit code."""
    filling = filling_of(args)
    settle(args)
    request = request_of(args, args.photos[0])
    if filling is not None:  # it takes the place of the network of repair
        request = replace(request, repair=False)
    from restorer.photo import WRITE_SUFFIXES
    from restorer.pipeline.plan import plan_restore

    entries = plan(
        args.photos,
        args.out,
        args.scale,
        WRITE_SUFFIXES,
        format=args.format,
        usual=args.usual_format,
        bits=args.bits,
        overwrite=args.overwrite,
    )
    # What is wrong for every photo is said once, and if possible before torch takes its seconds.
    if filling is None or not filling.only:
        plan_restore(request)
    bar = Bar(sys.stderr)
    bar.show(Phase("loading", "Starting"))
    networks = NetworkCache()
    written = 0
    try:
        if request.device != "auto":
            from restorer.device import choose

            choose(request.device)
        use_threads(args.threads)
        with patient_interrupts(keeps=True) as control:
            for entry in entries:
                written += _restore_one(request, entry, args, bar, control, networks, filling)
    except (PackError, RequestError) as error:
        bar.say(f"restorer: {error}")
        return 2 if isinstance(error, RequestError) else 1
    except KeyboardInterrupt:
        bar.say(f"Stopped; {_count(written, len(entries))} finished, and nothing is half-written.")
        return 130
    if len(entries) > 1 and written < len(entries):
        bar.say(f"{_count(written, len(entries))} written.")
    return 0 if written == len(entries) else 1


def request_of(args: argparse.Namespace, source: Path) -> RestoreRequest:
    """The request that the options of the command line ask for. Raises RequestError."""
    if not 1 <= args.quality <= 100:
        raise RequestError(f"The quality must be between 1 and 100, not {args.quality}.")
    return RestoreRequest(
        source=source,
        scale=args.scale,
        preset=Preset(args.preset),
        steps=args.steps,
        fidelity=args.fidelity,
        clean_up=args.clean_up,
        strength=args.strength,
        grain=args.grain,
        seed=args.seed,
        repair=args.repair,
        colour_lock=args.colour_lock,
        faces=Faces(args.faces),
        face_model=args.face_model,
        device=args.device,
        tile=args.tile,
        model=args.model,
        sampler=args.sampler,
        label=None if args.label is None else classes.find(args.label),
        preview_side=0,
    )


def _restore_one(
    request: RestoreRequest,
    entry: Target | Refusal,
    args: argparse.Namespace,
    bar: Bar,
    control: RunControl,
    networks: NetworkCache,
    filling: Filling | None,
) -> bool:
    """Restore and write one photo; False, with its sentence printed, if that failed."""
    sentence = ""
    try:
        if isinstance(entry, Target):
            photo = read_for_run(entry, request.scale, _bits(args, entry.path))
            request = replace(request, source=photo)
            _say_pages(entry.source, bar)
            facts: Facts = {}
            if filling is not None:
                bar.show(Phase("preparing", f"Filling damage of {entry.source.name}"))
                filled = filling.of(photo, args.device)
                request, facts = replace(request, source=filled.photo), filled.facts
                if filling.only:
                    _write_filled(filled, entry, args, bar)
                    return True
            done = _run(request, bar, control, networks)
            _write(done.photo, done.provenance | facts, entry.path, args)
            bar.clear()
            if done.stopped is not None:
                bar.say(f"restorer: {kept_early(done)}")
            _report(done, entry, args.json)
            return True
        sentence = entry.sentence
    except (PackError, BrokenPipeError):
        raise
    except RestorerError as error:
        sentence = str(error)
    except Exception as error:
        from restorer.device import out_of_memory

        if out_of_memory(error):
            name = entry.source
            sentence = (
                f"There is not enough memory to restore {name}; close other programs or crop the photo."
            )
        else:
            sentence = f"{entry.source} could not be restored: {logs.brief(error)}. {logs.record(error)}"
    finally:
        control.kept.clear()  # it was meant for this photo
        bar.clear()
    bar.say(f"restorer: {sentence}")
    if args.json:
        print(json.dumps({"photo": str(entry.source), "output": None, "error": sentence}), flush=True)
    return False


def _say_pages(source: Path, bar: Bar) -> None:
    from restorer.photo import count_pages

    pages = count_pages(source)
    if pages > 1:
        bar.say(f"restorer: {source} has {pages} pages, this is the first; restorer batch restores them all.")


def _run(request: RestoreRequest, bar: Bar, control: RunControl, networks: NetworkCache) -> Done:
    from restorer.pipeline import restore as engine

    done = pull(engine.run(request, networks), bar, control)
    assert isinstance(done, Done)
    return done


def _bits(args: argparse.Namespace, path: Path) -> int | None:
    """Bits a sample of a result: what was asked for, or 16 where the settings want that and the file can."""
    return 16 if args.sixteen and path.suffix.lower() in SIXTEEN_BIT_SUFFIXES else args.bits


def _write(photo: Photo, provenance: Facts, path: Path, args: argparse.Namespace) -> None:
    from restorer.photo import export, write_photo

    path.parent.mkdir(parents=True, exist_ok=True)
    write_photo(
        export.prepared(photo, keep=Metadata(args.metadata)),
        path,
        bits=_bits(args, path),
        quality=args.quality,
        provenance=provenance,
        overwrite=args.overwrite,
        date=FileDate(args.file_date),
    )


def _write_filled(filled: Filled, target: Target, args: argparse.Namespace, bar: Bar) -> None:
    """Write and report a photo of which only the damage was filled."""
    photo = filled.photo
    facts: Facts = {"Software": f"Restorer {__version__}", "Scale": 1, "Source": photo.name}
    _write(photo, facts | filled.facts, target.path, args)
    bar.clear()
    if target.path.suffix.lower() in LOSSY:
        bar.say(
            f"restorer: {target.path.name} is compressed, which changes all of the picture a little; with "
            "--format png the rest of the photo stays the same to the bit."
        )
    if args.json:
        told = {
            "photo": str(target.source),
            "output": str(target.path),
            "seed": args.seed,
            "filled": round(filled.share, 6),
        }
        print(json.dumps(told), flush=True)
        return
    width, height = photo.size
    size = f"{width} x {height} pixels"
    line = f"{target.source} -> {target.path} ({size}, {filled.share:.2%} filled, seed {args.seed})"
    print(visible(line), flush=True)


def _report(done: Done, target: Target, as_json: bool) -> None:
    if as_json:
        figures = {
            "photo": str(target.source),
            "output": str(target.path),
            "model": done.model,
            "seed": done.seed,
            "device": done.device,
            "evaluations": done.evaluations,
            "seconds": round(done.seconds, 3),
            "megapixels": round(done.megapixels, 6),
            "consistency": done.consistency,
            "restored": round(done.restored, 4),
        }
        print(json.dumps(figures), flush=True)
        return
    width, height = done.photo.size
    line = (
        f"{target.source} -> {target.path} ({width} x {height} pixels in {duration(done.seconds)}, "
        f"{done.model} on {done.device}, seed {done.seed})"
    )
    print(visible(line), flush=True)


def kept_early(done: Done) -> str:
    """The sentence on a picture that was kept before its run was over."""
    if done.restored < 1:
        share = f"{min(0.99, done.restored):.0%}" if done.restored >= 0.01 else "less than 1%"
        return (
            f"{done.photo.name} was kept before it was finished: {share} of the picture is restored, the "
            "rest is plainly enlarged."
        )
    assert done.stopped is not None
    return (
        f"{done.photo.name} was kept after step {done.stopped[0]} of {done.stopped[1]}; all of the picture "
        "is restored, but not to the end."
    )


def _count(written: int, total: int) -> str:
    return f"{written} of {total} {'photo was' if total == 1 else 'photos were'}"
