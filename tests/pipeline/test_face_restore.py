"""Faces that are known well enough go through a face network, each by itself, and are blended back."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from restorer.cli.main import main
from restorer.errors import RequestError
from restorer.opencv import opencv
from restorer.packs import catalog
from restorer.photo import Photo, read_provenance
from restorer.photo.faces import Face, find_faces
from restorer.pipeline import restore
from restorer.pipeline.events import Done, Progress, Treatment
from restorer.pipeline.faces.protection import BOUND, SOFT, ellipse
from restorer.pipeline.faces.restoration import RestoredFrame, blended, fitting_scale
from restorer.pipeline.request import FaceChoice, Faces, RestoreRequest
from restorer.pipeline.resume import checkpoint
from tests.conftest import make_tiny_pack

SIDE = 160


@pytest.fixture
def face_pack(home: Path) -> str:
    """Name of a tiny random pack for faces, 4x and 8x in a frame of 128 pixels."""
    return make_tiny_pack(home, "tiny-face", scales=(4, 8), kind="face-sr").name


@pytest.fixture(scope="module")
def photo() -> Photo:
    """A photo with one face of about 52 pixels: known, and smaller than in the frame."""
    portrait = np.ascontiguousarray(data.astronaut()[0:240, 100:340])
    picture = np.full((SIDE, SIDE, 3), 120, np.uint8)
    picture[:148, 6:154] = opencv().resize(portrait, (148, 148), interpolation=opencv().INTER_AREA)
    return Photo(picture)


@pytest.fixture
def asked(chain_pack: str, face_pack: str, photo: Photo) -> RestoreRequest:
    steps = {"steps": 1, "scale": 2, "device": "cpu", "seed": 4, "preview_side": 0}
    return RestoreRequest(photo, model=chain_pack, faces=Faces.RESTORE, **steps)  # type: ignore[arg-type]


def finish(request: RestoreRequest) -> Done:
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last


def test_a_known_face_is_restored_alone_as_far_as_is_asked(asked: RestoreRequest, photo: Photo) -> None:
    (face,) = find_faces(photo)
    assert face.width > SOFT * BOUND
    plain = finish(dataclasses.replace(asked, faces=Faces.PROTECT))
    done = finish(asked)
    assert [result.treatment for result in done.faces] == [Treatment.RESTORED]
    assert [result.treatment for result in plain.faces] == [Treatment.LEFT]
    share = ellipse(face, (0, 0), (2 * SIDE, 2 * SIDE), 2)[0, 0].numpy()
    change = np.abs(done.photo.pixels.astype(int) - plain.photo.pixels).max(2)
    assert not change[share == 0].any()
    assert change[share == 1].mean() > 1
    assert done.provenance["FacesRestored"] == " ".join(map(str, face.box))
    assert done.provenance["FaceModel"] == "tiny-face"
    # Half of it changes the picture half as far, none leaves it, another seed makes another face.
    half, none, other = (
        finish(dataclasses.replace(asked, face_choices=(choice,))).photo.pixels.astype(int)
        for choice in (FaceChoice(0, 0.5), FaceChoice(0, 0.0), FaceChoice(0, 1.0, 99))
    )
    assert np.array_equal(none, plain.photo.pixels)
    middle = (done.photo.pixels.astype(int) + plain.photo.pixels) / 2
    assert np.abs(half - middle).max() <= 1.5
    assert np.abs(other - done.photo.pixels).max() > 2


def test_a_region_has_the_restored_face_of_the_whole_run(asked: RestoreRequest) -> None:
    whole = finish(asked).photo.pixels.astype(int)
    left, top, width, height = box = (60, 50, 40, 30)
    part = finish(dataclasses.replace(asked, region=box)).photo.pixels.astype(int)
    there = whole[2 * top : 2 * (top + height), 2 * left : 2 * (left + width)]
    assert np.percentile(np.abs(part - there), 99) <= 3


def test_without_a_model_for_faces_the_sentence_says_what_to_do(chain_pack: str, photo: Photo) -> None:
    request = RestoreRequest(photo, model=chain_pack, scale=2, faces=Faces.RESTORE, device="cpu")
    with pytest.raises(RequestError, match="--faces protect"):
        next(restore.run(request))
    with pytest.raises(RequestError, match="does not restore faces"):
        catalog.face_restorer(chain_pack)


def test_a_face_in_its_frame_goes_straight_through(face_pack: str, tmp_path: Path, photo: Photo) -> None:
    small = opencv().resize(photo.pixels, (16, 16), interpolation=opencv().INTER_AREA)
    Image.fromarray(small).save(tmp_path / "face.png")
    words = ["restore", str(tmp_path / "face.png"), "-o", str(tmp_path / "out.png"), "--model", face_pack]
    assert main([*words, "--steps", "1", "--device", "cpu"]) == 0
    with Image.open(tmp_path / "out.png") as made:
        assert made.size == (64, 64), "the enlargement is the model's own"
    assert "FacesProtected" not in read_provenance(tmp_path / "out.png")


def test_a_model_for_faces_is_never_taken_for_photos(face_pack: str) -> None:
    assert catalog.face_restorer().name == face_pack
    assert catalog.find(4).name != face_pack


@pytest.mark.usefixtures("kept_at_once")
def test_what_is_asked_of_faces_survives_in_a_kept_run(asked: RestoreRequest) -> None:
    choices = (FaceChoice(0, 0.25, 7), FaceChoice(2))
    request = dataclasses.replace(asked, steps=2, face_choices=choices, keep=checkpoint.new_folder())
    events = restore.run(request)
    next(event for event in events if isinstance(event, Progress) and event.step == 2)
    events.close()
    (left,) = checkpoint.unfinished()
    again = checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder))
    assert (again.faces, again.face_choices) == (Faces.RESTORE, choices)


def test_a_face_with_more_pixels_than_the_frame_is_left(face_pack: str) -> None:
    pack, eyes = catalog.named(face_pack), ((0.0, 0.0), (1.0, 0.0), (0.5, 0.6), (0.06, 1.04), (0.95, 1.04))

    def of(size: float) -> Face:
        return Face((0.0, 0.0), (size, size), 0.0, tuple((x * size / 2, y * size / 2) for x, y in eyes), 1.0)

    assert fitting_scale(pack, of(300.0)) is None
    assert fitting_scale(pack, of(8.0)) == 8
    assert fitting_scale(pack, of(45.0)) == 4


def test_a_restored_face_takes_the_light_of_the_picture() -> None:
    face = find_faces(Photo(np.ascontiguousarray(data.astronaut()[0:240, 100:340])))[0]
    picture = torch.full((1, 3, 240, 240), -0.4)
    frame = RestoredFrame(face, np.full((128, 128, 3), 0.9, np.float32))
    made = blended(picture, frame, (0, 0), 1, 1.0, 0)
    assert float((made - picture).abs().max()) < 0.02
    assert blended(picture, frame, (0, 0), 1, 0.0, 0) is picture


@pytest.mark.parametrize("values", [{"face": -1}, {"face": 0, "strength": 1.5}])
def test_choices_out_of_range_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="strength of a face"):
        FaceChoice(**values)  # type: ignore[arg-type]
