"""Pairs of a study: the original, a small copy of it, and what the model makes of that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from skimage import data

from restorer.errors import PhotoError, RequestError
from restorer.pipeline import restore
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.pipeline.study import pairs
from restorer.pipeline.study.subject import StudyPair, Subject
from tests.conftest import make_tiny_pack


def pair_of(
    path: Path, subject: Subject = Subject.PHOTOS, asked: list[RestoreRequest] | None = None
) -> StudyPair:
    """The pair of a file, made by the engine itself with whatever is installed."""

    def run(request: RestoreRequest, networks: NetworkCache):  # type: ignore[no-untyped-def]
        if asked is not None:
            asked.append(request)
        return restore.run(request, networks)

    *before, last = pairs.made_pair(path, subject, 5, run, NetworkCache(), "cpu")
    assert len(before) > 2, "it can be stopped between evaluations"
    assert before == [None] * len(before)
    assert isinstance(last, StudyPair)
    return last


@pytest.fixture
def only_tiny(tiny_pack: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The tiny pack, with nothing that ships beside it."""
    from restorer import paths

    monkeypatch.setattr(paths, "shipped_models_dir", lambda: tmp_path / "none")
    return tiny_pack


def test_a_photo_gives_its_middle_and_the_model_what_it_makes_of_a_quarter(
    only_tiny: str, tmp_path: Path, chelsea: np.ndarray
) -> None:
    Image.fromarray(chelsea).save(tmp_path / "cat.png")  # 451 x 300
    asked: list[RestoreRequest] = []
    pair = pair_of(tmp_path / "cat.png", asked=asked)
    assert (pair.name, pair.model) == ("cat.png", only_tiny)
    assert pair.camera.shape == pair.made.shape == (300, 300, 3)
    assert np.array_equal(pair.camera, chelsea[:, 75:375])
    assert pair.given.shape == (75, 75, 3)
    assert np.abs(pair.given.astype(int) - pairs.split(pair.camera, 4)).max() == 0
    (request,) = asked
    assert (request.faces, request.seed, request.region) == (Faces.OFF, 5, None)


def test_a_large_photo_is_reduced_and_a_profile_is_no_sign(
    only_tiny: str, tmp_path: Path, chelsea: np.ndarray
) -> None:
    large = Image.fromarray(chelsea).resize((1353, 900), Image.Resampling.BICUBIC)
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    large.save(tmp_path / "cat.jpg", quality=95, icc_profile=grey)
    pair = pair_of(tmp_path / "cat.jpg")
    assert pair.camera.shape == (pairs.SIDE, pairs.SIDE, 3)
    assert pair.given.shape == (pairs.SIDE // 4, pairs.SIDE // 4, 3)


def test_a_face_is_shown_in_its_frame(home: Path, tmp_path: Path) -> None:
    make_tiny_pack(home, "tiny-face", scales=(4, 8), kind="face-sr")
    Image.fromarray(data.astronaut()).save(tmp_path / "eileen.png")
    asked: list[RestoreRequest] = []
    pair = pair_of(tmp_path / "eileen.png", Subject.FACES, asked)
    assert pair.camera.shape == pair.made.shape == (128, 128, 3)
    assert pair.given.shape == (32, 32, 3)
    assert asked[0].model == "tiny-face" == pair.model


def test_files_that_give_no_pair_say_why(home: Path, tmp_path: Path, chelsea: np.ndarray) -> None:
    small, cat = tmp_path / "small.png", tmp_path / "cat.png"
    Image.fromarray(chelsea[:90, :90]).save(small)
    Image.fromarray(chelsea).save(cat)

    def refused(path: Path, subject: Subject) -> None:
        next(pairs.made_pair(path, subject, 0, restore.run, NetworkCache(), "cpu"))

    with pytest.raises(PhotoError, match=r"small\.png is too small"):
        refused(small, Subject.PHOTOS)
    with pytest.raises(RequestError, match="No installed model restores faces"):
        refused(cat, Subject.FACES)
    make_tiny_pack(home, "tiny-face", scales=(4,), kind="face-sr")
    with pytest.raises(PhotoError, match=r"cat\.png shows no face"):
        refused(cat, Subject.FACES)


def test_a_folder_gives_its_photos_and_an_empty_one_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.png", "1.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert pairs.originals(tmp_path) == [tmp_path / "1.jpg", tmp_path / "b" / "2.png"]
    (tmp_path / "b" / "2.png").unlink()
    with pytest.raises(PhotoError, match="no photos in"):
        pairs.originals(tmp_path / "b")
