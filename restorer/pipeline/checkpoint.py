"""The state of a run on disk, so that a crash or a restart costs no more than the step in hand.

In, from the engine: the state between two steps of a walk. Out: the same state, for the same request, to
the bit; and for the window the list of runs that were left unfinished, each with its photo.

A run has a folder of its own: `source.npz` (the photo with all that belongs to it, so that the file it came
from may have changed or gone), `run.json` (the request, and what decides whether a state fits it),
`state.safetensors`, and `lock`, held for as long as the run goes. Every file is written beside, synced and
renamed; a state that is damaged or belongs to another request counts as none, and one that is made to harm
hides no other. Photos are private, so nobody else can look into the folder, nor hold a run of it. Writing a
large state takes time, so it waits until it has cost less than a twentieth of the run.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from restorer import __version__, locks, paths
from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.pipeline.request import Past, Preset, RestoreRequest

if TYPE_CHECKING:
    from torch import Tensor

    from restorer.pipeline.plan import Cascade

__all__ = ["Keeper", "State", "Unfinished", "discard", "new_folder", "photo_of", "request_of", "unfinished"]

BLOCKS = ("icc", "exif", "xmp", "iptc", "sidecar", "named_sidecar")
"""What of a photo is kept as it is, in bytes."""

SOURCE, RUN, STATE, LOCK = "source.npz", "run.json", "state.safetensors", "lock"
SHARE = 1 / 20
"""The most of a run's time that is spent on writing its state."""
SMALL = 2**24
"""A state of fewer bytes is written after every step."""
TRIES, WAIT_SECONDS = 20, 0.01
MOST_STEPS, MOST_NAME = 1000, 300
"""Of a run that can be gone on with; a name is shown."""
DAYS = 30
"""An unfinished run that nobody went on with for so long is removed."""


@dataclass(frozen=True, eq=False)
class State:
    """A run between two steps.

    stage: index in the cascade. step: finished steps of the stage. x: (1, 3, H, W), the sampler's state.
    clean: (1, 3, H, W), the last estimate, which is the sampler's memory. picture: (1, 3, h, w), what the
    stages before made; None in the first. evaluations: of this stage. all_evaluations: of the run.
    seconds: of work in tiles. elapsed: since the run began. tile: side of a tile.
    """

    stage: int
    step: int
    x: Tensor
    clean: Tensor
    picture: Tensor | None
    evaluations: int
    all_evaluations: int
    seconds: float
    elapsed: float
    tile: int


@dataclass(frozen=True)
class Unfinished:
    """A run that was left: its folder, the photo's name, how far it came, when, and what went before it."""

    folder: Path
    name: str
    path: Path | None
    step: int
    steps: int
    scale: int
    when: float
    past: Past


def new_folder() -> Path:
    """A folder for a run, in the cache; it is made when there is something to keep."""
    return _root() / uuid.uuid4().hex


def discard(folder: Path | None) -> None:
    """Remove what was kept of a run."""
    if folder is not None and folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def unfinished() -> list[Unfinished]:
    """Runs that no process is at work on, newest first; what cannot be gone on with is removed."""
    found = []
    for folder in _folders():
        lock = _lock(folder)
        if lock is None:
            continue  # it is going on at this moment
        with lock:
            try:
                found.append(_left(folder))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
                _remove(folder, lock)
    return sorted(found, key=lambda run: -run.when)


def _folders() -> list[Path]:
    """The folders of runs; a link is none, for what it leads to is not ours to remove."""
    try:
        root = _root()
        if not root.is_dir():
            return []
        paths.private_folder(root)  # an older version's could be looked into
        return [folder for folder in root.iterdir() if folder.is_dir() and not folder.is_symlink()]
    except OSError:
        return []


def _left(folder: Path) -> Unfinished:
    """What is known of a run. Raises OSError, ValueError, KeyError, TypeError, AttributeError or
    OverflowError if it cannot go on."""
    run = paths.plain_json(folder / RUN)
    when = (folder / STATE).stat().st_mtime
    if run["identity"]["version"] != __version__ or time.time() - when > DAYS * 86400:
        raise ValueError("too old")
    progress = _metadata(folder)
    step, steps, scale = int(progress["step"]), int(progress["steps"]), run["request"]["scale"]
    if not isinstance(run["name"], str) or type(scale) is not int or not 0 <= step <= steps <= MOST_STEPS:
        raise ValueError("no run of ours")
    return Unfinished(
        folder,
        run["name"][:MOST_NAME],
        Path(run["path"]) if run["path"] else None,
        step,
        steps,
        scale,
        when,
        _past(run["request"]),
    )


def _remove(folder: Path, lock: IO[bytes]) -> None:
    """Remove a run whose lock is held here, and let go of that only when nothing is left to go on with."""
    for name in (RUN, STATE):
        with suppress(OSError):
            (folder / name).unlink()
    if os.name == "nt":
        lock.close()  # Windows removes no open file
    discard(folder)
    lock.close()


def request_of(folder: Path, photo: Photo) -> RestoreRequest:
    """The request of a kept run, with its photo, going on in the same folder.

    Raises OSError, ValueError or KeyError if it cannot be read.
    """
    try:
        kept = paths.plain_json(folder / RUN)["request"]
        known = {field.name for field in dataclasses.fields(RestoreRequest)} - {"source", "keep"}
        fields = {name: value for name, value in kept.items() if name in known}
        fields |= {"preset": Preset(fields["preset"]), "past": _past(kept)}
        if fields["region"] is not None:
            fields["region"] = tuple(map(int, fields["region"]))
        return RestoreRequest(source=photo, keep=folder, **fields)
    except (TypeError, AttributeError, OverflowError, RequestError) as error:
        raise ValueError(str(error)) from error


def photo_of(folder: Path) -> Photo:
    """The photo of a kept run. Raises OSError, ValueError or KeyError if it cannot be read."""
    run = paths.plain_json(folder / RUN)
    paths.check_plain(folder / SOURCE)
    try:
        with (folder / SOURCE).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            size = (folder / SOURCE).stat().st_size
            # Nothing is packed in it, so what claims to be larger than the file is none of ours.
            if sum(entry.file_size for entry in kept.zip.infolist()) > size:
                raise ValueError("the photo is larger than its file")
            blocks = {name: kept[name].tobytes() for name in BLOCKS if name in kept}
            alpha = kept.get("alpha")
            dpi = (float(run["dpi"][0]), float(run["dpi"][1])) if run["dpi"] else None
            path = Path(run["path"]) if run["path"] else None
            return Photo(pixels=kept["pixels"], alpha=alpha, dpi=dpi, path=path, **blocks)
    except (OSError, KeyError):
        raise
    except Exception as error:  # a damaged archive fails in many ways; too little memory is one
        raise ValueError(str(error)) from error


class Keeper:
    """Keeps one run's state in a folder, held while the `with` statement lasts. `state` is what an earlier
    run of the same request left, or None."""

    def __init__(self, request: RestoreRequest, photo: Photo, cascade: Cascade) -> None:
        assert request.keep is not None
        self.folder = request.keep
        self._request, self._photo = request, photo
        self._identity = _identity(request, photo, cascade)
        self._steps = [stage.settings.steps for stage in cascade.stages]
        self._lock: IO[bytes] | None = None
        self._written = time.monotonic()
        self._cost = 0.0
        self._begun = False
        self.state = self._load() if self.folder.is_dir() else None

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of the folder; what it holds stays."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def offer(self, state: State) -> None:
        """Write the state unless that would cost too much of the run's time. A full disk is no error."""
        size = 4 * (state.x.numel() + state.clean.numel())
        waited = time.monotonic() - self._written
        if size > SMALL and waited < max(self._cost, size / 1e9) / SHARE:
            return
        start = time.monotonic()
        from safetensors import SafetensorError  # which is how its writer tells of a full disk

        with suppress(OSError, SafetensorError):
            self._begin()
            self._write(state)
        self._written = time.monotonic()
        self._cost = self._written - start

    def done(self) -> None:
        """The run has its result: nothing is kept."""
        if self._lock is not None:
            _remove(self.folder, self._lock)
        else:
            discard(self.folder)

    def _load(self) -> State | None:
        self._lock = _lock(self.folder)
        try:
            run = paths.plain_json(self.folder / RUN)
            if run["identity"] != self._identity:
                return None
            state = _read(self.folder)
        except (OSError, ValueError, KeyError, TypeError, MemoryError):
            return None
        self._begun = True
        return state

    def _begin(self) -> None:
        """Put the photo and the request into the folder, unless they are there."""
        if self._begun and (self.folder / RUN).exists():  # which somebody may have removed
            return
        self._hold()
        photo, request = self._photo, self._request
        arrays = {"pixels": photo.pixels}
        if photo.alpha is not None:
            arrays["alpha"] = photo.alpha
        for name in BLOCKS:
            if getattr(photo, name) is not None:
                arrays[name] = np.frombuffer(getattr(photo, name), np.uint8)
        fields = {
            field.name: getattr(request, field.name)
            for field in dataclasses.fields(request)
            if field.name not in ("source", "keep")
        }
        run = {
            "identity": self._identity,
            "request": fields | {"preset": request.preset.value, "past": dataclasses.asdict(request.past)},
            "name": request.past.title or photo.name,
            "path": str(photo.path.absolute()) if photo.path is not None else None,
            "dpi": photo.dpi,
        }
        (self.folder / STATE).unlink(missing_ok=True)  # of another request: it must not pass for this one's
        _replace(self.folder / SOURCE, lambda path: _save_arrays(path, arrays))
        _replace(self.folder / RUN, lambda path: path.write_text(json.dumps(run), "utf-8"))
        self._begun = True

    def _hold(self) -> None:
        """Make the folder and lock it. Whoever lists the runs holds it for a moment and, as long as there is
        nothing in it, removes it; where there are no locks it is not held."""
        for _ in range(TRIES):
            if self.folder.parent == _root():
                paths.private_folder(_root())
            paths.private_folder(self.folder)
            self._lock = self._lock or _lock(self.folder)
            if self._lock is not None and (self.folder / LOCK).exists():
                return
            self.__exit__()
            time.sleep(WAIT_SECONDS)
        paths.private_folder(self.folder)

    def _write(self, state: State) -> None:
        from safetensors.torch import save_file

        tensors = {"x": state.x.contiguous(), "clean": state.clean.contiguous()}
        if state.picture is not None:
            tensors["picture"] = state.picture.contiguous()
        metadata = {
            "stage": state.stage,
            "step": state.step,
            "steps": self._steps[state.stage],
            "evaluations": state.evaluations,
            "all_evaluations": state.all_evaluations,
            "seconds": state.seconds,
            "elapsed": state.elapsed,
            "tile": state.tile,
        } | {f"crc {name}": _crc(tensor) for name, tensor in tensors.items()}
        texts = {name: str(value) for name, value in metadata.items()}
        if tensors["clean"].data_ptr() == tensors["x"].data_ptr():
            tensors["clean"] = tensors["clean"].clone()  # safetensors refuses tensors that share memory
        _replace(self.folder / STATE, lambda path: save_file(tensors, path, texts))


def _root() -> Path:
    return paths.cache_dir() / "runs"


def _identity(request: RestoreRequest, photo: Photo, cascade: Cascade) -> dict[str, Any]:
    """What decides the picture: the same identity, the same result."""
    pixels = zlib.crc32(np.ascontiguousarray(photo.pixels).data)
    stages = [
        [stage.pack.sha256, stage.scale, dataclasses.asdict(stage.settings), stage.s]
        for stage in cascade.stages
    ]
    identity = {
        "version": __version__,
        "stages": stages,
        "seed": request.seed,
        "colour_lock": request.colour_lock,
        "region": request.region,
        "label": request.label,
        "photo": [*photo.pixels.shape, str(photo.pixels.dtype), pixels],
    }
    if request.clean_up is not None:  # left out where it is not set, so that older states still fit
        identity["clean_up"] = request.clean_up
    return dict(json.loads(json.dumps(identity)))  # as it comes back from a file


def _past(kept: dict[str, Any]) -> Past:
    """What went before a kept request; one that was written before there was such a thing had none."""
    told = kept.get("past", {})
    known = {field.name: told[field.name] for field in dataclasses.fields(Past) if field.name in told}
    return Past(**known | {"seeds": tuple(map(int, told.get("seeds", ())))})


def _metadata(folder: Path) -> dict[str, str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / STATE, "np") as file:
            return dict(file.metadata() or {})
    except SafetensorError as error:
        raise ValueError(str(error)) from error


def _read(folder: Path) -> State:
    from safetensors.torch import load_file

    kept = _metadata(folder)
    tensors = load_file(folder / STATE)
    for name, tensor in tensors.items():
        if kept[f"crc {name}"] != str(_crc(tensor)):
            raise ValueError(f"{name} is damaged")
    return State(
        stage=int(kept["stage"]),
        step=int(kept["step"]),
        x=tensors["x"],
        clean=tensors["clean"],
        picture=tensors.get("picture"),
        evaluations=int(kept["evaluations"]),
        all_evaluations=int(kept["all_evaluations"]),
        seconds=float(kept["seconds"]),
        elapsed=float(kept["elapsed"]),
        tile=int(kept["tile"]),
    )


def _crc(tensor: Tensor) -> int:
    return zlib.crc32(tensor.contiguous().numpy().data)


def _save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """`write` a file beside `path`, sync it, and put it in its place."""
    beside = paths.private_file(path.with_name(path.name + ".new"))
    write(beside)
    paths.private_file(beside)  # a writer may have made the file anew
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(beside, path)


def _lock(folder: Path) -> IO[bytes] | None:
    """The folder's lock, held until it is closed (or the process ends); None if somebody else holds it."""
    try:
        file = paths.private_file(folder / LOCK).open("ab")
    except OSError:
        return None
    if not locks.lock(file):
        file.close()
        return None
    return file
