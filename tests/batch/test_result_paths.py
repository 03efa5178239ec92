"""Every photo gets a place of its own among the results, whatever it is called."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from restorer.batch.result_paths import key, output_for
from restorer.errors import RequestError
from restorer.files.naming import TEMPLATE, check

VALUES = {"scale": 4, "preset": "best", "fidelity": 0.9, "seed": 7, "model": "m"}


def place(
    relative: str, taken: set[str], template: str = TEMPLATE, suffix: str = ".png", page: int = 0
) -> str:
    path = output_for(Path(relative), template, VALUES, suffix, page, taken.__contains__)
    taken.add(key(path))
    return str(path)


def test_sub_folders_are_mirrored_and_names_come_from_the_template() -> None:
    assert place("1890/summer/a.tif", set(), suffix=".tif") == "1890/summer/a_4x.tif"
    template = "{name}-{preset}-{seed}-{suffix}"
    assert place("1890/a.tif", set(), template) == "1890/a-best-7-tif.png"
    assert place("1890/a.tif", set(), page=3) == "1890/a-p3_4x.png"


def test_names_that_some_disk_takes_for_one_are_told_apart() -> None:
    taken: set[str] = set()
    alike = ["shelf/Photo.png", "shelf/photo.tif", "Shelf/PHOTO.bmp", "shelf/photo.jpg"]
    results = [place(name, taken) for name in alike]
    assert len({result.casefold() for result in results}) == 4
    one = unicodedata.normalize("NFC", "café.png")
    two = unicodedata.normalize("NFD", "café.png")
    assert key(Path(place(one, taken))) != key(Path(place(two, taken)))
    assert place("straße.png", taken).casefold() != place("STRASSE.png", taken).casefold()


@pytest.mark.parametrize(
    "name",
    [
        "写真",
        "صورة",
        "фото",
        "🖼️",
        "a b",
        "-rf",
        "line\nbreak",
        "'\"$(x)",
        "..hidden",
        "a.b.c",
        "\udcff\udcfe",
    ],
)
def test_a_name_in_any_script_stays_what_it_was(name: str) -> None:
    assert place(f"{name}.png", set()) == f"{name}_4x.png"


@pytest.mark.parametrize("sign", ["a", "é", "写", "🖼"])
def test_a_name_of_255_bytes_loses_its_end_and_nothing_else(sign: str) -> None:
    stem = sign * (251 // len(sign.encode()))
    taken: set[str] = set()
    results = [place(f"{stem}.png", taken) for _ in range(12)]
    assert len(set(results)) == 12
    for result in results:
        assert len(os.fsencode(result)) <= 255
        assert result.endswith(".png")
        assert result.startswith(sign * 20)


@pytest.mark.parametrize(
    "template",
    [
        "",
        "x",
        "{name}/{scale}",
        "{name}{unknown}",
        "{name",
        "{0}{name}",
        "{name.__class__}",
        "{name}\\a",
        "{{stem}}",
        "{stem.__class__}",
    ],
)
def test_a_template_that_makes_no_sense_is_refused(template: str) -> None:
    with pytest.raises(RequestError, match="template"):
        check(template)
