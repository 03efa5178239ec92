"""The command `restorer evaluate sr`: our pictures beside bicubic's and other networks', in one table.

What comes in: folders of pictures, of metric weights, and the methods to compare. What goes out: a Markdown
table on stdout and, with --out, table.md, results.json and sheets of details side by side. Every method is
timed in the same run.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from restorer.errors import RequestError
from restorer.evaluation import metrics
from restorer.evaluation.colour import colour_drift
from restorer.evaluation.data import INPUTS, Case, cases
from restorer.evaluation.lpips import LPIPS, load_lpips
from restorer.evaluation.methods import Method, MethodOutput, build
from restorer.evaluation.niqe import NIQE, load_niqe
from restorer.evaluation.report import Facts, Score, as_json, table
from restorer.evaluation.sheet import side_by_side
from restorer.ncnn_networks import PEERS, machine
from restorer.pipeline.plan import NEUTRAL
from restorer.pipeline.request import Faces, Preset, RestoreRequest

__all__ = ["Scorer", "add_arguments", "main"]


_FIDELITY_HELP = "0 to 1; several make a row each (default: 0.8, the pack's own settings)"
_METRICS_HELP = "folder with lpips_squeeze/ and niqe/; default: the environment variable RESTORER_METRICS"
_TIMED_HELP = "pictures a set on which cached methods run again, for their time (default: 1)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add = parser.add_argument
    parser.description = (
        "Measure restored pictures against their originals, beside bicubic and other networks."
    )
    add("--data", type=Path, required=True, metavar="DIR", help="folder with one folder of originals a set")
    add("--sets", nargs="+", default=["Set5", "Set14", "Kodak"], metavar="SET", help="default: %(default)s")
    add("--blind", nargs="*", default=["OldPhotos"], metavar="SET", help="sets of inputs without originals")
    add("--limit", type=int, metavar="N", help="at most N pictures of a set")
    add("--scale", type=int, default=4, help="default: 4")
    add("--input", choices=INPUTS, default="clean", help="how the input is made")
    known = f"original, bicubic, draft, balanced, best, steps-N, {', '.join(PEERS)}"
    add("--methods", nargs="+", metavar="NAME", help=f"instead of bicubic and balanced, any of {known}")
    add("--ours", nargs="+", default=[], choices=[preset.value for preset in Preset], help="presets to add")
    add("--steps", nargs="+", type=int, default=[], metavar="N", help="add ours with these numbers of steps")
    add("--peers", nargs="*", metavar="NAME", help="add other networks (all, if none is named)")
    add("--model", metavar="NAME", help="model pack; default: the one that ships for the scale")
    add(
        "--fidelity",
        nargs="+",
        type=float,
        default=[],
        metavar="F",
        help=_FIDELITY_HELP,
    )
    add("--seed", nargs="+", type=int, default=[0], metavar="N", help="several make a row each")
    add(
        "--clean-up",
        type=float,
        metavar="W",
        help="how worn pictures are taken to be, 0 to 1 (default: as the app does, by an estimate of each; "
        "0 for clean input)",
    )
    add("--device", default="auto", help="for ours; peers run on the processor")
    add("--threads", type=int, default=2, metavar="N", help="processor threads, for all methods (default: 2)")
    add(
        "--peer-precision", choices=["bf16", "float32"], default="bf16", help="peers' storage (default: bf16)"
    )
    add("--metrics", type=Path, metavar="DIR", default=_default_metrics(), help=_METRICS_HELP)
    add("--cache", type=Path, metavar="DIR", help="keep peers' pictures here, and use them next time")
    add("--timed", type=int, default=1, metavar="N", help=_TIMED_HELP)
    add("--out", type=Path, metavar="DIR", help="write table.md, results.json and sheets here")
    add("--sheets", nargs="*", metavar="SET/PICTURE", help="sheets to draw (default: the first of each set)")
    add("--pictures", action="store_true", help="with --out, also write every method's pictures")


def _default_metrics() -> Path | None:
    folder = os.environ.get("RESTORER_METRICS")
    return Path(folder) if folder else None


@dataclass(frozen=True, eq=False)
class Scorer:
    """All figures of one picture. lpips, niqe: None where their parameters are not at hand."""

    scale: int
    lpips: LPIPS | None = None
    niqe: NIQE | None = None

    @classmethod
    def load(cls, scale: int, folder: Path | None) -> Scorer:
        """Parameters from `folder`; with None only what needs none. Raises PackError if they are damaged."""
        if folder is None:
            return cls(scale)
        return cls(scale, load_lpips(folder / "lpips_squeeze"), load_niqe(folder / "niqe"))

    def score(self, case: Case, method: str, output: MethodOutput) -> Score:
        picture, high = output.picture, case.high
        expected = (case.low.shape[0] * self.scale, case.low.shape[1] * self.scale, 3)
        if picture.shape != expected:
            raise RuntimeError(f"{method} made {picture.shape} of {case.name}, not {expected}")
        return Score(
            set=case.set,
            picture=case.name,
            method=method,
            psnr=None if high is None else metrics.psnr_y(picture, high, self.scale),
            ssim=None if high is None else metrics.ssim_y(picture, high, self.scale),
            lpips=None if high is None or self.lpips is None else self.lpips.distance(picture, high),
            consistency=metrics.consistency(picture, case.low),
            drift=colour_drift(picture, case.low),
            niqe=None if self.niqe is None else self.niqe.score(picture),
            spectrum=None if high is None else metrics.spectrum_error(picture, high, self.scale),
            seconds=output.seconds,
            megapixels=picture.shape[0] * picture.shape[1] / 1e6,
            cached=output.cached,
            facts=output.facts,
        )


def main(args: argparse.Namespace) -> int:
    """Run the comparison. Returns the exit code; raises RestorerError with a sentence for the person."""
    if args.threads < 1 or (args.limit is not None and args.limit < 1):
        raise RequestError("--threads and --limit must be at least 1.")
    torch.set_num_threads(args.threads)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    request = RestoreRequest(
        source=Path(),
        scale=args.scale,
        fidelity=NEUTRAL,  # the pack's own settings; the app's default is calmer, for scans
        grain=0.0,  # figures are of the network, at every fidelity
        device=args.device,
        model=args.model,
        preview_side=0,
        faces=Faces.OFF,
        clean_up=0.0 if args.clean_up is None and args.input == "clean" else args.clean_up,
    )
    methods = build(
        _names(args),
        request,
        seeds=args.seed,
        fidelities=args.fidelity,
        threads=args.threads,
        bf16=args.peer_precision == "bf16",
        cache=args.cache,
    )
    scorer = Scorer.load(args.scale, args.metrics)
    if scorer.lpips is None:
        _say("No --metrics folder: LPIPS and NIQE are left out.")
    for method in methods:
        _say(f"Warming up {method.name}")
        method.warm_up()
    scores: list[Score] = []
    for name in args.sets:
        _measure_set(name, args, methods, scorer, scores)
        facts = _facts(args, scores, load)
        if args.out:  # after every set, so that an interrupted run leaves something
            args.out.mkdir(parents=True, exist_ok=True)
            (args.out / "table.md").write_text(table(scores, facts), encoding="utf-8")
            (args.out / "results.json").write_text(as_json(scores, facts), encoding="utf-8")
    print(table(scores, facts), end="")
    return 0


def _names(args: argparse.Namespace) -> list[str]:
    """The rows: --methods or the usual ones, then what --ours, --steps and --peers add."""
    steps = [f"steps-{count}" for count in args.steps]
    usual = ["bicubic"] if args.ours or steps else ["bicubic", Preset.BALANCED.value]
    peers = [] if args.peers is None else args.peers or list(PEERS)
    return [*(args.methods or usual), *args.ours, *steps, *peers]


def _measure_set(
    name: str, args: argparse.Namespace, methods: list[Method], scorer: Scorer, scores: list[Score]
) -> None:
    """Every picture of one set by every method; appends to `scores`."""
    found = cases(args.data, [name], args.scale, kind=args.input, blind=tuple(args.blind), limit=args.limit)
    for index, case in enumerate(found):
        shown = f"{name}/{case.name}" in args.sheets if args.sheets else index == 0
        panels = [("original", case.high)] if case.high is not None else []
        for method in methods:
            start = time.perf_counter()
            output = method.restore(case, fresh=index < args.timed)
            if output is None:
                continue
            score = scorer.score(case, method.name, output)
            scores.append(score)
            _say(
                f"{name}/{case.name}: {_caption(score)} ({time.perf_counter() - start:.1f} s)".replace(
                    "\n", ": "
                )
            )
            if shown and method.name != "original":
                panels.append((_caption(score), output.picture))
            if args.out and args.pictures:
                folder = args.out / "pictures" / name
                folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(output.picture).save(folder / f"{case.name} {method.name}.png")
        if args.out and shown and panels:
            args.out.mkdir(parents=True, exist_ok=True)
            sheet = side_by_side(
                panels, title=f"{name}/{case.name}, {args.scale}x, {args.input} input, detail at 100 %"
            )
            sheet.save(args.out / f"sheet-{name}-{case.name}.png")


def _caption(score: Score) -> str:
    figures = [("PSNR {:.2f}", score.psnr), ("LPIPS {:.3f}", score.lpips), ("NIQE {:.2f}", score.niqe)]
    known = [form.format(value) for form, value in figures if value is not None and math.isfinite(value)]
    return f"{score.method}\n" + "  ".join(known)


def _facts(args: argparse.Namespace, scores: list[Score], load: float | None) -> Facts:
    models = dict.fromkeys(score.facts["model"] for score in scores if "model" in score.facts)
    words = ["python -m restorer evaluate sr --data DIR --metrics DIR --sets", *args.sets]
    options = [
        ("--limit", [args.limit], [None]),
        ("--scale", [args.scale], [4]),
        ("--input", [args.input], ["clean"]),
        ("--methods", args.methods or [], []),
        ("--ours", args.ours, []),
        ("--steps", args.steps, []),
        ("--model", [args.model], [None]),
        ("--fidelity", args.fidelity, []),
        ("--seed", args.seed, [0]),
        ("--device", [args.device], ["auto"]),
        ("--threads", [args.threads], [2]),
        ("--peer-precision", [args.peer_precision], ["bf16"]),
        ("--peers", args.peers, None),
    ]
    for option, value, default in options:
        if value != default:
            words += [option, *map(str, value)]
    return Facts(
        scale=args.scale,
        input=args.input,
        machine=machine(),
        threads=args.threads,
        load=load,
        cores=os.cpu_count() or 1,
        command=" ".join(words),
        models=tuple(models),
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
