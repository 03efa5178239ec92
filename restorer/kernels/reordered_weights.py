"""Convolutions in bfloat16 whose weights already lie as oneDNN wants them.

torch's oneDNN convolution reorders the weights at every call. Where pictures are small and weights many, as
at the bottom of a large U-Net, that is half of the time or more. Here the reordered weights are kept, beside
the module's own, for as long as these stay the same.

The two operators are those that torch's own compiler emits for frozen weights. A torch without them, or with
other signatures, leaves everything to torch's usual way.
"""

from __future__ import annotations

import weakref

import torch
from torch import Tensor, nn

__all__ = ["convolve_packed"]

_FEWEST_WEIGHTS = 256 * 256
"""Products of channels below which the reordering costs nothing worth keeping memory for."""
_MOST_PIXELS = 1024
"""Pixels of all pictures above which the convolution itself outweighs the reordering."""

_kept: weakref.WeakKeyDictionary[nn.Conv2d, tuple[tuple[int, ...], Tensor]] = weakref.WeakKeyDictionary()
_missing = False


def convolve_packed(layer: nn.Conv2d, x: Tensor) -> Tensor | None:
    """`layer(x)` for a bfloat16 layer and input on the CPU without gradients; None where it does not pay."""
    global _missing
    weight = layer.weight
    if (
        _missing
        or weight.shape[0] * weight.shape[1] < _FEWEST_WEIGHTS
        or x.shape[0] * x.shape[2] * x.shape[3] > _MOST_PIXELS
        or layer.groups != 1
        or layer.padding_mode != "zeros"
        or weight.is_inference()  # such a tensor cannot say whether it was changed
    ):
        return None
    stride, padding, dilation = (
        list(layer.stride),
        [int(each) for each in layer.padding],
        list(layer.dilation),
    )
    now = (weight.data_ptr(), weight._version, *x.shape)
    kept = _kept.get(layer)
    try:
        if kept is None or kept[0] != now:
            packed = torch.ops.mkldnn._reorder_convolution_weight(
                weight.detach(), padding, stride, dilation, 1, list(x.shape)
            )
            kept = _kept[layer] = (now, packed)
        result: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, kept[1], layer.bias, padding, stride, dilation, 1, "none", [], ""
        )
    except (AttributeError, RuntimeError, NotImplementedError, TypeError):
        _missing = True
        return None
    return result
