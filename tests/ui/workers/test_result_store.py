"""Results as files: back without a loss, no half files, swept up after a crash."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from restorer import paths
from restorer.damage.filled_pixels import FilledPixels
from restorer.errors import PhotoError
from restorer.photo import Photo
from restorer.photo.faces import Face
from restorer.pipeline.events import FaceResult, Treatment
from restorer.pipeline.faces.layers import FaceLayer, FaceVersion
from restorer.pipeline.run_control import RunControl
from tests.ui.results import done, noise
from ui.workers import result_store
from ui.workers.result_store import ResultStore, StoppedError, fetched, store


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("opaque", [True, False])
def test_result_comes_back_to_the_bit(
    tmp_path: Path, kind: type[np.unsignedinteger], channels: int, opaque: bool
) -> None:
    alpha = None if opaque else noise((33, 21), kind)
    photo = Photo(
        noise((33, 21, channels), kind),
        alpha,
        b"icc",
        b"exif",
        b"xmp",
        (300.0, 72.0),
        tmp_path / "a.tif",
        b"iptc",
    )
    stored = store(done(photo), tmp_path / "1", RunControl())
    assert stored.figures.photo.pixels.nbytes < 10
    back = fetched(stored)
    assert np.array_equal(back.photo.pixels, photo.pixels)
    assert back.photo.pixels.dtype == kind
    assert back.photo.alpha is None if opaque else np.array_equal(back.photo.alpha, alpha)
    for name in ("icc", "exif", "xmp", "iptc", "dpi", "path"):
        assert getattr(back.photo, name) == getattr(photo, name)
    for name in ("model", "seed", "consistency", "provenance", "stopped", "seconds"):
        assert getattr(back, name) == getattr(done(photo), name)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_layers_of_faces_come_back_and_a_wrong_size_is_refused(
    tmp_path: Path, kind: type[np.unsignedinteger]
) -> None:
    def layer(number: int, width: int, height: int, seeds: tuple[int, ...]) -> FaceLayer:
        versions = tuple(FaceVersion(seed, noise((height, width, 3), kind)) for seed in seeds)
        under, seen = noise((height, width, 3), kind), noise((8, 8, 3), np.uint16)
        return FaceLayer(number, (3, 4, width, height), under, versions, seen)

    layers = (layer(0, 12, 9, (7, 8, 9)), layer(4, 5, 6, (7,)))
    face = Face((9.0, 9.0), (8.0, 9.0), 3.0, ((1.0, 2.0),) * 5, 0.9)
    result = FaceResult(0, face, Treatment.RESTORED, 0.75, 9)
    whole = dataclasses.replace(done(Photo(noise((33, 21, 3), kind))), faces=(result,), face_layers=layers)
    stored = store(whole, tmp_path / "1", RunControl())
    for again in (stored, result_store.left(tmp_path / "1")):
        back = fetched(again)
        assert back.faces == (result,)
        for mine, theirs in zip(back.face_layers, layers, strict=True):
            assert (mine.number, mine.box) == (theirs.number, theirs.box)
            assert np.array_equal(mine.under, theirs.under)
            assert np.array_equal(mine.seen, theirs.seen)
            assert [each.seed for each in mine.versions] == [each.seed for each in theirs.versions]
            for one, other in zip(mine.versions, theirs.versions, strict=True):
                assert np.array_equal(one.pixels, other.pixels)
    figures = result_store.figures_path(tmp_path / "1")
    told = figures.read_text("utf-8")
    for wrong in ('"box": [3, 4, 13, 9]', '"box": [3, 4, 0, 9]', '"box": "x"', '"box": [3, 4, 99999999, 9]'):
        figures.write_text(told.replace('"box": [3, 4, 12, 9]', wrong), "utf-8")
        with pytest.raises(ValueError, match=r"another size|no box"):
            result_store.left(tmp_path / "1")


def test_what_was_filled_comes_back_and_a_wrong_number_is_refused(tmp_path: Path) -> None:
    places = np.array([3, 40, 41, 200])
    mended = FilledPixels(places, noise((4, 3), np.uint16))
    whole = dataclasses.replace(done(Photo(noise((33, 21, 3), np.uint16))), mended=mended)
    stored = store(whole, tmp_path / "1", RunControl())
    for again in (stored, result_store.left(tmp_path / "1")):
        back = fetched(again).mended
        assert back is not None
        assert np.array_equal(back.places, places)
        assert np.array_equal(back.pixels, mended.pixels)
        assert back.pixels.dtype == np.uint16
    figures = result_store.figures_path(tmp_path / "1")
    told = figures.read_text("utf-8")
    assert '"mended": 4' in told
    for wrong in ("5", "0", "-4", "4.0", "true", "1e30", "null", '"4"'):
        figures.write_text(told.replace('"mended": 4', f'"mended": {wrong}'), "utf-8")
        with pytest.raises(ValueError, match=r"another size|no number of pixels"):
            result_store.left(tmp_path / "1")


def test_damaged_short_or_missing_file_is_told_and_nothing_wrong_is_shown(tmp_path: Path) -> None:
    stored = store(done(Photo(noise((40, 40, 3)))), tmp_path / "1", RunControl())
    whole = stored.path.read_bytes()
    for content in (whole[:-1], b"\0" + whole[1:] if whole[0] else b"\1" + whole[1:], None):
        if content is None:
            stored.path.unlink()
        else:
            stored.path.write_bytes(content)
        with pytest.raises(PhotoError, match="version 7"):
            fetched(stored)


def test_half_a_file_never_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = Photo(noise((40, 40, 3)))
    control = RunControl()
    control.cancel()
    with pytest.raises(StoppedError):
        store(done(photo), tmp_path / "1", control)
    full = SimpleNamespace(free=result_store.RESERVED_BYTES + photo.pixels.nbytes - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(OSError, match="No space"):
        store(done(photo), tmp_path / "1", RunControl())
    assert not list(tmp_path.iterdir())


def test_leftovers_of_a_crash_are_swept_up_and_those_of_a_living_app_are_not(home: Path) -> None:
    code = "from ui.workers.result_store import ResultStore\n"
    code += "ResultStore().new_path(3).write_bytes(b'pixels'); import os; os._exit(9)"
    subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3])
    living = ResultStore()
    mine = living.new_path(1)
    mine.write_bytes(b"pixels")
    root = paths.cache_dir() / "results"
    assert len(list(root.iterdir())) == 2
    result_store.sweep()
    assert mine.exists()
    assert len(list(root.iterdir())) == 1
    living.close()
    assert not list(root.iterdir())
