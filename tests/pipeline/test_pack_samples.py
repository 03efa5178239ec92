"""Sample pictures of packs: made by the pack itself, found by the window, refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from restorer import paths
from restorer.cli import main as cli
from restorer.packs.catalog import named
from restorer.pipeline import pack_samples
from tests.tiny_packs import NAMES, write_cascade


@pytest.fixture
def cascade(home: Path) -> str:
    write_cascade(paths.packs_dir())
    return "tiny-base"


def test_every_class_gets_its_picture_and_one_alone_can_be_made_anew(
    cascade: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = paths.packs_dir() / cascade / "samples"
    for old in folder.glob("*"):
        old.unlink()
    assert pack_samples.samples(named(cascade)) == []
    assert cli.main(["models", "sample", cascade, "--preset", "draft"]) == 0
    found = pack_samples.samples(named(cascade))
    assert [name for name, _ in found] == list(NAMES)
    for _, path in found:
        with Image.open(path) as picture:
            assert picture.size == (pack_samples.SIDE, pack_samples.SIDE)
    before = [path.read_bytes() for _, path in found]
    assert len(set(before)) == len(NAMES), "the class is told"
    found[1][1].write_bytes(b"")
    capsys.readouterr()
    assert cli.main(["models", "sample", cascade, "--class", NAMES[1], "--preset", "draft"]) == 0
    assert capsys.readouterr().out.strip() == str(found[1][1])
    assert [path.read_bytes() for _, path in found] == before


def test_a_network_for_photos_shows_before_and_after(tiny_pack: str) -> None:
    assert cli.main(["models", "sample", tiny_pack, "--preset", "draft"]) == 0
    ((name, path),) = pack_samples.samples(named(tiny_pack))
    assert name == ""
    with Image.open(path) as picture:
        width, height = picture.size
        assert height == pack_samples.HEIGHT
        assert width == 2 * round(pack_samples.HEIGHT * 96 / 72)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tiny-up"], "works only together with others"),
        (["tiny-base", "--class", "submarine"], "no class 'submarine'"),
        (["nobody"], "nobody"),
    ],
)
def test_what_cannot_be_sampled_is_a_sentence(
    cascade: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["models", "sample", *arguments]) == 2
    assert words in capsys.readouterr().err
