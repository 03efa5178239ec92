"""What a run will take, told before it begins: learned from the runs that were made on this machine.

In: runs as they end (models, device, size, evaluations, seconds, peak of memory). Out: seconds and bytes for
a run that is planned. Kept as a small JSON file in the data folder; a file that cannot be read means that
nothing was learned yet. No torch here, so a window can ask before the engine is loaded.

Time is what every run takes, whatever its size, and (evaluations times megapixels) times a rate. The rate
is learned for each chain of models and device, from runs of like size first: each earlier run counts by how
near its amount of work is, and the newer of two equals counts more. Memory is what the state needs for each
pixel, which is known, and what tiles and network need on top, which is learned, but is no less than what the
network's weights and a tile take.
"""

from __future__ import annotations

import json
import math
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from restorer import paths
from restorer.pipeline.plan import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from restorer.packs.pack import SamplingSettings
    from restorer.pipeline.plan import Cascade, Stage

__all__ = [
    "BYTES_PER_PIXEL",
    "Estimates",
    "Meter",
    "Observation",
    "RunEstimate",
    "observed_painting",
    "weights_of",
    "work_of",
    "work_of_painting",
]

BYTES_PER_PIXEL = 3 * 4 * 8
"""State, estimate, the estimate before, enlargement, result and temporaries, three float32 channels each."""
BYTES_PER_PHOTO_PIXEL = 40
"""What a run needs besides for each pixel of the photo: measured at 1x, where that is not little."""
KEPT = 24
"""Runs remembered for each chain and device."""
FADE = 0.9
"""Weight of a run against that of the next one with as much work."""
LEAST = 0.07
"""Megapixels of a result: a smaller one costs as much, since the network works on a tile with its margins."""
OVERHEAD = 0.5, 0.7
"""Seconds of a run that do not grow with the photo, and the share of the run that they are at most."""
GUESS_SECONDS = 12.0
"""Before the first run, where the machine was not measured: seconds of a processor core for a megapixel,
evaluation and ten million weights."""
MARGINS = 1.2
"""What the margins of tiles add, about, to a picture that is cut into them."""
UNCUT = 0.37
"""Megapixels of a result that a processor does not cut into tiles."""
BYTES_PER_TILE_PIXEL = 250
"""What the network's layers need for each pixel of the tile in work: 215 were measured with sr3-photo on a
processor."""
BYTES_PER_WEIGHT = 4
"""In memory; files have two."""
BYTES_PER_PICTURE_PIXEL, PICTURE_WEIGHTS = 1000, 2e7
"""What the layers of a network with so many weights need for each pixel of the pictures of a class that it
gets at once: 870 were measured with cdm-base and cdm-2x on a processor. A network with more weights is taken
to need as much more."""
GUESS_PAINTING = 5.0
"""Before the first pictures of a class: seconds of a processor core for a unit of their work."""


@dataclass(frozen=True)
class Observation:
    """A run that was made. work: see `work_of`. peak: bytes above what was in use before, or None. weights:
    see `weights_of`; 0 where it was not noted."""

    chain: str
    device: str
    work: float
    megapixels: float
    seconds: float
    peak: int | None = None
    weights: float = 0.0


@dataclass(frozen=True)
class RunEstimate:
    """seconds and bytes of a planned run; `learned` from earlier ones, or guessed."""

    seconds: float
    memory: int
    learned: bool


def work_of(cascade: Cascade, megapixels: float) -> float:
    """Evaluations times megapixels over the stages; `megapixels` are the photo's."""
    work, scale = 0.0, 1
    for stage in cascade.stages:
        scale *= stage.scale
        work += _evaluations(stage.settings) * max(LEAST, megapixels * scale**2)
    return work


def work_of_painting(stages: Sequence[Stage], count: int) -> float:
    """Evaluations of every stage times what one of `count` pictures costs, in 10^12 of `Stage.cost`."""
    return sum(_evaluations(stage.settings) * stage.cost for stage in stages) * count / 1e12


def observed_painting(
    stages: Sequence[Stage], count: int, device: str, seconds: float, peak: int | None
) -> Observation:
    """What a run that made `count` pictures teaches."""
    megapixels = count * stages[-1].side ** 2 / 1e6
    return Observation(_way(stages), device, work_of_painting(stages, count), megapixels, seconds, peak)


def _way(stages: Sequence[Stage]) -> str:
    return "class: " + " > ".join(f"{stage.pack.name} {stage.side}" for stage in stages)


def _evaluations(settings: SamplingSettings) -> int:
    # as restorer.diffusion.sampler.evaluations has it, which needs torch
    return 2 * settings.steps - 1 if settings.sampler == "heun" else settings.steps


def weights_of(cascade: Cascade) -> float:
    """Weights of a stage, in ten millions, as a mean over the stages."""
    sizes = [int(stage.pack.config["weights"].get("bytes", 2e7)) for stage in cascade.stages]
    return sum(sizes) / 2 / len(sizes) / 1e7


def _network_bytes(stages: Sequence[Stage]) -> int:
    """Bytes of the networks of a run, each once."""
    sizes = {stage.pack.name: int(stage.pack.config["weights"].get("bytes", 2e7)) for stage in stages}
    return sum(sizes.values()) // 2 * BYTES_PER_WEIGHT


def _layer_bytes(stage: Stage, count: int) -> int:
    """Bytes of the layers of a stage while it works on `count` pictures of a class."""
    weights = int(stage.pack.config["weights"].get("bytes", 2e7)) / 2
    at_once = min(count, max(1, TOGETHER // stage.side**2)) * stage.side**2
    return round(at_once * BYTES_PER_PICTURE_PIXEL * max(1.0, weights / PICTURE_WEIGHTS))


class Estimates:
    """What was learned, in the file `path`. machine: what was measured of this machine, for chains of which
    nothing was learned (`forecast.machine_speed`); it can be set when it has been measured."""

    def __init__(self, path: Path | None = None, machine: Observation | None = None) -> None:
        self.machine = machine
        self._path = path or paths.packs_dir().parent / "estimates.json"
        self._seen: list[Observation] = []
        try:
            kept = paths.plain_json(self._path)
        except (OSError, ValueError):
            kept = []
        for fields in kept if isinstance(kept, list) else ():
            with suppress(TypeError):  # a record that is damaged; the others count
                seen = Observation(**fields)
                if seen.work > 0 and seen.seconds > 0 and seen.megapixels > 0:
                    self._seen.append(seen)

    def record(self, seen: Observation) -> None:
        """Learn from a run and remember it. A disk that cannot be written to is no error."""
        if not (seen.work > 0 and seen.seconds > 0 and seen.megapixels > 0):
            return
        self._seen.append(seen)
        same = [each for each in self._seen if (each.chain, each.device) == (seen.chain, seen.device)]
        for old in same[:-KEPT]:
            self._seen.remove(old)
        beside = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps([asdict(each) for each in self._seen]), "utf-8")
            os.replace(beside, self._path)
        except OSError:
            pass

    def predict(self, cascade: Cascade, size: tuple[int, int], device: str | None = None) -> RunEstimate:
        """What a photo of `size` will take. device: as in Observation; None for the one used last."""
        megapixels = size[0] * size[1] / 1e6
        weights = weights_of(cascade)
        pixels = megapixels * 1e6 * cascade.scale**2
        work = work_of(cascade, megapixels)
        guess = work * GUESS_SECONDS * weights / max(1, os.cpu_count() or 1)
        nearest = self._nearest(device)
        if nearest is not None:  # the time of a network goes with its weights
            cut, was_cut = pixels > UNCUT * 1e6, nearest.megapixels > UNCUT
            margins = MARGINS ** (int(cut) - int(was_cut))
            rate = max(0.0, nearest.seconds - _overhead(nearest)) / nearest.work / nearest.weights
            guess = OVERHEAD[0] + work * rate * weights * margins
        # A run that finds its network loaded, and memory that an earlier one gave back, seems to need less.
        base = _network_bytes(cascade.stages) + min(pixels, UNCUT * 1e6) * BYTES_PER_TILE_PIXEL
        return self._predicted(cascade.name, device, work, pixels, guess, (round(base), round(base)))

    def _nearest(self, device: str | None) -> Observation | None:
        """The newest run of any chain whose weights are known, or else what was measured of the machine."""
        for each in reversed(self._seen):
            if each.weights > 0 and device in (None, each.device):
                return each
        machine = self.machine
        return machine if machine is not None and device in (None, machine.device) else None

    def predict_painting(self, stages: Sequence[Stage], count: int, device: str | None = None) -> RunEstimate:
        """What `count` pictures of a class will take."""
        work, pixels = work_of_painting(stages, count), float(count * stages[-1].side ** 2)
        guess = work * GUESS_PAINTING / max(1, os.cpu_count() or 1)
        networks = _network_bytes(stages)
        bases = networks, networks + max(_layer_bytes(stage, count) for stage in stages)
        return self._predicted(_way(stages), device, work, pixels, guess, bases)

    def _predicted(
        self,
        chain: str,
        device: str | None,
        work: float,
        pixels: float,
        guess: float,
        bases: tuple[int, int],
    ) -> RunEstimate:
        """pixels: of all results. guess: seconds, where nothing was learned of this chain. bases: bytes that
        networks and tiles need, at least, and where nothing was learned of it."""
        if device is None:
            device = next((each.device for each in reversed(self._seen) if each.chain == chain), None)
        known = [each for each in self._seen if (each.chain, each.device) == (chain, device)]
        state = round(pixels * BYTES_PER_PIXEL)
        if not known:
            return RunEstimate(guess, state + bases[1], False)
        rate = weight = always = 0.0
        for age, each in enumerate(reversed(known)):
            near = FADE**age / (0.02 + abs(math.log(work / each.work)))
            overhead = _overhead(each)
            always += near * overhead
            rate += near * (each.seconds - overhead) / each.work
            weight += near
        tops = [
            each.peak - each.megapixels * 1e6 * BYTES_PER_PIXEL for each in known if each.peak is not None
        ]
        top = max(bases[0], *tops[-5:]) if tops else bases[1]
        return RunEstimate((always + work * rate) / weight, round(state + top), True)


def _overhead(seen: Observation) -> float:
    """Seconds of a run that did not go with the photo."""
    return min(OVERHEAD[0], OVERHEAD[1] * seen.seconds)


class Meter:
    """The most memory that this process used since the meter was made, beyond what it used then.

    Linux counts it (VmHWM, which is set back here); elsewhere nothing is known.
    """

    def __init__(self) -> None:
        self._before = None
        if sys.platform == "linux":
            try:
                Path("/proc/self/clear_refs").write_text("5")
                self._before = _status("VmRSS")
            except (OSError, ValueError):
                self._before = None

    def peak(self) -> int | None:
        """Bytes, or None where the system does not tell."""
        if self._before is None:
            return None
        try:
            return max(0, _status("VmHWM") - self._before)
        except (OSError, ValueError):
            return None


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise ValueError(name)
