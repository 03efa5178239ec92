"""Model packs: what is refused, and in which words."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from restorer import paths
from restorer.cli.main import main
from restorer.device import choose
from restorer.errors import PackError, RequestError
from restorer.packs import catalog, info, loader
from restorer.packs.pack import Pack


def change(pack: str, /, **changes: Any) -> None:
    path = paths.packs_dir() / pack / "config.json"
    config = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(config), "utf-8")


def reweigh(name: str, weights: dict[str, torch.Tensor]) -> None:
    """Other weights with a hash that fits them."""
    path = paths.packs_dir() / name / "model.safetensors"
    save_file(weights, path)
    change(name, weights={"sha256": loader.hash_of(path)})


def weights_of(name: str) -> dict[str, torch.Tensor]:
    return load_file(paths.packs_dir() / name / "model.safetensors")


def load(name: str) -> Any:
    return loader.load(catalog.find(4, name), choose("cpu"))


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
    change(tiny_pack, weights={"sha256": loader.hash_of(path)})
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


def test_a_network_whose_prediction_nobody_knows_is_a_sentence(tiny_pack: str) -> None:
    path = paths.packs_dir() / tiny_pack / "config.json"
    config = json.loads(path.read_text("utf-8"))
    for strange in ("the weather", ["residual"]):
        path.write_text(json.dumps(config | {"predicts": strange}), "utf-8")
        with pytest.raises(PackError, match="cannot be built"):
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


# -- packs of strangers


def config_of(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((paths.packs_dir() / name / "config.json").read_text("utf-8"))
    return read


HOSTILE = {
    "infinity": '{"format": 1, "margin": 1e999}',
    "constant": '{"format": Infinity}',
    "digits": '{"format": ' + "1" * 5000 + "}",
    "deep": "[" * 100_000,
    "nested": '{"a":' * 500 + "1" + "}" * 500,
    "large": '{"a": "' + "b" * (2 << 20) + '"}',
}


@pytest.mark.parametrize("kind", [*HOSTILE, "pipe", "folder"])
def test_one_bad_config_leaves_its_pack_out_with_a_sentence_and_hides_no_other(
    tiny_pack: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = paths.packs_dir() / "bad" / "config.json"
    path.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_text(HOSTILE[kind], "utf-8")
    start = time.process_time()
    assert tiny_pack in [pack.name for pack in catalog.all_packs()]
    (error,) = catalog.left_out()
    assert re.fullmatch(
        r"The config\.json of the model pack bad cannot be read \([^\n]{,120}\); install .*", str(error)
    )
    with pytest.raises(PackError, match="cannot be read"):
        catalog.find(4, "bad")
    assert main(["models", "list"]) == 0
    said = capsys.readouterr()
    assert tiny_pack in said.out
    assert "model pack bad cannot be read" in said.err
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "name", ["../../outside", "/tmp/outside", "..", "a/b", "a\\b", "other", "a\nb", 7, ""]
)
def test_a_pack_is_called_what_its_folder_is_called(tiny_pack: str, name: object) -> None:
    change(tiny_pack, name=name)
    with pytest.raises(PackError, match="incomplete or damaged"):
        catalog.read_pack(paths.packs_dir() / tiny_pack)


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": 1e9, "scales": [1e9]},
        {"scales": [4, 10**9]},
        {"margin": -1},
        {"margin": 10**9},
        {"margin": True},
        {"passes": 10**9},
        {"sigma_data": 0},
        {"chain_s": "0.1"},
        {"presets": {"draft": {"steps": 10**9, "sigma_max": 1.0}}},
        {"presets": {"draft": {"steps": 2, "sigma_max": -1.0}}},
        {"presets": {"draft": {"steps": "2", "sigma_max": 1.0}}},
        {"presets": []},
        {"network": {"channels": [8] * 1000}},
        {"network": {"channels": [8, 12], "blocks_down": 10**6}},
        {"network": {"channels": [10**9]}},
        {"network": []},
        {"schedule": {"name": "cosine", "steps": 10**9}},
        {"classes": {"a": "b"}},
        {"sides": [10**9]},
        {"cascade": 7},
        {"finer": ["a"]},
        {"data": [7]},
        {"source": 7},
        {"licence": ["MIT"]},
        {"weights": {"sha256": 7}},
        {"weights": {"sha256": "a", "bytes": "many"}},
        {"local": "yes"},
    ],
    ids=str,
)
def test_what_a_config_says_is_bounded_when_it_is_read(tiny_pack: str, changes: dict[str, Any]) -> None:
    change(tiny_pack, **changes)
    with pytest.raises(PackError, match="tiny-4x is incomplete or damaged"):
        catalog.read_pack(paths.packs_dir() / tiny_pack)


def test_every_pack_that_ships_keeps_to_the_bounds() -> None:
    folders = [path.parent for path in paths.shipped_models_dir().glob("*/config.json")]
    assert folders
    for folder in folders:
        catalog.read_pack(folder)


def test_weights_that_are_no_plain_file_or_of_another_size_are_not_read(tiny_pack: str) -> None:
    path = paths.packs_dir() / tiny_pack / "model.safetensors"
    with path.open("ab") as file:
        file.truncate(2**33)  # would be hashed for half a minute
    with pytest.raises(PackError, match="damaged or were changed"):
        load(tiny_pack)
    path.unlink()
    os.mkfifo(path)
    change(tiny_pack, weights={"sha256": config_of(tiny_pack)["weights"]["sha256"]})
    with pytest.raises(PackError, match="cannot be read"):
        load(tiny_pack)


def test_a_card_shows_what_lies_in_its_pack_and_nothing_else(tiny_pack: str, tmp_path: Path) -> None:
    pack, secret = catalog.find(4, tiny_pack), tmp_path / "secret.png"
    secret.write_bytes(b"private")
    (pack.folder / "samples").mkdir()
    (pack.folder / "samples" / "a b.png").write_bytes(b"public")
    (pack.folder / "link.png").symlink_to(secret)
    (pack.folder / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(pack.folder / "pipe.png")
    assert info.inside(pack, "samples/a b.png") == (pack.folder / "samples" / "a b.png").resolve()
    outside = os.path.relpath(secret, pack.folder)
    for address in (
        str(secret), outside, "link.png", "up/secret.png", "pipe.png", "samples", "", "a\0b", "//host/a.png",
        "file://host/a.png", "C:/a.png", "C:a.png", "\\\\host\\a.png", "samples\\..\\a.png", "missing.png",
    ):  # fmt: skip
        assert info.inside(pack, address) is None, address
    assert info.card(pack) == ""
    (pack.folder / "CARD.md").symlink_to(secret)
    assert info.card(pack) == ""
    (pack.folder / "CARD.md").unlink()
    os.mkfifo(pack.folder / "CARD.md")
    assert info.card(pack) == ""
    (pack.folder / "CARD.md").unlink()
    (pack.folder / "CARD.md").write_text("# A card\n", "utf-8")
    assert info.card(pack) == "# A card"


def test_no_name_of_a_model_removes_another_folder(tiny_pack: str) -> None:
    (paths.packs_dir().parent / "config.json").write_text("{}", "utf-8")
    for name in ("..", ".", "../models", tiny_pack + "/"):
        with pytest.raises(RequestError, match="no model named"):
            info.remove(name)
    assert catalog.find(4, tiny_pack)


def test_a_config_is_parsed_once_and_anew_when_it_has_changed(
    tiny_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    read_pack = catalog.read_pack

    def counting(folder: Path, shipped: bool = False) -> Pack:
        parsed.append(folder.name)
        return read_pack(folder, shipped)

    monkeypatch.setattr(catalog, "read_pack", counting)
    for _ in range(3):
        assert tiny_pack in [pack.name for pack in catalog.all_packs()]
    assert parsed.count(tiny_pack) == 1
    change(tiny_pack, title="Another title")
    (pack,) = [pack for pack in catalog.all_packs() if pack.name == tiny_pack]
    assert pack.config["title"] == "Another title"
    change(tiny_pack, format=0)
    assert tiny_pack not in [pack.name for pack in catalog.all_packs()]
    assert tiny_pack in str(catalog.left_out())
