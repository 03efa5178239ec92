"""The state of a run that makes pictures of a class, on disk, so that a crash costs about a second of work.

In: what the networks made of each batch of pictures at each evaluation, and the pictures of finished stages.
Out: the same numbers, for the same request, to the bit; and the list of such runs that were left unfinished.

A run has a folder of its own: `run.json` (the request, and what decides whether a state fits it),
`answers.bin` (see `tile_log`) and `lock`. What is true of a photo's run is true here: when it is written
(`pace`), how much room it takes, when it goes (`run_folder`).
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from restorer import __version__, paths
from restorer.errors import RequestError
from restorer.pipeline.request import GenerateRequest, Preset
from restorer.pipeline.resume import DAYS
from restorer.pipeline.resume.pace import Pace
from restorer.pipeline.resume.run_folder import (
    ANSWERS,
    RUN,
    check_room,
    discard,
    folders_of,
    hold,
    remove,
    remove_oldest,
    replace_file,
)
from restorer.pipeline.resume.tile_log import Spot, TileAnswer, TileLog, last_spot

if TYPE_CHECKING:
    from torch import Tensor

    from restorer.diffusion.denoiser import Denoised
    from restorer.diffusion.sampler import Evaluation
    from restorer.pipeline.plan import Cascade

__all__ = ["PictureKeeper", "UnfinishedPictures", "new_folder", "pictures_request_of", "unfinished_pictures"]

RESULT = 4000
"""Number of a batch's result among its evaluations, more than there can be of these."""
SLACK_BYTES = 2**26
"""Evaluations of finished batches are let go when the log is so much larger than what is still needed."""


@dataclass(frozen=True)
class UnfinishedPictures:
    """A run that was left: its folder, its request (without `keep`), when, and the fraction that was done."""

    folder: Path
    request: GenerateRequest
    when: float
    fraction: float


def new_folder() -> Path:
    """A folder for a run, in the cache; it is made when there is something to keep."""
    return _root() / uuid.uuid4().hex


def unfinished_pictures() -> list[UnfinishedPictures]:
    """Runs that no process is at work on, newest first; what cannot be gone on with is removed."""
    found = []
    for folder in folders_of(_root()):
        lock = hold(folder)
        if lock is None:
            continue  # it is going on at this moment
        with lock:
            try:
                when, spot = (folder / ANSWERS).stat().st_mtime, last_spot(folder / ANSWERS, together=True)
                if spot is None or not 0 <= spot.fraction <= 1 or time.time() - when > DAYS * 86400:
                    raise ValueError("nothing is kept, or too old")
                request = dataclasses.replace(pictures_request_of(folder), keep=None)
                found.append(UnfinishedPictures(folder, request, when, spot.fraction))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
                remove(folder, lock)
    return sorted(found, key=lambda run: -run.when)


def pictures_request_of(folder: Path) -> GenerateRequest:
    """The request of a kept run, going on in the same folder.

    Raises OSError, ValueError or KeyError if it cannot be read.
    """
    try:
        run = paths.plain_json(folder / RUN)
        if run["identity"]["version"] != __version__:
            raise ValueError("of another version")
        known = {field.name for field in dataclasses.fields(GenerateRequest)} - {"keep"}
        fields = {name: value for name, value in run["request"].items() if name in known}
        fields["preset"] = Preset(fields["preset"])
        if fields["upsamplers"] is not None:
            fields["upsamplers"] = tuple(map(str, fields["upsamplers"]))
        return GenerateRequest(keep=folder, **fields)
    except (TypeError, AttributeError, OverflowError, RequestError) as error:
        raise ValueError(str(error)) from error


class PictureKeeper:
    """Keeps one run's state in the folder of its request, held while the `with` statement lasts."""

    def __init__(self, request: GenerateRequest, cascade: Cascade) -> None:
        assert request.keep is not None
        self.folder = request.keep
        self._request = request
        self._identity = _identity(request, cascade)
        self._lock: IO[bytes] | None = None
        self._log = TileLog(self.folder / ANSWERS, together=True)
        self._waiting: list[TileAnswer] = []
        self._results: list[TileAnswer] = []
        self._pace = Pace()
        self._started = time.perf_counter()
        self._begun = self.folder.is_dir() and self._fits()

    def __enter__(self) -> PictureKeeper:
        return self

    def __exit__(self, *error: object) -> None:
        """Write what waits, if the run is worth it, and let go of the folder; what it holds stays."""
        if self._waiting and self._pace.may_end():
            self._write()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def answer(self, stage: int, here: slice, number: int) -> Denoised | None:
        """What an earlier run had of evaluation `number` of the pictures `here`, counted from 0."""
        found = self._find(stage, here, number)
        return None if found is None else found.estimate

    def result(self, stage: int, here: slice) -> Tensor | None:
        """The pictures `here` as an earlier run had them at the end of a stage."""
        found = self._find(stage, here, RESULT)
        if found is None:
            return None
        self._results.append(found)
        return found.estimate.clean

    def note(
        self,
        stage: int,
        here: slice,
        number: int,
        evaluation: Evaluation,
        estimate: Denoised,
        fraction: float,
    ) -> None:
        """An evaluation is done: it is kept as soon as that costs little enough. A full disk is no error."""
        at = (evaluation.step, evaluation.steps)
        self._keep(self._answer(stage, here, number, at, estimate, fraction))

    def note_result(self, stage: int, here: slice, pictures: Tensor, fraction: float) -> None:
        """The pictures `here` are through a stage."""
        from restorer.diffusion.denoiser import Denoised

        answer = self._answer(stage, here, RESULT, (1, 1), Denoised(pictures), fraction)
        self._results.append(answer)
        needed = sum(each.bytes for each in self._results)
        if self._begun and self._log.bytes > needed + SLACK_BYTES and self._pace.may_write(needed):
            with self._pace.writing(needed), suppress(OSError):
                self._log.restart(self._results)
                self._waiting.clear()
                return
        self._keep(answer)

    def done(self) -> None:
        """The run has its result: nothing is kept, unless whoever asked for it wants the state left."""
        if self._request.leaves_state:
            return
        self._waiting.clear()
        if self._lock is not None:
            remove(self.folder, self._lock)
        else:
            discard(self.folder)

    def _find(self, stage: int, here: slice, number: int) -> TileAnswer | None:
        if not self._begun:
            return None
        taken = self._log.take(stage, _key(here, number))
        fitting = [each for each in taken if len(each.estimate.clean) == here.stop - here.start]
        return fitting[-1] if fitting else None

    def _answer(
        self, stage: int, here: slice, number: int, at: tuple[int, int], estimate: Denoised, fraction: float
    ) -> TileAnswer:
        side, count = estimate.clean.shape[-1], here.stop - here.start
        elapsed = time.perf_counter() - self._started
        spot = Spot(
            stage, _key(here, number), *at, 0, (here.start, count, side, side), elapsed, elapsed, fraction
        )
        return TileAnswer(spot, estimate)

    def _keep(self, answer: TileAnswer) -> None:
        self._waiting.append(answer)
        if self._pace.may_write(sum(each.bytes for each in self._waiting)):
            self._write()

    def _write(self) -> None:
        size = sum(each.bytes for each in self._waiting)
        with self._pace.writing(size), suppress(OSError):
            if not (self._begun and (self.folder / RUN).exists()):
                self._begin()
            check_room(self.folder, self._log.bytes + size)
            self._log.append(self._waiting)
        self._waiting.clear()

    def _begin(self) -> None:
        paths.private_folder(_root())
        paths.private_folder(self.folder)
        self._lock = self._lock or hold(self.folder)
        remove_oldest(self.folder.parent, self.folder)
        (self.folder / ANSWERS).unlink(missing_ok=True)
        fields = {
            field.name: getattr(self._request, field.name)
            for field in dataclasses.fields(self._request)
            if field.name != "keep"
        }
        run = {"identity": self._identity, "request": fields | {"preset": self._request.preset.value}}
        replace_file(self.folder / RUN, lambda path: path.write_text(json.dumps(run), "utf-8"))
        self._begun = True

    def _fits(self) -> bool:
        """Whether the folder holds the state of this request; its log is open then."""
        self._lock = hold(self.folder)
        try:
            if paths.plain_json(self.folder / RUN)["identity"] != self._identity:
                return False
        except (OSError, ValueError, KeyError, TypeError):
            return False
        self._log.open()
        if self._log.last is not None:
            self._started -= self._log.last.elapsed
        return True


def _key(here: slice, number: int) -> int:
    return int(here.start) * (RESULT + 1) + number


def _root() -> Path:
    return paths.cache_dir() / "pictures"


def _identity(request: GenerateRequest, cascade: Cascade) -> dict[str, Any]:
    """What decides the pictures: the same identity, the same result."""
    stages = [
        [
            stage.pack.sha256,
            stage.scale,
            dataclasses.asdict(stage.settings),
            stage.s,
            stage.side,
            stage.number,
        ]
        for stage in cascade.stages
    ]
    facts = {"version": __version__, "stages": stages, "seed": request.seed, "label": request.label}
    return dict(json.loads(json.dumps(facts | {"count": request.count})))
