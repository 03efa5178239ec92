"""Chains of stages: which ones make an enlargement, and what each is told."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer import paths
from restorer.device import Device
from restorer.diffusion.denoiser import Denoised, ResidualDenoiser, tell
from restorer.errors import PackError, RequestError
from restorer.packs import catalog
from restorer.photo import Photo, read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Phase, Progress
from restorer.pipeline.memory_fallback import Shrinkable
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.stage import tiled_stage
from tests.conftest import make_tiny_pack


@pytest.fixture
def every_scale(tiny_pack: str) -> str:
    """A tiny pack that knows 1x, 2x and 4x."""
    return make_tiny_pack(paths.packs_dir(), "tiny-all", scales=(1, 2, 4), told=True, chain_s=0.05).name


@pytest.fixture
def mender(tiny_pack: str) -> str:
    """A tiny pack of repair, which hides the one that ships."""
    return make_tiny_pack(paths.packs_dir(), "sr3-repair", scales=(1,), kind="photo-repair").name


def request(photo: Path, model: str, **changes: object) -> RestoreRequest:
    return dataclasses.replace(RestoreRequest(photo, model=model, device="cpu"), **changes)  # type: ignore[arg-type]


def test_chains_are_found_where_a_pack_knows_their_factors(every_scale: str, tiny_pack: str) -> None:
    assert catalog.factors(8, every_scale) == (4, 2)
    assert catalog.factors(16, every_scale) == (4, 4)
    assert [catalog.factors(scale, every_scale) for scale in (1, 2, 4)] == [(1,), (2,), (4,)]
    assert catalog.factors(16, tiny_pack) == (4, 4)
    assert catalog.factors(8, tiny_pack) == (8,)  # no 2x there, so `find` refuses
    assert set(catalog.available_scales()) >= {1, 2, 4, 8, 16}


@pytest.mark.parametrize("scale", [1, 2, 8, 16])
def test_every_chain_runs_to_the_right_size(every_scale: str, photo_file: Path, scale: int) -> None:
    events = list(restore.run(request(photo_file, every_scale, scale=scale, steps=1, preview_side=64)))
    done = events[-1]
    assert isinstance(done, Done)
    assert done.photo.size == (60 * scale, 45 * scale)
    assert done.model == every_scale
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    stages = [event for event in events if isinstance(event, Phase) and event.name == "denoising"]
    assert len(stages) == (2 if scale > 4 else 1)


def test_a_network_is_told_its_enlargement_and_its_level(
    every_scale: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[float, list[float]]] = []
    real = ResidualDenoiser.forward

    def listening(
        self: ResidualDenoiser,
        x: torch.Tensor,
        sigma: torch.Tensor,
        u: torch.Tensor,
        s: torch.Tensor,
        said: torch.Tensor,
    ) -> Denoised:
        told.append((float(s), said[0].tolist()))
        return real(self, x, sigma, u, s, said)

    monkeypatch.setattr(ResidualDenoiser, "forward", listening)
    *_, done = restore.run(request(photo_file, every_scale, scale=8, steps=1, fidelity=0.4))
    assert isinstance(done, Done)
    assert told[0] == (pytest.approx(0.125), list(tell(4)))
    assert told[1] == (pytest.approx(0.05), list(tell(2)))


def test_what_is_told_changes_the_picture(every_scale: str, photo_file: Path) -> None:
    def pixels(**changes: object) -> np.ndarray:
        *_, done = restore.run(request(photo_file, every_scale, steps=1, **changes))
        assert isinstance(done, Done)
        return done.photo.pixels

    assert not np.array_equal(pixels(), pixels(colour_lock=False))


@pytest.mark.parametrize("scale", [1, 4, 8])
def test_repair_is_a_stage_of_its_own_before_the_others(
    every_scale: str, mender: str, photo_file: Path, scale: int
) -> None:
    plain = plan_restore(request(photo_file, every_scale, scale=scale, fidelity=0.4))
    mended = plan_restore(request(photo_file, every_scale, scale=scale, fidelity=0.4, repair=True))
    assert mended.stages[2:] == plain.stages  # each is told what it is told without repair
    assert mended.stages[0] == mended.stages[1]
    assert mended.stages[0].pack.name == mender
    assert mended.scale == scale
    *_, done = restore.run(request(photo_file, every_scale, scale=scale, steps=1, repair=True))
    assert isinstance(done, Done)
    assert done.photo.size == (60 * scale, 45 * scale)
    assert done.model == f"{mender} + {every_scale}"
    assert done.provenance["Repair"] == 1
    assert done.provenance["Model"].startswith(mender)


def test_grain_is_the_photos_though_repair_comes_first(
    every_scale: str, mender: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a stage made has no grain, but a mended photo has its own."""
    noisy = np.random.default_rng(0).normal(128, 20, (64, 64, 3)).clip(0, 255).astype(np.uint8)
    told: list[float] = []
    real = ResidualDenoiser.forward

    def listening(self: ResidualDenoiser, *given: torch.Tensor) -> Denoised:
        told.append(float(given[3]))
        return real(self, *given)

    monkeypatch.setattr(ResidualDenoiser, "forward", listening)
    photo = Photo(noisy)
    for repair in (False, True):
        list(restore.run(RestoreRequest(photo, model=every_scale, device="cpu", steps=1, repair=repair)))
    assert told[0] > 0.05
    assert set(told[1:-1]) == {0.0}  # repair is told nothing
    assert told[-1] == told[0]


def test_an_undamaged_photo_is_restored_as_without_repair(
    every_scale: str, mender: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other stages keep their noise: a repair that finds nothing changes nothing."""
    monkeypatch.setattr(tiled_stage, "mend", lambda answer, photo: photo)

    def pixels(repair: bool) -> np.ndarray:
        *_, done = restore.run(
            request(photo_file, every_scale, scale=8, steps=1, repair=repair, fidelity=0.4)
        )
        assert isinstance(done, Done)
        return done.photo.pixels

    assert np.array_equal(pixels(False), pixels(True))


def test_repair_needs_a_pack_of_repair(
    every_scale: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "shipped_models_dir", lambda: Path("nowhere"))
    with pytest.raises(RequestError, match="No installed model mends damage; install one"):
        plan_restore(request(photo_file, every_scale, repair=True))


def test_a_pack_of_repair_enlarges_nothing(mender: str, photo_file: Path) -> None:
    with pytest.raises(RequestError, match=f"The model {mender} mends damage and enlarges no photos"):
        plan_restore(request(photo_file, mender, scale=1))


def test_an_unknown_enlargement_is_a_sentence(every_scale: str, photo_file: Path) -> None:
    with pytest.raises(RequestError, match="enlarges 1x or 2x or 4x, not 3x"):
        plan_restore(request(photo_file, every_scale, scale=3))
    config = paths.packs_dir() / every_scale / "config.json"
    config.write_text(config.read_text("utf-8").replace('"scales": [1, 2, 4]', '"scales": [1, 2]'), "utf-8")
    with pytest.raises(PackError, match="scale is not among its scales"):
        catalog.read_pack(config.parent)


def test_the_photo_at_its_own_size_keeps_its_file_size_of_pixels(every_scale: str, photo_file: Path) -> None:
    *_, done = restore.run(request(photo_file, every_scale, scale=1))
    assert isinstance(done, Done)
    assert done.photo.size == read_photo(photo_file).size


def test_a_preset_is_handed_to_the_pack_that_does_it_better_where_that_is_installed(tiny_pack: str) -> None:
    pack = catalog.find(4, tiny_pack)
    handing = dataclasses.replace(pack, config=pack.config | {"finer": {"best": "tiny-finer"}})
    assert catalog.finer(handing, "best") is handing  # it is not there
    other = make_tiny_pack(paths.packs_dir(), "tiny-finer", scales=(2,))
    assert catalog.finer(handing, "best") is handing  # it does not know the enlargement
    shutil.rmtree(other)
    make_tiny_pack(paths.packs_dir(), "tiny-finer", scales=(1, 2, 4))
    assert catalog.finer(handing, "best").name == "tiny-finer"
    assert catalog.finer(handing, "draft") is handing


def test_a_model_asked_for_by_name_does_every_preset_itself(photo_file: Path) -> None:
    for preset in Preset:
        stages = plan_restore(request(photo_file, "sr3-photo", preset=preset)).stages
        assert [stage.pack.name for stage in stages] == ["sr3-photo"]


def test_a_stage_after_one_that_fell_back_to_the_processor_goes_there_too(
    every_scale: str, mender: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that computes in half precision stands for a graphics card: what is left there is bfloat16."""
    card, processor = (
        Device(name, torch.device("cpu"), fast) for name, fast in (("card", True), ("cpu", False))
    )
    asked: list[torch.dtype] = []
    real = tiled_stage._evaluate_tile

    def evaluate(device: Device, denoiser: torch.nn.Module, *rest: object) -> Denoised:
        if device is card:
            raise torch.OutOfMemoryError("none left")
        asked.append(next(denoiser.parameters()).dtype)
        return real(device, denoiser, *rest)  # type: ignore[arg-type]

    def make_room(work: Shrinkable) -> str:
        work.device = processor
        return work.to_processor("card")

    monkeypatch.setattr(restore, "choose", lambda _: card)
    monkeypatch.setattr(tiled_stage, "_evaluate_tile", evaluate)
    monkeypatch.setattr(tiled_stage, "make_room", make_room)
    *_, done = restore.run(request(photo_file, every_scale, steps=1, repair=True))
    assert isinstance(done, Done)
    assert set(asked) == {torch.float32}
