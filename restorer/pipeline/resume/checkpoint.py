"""The state of a run on disk, so that a crash or a restart costs about a second of work.

In, from the engine: what the network made of each tile, and the state between two steps of a walk. Out: the
same numbers, for the same request, to the bit; and for the window the list of runs that were left unfinished,
each with its photo.

A run has a folder of its own: `source.npz` (the photo with all that belongs to it, so that the file it came
from may have changed or gone), `run.json` (the request, and what decides whether a state fits it),
`answers.bin` (finished tiles, see `tile_log`), `state.safetensors` (a state between two steps, written when
the tiles before it take more room than it does, which are then let go), and `lock`, held for as long as the
run goes. All but the tiles is written beside, synced and renamed; a state that is damaged or belongs to
another request counts as none, and one that is made to harm hides no other. Photos are private, so nobody
else can look into the folder, nor hold a run of it.

Finished tiles wait in memory and are written together, about once a second, and less often where writing
would take more than a share of the run's time (`pace`). What the synced state takes does not put them off.
Nothing is kept of a run that ends within its first second.
`run_folder` says how much room runs may take, and which go.
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from restorer import __version__, paths
from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.pipeline.request import FaceChoice, Faces, Past, Preset, RestoreRequest
from restorer.pipeline.resume import DAYS
from restorer.pipeline.resume.pace import Pace
from restorer.pipeline.resume.run_folder import (
    ANSWERS,
    LOCK,
    RUN,
    STATE,
    check_room,
    discard,
    folders_of,
    hold,
    remove,
    remove_oldest,
    replace_file,
)
from restorer.pipeline.resume.tile_log import TileAnswer, TileLog, last_spot

if TYPE_CHECKING:
    from torch import Tensor

    from restorer.pipeline.plan import Cascade

__all__ = ["SOURCE", "Keeper", "State", "Unfinished", "new_folder", "photo_of", "request_of", "unfinished"]

BLOCKS = ("icc", "exif", "xmp", "iptc", "sidecar", "named_sidecar")
"""What of a photo is kept as it is, in bytes."""

SOURCE = "source.npz"
TRIES, WAIT_SECONDS = 20, 0.01
MOST_STEPS, MOST_NAME = 1000, 300
"""Of a run that can be gone on with; a name is shown."""


@dataclass(frozen=True, eq=False)
class State:
    """A run between two steps.

    stage: index in the cascade. step: finished steps of the stage. x: (1, 3, H, W), the sampler's state.
    clean: (1, 3, H, W), the last estimate, which is the sampler's memory. picture: (1, 3, h, w), what the
    stages before made; None in the first. evaluations: of this stage. all_evaluations: of the run.
    seconds: of work in tiles. elapsed: since the run began. tile: side of a tile. fraction: of the run, in
    [0, 1]. mended: (1, 3, h, w), what repair made of the photo, once a stage after the next one is at work.
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
    fraction: float = 0.0
    mended: Tensor | None = None


@dataclass(frozen=True)
class Unfinished:
    """A run that was left: its folder, the photo's name, how far it came, when, and what went before it.

    step: finished steps, of `steps`, of the stage it stood in. fraction: of the whole run, in [0, 1]; None
    for one that an older version kept.
    """

    folder: Path
    name: str
    path: Path | None
    step: int
    steps: int
    scale: int
    when: float
    past: Past
    fraction: float | None = None


def new_folder() -> Path:
    """A folder for a run, in the cache; it is made when there is something to keep."""
    return _root() / uuid.uuid4().hex


def unfinished() -> list[Unfinished]:
    """Runs that no process is at work on, newest first; what cannot be gone on with is removed."""
    found = []
    for folder in folders_of(_root()):
        leader = folder.with_name(folder.name.partition(".")[0])
        if leader != folder and leader.is_dir():
            continue  # the first of those that belong together stands for all
        lock = hold(folder)
        if lock is None:
            continue  # it is going on at this moment
        with lock:
            try:
                if leader != folder:
                    raise ValueError("what it belonged to is gone")
                found.append(_unfinished_in(folder))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
                remove(folder, lock)
    return sorted(found, key=lambda run: -run.when)


def _unfinished_in(folder: Path) -> Unfinished:
    """What is known of a run. Raises OSError, ValueError, KeyError, TypeError, AttributeError or
    OverflowError if it cannot go on."""
    run = paths.plain_json(folder / RUN)
    when = _written(folder)
    if run["identity"]["version"] != __version__ or time.time() - when > DAYS * 86400:
        raise ValueError("too old")
    step, steps, fraction = _reached(folder)
    scale = run["request"]["scale"]
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
        fraction,
    )


def _written(folder: Path) -> float:
    """When a run was last kept. Raises OSError if it never was."""
    times = []
    for name in (STATE, ANSWERS):
        with suppress(FileNotFoundError):
            times.append((folder / name).stat().st_mtime)
    if not times:
        raise FileNotFoundError(folder / STATE)
    return max(times)


def _reached(folder: Path) -> tuple[int, int, float | None]:
    """Finished steps, of how many, and the fraction of the run, as the newest of what is kept has it."""
    kept = _metadata(folder) if (folder / STATE).exists() else None
    spot = last_spot(folder / ANSWERS)
    if kept is None and spot is None:
        raise ValueError("nothing is kept")
    told = None if kept is None or "fraction" not in kept else float(kept["fraction"])
    if kept is not None:
        step, steps = int(kept["step"]), int(kept["steps"])
    if spot is not None and (
        kept is None or (spot.stage, spot.evaluation) >= (int(kept["stage"]), int(kept["evaluations"]))
    ):
        step, steps, told = spot.step - 1, spot.steps, spot.fraction
    if told is not None and not 0 <= told <= 1:
        raise ValueError("no run of ours")
    return step, steps, told


def request_of(folder: Path, photo: Photo) -> RestoreRequest:
    """The request of a kept run, with its photo, going on in the same folder.

    Raises OSError, ValueError or KeyError if it cannot be read.
    """
    try:
        kept = paths.plain_json(folder / RUN)["request"]
        known = {field.name for field in dataclasses.fields(RestoreRequest)} - {"source", "keep"}
        fields = {name: value for name, value in kept.items() if name in known}
        fields |= {"preset": Preset(fields["preset"]), "past": _past(kept)}
        fields["faces"] = Faces(fields.get("faces", Faces.OFF))  # older runs knew none
        fields["face_choices"] = tuple(FaceChoice(**each) for each in fields.get("face_choices", ()))
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
    run of the same request left between two steps, or None; `answers` gives what it left of tiles."""

    def __init__(self, request: RestoreRequest, photo: Photo, cascade: Cascade) -> None:
        assert request.keep is not None
        self.folder = request.keep
        self._request, self._photo = request, photo
        self._identity = _identity(request, photo, cascade)
        self._steps = [stage.settings.steps for stage in cascade.stages]
        self._lock: IO[bytes] | None = None
        self._log = TileLog(self.folder / ANSWERS)
        self._waiting: list[TileAnswer] = []
        self._pace = Pace()
        self._begun = False
        self.state = self._load() if self.folder.is_dir() else None

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *error: object) -> None:
        """Write what waits, if the run is worth it, and let go of the folder; what it holds stays."""
        if self._waiting and self._pace.may_end():
            self._write_answers()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def answers(self, stage: int, evaluation: int) -> list[TileAnswer]:
        """What an earlier run of the same request had of an evaluation, tile by tile; all of one cut."""
        taken = self._log.take(stage, evaluation) if self._begun else []
        return [answer for answer in taken if answer.spot.tile == taken[-1].spot.tile]

    def note(self, answer: TileAnswer) -> None:
        """A tile is finished: it is kept, with those that wait, as soon as that costs little enough. A full
        disk is no error."""
        self._waiting.append(answer)
        if self._pace.may_write(sum(each.bytes for each in self._waiting)):
            self._write_answers()

    def offer(self, state: State) -> None:
        """A step is finished: write the state if that makes what is kept smaller, and costs little enough."""
        size = sum(
            4 * tensor.numel() for tensor in (state.x, state.clean, state.picture) if tensor is not None
        )
        spot = self._log.last
        if spot is not None and (spot.stage, spot.evaluation) >= (state.stage, state.evaluations):
            return  # an earlier run came further
        held = self._log.bytes + sum(each.bytes for each in self._waiting)
        if held < size or not self._pace.may_write(size, synced=True):
            return
        from safetensors import SafetensorError  # which is how its writer tells of a full disk

        with self._pace.writing(size, synced=True), suppress(OSError, SafetensorError):
            self._begin(size)
            self._write(state)
            self._waiting.clear()
            self._log.restart()

    def _write_answers(self) -> None:
        size = sum(each.bytes for each in self._waiting)
        with self._pace.writing(size), suppress(OSError):
            self._begin(size)
            self._log.append(self._waiting)
        self._waiting.clear()

    def done(self) -> None:
        """The run has its result: nothing is kept, unless whoever asked for it wants the state left."""
        if self._request.leaves_state:
            return
        self._waiting.clear()
        if self._lock is not None:
            remove(self.folder, self._lock)
        else:
            discard(self.folder)

    def _load(self) -> State | None:
        self._lock = hold(self.folder)
        try:
            run = paths.plain_json(self.folder / RUN)
            if run["identity"] != self._identity:
                return None
            state = _read(self.folder) if (self.folder / STATE).exists() else None
        except (OSError, ValueError, KeyError, TypeError, MemoryError):
            return None
        self._log.open()
        self._begun = True
        return state

    def _begin(self, size: int) -> None:
        """Put the photo and the request into the folder, unless they are there. size: of what is written
        next. Raises OSError where the disk has no room for it."""
        if self._begun and (self.folder / RUN).exists():  # which somebody may have removed
            return check_room(self.folder, self._log.bytes + size)
        self._hold()
        remove_oldest(self.folder.parent, self.folder)
        check_room(self.folder, self._photo.pixels.nbytes + size)
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
            "request": fields | _plain(request),
            "name": request.past.title or photo.name,
            "path": str(photo.path.absolute()) if photo.path is not None else None,
            "dpi": photo.dpi,
        }
        for name in (STATE, ANSWERS):  # of another request: they must not pass for this one's
            (self.folder / name).unlink(missing_ok=True)
        replace_file(self.folder / SOURCE, lambda path: _save_arrays(path, arrays))
        replace_file(self.folder / RUN, lambda path: path.write_text(json.dumps(run), "utf-8"))
        self._begun = True

    def _hold(self) -> None:
        """Make the folder and lock it. Whoever lists the runs holds it for a moment and, as long as there is
        nothing in it, removes it; where there are no locks it is not held."""
        for _ in range(TRIES):
            if self.folder.parent == _root():
                paths.private_folder(_root())
            paths.private_folder(self.folder)
            self._lock = self._lock or hold(self.folder)
            if self._lock is not None and (self.folder / LOCK).exists():
                return
            self._release()
            time.sleep(WAIT_SECONDS)
        paths.private_folder(self.folder)

    def _write(self, state: State) -> None:
        from safetensors.torch import save_file

        tensors = {"x": state.x.contiguous(), "clean": state.clean.contiguous()}
        if state.picture is not None:
            tensors["picture"] = state.picture.contiguous()
        if state.mended is not None:
            tensors["mended"] = state.mended.contiguous()
        metadata = {
            "stage": state.stage,
            "step": state.step,
            "steps": self._steps[state.stage],
            "evaluations": state.evaluations,
            "all_evaluations": state.all_evaluations,
            "seconds": state.seconds,
            "elapsed": state.elapsed,
            "tile": state.tile,
            "fraction": state.fraction,
        } | {f"crc {name}": _crc(tensor) for name, tensor in tensors.items()}
        texts = {name: str(value) for name, value in metadata.items()}
        if tensors["clean"].data_ptr() == tensors["x"].data_ptr():
            tensors["clean"] = tensors["clean"].clone()  # safetensors refuses tensors that share memory
        replace_file(self.folder / STATE, lambda path: save_file(tensors, path, texts))


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
    if request.faces is not Faces.OFF:
        identity |= {"faces": request.faces.value, "face_model": request.face_model}
        identity["face_choices"] = _plain(request)["face_choices"]
    return dict(json.loads(json.dumps(identity)))  # as it comes back from a file


def _plain(request: RestoreRequest) -> dict[str, Any]:
    """The fields of a request that JSON does not know."""
    return {
        "preset": request.preset.value,
        "past": dataclasses.asdict(request.past),
        "faces": request.faces.value,
        "face_choices": [dataclasses.asdict(choice) for choice in request.face_choices],
    }


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
        fraction=float(kept.get("fraction", 0.0)),
        mended=tensors.get("mended"),
    )


def _crc(tensor: Tensor) -> int:
    return zlib.crc32(tensor.contiguous().numpy().data)


def _save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
