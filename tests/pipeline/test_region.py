"""A region is restored as the whole run would restore it there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.errors import RequestError
from restorer.packs import catalog
from restorer.packs import pack as pack_module
from restorer.photo import read_photo
from restorer.pipeline import region, restore
from restorer.pipeline.events import Command, Done, Notice, Phase, Progress
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.resume import checkpoint
from restorer.pipeline.stage import tiled_stage


def restored(request: RestoreRequest) -> np.ndarray:
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last.photo.pixels.astype(int)


@pytest.fixture
def cat(tmp_path: Path, chelsea: np.ndarray) -> RestoreRequest:
    """A photo a good deal larger than a region with its margins."""
    Image.fromarray(chelsea[:190, :230]).save(tmp_path / "cat.png")
    return RestoreRequest(tmp_path / "cat.png", device="cpu", seed=5, preview_side=0)


@pytest.mark.parametrize("box", [(100, 80, 37, 29), (0, 0, 30, 30), (195, 150, 35, 40)])
def test_a_region_equals_the_whole_run_there(
    tiny_pack: str, cat: RestoreRequest, box: tuple[int, int, int, int]
) -> None:
    """The tiny network, whose random weights carry further than a trained one's."""
    request = dataclasses.replace(cat, model=tiny_pack)
    whole = restored(request)
    left, top, width, height = (4 * side for side in box)
    part = restored(dataclasses.replace(request, region=box))
    difference = np.abs(part - whole[top : top + height, left : left + width])
    assert np.percentile(difference, 99) <= 2
    shifted = whole[top // 2 : top // 2 + height, left // 2 : left // 2 + width]
    assert (
        shifted.shape != part.shape or (box[:2] == (0, 0)) or np.percentile(np.abs(part - shifted), 99) > 20
    )


def test_a_region_of_a_chain_equals_the_whole_run_there(chain_pack: str, cat: RestoreRequest) -> None:
    photo = region.cropped(read_photo(cat.source), (40, 30, 150, 130))
    request = dataclasses.replace(cat, source=photo, model=chain_pack, scale=8, steps=2)
    whole = restored(request)
    box = (66, 60, 16, 16)
    part = restored(dataclasses.replace(request, region=box))
    left, top, width, height = (8 * side for side in box)
    assert np.percentile(np.abs(part - whole[top : top + height, left : left + width]), 99) <= 2


@pytest.mark.parametrize("scale", [4, 8])
def test_a_region_across_the_seams_of_the_whole_equals_it_there(
    chain_pack: str, cat: RestoreRequest, monkeypatch: pytest.MonkeyPatch, scale: int
) -> None:
    """Tiles that see no more than their centres: their seams show, and the region has the same ones."""
    monkeypatch.setattr(pack_module.Pack, "margin", property(lambda _: 0))
    photo = region.cropped(read_photo(cat.source), (0, 0, 150, 110))
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 128)
    request = dataclasses.replace(cat, source=photo, model=chain_pack, scale=scale, steps=2)
    whole = restored(request)
    box = (52, 51, 22, 20)
    part = restored(dataclasses.replace(request, region=box))
    left, top, width, height = (scale * side for side in box)
    assert np.percentile(np.abs(part - whole[top : top + height, left : left + width]), 99) <= 2
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 4096)
    uncut = restored(dataclasses.replace(request, region=box))
    assert np.percentile(np.abs(uncut - whole[top : top + height, left : left + width]), 99) > 2


def test_repair_looks_further_and_what_follows_it_does_not(chain_pack: str, cat: RestoreRequest) -> None:
    """Cut to what each stage needs, the region has the whole run's numbers, repaired and enlarged twice."""
    photo = region.cropped(read_photo(cat.source), (0, 0, 224, 160))
    request = dataclasses.replace(
        cat, source=photo, model=chain_pack, scale=8, steps=1, repair=True, preset=Preset.DRAFT
    )
    box = (104, 72, 16, 16)
    cascade = plan_restore(request)
    _, parts = region.cut(photo, box, cascade, 16)
    margins = [stage.pack.margin for stage in cascade.stages if stage.pack.mends]
    assert margins
    assert [part.origin[0] for part in parts] == [
        max(0, 104 - sum(margins[i:]) - 32) // 16 * 16 for i in range(len(margins))
    ] + [64, 80]
    assert parts[-1].size[0] < parts[-2].size[0] < parts[0].size[0]
    whole = restored(request)
    part = restored(dataclasses.replace(request, region=box))
    left, top, width, height = (8 * side for side in box)
    assert part.shape == (height, width, 3)
    assert np.percentile(np.abs(part - whole[top : top + height, left : left + width]), 99) <= 2


@pytest.mark.parametrize("stage", [1, 2])
def test_a_region_of_a_chain_is_kept_where_it_is_stopped(
    chain_pack: str, cat: RestoreRequest, stage: int
) -> None:
    """Kept in the first stage it is enlarged on; in either it is the box asked for, and of its colours."""
    request = dataclasses.replace(cat, model=chain_pack, scale=8, steps=2, region=(100, 80, 20, 12))
    run = restore.run(request)
    phases = 0
    for event in run:
        phases += isinstance(event, Phase) and event.name == "denoising"
        if phases == stage and isinstance(event, Progress):
            break
    *_, done = [run.send(Command.KEEP), *run]
    assert isinstance(done, Done)
    assert done.photo.size == (160, 96)
    assert done.stopped is not None
    finished = restored(request)
    assert np.abs(done.photo.pixels.astype(int).mean(axis=(0, 1)) - finished.mean(axis=(0, 1))).max() < 4


@pytest.mark.usefixtures("kept_at_once")
def test_a_region_of_a_chain_goes_on_in_its_second_stage(chain_pack: str, cat: RestoreRequest) -> None:
    request = dataclasses.replace(
        cat, model=chain_pack, scale=8, steps=3, region=(100, 80, 20, 12), keep=checkpoint.new_folder()
    )
    uncut = restored(dataclasses.replace(request, keep=None))
    run = restore.run(request)
    phases = 0
    for event in run:
        phases += isinstance(event, Phase) and event.name == "denoising"
        if phases == 2 and isinstance(event, Progress) and event.step == 3:
            break
    run.close()
    assert checkpoint.unfinished()
    *_, done = restore.run(request)
    assert isinstance(done, Done)
    assert np.array_equal(done.photo.pixels, uncut)


def test_the_grain_of_a_region_is_that_of_the_photo(
    tiny_pack: str, cat: RestoreRequest, chelsea: np.ndarray
) -> None:
    """Half of the photo is grainy, half clean: a region of either is treated as the photo is."""
    rng = np.random.default_rng(0)
    grainy = chelsea[:190, :230].astype(float) + rng.normal(0, 14, (190, 230, 3))
    Image.fromarray(grainy.clip(0, 255).astype(np.uint8)).save(cat.source)
    request = dataclasses.replace(cat, model=tiny_pack)
    whole = restored(request)
    part = restored(dataclasses.replace(request, region=(60, 60, 20, 20)))
    assert np.percentile(np.abs(part - whole[240:320, 240:320]), 99) <= 2


def test_a_region_outside_the_photo_is_a_sentence(tiny_pack: str, cat: RestoreRequest) -> None:
    for box in ((220, 0, 20, 20), (-1, 0, 5, 5), (0, 0, 0, 4)):
        with pytest.raises(RequestError, match="region"):
            restored(dataclasses.replace(cat, model=tiny_pack, region=box))


def test_a_network_that_is_not_local_says_so(
    tiny_pack: str, cat: RestoreRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = catalog.find

    def global_pack(scale: int, name: str | None = None) -> pack_module.Pack:
        pack = find(scale, name)
        return dataclasses.replace(pack, config=pack.config | {"local": False})

    monkeypatch.setattr(catalog, "find", global_pack)
    request = dataclasses.replace(cat, model=tiny_pack, region=(60, 60, 20, 20), steps=1)
    notices = [event.message for event in restore.run(request) if isinstance(event, Notice)]
    assert len(notices) == 1
    assert tiny_pack in notices[0]


def test_alpha_and_profile_belong_to_the_region_too(tiny_pack: str, cat: RestoreRequest) -> None:
    photo = read_photo(cat.source)
    alpha = np.arange(190 * 230, dtype=np.uint8).reshape(190, 230)
    photo = dataclasses.replace(photo, alpha=alpha, dpi=(300.0, 300.0))
    request = dataclasses.replace(cat, source=photo, model=tiny_pack, steps=1, region=(40, 44, 20, 12))
    *_, done = restore.run(request)
    assert isinstance(done, Done)
    assert done.photo.alpha.shape == (48, 80)
    assert done.photo.size == (80, 48)
    assert done.megapixels == pytest.approx(80 * 48 / 1e6)
