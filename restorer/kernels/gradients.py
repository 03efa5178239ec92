"""The quick convolution as an operator that torch can differentiate and compile; training imports it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from restorer import kernels

__all__ = ["convolution", "gradient_of_input", "gradient_of_weight"]

_FEWEST_FOR_WEIGHTS = 150
"""Tiles below which torch's own gradient of the weights is quicker: the sums take four times its memory."""


@torch.library.custom_op("restorer::convolution", mutates_args=())
def convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """(N, I, H, W) with (O, I, 3, 3) to (N, O, H, W), stride 1, padding 1."""
    return kernels.convolve(x, weight, bias)


@convolution.register_fake
def _(x: Tensor, weight: Tensor, _bias: Tensor | None) -> Tensor:
    count, _, height, width = x.shape
    return x.new_empty((count, weight.shape[0], height, width)).contiguous(memory_format=torch.channels_last)


@torch.library.custom_op("restorer::convolution_input", mutates_args=())
def gradient_of_input(grad: Tensor, weight: Tensor) -> Tensor:
    """The gradient of `convolution` by x: the same convolution with the weights turned around."""
    return kernels.convolve(grad, weight, None, turned=True)


@gradient_of_input.register_fake
def _(grad: Tensor, weight: Tensor) -> Tensor:
    count, _, height, width = grad.shape
    return grad.new_empty((count, weight.shape[1], height, width)).contiguous(
        memory_format=torch.channels_last
    )


@torch.library.custom_op("restorer::convolution_weight", mutates_args=())
def gradient_of_weight(x: Tensor, grad: Tensor) -> Tensor:
    """The gradient of `convolution` by the weights, (O, I, 3, 3)."""
    (count, inside, height, width), outside = x.shape, grad.shape[1]
    if kernels.tiles_of(x.shape) < _FEWEST_FOR_WEIGHTS:
        like = x.new_empty((outside, inside, 3, 3)).contiguous(memory_format=torch.channels_last)
        found = torch.ops.aten.convolution_backward(
            grad, x, like, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [False, True, False]
        )[1]
        return found.contiguous(memory_format=torch.channels_last)  # type: ignore[no-any-return]
    x, grad = (each.detach().contiguous(memory_format=torch.channels_last) for each in (x, grad))
    result = x.new_empty((outside, inside, 3, 3)).contiguous(memory_format=torch.channels_last)
    assert kernels.library is not None
    short = kernels.library.winograd_backward_weights(
        x.data_ptr(),
        grad.data_ptr(),
        result.data_ptr(),
        *(count, height, width, inside, outside, torch.get_num_threads(), kernels.CACHE),
    )
    if short:
        raise MemoryError("There is not enough memory for a convolution.")
    return result


@gradient_of_weight.register_fake
def _(x: Tensor, grad: Tensor) -> Tensor:
    return x.new_empty((grad.shape[1], x.shape[1], 3, 3)).contiguous(memory_format=torch.channels_last)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    x, weight, bias = inputs
    ctx.save_for_backward(x if weight.requires_grad else None, weight)
    ctx.biased = bias is not None


def _backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    x, weight = ctx.saved_tensors
    of_input, of_weight, of_bias = ctx.needs_input_grad
    return (
        gradient_of_input(grad, weight) if of_input else None,
        gradient_of_weight(x, grad) if of_weight else None,
        grad.sum((0, 2, 3)) if ctx.biased and of_bias else None,
    )


convolution.register_autograd(_backward, setup_context=_keep)
kernels.differentiable = convolution
