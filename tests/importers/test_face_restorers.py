"""Face restorers of others through the optional package spandrel; without it these tests are skipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.cli.main import main
from restorer.device import choose
from restorer.packs import catalog, loader

pytest.importorskip("spandrel", reason="the optional extra 'spandrel' is not installed", exc_type=ImportError)

# CodeFormer's package uses what torch has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")


def network_of(name: str) -> torch.nn.Module:
    """A public face restorer of its real shape, with random weights."""
    torch.manual_seed(0)
    if name == "GFPGAN":
        from spandrel.architectures.GFPGAN import GFPGAN

        shape = {"out_size": 512, "channel_multiplier": 2, "num_mlp": 8}
        return GFPGAN(**shape, input_is_latent=True, different_w=True, sft_half=True)
    if name == "RestoreFormer":
        from spandrel.architectures.RestoreFormer import RestoreFormer

        return RestoreFormer()
    extra = pytest.importorskip("spandrel_extra_arches", reason="spandrel-extra-arches is not installed")
    assert extra.EXTRA_REGISTRY is not None
    from spandrel_extra_arches.architectures.CodeFormer import CodeFormer

    return CodeFormer()


@pytest.mark.parametrize("name", ["GFPGAN", "RestoreFormer", "CodeFormer"])
def test_a_public_face_restorer_becomes_a_pack_for_faces(home: Path, tmp_path: Path, name: str) -> None:
    network = network_of(name).eval()
    torch.save({"params_ema": network.state_dict()}, tmp_path / "faces.pth")
    del network
    words = ["models", "import", str(tmp_path / "faces.pth"), "--name", "theirs", "--accept-licence"]
    assert main(words) == 0
    pack = catalog.face_restorer()
    assert (pack.name, pack.kind, pack.scales, pack.frame) == ("theirs", "single-pass", (1,), 512)
    denoiser = loader.load(pack, choose("cpu"))
    face = torch.from_numpy(np.random.default_rng(0).random((1, 3, 512, 512), np.float32)) * 2 - 1
    with torch.inference_mode():
        made = denoiser(face, torch.ones(1), denoiser.enlarge(face, 1)).clean
    assert made.shape == face.shape
    assert bool(torch.isfinite(made).all())
