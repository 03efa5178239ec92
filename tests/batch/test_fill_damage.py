"""Damage of a folder's photos is filled where that is asked for, and only by a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.batch.job import BatchJob
from restorer.batch.journal import Journal
from restorer.batch.recipe import JobRecipe
from restorer.batch.runner import Agenda, run_items
from restorer.errors import RequestError
from restorer.photo import read_photo, read_provenance
from tests.batch.conftest import found_in
from tests.tiny_packs import write_finder


@pytest.fixture
def scratched(tmp_path: Path, chelsea: np.ndarray) -> Path:
    """A folder with one photo that has a white scratch in columns 30 and 31."""
    folder = tmp_path / "scratched"
    folder.mkdir()
    pixels = chelsea[:60, :80].copy()
    pixels[:, 30:32] = 255
    Image.fromarray(pixels).save(folder / "old.png")
    return folder


def restored(folder: Path, out: Path, recipe: JobRecipe) -> Path:
    with Journal(out) as journal:
        list(run_items(journal, Agenda(journal.add(found_in(folder), recipe))))
        (item,) = journal.items()
        assert item.output is not None, item.message
        return out / item.output


def test_only_where_it_is_asked_for_a_model_finds_damage_and_it_is_filled_first(
    scratched: Path, tmp_path: Path, recipe: Callable[..., JobRecipe], home: Path
) -> None:
    write_finder()
    plain = restored(scratched, tmp_path / "plain", recipe())
    filled = restored(scratched, tmp_path / "filled", recipe(fill_damage=True))
    assert "RepairFill" not in read_provenance(plain)
    facts = read_provenance(filled)
    assert facts["RepairStrength"] == "0.2"
    assert float(facts["RepairedShare"]) > 0
    scratch = (slice(None), slice(121, 127))
    assert read_photo(filled).pixels[scratch].mean() < read_photo(plain).pixels[scratch].mean() - 20


def test_without_a_model_that_finds_damage_it_is_refused_before_anything_is_done(
    recipe: Callable[..., JobRecipe],
) -> None:
    with pytest.raises(RequestError, match="No installed model finds damage, and in a folder nobody looks"):
        recipe(fill_damage=True)


def test_recipes_and_jobs_of_before_read_as_ever_and_the_wish_is_kept(home: Path) -> None:
    assert "fill_damage" not in JobRecipe().to_text()
    wanted = JobRecipe(fill_damage=True)
    assert JobRecipe.from_text(wanted.to_text()).fill_damage
    assert wanted.fingerprint != JobRecipe().fingerprint
    assert not BatchJob().fill_damage
    assert BatchJob.from_text(BatchJob(fill_damage=True).to_text()).fill_damage
