"""How fast this machine is, measured before the first run: a small picture through the shipped network.

In: a device. Out: an `Observation`, as a run gives one, from which `Estimates` tells what other runs and
other models will take. It is measured once and kept in the data folder with the device's name and the
versions it holds for; for a new version of Restorer or torch it has to be measured again. Reading it needs no
torch.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from restorer import __version__, paths
from restorer.errors import RestorerError
from restorer.pipeline.forecast.estimates import OVERHEAD, Observation, weights_of, work_of
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import Faces, Preset, RestoreRequest
from restorer.pipeline.run_control import RunControl

__all__ = ["measure", "remembered"]

SIDES = 64, 96, 128
"""Of the photo that is restored, in pixels: a larger one while it took less than `ENOUGH_SECONDS`."""
ENOUGH_SECONDS = 0.7


def remembered(device: str = "auto", path: Path | None = None) -> Observation | None:
    """What was measured here for a device as it is asked for ("auto", "cpu", …), or None."""
    try:
        kept = paths.plain_json(path or _path())[device]
        if kept["versions"] != _versions():
            return None
        seen = Observation(**kept["observation"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seen if seen.work > 0 and seen.seconds > 0 and seen.weights > 0 else None


def measure(
    device: str = "auto", control: RunControl | None = None, path: Path | None = None
) -> Observation | None:
    """Measure a device, in about two seconds, and remember it; None where it was cancelled, which is checked
    after every tile, or where nothing can be measured (no model that enlarges by 4, no memory)."""
    import numpy as np

    from restorer.photo import Photo
    from restorer.pipeline import restore
    from restorer.pipeline.event_dispatch import last_event
    from restorer.pipeline.events import Done
    from restorer.pipeline.network_cache import NetworkCache

    networks = NetworkCache()
    seen = None
    with suppress(RestorerError):
        noise = np.random.default_rng(0).integers(0, 256, (SIDES[-1], SIDES[-1], 3), dtype=np.uint8)
        request = RestoreRequest(
            Photo(noise[:16, :16]),
            scale=4,
            preset=Preset.DRAFT,
            device=device,
            grain=0.0,
            preview_side=0,
            faces=Faces.OFF,
            clean_up=0.0,
        )
        cascade = plan_restore(request)
        if last_event(restore.run(request, networks), control) is None:  # the first run of all is slower
            return None
        for side in SIDES:
            start = time.perf_counter()
            photo = Photo(np.ascontiguousarray(noise[:side, :side]))
            done = last_event(restore.run(replace(request, source=photo), networks), control)
            took = time.perf_counter() - start
            if not isinstance(done, Done):
                return None
            # A run loads its network, which this one had; so much is taken for it.
            seen = Observation(
                cascade.name,
                done.device,
                work_of(cascade, side * side / 1e6),
                done.megapixels,
                took + OVERHEAD[0],
                weights=weights_of(cascade),
            )
            if took >= ENOUGH_SECONDS:
                break
    if seen is not None:
        _remember(device, seen, path or _path())
    return seen


def _remember(device: str, seen: Observation, path: Path) -> None:
    """A disk that cannot be written to is no error."""
    try:
        kept = paths.plain_json(path)
    except (OSError, ValueError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    kept[device] = {"versions": _versions(), "observation": asdict(seen)}
    beside = path.with_name(path.name + ".new")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(kept), "utf-8")
        os.replace(beside, path)


def _versions() -> dict[str, str]:
    """What a measurement holds for, beside the device."""
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = ""
    return {"restorer": __version__, "torch": torch, "cores": str(os.cpu_count())}


def _path() -> Path:
    return paths.packs_dir().parent / "machine.json"
