"""Teachers' pairs: computed once, resumed, drawn as aligned crops; and the step that learns from them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.ncnn_networks import PeerOutput
from restorer.training import teachers
from restorer.training.data import Pictures
from restorer.training.degradation.first_order import Degradation
from restorer.training.degradation.second_order import Scan
from restorer.training.recipe import Adversarial, Recipe, Teachers
from restorer.training.run import Compute
from restorer.training.scan_trainer import ScanTrainer, grain_of, scanned
from restorer.training.teachers import SHARD, TeacherBank, write_pairs

TINY = UNetConfig(channels=(16, 16, 16), blocks_down=1, blocks_up=2, embedding=16, told=3)


class PlainTeacher:
    """A teacher that enlarges plainly, in place of a network whose package tests do not install."""

    def __init__(self, name: str, *, threads: int = 2) -> None:
        assert name in teachers.TEACHERS.values()

    def enlarge(self, low: np.ndarray) -> PeerOutput:
        size = (4 * low.shape[1], 4 * low.shape[0])
        picture = np.asarray(Image.fromarray(low).resize(size, Image.Resampling.BICUBIC))
        return PeerOutput(picture, 0.0, "here", 1, False)


@pytest.fixture
def pictures() -> Pictures:
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (14, 12, 12, 3), np.uint8)
    large = [
        np.asarray(Image.fromarray(each).resize((256, 256), Image.Resampling.BICUBIC)) for each in coarse
    ]
    stack = torch.from_numpy(np.stack(large)).permute(0, 3, 1, 2).contiguous()
    return Pictures(stack, tuple(f"pack/{n}.webp" for n in range(len(large))))


@pytest.fixture
def bank(pictures: Pictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(teachers, "Peer", PlainTeacher)
    assert write_pairs(pictures, tmp_path / "teachers", SHARD) == SHARD
    return tmp_path / "teachers"


def test_work_that_was_stopped_goes_on_where_it_stood(
    bank: Path, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (bank / "000000.npz").stat().st_mtime_ns
    assert write_pairs(pictures, bank, 2 * SHARD) == 2 * SHARD
    assert (bank / "000000.npz").stat().st_mtime_ns == before
    assert len(TeacherBank(bank)) == 2 * SHARD


def test_pairs_of_other_pictures_are_refused(bank: Path, pictures: Pictures) -> None:
    with pytest.raises(RequestError, match="other pictures"):
        write_pairs(pictures.take([0, 1, 2]), bank, SHARD)


def test_a_folder_without_pairs_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="train teachers"):
        TeacherBank(tmp_path)


def test_two_of_three_pairs_are_worn_and_the_network_is_told(bank: Path) -> None:
    known = TeacherBank(bank)
    assert len(known.worn) == 22
    assert len(known.clean) == 10
    drawn = known.draw(4, 2, 128, torch.Generator().manual_seed(0))
    assert drawn.wear[:4].min() >= 0.25
    assert drawn.wear[4:].tolist() == [0.0, 0.0]


def test_crops_of_a_pair_show_the_same_place(bank: Path) -> None:
    # The plain teacher's picture, reduced, is the input, wherever it was cut and however it was turned.
    drawn = TeacherBank(bank).draw(6, 3, 128, torch.Generator().manual_seed(1))
    small = torch.nn.functional.avg_pool2d(drawn.made, 4)
    assert drawn.low.shape == small.shape
    assert float((small - drawn.low).abs().mean()) < 0.04


def test_new_pairs_are_taken_in(bank: Path, pictures: Pictures) -> None:
    known = TeacherBank(bank)
    write_pairs(pictures, bank, 2 * SHARD)
    known.refresh()
    assert len(known) == 2 * SHARD


def test_fresh_examples_are_worn_told_and_cut(pictures: Pictures) -> None:
    clean = pictures.pixels[:8, :, :160, :160].float() / 127.5 - 1
    how = Degradation(worn=1.0, augmented=0.0)
    examples = scanned(clean, 4, how, Scan(), torch.Generator().manual_seed(0), 128)
    assert examples.clean.shape == examples.enlarged.shape == (8, 3, 128, 128)
    assert examples.told.shape == (8, 3)
    assert float(examples.told[:, 2].mean()) > 0.3
    plain = scanned(
        clean, 4, dataclasses.replace(how, worn=0.0), Scan(), torch.Generator().manual_seed(0), 128
    )
    assert float(plain.told[:, 2].mean()) < 0.1


class _OnAnAccelerator(torch.Tensor):
    """A tensor of another device's memory, which NumPy cannot look into."""

    def cpu(self) -> torch.Tensor:  # type: ignore[override]
        return self.as_subclass(torch.Tensor)

    def numpy(self) -> np.ndarray:  # type: ignore[override]
        raise TypeError("can't convert cuda:0 device type tensor to numpy")


def test_pictures_may_lie_on_an_accelerator(pictures: Pictures) -> None:
    clean = pictures.pixels[:2, :, :160, :160].float() / 127.5 - 1
    here, there = (
        scanned(each, 4, Degradation(), Scan(), torch.Generator().manual_seed(0), 128)
        for each in (clean, clean.as_subclass(_OnAnAccelerator))
    )
    assert all(torch.equal(one, other) for one, other in zip(here.all(), there.all(), strict=True))


def test_grain_is_what_the_engine_would_say() -> None:
    from restorer.pipeline.colour_lock import estimate_grain

    noise = 0.1 * torch.randn((2, 1, 64, 64), generator=torch.Generator().manual_seed(0)).expand(2, 3, 64, 64)
    expected = [estimate_grain(noise[n : n + 1]) for n in range(2)]
    torch.testing.assert_close(grain_of(noise), torch.tensor(expected), rtol=0.02, atol=0)


def test_a_network_learns_from_its_teacher(bank: Path, pictures: Pictures, tmp_path: Path) -> None:
    recipe = Recipe(
        "tiny", ("pack",), crop=64, batch=8, steps=40, rate=3e-3, warm_up=2, decay=5, held=2, network=TINY,
        degradation=Degradation(worn=0.5, augmented=0.0), scan=Scan(), teachers=Teachers(),
        adversarial=Adversarial(perceptual=0.0, adversarial=0.0, sigma_max=4.0),
    )  # fmt: skip
    trainer = ScanTrainer(
        recipe,
        pictures,
        tmp_path / "run",
        Compute(torch.device("cpu")),
        torch.nn.Identity(),  # type: ignore[arg-type]
    )
    examples = trainer.draw(trainer.generator())
    assert trainer.originals is not None
    assert len(trainer.originals) == len(examples.clean) == 8
    # The fresh quarter has its own original as target, the pairs have the teacher's picture.
    assert torch.equal(trainer.originals[6:], examples.clean[6:])
    assert not torch.equal(trainer.originals[:6], examples.clean[:6])
    losses = [float(trainer.train_step()[0]) for _ in range(40)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
