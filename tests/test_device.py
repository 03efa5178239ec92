"""The choice of precision: by what the hardware has, the same at every start."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from restorer import device, memory
from restorer.photo import Photo
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest


@pytest.fixture(autouse=True)
def afresh() -> None:
    device._fast_bfloat16.cache_clear()


def test_the_environment_rules_bfloat16_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_has_bfloat16", lambda: True)
    monkeypatch.setenv("RESTORER_PRECISION", "float32")
    assert device.choose("cpu").dtype == torch.float32
    monkeypatch.delenv("RESTORER_PRECISION")
    device._fast_bfloat16.cache_clear()
    assert device.choose("cpu").dtype == torch.bfloat16
    device._fast_bfloat16.cache_clear()


@pytest.mark.parametrize(
    ("found", "has"),
    [
        ({"avx512_f": True, "avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False}, False),
        ({}, False),
    ],
)
def test_a_processor_is_asked_what_it_has(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, bool], has: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert device._has_bfloat16() is has


def test_a_photo_restored_in_bfloat16_is_the_same_photo_every_time(
    monkeypatch: pytest.MonkeyPatch, chelsea: np.ndarray, tiny_pack: str
) -> None:
    def restored() -> np.ndarray:
        device._fast_bfloat16.cache_clear()
        request = RestoreRequest(Photo(chelsea[:40, :52]), 4, model=tiny_pack, device="cpu", preview_side=0)
        *_, last = restore.run(request)
        assert isinstance(last, Done)
        return last.photo.pixels.astype(int)

    single = restored()
    monkeypatch.setattr(device, "_has_bfloat16", lambda: True)
    monkeypatch.delenv("RESTORER_PRECISION")
    first, again = restored(), restored()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, single)
    assert np.abs(first - single).mean() < 1.0
    device._fast_bfloat16.cache_clear()


@pytest.mark.parametrize(("capability", "fast"), [((7, 5), False), ((8, 0), True), ((9, 0), True)])
def test_a_cuda_device_is_asked_and_not_timed(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], fast: bool
) -> None:
    """Timed while another run worked on it, an H100 passed for slow."""
    monkeypatch.delenv("RESTORER_PRECISION")
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    assert device._fast_bfloat16("cuda:0") is fast
    device._fast_bfloat16.cache_clear()


@pytest.mark.parametrize("hip", [None, "6.4"])
def test_the_memory_of_both_makers_cards_is_read(monkeypatch: pytest.MonkeyPatch, hip: str | None) -> None:
    monkeypatch.setattr(torch.version, "hip", hip)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (5, 10))
    assert device.available_memory(torch.device("cuda:0")) == 5


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("Invalid buffer size: 40.00 GiB"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("MPS backend out of memory"), False),
    ],
)
def test_running_out_of_memory_is_known_by_its_words(error: Exception, short: bool) -> None:
    assert device.out_of_memory(error) is short


def test_windows_is_asked_for_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes
    from types import SimpleNamespace

    def ask(reference: object) -> int:
        status = reference._obj  # type: ignore[attr-defined]
        assert status.length == 64
        status.free = 7 * 2**30
        return 1

    kernel = SimpleNamespace(GlobalMemoryStatusEx=ask)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert device.available_memory(torch.device("cpu")) == 7 * 2**30
