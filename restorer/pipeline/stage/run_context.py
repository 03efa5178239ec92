"""What a run keeps track of from stage to stage: device, side of its tiles, pace, and where it stopped.

In: the request, the plan, what was measured of the photo, perhaps the state that an earlier run left. Out:
what a stage works on, how far the run is, and previews of its tiles.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field

from torch import Tensor

from restorer.device import Device
from restorer.diffusion.sampler import Evaluation, evaluations
from restorer.pipeline.colour_lock import Tone
from restorer.pipeline.events import Command, Event, Progress
from restorer.pipeline.faces.protection import Protection
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.plan import Cascade
from restorer.pipeline.preview import preview
from restorer.pipeline.region import Part
from restorer.pipeline.repair import mended_share
from restorer.pipeline.request import RestoreRequest
from restorer.pipeline.resume.checkpoint import Keeper, State
from restorer.pipeline.stage.tiling import Tile

__all__ = ["TILE_PIXELS", "RunContext"]

TILE_PIXELS = {"cpu": 544, "mps": 768, "xpu": 1024, "cuda": 1536}
"""Side of a tile's centre by kind of device: on a processor small enough to answer Cancel within a second."""


@dataclass
class RunContext:
    """What a run keeps track of from stage to stage.

    grain, wear, tone, protection: of the whole photo. parts: what each stage works on, where it is not all
    of it. unmended, mended: the photo before repair and after it. restored: share of the picture that the
    last stage that was begun has seen, in [0, 1].
    """

    request: RestoreRequest
    cascade: Cascade
    device: Device
    size: tuple[int, int]
    started: float
    networks: NetworkCache
    grain: float
    wear: float
    tone: Tone | None
    protection: Protection
    parts: tuple[Part, ...] = ()
    keeper: Keeper | None = None
    state: State | None = None
    keep: bool = False
    stopped: tuple[int, int] | None = None
    restored: float = 1.0
    note: dict[str, str | int | float] = field(default_factory=dict)
    tile: int = 0
    evaluations: int = 0
    seconds: float = 0.0
    cost: list[float] = field(default_factory=list)
    cut: set[int] = field(default_factory=set)  # stages that tiles change, of which it was said
    mended: Tensor | None = None
    unmended: Tensor | None = None

    def __post_init__(self) -> None:
        self.tile = self.request.tile or TILE_PIXELS[self.device.torch.type]
        self.state = self.keeper.state if self.keeper is not None else None
        if self.state is not None:  # an earlier run of the same request came so far
            self.tile, self.evaluations = self.state.tile, self.state.all_evaluations
            self.seconds, self.started = self.state.seconds, self.started - self.state.elapsed
        # Work of a stage in arbitrary units: evaluations times pixels.
        scale = 1.0
        for index, stage in enumerate(self.cascade.stages):
            scale *= stage.scale
            pixels = scale**2 * (math.prod(self.parts[index].size) if self.parts else 1)
            self.cost.append(evaluations(stage.settings.sampler, stage.settings.steps) * pixels)

    def tell(self, event: Event) -> Generator[Event, Command | None, None]:
        """Yield an event and note what is answered."""
        if (yield event) is Command.KEEP:
            self.keep = True

    def corner(self, stage: int) -> tuple[int, int]:
        """Where the stage's input begins in the whole photo as that stage would get it."""
        origin = self.origin(stage)
        earlier = math.prod(stage.scale for stage in self.cascade.stages[:stage])
        return origin[0] * earlier, origin[1] * earlier

    def begin(self, source: Tensor) -> Tensor:
        """What the first stage works on. Faces are made of it, or of what repair made of it."""
        self.protection.use(source, self.origin(0))
        self.unmended = source if self.mends else None
        if self.state is not None and self.state.mended is not None:
            self.mended = self.state.mended
            self.protection.use(self.mended, self.origin(self.mends))
            self._note_mended()
        return source

    def _note_mended(self) -> None:
        """How much repair found to mend; a region that is made of a larger part cannot say it."""
        if self.mended is not None and self.unmended is not None and not self.parts:
            self.note["Mended"] = round(mended_share(self.mended, self.unmended), 6)

    @property
    def mends(self) -> int:
        """How many stages of repair there are; they come first."""
        return sum(stage.pack.mends for stage in self.cascade.stages)

    def origin(self, stage: int) -> tuple[int, int]:
        """Where the stage's part begins in the photo, in the photo's pixels."""
        return self.parts[stage].origin if self.parts else (0, 0)

    def input(self, stage: int, picture: Tensor) -> Tensor:
        """What a stage works on, out of what the one before it made; where a kept run goes on, its own."""
        earlier = math.prod(each.scale for each in self.cascade.stages[:stage])
        if self.state is not None and self.state.picture is not None:
            picture = self.state.picture
        elif self.parts and stage:
            picture = self.parts[stage].within(self.parts[stage - 1], picture, earlier)
        later = self.cascade.scale // earlier
        self.size = picture.shape[-1] * later, picture.shape[-2] * later
        if stage == self.mends and stage:
            self.mended = picture
            self._note_mended()
            self.protection.use(picture, self.origin(stage))
        return picture

    def preview(self, stage: int, evaluation: Evaluation, clean: Tensor, tile: Tile) -> Event:
        """The tile's estimate for the screen."""
        later = math.prod(each.scale for each in self.cascade.stages[stage + 1 :])
        if stage == len(self.cascade.stages) - 1:
            scale, (left, top) = self.cascade.stages[stage].scale, self.corner(stage)
            corner = (left * scale + tile.centre[0], top * scale + tile.centre[1])
            clean = self.protection.over(clean, corner, grain=False)
        return preview(evaluation, clean, tile, later, self.size, self.request.preview_side)

    def progress(
        self, stage: int, evaluation: Evaluation, done: int, part: float, tile: int, tiles: int
    ) -> Progress:
        """`done` evaluations of the stage are over, and `part` of the pixels of the current one."""
        total = evaluations(self.cascade.stages[stage].settings.sampler, evaluation.steps)
        before = sum(self.cost[:stage]) + self.cost[stage] * min(1.0, (done + part) / total)
        fraction = before / sum(self.cost)
        left = self.seconds * (1 - fraction) / fraction if fraction > 0 else None
        return Progress(evaluation.step, evaluation.steps, tile, tiles, min(1.0, fraction), left)
