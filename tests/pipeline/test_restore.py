"""The engine, with a real (tiny) network: what the events promise."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from restorer.device import choose
from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.denoiser import Denoised, ResidualDenoiser
from restorer.diffusion.noise import NoiseField
from restorer.diffusion.sampler import dpmpp_2m, drive
from restorer.diffusion.schedule import karras
from restorer.errors import PackError, RequestError, ResultError
from restorer.packs import catalog, loader
from restorer.packs import pack as pack_module
from restorer.photo import Photo, read_photo
from restorer.pipeline import checks, restore
from restorer.pipeline.events import Done, Enlarged, Notice, Phase, Preview, Progress
from restorer.pipeline.plan import plan_restore, trust
from restorer.pipeline.request import RestoreRequest
from restorer.pipeline.stage import tiled_stage


def request_for(source: Path | Photo, model: str, **changes: object) -> RestoreRequest:
    return dataclasses.replace(RestoreRequest(source, model=model, device="cpu"), **changes)  # type: ignore[arg-type]


def finish(request: RestoreRequest) -> Done:
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last


def picture(width: int, height: int, seed: int = 0) -> np.ndarray:
    """A smooth colourful picture with an edge."""
    y, x = np.mgrid[0:height, 0:width] / max(1, max(width, height) - 1)
    planes = np.stack([x, y, 0.5 + 0.4 * np.sin(9 * x + 5 * y + seed)], axis=2)
    planes[:, width // 2 :] *= 0.7
    return (255 * planes.clip(0, 1)).astype(np.uint8)


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    from PIL import Image

    Image.fromarray(picture(48, 36)).save(tmp_path / "small.png")
    return read_photo(tmp_path / "small.png")


def test_events_come_in_order_and_end_with_the_finished_picture(tiny_pack: str, photo_file: Path) -> None:
    events = list(restore.run(request_for(photo_file, tiny_pack)))
    phases = [event.name for event in events if isinstance(event, Phase)]
    assert phases == ["loading", "preparing", "denoising", "finishing"]
    assert isinstance(events[-1], Done)
    done = events[-1]
    assert done.photo.size == (240, 180)
    assert done.evaluations == 6
    assert done.model == tiny_pack
    assert done.megapixels == pytest.approx(240 * 180 / 1e6)
    kinds = [type(event) for event in events]
    assert kinds.index(Enlarged) < kinds.index(Preview)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert all(event.seconds_left is not None for event in events if isinstance(event, Progress))


def test_previews_are_the_evaluations_own_estimates(tiny_pack: str, photo: Photo) -> None:
    """Each preview is D(x; sigma) of that evaluation, recomputed here without engine or tiles."""
    request = request_for(photo, tiny_pack, seed=11, preview_side=96, fidelity=0.8)
    previews = [event for event in restore.run(request) if isinstance(event, Preview)]
    pack = catalog.find(4, tiny_pack)
    denoiser = loader.load(pack, choose("cpu"))
    low = torch.from_numpy(photo.to_float().transpose(2, 0, 1).copy())[None]
    padded = functional.pad(low, (0, -48 % 2, 0, -36 % 2), mode="replicate")
    enlarged = enlarge(padded, 4)
    sigmas = karras(6, 0.01, 1.0)
    x = enlarged + sigmas[0] * NoiseField(11, 0).box(0, 0, 0, enlarged.shape[-1], enlarged.shape[-2])
    seen: list[tuple[float, torch.Tensor]] = []

    def denoise(state: torch.Tensor, sigma: float) -> Denoised:
        from restorer.pipeline.colour_lock import lock_colours

        with torch.inference_mode():
            clean = denoiser(state, torch.tensor([sigma]), enlarged, torch.zeros(1)).clean
        seen.append((sigma, clean))
        return Denoised(lock_colours(clean, padded, 4))

    list(drive(dpmpp_2m(x, sigmas), denoise))
    assert len(previews) == len(seen) == 6
    for preview, (sigma, clean) in zip(previews, seen, strict=True):
        assert preview.sigma == pytest.approx(sigma)
        assert preview.box == (0, 0, 192, 144)
        small = functional.interpolate(clean[..., :144, :192], size=(72, 96), mode="area")
        expected = ((small[0].clamp(-1, 1) + 1) * 127.5).round().permute(1, 2, 0).numpy()
        assert np.abs(preview.image.astype(float) - expected).max() <= 1
    assert len({preview.image.tobytes() for preview in previews}) == 6, "every step shows another picture"


@pytest.mark.parametrize(("width", "height"), [(1, 1), (37, 211), (3, 64)])
def test_any_size(tiny_pack: str, tmp_path: Path, width: int, height: int) -> None:
    from PIL import Image

    Image.fromarray(picture(width, height)).save(tmp_path / "odd.png")
    done = finish(request_for(tmp_path / "odd.png", tiny_pack, steps=2))
    assert done.photo.size == (4 * width, 4 * height)


def test_same_seed_same_picture_other_seed_other_picture(tiny_pack: str, photo: Photo) -> None:
    first = finish(request_for(photo, tiny_pack, seed=1)).photo.pixels
    assert np.array_equal(first, finish(request_for(photo, tiny_pack, seed=1)).photo.pixels)
    assert not np.array_equal(first, finish(request_for(photo, tiny_pack, seed=2)).photo.pixels)


def test_tiles_do_not_change_the_picture(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_module.Pack, "margin", property(lambda _pack: 128))
    whole = finish(request_for(photo, tiny_pack)).photo.pixels.astype(int)
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 64)
    tiled_events = list(restore.run(request_for(photo, tiny_pack)))
    tiles = [event for event in tiled_events if isinstance(event, Progress)]
    assert max(event.tiles for event in tiles) > 4
    last = tiled_events[-1]
    assert isinstance(last, Done)
    assert np.abs(last.photo.pixels.astype(int) - whole).max() <= 1


def test_colours_stay_those_of_the_photo(tiny_pack: str, photo: Photo) -> None:
    """Even a random network cannot shift the low frequencies: they are the photo's."""
    done = finish(request_for(photo, tiny_pack))
    before = photo.pixels.reshape(-1, 3).mean(0)
    assert np.abs(done.photo.pixels.reshape(-1, 3).mean(0) - before).max() < 6
    quarter = np.abs(
        done.photo.pixels[:72, :96].reshape(-1, 3).mean(0) - photo.pixels[:18, :24].reshape(-1, 3).mean(0)
    )
    assert quarter.max() < 12


def test_closing_the_generator_cancels_at_once(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = tiled_stage._evaluate_tile
    monkeypatch.setattr(tiled_stage, "_evaluate_tile", lambda *a: calls.append(1) or real(*a))
    run = restore.run(request_for(photo, tiny_pack))
    for event in run:
        if isinstance(event, Preview):
            break
    run.close()
    assert len(calls) == 1
    with pytest.raises(StopIteration):
        next(run)


def test_running_out_of_memory_halves_the_tile_and_says_so(
    tiny_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    Image.fromarray(picture(64, 64)).save(tmp_path / "p.png")
    real = ResidualDenoiser.forward

    def cramped(self: ResidualDenoiser, x: torch.Tensor, *rest: torch.Tensor) -> Denoised:
        if x.shape[-1] * x.shape[-2] > 200 * 200:
            raise torch.OutOfMemoryError("no room")
        return real(self, x, *rest)

    whole = finish(request_for(tmp_path / "p.png", tiny_pack)).photo.pixels.astype(int)
    monkeypatch.setattr(ResidualDenoiser, "forward", cramped)
    events = list(restore.run(request_for(tmp_path / "p.png", tiny_pack)))
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert notices
    assert all("ran out of memory; going on with pieces of" in message for message in notices)
    last = events[-1]
    assert isinstance(last, Done)
    assert np.percentile(np.abs(last.photo.pixels.astype(int) - whole), 99) <= 2


def test_other_errors_are_not_taken_for_running_out_of_memory(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> Denoised:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(ResidualDenoiser, "forward", broken)
    with pytest.raises(RuntimeError, match="illegal memory access"):
        finish(request_for(photo, tiny_pack))


def test_too_little_memory_even_for_the_smallest_tile_is_a_sentence(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object) -> Denoised:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(ResidualDenoiser, "forward", never)
    with pytest.raises(ResultError, match="not enough memory"):
        finish(request_for(photo, tiny_pack))


@pytest.mark.parametrize("value", [float("nan"), 3.0])
def test_nan_or_constant_output_is_an_error(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    def broken(self: ResidualDenoiser, x: torch.Tensor, *_rest: torch.Tensor) -> Denoised:
        return Denoised(torch.full_like(x, value))

    monkeypatch.setattr(ResidualDenoiser, "forward", broken)
    monkeypatch.setattr(tiled_stage, "lock_colours", lambda clean, low, scale: clean)
    with pytest.raises(ResultError, match=r"small\.png"):
        finish(request_for(photo, tiny_pack))


def test_a_picture_of_one_colour_stays_one(tiny_pack: str, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (20, 20), (90, 120, 30)).save(tmp_path / "flat.png")
    assert finish(request_for(tmp_path / "flat.png", tiny_pack)).photo.size == (80, 80)


def test_a_photo_beyond_memory_is_refused_before_work(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "available_memory", lambda _device: 1_000_000)
    with pytest.raises(RequestError, match=r"small\.png at 4x would be 192 x 144 pixels and need"):
        finish(request_for(photo, tiny_pack))


def test_an_unknown_device_or_model_or_scale_is_a_sentence(tiny_pack: str, photo: Photo) -> None:
    with pytest.raises(RequestError, match="no device 'quantum'"):
        finish(request_for(photo, tiny_pack, device="quantum"))
    with pytest.raises(PackError, match="no model named 'nobody'"):
        finish(request_for(photo, "nobody"))
    with pytest.raises(RequestError, match="enlarges 4x, not 3x"):
        finish(request_for(photo, tiny_pack, scale=3))


def test_provenance_is_enough_to_repeat_the_run(tiny_pack: str, photo: Photo) -> None:
    done = finish(request_for(photo, tiny_pack, seed=9, fidelity=0.5, steps=3))
    p = done.provenance
    assert (p["Model"], p["Seed"], p["Fidelity"], p["Steps"], p["Scale"]) == (tiny_pack, 9, 0.5, 3, 4)
    assert p["ModelSHA256"] == catalog.find(4, tiny_pack).sha256


def test_fidelity_is_monotone_in_level_and_starting_noise() -> None:
    values = [trust(f / 20) for f in range(21)]
    levels, calms = [s for s, _ in values], [calm for _, calm in values]
    assert levels == sorted(levels, reverse=True)
    assert calms == sorted(calms, reverse=True)
    assert trust(0.8) == (0.0, 1.0)
    assert trust(0.0)[0] == pytest.approx(0.25)


def test_a_low_fidelity_really_adds_noise_and_tells_its_level(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[float, float]] = []
    real = ResidualDenoiser.forward

    def listening(
        self: ResidualDenoiser,
        x: torch.Tensor,
        sigma: torch.Tensor,
        enlarged: torch.Tensor,
        s: torch.Tensor,
    ) -> Denoised:
        low = torch.from_numpy(photo.to_float().transpose(2, 0, 1).copy())[None]
        told.append((float(s), float((functional.avg_pool2d(enlarged, 4) - low).std())))
        return real(self, x, sigma, enlarged, s)

    monkeypatch.setattr(ResidualDenoiser, "forward", listening)
    finish(request_for(photo, tiny_pack, fidelity=0.4))
    s, spread = told[0]
    assert s == pytest.approx(0.125)
    assert 0.5 * s < spread < 1.1 * s  # the enlargement's low-pass takes a part of white noise away


def test_the_factor_on_the_noise_is_applied_once_at_every_level_of_renoise(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = pack_module.SamplingSettings(
        steps=2, sigma_max=2.0, sigma_min=1.0, sampler="renoise", start=0.5
    )
    monkeypatch.setattr(catalog, "settings", lambda pack, preset: settings)
    seen: list[tuple[float, float]] = []
    real = ResidualDenoiser.forward

    def listening(
        self: ResidualDenoiser, x: torch.Tensor, sigma: torch.Tensor, u: torch.Tensor, s: torch.Tensor
    ) -> Denoised:
        before = u if not seen else clean[-1]
        seen.append((float(sigma), float((x - before).std())))
        estimate = real(self, x, sigma, u, s)
        clean.append(estimate.clean)
        return estimate

    clean: list[torch.Tensor] = []
    monkeypatch.setattr(ResidualDenoiser, "forward", listening)
    finish(request_for(photo, tiny_pack, fidelity=0.8, colour_lock=False))
    assert [sigma for sigma, _ in seen] == [2.0, 1.0]
    assert [spread for _, spread in seen] == [pytest.approx(1.0, rel=0.05), pytest.approx(0.5, rel=0.05)]


@pytest.mark.parametrize("sampler", ["ddim", "heun", "ancestral", "renoise"])
def test_a_pack_may_ask_for_any_sampler(
    tiny_pack: str, photo: Photo, monkeypatch: pytest.MonkeyPatch, sampler: str
) -> None:
    settings = pack_module.SamplingSettings(steps=4, sigma_max=1.0, sampler=sampler)
    monkeypatch.setattr(catalog, "settings", lambda pack, preset: settings)
    done = finish(request_for(photo, tiny_pack, seed=3))
    assert done.evaluations == (7 if sampler == "heun" else 4)
    assert np.array_equal(done.photo.pixels, finish(request_for(photo, tiny_pack, seed=3)).photo.pixels)
    monkeypatch.setattr(
        catalog, "settings", lambda pack, preset: dataclasses.replace(settings, sampler="odd")
    )
    with pytest.raises(PackError, match="unknown sampler 'odd'"):
        finish(request_for(photo, tiny_pack))


def test_steps_override_the_preset(tiny_pack: str, photo: Photo) -> None:
    assert finish(request_for(photo, tiny_pack, steps=1)).evaluations == 1
    assert plan_restore(request_for(photo, tiny_pack, steps=9)).stages[0].settings.steps == 9
