"""Model packs: what is refused, and in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from restorer import catalog, paths
from restorer.device import choose
from restorer.errors import PackError, RequestError


def change(name: str, **changes: Any) -> None:
    path = paths.packs_dir() / name / "config.json"
    config = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(config), "utf-8")


def reweigh(name: str, weights: dict[str, torch.Tensor]) -> None:
    """Other weights with a hash that fits them."""
    path = paths.packs_dir() / name / "model.safetensors"
    save_file(weights, path)
    change(name, weights={"sha256": catalog.hash_of(path)})


def weights_of(name: str) -> dict[str, torch.Tensor]:
    return load_file(paths.packs_dir() / name / "model.safetensors")


def load(name: str) -> Any:
    return catalog.load(catalog.find(4, name), choose("cpu"))


def test_an_own_pack_is_found_by_name_and_scale(tiny_pack: str) -> None:
    pack = catalog.find(4, tiny_pack)
    assert (pack.name, pack.scale, pack.shipped) == (tiny_pack, 4, False)
    assert 4 in catalog.available_scales()
    assert load(tiny_pack).sigma_data == pytest.approx(0.12)


def test_tampered_weights_are_refused(tiny_pack: str) -> None:
    path = paths.packs_dir() / tiny_pack / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(PackError, match=r"tiny-4x are damaged or were changed \(wrong SHA-256\)"):
        load(tiny_pack)


def test_missing_weights_are_refused(tiny_pack: str) -> None:
    (paths.packs_dir() / tiny_pack / "model.safetensors").unlink()
    with pytest.raises(PackError, match=r"model\.safetensors of the model pack tiny-4x cannot be read"):
        load(tiny_pack)


def test_weights_that_are_no_safetensors_are_refused_even_with_a_right_hash(tiny_pack: str) -> None:
    path = paths.packs_dir() / tiny_pack / "model.safetensors"
    path.write_bytes(b"PK\x03\x04 a pickle in a zip")
    change(tiny_pack, weights={"sha256": catalog.hash_of(path)})
    with pytest.raises(PackError, match="not a safetensors file"):
        load(tiny_pack)


def test_a_tensor_of_another_shape_is_named(tiny_pack: str) -> None:
    weights = weights_of(tiny_pack)
    weights["leave.weight"] = weights["leave.weight"][:, :4].contiguous()
    reweigh(tiny_pack, weights)
    with pytest.raises(PackError, match=r"leave\.weight of the pack tiny-4x has shape \(48, 4, 3, 3\)"):
        load(tiny_pack)


def test_a_lacking_and_an_unknown_tensor_are_named(tiny_pack: str) -> None:
    weights = weights_of(tiny_pack)
    taken = weights.pop("enter.bias")
    reweigh(tiny_pack, weights)
    with pytest.raises(PackError, match=r"lack the tensor enter\.bias"):
        load(tiny_pack)
    reweigh(tiny_pack, weights | {"enter.bias": taken, "zzz": taken.clone()})
    with pytest.raises(PackError, match="tensor zzz that its network does not know"):
        load(tiny_pack)


def test_values_that_are_no_numbers_are_refused(tiny_pack: str) -> None:
    weights = weights_of(tiny_pack)
    weights["leave.bias"][3] = float("nan")
    reweigh(tiny_pack, weights)
    with pytest.raises(PackError, match=r"leave\.bias of the pack tiny-4x has values that are not numbers"):
        load(tiny_pack)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "cannot be read"),
        ("[]", "incomplete or damaged"),
        ("{}", "incomplete or damaged"),
        ('{"format": 99}', "format 99"),
    ],
)
def test_a_damaged_config_is_a_sentence(tiny_pack: str, text: str, sentence: str) -> None:
    (paths.packs_dir() / tiny_pack / "config.json").write_text(text, "utf-8")
    with pytest.raises(PackError, match=sentence):
        catalog.find(4, tiny_pack)
    assert tiny_pack not in [pack.name for pack in catalog.all_packs()]


def test_a_network_that_cannot_be_built_is_a_sentence(tiny_pack: str) -> None:
    change(tiny_pack, network={"channels": [8, 12], "blocks_down": 3, "blocks_up": 1})
    with pytest.raises(PackError, match="cannot be built"):
        load(tiny_pack)


def test_a_scale_that_no_pack_has_is_a_sentence(tiny_pack: str) -> None:
    with pytest.raises(RequestError, match="No installed model enlarges 7x; available are"):
        catalog.find(7)


def test_a_name_cannot_leave_the_packs_folder(tiny_pack: str, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    with pytest.raises(PackError, match="no model named"):
        catalog.find(4, "../../outside")
