"""Winograd's convolutions against torch's own, forward and both gradients, in one process and in turn.

    python benchmarks/convolutions.py [--threads 2] [--repeats 8]

The shapes are those of a training step of the photo networks (20 crops), of its perceptual loss, and of
tiles of a restoration. Printed: milliseconds of both, their ratio, and the largest difference in units of
the mean value.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch
from torch import Tensor

from restorer import kernels
from restorer.kernels.gradients import convolution

SHAPES = [  # pictures, channels in, channels out, side
    (20, 96, 96, 24),
    (20, 192, 96, 24),
    (20, 128, 128, 12),
    (20, 64, 64, 64),
    (20, 128, 128, 32),
    (20, 256, 256, 16),
    (1, 96, 96, 64),
    (1, 128, 128, 128),
    (1, 256, 256, 64),
]


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(count: int, inside: int, outside: int, side: int, repeats: int) -> None:
    x = torch.randn(count, inside, side, side).to(memory_format=torch.channels_last).requires_grad_(True)
    weight = torch.randn(outside, inside, 3, 3).mul_((9 * inside) ** -0.5)
    weight = weight.to(memory_format=torch.channels_last).requires_grad_(True)
    grad = torch.randn(count, outside, side, side).to(memory_format=torch.channels_last)

    def forward(quick: bool) -> Tensor:
        if quick:
            return convolution(x, weight, None)
        return torch.nn.functional.conv2d(x, weight, None, 1, 1)

    def gradients(result: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad(result, (x, weight), grad, retain_graph=True)

    best = [[float("inf")] * 2 for _ in range(2)]
    for _ in range(repeats):
        for which in (0, 1):
            with torch.no_grad():
                best[0][which] = min(best[0][which], seconds(lambda: forward(which == 0)))  # noqa: B023
            result = forward(which == 0)
            best[1][which] = min(best[1][which], seconds(lambda: gradients(result)))  # noqa: B023
    outcomes = [[result.detach(), *gradients(result)] for result in (forward(True), forward(False))]
    worst = max(float((a - b).abs().max() / b.abs().mean()) for a, b in zip(*outcomes, strict=True))
    times = "  ".join(f"{a * 1e3:6.2f} / {b * 1e3:6.2f} = {a / b:.2f}" for a, b in best)
    print(f"{count:>3} x {inside:>3} to {outside:>3}, {side:>3}px  {times}  {worst:.0e}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=8)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if kernels.library is None:
        raise SystemExit("The quick convolutions are not compiled here: python restorer/kernels/compiling.py")
    print(f"{'shape':>22}  forward, ms        gradients, ms      largest difference")
    for shape in SHAPES:
        compare(*shape, repeats=args.repeats)


if __name__ == "__main__":
    main()
