"""What networks are told of wear: the person's word or an estimate, and the result says which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer import paths
from restorer.batch.job import BatchJob
from restorer.packs import catalog
from restorer.photo import Photo
from restorer.photo.reading import read_photo
from restorer.photo.wear import estimate_wear, wear_of
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.plan import LEAST_CLEAN_UP, WORN, auto_clean_up, heeds_clean_up, plan_restore
from restorer.pipeline.request import Preset, RestoreRequest
from tests.tiny_packs import write_pack


@pytest.fixture
def told(home: Path, tiny_pack: str) -> str:
    """A tiny pack whose network is told three numbers, the third of which is the wear."""
    from restorer.diffusion.nn.unet import UNetConfig

    shape = UNetConfig(block=4, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16, told=3)
    facts = {**catalog.named(tiny_pack).config, "kind": "photo-sr"}
    for name in ("network", "weights", "name", "format"):
        facts.pop(name)
    write_pack(home / "tiny-told", shape, facts)
    return "tiny-told"


def restored(photo: Photo, model: str, clean_up: float | None) -> Done:
    request = RestoreRequest(photo, model=model, steps=1, device="cpu", preview_side=0, clean_up=clean_up)
    *_, done = restore.run(request)
    assert isinstance(done, Done)
    return done


def test_a_result_says_what_its_network_was_told(told: str, tiny_pack: str, chelsea: np.ndarray) -> None:
    photo = Photo(np.ascontiguousarray(chelsea[:96, :96]))
    estimated, said = restored(photo, told, None), restored(photo, told, 0.9)
    assert estimated.provenance["Wear"] == pytest.approx(wear_of(photo), abs=5e-4)
    assert "CleanUp" not in estimated.provenance
    assert said.provenance["CleanUp"] == 0.9
    assert "Wear" not in said.provenance
    assert not np.array_equal(estimated.photo.pixels, said.photo.pixels)
    assert not {"Wear", "CleanUp"} & set(restored(photo, tiny_pack, 0.9).provenance)


def test_clean_up_counts_only_where_a_network_is_told(told: str, tiny_pack: str) -> None:
    asked = RestoreRequest(Path(), model=told)
    assert heeds_clean_up(asked)
    assert not heeds_clean_up(replace(asked, model=tiny_pack))
    assert not heeds_clean_up(replace(asked, model="nothing-of-this-name"))


@pytest.mark.parametrize(
    ("scale", "wear", "clean_up", "model", "name"),
    [
        (4, None, None, None, "sr3-photo-large"),
        (4, 0.3, None, None, "sr3-photo-large"),
        (4, 0.4, None, None, "sr3-photo-scans"),
        (4, 0.9, 0.0, None, "sr3-photo-large"),
        (4, 0.0, 0.1, None, "sr3-photo-scans"),
        (1, 0.4, None, None, "sr3-photo-scans"),
        (8, 0.4, None, None, "sr3-photo-scans + sr3-photo-large"),
        (4, 0.9, None, "sr3-photo", "sr3-photo"),
        (4, 0.0, None, "sr3-photo-scans", "sr3-photo-scans"),
    ],
)
def test_a_worn_photo_goes_through_the_network_that_is_told_of_wear(
    scale: int, wear: float | None, clean_up: float | None, model: str | None, name: str
) -> None:
    asked = RestoreRequest(Path(), scale, clean_up=clean_up, model=model)
    assert plan_restore(asked, wear).name == name
    assert heeds_clean_up(asked) == (model != "sr3-photo")


def test_auto_sees_that_a_scan_is_worn_and_a_reduced_picture_is_not() -> None:
    from skimage import data

    scan = read_photo(paths.resources_dir() / "samples" / "news-vendors-1896.jpg")
    worn = replace(scan, pixels=np.ascontiguousarray(scan.pixels[100:196, 100:196]))
    clean = Photo(np.asarray(Image.fromarray(data.coffee()).resize((150, 100), Image.Resampling.BICUBIC)))
    found = {}
    for name, photo in (("worn", worn), ("clean", clean)):
        request = RestoreRequest(photo, preset=Preset.DRAFT, device="cpu", preview_side=0)
        *_, done = restore.run(request)
        assert isinstance(done, Done)
        found[name] = done
    assert found["worn"].model == "sr3-photo-scans"
    assert found["worn"].provenance["Wear"] >= WORN
    assert found["clean"].model == "sr3-photo"
    assert "Wear" not in found["clean"].provenance


def test_auto_cleans_a_worn_photo_by_no_less_than_is_needed_for_calm_skin() -> None:
    assert [auto_clean_up(wear) for wear in (0.0, WORN - 0.01, WORN, 0.7, 1.0)] == [
        0,
        0,
        LEAST_CLEAN_UP,
        0.7,
        1,
    ]
    scan = read_photo(paths.resources_dir() / "samples" / "news-vendors-1896.jpg")
    worn = replace(scan, pixels=np.ascontiguousarray(scan.pixels[100:196, 100:196]))
    request = RestoreRequest(worn, preset=Preset.DRAFT, device="cpu", preview_side=0)
    *_, done = restore.run(request)
    assert isinstance(done, Done)
    assert done.provenance["Wear"] == pytest.approx(auto_clean_up(wear_of(worn)), abs=1e-3)


def test_a_folder_names_both_networks_that_a_photo_may_go_through() -> None:
    both = BatchJob().recipe().with_models().models
    assert [each.partition(":")[0] for each in both] == ["sr3-photo-large", "sr3-photo-scans"]
    sharp = BatchJob(clean_up=0.0).recipe().with_models().models
    assert [each.partition(":")[0] for each in sharp] == ["sr3-photo-large"]


def test_the_estimate_by_patches_is_that_of_the_whole_photo(chelsea: np.ndarray) -> None:
    whole = torch.from_numpy(Photo(chelsea).to_float().transpose(2, 0, 1).copy())[None]
    assert wear_of(Photo(chelsea)) == estimate_wear(whole)
    assert wear_of(Photo(chelsea[:40])) == 0.5


def test_a_folder_job_hands_it_to_its_recipe() -> None:
    assert BatchJob(clean_up=0.2).recipe().request.clean_up == 0.2
    assert BatchJob.from_text(BatchJob(clean_up=0.2).to_text()).clean_up == 0.2
    older = BatchJob().to_text().replace(', "clean_up": null', "")
    assert "clean_up" not in older
    assert BatchJob.from_text(older) == BatchJob()
