"""Normalisation with SiLU in one pass against torch's own, in float32 and bfloat16, in turn.

    python benchmarks/normalisation.py [--threads 2] [--repeats 20]

The shapes are those of the photo networks on a tile. Printed: milliseconds of both and their ratio.
"""

from __future__ import annotations

import argparse
import time

import torch

from restorer import kernels

SHAPES = [(96, 136), (128, 68), (192, 34), (192, 136), (256, 34)]  # channels, side


@torch.inference_mode()
def compare(channels: int, side: int, dtype: torch.dtype, repeats: int) -> None:
    x = torch.randn(1, channels, side, side, dtype=dtype).to(memory_format=torch.channels_last)
    gain, *more = (torch.randn(shape, dtype=dtype) for shape in ((channels,), *[(1, channels, 1, 1)] * 2))
    best = [float("inf")] * 2
    for _ in range(repeats):
        for which in (0, 1):
            start = time.perf_counter()
            if which == 0:
                kernels.norm_silu(x, gain, *more)
            else:
                with kernels.direct():
                    kernels.norm_silu(x, gain, *more)
            best[which] = min(best[which], time.perf_counter() - start)
    quick, plain = best
    shape = f"{str(dtype).removeprefix('torch.'):>8} {channels:>4} x {side:>3}px"
    print(f"{shape}  {quick * 1e3:6.2f} / {plain * 1e3:6.2f} = {quick / plain:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=20)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if kernels.library is None:
        raise SystemExit("Nothing is compiled here: python restorer/kernels/compiling.py")
    for dtype in (torch.float32, torch.bfloat16):
        for channels, side in SHAPES:
            compare(channels, side, dtype, args.repeats)


if __name__ == "__main__":
    main()
