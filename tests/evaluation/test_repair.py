"""Figures of filling and finding: holes of the asked width, nothing changed outside, tables that add up."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from restorer.damage.scores import Agreement
from restorer.evaluation.lpips import LPIPS
from restorer.evaluation.repair import find
from restorer.evaluation.repair.fill import COVERED, WIDTHS, holes, measure, table
from restorer.opencv import opencv


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
    assert len(lines) == 3 * len(WIDTHS)
    assert {line.changed for line in lines} == {0}
    for across in WIDTHS:
        figures = {line.method: line for line in lines if line.width == across}
        assert set(figures) == {"Restorer", "Telea", "Navier-Stokes"}
        assert all(line.psnr > 12 for line in figures.values())
    narrow, wide = (
        np.mean([line.psnr for line in lines if line.width == w]) for w in (WIDTHS[0], WIDTHS[-1])
    )
    assert narrow > wide + 1
    assert table(lines).count("\n") == 1 + len(lines)


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
