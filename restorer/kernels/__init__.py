"""Fast layers for processors without fast half precision: 3x3 convolutions, and normalisation with SiLU.

`Conv2d` is torch's layer with another way to compute it where that is quicker: Winograd's minimal filtering
F(4x4, 3x3) (arXiv 1509.09308) in float32, in `layers.c`, which `compiling.py` compiles where there is a C
compiler; in bfloat16, weights that stay as oneDNN wants them (`packed`). Without the compiled file, on
another device, in another number format or for another kind of convolution, all is torch's own.
Results differ from torch's by rounding: about 2e-6 of their size.

The choice depends on shapes alone, so the same picture gives the same numbers every time.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.kernels.reordered_weights import convolve_packed

__all__ = ["Conv2d", "GroupNormSiLU", "direct", "group_norm_silu", "library", "norm_silu"]

CACHE = 400_000
"""Bytes that a thread's block of tiles may take: the level-2 cache of what people have."""
EPSILON = 1e-5
"""Of `norm_silu`: added to the mean square."""
_FEWEST = 4
"""Tiles below which transforming the weights costs more than it saves."""

_direct = 0  # how many are inside `direct` now; a plain number, since torch's compiler reads it
differentiable: Callable[[Tensor, Tensor, Tensor | None], Tensor] | None = None
"""The same with gradients: set by `restorer.kernels.gradients`, which training imports."""


def _load() -> ctypes.CDLL | None:
    try:
        # Its OpenMP calls are left open: torch's own library, loaded for all, answers them.
        found = ctypes.CDLL(str(Path(__file__).with_name("layers.so")))
        found.winograd_usable.argtypes = []
        if not found.winograd_usable():
            return None
        pointer, number = ctypes.c_void_p, ctypes.c_long
        found.winograd_weights.argtypes = [pointer, number, number, ctypes.c_int, pointer, number]
        found.winograd_forward.argtypes = [pointer] * 4 + [number] * 7
        found.winograd_few.argtypes = [pointer] * 4 + [number] * 5 + [ctypes.c_int, number]
        found.group_norm_silu.argtypes = [pointer] * 4 + [number] * 4 + [ctypes.c_float, number]
        for each in (found.pixel_norm_silu, found.pixel_norm_silu_half):
            each.argtypes = [pointer] * 4 + [number] * 3 + [ctypes.c_float, number]
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
    """Whether the quick way is quicker for an input of this shape: enough tiles, more than half filled."""
    tiles = tiles_of(shape)
    return tiles >= _FEWEST and 16 * tiles <= 1.8 * shape[0] * shape[2] * shape[3]


def convolve(x: Tensor, weight: Tensor, bias: Tensor | None, turned: bool = False) -> Tensor:
    """(N, I, H, W) with (O, I, 3, 3) to (N, O, H, W).

    turned: from gradients (N, O, H, W) to those of the input, (N, I, H, W). Raises MemoryError.
    """
    assert library is not None
    count, _, height, width = x.shape
    outside, inside = weight.shape[:2]
    into, out_of = (outside, inside) if turned else (inside, outside)
    x, weight = (each.detach().contiguous(memory_format=torch.channels_last) for each in (x, weight))
    bias = None if bias is None else bias.detach().contiguous()
    size = (count, out_of, height, width)
    result = torch.empty(size, dtype=x.dtype, device=x.device, memory_format=torch.channels_last)
    added, threads = None if bias is None else bias.data_ptr(), torch.get_num_threads()
    # Few tiles and many weights: transformed weights, four times as large, should never leave the cache.
    if tiles_of(x.shape) * 256 < inside * outside:
        short = library.winograd_few(
            *(x.data_ptr(), weight.data_ptr(), added, result.data_ptr()),
            *(count, height, width, inside, outside, int(turned), threads),
        )
    else:
        packed = x.new_empty(36 * outside * inside)
        library.winograd_weights(weight.data_ptr(), inside, outside, int(turned), packed.data_ptr(), threads)
        short = library.winograd_forward(
            *(x.data_ptr(), packed.data_ptr(), added, result.data_ptr()),
            *(count, height, width, into, out_of, threads, CACHE),
        )
    if short:
        raise MemoryError("There is not enough memory for a convolution.")
    return result


def norm_silu(x: Tensor, gain: Tensor, scale: Tensor | None = None, shift: Tensor | None = None) -> Tensor:
    """silu(rms_norm(x) * gain * (1 + scale) + shift), the norm over the channels of each pixel.

    x: (N, C, H, W); gain: (C,); scale, shift: (N, C, 1, 1), or None for neither. Where no gradient is asked
    for and the compiled file is there: one pass over the memory instead of eight, in bfloat16 too.
    """
    channels = x.shape[1]
    if not _plain_enough(x, gain, half=True) or library is None:
        # rms_norm works on the last axis; in channels_last memory this permutation moves no data.
        y = functional.rms_norm(x.permute(0, 2, 3, 1), (channels,), gain, EPSILON).permute(0, 3, 1, 2)
        return functional.silu(y if scale is None or shift is None else y * (1 + scale) + shift)
    count, _, height, width = x.shape
    x = x.contiguous(memory_format=torch.channels_last)
    if scale is None or shift is None:
        gains, shifts = gain, x.new_zeros(channels)
    else:
        gains, shifts = gain.float() * (1 + scale[:, :, 0, 0].float()), shift[:, :, 0, 0]
    gains, shifts = (each.expand(count, channels).float().contiguous() for each in (gains, shifts))
    result = torch.empty_like(x)
    compute = library.pixel_norm_silu if x.dtype == torch.float32 else library.pixel_norm_silu_half
    compute(
        *(each.data_ptr() for each in (x, gains, shifts, result)),
        *(count, height * width, channels, EPSILON, torch.get_num_threads()),
    )
    return result


def group_norm_silu(
    x: Tensor, norm: nn.GroupNorm, scale: Tensor | None = None, shift: Tensor | None = None
) -> Tensor:
    """silu(norm(x) * (1 + scale) + shift); shapes and conditions as of `norm_silu`. Raises MemoryError."""
    channels = x.shape[1]
    if not _plain_enough(x, norm.weight) or library is None:
        y = functional.group_norm(x, norm.num_groups, norm.weight, norm.bias, norm.eps)
        return functional.silu(y if scale is None or shift is None else y * (1 + scale) + shift)
    count, _, height, width = x.shape
    x = x.contiguous(memory_format=torch.channels_last)
    if scale is None or shift is None:
        gains, shifts = norm.weight.detach(), norm.bias.detach()
    else:
        gains = norm.weight * (1 + scale[:, :, 0, 0])
        shifts = norm.bias * (1 + scale[:, :, 0, 0]) + shift[:, :, 0, 0]
    gains, shifts = (each.expand(count, channels).float().contiguous() for each in (gains, shifts))
    result = torch.empty_like(x)
    short = library.group_norm_silu(
        *(each.data_ptr() for each in (x, gains, shifts, result)),
        *(count, height * width, channels, norm.num_groups, norm.eps, torch.get_num_threads()),
    )
    if short:
        raise MemoryError("There is not enough memory for a normalisation.")
    return result


def _plain_enough(x: Tensor, gain: Tensor, half: bool = False) -> bool:
    """Whether the compiled normalisations apply: on a processor, in single precision (with `half` in bfloat16
    too), without gradients."""
    return (
        x.device.type == "cpu"
        and (x.dtype == torch.float32 or (half and x.dtype == torch.bfloat16))
        and gain.dtype == x.dtype
        and x.shape[1] % 8 == 0
        and library is not None
        and not _direct
        and not torch.is_grad_enabled()
        and not torch.compiler.is_compiling()
        and not torch.is_autocast_enabled("cpu")
    )


class GroupNormSiLU(nn.GroupNorm):
    """GroupNorm and the SiLU after it, in one."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        return group_norm_silu(input, self)


class Conv2d(nn.Conv2d):
    """torch's Conv2d, by the quick way where that is right and quicker."""

    def __init__(
        self, inside: int, outside: int, kernel: int, stride: int = 1, padding: int = 0, bias: bool = True
    ) -> None:
        super().__init__(inside, outside, kernel, stride, padding, bias=bias)
        self.suited = (kernel, stride, padding, inside % 8, outside % 8) == (3, 1, 1, 0, 0)

    def forward(self, input: Tensor) -> Tensor:
        """(N, I, H, W) to (N, O, H', W'), as torch's."""
        # Read once: under a parametrization every reading makes the weights anew.
        weight, bias = self.weight, self.bias
        if (
            not self.suited
            or library is None
            or _direct
            or input.dim() != 4
            or input.shape[1] != self.in_channels
            or input.device.type != "cpu"
            or weight.device.type != "cpu"
            or input.dtype != torch.float32
            or weight.dtype != torch.float32
            or not pays(input.shape)
            or torch.is_autocast_enabled("cpu")
        ):
            return self._plain(input, weight, bias)
        if torch.is_grad_enabled() or torch.compiler.is_compiling():
            if differentiable is None:
                return self._plain(input, weight, bias)
            return differentiable(input, weight, bias)
        return convolve(input, weight, bias)

    def _plain(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if (
            input.dtype == weight.dtype == torch.bfloat16
            and input.device.type == weight.device.type == "cpu"
            and not _direct
            and input.dim() == 4
            and not torch.is_grad_enabled()
            and not torch.compiler.is_compiling()
        ):
            packed = convolve_packed(self, input)
            if packed is not None:
                return packed
        result: Tensor = self._conv_forward(input, weight, bias)
        return result
