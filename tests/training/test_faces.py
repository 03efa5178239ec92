"""Networks for faces learn from faces in their frame, and become packs for faces."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from restorer.diffusion.nn.unet import UNetConfig
from restorer.errors import RequestError
from restorer.packs import catalog
from restorer.photo import Photo
from restorer.photo.face_frame import FRAME
from restorer.photo.faces import find_faces
from restorer.training.data import Pictures, load_pictures
from restorer.training.degradation.second_order import Scan
from restorer.training.export import export
from restorer.training.faces import AROUND, FaceTrainer, face_frames, mirrored
from restorer.training.recipe import Adversarial, Frames, Recipe, read_queue
from restorer.training.run import Compute

QUEUE = Path(__file__).resolve().parents[2] / "models" / "training.toml"


def recipe_for(**more: object) -> Recipe:
    network = UNetConfig(
        block=4, channels=(8, 12), blocks_down=1, blocks_up=2, embedding=16, told=3, attention=(1,)
    )
    values: dict[str, object] = {
        "pack": "tiny-face", "data": ("people",), "scale": 8, "scales": (8, 4), "crop": 128, "batch": 4,
        "steps": 2, "warm_up": 1, "decay": 1, "held": 1, "ema": (0.9,), "network": network, "scan": Scan(),
        "frames": Frames(),
    }  # fmt: skip
    return Recipe(**(values | more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    path = tmp_path_factory.mktemp("pack") / "people.zip"
    portrait = Image.fromarray(data.astronaut()[10:186, 130:306]).resize((256, 256))
    with zipfile.ZipFile(path, "w") as pack:
        for number in range(4):
            file = path.with_name(f"{number}.png")
            picture = portrait if number < 3 else Image.fromarray(data.coffee()[:256, :256])
            picture.rotate(4 * number, Image.Resampling.BICUBIC).save(file)
            pack.write(file, file.name)
    return load_pictures([path], 256)


def test_faces_are_brought_into_the_frame_and_kept(people: Pictures, tmp_path: Path) -> None:
    frames = face_frames(people, recipe_for(), tmp_path)
    assert frames.names == people.names[:3]
    assert frames.pixels.shape == (3, 3, 128 + AROUND, 128 + AROUND)
    (face,) = find_faces(Photo(np.ascontiguousarray(frames.pixels[2].permute(1, 2, 0).numpy())))
    assert np.allclose(face.landmarks, np.array(FRAME) * 128 + AROUND / 2, atol=8)
    again = face_frames(people, recipe_for(), tmp_path)
    assert torch.equal(again.pixels, frames.pixels)
    assert again.names == frames.names
    with pytest.raises(RequestError, match="No picture has a face of 500 pixels"):
        face_frames(people, recipe_for(frames=Frames(least=500.0)))


def test_frames_are_mirrored_and_never_turned() -> None:
    frames = Pictures(torch.arange(4, dtype=torch.uint8).reshape(1, 1, 2, 2).expand(1, 3, 2, 2), ("a",))
    drawn = mirrored(frames, 64, torch.Generator().manual_seed(0))
    kinds = {tuple(((each[0] + 1) * 127.5).round().int().flatten().tolist()) for each in drawn}
    assert kinds == {(0, 1, 2, 3), (1, 0, 3, 2)}


def test_a_run_of_a_few_steps_becomes_a_pack_for_faces(people: Pictures, tmp_path: Path) -> None:
    recipe = recipe_for()
    frames = face_frames(people, recipe)
    trainer = FaceTrainer(recipe, frames, tmp_path / "run", Compute(torch.device("cpu")))
    examples = trainer.draw(trainer.generator())
    assert examples.clean.shape == examples.enlarged.shape == (4, 3, 128, 128)
    assert examples.told.shape == (4, 3)
    for _ in range(2):
        loss, _ = trainer.train_step()
        assert bool(torch.isfinite(loss))
    trainer.save()
    export(tmp_path / "run", tmp_path / "tiny-face")
    pack = catalog.read_pack(tmp_path / "tiny-face")
    assert (pack.kind, pack.faces, pack.frame, pack.scales, pack.local) == (
        "face-sr",
        True,
        128,
        (4, 8),
        False,
    )
    assert json.loads((tmp_path / "tiny-face" / "config.json").read_text("utf-8"))["training"]["steps"] == 2


def test_the_queue_has_the_network_for_faces_and_its_twin() -> None:
    runs = {recipe.pack: recipe for recipe in read_queue(QUEUE)}
    face, twin = runs["sr3-face"], runs["sr3-face-regression"]
    assert (face.frames, face.adversarial) == (Frames(60.0), None)
    assert isinstance(twin.adversarial, Adversarial)
    assert (twin.adversarial.adversarial, twin.adversarial.perceptual) == (0.0, 0.0)
    assert (twin.network, twin.data, twin.scan, twin.steps) == (
        face.network,
        face.data,
        face.scan,
        face.steps,
    )
