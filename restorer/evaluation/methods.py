"""The ways to enlarge a picture that a table compares, behind one small interface.

What comes in: a `Case`. What goes out: a `MethodOutput`, the enlarged picture and the seconds it took. Ours
goes through the engine as the app does (`restorer.pipeline.restore.run` with a photo in memory), so what is
measured is what a person gets. Peers know 4x only: for other scales their result is resized by Lanczos.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from restorer.errors import RequestError
from restorer.evaluation.data import Case, enlarge
from restorer.ncnn_networks import PEER_SCALE, PEERS, Peer
from restorer.photo import Photo
from restorer.pipeline.events import Done, Phase
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Preset, RestoreRequest

if TYPE_CHECKING:
    from collections.abc import Generator

    from restorer.pipeline.events import Event

__all__ = ["Bicubic", "Method", "MethodOutput", "Original", "Ours", "PeerMethod", "build"]


@dataclass(frozen=True, eq=False)
class MethodOutput:
    """picture: (h * scale, w * scale, 3) uint8. seconds: wall clock, without loading and warm-up. cached:
    made, and timed, by an earlier run. facts: what else is worth a line in results.json."""

    picture: np.ndarray
    seconds: float
    cached: bool
    facts: dict[str, Any]


class Method(Protocol):
    """One row of the table."""

    @property
    def name(self) -> str: ...

    def warm_up(self) -> None:
        """Do once what later runs need not pay for."""

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput | None:
        """Enlarge case.low; `fresh` forbids the cache. None if the method cannot do this case."""


@dataclass(frozen=True)
class Bicubic:
    """Pillow's bicubic enlargement of the 8-bit input."""

    scale: int
    name: str = "bicubic"

    def warm_up(self) -> None:
        """Nothing to do."""

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput:
        start = time.perf_counter()
        picture = enlarge(case.low, self.scale)
        return MethodOutput(picture, time.perf_counter() - start, False, {})


@dataclass(frozen=True)
class Original:
    """The original itself: what the figures that need no original say of a real photograph."""

    name: str = "original"

    def warm_up(self) -> None:
        """Nothing to do."""

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput | None:
        return None if case.high is None else MethodOutput(case.high, 0.0, False, {})


@dataclass(frozen=True)
class Ours:
    """The engine with the settings of `request`, whose source is replaced by each case's input. Networks stay
    from one to the next, as in a folder job and as the peers' do."""

    name: str
    request: RestoreRequest
    networks: NetworkCache = field(default_factory=NetworkCache, repr=False, compare=False)

    def warm_up(self) -> None:
        self._run(np.tile(np.arange(0, 256, 8, dtype=np.uint8)[:, None], (32, 3)).reshape(32, 32, 3))

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput:
        done, seconds = self._run(case.low)
        facts = {
            "model": done.model,
            "seed": done.seed,
            "device": done.device,
            "evaluations": done.evaluations,
            "provenance": done.provenance,
        }
        return MethodOutput(done.photo.pixels, seconds, False, facts)

    def _run(self, low: np.ndarray) -> tuple[Done, float]:
        from restorer.pipeline import restore as engine

        photo = Photo(pixels=low, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
        events: Generator[Event, None, None] = engine.run(replace(self.request, source=photo), self.networks)
        start = time.perf_counter()
        with closing(events):
            for event in events:
                if isinstance(event, Phase) and event.name == "preparing":
                    start = time.perf_counter()  # the pack is in memory now, as the peers' networks are
                if isinstance(event, Done):
                    return event, time.perf_counter() - start
        raise RuntimeError("the run ended without a result")


@dataclass(frozen=True)
class PeerMethod:
    """A peer's network, then Lanczos where the scale is not the peer's."""

    scale: int
    peer: Peer

    @property
    def name(self) -> str:
        return self.peer.name

    def warm_up(self) -> None:
        self.peer.warm_up()

    def restore(self, case: Case, *, fresh: bool) -> MethodOutput:
        output = self.peer.enlarge(case.low, fresh=fresh)
        picture = output.picture
        if self.scale != PEER_SCALE:
            height, width = case.low.shape[:2]
            size = (width * self.scale, height * self.scale)
            picture = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))
        facts = {"machine": output.machine, "threads": output.threads, "bf16": self.peer.bf16}
        return MethodOutput(picture, output.seconds, output.cached, facts)


def build(
    names: Sequence[str],
    request: RestoreRequest,
    *,
    seeds: Sequence[int] = (0,),
    fidelities: Sequence[float] = (),
    threads: int = 2,
    bf16: bool = True,
    cache: Path | None = None,
) -> list[Method]:
    """Methods by name: `bicubic`, `original`, a preset, `steps-N`, or a peer.

    request: model, device and scale of our runs (its source is not used). Every one of ours is made for each
    seed and fidelity. Raises RequestError for unknown names and missing wheels, before anything is run.
    """
    methods: list[Method] = []
    for name in dict.fromkeys(names):
        steps = re.fullmatch(r"steps-(\d+)", name)
        if name == "bicubic":
            methods.append(Bicubic(request.scale))
        elif name == "original":
            methods.append(Original())
        elif name in PEERS:
            methods.append(PeerMethod(request.scale, Peer(name, threads=threads, bf16=bf16, cache=cache)))
        elif steps or name in {preset.value for preset in Preset}:
            change = {"steps": int(steps[1])} if steps else {"preset": Preset(name)}
            for fidelity, seed in itertools.product(fidelities or (request.fidelity,), seeds):
                label = f"restorer {name}" + (f", fidelity {fidelity:g}" if fidelities else "")
                label += f", seed {seed}" if len(seeds) > 1 else ""
                settings = replace(request, fidelity=fidelity, seed=seed, **change)
                methods.append(Ours(label, settings))
        else:
            known = ["original", "bicubic", *(preset.value for preset in Preset), "steps-N", *PEERS]
            raise RequestError(f"There is no method called {name}; known are {', '.join(known)}.")
    return methods
