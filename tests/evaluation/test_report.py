"""The table and the sheet."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from restorer.evaluation.report import Facts, Score, as_json, mean, seconds_per_megapixel, table
from restorer.evaluation.sheet import busiest, side_by_side

FACTS = Facts(4, "clean", "a processor", 2, None, 2, "python -m restorer evaluate sr", ("pack",))


def score(method: str = "bicubic", **figures: object) -> Score:
    usual: dict[str, object] = {
        "set": "Kodak", "picture": "01", "psnr": 25.0, "ssim": 0.7, "lpips": None, "consistency": 1.5e-5,
        "niqe": None, "spectrum": 3.0, "seconds": 2.0, "megapixels": 0.5,
    }  # fmt: skip
    return Score(method=method, **{**usual, **figures})  # type: ignore[arg-type]


def cells(markdown: str) -> list[list[str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_rows_are_methods_and_figures_are_means_over_pictures() -> None:
    scores = [score(), score(picture="02", psnr=26.0, ssim=0.8, seconds=4.0), score("ours", psnr=30.126)]
    rows = cells(table(scores, FACTS))
    assert rows[0] == ["method", "PSNR-Y", "SSIM", "consistency x1e5", "spectrum, dB", "s/MP"]
    assert rows[2] == ["bicubic", "25.50", "0.7500", "1.50", "3.00", "6.00"]
    assert rows[3] == ["ours", "30.13", "0.7000", "1.50", "3.00", "4.00"]


def test_a_column_exists_as_soon_as_one_method_has_the_figure() -> None:
    rows = cells(table([score(), score("ours", lpips=0.12345)], FACTS))
    column = rows[0].index("LPIPS")
    assert [row[column] for row in rows[2:]] == ["-", "0.1235"]


def test_every_set_has_its_own_table() -> None:
    text = table([score(), score(set="Set5"), score(set="Set5", picture="02")], FACTS)
    assert "**Kodak**, 1 picture, 4x" in text
    assert "**Set5**, 2 pictures, 4x" in text


def test_seconds_of_this_run_count_before_seconds_from_the_cache() -> None:
    cached, fresh = score(cached=True, seconds=50.0), score(picture="02", seconds=1.0)
    assert seconds_per_megapixel([cached, fresh]) == (2.0, False)
    assert seconds_per_megapixel([cached]) == (100.0, True)
    assert seconds_per_megapixel([score(seconds=0.0)]) is None
    starred = table([replace(cached, facts={"machine": "an old machine", "threads": 1})], FACTS)
    assert "100.00*" in starred
    assert "from the cache: an old machine, threads: 1." in starred


def test_a_busy_machine_is_admitted() -> None:
    busy = Facts(4, "clean", "a processor", 2, 3.4, 2, "command")
    assert "busy (load 3.4 on 2 cores" in table([score()], busy)
    assert "busy" not in table([score()], FACTS)


def test_infinite_psnr_is_left_out_of_the_mean_and_null_in_json() -> None:
    scores = [score(psnr=math.inf), score(picture="02")]
    assert mean(scores, "psnr") == 25.0
    stored = json.loads(as_json(scores, FACTS))
    assert [picture["psnr"] for picture in stored["pictures"]] == [None, 25.0]
    assert stored["facts"]["command"] == FACTS.command


def test_the_busiest_square_is_found() -> None:
    picture = np.full((90, 120, 3), 128, np.uint8)
    picture[50:70, 80:100] = np.random.default_rng(0).integers(0, 256, (20, 20, 3))
    left, top, right, bottom = busiest(picture, 30)
    assert left <= 80
    assert top <= 50
    assert right >= 100
    assert bottom >= 70
    assert busiest(picture[:10, :10], 30) == (0, 0, 10, 10)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_sheet_shows_every_picture_at_true_pixels(count: int) -> None:
    pictures = [(f"method {i}\nPSNR", np.full((300, 300, 3), 40 * i, np.uint8)) for i in range(count)]
    sheet = np.asarray(side_by_side(pictures, title="title", side=256))
    for index in range(count):
        assert (sheet == 40 * index).all(-1).sum() >= 256 * 256
