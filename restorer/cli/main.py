"""The same requests from a shell: `python -m restorer …`, or `restorer …` once installed.

In: arguments. Out: files, one line a photo, and an exit code: 0 only if every photo
was written, 1 if one was not, 2 for arguments that make no sense, 130 after Ctrl+C.
Results go to stdout, everything else to stderr. Nobody sees a traceback: what was
expected has its sentence, the rest is written to the log.

torch is imported only by a command that computes, so that `--help` is instant.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from restorer import __version__
from restorer.cli import repair
from restorer.errors import RequestError, RestorerError
from restorer.pipeline.request import Faces, Preset, RestoreRequest

# Commands with modules of their own, which offer `add_arguments(parser)` and `main(args)`.
ELSEWHERE = {
    ("batch",): "restorer.cli.batch",
    ("generate",): "restorer.cli.generate",
    ("models",): "restorer.cli.models",
    ("install-launcher",): "restorer.cli.install_launcher",
    ("uninstall-launcher",): "restorer.cli.uninstall_launcher",
    ("train",): "restorer.training.cli",
    ("evaluate", "sr"): "restorer.evaluation.sr",
    ("evaluate", "chain"): "restorer.evaluation.chain",
    ("evaluate", "augmentation"): "restorer.evaluation.augmentation",
    ("evaluate", "cdm"): "restorer.evaluation.cdm",
    ("evaluate", "curve"): "restorer.evaluation.curve",
    ("evaluate", "damage"): "restorer.evaluation.damage",
    ("evaluate", "faces"): "restorer.evaluation.faces",
    ("evaluate", "fill"): "restorer.evaluation.repair.fill",
    ("evaluate", "find"): "restorer.evaluation.repair.find",
    ("evaluate", "recognise"): "restorer.evaluation.recognise",
    ("evaluate", "sweep"): "restorer.evaluation.sweep",
}

RESTORE_NOTES = """\
settings:
  Device, threads, tile, format, quality, bits and metadata are those of the window's
  settings where they are not given here. --no-settings takes the usual ones instead.

where the result goes:
  OUT is a file for one photo. It is a folder if it exists as one, has no ending such
  as .png, ends with a slash, or there are several photos; there the result is called
  NAME_4x.EXT. A result that exists is replaced only with --overwrite, and an original
  never. Two photos of the same name become NAME_4x and NAME_4x-2.

exit code:
  0 if every photo was written, 1 if one was not, 2 for arguments that make no sense,
  130 after Ctrl+C. Ctrl+\\ keeps the picture as far as it is, and says how far that is.
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
        from restorer import logs

        return _fail(f"Something unexpected went wrong: {logs.brief(error)}. {logs.record(error)}", 1)


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
    commands.add_parser("batch", help="restore whole folders, unattended; see batch --help")
    commands.add_parser("generate", help="make pictures of a class; see generate --help")
    commands.add_parser("models", help="list, import, check and remove model packs; see models --help")
    commands.add_parser("install-launcher", help="put Restorer into the applications menu")
    commands.add_parser("uninstall-launcher", help="take it out again")
    commands.add_parser("train", help="train networks; see train --help")
    evaluate = commands.add_parser("evaluate", help="measure networks; see evaluate sr --help")
    evaluate.add_argument(
        "what",
        choices=[words[1] for words in ELSEWHERE if words[0] == "evaluate"],
        help="sr: against originals and peers; cdm: invented pictures; sweep: noise grids; chain: trust in "
        "an earlier stage; augmentation: its worth to a cascade; damage: repair; find: damage beside "
        "masks of it; fill: holes filled; faces: people and "
        "whether they stay themselves; recognise: classes; curve: a plot",
    )
    return parser


def _clean_up(text: str) -> float | None:
    """A wear of 0 to 1, or None for "auto"."""
    return None if text == "auto" else float(text)


def _add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "photos",
        nargs="+",
        type=Path,
        metavar="PHOTO",
        help="a picture file (JPEG, PNG, TIFF, WebP, HEIC, AVIF, BMP; raw files with rawpy)",
    )
    add("-o", "--out", required=True, metavar="OUT", help="file or folder for the result, see below")
    add_request_arguments(parser)
    repair.add_arguments(parser)


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """What is done to a photo and how it is written: the options that `restore` and `batch` share."""
    add = parser.add_argument
    add(
        "--scale",
        type=int,
        metavar="N",
        help="enlargement of each side: 1, 2, 4, 8 or 16 (default: 4, or that of a model for single faces)",
    )
    add(
        "--preset",
        choices=[preset.value for preset in Preset],
        default=Preset.BALANCED.value,
        help="how much work a picture is given (default: balanced)",
    )
    add("--steps", type=int, metavar="N", help="number of sampling steps, instead of the preset's")
    add(
        "--sampler",
        choices=["ddim", "dpmpp-2m", "heun", "ancestral", "renoise"],
        help="how the noise is walked down, instead of the preset's way",
    )
    add("--label", metavar="CLASS", help="what the photo shows, for models that know classes: name or number")
    add(
        "--fidelity",
        type=float,
        metavar="F",
        help="1 keeps the photo as it is, 0 re-imagines it (default: %(default)s)",
        default=RestoreRequest.fidelity,
    )
    add(
        "--clean-up",
        type=_clean_up,
        metavar="C",
        help="how worn the photo is: 0 trusts every pixel, 1 takes grain, blur and JPEG away; auto estimates "
        "it (default: auto)",
    )
    add(
        "--strength",
        type=float,
        metavar="S",
        help="how much of the restoration is taken: 0 is the plain enlargement, 1 the whole of it (default: "
        "%(default)s)",
        default=RestoreRequest.strength,
    )
    add(
        "--grain",
        type=float,
        metavar="G",
        help="how much of the photo's own grain is put back, 0 to 1 (default: 1 at fidelity 1, else 0)",
    )
    add("--repair", action="store_true", help="mend scratches, dust, creases and tears")
    add(
        "--colour-lock",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="keep the photo's low frequencies, so that hues never drift (default: on)",
    )
    add(
        "--faces",
        choices=[faces.value for faces in Faces],
        default=RestoreRequest.faces.value,
        help="protect invents nothing in faces that are too small to be known, restore also gives the others "
        "to a face model, off leaves all to the photo's model (default: protect)",
    )
    add("--face-model", metavar="NAME", help="the model for --faces restore (default: the first installed)")
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same picture (default: 0)")
    add("--device", metavar="D", help="auto, cpu, cuda, cuda:1, mps or xpu (default: the settings', or auto)")
    add(
        "--threads",
        type=int,
        metavar="N",
        help="threads of the processor, 0 for all that help (default: the settings', or 0)",
    )
    add(
        "--tile",
        type=int,
        metavar="N",
        help="side of a piece in pixels of the result, 0 for what fits; smaller needs less memory (default: "
        "the settings', or 0)",
    )
    add("--model", metavar="NAME", help="a model pack by name; see: restorer models list")
    add(
        "--format",
        choices=["same", "png", "jpg", "tif", "webp"],
        help="format of the results, same for the photo's own (default: the settings', or same)",
    )
    add(
        "--bits",
        type=int,
        choices=[8, 16],
        help="bits a colour; 16 for PNG and TIFF (default: the settings', or the photo's own)",
    )
    add(
        "--quality",
        type=int,
        metavar="N",
        help="quality of JPEG and WebP, 1 to 100 (default: the settings', or 95)",
    )
    add(
        "--overwrite",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="replace results that exist; originals are never replaced (default: no)",
    )
    add(
        "--metadata",
        choices=["all", "no-place", "none"],
        help="what of the photo's metadata a result keeps: all, all but the place where it was taken, or "
        "none (default: the settings', or all)",
    )
    add(
        "--file-date",
        choices=["now", "keep"],
        help="the date of a result's file: now, or that of the photo's file (default: the settings', or now)",
    )
    add("--no-settings", action="store_true", help="do not read the settings of the window")
    add("--json", action="store_true", help="print one JSON object a line and photo, for other programs")


def _dispatch(arguments: list[str]) -> int:
    for words, module in ELSEWHERE.items():
        if tuple(arguments[: len(words)]) == words:
            return _run_elsewhere(words, module, arguments[len(words) :])
    args = build_parser().parse_args(arguments)
    from restorer.cli.restore import restore

    return restore(args)


def _run_elsewhere(words: tuple[str, ...], module: str, arguments: list[str]) -> int:
    command = importlib.import_module(module)
    parser = argparse.ArgumentParser(prog=" ".join(("restorer", *words)))
    command.add_arguments(parser)
    return int(command.main(parser.parse_args(arguments)) or 0)


def _fail(sentence: str, code: int) -> int:
    from restorer.cli.progress_line import visible

    print(f"restorer: {visible(sentence)}", file=sys.stderr)
    return code
