"""The same requests from a shell: `python -m restorer …`, or `restorer …` once installed.

In: arguments. Out: files, one line a photo, and an exit code: 0 only if every photo
was written, 1 if one was not, 2 for arguments that make no sense, 130 after Ctrl+C.
Results go to stdout, everything else to stderr. Nobody sees a traceback: what was
expected has its sentence, the rest is written to the log.

torch is imported only by a command that computes, so that `--help` is instant.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restorer import __version__
from restorer.errors import PackError, RequestError, RestorerError
from restorer.events import Done, Notice, Phase
from restorer.request import Preset, RestoreRequest
from restorer.targets import Refusal, Target, plan
from restorer.terminal import Bar, duration

if TYPE_CHECKING:
    from collections.abc import Generator

    from restorer.events import Event

# Commands with modules of their own, which offer `add_arguments(parser)` and `main(args)`.
ELSEWHERE = {
    ("train",): "restorer.training.cli",
    ("evaluate", "sr"): "restorer.evaluation.sr",
}

RESTORE_NOTES = """\
where the result goes:
  OUT is a file for one photo. It is a folder if it exists as one, has no ending such
  as .png, ends with a slash, or there are several photos; there the result is called
  NAME_4x.EXT. A result that exists is replaced only with --overwrite, and an original
  never. Two photos of the same name become NAME_4x and NAME_4x-2.

exit code:
  0 if every photo was written, 1 if one was not, 2 for arguments that make no sense,
  130 after Ctrl+C.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` is without the program's name. Returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # A file name need not be printable in the terminal's encoding.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(arguments)
    except RestorerError as error:
        return _fail(str(error), 2 if isinstance(error, RequestError) else 1)
    except KeyboardInterrupt:
        return _fail("Stopped.", 130)
    except BrokenPipeError:
        # Whoever read our output has gone; without this, Python complains again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _fail(f"Something unexpected went wrong: {_brief(error)}. {_record(error)}", 1)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands except those of `ELSEWHERE`, which are listed only."""
    parser = argparse.ArgumentParser(
        prog="restorer",
        description="Bring old photos back with diffusion super-resolution. Photos never leave this machine.",
    )
    parser.add_argument("--version", action="version", version=f"Restorer {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    restore = commands.add_parser(
        "restore",
        help="restore photos",
        description="Restore photos and enlarge them.",
        epilog=RESTORE_NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_restore_arguments(restore)
    models = commands.add_parser("models", help="list the model packs that are installed")
    models.add_argument("action", choices=["list"], help="list: name, scale and folder of every pack")
    commands.add_parser("train", help="train networks; see train --help")
    evaluate = commands.add_parser("evaluate", help="measure networks; see evaluate sr --help")
    evaluate.add_argument("what", choices=["sr"], help="sr: super-resolution against references")
    return parser


def _add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("photos", nargs="+", type=Path, metavar="PHOTO", help="a picture file (JPEG, PNG, TIFF, WebP, BMP)")
    add("-o", "--out", required=True, metavar="OUT", help="file or folder for the result, see below")
    add("--scale", type=int, default=4, metavar="N", help="enlargement of each side (default: 4)")
    add(
        "--preset",
        choices=[preset.value for preset in Preset],
        default=Preset.BALANCED.value,
        help="how much work a picture is given (default: balanced)",
    )
    add("--steps", type=int, metavar="N", help="number of sampling steps, instead of the preset's")
    add(
        "--fidelity",
        type=float,
        metavar="F",
        help="1 keeps the photo as it is, 0 re-imagines it (default: %(default)s)",
        default=RestoreRequest.fidelity,
    )
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same picture (default: 0)")
    add("--device", default="auto", metavar="D", help="auto, cpu, cuda, cuda:1, mps or xpu (default: auto)")
    add(
        "--tile",
        type=int,
        metavar="N",
        help="side of a tile in pixels of the result; smaller needs less memory",
    )
    add("--model", metavar="NAME", help="a model pack by name; see: restorer models list")
    add(
        "--format",
        choices=["png", "jpg", "tif", "webp"],
        help="format of the results (default: the photo's own)",
    )
    add(
        "--bits",
        type=int,
        choices=[8, 16],
        help="bits a colour; 16 for PNG and TIFF (default: the photo's own)",
    )
    add(
        "--quality",
        type=int,
        default=95,
        metavar="N",
        help="quality of JPEG and WebP, 1 to 100 (default: 95)",
    )
    add(
        "--overwrite",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="replace results that exist; originals are never replaced (default: no)",
    )
    add("--json", action="store_true", help="print one JSON object a line and photo, for other programs")


def _dispatch(arguments: list[str]) -> int:
    for words, module in ELSEWHERE.items():
        if tuple(arguments[: len(words)]) == words:
            return _run_elsewhere(words, module, arguments[len(words) :])
    args = build_parser().parse_args(arguments)
    if args.command == "models":
        return _list_models()
    return _restore(args)


def _run_elsewhere(words: tuple[str, ...], module: str, arguments: list[str]) -> int:
    command = importlib.import_module(module)
    parser = argparse.ArgumentParser(prog=" ".join(("restorer", *words)))
    command.add_arguments(parser)
    return int(command.main(parser.parse_args(arguments)) or 0)


def _list_models() -> int:
    from restorer import catalog

    packs = catalog.all_packs()
    for pack in packs:
        sentence = pack.config.get("summary", "")
        print(f"{pack.name}\t{pack.scale}x\t{pack.folder}\t{sentence}".rstrip())
    if not packs:
        return _fail("No model pack is installed.", 1)
    return 0


# -- restore ------------------------------------------------------------------------------


def _restore(args: argparse.Namespace) -> int:
    request = _request(args)
    from restorer.cascade import Cascade
    from restorer.photo import WRITE_SUFFIXES

    entries = plan(
        args.photos,
        args.out,
        args.scale,
        WRITE_SUFFIXES,
        format=args.format,
        bits=args.bits,
        overwrite=args.overwrite,
    )
    # What is wrong for every photo is said once, and if possible before torch takes its seconds.
    Cascade.of(request)
    bar = Bar(sys.stderr)
    bar.show(Phase("loading", "Starting"))
    written = 0
    try:
        if request.device != "auto":
            from restorer.device import choose

            choose(request.device)
        for entry in entries:
            written += _restore_one(request, entry, args, bar)
    except (PackError, RequestError) as error:
        bar.say(f"restorer: {error}")
        return 2 if isinstance(error, RequestError) else 1
    except KeyboardInterrupt:
        bar.say(f"Stopped; {_count(written, len(entries))} finished, and nothing is half-written.")
        return 130
    if len(entries) > 1 and written < len(entries):
        bar.say(f"{_count(written, len(entries))} written.")
    return 0 if written == len(entries) else 1


def _request(args: argparse.Namespace) -> RestoreRequest:
    if not 1 <= args.quality <= 100:
        raise RequestError(f"The quality must be between 1 and 100, not {args.quality}.")
    return RestoreRequest(
        source=args.photos[0],
        scale=args.scale,
        preset=Preset(args.preset),
        steps=args.steps,
        fidelity=args.fidelity,
        seed=args.seed,
        device=args.device,
        tile=args.tile,
        model=args.model,
        preview_side=0,
    )


def _restore_one(
    request: RestoreRequest, entry: Target | Refusal, args: argparse.Namespace, bar: Bar
) -> bool:
    """Restore and write one photo; False, with its sentence printed, if that failed."""
    sentence = ""
    try:
        if isinstance(entry, Target):
            done = _run(replace(request, source=entry.source), bar)
            _write(done, entry.path, args)
            bar.clear()
            _report(done, entry, args.json)
            return True
        sentence = entry.sentence
    except (PackError, BrokenPipeError):
        raise
    except RestorerError as error:
        sentence = str(error)
    except MemoryError:
        sentence = (
            f"There is not enough memory to restore {entry.source}; close other programs or crop the photo."
        )
    except Exception as error:
        sentence = f"{entry.source} could not be restored: {_brief(error)}. {_record(error)}"
    finally:
        bar.clear()
    bar.say(f"restorer: {sentence}")
    if args.json:
        print(json.dumps({"photo": str(entry.source), "output": None, "error": sentence}), flush=True)
    return False


def _run(request: RestoreRequest, bar: Bar) -> Done:
    """Pull a run's events to the end; leaving early, by Ctrl+C, closes the generator."""
    from restorer import engine

    events: Generator[Event, None, None] = engine.run(request)  # type: ignore[assignment]
    with contextlib.closing(events):
        for event in events:
            bar.show(event)
            if isinstance(event, Notice):
                bar.say(event.message)
            elif isinstance(event, Done):
                return event
    raise RuntimeError("the run ended without a result")


def _write(done: Done, path: Path, args: argparse.Namespace) -> None:
    from restorer.photo import write_photo

    path.parent.mkdir(parents=True, exist_ok=True)
    write_photo(
        done.photo,
        path,
        bits=args.bits,
        quality=args.quality,
        provenance=done.provenance,
        overwrite=args.overwrite,
    )


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
        }
        print(json.dumps(figures), flush=True)
        return
    width, height = done.photo.size
    print(
        f"{target.source} -> {target.path} ({width} x {height} pixels in {duration(done.seconds)}, "
        f"{done.model} on {done.device}, seed {done.seed})",
        flush=True,
    )


# -- saying what went wrong -----------------------------------------------------------------


def _count(written: int, total: int) -> str:
    return f"{written} of {total} {'photo was' if total == 1 else 'photos were'}"


def _fail(sentence: str, code: int) -> int:
    print(f"restorer: {sentence}", file=sys.stderr)
    return code


def _brief(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def _record(error: BaseException) -> str:
    """Write the traceback to the log; returns the sentence that says where it is."""
    import logging.handlers

    from restorer import paths

    path = paths.log_dir() / "restorer.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
        )
    except OSError as refused:
        return f"The details could not be written to {path} ({refused.strerror})."
    with contextlib.closing(handler):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        info = (type(error), error, error.__traceback__)
        handler.emit(logging.LogRecord("restorer", logging.ERROR, __file__, 0, "command line", None, info))
    return f"The details are in {path}."
