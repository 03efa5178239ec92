"""Invented pictures against real ones: the distances' own laws, the accuracy score, the whole command."""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer.errors import RequestError
from restorer.evaluation import cas, cdm
from restorer.evaluation.distances import bootstrap, frechet, kernel, nearest
from tests.evaluation.test_lpips import published_state, write_weights
from tests.tiny_packs import BASE, NAMES, write_cascade


def normal(count: int, shift: float = 0.0, spread: float = 1.0, seed: int = 0) -> np.ndarray:
    return shift + spread * np.random.default_rng(seed).standard_normal((count, 6))


def test_frechet_is_that_of_two_normal_distributions() -> None:
    """Known in closed form: D (shift^2 + (1 - spread)^2)."""
    assert frechet(normal(500), normal(500)) == pytest.approx(0, abs=1e-9)
    far = frechet(normal(40_000), normal(40_000, 0.5, 2.0, seed=1))
    assert far == pytest.approx(6 * (0.25 + 1.0), rel=0.03)


def test_frechet_of_few_pictures_is_that_of_the_large_matrices() -> None:
    draw = np.random.default_rng(5)
    one, other = draw.normal(size=(9, 24)), draw.normal(0.3, 1.4, size=(12, 24))
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    mixed = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(min=0)).sum()
    gap = one.mean(0) - other.mean(0)
    expected = gap @ gap + np.trace(first) + np.trace(second) - 2 * mixed
    assert frechet(one, other) == pytest.approx(expected, rel=1e-6)


def test_the_kernel_distance_is_unbiased() -> None:
    """Its mean over many small pairs from one distribution is 0, and single ones fall on both sides."""
    found = [kernel(normal(12, seed=2 * n), normal(12, seed=2 * n + 1)) for n in range(300)]
    assert abs(np.mean(found)) < 3 * np.std(found) / 300**0.5
    assert min(found) < 0 < max(found)
    assert kernel(normal(200), normal(200, 1.0, seed=1)) > 1


def test_the_interval_holds_the_figure_and_narrows_with_numbers() -> None:
    wide = bootstrap(frechet, normal(60), normal(60, 1.0, seed=1))
    narrow = bootstrap(frechet, normal(2000), normal(2000, 1.0, seed=1))
    for figure, low, high in (wide, narrow):
        assert low <= figure <= high
    assert narrow[2] - narrow[1] < wide[2] - wide[1]
    assert narrow[1] < 6 < narrow[2] + 0.3


def test_a_copy_is_found() -> None:
    known = normal(50)
    gap, which = nearest(known[[7, 3]] + 1e-9, known)
    assert which.tolist() == [7, 3]
    assert gap.max() < 1e-4


def coloured(count: int, side: int, seed: int, same: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Two classes, stripes across and stripes down; `same`: both across, so that nothing can be learned."""
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    wave = np.sin(np.arange(side) * 1.2) * 80
    pictures = [
        128
        + (wave[:, None] if label and not same else wave[None])[..., None]
        + draw.normal(0, 25, (side, side, 3))
        for label in labels
    ]
    return np.stack(pictures).clip(0, 255).astype(np.uint8), labels


def test_the_accuracy_score_knows_good_pictures_from_useless_ones() -> None:
    test, truth = coloured(60, 32, 9)
    good = cas.accuracy(cas.train(*coloured(64, 32, 1), 2, seed=0, epochs=10, batch=16), test, truth)
    useless = cas.accuracy(
        cas.train(*coloured(64, 32, 2, same=True), 2, seed=0, epochs=10, batch=16), test, truth
    )
    assert good > 0.9
    assert useless < 0.75
    assert cas.ratio(0.55, 0.91, 10) == pytest.approx(0.5556, abs=1e-3)


def write_zip(path: Path, each: int, seed: int) -> Path:
    draw = np.random.default_rng(seed)
    with zipfile.ZipFile(path, "w") as pack:
        for name in NAMES:
            for number in range(each):
                buffer = io.BytesIO()
                Image.fromarray(draw.integers(0, 255, (128, 128, 3), np.uint8)).save(buffer, "PNG")
                pack.writestr(f"{name}/{number}.png", buffer.getvalue())
    return path


@pytest.fixture
def words(home: Path, tmp_path: Path) -> list[str]:
    write_cascade(home)
    weights = tmp_path / "metrics" / "lpips_squeeze"
    weights.mkdir(parents=True)
    write_weights(weights, published_state())
    train, val = write_zip(tmp_path / "train.zip", 4, 0), write_zip(tmp_path / "val.zip", 3, 1)
    return [*("--train", str(train), "--val", str(val)), *("--metrics", str(weights.parent), "--base", BASE)]


def run(words: list[str], *more: str) -> int:
    parser = argparse.ArgumentParser()
    cdm.add_arguments(parser)
    return cdm.main(parser.parse_args([*words, *more]))


def test_the_command_prints_every_size_and_keeps_the_pictures(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(words, "--each", "3", "--out", str(out), "--device", "cpu") == 0
    text = capsys.readouterr().out
    for side in (32, 64, 128):
        assert f"| {side} | invented |" in text
        assert f"| {side} | training |" in text
        kept = np.load(out / f"pictures-{side}.npz")
        assert kept["pictures"].shape == (9, side, side, 3)
        assert kept["names"].tolist() == list(NAMES)
        with Image.open(out / f"sheet-{side}.png") as image:
            assert image.height == 3 * side * max(1, 64 // side)
    assert kept["labels"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_kept_pictures_are_measured_again_without_being_made(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert run(words, "--each", "3", "--out", str(out), "--size", "64", "--device", "cpu") == 0
    before = capsys.readouterr().out
    monkeypatch.setattr(cdm, "generate", None)
    assert run(words, "--each", "3", "--pictures", str(out)) == 0
    again = capsys.readouterr().out
    assert again.startswith(f"{BASE}, pictures of an earlier run, 3 classes")
    assert "preset balanced, 3 classes" in before
    assert again.splitlines()[1:] == before.splitlines()[1:]
    made, labels = cdm.kept(out, (NAMES[2], NAMES[0]), 2, 32)
    assert list(made) == [32]
    assert labels.tolist() == [0, 0, 1, 1]
    whole = np.load(out / "pictures-32.npz")["pictures"]
    assert np.array_equal(made[32], whole[[6, 7, 0, 1]])
    with pytest.raises(RequestError, match=r"3 pictures of the class 'cottage', not 4; ask for fewer"):
        cdm.kept(out, ("cottage",), 4)
    with pytest.raises(RequestError, match="0 pictures of the class 'volcano'"):
        cdm.kept(out, ("volcano",), 1)
    with pytest.raises(RequestError, match=r"holds no pictures-SIDE\.npz"):
        cdm.kept(tmp_path, ("cottage",), 1)
    (out / "pictures-32.npz").write_bytes(b"PK nothing")
    with pytest.raises(RequestError, match=r"pictures-32\.npz cannot be read as kept pictures"):
        cdm.kept(out, ("cottage",), 1)


def test_guidance_changes_the_base_and_its_bounds_are_said(words: list[str], tmp_path: Path) -> None:
    made = [cdm.paint(BASE, [0], 2, "draft", 3, "cpu", 32, guidance)[0][32] for guidance in (1.0, 4.0, 4.0)]
    assert np.array_equal(made[1], made[2])
    assert not np.array_equal(made[0], made[1])
    with pytest.raises(RequestError, match=r"guidance must be between 1 and 10, not 0\.5"):
        run(words, "--guidance", "0.5")


def test_a_pack_without_a_class_is_named(words: list[str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "few.zip", "w") as pack, zipfile.ZipFile(tmp_path / "val.zip") as whole:
        pack.writestr("cottage/0.png", whole.read("cottage/0.png"))
    words[words.index("--val") + 1] = str(tmp_path / "few.zip")
    with pytest.raises(RequestError, match=r"no pictures of the class 'fountain' in .*few\.zip"):
        run(words)


def test_pictures_are_enlarged_alike_for_the_features(tmp_path: Path) -> None:
    from restorer.evaluation.distances import squeezenet

    write_weights(tmp_path, published_state())
    pictures = torch.randint(255, (3, 32, 32, 3), generator=torch.Generator().manual_seed(0)).byte().numpy()
    features = squeezenet(tmp_path, batch=2)(pictures)
    assert features.shape == (3, 512)
    assert np.allclose(features, squeezenet(tmp_path)(pictures), atol=1e-5)
