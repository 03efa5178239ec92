"""Networks that are kept: used again as long as they are what their pack says, and refused as ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from restorer.device import Device, choose
from restorer.errors import PackError, ResultError
from restorer.packs import catalog, loader
from restorer.packs import pack as pack_module
from restorer.pipeline.network_cache import NetworkCache
from tests.conftest import make_tiny_pack


def aged(pack: pack_module.Pack) -> Path:
    """The pack's weights, written long ago."""
    weights = pack.folder / pack_module.WEIGHTS
    os.utime(weights, (1, 1))
    return weights


def damage(weights: Path) -> None:
    """Another last byte; size and time of the last change stay as they were."""
    before = weights.stat()
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert weights.stat().st_mtime_ns == before.st_mtime_ns


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files whose hash is computed from now on."""
    files: list[Path] = []
    real = loader.hash_of

    def hash_of(path: Path) -> str:
        files.append(path)
        return real(path)

    monkeypatch.setattr(loader, "hash_of", hash_of)
    return files


def test_the_second_run_gets_the_network_of_the_first(tiny_pack: str) -> None:
    pack, networks = catalog.find(4, tiny_pack), NetworkCache()
    first = networks.load([pack], choose("cpu"))[tiny_pack]
    assert networks.load([pack, pack], choose("cpu")) == {tiny_pack: first}
    networks.clear()
    assert networks.load([pack], choose("cpu"))[tiny_pack] is not first


def test_only_the_newest_runs_networks_are_kept(home: Path) -> None:
    packs = [catalog.read_pack(make_tiny_pack(home, name)) for name in ("one", "two")]
    networks, device = NetworkCache(), choose("cpu")
    first = networks.load(packs[:1], device)["one"]
    both = networks.load(packs, device)
    assert both["one"] is first
    networks.load(packs[1:], device)
    assert networks.load(packs[:1], device)["one"] is not first


def test_a_pack_that_is_damaged_later_is_refused(tiny_pack: str, hashed: list[Path]) -> None:
    pack, networks = catalog.find(4, tiny_pack), NetworkCache()
    weights = aged(pack)
    networks.load([pack], choose("cpu"))
    damage(weights)
    with pytest.raises(PackError, match="damaged or were changed"):
        networks.load([pack], choose("cpu"))
    with pytest.raises(PackError, match="damaged or were changed"):
        loader.load(pack, choose("cpu"))
    weights.unlink()
    with pytest.raises(PackError, match="cannot be read"):
        networks.load([pack], choose("cpu"))


def test_weights_are_hashed_once_as_long_as_they_stay_what_they_were(
    tiny_pack: str, hashed: list[Path]
) -> None:
    pack = catalog.find(4, tiny_pack)
    weights = aged(pack)
    for _ in range(3):
        loader.load(pack, choose("cpu"))
    assert hashed == [weights]
    loader.load(pack, choose("cpu"), afresh=True)
    assert hashed == [weights] * 2


def test_weights_that_were_written_just_now_are_not_trusted_yet(tiny_pack: str, hashed: list[Path]) -> None:
    pack = catalog.find(4, tiny_pack)
    os.utime(pack.folder / pack_module.WEIGHTS)
    for _ in range(2):
        loader.load(pack, choose("cpu"))
    assert len(hashed) == 2


def test_a_full_device_hands_its_network_to_the_processor(
    tiny_pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Device("card", torch.device("cuda"), False)
    real = loader.load

    def load(pack: pack_module.Pack, device: Device) -> object:
        if device is card:
            raise torch.OutOfMemoryError("none left")
        return real(pack, device)

    monkeypatch.setattr(loader, "load", load)
    pack = catalog.find(4, tiny_pack)
    loaded, device, sentence = NetworkCache().load_where_it_fits([pack], card)
    assert device.torch.type == "cpu"
    assert next(loaded[tiny_pack].parameters()).device.type == "cpu"
    assert "card has no memory left" in sentence
    assert NetworkCache().load_where_it_fits([pack], choose("cpu"))[2] == ""


def test_a_full_processor_is_a_sentence(tiny_pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(loader, "load", load)
    with pytest.raises(ResultError, match="not enough memory for the network"):
        NetworkCache().load_where_it_fits([catalog.find(4, tiny_pack)], choose("cpu"))
