"""Runs: the same picture whether killed or not, nothing lost on SIGTERM, a pack at the end."""

from __future__ import annotations

import json
import signal
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from restorer import paths
from restorer.device import choose
from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.packs import catalog, loader
from restorer.training import loop
from restorer.training.data import Pictures, crops, load_pictures, split
from restorer.training.export import export
from restorer.training.plot import plot
from restorer.training.recipe import Recipe, read_queue
from restorer.training.run import Compute
from restorer.training.trainer import Trainer
from tests.processes import shell

TINY = UNetConfig(block=4, channels=(8, 8), blocks_down=1, blocks_up=2, embedding=16)
QUEUE = Path(__file__).parents[2] / "models" / "training.toml"


@pytest.fixture
def pictures(chelsea: np.ndarray) -> Pictures:
    crop = [
        chelsea[y : y + 64, x : x + 64].transpose(2, 0, 1)
        for y in range(0, 230, 60)
        for x in range(0, 380, 60)
    ]
    return Pictures(torch.from_numpy(np.stack(crop)), tuple(f"cat-{i}" for i in range(len(crop))))


def recipe(**changes: object) -> Recipe:
    base = {
        "pack": "tiny",
        "data": ("x",),
        "side": 64,
        "crop": 32,
        "batch": 3,
        "steps": 8,
        "warm_up": 2,
        "decay": 3,
    }
    return Recipe(**(base | {"held": 4, "network": TINY} | changes))  # type: ignore[arg-type]


def trainer(pictures: Pictures, folder: Path, **changes: object) -> Trainer:
    return Trainer(recipe(**changes), pictures, folder, Compute(torch.device("cpu")))


def test_a_resumed_run_equals_one_that_was_never_stopped(pictures: Pictures, tmp_path: Path) -> None:
    straight = trainer(pictures, tmp_path / "straight")
    assert loop.run(straight, save_every=100, look_every=100)
    first = trainer(pictures, tmp_path / "broken")
    for _ in range(4):
        first.train_step()
    first.save()
    second = trainer(pictures, tmp_path / "broken", seed=0)
    assert second.resume()
    assert second.step == 4
    assert loop.run(second, save_every=100, look_every=100)
    for (name, a), (_, b) in zip(
        straight.state()["network"].items(), second.state()["network"].items(), strict=True
    ):
        assert torch.equal(a, b), name
    for decay in straight.recipe.ema:
        for a, b in zip(
            straight.averages[decay].parameters(), second.averages[decay].parameters(), strict=True
        ):
            assert torch.equal(a, b)


def test_a_lengthened_run_goes_on_from_before_its_decay(pictures: Pictures, tmp_path: Path) -> None:
    assert loop.run(trainer(pictures, tmp_path))
    longer = trainer(pictures, tmp_path, steps=12)
    assert longer.resume()
    assert longer.step == 5  # 8 steps, the last 3 of them decay
    assert loop.run(longer)
    assert longer.step == 12


def test_a_run_without_its_state_goes_on_from_its_shipped_pack(pictures: Pictures, tmp_path: Path) -> None:
    first = trainer(pictures, tmp_path / "run")
    first.before = {"crops": 90, "hours": 2.0}
    assert loop.run(first)
    export(tmp_path / "run", tmp_path / "packs" / "tiny")
    again = trainer(pictures, tmp_path / "elsewhere", steps=40)
    assert not again.go_on_from(tmp_path / "packs" / "none")
    assert again.step == 0
    assert again.go_on_from(tmp_path / "packs" / "tiny")
    assert again.step == again.begun == 8
    assert again.before["crops"] == 90
    assert again.before["hours"] + again.seconds / 3600 == pytest.approx(2.0, abs=0.01)
    for name, value in again.denoiser.network.state_dict().items():
        average = first.averages[first.recipe.ema[0]].state_dict()[name]
        assert torch.equal(value, average.half().float()), name
    assert not trainer(pictures, tmp_path / "third", start="other").go_on_from(tmp_path / "packs" / "tiny")
    again.train_step()
    assert again.optimisers[0].param_groups[0]["lr"] == pytest.approx(again.recipe.rate / 2)  # warmed up anew
    again.save()
    third = trainer(pictures, tmp_path / "elsewhere", steps=40)
    assert third.resume()
    assert (third.step, third.begun) == (9, 8)


def test_a_run_starts_from_a_shipped_pack_where_the_other_run_is_not(
    pictures: Pictures, tmp_path: Path
) -> None:
    first = trainer(pictures, tmp_path / "run")
    assert loop.run(first)
    export(tmp_path / "run", tmp_path / "pack")
    other = trainer(pictures, tmp_path / "other")
    other.start_from(tmp_path / "nowhere", tmp_path / "pack")
    assert other.step == 0
    assert other.before["crops"] == 24
    with pytest.raises(RequestError, match="no state"):
        other.start_from(tmp_path / "nowhere", tmp_path / "no pack")
    wide = UNetConfig(block=4, channels=(16, 8), blocks_down=1, blocks_up=2, embedding=16)
    with pytest.raises(RequestError, match="another network"):
        trainer(pictures, tmp_path / "wide", network=wide).go_on_from(tmp_path / "pack")
    (tmp_path / "pack" / "model.safetensors").write_bytes(b"no")
    with pytest.raises(RequestError, match="cannot be read"):
        other.go_on_from(tmp_path / "pack")


def test_rate_warms_up_stays_and_falls_to_nothing() -> None:
    r = recipe(steps=100, warm_up=10, decay=20, rate=1.0)
    rates = [r.rate_at(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[10:80] == [1.0] * 70
    assert rates[80:] == sorted(rates[80:], reverse=True)
    assert rates[-1] == pytest.approx(0.05)


def test_training_lowers_the_loss(pictures: Pictures, tmp_path: Path) -> None:
    run = trainer(pictures, tmp_path, steps=150, decay=50, rate=6e-3, batch=8, ema=(0.9,))
    run.validate()
    assert loop.run(run, look_every=150)
    entries = [json.loads(line) for line in (tmp_path / "validation.jsonl").read_text().splitlines()]
    assert entries[-1]["worn_0.9"] < 0.9 * entries[0]["worn_0.9"]


def test_a_run_becomes_a_pack_that_the_engine_loads(
    pictures: Pictures, tmp_path: Path, tiny_pack: str
) -> None:
    run = trainer(pictures, tmp_path / "run")
    assert loop.run(run, log_every=4, look_every=4, sample_every=8)
    assert "8 steps" in export(tmp_path / "run", paths.packs_dir() / "tiny")
    pack = catalog.find(4, "tiny")
    denoiser = loader.load(pack, choose("cpu"))
    trained = run.averages[run.recipe.ema[0]].state_dict()
    for name, value in denoiser.network.state_dict().items():
        assert torch.allclose(value, trained[name], atol=2e-3, rtol=1e-3), name
    assert all(
        value.dtype == torch.float16 for value in load_file(pack.folder / "model.safetensors").values()
    )
    assert pack.config["training"]["crops"] == 24
    plot(tmp_path / "run", tmp_path / "curve.png")
    with Image.open(tmp_path / "curve.png") as drawn:
        assert drawn.width > 800


def test_sigterm_saves_before_it_stops_and_the_next_start_goes_on(
    chelsea: np.ndarray, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "cats.zip", "w") as pack:
        for i in range(20):
            Image.fromarray(chelsea[i : i + 256, 5 * i : 5 * i + 256]).save(tmp_path / "one.webp")
            pack.write(tmp_path / "one.webp", f"cat-{i}.webp")
    queue = tmp_path / "queue.toml"
    queue.write_text(
        '[[run]]\npack = "tiny"\ndata = ["cats.zip"]\ncrop = 64\nbatch = 2\nsteps = 100000\n'
        "[run.network]\nchannels = [8, 8]\nblocks_down = 1\nblocks_up = 2\nembedding = 16\n",
        "utf-8",
    )
    words = ["train", "queue", "--queue", queue, "--data-root", tmp_path]
    words += ["--runs", tmp_path / "runs", "--no-compile", "--device", "cpu"]
    log = tmp_path / "runs" / "tiny" / "log.jsonl"
    reached = []
    for _ in range(2):
        seen = len(log.read_text().splitlines()) if log.exists() else 0
        with shell(words) as process:
            deadline = time.monotonic() + 300
            while time.monotonic() < deadline and process.poll() is None:
                if log.exists() and len(log.read_text().splitlines()) > seen:
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            output, said = process.communicate()
        assert process.returncode == 3, output + said
        reached.append(torch.load(tmp_path / "runs" / "tiny" / "state.pt", weights_only=True)["step"])
    assert "resumed at step" in output
    assert reached[1] > reached[0] > 0


def test_pictures_come_from_zips_and_folders_and_the_split_is_stable(
    chelsea: np.ndarray, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for i in range(6):
        Image.fromarray(chelsea[i : i + 100, : 90 + 10 * i]).save(folder / f"{i}.png")
    found = load_pictures([folder], 100, tmp_path / "cache")
    assert len(found) == 5  # the narrowest is left out
    assert torch.equal(found.pixels, load_pictures([folder], 100, tmp_path / "cache").pixels)
    training, held = split(found, 2)
    assert set(training.names) | set(held.names) == set(found.names)
    assert split(found.take([4, 3, 2, 1, 0]), 2)[1].names == held.names or set(
        split(found, 2)[1].names
    ) == set(held.names)


def test_crops_are_cuts_of_the_pictures(pictures: Pictures) -> None:
    cut = crops(pictures, 50, 16, torch.Generator().manual_seed(0))
    assert cut.shape == (50, 3, 16, 16)
    values = set(np.unique(((cut + 1) * 127.5).round().int().numpy()).tolist())
    assert values <= set(np.unique(pictures.pixels.numpy()).tolist())
    assert torch.equal(cut, crops(pictures, 50, 16, torch.Generator().manual_seed(0)))


def test_missing_data_and_bad_queues_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"nowhere\.zip does not exist"):
        load_pictures([tmp_path / "nowhere.zip"], 64)
    (tmp_path / "q.toml").write_text('[[run]]\npack = "a"\ndata = ["b"]\nstepps = 3\n')
    with pytest.raises(RequestError, match="unknown entry 'stepps'"):
        read_queue(tmp_path / "q.toml")
    (tmp_path / "q.toml").write_text("[[run")
    with pytest.raises(RequestError, match="not valid TOML"):
        read_queue(tmp_path / "q.toml")


def test_the_repositorys_own_queue_is_valid() -> None:
    runs = read_queue(QUEUE)
    assert "sr3-photo-4x" in [run.pack for run in runs]
    assert all(run.decay_starts > 0 for run in runs)


def test_a_pack_may_lie_between_two_runs_of_one_network(pictures: Pictures, tmp_path: Path) -> None:
    first, second = trainer(pictures, tmp_path / "a"), trainer(pictures, tmp_path / "b", seed=1)
    for each in (first, second):
        each.train_step()
        each.save()
    export(tmp_path / "a", tmp_path / "pack", 0.0, mix=(tmp_path / "b", 0.25))
    made = load_file(tmp_path / "pack" / "model.safetensors")
    own, other = first.denoiser.network.state_dict(), max(second.averages.items())[1].state_dict()
    for name, value in made.items():
        assert torch.allclose(value.float(), own[name].lerp(other[name], 0.25), atol=1e-3), name
    config = json.loads((tmp_path / "pack" / "config.json").read_text())
    assert config["training"]["mixed"] == {"with": "b", "share": 0.25}
    wider = trainer(pictures, tmp_path / "c", network=UNetConfig(4, (8, 16), 1, 2, 16))
    wider.save()
    with pytest.raises(RequestError, match="trained another network"):
        export(tmp_path / "a", tmp_path / "pack", mix=(tmp_path / "c", 0.25))
