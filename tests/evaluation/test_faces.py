"""Measuring faces: who is held out, how they are reduced, and what the tables say."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from restorer.errors import RequestError
from restorer.evaluation.faces import curve, curve_table, figures, figures_table, held_faces
from restorer.evaluation.identity import Identity
from restorer.evaluation.methods import Bicubic
from restorer.photo import Photo
from restorer.photo.face_frame import FRAME
from restorer.photo.faces import find_faces
from restorer.training.data import held_rank


class ByPixels:
    """In place of the judges, which are other people's networks: mean difference in levels."""

    def distance(self, original: np.ndarray, *others: np.ndarray) -> list[float]:
        return [float(np.abs(original.astype(float) - each).mean()) for each in others]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with two portraits, a mirrored one among them, and a picture of nobody."""
    path = tmp_path_factory.mktemp("people") / "people-256.zip"
    portrait = np.asarray(Image.fromarray(data.astronaut()[10:186, 130:306]).resize((256, 256)))
    pictures = {"a.png": portrait, "b.png": portrait[:, ::-1], "c.png": data.coffee()[:256, :256]}
    with zipfile.ZipFile(path, "w") as pack:
        for name, pixels in pictures.items():
            file = io.BytesIO()
            Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
            pack.writestr(name, file.getvalue())
    return path


def test_held_people_come_in_the_order_of_training_and_lie_in_the_frame(people: Path) -> None:
    found = list(held_faces([people], 5))
    assert len(found) == 2, "nobody is made up of a cup"
    (face,) = find_faces(Photo(found[0]))
    assert np.allclose(face.landmarks, np.array(FRAME) * 256, atol=16)
    first = min("ab", key=lambda name: held_rank(f"people-256/{name}.png"))
    other = {"a": "b", "b": "a"}[first]
    again = people.with_name("again.zip")
    with zipfile.ZipFile(people) as pack, zipfile.ZipFile(again, "w") as alone:
        alone.writestr("x.png", pack.read(f"{first}.png"))
    assert np.array_equal(found[0], next(held_faces([again], 1))), f"{first} is held out before {other}"


def test_the_curve_falls_with_the_width_and_the_figures_are_those_of_the_methods(people: Path) -> None:
    frames = list(held_faces([people], 2))
    found = curve(frames, (16, 48), [Bicubic(4)], ByPixels())  # type: ignore[arg-type]
    assert np.mean(found["bicubic"][16]) > np.mean(found["bicubic"][48]) > 0
    assert len(found["bicubic"][16]) == 2
    assert "| bicubic |" in curve_table(found, 2)
    rows = [figures(frames, scale, "clean", [Bicubic(scale)], None)["bicubic"] for scale in (8, 4)]
    assert rows[0]["psnr"] < rows[1]["psnr"]
    assert rows[0]["ssim"] < rows[1]["ssim"] < 1
    assert "16 to 128" in figures_table({"bicubic": rows[0]}, 8, "clean", 2)


def test_the_second_method_is_told_apart_from_the_first() -> None:
    table = curve_table({"bicubic": {16: [0.6, 0.5]}, "ours": {16: [0.5, 0.4]}}, 2)
    assert "| 0.450 (-0.100 ± 0.000) |" in table


def test_packs_that_are_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"no zip")
    with pytest.raises(RequestError, match=r"none\.zip cannot be read"):
        list(held_faces([tmp_path / "none.zip"], 1))


def test_the_judge_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RequestError, match="--no-deps dlib-bin"):
        Identity()
