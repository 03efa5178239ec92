"""Masks on the command line: what is marked is filled, nothing else, and bad masks are sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer import paths
from restorer.cli import main as cli
from restorer.damage.mask import DamageMask, Touch, write_mask
from restorer.photo import read_photo, read_provenance
from restorer.pipeline.events import Done
from restorer.pipeline.request import RestoreRequest
from restorer.pipeline.restore import run
from tests.conftest import make_tiny_pack
from tests.tiny_packs import write_finder


@pytest.fixture
def scratched(chelsea: np.ndarray, tmp_path: Path) -> Path:
    """A photo of 80 x 60 pixels with a white scratch in columns 30 and 31."""
    pixels = chelsea[:60, :80].copy()
    pixels[:, 30:32] = 255
    path = tmp_path / "old photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    painted = np.zeros((60, 80), np.uint8)
    painted[:, 30:32] = 255
    path = tmp_path / "mask.png"
    Image.fromarray(painted).save(path)
    return path


def restore(*arguments: object) -> int:
    return cli.main(["restore", *map(str, arguments), "--device", "cpu"])


def pixels(path: Path) -> np.ndarray:
    return read_photo(path).pixels


def test_repair_only_fills_what_is_marked_and_nothing_else(
    scratched: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.png"
    assert restore(scratched, "-o", out, "--repair-only", "--repair-mask", mask, "--seed", 3) == 0
    before, after = pixels(scratched), pixels(out)
    marked = pixels(mask)[..., 0] > 0
    np.testing.assert_array_equal(after[~marked], before[~marked])
    assert after[marked].mean() < 200
    facts = read_provenance(out)
    assert (facts["RepairMask"], facts["RepairFill"]) == ("mask.png", "classical (Telea and grain)")
    assert float(facts["RepairedShare"]) == pytest.approx(1 / 40)
    assert "(80 x 60 pixels, 2.50% filled, seed 3)" in capsys.readouterr().out
    assert restore(scratched, "-o", out, "--repair-only", "--repair-mask", mask, "--overwrite", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"photo": str(scratched), "output": str(out), "seed": 0, "filled": 0.025}


def test_a_compressed_result_is_said_to_change_all_of_the_photo(
    scratched: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(scratched, "-o", tmp_path / "out.jpg", "--repair-only", "--repair-mask", mask) == 0
    assert "out.jpg is compressed" in capsys.readouterr().err


def test_a_photo_is_filled_before_it_is_enlarged(
    scratched: Path, mask: Path, tmp_path: Path, tiny_pack: str
) -> None:
    filled, both, one = tmp_path / "filled.png", tmp_path / "both.png", tmp_path / "one.png"
    network = ("--model", tiny_pack, "--steps", 1)
    assert restore(scratched, "-o", filled, "--repair-only", "--repair-mask", mask) == 0
    assert restore(scratched, "-o", one, "--repair-mask", mask, "--repair", *network) == 0
    assert restore(filled, "-o", both, *network) == 0
    np.testing.assert_array_equal(pixels(one), pixels(both))
    assert read_provenance(one)["RepairMask"] == "mask.png"
    assert read_provenance(one)["Model"] == tiny_pack


def test_at_strength_0_a_photo_whose_mask_was_filled_is_the_filled_one_enlarged(
    scratched: Path, mask: Path, tmp_path: Path, tiny_pack: str
) -> None:
    filled, out = tmp_path / "filled.png", tmp_path / "out.png"
    assert restore(scratched, "-o", filled, "--repair-only", "--repair-mask", mask) == 0
    network = ("--model", tiny_pack, "--steps", 1, "--strength", 0)
    assert restore(scratched, "-o", out, "--repair-mask", mask, *network) == 0
    width, height = read_photo(out).size
    plain = Image.open(filled).convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(pixels(out), np.asarray(plain))


def test_at_strength_0_a_mended_photo_is_what_the_network_of_repair_made_of_it_enlarged(
    scratched: Path, tiny_pack: str
) -> None:
    make_tiny_pack(paths.packs_dir(), "sr3-repair", scales=(1,), kind="photo-repair")
    request = RestoreRequest(scratched, model=tiny_pack, device="cpu", steps=1, repair=True, strength=0.0)
    *_, done = run(request)
    assert isinstance(done, Done)
    assert done.mended is not None
    share = len(done.mended.places) / (80 * 60)
    assert 0.5 < share <= float(done.provenance["Mended"]), "less than a grey level is no change in the file"
    mended = done.mended.over(read_photo(scratched))
    assert np.abs(mended.pixels.astype(int) - pixels(scratched)).max() > 10
    plain = Image.fromarray(mended.pixels).resize(done.photo.size, Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(done.photo.pixels, np.asarray(plain))


def test_what_is_protected_is_never_filled(scratched: Path, mask: Path, tmp_path: Path) -> None:
    upper = np.zeros((60, 80), np.uint8)
    upper[:30] = 255
    Image.fromarray(upper).save(tmp_path / "upper.png")
    out = tmp_path / "out.png"
    how = ("--repair-only", "--repair-mask", mask, "--protect-mask", tmp_path / "upper.png")
    assert restore(scratched, "-o", out, *how) == 0
    np.testing.assert_array_equal(pixels(out)[:30], pixels(scratched)[:30])
    assert pixels(out)[30:, 30].mean() < 200
    assert read_provenance(out)["ProtectMask"] == "upper.png"


def test_the_strength_decides_how_sure_a_mask_of_confidences_has_to_be(
    scratched: Path, tmp_path: Path
) -> None:
    found = np.zeros((60, 80), np.uint8)
    found[:, 30], found[:, 31] = 250, 40
    write_mask(DamageMask.of(found).touched(Touch.ADD, np.ones((2, 2), np.bool_)), tmp_path / "m.png")
    shares = []
    for strength in (0, 0.5, 1):
        out = tmp_path / f"{strength}.png"
        how = ("--repair-only", "--repair-mask", tmp_path / "m.png", "--repair-strength", strength)
        assert restore(scratched, "-o", out, *how) == 0
        shares.append(round(float(read_provenance(out)["RepairedShare"]) * 4800))
    assert shares == [64, 64, 124]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--repair-only",), "No installed model finds damage; mark it in a picture"),
        (("--repair-strength", "0.4"), "No installed model finds damage"),
        (("--repair-only", "--repair-mask", "small.png"), "small.png is 40 x 60 pixels and old photo.png is"),
        (("--repair-only", "--repair-mask", "black.png"), "black.png marks nothing that is to be filled"),
        (("--repair-only", "--repair-mask", "white.png"), "marks all of old photo.png"),
        (("--repair-only", "--repair-mask", "text.png"), "text.png"),
        (("--repair-only", "--repair-mask", "none.png"), "none.png"),
    ],
)
def test_bad_masks_are_sentences_and_nothing_is_written(
    arguments: tuple[str, ...],
    sentence: str,
    scratched: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("restorer.packs.catalog.finder", lambda: None)
    Image.new("L", (40, 60), 255).save("small.png")
    Image.new("L", (80, 60), 0).save("black.png")
    Image.new("L", (80, 60), 255).save("white.png")
    Path("text.png").write_text("no picture")
    assert restore(scratched, "-o", "out.png", *arguments) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error
    assert not Path("out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--repair-only", "--scale", "4"), "leaves a photo at its size, so --scale 4 contradicts it"),
        (("--repair-strength", "1.5"), "must be between 0"),
    ],
)
def test_options_that_make_no_sense_are_refused_at_once(
    arguments: tuple[str, ...],
    sentence: str,
    scratched: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert restore(scratched, "-o", tmp_path / "out", *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_mask_is_of_one_photo(
    scratched: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(scratched, scratched, "-o", tmp_path / "out", "--repair-only", "--repair-mask", mask) == 2
    assert "A mask belongs to one photo" in capsys.readouterr().err


def test_what_a_model_finds_is_filled(
    scratched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    write_finder()
    out = tmp_path / "out.png"
    assert restore(scratched, "-o", out, "--repair-only", "--repair-strength", 0.5) == 0
    assert pixels(out)[:, 30:32].mean() < pixels(scratched)[:, 30:32].mean() - 40
    assert 0.01 < float(read_provenance(out)["RepairedShare"]) < 0.3
    assert read_provenance(out)["RepairStrength"] == "0.5"
