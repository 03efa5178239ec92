"""Restored faces stay apart from the result: each can be set afterwards as a run would have set it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from restorer.errors import RequestError
from restorer.photo import Photo
from restorer.photo.faces import find_faces
from restorer.pipeline import restore
from restorer.pipeline.events import Treatment
from restorer.pipeline.faces.layers import (
    FaceLayer,
    chosen,
    faced,
    facts_of_faces,
    merged,
    spread,
    with_choices,
)
from restorer.pipeline.faces.restoration import FaceAsked, more_versions
from restorer.pipeline.finish import Finish, Finisher
from restorer.pipeline.network_cache import NetworkCache
from restorer.pipeline.request import FaceChoice, Faces, RestoreRequest
from tests.pipeline.test_face_restore import asked, face_pack, finish, photo

__all__ = ["asked", "face_pack", "photo"]


def test_faces_set_afterwards_are_those_that_a_run_sets(asked: RestoreRequest, photo: Photo) -> None:
    plain = finish(dataclasses.replace(asked, faces=Faces.PROTECT))
    done = finish(dataclasses.replace(asked, face_versions=3))
    (layer,) = done.face_layers
    assert [version.seed for version in layer.versions] == [4, 5, 6]
    finisher = Finisher(photo, done.photo, done.seed, layers=done.face_layers, faces=done.faces)
    for choice in (FaceChoice(0, 1.0, 4), FaceChoice(0, 0.4, 4), FaceChoice(0, 0.8, 6)):
        run = finish(dataclasses.replace(asked, face_choices=(choice,)))
        after = finisher.whole(Finish(faces=(choice,)))
        assert np.array_equal(after.pixels, run.photo.pixels)
        assert with_choices(done.faces, (choice,)) == run.faces
        assert facts_of_faces(run.faces).items() <= run.provenance.items()
    left = finisher.whole(Finish(faces=(FaceChoice(0, 0.0, 4),)))
    assert np.array_equal(left.pixels, plain.photo.pixels)
    assert plain.face_layers == ()
    part = finisher.part((80, 64, 96, 128), Finish(faces=(FaceChoice(0, 0.4, 5),)), 1)
    whole = finisher.whole(Finish(faces=(FaceChoice(0, 0.4, 5),))).pixels[64:192, 80:176]
    by_area = whole.reshape(64, 2, 48, 2, 3).mean(axis=(1, 3))
    assert np.abs(part - by_area).max() <= 1


def test_versions_made_later_are_those_of_the_run(asked: RestoreRequest, photo: Photo) -> None:
    three = finish(dataclasses.replace(asked, face_versions=3)).face_layers[0]
    one = finish(asked).face_layers[0]
    assert len(one.versions) == 1
    assert spread(one) is None
    how = FaceAsked("tiny-face", asked.preset, asked.fidelity, asked.colour_lock, "cpu")
    (face,) = find_faces(photo)
    made = more_versions(one, face, how, 128, 2, None, (5, 6), restore.run, NetworkCache())
    *before, last = made
    assert before
    assert set(before) == {None}, "it can be stopped between evaluations"
    assert isinstance(last, FaceLayer)
    (both,) = merged((one,), (last,))
    assert [version.seed for version in both.versions] == [4, 5, 6]
    for mine, theirs in zip(both.versions, three.versions, strict=True):
        assert np.array_equal(mine.pixels, theirs.pixels)
    (twice,) = merged((both,), (last,))
    assert len(twice.versions) == 3, "no version is there twice"
    value = spread(both)
    assert value is not None
    assert value > 0


def test_a_region_keeps_no_layers_and_grey_and_sixteen_bits_stay(asked: RestoreRequest, photo: Photo) -> None:
    assert finish(dataclasses.replace(asked, region=(60, 50, 40, 30))).face_layers == ()
    grey = Photo(photo.pixels.mean(2, keepdims=True).astype(np.uint16) * 257)
    done = finish(dataclasses.replace(asked, source=grey))
    (layer,) = done.face_layers
    assert (layer.under.dtype, layer.under.shape[2]) == (np.uint16, 1)
    pixels = faced(done.photo.pixels, (0, 0, *done.photo.size), done.face_layers, chosen(done.faces))
    assert np.array_equal(pixels, done.photo.pixels)


def test_neighbours_whose_boxes_meet_do_not_undo_each_other() -> None:
    base = np.full((8, 20, 3), 100, np.uint8)

    def layer(number: int, left: int, value: int) -> FaceLayer:
        from restorer.pipeline.faces.layers import FaceVersion

        box = (left, 0, 12, 8)
        under = base[:, left : left + 12].copy()
        over = under.copy()
        over[2:6, 3:9] = value  # in the middle; the boxes meet at their edges
        return FaceLayer(number, box, under, (FaceVersion(1, over),), np.zeros((4, 4, 3), np.uint16))

    layers = (layer(0, 0, 200), layer(3, 8, 40))
    both = {0: FaceChoice(0, 1.0, 1), 3: FaceChoice(3, 0.5, 1)}
    out = faced(base, (0, 0, 20, 8), layers, both)
    assert set(np.unique(out[2:6, 3:9])) == {200}
    assert set(np.unique(out[2:6, 11:17])) == {70}
    assert set(np.unique(out[:2])) == {100}
    part = faced(out[3:5, 2:14], (2, 3, 12, 2), layers, {**both, 0: FaceChoice(0, 0.0, 1)})
    assert set(np.unique(part[:, :9])) == {100}


def test_a_face_that_is_as_the_run_left_it_is_no_change() -> None:
    as_run = FaceChoice(2, 1.0, 7)
    finish = Finish(0.9).with_face(FaceChoice(2, 0.5, 7), as_run).with_face(FaceChoice(0, 1.0, 3), as_run)
    assert finish.faces == (FaceChoice(0, 1.0, 3), FaceChoice(2, 0.5, 7))
    assert finish.with_face(as_run, as_run).faces == (FaceChoice(0, 1.0, 3),)
    assert Finish().with_face(as_run, as_run) == Finish()
    assert not Finish().with_face(as_run, as_run).changes


def test_strengths_of_zero_are_no_restored_faces(asked: RestoreRequest) -> None:
    done = finish(dataclasses.replace(asked, face_choices=(FaceChoice(0, 0.5),)))
    assert done.provenance["FaceStrengths"] == "0.5"
    assert done.provenance["FaceSeeds"] == "4"
    assert done.faces[0].treatment is Treatment.RESTORED
    assert facts_of_faces(with_choices(done.faces, (FaceChoice(0, 0.0, 4),))) == {}
    with pytest.raises(RequestError, match="versions of a face"):
        dataclasses.replace(asked, face_versions=0)
