"""What networks are told of wear: the person's word or an estimate, and the result says which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from restorer.batch.job import BatchJob
from restorer.packs import catalog
from restorer.photo import Photo
from restorer.photo.wear import estimate_wear, wear_of
from restorer.pipeline import restore
from restorer.pipeline.events import Done
from restorer.pipeline.plan import heeds_clean_up
from restorer.pipeline.request import RestoreRequest
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
