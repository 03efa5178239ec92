"""The plot of distortion against perception."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from restorer.cli import main as cli
from restorer.errors import RequestError
from restorer.evaluation.curve import OTHERS, OURS, Point, draw, points


def results(path: Path, **lpips: float) -> Path:
    pictures = [
        {"set": "Set14", "picture": str(i), "method": name, "psnr": 25.0 + i, "lpips": value + 0.01 * i}
        for name, value in lpips.items()
        for i in range(2)
    ]
    pictures.append({"set": "OldPhotos", "picture": "a", "method": "bicubic", "psnr": None, "lpips": None})
    path.write_text(json.dumps({"facts": {}, "pictures": pictures}), "utf-8")
    return path


def test_points_are_means_of_what_was_measured(tmp_path: Path) -> None:
    assert points(results(tmp_path / "r.json", bicubic=0.4)) == [Point("Set14", "bicubic", 25.5, 0.405)]
    (tmp_path / "odd.json").write_text("[]")
    with pytest.raises(RequestError, match=r"odd\.json is not a results\.json"):
        points(tmp_path / "odd.json")


def test_a_panel_a_set_with_our_points_and_the_others_in_their_colours() -> None:
    made = np.asarray(
        draw(
            [Point("A", "restorer best", 26, 0.2), Point("A", "peer", 25, 0.15), Point("B", "peer", 25, 0.2)]
        )
    )
    half = made.shape[1] // 2
    for panel, ours in ((made[:, :half], True), (made[:, half:], False)):
        assert (panel == OTHERS).all(-1).any()
        assert (panel == OURS).all(-1).any() == ours


def test_the_command_takes_several_files_and_says_when_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = results(tmp_path / "a.json", bicubic=0.4), results(tmp_path / "b.json", peer=0.2)
    assert cli.main(["evaluate", "curve", str(first), str(second), "-o", str(tmp_path / "out.png")]) == 0
    assert (tmp_path / "out.png").stat().st_size > 1000
    assert (
        cli.main(["evaluate", "curve", str(results(tmp_path / "c.json")), "-o", str(tmp_path / "no.png")])
        == 2
    )
    assert "both PSNR and LPIPS" in capsys.readouterr().err
