"""Where results go is settled before any work is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from restorer.errors import PhotoError, RequestError
from restorer.files.destinations import Refusal, Target, plan, same_file

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")


@pytest.fixture(autouse=True)
def _work_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def files(*names: str) -> list[Path]:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"a photo")
    return [Path(name) for name in names]


def written(entries: list[Target | Refusal]) -> list[str]:
    assert all(isinstance(entry, Target) for entry in entries), entries
    return [entry.path.as_posix() for entry in entries if isinstance(entry, Target)]


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("result.png", "result.png"),
        ("RESULT.PNG", "RESULT.PNG"),
        ("there", "there/a_4x.jpg"),
        ("there.d/", "there.d/a_4x.jpg"),
        ("new/deep", "new/deep/a_4x.jpg"),
        (".", "a_4x.jpg"),
    ],
)
def test_one_photo_goes_into_a_file_or_into_a_folder(out: str, expected: str) -> None:
    assert written(plan(files("a.jpg"), out, 4, SUFFIXES)) == [expected]


def test_an_existing_folder_is_a_folder_even_with_a_dot_in_its_name() -> None:
    Path("album.1895").mkdir()
    assert written(plan(files("a.jpg"), "album.1895", 4, SUFFIXES)) == ["album.1895/a_4x.jpg"]


def test_several_photos_always_go_into_a_folder() -> None:
    assert written(plan(files("a.jpg", "b.tif"), "out.png", 8, SUFFIXES)) == [
        "out.png/a_8x.jpg",
        "out.png/b_8x.tif",
    ]


def test_nothing_is_created_while_planning() -> None:
    photos = files("a.jpg", "b.jpg")
    plan(photos, "new/deep", 4, SUFFIXES)
    assert sorted(os.listdir()) == ["a.jpg", "b.jpg"]


def test_photos_of_one_name_do_not_overwrite_each_other() -> None:
    photos = files("x/a.jpg", "y/a.jpg", "z/A.JPG", "a_4x-2.jpg", "a.png")
    names = written(plan(photos, "out", 4, SUFFIXES))
    assert names[:2] == ["out/a_4x.jpg", "out/a_4x-2.jpg"]
    assert len({name.casefold() for name in names}) == len(photos)


def test_a_photo_given_twice_is_restored_once() -> None:
    (photo,) = files("a.jpg")
    assert written(plan([photo, photo], "out/", 4, SUFFIXES)) == ["out/a_4x.jpg"]


@pytest.mark.parametrize(
    ("name", "format", "bits", "expected"),
    [
        ("a.bmp", None, None, "a_4x.png"),
        ("a.TIFF", None, None, "a_4x.tiff"),
        ("a.jpg", None, 16, "a_4x.png"),
        ("a.tif", None, 16, "a_4x.tif"),
        ("a.tif", "webp", None, "a_4x.webp"),
    ],
)
def test_the_format_is_the_photos_own_unless_it_cannot_be(
    name: str, format: str | None, bits: int | None, expected: str
) -> None:
    entries = plan(files(name), "out", 4, SUFFIXES, format=format, bits=bits)
    assert written(entries) == [f"out/{expected}"]


def test_an_original_is_never_replaced_not_even_through_a_link() -> None:
    photos = files("a.jpg", "a_4x.jpg")
    os.symlink("a.jpg", "link.jpg")
    for sources, out in ((photos[:1], "a.jpg"), (photos[:1], "link.jpg"), (photos, ".")):
        entry = plan(sources, out, 4, SUFFIXES, overwrite=True)[0]
        assert isinstance(entry, Refusal)
        assert "original" in entry.sentence


def test_a_result_that_exists_is_replaced_only_on_request() -> None:
    photos = files("a.jpg", "b.jpg")
    files("out/a_4x.jpg")
    first, second = plan(photos, "out", 4, SUFFIXES)
    assert isinstance(first, Refusal)
    assert "out/a_4x.jpg exists already; use --overwrite" in first.sentence
    assert isinstance(second, Target)
    assert len(written(plan(photos, "out", 4, SUFFIXES, overwrite=True))) == 2


def test_a_folder_in_the_way_of_a_result_is_refused() -> None:
    Path("out/a_4x.jpg").mkdir(parents=True)
    (entry,) = plan(files("a.jpg"), "out", 4, SUFFIXES, overwrite=True)
    assert isinstance(entry, Refusal)
    assert "is a folder" in entry.sentence


@pytest.mark.parametrize(
    ("out", "options", "sentence"),
    [
        ("a.gif", {}, "a.gif cannot be written: pictures end in .png"),
        ("b.png", {"format": "jpg"}, "b.png is not a jpg file"),
        ("b.jpg", {"bits": 16}, "cannot hold 16 bits"),
        ("out", {"format": "webp", "bits": 16}, "cannot hold 16 bits"),
        ("nowhere/b.png", {}, "The folder nowhere does not exist"),
        ("a.jpg/b.png", {}, "a.jpg is a file"),
        ("a.jpg/deep/", {}, "a.jpg is a file"),
        ("plain", {}, "plain is a file"),
    ],
)
def test_a_wrong_place_has_its_sentence(out: str, options: dict[str, object], sentence: str) -> None:
    (photo, _) = files("a.jpg", "plain")
    with pytest.raises((PhotoError, RequestError)) as caught:
        plan([photo], out, 4, SUFFIXES, **options)  # type: ignore[arg-type]
    assert sentence in str(caught.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_a_folder_that_cannot_be_written_to_is_found_beforehand_even_by_root() -> None:
    # Permission bits would say yes to root; /proc/self/task refuses in earnest.
    for out in ("/proc/self/task", "/proc/self/task/new/deep", "/proc/self/task/b.png"):
        with pytest.raises(PhotoError, match="cannot be written to"):
            plan(files("a.jpg"), out, 4, SUFFIXES)


def test_one_file_is_known_by_any_of_its_names() -> None:
    (photo,) = files("photos/a.jpg")
    os.symlink("photos", "album")
    os.symlink("photos/a.jpg", "soft.jpg")
    os.link("photos/a.jpg", "hard.jpg")
    for name in ("photos/a.jpg", "photos/../photos/a.jpg", "album/a.jpg", "soft.jpg", "hard.jpg"):
        assert same_file(Path(name), photo)
        assert same_file(photo.absolute(), Path(name))
        (entry,) = plan([photo], name, 4, SUFFIXES, overwrite=True)
        assert isinstance(entry, Refusal)
        assert "original" in entry.sentence
    files("b.jpg")
    assert not same_file(Path("b.jpg"), photo)


def test_a_place_without_a_file_is_known_by_any_of_its_names() -> None:
    Path("photos").mkdir()
    os.symlink("photos", "album")
    assert same_file(Path("album/gone.jpg"), Path("photos/gone.jpg"))
    assert not same_file(Path("album/gone.jpg"), Path("photos/other.jpg"))
    assert not same_file(Path("a\0.jpg"), Path("photos/other.jpg"))


@pytest.mark.parametrize("out", ["x" * 300 + ".png", "x" * 300 + "/", "x" * 300])
def test_a_name_that_no_file_can_have_is_found_beforehand(out: str) -> None:
    with pytest.raises(PhotoError, match="cannot be used"):
        plan([Path("a.jpg")], out, 4, SUFFIXES)


def test_the_longest_names_of_photos_lose_their_end() -> None:
    (target,) = plan([Path("y" * 251 + ".jpg")], ".", 4, SUFFIXES)
    assert isinstance(target, Target)
    assert target.path.name == "y" * 248 + "_4x.jpg"
