"""Which device computes, in which precision, and how large a tile fits.

bfloat16 halves the time where the hardware has it and costs ten times as much where it is emulated: a
processor and a CUDA device are asked whether they have it, another accelerator is timed on a small
convolution.
"""

from __future__ import annotations

import functools
import os
import time
from dataclasses import dataclass

import torch
from torch import device as torch_device
from torch import dtype as torch_dtype

from restorer.errors import RequestError
from restorer.kernels import Conv2d
from restorer.memory import free_memory

__all__ = ["Device", "available", "choose", "out_of_memory", "release_all"]

_OUT_OF_MEMORY = (
    "DefaultCPUAllocator",
    "MPS backend out of memory",  # Apple's has no type of its own
    "Invalid buffer size",  # Metal: more than one buffer can hold
    "CUDA error: out of memory",  # before there is a context whose allocator could say so
)


@dataclass(frozen=True)
class Device:
    """name: for people, e.g. "cuda:0 (NVIDIA H100)"; torch: the device; fast_bfloat16: whether bfloat16 is
    taken."""

    name: str
    torch: torch_device
    fast_bfloat16: bool

    @property
    def dtype(self) -> torch_dtype:
        """Precision of network evaluations; states and arithmetic of samplers stay float32."""
        return torch.bfloat16 if self.fast_bfloat16 else torch.float32

    def release(self) -> None:
        """Give cached memory back to the driver, after running out of it or when a run ends."""
        if self.torch.type != "cpu":
            getattr(torch, self.torch.type).empty_cache()


def available() -> tuple[str, ...]:
    """Devices of this machine by name, best first; "cpu" is always the last."""
    names: list[str] = []
    if torch.cuda.is_available():
        names += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        names += [f"xpu:{i}" for i in range(torch.xpu.device_count())]
    if torch.backends.mps.is_available():
        names.append("mps")
    return (*names, "cpu")


def choose(name: str = "auto") -> Device:
    """The device of that name, or the best one for "auto" (`cuda` means the first of its kind).

    Raises RequestError if this machine has no such device.
    """
    names = available()
    found = (
        names[0] if name == "auto" else next((n for n in names if n == name or n.split(":")[0] == name), None)
    )
    if found is None:
        raise RequestError(
            f"This machine has no device {name!r}; it has {', '.join(names)}. Use --device auto."
        )
    device = torch.device(found)
    label = found
    if device.type == "cuda":
        label = f"{found} ({torch.cuda.get_device_name(device)})"
    return Device(label, device, _fast_bfloat16(found))


def release_all() -> None:
    """Give the cached memory of every device back, for as long as a run waits."""
    for kind in ("cuda", "xpu", "mps"):
        module = getattr(torch, kind, None)
        if module is not None and module.is_available() and (kind == "mps" or module.is_initialized()):
            module.empty_cache()


def out_of_memory(error: BaseException) -> bool:
    """Running out of memory and nothing else: a device's own error, or one that is known by its words."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _OUT_OF_MEMORY)


def available_memory(device: torch.device) -> int:
    """Bytes that can be allocated now without swapping; a cautious 4 GiB where the system does not say."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return free_memory()


def _has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; emulated, that costs ten times as much."""
    ask = getattr(torch.cpu, "get_capabilities", None)
    if ask is not None:
        found = ask()
        return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    asks = [getattr(torch.cpu, f"_is_{each}_supported", None) for each in ("avx512_bf16", "amx_tile")]
    return any(ask() for ask in asks if ask is not None)


@functools.cache
def _fast_bfloat16(name: str) -> bool:
    """Whether bfloat16 is taken on this device.

    A processor and a CUDA device are asked what they have, since measured times would choose otherwise from
    one start to the next where both are about as fast or another program works beside, and no run could be
    gone on with exactly. Another accelerator is timed: by a quarter faster in a convolution, about 50 ms
    once. RESTORER_PRECISION=float32 in the environment rules it out, for results that do not depend on the
    processor.
    """
    if os.environ.get("RESTORER_PRECISION") == "float32":
        return False
    device = torch.device(name)
    if device.type == "cpu":
        return _has_bfloat16()
    if device.type == "cuda" and torch.version.hip is None:  # AMD's numbers mean something else
        return torch.cuda.get_device_capability(device) >= (8, 0)
    seconds = {}
    try:
        for dtype in (torch.float32, torch.bfloat16):
            x = torch.randn(1, 96, 64, 64, dtype=dtype, device=device).to(memory_format=torch.channels_last)
            layer = Conv2d(96, 96, 3, padding=1).to(device=device, dtype=dtype)
            layer = layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            best = float("inf")
            for _ in range(4):
                start = time.perf_counter()
                with torch.no_grad():
                    value = layer(x)
                float(value[0, 0, 0, 0])  # waits for the device
                best = min(best, time.perf_counter() - start)
            seconds[dtype] = best
    except (RuntimeError, NotImplementedError):  # a device without bfloat16 says so by failing
        return False
    return seconds[torch.bfloat16] < 0.8 * seconds[torch.float32]
