"""EDM's preconditioning: what the coefficients are for, and that the loss is the one of the paper."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from restorer.diffusion.conditioning import added_noise, enlarge
from restorer.diffusion.denoiser import ResidualDenoiser, edm_coefficients
from restorer.diffusion.nn.unet import UNet, UNetConfig

DATA = 0.12


class Says(nn.Module):
    """A network that answers from a function of its input; has a parameter so that it has a precision."""

    def __init__(self, answer: float) -> None:
        super().__init__()
        self.answer = nn.Parameter(torch.tensor(answer))

    def forward(self, noisy: Tensor, condition: Tensor, c_noise: Tensor, c_augment: Tensor) -> Tensor:
        return self.answer * torch.ones_like(noisy)


def test_network_input_and_target_have_unit_variance_at_every_level() -> None:
    generator = torch.Generator().manual_seed(0)
    y = DATA * torch.randn(200_000, generator=generator)
    noise = torch.randn(200_000, generator=generator)
    for sigma in (0.003, 0.05, 0.12, 1.0, 20.0):
        c = edm_coefficients(torch.tensor([sigma]), DATA)
        x = y + sigma * noise
        target = (y - c.skip.flatten() * x) / c.out.flatten()
        assert float((c.inside.flatten() * x).std()) == pytest.approx(1, rel=0.01)
        assert float(target.std()) == pytest.approx(1, rel=0.01)


def test_a_silent_network_gives_the_linear_estimate() -> None:
    """F = 0 leaves the best linear (Wiener) estimate of the residual."""
    denoiser = ResidualDenoiser(Says(0.0), DATA)
    enlarged = torch.full((1, 3, 16, 16), 0.2)
    x = torch.full((1, 3, 16, 16), 0.5)
    clean = denoiser(x, torch.tensor([0.3]), enlarged, torch.zeros(1)).clean
    assert torch.allclose(clean, torch.tensor(0.2 + 0.3 * DATA**2 / (DATA**2 + 0.3**2)))


def test_loss_is_the_papers_weighted_error_of_the_estimate() -> None:
    """lambda(sigma) |D - y|^2 with lambda = (sigma^2 + sigma_data^2) / (sigma sigma_data)^2."""
    torch.manual_seed(0)
    network = UNet(UNetConfig(channels=(8,), blocks_down=1, blocks_up=2, embedding=8))
    nn.init.normal_(network.leave.weight, std=0.1)
    denoiser = ResidualDenoiser(network, DATA)
    clean, enlarged, noise = (torch.randn(3, 3, 16, 16) * 0.3 for _ in range(3))
    sigma, s = torch.tensor([0.02, 0.2, 2.0]), torch.tensor([0.0, 0.1, 0.2])
    estimate = denoiser(clean + sigma[:, None, None, None] * noise, sigma, enlarged, s).clean
    weight = (sigma**2 + DATA**2) / (sigma * DATA) ** 2
    expected = weight * ((estimate - clean) ** 2).mean(dim=(1, 2, 3))
    assert torch.allclose(denoiser.loss(clean, noise, sigma, enlarged, s), expected, rtol=1e-4)


def test_enlarging_is_pillows_bicubic() -> None:
    import numpy as np
    from PIL import Image

    plane = np.random.default_rng(0).random((9, 13)).astype(np.float32)
    image = Image.fromarray(plane)
    expected = np.asarray(image.resize((52, 36), Image.Resampling.BICUBIC))
    assert np.allclose(enlarge(torch.from_numpy(plane)[None, None], 4)[0, 0].numpy(), expected, atol=1e-5)


def test_variances_of_grain_and_added_noise_add_up_to_the_told_level() -> None:
    assert added_noise(0.2, 0.0) == pytest.approx(0.2)
    assert added_noise(0.2, 0.12) ** 2 + 0.12**2 == pytest.approx(0.2**2)
    assert added_noise(0.1, 0.2) == 0.0


def test_the_network_listens_to_noise_level_and_augmentation_level() -> None:
    torch.manual_seed(1)
    network = UNet(UNetConfig(channels=(8, 8), blocks_down=1, blocks_up=2, embedding=16))
    for parameter in network.parameters():
        if parameter.ndim > 1:
            nn.init.normal_(parameter, std=0.2)
    noisy, condition = torch.randn(2, 1, 3, 32, 32).unbind(0)
    base = network(noisy, condition, torch.tensor([-0.5]), torch.tensor([-1.3]))
    assert not torch.allclose(
        base, network(noisy, condition, torch.tensor([-0.4]), torch.tensor([-1.3])), atol=1e-4
    )
    assert not torch.allclose(
        base, network(noisy, condition, torch.tensor([-0.5]), torch.tensor([-0.9])), atol=1e-4
    )
