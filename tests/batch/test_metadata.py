"""What a folder job keeps of each photo's metadata, and journals that know nothing of the choice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.batch.journal import Journal, journal_path
from restorer.batch.multi_device import devices_for
from restorer.batch.recipe import JobRecipe
from restorer.batch.runner import Agenda, run_items
from restorer.batch.schema import ItemState
from restorer.cli import main as cli
from restorer.errors import RequestError
from restorer.photo import read_photo
from restorer.preferences import Metadata
from tests.batch.conftest import found_in

GPS, ARTIST = 34853, 315
Batch = Callable[..., int]
Make = Callable[..., JobRecipe]


def save_told(path: Path) -> Path:
    """A small photo that tells who took it and where."""
    exif = Image.Exif()
    exif[ARTIST] = "Emma Vogel"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (48.0, 8.0, 17.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(7).integers(0, 256, (20, 24, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, exif=exif)
    return path


def who_and_where(path: Path) -> tuple[object, bool]:
    with Image.open(path) as image:
        exif = image.getexif()
        return exif.get(ARTIST), bool(exif.get_ifd(GPS))


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return save_told(tmp_path / "scans" / "told.jpg").parent


KEPT = [("all", ("Emma Vogel", True)), ("no-place", ("Emma Vogel", False)), ("none", (None, False))]


@pytest.mark.parametrize(("choice", "left"), KEPT)
def test_a_folder_keeps_as_much_of_the_metadata_as_is_asked(
    told: Path, out: Path, batch: Batch, choice: str, left: tuple[object, bool]
) -> None:
    assert batch(told, out, "--metadata", choice) == 0
    assert who_and_where(out / "told_4x.jpg") == left


@pytest.mark.parametrize(("choice", "left"), KEPT)
def test_a_single_photo_has_the_same_option(
    told: Path, out: Path, tiny_pack: str, choice: str, left: tuple[object, bool]
) -> None:
    photo, result = str(told / "told.jpg"), str(out.with_suffix(".jpg"))
    words = ["restore", photo, "-o", result, "--model", tiny_pack, "--steps", "1", "--device", "cpu"]
    assert cli.main([*words, "--metadata", choice]) == 0
    assert who_and_where(Path(result)) == left


def test_the_choice_decides_the_result_and_survives_in_the_journal(recipe: Make) -> None:
    plain, bare = recipe(), recipe(metadata=Metadata.NO_PLACE, sixteen=True)
    again = JobRecipe.from_text(bare.to_text())
    assert (again.metadata, again.sixteen) == (Metadata.NO_PLACE, True)
    assert len({recipe.fingerprint for recipe in (plain, bare, recipe(metadata=Metadata.NO_PLACE))}) == 3


def test_a_recipe_of_before_reads_as_it_was_meant_and_is_the_same_recipe(recipe: Make) -> None:
    text = recipe().to_text()
    assert {"metadata", "sixteen"}.isdisjoint(json.loads(text)), "an older app can read it"
    before = JobRecipe.from_text(text)
    assert (before.metadata, before.sixteen) == (Metadata.ALL, False)
    assert before.fingerprint == recipe(metadata="all", sixteen=False).fingerprint


def test_an_older_journal_goes_on_as_it_was_begun(told: Path, out: Path, recipe: Make) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(told), recipe())
    with sqlite3.connect(journal_path(out)) as db:  # what the version before would have written
        (text,) = db.execute("SELECT recipe FROM items").fetchone()
    db.close()
    assert "metadata" not in text
    with Journal(out) as journal:
        list(run_items(journal, Agenda(ids)))
        assert [item.state for item in journal.items()] == [ItemState.DONE]
        assert journal.add(found_in(told), recipe()) == ids
        assert [item.state for item in journal.items()] == [ItemState.DONE], "nothing is made again"
        assert who_and_where(out / "told_4x.jpg") == ("Emma Vogel", True)


def test_a_job_that_was_stopped_goes_on_with_its_own_choice(told: Path, out: Path, recipe: Make) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(told), recipe(metadata=Metadata.NO_PLACE))
    with Journal(out) as journal:  # another process; it reads the recipe from the list
        list(run_items(journal, Agenda(ids)))
    assert who_and_where(out / "told_4x.jpg") == ("Emma Vogel", False)


@pytest.fixture
def two_kinds(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.png"):
        save_told(tmp_path / "kinds" / name)
    return tmp_path / "kinds"


def test_sixteen_bits_go_where_the_format_holds_them(two_kinds: Path, out: Path, recipe: Make) -> None:
    with Journal(out) as journal:
        ids = journal.add(found_in(two_kinds), recipe(sixteen=True))
        list(run_items(journal, Agenda(ids)))
    assert read_photo(out / "a_4x.jpg").bits == 8
    result = read_photo(out / "b_4x.png")
    assert result.bits == 16
    assert (result.pixels % 257).any(), "more than the 256 levels that were there"


def test_a_device_that_is_not_there_is_said_once_and_for_all() -> None:
    with pytest.raises(RequestError, match="no device 'cuda:77'"):
        devices_for("cuda:77")
    assert devices_for("cpu") == ["cpu"]
