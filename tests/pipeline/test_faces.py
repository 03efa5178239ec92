"""Nothing is invented in faces that are too small to be known, and all else stays what the network made."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data

from restorer import paths
from restorer.batch.recipe import JobRecipe
from restorer.opencv import opencv
from restorer.packs import pack as pack_module
from restorer.photo import Photo
from restorer.photo.faces import Face, find_faces
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Preview, Progress
from restorer.pipeline.faces.protection import BOUND, SOFT, Protection, ellipse, protected_share
from restorer.pipeline.request import Faces, RestoreRequest
from restorer.pipeline.resume import checkpoint
from restorer.pipeline.stage import tiled_stage
from tests.conftest import make_tiny_pack

SIDE = 96
"""Of the photo, whose one face is about 21 pixels wide and lies near (66, 42)."""


@pytest.fixture(scope="module")
def photo() -> Photo:
    """A photo with one small face, at (x, y) = (66, 42)."""
    cv = opencv()
    portrait = np.ascontiguousarray(data.astronaut()[0:240, 100:340])
    picture = np.full((SIDE, SIDE, 3), 120, np.uint8)
    picture[12:72, 36:96] = cv.resize(portrait, (60, 60), interpolation=cv.INTER_AREA)
    return Photo(picture)


@pytest.fixture
def asked(tiny_pack: str, photo: Photo) -> RestoreRequest:
    return RestoreRequest(photo, model=tiny_pack, steps=2, device="cpu", seed=4, preview_side=0)


def finish(request: RestoreRequest) -> Done:
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last


def pixels(request: RestoreRequest) -> np.ndarray:
    return finish(request).photo.pixels.astype(int)


def of_the_network(picture: np.ndarray, off: np.ndarray, photo: Photo, where: np.ndarray) -> float:
    """Correlation of what a picture and the network's answer have beyond the plainly enlarged photo."""
    size = picture.shape[1::-1]
    plain = opencv().resize(photo.pixels, size, interpolation=opencv().INTER_CUBIC).astype(int)
    found = np.corrcoef((picture - plain).mean(2)[where], (off - plain).mean(2)[where])
    return float(found[0, 1])


def share_of(face: Face, scale: int) -> np.ndarray:
    return ellipse(face, (0, 0), (SIDE * scale, SIDE * scale), scale)[0, 0].numpy()


def test_a_small_face_is_the_photos_own_and_the_rest_is_the_networks(
    asked: RestoreRequest, photo: Photo
) -> None:
    (face,) = find_faces(photo)
    assert face.width < BOUND
    off, protected = pixels(dataclasses.replace(asked, faces=Faces.OFF)), pixels(asked)
    share = share_of(face, 4)
    assert np.array_equal(protected[share == 0], off[share == 0])
    assert abs(of_the_network(protected, off, photo, share == 1)) < 0.2
    assert abs(protected - off)[share == 1].mean() > 2


def test_a_protected_face_has_as_much_grain_as_what_is_around_it(asked: RestoreRequest, photo: Photo) -> None:
    (face,) = find_faces(photo)
    share = share_of(face, 4)
    off, protected = (
        pixels(dataclasses.replace(asked, faces=kind)).mean(2) for kind in (Faces.OFF, Faces.PROTECT)
    )
    fine = [np.abs(each - np.asarray(opencv().blur(each, (3, 3)))) for each in (off, protected)]
    around, inside = np.median(fine[0][share == 0]), np.median(fine[1][share == 1])
    assert 0.4 * around < inside < 2.5 * around


def test_provenance_says_which_faces_were_protected(asked: RestoreRequest, photo: Photo) -> None:
    facts = finish(asked).provenance
    assert facts["Faces"] == "protect"
    assert facts["FacesProtected"] == " ".join(map(str, find_faces(photo)[0].box))
    assert {"Faces", "FacesProtected"}.isdisjoint(
        finish(dataclasses.replace(asked, faces=Faces.OFF)).provenance
    )


@pytest.mark.parametrize("box", [(60, 30, 20, 20), (20, 35, 45, 20)])
def test_a_region_has_the_faces_of_the_whole_run(
    asked: RestoreRequest, box: tuple[int, int, int, int]
) -> None:
    whole, part = pixels(asked), pixels(dataclasses.replace(asked, region=box))
    left, top, width, height = (4 * side for side in box)
    difference = np.abs(part - whole[top : top + height, left : left + width])
    assert np.percentile(difference, 99) <= 2
    assert part.shape == (height, width, 3)


def test_tiles_do_not_change_a_protected_face(asked: RestoreRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pixels(asked)
    monkeypatch.setattr(pack_module.Pack, "margin", property(lambda _: 64))
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 128)
    assert np.percentile(np.abs(pixels(asked) - whole), 99) <= 2


def test_a_chain_protects_at_its_end(chain_pack: str, asked: RestoreRequest, photo: Photo) -> None:
    request = dataclasses.replace(asked, model=chain_pack, scale=8, steps=1)
    off, protected = pixels(dataclasses.replace(request, faces=Faces.OFF)), pixels(request)
    share = share_of(find_faces(photo)[0], 8)
    assert np.array_equal(protected[share == 0], off[share == 0])
    assert abs(of_the_network(protected, off, photo, share == 1)) < 0.2


def _steps(request: RestoreRequest) -> Iterator[tuple[int, int]]:
    """(stage, step) at each Progress, stages counted from 1."""
    stage, last = 1, 0
    for event in restore.run(request):
        if isinstance(event, Progress):
            stage += event.step < last
            last = event.step
            yield stage, event.step


@pytest.mark.usefixtures("kept_at_once")
def test_a_run_that_goes_on_after_repair_and_a_stage_has_the_same_bytes(
    chain_pack: str, home: Path, asked: RestoreRequest
) -> None:
    make_tiny_pack(paths.packs_dir(), "sr3-repair", scales=(1,), kind="photo-repair")
    request = dataclasses.replace(asked, model=chain_pack, scale=8, steps=2, repair=True)
    whole = pixels(request)
    kept = dataclasses.replace(request, keep=checkpoint.new_folder())
    walk = _steps(kept)
    stages = len(restore.plan_restore(request).stages)
    for at in walk:
        if at == (stages, 2):
            break
    walk.close()  # type: ignore[attr-defined]
    (left,) = checkpoint.unfinished()
    again = checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder))
    assert again.faces is Faces.PROTECT
    assert next(_steps(again)) == (1, 2), "its last step alone is left"
    assert np.array_equal(pixels(again), whole)


def test_previews_of_the_last_stage_show_the_protected_face(asked: RestoreRequest, photo: Photo) -> None:
    shown = {}
    for faces in (Faces.OFF, Faces.PROTECT):
        request = dataclasses.replace(asked, faces=faces, preview_side=4 * SIDE)
        *_, shown[faces] = (
            event.image.astype(int) for event in restore.run(request) if isinstance(event, Preview)
        )
    changed = np.abs(shown[Faces.OFF] - shown[Faces.PROTECT]).max(2) > 0
    share = share_of(find_faces(photo)[0], 4)
    assert not changed[share == 0].any()
    assert changed[share == 1].mean() > 0.8


def test_a_face_is_less_and_less_protected_above_the_bound() -> None:
    widths = (10, BOUND, (1 + SOFT) / 2 * BOUND, SOFT * BOUND, 300)
    assert [protected_share(width) for width in widths] == pytest.approx([1, 1, 0.5, 0, 0])


def test_a_picture_without_small_faces_is_left_as_it_is() -> None:
    picture = torch.zeros(1, 3, 8, 8)
    assert Protection((), (8, 8), 1, 0, 0.0, 0.0, None).over(picture, (0, 0)) is picture


def test_a_face_at_the_edge_of_the_photo_is_protected_as_far_as_it_goes() -> None:
    face = Face((2.0, 30.0), (20.0, 26.0), 30.0, (), 0.9)
    protection = Protection((face,), (40, 33), 2, 1, 0.1, 0.5, None)
    protection.use(torch.rand(1, 3, 33, 40, generator=torch.Generator().manual_seed(0)) * 2 - 1, (0, 0))
    over = protection.over(torch.zeros(1, 3, 66, 80), (0, 0))
    assert over.shape == (1, 3, 66, 80)
    assert bool((over[..., 60:, :4] != 0).all())
    assert not bool(over[..., :20, :].any())
    assert protection.grown((5, 10, 4, 4))[0] == 0
    assert protection.grown((34, 0, 4, 4)) == (34, 0, 4, 4)


def test_recipes_and_states_of_before_leave_faces_to_the_network() -> None:
    new = JobRecipe()
    assert new.request.faces is Faces.PROTECT
    assert JobRecipe.from_text(new.to_text()).request.faces is Faces.PROTECT
    old = dataclasses.replace(new, request=dataclasses.replace(new.request, faces=Faces.OFF))
    assert "faces" not in json.loads(old.to_text())["request"]
    assert JobRecipe.from_text(old.to_text()).request.faces is Faces.OFF
    assert old.fingerprint != new.fingerprint
