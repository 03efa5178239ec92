"""Seconds a step of the full-size public networks, as the app runs them beside a plain float32 eager run.

    python benchmarks/foreign_speed.py [--networks sr3 adm] [--evaluations 2] [--threads 1]

Random numbers stand in for the weights; the pictures are 128 x 128 (SR3) and 256 x 256 (ADM upsampler)
pixels. Both ways run alternately in one process, the best of each counts, and the largest difference of
their outputs is printed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from restorer import kernels
from restorer.device import choose
from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig
from restorer.diffusion.nn.sr3_unet import SR3UNet, SR3UNetConfig

SIDES = {"sr3": 128, "adm": 256}


def build(which: str) -> nn.Module:
    with torch.device("meta"):
        network: nn.Module = (
            SR3UNet(SR3UNetConfig())
            if which == "sr3"
            else ADMUNet(
                ADMUNetConfig(in_channels=6, multipliers=(1, 1, 2, 2, 4, 4), blocks=2, attention=(3, 4, 5))
            )
        )
    random = torch.Generator().manual_seed(0)
    weights = {
        name: torch.randn(value.shape, generator=random)
        * (0.7 * value[0].numel() ** -0.5 if value.ndim > 1 else 0.02)
        + (1.0 if value.ndim == 1 and name.endswith("weight") else 0.0)
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(weights, assign=True)
    return network.eval().requires_grad_(False)


def clock(run: Callable[[], Tensor], best: float) -> float:
    start = time.perf_counter()
    run()
    return min(best, time.perf_counter() - start)


def measure(which: str, evaluations: int) -> None:
    device = choose("auto")
    side = SIDES[which]
    plain = build(which).to(device.torch)
    ours = build(which).to(device=device.torch, dtype=device.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.randn(1, 6, side, side, generator=torch.Generator().manual_seed(1)).to(device.torch)
    told: list[Any] = [torch.tensor([0.5 if which == "sr3" else 500.0], device=device.torch)]
    if which == "adm":
        told.append(torch.tensor([207], device=device.torch))
    fast = x.to(device.dtype, memory_format=torch.channels_last)
    with torch.inference_mode():
        with kernels.direct():
            reference = plain(x, *told)
        difference = float((reference - ours(fast, *told).float()).abs().max())
        before, now = float("inf"), float("inf")
        for _ in range(evaluations):
            with kernels.direct():
                before = clock(lambda: plain(x, *told), before)
            now = clock(lambda: ours(fast, *told), now)
    print(
        f"{which} {side} x {side} on {device.name}: plain float32 {before:.2f} s a step, ours "
        f"({device.dtype}) {now:.2f} s, {now / before:.2f} of it; largest difference {difference:.1e} "
        f"of values up to {float(reference.abs().max()):.1f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", choices=sorted(SIDES), default=sorted(SIDES))
    parser.add_argument("--evaluations", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    for which in args.networks:
        measure(which, args.evaluations)


if __name__ == "__main__":
    main()
