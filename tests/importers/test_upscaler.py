"""Single-pass upscalers through the optional package spandrel; without it these tests are skipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer.cli.main import main

pytest.importorskip("spandrel", reason="the optional extra 'spandrel' is not installed", exc_type=ImportError)


def test_an_upscaler_becomes_a_pack_that_gives_its_own_picture(home: Path, tmp_path: Path) -> None:
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet

    torch.manual_seed(0)
    network = RRDBNet(in_nc=3, out_nc=3, num_filters=16, num_blocks=1, scale=4).eval()
    with torch.no_grad():  # fresh weights give almost one colour
        last = list(network.parameters())[-2]
        last *= 0.2 / network(torch.rand(1, 3, 16, 16)).std()
    torch.save({"params_ema": network.state_dict()}, tmp_path / "gan.pth")
    pixels = np.random.default_rng(1).integers(0, 256, (20, 24, 3), dtype=np.uint8)
    low = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode():
        out = network(low)
    np.savez(tmp_path / "forward.npz", a_low=low.numpy(), a_out=out.numpy())
    assert main(["models", "import", str(tmp_path / "gan.pth"), "--name", "gan", "--accept-licence"]) == 0
    assert main(["models", "check", "gan", "--against", str(tmp_path / "forward.npz")]) == 0

    Image.fromarray(pixels).save(tmp_path / "small.png")
    flags = ["--model", "gan", "--device", "cpu", "--no-colour-lock"]
    assert main(["restore", str(tmp_path / "small.png"), "-o", str(tmp_path / "large.png"), *flags]) == 0
    with Image.open(tmp_path / "large.png") as result:
        found = np.asarray(result).astype(int)
    expected = (out[0].permute(1, 2, 0).clamp(0, 1) * 255).round().numpy().astype(int)
    assert np.abs(found - expected).max() <= 1
