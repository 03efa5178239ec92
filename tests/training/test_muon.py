from __future__ import annotations

import pytest
import torch

from restorer.training.muon import Muon, orthogonalise


@pytest.mark.parametrize("shape", [(16, 40), (40, 16), (24, 24)])
def test_orthogonalise_keeps_the_singular_vectors_and_evens_the_values(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(2, *shape)
    result = orthogonalise(matrix)
    values = torch.linalg.svdvals(result)
    assert float(values.quantile(0.1)) > 0.5  # a value near nothing needs more than five iterations
    assert float(values.max()) < 1.4
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    inside = left.mT @ result @ right.mT
    off_diagonal = inside - torch.diag_embed(inside.diagonal(dim1=1, dim2=2))
    assert float(off_diagonal.abs().max()) < 0.05


def test_update_has_adamws_size_whatever_the_gradients_scale() -> None:
    """Root mean square 0.2 times the rate (arXiv 2502.16982, equation 4)."""
    for factor in (1e-4, 1.0, 1e4):
        torch.manual_seed(0)
        weight = torch.nn.Parameter(torch.zeros(32, 16, 3, 3))
        weight.grad = factor * torch.randn_like(weight)
        Muon([weight], lr=0.01).step()
        assert float(weight.detach().square().mean().sqrt()) == pytest.approx(0.2 * 0.01, rel=0.2)


def test_muon_learns_a_convolution_that_it_is_shown() -> None:
    torch.manual_seed(0)
    teacher, student = (torch.nn.Conv2d(4, 8, 3, padding=1, bias=False) for _ in range(2))
    optimiser = Muon(student.parameters(), lr=0.05)
    losses = []
    for step in range(120):
        optimiser.param_groups[0]["lr"] = 0.05 * (1 - step / 120)
        x = torch.randn(8, 4, 8, 8)
        loss = (student(x) - teacher(x).detach()).square().mean()
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert losses[-1] < losses[0] / 100
