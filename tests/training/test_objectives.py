"""SR3's own objective beside ours, on a tiny network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from restorer import paths
from restorer.diffusion.denoiser import NoiseDenoiser
from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.packs.builders import builder_of
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest
from restorer.training import loop
from restorer.training.data import Pictures
from restorer.training.export import export
from restorer.training.objectives import denoiser_of, sr3_levels
from restorer.training.recipe import Recipe
from restorer.training.run import Compute
from restorer.training.trainer import Trainer

NETWORK = UNetConfig(block=4, channels=(8, 8), blocks_down=1, blocks_up=2, embedding=16)
SR3 = Recipe(
    "sr3-own",
    ("x",),
    side=64,
    crop=32,
    batch=3,
    steps=8,
    warm_up=2,
    decay=3,
    held=4,
    network=NETWORK,
    predicts="noise",
)


class Oracle(torch.nn.Module):
    """Knows the noise."""

    def __init__(self, noise: torch.Tensor) -> None:
        super().__init__()
        self.noise, self.told = torch.nn.Parameter(noise), torch.zeros(0)

    def forward(self, scaled: torch.Tensor, enlarged: torch.Tensor, level: torch.Tensor, s: torch.Tensor):  # type: ignore[no-untyped-def]
        self.scaled, self.level = scaled, level
        return self.noise


def test_the_noise_of_the_whole_picture_is_asked_for_and_sqrt_gamma_told() -> None:
    clean, noise = torch.rand(3, 3, 8, 8) * 2 - 1, torch.randn(3, 3, 8, 8)
    sigma = torch.tensor([0.01, 1.0, 140.0])
    oracle = Oracle(noise)
    judge = NoiseDenoiser(oracle, 0.12)
    x = clean + sigma[:, None, None, None] * noise
    assert torch.allclose(judge(x, sigma, clean, torch.zeros(3)).clean, clean, atol=1e-4)
    gamma = 1 / (1 + sigma.double() ** 2)
    assert torch.allclose(oracle.level.double(), gamma.sqrt())
    wide = gamma[:, None, None, None]
    assert torch.allclose(oracle.scaled.double(), wide.sqrt() * clean + (1 - wide).sqrt() * noise, atol=1e-5)
    assert torch.equal(judge.loss(clean, noise, sigma, clean, torch.zeros(3)), torch.zeros(3))
    oracle.noise.data = noise + 0.25
    assert torch.allclose(
        judge.loss(clean, noise, sigma, clean, torch.zeros(3)), torch.full((3,), 0.25), atol=1e-5
    )


def test_levels_are_those_of_the_papers_line_of_betas() -> None:
    sigma = sr3_levels(4000, torch.Generator().manual_seed(1)).double()
    gamma = np.cumprod(1 - np.linspace(1e-6, 1e-2, 2000))
    found = np.sort((1 / (1 + sigma**2)).numpy())[::-1]
    # Two examples a step: the k-th step's lie between the gammas around it.
    for step in (1, 500, 1000, 1999):
        assert gamma[step] - 1e-7 <= found[2 * step + 1] <= found[2 * step] <= gamma[step - 1] + 1e-7
    assert 140 < float(sigma.max()) <= (1 / gamma[-1] - 1) ** 0.5 + 0.01


def test_a_run_by_sr3s_recipe_learns_and_becomes_a_pack_that_the_engine_runs(
    pictures: Pictures, tmp_path: Path
) -> None:
    run = Trainer(SR3, pictures, tmp_path / "run", Compute(torch.device("cpu")))
    assert loop.run(run, save_every=100, look_every=100)
    assert list((tmp_path / "run" / "samples").glob("*.png"))
    export(tmp_path / "run", paths.packs_dir() / "sr3-own")
    photo = Photo(
        pixels=np.full((16, 16, 3), 90, np.uint8),
        alpha=None,
        icc=None,
        exif=None,
        xmp=None,
        dpi=None,
        path=None,
    )
    asked = RestoreRequest(source=photo, scale=4, model="sr3-own", sampler="ancestral", steps=3, device="cpu")
    done = [event for event in restore.run(asked) if isinstance(event, Done)]
    assert len(done) == 1
    assert done[0].photo.pixels.shape == (64, 64, 3)
    config = {"sigma_data": 0.12, "predicts": "noise"}
    assert isinstance(builder_of("photo-sr", "x").denoiser(torch.nn.Identity(), config), NoiseDenoiser)


def test_an_unknown_prediction_is_a_sentence() -> None:
    strange = Recipe("x", ("y",), predicts="velocity")
    with pytest.raises(RequestError, match="'velocity'; known are 'residual' and 'noise'"):
        denoiser_of(strange, torch.nn.Identity())
