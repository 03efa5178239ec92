"""Imported networks in the engine: any sampler, any steps, any size, and honesty about tiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from restorer import importers
from restorer.cli.main import main
from restorer.diffusion.denoiser import Denoised
from restorer.diffusion.public_denoisers import SinglePass, SR3Denoiser
from restorer.diffusion.sampler import SAMPLERS, drive
from restorer.diffusion.schedule import karras
from restorer.errors import RequestError
from restorer.packs import classes
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Notice
from restorer.pipeline.plan import plan_restore
from restorer.pipeline.request import RestoreRequest

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"


@pytest.fixture
def faces(home: Path) -> str:
    """The reduced SR3 network, as a pack."""
    file = GOLDEN / "sr3_16_128" / "I0_E0_gen.pth"
    list(importers.make_pack(importers.look(file, {"norm_groups": "4"}), file, "faces"))
    return "faces"


@pytest.fixture
def upsampler(home: Path) -> str:
    """The reduced ADM upsampler, as a pack."""
    file = GOLDEN / "adm_64_256" / "model.pt"
    found = importers.look(file, {"num_heads": "4", "schedule": "linear"})
    list(importers.make_pack(found, file, "up"))
    return "up"


def restored(request: RestoreRequest) -> tuple[Done, list[str]]:
    events = list(restore.run(request))
    done = events[-1]
    assert isinstance(done, Done)
    return done, [event.message for event in events if isinstance(event, Notice)]


@pytest.fixture
def small(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A photo of 13 x 11 pixels: no side is a multiple of anything."""
    path = tmp_path / "small.png"
    Image.fromarray(chelsea[100:210, 150:280]).resize((13, 11), Image.Resampling.BICUBIC).save(path)
    return path


@pytest.mark.parametrize("sampler", sorted(SAMPLERS))
def test_an_imported_chain_runs_with_every_sampler(sampler: str, faces: str, small: Path) -> None:
    request = RestoreRequest(small, scale=8, model=faces, steps=3, sampler=sampler, device="cpu")
    done, notices = restored(request)
    assert done.photo.size == (104, 88)
    assert done.provenance["Sampler"] == sampler
    assert done.evaluations == (5 if sampler == "heun" else 3)
    assert not notices  # in one piece


def test_a_picture_that_must_be_cut_says_what_that_means(
    faces: str, tmp_path: Path, chelsea: np.ndarray
) -> None:
    path = tmp_path / "wide.png"
    Image.fromarray(chelsea[100:140, 150:210]).save(path)
    request = RestoreRequest(path, scale=8, model=faces, steps=1, tile=64, device="cpu")
    done, notices = restored(request)
    assert done.photo.size == (480, 320)
    assert len(notices) == 1
    assert "cut into" in notices[0]


def test_an_upsampler_is_shown_the_class_that_was_asked_for(upsampler: str, small: Path) -> None:
    def picture(label: int | None) -> np.ndarray:
        request = RestoreRequest(
            small, model=upsampler, steps=2, label=label, sampler="ancestral", device="cpu", fidelity=0.8
        )
        return restored(request)[0].photo.pixels

    pictures = [picture(label) for label in (None, 3, 900)]
    assert pictures[0].shape == (44, 52, 3)
    assert len({p.tobytes() for p in pictures}) == 3
    assert np.array_equal(pictures[1], picture(3))


def test_what_a_model_does_not_know_is_a_sentence(faces: str, upsampler: str, small: Path) -> None:
    with pytest.raises(RequestError, match="knows no classes"):
        plan_restore(RestoreRequest(small, scale=8, model=faces, label=3))
    with pytest.raises(RequestError, match="knows 1000 classes, and none of number 1000"):
        plan_restore(RestoreRequest(small, model=upsampler, label=1000))


def test_imported_packs_never_take_the_place_of_the_photo_model(
    faces: str, upsampler: str, small: Path
) -> None:
    stages = plan_restore(RestoreRequest(small, scale=4)).stages
    assert [stage.pack.kind for stage in stages] == ["photo-sr"]
    assert {stage.pack.kind for stage in plan_restore(RestoreRequest(small, scale=8)).stages} == {"photo-sr"}


def test_a_base_network_enlarges_no_photo(home: Path, small: Path) -> None:
    file = GOLDEN / "adm_base64" / "model.pt"
    answers = {"num_head_channels": "16", "attention_order": "new", "schedule": "cosine"}
    list(importers.make_pack(importers.look(file, answers), file, "base"))
    with pytest.raises(RequestError, match="makes pictures of nothing"):
        plan_restore(RestoreRequest(small, scale=1, model="base"))


def test_fidelity_starts_the_chain_later(faces: str, small: Path) -> None:
    def largest(fidelity: float) -> float:
        return (
            plan_restore(RestoreRequest(small, scale=8, model=faces, fidelity=fidelity))
            .stages[0]
            .settings.sigma_max
        )

    assert largest(0.5) == largest(0.8) > 100
    assert largest(0.8) > largest(0.9) > largest(1.0)
    assert largest(1.0) == pytest.approx(1.0)


def test_the_command_line_takes_class_and_sampler(upsampler: str, small: Path, tmp_path: Path) -> None:
    flags = ["--model", upsampler, "--steps", "1", "--device", "cpu"]
    out = tmp_path / "out.png"
    assert (
        main(["restore", str(small), "-o", str(out), *flags, "--label", "goldfish", "--sampler", "ddim"]) == 0
    )
    with Image.open(out) as picture:
        assert picture.size == (52, 44)


def test_classes_are_found_by_name_part_and_number() -> None:
    assert classes.find("tench") == 0
    assert classes.find("Toilet Tissue") == 999
    assert classes.find("207") == 207
    assert classes.find("golden retriever") == 207
    with pytest.raises(RequestError, match=r"could be .*golden retriever.*; say the whole name"):
        classes.find("retriever")
    with pytest.raises(RequestError, match="There is no class 'unicorn'"):
        classes.find("unicorn")


def test_our_samplers_converge_on_an_imported_network_as_their_order_says() -> None:
    file = GOLDEN / "sr3_16_128" / "I0_E0_gen.pth"
    found = importers.look(file, {"norm_groups": "4"})
    from restorer.packs.builders import BUILDERS

    network = BUILDERS["sr3-eps"].network({"network": found.network}, {})
    network.load_state_dict(dict(found.tensors))
    denoiser = SR3Denoiser(network.double().eval(), clip=False)  # type: ignore[arg-type]
    random = torch.Generator().manual_seed(3)
    condition = torch.rand(1, 3, 16, 16, generator=random, dtype=torch.float64) * 2 - 1
    noise = torch.randn(1, 3, 16, 16, generator=random, dtype=torch.float64)

    def denoise(x: Tensor, sigma: float) -> Denoised:
        answer: Denoised = denoiser(x, torch.tensor([sigma], dtype=torch.float64), condition)
        return answer

    def walked(sampler: str, steps: int) -> Tensor:
        grid = karras(steps, 0.05, 2.0)
        *_, last = drive(SAMPLERS[sampler](condition + 2 * noise, grid, lambda step: noise), denoise)
        return last.x

    with torch.inference_mode():
        reference = walked("dpmpp-2m", 240)
        for sampler, order in (("ddim", 1.0), ("dpmpp-2m", 2.0), ("heun", 2.0)):
            coarse, fine = (float((walked(sampler, steps) - reference).abs().mean()) for steps in (12, 48))
            assert np.log2(coarse / fine) / 2 == pytest.approx(order, abs=0.15), sampler


def test_a_single_pass_network_sees_the_photo_itself_tile_by_tile() -> None:
    network = torch.nn.Sequential(torch.nn.Upsample(scale_factor=2, mode="nearest"))
    network.register_parameter("unused", torch.nn.Parameter(torch.zeros(1)))
    low = torch.rand(1, 3, 6, 8, generator=torch.Generator().manual_seed(2)) * 2 - 1
    denoiser = SinglePass(network, 2)
    shown = denoiser.enlarge(low, 2)
    answer = denoiser(torch.randn_like(shown), torch.tensor([5.0]), shown).clean
    assert torch.allclose(answer, shown, atol=1e-6)
    part = denoiser(shown[..., 4:, 2:], torch.tensor([1.0]), shown[..., 4:, 2:]).clean
    assert torch.allclose(part, shown[..., 4:, 2:], atol=1e-6)
