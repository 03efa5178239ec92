"""Muon: momentum whose update is made orthogonal, for the convolutions of a network.

From Keller Jordan's description ("Muon: an optimizer for hidden layers in neural networks", 2024) with the
scale of Liu et al. (arXiv 2502.16982, equation 4), so that AdamW's learning rates fit. torch's own
`torch.optim.Muon` takes only matrices and does its products in bfloat16, which many CPUs emulate at a
tenth of their speed; here a convolution is the matrix (out, in * height * width), equal shapes are
multiplied in one batch, and the precision is the caller's choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["Muon", "orthogonalise"]


def orthogonalise(matrices: Tensor, iterations: int = 5) -> Tensor:
    """Newton-Schulz iteration towards the nearest semi-orthogonal matrices.

    matrices: (N, rows, columns), rows <= columns is cheapest. Singular values end between about 0.7
    and 1.2; the quintic's coefficients are Jordan's.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = matrices if matrices.shape[1] <= matrices.shape[2] else matrices.mT
    x: Tensor = wide / (wide.norm(dim=(1, 2), keepdim=True) + 1e-7)
    gram = x @ x.mT
    if x.dtype == torch.float32 and x.shape[2] >= 2 * x.shape[1]:
        # Every step is a polynomial in x x^T times x, so the steps multiply among themselves, squares of
        # `rows`, and meet the long matrix once at the end; half precision is too coarse for that.
        product = torch.eye(x.shape[1], device=x.device).expand_as(gram)
        for _ in range(iterations):
            factor = a * torch.eye(x.shape[1], device=x.device) + b * gram + c * gram @ gram
            gram = factor @ gram @ factor
            product = factor @ product
        x = product @ x
    else:
        for _ in range(iterations):
            x = a * x + (b * gram + c * gram @ gram) @ x
            gram = x @ x.mT
    return x if wide is matrices else x.mT


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum and decoupled weight decay, for parameters of two or more axes."""

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.dtype = dtype

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Apply one update from the gradients at hand."""
        for group in self.param_groups:
            same_shape: dict[torch.Size, list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    same_shape[parameter.shape].append((parameter, parameter.grad))
            for shape, pairs in same_shape.items():
                rows, columns = shape[0], shape[1:].numel()
                directions = []
                for parameter, gradient in pairs:
                    state = self.state[parameter]
                    if "momentum" not in state:
                        state["momentum"] = torch.zeros_like(parameter)
                    state["momentum"].lerp_(gradient, 1 - group["momentum"])
                    ahead = gradient.lerp(state["momentum"], group["momentum"])
                    directions.append(ahead.reshape(rows, columns))
                updates = orthogonalise(torch.stack(directions).to(self.dtype)).to(directions[0].dtype)
                rate = group["lr"] * 0.2 * max(rows, columns) ** 0.5
                for (parameter, _), update in zip(pairs, updates, strict=True):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update.reshape(shape), alpha=-rate)
