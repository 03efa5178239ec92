"""3x3 convolutions on processors without fast half precision: two to three times torch's own speed.

`Conv2d` is torch's layer with another way to compute it where that is quicker: Winograd's minimal filtering
F(4x4, 3x3) (arXiv 1509.09308) in float32, in `winograd.c`, which `compiling.py` compiles where there is a C
compiler. Without the compiled file, on another device, in another number format or for another kind of
convolution, everything is torch's own. Results differ from torch's by rounding: about 2e-6 of their size.

The choice depends on shapes alone, so the same picture gives the same numbers every time.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

__all__ = ["Conv2d", "direct", "library"]

CACHE = 400_000
"""Bytes that a thread's block of tiles may take: the level-2 cache of what people have."""
_FEWEST = 64
"""Tiles below which transforming the weights costs more than it saves."""

_direct = 0  # how many are inside `direct` now; a plain number, since torch's compiler reads it
differentiable: Callable[[Tensor, Tensor, Tensor | None], Tensor] | None = None
"""The same with gradients: set by `restorer.kernels.gradients`, which training imports."""


def _load() -> ctypes.CDLL | None:
    try:
        # Its OpenMP calls are left open: torch's own library, loaded for all, answers them.
        found = ctypes.CDLL(str(Path(__file__).with_name("winograd.so")))
        found.winograd_usable.argtypes = []
        if not found.winograd_usable():
            return None
        pointer, number = ctypes.c_void_p, ctypes.c_long
        found.winograd_weights.argtypes = [pointer, number, number, ctypes.c_int, pointer, number]
        found.winograd_forward.argtypes = [pointer] * 4 + [number] * 7
        found.winograd_backward_weights.argtypes = [pointer] * 3 + [number] * 7
    except (OSError, AttributeError):
        return None
    return found


library = _load()
"""The compiled functions, or None where they are missing or the processor cannot run them."""


@contextlib.contextmanager
def direct() -> Iterator[None]:
    """Within, every convolution of the process is torch's own: for comparisons to the last digit."""
    global _direct
    _direct += 1
    try:
        yield
    finally:
        _direct -= 1


def tiles_of(shape: torch.Size) -> int:
    """Tiles of 4 x 4 results that cover pictures of shape (N, C, H, W)."""
    return int(shape[0] * -(-shape[2] // 4) * -(-shape[3] // 4))


def pays(shape: torch.Size) -> bool:
    """Whether the quick way is quicker for an input of this shape: enough tiles, most of them filled."""
    tiles = tiles_of(shape)
    return tiles >= _FEWEST and 16 * tiles <= 1.5 * shape[0] * shape[2] * shape[3]


def frequencies(weight: Tensor, turned: bool = False) -> Tensor:
    """Weights (O, I, 3, 3) in Winograd's frequencies, in the order of `winograd_weights`.

    turned: for the gradient of the input.
    """
    outside, inside = weight.shape[:2]
    weight = weight.detach().contiguous(memory_format=torch.channels_last)
    result = torch.empty(36 * outside * inside)
    assert library is not None
    library.winograd_weights(
        weight.data_ptr(), inside, outside, int(turned), result.data_ptr(), torch.get_num_threads()
    )
    return result


def convolve(x: Tensor, packed: Tensor, bias: Tensor | None, outside: int) -> Tensor:
    """(N, I, H, W) to (N, outside, H, W) with weights that `frequencies` has packed."""
    count, inside, height, width = x.shape
    x = x.detach().contiguous(memory_format=torch.channels_last)
    result = torch.empty((count, outside, height, width), memory_format=torch.channels_last)
    assert library is not None
    short = library.winograd_forward(
        x.data_ptr(),
        packed.data_ptr(),
        None if bias is None else bias.detach().contiguous().data_ptr(),
        result.data_ptr(),
        *(count, height, width, inside, outside, torch.get_num_threads(), CACHE),
    )
    if short:
        raise MemoryError("There is not enough memory for a convolution.")
    return result


class Conv2d(nn.Conv2d):
    """torch's Conv2d, by the quick way where that is right and quicker."""

    def __init__(
        self, inside: int, outside: int, kernel: int, stride: int = 1, padding: int = 0, bias: bool = True
    ) -> None:
        super().__init__(inside, outside, kernel, stride, padding, bias=bias)
        self.suited = (kernel, stride, padding, inside % 8, outside % 8) == (3, 1, 1, 0, 0)

    def forward(self, input: Tensor) -> Tensor:
        """(N, I, H, W) to (N, O, H', W'), as torch's."""
        if (
            not self.suited
            or input.device.type != "cpu"
            or input.dtype != torch.float32
            or self.weight.dtype != torch.float32
            or not pays(input.shape)
            or _direct
            or torch.is_autocast_enabled("cpu")
            or library is None
        ):
            return super().forward(input)
        if torch.is_grad_enabled() or torch.compiler.is_compiling():
            if differentiable is None:
                return super().forward(input)
            return differentiable(input, self.weight, self.bias)
        return convolve(input, frequencies(self.weight), self.bias, self.out_channels)
