"""Damaged files: each a picture or a sentence, in time and in little memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.fuzz import DAMAGES, MOST_BYTES, MOST_SECONDS, bases, damaged, read_all
from restorer.batch import item_steps
from restorer.batch.item_steps import Names, Place, Verdict
from restorer.batch.journal import Journal
from restorer.batch.recipe import JobRecipe
from restorer.errors import PhotoError
from restorer.photo import read_photo
from tests.batch.conftest import found_in

Make = Callable[..., JobRecipe]


def test_a_hundred_and_fifty_damaged_files_are_each_a_picture_or_a_sentence(tmp_path: Path) -> None:
    outcome = read_all(damaged(150, seed=11), tmp_path)
    assert outcome.wrong == []
    assert outcome.pictures + outcome.sentences == 150
    assert outcome.pictures > 10  # flipped bits in pixels do no harm
    assert outcome.sentences > 50
    assert outcome.slowest <= MOST_SECONDS
    assert outcome.memory <= MOST_BYTES


def test_the_fuzzer_starts_from_valid_files_and_uses_every_damage(tmp_path: Path) -> None:
    for index, (suffix, content) in enumerate(bases()):
        path = tmp_path / f"{index}.{suffix}"
        path.write_bytes(content)
        assert read_photo(path).size == ((64, 48) if suffix in ("heic", "dng") else (61, 47))
    names = {name for name, _ in damaged(len(bases()) * len(DAMAGES), seed=1)}
    assert {name.split()[1].split(".")[0] for name in names} == {damage.__name__ for damage in DAMAGES}


@pytest.mark.parametrize("progressive", [False, True])
def test_a_small_jpeg_that_claims_225_megapixels_is_incomplete_not_gigabytes(
    tmp_path: Path, progressive: bool
) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (64, 48), "grey").save(path, progressive=progressive)
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xc2\0" if progressive else b"\xff\xc0\0")
    data[at + 5 : at + 9] = (15_000).to_bytes(2, "big") * 2
    path.write_bytes(data)
    with pytest.raises(PhotoError, match=r"a\.jpg is incomplete"):
        read_photo(path)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_emptiest_jpeg_there_is_can_still_be_read(tmp_path: Path, mode: str, progressive: bool) -> None:
    path = tmp_path / "a.jpg"
    Image.new(mode, (4000, 3000)).save(path, progressive=progressive, quality=1, optimize=True)
    assert read_photo(path).size == (4000, 3000)


def test_a_terabyte_of_nothing_is_refused_from_its_header_and_not_hashed(
    tmp_path: Path, out: Path, recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "sparse.jpg"
    source.write_bytes(b"")
    try:
        os.truncate(source, 2**40)
    except OSError:
        pytest.skip("this disk holds no such file")
    monkeypatch.setattr(item_steps, "_sha256", lambda path: pytest.fail(f"{path} was hashed"))
    with Journal(out) as journal:
        (number,) = journal.add(found_in(source), recipe())
        item = journal.claim(number)
        assert item is not None
        verdict = item_steps.look(item, Place.of(out), Names(journal.is_source, journal.another_name))
    assert isinstance(verdict, Verdict)
    assert "sparse.jpg is not an image" in verdict.message
