"""Other networks: the cover by tiles, the sentence for a missing wheel, and the pictures where wheels are."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from restorer.errors import RequestError
from restorer.evaluation.data import enlarge, reduce
from restorer.evaluation.metrics import consistency, psnr_y
from restorer.ncnn_networks import PEERS, Peer, PeerWeights, tile_boxes

WHEELS = {"ncnn", *(peer.module for peer in PEERS.values())}
needs_wheels = pytest.mark.skipif(
    any(importlib.util.find_spec(module) is None for module in WHEELS),
    reason="the extra `peers` is not installed",
)


@pytest.mark.parametrize("size", [(1, 1), (64, 20), (65, 64), (300, 131)])
def test_tiles_keep_every_pixel_once_and_read_their_margin(size: tuple[int, int]) -> None:
    width, height = size
    kept = np.zeros((height, width), int)
    for (left, top, right, bottom), (x0, y0, x1, y1) in tile_boxes(width, height, 64, 8):
        kept[y0:y1, x0:x1] += 1
        assert right - left <= 64
        assert bottom - top <= 64
        assert x0 - left == min(8, x0) or (left, right) == (0, width)
        assert bottom - y1 == min(8, height - y1) or (top, bottom) == (0, height)
    assert (kept == 1).all()


def test_a_missing_wheel_has_a_sentence_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEERS, "nobody", PeerWeights("nobody-py", "module_that_is_not_there", "models/x"))
    with pytest.raises(RequestError, match="needs the package nobody-py, which is not installed"):
        Peer("nobody")


def test_an_unknown_peer_is_named_with_the_known_ones() -> None:
    with pytest.raises(RequestError, match=r"no peer called waifu; known are realesrgan"):
        Peer("waifu")


@needs_wheels
@pytest.mark.parametrize("name", list(PEERS))
def test_a_peer_enlarges_the_photo_it_was_given(name: str) -> None:
    """Right weights, right channel order, right range: only then is the result close to its input."""
    low = reduce(data.chelsea()[60:156, 100:196], 4)
    output = Peer(name, threads=1).enlarge(low)
    assert output.picture.shape == (96, 96, 3)
    assert output.seconds > 0
    assert consistency(output.picture, low) < 0.002
    assert consistency(output.picture[..., ::-1], low) > 0.01


@needs_wheels
def test_span_in_tiles_agrees_with_span_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    low = data.chelsea()[100:164, 100:200]
    peer = Peer("span-kendata", threads=1)
    whole = peer.enlarge(low).picture
    monkeypatch.setattr("restorer.ncnn_networks._TILE", 64)
    tiled = peer.enlarge(low).picture
    assert psnr_y(tiled, whole) > 45
    assert psnr_y(enlarge(low, 4), whole) < 40


@needs_wheels
def test_the_cache_gives_the_same_picture_and_says_so(tmp_path: Path) -> None:
    low = data.chelsea()[100:124, 100:132]
    peer = Peer("span-kendata", threads=1, cache=tmp_path)
    first, second = peer.enlarge(low), peer.enlarge(low)
    assert not first.cached
    assert second.cached
    assert second.seconds == first.seconds
    assert np.array_equal(first.picture, second.picture)
    assert not peer.enlarge(low, fresh=True).cached
    assert not peer.enlarge(low[::-1].copy()).cached
