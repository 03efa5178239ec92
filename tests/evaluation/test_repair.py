"""Figures of filling and finding: holes of the asked width, nothing changed outside, tables that add up."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer.damage.mask import DamageMask
from restorer.damage.scores import Agreement
from restorer.device import choose
from restorer.errors import RequestError
from restorer.evaluation.lpips import LPIPS
from restorer.evaluation.repair import find, finders
from restorer.evaluation.repair.fill import COVERED, METHODS, WIDTHS, by_network, holes, measure, table
from restorer.evaluation.repair.patchmatch import fill_with_patches
from restorer.opencv import opencv
from restorer.packs import catalog
from restorer.photo import Photo


@pytest.mark.parametrize("across", WIDTHS)
def test_holes_have_their_width_and_repeat(across: int) -> None:
    marked = holes(256, 256, across, 1)
    np.testing.assert_array_equal(marked, holes(256, 256, across, 1))
    assert COVERED <= marked.mean() < 4 * COVERED
    assert not np.array_equal(marked, holes(256, 256, across, 2))
    # From the middle of a stroke it is half a width to its rim; where strokes cross it is somewhat more.
    inner = opencv().distanceTransform(marked.astype(np.uint8), opencv().DIST_L2, 5)
    assert 0.4 * across <= inner.max() <= 1.6 * across


def test_every_method_fills_the_holes_and_nothing_else(chelsea: np.ndarray) -> None:
    torch.manual_seed(0)
    lines = measure([("cat", chelsea[60:188, 100:228].copy())], LPIPS())
    assert len(lines) == 4 * len(WIDTHS)
    assert {line.changed for line in lines} == {0}
    for across in WIDTHS:
        figures = {line.method: line for line in lines if line.width == across}
        assert set(figures) == {"Restorer", "Telea", "Navier-Stokes", "PatchMatch"}
        assert all(line.psnr > 12 for line in figures.values())
    narrow, wide = (
        np.mean([line.psnr for line in lines if line.width == w]) for w in (WIDTHS[0], WIDTHS[-1])
    )
    assert narrow > wide + 1
    assert table(lines).count("\n") == 1 + len(lines)


def test_patches_go_on_with_a_pattern_that_colours_alone_cannot() -> None:
    rows, columns = np.mgrid[:96, :96]
    pattern = np.repeat((((rows // 4 + columns // 4) % 2) * 160 + 40).astype(np.uint8)[..., None], 3, axis=2)
    marked = np.zeros((96, 96), np.bool_)
    marked[40:54, 30:66] = True
    shown = np.where(marked[..., None], np.uint8(255), pattern)
    errors = {}
    for method in ("PatchMatch", "Telea"):
        filled = METHODS[method](shown, marked, 0)
        np.testing.assert_array_equal(filled[~marked], pattern[~marked])
        errors[method] = np.abs(filled[marked].astype(float) - pattern[marked]).mean()
    assert errors["PatchMatch"] < 0.4 * errors["Telea"]
    np.testing.assert_array_equal(fill_with_patches(shown, marked, 3), fill_with_patches(shown, marked, 3))


def test_without_a_whole_patch_the_colours_are_telea_s() -> None:
    shown, marked = np.full((24, 24, 3), 90, np.uint8), np.zeros((24, 24), np.bool_)
    marked[:, ::4] = True
    filled = fill_with_patches(shown, marked)
    np.testing.assert_allclose(filled, 90, atol=3)  # OpenCV rounds twice
    np.testing.assert_array_equal(filled[~marked], shown[~marked])


def test_the_installed_network_comes_first_and_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restorer.packs.catalog.filler", lambda: None)
    assert by_network(choose("cpu"), "balanced") == {}
    pack = catalog.named("sr3-repair")
    monkeypatch.setattr("restorer.packs.catalog.filler", lambda: pack)
    monkeypatch.setattr(
        "restorer.evaluation.repair.fill.fill_any",
        lambda photo, marked, device, seed, preset: (
            replace(photo, pixels=photo.pixels + marked[..., None]),
            "",
        ),
    )
    methods = by_network(choose("cpu"), "balanced")
    marked = np.zeros((4, 4), np.bool_)
    marked[1, 1] = True
    assert list(methods) == ["sr3-repair"]
    assert (methods["sr3-repair"](np.zeros((4, 4, 3), np.uint8), marked, 0)[..., 0] == marked).all()


def test_the_table_of_finding_adds_up() -> None:
    lines = [
        find.FindLine("a", Agreement(8, 10, 3, 4), 0.01, 1.0),
        find.FindLine("b", Agreement(2, 10, 1, 4), 0.02, 1.0),
        find.FindLine("whole", None, 0.0004, 1.0),
    ]
    rows = find.table(lines).splitlines()
    assert rows[2] == "| a | 0.80 | 0.75 | 1.000 | 1.0 |"
    assert rows[-2] == "| all damaged | 0.50 | 0.50 | - | - |"
    assert rows[-1] == "| all undamaged | - | - | 0.040 | - |"


def test_the_table_of_strengths_has_a_line_each_and_means_over_photos() -> None:
    lines = {
        0.2: [
            find.FindLine("a", Agreement(1, 10, 4, 4), 0.01, 1.0),
            find.FindLine("whole", None, 0.0004, 1.0),
        ],
        0.8: [
            find.FindLine("a", Agreement(9, 10, 4, 8), 0.02, 1.0),
            find.FindLine("b", Agreement(30, 90, 9, 12), 0.02, 1.0),
            find.FindLine("none", Agreement(0, 0, 0, 0), 0.0, 1.0),  # it says nothing of the mean
        ],
    }
    rows = find.slider(lines).splitlines()
    assert rows[2] == "| 0.2 | 0.10 | 1.00 | 0.10 | 1.00 | 0.040 |"
    assert rows[3] == "| 0.8 | 0.39 | 0.65 | 0.62 | 0.62 | - |"


def specks(dark: bool = False) -> Photo:
    """A photo with a bright line, or without."""
    pixels = np.full((40, 60, 3), 90, np.uint8)
    if not dark:
        pixels[10:30, 20] = 240
    return Photo(pixels)


def test_what_repair_changes_is_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, whole = specks(), specks(dark=True)
    monkeypatch.setattr(finders, "_mended", lambda *_: whole.to_float())
    mask = finders.of_repair(choose("cpu"), "sr3-repair")(photo)
    np.testing.assert_array_equal(mask.marked(), (photo.pixels != whole.pixels).any(axis=2))
    assert not finders.of_repair(choose("cpu"), "sr3-repair")(whole).found.any()


def test_the_network_of_repair_leaves_an_even_photo_alone() -> None:
    assert not finders.of_repair(choose("cpu"))(specks(dark=True)).marked(1.0).any()


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    find.add_arguments(parser)
    return find.main(parser.parse_args(arguments))


def test_the_command_reads_marks_and_counts_the_rest_as_undamaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, masks = tmp_path / "photos", tmp_path / "masks"
    for folder in (photos, masks):
        folder.mkdir()
    Image.fromarray(specks().pixels).save(photos / "lined.png")
    Image.fromarray(specks(dark=True).pixels).save(photos / "whole.png")
    (masks / "lined.txt").write_text("photo lined.png 60 40\nline 1 20.5,10.5 20.5,29.5\n")

    def bright(photo: Photo) -> DamageMask:
        return DamageMask.of((photo.pixels[..., 0] > 200) * np.uint8(200))

    monkeypatch.setitem(finders.METHODS, "network", lambda *_: bright)
    given = ("--photos", str(photos), "--masks", str(masks), "--device", "cpu")
    assert run(*given) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[2].startswith("| lined | 1.00 | 1.00 |")
    assert rows[3].startswith("| whole | - | - | 0.000 |")
    assert run(*given, "--strength", "0.1", "0.5") == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[2:] == [
        "| 0.1 | 0.00 | 1.00 | 0.00 | 1.00 | 0.000 |",
        "| 0.5 | 1.00 | 1.00 | 1.00 | 1.00 | 0.000 |",
    ]


def test_a_strength_out_of_range_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="between 0"):
        run("--photos", str(tmp_path), "--strength", "2")
