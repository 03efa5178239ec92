"""The ablation of conditioning augmentation: every arm enlarges the same pictures, and the level matters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from restorer.evaluation.augmentation import AugmentationOutcome, draw, enlarged, table
from restorer.evaluation.cdm import Labelled
from restorer.packs import catalog

CDM = Path(__file__).resolve().parents[2] / "models" / "cdm-2x"


@pytest.fixture(scope="module")
def small() -> Labelled:
    pictures = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)
    return Labelled(np.kron(pictures, np.ones((1, 4, 4, 1), np.uint8)), np.array([0, 1, 15]))


def test_pictures_are_enlarged_and_follow_seed_and_level(small: Labelled) -> None:
    arm = catalog.read_pack(CDM)
    plain = enlarged(arm, small, 0.0, "draft", 0, "cpu")
    assert plain.shape == (3, 64, 64, 3)
    assert plain.dtype == np.uint8
    blocks = plain.reshape(3, 8, 8, 8, 8, 3).mean(axis=(2, 4))
    assert np.abs(blocks - small.pictures[:, ::4, ::4]).mean() < 12  # the same pictures, larger
    assert np.array_equal(plain, enlarged(arm, small, 0.0, "draft", 0, "cpu"))
    assert not np.array_equal(plain, enlarged(arm, small, 0.2, "draft", 0, "cpu"))
    assert not np.array_equal(plain, enlarged(arm, small, 0.0, "draft", 7, "cpu"))


def test_a_picture_does_not_depend_on_those_beside_it(small: Labelled) -> None:
    arm = catalog.read_pack(CDM)
    both = enlarged(arm, small, 0.1, "draft", 3, "cpu").astype(int)
    last = enlarged(arm, Labelled(small.pictures[2:], small.labels[2:]), 0.1, "draft", 5, "cpu")
    assert np.abs(both[2:] - last).max() <= 2


def test_the_table_and_the_plot_show_every_outcome() -> None:
    found = [
        AugmentationOutcome(arm, s, invented, (far, far - 9, far + 9), (0.02, 0.01, 0.03))
        for arm, far in (("with", 100.0), ("without", 200.0))
        for s in (0.0, 0.1)
        for invented in (False, True)
    ]
    lines = table(found)
    assert len(lines) == 2 + 8
    assert "| with | invented | 0 | 100.0 [91.0, 109.0] | 20.0 [10.0, 30.0] |" in lines
    assert [line.split("|")[2].strip() for line in lines[2:]] == ["invented"] * 4 + ["real"] * 4
    image = np.asarray(draw(found)).astype(int)
    blue, red = ((38, 99, 235), (190, 80, 40))
    rows = [np.flatnonzero((np.abs(image - colour).sum(2) < 30).sum(1) > 50) for colour in (blue, red)]
    assert rows[0].min() > rows[1].max()  # the smaller distance lies lower
